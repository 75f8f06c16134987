"""The recorded decisions on an agreement, and what they mean at this moment: asked of the store, never of a cache (C7).

A decision is sealed under the accounting key and bound to its row. A row that does not open was not written by this
gate: it counts as a suspension, so that whoever has the database without the keys can stop answers, never allow them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from privity.domain.agreement import Agreement
from privity.domain.agreement_acts import AgreementAct, AgreementDecision, Life, life_of, why_stopped
from privity.domain.audit_events import AuditEntry, AuditEvent
from privity.domain.errors import ErrorCode, PrivityError
from privity.ports.security import KeyStore
from privity.ports.stored import StoredAgreementDecision, StoredRequest
from privity.ports.stores import ReadStore, WriteStore
from privity.services.gate import Gate, append_entry

EVENTS: Mapping[AgreementAct, AuditEvent] = {
    AgreementAct.ACTIVATED: AuditEvent.AGREEMENT_ACTIVATED,
    AgreementAct.SUSPENDED: AuditEvent.AGREEMENT_SUSPENDED,
    AgreementAct.ENDED: AuditEvent.AGREEMENT_ENDED,
}
DECISION_EVENTS = frozenset(EVENTS.values())
FROM_LOG = "log"  # who decided, where the row was rebuilt from its entry


def decisions_of(read: ReadStore, keys: KeyStore, agreement_id: str) -> tuple[AgreementDecision, ...]:
    """Every decision, oldest first; one that this gate did not write counts as a suspension."""
    return tuple(
        AgreementDecision(one.act if _opens(keys, one) else AgreementAct.SUSPENDED, one.version)
        for one in read.agreement_decisions(agreement_id)
    )


def stopped(read: ReadStore, keys: KeyStore, agreement_id: str, version: int) -> str:
    """Why the decisions forbid answers under this version now, or ""."""
    return why_stopped(life(read, keys, agreement_id, version))


def life(read: ReadStore, keys: KeyStore, agreement_id: str, version: int) -> Life:
    """Where this version stands by the decisions."""
    return life_of(decisions_of(read, keys, agreement_id), version)


def need_not_stopped(read: ReadStore, keys: KeyStore, request: StoredRequest) -> None:
    """Raise PrivityError AGREEMENT_NOT_IN_FORCE where a decision stops the request's agreement.

    A request that goes back whole answers nothing: it is not stopped.
    """
    why = stopped(read, keys, request.agreement_id, request.agreement_version)
    if why and not request.returned_whole:
        raise PrivityError(ErrorCode.AGREEMENT_NOT_IN_FORCE, why, "See `privity agreement inventory`; counsel decides.")


def add_decision(
    gate: Gate,
    write: WriteStore,
    agreement: Agreement,
    act: AgreementAct,
    reason_code: str,
    *,
    at: datetime,
    by: str,
    docket: str = "",
) -> StoredAgreementDecision:
    """Record a decision with its log entry, in the transaction at hand."""
    index = append_entry(
        write,
        EVENTS[act],
        at,
        agreement_id=agreement.id,
        agreement_version=agreement.version,
        agreement_digest=agreement.digest,
        reason_code=reason_code,
    )
    row = StoredAgreementDecision(
        agreement.id, agreement.version, agreement.digest, act, reason_code, at, by, index, b""
    )
    row = _sealed(gate.keys, row, docket)
    write.add_agreement_decision(row)
    return row


def replay_decision(gate: Gate, write: WriteStore, entry: AuditEntry, index: int) -> None:
    """Record a decision again as its entry of the log says; counsel's words are not in the log, and not made up."""
    act = next(one for one, event in EVENTS.items() if event is entry.event)
    facts = entry.fields
    row = StoredAgreementDecision(
        str(facts["agreement_id"]),
        int(facts["agreement_version"]),
        str(facts["agreement_digest"]),
        act,
        str(facts["reason_code"]),
        entry.time,
        FROM_LOG,
        index,
        b"",
    )
    write.add_agreement_decision(_sealed(gate.keys, row, ""))


def dockets(keys: KeyStore, rows: Sequence[StoredAgreementDecision]) -> tuple[str, ...]:
    """Counsel's own words with each decision; "" where a row does not open."""
    storage = keys.accounting_storage()
    return tuple(
        storage.open(one.sealed, _place(one)).decode("utf-8", "replace") if _opens(keys, one) else "" for one in rows
    )


def _sealed(keys: KeyStore, row: StoredAgreementDecision, docket: str) -> StoredAgreementDecision:
    return replace(row, sealed=keys.accounting_storage().seal(docket.encode("utf-8", "replace"), _place(row)))


def _opens(keys: KeyStore, row: StoredAgreementDecision) -> bool:
    try:
        keys.accounting_storage().open(row.sealed, _place(row))
    except PrivityError as refusal:
        if refusal.code is not ErrorCode.DECRYPTION_FAILED:
            raise
        return False
    return True


def _place(row: StoredAgreementDecision) -> bytes:
    """Every other field of the row: none can be changed, or moved to another agreement, without the key."""
    words = (row.agreement_id, str(row.version), row.digest, row.act.value, row.reason_code)
    return "/".join(
        ("agreement-decision", *words, row.decided_at.isoformat(), row.decided_by, str(row.log_index))
    ).encode()
