"""What may be written, over one connection that holds the write lock: `ports.stores.WriteStore` in SQL.

Constraints and triggers of the database decide; this file turns their refusals into our words.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from privity.adapters.sql_store import guards
from privity.adapters.sql_store import schema as t
from privity.adapters.sql_store.bulk import insert_rows, pairs_in_order
from privity.adapters.sql_store.decoys import DecoyTableWrites
from privity.adapters.sql_store.destroying import DestructionWrites
from privity.adapters.sql_store.holding import HoldWrites
from privity.adapters.sql_store.moments import plain, to_text
from privity.adapters.sql_store.notices import NoticeTableWrites
from privity.adapters.sql_store.reading import SqlReadStore
from privity.adapters.sql_store.referrals import ReferralTableWrites
from privity.adapters.sql_store.reports import ReportTableWrites
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.lifecycle import RequestState, can_move
from privity.domain.request import RequestId
from privity.ports.stored import (
    AccountingRow,
    AccountingSummary,
    DecisionChunk,
    Filing,
    FilingKind,
    LineChunk,
    OfficerCase,
    PackageKind,
    Question,
    StoredAgreement,
    StoredAgreementDecision,
    StoredAgreementSignature,
    StoredApproval,
    StoredDuty,
    StoredOffices,
    StoredRelease,
    StoredRequest,
)

_PLACE = struct.Struct(">IB")  # a filing's ordinal and kind, in the order of its index


@contextmanager
def _refused_as(code: ErrorCode, message: str, mend: str = "") -> Iterator[None]:
    """Name a constraint's refusal. A trigger that speaks for itself keeps its own meaning."""
    try:
        yield
    except IntegrityError as error:
        spoken = str(error.orig)
        if guards.NEEDS_APPROVALS in spoken:
            raise PrivityError(
                ErrorCode.RELEASE_UNAPPROVED,
                "two people have not approved this content",
                "Two different officers must sign the same content hash: see `privity review show`.",
            ) from None
        if guards.NOT_IN_FORCE in spoken:
            raise PrivityError(
                ErrorCode.AGREEMENT_NOT_IN_FORCE,
                "the agreement is not in force: suspended, ended, or replaced by another version",
                "See `privity agreement inventory`.",
            ) from None
        if guards.NEEDS_ACCOUNTING in spoken:
            raise PrivityError(ErrorCode.ACCOUNTING_UNAVAILABLE, "a record for every line is missing") from None
        raise PrivityError(code, message, mend) from None


class Evidence(SqlReadStore):
    """What can only be added: log rows, approvals, releases, accounting."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)

    def append_log(self, entry: bytes) -> int:
        """Append one entry; returns its index."""
        index = self.log_size()
        with _refused_as(ErrorCode.LOG_UNAVAILABLE, "the log refused an entry"):
            self._connection.execute(insert(t.log_rows), {"seq": index, "entry": entry})
        return index

    def add_approval(self, approval: StoredApproval) -> None:
        """Store one officer's verdict; the same person or certificate a second time is refused by the database."""
        with _refused_as(
            ErrorCode.SAME_PERSON,
            "this person or this certificate has already signed this content",
            "A second, different officer with a certificate of their own must sign.",
        ):
            self._connection.execute(insert(t.approvals), {**_plain(approval)})

    def add_release(self, release: StoredRelease) -> None:
        """Store the one release."""
        with _refused_as(ErrorCode.STATE_CONFLICT, "this request has already been released"):
            self._connection.execute(insert(t.releases), {**_plain(release)})

    def add_accounting(
        self, summary: AccountingSummary, rows: Iterable[AccountingRow], filings: Iterable[Filing]
    ) -> None:
        """Write the permanent records of one request."""
        with _refused_as(ErrorCode.ACCOUNTING_UNAVAILABLE, "the accounting refused the records"):
            insert_rows(
                self._connection,
                t.accounting,
                ("request_id", "ordinal", "leaf", "sealed"),
                ((row.request_id, row.ordinal, row.leaf, row.sealed) for row in rows),
            )
            self._file(summary.request_id, filings)
            self._connection.execute(insert(t.accounting_summaries), {**_plain(summary)})

    def _file(self, request_id: RequestId, filings: Iterable[Filing]) -> None:
        """Filings in the order of their index: digests come in no order, and a record has several."""
        kinds = tuple(FilingKind)
        packed = ((one.digest, _PLACE.pack(one.ordinal, kinds.index(one.kind))) for one in filings)
        placed = ((digest, _PLACE.unpack(place)) for digest, place in pairs_in_order(packed))
        insert_rows(
            self._connection,
            t.accounting_filings,
            ("digest", "request_id", "ordinal", "kind"),
            ((digest, request_id, ordinal, kinds[kind].value) for digest, (ordinal, kind) in placed),
        )


class Walk(Evidence):
    """A request and its steps."""

    def add_request(self, request: StoredRequest, nonce: str) -> None:
        """Store a new request; id, nonce and manifest are used once."""
        place = self._connection.execute(select(func.coalesce(func.max(t.requests.c.place), 0) + 1)).scalar_one()
        with _refused_as(
            ErrorCode.STALE_OR_REPLAYED,
            "this request, or its nonce, has been received before",
            "A request is received once: make and sign a new one.",
        ):
            self._connection.execute(insert(t.requests), {**_plain(request), "place": place})
            self._connection.execute(insert(t.nonces), {"nonce": nonce, "request_id": request.request_id})

    def add_line_chunk(self, chunk: LineChunk) -> None:
        """Store sealed lines."""
        self._connection.execute(insert(t.line_chunks), {**_plain(chunk)})

    def add_package(self, request_id: RequestId, kind: PackageKind, sealed: bytes) -> None:
        """Store sealed bytes once."""
        with _refused_as(ErrorCode.STATE_CONFLICT, f"the {kind.value} package of this request is already stored"):
            self._connection.execute(
                insert(t.packages), {"request_id": request_id, "kind": kind.value, "sealed": sealed}
            )

    def drop_sealed(self, request_id: RequestId) -> None:
        """Forget sealed bytes that were never released."""
        if self.release(request_id) is not None:
            raise PrivityError(ErrorCode.STATE_CONFLICT, "a released package is kept")
        self._connection.execute(
            delete(t.packages).where(
                t.packages.c.request_id == request_id, t.packages.c.kind == PackageKind.SEALED.value
            )
        )

    def move_request(self, request_id: RequestId, current: RequestState, following: RequestState) -> None:
        """Conditional update of the state."""
        if not can_move(current, following):
            raise PrivityError(ErrorCode.STATE_CONFLICT, f"no request moves from {current} to {following}")
        done = self._connection.execute(
            update(t.requests)
            .where(t.requests.c.request_id == request_id, t.requests.c.state == current.value)
            .values(state=following.value)
        )
        if done.rowcount != 1:
            raise PrivityError(
                ErrorCode.STATE_CONFLICT,
                f"the request is no longer in state {current.value}",
                "Another process has taken this step: see `privity request show`.",
            )

    def start_matching(self, request_id: RequestId, snapshot_id: str) -> None:
        """Fix the snapshot and forget decisions made on another."""
        done = self._connection.execute(
            update(t.requests)
            .where(t.requests.c.request_id == request_id, t.requests.c.state == RequestState.ADMITTED.value)
            .values(snapshot_id=snapshot_id)
        )
        if done.rowcount != 1:
            raise PrivityError(ErrorCode.STATE_CONFLICT, "matching starts only from the state ADMITTED")
        self._connection.execute(delete(t.decision_chunks).where(t.decision_chunks.c.request_id == request_id))

    def add_decision_chunk(self, chunk: DecisionChunk) -> None:
        """Store sealed decisions, if they belong to this snapshot and these lines."""
        request = self.request(chunk.request_id)
        lines = self.line_chunk(chunk.request_id, chunk.chunk)
        agrees = (
            request is not None
            and request.state is RequestState.ADMITTED
            and request.snapshot_id == chunk.snapshot_id
            and lines.input_hash == chunk.input_hash
        )
        if not agrees:
            raise PrivityError(
                ErrorCode.STATE_CONFLICT, f"the decisions of chunk {chunk.chunk} belong to another snapshot or state"
            )
        with _refused_as(ErrorCode.STATE_CONFLICT, f"chunk {chunk.chunk} has been decided by another process"):
            self._connection.execute(insert(t.decision_chunks), {**_plain(chunk)})

    def set_content(self, request_id: RequestId, content_sha256: str, sealed_salt: bytes) -> None:
        """Fix the content hash that officers sign; never after release."""
        if self.release(request_id) is not None:
            raise PrivityError(ErrorCode.STATE_CONFLICT, "a released content does not change")
        self._connection.execute(
            update(t.requests)
            .where(t.requests.c.request_id == request_id)
            .values(content_sha256=content_sha256, sealed_salt=sealed_salt)
        )

    def add_questions(
        self, requester: str, request_id: RequestId, asked_at: datetime, questions: Iterable[Question]
    ) -> None:
        """Remember admitted questions, once each; in the order of their index, because they are very many."""
        at = to_text(asked_at)
        pairs = pairs_in_order(questions)
        insert_rows(
            self._connection,
            t.questions,
            ("requester", "person", "question", "request_id", "asked_at"),
            ((requester, person, question, request_id, at) for person, question in pairs),
        )

    def add_officer_cases(self, requester: str, request_id: RequestId, cases: Iterable[OfficerCase]) -> None:
        """Remember open cases, once each."""
        pairs = pairs_in_order(cases)
        insert_rows(
            self._connection,
            t.officer_cases,
            ("requester", "officer", "case", "request_id"),
            ((requester, officer, case, request_id) for officer, case in pairs),
        )


class SqlWriteStore(
    Walk, HoldWrites, NoticeTableWrites, DecoyTableWrites, DestructionWrites, ReferralTableWrites, ReportTableWrites
):
    """Everything that may be written."""

    def add_agreement(self, agreement: StoredAgreement) -> None:
        """Record a version."""
        with _refused_as(
            ErrorCode.STATE_CONFLICT,
            "this version of the agreement is already recorded",
            "A changed agreement needs a new version number.",
        ):
            self._connection.execute(insert(t.agreements), {**_plain(agreement)})

    def add_agreement_signature(self, signature: StoredAgreementSignature) -> None:
        """Record one side's signature."""
        with _refused_as(ErrorCode.STATE_CONFLICT, "this certificate's signature over the agreement is on record"):
            self._connection.execute(insert(t.agreement_signatures), {**_plain(signature)})

    def add_agreement_decision(self, decision: StoredAgreementDecision) -> None:
        """Record a decision on an agreement."""
        with _refused_as(ErrorCode.STATE_CONFLICT, "this decision is already recorded"):
            self._connection.execute(insert(t.agreement_decisions), {**_plain(decision)})

    def add_offices(self, offices: StoredOffices) -> None:
        """Record an office register."""
        self._connection.execute(insert(t.offices), {**_plain(offices)})

    def add_duty(self, duty: StoredDuty) -> None:
        """Record a duty."""
        with _refused_as(ErrorCode.STATE_CONFLICT, "this duty is already recorded"):
            self._connection.execute(insert(t.duties), {**_plain(duty)})

    def discharge_duty(self, request_id: RequestId, duty: str, at: datetime, evidence_sha256: str) -> None:
        """Mark a duty as done."""
        done = self._connection.execute(
            update(t.duties)
            .where(t.duties.c.request_id == request_id, t.duties.c.duty == duty, t.duties.c.discharged_at.is_(None))
            .values(discharged_at=to_text(at), evidence_sha256=evidence_sha256)
        )
        if done.rowcount != 1:
            raise PrivityError(ErrorCode.NOT_FOUND, "there is no such open duty", "See `privity duty list`.")

    def set_fact(self, name: str, value: str) -> None:
        """Set one fact of the home."""
        self._connection.execute(delete(t.facts).where(t.facts.c.name == name))
        self._connection.execute(insert(t.facts), {"name": name, "value": value})


def _plain(record: Any) -> dict[str, Any]:
    """A stored record's fields as the columns want them."""
    return {name: plain(value) for name, value in asdict(record).items()}
