"""How the faces of two addresses agree: directionals and street suffix, which may be missing but never conflict."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from itertools import combinations

from privity.matching.person_record import Face


class FaceGrade(IntEnum):
    """Ordered from strongest to none."""

    EQUAL = 0
    OPEN = 1  # something is missing on one side; nothing conflicts
    CONFLICT = 2  # N against S, ST against AVE


_EQUAL = FaceGrade.EQUAL


def grade_faces(left: Face, right: Face) -> FaceGrade:
    """Compare predirectional, suffix and postdirectional, each by equality or absence."""
    if left == right:
        return _EQUAL
    if any(one != two and one and two for one, two in zip(left, right, strict=True)):
        return FaceGrade.CONFLICT
    return FaceGrade.OPEN


def several_places(faces: Iterable[Face]) -> bool:
    """Whether these faces cannot all belong to one place: some two of them conflict."""
    return any(grade_faces(one, two) is FaceGrade.CONFLICT for one, two in combinations(sorted(set(faces)), 2))
