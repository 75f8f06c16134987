"""Which messages are digested for a point."""

from __future__ import annotations

import pytest

from privity.domain.delivery_point import DeliveryPoint, PointKind
from privity.domain.request import SuppliedAddress
from privity.matching.points import (
    asked_city_messages,
    asked_near_messages,
    city_messages,
    may_enter,
    point_message,
    record_near_messages,
    slipped_points,
    street_message,
)
from privity.normalise.addresses import read_addresses

QUARTERS = ("Palmas", "Palmar")


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


def in_city(zip5: str, city: str, state: str = "IA", *, unit: str = "") -> DeliveryPoint:
    return DeliveryPoint(PointKind.STREET, zip5, "12", "MAPLE", unit, "N", "ST", city=city, state=state)


@pytest.mark.parametrize(
    ("typed", "true"), [("OAKGROVE", "OAK GROVE"), ("OAK GROVE", "OAKGROVE"), ("ROLLINGHILLS", "ROLLING HILLS")]
)
def test_a_blank_missing_or_too_many_meets_the_true_point(typed: str, true: str) -> None:
    assert meet(typed, true)
    assert not meet(typed, true, number="14")


def test_a_point_is_found_in_its_city_under_any_zip_and_name() -> None:
    recorded = set(city_messages(in_city("50010", "Ames")))
    assert set(asked_city_messages(in_city("50014", "AMES"))) == recorded
    assert set(asked_city_messages(in_city("50011", "Ames"))) == recorded
    assert set(asked_city_messages(in_city("50010", "Ames", unit="APT 4"))).isdisjoint(recorded)
    assert set(asked_city_messages(in_city("50309", "Des Moines"))).isdisjoint(recorded)
    assert set(asked_city_messages(in_city("50010", "Ames", "NE"))).isdisjoint(recorded)
    assert recorded <= set(record_near_messages(in_city("50010", "Ames")))


def test_a_town_that_shares_a_zip_is_another_town() -> None:
    """50323 is Urbandale and accepts Clive: 12 Maple St, Clive, with a wrong ZIP is not 12 Maple St, Urbandale."""
    assert set(asked_city_messages(in_city("50325", "Clive"))).isdisjoint(city_messages(in_city("50323", "Urbandale")))


def test_boxes_and_unknown_zips_have_no_point_in_a_city() -> None:
    assert city_messages(DeliveryPoint(PointKind.PO_BOX, "50010", "12", "", "", city="AMES", state="IA")) == []
    assert asked_city_messages(DeliveryPoint(PointKind.PO_BOX, "50010", "12", "", "", city="AMES", state="IA")) == []
    assert city_messages(in_city("00000", "Ames")) == []


def test_only_zips_of_the_city_one_slip_away_are_tried() -> None:
    tried = slipped_points(in_city("50012", "Ames"))
    assert point_message(in_city("50010", "Ames")) in tried
    assert point_message(in_city("50012", "Ames")) not in tried
    assert slipped_points(in_city("50010", "Nosuchplace")) == []
    assert point_message(in_city("50010", "Ames")) in slipped_points(in_city("50100", "Ames"))  # neighbours swapped
    assert point_message(in_city("50010", "Ames")) not in slipped_points(in_city("50123", "Ames"))


@pytest.mark.parametrize(
    ("typed", "true"),
    [
        ("CALLE 14 URB PALMAR", "CALLE 14 URB PALMAS"),
        ("CALLE LUNA URB PALMAR", "CALLE LUNA URB PALMAS"),
        ("CALLE FLORES URB LAS PALMAS", "CALLE FLORES URB LASPALMAS"),
        ("CALLE FLORES URB PALMAS", "CALLE FLORESURB PALMAS"),
        ("CALLE FLORES URB PALMAS", "CALLE FLORES URBPALMAS"),
        ("CALLE FLORES URB PALMAS", "CALLE FLORES"),
    ],
)
def test_an_urbanization_is_never_misspelt(typed: str, true: str) -> None:
    """Its streets bear the same names as those of the next one."""
    assert not meet(typed, true)
    assert not meet(true, typed)


def test_the_street_of_an_urbanization_may_be_misspelt() -> None:
    assert meet("CALLE FLORSE URB PALMAS", "CALLE FLORES URB PALMAS")
    assert not meet("CALLE FLORSE URB PALMAR", "CALLE FLORES URB PALMAS")


def test_the_urbanization_is_read_into_the_street_as_the_near_forms_expect() -> None:
    """The register may know PALMAR too, by another house: 12 CALLE 14 there is not 12 CALLE 14 in PALMAS."""
    lines = [SuppliedAddress("12 Calle 14", f"Urb {quarter}", "Ponce", "PR", "00716") for quarter in QUARTERS]
    palmas, palmar = (found.point for found in read_addresses(lines, second_opinion=False))
    assert palmas is not None
    assert palmar is not None
    assert (palmas.street, palmar.street) == tuple(f"CALLE 14 URB {quarter.upper()}" for quarter in QUARTERS)
    assert set(asked_near_messages(palmar)).isdisjoint(record_near_messages(palmas))
