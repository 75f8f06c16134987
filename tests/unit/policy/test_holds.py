"""Orders: which stop, which governs a delivered answer, what a receipt may state."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.holds import Answered, Demand, HoldOrder, HoldScope, NoticeAction, ReceiptOutcome
from privity.policy.holds import (
    NoticeTerms,
    conflicts,
    due_after_pauses,
    governing,
    judge_receipt,
    preserving,
    standing_among,
    stopping,
)

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
ONE = Answered("an-agreement", "requester", "R-1")
DAY = timedelta(days=1)


def order(hold_id: str, scope: HoldScope = HoldScope.EVERYTHING, target: str = "", **more: object) -> HoldOrder:
    facts = {"kind": "court_order", "demand": Demand.NONE, "placed_at": AT - DAY, **more}
    return HoldOrder(hold_id, scope, target, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("scope", "target", "covers"),
    [
        (HoldScope.EVERYTHING, "", True),
        (HoldScope.AGREEMENT, "an-agreement", True),
        (HoldScope.AGREEMENT, "another", False),
        (HoldScope.REQUESTER, "requester", True),
        (HoldScope.REQUESTER, "an-agreement", False),
        (HoldScope.REQUEST, "R-1", True),
        (HoldScope.REQUEST, "R-2", False),
        (HoldScope.REQUEST, "", False),
    ],
)
def test_an_order_stops_what_its_scope_names(scope: HoldScope, target: str, covers: bool) -> None:
    assert bool(stopping([order("h", scope, target)], ONE, AT)) is covers


def test_a_request_that_only_arrives_is_covered_by_no_order_on_a_request() -> None:
    assert not stopping([order("h", HoldScope.REQUEST, "")], Answered("an-agreement", "requester"), AT)


@pytest.mark.parametrize(
    ("starts", "ends", "lifted", "works"),
    [
        (None, None, None, True),
        (AT, None, None, True),
        (AT + timedelta(seconds=1), None, None, False),
        (None, AT + timedelta(seconds=1), None, True),
        (None, AT, None, False),
        (None, None, AT, False),
    ],
)
def test_an_order_works_from_its_start_up_to_its_end(
    starts: datetime | None, ends: datetime | None, lifted: datetime | None, works: bool
) -> None:
    one = order("h", starts_at=starts, ends_at=ends, lifted_at=lifted)
    assert bool(stopping([one], ONE, AT)) is works
    assert (governing([order("h", demand=Demand.RECALL, ends_at=ends, starts_at=starts, lifted_at=lifted)], ONE, AT)
            is not None) is works  # fmt: skip


def test_a_class_stops_no_request_but_preserves_every_one() -> None:
    one = order("h", HoldScope.CLASS, "plaintiffs", demand=Demand.FREEZE)
    assert not stopping([one], ONE, AT)
    assert preserving([one], ONE, AT) == (one,)
    found = governing([one], ONE, AT)
    assert found is not None
    assert found.order is one


def test_the_stricter_governs_and_nothing_is_destroyed_while_another_preserves() -> None:
    freeze = order("h1", HoldScope.AGREEMENT, "an-agreement", demand=Demand.FREEZE)
    recall = order("h2", HoldScope.REQUEST, "R-1", demand=Demand.RECALL, placed_at=AT)
    alone, both = governing([recall], ONE, AT), governing([freeze, recall], ONE, AT)
    assert alone is not None
    assert both is not None
    assert (alone.order.hold_id, alone.may_destroy, alone.why) == ("h2", True, "the only order on this answer")
    assert (both.order.hold_id, both.may_destroy) == ("h2", False)
    assert [one.hold_id for one in both.orders] == ["h1", "h2"], "both are shown"
    assert both.why == "recall is stricter than freeze; nothing is destroyed, because another order preserves it"


def test_a_litigation_hold_without_a_demand_preserves_too() -> None:
    litigation = order("h1", kind="litigation")
    recall = order("h2", demand=Demand.RECALL)
    found = governing([litigation, recall], ONE, AT)
    assert found is not None
    assert (found.order.hold_id, found.may_destroy) == ("h2", False)
    assert governing([litigation, order("h3")], ONE, AT) is None, "neither says anything to a recipient"


def test_of_equal_demands_the_first_placed_governs() -> None:
    later, first = order("h1", demand=Demand.FREEZE, placed_at=AT), order("h2", demand=Demand.FREEZE)
    found = governing([later, first], ONE, AT)
    assert found is not None
    assert found.order is first
    assert found.why == "the first of the orders that demand the same"


def test_conflicting_orders_are_shown_with_which_governs() -> None:
    freeze = order("h1", HoldScope.AGREEMENT, "an-agreement", demand=Demand.FREEZE)
    recall = order("h2", HoldScope.REQUEST, "R-1", demand=Demand.RECALL)
    other = order("h3", HoldScope.AGREEMENT, "another", demand=Demand.RECALL)
    silent = order("h4")
    found = conflicts([freeze, recall, other, silent], AT)
    assert found == {"h1": ("h2",), "h2": ("h1",), "h3": (), "h4": ()}
    assert standing_among(recall, [freeze]) == "governs where h1 covers the same answer: recall is stricter than freeze"
    assert standing_among(freeze, [recall]) == (
        "yields where h2 covers the same answer: recall is stricter than freeze; "
        "nothing is destroyed while this order stands"
    )
    assert standing_among(other, []) == ""


ISSUED = datetime(2026, 3, 10, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("action", "may_destroy", "outcome", "day", "fits"),
    [
        (NoticeAction.FREEZE, False, "frozen", 10, True),
        (NoticeAction.FREEZE, False, "returned", 11, True),
        (NoticeAction.FREEZE, False, "destroyed", 11, False),
        (NoticeAction.FREEZE, False, "destroyed", 10, False),
        (NoticeAction.FREEZE, False, "destroyed", 9, True),
        (NoticeAction.RECALL, True, "frozen", 10, False),
        (NoticeAction.RECALL, True, "destroyed", 11, True),
        (NoticeAction.RECALL, True, "returned", 11, True),
        (NoticeAction.RECALL, False, "destroyed", 11, False),
        (NoticeAction.RECALL, False, "returned", 11, True),
        (NoticeAction.RECALL, True, "returned", 13, False),
        (NoticeAction.RECALL, True, "returned", 1, False),
        (NoticeAction.LIFTED, True, "frozen", 11, False),
    ],
)
def test_a_receipt_states_what_the_notice_demands(
    action: NoticeAction, may_destroy: bool, outcome: str, day: int, fits: bool
) -> None:
    terms = NoticeTerms(action, may_destroy, ISSUED, datetime(2026, 3, 2, 8, tzinfo=UTC))
    now = datetime(2026, 3, 12, 9, tzinfo=UTC)
    if fits:
        judge_receipt(terms, ReceiptOutcome(outcome), date(2026, 3, day), now)
        return
    with pytest.raises(PrivityError) as refused:
        judge_receipt(terms, ReceiptOutcome(outcome), date(2026, 3, day), now)
    assert refused.value.code is ErrorCode.FORMAT_INVALID


@pytest.mark.parametrize(
    ("told", "due"),
    [
        ([], date(2026, 3, 31)),
        ([(1, True)], None),
        ([(1, True), (11, False)], date(2026, 4, 10)),
        ([(1, True), (5, True), (11, False)], date(2026, 4, 10)),
        ([(1, False), (5, True), (6, False), (8, True), (10, False)], date(2026, 4, 3)),
    ],
)
def test_days_under_a_freeze_do_not_count(told: list[tuple[int, bool]], due: date | None) -> None:
    days = [(date(2026, 3, day), preserves) for day, preserves in told]
    assert due_after_pauses(date(2026, 3, 31), days) == due
