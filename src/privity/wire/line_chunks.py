"""Lines and decisions as compact bytes, to be sealed chunk by chunk under the request's key.

Pure: bytes in, values out. What an admitted line's record means is `privity.policy.admission`'s business; here it is
opaque JSON.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NoReturn

from privity.domain.answer import Answer, Decision
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.personal import Masked, Personal
from privity.domain.request import Ordinal, SuppliedName

CHUNK_LINES = 2_000
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
    """Compact JSON of the lines."""
    return _dump([_LINES, [_line_values(line) for line in lines]])


def decode_lines(data: bytes) -> list[JudgedLine]:
    """What `encode_lines` wrote. Raises PrivityError INTERNAL for anything else."""
    return [_read_line(values) for values in _load(data, _LINES)]


def encode_decisions(decisions: Sequence[Decision]) -> bytes:
    """Compact JSON of the decisions, every inside field too."""
    return _dump(
        [
            _DECISIONS,
            [
                [d.ordinal, d.answer.value, d.level, d.candidates, d.rivals, d.failed_gate, d.person.reveal().hex()]
                for d in decisions
            ],
        ]
    )


def decode_decisions(data: bytes) -> list[Decision]:
    """What `encode_decisions` wrote. Raises PrivityError INTERNAL for anything else."""
    try:
        return [
            Decision(Ordinal(ordinal), Answer(answer), level, candidates, rivals, gate, Personal(bytes.fromhex(person)))
            for ordinal, answer, level, candidates, rivals, gate, person in _load(data, _DECISIONS)
        ]
    except (ValueError, TypeError):
        _refuse()


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


def _dump(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode("ascii")


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
