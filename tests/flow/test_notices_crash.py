"""Cut off, killed or out of disk at any durable step, notices and receipts end once, and never without their entry."""

from __future__ import annotations

import errno
import io
import json
import multiprocessing
import os
import random
import shutil
import signal
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from privity.adapters.home_files import HomeFolder
from privity.adapters.log_keys import LogKeys
from privity.domain.errors import PrivityError
from privity.domain.holds import Demand, ReceiptOutcome
from privity.ports.faults import FaultPoint, no_fault
from privity.services.holds.deliver_notice import deliver_notice, list_notices
from privity.services.holds.issue_notices import issue_notices
from privity.services.holds.record_receipt import record_receipt
from privity.services.requester.open_notice import acknowledge_notice, open_notice
from tests.builders.custodian_home import ORIGIN, Desk, MovableClock
from tests.builders.delivered_home import delivered, holder, order

AHEAD = timedelta(minutes=5)
ONCE = {"NOTICE_ISSUED": 1, "RECEIPT_RECORDED": 1, "DUTY_DISCHARGED": 1}


class PowerCutError(Exception):
    """As if the process had gone."""


@dataclass(frozen=True)
class Task:
    """All that a process needs, as plain values."""

    home: Path
    out: Path
    office: str
    key: Path
    chain: Path


def go_on(task: Task, reach: FaultPoint = no_fault) -> None:
    """Issue, deliver, acknowledge, record: whatever is due."""
    from privity.adapters.cms import CmsSigner

    desk = Desk(task.home, None, MovableClock(AHEAD), reach=reach, wait=30)  # type: ignore[arg-type]
    try:
        issue_notices(desk.gate)
        (notice,) = list_notices(desk.gate)
        package = Path(deliver_notice(desk.gate, notice.notice_id, task.out).path).read_bytes()
        sent = task.out / "receipt"
        if not sent.exists():
            log = LogKeys(ORIGIN, [signer.verifier_key for signer in desk.keys.log_signers()])
            now = desk.clock.now()
            opened = open_notice(io.BytesIO(package), desk.verifier, log, at=now)
            person = CmsSigner(task.key.read_bytes(), task.chain.read_bytes())
            made = acknowledge_notice(opened, task.office, ReceiptOutcome.DESTROYED, now.date(), person, at=now)
            sent.write_bytes(made)
        record_receipt(desk.gate, io.BytesIO(sent.read_bytes()))
    finally:
        desk.store.close()


def check(task: Task) -> Counter[str]:
    """At every moment: rows and entries stand together or not at all; what is visible is on record."""
    desk = Desk(task.home, None, MovableClock(AHEAD))  # type: ignore[arg-type]
    with desk.store.reading() as read:
        rows = [json.loads(row) for row in read.log_rows(0, 10_000)]
        notices, receipts, duties = read.notices(), read.notice_receipts(), read.duties()
        kept = [read.notice_package(one.notice_id) for one in notices]
    assert desk.store.check() == []
    desk.store.close()
    events = Counter(row["event"] for row in rows if row["event"] in ONCE)
    assert events["NOTICE_ISSUED"] == len(notices) <= 1
    assert events["RECEIPT_RECORDED"] == len(receipts) <= 1
    assert events["DUTY_DISCHARGED"] == sum(one.discharged_at is not None for one in duties) == len(receipts)
    visible = list(task.out.glob("notice-*.zip"))
    assert len(visible) <= len(notices)
    assert not visible or kept[0] is not None, "the package is stored before it is visible"
    return events


@pytest.fixture
def task(tmp_path: Path) -> Task:
    desk = delivered(tmp_path)
    order(desk, Demand.RECALL)
    office, person = holder(desk)
    desk.store.close()
    return Task(desk.home, tmp_path / "out", office, person.key, person.chain)


def copy_of(task: Task, folder: Path) -> Task:
    shutil.copytree(task.home, folder / "home")
    HomeFolder(folder / "home").bind()
    return Task(folder / "home", folder / "out", task.office, task.key, task.chain)


@pytest.mark.parametrize(("full", "every"), [(False, 5), (True, 7), pytest.param(False, 1, marks=pytest.mark.slow)])
def test_cut_off_at_each_durable_step_it_goes_on(task: Task, tmp_path: Path, full: bool, every: int) -> None:
    """At the n-th step, for every n (of the quick runs, some); the next run completes, once."""
    for count in range(1, 100, every):
        own = copy_of(task, tmp_path / f"copy-{count}")
        left = [count]

        def reach(_: str, left: list[int] = left) -> None:
            left[0] -= 1
            if left[0] == 0:
                raise OSError(errno.ENOSPC, "no space") if full else PowerCutError

        try:
            go_on(own, reach)
        except (PowerCutError, PrivityError, OSError):
            check(own)
            go_on(own)
        else:
            break
        assert check(own) == ONCE
        go_on(own)
        assert check(own) == ONCE, "trying again changes nothing"
        shutil.rmtree(own.home)
    assert count >= 10


def _child(task: Task, at: int) -> None:
    steps = [0]

    def reach(_: str) -> None:
        steps[0] += 1
        if steps[0] == at:
            os.kill(os.getpid(), signal.SIGKILL)

    go_on(task, reach if at else no_fault)


@pytest.fixture(scope="module")
def run() -> Callable[[Task, int], int | None]:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.builders.custodian_home", "tests.flow.test_notices_crash"])

    def started(task: Task, at: int) -> int | None:
        child = context.Process(target=_child, args=(task, at))
        child.start()
        child.join(120)
        return child.exitcode

    return started


def test_killed_again_and_again_it_ends_once(task: Task, run: Callable[[Task, int], int | None]) -> None:
    chance, kills, reach = random.Random(5), 0, 1
    while run(task, chance.randint(reach, reach + 3)) == -signal.SIGKILL:
        kills += 1
        check(task)
        reach += chance.randint(0, 2)
    assert kills >= 4
    assert run(task, 0) == 0
    assert check(task) == ONCE
