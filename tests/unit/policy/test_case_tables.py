"""The tables of bad and good names and addresses: what must go back does, what must pass does."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from privity.domain.personal import Personal
from privity.domain.request import AdmittedLine, LineJudgement, Ordinal, RequestLine, SuppliedAddress, SuppliedName
from privity.policy.admission import admit_for_evaluation
from privity.policy.detect.person_words import name_defect
from tests.builders.admission import address, content, name

CASES = Path(__file__).parent / "cases"
ALWAYS_ALLOWED = {"LINE_MALFORMED"}  # a trick with characters may be caught before the words are read


def read_cases(file: str) -> Iterator[tuple[str, frozenset[str], str]]:
    """(family, expected codes, case) of a table."""
    family, codes = "", frozenset[str]()
    for text in (CASES / file).read_text(encoding="utf-8").splitlines():
        if text.startswith("# ") or not text:
            continue
        if text.startswith("[") and "]" in text and "|" not in text:
            family, _, rest = text[1:].partition("]")
            codes = frozenset(rest.split())
        else:
            yield family, codes, text


def judge(contents: list[tuple[SuppliedName, SuppliedAddress]]) -> list[LineJudgement]:
    lines = [
        RequestLine(Ordinal(number), Personal(content(number, name=who, address=where)))
        for number, (who, where) in enumerate(contents, start=1)
    ]
    return admit_for_evaluation(lines)


# Good, yet returned: the address reader cannot tell a word beside the street from a unit. Returned is safe, not right.
# A bare box may be the post office's or a rural route's.
STILL_RETURNED = {
    "1234 Avenida Ponce de Leon Apt 5||San Juan|PR|00907",
    "1234 Old Highway 6||Houston|TX|77083",
    "Box 14, Bisbee, AZ 85603",
}

GOOD_NAME = name("Maria||Lopez")
GOOD_ADDRESS = address("123 Main St||Dallas|TX|75201")


def test_there_are_enough_cases() -> None:
    assert len(list(read_cases("bad_addresses.txt"))) >= 400
    assert len(list(read_cases("good_addresses.txt"))) + len(list(read_cases("good_names.txt"))) >= 400


def test_every_bad_address_is_sent_back() -> None:
    cases = list(read_cases("bad_addresses.txt"))
    judged = judge([(GOOD_NAME, address(text)) for _, _, text in cases])
    admitted = [text for (_, _, text), one in zip(cases, judged, strict=True) if isinstance(one, AdmittedLine)]
    assert admitted == []


def test_bad_addresses_carry_their_familys_code() -> None:
    cases = list(read_cases("bad_addresses.txt"))
    judged = judge([(GOOD_NAME, address(text)) for _, _, text in cases])
    other = [
        (family, text, one.code.value)
        for (family, codes, text), one in zip(cases, judged, strict=True)
        if not isinstance(one, AdmittedLine) and one.code.value not in codes | ALWAYS_ALLOWED
    ]
    assert len(other) <= len(cases) // 100, other


def test_good_addresses_are_admitted() -> None:
    cases = list(read_cases("good_addresses.txt"))
    judged = judge([(GOOD_NAME, address(text)) for _, _, text in cases])
    returned = [
        (text, one.code.value, one.message)
        for (_, _, text), one in zip(cases, judged, strict=True)
        if not isinstance(one, AdmittedLine)
    ]
    assert [one for one in returned if one[0] not in STILL_RETURNED] == []


def test_every_bad_name_is_sent_back() -> None:
    cases = [text for _, _, text in read_cases("bad_names.txt")]
    judged = judge([(name(text), GOOD_ADDRESS) for text in cases])
    assert [text for text, one in zip(cases, judged, strict=True) if isinstance(one, AdmittedLine)] == []


def test_good_names_are_admitted() -> None:
    cases = [text for _, _, text in read_cases("good_names.txt")]
    judged = judge([(name(text), GOOD_ADDRESS) for text in cases])
    returned = [(text, one) for text, one in zip(cases, judged, strict=True) if not isinstance(one, AdmittedLine)]
    assert returned == []


@pytest.mark.parametrize("case", [str.upper, str.lower, str.title])
def test_letter_case_changes_nothing(case: object) -> None:
    assert callable(case)
    texts = [text for family, _, text in read_cases("bad_addresses.txt") if family.startswith("placeholder-")]
    judged = judge([(GOOD_NAME, address(case(text))) for text in texts])
    assert [text for text, one in zip(texts, judged, strict=True) if isinstance(one, AdmittedLine)] == []


def test_hardly_any_given_name_of_the_census_is_refused() -> None:
    given = files("privity.normalise").joinpath("data/given_names.txt").read_text(encoding="ascii").split()
    refused = [one for one in given if name_defect(SuppliedName(given_name=one, family_name="Lopez"))]
    assert len(given) > 50_000
    assert len(refused) <= len(given) // 1000, refused
