"""The plain form of a response, before it is signed and encrypted: parts of fixed-width rows, and the unsigned whole.

A part's size depends on its number of rows alone, so that no answer shows in a size (C2). The unsigned response is what
officers approve, under a salt: who gets how many lines, and every row. Not here: encryption, signatures, manifests.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NoReturn

from privity.domain.answer import RETURNED, Answer, ResponseLine
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.personal import Personal
from privity.domain.request import Ordinal
from privity.wire.canonical_json import encode

FORMAT = "privity-response/1"
_WIDTHS = (8, 64, 15, 24)  # ordinal, line_id, answer, code: bytes
ROW_BYTES = sum(_WIDTHS) + len(_WIDTHS)  # a comma after each but the last, a line feed after the last
_TITLES = ("ordinal", "line_id", "answer", "code")
_LARGEST_ORDINAL = 10 ** _WIDTHS[0] - 1
SALT_SIZE = 32


@dataclass(frozen=True, slots=True)
class ResponsePart:
    """The rows for one recipient. `recipient` is the SHA-256 of the certificate's DER, hex; "" officer: signatory."""

    name: str  # "parts/0001.p7m"
    officer: str
    recipient: str
    lines: tuple[ResponseLine, ...]


@dataclass(frozen=True, slots=True)
class ResponseFacts:
    """What the whole response says of itself; nothing here depends on a register."""

    request_id: str
    request_manifest_sha256: str
    agreement_id: str
    agreement_version: int
    agreement_digest: str
    lines: int
    returned_whole: bool


def fits_line_id(text: str) -> bool:
    """Whether a requester's line id can stand in a row: 1 to 64 UTF-8 bytes, printable, no blank at either end."""
    return 1 <= len(text.encode("utf-8", "replace")) <= _WIDTHS[1] and text.isprintable() and text == text.strip()


def write_part(lines: Iterable[ResponseLine]) -> bytes:
    """A title row and one row for each line, each of ROW_BYTES bytes.

    A line id that does not fit is left blank (the ordinal names the line). Raises PrivityError INTERNAL for a line
    with both answer and code, or neither.
    """
    rows = [_row(*(title.encode() for title in _TITLES))]
    rows.extend(_line_row(line) for line in lines)
    return b"".join(rows)


def read_part(data: bytes) -> tuple[ResponseLine, ...]:
    """The rows of one part; `recipient` is left "". Raises PrivityError PACKAGE_INVALID for any other form."""
    if len(data) < ROW_BYTES or len(data) % ROW_BYTES or data[:ROW_BYTES] != write_part(()):
        _refuse()
    lines = tuple(_read_row(data[start : start + ROW_BYTES]) for start in range(ROW_BYTES, len(data), ROW_BYTES))
    if write_part(lines) != data:
        _refuse()
    return lines


def unsigned_response(facts: ResponseFacts, parts: Sequence[ResponsePart]) -> bytes:
    """The bytes that officers approve: canonical head, line feed, then every part's plaintext in order."""
    plain = [write_part(part.lines) for part in parts]
    head = encode(
        {
            "format": FORMAT,
            "request_id": facts.request_id,
            "request_manifest_sha256": facts.request_manifest_sha256,
            "agreement": {
                "id": facts.agreement_id,
                "version": facts.agreement_version,
                "digest": facts.agreement_digest,
            },
            "lines": facts.lines,
            "returned_whole": facts.returned_whole,
            "parts": [
                {
                    "name": part.name,
                    "officer": part.officer,
                    "recipient": part.recipient,
                    "lines": len(part.lines),
                    "sha256": hashlib.sha256(rows).hexdigest(),
                }
                for part, rows in zip(parts, plain, strict=True)
            ],
        }
    )
    return b"\n".join((head, b"".join(plain)))


def content_hash(salt: bytes, unsigned: bytes) -> str:
    """SHA-256(salt || unsigned), hex. The 32-byte salt keeps anyone from guessing answers out of the hash (C4)."""
    if len(salt) != SALT_SIZE:
        raise PrivityError(ErrorCode.INTERNAL, "a content salt does not have 32 bytes")
    return hashlib.sha256(salt + unsigned).hexdigest()


def _line_row(line: ResponseLine) -> bytes:
    if (line.answer is None) == (line.code is None) or not 0 < line.ordinal <= _LARGEST_ORDINAL:
        raise PrivityError(ErrorCode.INTERNAL, "a response line has neither or both of answer and code")
    line_id = line.line_id.reveal()
    return _row(
        b"%0*d" % (_WIDTHS[0], line.ordinal),
        line_id.encode() if fits_line_id(line_id) else b"",
        (RETURNED if line.answer is None else line.answer.value).encode(),
        b"" if line.code is None else line.code.value.encode(),
    )


def _row(*cells: bytes) -> bytes:
    return b",".join(cell.ljust(width) for cell, width in zip(cells, _WIDTHS, strict=True)) + b"\n"


def _read_row(row: bytes) -> ResponseLine:
    cells, start = [], 0
    for width in _WIDTHS:
        cells.append(row[start : start + width].rstrip(b" "))
        start += width + 1
    try:
        ordinal, line_id, answer, code = (cell.decode("utf-8") for cell in cells)
        return ResponseLine(
            ordinal=Ordinal(int(ordinal)),
            line_id=Personal(line_id),
            answer=None if answer == RETURNED else Answer(answer),
            code=ErrorCode(code) if code else None,
            recipient="",
        )
    except ValueError:
        _refuse()


def _refuse() -> NoReturn:
    raise PrivityError(
        ErrorCode.PACKAGE_INVALID,
        "a part of the response is not in the fixed-width form",
        "Ask the custodian to deliver the package again.",
    ) from None
