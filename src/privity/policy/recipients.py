"""V01: answers go to named officers of the requester only; to no contractor unless safeguarded."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from privity.domain.agreement import Agreement
from privity.domain.errors import ErrorCode
from privity.domain.offices import NamedOfficer, OfficeRegister
from privity.domain.request import RequestFinding


def current_officers(offices: OfficeRegister, party: str, at: datetime) -> dict[str, NamedOfficer]:
    """The party's officers whose tenure covers `at`, by roster id."""
    return {
        officer.id: officer
        for officer in offices.officers
        if officer.party == party and officer.since <= at and (officer.until is None or at < officer.until)
    }


def judge_recipients(
    named: Iterable[str], agreement: Agreement, offices: OfficeRegister, at: datetime
) -> tuple[RequestFinding, ...]:
    """Findings where an officer who would receive answers is not listed with a certificate, or is a bare contractor.

    Asked at admission and again at release (clause: the agreement's V01).
    """
    if agreement.rule("V01") is None:
        return ()
    roster = current_officers(offices, agreement.requester.id, at)
    wanted = sorted(set(named))
    unlisted = [one for one in wanted if one not in roster or not roster[one].certificate_pem.strip()]
    bare = [
        one for one in wanted if one in roster and roster[one].contractor and not roster[one].contractor_safeguarded
    ]
    findings = []
    if unlisted:
        message = f"{len(unlisted)} named officers are not on the roster with a certificate"
        findings.append(RequestFinding(ErrorCode.RECEIVER_UNLISTED, "V01", message, "name officers on the roster"))
    if bare:
        message = f"{len(bare)} named officers are contractors without safeguards"
        findings.append(RequestFinding(ErrorCode.RECEIVER_CONTRACTOR, "V01", message, "name employees of the agency"))
    return tuple(findings)
