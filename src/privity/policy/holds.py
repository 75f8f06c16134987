"""Which orders stop a request, and which of several orders on one delivered answer governs. Pure.

The stricter wins: recall before freeze; and nothing irreversible while any order preserves. Both are always shown.
Source: RULES R09, V05, A09; design EVIDENCE, Retention and destruction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from privity.domain.agreement_acts import Life, why_stopped
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.holds import Answered, Demand, HoldOrder, HoldScope, NoticeAction, ReceiptOutcome

STRICTNESS: tuple[Demand, ...] = (Demand.NONE, Demand.FREEZE, Demand.RECALL)
LITIGATION = "litigation"  # the kind of a hold that preserves, whatever else it demands
GONE = frozenset({ReceiptOutcome.RETURNED, ReceiptOutcome.DESTROYED})
"""Outcomes after which the recipient has nothing left that an order could reach."""


@dataclass(frozen=True, slots=True)
class Governing:
    """What is demanded of one delivered answer now, by which order, and which others cover it."""

    order: HoldOrder
    orders: tuple[HoldOrder, ...]  # every order in force on it that demands or preserves something, oldest first
    may_destroy: bool
    why: str

    @property
    def action(self) -> NoticeAction:
        """What a notice says."""
        return NoticeAction(self.order.demand.value)


@dataclass(frozen=True, slots=True)
class NoticeTerms:
    """What a receipt is judged against."""

    action: NoticeAction
    may_destroy: bool
    issued_at: datetime
    delivered_at: datetime


def stopping(orders: Iterable[HoldOrder], one: Answered, at: datetime) -> tuple[HoldOrder, ...]:
    """The orders in force at `at` that stop the request. A class stops no request: its persons are not confirmed."""
    return tuple(
        order for order in orders if order.in_force(at) and order.covers(one) and order.scope is not HoldScope.CLASS
    )


def preserving(orders: Iterable[HoldOrder], one: Answered, at: datetime) -> tuple[HoldOrder, ...]:
    """The orders in force that forbid to destroy the request's data: all that cover it, those on a class too."""
    return tuple(order for order in orders if order.in_force(at) and order.covers(one))


def concealed_stop(orders: Sequence[HoldOrder]) -> str:
    """What a requester is told of sealed court orders: as if the agreement were suspended (R07); "" without any."""
    return why_stopped(Life.SUSPENDED) if any(order.concealed for order in orders) else ""


def governing(orders: Iterable[HoldOrder], one: Answered, at: datetime) -> Governing | None:
    """The strictest demand on a delivered answer, or None. Equal demands: the order that was placed first."""
    found = sorted(
        (order for order in orders if order.in_force(at) and order.covers(one) and _speaks(order)),
        key=lambda order: (order.placed_at, order.hold_id),
    )
    if all(order.demand is Demand.NONE for order in found):
        return None
    chosen = max(found, key=lambda order: STRICTNESS.index(order.demand))  # the first of the strictest
    kept = any(preserves(order) for order in found)
    return Governing(chosen, tuple(found), not kept, _why(chosen, found, kept=kept))


def conflicts(orders: Iterable[HoldOrder], at: datetime) -> dict[str, tuple[str, ...]]:
    """Order -> orders in force whose reach may meet its own and whose demand differs."""
    now = [order for order in orders if order.in_force(at)]
    return {
        one.hold_id: tuple(
            other.hold_id
            for other in now
            if other is not one and _speaks(other) and _speaks(one) and _differ(one, other) and _may_meet(one, other)
        )
        for one in now
    }


def judge_receipt(terms: NoticeTerms, outcome: ReceiptOutcome, done_on: date, at: datetime) -> None:
    """Raise PrivityError FORMAT_INVALID unless the receipt states what the notice demands, done at a possible time.

    Destroyed before the day of the notice counts always: nothing is left to return or to keep.
    """
    if not terms.delivered_at.date() <= done_on <= at.date():
        raise _unfit("the day that the receipt states lies before the delivery of the answer, or in the future")
    before = outcome is ReceiptOutcome.DESTROYED and done_on < terms.issued_at.date()
    if outcome not in allowed(terms.action, may_destroy=terms.may_destroy) and not before:
        raise _unfit("what the receipt states is not what the notice demands")


def allowed(action: NoticeAction, *, may_destroy: bool) -> tuple[ReceiptOutcome, ...]:
    """What a receipt may state that was done after the notice."""
    if action is NoticeAction.LIFTED:
        return ()
    if action is NoticeAction.FREEZE:
        return (ReceiptOutcome.FROZEN, ReceiptOutcome.RETURNED)
    return (ReceiptOutcome.RETURNED, ReceiptOutcome.DESTROYED) if may_destroy else (ReceiptOutcome.RETURNED,)


def due_after_pauses(due: date, told: Sequence[tuple[date, bool]]) -> date | None:
    """The day on which an answer must be destroyed, put off by the days on which its recipient had to preserve it.

    `told`: for each notice on the answer, in order, its day and whether it forbids to destroy. None: it does now.
    """
    since: date | None = None
    paused = 0
    for day, preserves in told:
        if preserves and since is None:
            since = day
        elif not preserves and since is not None:
            paused, since = paused + (day - since).days, None
    return None if since is not None else due + timedelta(days=paused)


def standing_among(order: HoldOrder, others: Sequence[HoldOrder]) -> str:
    """How an order stands among those in force that it conflicts with; "" where there are none. The stricter wins."""
    if not others:
        return ""
    strictest = max((one.demand for one in (order, *others)), key=STRICTNESS.index)
    rivals = ", ".join(one.hold_id for one in others)
    weaker = sorted({one.demand.value for one in (order, *others)} - {strictest.value})
    words = f"{strictest.value} is stricter than {' and '.join(weaker)}"
    if order.demand is strictest:
        return f"governs where {rivals} covers the same answer: {words}"
    keeps = "; nothing is destroyed while this order stands" if preserves(order) else ""
    return f"yields where {rivals} covers the same answer: {words}{keeps}"


def preserves(order: HoldOrder) -> bool:
    """Whether it forbids that a delivered answer is destroyed."""
    return order.demand is Demand.FREEZE or order.kind == LITIGATION


def _speaks(order: HoldOrder) -> bool:
    """Whether it says anything about answers already delivered."""
    return order.demand is not Demand.NONE or order.kind == LITIGATION


def _differ(one: HoldOrder, other: HoldOrder) -> bool:
    return one.demand is not other.demand


def _may_meet(one: HoldOrder, other: HoldOrder) -> bool:
    """Whether some answer may be covered by both: all but two different targets of one scope."""
    return one.scope is not other.scope or one.target == other.target or one.scope is HoldScope.CLASS


def _why(chosen: HoldOrder, found: Sequence[HoldOrder], *, kept: bool) -> str:
    if len(found) == 1:
        return "the only order on this answer"
    weaker = {order.demand for order in found} - {chosen.demand, Demand.NONE}
    words = [f"{chosen.demand.value} is stricter than {', '.join(sorted(weaker))}"] if weaker else []
    if not weaker:
        words = ["the first of the orders that demand the same"]
    if chosen.demand is Demand.RECALL and kept:
        words.append("nothing is destroyed, because another order preserves it")
    return "; ".join(words)


def _unfit(message: str) -> PrivityError:
    return PrivityError(
        ErrorCode.FORMAT_INVALID, message, "State what was done, and when, with `privity notice acknowledge`."
    )
