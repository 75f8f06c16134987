"""Lines and decisions as compact bytes, to be sealed chunk by chunk under the request's key.

Pure: bytes in, values out. What an admitted line's record means is `privity.policy.admission`'s business; here it is
opaque JSON.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NoReturn

from privity.domain.answer import Answer, Decision
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.personal import Masked, Personal
from privity.domain.request import Ordinal, SuppliedName

CHUNK_LINES = 2_000
MOST_BYTES = 512 * 1024**2  # of one chunk, unpacked: far above what the limits of the request's file allow
_BETWEEN = b"\n"  # stands in no JSON text that is written here
_LINES = "privity-lines/1"
_DECISIONS = "privity-decisions/1"


class LineKind(StrEnum):
    """What admission made of the line."""

    ADMITTED = "A"
    RETURNED = "R"
    REFERRED = "F"


@dataclass(frozen=True, slots=True, repr=False)
class JudgedLine(Masked):
    """One line of a request after admission: what matching, the response and the accounting need, no more."""

    ordinal: Ordinal
    line_id: str
    name: SuppliedName
    birth_date: str
    identifier: str
    case_id: str
    officer: str  # the admitted line's officer; "" where the line was not admitted
    kind: LineKind
    code: ErrorCode | None  # None for an admitted line
    message: str  # in our words, without values
    admitted: Sequence[Any] | None  # opaque record of the admitted line


def encode_lines(lines: Sequence[JudgedLine]) -> bytes:
    """JSON of the lines, one to a row, compressed (RFC 1950): at rest, inside the gate, a quarter of the bytes."""
    return _pack([_dump(_line_values(line)) for line in lines])


def decode_lines(data: bytes) -> list[JudgedLine]:
    """What `encode_lines` wrote, now or before it compressed. Raises PrivityError INTERNAL for anything else."""
    return [_read_line(values) for values in decode_line_values(data)]


def decode_line_values(data: bytes) -> list[Any]:
    """The lines as the arrays that `line_values` describes: for those who walk over very many."""
    return _load(_unpack(data), _LINES)


def change_lines(data: bytes, change: Callable[[JudgedLine], JudgedLine], places: Iterable[int]) -> bytes:
    """The same chunk with the lines at some places (from 0) changed; the others stay byte for byte."""
    rows = _unpack(data).split(_BETWEEN)
    for place in places:
        row = rows[place + 1].removesuffix(b",")
        rows[place + 1] = _dump(_line_values(change(_read_line(json.loads(row))))) + b","
    rows[-2] = rows[-2].removesuffix(b",")
    return zlib.compress(_BETWEEN.join(rows), 1)


def _pack(rows: Sequence[bytes]) -> bytes:
    """One chunk: a row for each line, so that one can be found and changed without reading the others."""
    head, tail = b'["%s",[' % _LINES.encode(), b"]]"
    return zlib.compress(_BETWEEN.join((head, (b"," + _BETWEEN).join(rows), tail)), 1)


def _unpack(data: bytes) -> bytes:
    if data[:1] == b"[":  # written before chunks were compressed
        return data
    try:
        unpacking = zlib.decompressobj()
        plain = unpacking.decompress(data, MOST_BYTES)
    except zlib.error:
        _refuse()
    if not unpacking.eof or unpacking.unused_data:
        _refuse()
    return plain


def encode_decisions(decisions: Sequence[Decision]) -> bytes:
    """Compact JSON of the decisions, every inside field too; compressed, as the lines are."""
    values = [
        [d.ordinal, d.answer.value, d.level, d.candidates, d.rivals, d.failed_gate, d.person.reveal().hex()]
        for d in decisions
    ]
    return zlib.compress(_dump([_DECISIONS, values]), 1)


def decode_decisions(data: bytes) -> list[Decision]:
    """What `encode_decisions` wrote, now or before. Raises PrivityError INTERNAL for anything else."""
    try:
        return [
            Decision(Ordinal(ordinal), Answer(answer), level, candidates, rivals, gate, Personal(bytes.fromhex(person)))
            for ordinal, answer, level, candidates, rivals, gate, person in decode_decision_values(data)
        ]
    except (ValueError, TypeError):
        _refuse()


def decode_decision_values(data: bytes) -> list[Any]:
    """The decisions as arrays: ordinal, answer, level, candidates, rivals, failed gate, person (hex)."""
    return _load(_unpack(data), _DECISIONS)


def _line_values(line: JudgedLine) -> list[Any]:
    name = line.name
    return [
        line.ordinal,
        line.line_id,
        [name.given_name, name.middle_name, name.family_name, name.generation, name.full_name],
        line.birth_date,
        line.identifier,
        line.case_id,
        line.officer,
        line.kind.value,
        "" if line.code is None else line.code.value,
        line.message,
        line.admitted,
    ]


def _read_line(values: Any) -> JudgedLine:
    try:
        ordinal, line_id, name, birth_date, identifier, case_id, officer, kind, code, message, admitted = values
        return JudgedLine(
            Ordinal(ordinal),
            line_id,
            SuppliedName(*name),
            birth_date,
            identifier,
            case_id,
            officer,
            LineKind(kind),
            ErrorCode(code) if code else None,
            message,
            admitted,
        )
    except (ValueError, TypeError):
        _refuse()


_text = json.JSONEncoder(ensure_ascii=True, separators=(",", ":")).encode  # made once: there are millions of rows


def _dump(value: Any) -> bytes:
    return _text(value).encode("ascii")


def _load(data: bytes, form: str) -> list[Any]:
    try:
        found, values = json.loads(data)
    except (ValueError, TypeError):
        _refuse()
    if found != form or not isinstance(values, list):
        _refuse()
    return values


def _refuse() -> NoReturn:
    raise PrivityError(ErrorCode.INTERNAL, "a stored chunk is not in the form this version writes") from None
