"""Notices and receipts in every store: each once, a receipt only for the latest that asks for one, nothing deleted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from privity.adapters.sql_store import create_store
from privity.domain.errors import ErrorCode
from privity.domain.holds import Demand, HoldScope, NoticeAction, ReceiptOutcome
from privity.domain.request import RequestId
from privity.ports.notices import StoredNotice, StoredReceipt
from privity.ports.stored import ClassMember, StoredHold
from tests.builders.memory_store import MemoryStore
from tests.contract.test_stores_contract import AT, ID, REQUEST, admitted, ask, do, refused

DUE = AT + timedelta(days=3)
NOTICE = StoredNotice(
    "notice-1", ID, "requester", "hold-1", "hold-1", NoticeAction.FREEZE, False, AT, DUE, "1" * 64, 0, b"sealed"
)
COPIED = "target, kind, placed_at, placed_by, sealed_docket, lifted_at, lifted_by, demand"
RECEIPT = StoredReceipt(
    "notice-1", "2" * 64, ReceiptOutcome.FROZEN, date(2026, 3, 1), "secretary", "3" * 64, AT, 0, b"sealed"
)


@pytest.fixture(params=["sql", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    made = create_store(tmp_path / "state.sqlite") if request.param == "sql" else MemoryStore()
    admitted(made)
    return made


def issue(store: Any, notice: StoredNotice = NOTICE) -> StoredNotice:
    def act(write: Any) -> StoredNotice:
        issued = replace(notice, log_index=write.append_log(b"{}"))
        write.add_notice(issued)
        return issued

    issued: StoredNotice = do(store, act)
    return issued


def receive(store: Any, receipt: StoredReceipt = RECEIPT) -> StoredReceipt:
    def act(write: Any) -> StoredReceipt:
        received = replace(receipt, log_index=write.append_log(b"{}"))
        write.add_notice_receipt(received)
        return received

    received: StoredReceipt = do(store, act)
    return received


def test_a_notice_its_package_and_its_receipt_come_back(store: Any) -> None:
    issued = issue(store)
    received = receive(store)
    do(store, lambda w: w.add_notice_package("notice-1", b"package"))
    assert ask(store, lambda r: list(r.notices())) == [issued]
    assert ask(store, lambda r: list(r.notices(ID))) == [issued]
    assert ask(store, lambda r: list(r.notices(RequestId("R-2")))) == []
    assert ask(store, lambda r: list(r.notice_receipts())) == [received]
    assert ask(store, lambda r: [r.notice_package("notice-1"), r.notice_package("notice-2")]) == [b"package", None]


def test_each_is_recorded_once(store: Any) -> None:
    issue(store)
    receive(store)
    do(store, lambda w: w.add_notice_package("notice-1", b"package"))
    for again in (NOTICE, replace(NOTICE, notice_id="notice-2"), replace(NOTICE, manifest_sha256="4" * 64)):
        refused(
            store, lambda w, n=again: w.add_notice(replace(n, log_index=w.append_log(b"{}"))), ErrorCode.STATE_CONFLICT
        )
    for second in (RECEIPT, replace(RECEIPT, manifest_sha256="5" * 64)):
        refused(
            store, lambda w, s=second: w.add_notice_receipt(replace(s, log_index=w.append_log(b"{}"))),
            ErrorCode.STATE_CONFLICT,
        )  # fmt: skip
    refused(store, lambda w: w.add_notice_package("notice-1", b"other"), ErrorCode.STATE_CONFLICT)


@pytest.mark.parametrize("case", ["replaced", "lifted", "unknown"])
def test_only_the_latest_notice_that_asks_for_one_gets_a_receipt(store: Any, case: str) -> None:
    issue(store, replace(NOTICE, action=NoticeAction.LIFTED) if case == "lifted" else NOTICE)
    if case == "replaced":
        issue(store, replace(NOTICE, notice_id="notice-2", manifest_sha256="4" * 64))
    receipt = replace(RECEIPT, notice_id="notice-9") if case == "unknown" else RECEIPT
    refused(
        store, lambda w: w.add_notice_receipt(replace(receipt, log_index=w.append_log(b"{}"))), ErrorCode.STATE_CONFLICT
    )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE notices SET due_at = '2999-01-01T00:00:00.000000Z'",
        "DELETE FROM notices",
        "UPDATE notice_receipts SET outcome = 'returned'",
        "DELETE FROM notice_receipts",
        "UPDATE notice_packages SET sealed = X'00'",
        "DELETE FROM notice_packages",
        "DELETE FROM holds",
        "UPDATE holds SET ends_at = '2026-01-01T00:00:00.000000Z'",
        "UPDATE holds SET demand = 'none', lifted_at = NULL",
        "UPDATE holds SET lifted_at = NULL, lifted_by = '' WHERE hold_id = 'lifted'",
        "UPDATE holds SET lifted_at = '2027-01-01T00:00:00.000000Z', target = 'another' WHERE hold_id = 'placed'",
        "DELETE FROM class_members",
        "UPDATE class_members SET person = X'00', removed_at = '2027-01-01T00:00:00.000000Z'",
        f"INSERT INTO holds SELECT 'h9', 'person', {COPIED}, starts_at, ends_at, concealed, '' FROM holds LIMIT 1",
        f"INSERT INTO holds SELECT 'h9', 'class', {COPIED}, placed_at, ends_at, concealed, '' FROM holds LIMIT 1",
    ],
)  # fmt: skip
def test_the_database_itself_forgets_nothing(tmp_path: Path, statement: str) -> None:
    store = create_store(tmp_path / "state.sqlite")
    do(store, lambda w: w.add_request(REQUEST, "1" * 64))
    issue(store)
    receive(store)
    do(store, lambda w: w.add_notice_package("notice-1", b"package"))
    for hold_id in ("placed", "lifted"):
        hold = StoredHold(hold_id, HoldScope.EVERYTHING, "", "court_order", AT, "c", b"d", demand=Demand.RECALL)
        do(store, lambda w, h=hold: w.add_hold(h))
    do(store, lambda w: w.lift_hold("lifted", datetime(2026, 3, 3, tzinfo=UTC), "c"))
    do(store, lambda w: w.add_class_members([ClassMember("plaintiffs", b"p" * 16, AT)]))
    with store._engine.connect() as connection, pytest.raises(IntegrityError):
        connection.execute(text(statement))
