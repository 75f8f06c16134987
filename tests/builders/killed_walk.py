"""Walks one package as far as it goes, in a process that may be killed or refused at any durable step.

Runs in children of a fork server that holds no database, no thread and no lock, so that each child starts fresh.
"""

from __future__ import annotations

import errno
import io
import json
import multiprocessing
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.lifecycle import RequestState
from privity.ports.faults import FaultPoint, no_fault
from privity.services.admission import receive_request as receiving
from privity.services.release.review_request import approve_release
from tests.builders.small_chunks import cut_small

SMALL_CHUNK = 10  # lines: several chunks and batches even in a small request
AHEAD = timedelta(minutes=5)  # the answer is due


@dataclass(frozen=True)
class Walk:
    """All that a child needs, as plain values."""

    home: Path
    package: Path
    request_id: str
    officers: tuple[tuple[Path, Path], ...]  # key, certificate chain
    out: Path


class Counter:
    """Counts durable steps; at the n-th it acts."""

    def __init__(self, at: int, act: Callable[[], None]) -> None:
        self.at, self.act, self.steps = at, act, 0

    def __call__(self, step: str) -> None:
        self.steps += 1
        if self.steps == self.at:
            self.act()


def kill() -> None:
    """As a power cut would."""
    os.kill(os.getpid(), signal.SIGKILL)


def no_space() -> None:
    """As a full disk would."""
    raise OSError(errno.ENOSPC, "no space")


def go_on(walk: Walk, reach: FaultPoint) -> str:
    """Take every step that is due; returns the last state."""
    from privity.adapters.cms import CmsSigner
    from tests.builders.custodian_home import Desk, MovableClock

    cut_small(SMALL_CHUNK)
    desk = Desk(walk.home, None, MovableClock(AHEAD), reach=reach, wait=30)  # type: ignore[arg-type]
    state = _state(desk, walk.request_id)
    if state is None:
        receiving.receive_request(desk.gate, io.BytesIO(walk.package.read_bytes()))
        state = _state(desk, walk.request_id)
    if state is RequestState.ADMITTED:
        _decide_referrals(desk, walk)
        desk.match(walk.request_id, processes=1)
    for key, chain in walk.officers:
        if _state(desk, walk.request_id) is RequestState.AWAITING_REVIEW:
            try:
                approve_release(desk.gate, walk.request_id, CmsSigner(key.read_bytes(), chain.read_bytes()))
            except PrivityError as refused:
                if refused.code is not ErrorCode.SAME_PERSON:
                    raise
    desk.clock.advance(600)
    desk.deliver(walk.request_id, walk.out)
    return str(_state(desk, walk.request_id))


def _decide_referrals(desk: Any, walk: Walk) -> None:
    """The first officer admits what waits and can be admitted, line by line, and returns the rest at once."""
    from privity.adapters.cms import CmsSigner
    from privity.services.admission.referral_desk import decide_referrals, list_referrals, referrals_of, show_referral

    if not any(one.request_id == walk.request_id for one in list_referrals(desk.gate)):
        return
    key, chain = walk.officers[0]
    signer = CmsSigner(key.read_bytes(), chain.read_bytes())
    waiting = [one.ordinal for one in referrals_of(desk.gate, walk.request_id).lines if not one.verdict]
    sound = [one for one in waiting if show_referral(desk.gate, walk.request_id, one).can_be_admitted]
    for ordinal in sound:
        decide_referrals(desk.gate, walk.request_id, [ordinal], signer)
    if set(waiting) - set(sound):
        decide_referrals(desk.gate, walk.request_id, set(waiting) - set(sound), signer, code="ADDRESS_INCOMPLETE")


def _state(desk: Any, request_id: str) -> RequestState | None:
    with desk.store.reading() as read:
        request = read.request(request_id)
    return None if request is None else request.state


def _child(walk: Walk, at: int, act: Callable[[], None], report: Path) -> None:
    counter = Counter(at, act)
    try:
        outcome = go_on(walk, counter if at else no_fault)
    except PrivityError as refused:
        outcome = f"{refused.code.value}: {refused.message}"
    report.write_text(json.dumps({"outcome": outcome, "steps": counter.steps}), encoding="utf-8")


class Children:
    """A fork server with everything imported, and children that end as they must."""

    def __init__(self) -> None:
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["tests.builders.custodian_home", "tests.builders.killed_walk"])

    def run(
        self, walk: Walk, *, at: int = 0, act: Callable[[], None] = kill, seconds: float | None = None
    ) -> tuple[int | None, dict[str, Any]]:
        """One child. `at`: which durable step acts (0: none). `seconds`: kill it from outside after that time.

        Returns its exit code (-9: killed) and what it reported, if it came so far.
        """
        report = walk.out.parent / "report.json"
        report.unlink(missing_ok=True)
        child = self._context.Process(target=_child, args=(walk, at, act, report))
        child.start()
        child.join(seconds if seconds is not None else 120)
        if child.is_alive():
            os.kill(child.pid or 0, signal.SIGKILL)
            child.join()
        reported = json.loads(report.read_text(encoding="utf-8")) if report.exists() else {}
        return child.exitcode, reported
