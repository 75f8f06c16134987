"""The first rows of a file, in the file's own format."""

from __future__ import annotations

import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from privity.domain.errors import ErrorCode, PrivityError
from privity.wire.file_prefix import copy_first_rows

CSV = b'\xef\xbb\xbfa,b\n1,"x\ny"\n2,\xc3\xa9\n3,z\n'


def copied(document: bytes, rows: int, *, json_lines: bool = False) -> tuple[int, bytes]:
    target = io.BytesIO()
    return copy_first_rows(io.BytesIO(document), target, rows, json_lines=json_lines), target.getvalue()


def test_csv_rows_are_copied_whole() -> None:
    assert copied(CSV, 1) == (1, b'a,b\n1,"x\ny"\n')
    assert copied(CSV, 2) == (2, 'a,b\n1,"x\ny"\n2,é\n'.encode())
    assert copied(CSV, 9) == (3, CSV.removeprefix(b"\xef\xbb\xbf"))
    assert copied(b"", 5) == (0, b"")


def test_json_lines() -> None:
    assert copied(b'{"a":1}\n{"a":2}\n{"a":3}\n', 2, json_lines=True) == (2, b'{"a":1}\n{"a":2}\n')


def test_parquet() -> None:
    source = io.BytesIO()
    pq.write_table(pa.table({"a": list(range(50_000)), "b": ["é"] * 50_000}), source)
    number, document = copied(source.getvalue(), 30_001)
    assert number == 30_001
    assert pq.read_table(io.BytesIO(document)).column("a").to_pylist() == list(range(30_001))
    with pytest.raises(PrivityError) as problem:
        copied(b"PAR1 and nothing more", 3)
    assert problem.value.code is ErrorCode.FORMAT_INVALID
