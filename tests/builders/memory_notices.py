"""Notices and receipts in memory: `ports.notices`, with the rules that the database keeps by triggers, by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.holds import NoticeAction
from privity.domain.request import RequestId
from privity.ports.notices import StoredNotice, StoredReceipt


@dataclass
class NoticeTables:
    """Everything that is kept of notices."""

    issued: list[StoredNotice] = field(default_factory=list)
    packages: dict[str, bytes] = field(default_factory=dict)
    receipts: list[StoredReceipt] = field(default_factory=list)


def refused() -> PrivityError:
    return PrivityError(ErrorCode.STATE_CONFLICT, "refused by the store in memory")


class MemoryNotices:
    """A part of the store in memory. `t` is the whole's tables."""

    t: Any

    def notices(self, request_id: RequestId | None = None) -> Sequence[StoredNotice]:
        return [one for one in self.t.notices.issued if request_id in (None, one.request_id)]

    def notice_package(self, notice_id: str) -> bytes | None:
        return self.t.notices.packages.get(notice_id)

    def notice_receipts(self) -> Sequence[StoredReceipt]:
        return list(self.t.notices.receipts)

    def add_notice(self, notice: StoredNotice) -> None:
        known = {(one.notice_id, one.manifest_sha256) for one in self.notices()}
        if any(notice.notice_id == one or notice.manifest_sha256 == other for one, other in known):
            raise refused()
        self.t.notices.issued.append(notice)

    def add_notice_package(self, notice_id: str, sealed: bytes) -> None:
        if notice_id in self.t.notices.packages:
            raise refused()
        self.t.notices.packages[notice_id] = sealed

    def add_notice_receipt(self, receipt: StoredReceipt) -> None:
        asked = next((one for one in self.notices() if one.notice_id == receipt.notice_id), None)
        known = {value for one in self.notice_receipts() for value in (one.notice_id, one.manifest_sha256)}
        if asked is None or asked.action is NoticeAction.LIFTED or {receipt.notice_id, receipt.manifest_sha256} & known:
            raise refused()
        if self.notices(asked.request_id)[-1] != asked:
            raise refused()
        self.t.notices.receipts.append(receipt)
