"""Address reading under generated text: it never raises, never loses a unit, and does not depend on looks."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from privity.domain.request import SuppliedAddress
from privity.normalise.addresses import ADDRESS_DEFECTS, FATAL_DEFECTS, ReadAddress, read_addresses
from privity.normalise.text import fold

PLACES = [("Ames", "IA", "50010"), ("Miami", "FL", "33101"), ("New York", "NY", "10001"), ("Provo", "UT", "84601")]
NAMES = [
    "Main",
    "Oak Hill",
    "Old Mill",
    "Martin Luther King",
    "1st",
    "42nd",
    "Saint Johns",
    "Van Buren",
    "Maple",
    "Elm",
]
SUFFIXES = ["St", "Ave", "Rd", "Blvd", "Ln", "Dr", "Ct", "Pl", "Way", "Ter"]
DIRECTIONS = ["", "N", "S", "E", "W", "NE", "SW"]
UNITS = [
    "",
    "Apt 4",
    "Apt 4B",
    "Unit C",
    "# 12",
    "Ste 200",
    "Fl 3",
    "PH 2",
    "Bsmt",
    "Rear",
    "Uppr",
    "Lot 7",
    "Apt 0",
    "Bldg 2 Apt 9",
]
SPELT = {
    "St": "Street", "Ave": "Avenue", "Rd": "Road", "Blvd": "Boulevard", "Ln": "Lane", "Dr": "Drive", "Ct": "Court",
    "Pl": "Place", "Way": "Way", "Ter": "Terrace",
}  # fmt: skip

numbers = st.integers(1, 99999).map(str)
houses = st.tuples(numbers, st.sampled_from(DIRECTIONS), st.sampled_from(NAMES), st.sampled_from(SUFFIXES))
units = st.sampled_from(UNITS)
places = st.sampled_from(PLACES)
texts = st.text(max_size=80)


def read(address: SuppliedAddress) -> ReadAddress:
    return read_addresses([address], second_opinion=True)[0]


def words(*parts: str) -> str:
    return " ".join(part for part in parts if part)


@given(st.builds(SuppliedAddress, texts, texts, texts, texts, texts, texts))
@settings(max_examples=300, deadline=None)
def test_any_text_gives_a_point_or_a_listed_word(address: SuppliedAddress) -> None:
    answer = read(address)
    assert set(answer.defects) <= set(ADDRESS_DEFECTS)
    assert (answer.point is None) == bool(set(answer.defects) & set(FATAL_DEFECTS))
    if answer.point:
        assert all(part.isascii() and part == part.upper() for part in answer.point.core[1:] + answer.point.face)


@given(houses, units, places, st.text(alphabet=st.characters(blacklist_categories=["Cs"]), max_size=12))
@settings(max_examples=200, deadline=None)
def test_more_text_never_gives_the_same_point_with_its_words_lost(
    house: tuple[str, str, str, str], unit: str, place: tuple[str, str, str], extra: str
) -> None:
    """Whatever is written after the unit: the point stays only if what was written has no letter or digit of its own,
    or repeats what is there."""
    plain = read(SuppliedAddress(words(*house), unit, *place))
    longer = read(SuppliedAddress(words(*house), words(unit, extra), *place))
    assert plain.point is not None
    if longer.point is not None and longer.point.core == plain.point.core and longer.point.face == plain.point.face:
        known = words(*house, unit, *place).upper().split()
        added = "".join(letter if letter.isalnum() else " " for letter in fold(extra)).split()
        harmless = {"NO", "NUMBER", "C", "O", "CO", "ATTN", "APT", "UNIT", "APARTMENT"}
        assert "care_of" in longer.defects or all(word in known or word in harmless for word in added)


@given(houses, units, places)
@settings(max_examples=300, deadline=None)
def test_looks_do_not_matter(house: tuple[str, str, str, str], unit: str, place: tuple[str, str, str]) -> None:
    number, direction, name, suffix = house
    line = words(*house)
    expected = read(SuppliedAddress(line, unit, *place))
    assert expected.point is not None, expected.defects
    city, state, zip5 = place
    variants = [
        SuppliedAddress(line.upper(), unit.upper(), city.upper(), state, zip5),
        SuppliedAddress(line.lower(), unit.lower(), city.lower(), state.lower(), f" {zip5} "),
        SuppliedAddress(line.replace(" ", "   "), f"  {unit} ", *place),
        SuppliedAddress(f"{line}.", unit, *place),
        SuppliedAddress(words(number, direction, name, SPELT[suffix]), unit, *place),
        SuppliedAddress(words(line, unit), "", *place),
        SuppliedAddress(address=", ".join(filter(None, (line, unit, city, f"{state} {zip5}")))),
        SuppliedAddress(address=f"{words(line, unit)}, {city}, {state} {zip5}-0001"),
    ]
    for variant, answer in zip(variants, read_addresses(variants, second_opinion=True), strict=True):
        assert answer.point is not None, answer.defects
        assert answer.point.core == expected.point.core, variants.index(variant)
        assert answer.point.face == expected.point.face


@given(houses, units, places)
@settings(max_examples=200, deadline=None)
def test_reading_a_canonical_rendering_gives_the_same_core(
    house: tuple[str, str, str, str], unit: str, place: tuple[str, str, str]
) -> None:
    point = read(SuppliedAddress(words(*house), unit, *place)).point
    assert point is not None
    line = words(point.number, point.predirectional, point.street, point.suffix, point.postdirectional)
    again = read(SuppliedAddress(line, " ".join(point.unit.split("|")), point.city, point.state, point.zip5)).point
    assert again is not None
    assert (again.core, again.face) == (point.core, point.face)


@given(houses, st.sampled_from([unit for unit in UNITS if unit]), places)
@settings(max_examples=100, deadline=None)
def test_a_unit_never_vanishes(house: tuple[str, str, str, str], unit: str, place: tuple[str, str, str]) -> None:
    bare = read(SuppliedAddress(words(*house), "", *place)).point
    for address in (
        SuppliedAddress(words(*house), unit, *place),
        SuppliedAddress(words(*house, unit), "", *place),
        SuppliedAddress(unit, words(*house), *place),
        SuppliedAddress(address=f"{words(*house)} {unit}, {place[0]} {place[1]} {place[2]}"),
        SuppliedAddress(address=f"{words(*house)} {unit} {place[0]} {place[1]} {place[2]}"),
    ):
        point = read(address).point
        assert bare is not None
        assert point is None or point.unit != ""
        assert point is None or point.core != bare.core


@given(st.lists(st.tuples(houses, units, places), max_size=8))
@settings(max_examples=50, deadline=None)
def test_a_batch_answers_like_single_readings(
    rows: list[tuple[tuple[str, str, str, str], str, tuple[str, str, str]]],
) -> None:
    batch = [SuppliedAddress(words(*house), unit, *place) for house, unit, place in rows]
    doubled = batch + batch[::-1]
    assert read_addresses(doubled, second_opinion=True) == [read(address) for address in doubled]
