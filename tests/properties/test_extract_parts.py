"""Stretches of an extract, read apart, are row for row what one reader reads: whatever stands in the file."""

from __future__ import annotations

import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from privity.domain.errors import ErrorCode, PrivityError
from privity.wire.extract_parts import chunks_of, plan_stretches, read_stretch
from privity.wire.register_format import Row, read_rows

HEADER = b"person_ref,full_name,address,valid_from,valid_to"
CELLS = st.text(st.sampled_from('ab"\n\r,\xe9\u2603 \0'), max_size=5).map(lambda text: text.encode())
JUNK = st.lists(st.one_of(CELLS, st.sampled_from([b"\xff", b'"', b"\n", b"\r\n", b"\r", b",,,,\n", b"1,a b,c,,\n"])))
GOOD = st.lists(st.just(b'7,"O\'Neil, Ann",1 Oak St,,\n'), max_size=5)


def together(document: bytes) -> list[Row]:
    return [row for rows in read_rows(io.BytesIO(document), 3) for row in rows]


def apart(document: bytes, chunk_rows: int) -> list[Row]:
    rows: list[Row] = []
    numbers: list[int] = []
    for stretch in plan_stretches(io.BytesIO(document), chunk_rows):
        planned = list(chunks_of(stretch, chunk_rows))
        for chunk, first, read in read_stretch(io.BytesIO(document), stretch, chunk_rows):
            assert first == len(rows) + 1
            assert chunk == planned.pop(0)
            numbers.append(chunk)
            rows += read
        assert not planned
    assert numbers == list(range(len(numbers)))
    return rows


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from([b"", b"\xef\xbb\xbf"]),
    st.sampled_from([b"\n", b"\r\n", b"\n\n"]),
    st.lists(st.one_of(JUNK, GOOD), max_size=6),
    st.integers(1, 4),
)
def test_csv_apart_is_csv_together(mark: bytes, end: bytes, body: list[list[bytes]], chunk_rows: int) -> None:
    document = mark + HEADER + end + b"".join(piece for pieces in body for piece in pieces)
    assert apart(document, chunk_rows) == together(document)


def test_parquet_apart_is_parquet_together() -> None:
    names = HEADER.decode().split(",")
    table = pa.table({name: [f"{name} {number}" for number in range(25)] for name in names})
    sink = io.BytesIO()
    pq.write_table(table, sink, row_group_size=10)
    for chunk_rows in (3, 10, 40):
        rows = apart(sink.getvalue(), chunk_rows)
        assert len(rows) == 25
        assert rows == together(sink.getvalue())


@pytest.mark.parametrize("document", [b"", b"\n", b"nonsense,columns\n1,2\n", b"PAR1 not parquet", b"\xff\xfea\0"])
def test_a_file_that_is_no_extract_is_refused_while_planning(document: bytes) -> None:
    with pytest.raises(PrivityError) as planned:
        list(plan_stretches(io.BytesIO(document), 5))
    with pytest.raises(PrivityError) as read:
        together(document)
    assert planned.value.code is read.value.code is ErrorCode.REGISTER_INVALID


def test_an_extract_that_changes_between_planning_and_reading_is_refused() -> None:
    document = HEADER + b"\n" + b"1,a b,c,,\n" * 4
    stretches = list(plan_stretches(io.BytesIO(document), 2))
    assert [stretch.rows for stretch in stretches] == [2, 2]
    with pytest.raises(PrivityError, match="changed"):
        list(read_stretch(io.BytesIO(document[:-10]), stretches[1], 2))
