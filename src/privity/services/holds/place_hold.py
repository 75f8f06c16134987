"""Holds: court orders, suspensions, incidents. Placed at once, without waiting for the process that walks a request.

Every step of a request asks the store for holds in the transaction that decides; placing one needs no other lock. What
an order demands of answers already delivered is told to their recipients by notices (`issue_notices`). The numbers are
those of docs/procedures/hold.md.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from privity.domain.audit_events import AuditEntry, AuditEvent, Value
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.holds import Demand, HoldScope
from privity.domain.lifecycle import Action
from privity.domain.offices import CustodianRole
from privity.policy.holds import conflicts, standing_among
from privity.policy.verdicts import HOLD_KINDS
from privity.ports.stored import StoredHold
from privity.ports.stores import ReadStore, WriteStore
from privity.services.accounting.account_lines import rfc3339
from privity.services.agreements.record_agreement import stored_agreement
from privity.services.gate import Gate, append_entry, need_request, need_role
from privity.services.holds.declare_class import members_of

DOCKET_LIMIT = 500  # characters
FROM_LOG = "log"  # who placed or lifted a hold that was rebuilt from its entry
COURT_ORDER = "court_order"
_DOCKET_NUMBER = re.compile(r"(?=.*[0-9])[A-Za-z0-9][A-Za-z0-9 .:/()-]{0,79}")
_CAPTION = re.compile(r"[A-Za-z]{7,}|\bvs?\b", re.IGNORECASE)  # "docket" and courts' short forms pass, parties do not


@dataclass(frozen=True, slots=True)
class HoldTerms:
    """What an order says beside its scope. Moments are aware; None: from now, until it is lifted."""

    demand: Demand = Demand.NONE
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    concealed: bool = False  # a sealed court order
    document: bytes = b""  # the order itself: only its SHA-256 is kept


@dataclass(frozen=True, slots=True)
class HoldPlaced:
    """The hold now on record."""

    hold_id: str
    scope: str
    target: str
    kind: str
    demand: str
    placed_at: datetime
    starts_at: datetime | None
    ends_at: datetime | None
    concealed: bool
    order_sha256: str


@dataclass(frozen=True, slots=True)
class HoldRow:
    """One hold. `docket` is the custodian's own text. `standing`: how it stands among orders it conflicts with."""

    hold_id: str
    scope: str
    target: str
    kind: str
    demand: str
    docket: str
    placed_at: datetime
    placed_by: str
    starts_at: datetime | None
    ends_at: datetime | None
    lifted_at: datetime | None
    in_force: bool
    concealed: bool
    order_sha256: str
    conflicts_with: tuple[str, ...]
    standing: str


@dataclass(frozen=True, slots=True)
class HoldLifted:
    """The hold that no longer stops anything."""

    hold_id: str
    lifted_at: datetime


def place_hold(
    gate: Gate,
    scope: HoldScope,
    target: str,
    kind: str,
    docket: str,
    *,
    role: CustodianRole,
    by: str = "",
    terms: HoldTerms = HoldTerms(),
) -> HoldPlaced:
    """Place a hold on an agreement, a requester, a request (by id), a declared class (its word) or everything ("").

    `kind`: one of HOLD_KINDS. An end decided beforehand is a lift, so that it needs a role that may lift. Raises
    PrivityError ROLE_FORBIDDEN, USAGE, NOT_FOUND (no such agreement, requester, request or class).
    """
    need_role(role, Action.PLACE_HOLD)  # 1
    at = gate.clock.now()
    terms = _whole_seconds(terms)
    _need_sound(scope, kind, docket, terms, at)
    if terms.ends_at is not None:
        need_role(role, Action.LIFT_HOLD)
    hold_id = f"hold-{gate.entropy.token(8).hex()}"
    sealed = gate.keys.accounting_storage().seal(docket.encode("utf-8", "replace"), docket_place(hold_id))
    digest = hashlib.sha256(terms.document).hexdigest() if terms.document else ""
    hold = StoredHold(
        hold_id, scope, target, kind, at, by or role.value, sealed, demand=terms.demand, starts_at=terms.starts_at,
        ends_at=terms.ends_at, concealed=terms.concealed, order_sha256=digest,
    )  # fmt: skip
    with gate.store.writing() as write:  # 2
        _need_target(write, scope, target)
        write.add_hold(hold)
        append_entry(write, AuditEvent.HOLD_PLACED, at, **hold_fields(hold))
    gate.publish()
    return HoldPlaced(
        hold_id, scope.value, target, kind, terms.demand.value, at, terms.starts_at, terms.ends_at, terms.concealed,
        digest,
    )  # fmt: skip


def hold_fields(hold: StoredHold) -> dict[str, Value]:
    """What the log says of a hold. Of a sealed order neither its kind nor the digest of its document."""
    fields: dict[str, Value] = {"hold_id": hold.hold_id, "scope": hold.scope.value, "target": hold.target}
    if not hold.concealed:
        fields["kind"] = hold.kind
        if hold.order_sha256:
            fields["order_sha256"] = hold.order_sha256
    if hold.demand is not Demand.NONE:
        fields["demand"] = hold.demand.value
    for name, moment in (("starts_at", hold.starts_at), ("ends_at", hold.ends_at)):
        if moment is not None:
            fields[name] = rfc3339(moment)
    return fields


def list_holds(gate: Gate) -> tuple[HoldRow, ...]:
    """All holds, oldest first."""
    at = gate.clock.now()
    with gate.store.reading() as read:
        return hold_rows(gate, read, at)


def hold_rows(gate: Gate, read: ReadStore, at: datetime) -> tuple[HoldRow, ...]:
    """All holds as they stand at `at`."""
    stored = read.holds()
    orders = {one.hold_id: one.order for one in stored}
    rivals = conflicts(orders.values(), at)
    return tuple(
        HoldRow(
            hold_id=one.hold_id,
            scope=one.scope.value,
            target=one.target,
            kind=one.kind,
            demand=one.demand.value,
            docket=docket_of(gate, one),
            placed_at=one.placed_at,
            placed_by=one.placed_by,
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            lifted_at=one.lifted_at,
            in_force=one.order.in_force(at),
            concealed=one.concealed,
            order_sha256=one.order_sha256,
            conflicts_with=rivals.get(one.hold_id, ()),
            standing=standing_among(one.order, [orders[other] for other in rivals.get(one.hold_id, ())]),
        )
        for one in stored
    )


def lift_hold(gate: Gate, hold_id: str, *, role: CustodianRole = CustodianRole.COUNSEL, by: str = "") -> HoldLifted:
    """Lift a hold. Raises PrivityError ROLE_FORBIDDEN, NOT_FOUND."""
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
    write.add_hold(
        StoredHold(
            hold_id,
            HoldScope(facts["scope"]),
            facts["target"],
            facts.get("kind", COURT_ORDER),
            entry.time,
            FROM_LOG,
            sealed,
            demand=Demand(facts.get("demand", Demand.NONE.value)),
            starts_at=_moment(facts.get("starts_at")),
            ends_at=_moment(facts.get("ends_at")),
            concealed="kind" not in facts,
            order_sha256=facts.get("order_sha256", ""),
        )
    )


def docket_of(gate: Gate, hold: StoredHold) -> str:
    """Counsel's own words with the hold."""
    sealed = gate.keys.accounting_storage().open(hold.sealed_docket, docket_place(hold.hold_id))
    return sealed.decode("utf-8", "replace")


def docket_place(hold_id: str) -> bytes:
    """Where a docket's seal belongs."""
    return f"hold/{hold_id}".encode()


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def _whole_seconds(terms: HoldTerms) -> HoldTerms:
    """The log keeps whole seconds; the store keeps the same moments."""
    starts_at, ends_at = (
        None if moment is None else moment.replace(microsecond=0) for moment in (terms.starts_at, terms.ends_at)
    )
    return replace(terms, starts_at=starts_at, ends_at=ends_at)


def _need_sound(scope: HoldScope, kind: str, docket: str, terms: HoldTerms, at: datetime) -> None:
    if kind not in HOLD_KINDS:
        raise _usage("this is no kind of hold", f"Use one of: {', '.join(HOLD_KINDS)}.")
    if len(docket) > DOCKET_LIMIT:
        raise _usage(f"a docket has at most {DOCKET_LIMIT} characters", "Shorten it.")
    if terms.concealed and kind != COURT_ORDER:
        raise _usage("only a court order can be sealed", "Place it with --kind court_order.")
    dated = terms.starts_at is not None or terms.ends_at is not None
    if dated and scope is HoldScope.CLASS:
        raise _usage(
            "an order on a class works from its placement until it is lifted",
            "Place it when it begins, and lift it when it ends: approvals rest on who is withheld.",
        )
    if terms.ends_at is not None and terms.ends_at <= max(at, terms.starts_at or at):
        raise _usage("the order would end before it begins, or has ended already", "Correct --from and --until.")
    if terms.demand is not Demand.NONE and not terms.concealed and not is_docket_number(docket):
        raise _usage(
            "an order that is told to recipients needs its docket number, and no more than that",
            "Give --docket the number alone, as 1:25-cv-00677: it stands in every notice, and may name nobody.",
        )


def is_docket_number(docket: str) -> bool:
    """A docket number with the court's short form, not a caption: notices leave the house and hold no name."""
    return _DOCKET_NUMBER.fullmatch(docket) is not None and _CAPTION.search(docket) is None


def _need_target(read: ReadStore, scope: HoldScope, target: str) -> None:
    if scope is HoldScope.EVERYTHING and target:
        raise _usage("a hold on everything names no target", "Leave the target out.")
    if scope is HoldScope.REQUEST:
        need_request(read, target)
    if scope is HoldScope.AGREEMENT and read.agreement(target) is None:
        raise PrivityError(
            ErrorCode.NOT_FOUND, "no such agreement is recorded in this home", "See `privity agreement list`."
        )
    if scope is HoldScope.REQUESTER and target not in _requesters(read):
        raise PrivityError(
            ErrorCode.NOT_FOUND,
            "no recorded agreement is with a requester of this id",
            "See `privity agreement show`: the id stands under parties.",
        )
    if scope is HoldScope.CLASS and not members_of(read, target):
        raise PrivityError(
            ErrorCode.NOT_FOUND, "no class of this word is declared", "Declare it with `privity withhold class add`."
        )


def _requesters(read: ReadStore) -> frozenset[str]:
    return frozenset(stored_agreement(read, one.agreement_id, one.version).requester.id for one in read.agreements())


def _usage(message: str, mend: str) -> PrivityError:
    return PrivityError(ErrorCode.USAGE, message, mend)
