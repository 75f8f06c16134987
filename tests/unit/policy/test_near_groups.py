"""L14 compares large groups of names by what near names have in common: no pair that is near may be missed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from privity.domain.person_name import PersonName
from privity.policy import probing
from privity.policy.admission.traces import Traces, marker, name_of, name_text

PARTS = st.text("ABEGIZSRLN", min_size=1, max_size=7)
NAMES = st.builds(
    PersonName,
    st.sampled_from(["ANA", "ANNA", "A", "LEE", "MARIA", "MARIO", "ROSA MARIA"]) | PARTS,
    st.just(""),
    st.lists(PARTS, min_size=1, max_size=2).map(tuple),
    st.sampled_from(["", "", "JR", "SR"]),
)


@given(NAMES, NAMES)
def test_near_names_have_a_key_in_common(one: PersonName, two: PersonName) -> None:
    if probing.near_names(one, two):
        assert probing._near_keys(one) & probing._near_keys(two)


@given(PARTS, PARTS, st.data())
def test_one_edit_keeps_a_key_in_common(given_name: str, family: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(family) - 1))
    letter = data.draw(st.sampled_from("AEZ"))
    for edited in (family[:at] + family[at + 1 :], family[:at] + letter + family[at:], family[:at] + letter):
        if edited:
            test_near_names_have_a_key_in_common.hypothesis.inner_test(  # type: ignore[attr-defined]
                PersonName(given_name, "", (family,)), PersonName(given_name, "", (edited,))
            )


@given(st.lists(st.tuples(NAMES, st.sampled_from(["", "2025-01-02", "2025-01-03"])), max_size=40))
def test_large_groups_are_judged_like_small_ones(lines: list[tuple[PersonName, str]]) -> None:
    traces, mark = Traces(), marker(b"key")
    for number, (name, order) in enumerate(lines, start=1):
        traces.asking.append(number)
        traces.points.append(mark(f"point {number}"))
        traces.questions.append(mark(f"question {number}"))
        traces.cases.append(0)
        traces.names.append(name_text(name))
        for column, value in ((traces.births, ""), (traces.identifiers, ""), (traces.orders, order)):
            column.append(value)

    def judged(limit: int) -> object:
        before, probing._MANY_NAMES = probing._MANY_NAMES, limit  # type: ignore[misc]
        try:
            return probing.guessers(traces, lambda place: name_of(traces.names[place]))
        finally:
            probing._MANY_NAMES = before  # type: ignore[misc]

    assert judged(0) == judged(1_000)
