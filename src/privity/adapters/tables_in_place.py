"""Sorted Parquet tables of fixed-width columns, read where they lie: a look-up touches the rows it asks for, no others.

A table is written so that each column of a row group is one uncompressed page of plain values. It is then an ordinary
Parquet file for every engine, and at the same time an array on disk: the wanted digests are searched for in the sorted
column, and the rows found are read by their place. Which rows are wanted is decided elsewhere; nothing here knows a key
or what a value means. Mapped pages are given back to the system row group by row group, so that memory does not grow
with the table. Source: Parquet format, data pages version 1, PLAIN encoding of INT64 and
FIXED_LEN_BYTE_ARRAY; a column that is never null has no levels.
"""

from __future__ import annotations

import mmap
import os
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from privity.domain.errors import ErrorCode, PrivityError

if TYPE_CHECKING:
    import pyarrow as pa

ROW_GROUP = 65_536
_PAGE_LIMIT = 1 << 30
_FEW = 32  # digests to search for in one row group: fewer are not worth reading its sorted column


def fixed_schema(key: str, widths: Mapping[str, int]) -> pa.Schema:
    """A table whose first column is the 64-bit digest it is sorted by; the others have `widths` bytes (8: a number)."""
    import pyarrow as pa

    fields = [pa.field(key, pa.int64(), nullable=False)]
    for name, width in widths.items():
        fields.append(pa.field(name, pa.int64() if width == 8 else pa.binary(width), nullable=False))
    return pa.schema(fields)


def write_in_place(path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
    """Write rows, already sorted, and return how many. Row groups have `ROW_GROUP` rows, but the last.

    Raises OSError, and pyarrow's ArrowInvalid for a value of another width.
    """
    import pyarrow.parquet as pq

    rows = 0
    with pq.ParquetWriter(
        path,
        schema,
        compression="none",
        use_dictionary=False,
        write_statistics=[schema.names[0]],
        data_page_version="1.0",
        data_page_size=_PAGE_LIMIT,
        max_rows_per_page=ROW_GROUP,
    ) as writer:
        for table in _row_groups(schema, batches):
            writer.write_table(table, row_group_size=ROW_GROUP)
            rows += table.num_rows
    return rows


def _row_groups(schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    """The rows in tables of `ROW_GROUP` rows, whatever the size of the batches."""
    import pyarrow as pa

    waiting: list[pa.RecordBatch] = []
    held = 0
    for batch in batches:
        waiting.append(batch.cast(schema))
        held += batch.num_rows
        if held >= ROW_GROUP:
            table = pa.Table.from_batches(waiting, schema)
            whole = held - held % ROW_GROUP
            for first in range(0, whole, ROW_GROUP):
                yield table.slice(first, ROW_GROUP)
            waiting, held = table.slice(whole).to_batches(), held - whole
    if held:
        yield pa.Table.from_batches(waiting, schema)


class Column(NamedTuple):
    """Where the values of one column of one row group lie in the file."""

    start: int
    width: int


class Group(NamedTuple):
    """One row group: how many rows, the digests it can hold, and its columns."""

    rows: int
    lowest: int
    highest: int
    columns: tuple[Column, ...]


Layout = tuple[tuple[Path, tuple[Group, ...]], ...]
"""The files of one table, each after the one before, and their row groups."""


def layout_in_place(connection: Any, files: Sequence[Path]) -> Layout | None:
    """Where the rows of a table lie; None where one of its files was not written by `write_in_place`.

    `connection` is a DuckDB connection that may read them: it knows how to read what a Parquet file says of itself.
    """
    layout = []
    for path in files:
        quoted = str(path.resolve()).replace("'", "''")
        widths = _widths(connection, quoted)
        groups = _groups(connection, quoted, widths) if widths is not None else None
        if groups is None:
            return None
        layout.append((path, groups))
    return tuple(layout)


def _widths(connection: Any, quoted: str) -> list[int] | None:
    """Bytes of one value of each column; None where some column can be null or has values of any width."""
    query = f"SELECT type, type_length, repetition_type FROM parquet_schema('{quoted}')"  # noqa: S608  # our own path
    widths = []
    for kind, length, repetition in connection.execute(query).fetchall()[1:]:  # the first is the table itself
        width = 8 if kind == "INT64" else int(length or 0) if kind == "FIXED_LEN_BYTE_ARRAY" else 0
        if not width or repetition != "REQUIRED":
            return None
        widths.append(width)
    return widths


def _groups(connection: Any, quoted: str, widths: Sequence[int]) -> tuple[Group, ...] | None:
    """The file's row groups; None where a column of one does not lie in one uncompressed page of plain values."""
    facts = (
        "row_group_id, row_group_num_rows, column_id, stats_min_value, stats_max_value, data_page_offset, "
        "total_compressed_size, compression, dictionary_page_offset, encoding_stats"
    )
    query = f"SELECT {facts} FROM parquet_metadata('{quoted}') ORDER BY row_group_id, column_id"  # noqa: S608
    chunks = connection.execute(query).fetchall()
    groups = []
    for first in range(0, len(chunks), len(widths)):
        columns = []
        for chunk, width in zip(chunks[first : first + len(widths)], widths, strict=True):
            offset, size, compression, dictionary, pages = chunk[5:]
            one_page = pages == [{"page_type": "DATA_PAGE", "encoding": "PLAIN", "count": 1}]
            if not one_page or compression != "UNCOMPRESSED" or dictionary is not None:
                return None
            columns.append(Column(offset + size - chunk[1] * width, width))
        _, rows, _, lowest, highest, *_ = chunks[first]
        if lowest is None or highest is None:
            return None
        groups.append(Group(rows, int(lowest), int(highest), tuple(columns)))
    return tuple(groups)


class _File(NamedTuple):
    """One open file of a table."""

    descriptor: int
    data: mmap.mmap
    groups: tuple[Group, ...]


class TableInPlace:
    """One table, open."""

    def __init__(self, layout: Layout) -> None:
        """Raises OSError."""
        self._files: list[_File] = []
        for path, groups in layout:
            if groups:
                descriptor = os.open(path, os.O_RDONLY)
                self._files.append(_File(descriptor, mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ), groups))

    @property
    def width(self) -> int:
        """Bytes of one value of the second column; 0 where there is none, or no row."""
        groups = self._files[0].groups if self._files else ()
        return groups[0].columns[1].width if groups and len(groups[0].columns) > 1 else 0

    def look_up(self, wanted: Iterable[int]) -> Iterator[tuple[int, bytes]]:
        """Each wanted digest that exists, ascending, with the second column's values of its rows, joined."""
        asked = sorted(set(wanted))
        held: tuple[int, bytes] | None = None  # its rows may go on in the next row group
        for file in self._files:
            for group in file.groups:
                low, end = bisect_left(asked, group.lowest), bisect_right(asked, group.highest)
                if low == end:
                    continue
                for found in _search(file, group, asked[low:end]):
                    if held is not None:
                        if held[0] == found[0]:
                            held = found[0], held[1] + found[1]
                            continue
                        yield held
                        held = None
                    if found[0] == group.highest:
                        held = found
                    else:
                        yield found
        if held is not None:
            yield held

    def close(self) -> None:
        """Close the files."""
        for file in self._files:
            file.data.close()
            os.close(file.descriptor)


def _search(file: _File, group: Group, asked: Sequence[int]) -> Iterator[tuple[int, bytes]]:
    """Those of `asked`, ascending, that one row group holds, with the second column's values of their rows."""
    rows, descriptor = group.rows, file.descriptor
    start, width = group.columns[-1] if len(group.columns) > 1 else (0, 0)
    few = len(asked) < _FEW
    keys = _keys_as_they_lie(file.data, group) if few else _keys(descriptor, group)
    end = 0
    for key in asked:
        first = end = bisect_left(keys, key, end)
        while end < rows and keys[end] == key:
            end += 1
        if end > first:
            yield key, _read(descriptor, (end - first) * width, start + first * width)
    if few:
        _give_back(file.data, group)


def _read(descriptor: int, count: int, start: int) -> bytes:
    """So many bytes from there: a row left out could hide a rival.

    Raises PrivityError STORAGE_FAILED where the file has fewer, or cannot be read.
    """
    try:
        found = os.pread(descriptor, count, start)
    except OSError:
        found = b""
    if len(found) != count:
        raise PrivityError(
            ErrorCode.STORAGE_FAILED,
            "a table of the register snapshot is shorter than when it was opened, or cannot be read",
            "build the register again, or restore the snapshot's folder from a backup",
        )
    return found


def _keys(descriptor: int, group: Group) -> array[int]:
    """The sorted column, read: where many are searched for."""
    keys = array("q")
    keys.frombytes(_read(descriptor, group.rows * 8, group.columns[0].start))
    return keys


def _keys_as_they_lie(data: mmap.mmap, group: Group) -> memoryview:
    """The sorted column, mapped: where few are searched for, they touch few of its pages."""
    start = group.columns[0].start
    return memoryview(data)[start : start + group.rows * 8].cast("q")


def _give_back(data: mmap.mmap, group: Group) -> None:
    """Let the system drop the pages of this row group's sorted column from the process."""
    start = group.columns[0].start // mmap.PAGESIZE * mmap.PAGESIZE
    data.madvise(mmap.MADV_DONTNEED, start, group.columns[0].start + group.rows * 8 - start)
