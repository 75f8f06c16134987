"""What another version of an agreement would have made of requests received before: line by line, by ordinal alone.

Both versions are replayed with the same program, at the request's own moment, so that every difference is the
agreement's. Nothing is looked up, nothing leaves, nothing is stored, nothing is logged: the requests are opened under
their own keys, in memory, one at a time; of each line only a small number stays.
"""

from __future__ import annotations

import io
from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from privity.domain.agreement import BOTH_SIDES, Agreement
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.lifecycle import Action
from privity.domain.offices import CustodianRole, OfficeRegister
from privity.domain.request import Ordinal, RequestFinding, RequestHeader
from privity.policy.admission import (
    RequestContext,
    SignatureFacts,
    Traces,
    judge_request,
    line_terms,
    over_the_year,
    request_again,
    roster_ids,
    sent_back,
    whole_file,
)
from privity.policy.admission.context import LineTerms
from privity.policy.admission.file_rules import FileDefects
from privity.policy.admission.sound_values import SoundValues
from privity.ports.stored import PackageKind, StoredRequest
from privity.ports.stores import ReadStore
from privity.services.admission.judge_arrival import HISTORY
from privity.services.admission.judge_chunks import ChunkDesk, judge_chunk, kind_of, unpacked
from privity.services.admission.open_request import reopen_request
from privity.services.agreements.record_agreement import stored_agreement
from privity.services.agreements.record_offices import current_offices
from privity.services.collector_pause import collector_paused
from privity.services.gate import Gate, Progress, need_kept, need_request, need_role, quiet
from privity.services.stored_lines import Sealer, all_lines
from privity.wire.agreement_format import read_agreement
from privity.wire.line_chunks import LineKind, decode_lines
from privity.wire.request_file import RequestFile
from privity.wire.request_format import Rows

# What is replayed of the whole request. R02 (the path of a certificate), R07 (dates and signatures of a version that
# was not yet), R09 (holds) and R15 (duties) belong to their own moment, not to the text of the agreement.
REPLAYED = ("R01", "R03", "R04", "R05", "R06", "R08", "R10", "R11")
NOTES = (
    "R02, R07, R09 and R15 are not replayed: they belong to the moment, not to the agreement's words",
    "offices, roster and safeguards are today's; questions of a year (L14) are those on record today",
    "open cases of officers in other requests (R12) are left out of both replays",
)
WORDS = {LineKind.ADMITTED: "admitted", LineKind.RETURNED: "returned", LineKind.REFERRED: "referred"}


@dataclass(frozen=True, slots=True)
class LineChange:
    """A line that the other version would treat otherwise. `message` says why, in our words, without values."""

    ordinal: int
    was: str
    would_be: str
    message: str


@dataclass(frozen=True, slots=True)
class WholeFinding:
    """A finding on the whole request: it would go back whole."""

    code: str
    rule: str
    message: str


@dataclass(frozen=True, slots=True)
class SimulatedRequest:
    """One request under both versions. `changes`: "from -> to" with the number of lines."""

    request_id: str
    version: int  # under which it was received
    lines: int
    unchanged: int
    changes: Mapping[str, int]
    findings_was: tuple[WholeFinding, ...]
    findings_would_be: tuple[WholeFinding, ...]
    differs_from_record: int  # lines that this program judges otherwise than the one that received the request
    each_change: Callable[[], Iterator[LineChange]] = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class NotSimulated:
    """A request that cannot be replayed, and why."""

    request_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class _Past:
    """A request as it came, opened again."""

    request: StoredRequest
    header: RequestHeader
    facts: SignatureFacts
    rows: Callable[[], Iterator[Rows]]
    waived: frozenset[int]  # lines that officers admitted (L16): a fact of the request, under either version


class _Outcomes:
    """What became of each line, in order: two bytes a line, and the few different outcomes there are."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, str], int] = {}
        self.lines = array("H")

    def add(self, outcome: str, message: str) -> None:
        self.lines.append(self._number(outcome, message))

    def set(self, place: int, outcome: str, message: str) -> None:
        self.lines[place] = self._number(outcome, message)

    def words(self) -> Sequence[tuple[str, str]]:
        return list(self.known)

    def _number(self, outcome: str, message: str) -> int:
        return self.known.setdefault((outcome, message), len(self.known))


@dataclass(frozen=True, slots=True)
class _Replay:
    outcomes: _Outcomes
    findings: tuple[RequestFinding, ...]


def simulate_agreement(
    gate: Gate,
    document: bytes,
    request_ids: Sequence[str],
    *,
    role: CustodianRole = CustodianRole.COUNSEL,
    progress: Progress = quiet,
) -> Iterator[SimulatedRequest | NotSimulated]:
    """Replay requests one after the other under `document`; hold on to no earlier one.

    Raises PrivityError ROLE_FORBIDDEN, AGREEMENT_INVALID, NOT_FOUND (no such request, no office register), USAGE (a
    request under another agreement).
    """
    need_role(role, Action.SIMULATE_AGREEMENT)
    new = read_agreement(document, source="NEW")
    with gate.store.reading() as read:
        requests = [need_request(read, one) for one in request_ids]
    for request in requests:
        if request.agreement_id != new.id:
            raise PrivityError(
                ErrorCode.USAGE, "a request was received under another agreement", "Name requests under this agreement."
            )
    return _each(gate, new, requests, progress)


def requests_under(gate: Gate, agreement_id: str) -> tuple[str, ...]:
    """Ids of all requests received under any version of an agreement."""
    with gate.store.reading() as read:
        return tuple(one.request_id for one in read.requests() if one.agreement_id == agreement_id)


def _each(
    gate: Gate, new: Agreement, requests: Sequence[StoredRequest], progress: Progress
) -> Iterator[SimulatedRequest | NotSimulated]:
    for place, request in enumerate(requests):
        progress("simulate", place, len(requests))
        try:
            yield _simulate(gate, new, request)
        except PrivityError as refusal:
            if refusal.code not in (ErrorCode.STATE_CONFLICT, ErrorCode.FORMAT_INVALID):
                raise
            yield NotSimulated(request.request_id, refusal.message)
    progress("simulate", len(requests), len(requests))


def _simulate(gate: Gate, new: Agreement, request: StoredRequest) -> SimulatedRequest:
    with gate.store.reading() as read:
        need_kept(read, request)
        old = stored_agreement(read, request.agreement_id, request.agreement_version)
        offices = current_offices(read, gate.keys)
        sealer = Sealer(request.request_id, gate.keys.request_storage(request.request_id))
        past = _reopened(gate, read, sealer, request)
        year = read.lines_admitted(old.id, datetime(request.received_at.year, 1, 1, tzinfo=UTC), request.received_at)
    with collector_paused():
        was = _replay(gate, past, _context(gate, old, offices, request, year))
        would_be = _replay(gate, past, _context(gate, new, offices, request, year))
    with gate.store.reading() as read:
        differs = 0 if request.returned_whole else _against_record(read, sealer, request, was.outcomes)
    return _compared(past, was, would_be, differs)


def _reopened(gate: Gate, read: ReadStore, sealer: Sealer, request: StoredRequest) -> _Past:
    kept: RequestFile = sealer.open_file(request)
    arrived = sealer.open_package(read, PackageKind.ARRIVED)
    if arrived is None:
        raise PrivityError(ErrorCode.STATE_CONFLICT, "the request's own package is missing from the store")
    rows = reopen_request(gate, io.BytesIO(arrived), kept.signer)
    facts = SignatureFacts(kept.signer, kept.signing_time, request.received_at, ())
    decisions = read.referral_decisions(request.request_id)
    admitted = frozenset(ordinal for one in decisions if one.admits for ordinal in one.ordinals)
    return _Past(request, kept.header, facts, rows, admitted)


def _context(
    gate: Gate, agreement: Agreement, offices: OfficeRegister, request: StoredRequest, lines_this_year: int
) -> RequestContext:
    """The request's own moment, under one version, without what belongs to that moment alone."""

    def asked_before(persons: Sequence[bytes]) -> Mapping[bytes, frozenset[bytes]]:
        with gate.store.reading() as read:
            return read.questions_of(
                request.requester, persons, request.received_at - HISTORY, besides=request.request_id
            )

    return RequestContext(
        agreement=agreement,
        offices=offices,
        at=request.received_at,
        lines_this_year=lines_this_year,
        open_cases={},
        overdue_duties=0,
        holds=(),
        seen_before=False,
        asked_before=asked_before,
        digest=gate.keys.probing_digest,
        agreement_signed_by=BOTH_SIDES,
        agreement_stopped="",
    )


def _replay(gate: Gate, past: _Past, context: RequestContext) -> _Replay:
    """Steps 6 and 7 of admission, in this process; each chunk's lines are forgotten when they are judged."""
    agreement = context.agreement
    header = replace(
        past.header, agreement_id=agreement.id, agreement_version=agreement.version, agreement_digest=agreement.digest
    )
    named = (agreement.id, agreement.version, agreement.digest)
    findings = judge_request(header, named, past.facts, context, only=REPLAYED)
    terms = line_terms(header, context, frozenset(roster_ids(context)), past.waived)
    trace_key = gate.keys.probing_digest(b"traces\0" + past.request.request_id.encode())
    desk = ChunkDesk(terms, gate.keys.probing_digest, trace_key, SoundValues())
    outcomes, traces, asked = _Outcomes(), Traces(), []
    for rows in past.rows():
        chunk = judge_chunk(desk, rows)
        for line in decode_lines(chunk.encoded):
            outcomes.add(_outcome(line.kind, line.code), line.message)
        traces.extend(chunk.traces)
        asked.append((chunk.traces.asking, chunk.digests))
    found, _ = whole_file(traces, terms)
    for ordinals, digests in asked:
        found |= _over_the_year(ordinals, digests, found, terms, context)
    for ordinal, verdict in found.items():
        judged = sent_back(Ordinal(ordinal), *verdict)
        outcomes.set(ordinal - 1, _outcome(kind_of(judged), judged.code), judged.message)
    returned = sum(outcomes.words()[one][0].startswith("returned") for one in outcomes.lines)
    again, _ = request_again(traces, found, returned, terms, context)
    return _Replay(outcomes, (*findings, *again))


def _over_the_year(
    ordinals: Sequence[int], digests: bytes, found: FileDefects, terms: LineTerms, context: RequestContext
) -> FileDefects:
    questions = {
        Ordinal(ordinal): one.pairs()
        for ordinal, one in zip(ordinals, unpacked(digests), strict=True)
        if Ordinal(ordinal) not in found
    }
    return over_the_year(questions, terms, context)


def _outcome(kind: LineKind, code: ErrorCode | None) -> str:
    return f"{WORDS[kind]} {code.value}" if code else WORDS[kind]


def _against_record(read: ReadStore, sealer: Sealer, request: StoredRequest, was: _Outcomes) -> int:
    """A line that waited and went back, decided or undecided, is no difference: it would wait again."""
    words, place, differs = was.words(), 0, 0
    waits = _outcome(LineKind.REFERRED, ErrorCode.REFERRED)
    for lines in all_lines(read, sealer, request):
        for line in lines:
            replayed = words[was.lines[place]][0]
            settled = replayed == waits and line.kind is LineKind.RETURNED and not request.referred
            differs += not settled and _outcome(line.kind, line.code) != replayed
            place += 1
    return differs


def _compared(past: _Past, was: _Replay, would_be: _Replay, differs: int) -> SimulatedRequest:
    before, after = was.outcomes, would_be.outcomes
    old_words, new_words = before.words(), after.words()

    def each_change() -> Iterator[LineChange]:
        for ordinal, (one, other) in enumerate(zip(before.lines, after.lines, strict=True), start=1):
            old, (new, message) = old_words[one][0], new_words[other]
            if old != new:
                yield LineChange(ordinal, old, new, message)

    changes = Counter(f"{one.was} -> {one.would_be}" for one in each_change())
    lines = len(before.lines)
    return SimulatedRequest(
        request_id=past.request.request_id,
        version=past.request.agreement_version,
        lines=lines,
        unchanged=lines - changes.total(),
        changes=dict(sorted(changes.items())),
        findings_was=_told(was.findings),
        findings_would_be=_told(would_be.findings),
        differs_from_record=differs,
        each_change=each_change,
    )


def _told(findings: Sequence[RequestFinding]) -> tuple[WholeFinding, ...]:
    return tuple(WholeFinding(one.code.value, one.rule, one.message) for one in findings)
