"""Counsel's decisions on a recorded agreement: put a version in force, suspend, end. Each is an entry of the log.

What a decision does to requests in flight is done by the steps of a request themselves, which ask the store in the
transaction that decides (`standing`, `check_release`); deciding needs no other lock, and waits for nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from privity.domain.agreement import BOTH_SIDES, Agreement
from privity.domain.agreement_acts import (
    END_REASONS,
    NEW_VERSION,
    RESUMED,
    SUSPENSION_REASONS,
    AgreementAct,
    AgreementDecision,
    Life,
    ended_through,
    life_of,
)
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.lifecycle import Action
from privity.domain.offices import CustodianRole
from privity.ports.stores import ReadStore, WriteStore
from privity.services.agreements.agreement_decisions import add_decision, decisions_of
from privity.services.agreements.agreement_signatures import signed_by
from privity.services.agreements.record_agreement import stored_agreement
from privity.services.gate import Gate, need_role, need_thawed

DOCKET_LIMIT = 500  # characters
_ENDED_STATES = frozenset({"DELIVERED", "REJECTED"})


@dataclass(frozen=True, slots=True)
class AgreementDecided:
    """The decision now on record, and how many requests it stops before their end."""

    agreement_id: str
    version: int
    digest: str
    decision: str
    reason_code: str
    decided_at: datetime
    log_index: int
    requests_stopped: int
    requests_going_on: int


def activate_agreement(
    gate: Gate, agreement_id: str, version: int, *, docket: str = "", role: CustodianRole = CustodianRole.COUNSEL,
    by: str = "",
) -> AgreementDecided:  # fmt: skip
    """Put exactly this version in force, and end a suspension.

    Raises PrivityError ROLE_FORBIDDEN, USAGE, NOT_FOUND, AGREEMENT_NOT_IN_FORCE (not signed by both, or outside its
    dates), STATE_CONFLICT (in force already, or ended).
    """
    need_role(role, Action.ACTIVATE_AGREEMENT)
    at = gate.clock.now()
    with gate.store.writing() as write:
        need_thawed(write)
        _need_short(docket)
        agreement = stored_agreement(write, agreement_id, version)
        known = decisions_of(write, gate.keys, agreement_id)
        _need_activable(gate, write, agreement, known, at)
        resumes = bool(known) and known[-1].act is AgreementAct.SUSPENDED and _last_active(known) in (0, version)
        reason = RESUMED if resumes else NEW_VERSION
        decided = _decide(
            gate, write, agreement, AgreementAct.ACTIVATED, reason, at=at, by=by or role.value, docket=docket
        )
    gate.publish()
    return decided


def suspend_agreement(
    gate: Gate, agreement_id: str, reason: str, *, docket: str = "", role: CustodianRole = CustodianRole.COUNSEL,
    by: str = "",
) -> AgreementDecided:  # fmt: skip
    """Stop everything under every version until one is activated. `reason`: one of SUSPENSION_REASONS.

    Works in a frozen home too, as a hold does: stopping never waits.

    Raises PrivityError ROLE_FORBIDDEN, USAGE, NOT_FOUND, STATE_CONFLICT (suspended already, or ended).
    """
    need_role(role, Action.SUSPEND_AGREEMENT)
    _need_reason(reason, SUSPENSION_REASONS)
    return _stop(gate, agreement_id, AgreementAct.SUSPENDED, reason, docket=docket, by=by or role.value)


def end_agreement(
    gate: Gate, agreement_id: str, reason: str, *, docket: str = "", role: CustodianRole = CustodianRole.COUNSEL,
    by: str = "",
) -> AgreementDecided:  # fmt: skip
    """End every version on record, for ever. `reason`: one of END_REASONS.

    Raises PrivityError ROLE_FORBIDDEN, USAGE, NOT_FOUND, STATE_CONFLICT (ended already).
    """
    need_role(role, Action.END_AGREEMENT)
    _need_reason(reason, END_REASONS)
    return _stop(gate, agreement_id, AgreementAct.ENDED, reason, docket=docket, by=by or role.value)


def _stop(gate: Gate, agreement_id: str, act: AgreementAct, reason: str, *, docket: str, by: str) -> AgreementDecided:
    at = gate.clock.now()
    with gate.store.writing() as write:
        _need_short(docket)
        newest = stored_agreement(write, agreement_id)
        life = life_of(decisions_of(write, gate.keys, agreement_id), newest.version)
        if life is Life.ENDED or (life is Life.SUSPENDED and act is AgreementAct.SUSPENDED):
            raise PrivityError(
                ErrorCode.STATE_CONFLICT, f"the agreement is {life.value} already", "See `privity agreement inventory`."
            )
        decided = _decide(gate, write, newest, act, reason, at=at, by=by, docket=docket)
    gate.publish()
    return decided


def _decide(
    gate: Gate, write: WriteStore, agreement: Agreement, act: AgreementAct, reason: str, *, at: datetime, by: str,
    docket: str,
) -> AgreementDecided:  # fmt: skip
    row = add_decision(gate, write, agreement, act, reason, at=at, by=by, docket=docket)
    stops, goes = _in_flight(gate, write, agreement.id)
    return AgreementDecided(
        agreement.id, agreement.version, agreement.digest, act.value.lower(), reason, at, row.log_index, stops, goes
    )


def _in_flight(gate: Gate, read: ReadStore, agreement_id: str) -> tuple[int, int]:
    """Requests under the agreement that have not ended: stopped by the decisions as they stand, and going on."""
    known = decisions_of(read, gate.keys, agreement_id)
    lives = [
        life_of(known, one.agreement_version)
        for one in read.requests()
        if one.agreement_id == agreement_id and one.state.value not in _ENDED_STATES and not one.returned_whole
    ]
    going_on = sum(one in (Life.ACTIVE, Life.UNDECIDED) for one in lives)
    return len(lives) - going_on, going_on


def _need_short(docket: str) -> None:
    if len(docket) > DOCKET_LIMIT:
        raise PrivityError(ErrorCode.USAGE, f"a docket has at most {DOCKET_LIMIT} characters", "Shorten it.")


def _need_reason(reason: str, known: tuple[str, ...]) -> None:
    if reason not in known:
        raise PrivityError(ErrorCode.USAGE, "this is no reason for the decision", f"Use one of: {', '.join(known)}.")


def _need_activable(
    gate: Gate, read: ReadStore, agreement: Agreement, known: tuple[AgreementDecision, ...], at: datetime
) -> None:
    if life_of(known, agreement.version) is Life.ACTIVE:
        raise PrivityError(ErrorCode.STATE_CONFLICT, "this version is in force already", "Nothing needs to be done.")
    if agreement.version <= ended_through(known):
        raise PrivityError(
            ErrorCode.STATE_CONFLICT,
            "this version was ended: it never comes back",
            "Record a new version that both parties signed.",
        )
    if not signed_by(read, gate.keys, agreement) >= BOTH_SIDES:
        raise PrivityError(
            ErrorCode.AGREEMENT_NOT_IN_FORCE,
            "the version is not signed by both parties",
            "Add the signature that is missing with `privity agreement add`.",
        )
    if not agreement.effective <= at.date() <= agreement.expires:
        raise PrivityError(
            ErrorCode.AGREEMENT_NOT_IN_FORCE,
            "today lies outside the dates of this version: activating it would leave no version in force",
            "Activate it on its first day.",
        )


def _last_active(known: tuple[AgreementDecision, ...]) -> int:
    """The version activated last, 0 where none was."""
    return next((one.version for one in reversed(known) if one.act is AgreementAct.ACTIVATED), 0)
