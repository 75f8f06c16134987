"""What each line of a request will be told, chunk by chunk: its answer, or its code. For walking over very many lines.

A person who is withheld now is not confirmed, whenever the line was decided (A09). Nothing here changes anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, NamedTuple, TypeVar

from privity.domain.answer import Answer
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.personal import MASK
from privity.ports.stored import DecisionChunk, LineChunk, StoredRequest
from privity.ports.stores import ReadStore
from privity.services.spread_work import in_order
from privity.services.stored_lines import Sealer
from privity.wire.line_chunks import LineKind

SIGNATORY = ""  # the recipient of lines that were not admitted
_KIND: Final = 7  # of a stored line's values
Setting = TypeVar("Setting")
Result = TypeVar("Result")


class ToldLine(NamedTuple):
    """One line with what it will be told, as it is stored: an answer, or a code."""

    ordinal: int
    line_id: str
    name: Sequence[str]  # the columns of SuppliedName
    birth_date: str
    identifier: str
    case_id: str
    officer: str  # SIGNATORY for a line that was not admitted
    answer: str  # "" for a line that was not admitted
    code: str
    person: str  # hex; "" unless confirmed

    def __repr__(self) -> str:
        return f"ToldLine({MASK})"


class _Desk(NamedTuple):
    """What each chunk is opened and worked on with."""

    sealer: Sealer
    hidden: frozenset[str]
    work: Callable[[Any, Iterator[ToldLine]], Any]
    setting: Any

    def __repr__(self) -> str:
        return f"_Desk({MASK})"


_Chunk = tuple[LineChunk, DecisionChunk | None]


def told_lines(
    read: ReadStore, sealer: Sealer, request: StoredRequest, withheld: frozenset[bytes]
) -> Iterator[ToldLine]:
    """Every line, in order. Raises PrivityError STATE_CONFLICT where an admitted line has no answer."""
    hidden = _hex(withheld)
    return (line for chunk in _chunks(read, request) for line in _told(sealer, hidden, chunk))


def over_told_lines(
    read: ReadStore,
    sealer: Sealer,
    request: StoredRequest,
    work: Callable[[Setting, Iterator[ToldLine]], Result],
    setting: Setting,
    *,
    withheld: frozenset[bytes],
    processes: int,
) -> Iterator[Result]:
    """`work(setting, lines)` for the lines of each chunk, on all cores; results in the chunks' order.

    `work` is a module-level function. Raises PrivityError STATE_CONFLICT where an admitted line has no answer.
    """
    desk = _Desk(sealer, _hex(withheld), work, setting)
    return in_order(_work_on, desk, _chunks(read, request), lines=request.lines, processes=processes)


def _work_on(desk: _Desk, chunk: _Chunk) -> Any:
    return desk.work(desk.setting, _told(desk.sealer, desk.hidden, chunk))


def _hex(withheld: frozenset[bytes]) -> frozenset[str]:
    return frozenset(person.hex() for person in withheld)


def _chunks(read: ReadStore, request: StoredRequest) -> Iterator[_Chunk]:
    for number in range(request.chunks):
        lines = read.line_chunk(request.request_id, number)
        yield lines, None if request.returned_whole else _decisions(read, lines)


def _decisions(read: ReadStore, lines: LineChunk) -> DecisionChunk | None:
    try:
        return read.decision_chunk(lines.request_id, lines.chunk)
    except PrivityError as missing:
        if missing.code is not ErrorCode.NOT_FOUND:
            raise
        return None


def _told(sealer: Sealer, hidden: frozenset[str], chunk: _Chunk) -> Iterator[ToldLine]:
    lines = sealer.open_line_values(chunk[0])
    decided: dict[int, Sequence[Any]] = {}
    if chunk[1] is not None and any(line[_KIND] == LineKind.ADMITTED for line in lines):
        decided = {decision[0]: decision for decision in sealer.open_decision_values(chunk[1])}
    for ordinal, line_id, name, birth, identifier, case, officer, kind, code, _, _ in lines:
        if kind != LineKind.ADMITTED:
            yield ToldLine(ordinal, line_id, name, birth, identifier, case, SIGNATORY, "", code, "")
            continue
        decision = decided.get(ordinal)
        if decision is None:
            raise PrivityError(ErrorCode.STATE_CONFLICT, f"line {ordinal} has no answer yet")
        answer, person = decision[1], decision[6]
        if answer != Answer.CONFIRMED or person in hidden:
            answer, person = Answer.NO_CONFIRMATION.value, ""
        yield ToldLine(ordinal, line_id, name, birth, identifier, case, officer, answer, "", person)
