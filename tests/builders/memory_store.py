"""The state in memory: a small, real implementation of `ports.stores`, to hold the SQL one against.

One lock, one copy of everything at the start of a write, put back when the write fails. It keeps the rules that the
database keeps with constraints and triggers, each written out by hand: so the contract suite tests both.
"""

from __future__ import annotations

import copy
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.holds import HoldScope
from privity.domain.lifecycle import RequestState, can_move
from privity.domain.request import RequestId
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
    Verdict,
    Withholding,
)
from tests.builders.memory_decoys import DecoyTables, MemoryDecoys
from tests.builders.memory_desk import DeskTables, MemoryDesk
from tests.builders.memory_notices import MemoryNotices, NoticeTables


@dataclass
class Tables:
    """Everything that is kept."""

    log: list[bytes] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)
    agreements: dict[tuple[str, int], StoredAgreement] = field(default_factory=dict)
    signatures: list[StoredAgreementSignature] = field(default_factory=list)
    decided: list[StoredAgreementDecision] = field(default_factory=list)
    offices: list[StoredOffices] = field(default_factory=list)
    requests: dict[str, StoredRequest] = field(default_factory=dict)
    nonces: dict[str, RequestId] = field(default_factory=dict)
    lines: dict[tuple[str, int], LineChunk] = field(default_factory=dict)
    decisions: dict[tuple[str, int], DecisionChunk] = field(default_factory=dict)
    packages: dict[tuple[str, PackageKind], bytes] = field(default_factory=dict)
    approvals: list[StoredApproval] = field(default_factory=list)
    releases: dict[str, StoredRelease] = field(default_factory=dict)
    accounting: dict[tuple[str, int], AccountingRow] = field(default_factory=dict)
    summaries: dict[str, AccountingSummary] = field(default_factory=dict)
    filings: list[Filing] = field(default_factory=list)
    holds: dict[str, StoredHold] = field(default_factory=dict)
    withheld: list[Withholding] = field(default_factory=list)
    members: list[ClassMember] = field(default_factory=list)
    notices: NoticeTables = field(default_factory=NoticeTables)
    questions: list[tuple[str, str, datetime, Question]] = field(default_factory=list)
    cases: set[tuple[str, str, OfficerCase]] = field(default_factory=set)
    duties: dict[tuple[str, str], StoredDuty] = field(default_factory=dict)
    destructions: dict[str, StoredDestruction] = field(default_factory=dict)
    decoys: DecoyTables = field(default_factory=DecoyTables)
    desk: DeskTables = field(default_factory=DeskTables)


def refuse(code: ErrorCode) -> PrivityError:
    return PrivityError(code, "refused by the store in memory")


class MemoryTransaction(MemoryNotices, MemoryDecoys, MemoryDesk):
    """`ports.stores.WriteStore` over tables."""

    def __init__(self, tables: Tables) -> None:
        self.t = tables

    # reading

    def log_size(self) -> int:
        return len(self.t.log)

    def log_rows(self, first: int, limit: int) -> Sequence[bytes]:
        return self.t.log[first : first + limit]

    def agreement(self, agreement_id: str, version: int | None = None) -> StoredAgreement | None:
        if version is not None:
            return self.t.agreements.get((agreement_id, version))
        versions = [one for one in self.t.agreements.values() if one.agreement_id == agreement_id]
        return max(versions, key=lambda one: one.version, default=None)

    def agreements(self) -> Sequence[StoredAgreement]:
        return sorted(self.t.agreements.values(), key=lambda one: (one.recorded_at, one.version))

    def agreement_decisions(self, agreement_id: str) -> Sequence[StoredAgreementDecision]:
        return [one for one in self.t.decided if one.agreement_id == agreement_id]

    def _need_in_force(self, request: StoredRequest) -> None:
        decided = self.agreement_decisions(request.agreement_id)
        stands = not decided or (decided[-1].act, decided[-1].version) == ("ACTIVATED", request.agreement_version)
        if not stands and not request.returned_whole:
            raise refuse(ErrorCode.AGREEMENT_NOT_IN_FORCE)

    def agreement_signatures(self, agreement_id: str, version: int) -> Sequence[StoredAgreementSignature]:
        wanted = (agreement_id, version)
        return [one for one in self.t.signatures if (one.agreement_id, one.version) == wanted]

    def offices(self) -> StoredOffices | None:
        return self.t.offices[-1] if self.t.offices else None

    def holds(self) -> Sequence[StoredHold]:
        return sorted(self.t.holds.values(), key=lambda one: one.placed_at)

    def withholdings(self) -> Sequence[Withholding]:
        return list(self.t.withheld)

    def withheld_persons(self) -> frozenset[bytes]:
        held = {one.target for one in self.t.holds.values() if one.scope is HoldScope.CLASS and one.lifted_at is None}
        of_class = {one.person for one in self.t.members if one.removed_at is None and one.word in held}
        return frozenset({one.person for one in self.t.withheld if one.lifted_at is None} | of_class)

    def class_members(self) -> Sequence[ClassMember]:
        return list(self.t.members)

    def fact(self, name: str) -> str:
        return self.t.facts.get(name, "")

    def request(self, request_id: RequestId) -> StoredRequest | None:
        return self.t.requests.get(request_id)

    def requests(self) -> Sequence[StoredRequest]:
        return list(self.t.requests.values())

    def request_of_nonce(self, nonce: str) -> RequestId | None:
        return self.t.nonces.get(nonce)

    def request_of_package(self, package_sha256: str) -> RequestId | None:
        return next((one.request_id for one in self.requests() if one.package_sha256 == package_sha256), None)

    def line_chunk(self, request_id: RequestId, chunk: int) -> LineChunk:
        return self._found(self.t.lines, (request_id, chunk))

    def decided_chunks(self, request_id: RequestId) -> Mapping[int, str]:
        return {chunk: one.input_hash for (owner, chunk), one in self.t.decisions.items() if owner == request_id}

    def decision_chunk(self, request_id: RequestId, chunk: int) -> DecisionChunk:
        return self._found(self.t.decisions, (request_id, chunk))

    def package(self, request_id: RequestId, kind: PackageKind) -> bytes | None:
        return self.t.packages.get((request_id, kind))

    def approvals(self, request_id: RequestId, content_sha256: str) -> Sequence[StoredApproval]:
        wanted = (request_id, content_sha256)
        return [one for one in self.t.approvals if (one.request_id, one.content_sha256) == wanted]

    def release(self, request_id: RequestId) -> StoredRelease | None:
        return self.t.releases.get(request_id)

    def sealed_blobs(self, request_id: RequestId) -> Mapping[str, int]:
        request = self.t.requests.get(request_id)
        tables = {"line_chunks": self.t.lines, "decision_chunks": self.t.decisions, "packages": self.t.packages}
        return {
            **{name: sum(owner == request_id for owner, _ in table) for name, table in tables.items()},  # type: ignore[attr-defined]
            "referral_decisions": len(self.referral_decisions(request_id)),
            "requests.sealed_header": int(request is not None and request.sealed_header != b""),
            "requests.sealed_salt": int(request is not None and request.sealed_salt != b""),
        }

    def destruction(self, request_id: RequestId) -> StoredDestruction | None:
        return self.t.destructions.get(request_id)

    def questions_of(
        self, requester: str, persons: Sequence[bytes], since: datetime, *, besides: str = ""
    ) -> Mapping[bytes, frozenset[bytes]]:
        found: dict[bytes, set[bytes]] = {}
        for asker, request_id, at, question in self.t.questions:
            if asker == requester and at >= since and request_id != besides and question.person in persons:
                found.setdefault(question.person, set()).add(question.question)
        return {person: frozenset(asked) for person, asked in found.items()}

    def lines_admitted(self, agreement_id: str, start: datetime, end: datetime, *, besides: str = "") -> int:
        return sum(
            one.admitted
            for one in self.requests()
            if one.agreement_id == agreement_id
            and start <= one.received_at < end
            and not one.returned_whole
            and one.request_id != besides
        )

    def open_cases(self, requester: str, *, besides: str = "") -> Mapping[bytes, int]:
        closed = {one.request_id for one in self.t.duties.values() if one.duty == "destroy" and one.discharged_at}
        cases: dict[bytes, set[bytes]] = {}
        for asker, request_id, case in self.t.cases:
            if asker == requester and request_id not in closed and request_id != besides:
                cases.setdefault(case.officer, set()).add(case.case)
        return {officer: len(found) for officer, found in cases.items()}

    def duties(self) -> Sequence[StoredDuty]:
        return sorted(self.t.duties.values(), key=lambda one: (one.due, one.request_id))

    def overdue_duties(self, requester: str, today: date) -> int:
        return sum(one.requester == requester and not one.discharged_at and one.due < today for one in self.duties())

    def accounting(self, request_id: RequestId) -> Iterator[AccountingRow]:
        yield from (row for (owner, _), row in sorted(self.t.accounting.items()) if owner == request_id)

    def accounting_row(self, request_id: RequestId, ordinal: int) -> AccountingRow | None:
        return self.t.accounting.get((request_id, ordinal))

    def accounting_summary(self, request_id: RequestId) -> AccountingSummary | None:
        return self.t.summaries.get(request_id)

    def filed_under(self, digests: Sequence[bytes]) -> Sequence[Filing]:
        found = [one for one in self.t.filings if one.digest in digests]
        return sorted(found, key=lambda one: (one.request_id, one.ordinal, one.kind.value))

    # writing

    def append_log(self, entry: bytes) -> int:
        self.t.log.append(entry)
        return len(self.t.log) - 1

    def add_agreement(self, agreement: StoredAgreement) -> None:
        self._once(self.t.agreements, (agreement.agreement_id, agreement.version), agreement, ErrorCode.STATE_CONFLICT)

    def add_agreement_decision(self, decision: StoredAgreementDecision) -> None:
        if any(one.log_index == decision.log_index for one in self.t.decided):
            raise refuse(ErrorCode.STATE_CONFLICT)
        self.t.decided.append(decision)

    def add_agreement_signature(self, signature: StoredAgreementSignature) -> None:
        for one in self.agreement_signatures(signature.agreement_id, signature.version):
            if one.certificate == signature.certificate:
                raise refuse(ErrorCode.STATE_CONFLICT)
        self.t.signatures.append(signature)

    def add_offices(self, offices: StoredOffices) -> None:
        self.t.offices.append(offices)

    def add_request(self, request: StoredRequest, nonce: str) -> None:
        manifests = {one.manifest_sha256 for one in self.requests()}
        if request.manifest_sha256 in manifests or nonce in self.t.nonces:
            raise refuse(ErrorCode.STALE_OR_REPLAYED)
        self._need_in_force(request)
        self._once(self.t.requests, request.request_id, request, ErrorCode.STALE_OR_REPLAYED)
        self.t.nonces[nonce] = request.request_id

    def add_line_chunk(self, chunk: LineChunk) -> None:
        self.t.lines[chunk.request_id, chunk.chunk] = chunk

    def add_package(self, request_id: RequestId, kind: PackageKind, sealed: bytes) -> None:
        self._once(self.t.packages, (request_id, kind), sealed, ErrorCode.STATE_CONFLICT)

    def drop_sealed(self, request_id: RequestId) -> None:
        self._need_unreleased(request_id)
        self.t.packages.pop((request_id, PackageKind.SEALED), None)

    def move_request(self, request_id: RequestId, current: RequestState, following: RequestState) -> None:
        request = self.t.requests.get(request_id)
        if request is None or request.state is not current or not can_move(current, following):
            raise refuse(ErrorCode.STATE_CONFLICT)
        if following in (RequestState.RELEASED, RequestState.DELIVERED) and request_id not in self.t.releases:
            raise refuse(ErrorCode.INTERNAL)
        self.need_no_stop(request_id)
        if current is RequestState.ADMITTED:
            self.need_nobody_waits(request_id)
        self.t.requests[request_id] = replace(request, state=following)

    def start_matching(self, request_id: RequestId, snapshot_id: str) -> None:
        request = self.t.requests.get(request_id)
        if request is None or request.state is not RequestState.ADMITTED:
            raise refuse(ErrorCode.STATE_CONFLICT)
        self.need_no_stop(request_id)
        self.need_nobody_waits(request_id)
        self.t.requests[request_id] = replace(request, snapshot_id=snapshot_id)
        for key in [key for key in self.t.decisions if key[0] == request_id]:
            del self.t.decisions[key]

    def add_decision_chunk(self, chunk: DecisionChunk) -> None:
        request = self.t.requests.get(chunk.request_id)
        lines = self.line_chunk(chunk.request_id, chunk.chunk)
        self.need_no_stop(chunk.request_id)
        self.need_nobody_waits(chunk.request_id)
        right = request and request.state is RequestState.ADMITTED and request.snapshot_id == chunk.snapshot_id
        if not right or lines.input_hash != chunk.input_hash:
            raise refuse(ErrorCode.STATE_CONFLICT)
        self._once(self.t.decisions, (chunk.request_id, chunk.chunk), chunk, ErrorCode.STATE_CONFLICT)

    def set_content(self, request_id: RequestId, content_sha256: str, sealed_salt: bytes) -> None:
        self._need_unreleased(request_id)
        request = self.t.requests[request_id]
        self.t.requests[request_id] = replace(request, content_sha256=content_sha256, sealed_salt=sealed_salt)

    def add_approval(self, approval: StoredApproval) -> None:
        for one in self.approvals(approval.request_id, approval.content_sha256):
            if one.officer == approval.officer or one.certificate == approval.certificate:
                raise refuse(ErrorCode.SAME_PERSON)
        self.t.approvals.append(approval)

    def add_release(self, release: StoredRelease) -> None:
        self.need_no_stop(release.request_id)
        votes = self.approvals(release.request_id, release.content_sha256)
        agreed = [one for one in votes if one.verdict is Verdict.RELEASE]
        people = {one.officer for one in agreed}, {one.certificate for one in agreed}
        present = self.t.requests[release.request_id].content_sha256 == release.content_sha256
        if min(map(len, people)) < 2 or len(agreed) < len(votes) or not present:
            raise refuse(ErrorCode.RELEASE_UNAPPROVED)
        self._need_in_force(self.t.requests[release.request_id])
        summary = self.t.summaries.get(release.request_id)
        if summary is None or summary.root != release.accounting_root:
            raise refuse(ErrorCode.ACCOUNTING_UNAVAILABLE)
        self._once(self.t.releases, release.request_id, release, ErrorCode.STATE_CONFLICT)

    def add_accounting(
        self, summary: AccountingSummary, rows: Iterable[AccountingRow], filings: Iterable[Filing]
    ) -> None:
        for row in rows:
            self._once(self.t.accounting, (row.request_id, row.ordinal), row, ErrorCode.ACCOUNTING_UNAVAILABLE)
        count = sum(owner == summary.request_id for owner, _ in self.t.accounting)
        if not summary.records == count == self.t.requests[summary.request_id].lines:
            raise refuse(ErrorCode.ACCOUNTING_UNAVAILABLE)
        self._once(self.t.summaries, summary.request_id, summary, ErrorCode.ACCOUNTING_UNAVAILABLE)
        self.t.filings.extend(filings)

    def add_questions(
        self, requester: str, request_id: RequestId, asked_at: datetime, questions: Iterable[Question]
    ) -> None:
        self.t.questions.extend((requester, request_id, asked_at, one) for one in dict.fromkeys(questions))

    def add_officer_cases(self, requester: str, request_id: RequestId, cases: Iterable[OfficerCase]) -> None:
        self.t.cases.update((requester, request_id, one) for one in cases)

    def add_duty(self, duty: StoredDuty) -> None:
        self._once(self.t.duties, (duty.request_id, duty.duty), duty, ErrorCode.STATE_CONFLICT)

    def discharge_duty(self, request_id: RequestId, duty: str, at: datetime, evidence_sha256: str) -> None:
        found = self.t.duties.get((request_id, duty))
        if found is None or found.discharged_at:
            raise refuse(ErrorCode.NOT_FOUND)
        self.t.duties[request_id, duty] = replace(found, discharged_at=at, evidence_sha256=evidence_sha256)

    def intend_destruction(self, destruction: StoredDestruction) -> None:
        request = self.t.requests.get(destruction.request_id)
        if request is None or request.state not in (RequestState.DELIVERED, RequestState.REJECTED):
            raise refuse(ErrorCode.STATE_CONFLICT)
        order = replace(destruction, destroyed_at=None, log_index=None)
        self._once(self.t.destructions, destruction.request_id, order, ErrorCode.STATE_CONFLICT)

    def finish_destruction(self, request_id: RequestId, at: datetime, log_index: int) -> None:
        order = self.t.destructions.get(request_id)
        if order is None or order.destroyed_at is not None:
            raise refuse(ErrorCode.STATE_CONFLICT)
        self.t.destructions[request_id] = replace(order, destroyed_at=at, log_index=log_index)

    def add_hold(self, hold: StoredHold) -> None:
        self._once(self.t.holds, hold.hold_id, hold, ErrorCode.STATE_CONFLICT)

    def lift_hold(self, hold_id: str, at: datetime, by: str) -> None:
        found = self.t.holds.get(hold_id)
        if found is None or found.lifted_at:
            raise refuse(ErrorCode.NOT_FOUND)
        self.t.holds[hold_id] = replace(found, lifted_at=at, lifted_by=by)

    def withhold(self, mark: Withholding) -> None:
        if mark.person not in {one.person for one in self.t.withheld if one.lifted_at is None}:
            self.t.withheld.append(mark)

    def lift_withholding(self, person: bytes, at: datetime) -> None:
        if person not in {one.person for one in self.t.withheld if one.lifted_at is None}:
            raise refuse(ErrorCode.NOT_FOUND)
        self.t.withheld = [
            replace(one, lifted_at=at) if one.person == person and not one.lifted_at else one for one in self.t.withheld
        ]

    def add_class_members(self, members: Sequence[ClassMember]) -> int:
        added = 0
        for one in members:
            if not any((o.word, o.person) == (one.word, one.person) and not o.removed_at for o in self.t.members):
                self.t.members.append(one)
                added += 1
        return added

    def remove_class_members(self, word: str, persons: Sequence[bytes], at: datetime) -> int:
        gone = [
            place
            for place, one in enumerate(self.t.members)
            if one.word == word and one.person in persons and one.removed_at is None
        ]
        for place in gone:
            self.t.members[place] = replace(self.t.members[place], removed_at=at)
        return len(gone)

    def set_fact(self, name: str, value: str) -> None:
        self.t.facts[name] = value

    def _need_unreleased(self, request_id: RequestId) -> None:
        if request_id in self.t.releases:
            raise refuse(ErrorCode.STATE_CONFLICT)

    @staticmethod
    def _once(table: dict[Any, Any], key: Any, value: Any, code: ErrorCode) -> None:
        if key in table:
            raise refuse(code)
        table[key] = value

    @staticmethod
    def _found(table: dict[Any, Any], key: Any) -> Any:
        if key not in table:
            raise refuse(ErrorCode.NOT_FOUND)
        return table[key]


class MemoryStore:
    """`ports.stores.Store` in memory."""

    def __init__(self) -> None:
        self._tables = Tables()
        self._lock = threading.RLock()

    @contextmanager
    def reading(self) -> Iterator[MemoryTransaction]:
        with self._lock:
            seen = copy.deepcopy(self._tables)
        yield MemoryTransaction(seen)

    @contextmanager
    def writing(self) -> Iterator[MemoryTransaction]:
        with self._lock:
            draft = copy.deepcopy(self._tables)
            yield MemoryTransaction(draft)
            self._tables = draft
