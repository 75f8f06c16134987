"""Puts an opened request before admission at one fixed time, and lays out what is to be kept of each line.

Lines are judged chunk by chunk on all cores (`judge_chunks`); what the rules over the whole file need of them stays
here as compact traces. The rules themselves are `privity.policy.admission`'s. Step numbers are those of
docs/procedures/admit.md. Nothing is stored here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import NamedTuple, TypeVar

from privity.domain.agreement import Agreement
from privity.domain.errors import ErrorCode
from privity.domain.holds import Answered
from privity.domain.offices import OfficeRegister
from privity.domain.personal import MASK
from privity.domain.request import (
    Ordinal,
    ReferredLine,
    RequestFinding,
    RequestHeader,
    RequestId,
    ReturnedLine,
    SuppliedName,
)
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
from privity.policy.holds import concealed_stop
from privity.ports.stored import OfficerCase, Question
from privity.ports.stores import ReadStore
from privity.services.admission.judge_chunks import (
    Asked,
    ChunkDesk,
    JudgedChunk,
    codes_of,
    judge_chunk,
    kind_of,
    returned_line,
    unpacked,
)
from privity.services.admission.open_request import FormDefectError, OpenedRequest
from privity.services.agreements.agreement_decisions import stopped
from privity.services.agreements.agreement_signatures import signed_by
from privity.services.collector_pause import collector_paused
from privity.services.duties.duties_outstanding import duties_overdue
from privity.services.gate import Gate, Progress, holds_on
from privity.services.spread_work import in_order
from privity.wire.line_chunks import CHUNK_LINES, JudgedLine, LineKind, change_lines, decode_lines, encode_lines
from privity.wire.request_format import Rows, lines_of

HISTORY = timedelta(days=365)  # how far back a question counts (L14)
Word = TypeVar("Word", str, LineKind)


@dataclass(frozen=True, slots=True)
class Judged:
    """The outcome of admission, ready to be stored."""

    chunks: Sequence[bytes]  # wire.line_chunks, CHUNK_LINES lines each
    kinds: Mapping[LineKind, int]
    codes: Mapping[str, int]  # returned and referred lines by code
    findings: tuple[RequestFinding, ...]  # any: the whole request goes back
    warnings: tuple[str, ...]
    remembered: Remembered | None = None  # None where nothing was admitted

    @property
    def returned_whole(self) -> bool:
        """Whether nothing of the request may be looked up."""
        return bool(self.findings)

    @property
    def lines(self) -> int:
        """All lines."""
        return sum(self.kinds.values())

    def each_line(self) -> Iterator[JudgedLine]:
        """Every line in order, one chunk in memory at a time."""
        return (line for chunk in self.chunks for line in decode_lines(chunk))


class ToJudge(NamedTuple):
    """The lines of one request, with what they are judged under."""

    request_id: RequestId
    header: RequestHeader
    agreement: Agreement
    offices: OfficeRegister
    lines: int
    rows: Callable[[], Iterator[Rows]]
    waived: frozenset[int] = frozenset()  # lines that an officer admitted: L16 is not asked of them again

    def __repr__(self) -> str:
        return f"ToJudge({MASK})"


@dataclass(frozen=True, slots=True)
class Remembered:
    """Keyed digests of the admitted lines, for later requests (L14, R12)."""

    gate: Gate
    traces: Traces
    digests: Sequence[bytes]  # a chunk's, see `judge_chunks.unpacked`
    found: FileDefects

    def questions(self) -> Iterator[Question]:
        """Who was asked about what."""
        return (Question(*pair) for _, one in self._admitted() for pair in one.pairs())

    def cases(self) -> Iterator[OfficerCase]:
        """Which cases officers have open."""
        officers = {officer: officer_digest(self.gate, officer) for officer in set(self.traces.officers)}
        return (OfficerCase(officers[officer], one.case) for officer, one in self._admitted())

    def _admitted(self) -> Iterator[tuple[str, Asked]]:
        asked = (one for digests in self.digests for one in unpacked(digests))
        for ordinal, officer, one in zip(self.traces.asking, self.traces.officers, asked, strict=True):
            if ordinal not in self.found:
                yield officer, one


def judge_arrival(gate: Gate, opened: OpenedRequest, at: datetime, progress: Progress, processes: int = 2) -> Judged:
    """Judge request, then lines (steps 6 and 7). The lines are not judged where the request is already refused."""
    signature = SignatureFacts(
        opened.signature.signer_fingerprint, opened.signature.signing_time, at, opened.signature.policies
    )
    named = opened.manifest.agreement
    request_id = RequestId(opened.manifest.request_id)
    matter = ToJudge(request_id, opened.header, opened.agreement, opened.offices, opened.manifest.lines, opened.rows)
    with gate.store.reading() as read:
        context = _context(gate, read, matter, at)
    findings = judge_request(opened.header, (named.id, named.version, named.digest), signature, context)  # 6
    try:
        if findings:
            return _unjudged(opened.rows(), findings)
        with collector_paused():
            return _judge_lines(gate, matter, context, progress, processes)  # 7
    except FormDefectError as defect:
        return _unread(opened.manifest.lines, (*findings, _form_finding(defect.message)))


def judge_again(gate: Gate, matter: ToJudge, at: datetime, progress: Progress, processes: int = 2) -> Judged:
    """The lines of a request received before, as at its own moment `at`; the request itself is not in the history."""
    with gate.store.reading() as read:
        context = _context(gate, read, matter, at)
    with collector_paused():
        return _judge_lines(gate, matter, context, progress, processes)


def _context(gate: Gate, read: ReadStore, matter: ToJudge, at: datetime) -> RequestContext:
    agreement, requester = matter.agreement, matter.agreement.requester.id
    start, end = datetime(at.year, 1, 1, tzinfo=UTC), datetime(at.year + 1, 1, 1, tzinfo=UTC)
    open_cases = read.open_cases(requester, besides=matter.request_id)
    holds = holds_on(read, Answered(agreement.id, requester), at)
    return RequestContext(
        agreement=agreement,
        offices=matter.offices,
        at=at,
        lines_this_year=read.lines_admitted(agreement.id, start, end, besides=matter.request_id),
        open_cases={
            officer.id: open_cases[digest]
            for officer in matter.offices.officers
            if (digest := officer_digest(gate, officer.id)) in open_cases
        },
        overdue_duties=duties_overdue(read, requester, at),
        holds=tuple(order.hold_id for order in holds if not order.concealed),
        seen_before=False,  # a request seen before was refused at the door
        asked_before=partial(_asked_before, gate, requester, at - HISTORY, matter.request_id),
        digest=gate.keys.probing_digest,
        agreement_signed_by=signed_by(read, gate.keys, agreement),
        agreement_stopped=stopped(read, gate.keys, agreement.id, agreement.version) or concealed_stop(holds),
    )


def _asked_before(
    gate: Gate, requester: str, since: datetime, besides: RequestId, persons: Sequence[bytes]
) -> Mapping[bytes, frozenset[bytes]]:
    with gate.store.reading() as read:
        return read.questions_of(requester, persons, since, besides=besides)


def _judge_lines(gate: Gate, matter: ToJudge, context: RequestContext, progress: Progress, processes: int) -> Judged:
    """Steps 7.1 to 7.5."""
    terms = line_terms(matter.header, context, frozenset(roster_ids(context)), matter.waived)
    trace_key = gate.keys.probing_digest(b"traces\0" + matter.request_id.encode())
    total = matter.lines
    desk = ChunkDesk(terms, gate.keys.probing_digest, trace_key, SoundValues())
    traces, in_turn = Traces(), []
    over: FileDefects = {}
    for chunk in in_order(judge_chunk, desk, matter.rows(), lines=total, processes=processes):  # 7.1, 7.2
        traces.extend(chunk.traces)
        in_turn.append(chunk._replace(traces=Traces(asking=chunk.traces.asking)))
        over |= _over_the_year(chunk, terms, context)  # 7.4, while others read and judge what follows
        progress("admit", min(len(in_turn) * CHUNK_LINES, total), total)
    found, warnings = whole_file(traces, terms)  # 7.3
    found = over | found  # what the file shows of a line comes before what the year does
    changed = [_with_file_defects(chunk, found) for chunk in in_turn]
    kinds, codes = _summed(one.kinds for one in changed), _summed(one.codes for one in changed)
    findings, more = request_again(traces, found, kinds.get(LineKind.RETURNED, 0), terms, context)  # 7.5
    judged = Judged([one.encoded for one in changed], kinds, codes, findings, warnings + more)
    if findings:
        return _sent_back_whole(judged)
    return replace(judged, remembered=Remembered(gate, traces, [one.digests for one in in_turn], found))


def _over_the_year(chunk: JudgedChunk, terms: LineTerms, context: RequestContext) -> FileDefects:
    questions = {
        Ordinal(ordinal): one.pairs() for ordinal, one in zip(chunk.traces.asking, unpacked(chunk.digests), strict=True)
    }
    return over_the_year(questions, terms, context)


def _with_file_defects(chunk: JudgedChunk, found: FileDefects) -> JudgedChunk:
    """The chunk with what the file rules and the year found of lines that had passed."""
    anew = {
        ordinal: sent_back(Ordinal(ordinal), *found[Ordinal(ordinal)])
        for ordinal in chunk.traces.asking
        if ordinal in found
    }
    if not anew:
        return chunk
    encoded = change_lines(
        chunk.encoded,
        lambda line: _judged_anew(line, anew[line.ordinal]),
        [ordinal - chunk.first for ordinal in anew],
    )
    kinds, codes = Counter(chunk.kinds), Counter(chunk.codes)
    for judgement in anew.values():
        kinds[LineKind.ADMITTED] -= 1
        kinds[kind_of(judgement)] += 1
        codes[judgement.code.value] += 1
    return chunk._replace(encoded=encoded, kinds=kinds, codes=codes)


def _judged_anew(line: JudgedLine, judgement: ReturnedLine | ReferredLine) -> JudgedLine:
    return replace(
        line,
        officer="",
        kind=kind_of(judgement),
        code=judgement.code,
        message=judgement.message,
        admitted=None,
    )


def _sent_back_whole(judged: Judged) -> Judged:
    """Every line goes back: with its own defect where it has one, else with the request's first finding."""
    finding = judged.findings[0]
    codes: Counter[str] = Counter()
    chunks = []
    for chunk in judged.chunks:
        lines = [_returned(line, finding) for line in decode_lines(chunk)]
        codes.update(codes_of(lines))
        chunks.append(encode_lines(lines))
    return replace(judged, chunks=chunks, kinds={LineKind.RETURNED: judged.lines}, codes=_sorted(codes))


def _returned(line: JudgedLine, finding: RequestFinding) -> JudgedLine:
    if line.kind is not LineKind.ADMITTED:
        return replace(line, kind=LineKind.RETURNED)
    return replace(line, officer="", kind=LineKind.RETURNED, code=finding.code, message=finding.message, admitted=None)


def _unjudged(rows: Iterable[Rows], findings: tuple[RequestFinding, ...]) -> Judged:
    """The request is refused already: every line goes back with its first finding."""
    return _all_returned(([returned_line(line, findings[0]) for line in lines_of(some)] for some in rows), findings)


def _unread(lines: int, findings: tuple[RequestFinding, ...]) -> Judged:
    """A file that cannot be read line by line still gets one record for each line its signed manifest counts."""
    code, message = findings[0].code, findings[0].message
    blank = SuppliedName()
    return _all_returned(
        (
            [
                JudgedLine(Ordinal(ordinal), "", blank, "", "", "", "", LineKind.RETURNED, code, message, None)
                for ordinal in range(first, min(first + CHUNK_LINES, lines + 1))
            ]
            for first in range(1, lines + 1, CHUNK_LINES)
        ),
        findings,
    )


def _all_returned(chunks: Iterable[Sequence[JudgedLine]], findings: tuple[RequestFinding, ...]) -> Judged:
    encoded, codes = [], Counter[str]()
    for lines in chunks:
        encoded.append(encode_lines(lines))
        codes.update(codes_of(lines))
    return Judged(encoded, {LineKind.RETURNED: codes.total()}, _sorted(codes), findings, ())


def _summed(counts: Iterable[Mapping[Word, int]]) -> Mapping[Word, int]:
    total: Counter[Word] = Counter()
    for one in counts:
        total.update(one)
    return _sorted(total)


def _sorted(counts: Mapping[Word, int]) -> Mapping[Word, int]:
    return {word: counts[word] for word in sorted(counts) if counts[word]}


def _form_finding(defect: str) -> RequestFinding:
    return RequestFinding(
        ErrorCode.FORMAT_INVALID, "R10", defect, "check the file with `privity request lint`, then pack it again"
    )


def officer_digest(gate: Gate, officer: str) -> bytes:
    """Keyed digest of a named officer's roster id."""
    return gate.keys.probing_digest(b"officer\0" + officer.encode())
