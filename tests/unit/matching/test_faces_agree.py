"""How two faces agree: what is missing must be missing on one side alone."""

from __future__ import annotations

from itertools import product

import pytest

from privity.domain.request import SuppliedAddress
from privity.matching.decide import Gate
from privity.matching.faces_agree import FaceGrade, grade_faces, several_places
from privity.matching.person_record import Face
from privity.normalise.addresses import read_addresses
from tests.builders.matched_people import asked, person, verdict

FACES = list(product(("", "N", "S"), ("", "ST", "AVE"), ("", "N", "S")))


def face(street: str) -> Face:
    """The face of 12 (or 901, for a road) STREET, Dallas, as the gate reads it."""
    text = street if street[0].isdigit() and "INTERSTATE" in street else f"12 {street}"
    point = read_addresses([SuppliedAddress(address=f"{text}, Dallas, TX 75201")], second_opinion=False)[0].point
    assert point is not None
    return point.predirectional, point.suffix, point.postdirectional


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("901 N INTERSTATE 35", "901 INTERSTATE 35 S"),
        ("NW 7TH ST", "7TH ST SW"),
        ("PARK AVE S", "S PARK AVE"),
        ("E MADISON ST", "MADISON ST NE"),
        ("2ND S", "2ND ST"),
        ("N CEDAR", "CEDAR AVE"),
    ],
)
def test_what_is_open_on_both_sides_confirms_nobody(one: str, other: str) -> None:
    for typed, recorded in ((face(one), face(other)), (face(other), face(one))):
        assert typed != recorded
        assert grade_faces(typed, recorded) > FaceGrade.OPEN
        found = verdict(asked("JOHN SMITH", face=typed), person("p", "JOHN SMITH", face=recorded))
        assert (found.level, found.gate) == ("", Gate.FACE)


@pytest.mark.parametrize(
    ("typed", "recorded"),
    [
        ("901 INTERSTATE 35", "901 INTERSTATE 35 S"),
        ("7TH ST", "NW 7TH ST"),
        ("N CEDAR", "N CEDAR AVE"),
        ("CEDAR", "N CEDAR AVE"),
    ],
)
def test_what_is_missing_on_one_side_alone_is_open(typed: str, recorded: str) -> None:
    for one, other in ((face(typed), face(recorded)), (face(recorded), face(typed))):
        assert grade_faces(one, other) is FaceGrade.OPEN
        found = verdict(asked("JOHN SMITH", face=one), person("p", "JOHN SMITH", face=other))
        assert found.level == "face_open"


def test_the_grade_is_the_same_from_both_sides_and_says_what_it_means() -> None:
    """All pairs of 27 faces, against the meaning in words."""
    for left, right in product(FACES, FACES):
        pairs = list(zip(left, right, strict=True))
        more = any(one and not two for one, two in pairs)
        less = any(two and not one for one, two in pairs)
        if any(one and two and one != two for one, two in pairs):
            meant = FaceGrade.CONFLICT
        elif more and less:
            meant = FaceGrade.CROSSED
        else:
            meant = FaceGrade.OPEN if more or less else FaceGrade.EQUAL
        assert grade_faces(left, right) is grade_faces(right, left) is meant


def test_faces_open_on_both_sides_may_be_two_places() -> None:
    assert several_places([("N", "", ""), ("", "AVE", "")])
    assert several_places([("N", "ST", ""), ("S", "ST", "")])
    assert not several_places([("N", "", ""), ("N", "AVE", ""), ("N", "AVE", "")])
    cedar_avenue = person("m", "MARY JONES", face=("", "AVE", ""))
    john = person("p", "JOHN SMITH", face=("N", "", ""))
    for typed in (("", "", ""), ("N", "AVE", "")):
        assert verdict(asked("JOHN SMITH", face=typed), john).level == "face_open"
        assert verdict(asked("JOHN SMITH", face=typed), john, cedar_avenue).gate is Gate.FACE_AMBIGUOUS


def test_somebody_at_a_face_open_on_both_sides_still_speaks_against() -> None:
    """12 CEDAR AVE may be 12 W CEDAR AVE; who lives at 12 N CEDAR, of the same name, could have been meant as well."""
    west = person("w", "JOHN SMITH", face=("W", "AVE", ""))
    north = person("n", "JOHN SMITH", face=("N", "", ""))
    typed = asked("JOHN SMITH", face=("", "AVE", ""))
    assert verdict(typed, west).level == "face_open"
    assert verdict(typed, west, north).gate is Gate.RIVAL
    assert verdict(typed, west, north._replace(name=person("", "MARY JONES").name)).gate is Gate.FACE_AMBIGUOUS
