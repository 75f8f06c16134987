"""The closed list of rules, the functions behind it, and the shipped policies' levels hold together."""

from __future__ import annotations

from privity.domain.errors import ErrorCode
from privity.domain.match_policies import POLICY_LEVELS
from privity.domain.rules import RULES
from privity.matching.levels import POLICIES
from privity.policy.admission.line_rules import LINE_RULES
from privity.policy.admission.table import RULE_TABLE


def test_every_rule_of_the_list_is_there_and_applied() -> None:
    expected = [f"R{n:02}" for n in range(1, 16)] + [f"L{n:02}" for n in range(1, 17)] + ["V01"]
    assert list(RULES) == expected
    assert all(RULE_TABLE[rule] for rule in expected)


def test_every_function_names_its_rule() -> None:
    for rule, functions in RULE_TABLE.items():
        for function in functions:
            document = function.__doc__ or ""
            assert rule in document or function.__name__ in {"guessing", "over_the_year", "crowding"}, function


def test_codes_are_the_vocabularys() -> None:
    assert all(isinstance(spec.code, ErrorCode) for spec in RULES.values())
    assert {rule for rule, _ in LINE_RULES} <= set(RULES)


def test_policy_names_and_levels_are_those_of_matching() -> None:
    assert {name: policy.levels for name, policy in POLICIES.items()} == dict(POLICY_LEVELS)
