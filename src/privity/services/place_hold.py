"""Holds: court orders, suspensions, incidents. Placed at once, without waiting for the process that walks a request.

Every step of a request asks the store for holds in the transaction that decides; placing one needs no other lock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from privity.domain.audit_events import AuditEntry, AuditEvent
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.lifecycle import Action
from privity.domain.offices import CustodianRole
from privity.policy.verdicts import HOLD_KINDS
from privity.ports.stored import HoldScope, StoredHold
from privity.ports.stores import ReadStore, WriteStore
from privity.services.gate import Gate, append_entry, need_request, need_role

DOCKET_LIMIT = 500  # characters
FROM_LOG = "log"  # who placed or lifted a hold that was rebuilt from its entry


@dataclass(frozen=True, slots=True)
class HoldPlaced:
    """The hold now in force."""

    hold_id: str
    scope: str
    target: str
    kind: str
    placed_at: datetime


@dataclass(frozen=True, slots=True)
class HoldRow:
    """One hold, in force or lifted. `docket` is the custodian's own text."""

    hold_id: str
    scope: str
    target: str
    kind: str
    docket: str
    placed_at: datetime
    placed_by: str
    lifted_at: datetime | None
    in_force: bool


@dataclass(frozen=True, slots=True)
class HoldLifted:
    """The hold that no longer stops anything."""

    hold_id: str
    lifted_at: datetime


def place_hold(
    gate: Gate, scope: HoldScope, target: str, kind: str, docket: str, *, role: CustodianRole, by: str = ""
) -> HoldPlaced:
    """Place a hold on an agreement (its id), a request (its id) or everything (target "").

    `kind`: one of HOLD_KINDS. Raises PrivityError ROLE_FORBIDDEN, USAGE, NOT_FOUND (no such agreement or request).
    """
    need_role(role, Action.PLACE_HOLD)
    if kind not in HOLD_KINDS:
        raise PrivityError(ErrorCode.USAGE, "this is no kind of hold", f"Use one of: {', '.join(HOLD_KINDS)}.")
    if len(docket) > DOCKET_LIMIT:
        raise PrivityError(ErrorCode.USAGE, f"a docket has at most {DOCKET_LIMIT} characters")
    at = gate.clock.now()
    hold_id = f"hold-{gate.entropy.token(8).hex()}"
    sealed = gate.keys.accounting_storage().seal(docket.encode("utf-8", "replace"), docket_place(hold_id))
    with gate.store.writing() as write:
        _need_target(write, scope, target)
        write.add_hold(StoredHold(hold_id, scope, target, kind, at, by or role.value, sealed))
        append_entry(write, AuditEvent.HOLD_PLACED, at, hold_id=hold_id, scope=scope.value, target=target, kind=kind)
    gate.publish()
    return HoldPlaced(hold_id, scope.value, target, kind, at)


def list_holds(gate: Gate) -> tuple[HoldRow, ...]:
    """All holds, oldest first."""
    with gate.store.reading() as read:
        stored = read.holds()
    storage = gate.keys.accounting_storage()
    return tuple(
        HoldRow(
            one.hold_id,
            one.scope.value,
            one.target,
            one.kind,
            storage.open(one.sealed_docket, docket_place(one.hold_id)).decode("utf-8"),
            one.placed_at,
            one.placed_by,
            one.lifted_at,
            one.lifted_at is None,
        )
        for one in stored
    )


def lift_hold(gate: Gate, hold_id: str, *, role: CustodianRole = CustodianRole.COUNSEL, by: str = "") -> HoldLifted:
    """Lift a hold in force. Raises PrivityError ROLE_FORBIDDEN, NOT_FOUND."""
    need_role(role, Action.LIFT_HOLD)
    at = gate.clock.now()
    with gate.store.writing() as write:
        write.lift_hold(hold_id, at, by or role.value)
        append_entry(write, AuditEvent.HOLD_LIFTED, at, hold_id=hold_id)
    gate.publish()
    return HoldLifted(hold_id, at)


def replay_hold(gate: Gate, write: WriteStore, entry: AuditEntry) -> None:
    """Place or lift a hold again as its entry of the log says; the docket is not in the log, and is not made up."""
    facts = {name: str(value) for name, value in entry.fields.items()}
    hold_id = facts["hold_id"]
    if entry.event is AuditEvent.HOLD_LIFTED:
        write.lift_hold(hold_id, entry.time, FROM_LOG)
        return
    sealed = gate.keys.accounting_storage().seal(b"", docket_place(hold_id))
    scope = HoldScope(facts["scope"])
    write.add_hold(StoredHold(hold_id, scope, facts["target"], facts["kind"], entry.time, FROM_LOG, sealed))


def _need_target(read: ReadStore, scope: HoldScope, target: str) -> None:
    if scope is HoldScope.EVERYTHING and target:
        raise PrivityError(ErrorCode.USAGE, "a hold on everything names no target")
    if scope is HoldScope.REQUEST:
        need_request(read, target)
    if scope is HoldScope.AGREEMENT and read.agreement(target) is None:
        raise PrivityError(
            ErrorCode.NOT_FOUND, "no such agreement is recorded in this home", "See `privity agreement list`."
        )


def docket_place(hold_id: str) -> bytes:
    """Where a docket's seal belongs."""
    return f"hold/{hold_id}".encode()
