"""Judges one chunk of a request's lines by themselves (steps 7.1 and 7.2), in whatever process, and packs the outcome.

What comes back is small: the chunk as it is to be stored, the traces that the file rules need, and keyed digests of
questions and cases. The lines themselves are forgotten with their chunk. Nothing here is stored.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from privity.domain.errors import ErrorCode
from privity.domain.personal import MASK
from privity.domain.request import (
    AdmittedLine,
    LineJudgement,
    ReferredLine,
    RequestFinding,
    RequestLine,
)
from privity.policy.admission import FirstLook, admitted_record, first_look, marker, sent_back
from privity.policy.admission.context import LineTerms
from privity.policy.admission.sound_values import SoundValues
from privity.policy.admission.traces import Traces
from privity.wire.line_chunks import JudgedLine, LineKind, encode_lines
from privity.wire.request_format import Rows, lines_of

Digest = Callable[[bytes], bytes]
SIZE: Final = 16  # bytes of a keyed digest


class ChunkDesk(NamedTuple):
    """What every chunk is judged with. Picklable, for worker processes that are spawned."""

    terms: LineTerms
    digest: Digest  # KeyStore.probing_digest
    trace_key: bytes
    sound: SoundValues  # remembered from chunk to chunk, in each process by itself

    def __repr__(self) -> str:
        return f"ChunkDesk({MASK})"


class JudgedChunk(NamedTuple):
    """One chunk after the line rules."""

    first: int  # ordinal of its first line
    encoded: bytes  # wire.line_chunks
    kinds: Mapping[LineKind, int]
    codes: Mapping[str, int]
    traces: Traces
    digests: bytes  # of the lines that passed, in order: see `unpacked`

    def __repr__(self) -> str:
        return f"JudgedChunk({MASK})"


class Asked(NamedTuple):
    """Keyed digests of one line that passed: what is remembered of it if it stays admitted (R12, L14)."""

    case: bytes
    question: bytes
    persons: bytes  # SIZE bytes for each way to tell the person

    def pairs(self) -> tuple[tuple[bytes, bytes], ...]:
        """(person digest, question digest) of each way to tell the person."""
        return tuple((self.persons[at : at + SIZE], self.question) for at in range(0, len(self.persons), SIZE))

    def __repr__(self) -> str:
        return f"Asked({MASK})"


def unpacked(digests: bytes) -> Iterator[Asked]:
    """The lines of `JudgedChunk.digests`."""
    at = 0
    while at < len(digests):
        end = at + 1 + 2 * SIZE + SIZE * digests[at]
        case, question = digests[at + 1 : at + 1 + SIZE], digests[at + 1 + SIZE : at + 1 + 2 * SIZE]
        yield Asked(case, question, digests[at + 1 + 2 * SIZE : end])
        at = end


def judge_chunk(desk: ChunkDesk, rows: Rows) -> JudgedChunk:
    """Read and judge the lines of one chunk."""
    lines = list(lines_of(rows))
    digest = desk.digest if desk.terms.uses("L14") else None
    look = first_look(lines, desk.terms, marker(desk.trace_key), digest, desk.sound)
    judged = [
        judged_line(line, sent_back(line.ordinal, *one) if isinstance(one, tuple) else one)
        for line, one in zip(lines, look.judged, strict=True)
    ]
    return JudgedChunk(
        rows.first,
        encode_lines(judged),
        kinds_of(judged),
        codes_of(judged),
        look.traces,
        b"".join(_packed(lines, look, desk.digest)),
    )


def _packed(lines: Sequence[RequestLine], look: FirstLook, digest: Digest) -> Iterator[bytes]:
    for line, one in zip(lines, look.judged, strict=True):
        if isinstance(one, AdmittedLine):
            case = digest(case_message(line.content.reveal().case_id))
            pairs = look.questions.get(line.ordinal, ())
            question = pairs[0][1] if pairs else bytes(SIZE)
            yield b"".join((bytes((len(pairs),)), case, question, *(person for person, _ in pairs)))


def case_message(case_id: str) -> bytes:
    """What the digest of an officer's open case covers."""
    return b"case\0" + case_id.strip().upper().encode("utf-8", "replace")


def kinds_of(lines: Iterable[JudgedLine]) -> Mapping[LineKind, int]:
    """How many lines of each kind."""
    return Counter(line.kind for line in lines)


def codes_of(lines: Iterable[JudgedLine]) -> Mapping[str, int]:
    """Returned and referred lines by code."""
    return Counter(line.code.value for line in lines if line.code)


def judged_line(line: RequestLine, judgement: LineJudgement) -> JudgedLine:
    """What is kept of a line under its judgement."""
    if isinstance(judgement, AdmittedLine):
        return _line(line, judgement.officer, LineKind.ADMITTED, None, "", admitted=admitted_record(judgement))
    return _line(line, "", kind_of(judgement), judgement.code, judgement.message)


def kind_of(judgement: LineJudgement) -> LineKind:
    """The stored word for a judgement."""
    if isinstance(judgement, AdmittedLine):
        return LineKind.ADMITTED
    return LineKind.REFERRED if isinstance(judgement, ReferredLine) else LineKind.RETURNED


def returned_line(line: RequestLine, finding: RequestFinding) -> JudgedLine:
    """A line that goes back because its whole request does."""
    return _line(line, "", LineKind.RETURNED, finding.code, finding.message)


def _line(
    line: RequestLine,
    officer: str,
    kind: LineKind,
    code: ErrorCode | None,
    message: str,
    *,
    admitted: Sequence[object] | None = None,
) -> JudgedLine:
    content = line.content.reveal()
    return JudgedLine(
        ordinal=line.ordinal,
        line_id=content.line_id,
        name=content.name,
        birth_date=content.birth_date,
        identifier=content.identifier,
        case_id=content.case_id,
        officer=officer,
        kind=kind,
        code=code,
        message=message,
        admitted=admitted,
    )
