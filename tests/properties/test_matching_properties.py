"""Properties of the decision that must hold for any register and any line."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from privity.matching.decide import AskedPerson, Gate, Place, decide
from privity.matching.edits import one_edit
from privity.matching.levels import POLICIES, Reach
from privity.matching.names_agree import NameGrade, grade_names
from privity.matching.person_record import PersonAtPoint, RecordedName, decode_person, encode_person
from tests.builders.matched_people import facts, year

GIVEN = ["JOHN", "JOHNATHAN", "JOHQ", "MARIA", "MARIO", "J", "ANN", "ANNA", "MARY ANN", "XUAN"]
FAMILY = [("SMITH",), ("SMYTH",), ("SMIHT",), ("SMITH", "BAKER"), ("BAKER",), ("BAKER", "SMITH"), ("LEE",), ("LE",)]
FACES = [("N", "ST", ""), ("S", "ST", ""), ("", "ST", ""), ("", "", ""), ("N", "AVE", "")]
YEARS = [2020, 2021, 2022]

names = st.builds(
    RecordedName,
    st.sampled_from(GIVEN),
    st.sampled_from(["", "A", "B", "ALAN", "ARTHUR"]),
    st.sampled_from(FAMILY),
    st.sampled_from(["", "", "", "JR", "SR"]),
)
persons = st.builds(
    PersonAtPoint,
    st.sampled_from([bytes([number]) * 16 for number in range(5)]),
    names,
    st.sampled_from(FACES),
    st.lists(st.sampled_from([*map(year, YEARS), (0, 0)]), min_size=1, max_size=2).map(tuple),
    st.sampled_from([0, 0, 7, 8]),
    st.sampled_from([0, 0, 700_000, 700_001]),
)
questions = st.builds(
    AskedPerson,
    names,
    st.sampled_from(FACES),
    st.lists(st.sampled_from([year(one) for one in YEARS]), min_size=1, max_size=2, unique=True).map(tuple),
    st.sampled_from([0, 0, 7]),
    st.sampled_from([0, 0, 700_000]),
)
crowds = st.lists(persons, max_size=6)
policies = st.sampled_from(sorted(POLICIES)).map(POLICIES.__getitem__)


@given(questions, crowds, policies, st.booleans(), st.randoms(use_true_random=False))
def test_the_order_of_candidates_never_matters(asked, crowd, policy, near, chance) -> None:  # type: ignore[no-untyped-def]
    shuffled = list(crowd)
    chance.shuffle(shuffled)
    assert decide(asked, [Place(Reach(near), crowd)], policy) == decide(asked, [Place(Reach(near), shuffled)], policy)


@given(questions, crowds, policies)
def test_a_confirmed_person_agrees_and_was_there(asked, crowd, policy) -> None:  # type: ignore[no-untyped-def]
    """Whatever is confirmed bears the name within one edit, conflicts in nothing, and covers every asked period."""
    found = decide(asked, [Place(Reach.HERE, crowd)], policy)
    if not found.level:
        assert found.reference == b""
        assert found.gate is not Gate.NONE
        return
    own = [person for person in crowd if person.reference == found.reference]
    for start, end in asked.periods:
        assert any((first or start) <= end and (last or end) >= start for one in own for first, last in one.spans)
    assert any(
        grade_names(asked.name, one.name) < NameGrade.LOOSE
        and one.name.generation == asked.name.generation
        and (not asked.identifier or one.identifier in (0, asked.identifier))
        and (not asked.birth_day or one.birth_day in (0, asked.birth_day))
        for one in own
    )


@given(questions, crowds, policies)
def test_a_second_bearer_of_the_name_always_blocks(asked, crowd, policy) -> None:  # type: ignore[no-untyped-def]
    """Another person with the asked name, in any period, leaves no confirmation of anybody."""
    double = PersonAtPoint(b"\xff" * 16, asked.name, asked.face, ((1, 2),), asked.identifier, asked.birth_day)
    found = decide(asked, [Place(Reach.HERE, [*crowd, double])], policy)
    assert not found.level


@given(questions, crowds, persons, policies)
def test_adding_a_person_never_confirms_somebody_else(asked, crowd, added, policy) -> None:  # type: ignore[no-untyped-def]
    """A new person may be confirmed or may block; it never turns NO_CONFIRMATION into CONFIRMED for those there."""
    before = decide(asked, [Place(Reach.HERE, crowd)], policy)
    after = decide(asked, [Place(Reach.HERE, [*crowd, added])], policy)
    if after.level and not before.level:
        assert after.reference == added.reference


@given(questions, crowds, policies)
def test_a_stricter_policy_never_confirms_anybody_else(asked, crowd, policy) -> None:  # type: ignore[no-untyped-def]
    exact = decide(asked, [Place(Reach.HERE, crowd)], POLICIES["exact"])
    wide = decide(asked, [Place(Reach.HERE, crowd)], policy)
    if exact.level:
        assert wide == exact


@given(questions, crowds, policies)
def test_withholding_everybody_confirms_nobody_and_changes_nothing_else(asked, crowd, policy) -> None:  # type: ignore[no-untyped-def]
    """A withheld person gives the same verdict as one who does not agree: no level, no reference (C2, A09)."""
    place = Place(Reach.HERE, crowd)
    hidden = frozenset(person.reference for person in crowd)
    open_verdict, hidden_verdict = decide(asked, [place], policy), decide(asked, [place], policy, hidden)
    assert (hidden_verdict.level, hidden_verdict.reference) == ("", b"")
    if not open_verdict.level:
        assert hidden_verdict == open_verdict


@given(questions, crowds, policies)
def test_a_doubtful_reading_is_never_confirmed(asked, crowd, policy) -> None:  # type: ignore[no-untyped-def]
    assert not decide(asked._replace(confirmable=False), [Place(Reach.HERE, crowd)], policy).level


@given(persons)
def test_a_sealed_record_comes_back_whole(person) -> None:  # type: ignore[no-untyped-def]
    decoded = [facts(decode_person(record)) for record in encode_person(person)]
    assert [one._replace(spans=()) for one in decoded] == [person._replace(spans=())] * len(decoded)
    assert tuple(span for one in decoded for span in one.spans) == person.spans


letters = st.text("ABC", max_size=6)


@given(letters, letters)
def test_one_edit_is_symmetric_and_agrees_with_a_plain_definition(left: str, right: str) -> None:
    changed = {
        *(left[:at] + left[at + 1 :] for at in range(len(left))),
        *(left[:at] + new + left[at:] for at in range(len(left) + 1) for new in "ABC"),
        *(left[:at] + new + left[at + 1 :] for at in range(len(left)) for new in "ABC"),
        *(left[:at] + left[at + 1 : at + 2] + left[at] + left[at + 2 :] for at in range(len(left))),
    } - {left}
    assert one_edit(left, right) == one_edit(right, left) == (right in changed)
