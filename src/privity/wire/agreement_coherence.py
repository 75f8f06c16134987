"""What no element of an agreement shows alone: dates, ids, thresholds and rules that contradict each other.

Each defect is refused at its line, with what to mend. Values are never repeated in a message.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from privity.domain.agreement import RuleUse
from privity.domain.match_policies import POLICY_LEVELS
from privity.domain.rules import MANDATORY, ParameterValue
from privity.wire.agreement_model import AgreementDocument
from privity.wire.yaml_document import Path, YamlDocument

Chosen = Mapping[str, Mapping[str, ParameterValue]]

# What a line must carry, and the rule that returns a line without it.
CARRIED_BY: Mapping[str, str] = {
    "name": "L01",
    "address": "L02",
    "periods": "L06",
    "statute": "L07",
    "order_date": "L08",
    "attestations": "L09",
    "reason": "L10",
    "case_id": "L11",
    "officer": "L12",
}


def check_coherent(yaml: YamlDocument, model: AgreementDocument) -> None:
    """Refuse contradictory dates, one party twice, an id twice. Raises PrivityError AGREEMENT_INVALID."""
    if model.term.expires <= model.term.effective:
        yaml.refuse(("term", "expires"), "the agreement ends on or before the day it begins", "correct the dates")
    if model.parties.custodian.id == model.parties.requester.id:
        yaml.refuse(("parties", "requester"), "custodian and requester are the same party", "name both parties")
    lists: tuple[tuple[Path, Sequence[str]], ...] = (
        (("offices", "signing"), [one.id for one in model.offices.signing]),
        (("offices", "custodian"), [one.id for one in model.offices.custodian]),
        (("certificate_policies", "oids"), model.certificate_policies.oids),
        (("match", "without"), model.match.without),
        (("statutes",), [one.id for one in model.statutes]),
        (("purposes",), [one.id for one in model.purposes]),
        (("lines", "must_carry"), list(model.lines.must_carry) if model.lines else []),
        (("population",), [one.id for one in model.population]),
        (("duties",), [one.id for one in model.duties]),
        (("safeguards", "findings"), [one.id for one in model.safeguards.findings] if model.safeguards else []),
        (("reporting",), [one.id for one in model.reporting]),
    )
    for path, ids in lists:
        _refuse_twice(yaml, path, ids)
    _check_shared_offices(yaml, model)
    _check_safeguards(yaml, model)
    for place, level in enumerate(model.match.without):
        if level not in POLICY_LEVELS[model.match.policy]:
            yaml.refuse(
                ("match", "without", place),
                "a level is switched off that the match policy does not have",
                "leave it out, or name the policy that has it",
            )


def _check_shared_offices(yaml: YamlDocument, model: AgreementDocument) -> None:
    signing = {one.id for one in model.offices.signing}
    for place, office in enumerate(model.offices.custodian):
        if office.id in signing:
            yaml.refuse(
                ("offices", "custodian", place),
                "an office that signs requests stands on the custodian's side too",
                "no office asks and answers: give each side its own",
            )


def _check_safeguards(yaml: YamlDocument, model: AgreementDocument) -> None:
    if model.safeguards is None:
        return
    reviewed = model.safeguards.reviewed_on
    if reviewed > model.term.effective:
        yaml.refuse(
            ("safeguards", "reviewed_on"),
            "the review lies after the day the agreement begins",
            "name the review on which the parties relied when they signed",
        )
    for place, finding in enumerate(model.safeguards.findings):
        if finding.plan_due < reviewed:
            yaml.refuse(
                ("safeguards", "findings", place, "plan_due"),
                "the plan was due before the review that found it",
                "correct the dates",
            )


def _refuse_twice(yaml: YamlDocument, path: Path, ids: Sequence[str]) -> None:
    seen: set[str] = set()
    for place, one in enumerate(ids):
        if one.casefold() in seen:
            yaml.refuse((*path, place), "the same id stands twice", "give each element its own id")
        seen.add(one.casefold())


def check_rules(yaml: YamlDocument, model: AgreementDocument, uses: Sequence[RuleUse]) -> None:
    """Refuse an agreement that drops a rule no agreement may drop, or whose rules contradict each other.

    Raises PrivityError AGREEMENT_INVALID.
    """
    chosen: Chosen = {use.rule: use.parameters for use in uses}
    missing = sorted(MANDATORY - set(chosen))
    if missing:
        yaml.refuse(("rules",), f"rules no agreement may leave out are missing: {', '.join(missing)}", "add them")
    for check in (_statutes, _attestations, _dates, _volumes, _periods, _safeguard_rule, _population, _carried):
        check(yaml, model, chosen)


def _statutes(yaml: YamlDocument, model: AgreementDocument, chosen: Chosen) -> None:
    if not model.statutes and ("R05" in chosen or "L07" in chosen):
        yaml.refuse(("statutes",), "R05 and L07 need at least one designated statute", "designate one, or drop both")
    if model.statutes and "R05" not in chosen:
        yaml.refuse(("statutes",), "statutes are designated, but no rule R05 holds requests to them", "add rule R05")


def _attestations(yaml: YamlDocument, model: AgreementDocument, chosen: Chosen) -> None:
    del model
    if "L09" in chosen and not chosen["L09"]["attestations"]:
        yaml.refuse(("rules", "L09"), "L09 names no attestation", "set parameters.attestations")


def _dates(yaml: YamlDocument, model: AgreementDocument, chosen: Chosen) -> None:
    del model
    if "L08" in chosen and 0 < _number(chosen, "L08", "within_days") <= _number(chosen, "L08", "more_than_days"):
        yaml.refuse(
            ("rules", "L08"), "no date can satisfy both more_than_days and within_days", "make within_days the larger"
        )


def _volumes(yaml: YamlDocument, model: AgreementDocument, chosen: Chosen) -> None:
    """Thresholds that can never be met, or never reached."""
    del model
    if "R14" not in chosen:
        return
    path: Path = ("rules", "R14", "parameters")
    per_request, per_year = _number(chosen, "R14", "per_request"), _number(chosen, "R14", "per_year")
    if per_request > per_year:
        yaml.refuse(
            (*path, "per_request"), "one request may hold more lines than the year", "raise per_year or lower it"
        )
    if per_request > _number(chosen, "R10", "max_lines"):
        yaml.refuse(
            (*path, "per_request"),
            "R10 refuses a file before this volume can be reached",
            "set per_request no higher than R10's max_lines",
        )


def _periods(yaml: YamlDocument, model: AgreementDocument, chosen: Chosen) -> None:
    del model
    if _number(chosen, "L06", "max_periods") > 12 * (_number(chosen, "L06", "max_years_back") + 1):
        yaml.refuse(
            ("rules", "L06", "parameters", "max_periods"),
            "more periods than the years allowed have months",
            "lower max_periods or raise max_years_back",
        )


def _safeguard_rule(yaml: YamlDocument, model: AgreementDocument, chosen: Chosen) -> None:
    if model.safeguards is None:
        return
    if "R08" not in chosen:
        yaml.refuse(("safeguards",), "safeguards are agreed, but no rule R08 asks for them", "add rule R08")
    valid = timedelta(days=_number(chosen, "R08", "review_valid_days"))
    if model.safeguards.reviewed_on + valid < model.term.effective:
        yaml.refuse(
            ("safeguards", "reviewed_on"),
            "by R08 the review is out of date on the day the agreement begins",
            "name a later review, or begin with a new one",
        )


def _population(yaml: YamlDocument, model: AgreementDocument, chosen: Chosen) -> None:
    for place, condition in enumerate(model.population):
        if condition.rule not in chosen or not condition.rule.startswith("L"):
            yaml.refuse(
                ("population", place, "rule"),
                "the rule that should enforce this condition is no line rule of this agreement",
                "name a line rule that stands under rules",
            )


def _carried(yaml: YamlDocument, model: AgreementDocument, chosen: Chosen) -> None:
    """`lines.must_carry` says exactly what the rules ask for: counsel and engineers read the same."""
    if model.lines is None:
        return
    asked = [word for word, rule in CARRIED_BY.items() if rule in chosen and _on_the_line(word, chosen)]
    for place, word in enumerate(model.lines.must_carry):
        if word not in asked:
            yaml.refuse(
                ("lines", "must_carry", place),
                f"no rule asks each line for {word}",
                f"use rule {CARRIED_BY[word]}, or leave the word out",
            )
    missing = [word for word in asked if word not in model.lines.must_carry]
    if missing:
        yaml.refuse(
            ("lines", "must_carry"),
            f"rules ask each line for more: {', '.join(missing)}",
            "name it here, or drop the rule that asks for it",
        )


def _on_the_line(word: str, chosen: Chosen) -> bool:
    return word != "attestations" or bool(chosen["L09"]["per_line"])


def _number(chosen: Chosen, rule: str, name: str) -> int:
    return int(str(chosen[rule][name]))
