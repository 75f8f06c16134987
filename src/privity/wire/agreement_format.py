"""Reads an agreement document (YAML, `privity-agreement/1`) into the domain's Agreement.

Refuses, with source and line, whatever it does not understand: unknown keys, rules and parameters, duplicate keys,
contradictory dates, empty lists of offices. It checks form, not law, and neither signatures nor who holds an office.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, StringConstraints

from privity.domain.agreement import Agreement, MatchPolicy, Office, Party, RuleUse
from privity.domain.errors import ErrorCode
from privity.domain.match_policies import POLICY_LEVELS
from privity.domain.rules import MANDATORY, RULES, Parameter, ParameterValue
from privity.wire.yaml_document import Path, YamlDocument, parse_model, read_yaml

FORMAT = "privity-agreement/1"

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Oid = Annotated[str, StringConstraints(pattern=r"^[0-2](\.(0|[1-9][0-9]*)){1,30}$")]
_WORD = re.compile(r"[a-z][a-z0-9_]{0,63}\Z")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Cited(_Strict):
    clause: Sentence


class _Party(_Cited):
    id: Identifier
    name: Sentence


class _Parties(_Strict):
    custodian: _Party
    requester: _Party


class _Authority(_Cited):
    text: Sentence


class _Term(_Cited):
    effective: date
    expires: date


class _Office(_Cited):
    id: Identifier
    title: Sentence


class _Delegates(_Cited):
    allowed: StrictBool


class _Offices(_Strict):
    signing: Annotated[list[_Office], Field(min_length=1, max_length=100)]
    custodian: Annotated[list[_Office], Field(min_length=1, max_length=100)]
    delegates: _Delegates


class _Policies(_Cited):
    oids: Annotated[list[Oid], Field(min_length=1, max_length=20)]


class _Citation(_Cited):
    id: Sentence
    text: Sentence


class _Answer(_Cited):
    permitted: Literal["confirm_address"]
    after_seconds: Annotated[StrictInt, Field(ge=0, le=31_536_000)]
    after_seconds_per_thousand_lines: Annotated[StrictInt, Field(ge=0, le=86_400)] = 0


class _Match(_Cited):
    policy: Literal["exact", "standard", "extended"]
    crowded_over: Annotated[StrictInt, Field(ge=1, le=1000)] = 12
    identifier_must_agree: StrictBool = True


class _Retention(_Cited):
    destruction_due_days: Annotated[StrictInt, Field(ge=1, le=36_600)]


class _Accounting(_Cited):
    open_to_person: StrictBool


class _Rule(_Cited):
    parameters: dict[str, Any] = Field(default_factory=dict)


class _Document(_Strict):
    format: Literal["privity-agreement/1"]
    id: Identifier
    version: Annotated[StrictInt, Field(ge=1, le=1_000_000)]
    title: Sentence
    parties: _Parties
    authority: _Authority
    term: _Term
    offices: _Offices
    certificate_policies: _Policies
    statutes: Annotated[list[_Citation], Field(max_length=100)]
    purposes: Annotated[list[_Citation], Field(min_length=1, max_length=100)]
    answer: _Answer
    match: _Match
    retention: _Retention
    accounting: _Accounting
    rules: Annotated[dict[str, _Rule], Field(min_length=1)]


def read_agreement(document: bytes, *, source: str = "agreement") -> Agreement:
    """Read one agreement. Raises PrivityError AGREEMENT_INVALID with source, line and what to mend."""
    yaml = read_yaml(document, source=source, code=ErrorCode.AGREEMENT_INVALID)
    model = parse_model(yaml, _Document)
    _check_coherent(yaml, model)
    uses = tuple(_rule_use(yaml, rule_id, rule) for rule_id, rule in model.rules.items())
    _check_rules(yaml, model, uses)
    return _agreement(model, uses, hashlib.sha256(document).hexdigest())


def _agreement(model: _Document, uses: tuple[RuleUse, ...], digest: str) -> Agreement:
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
            match.policy, POLICY_LEVELS[match.policy], match.crowded_over, match.identifier_must_agree
        ),
        answer_after_seconds=answer.after_seconds,
        destruction_due_days=model.retention.destruction_due_days,
        accounting_open_to_person=model.accounting.open_to_person,
        answer_after_seconds_per_thousand_lines=answer.after_seconds_per_thousand_lines,
        clauses=_clauses(model.model_dump(mode="python"), ""),
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


def _check_coherent(yaml: YamlDocument, model: _Document) -> None:
    """Refuse what each element alone cannot show: contradictory dates, one party twice, an id twice."""
    if model.term.expires <= model.term.effective:
        yaml.refuse(("term", "expires"), "the agreement ends on or before the day it begins", "correct the dates")
    if model.parties.custodian.id == model.parties.requester.id:
        yaml.refuse(("parties", "requester"), "custodian and requester are the same party")
    _refuse_twice(yaml, ("offices", "signing"), [office.id for office in model.offices.signing])
    _refuse_twice(yaml, ("offices", "custodian"), [office.id for office in model.offices.custodian])
    _refuse_twice(yaml, ("statutes",), [statute.id for statute in model.statutes])
    _refuse_twice(yaml, ("purposes",), [purpose.id for purpose in model.purposes])


def _refuse_twice(yaml: YamlDocument, path: Path, ids: list[str]) -> None:
    seen: set[str] = set()
    for place, one in enumerate(ids):
        if one in seen:
            yaml.refuse((*path, place), "the same id stands twice", "give each element its own id")
        seen.add(one)


def _rule_use(yaml: YamlDocument, rule_id: str, rule: _Rule) -> RuleUse:
    """One rule with every parameter the agreement sets, checked against the closed list."""
    spec = RULES.get(rule_id)
    if spec is None:
        yaml.refuse(("rules", rule_id), "there is no such rule", f"the rules are {', '.join(sorted(RULES))}")
    chosen: dict[str, ParameterValue] = {one.name: one.default for one in spec.parameters}
    for name, value in rule.parameters.items():
        parameter = spec.parameter(name)
        path = ("rules", rule_id, "parameters", name)
        if parameter is None:
            known = ", ".join(one.name for one in spec.parameters) or "none"
            yaml.refuse(path, f"rule {rule_id} has no such parameter", f"its parameters: {known}")
        chosen[name] = _parameter_value(yaml, path, parameter, value)
    return RuleUse(rule_id, rule.clause, chosen)


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


def _check_rules(yaml: YamlDocument, model: _Document, uses: tuple[RuleUse, ...]) -> None:
    """Refuse an agreement that drops a rule no agreement may drop, or whose rules contradict each other."""
    missing = sorted(MANDATORY - {use.rule for use in uses})
    if missing:
        yaml.refuse(("rules",), f"rules no agreement may leave out are missing: {', '.join(missing)}", "add them")
    chosen = {use.rule: use.parameters for use in uses}
    if not model.statutes and ("R05" in chosen or "L07" in chosen):
        yaml.refuse(("statutes",), "R05 and L07 need at least one designated statute")
    if "L09" in chosen and not chosen["L09"]["attestations"]:
        yaml.refuse(("rules", "L09"), "L09 names no attestation", "set parameters.attestations")
    dates = chosen.get("L08")
    if dates and 0 < int(str(dates["within_days"])) <= int(str(dates["more_than_days"])):
        yaml.refuse(("rules", "L08"), "no date can satisfy both more_than_days and within_days")
