"""Records an agreement with its digest and the parties' signatures, and shows what is recorded.

A version, once recorded, never changes; signatures may be added to it later. It is in force only where both sides
signed (R07): an unsigned one may be recorded and shown, and every request under it goes back. The first version that
both sides signed is activated with its recording; a later one waits for counsel's decision (`decide_on_agreement`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from privity.domain.agreement import BOTH_SIDES, Agreement
from privity.domain.agreement_acts import FIRST_SIGNED, AgreementAct
from privity.domain.audit_events import AuditEvent
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.lifecycle import Action
from privity.domain.offices import CustodianRole
from privity.ports.stored import StoredAgreement
from privity.ports.stores import ReadStore
from privity.services.agreements.agreement_decisions import add_decision
from privity.services.agreements.agreement_signatures import (
    AgreementSignature,
    add_signatures,
    signatures_of,
    signed_by,
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
        both = {one.side for one in on_record} >= BOTH_SIDES
        if known is None or added:
            append_entry(
                write,
                AuditEvent.AGREEMENT_RECORDED,
                at,
                agreement_id=agreement.id,
                agreement_version=agreement.version,
                agreement_digest=agreement.digest,
                signatures=len(on_record),
                requester=agreement.requester.id,
            )
        if added and both and _nothing_else_signed(gate, write, agreement):
            add_decision(gate, write, agreement, AgreementAct.ACTIVATED, FIRST_SIGNED, at=at, by=role.value)
    gate.publish()
    return AgreementRecorded(
        agreement.id,
        agreement.version,
        agreement.digest,
        agreement.title,
        known is not None,
        added,
        on_record,
        both,
    )


def _nothing_else_signed(gate: Gate, read: ReadStore, agreement: Agreement) -> bool:
    """Whether this is the first version that both sides signed: it is put in force with its recording."""
    if read.agreement_decisions(agreement.id):
        return False
    others = (one for one in read.agreements() if one.agreement_id == agreement.id and one.digest != agreement.digest)
    return not any(signed_by(read, gate.keys, read_agreement(one.document)) >= BOTH_SIDES for one in others)


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


def recorded_document(gate: Gate, agreement_id: str, version: int) -> bytes:
    """The very bytes of a recorded version. Raises PrivityError NOT_FOUND."""
    with gate.store.reading() as read:
        stored = read.agreement(agreement_id, version)
    if stored is None:
        raise _unknown()
    return stored.document


def stored_agreement(read: ReadStore, agreement_id: str, version: int | None = None) -> Agreement:
    """The agreement from its own bytes. Raises PrivityError NOT_FOUND."""
    stored = read.agreement(agreement_id, version)
    if stored is None:
        raise _unknown()
    return read_agreement(stored.document)


def _unknown() -> PrivityError:
    return PrivityError(
        ErrorCode.NOT_FOUND, "no such agreement is recorded in this home", "See `privity agreement list`."
    )
