"""Notices and receipts in SQL: `ports.notices` over one connection. Opens no seal, deletes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import Connection, Table, insert, select
from sqlalchemy.exc import IntegrityError

from privity.adapters.sql_store import schema_holding as t
from privity.adapters.sql_store.moments import from_text, plain
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.holds import NoticeAction, ReceiptOutcome
from privity.domain.request import RequestId
from privity.ports.notices import StoredNotice, StoredReceipt


class NoticeTableReads:
    """What was issued, and what was sent back."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def notices(self, request_id: RequestId | None = None) -> Sequence[StoredNotice]:
        """Notices in the order of issue."""
        query = select(t.notices).order_by(t.notices.c.place)
        if request_id is not None:
            query = query.where(t.notices.c.request_id == request_id)
        return [
            StoredNotice(
                row.notice_id,
                RequestId(row.request_id),
                row.requester,
                row.hold_id,
                row.orders,
                NoticeAction(row.action),
                bool(row.may_destroy),
                from_text(row.issued_at),
                from_text(row.due_at),
                row.manifest_sha256,
                row.log_index,
                bytes(row.sealed),
            )
            for row in self._connection.execute(query)
        ]

    def notice_package(self, notice_id: str) -> bytes | None:
        """The sealed package."""
        query = select(t.notice_packages.c.sealed).where(t.notice_packages.c.notice_id == notice_id)
        found = self._connection.execute(query).scalar()
        return None if found is None else bytes(found)

    def notice_receipts(self) -> Sequence[StoredReceipt]:
        """Receipts, by notice."""
        rows = self._connection.execute(select(t.notice_receipts).order_by(t.notice_receipts.c.log_index))
        return [
            StoredReceipt(
                row.notice_id,
                row.manifest_sha256,
                ReceiptOutcome(row.outcome),
                date.fromisoformat(row.done_on),
                row.office,
                row.certificate,
                from_text(row.recorded_at),
                row.log_index,
                bytes(row.sealed),
            )
            for row in rows
        ]


class NoticeTableWrites(NoticeTableReads):
    """Each once."""

    def add_notice(self, notice: StoredNotice) -> None:
        """Record a notice."""
        self._once(t.notices, {name: plain(value) for name, value in asdict(notice).items()}, "this notice exists")

    def add_notice_package(self, notice_id: str, sealed: bytes) -> None:
        """Keep the package as it becomes visible."""
        self._once(t.notice_packages, {"notice_id": notice_id, "sealed": sealed}, "this notice has its package already")

    def add_notice_receipt(self, receipt: StoredReceipt) -> None:
        """Record a receipt; the database refuses a second one, and one for a notice that asks for none."""
        values = {name: plain(value) for name, value in asdict(receipt).items()}
        message = "this notice has its receipt already, asks for none, or a later notice took its place"
        self._once(t.notice_receipts, values, message)

    def _once(self, table: Table, values: dict[str, Any], message: str) -> None:
        try:
            self._connection.execute(insert(table), values)
        except IntegrityError:
            raise PrivityError(ErrorCode.STATE_CONFLICT, message, "See `privity notice list`.") from None
