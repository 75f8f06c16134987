"""Which messages are digested for a point."""

from __future__ import annotations

import pytest

from privity.domain.delivery_point import DeliveryPoint, PointKind
from privity.matching.points import (
    asked_near_messages,
    may_enter,
    point_message,
    record_near_messages,
    street_message,
)


def point(street: str, *, number: str = "12", unit: str = "", zip5: str = "75201") -> DeliveryPoint:
    return DeliveryPoint(PointKind.STREET, zip5, number, street, unit, "N", "ST")


def meet(typed: str, true: str, **more: str) -> bool:
    return bool(set(asked_near_messages(point(typed, **more))) & set(record_near_messages(point(true))))


@pytest.mark.parametrize("typed", ["MAPEL", "MAPE", "MAPLEE", "MABLE", "APLE", "XMAPLE"])
def test_one_edit_of_a_street_word_meets_the_true_point(typed: str) -> None:
    assert meet(typed, "MAPLE")


@pytest.mark.parametrize(
    ("typed", "true"),
    [
        ("AVENUE B", "AVENUE C"),
        ("COUNTY ROAD K", "COUNTY ROAD L"),
        ("5TH", "6TH"),
        ("ELM", "ELN"),
        ("OAK", "OAKS"),
        ("MAPLE", "MANGO"),
        ("OLD MAPLE", "MAPLE OLD"),
    ],
)
def test_short_words_numbers_and_far_names_do_not_meet(typed: str, true: str) -> None:
    assert not meet(typed, true)


def test_number_unit_and_zip_are_never_fuzzy() -> None:
    for changed in ({"number": "13"}, {"unit": "APT 1"}, {"zip5": "75202"}):
        assert not meet("MAPEL", "MAPLE", **changed)


def test_the_face_is_not_in_the_digest_but_number_unit_and_kind_are() -> None:
    base = point("MAPLE")
    other_face = DeliveryPoint(PointKind.STREET, "75201", "12", "MAPLE", "", "S", "AVE")
    assert point_message(base) == point_message(other_face)
    box = DeliveryPoint(PointKind.PO_BOX, "75201", "12", "", "")
    messages = [point_message(one) for one in (base, point("MAPLE", unit="APT 1"), point("MAPLE", number="1"), box)]
    assert len(set(messages)) == 4
    assert street_message(base) == street_message(point("MAPLE", number="99"))


def test_only_streets_have_near_forms_and_incomplete_points_never_enter() -> None:
    assert record_near_messages(DeliveryPoint(PointKind.PO_BOX, "75201", "12", "", "")) == []
    assert may_enter(point("MAPLE"))
    assert not may_enter(point("MAPLE", zip5=""))
    assert not may_enter(point("MAPLE", number=""))
    assert not may_enter(point(""))
    assert not may_enter(point("DRIVE"))
