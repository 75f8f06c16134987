"""Name reading under generated text: it never raises, and does not depend on looks or on the form."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from privity.domain.request import SuppliedName
from privity.normalise.names import FATAL_NAME_DEFECTS, NAME_DEFECTS, read_name

texts = st.text(max_size=40)
GIVEN = ["John", "María", "Jean-Pierre", "De'Andre", "Li", "Anne Marie"]
FAMILY = ["Smith", "O'Brien", "de la Cruz", "García-López", "van der Berg", "McDonald", "St. John", "Nguyen"]
GENERATION = ["", "Jr", "Sr.", "II", "III", "2nd"]
people = st.tuples(
    st.sampled_from(GIVEN), st.sampled_from(["", "Q", "Lee"]), st.sampled_from(FAMILY), st.sampled_from(GENERATION)
)


@given(st.builds(SuppliedName, texts, texts, texts, texts, texts))
@settings(max_examples=300, deadline=None)
def test_any_text_gives_a_name_or_a_listed_word(name: SuppliedName) -> None:
    answer = read_name(name)
    assert set(answer.defects) <= set(NAME_DEFECTS)
    assert (answer.name is None) == bool(set(answer.defects) & set(FATAL_NAME_DEFECTS))
    if answer.name:
        parts = (answer.name.given, *answer.name.middle.split(), *answer.name.family)
        assert all(part.isascii() and part.isalpha() and part.isupper() for part in parts if part)
        assert answer.name.family


@given(people)
@settings(max_examples=200, deadline=None)
def test_form_and_looks_do_not_matter(person: tuple[str, str, str, str]) -> None:
    first, middle, last, generation = person
    expected = read_name(SuppliedName(*person)).name
    assert expected is not None
    line = " ".join(part for part in (first, middle, last, generation) if part)
    for variant in (
        SuppliedName(first.upper(), middle.lower(), f" {last} ", generation.upper()),
        SuppliedName(first, middle, f"{last} {generation}", ""),
        SuppliedName(first, middle, f"{last}, {generation}", ""),
        SuppliedName(full_name=line),
        SuppliedName(full_name=f"{last}, {first} {middle} {generation}"),
        SuppliedName(full_name=f"{last} {generation}, {first} {middle}"),
        SuppliedName(full_name=line.upper()),
    ):
        assert read_name(variant).name == expected


@given(people)
@settings(max_examples=100, deadline=None)
def test_reading_a_read_name_gives_it_again(person: tuple[str, str, str, str]) -> None:
    name = read_name(SuppliedName(*person)).name
    assert name is not None
    again = read_name(SuppliedName(name.given, name.middle, " ".join(name.family), name.generation)).name
    assert again == name
