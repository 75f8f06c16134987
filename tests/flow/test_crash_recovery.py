"""Killed anywhere, or refused by the disk anywhere, and run again: nothing is lost, nothing is released twice (C4)."""

from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path

import pytest

from privity.adapters.sql_store import open_store
from privity.domain.request import RequestId
from privity.ledger import accounting_tree
from privity.services.home.reconfirm_home import freeze_if_copied
from tests.builders.custodian_home import Desk, adopt, template
from tests.builders.killed_walk import Children, Walk, no_space

ONCE = ("REQUEST_ADMITTED", "REQUEST_RETURNED", "RELEASE_INTENDED", "RESPONSE_RELEASED")


@pytest.fixture(scope="module")
def children() -> Children:
    return Children()


@pytest.fixture
def walk(tmp_path: Path) -> Walk:
    made, staged = template()
    desk = adopt(made, tmp_path / "home", staged)
    package = tmp_path / "request.zip"
    package.write_bytes(desk.pack(staged.first))
    desk.store.close()
    officers = tuple((one.key, one.chain) for one in staged.pki.disclosure_officers[:2])
    return Walk(tmp_path / "home", package, staged.first.id, officers, tmp_path / "out")


def check(walk: Walk) -> Counter[str]:
    """Every invariant that holds at every moment; returns how often each event was logged about the request."""
    desk = Desk(walk.home, None)  # type: ignore[arg-type]
    assert not freeze_if_copied(desk.gate, desk.folder)  # a crash is no restoration
    desk.store.close()
    store = open_store(walk.home / "state" / "privity.sqlite")
    try:
        assert store.check() == []
        with store.reading() as read:
            request = read.request(RequestId(walk.request_id))
            rows = read.log_rows(0, 10_000)
            assert len(rows) == read.log_size()
            release = read.release(RequestId(walk.request_id))
            records = list(read.accounting(RequestId(walk.request_id)))
        events = Counter(
            entry["event"] for entry in map(json.loads, rows) if entry["fields"].get("request_id") == walk.request_id
        )
        assert all(events[event] <= 1 for event in ONCE)
        assert events["APPROVAL_RECORDED"] <= 2
        assert (request is None) == (events["REQUEST_ADMITTED"] == 0)
        assert (release is None) == (events["RESPONSE_RELEASED"] == 0)
        assert len(records) == (request.lines if release and request else 0)
        if release:
            assert accounting_tree.root(row.leaf for row in records).hex() == release.accounting_root
        visible = sorted(path.name for path in walk.out.glob("[!.]*")) if walk.out.exists() else []
        assert visible in ([], [f"{walk.request_id}.response.zip"])
        assert release or not visible
    finally:
        store.close()
    return events


def to_the_end(children: Children, walk: Walk) -> None:
    """Run without faults; the walk ends, once."""
    before = _visible(walk)
    code, reported = children.run(walk)
    assert (code, reported.get("outcome")) == (0, "DELIVERED")
    events = check(walk)
    assert [events[event] for event in ("REQUEST_ADMITTED", "RELEASE_INTENDED", "RESPONSE_RELEASED")] == [1, 1, 1]
    assert events["APPROVAL_RECORDED"] == 2
    assert before in (None, _visible(walk))


def _visible(walk: Walk) -> bytes | None:
    package = walk.out / f"{walk.request_id}.response.zip"
    return package.read_bytes() if package.exists() else None


def interrupted(children: Children, walk: Walk, seed: int, most: int, *, full_disk: bool = False) -> int:
    """Interrupt the walk again and again, each time a few durable steps on, until it ends; returns how often."""
    choose = random.Random(seed)
    times, reach = 0, 1
    while True:
        options = {"act": no_space} if full_disk else {}
        code, reported = children.run(walk, at=choose.randint(reach, reach + most), **options)
        if reported.get("outcome") == "DELIVERED":
            return times
        if full_disk:
            assert code == 0
            assert reported["outcome"].startswith("STORAGE_FAILED: the disk")
        else:
            assert code == -9
        times += 1
        check(walk)
        reach += choose.randint(0, most // 2)  # a child must redo some steps; look further, so that the walk ends


def test_killed_again_and_again_the_walk_ends_once(children: Children, walk: Walk) -> None:
    times = interrupted(children, walk, seed=1, most=6)
    assert times >= 10
    to_the_end(children, walk)


def test_killed_at_other_moments_too(children: Children, walk: Walk) -> None:
    assert interrupted(children, walk, seed=2, most=9) >= 6
    to_the_end(children, walk)


def test_a_disk_that_fills_up_again_and_again_loses_nothing(children: Children, walk: Walk) -> None:
    assert interrupted(children, walk, seed=3, most=10, full_disk=True) >= 5
    to_the_end(children, walk)


def test_killed_from_outside_at_any_time(children: Children, walk: Walk) -> None:
    choose = random.Random(4)
    for _ in range(5):
        children.run(walk, seconds=choose.uniform(0.05, 1.2))
        check(walk)
    to_the_end(children, walk)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10, 22))
def test_killed_at_many_moments(children: Children, walk: Walk, seed: int) -> None:
    interrupted(children, walk, seed=seed, most=5, full_disk=seed % 3 == 0)
    to_the_end(children, walk)
