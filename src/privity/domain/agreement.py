"""The data-sharing agreement: parties, offices, rules with their parameters and clauses, and the match policy.

A value. `wire/agreement_format` reads it from YAML, `policy` asks it questions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from privity.domain.offices import SafeguardFinding


class AgreementSide(StrEnum):
    """Who signs an agreement: it is in force only where both sides did (R07)."""

    REQUESTER = "requester"
    CUSTODIAN = "custodian"


BOTH_SIDES = frozenset(AgreementSide)


@dataclass(frozen=True, slots=True)
class Party:
    """One side of the agreement."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Office:
    """An office that may sign requests. Never a person."""

    id: str
    title: str
    party: str
    clause: str


@dataclass(frozen=True, slots=True)
class RuleUse:
    """One rule the agreement switches on, with the clause it serves and its parameters."""

    rule: str  # "R01" ... "L16", "V01"
    clause: str
    parameters: Mapping[str, str | int | bool | tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class MatchPolicy:
    """Which levels decide, in which order, and how crowded a point may be (design MATCHING, Levels and decision)."""

    name: str  # "exact", "standard", "extended"
    levels: tuple[str, ...]
    crowded_over: int = 12  # persons at a point, over all periods, above which one-edit levels are off
    identifier_must_agree: bool = True


@dataclass(frozen=True, slots=True)
class PopulationCondition:
    """A condition on who may be asked about, with the rule that enforces it."""

    id: str
    text: str
    rule: str


@dataclass(frozen=True, slots=True)
class RecipientDuty:
    """Something that those who receive owe."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class ReportingDuty:
    """A report that one side owes, `within_days` after the end of each year or after an incident."""

    id: str
    text: str
    owed_by: str  # "custodian" or "requester"
    after: str  # "year_end" or "incident"
    within_days: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """One version of one agreement. `digest` is the SHA-256 of the document's bytes, hex."""

    id: str
    version: int
    title: str
    digest: str
    custodian: Party
    requester: Party
    effective: date
    expires: date
    authority: str
    signing_offices: tuple[Office, ...]
    custodian_offices: tuple[Office, ...]
    delegates_allowed: bool
    certificate_policies: tuple[str, ...]  # policy OIDs a request signer's path must carry
    statutes: tuple[str, ...]
    purposes: tuple[str, ...]
    rules: tuple[RuleUse, ...]
    match_policy: MatchPolicy
    answer_after_seconds: int  # an answer is visible no earlier than admission + this (C2)
    destruction_due_days: int  # V04: the requester's duty to destroy what it received
    accounting_open_to_person: bool
    answer_after_seconds_per_thousand_lines: int = 0
    clauses: Mapping[str, str] = field(default_factory=dict)  # element of the document -> the clause it serves
    acting_allowed: bool = True  # whether an acting holder of a signing office may sign (R01)
    succession: str = ""
    lines_must_carry: tuple[str, ...] = ()  # in words; the rules ask for it
    population: tuple[PopulationCondition, ...] = ()
    recipient_duties: tuple[RecipientDuty, ...] = ()
    reporting: tuple[ReportingDuty, ...] = ()
    safeguards_standard: str = ""
    safeguards_reviewed_on: date | None = None  # the review that the parties relied on (R08)
    safeguard_findings: tuple[SafeguardFinding, ...] = ()  # open at signing, until the office register closes them

    def rule(self, rule_id: str) -> RuleUse | None:
        """The use of one rule, or None where the agreement does not ask for it."""
        return next((use for use in self.rules if use.rule == rule_id), None)
