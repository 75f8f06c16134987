"""Killed or out of disk at any durable step, a run that confirms a decoy ends stopped, once, never released (C4)."""

from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path

import pytest

from privity.domain.lifecycle import RequestState
from privity.domain.request import RequestId
from privity.services.home.reconfirm_home import freeze_if_copied
from tests.builders.custodian_home import Desk, adopt, template
from tests.builders.killed_walk import Children, Walk, no_space
from tests.flow.test_decoys import derived, plant, true_line


@pytest.fixture(scope="module")
def children() -> Children:
    return Children()


@pytest.fixture
def walk(tmp_path: Path) -> Walk:
    made, staged = template()
    desk = adopt(made, tmp_path / "home", staged)
    rows = derived(desk, 6)
    plant(desk, [*rows[:2], true_line(desk), *rows[2:]])  # the third batch asks the one that is true
    package = tmp_path / "request.zip"
    package.write_bytes(desk.pack(staged.first))
    desk.store.close()
    officers = tuple((one.key, one.chain) for one in staged.pki.disclosure_officers[:2])
    return Walk(tmp_path / "home", package, staged.first.id, officers, tmp_path / "out")


def check(walk: Walk) -> Counter[str]:
    """At every moment: stop, hold and log row stand together or not at all; nothing moved on; nothing is visible."""
    desk = Desk(walk.home, None)  # type: ignore[arg-type]
    assert not freeze_if_copied(desk.gate, desk.folder)
    with desk.store.reading() as read:
        request = read.request(RequestId(walk.request_id))
        stops, holds = read.decoy_stops(), read.holds()
        rows = [json.loads(row) for row in read.log_rows(0, 10_000)]
        decided = read.decided_chunks(RequestId(walk.request_id)) if request else {}
        assert read.release(RequestId(walk.request_id)) is None
    assert desk.store.check() == []
    desk.store.close()
    assert request is None or request.state is RequestState.ADMITTED
    assert [hold.hold_id for hold in holds] == [stop.hold_id for stop in stops]
    placed = [row["fields"]["hold_id"] for row in rows if row["event"] == "HOLD_PLACED"]
    assert placed == [stop.hold_id for stop in stops]
    assert len(stops) <= 1
    assert not (stops and decided), "the answers went with the stop"
    assert not walk.out.exists()
    return Counter(row["event"] for row in rows)


def interrupted(children: Children, walk: Walk, seed: int, *, full_disk: bool) -> int:
    choose = random.Random(seed)
    times, reach = 0, 1
    while True:
        options = {"act": no_space} if full_disk else {}
        _, reported = children.run(walk, at=choose.randint(reach, reach + 5), **options)
        if reported.get("outcome", "").startswith("DECOY_CONFIRMED"):
            return times
        times += 1
        check(walk)
        reach += choose.randint(1, 3)


@pytest.mark.parametrize(("seed", "full_disk"), [(1, False), pytest.param(2, True, marks=pytest.mark.slow)])
def test_interrupted_again_and_again_the_run_ends_stopped_once(
    children: Children, walk: Walk, seed: int, full_disk: bool
) -> None:
    assert interrupted(children, walk, seed, full_disk=full_disk) >= 4
    before = check(walk)
    assert before["HOLD_PLACED"] == 1
    for _ in range(2):
        _, reported = children.run(walk)
        assert reported["outcome"].startswith("DECOY_CONFIRMED")
    assert check(walk) == before, "trying again changes nothing"
