"""What admission may know, and what it returns. Nothing here, and nothing admission does, touches the register (C1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from privity.domain.agreement import Agreement, AgreementSide
from privity.domain.offices import OfficeRegister
from privity.domain.request import LineJudgement, RequestFinding
from privity.domain.rules import RULES, ParameterValue

AskedBefore = Callable[[Sequence[bytes]], Mapping[bytes, frozenset[bytes]]]


@dataclass(frozen=True, slots=True)
class SignatureFacts:
    """What the verified signature says: who signed (certificate's SHA-256, hex), when, and when it arrived."""

    fingerprint: str
    signing_time: datetime  # claimed by the signer
    received_at: datetime  # the custodian's clock
    policies: tuple[str, ...]  # policy OIDs valid along the path


@dataclass(frozen=True, slots=True)
class RequestContext:
    """Everything admission may know beside the request: the agreement, the roster, the history, one fixed time."""

    agreement: Agreement
    offices: OfficeRegister
    at: datetime  # the one admission time: when the request was received
    lines_this_year: int  # R14: lines already admitted this calendar year under the agreement
    open_cases: Mapping[str, int]  # R12: officer id -> open cases from other requests
    overdue_duties: int  # R15
    holds: tuple[str, ...]  # R09: ids of holds in force on the agreement, or on everything
    seen_before: bool  # R11: the request id or nonce was seen
    asked_before: AskedBefore  # L14: person digests -> question digests of the last year
    digest: Callable[[bytes], bytes]  # keyed digest (KeyStore.probing_digest)
    agreement_signed_by: frozenset[AgreementSide] = frozenset()  # R07: sides whose signature is on record
    agreement_stopped: str = "nobody asked whether the agreement is in force"  # R07: why decisions forbid it, or ""


@dataclass(frozen=True, slots=True)
class LineTerms:
    """What the line rules may know: the agreement's parameters, the header's words, the roster, the moment."""

    agreement: Agreement
    statutes: frozenset[str]  # comparable forms of the header's statutes
    attestations: frozenset[str]  # the header's attestation words
    signed_on: date  # the day the requester made (signed) the request
    at: datetime
    roster: frozenset[str] | None  # officers current at `at`; None: no roster at hand (lint), its test is skipped
    waived: frozenset[int] = frozenset()  # ordinals of lines that an officer admitted (L16): not referred again
    settings: dict[tuple[str, str], ParameterValue] = field(init=False)  # every parameter, read once

    def __post_init__(self) -> None:
        """Read every parameter of every rule once: lines are many."""
        found = {
            (spec.id, one.name): parameter(self.agreement, spec.id, one.name)
            for spec in RULES.values()
            for one in spec.parameters
        }
        object.__setattr__(self, "settings", found)

    def uses(self, rule_id: str) -> bool:
        """Whether the agreement asks for the rule."""
        return self.agreement.rule(rule_id) is not None

    def number(self, rule_id: str, name: str) -> int:
        """A numeric parameter, as the agreement sets it or by default."""
        return int(str(self._value(rule_id, name)))

    def switch(self, rule_id: str, name: str) -> bool:
        """A yes-or-no parameter."""
        return bool(self._value(rule_id, name))

    def words(self, rule_id: str, name: str) -> tuple[str, ...]:
        """A list parameter."""
        value = self._value(rule_id, name)
        return value if isinstance(value, tuple) else ()

    def _value(self, rule_id: str, name: str) -> ParameterValue:
        return self.settings[rule_id, name]


def parameter(agreement: Agreement, rule_id: str, name: str) -> ParameterValue:
    """A rule's parameter as the agreement sets it, or the default of the closed list."""
    use = agreement.rule(rule_id)
    if use is not None and name in use.parameters:
        return use.parameters[name]
    spec = RULES[rule_id].parameter(name)
    if spec is None:
        raise KeyError(name)
    return spec.default


@dataclass(slots=True)
class Admission:
    """The outcome for all lines: one judgement a line, in order, and what the whole file shows."""

    findings: tuple[RequestFinding, ...]  # R12, R13, R14, V01: any of them sends the whole request back
    judgements: tuple[LineJudgement, ...]
    questions: tuple[tuple[bytes, bytes], ...] = ()  # (person digest, question digest) of admitted lines, to remember
    warnings: tuple[str, ...] = field(default=())  # for reviewers: counts only, no values
