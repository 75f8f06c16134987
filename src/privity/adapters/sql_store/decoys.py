"""Decoys and the stops they caused, in SQL: `ports.decoys` over one connection. Opens no seal.

Two capabilities for `reading` and `writing` to take up, one in which nothing can be changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from privity.adapters.sql_store import schema as t
from privity.adapters.sql_store.moments import from_text, to_text
from privity.domain.decoys import DecoyKind
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.lifecycle import RequestState
from privity.domain.request import RequestId
from privity.ports.decoys import StoredDecoy, StoredDecoyClearance, StoredDecoyStop


class DecoyTableReads:
    """What is planted, and what it stopped."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def decoys(self) -> Sequence[StoredDecoy]:
        """All decoys in the order of planting."""
        rows = self._connection.execute(select(t.decoys).order_by(t.decoys.c.place))
        return [
            StoredDecoy(
                row.decoy_id,
                DecoyKind(row.kind),
                row.sealed,
                from_text(row.planted_at),
                row.planted_by,
                row.checked_snapshot,
                _moment(row.retired_at),
                row.retired_reason,
            )
            for row in rows
        ]

    def decoy_stops(self, request_id: RequestId | None = None) -> Sequence[StoredDecoyStop]:
        """Stops, oldest first."""
        query = select(t.decoy_stops).order_by(t.decoy_stops.c.place)
        if request_id is not None:
            query = query.where(t.decoy_stops.c.request_id == request_id)
        return [
            StoredDecoyStop(
                row.stop_id,
                RequestId(row.request_id),
                row.snapshot_id,
                row.rule_set,
                row.software,
                row.hold_id,
                from_text(row.found_at),
                row.asked,
                row.sealed,
                _moment(row.cleared_at),
            )
            for row in self._connection.execute(query)
        ]

    def decoy_clearances(self, stop_id: str) -> Sequence[StoredDecoyClearance]:
        """Signed decisions, in the order in which they were recorded."""
        table = t.decoy_clearances
        rows = self._connection.execute(select(table).where(table.c.stop_id == stop_id).order_by(table.c.place))
        return [
            StoredDecoyClearance(
                row.stop_id,
                row.officer,
                row.certificate,
                row.role,
                row.finding,
                from_text(row.signed_at),
                row.signature_sha256,
                row.sealed,
            )
            for row in rows
        ]


class DecoyTableWrites(DecoyTableReads):
    """Plant, retire, stop, clear."""

    def add_decoy(self, decoy: StoredDecoy) -> None:
        """Plant one."""
        self._insert(t.decoys, decoy, ErrorCode.STATE_CONFLICT, "a decoy of this id is planted")

    def retire_decoy(self, decoy_id: str, at: datetime, reason: str) -> None:
        """Forget what it says, keep that it was there."""
        self._change(decoy_id, sealed=b"", retired_at=to_text(at), retired_reason=reason)

    def mark_decoy_checked(self, decoy_id: str, snapshot_id: str) -> None:
        """Note for which snapshot it was held against an extract."""
        self._change(decoy_id, checked_snapshot=snapshot_id)

    def add_decoy_stop(self, stop: StoredDecoyStop) -> None:
        """Record the stop; the request's decisions and its snapshot are forgotten with it."""
        request = t.requests.c.request_id == stop.request_id
        self._insert(t.decoy_stops, stop, ErrorCode.STATE_CONFLICT, "only a request that waits for matching is stopped")
        self._connection.execute(delete(t.decision_chunks).where(t.decision_chunks.c.request_id == stop.request_id))
        done = self._connection.execute(
            update(t.requests).where(request, t.requests.c.state == RequestState.ADMITTED.value).values(snapshot_id="")
        )
        if done.rowcount != 1:
            raise PrivityError(ErrorCode.STATE_CONFLICT, "only a request that waits for matching is stopped")

    def add_decoy_clearance(self, clearance: StoredDecoyClearance) -> None:
        """Store one officer's decision; the same person or certificate a second time is refused by the database."""
        self._insert(
            t.decoy_clearances,
            clearance,
            ErrorCode.SAME_PERSON,
            "this person or this certificate has already signed this decision",
        )

    def clear_decoy_stop(self, stop_id: str, at: datetime) -> None:
        """Clear it, once; the database counts the signatures."""
        table = t.decoy_stops
        try:
            done = self._connection.execute(
                update(table)
                .where(table.c.stop_id == stop_id, table.c.cleared_at.is_(None))
                .values(cleared_at=to_text(at))
            )
        except IntegrityError:
            raise PrivityError(
                ErrorCode.DECOY_CONFIRMED, "two people have not signed that this stop may be cleared"
            ) from None
        if done.rowcount != 1:
            raise PrivityError(ErrorCode.STATE_CONFLICT, "there is no such stop in force")

    def _change(self, decoy_id: str, **values: Any) -> None:
        table = t.decoys
        done = self._connection.execute(
            update(table).where(table.c.decoy_id == decoy_id, table.c.retired_at.is_(None)).values(**values)
        )
        if done.rowcount != 1:
            raise PrivityError(ErrorCode.NOT_FOUND, "no such decoy is planted", "See `privity register decoys list`.")

    def _insert(self, table: Any, record: Any, code: ErrorCode, message: str) -> None:
        try:
            self._connection.execute(insert(table), {name: _plain(value) for name, value in asdict(record).items()})
        except IntegrityError:
            raise PrivityError(code, message) from None


def _moment(text: str | None) -> datetime | None:
    return None if text is None else from_text(text)


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    return to_text(value) if isinstance(value, datetime) else value
