"""The first rows of an extract or request file, copied in the same format: for measuring how cost grows with size.

Bytes in, bytes out; judges nothing. A CSV row that spans lines is copied whole.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import islice
from typing import IO, BinaryIO, Final

from privity.domain.errors import ErrorCode, PrivityError

_PARQUET: Final = b"PAR1"
_BATCH: Final = 20_000


def copy_first_rows(source: BinaryIO, target: IO[bytes], rows: int, *, json_lines: bool = False) -> int:
    """Copy header and first `rows` rows of CSV, JSON Lines or Parquet; how many rows there were to copy.

    Raises PrivityError FORMAT_INVALID for a file that cannot be read as what it claims to be.
    """
    magic = source.read(4)
    source.seek(0)
    if magic == _PARQUET:
        return _copy_parquet(source, target, rows)
    if json_lines:
        return _copy_lines(source, target, rows)
    return _copy_csv(source, target, rows)


def _copy_lines(source: BinaryIO, target: IO[bytes], rows: int) -> int:
    copied = 0
    for line in islice(source, rows):
        target.write(line)
        copied += 1
    return copied


def _copy_csv(source: BinaryIO, target: IO[bytes], rows: int) -> int:
    text = io.TextIOWrapper(source, encoding="utf-8-sig", errors="replace", newline="")

    def lines() -> Iterator[str]:
        for line in text:
            target.write(line.encode())
            yield line

    try:
        copied = sum(1 for _ in islice(csv.reader(lines()), rows + 1))
    except csv.Error:
        raise PrivityError(ErrorCode.FORMAT_INVALID, "a row of the file cannot be read as CSV") from None
    text.detach()
    return max(copied - 1, 0)


def _copy_parquet(source: BinaryIO, target: IO[bytes], rows: int) -> int:
    import pyarrow as pa
    import pyarrow.parquet as pq

    copied = 0
    try:
        table = pq.ParquetFile(source)
        with pq.ParquetWriter(target, table.schema_arrow) as writer:
            for batch in table.iter_batches(batch_size=_BATCH):
                some = batch.slice(0, min(batch.num_rows, rows - copied))
                writer.write_batch(some)
                copied += some.num_rows
                if copied >= rows:
                    break
    except pa.ArrowException:
        raise PrivityError(ErrorCode.FORMAT_INVALID, "the file is damaged or unsupported Parquet") from None
    return copied
