"""Notices when orders come, change and end: no more time, very many orders, changes meanwhile, notices still due."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

import privity_verify
from privity.domain.audit_events import AuditEvent
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.holds import Demand, HoldScope
from privity.ports.stored import StoredHold
from privity.services.accounting.account_lines import rfc3339
from privity.services.duties.agreement_inventory import Inventory, take_inventory
from privity.services.duties.duties_outstanding import duties_overdue
from privity.services.gate import append_entry
from privity.services.holds import deliver_notice as delivering
from privity.services.holds import issue_notices as issuing
from privity.services.holds.declare_class import add_to_class, remove_from_class
from privity.services.holds.deliver_notice import deliver_notice, list_notices
from privity.services.holds.issue_notices import issue_notices
from privity.services.holds.place_hold import HoldTerms, docket_place, hold_fields, lift_hold, place_hold
from privity.wire.notice_manifest import MOST_ORDERS
from tests.builders.custodian_home import Desk
from tests.builders.delivered_home import (
    COUNSEL,
    DOCKET,
    delivered,
    issue_one,
    opened,
    order,
    package_of,
    receipt,
    record,
)
from tests.builders.finished_demo import privity

AGENCY = "enforcement-agency"
DAY = 86_400


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return delivered(tmp_path)


@pytest.fixture
def ten_days(monkeypatch: pytest.MonkeyPatch) -> None:
    """The agreement gives ten days for a receipt."""
    monkeypatch.setattr(issuing, "parameter", lambda *_: 10)


def overdue(desk: Desk) -> int:
    with desk.store.reading() as read:
        return duties_overdue(read, AGENCY, desk.clock.now())


def refused(action: Callable[[], object], code: ErrorCode) -> str:
    with pytest.raises(PrivityError) as caught:
        action()
    assert caught.value.code is code
    return caught.value.message


def log_is_valid(desk: Desk) -> None:
    report = privity_verify.verify(desk.home / "log", desk.home / "public" / "trust.json")
    assert report.verdict == "VALID", privity_verify.to_text(report, desk.home)


def issues(desk: Desk) -> list[dict[str, object]]:
    with desk.store.reading() as read:
        rows = [json.loads(row) for row in read.log_rows(0, 100_000)]
    return [row["fields"] for row in rows if row["event"] == "NOTICE_ISSUED"]


@pytest.mark.usefixtures("ten_days")
def test_one_more_order_lets_in_nobody_whose_receipt_is_overdue(desk: Desk) -> None:
    order(desk, Demand.RECALL, HoldScope.REQUEST, desk.stage.first.id)
    first = issue_one(desk)
    assert overdue(desk) == 0
    desk.clock.advance(11 * DAY)
    assert overdue(desk) == 1
    freeze = order(desk, Demand.FREEZE, HoldScope.REQUEST, desk.stage.first.id)
    second = issue_one(desk)
    assert second.receipt_due > first.receipt_due, "no receipt is due before its notice"
    assert overdue(desk) == 1
    assert [row.blocks for row in list_notices(desk.gate)] == [False, True]
    manifest = opened(desk, package_of(desk, second.notice_id)).manifest
    assert manifest.receipt_due == manifest.created_at == second.receipt_due
    assert [one["due_at"] for one in issues(desk)] == [rfc3339(first.receipt_due), rfc3339(second.receipt_due)]
    log_is_valid(desk)
    lift_hold(desk.gate, freeze.hold_id)
    record(desk, receipt(desk, package_of(desk, issue_one(desk).notice_id), "returned"))
    assert overdue(desk) == 0


@pytest.mark.usefixtures("ten_days")
def test_a_notice_that_replaces_one_without_receipt_is_due_when_that_was(desk: Desk) -> None:
    order(desk, Demand.FREEZE)
    first = issue_one(desk)
    desk.clock.advance(4 * DAY)
    order(desk, Demand.FREEZE, HoldScope.REQUESTER, AGENCY)
    second = issue_one(desk)
    assert second.receipt_due == first.receipt_due
    desk.clock.advance(2 * DAY)
    order(desk, Demand.RECALL)
    assert issue_one(desk).receipt_due == first.receipt_due, "nor does a third give more time"
    assert overdue(desk) == 0
    log_is_valid(desk)


@pytest.mark.usefixtures("ten_days")
@pytest.mark.parametrize("ended", ["acknowledged", "told that it is lifted"])
def test_after_a_receipt_or_a_lift_the_next_notice_gives_the_whole_time(desk: Desk, ended: str) -> None:
    hold = order(desk, Demand.FREEZE)
    first = issue_one(desk)
    if ended == "acknowledged":
        record(desk, receipt(desk, package_of(desk, first.notice_id), "frozen"))
    else:
        lift_hold(desk.gate, hold.hold_id)
        desk.clock.advance(DAY)
        lifted = issue_one(desk)
        assert lifted.action == "lifted"
        assert lifted.receipt_due > first.receipt_due
    desk.clock.advance(12 * DAY)
    before = desk.clock.now()
    order(desk, Demand.RECALL)
    due = issue_one(desk).receipt_due
    assert timedelta(days=9, hours=23) < due - before <= timedelta(days=10, minutes=1)
    assert overdue(desk) == 0


def many(desk: Desk, count: int) -> None:
    """Orders as `place_hold` puts them on record, published once."""
    at = desk.clock.now().replace(microsecond=0)
    storage = desk.keys.accounting_storage()
    with desk.store.writing() as write:
        for number in range(count):
            hold_id = f"hold-{number:016x}"
            hold = StoredHold(
                hold_id, HoldScope.EVERYTHING, "", "court_order", at, "counsel",
                storage.seal(DOCKET.encode(), docket_place(hold_id)), demand=Demand.RECALL, order_sha256="e" * 64,
            )  # fmt: skip
            write.add_hold(hold)
            append_entry(write, AuditEvent.HOLD_PLACED, at, **hold_fields(hold))
    desk.gate.publish()


@pytest.mark.skipif(shutil.which("openssl") is None, reason="stock openssl is not installed")
def test_as_many_orders_as_a_notice_may_name_are_told_and_verify(desk: Desk, tmp_path: Path) -> None:
    many(desk, MOST_ORDERS)
    package = package_of(desk, issue_one(desk).notice_id)
    assert len(opened(desk, package).manifest.orders) == MOST_ORDERS == 1_000
    (tmp_path / "notice.zip").write_bytes(package)
    report = privity_verify.verify(tmp_path / "notice.zip", desk.home / "public" / "trust.json")
    assert report.verdict == "VALID", privity_verify.to_text(report, tmp_path)
    log_is_valid(desk)
    assert issue_notices(desk.gate) == ()
    record(desk, receipt(desk, package, "returned"))


def test_more_orders_than_a_notice_may_name_are_refused_in_plain_words(desk: Desk) -> None:
    many(desk, MOST_ORDERS + 1)
    assert "more than 1,000 orders" in refused(lambda: issue_notices(desk.gate), ErrorCode.STATE_CONFLICT)
    lift_hold(desk.gate, f"hold-{7:016x}")
    assert len(issue_one(desk).orders) == MOST_ORDERS


@pytest.mark.parametrize("change", ["one more order", "lifted"])
def test_orders_that_change_while_a_notice_is_signed_stop_its_issue(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    hold = order(desk, Demand.FREEZE)
    real = desk.keys.response_signer
    signed = []

    def meanwhile() -> object:
        if not signed:
            signed.append(change)
            if change == "lifted":
                lift_hold(desk.gate, hold.hold_id)
            else:
                order(desk, Demand.RECALL)
        return real()

    monkeypatch.setattr(desk.keys, "response_signer", meanwhile)
    message = refused(lambda: issue_notices(desk.gate), ErrorCode.STATE_CONFLICT)
    assert message == "the orders on this answer changed while its notice was signed"
    assert signed == [change]
    assert issues(desk) == []
    assert list_notices(desk.gate) == ()
    assert [one.action for one in issue_notices(desk.gate)] == ([] if change == "lifted" else ["recall"])


def test_an_order_lifted_while_its_notice_is_packed_keeps_it_in(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    hold = order(desk, Demand.FREEZE)
    notice = issue_one(desk).notice_id
    real = delivering._package

    def meanwhile(*arguments: object) -> bytes:
        package = real(*arguments)  # type: ignore[arg-type]
        lift_hold(desk.gate, hold.hold_id)
        return package

    monkeypatch.setattr(delivering, "_package", meanwhile)
    message = refused(lambda: deliver_notice(desk.gate, notice, desk.out), ErrorCode.STATE_CONFLICT)
    assert message.startswith("this notice is withdrawn")
    assert list(desk.out.glob("notice-*")) == []


def test_the_inventory_asks_for_the_notice_that_an_ended_order_is_over(desk: Desk) -> None:
    def due() -> tuple[list[int], bool]:
        taken: Inventory = take_inventory(desk.gate)
        return [row.notices_due for row in taken.agreements], taken.attention

    assert due() == ([0], False)
    terms = HoldTerms(Demand.FREEZE, ends_at=desk.clock.now() + timedelta(days=2))
    place_hold(desk.gate, HoldScope.EVERYTHING, "", "court_order", DOCKET, role=COUNSEL, terms=terms)
    assert due() == ([1], True)
    record(desk, receipt(desk, package_of(desk, issue_one(desk).notice_id), "frozen"))
    assert due()[0] == [0]
    desk.clock.advance(2 * DAY)
    assert due() == ([1], True), "the order is over, and nobody told the recipient"
    assert issue_one(desk).action == "lifted"
    assert due() == ([0], False)


def test_an_order_over_nobody_is_said(desk: Desk, tmp_path: Path) -> None:
    add_to_class(desk.gate, "plaintiffs", ["P-1", "P-2"])
    hold = order(desk, Demand.NONE, HoldScope.CLASS, "plaintiffs")
    ended = order(desk, Demand.NONE, HoldScope.CLASS, "plaintiffs")
    order(desk, Demand.NONE, HoldScope.REQUESTER, AGENCY)
    lift_hold(desk.gate, ended.hold_id)
    assert remove_from_class(desk.gate, "plaintiffs", ["P-1"]).orders_over_nobody == ()
    references = tmp_path / "references.txt"
    references.write_text("P-2\n", encoding="utf-8")
    told = privity("withhold", "class", "remove", "plaintiffs", references, "--home", desk.home)
    assert told.code == 0
    assert "stay in force over nobody" in told.out + told.err
    assert hold.hold_id in told.out + told.err
    assert ended.hold_id not in told.out + told.err
    add_to_class(desk.gate, "others", ["P-1"])
    assert remove_from_class(desk.gate, "others", ["P-1"]).orders_over_nobody == ()
