"""Reads a request's lines (CSV, JSON Lines, Parquet) as a stream, in batches of rows or line by line. Limits first.

Whole-file defects (encoding, columns, limits, broken syntax) raise FORMAT_INVALID and name columns and ordinals, never
values. What a line says is not judged here; a row with too many or too few cells is handed on, marked.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, NoReturn

from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.personal import Masked, Personal
from privity.domain.request import LineContent, Ordinal, RequestLine, SuppliedAddress, SuppliedName
from privity.wire.request_header import read_header

__all__ = ["COLUMNS", "Rows", "lines_of", "read_header", "read_lines", "read_rows"]

MAX_BYTES = 2 * 1024**3
MAX_LINES = 5_000_000
ROWS_TOGETHER = 2_000
MAX_FIELD = 4_000  # characters; longer fields refuse the file (policy returns much shorter ones, line by line)

NAME_COLUMNS = ("given_name", "middle_name", "family_name", "generation", "full_name")
ADDRESS_COLUMNS = ("address_line1", "address_line2", "city", "state", "postal_code", "address")
OTHER_COLUMNS = (
    "periods",
    "statute",
    "order_date",
    "reason",
    "case_id",
    "officer",
    "identifier",
    "birth_date",
    "attestations",
)
COLUMNS = ("line_id", *NAME_COLUMNS, *ADDRESS_COLUMNS, *OTHER_COLUMNS)
_KNOWN = frozenset(COLUMNS)
_LISTS = frozenset({"periods", "attestations"})  # may be lists in JSON Lines

csv.field_size_limit(1_000_000)


def read_lines(document: bytes, file_format: str) -> Iterator[RequestLine]:
    """Yield the lines in file order, ordinals from 1. Raises PrivityError FORMAT_INVALID, at first use or later."""
    return (line for batch in read_rows(document, file_format) for line in lines_of(batch))


@dataclass(frozen=True, slots=True, repr=False)
class Rows(Masked):
    """Lines that stand together in the file, as cells: cheap to hand to another process, made into lines there."""

    first: int  # ordinal of the first row
    columns: tuple[str, ...]
    rows: list[Sequence[str]]


def read_rows(document: bytes, file_format: str) -> Iterator[Rows]:
    """The file as batches of ROWS_TOGETHER rows, the last one smaller. Raises PrivityError FORMAT_INVALID.

    Every row of one batch has the batch's columns, in their order; fewer or more cells are the row's own defect.
    """
    if len(document) > MAX_BYTES:
        _refuse(f"the file is larger than {MAX_BYTES} bytes", "split the request")
    if not document.strip(b" \t\r\n\xef\xbb\xbf"):
        _refuse("the file is empty", "write a header row and one row for each line")
    reader = _READERS.get(file_format)
    if reader is None:
        _refuse("unknown file format", "use csv, jsonl or parquet")
    return reader(document)


def lines_of(batch: Rows) -> Iterator[RequestLine]:
    """The lines of one batch, in order."""
    width = len(batch.columns)
    places = [batch.columns.index(column) if column in batch.columns else width for column in COLUMNS]
    pick = itemgetter(*places)  # `width` is the place of an empty cell behind each row
    for ordinal, row in enumerate(batch.rows, start=batch.first):
        if len(row) == width:
            cells, defect = pick((*row, "")), ""
        else:
            cells, defect = pick((*row[:width], *[""] * (width - len(row)), "")), "cells"
        name, address = SuppliedName(*cells[1:6]), SuppliedAddress(*cells[6:12])
        more: Sequence[str] = (*cells[12:], defect)
        yield RequestLine(Ordinal(ordinal), Personal(LineContent(cells[0], name, address, *more)))


def _refuse(message: str, mend: str = "") -> NoReturn:
    raise PrivityError(ErrorCode.FORMAT_INVALID, message, mend or "correct the file and send it again")


def _check_columns(names: list[str], *, whole: bool) -> None:
    """Refuse unknown and repeated columns by name; where the file has one header (`whole`), missing ones too."""
    unknown = sorted({repr(name)[:60] for name in names if name not in _KNOWN})
    if unknown:
        raise PrivityError(
            ErrorCode.FORMAT_INVALID,
            f"unknown columns: {', '.join(unknown[:10])}",
            f"the columns are: {', '.join(COLUMNS)}",
            {"unknown_columns": len(unknown)},  # the gate tells this count alone: a lost header row names a person
        )
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        _refuse(f"columns that stand twice: {', '.join(repeated)}", "keep one of each")
    if not whole:
        return
    missing = [name for name in ("line_id", "periods") if name not in names]
    if "full_name" not in names:
        missing += [name for name in ("given_name", "family_name") if name not in names]
    if "address" not in names:
        missing += [name for name in ("address_line1", "city", "state", "postal_code") if name not in names]
    if missing:
        _refuse(
            f"missing columns: {', '.join(missing)}",
            "give line_id, periods, a name (split, or full_name) and an address (split, or address)",
        )


def _batches(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[Rows]:
    """Rows of one set of columns, in batches; a cell too long is refused before anything else reads it."""
    columns = tuple(columns)
    width, first = len(columns), 1
    some: list[Sequence[str]] = []
    for row in rows:
        if row and max(map(len, row)) > MAX_FIELD:
            _refuse_long(first + len(some), columns, row)
        some.append(row if len(row) <= width + 1 else row[: width + 1])
        if len(some) == ROWS_TOGETHER:
            yield Rows(first, columns, some)
            first, some = first + len(some), []
    if some:
        yield Rows(first, columns, some)


def _refuse_long(ordinal: int, columns: Sequence[str], row: Sequence[str]) -> None:
    for column, value in zip(columns, row, strict=False):
        if len(value) > MAX_FIELD:
            _refuse(f"line {ordinal}, column {column}: longer than {MAX_FIELD} characters")


def _count(ordinal: int) -> None:
    if ordinal > MAX_LINES:
        _refuse(f"the file holds more than {MAX_LINES} lines", "split the request")


def _check_text(document: bytes) -> None:
    """Refuse UTF-16 and anything else that is not UTF-8, before parsing."""
    head = document[:4000]
    if head[:2] in (b"\xff\xfe", b"\xfe\xff") or head.count(0) > len(head) // 4:
        _refuse("the file is UTF-16, not UTF-8", "save it as UTF-8")


def _text_stream(document: bytes) -> io.TextIOWrapper:
    _check_text(document)
    return io.TextIOWrapper(io.BytesIO(document), encoding="utf-8-sig", errors="strict", newline="")


def _read_csv(document: bytes) -> Iterator[Rows]:
    rows = csv.reader(_text_stream(document), strict=True)
    ordinal = 0

    def counted() -> Iterator[list[str]]:
        nonlocal ordinal
        for row in rows:
            if row:  # else a blank line between rows or at the end
                ordinal += 1
                _count(ordinal)
                yield row

    try:
        header = [name.strip() for name in next(rows)]
        _check_columns(header, whole=True)
        yield from _batches(header, counted())
    except csv.Error:
        _refuse(f"not well-formed CSV after line {ordinal}", "check quotes and line ends")
    except UnicodeDecodeError:
        _refuse(f"not UTF-8 after line {ordinal}", "save the file as UTF-8")
    if not ordinal:
        _refuse("the file has a header and no lines")


def _read_jsonl(document: bytes) -> Iterator[Rows]:
    ordinal = 0
    stream = _text_stream(document)

    def counted() -> Iterator[list[str]]:
        nonlocal ordinal
        for text in stream:
            if text.strip():
                ordinal += 1
                _count(ordinal)
                get = _json_row(text, ordinal).get
                yield [get(column, "") for column in COLUMNS]

    try:
        yield from _batches(COLUMNS, counted())
    except UnicodeDecodeError:
        _refuse(f"not UTF-8 after line {ordinal}", "save the file as UTF-8")
    if not ordinal:
        _refuse("the file has no lines")


def _json_row(text: str, ordinal: int) -> dict[str, str]:
    try:
        pairs = json.loads(text, object_pairs_hook=_Pairs)
    except (ValueError, RecursionError):
        pairs = None
    if not isinstance(pairs, _Pairs):
        _refuse(f"line {ordinal} is not one JSON object", "write one object a line")
    names = [name for name, _ in pairs]
    _check_columns(names, whole=False)
    if "line_id" not in names:
        _refuse(f"line {ordinal} has no line_id")
    return {name: _json_text(name, value, ordinal) for name, value in pairs}


class _Pairs(list[tuple[str, Any]]):
    """A JSON object as its pairs, so that a repeated key is seen."""


def _json_text(name: str, value: object, ordinal: int) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, int) and not isinstance(value, bool) and name == "periods":
        return str(value)
    if isinstance(value, list) and not isinstance(value, _Pairs) and name in _LISTS:
        return ";".join(_json_text(name, item, ordinal) for item in value)
    _refuse(f"line {ordinal}, column {name}: not text", "write every value as a string")


def _read_parquet(document: bytes) -> Iterator[Rows]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        plain = pq.ParquetFile(io.BytesIO(document))
        _check_parquet(plain.metadata, plain.schema_arrow)
        # As dictionaries: one long value repeated on every row weighs kilobytes in the file, gigabytes when laid out.
        file = pq.ParquetFile(io.BytesIO(document), read_dictionary=plain.schema_arrow.names)
        yield from _batches(plain.schema_arrow.names, _parquet_rows(file))
    except (pa.ArrowException, OSError, ValueError):
        _refuse("not a readable Parquet file")


def _parquet_rows(file: Any) -> Iterator[tuple[str, ...]]:
    for batch in file.iter_batches(batch_size=10_000):
        batch.validate(full=True)  # a damaged file's places may lie outside its dictionary, or its texts not be UTF-8
        yield from zip(*(_parquet_texts(name, batch.column(name)) for name in batch.schema.names), strict=True)


def _check_parquet(metadata: Any, schema: Any) -> None:
    """Refuse by the footer alone: columns, number of lines, unpacked size."""
    _check_columns(list(schema.names), whole=True)
    if metadata.num_rows > MAX_LINES:
        _refuse(f"the file holds more than {MAX_LINES} lines", "split the request")
    if not metadata.num_rows:
        _refuse("the file has no lines")
    size = sum(metadata.row_group(group).total_byte_size for group in range(metadata.num_row_groups))
    if size > MAX_BYTES:
        _refuse(f"the file unpacks to more than {MAX_BYTES} bytes", "split the request")


def _parquet_texts(name: str, column: Any) -> list[str]:
    import pyarrow as pa

    if pa.types.is_dictionary(column.type):
        return _parquet_dictionary(name, column)
    kind = column.type
    if pa.types.is_null(kind) or pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return [value or "" for value in column.to_pylist()]
    if pa.types.is_date(kind) and name in ("order_date", "birth_date"):
        return ["" if value is None else value.isoformat() for value in column.to_pylist()]
    if pa.types.is_integer(kind) and name == "periods":
        return ["" if value is None else str(value) for value in column.to_pylist()]
    _refuse(f"column {name} is not text", "write every column as a string")


def _parquet_dictionary(name: str, column: Any) -> list[str]:
    """The texts of a dictionary column; too long a value is refused before it is laid out once for each row."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = column.dictionary.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        longest = pc.max(pc.binary_length(column.dictionary)).as_py() or 0
        if longest > 4 * MAX_FIELD:  # bytes; a character has at most four
            _refuse(f"column {name}: a value is longer than {MAX_FIELD} characters")
    values = _parquet_texts(name, column.dictionary)
    return ["" if place is None else values[place] for place in column.indices.to_pylist()]


_READERS: Mapping[str, Callable[[bytes], Iterator[Rows]]] = {
    "csv": _read_csv,
    "jsonl": _read_jsonl,
    "parquet": _read_parquet,
}
