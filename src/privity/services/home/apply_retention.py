"""Destroys the key of a request that has ended, so that what lies under it can never be read again (C9).

Intent, act, outcome: the order is durable in the log before the key is touched; the key is destroyed while the write
lock is held, so that no hold slips in between; the outcome is recorded only after the key was found to be gone. Killed
anywhere and run again, it goes on. The accounting stays. The numbers are those of docs/procedures/retain.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from privity.domain.audit_events import AuditEvent
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.lifecycle import Action
from privity.domain.offices import CustodianRole
from privity.domain.request import RequestId
from privity.policy.retention import need_ended, need_expiry
from privity.ports.security import KeyStore
from privity.ports.stored import StoredDestruction
from privity.ports.stores import ReadStore
from privity.services.gate import (
    Gate,
    Progress,
    append_entry,
    need_kept,
    need_request,
    need_role,
    need_thawed,
    need_unpreserved,
    quiet,
    request_fields,
)
from privity.services.home.certify_destruction import Certificate, certify

DESTROYED, FOUND_DESTROYED = "destroyed", "found_destroyed"  # what the outcome entry says of the key
STEPS = 4


@dataclass(frozen=True, slots=True)
class Destroyed:
    """A destruction and its certificate. `covered`: blobs under the key, by place."""

    request_id: str
    key_id: str
    destroyed_at: datetime
    covered: Mapping[str, int]
    blobs: int
    backups_expire: date
    log_index: int
    certificate: Certificate
    already_destroyed: bool


def destroy_request(
    gate: Gate,
    request_id: str,
    *,
    role: CustodianRole = CustodianRole.COUNSEL,
    backups_expire: date,
    progress: Progress = quiet,
) -> Destroyed:
    """Destroy the key of a delivered or rejected request and certify it; again, it certifies what was destroyed.

    Raises PrivityError ROLE_FORBIDDEN, NOT_FOUND, HOME_FROZEN, ON_HOLD, STATE_CONFLICT (not ended, or ordered before
    with another date), USAGE (a date in the past), HOME_BUSY, STORAGE_FAILED, LOG_UNAVAILABLE.
    """
    need_role(role, Action.DESTROY_REQUEST)  # 1
    gate.keys.response_signer()  # nothing is destroyed that could not be certified
    with gate.locks.work():
        progress("destroy", 0, STEPS)
        order, already = _intend(gate, request_id, backups_expire)  # 2, 3
        gate.publish()  # 4
        progress("destroy", 1, STEPS)
        _destroy(gate, order)  # 5-7
        progress("destroy", 2, STEPS)
        gate.publish()  # 8
        progress("destroy", 3, STEPS)
        done = _certified(gate, order.request_id, already)  # 9
        progress("destroy", STEPS, STEPS)
        return done


def _intend(gate: Gate, request_id: str, backups_expire: date) -> tuple[StoredDestruction, bool]:
    """The order, recorded with its log entry; or the one recorded earlier. Second: whether it was carried out."""
    at = gate.clock.now()
    with gate.store.writing() as write:
        request = need_request(write, request_id)
        earlier = write.destruction(request.request_id)
        if earlier is not None:
            _need_same_date(earlier, backups_expire)
            return earlier, earlier.destroyed_at is not None
        need_thawed(write)  # 2
        need_kept(write, request)  # steps lost in a restoration: what the log says of it is not known here
        need_unpreserved(write, request, at)
        need_ended(request.state)
        need_expiry(backups_expire, at.date())
        key_id = gate.keys.request_key_id(request.request_id)
        index = append_entry(  # 3
            write,
            AuditEvent.DESTRUCTION_INTENDED,
            at,
            **request_fields(request),
            key_id=key_id,
            backups_expire=backups_expire.isoformat(),
        )
        order = StoredDestruction(request.request_id, key_id, backups_expire, at, index)
        write.intend_destruction(order)
    return order, False


def _destroy(gate: Gate, order: StoredDestruction) -> None:
    """Look at holds, destroy and record, all under the write lock. A key already gone is recorded as found so."""
    at = gate.clock.now()
    with gate.store.writing() as write:
        request = need_request(write, order.request_id)
        present = write.destruction(order.request_id) or order
        gone = key_is_gone(gate.keys, order.request_id)
        if not gone:
            need_thawed(write)  # 5: what holds protect is still there
            need_unpreserved(write, request, at)
        gate.keys.destroy_request_key(order.request_id)  # 6
        if not key_is_gone(gate.keys, order.request_id):
            raise PrivityError(ErrorCode.STORAGE_FAILED, "the key is still there: nothing is recorded as destroyed")
        if present.destroyed_at is not None:
            return  # a restored backup had brought the key back; the destruction on record holds again
        index = append_entry(  # 7
            write,
            AuditEvent.REQUEST_DESTROYED,
            at,
            **request_fields(request),
            key_id=order.key_id,
            backups_expire=order.backups_expire.isoformat(),
            blobs=sum(write.sealed_blobs(order.request_id).values()),
            finding=FOUND_DESTROYED if gone else DESTROYED,
        )
        write.finish_destruction(order.request_id, at, index)


def _certified(gate: Gate, request_id: RequestId, already: bool) -> Destroyed:
    with gate.store.reading() as read:
        request = need_request(read, request_id)
        order, covered = _carried_out(read, request_id), dict(read.sealed_blobs(request_id))
        log_index, destroyed_at = order.log_index, order.destroyed_at
        if log_index is None or destroyed_at is None:
            raise PrivityError(ErrorCode.INTERNAL, "a destruction without its outcome is not certified")
    certificate = certify(gate, request, order, covered, log_index)
    return Destroyed(
        request_id=request_id,
        key_id=order.key_id,
        destroyed_at=destroyed_at,
        covered=covered,
        blobs=sum(covered.values()),
        backups_expire=order.backups_expire,
        log_index=log_index,
        certificate=certificate,
        already_destroyed=already,
    )


def key_is_gone(keys: KeyStore, request_id: RequestId) -> bool:
    """Whether the key store itself says that the request's key was destroyed."""
    try:
        keys.request_key_id(request_id)
    except PrivityError as refused:
        if refused.code is ErrorCode.NOT_FOUND:
            return True
        if refused.code is not ErrorCode.KEY_INVALID:  # overwritten half-way, or not ours: not gone by its own word
            raise
    return False


def _carried_out(read: ReadStore, request_id: RequestId) -> StoredDestruction:
    order = read.destruction(request_id)
    if order is None:
        raise PrivityError(ErrorCode.INTERNAL, "the order of destruction is missing")
    return order


def _need_same_date(earlier: StoredDestruction, backups_expire: date) -> None:
    if earlier.backups_expire != backups_expire:
        raise PrivityError(
            ErrorCode.STATE_CONFLICT,
            f"the destruction was ordered with backups expiring on {earlier.backups_expire.isoformat()}",
            "Give that date: it stands in the log.",
        )
