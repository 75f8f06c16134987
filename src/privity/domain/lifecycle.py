"""States of a request, actions on it, and the closed table of who may do what (role x action).

Small and readable in court. The database repeats the essential constraints (C4).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from privity.domain.offices import CustodianRole


class RequestState(StrEnum):
    """Where a request stands. A hold is not a state: it is checked at every step."""

    ADMITTED = "ADMITTED"  # lines judged; matching has not finished
    AWAITING_REVIEW = "AWAITING_REVIEW"  # every line has its answer or its code; approvals are collected
    APPROVED = "APPROVED"  # two people signed the same content hash
    SEALED = "SEALED"  # sealed bytes stored, not yet released
    RELEASED = "RELEASED"  # accounting, log entry and release are durable
    DELIVERED = "DELIVERED"  # the package has become visible at least once
    REJECTED = "REJECTED"  # an officer refused to release; nothing leaves


class Action(StrEnum):
    """What a person at the custodian may do."""

    RECORD_AGREEMENT = "RECORD_AGREEMENT"
    ACTIVATE_AGREEMENT = "ACTIVATE_AGREEMENT"
    SUSPEND_AGREEMENT = "SUSPEND_AGREEMENT"
    END_AGREEMENT = "END_AGREEMENT"
    SIMULATE_AGREEMENT = "SIMULATE_AGREEMENT"
    RECORD_REPORT = "RECORD_REPORT"
    BUILD_REGISTER = "BUILD_REGISTER"
    RECEIVE = "RECEIVE"
    DECIDE_REFERRALS = "DECIDE_REFERRALS"
    REVOKE_ADMISSION = "REVOKE_ADMISSION"
    MATCH = "MATCH"
    REVIEW = "REVIEW"
    APPROVE = "APPROVE"
    DELIVER = "DELIVER"
    PLACE_HOLD = "PLACE_HOLD"
    LIFT_HOLD = "LIFT_HOLD"
    WITHHOLD = "WITHHOLD"
    ISSUE_NOTICE = "ISSUE_NOTICE"
    RECORD_RECEIPT = "RECORD_RECEIPT"
    PLANT_DECOYS = "PLANT_DECOYS"
    CLEAR_DECOY_STOP = "CLEAR_DECOY_STOP"
    READ_ACCOUNTING = "READ_ACCOUNTING"
    RECONFIRM_HOME = "RECONFIRM_HOME"
    DESTROY_REQUEST = "DESTROY_REQUEST"


_R = CustodianRole

PERMISSIONS: Mapping[Action, frozenset[CustodianRole]] = {
    Action.RECORD_AGREEMENT: frozenset({_R.COUNSEL}),
    Action.ACTIVATE_AGREEMENT: frozenset({_R.COUNSEL}),
    Action.SUSPEND_AGREEMENT: frozenset({_R.DISCLOSURE_OFFICER, _R.COUNSEL}),
    Action.END_AGREEMENT: frozenset({_R.COUNSEL}),
    Action.SIMULATE_AGREEMENT: frozenset({_R.DISCLOSURE_OFFICER, _R.COUNSEL}),
    Action.RECORD_REPORT: frozenset({_R.DISCLOSURE_OFFICER, _R.COUNSEL}),
    Action.BUILD_REGISTER: frozenset({_R.REGISTRAR}),
    Action.RECEIVE: frozenset({_R.DISCLOSURE_OFFICER}),
    Action.DECIDE_REFERRALS: frozenset({_R.DISCLOSURE_OFFICER, _R.COUNSEL}),
    Action.REVOKE_ADMISSION: frozenset({_R.DISCLOSURE_OFFICER, _R.COUNSEL}),
    Action.MATCH: frozenset({_R.DISCLOSURE_OFFICER}),
    Action.REVIEW: frozenset({_R.DISCLOSURE_OFFICER, _R.COUNSEL}),
    Action.APPROVE: frozenset({_R.DISCLOSURE_OFFICER, _R.COUNSEL}),
    Action.DELIVER: frozenset({_R.DISCLOSURE_OFFICER}),
    Action.PLACE_HOLD: frozenset({_R.DISCLOSURE_OFFICER, _R.COUNSEL}),
    Action.LIFT_HOLD: frozenset({_R.COUNSEL}),
    Action.WITHHOLD: frozenset({_R.COUNSEL}),
    Action.ISSUE_NOTICE: frozenset({_R.DISCLOSURE_OFFICER, _R.COUNSEL}),
    Action.RECORD_RECEIPT: frozenset({_R.DISCLOSURE_OFFICER, _R.COUNSEL}),
    Action.PLANT_DECOYS: frozenset({_R.REGISTRAR}),
    Action.CLEAR_DECOY_STOP: frozenset({_R.COUNSEL, _R.DISCLOSURE_OFFICER}),
    Action.READ_ACCOUNTING: frozenset({_R.DISCLOSURE_OFFICER, _R.COUNSEL, _R.AUDITOR}),
    Action.RECONFIRM_HOME: frozenset({_R.COUNSEL, _R.DISCLOSURE_OFFICER}),
    Action.DESTROY_REQUEST: frozenset({_R.COUNSEL}),
}

MOVES: Mapping[RequestState, frozenset[RequestState]] = {
    RequestState.ADMITTED: frozenset({RequestState.AWAITING_REVIEW}),
    RequestState.AWAITING_REVIEW: frozenset({RequestState.APPROVED, RequestState.REJECTED}),
    RequestState.APPROVED: frozenset({RequestState.SEALED, RequestState.AWAITING_REVIEW}),
    # a recipient or a mark of withholding changed after sealing, before release: approvals start anew
    RequestState.SEALED: frozenset({RequestState.RELEASED, RequestState.AWAITING_REVIEW}),
    RequestState.RELEASED: frozenset({RequestState.DELIVERED}),
    RequestState.DELIVERED: frozenset(),
    RequestState.REJECTED: frozenset(),
}


_S = RequestState
# Where an action on a request can succeed, by its state alone. What is not named here is no action on a request, or
# asks for none of its states (a hold may be placed on any).
STATES: Mapping[Action, frozenset[RequestState]] = {
    Action.DECIDE_REFERRALS: frozenset({_S.ADMITTED}),
    Action.REVOKE_ADMISSION: frozenset({_S.ADMITTED, _S.AWAITING_REVIEW, _S.APPROVED, _S.SEALED}),
    Action.MATCH: frozenset({_S.ADMITTED}),
    Action.REVIEW: frozenset(RequestState) - {_S.ADMITTED},
    Action.APPROVE: frozenset({_S.AWAITING_REVIEW}),
    Action.DELIVER: frozenset({_S.APPROVED, _S.SEALED, _S.RELEASED, _S.DELIVERED}),
    Action.DESTROY_REQUEST: frozenset({_S.DELIVERED, _S.REJECTED}),
}


def may(role: CustodianRole, action: Action) -> bool:
    """Whether the role may take the action."""
    return role in PERMISSIONS[action]


def may_on(role: CustodianRole, action: Action, state: RequestState) -> bool:
    """Whether the role may take the action on a request in this state: role x action x state, the whole table."""
    return may(role, action) and state in STATES.get(action, frozenset(RequestState))


def can_move(current: RequestState, following: RequestState) -> bool:
    """Whether the life of a request has this step."""
    return following in MOVES[current]
