"""Register extracts: CSV or Parquet bytes to rows of text, in bounded chunks.

Decides whether the *file* can be read (columns, encoding); whether a *row* can be used is the work of
`services/register/build_register`. A file that cannot be read is PrivityError
REGISTER_INVALID, naming columns and never values.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import BinaryIO, Final, NamedTuple

from privity.domain.errors import ErrorCode, PrivityError

COLUMNS: Final = (
    "person_ref",
    "given_name",
    "middle_name",
    "family_name",
    "generation",
    "full_name",
    "address_line1",
    "address_line2",
    "city",
    "state",
    "postal_code",
    "address",
    "valid_from",
    "valid_to",
    "identifier",
    "birth_date",
)
"""Every column an extract may have; a row is a list of texts in this order ("" where absent)."""

MAX_ROW: Final = 4000  # characters in one row
UNDECODABLE: Final = "\ufffd"  # what decoding leaves where the bytes are not UTF-8
BROKEN: Final = "\x1a"
"""Stands alone in the person_ref of a row that could not be read as columns."""

Row = list[str]


class Layout(NamedTuple):
    """Which columns a file may have, and which of them it lacks."""

    columns: tuple[str, ...]
    missing: Callable[[set[str]], list[str]]


def _missing(names: set[str]) -> list[str]:
    missing = [] if "person_ref" in names else ["person_ref"]
    if "full_name" not in names:
        missing += sorted({"given_name", "family_name"} - names)
    if "address" not in names:
        missing += sorted({"address_line1", "city", "state", "postal_code"} - names)
    return missing


EXTRACT: Final = Layout(COLUMNS, _missing)


def read_rows(
    source: BinaryIO, chunk_rows: int, *, row_group: int | None = None, layout: Layout = EXTRACT
) -> Iterator[list[Row]]:
    """Rows of an extract in chunks of `chunk_rows` (the last may be shorter); the format is told from the first bytes.

    `row_group`: of a Parquet extract, only the rows of this group (from 0).

    A row with too many or too few cells, an unclosed quote or bytes that are not UTF-8 comes as a row whose person_ref
    is `BROKEN`. Raises PrivityError REGISTER_INVALID for a file that is neither format, or whose columns are missing,
    unknown or repeated.
    """
    magic = source.read(4)
    source.seek(0)
    if magic == b"PAR1":
        yield from _read_parquet(source, chunk_rows, row_group, layout)
    else:
        _refuse_other_encodings(magic)
        yield from _read_csv(source, chunk_rows, layout)


def _invalid(message: str, mend: str = "") -> PrivityError:
    return PrivityError(ErrorCode.REGISTER_INVALID, message, mend or "export the extract again as UTF-8 CSV or Parquet")


def _refuse_other_encodings(magic: bytes) -> None:
    if magic[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in magic:
        raise _invalid("the extract is UTF-16 or binary, not UTF-8 CSV or Parquet")
    if not magic:
        raise _invalid("the extract is empty")


def _read_csv(source: BinaryIO, chunk_rows: int, layout: Layout) -> Iterator[list[Row]]:
    text = io.TextIOWrapper(source, encoding="utf-8-sig", errors="replace", newline="")
    rows = _csv_rows(text)
    header = next(rows, None)
    places = _places(header, layout)
    width = len(header or ())
    chunk: list[Row] = []
    for cells in rows:
        chunk.append(_row_of(cells, places, width, layout))
        if len(chunk) == chunk_rows:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
    text.detach()


def _csv_rows(text: io.TextIOWrapper) -> Iterator[list[str]]:
    """Cells of each row. An unclosed quote swallows lines: each swallowed line comes back as one row without cells."""
    for lines, cells in csv_records(text):
        if lines > 1:
            yield from ([] for _ in range(lines))
        elif cells:  # a blank line is no row
            yield cells


def csv_records(text: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    """Each record's lines and cells; one that the reader cannot read has a cell that no row may have.

    A record of several lines counts as that many refused rows, a blank line as none: all who number rows read it here.
    """
    reader = csv.reader(text)
    before = 0
    while True:
        try:
            cells = next(reader, None)
        except csv.Error:
            cells = ["\n"]
        if cells is None:
            return
        lines, before = reader.line_num - before, reader.line_num
        yield lines, cells


def _places(header: Sequence[str] | None, layout: Layout) -> list[tuple[int, int]]:
    """Pairs (place in the file, place in the layout). Raises PrivityError REGISTER_INVALID."""
    names = [name.strip().lower() for name in header or ()]
    known = set(layout.columns)
    unknown = sum(name not in known for name in names)
    if unknown:
        raise _invalid(
            f"the extract has {unknown} column(s) that are not allowed",
            f"allowed columns: {', '.join(layout.columns)}",
        )
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise _invalid(f"the extract repeats the column(s) {', '.join(repeated)}")
    missing = layout.missing(set(names))
    if missing:
        raise _invalid(f"the extract lacks the column(s) {', '.join(missing)}")
    return [(place, layout.columns.index(name)) for place, name in enumerate(names)]


def _row_of(cells: Sequence[str], places: Iterable[tuple[int, int]], width: int, layout: Layout) -> Row:
    row = [""] * len(layout.columns)
    whole = "".join(cells)
    if len(cells) != width or len(whole) > MAX_ROW or UNDECODABLE in whole or BROKEN in whole:
        row[0] = BROKEN
        return row
    for place, target in places:
        row[target] = cells[place]
    return row


def _read_parquet(source: BinaryIO, chunk_rows: int, row_group: int | None, layout: Layout) -> Iterator[list[Row]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.ParquetFile(source)
        places = _places(table.schema_arrow.names, layout)
        held: list[Row] = []
        groups = None if row_group is None else [row_group]
        for batch in table.iter_batches(batch_size=chunk_rows, row_groups=groups):
            batch.validate(full=True)  # a damaged file's texts may lie outside their buffers or not be UTF-8
            columns = [[_text(value) for value in column.to_pylist()] for column in batch.columns]
            held.extend(_row_of(cells, places, len(places), layout) for cells in zip(*columns, strict=True))
            while len(held) >= chunk_rows:
                yield held[:chunk_rows]
                held = held[chunk_rows:]
        if held:
            yield held
    except (pa.ArrowException, OSError, ValueError):
        raise _invalid("the extract is a damaged or unsupported Parquet file") from None


def _text(value: object) -> str:
    """A cell as text: dates in ISO 8601, whole numbers without a point, nothing for null; others unreadable."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else BROKEN
