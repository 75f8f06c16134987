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
from privity.domain.personal import Masked, Personal
from privity.domain.request import Ordinal
from privity.wire.canonical_json import encode

FORMAT = "privity-response/1"
_WIDTHS = (8, 64, 15, 24)  # ordinal, line_id, answer, code: bytes
ROW_BYTES = sum(_WIDTHS) + len(_WIDTHS)  # a comma after each but the last, a line feed after the last
_TITLES = ("ordinal", "line_id", "answer", "code")
_LARGEST_ORDINAL = 10 ** _WIDTHS[0] - 1
SALT_SIZE = 32


@dataclass(frozen=True, slots=True, repr=False)
class ResponsePart(Masked):
    """The rows for one recipient. `recipient` is the SHA-256 of the certificate's DER, hex; "" officer: signatory."""

    name: str  # "parts/0001.p7m"
    officer: str
    recipient: str
    plaintext: bytes  # as `write_part` writes it

    @property
    def lines(self) -> int:
        """Rows, the title excepted."""
        return len(self.plaintext) // ROW_BYTES - 1


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
    return join_rows(_line_row(line) for line in lines)


def join_rows(rows: Iterable[bytes | bytearray]) -> bytes:
    """A part of the rows that `response_row` wrote."""
    return b"".join((_TITLE_ROW, *rows))


def read_part(data: bytes) -> tuple[ResponseLine, ...]:
    """The rows of one part; `recipient` is left "". Raises PrivityError PACKAGE_INVALID for any other form."""
    if len(data) < ROW_BYTES or len(data) % ROW_BYTES or data[:ROW_BYTES] != write_part(()):
        _refuse()
    lines = tuple(_read_row(data[start : start + ROW_BYTES]) for start in range(ROW_BYTES, len(data), ROW_BYTES))
    if write_part(lines) != data:
        _refuse()
    return lines


def unsigned_response(facts: ResponseFacts, parts: Sequence[ResponsePart]) -> tuple[bytes, ...]:
    """The bytes that officers approve, in pieces: canonical head, line feed, then every part's plaintext in order."""
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
                    "lines": part.lines,
                    "sha256": hashlib.sha256(part.plaintext).hexdigest(),
                }
                for part in parts
            ],
        }
    )
    return (head, b"\n", *(part.plaintext for part in parts))


def content_hash(salt: bytes, unsigned: Iterable[bytes]) -> str:
    """SHA-256(salt || unsigned), hex. The 32-byte salt keeps anyone from guessing answers out of the hash (C4)."""
    if len(salt) != SALT_SIZE:
        raise PrivityError(ErrorCode.INTERNAL, "a content salt does not have 32 bytes")
    digest = hashlib.sha256(salt)
    for piece in unsigned:
        digest.update(piece)
    return digest.hexdigest()


def response_row(ordinal: int, line_id: str, answer: str, code: str) -> bytes:
    """One row: an answer, or "" with the code of a line that goes back. A line id that does not fit is left blank.

    Raises PrivityError INTERNAL for a line with both answer and code, or neither.
    """
    if (not answer) == (not code) or not 0 < ordinal <= _LARGEST_ORDINAL:
        raise PrivityError(ErrorCode.INTERNAL, "a response line has neither or both of answer and code")
    shown = line_id.encode() if fits_line_id(line_id) else b""
    return b"%08d,%s,%s,%s\n" % (
        ordinal,
        shown.ljust(_WIDTHS[1]),
        (answer or RETURNED).encode().ljust(_WIDTHS[2]),
        code.encode().ljust(_WIDTHS[3]),
    )


def _line_row(line: ResponseLine) -> bytes:
    answer = "" if line.answer is None else line.answer.value
    return response_row(line.ordinal, line.line_id.reveal(), answer, "" if line.code is None else line.code.value)


def _row(*cells: bytes) -> bytes:
    return b",".join(cell.ljust(width) for cell, width in zip(cells, _WIDTHS, strict=True)) + b"\n"


_TITLE_ROW = _row(*(title.encode() for title in _TITLES))


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
