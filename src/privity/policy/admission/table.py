"""The closed table: every rule of `domain/rules`, with the functions that apply it. A test holds the two together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from privity.domain.rules import RULES
from privity.policy import probing, recipients
from privity.policy.admission import file_rules
from privity.policy.admission.line_rules import LINE_RULES
from privity.policy.admission.request_rules import REQUEST_RULES

_BY_HISTORY: Final[Mapping[str, tuple[Callable[..., Any], ...]]] = {
    "L10": (file_rules.repeated_reasons,),
    "L11": (file_rules.shared_cases,),
    "L14": (file_rules.guessing, probing.over_the_year, probing.crowding),
    "L15": (file_rules.duplicate_ids,),
    "L16": (file_rules.crowded_addresses,),
    "V01": (recipients.judge_recipients,),
}


def functions_of(rule_id: str) -> tuple[Callable[..., Any], ...]:
    """Every function that applies one rule, in the order of admission."""
    found: list[Callable[..., Any]] = []
    if rule_id in REQUEST_RULES:
        found.append(REQUEST_RULES[rule_id][0])
    found += [rule for known, rule in LINE_RULES if known == rule_id]
    if rule_id in file_rules.FILE_RULES:
        found.append(file_rules.FILE_RULES[rule_id][0])
    return (*found, *_BY_HISTORY.get(rule_id, ()))


RULE_TABLE: Final[Mapping[str, tuple[Callable[..., Any], ...]]] = {rule_id: functions_of(rule_id) for rule_id in RULES}
"""Rule id -> its functions. Code, subject and parameters of each stand in `privity.domain.rules.RULES`."""
