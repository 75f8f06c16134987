"""Rules that are not asked again about values they have passed: they read nothing else, and the outcome is the same."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest

from privity.domain.personal import Personal
from privity.domain.request import AdmittedLine, LineContent, Ordinal, RequestLine, SuppliedAddress, SuppliedName
from privity.policy.admission.context import LineTerms
from privity.policy.admission.defect import LineRule
from privity.policy.admission.judge import _first_defect, first_look, line_terms, roster_ids
from privity.policy.admission.line_rules import LINE_RULES
from privity.policy.admission.line_view import view_lines
from privity.policy.admission.sound_values import COLUMNS_READ, OF_OTHER_LINES, SoundValues, plain
from privity.policy.admission.traces import marker
from tests.builders.admission import content, context, header

ADDRESSES = [
    SuppliedAddress("12 Elm St", "Apt 4", "Dallas", "TX", "75201"),
    SuppliedAddress("12 Elm St", "", "Dallas", "NY", "75201"),
    SuppliedAddress("12 Elm St", "", "Nowhere Town", "TX", ""),
    SuppliedAddress("General Delivery", "", "Dallas", "TX", "75201"),
    SuppliedAddress("County Jail, 100 Main St", "", "Dallas", "TX", "75201"),
    SuppliedAddress("Motel 6, 100 Main St", "", "Dallas", "TX", "75201"),
    SuppliedAddress("State Prison inmate # 1234567, 100 Main St", "", "Dallas", "TX", "75201"),
    SuppliedAddress("10 Downing Street", "", "London", "England", ""),
    SuppliedAddress("Elm St", "", "Dallas", "TX", "75201"),
    SuppliedAddress("12 Elm St and 14 Oak Ave", "", "Dallas", "TX", "75201"),
    SuppliedAddress("12 Elm St c/o Maria Sol", "", "Dallas", "TX", "75201"),
    SuppliedAddress("Unknown Address", "", "Dallas", "TX", "75201"),
    SuppliedAddress(address="12 Elm St Apt 4, Dallas, TX 75201"),
    SuppliedAddress(address="12 Elm St, Dallas, TX 90210"),
    SuppliedAddress("PO Box 77", "", "Dallas", "ZZ", "75201"),
    SuppliedAddress("12 Elm St", "", "Dallas", "TX", "2740"),
    SuppliedAddress(),
]
VALUES: dict[str, list[Any]] = {
    "line_id": ["", "x" * 70, "a\x07b"],
    "name": [SuppliedName("FNU", "", "LNU"), SuppliedName(full_name="Sol, Maria"), SuppliedName()],
    "address": ADDRESSES,
    "periods": ["2024;2023", "2019", "all years", "", "2026", "2024-01-01/2024-06-30", "2024;2024"],
    "statute": ["", "8 USC 1253", "8 u.s.c. § 1253(a)(1)"],
    "order_date": ["1900-01-01", "2026-11-18", "2026-02-30", "", "2025-03-15"],
    "reason": ["", "immigration enforcement", "=SUM(A1)"],
    "case_id": ["", "1111", "pending"],
    "officer": ["", "officer-1", "Officer-1", " officer-2 ", "nobody"],
    "identifier": ["123-45-6789", "x", "000-00-0000"],
    "birth_date": ["1980-02-03", "2025-03-14", "2025-03-15", "0000-00-00", "1900-01-01"],
    "attestations": ["", "basis_of_order"],
    "form_defect": ["cells"],
}


def lines(count: int, seed: int) -> list[RequestLine]:
    """Sound lines, three of four with one to three columns changed."""
    draw = random.Random(seed)
    made = []
    for number in range(1, count + 1):
        line = content(number)
        for column in draw.sample(list(VALUES), draw.choice((0, 1, 1, 2, 3))):
            line = replace(line, **{column: draw.choice(VALUES[column])})
        made.append(RequestLine(Ordinal(number), Personal(line)))
    return made


def terms() -> LineTerms:
    facts = context()
    return line_terms(header(), facts, frozenset(roster_ids(facts)))


@pytest.mark.parametrize("seed", range(3))
def test_every_line_is_judged_as_if_each_rule_were_asked(seed: int) -> None:
    asked, under, sound, mark = lines(800, seed), terms(), SoundValues(), marker(b"test")
    whole = tuple((rule_id, rule) for rule_id, rule in LINE_RULES if under.uses(rule_id))
    judged: list[object] = []
    for start in range(0, len(asked), 100):  # from one chunk to the next, values are remembered
        judged += first_look(asked[start : start + 100], under, mark, None, sound).judged
    plainly = [_first_defect(view, under, whole) for view in view_lines(asked)]
    assert [None if isinstance(one, AdmittedLine) else one for one in judged] == plainly
    assert {one[0] for one in plainly if one} >= {rule_id for rule_id, _ in whole} - {"L13", "L09"}
    assert sum(one is None for one in plainly) > 100
    assert sum(one.content.reveal() in sound for one in asked) > 100  # else nothing was skipped


class Recorded:
    """Stands for a line's content, and remembers what was read of it."""

    def __init__(self, line: LineContent) -> None:
        self.line, self.read = line, set[str]()

    def __getattr__(self, name: str) -> object:
        self.read.add(name)
        return getattr(self.line, name)


class OnlyContent:
    """Stands for a view of which nothing but the content may be read."""

    def __init__(self, line: LineContent) -> None:
        self.content = Recorded(line)


@pytest.mark.parametrize("rule", COLUMNS_READ, ids=lambda rule: rule.__name__)
def test_a_rule_of_columns_reads_no_other(rule: LineRule) -> None:
    under = terms()
    for one in lines(600, 7):
        view: Any = OnlyContent(one.content.reveal())
        rule(view, under)
        assert view.content.read <= set(COLUMNS_READ[rule])


def test_these_rules_find_nothing_on_a_plain_line() -> None:
    under = terms()
    views = view_lines(lines(1500, 8))
    found = [rule(view, under) for view in views if plain(view) for rule in OF_OTHER_LINES]
    assert len(found) > 1000
    assert not any(found)
    assert all(any(rule(view, under) for view in views) for rule in OF_OTHER_LINES)


def test_a_value_is_remembered_only_whole_and_without_a_birth_date() -> None:
    sound, line = SoundValues(), content(1)
    assert line not in sound
    sound.add(line)
    assert line in sound
    for changed in (
        replace(line, periods="2023"),
        replace(line, statute="8 USC 1253(a)(1)"),
        replace(line, order_date="2025-03-13"),
        replace(line, officer="officer-9"),
        replace(line, attestations="x"),
        replace(line, birth_date="2025-06-01"),
    ):
        assert changed not in sound
    assert "2025" not in repr(sound)
