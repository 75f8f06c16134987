"""Notices and receipts: one spelling each, nothing unknown, and no notice that contradicts itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.holds import Demand, NoticeAction, ReceiptOutcome
from privity.wire.canonical_json import encode
from privity.wire.notice_manifest import (
    KEEP,
    LIFTED,
    SEND_BACK,
    SEND_BACK_OR_DESTROY,
    NoticedAnswer,
    NoticedOrder,
    NoticeManifest,
    ReceiptManifest,
)
from privity.wire.package_manifest import AgreementReference

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
FREEZE = NoticedOrder("hold-0000000000000001", Demand.FREEZE, "1:25-cv-00677", "e" * 64)
RECALL = NoticedOrder("hold-0000000000000002", Demand.RECALL, "", "")
NOTICE = NoticeManifest(
    notice_id="notice-0123456789abcdef",
    action=NoticeAction.FREEZE,
    may_destroy=False,
    agreement=AgreementReference("an-agreement", 1, "a" * 64),
    custodian="custodian",
    requester="requester",
    office="secretary",
    answer=NoticedAnswer("R-1", "b" * 64, "c" * 64, 3, date(2026, 3, 1)),
    governs=FREEZE.hold_id,
    orders=(FREEZE,),
    replaces="",
    created_at=AT,
    receipt_due=AT,
)
RECEIPT = ReceiptManifest(
    notice_id=NOTICE.notice_id,
    notice_manifest_sha256="d" * 64,
    request_id="R-1",
    agreement=NOTICE.agreement,
    custodian="custodian",
    requester="requester",
    office="secretary",
    outcome=ReceiptOutcome.FROZEN,
    done_on=date(2026, 3, 2),
    created_at=AT,
)


@pytest.mark.parametrize(
    ("notice", "demand"),
    [
        (NOTICE, KEEP),
        (replace(NOTICE, action=NoticeAction.RECALL, may_destroy=True, governs=RECALL.hold_id, orders=(RECALL,)),
         SEND_BACK_OR_DESTROY),
        (replace(NOTICE, action=NoticeAction.RECALL, governs=RECALL.hold_id, orders=(FREEZE, RECALL)), SEND_BACK),
        (replace(NOTICE, action=NoticeAction.LIFTED, may_destroy=True, governs="", orders=(), replaces="f" * 64),
         LIFTED),
    ],
)  # fmt: skip
def test_a_notice_comes_back_as_it_was_written(notice: NoticeManifest, demand: str) -> None:
    assert notice.demand == demand
    assert NoticeManifest.from_bytes(notice.to_bytes()) == notice


def test_a_receipt_comes_back_as_it_was_written() -> None:
    assert ReceiptManifest.from_bytes(RECEIPT.to_bytes()) == RECEIPT


def refused(read: Callable[[bytes], object], document: bytes) -> None:
    with pytest.raises(PrivityError) as caught:
        read(document)
    assert caught.value.code is ErrorCode.PACKAGE_INVALID


@pytest.mark.parametrize(
    "notice",
    [
        replace(NOTICE, governs=RECALL.hold_id),
        replace(NOTICE, governs=""),
        replace(NOTICE, orders=()),
        replace(NOTICE, orders=(FREEZE, FREEZE)),
        replace(NOTICE, action=NoticeAction.RECALL),
        replace(NOTICE, orders=(FREEZE, RECALL)),
        replace(NOTICE, receipt_due=AT.replace(hour=11)),
        replace(NOTICE, action=NoticeAction.RECALL, may_destroy=True, governs=RECALL.hold_id, orders=(FREEZE, RECALL)),
        replace(NOTICE, action=NoticeAction.LIFTED),
        replace(NOTICE, action=NoticeAction.LIFTED, governs="", orders=(), may_destroy=False),
        replace(NOTICE, notice_id="notice-1"),
        replace(NOTICE, office="the secretary"),
        replace(NOTICE, orders=(replace(FREEZE, docket="x" * 81),)),
    ],
)
def test_a_notice_that_contradicts_itself_is_refused(notice: NoticeManifest) -> None:
    refused(NoticeManifest.from_bytes, notice.to_bytes())


@pytest.mark.parametrize(
    ("of", "change"),
    [
        (NOTICE, {"demand": "Do as you like."}),
        (NOTICE, {"unhashed": []}),
        (NOTICE, {"kind": "request"}),
        (NOTICE, {"name": "Somebody"}),
        (NOTICE, {"format": "privity-package/2"}),
        (NOTICE, {"may_destroy": 0}),
        (RECEIPT, {"kind": "notice"}),
        (RECEIPT, {"outcome": "lost"}),
        (RECEIPT, {"done_on": "2026-02-30"}),
        (RECEIPT, {"line_id": "7"}),
        (RECEIPT, {"notice_manifest_sha256": "D" * 64}),
    ],
)
def test_unknown_words_fields_and_forms_are_refused(of: Any, change: dict[str, Any]) -> None:
    document = json.loads(of.to_bytes())
    refused(type(of).from_bytes, encode({**document, **change}))
    for name in document:
        refused(type(of).from_bytes, encode({key: value for key, value in document.items() if key != name}))
    refused(type(of).from_bytes, of.to_bytes() + b"\n")
