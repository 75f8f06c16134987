"""Records an agreement with its digest, and shows what is recorded. A version, once recorded, never changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from privity.domain.agreement import Agreement
from privity.domain.audit_events import AuditEvent
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.lifecycle import Action
from privity.domain.offices import CustodianRole
from privity.ports.stored import StoredAgreement
from privity.ports.stores import ReadStore
from privity.services.gate import Gate, append_entry, need_role, need_thawed
from privity.wire.agreement_format import read_agreement


@dataclass(frozen=True, slots=True)
class AgreementRecorded:
    """What was recorded; `already_recorded` where the same bytes were there before."""

    agreement_id: str
    version: int
    digest: str
    title: str
    already_recorded: bool


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """One recorded version."""

    agreement_id: str
    version: int
    digest: str
    title: str
    effective: date
    expires: date
    recorded_at: datetime


def record_agreement(gate: Gate, document: bytes, *, role: CustodianRole = CustodianRole.COUNSEL) -> AgreementRecorded:
    """Validate and record one version.

    Raises PrivityError AGREEMENT_INVALID, ROLE_FORBIDDEN, STATE_CONFLICT (the version exists with other bytes).
    """
    need_role(role, Action.RECORD_AGREEMENT)
    agreement = read_agreement(document)
    at = gate.clock.now()
    with gate.store.writing() as write:
        need_thawed(write)
        known = write.agreement(agreement.id, agreement.version)
        if known is None or known.digest != agreement.digest:
            write.add_agreement(StoredAgreement(agreement.id, agreement.version, agreement.digest, document, at))
            append_entry(
                write,
                AuditEvent.AGREEMENT_RECORDED,
                at,
                agreement_id=agreement.id,
                agreement_version=agreement.version,
                agreement_digest=agreement.digest,
            )
    gate.publish()
    return AgreementRecorded(agreement.id, agreement.version, agreement.digest, agreement.title, known is not None)


def list_agreements(gate: Gate) -> tuple[AgreementRow, ...]:
    """Every recorded version, oldest first."""
    with gate.store.reading() as read:
        stored = read.agreements()
    rows = []
    for one in stored:
        agreement = read_agreement(one.document)
        rows.append(
            AgreementRow(
                agreement.id,
                agreement.version,
                agreement.digest,
                agreement.title,
                agreement.effective,
                agreement.expires,
                one.recorded_at,
            )
        )
    return tuple(rows)


def show_agreement(gate: Gate, agreement_id: str, version: int | None = None) -> Agreement:
    """One recorded agreement (the newest version by default). Raises PrivityError NOT_FOUND."""
    with gate.store.reading() as read:
        return stored_agreement(read, agreement_id, version)


def stored_agreement(read: ReadStore, agreement_id: str, version: int | None = None) -> Agreement:
    """The agreement from its own bytes. Raises PrivityError NOT_FOUND."""
    stored = read.agreement(agreement_id, version)
    if stored is None:
        raise PrivityError(
            ErrorCode.NOT_FOUND, "no such agreement is recorded in this home", "See `privity agreement list`."
        )
    return read_agreement(stored.document)
