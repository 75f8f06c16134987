"""Role x action x state, every combination, on real homes: what the closed table allows happens, nothing else does.

A home is walked once through all states of a request and copied at each. A combination that the table forbids must
leave the copy as it was; one that it allows gets a copy of its own.
"""

from __future__ import annotations

import ast
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest

from privity.adapters.cms import CmsSigner
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.holds import HoldScope
from privity.domain.lifecycle import MOVES, PERMISSIONS, STATES, Action, RequestState, can_move, may, may_on
from privity.domain.offices import CustodianRole
from privity.domain.request import RequestId
from privity.ports.stored import Verdict
from privity.services.admission.referral_desk import decide_referrals
from privity.services.admission.revoke_admission import return_request
from privity.services.holds.place_hold import place_hold
from privity.services.home.apply_retention import destroy_request
from privity.services.release import release_response as releasing
from privity.services.release.release_response import deliver_response, release_response
from privity.services.release.review_request import approve_release, review_request
from tests.builders.custodian_home import Desk, MovableClock, adopt, fresh, signer_of
from tests.builders.referred_lines import COUNTER, with_addresses

ROOT = Path(__file__).resolve().parents[2]
Act = Callable[[Desk, str, CustodianRole], object]


class CutOffError(Exception):
    """The process ends between two steps."""


@contextmanager
def days_later(desk: Desk, days: int) -> Iterator[None]:
    desk.clock.advance(days * 86_400)
    try:
        yield
    finally:
        desk.clock.advance(-days * 86_400)


def match(desk: Desk, request_id: str, role: CustodianRole) -> object:
    """When the time is over in which a human decides on the line that waits."""
    with days_later(desk, 11):
        return desk.match(request_id, role=role)


def decide(desk: Desk, request_id: str, role: CustodianRole) -> object:
    """On the line that waits, with the certificate of a person who has that role."""
    return decide_referrals(desk.gate, request_id, [2], person_of(desk, role))


def give_back(desk: Desk, request_id: str, role: CustodianRole) -> object:
    """When the agreement is over."""
    with days_later(desk, 3_660):
        return return_request(desk.gate, request_id, role=role)


def review(desk: Desk, request_id: str, role: CustodianRole) -> object:
    return review_request(desk.gate, request_id, role=role)


def approve(desk: Desk, request_id: str, role: CustodianRole) -> object:
    """With the certificate of a person who has that role."""
    return approve_release(desk.gate, request_id, person_of(desk, role))


def person_of(desk: Desk, role: CustodianRole) -> CmsSigner:
    pki = desk.stage.pki
    person = {
        CustodianRole.DISCLOSURE_OFFICER: pki.disclosure_officers[2],
        CustodianRole.COUNSEL: pki.counsel,
        CustodianRole.REGISTRAR: pki.registrar,
        CustodianRole.AUDITOR: pki.auditor,
    }[role]
    return signer_of(person)


def deliver(desk: Desk, request_id: str, role: CustodianRole) -> object:
    return deliver_response(desk.gate, request_id, desk.out, role=role)


def hold(desk: Desk, request_id: str, role: CustodianRole) -> object:
    return place_hold(desk.gate, HoldScope.REQUEST, request_id, "court_order", "", role=role)


def destroy(desk: Desk, request_id: str, role: CustodianRole) -> object:
    return destroy_request(
        desk.gate, request_id, role=role, backups_expire=datetime.now(UTC).date() + timedelta(days=9)
    )


ON_A_REQUEST: dict[Action, Act] = {
    Action.DECIDE_REFERRALS: decide,
    Action.REVOKE_ADMISSION: give_back,
    Action.MATCH: match,
    Action.REVIEW: review,
    Action.APPROVE: approve,
    Action.DELIVER: deliver,
    Action.PLACE_HOLD: hold,
    Action.DESTROY_REQUEST: destroy,
}
WRONG_MOMENT = {ErrorCode.STATE_CONFLICT, ErrorCode.RELEASE_UNAPPROVED}


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, Desk]:
    """A folder with one home for each state, and the request's id."""
    folder = tmp_path_factory.mktemp("states")
    desk = fresh(folder)
    lines = with_addresses(desk.stage.first.lines, {2: COUNTER})
    request_id = desk.receive(desk.pack(desk.stage.first, lines=lines)).request_id

    def keep(state: RequestState) -> None:
        with desk.store.reading() as read:
            request = read.request(RequestId(request_id))
        assert request is not None
        assert request.state is state
        desk.store.close()
        shutil.copytree(desk.home, folder / state.value)

    keep(RequestState.ADMITTED)
    decide_referrals(desk.gate, request_id, [2], desk.officer(0))
    desk.match(request_id)
    keep(RequestState.AWAITING_REVIEW)
    other = at_state(folder, RequestState.AWAITING_REVIEW, desk, folder / "refused")
    for place in (0, 1):
        other.approve(request_id, place, Verdict.REFUSE)
    other.store.close()
    shutil.copytree(other.home, folder / RequestState.REJECTED.value)
    desk.approve_twice(request_id)
    keep(RequestState.APPROVED)
    desk.clock.advance(60)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(releasing, "_commit_release", _cut_off)
        with pytest.raises(CutOffError):
            release_response(desk.gate, request_id)
    keep(RequestState.SEALED)
    release_response(desk.gate, request_id)
    keep(RequestState.RELEASED)
    desk.deliver(request_id)
    keep(RequestState.DELIVERED)
    return folder, request_id, desk


def _cut_off(*_: object) -> None:
    raise CutOffError


def at_state(folder: Path, state: RequestState, made: Desk, place: Path) -> Desk:
    """A copy of the home at that state, a minute later, so that an answer is due."""
    return adopt(folder / state.value, place, made.stage, clock=MovableClock(timedelta(seconds=120)))


def kept(desk: Desk, request_id: str) -> tuple[object, ...]:
    """What a forbidden act must not change."""
    with desk.store.reading() as read:
        request = read.request(RequestId(request_id))
        assert request is not None
        approvals = tuple(read.approvals(RequestId(request_id), request.content_sha256))
        return request, approvals, read.log_size(), read.release(RequestId(request_id)), tuple(read.holds())


@pytest.mark.parametrize("state", list(RequestState))
def test_every_role_and_action_in_every_state(
    walked: tuple[Path, str, Desk], tmp_path: Path, state: RequestState
) -> None:
    folder, request_id, made = walked
    shared = at_state(folder, state, made, tmp_path / "shared")
    before = kept(shared, request_id)
    for number, (action, role) in enumerate(product(ON_A_REQUEST, CustodianRole)):
        act = ON_A_REQUEST[action]
        if may_on(role, action, state):
            own = at_state(folder, state, made, tmp_path / f"own-{number}")
            assert act(own, request_id, role), (state, action, role)
            own.store.close()
            continue
        with pytest.raises(PrivityError) as refused:
            act(shared, request_id, role)
        wanted = WRONG_MOMENT if may(role, action) else {ErrorCode.ROLE_FORBIDDEN} | WRONG_MOMENT
        assert refused.value.code in wanted, (state, action, role, refused.value)
        assert kept(shared, request_id) == before, (state, action, role)
    assert not list(shared.out.glob("*")) if shared.out.exists() else True


def test_a_role_that_may_not_is_refused_for_its_role_where_the_moment_is_right(
    walked: tuple[Path, str, Desk], tmp_path: Path
) -> None:
    folder, request_id, made = walked
    for state in RequestState:
        desk = at_state(folder, state, made, tmp_path / state.value)
        for action, role in product(ON_A_REQUEST, CustodianRole):
            if may(role, action) or state not in STATES.get(action, frozenset(RequestState)):
                continue
            with pytest.raises(PrivityError) as refused:
                ON_A_REQUEST[action](desk, request_id, role)
            assert refused.value.code is ErrorCode.ROLE_FORBIDDEN, (state, action, role)


# The table itself, written out by hand once more: a change of it is a change of this list, and is seen in review.

WHO = {
    "RECORD_AGREEMENT": "counsel",
    "ACTIVATE_AGREEMENT": "counsel",
    "SUSPEND_AGREEMENT": "counsel disclosure_officer",
    "END_AGREEMENT": "counsel",
    "SIMULATE_AGREEMENT": "counsel disclosure_officer",
    "RECORD_REPORT": "counsel disclosure_officer",
    "BUILD_REGISTER": "registrar",
    "RECEIVE": "disclosure_officer",
    "DECIDE_REFERRALS": "counsel disclosure_officer",
    "REVOKE_ADMISSION": "counsel disclosure_officer",
    "MATCH": "disclosure_officer",
    "REVIEW": "counsel disclosure_officer",
    "APPROVE": "counsel disclosure_officer",
    "DELIVER": "disclosure_officer",
    "PLACE_HOLD": "counsel disclosure_officer",
    "LIFT_HOLD": "counsel",
    "WITHHOLD": "counsel",
    "ISSUE_NOTICE": "counsel disclosure_officer",
    "RECORD_RECEIPT": "counsel disclosure_officer",
    "PLANT_DECOYS": "registrar",
    "CLEAR_DECOY_STOP": "counsel disclosure_officer",
    "READ_ACCOUNTING": "auditor counsel disclosure_officer",
    "RECONFIRM_HOME": "counsel disclosure_officer",
    "DESTROY_REQUEST": "counsel",
}


def test_the_table_is_this_one_and_no_action_is_missing() -> None:
    assert {action.value for action in Action} == set(WHO) == {action.value for action in PERMISSIONS}
    for action, role in product(Action, CustodianRole):
        assert may(role, action) == (role.value in WHO[action.value].split()), (action, role)


def test_nobody_who_builds_the_register_or_audits_decides_and_nobody_has_every_power() -> None:
    deciding = {Action.APPROVE, Action.DELIVER, Action.LIFT_HOLD, Action.ACTIVATE_AGREEMENT, Action.MATCH}
    for role in (CustodianRole.REGISTRAR, CustodianRole.AUDITOR):
        assert not {action for action in deciding if may(role, action)}
    assert not [role for role in CustodianRole if all(may(role, action) for action in Action)]


def test_every_action_of_the_table_is_asked_by_a_service() -> None:
    """An entry that nobody asks would promise what the gate does not keep."""
    asked = set()
    for path in (ROOT / "src" / "privity" / "services").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("need_role", "acting_officer"):
                asked |= {one.attr for one in ast.walk(node) if isinstance(one, ast.Attribute)}
    assert {action.name for action in Action} <= asked


def test_no_state_is_left_but_by_its_moves_and_release_is_passed_on_every_way_out() -> None:
    """Every path of moves to DELIVERED goes through APPROVED, SEALED and RELEASED, in this order."""
    assert set(MOVES) == set(RequestState)

    def paths(state: RequestState, seen: tuple[RequestState, ...]) -> Iterator[tuple[RequestState, ...]]:
        if state is RequestState.DELIVERED:
            yield (*seen, state)
            return
        for following in RequestState:
            if can_move(state, following) and following not in seen:
                yield from paths(following, (*seen, state))

    found = list(paths(RequestState.ADMITTED, ()))
    assert found
    needed = [RequestState.AWAITING_REVIEW, RequestState.APPROVED, RequestState.SEALED, RequestState.RELEASED]
    assert all([state for state in path if state in needed] == needed for path in found)
