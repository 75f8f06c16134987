"""Decisions on referred lines, and the change of a request's admission, in SQL: `ports.referrals`. Opens no seal.

Two capabilities for `reading` and `writing` to take up, one in which nothing can be changed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Update, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from privity.adapters.sql_store import schema as t
from privity.adapters.sql_store import schema_desk as desk
from privity.adapters.sql_store.moments import from_text, to_text
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.lifecycle import RequestState
from privity.domain.request import RequestId
from privity.ports.referrals import AdmissionCounts, StoredReferralDecision
from privity.ports.stored import LineChunk

ADMIT, RETURN = "ADMIT", "RETURN"


class ReferralTableReads:
    """What officers decided."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def referral_decisions(self, request_id: RequestId) -> Sequence[StoredReferralDecision]:
        """All decisions on one request's lines, oldest first."""
        lines: dict[int, list[int]] = defaultdict(list)
        columns = desk.referral_lines.c
        query = select(columns.decision, columns.ordinal).where(columns.request_id == request_id)
        for row in self._connection.execute(query.order_by(columns.ordinal)):
            lines[row.decision].append(row.ordinal)
        table = desk.referral_decisions
        rows = self._connection.execute(select(table).where(table.c.request_id == request_id).order_by(table.c.place))
        return [
            StoredReferralDecision(
                request_id,
                tuple(lines[row.place]),
                row.verdict == ADMIT,
                row.code,
                row.officer,
                row.certificate,
                row.role,
                from_text(row.signed_at),
                row.signature_sha256,
                row.log_index,
                bytes(row.sealed),
            )
            for row in rows
        ]


class ReferralTableWrites(ReferralTableReads):
    """Decide on lines; settle or revoke what admission made of a request."""

    def add_referral_decision(self, decision: StoredReferralDecision) -> None:
        """Record a decision; a line is decided once."""
        try:
            place = self._connection.execute(
                insert(desk.referral_decisions).returning(desk.referral_decisions.c.place), _columns(decision)
            ).scalar_one()
            rows = [
                {"request_id": decision.request_id, "ordinal": ordinal, "decision": place}
                for ordinal in decision.ordinals
            ]
            self._connection.execute(insert(desk.referral_lines), rows)
        except IntegrityError:
            raise PrivityError(
                ErrorCode.STATE_CONFLICT,
                "one of these lines does not wait for a human any more",
                "See `privity referral list`.",
            ) from None

    def replace_lines(self, chunks: Iterable[LineChunk]) -> None:
        """Other sealed lines in the place of stored ones; what was decided on them is forgotten."""
        table = t.line_chunks
        for chunk in chunks:
            decided = t.decision_chunks.c
            self._connection.execute(delete(t.decision_chunks).where(decided.request_id == chunk.request_id))
            place = (table.c.request_id == chunk.request_id, table.c.chunk == chunk.chunk, table.c.lines == chunk.lines)
            self._one(update(table).where(*place).values(input_hash=chunk.input_hash, sealed=chunk.sealed))

    def forget_history(self, request_id: RequestId) -> None:
        """Forget the request's questions and officers' cases."""
        for table in (t.questions, t.officer_cases):
            self._connection.execute(delete(table).where(table.c.request_id == request_id))

    def settle_admission(self, request_id: RequestId, counts: AdmissionCounts, sealed_header: bytes) -> None:
        """No line waits any more."""
        columns = t.requests.c
        waiting = (columns.request_id == request_id, columns.state == RequestState.ADMITTED.value, columns.referred > 0)
        settled = {"admitted": counts.admitted, "returned": counts.returned, "referred": 0, "snapshot_id": ""}
        self._one(update(t.requests).where(*waiting).values(**settled, sealed_header=sealed_header))

    def revoke_admission(self, request_id: RequestId, current: RequestState, sealed_header: bytes) -> None:
        """Every line is returned; the request awaits review."""
        columns = t.requests.c
        standing = (columns.request_id == request_id, columns.state == current.value, columns.returned_whole == 0)
        self._one(
            update(t.requests)
            .where(*standing)
            .values(
                state=RequestState.AWAITING_REVIEW.value,
                returned_whole=1,
                admitted=0,
                returned=columns.lines,
                referred=0,
                snapshot_id="",
                sealed_header=sealed_header,
            )
        )

    def _one(self, change: Update) -> None:
        """Exactly one row changes, or the step is refused: by its conditions, or by a trigger."""
        try:
            done = self._connection.execute(change)
        except IntegrityError:
            raise _conflict() from None
        if done.rowcount != 1:
            raise _conflict()


def _conflict() -> PrivityError:
    return PrivityError(
        ErrorCode.STATE_CONFLICT,
        "the admission of this request cannot be changed any more, or not in this state",
        "See `privity request show`.",
    )


def _columns(decision: StoredReferralDecision) -> dict[str, Any]:
    return {
        "request_id": decision.request_id,
        "verdict": ADMIT if decision.admits else RETURN,
        "code": decision.code,
        "lines": len(decision.ordinals),
        "officer": decision.officer,
        "certificate": decision.certificate,
        "role": decision.role,
        "signed_at": to_text(decision.signed_at),
        "signature_sha256": decision.signature_sha256,
        "log_index": decision.log_index,
        "sealed": decision.sealed,
    }
