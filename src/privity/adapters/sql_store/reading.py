"""What may be read, over one connection: `ports.stores.ReadStore` in SQL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, func, select

from privity.adapters.sql_store import schema as t
from privity.adapters.sql_store.bulk import rows_among
from privity.adapters.sql_store.decoys import DecoyTableReads
from privity.adapters.sql_store.destroying import DestructionReads
from privity.adapters.sql_store.holding import HoldReads
from privity.adapters.sql_store.moments import from_text, maybe, to_text
from privity.adapters.sql_store.notices import NoticeTableReads
from privity.adapters.sql_store.referrals import ReferralTableReads
from privity.adapters.sql_store.reports import ReportTableReads
from privity.adapters.sql_store.rows import agreement_of, approval_of, request_of
from privity.domain.agreement import AgreementSide
from privity.domain.agreement_acts import AgreementAct
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.request import RequestId
from privity.ports.stored import (
    AccountingRow,
    AccountingSummary,
    DecisionChunk,
    Filing,
    FilingKind,
    LineChunk,
    PackageKind,
    StoredAgreement,
    StoredAgreementDecision,
    StoredAgreementSignature,
    StoredApproval,
    StoredDuty,
    StoredOffices,
    StoredRelease,
    StoredRequest,
)

_ASKED = (
    "SELECT person, question FROM questions WHERE requester = ? AND asked_at >= ? AND request_id != ? AND person IN"
)


class LogRows:
    """The rows of the evidence log."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def log_size(self) -> int:
        """Number of rows (contiguous from 0: kept so by a trigger)."""
        top = self._connection.execute(select(func.max(t.log_rows.c.seq))).scalar()
        return 0 if top is None else int(top) + 1

    def log_rows(self, first: int, limit: int) -> Sequence[bytes]:
        """Entry bytes from `first` on."""
        query = (
            select(t.log_rows.c.entry)
            .where(t.log_rows.c.seq >= first, t.log_rows.c.seq < first + limit)
            .order_by(t.log_rows.c.seq)
        )
        return [bytes(entry) for entry in self._connection.execute(query).scalars()]


class Authority(LogRows):
    """Agreements, offices, facts."""

    def agreement(self, agreement_id: str, version: int | None = None) -> StoredAgreement | None:
        """One version, or the newest."""
        query = select(t.agreements).where(t.agreements.c.agreement_id == agreement_id)
        if version is not None:
            query = query.where(t.agreements.c.version == version)
        row = self._connection.execute(query.order_by(t.agreements.c.version.desc()).limit(1)).first()
        return None if row is None else agreement_of(row)

    def agreements(self) -> Sequence[StoredAgreement]:
        """All versions."""
        query = select(t.agreements).order_by(t.agreements.c.recorded_at, t.agreements.c.version)
        return [agreement_of(row) for row in self._connection.execute(query)]

    def agreement_signatures(self, agreement_id: str, version: int) -> Sequence[StoredAgreementSignature]:
        """The parties' signatures over one version."""
        table = t.agreement_signatures
        query = select(table).where(table.c.agreement_id == agreement_id, table.c.version == version)
        return [
            StoredAgreementSignature(
                row.agreement_id,
                row.version,
                row.digest,
                AgreementSide(row.side),
                row.office,
                row.certificate,
                from_text(row.signed_at),
                from_text(row.recorded_at),
                row.signature_sha256,
                bytes(row.sealed),
            )
            for row in self._connection.execute(query.order_by(table.c.place))
        ]

    def agreement_decisions(self, agreement_id: str) -> Sequence[StoredAgreementDecision]:
        """Every decision on an agreement, oldest first."""
        table = t.agreement_decisions
        rows = self._connection.execute(
            select(table).where(table.c.agreement_id == agreement_id).order_by(table.c.place)
        )
        return [
            StoredAgreementDecision(
                row.agreement_id,
                row.version,
                row.digest,
                AgreementAct(row.act),
                row.reason_code,
                from_text(row.decided_at),
                row.decided_by,
                row.log_index,
                bytes(row.sealed),
            )
            for row in rows
        ]

    def offices(self) -> StoredOffices | None:
        """The newest office register."""
        row = self._connection.execute(select(t.offices).order_by(t.offices.c.place.desc()).limit(1)).first()
        return None if row is None else StoredOffices(row.digest, bytes(row.sealed), from_text(row.recorded_at))

    def fact(self, name: str) -> str:
        """One fact of the home."""
        return str(self._connection.execute(select(t.facts.c.value).where(t.facts.c.name == name)).scalar() or "")


class Requests(Authority):
    """Requests and what is stored under their keys."""

    def request(self, request_id: RequestId) -> StoredRequest | None:
        """One request."""
        row = self._connection.execute(select(t.requests).where(t.requests.c.request_id == request_id)).first()
        return None if row is None else request_of(row)

    def requests(self) -> Sequence[StoredRequest]:
        """All requests, in order of arrival."""
        return [request_of(row) for row in self._connection.execute(select(t.requests).order_by(t.requests.c.place))]

    def request_of_nonce(self, nonce: str) -> RequestId | None:
        """Which request used this nonce."""
        found = self._connection.execute(select(t.nonces.c.request_id).where(t.nonces.c.nonce == nonce)).scalar()
        return None if found is None else RequestId(found)

    def request_of_package(self, package_sha256: str) -> RequestId | None:
        """Which request came in this package."""
        query = select(t.requests.c.request_id).where(t.requests.c.package_sha256 == package_sha256).limit(1)
        found = self._connection.execute(query).scalar()
        return None if found is None else RequestId(found)

    def line_chunk(self, request_id: RequestId, chunk: int) -> LineChunk:
        """One chunk of sealed lines."""
        row = self._chunk_row(t.line_chunks, request_id, chunk)
        return LineChunk(request_id, chunk, row.first_ordinal, row.lines, row.input_hash, bytes(row.sealed))

    def decided_chunks(self, request_id: RequestId) -> Mapping[int, str]:
        """Chunk -> input hash."""
        query = select(t.decision_chunks.c.chunk, t.decision_chunks.c.input_hash)
        rows = self._connection.execute(query.where(t.decision_chunks.c.request_id == request_id))
        return {row.chunk: row.input_hash for row in rows}

    def decision_chunk(self, request_id: RequestId, chunk: int) -> DecisionChunk:
        """One chunk of sealed decisions."""
        row = self._chunk_row(t.decision_chunks, request_id, chunk)
        return DecisionChunk(
            request_id, chunk, row.state, row.snapshot_id, row.input_hash, row.output_hash, bytes(row.sealed)
        )

    def package(self, request_id: RequestId, kind: PackageKind) -> bytes | None:
        """Sealed bytes."""
        query = select(t.packages.c.sealed).where(t.packages.c.request_id == request_id, t.packages.c.kind == kind)
        found = self._connection.execute(query).scalar()
        return None if found is None else bytes(found)

    def approvals(self, request_id: RequestId, content_sha256: str) -> Sequence[StoredApproval]:
        """Verdicts on one content hash."""
        query = (
            select(t.approvals)
            .where(t.approvals.c.request_id == request_id, t.approvals.c.content_sha256 == content_sha256)
            .order_by(t.approvals.c.place)
        )
        return [approval_of(row) for row in self._connection.execute(query)]

    def release(self, request_id: RequestId) -> StoredRelease | None:
        """The release."""
        row = self._connection.execute(select(t.releases).where(t.releases.c.request_id == request_id)).first()
        if row is None:
            return None
        return StoredRelease(
            request_id,
            row.content_sha256,
            row.response_manifest_sha256,
            row.accounting_root,
            row.log_index,
            from_text(row.released_at),
        )

    def _chunk_row(self, table: Table, request_id: RequestId, chunk: int) -> Row[Any]:
        query = select(table).where(table.c.request_id == request_id, table.c.chunk == chunk)
        row = self._connection.execute(query).first()
        if row is None:
            raise PrivityError(ErrorCode.NOT_FOUND, f"chunk {chunk} of the request is not stored")
        return row


class History(Requests):
    """What admission must know of the past."""

    def questions_of(
        self, requester: str, persons: Sequence[bytes], since: datetime, *, besides: str = ""
    ) -> Mapping[bytes, frozenset[bytes]]:
        """Person digest -> question digests asked since the moment, in other requests than `besides`."""
        found: dict[bytes, set[bytes]] = {}
        for person, question in rows_among(self._connection, _ASKED, (requester, to_text(since), besides), persons):
            found.setdefault(bytes(person), set()).add(bytes(question))
        return {person: frozenset(asked) for person, asked in found.items()}

    def lines_admitted(self, agreement_id: str, start: datetime, end: datetime, *, besides: str = "") -> int:
        """Lines admitted in [start, end), requests returned whole and the one named excepted."""
        columns = t.requests.c
        query = select(func.coalesce(func.sum(columns.admitted), 0)).where(
            columns.agreement_id == agreement_id,
            columns.received_at >= to_text(start),
            columns.received_at < to_text(end),
            columns.returned_whole == 0,
            columns.request_id != besides,
        )
        return int(self._connection.execute(query).scalar_one())

    def open_cases(self, requester: str, *, besides: str = "") -> Mapping[bytes, int]:
        """Officer digest -> distinct open cases, those of the request named excepted."""
        columns = t.officer_cases.c
        closed = select(t.duties.c.request_id).where(
            t.duties.c.duty == "destroy", t.duties.c.discharged_at.is_not(None)
        )
        query = (
            select(columns.officer, func.count(func.distinct(columns.case)).label("cases"))
            .where(columns.requester == requester, columns.request_id.not_in(closed), columns.request_id != besides)
            .group_by(columns.officer)
        )
        return {bytes(row.officer): int(row.cases) for row in self._connection.execute(query)}

    def duties(self) -> Sequence[StoredDuty]:
        """All duties."""
        rows = self._connection.execute(select(t.duties).order_by(t.duties.c.due, t.duties.c.request_id))
        return [
            StoredDuty(
                RequestId(row.request_id),
                row.requester,
                row.duty,
                date.fromisoformat(row.due),
                maybe(row.discharged_at),
                row.evidence_sha256,
            )
            for row in rows
        ]

    def overdue_duties(self, requester: str, today: date) -> int:
        """Undischarged duties whose day has passed."""
        query = (
            select(func.count())
            .select_from(t.duties)
            .where(
                t.duties.c.requester == requester,
                t.duties.c.discharged_at.is_(None),
                t.duties.c.due < today.isoformat(),
            )
        )
        return int(self._connection.execute(query).scalar_one())


class SqlReadStore(
    History, HoldReads, NoticeTableReads, DecoyTableReads, DestructionReads, ReferralTableReads, ReportTableReads
):
    """Everything that may be read."""

    def accounting(self, request_id: RequestId) -> Iterator[AccountingRow]:
        """All records of a request, by ordinal."""
        columns = t.accounting.c
        query = select(columns.ordinal, columns.leaf, columns.sealed).where(columns.request_id == request_id)
        for row in self._connection.execute(query.order_by(columns.ordinal)):
            yield AccountingRow(request_id, row.ordinal, bytes(row.leaf), bytes(row.sealed))

    def accounting_row(self, request_id: RequestId, ordinal: int) -> AccountingRow | None:
        """One record."""
        columns = t.accounting.c
        query = select(columns.leaf, columns.sealed).where(columns.request_id == request_id, columns.ordinal == ordinal)
        row = self._connection.execute(query).first()
        return None if row is None else AccountingRow(request_id, ordinal, bytes(row.leaf), bytes(row.sealed))

    def accounting_summary(self, request_id: RequestId) -> AccountingSummary | None:
        """Root, count and log index."""
        table = t.accounting_summaries
        row = self._connection.execute(select(table).where(table.c.request_id == request_id)).first()
        if row is None:
            return None
        return AccountingSummary(request_id, row.root, row.records, row.log_index, from_text(row.written_at))

    def filed_under(self, digests: Sequence[bytes]) -> Sequence[Filing]:
        """Filings under any of the digests."""
        columns = t.accounting_filings.c
        query = select(t.accounting_filings).where(columns.digest.in_(list(digests)))
        rows = self._connection.execute(query.order_by(columns.request_id, columns.ordinal, columns.kind))
        return [Filing(bytes(r.digest), FilingKind(r.kind), RequestId(r.request_id), r.ordinal) for r in rows]
