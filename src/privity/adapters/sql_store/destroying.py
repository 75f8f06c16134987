"""The destruction of a request's key in SQL: what it covers, the order, the outcome. It touches no key.

Two capabilities for `reading` and `writing` to take up, one in which nothing can be changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from privity.adapters.sql_store import schema as t
from privity.adapters.sql_store import schema_desk as desk
from privity.adapters.sql_store.moments import from_text, to_text
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.request import RequestId
from privity.ports.stored import StoredDestruction


class DestructionReads:
    """What a destruction covers, and what is recorded of it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def sealed_blobs(self, request_id: RequestId) -> Mapping[str, int]:
        """Blobs under the request's key, by table, or by table and column where a row holds several."""
        found = {}
        for table in (t.line_chunks, t.decision_chunks, t.packages, desk.referral_decisions):
            count = select(func.count()).select_from(table).where(table.c.request_id == request_id)
            found[table.name] = int(self._connection.execute(count).scalar_one())
        for column in (t.requests.c.sealed_header, t.requests.c.sealed_salt):
            count = select(func.count()).where(t.requests.c.request_id == request_id, func.length(column) > 0)
            found[f"requests.{column.name}"] = int(self._connection.execute(count).scalar_one())
        return found

    def destruction(self, request_id: RequestId) -> StoredDestruction | None:
        """The destruction, intended or carried out."""
        table = t.destructions
        row = self._connection.execute(select(table).where(table.c.request_id == request_id)).first()
        if row is None:
            return None
        return StoredDestruction(
            request_id,
            row.key_id,
            date.fromisoformat(row.backups_expire),
            from_text(row.intended_at),
            row.intent_index,
            None if row.destroyed_at is None else from_text(row.destroyed_at),
            row.log_index,
        )


class DestructionWrites(DestructionReads):
    """The order and its outcome, each once."""

    def intend_destruction(self, destruction: StoredDestruction) -> None:
        """Record the order; the database refuses it for a request that has not ended, and a second one."""
        try:
            self._connection.execute(
                insert(t.destructions),
                {
                    "request_id": destruction.request_id,
                    "key_id": destruction.key_id,
                    "backups_expire": destruction.backups_expire.isoformat(),
                    "intended_at": to_text(destruction.intended_at),
                    "intent_index": destruction.intent_index,
                },
            )
        except IntegrityError:
            raise PrivityError(
                ErrorCode.STATE_CONFLICT, "the request has not ended, or its destruction is already ordered"
            ) from None

    def finish_destruction(self, request_id: RequestId, at: datetime, log_index: int) -> None:
        """Record that the key is gone."""
        done = self._connection.execute(
            update(t.destructions)
            .where(t.destructions.c.request_id == request_id, t.destructions.c.destroyed_at.is_(None))
            .values(destroyed_at=to_text(at), log_index=log_index)
        )
        if done.rowcount != 1:
            raise PrivityError(ErrorCode.STATE_CONFLICT, "no destruction of this request waits for its outcome")
