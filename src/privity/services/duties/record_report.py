"""Records that a party made a report it owes under an agreement: which, about when, on which day, and its digest.

The report itself is not kept: the law or the agreement says who holds it. What is on record clears the overdue mark of
`agreement inventory`, and stands in the evidence log.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from privity.domain.agreement import ReportingDuty
from privity.domain.audit_events import AuditEvent
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.lifecycle import Action
from privity.domain.offices import CustodianRole
from privity.ports.reports import StoredReport
from privity.ports.stores import ReadStore
from privity.services.gate import Gate, append_entry, need_role
from privity.wire.agreement_format import read_agreement

AT_YEAR_END = "year_end"


@dataclass(frozen=True, slots=True)
class ReportRecorded:
    """A report is on record."""

    agreement_id: str
    report: str
    about: date
    made_on: date
    evidence_sha256: str
    log_index: int


def record_report(
    gate: Gate,
    agreement_id: str,
    report: str,
    about: date,
    evidence: bytes,
    *,
    made_on: date | None = None,
    role: CustodianRole = CustodianRole.COUNSEL,
) -> ReportRecorded:
    """Record one report by its document's SHA-256. `about`: the year's last day, or the incident's day.

    Raises PrivityError ROLE_FORBIDDEN, NOT_FOUND (agreement or duty), USAGE (no document, a day that cannot be),
    STATE_CONFLICT (on record already).
    """
    need_role(role, Action.RECORD_REPORT)
    at = gate.clock.now()
    made = made_on or at.date()
    digest = hashlib.sha256(evidence).hexdigest()
    with gate.store.writing() as write:
        _need_possible(_duty(write, agreement_id, report), about, made, at.date(), evidence)
        index = append_entry(
            write,
            AuditEvent.REPORT_RECORDED,
            at,
            agreement_id=agreement_id,
            report=report,
            about=about.isoformat(),
            made_on=made.isoformat(),
            evidence_sha256=digest,
        )
        write.add_report(StoredReport(agreement_id, report, about, made, at, role.value, digest, index))
    gate.publish()
    return ReportRecorded(agreement_id, report, about, made, digest, index)


def _duty(read: ReadStore, agreement_id: str, report: str) -> ReportingDuty:
    """The duty as the newest version that knows it states it."""
    known = [one for one in read.agreements() if one.agreement_id == agreement_id]
    if not known:
        raise PrivityError(
            ErrorCode.NOT_FOUND, "no agreement of this id is recorded", "See `privity agreement inventory`."
        )
    for stored in sorted(known, key=lambda one: one.version, reverse=True):
        for duty in read_agreement(stored.document).reporting:
            if duty.id == report:
                return duty
    raise PrivityError(
        ErrorCode.NOT_FOUND, "the agreement knows no such report", "See `privity agreement inventory`: reports owed."
    )


def _need_possible(duty: ReportingDuty, about: date, made_on: date, today: date, evidence: bytes) -> None:
    if not evidence:
        raise PrivityError(ErrorCode.USAGE, "the report is empty", "Give the document that was sent.")
    yearly = duty.after == AT_YEAR_END
    if yearly and (about.month, about.day) != (12, 31):
        raise PrivityError(ErrorCode.USAGE, "this report is about a whole year", "Give --year.")
    if not (made_on <= today and (about <= made_on)):
        raise PrivityError(ErrorCode.USAGE, "no report is made before what it is about, or in the future")
