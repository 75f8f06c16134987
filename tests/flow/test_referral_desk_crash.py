"""Killed or out of disk at any durable step: decisions, settling and giving back happen whole, once, or not at all."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.lifecycle import RequestState
from privity.domain.request import RequestId
from privity.services.admission.revoke_admission import return_request
from privity.services.agreements.decide_on_agreement import suspend_agreement
from privity.services.duties.record_report import record_report
from privity.services.home.reconfirm_home import freeze_if_copied
from tests.builders import killed_walk
from tests.builders.custodian_home import Desk, adopt, fresh, template
from tests.builders.killed_walk import Children, Walk, no_space
from tests.builders.referred_lines import ABROAD, COUNTER, HOTEL, with_addresses

REFERRED = {2: COUNTER, 5: HOTEL, 7: ABROAD, 11: COUNTER}


@pytest.fixture(scope="module")
def children() -> Children:
    return Children()


@pytest.fixture
def walk(tmp_path: Path) -> Walk:
    made, staged = template()
    desk = adopt(made, tmp_path / "home", staged)
    package = tmp_path / "request.zip"
    package.write_bytes(desk.pack(staged.first, lines=with_addresses(staged.first.lines, REFERRED)))
    desk.store.close()
    officers = tuple((one.key, one.chain) for one in staged.pki.disclosure_officers[:2])
    return Walk(tmp_path / "home", package, staged.first.id, officers, tmp_path / "out")


def check(walk: Walk) -> Counter[str]:
    """At every moment: a decision and its entry stand together; settled means no line waits; nothing moves before."""
    desk = Desk(walk.home, None)  # type: ignore[arg-type]
    assert not freeze_if_copied(desk.gate, desk.folder)
    with desk.store.reading() as read:
        request = read.request(RequestId(walk.request_id))
        decisions = read.referral_decisions(RequestId(walk.request_id))
        rows = [json.loads(row) for row in read.log_rows(0, 10_000)]
    assert desk.store.check() == []
    desk.store.close()
    events = Counter(row["event"] for row in rows if row["fields"].get("request_id") == walk.request_id)
    assert [one.log_index for one in decisions] == [
        place for place, row in enumerate(rows) if row["event"] == "REFERRALS_DECIDED"
    ]
    decided = [ordinal for one in decisions for ordinal in one.ordinals]
    assert len(decided) == len(set(decided))
    assert events["REFERRALS_SETTLED"] <= 1
    if request is not None:
        assert (request.referred == 0) == (events["REFERRALS_SETTLED"] == 1)
        assert request.state is RequestState.ADMITTED or not request.referred
    assert not events["MATCHING_STARTED"] or events["REFERRALS_SETTLED"]
    return events


def interrupted(children: Children, walk: Walk, seed: int, *, full_disk: bool) -> int:
    choose, times, reach = random.Random(seed), 0, 1
    while True:
        options = {"act": no_space} if full_disk else {}
        code, reported = children.run(walk, at=choose.randint(reach, reach + 7), **options)
        if reported.get("outcome") == "DELIVERED":
            return times
        assert (code == -9) != full_disk, reported
        times += 1
        check(walk)
        reach += choose.randint(1, 4)


@pytest.mark.parametrize(("seed", "full_disk"), [(1, False), pytest.param(2, True, marks=pytest.mark.slow)])
def test_interrupted_again_and_again_the_lines_are_decided_and_settled_once(
    children: Children, walk: Walk, seed: int, full_disk: bool
) -> None:
    assert interrupted(children, walk, seed, full_disk=full_disk) >= 6
    events = check(walk)
    assert (events["REFERRALS_DECIDED"], events["REFERRALS_SETTLED"], events["RESPONSE_RELEASED"]) == (3, 1, 1)


def code_of(act: Callable[[], object]) -> ErrorCode | None:
    try:
        act()
    except PrivityError as refused:
        return refused.code
    return None


def test_a_disk_that_is_full_at_any_write_gives_nothing_back_half(tmp_path: Path) -> None:
    desk = fresh(tmp_path)
    request_id = desk.receive(desk.pack(desk.stage.first)).request_id
    desk.match(request_id)
    suspend_agreement(desk.gate, "tax-enforcement-2025", "court_order")
    desk.store.close()

    def seen() -> tuple[object, ...]:
        plain = Desk(desk.home, desk.stage, desk.clock)
        with plain.store.reading() as read:
            request = read.request(RequestId(request_id))
            found = (
                request,
                read.decided_chunks(RequestId(request_id)),
                read.accounting_summary(RequestId(request_id)),
            )
        assert plain.store.check() == []
        plain.store.close()
        return found

    before, failures = seen(), 0
    for step in range(1, 200):
        counter = killed_walk.Counter(step, no_space)
        full = Desk(desk.home, desk.stage, desk.clock, reach=counter)
        outcome = code_of(lambda gate=full.gate: return_request(gate, request_id))
        full.store.close()
        if outcome is None:
            assert counter.steps < step, "nothing failed this time"
            break
        assert outcome is ErrorCode.STORAGE_FAILED
        failures += 1
        after = seen()
        if after != before:
            request = after[0]
            assert request.returned_whole  # type: ignore[attr-defined]
            assert after[1] == {}
            assert after[2].records == 48  # type: ignore[attr-defined]
            break  # it was done; what failed came after
    assert failures >= 2


def test_a_report_and_its_entry_stand_together(tmp_path: Path) -> None:
    desk = fresh(tmp_path)
    today = desk.clock.now().date()
    desk.store.close()
    for step in range(1, 60):
        full = Desk(desk.home, desk.stage, desk.clock, reach=killed_walk.Counter(step, no_space))
        outcome = code_of(
            lambda gate=full.gate: record_report(gate, "tax-enforcement-2025", "incident-report", today, b"an incident")
        )
        full.store.close()
        assert outcome in (None, ErrorCode.STORAGE_FAILED, ErrorCode.STATE_CONFLICT)
        plain = Desk(desk.home, desk.stage, desk.clock)
        with plain.store.reading() as read:
            entries = [json.loads(row)["event"] for row in read.log_rows(0, 1000)].count("REPORT_RECORDED")
            assert entries == len(read.reports_made("tax-enforcement-2025")) <= 1
        plain.store.close()
        if outcome is not ErrorCode.STORAGE_FAILED:
            break
    assert entries == 1
