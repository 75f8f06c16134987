"""The table of rules in docs/procedures/admit.md says what `domain/rules` says, and the order of line rules holds."""

from __future__ import annotations

import re
from pathlib import Path

from privity.domain.rules import RULES
from privity.policy.admission.line_rules import LINE_RULES

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "procedures" / "admit.md").read_text(encoding="utf-8")


def test_every_rule_stands_in_the_table_with_code_parameters_and_whether_it_may_be_left_out() -> None:
    rows = {
        row[0]: row
        for row in re.findall(r"^\| ([RLV]\d\d) \| (.*?) \| (\w+) \| (.*?) \| (yes|no) \|$", PAGE, re.MULTILINE)
    }
    assert list(rows) == list(RULES)
    for spec in RULES.values():
        _, title, code, parameters, optional = rows[spec.id]
        assert (title, code, optional) == (spec.title, spec.code.value, "no" if spec.mandatory else "yes")
        assert re.findall(r"`(\w+)`", parameters) == [one.name for one in spec.parameters]


def test_the_order_of_line_rules_is_the_codes() -> None:
    sentence = PAGE[PAGE.index("*Line rules,*") : PAGE.index("3. *File rules,*")]
    assert re.findall(r"\bL\d\d\b", sentence) == [rule for rule, _ in LINE_RULES]
