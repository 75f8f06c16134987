"""A plain case is decided from the bytes of the records: never otherwise than by taking them apart."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from privity.matching.decide import AskedPerson, Place, decide
from privity.matching.levels import POLICIES, Reach, levels_of
from privity.matching.person_record import PersonAtPoint, RecordedName, compared_text, decode_person, encode_person
from privity.matching.plain_case import MOST_ROWS, plain_level, plain_verdict
from tests.builders.matched_people import asked, person, year
from tests.properties.test_matching_properties import crowds, persons, policies, questions


def plain(question: AskedPerson, people: list[PersonAtPoint], withheld: frozenset[bytes] = frozenset()) -> object:
    text = compared_text(question.name, question.face).encode()
    records = [record for one in people for record in encode_person(one)]
    return plain_verdict("exact", text, question.periods, records, withheld)


@settings(max_examples=400)
@given(questions, crowds, policies, st.booleans(), st.sampled_from([frozenset(), frozenset({bytes([1]) * 16})]))
def test_a_plain_verdict_is_the_verdict(question, crowd, policy, recorded, withheld) -> None:  # type: ignore[no-untyped-def]
    """`recorded`: somebody with the asked name and face stands there, so that many cases are plain."""
    question = question._replace(identifier=0, birth_day=0, confirmable=True)
    if recorded:
        spans = tuple(year(one) for one in (2020, 2021, 2022))
        crowd = [*crowd, PersonAtPoint(bytes([9]) * 16, question.name, question.face, spans, 0, 0)]
    found = plain(question, crowd, withheld)
    people = [decode_person(record) for one in crowd for record in encode_person(one)]
    if found is not None:
        assert found == decide(question, [Place(Reach.HERE, people)], policy, withheld)


def test_the_plain_case_is_seen() -> None:
    household = [person("p1", "JOHN A SMITH"), person("p2", "MARY SMITH"), person("p3", "PETER SMITH")]
    found = plain(asked("JOHN A SMITH"), household)
    assert found == decide(asked("JOHN A SMITH"), [Place(Reach.HERE, household)], POLICIES["exact"])
    assert found is not None


@pytest.mark.parametrize(
    ("who", "household", "withheld"),
    [
        ("JOHN SMITH", [person("p1", "JOHN A SMITH")], ""),  # not letter for letter
        ("JOHN SMITH", [person("p1", "JOHN SMITH"), person("p2", "JOHN SMITH, JR")], ""),
        ("JOHN SMITH", [person("p1", "JOHN SMITH"), person("p2", "JON SMITH")], ""),
        ("JOHN SMITH", [person("p1", "JOHN SMITH"), person("p2", "MARY JOHN SMITH")], ""),
        ("JOHN LEE SMITH", [person("p1", "JOHN LEE SMITH"), person("p2", "LEE SMITH")], ""),
        ("JOHN SMITH", [person("p1", "JOHN SMITH", face=("S", "ST", ""))], ""),
        ("JOHN SMITH", [person("p1", "JOHN SMITH", 2020)], ""),
        ("JOHN SMITH", [person("p1", "JOHN SMITH")], "p1"),
        ("J SMITH", [person("p1", "J SMITH")], ""),
        ("JOHN SMITH", [person("p1", "JOHN SMITH"), *(person(f"q{n}", "MARY BAKER") for n in range(MOST_ROWS))], ""),
    ],
)
def test_what_is_not_plain_is_left_to_the_decision(who: str, household: list[PersonAtPoint], withheld: str) -> None:
    hidden = frozenset({withheld.encode().ljust(16, b".")} if withheld else ())
    assert plain(asked(who), household, hidden) is None


@given(persons)
def test_a_name_without_family_is_never_plain(one) -> None:  # type: ignore[no-untyped-def]
    nameless = one._replace(name=RecordedName("JOHN", "", ("",), ""))
    question = AskedPerson(nameless.name, nameless.face, (year(2021),))
    assert plain(question, [nameless]) is None


def test_a_policy_without_an_exact_level_first_has_no_plain_case() -> None:
    policy = POLICIES["standard"]
    assert plain_level(levels_of(policy)) == "exact"
    assert not plain_level(levels_of(replace(policy, levels=("face_open", "exact"))))
