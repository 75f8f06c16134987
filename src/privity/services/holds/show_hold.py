"""One order as counsel sees it: what it stops, which delivered answers it reaches, which order governs each and why."""

from __future__ import annotations

from dataclasses import dataclass

from privity.domain.errors import ErrorCode, PrivityError
from privity.policy.holds import stopping
from privity.policy.retention import ENDED
from privity.services.gate import Gate, answered
from privity.services.holds.notice_standing import delivered_answers, standings
from privity.services.holds.place_hold import HoldRow, hold_rows


@dataclass(frozen=True, slots=True)
class StoppedRequest:
    """A request in flight that the order stops."""

    request_id: str
    state: str


@dataclass(frozen=True, slots=True)
class ReachedAnswer:
    """A delivered answer that the order reaches. `orders`: every order on it, the governing one among them."""

    request_id: str
    governed_by: str
    action: str
    may_destroy: bool
    why: str
    orders: tuple[str, ...]
    notice_id: str
    notice_state: str  # "" where none was issued; "to be issued" where the last says something else


@dataclass(frozen=True, slots=True)
class HoldView:
    """One order and its reach, now."""

    hold: HoldRow
    stops: tuple[StoppedRequest, ...]
    answers: tuple[ReachedAnswer, ...]


def show_hold(gate: Gate, hold_id: str) -> HoldView:
    """The order and its reach. Raises PrivityError NOT_FOUND."""
    at = gate.clock.now()
    with gate.store.reading() as read:
        row = next((one for one in hold_rows(gate, read, at) if one.hold_id == hold_id), None)
        if row is None:
            raise PrivityError(ErrorCode.NOT_FOUND, "there is no such hold in this home", "See `privity hold list`.")
        order = next(one.order for one in read.holds() if one.hold_id == hold_id)
        stops = tuple(
            StoppedRequest(one.request_id, one.state.value)
            for one in read.requests()
            if one.state not in ENDED and stopping([order], answered(one), at)
        )
        states = {one.notice.notice_id: one.state.value for one in standings(read, at)}
        answers = tuple(
            ReachedAnswer(
                one.request.request_id,
                one.governing.order.hold_id,
                one.governing.action.value,
                one.governing.may_destroy,
                one.governing.why,
                tuple(other.hold_id for other in one.governing.orders),
                one.notice.notice_id if one.notice else "",
                (states[one.notice.notice_id] if one.told else "to be issued") if one.notice else "",
            )
            for one in delivered_answers(read, at)
            if one.governing is not None and order in one.governing.orders
        )
    return HoldView(row, stops, answers)
