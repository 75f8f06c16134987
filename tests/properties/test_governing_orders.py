"""Whatever orders there are: the strictest governs, one more loosens nothing, and the order of arrival decides nothing.

Pure values: no home. What is done with the outcome is held by tests/flow/test_notices.py.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from privity.domain.holds import Answered, Demand, HoldOrder, HoldScope
from privity.policy.holds import STRICTNESS, conflicts, governing, preserving, stopping

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
ONE = Answered("an-agreement", "requester", "R-1")
MOMENTS = st.one_of(st.none(), st.integers(-2, 2).map(lambda days: AT + timedelta(days=days)))
TARGETS = {
    HoldScope.EVERYTHING: ("",),
    HoldScope.AGREEMENT: ("an-agreement", "another"),
    HoldScope.REQUESTER: ("requester", "another"),
    HoldScope.REQUEST: ("R-1", "R-2"),
    HoldScope.CLASS: ("plaintiffs",),
}


@st.composite
def orders(draw: st.DrawFn) -> list[HoldOrder]:
    found = []
    for number in range(draw(st.integers(0, 6))):
        scope = draw(st.sampled_from(HoldScope))
        found.append(
            HoldOrder(
                f"hold-{number}",
                scope,
                draw(st.sampled_from(TARGETS[scope])),
                draw(st.sampled_from(["court_order", "litigation"])),
                draw(st.sampled_from(Demand)),
                AT - timedelta(days=draw(st.integers(0, 3))),
                draw(MOMENTS),
                draw(MOMENTS),
                draw(MOMENTS),
            )
        )
    return found


def strictness(found: list[HoldOrder]) -> tuple[int, bool]:
    """How strict what they demand of the answer is: the demand, and whether it may be destroyed."""
    now = governing(found, ONE, AT)
    return (0, True) if now is None else (STRICTNESS.index(now.order.demand), now.may_destroy)


@given(orders(), orders())
def test_one_more_order_never_loosens_anything(some: list[HoldOrder], more: list[HoldOrder]) -> None:
    renamed = [HoldOrder(f"more-{one.hold_id}", *_rest(one)) for one in more]
    before, after = strictness(some), strictness([*some, *renamed])
    assert after[0] >= before[0]
    if before[0]:
        assert before[1] or not after[1], "what may not be destroyed stays so"
    assert set(stopping(some, ONE, AT)) <= set(stopping([*some, *renamed], ONE, AT))


def _rest(one: HoldOrder) -> tuple[object, ...]:
    return (
        one.scope, one.target, one.kind, one.demand, one.placed_at, one.starts_at, one.ends_at, one.lifted_at,
        one.concealed,
    )  # fmt: skip


@given(orders(), st.randoms())
def test_the_order_of_arrival_decides_nothing(some: list[HoldOrder], chance: object) -> None:
    shuffled = list(some)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert governing(some, ONE, AT) == governing(shuffled, ONE, AT)


@given(orders())
def test_what_governs_is_in_force_covers_the_answer_and_demands_the_most(some: list[HoldOrder]) -> None:
    now = governing(some, ONE, AT)
    working = [one for one in some if one.in_force(AT) and one.covers(ONE)]
    if now is None:
        assert all(one.demand is Demand.NONE for one in working)
        return
    assert now.order in working
    assert all(STRICTNESS.index(one.demand) <= STRICTNESS.index(now.order.demand) for one in working)
    assert set(now.orders) <= set(working)
    assert now.may_destroy == all(one.demand is not Demand.FREEZE and one.kind != "litigation" for one in working)


@given(orders())
def test_a_lifted_order_and_one_that_is_over_do_nothing(some: list[HoldOrder]) -> None:
    idle = [one for one in some if not one.in_force(AT)]
    assert governing(idle, ONE, AT) is None
    assert not stopping(idle, ONE, AT)
    assert not preserving(idle, ONE, AT)
    assert not any(conflicts(idle, AT).values())


@given(orders())
def test_conflicts_are_mutual(some: list[HoldOrder]) -> None:
    found = conflicts(some, AT)
    assert all(one in found[other] for one, others in found.items() for other in others)
