"""The requester's duties that follow a release (V04): due dates and certificates. What is overdue blocks requests."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from privity.domain.audit_events import AuditEvent
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.lifecycle import Action
from privity.domain.offices import CustodianRole
from privity.domain.request import RequestId
from privity.services.duties.duties_outstanding import is_overdue
from privity.services.gate import Gate, append_entry, need_role
from privity.services.release.release_response import DESTROY


@dataclass(frozen=True, slots=True)
class DutyRow:
    """One duty."""

    request_id: str
    requester: str
    duty: str
    due: date
    discharged_at: datetime | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class DutyDischarged:
    """A duty whose certificate is recorded by its hash."""

    request_id: str
    duty: str
    evidence_sha256: str


def list_duties(gate: Gate) -> tuple[DutyRow, ...]:
    """All duties, by due date."""
    today = gate.clock.now().date()
    with gate.store.reading() as read:
        stored, noticed = read.duties(), {one.request_id: read.notices(one.request_id) for one in read.duties()}
    return tuple(
        DutyRow(
            one.request_id,
            one.requester,
            one.duty,
            one.due,
            one.discharged_at,
            one.discharged_at is None and is_overdue(one, noticed.get(one.request_id, ()), today),
        )
        for one in stored
    )


def discharge_duty(
    gate: Gate,
    request_id: str,
    evidence: bytes,
    *,
    duty: str = DESTROY,
    role: CustodianRole = CustodianRole.COUNSEL,
) -> DutyDischarged:
    """Record the requester's certificate by its SHA-256. Raises PrivityError ROLE_FORBIDDEN, USAGE, NOT_FOUND."""
    need_role(role, Action.RECORD_AGREEMENT)
    if not evidence:
        raise PrivityError(ErrorCode.USAGE, "the certificate of destruction is empty")
    at = gate.clock.now()
    digest = hashlib.sha256(evidence).hexdigest()
    with gate.store.writing() as write:
        write.discharge_duty(RequestId(request_id), duty, at, digest)
        append_entry(write, AuditEvent.DUTY_DISCHARGED, at, request_id=request_id, duty=duty, evidence_sha256=digest)
    gate.publish()
    return DutyDischarged(request_id, duty, digest)
