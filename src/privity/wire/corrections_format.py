"""The corrections file: lines that went back, as the requester wrote them, with comment columns that say what to mend.

A request file of its own: whoever packs or lints it leaves the comment columns out (`without_comments`), so that they
never reach a custodian, whose gate knows no such columns. Bytes in, bytes out; nothing is judged here.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from typing import Final, NamedTuple, NoReturn

from privity.domain.answer import RETURNED
from privity.domain.errors import ErrorCode, PrivityError
from privity.wire.request_format import Rows

COMMENTS: Final = ("returned_code", "returned_column", "returned_because", "returned_mend")
ANSWER_COLUMNS: Final = ("ordinal", "line_id", "answer", "code")
_HEADER_BYTES: Final = 65_536


class Comment(NamedTuple):
    """Why a line went back, and what to mend: no values."""

    code: str
    column: str
    because: str
    mend: str


class ReturnedRow(NamedTuple):
    """A returned line as the opened answer names it. `line_id` is "" where it did not fit the answer's form."""

    line_id: str
    code: ErrorCode


def read_returned(answer: bytes) -> dict[int, ReturnedRow]:
    """Ordinal -> returned line, of the CSV that `response open` wrote. Raises PrivityError FORMAT_INVALID."""
    found: dict[int, ReturnedRow] = {}
    try:
        rows = csv.DictReader(io.StringIO(answer.decode("utf-8-sig"), newline=""), strict=True)
        if tuple(rows.fieldnames or ()) != ANSWER_COLUMNS:
            _refuse()
        for row in rows:
            if row["answer"] == RETURNED:
                found[int(row["ordinal"])] = ReturnedRow(row["line_id"], ErrorCode(row["code"]))
    except (UnicodeDecodeError, ValueError, csv.Error):
        _refuse()
    return found


def write_corrections(batches: Iterable[Rows], comment_on: Callable[[int], Comment | None]) -> bytes:
    """CSV of the lines that have a comment, cells as they were, comment columns behind them."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    columns: tuple[str, ...] | None = None
    for batch in batches:
        if columns is None:
            columns = batch.columns
            writer.writerow((*columns, *COMMENTS))
        for ordinal, row in enumerate(batch.rows, start=batch.first):
            comment = comment_on(ordinal)
            if comment is not None:
                cells = [*row[: len(columns)], *[""] * (len(columns) - len(row))]
                writer.writerow((*cells, *comment))
    return out.getvalue().encode("utf-8", "surrogatepass")


def without_comments(document: bytes, file_format: str) -> bytes:
    """The file without comment columns: these very bytes where it has none. Only CSV files have any.

    Raises PrivityError FORMAT_INVALID where a file with such columns is not well-formed.
    """
    if file_format != "csv" or not any(name.encode() in document[:_HEADER_BYTES] for name in COMMENTS):
        return document
    try:
        rows = csv.reader(io.StringIO(document.decode("utf-8-sig"), newline=""), strict=True)
        header = [name.strip() for name in next(rows)]
        kept = [place for place, name in enumerate(header) if name not in COMMENTS]
        if len(kept) == len(header):
            return document
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow([header[place] for place in kept])
        for row in rows:
            if row:
                _need_width(row, header)
                writer.writerow([row[place] for place in kept])
    except (UnicodeDecodeError, StopIteration, csv.Error):
        raise PrivityError(
            ErrorCode.FORMAT_INVALID, "the file with comment columns is not well-formed CSV in UTF-8", "Save it so."
        ) from None
    return out.getvalue().encode("utf-8", "surrogatepass")


def _need_width(row: list[str], header: list[str]) -> None:
    """A row of another width cannot be told apart from its comments: nothing of it may be guessed."""
    if len(row) != len(header):
        raise PrivityError(
            ErrorCode.FORMAT_INVALID,
            "a row has more or fewer cells than the header",
            "Correct it, or delete the comment columns yourself.",
        )


def _refuse() -> NoReturn:
    raise PrivityError(
        ErrorCode.FORMAT_INVALID,
        "the file given as the answer is not one that `privity response open` wrote",
        "Open the response as the office's holder who signed the request: returned lines are for the signatory.",
    ) from None
