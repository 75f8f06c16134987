"""Cuts a register extract into stretches that machines read apart from one another, row for row as one reader would.

A CSV stretch is a range of bytes between two records; a Parquet stretch is a row group. Planning reads a CSV once and
keeps nothing of it; of a Parquet file it reads the footer. What a row may be is `wire.register_format`'s work.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from privity.domain.errors import ErrorCode, PrivityError
from privity.wire.register_format import Row, csv_records, read_rows

PARQUET = b"PAR1"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_ALL = 2**62


@dataclass(frozen=True, slots=True)
class Stretch:
    """Consecutive rows of an extract: bytes `start` to `end` after `header` bytes of a CSV, or row group `start`."""

    chunk: int  # number of its first chunk, from 0
    first_row: int  # number of its first data row, from 1
    rows: int
    start: int
    end: int
    header: int  # bytes; 0: Parquet


def plan_stretches(source: BinaryIO, chunk_rows: int) -> Iterator[Stretch]:
    """All stretches of an extract, in order; each CSV stretch has at least `chunk_rows` rows but for the last.

    Raises PrivityError REGISTER_INVALID for a file that cannot be read as a whole (`read_rows`).
    """
    magic = source.read(4)
    source.seek(0)
    if magic == PARQUET:
        yield from _plan_parquet(source, chunk_rows)
    else:
        yield from _plan_csv(source, chunk_rows)


def read_stretch(source: BinaryIO, stretch: Stretch, chunk_rows: int) -> Iterator[tuple[int, int, list[Row]]]:
    """(chunk number, number of its first row, rows) of one stretch.

    Raises PrivityError REGISTER_INVALID where the extract is not the one that was planned.
    """
    if stretch.header:
        head = source.read(stretch.header)
        source.seek(stretch.start)
        text = io.BytesIO(head + source.read(stretch.end - stretch.start))
        chunks = read_rows(text, _ALL)
    else:
        chunks = read_rows(source, chunk_rows, row_group=stretch.start)
    chunk, row = stretch.chunk, stretch.first_row
    for rows in chunks:
        yield chunk, row, rows
        chunk, row = chunk + 1, row + len(rows)
    if row != stretch.first_row + stretch.rows:
        raise PrivityError(
            ErrorCode.REGISTER_INVALID, "the extract changed while it was read", "build again from a finished extract"
        )


def chunks_of(stretch: Stretch, chunk_rows: int) -> range:
    """The numbers of the chunks that a stretch is read in."""
    count = 1 if stretch.header else -(-stretch.rows // chunk_rows)
    return range(stretch.chunk, stretch.chunk + count)


def _plan_parquet(source: BinaryIO, chunk_rows: int) -> Iterator[Stretch]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        footer = pq.ParquetFile(source).metadata
    except (pa.ArrowException, OSError):
        raise PrivityError(
            ErrorCode.REGISTER_INVALID,
            "the extract is a damaged or unsupported Parquet file",
            "export the extract again as UTF-8 CSV or Parquet",
        ) from None
    chunk, row = 0, 1
    for group in range(footer.num_row_groups):
        rows = footer.row_group(group).num_rows
        stretch = Stretch(chunk, row, rows, start=group, end=group + 1, header=0)
        if rows:
            yield stretch
        chunk, row = chunks_of(stretch, chunk_rows).stop, row + rows


def _plan_csv(source: BinaryIO, chunk_rows: int) -> Iterator[Stretch]:
    lines = _CountedLines(source)
    records = _rows_of_records(lines)
    header = lines.position if next(records, 0) else 0
    _need_columns(source, header)
    chunk, first, rows, start = 0, 1, 0, header
    for count in records:
        rows += count
        if rows >= chunk_rows:
            yield Stretch(chunk, first, rows, start, lines.position, header)
            chunk, first, rows, start = chunk + 1, first + rows, 0, lines.position
    if rows:
        yield Stretch(chunk, first, rows, start, lines.position, header)


def _need_columns(source: BinaryIO, header: int) -> None:
    """Let the reader judge the file's beginning and its header."""
    here = source.tell()
    source.seek(0)
    for _ in read_rows(io.BytesIO(source.read(header)), 1):
        """A header alone has no rows."""
    source.seek(here)


class _CountedLines:
    """The lines of a CSV file as its reader sees them, and how many bytes of the file they have taken so far."""

    def __init__(self, source: BinaryIO) -> None:
        self.position = len(_BYTE_ORDER_MARK) if source.read(3) == _BYTE_ORDER_MARK else 0
        source.seek(0)
        self._text = io.TextIOWrapper(source, encoding="utf-8-sig", errors="surrogateescape", newline="")

    def __iter__(self) -> Iterator[str]:
        for line in self._text:
            self.position += len(line) if line.isascii() else len(line.encode("utf-8", "surrogateescape"))
            yield line
        self._text.detach()


def _rows_of_records(lines: _CountedLines) -> Iterator[int]:
    """How many rows each record counts as; a record that an unclosed quote spreads over lines is as many refused rows.

    Blank lines before the next record are taken with it.
    """
    for taken, cells in csv_records(lines):
        if taken > 1 or cells:
            yield taken
