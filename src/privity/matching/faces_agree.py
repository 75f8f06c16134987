"""How the faces of two addresses agree: directionals and street suffix, which may be missing but never conflict."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from itertools import combinations

from privity.matching.person_record import Face


class FaceGrade(IntEnum):
    """Ordered from strongest to none."""

    EQUAL = 0
    OPEN = 1  # something is missing on one side alone; nothing conflicts
    CROSSED = 2  # each has something that the other lacks: never confirms, only speaks against
    CONFLICT = 3  # N against S, ST against AVE


_EQUAL, _OPEN, _CROSSED, _CONFLICT = FaceGrade  # by their own names: looking into an enumeration takes longer


def grade_faces(left: Face, right: Face) -> FaceGrade:
    """Compare predirectional, suffix and postdirectional, each by equality or absence.

    What is missing must be missing on one side alone: a directional before the name and another one behind it
    (NW 7TH ST, 7TH ST SW), or a directional here and a suffix there (N CEDAR, CEDAR AVE), are two places (ADR 0021).
    """
    if left == right:
        return _EQUAL
    before, suffix, behind = left
    other_before, other_suffix, other_behind = right
    if (
        (before != other_before and before and other_before)
        or (suffix != other_suffix and suffix and other_suffix)
        or (behind != other_behind and behind and other_behind)
    ):
        return _CONFLICT
    more = (before and not other_before) or (suffix and not other_suffix) or (behind and not other_behind)
    less = (other_before and not before) or (other_suffix and not suffix) or (other_behind and not behind)
    return _CROSSED if more and less else _OPEN


def several_places(faces: Iterable[Face]) -> bool:
    """Whether these faces may not all belong to one place: some two of them conflict, or are open on both sides."""
    return any(grade_faces(one, two) > _OPEN for one, two in combinations(sorted(set(faces)), 2))
