"""Reads an agreement document (YAML, `privity-agreement/1`) into the domain's Agreement.

Refuses, with source and line, whatever it does not understand: unknown keys, rules and parameters, duplicate keys,
contradictory dates, empty lists of offices. It checks form, not law, and neither signatures nor who holds an office.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from privity.domain.agreement import (
    Agreement,
    MatchPolicy,
    Office,
    Party,
    PopulationCondition,
    RecipientDuty,
    ReportingDuty,
    RuleUse,
)
from privity.domain.errors import ErrorCode
from privity.domain.match_policies import POLICY_LEVELS
from privity.domain.offices import SafeguardFinding
from privity.domain.rules import RULES, Parameter, ParameterValue
from privity.wire.agreement_coherence import check_coherent, check_rules
from privity.wire.agreement_model import FORMAT, AgreementDocument
from privity.wire.yaml_document import Path, YamlDocument, parse_model, read_yaml

__all__ = ["FORMAT", "read_agreement", "read_agreement_document"]

_WORD = re.compile(r"[a-z][a-z0-9_]{0,63}\Z")


def read_agreement(document: bytes, *, source: str = "agreement") -> Agreement:
    """Read one agreement. Raises PrivityError AGREEMENT_INVALID with source, line and what to mend."""
    return read_agreement_document(document, source=source)[0]


def read_agreement_document(document: bytes, *, source: str = "agreement") -> tuple[Agreement, AgreementDocument]:
    """The agreement as the gate uses it, and the document element by element. Raises what `read_agreement` raises."""
    yaml = read_yaml(document, source=source, code=ErrorCode.AGREEMENT_INVALID)
    _refuse_empty(yaml, yaml.value, ())
    model = parse_model(yaml, AgreementDocument)
    check_coherent(yaml, model)
    uses = tuple(_rule_use(yaml, rule_id, rule.clause, rule.parameters) for rule_id, rule in model.rules.items())
    check_rules(yaml, model, uses)
    return _agreement(model, uses, hashlib.sha256(document).hexdigest()), model


def _refuse_empty(yaml: YamlDocument, value: Any, path: Path) -> None:
    """A key without a value is a slip: an element that may be left out is left out, not written empty."""
    if value is None:
        yaml.refuse(path, "this element is empty", "fill it in, or leave the key out where it may be left out")
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in steps:
        _refuse_empty(yaml, inner, (*path, step))


def _agreement(model: AgreementDocument, uses: tuple[RuleUse, ...], digest: str) -> Agreement:
    parties, term, answer, match = model.parties, model.term, model.answer, model.match
    return Agreement(
        id=model.id,
        version=model.version,
        title=model.title,
        digest=digest,
        custodian=Party(parties.custodian.id, parties.custodian.name),
        requester=Party(parties.requester.id, parties.requester.name),
        effective=term.effective,
        expires=term.expires,
        authority=model.authority.text,
        signing_offices=tuple(Office(o.id, o.title, parties.requester.id, o.clause) for o in model.offices.signing),
        custodian_offices=tuple(Office(o.id, o.title, parties.custodian.id, o.clause) for o in model.offices.custodian),
        delegates_allowed=model.offices.delegates.allowed,
        certificate_policies=tuple(model.certificate_policies.oids),
        statutes=tuple(statute.id for statute in model.statutes),
        purposes=tuple(purpose.id for purpose in model.purposes),
        rules=uses,
        match_policy=MatchPolicy(
            match.policy,
            tuple([level for level in POLICY_LEVELS[match.policy] if level not in match.without]),
            match.crowded_over,
            match.identifier_must_agree,
        ),
        answer_after_seconds=answer.after_seconds,
        destruction_due_days=model.retention.destruction_due_days,
        accounting_open_to_person=model.accounting.open_to_person,
        answer_after_seconds_per_thousand_lines=answer.after_seconds_per_thousand_lines,
        clauses=_clauses(model.model_dump(mode="python"), ""),
        acting_allowed=model.offices.acting is None or model.offices.acting.allowed,
        succession=model.offices.succession.text if model.offices.succession else "",
        lines_must_carry=tuple(model.lines.must_carry) if model.lines else (),
        population=tuple(PopulationCondition(one.id, one.text, one.rule) for one in model.population),
        recipient_duties=tuple(RecipientDuty(one.id, one.text) for one in model.duties),
        reporting=tuple(
            ReportingDuty(one.id, one.text, one.owed_by, one.after, one.within_days) for one in model.reporting
        ),
        safeguards_standard=model.safeguards.standard if model.safeguards else "",
        safeguards_reviewed_on=model.safeguards.reviewed_on if model.safeguards else None,
        safeguard_findings=tuple(
            SafeguardFinding(one.id, one.plan_due, None)
            for one in (model.safeguards.findings if model.safeguards else ())
        ),
    )


def _clauses(value: Any, path: str) -> dict[str, str]:
    """Every element that cites a clause, as `element -> clause`."""
    found: dict[str, str] = {}
    if isinstance(value, Mapping):
        if isinstance(value.get("clause"), str):
            found[path] = value["clause"]
        for key, inner in value.items():
            found |= _clauses(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for place, inner in enumerate(value, start=1):
            found |= _clauses(inner, f"{path}[{place}]")
    return found


def _rule_use(yaml: YamlDocument, rule_id: str, clause: str, parameters: Mapping[str, Any]) -> RuleUse:
    """One rule with every parameter the agreement sets, checked against the closed list."""
    spec = RULES.get(rule_id)
    if spec is None:
        yaml.refuse(("rules", rule_id), "there is no such rule", f"the rules are {', '.join(sorted(RULES))}")
    chosen: dict[str, ParameterValue] = {one.name: one.default for one in spec.parameters}
    for name, value in parameters.items():
        parameter = spec.parameter(name)
        path = ("rules", rule_id, "parameters", name)
        if parameter is None:
            known = ", ".join(one.name for one in spec.parameters) or "none"
            yaml.refuse(path, f"rule {rule_id} has no such parameter", f"its parameters: {known}")
        chosen[name] = _parameter_value(yaml, path, parameter, value)
    return RuleUse(rule_id, clause, chosen)


def _parameter_value(yaml: YamlDocument, path: Path, parameter: Parameter, value: Any) -> ParameterValue:
    default = parameter.default
    if isinstance(default, bool):
        if not isinstance(value, bool):
            yaml.refuse(path, "must be true or false")
        return value
    if isinstance(default, int):
        if isinstance(value, bool) or not isinstance(value, int):
            yaml.refuse(path, "must be a whole number")
        if not parameter.minimum <= value <= parameter.maximum:
            yaml.refuse(path, f"must lie between {parameter.minimum} and {parameter.maximum}")
        return value
    if not isinstance(value, list) or not value or not all(isinstance(w, str) and _WORD.match(w) for w in value):
        yaml.refuse(path, "must be a list of words in lower case, at least one")
    if len(set(value)) != len(value):
        yaml.refuse(path, "a word stands twice")
    return tuple(value)
