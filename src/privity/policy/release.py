"""A08 and what must hold at the moment of release: agreement in force, no hold, safeguards current, two people.

Pure: the caller reads the authoritative store inside the deciding transaction and asks here (C4, C7).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from privity.domain.agreement import Agreement, AgreementSide
from privity.domain.errors import ErrorCode
from privity.domain.lifecycle import Action, may
from privity.domain.offices import CustodianOfficer, OfficeRegister
from privity.domain.request import RequestFinding
from privity.policy.admission.request_rules import safeguards_unmet, unsigned
from privity.policy.recipients import judge_recipients

APPROVERS = 2


@dataclass(frozen=True, slots=True)
class Approval:
    """One officer's verified signature over a content hash."""

    certificate: str  # SHA-256 of the DER, hex
    content_sha256: str
    approves: bool
    signed_at: datetime


def judge_release(  # noqa: PLR0917 - one fact of the release each
    agreement: Agreement,
    offices: OfficeRegister,
    holds: Sequence[str],
    recipients: Sequence[str],
    approvals: Sequence[Approval],
    content_sha256: str,
    at: datetime,
    *,
    signed_by: frozenset[AgreementSide],
    stopped: str,
) -> tuple[RequestFinding, ...]:
    """Everything that forbids releasing this content now. Empty: it may leave."""
    findings = list(judge_standing(agreement, offices, holds, at, signed_by=signed_by, stopped=stopped))
    findings += judge_recipients(recipients, agreement, offices, at)
    people = approvers(approvals, offices, content_sha256)
    if any(not approval.approves for approval in approvals if approval.content_sha256 == content_sha256):
        findings.append(_unapproved("an officer refused this content"))
    elif len(people) < APPROVERS:
        findings.append(_unapproved(f"{len(people)} of {APPROVERS} different people approved this content"))
    return tuple(findings)


def judge_standing(
    agreement: Agreement,
    offices: OfficeRegister,
    holds: Sequence[str],
    at: datetime,
    *,
    signed_by: frozenset[AgreementSide],
    stopped: str,
) -> tuple[RequestFinding, ...]:
    """What must hold again before each chunk of lines, at release and at delivery: R07, R08, R09.

    `signed_by`: the sides whose signature over this version is on record. `stopped`: why the recorded decisions forbid
    answers under this version, or "" (`domain.agreement_acts.why_stopped`).
    """
    findings = []
    in_force = agreement.effective <= at.date() <= agreement.expires
    message = (unsigned(signed_by) or stopped) if in_force else "the agreement is not in force"
    if message:
        findings.append(RequestFinding(ErrorCode.AGREEMENT_NOT_IN_FORCE, "R07", message, "wait until it is in force"))
    if agreement.rule("R08") is not None:
        message = safeguards_unmet(agreement, offices, at.date())
        if message:
            mend = "bring the safeguard review and its open findings up to date"
            findings.append(RequestFinding(ErrorCode.SAFEGUARDS_UNMET, "R08", message, mend))
    if holds:
        findings.append(RequestFinding(ErrorCode.ON_HOLD, "R09", "a hold is in force", "wait until it is lifted"))
    return tuple(findings)


def approvers(approvals: Sequence[Approval], offices: OfficeRegister, content_sha256: str) -> frozenset[str]:
    """Ids of the different people who, in a role that may approve, approved exactly this content."""
    people = set()
    for approval in approvals:
        if approval.approves and approval.content_sha256 == content_sha256:
            officer = _officer(approval, offices)
            if officer is not None and may(officer.role, Action.APPROVE):
                people.add(officer.id)
    return frozenset(people)


def _officer(approval: Approval, offices: OfficeRegister) -> CustodianOfficer | None:
    """The custodian's officer whose certificate signed while in office."""
    for officer in offices.custodian_officers:
        in_office = officer.since <= approval.signed_at and (
            officer.until is None or approval.signed_at < officer.until
        )
        if in_office and approval.certificate in officer.certificates:
            return officer
    return None


def _unapproved(message: str) -> RequestFinding:
    return RequestFinding(ErrorCode.RELEASE_UNAPPROVED, "A08", message, "two different people approve the same content")
