"""Records an agreement with its digest and the parties' signatures, and shows what is recorded.

A version, once recorded, never changes; signatures may be added to it later. It is in force only where both sides
signed (R07): an unsigned one may be recorded and shown, and every request under it goes back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from privity.domain.agreement import BOTH_SIDES, Agreement
from privity.domain.audit_events import AuditEvent
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.lifecycle import Action
from privity.domain.offices import CustodianRole
from privity.ports.stored import StoredAgreement
from privity.ports.stores import ReadStore
from privity.services.agreement_signatures import (
    AgreementSignature,
    add_signatures,
    signatures_of,
    verify_signatures,
)
from privity.services.gate import Gate, append_entry, need_role, need_thawed
from privity.wire.agreement_format import read_agreement


@dataclass(frozen=True, slots=True)
class AgreementRecorded:
    """What is on record now; `already_recorded` where the same bytes were there before."""

    agreement_id: str
    version: int
    digest: str
    title: str
    already_recorded: bool
    signatures_added: int
    signatures: tuple[AgreementSignature, ...]
    signed_by_both: bool


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
    signatures: tuple[AgreementSignature, ...]


def record_agreement(
    gate: Gate,
    document: bytes,
    *,
    signatures: Sequence[bytes] = (),
    role: CustodianRole = CustodianRole.COUNSEL,
) -> AgreementRecorded:
    """Validate and record one version, with detached CMS signatures over its bytes: all of this, or nothing.

    Raises PrivityError AGREEMENT_INVALID, ROLE_FORBIDDEN, STATE_CONFLICT (the version exists with other bytes);
    for a signature SIGNATURE_INVALID, CERTIFICATE_INVALID, SIGNER_UNAUTHORISED, NOT_FOUND (no office register).
    """
    need_role(role, Action.RECORD_AGREEMENT)
    agreement = read_agreement(document)
    at = gate.clock.now()
    verified = verify_signatures(gate, document, signatures, at)
    with gate.store.writing() as write:
        need_thawed(write)
        known = write.agreement(agreement.id, agreement.version)
        if known is None or known.digest != agreement.digest:
            write.add_agreement(StoredAgreement(agreement.id, agreement.version, agreement.digest, document, at))
        added = add_signatures(gate, write, agreement, verified)
        on_record = signatures_of(write, gate.keys, agreement)
        if known is None or added:
            append_entry(
                write,
                AuditEvent.AGREEMENT_RECORDED,
                at,
                agreement_id=agreement.id,
                agreement_version=agreement.version,
                agreement_digest=agreement.digest,
                signatures=len(on_record),
            )
    gate.publish()
    return AgreementRecorded(
        agreement.id,
        agreement.version,
        agreement.digest,
        agreement.title,
        known is not None,
        added,
        on_record,
        {one.side for one in on_record} >= BOTH_SIDES,
    )


def list_agreements(gate: Gate) -> tuple[AgreementRow, ...]:
    """Every recorded version, oldest first."""
    with gate.store.reading() as read:
        return tuple(_row(gate, read, one) for one in read.agreements())


def _row(gate: Gate, read: ReadStore, stored: StoredAgreement) -> AgreementRow:
    agreement = read_agreement(stored.document)
    return AgreementRow(
        agreement.id,
        agreement.version,
        agreement.digest,
        agreement.title,
        agreement.effective,
        agreement.expires,
        stored.recorded_at,
        signatures_of(read, gate.keys, agreement),
    )


def show_agreement(gate: Gate, agreement_id: str, version: int | None = None) -> Agreement:
    """One recorded agreement (the newest version by default). Raises PrivityError NOT_FOUND."""
    with gate.store.reading() as read:
        return stored_agreement(read, agreement_id, version)


def show_signatures(gate: Gate, agreement: Agreement) -> tuple[AgreementSignature, ...]:
    """Who signed this version: side, office or role, times."""
    with gate.store.reading() as read:
        return signatures_of(read, gate.keys, agreement)


def stored_agreement(read: ReadStore, agreement_id: str, version: int | None = None) -> Agreement:
    """The agreement from its own bytes. Raises PrivityError NOT_FOUND."""
    stored = read.agreement(agreement_id, version)
    if stored is None:
        raise PrivityError(
            ErrorCode.NOT_FOUND, "no such agreement is recorded in this home", "See `privity agreement list`."
        )
    return read_agreement(stored.document)
