"""The state of the gate, divided by capability: reading, writing, administering.

A transaction is the unit: `Store.writing()` gives one that holds the single write lock from its first moment, commits
at the end of the `with` block and rolls back on any exception. What must be true together is written in one block.
Every method may raise PrivityError STORAGE_FAILED (disk full, read-only, input/output error). Order of lists: oldest
first, or by ordinal or chunk.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Protocol

from privity.domain.lifecycle import RequestState
from privity.domain.request import RequestId
from privity.ports.decoys import DecoyReads, DecoyWrites
from privity.ports.notices import NoticeReads, NoticeWrites
from privity.ports.referrals import ReferralReads, ReferralWrites
from privity.ports.reports import ReportReads, ReportWrites
from privity.ports.stored import (
    AccountingRow,
    AccountingSummary,
    ClassMember,
    DecisionChunk,
    Filing,
    LineChunk,
    OfficerCase,
    PackageKind,
    Question,
    StoredAgreement,
    StoredAgreementDecision,
    StoredAgreementSignature,
    StoredApproval,
    StoredDestruction,
    StoredDuty,
    StoredHold,
    StoredOffices,
    StoredRelease,
    StoredRequest,
    Withholding,
)


class LogReads(Protocol):
    """The rows of the evidence log, contiguous from 0."""

    def log_size(self) -> int:
        """Number of rows."""
        ...

    def log_rows(self, first: int, limit: int) -> Sequence[bytes]:
        """Entry bytes of rows `first` .. `first + limit - 1`, as many as exist."""
        ...


class AuthorityReads(Protocol):
    """Agreements, offices, holds, withholdings."""

    def agreement(self, agreement_id: str, version: int | None = None) -> StoredAgreement | None:
        """One version, or the newest recorded one."""
        ...

    def agreements(self) -> Sequence[StoredAgreement]:
        """All recorded versions."""
        ...

    def agreement_signatures(self, agreement_id: str, version: int) -> Sequence[StoredAgreementSignature]:
        """The parties' signatures over one version, in the order in which they were recorded."""
        ...

    def agreement_decisions(self, agreement_id: str) -> Sequence[StoredAgreementDecision]:
        """Every decision on an agreement, oldest first: the latest decides which version is in force."""
        ...

    def offices(self) -> StoredOffices | None:
        """The office register recorded last."""
        ...

    def holds(self) -> Sequence[StoredHold]:
        """All holds, lifted ones too."""
        ...

    def withholdings(self) -> Sequence[Withholding]:
        """All marks, lifted ones too."""
        ...

    def withheld_persons(self) -> frozenset[bytes]:
        """Keyed references of persons now withheld: marked, or of a class on which an order lies."""
        ...

    def class_members(self) -> Sequence[ClassMember]:
        """All members of all declared classes, removed ones too."""
        ...

    def fact(self, name: str) -> str:
        """One fact of the home (for example "frozen"), "" where not set."""
        ...


class RequestReads(Protocol):
    """Requests and what is stored under their keys."""

    def request(self, request_id: RequestId) -> StoredRequest | None:
        """One request."""
        ...

    def requests(self) -> Sequence[StoredRequest]:
        """All requests, without their sealed columns filled."""
        ...

    def request_of_nonce(self, nonce: str) -> RequestId | None:
        """Which request used this nonce."""
        ...

    def request_of_package(self, package_sha256: str) -> RequestId | None:
        """Which request came in this package."""
        ...

    def line_chunk(self, request_id: RequestId, chunk: int) -> LineChunk:
        """Raises PrivityError NOT_FOUND."""
        ...

    def decided_chunks(self, request_id: RequestId) -> Mapping[int, str]:
        """Chunk -> input hash of every chunk that has its decisions."""
        ...

    def decision_chunk(self, request_id: RequestId, chunk: int) -> DecisionChunk:
        """Raises PrivityError NOT_FOUND."""
        ...

    def package(self, request_id: RequestId, kind: PackageKind) -> bytes | None:
        """Sealed bytes."""
        ...

    def approvals(self, request_id: RequestId, content_sha256: str) -> Sequence[StoredApproval]:
        """Verdicts on this content hash."""
        ...

    def release(self, request_id: RequestId) -> StoredRelease | None:
        """The release, where there was one."""
        ...

    def sealed_blobs(self, request_id: RequestId) -> Mapping[str, int]:
        """How many blobs lie under the request's key, by place ("line_chunks", "requests.sealed_header", ...)."""
        ...

    def destruction(self, request_id: RequestId) -> StoredDestruction | None:
        """The destruction of the request's key, intended or carried out."""
        ...


class HistoryReads(Protocol):
    """What admission must know of the past."""

    def questions_of(
        self, requester: str, persons: Sequence[bytes], since: datetime, *, besides: str = ""
    ) -> Mapping[bytes, frozenset[bytes]]:
        """Person digest -> question digests asked since the moment, in other requests than `besides`."""
        ...

    def lines_admitted(self, agreement_id: str, start: datetime, end: datetime, *, besides: str = "") -> int:
        """Lines admitted under the agreement in [start, end), in other requests than `besides`."""
        ...

    def open_cases(self, requester: str, *, besides: str = "") -> Mapping[bytes, int]:
        """Officer digest -> distinct cases in requests (other than `besides`) whose duty to destroy is open."""
        ...

    def duties(self) -> Sequence[StoredDuty]:
        """All duties, discharged ones too."""
        ...

    def overdue_duties(self, requester: str, today: date) -> int:
        """Undischarged duties whose day has passed."""
        ...


class AccountingReads(Protocol):
    """The permanent records."""

    def accounting(self, request_id: RequestId) -> Iterator[AccountingRow]:
        """All records of a request, by ordinal."""
        ...

    def accounting_row(self, request_id: RequestId, ordinal: int) -> AccountingRow | None:
        """One record."""
        ...

    def accounting_summary(self, request_id: RequestId) -> AccountingSummary | None:
        """Root, count and log index."""
        ...

    def filed_under(self, digests: Sequence[bytes]) -> Sequence[Filing]:
        """Filings under any of the digests."""
        ...


class ReadStore(
    LogReads,
    AuthorityReads,
    RequestReads,
    HistoryReads,
    AccountingReads,
    NoticeReads,
    DecoyReads,
    ReferralReads,
    ReportReads,
    Protocol,
):
    """All that may be read, at one moment."""


class WriteStore(ReadStore, NoticeWrites, DecoyWrites, ReferralWrites, ReportWrites, Protocol):
    """All that may be written, in one transaction with what is read. There is no method to change or delete
    accounting, approvals, releases or log rows: none exists.
    """

    def append_log(self, entry: bytes) -> int:
        """Append one encoded entry; returns its index."""
        ...

    def add_agreement(self, agreement: StoredAgreement) -> None:
        """Raises PrivityError STATE_CONFLICT where the version exists with another digest."""
        ...

    def add_agreement_signature(self, signature: StoredAgreementSignature) -> None:
        """Raises PrivityError STATE_CONFLICT where this certificate's signature is stored for the version."""
        ...

    def add_agreement_decision(self, decision: StoredAgreementDecision) -> None:
        """Record a decision, for ever."""
        ...

    def add_offices(self, offices: StoredOffices) -> None:
        """Record an office register; it is the current one from now on."""
        ...

    def add_request(self, request: StoredRequest, nonce: str) -> None:
        """Raises PrivityError STALE_OR_REPLAYED where id, nonce or manifest was used before."""
        ...

    def add_line_chunk(self, chunk: LineChunk) -> None:
        """Store sealed lines."""
        ...

    def add_package(self, request_id: RequestId, kind: PackageKind, sealed: bytes) -> None:
        """Store sealed bytes once. Raises PrivityError STATE_CONFLICT where some exist."""
        ...

    def drop_sealed(self, request_id: RequestId) -> None:
        """Forget sealed bytes that were never released (PackageKind.SEALED)."""
        ...

    def move_request(self, request_id: RequestId, current: RequestState, following: RequestState) -> None:
        """Conditional update. Raises PrivityError STATE_CONFLICT where the state is another or the move unknown."""
        ...

    def start_matching(self, request_id: RequestId, snapshot_id: str) -> None:
        """Fix the snapshot and forget decisions made on another one. Only in state ADMITTED."""
        ...

    def add_decision_chunk(self, chunk: DecisionChunk) -> None:
        """Store sealed decisions. Raises PrivityError STATE_CONFLICT where snapshot or input hash disagree."""
        ...

    def set_content(self, request_id: RequestId, content_sha256: str, sealed_salt: bytes) -> None:
        """Fix (or, after a change, replace) the content hash that officers sign."""
        ...

    def add_approval(self, approval: StoredApproval) -> None:
        """Raises PrivityError SAME_PERSON where the person or the certificate already signed this content hash."""
        ...

    def add_release(self, release: StoredRelease) -> None:
        """Raises PrivityError RELEASE_UNAPPROVED where the database finds no two approvals by two people and
        certificates, ACCOUNTING_UNAVAILABLE where records are missing, STATE_CONFLICT where a release exists.
        """
        ...

    def add_accounting(
        self, summary: AccountingSummary, rows: Iterable[AccountingRow], filings: Iterable[Filing]
    ) -> None:
        """Write the permanent records of one request. Raises PrivityError ACCOUNTING_UNAVAILABLE."""
        ...

    def add_questions(
        self, requester: str, request_id: RequestId, asked_at: datetime, questions: Iterable[Question]
    ) -> None:
        """Remember admitted questions, once each."""
        ...

    def add_officer_cases(self, requester: str, request_id: RequestId, cases: Iterable[OfficerCase]) -> None:
        """Remember open cases, once each."""
        ...

    def add_duty(self, duty: StoredDuty) -> None:
        """Record a duty."""
        ...

    def discharge_duty(self, request_id: RequestId, duty: str, at: datetime, evidence_sha256: str) -> None:
        """Raises PrivityError NOT_FOUND where there is no such open duty."""
        ...

    def intend_destruction(self, destruction: StoredDestruction) -> None:
        """Record the order. Raises PrivityError STATE_CONFLICT where one exists, or the request has not ended."""
        ...

    def finish_destruction(self, request_id: RequestId, at: datetime, log_index: int) -> None:
        """Record that the key is gone: once. Raises PrivityError STATE_CONFLICT."""
        ...

    def add_hold(self, hold: StoredHold) -> None:
        """Place a hold."""
        ...

    def lift_hold(self, hold_id: str, at: datetime, by: str) -> None:
        """Raises PrivityError NOT_FOUND where no such hold is in force."""
        ...

    def withhold(self, mark: Withholding) -> None:
        """Place a mark; placing it again changes nothing."""
        ...

    def lift_withholding(self, person: bytes, at: datetime) -> None:
        """Raises PrivityError NOT_FOUND where the person is not withheld."""
        ...

    def add_class_members(self, members: Sequence[ClassMember]) -> int:
        """Add persons to a class; who is in it already stays as added. Returns how many are new."""
        ...

    def remove_class_members(self, word: str, persons: Sequence[bytes], at: datetime) -> int:
        """Remove persons from a class; returns how many were in it."""
        ...

    def set_fact(self, name: str, value: str) -> None:
        """Set one fact of the home."""
        ...


class Store(Protocol):
    """Where transactions begin."""

    def reading(self) -> AbstractContextManager[ReadStore]:
        """A consistent view; never waits for a writer."""
        ...

    def writing(self) -> AbstractContextManager[WriteStore]:
        """The one write transaction. Raises PrivityError HOME_BUSY where another holds it too long."""
        ...


class StoreAdmin(Protocol):
    """For making and mending, never for a request's walk."""

    def migrate(self) -> str:
        """Bring the schema to the newest revision; returns it."""
        ...

    def check(self) -> Sequence[str]:
        """Findings of the engine's own integrity check ("" list: sound)."""
        ...

    def close(self) -> None:
        """Release the database file."""
        ...
