"""The ports that one walk of a request needs, in one value; and the few things every service does with them.

Bootstrap builds a `Gate`. It holds no state of its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from privity.domain.audit_events import AuditEntry, AuditEvent, Value
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.holds import Answered, HoldOrder
from privity.domain.lifecycle import Action, may
from privity.domain.offices import CustodianRole
from privity.domain.request import RequestId
from privity.ledger.entry import encode_entry
from privity.policy.holds import preserving, stopping
from privity.ports.clock import Clock
from privity.ports.evidence_log import EvidenceLog
from privity.ports.home import Entropy, HighWaterMark, HomeLocks, PackageOutlet
from privity.ports.security import Encryptor, KeyStore, SignatureVerifier
from privity.ports.stored import StoredRequest
from privity.ports.stores import ReadStore, Store, WriteStore
from privity.services.publish_log import publish_pending, raise_mark

Progress = Callable[[str, int, int], None]

FROZEN = "frozen"  # the fact of a home that waits for reconfirmation


def quiet(step: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True, slots=True)
class StoredLogRows:
    """The store's log rows as the sequencer reads them."""

    store: Store

    def read(self, first: int, limit: int) -> Sequence[bytes]:
        """Up to `limit` entries from index `first` on."""
        with self.store.reading() as read:
            return read.log_rows(first, limit)


@dataclass(frozen=True, slots=True)
class Gate:
    """One wired custodian home."""

    store: Store
    keys: KeyStore
    verifier: SignatureVerifier
    encryptor: Encryptor
    log: EvidenceLog
    clock: Clock
    outlet: PackageOutlet
    entropy: Entropy
    locks: HomeLocks
    mark: HighWaterMark
    software: str
    origin: str

    def publish(self) -> None:
        """Turn pending log rows into tiles and a checkpoint, then raise the mark.

        Raises PrivityError LOG_UNAVAILABLE, EVIDENCE_INVALID, STORAGE_FAILED.
        """
        with self.locks.sequencer():
            raise_mark(publish_pending(StoredLogRows(self.store), self.log), self.log, self.mark)


def append_entry(write: WriteStore, event: AuditEvent, time: datetime, **fields: Value) -> int:
    """Append one entry to the log in the transaction at hand; returns its index."""
    return write.append_log(encode_entry(AuditEntry(event, time, fields)))


def record_once(gate: Gate, fact: str, value: str, event: AuditEvent, **fields: Value) -> bool:
    """Append an entry for a fact of the home that changed, with the fact; nothing where it stands so already.

    True where the entry was appended. Raises PrivityError STORAGE_FAILED, LOG_UNAVAILABLE.
    """
    with gate.store.reading() as read:
        if read.fact(fact) == value:
            return False
    with gate.store.writing() as write:
        if write.fact(fact) == value:
            return False
        append_entry(write, event, gate.clock.now(), **fields)
        write.set_fact(fact, value)
    gate.publish()
    return True


def request_fields(request: StoredRequest) -> dict[str, Value]:
    """The fields that every entry about a request carries."""
    return {
        "request_id": request.request_id,
        "agreement_id": request.agreement_id,
        "agreement_version": request.agreement_version,
        "agreement_digest": request.agreement_digest,
    }


def need_role(role: CustodianRole, action: Action) -> None:
    """Raise PrivityError ROLE_FORBIDDEN unless the closed table allows it."""
    if not may(role, action):
        raise PrivityError(
            ErrorCode.ROLE_FORBIDDEN,
            f"the role {role.value} may not {action.value.lower().replace('_', ' ')}",
            "Ask a person whose role allows it (the table role x action is in the glossary).",
        )


def need_thawed(read: ReadStore) -> None:
    """Raise PrivityError HOME_FROZEN where the home waits for two people to reconfirm its holds."""
    if read.fact(FROZEN):
        raise PrivityError(
            ErrorCode.HOME_FROZEN,
            "this home was restored or copied, and its holds may be out of date",
            "Two different custodian officers must reconfirm it before anything is answered or leaves.",
        )


def need_request(read: ReadStore, request_id: str) -> StoredRequest:
    """The request, or PrivityError NOT_FOUND."""
    request = read.request(RequestId(request_id))
    if request is None:
        raise PrivityError(ErrorCode.NOT_FOUND, "there is no such request in this home", "See `privity request list`.")
    return request


def mark_lost(write: WriteStore, request_id: str) -> None:
    """The log speaks of steps of this request that the restored database does not know."""
    write.set_fact(_lost(request_id), "1")


def is_lost(read: ReadStore, request_id: str) -> bool:
    """Whether a restoration took away steps of this request that the log speaks of."""
    return bool(read.fact(_lost(request_id)))


def _lost(request_id: str) -> str:
    return f"lost {hashlib.sha256(request_id.encode('utf-8')).hexdigest()[:32]}"


def need_kept(read: ReadStore, request: StoredRequest) -> None:
    """Raise PrivityError STATE_CONFLICT where a restoration lost steps of the request, or its key is destroyed (C9)."""
    if is_lost(read, request.request_id):
        raise PrivityError(
            ErrorCode.STATE_CONFLICT,
            "the log speaks of steps of this request which the restored database does not know",
            "It can go no further here: ask for a new request under a new id. Keep a newer database if one turns up.",
        )
    order = read.destruction(request.request_id)
    if order is not None and order.destroyed_at is not None:
        raise PrivityError(
            ErrorCode.STATE_CONFLICT,
            "this request was destroyed: its lines, answers and packages can never be read again",
            "The accounting remains: see `privity account request`.",
        )


def holds_on(read: ReadStore, one: Answered, at: datetime) -> tuple[HoldOrder, ...]:
    """The holds that stop the request at `at`, read in the caller's transaction (C7)."""
    return stopping((hold.order for hold in read.holds()), one, at)


def answered(request: StoredRequest) -> Answered:
    """The request as orders see it."""
    return Answered(request.agreement_id, request.requester, request.request_id)


def need_unheld(read: ReadStore, request: StoredRequest, at: datetime) -> None:
    """Raise PrivityError ON_HOLD where a hold stops the request at `at` (C7)."""
    _refuse_held(holds_on(read, answered(request), at))


def need_unpreserved(read: ReadStore, request: StoredRequest, at: datetime) -> None:
    """Raise PrivityError ON_HOLD where any order, one on a class of persons too, covers the request's data."""
    _refuse_held(preserving((hold.order for hold in read.holds()), answered(request), at))


def _refuse_held(holds: Sequence[HoldOrder]) -> None:
    if holds:
        raise PrivityError(
            ErrorCode.ON_HOLD,
            f"{len(holds)} hold(s) in force cover this request",
            "See `privity hold list`; counsel may lift a hold.",
            {"holds": len(holds)},
        )
