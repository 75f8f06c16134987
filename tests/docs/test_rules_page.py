"""docs/rules.md says what the code does: every rule, clause, parameter, code, function, and judged examples."""

from __future__ import annotations

import re

import pytest

from privity.domain.rules import RULES
from privity.policy.admission.table import RULE_TABLE
from tools.rule_examples import EXAMPLES
from tools.write_rules import PAGE, page

TEXT = PAGE.read_text(encoding="utf-8")


def section(rule_id: str) -> str:
    found = re.search(rf"^## {rule_id} .*?(?=^## )", TEXT, re.MULTILINE | re.DOTALL)
    assert found, rule_id
    return found[0]


def test_the_page_is_what_the_code_says() -> None:
    """Writing it judges every example anew; one judged otherwise than shown stops the writing."""
    assert page() == TEXT, "run python tools/write_rules.py"


@pytest.mark.parametrize("rule_id", list(RULES))
def test_each_rule_has_its_code_parameters_functions_clauses_and_both_kinds_of_example(rule_id: str) -> None:
    spec, said = RULES[rule_id], section(rule_id)
    assert f"## {rule_id} {spec.title}\n" in said
    assert f"`{spec.code.value}`" in said
    assert re.findall(r"^\| `(\w+)` \|", said, re.MULTILINE) == [one.name for one in spec.parameters]
    assert RULE_TABLE[rule_id], "no function applies the rule"
    assert all(f"`{one.__module__}.{one.__qualname__}`" in said for one in RULE_TABLE[rule_id])
    assert re.search(r"^\| tax-enforcement-2025 \| .+ \|$", said, re.MULTILINE)
    assert {one.accepted for one in EXAMPLES[rule_id]} == {True, False}


def test_an_example_that_the_code_judges_otherwise_stops_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from tools import write_rules

    wrong = {**EXAMPLES, "L02": (replace(EXAMPLES["L02"][0], accepted=False),)}
    monkeypatch.setattr(write_rules, "EXAMPLES", wrong)
    with pytest.raises(ValueError, match="L02"):
        write_rules.page()
