"""L14: what counts as the same person and as another question, within and across requests."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from privity.domain.person_name import PersonName
from privity.policy.admission import judge_lines
from privity.policy.probing import near_names
from tests.builders.admission import address, context, digest, header, line, name
from tests.unit.policy.test_line_rules import code_of


def codes(*lines: object, **changes: object) -> list[str]:
    return [code_of(one) for one in judge_lines(lines, header(), context(**changes)).judgements]  # type: ignore[arg-type]


WHO = name("Rosa||Delgado")
ELM = address("500 Elm St||Dallas|TX|75201")
OAK = address("12 Oak Ave||Dallas|TX|75201")


def test_one_person_with_three_addresses_by_case() -> None:
    lines = [line(n, name=WHO, case_id="A99123", address=a) for n, a in enumerate((ELM, OAK), start=1)]
    assert codes(*lines) == ["ADDRESS_GUESSING"] * 2


@pytest.mark.parametrize(
    "shared", [{"birth_date": "1980-05-05"}, {"identifier": "123456789"}, {"order_date": "2025-01-09"}]
)
@pytest.mark.parametrize(
    "other", ["Rosa||Delgado", "ROSA||DELGADO", "Rosa||Delgada", "Delgado||Rosa", "R.osa||Delgado"]
)
def test_one_person_under_near_spellings(shared: dict[str, object], other: str) -> None:
    first = line(1, name=WHO, address=ELM, **shared)
    second = line(2, name=name(other), address=OAK, **shared)
    assert codes(first, second) == ["ADDRESS_GUESSING"] * 2


@pytest.mark.parametrize(
    "change",
    [
        {"address": address("500 Elm St|Apt 2|Dallas|TX|75201")},
        {"periods": "2023"},
        {"birth_date": "1981-05-05"},
        {"name": name("Rosa|Maria|Delgado")},
    ],
)
def test_any_change_is_another_question(change: dict[str, object]) -> None:
    good: dict[str, object] = {"name": WHO, "address": ELM, "case_id": "A99123"}
    assert codes(line(1, **good), line(2, **good | change)) == ["ADDRESS_GUESSING"] * 2


def test_the_same_name_alone_is_no_return() -> None:
    first = line(1, name=WHO, address=ELM, order_date="2025-01-09")
    second = line(2, name=WHO, address=OAK, order_date="2025-02-09")
    assert codes(first, second) == ["ADMITTED", "ADMITTED"]


def test_a_household_is_no_guessing() -> None:
    people = ["Maria||Garcia", "Mario||Garcia", "Jose||Garcia", "Josefa||Garcia"]
    lines = [line(n, name=name(one), address=ELM) for n, one in enumerate(people, start=1)]
    assert codes(*lines) == ["ADMITTED"] * 4


def test_father_and_son_wait_for_a_human() -> None:
    lines = [
        line(1, name=name("Juan Soto Jr"), address=ELM),
        line(2, name=name("Juan Soto Sr"), address=ELM),
        line(3),
    ]
    assert codes(*lines) == ["REFERRED", "REFERRED", "ADMITTED"]


def test_an_exact_repeat_is_the_same_question() -> None:
    good: dict[str, object] = {"name": WHO, "address": ELM, "case_id": "A99123"}
    admission = judge_lines([line(1, **good), line(2, **good)], header(), context())
    assert [code_of(one) for one in admission.judgements] == ["ADMITTED", "ADMITTED"]
    assert any("repeat" in warning for warning in admission.warnings)


def test_a_fourth_question_in_a_year_goes_back() -> None:
    history: dict[bytes, set[bytes]] = {}

    def asked_before(persons: Sequence[bytes]) -> dict[bytes, frozenset[bytes]]:
        return {one: frozenset(history[one]) for one in persons if one in history}

    outcome = []
    for number in range(1, 6):
        where = address(f"{number}00 Elm St||Dallas|TX|75201")
        spelled = name("Rosa||Delgado" if number % 2 else "Rosa||Delgadoo")
        asked = line(number, name=spelled, address=where, birth_date="1980-05-05")
        admission = judge_lines([asked], header(), context(asked_before=asked_before, digest=digest))
        outcome.append(code_of(admission.judgements[0]))
        for person, question in admission.questions:
            history.setdefault(person, set()).add(question)
    assert outcome == ["ADMITTED"] * 3 + ["ADDRESS_GUESSING"] * 2


def test_the_same_question_may_be_asked_again() -> None:
    history: dict[bytes, set[bytes]] = {}
    for _ in range(6):
        admission = judge_lines(
            [line(1)],
            header(),
            context(asked_before=lambda persons: {p: frozenset(history[p]) for p in persons if p in history}),
        )
        assert code_of(admission.judgements[0]) == "ADMITTED"
        for person, question in admission.questions:
            history.setdefault(person, set()).add(question)


def test_what_is_remembered_holds_no_value() -> None:
    admission = judge_lines([line(1, name=WHO)], header(), context())
    assert admission.questions
    assert all(len(one) == 16 for pair in admission.questions for one in pair)


def test_many_names_at_one_point_are_told_to_reviewers() -> None:
    givens = ["Ana", "Eva", "Luz", "Rosa", "Ines", "Juan", "Luis", "Raul", "Hugo", "Ivan", "Omar", "Saul", "Abel"]
    lines = [
        line(n, name=name(f"{given}||{letter}orales"), address=ELM)
        for n, (given, letter) in enumerate(zip(givens, "BCDFGHJKLMNPR", strict=True), start=1)
    ]
    admission = judge_lines(lines, header(), context())
    assert any(warning.startswith("probing: 1 addresses") for warning in admission.warnings)


@pytest.mark.parametrize(
    ("one", "two", "near"),
    [
        (("ROSA", ("DELGADO",)), ("ROSA", ("DELGADO",)), True),
        (("ROSA", ("DELGADO",)), ("R", ("DELGADO",)), True),
        (("ROSA", ("GONZALEZ",)), ("ROSA", ("GONSALES",)), True),
        (("ROSA", ("LOPEZ", "DELGADO")), ("ROSA", ("DELGADO",)), True),
        (("MARIA", ("GARCIA",)), ("MARIO", ("GARCIA",)), False),
        (("JOSE", ("GARCIA",)), ("JOSE", ("GARZA",)), False),
        (("JUAN", ("GARCIA",)), ("PEDRO", ("GARCIA",)), False),
    ],
)
def test_near_names(one: tuple[str, tuple[str, ...]], two: tuple[str, tuple[str, ...]], near: bool) -> None:
    first, second = PersonName(one[0], "", one[1]), PersonName(two[0], "", two[1])
    assert near_names(first, second) is near
    assert near_names(second, first) is near
