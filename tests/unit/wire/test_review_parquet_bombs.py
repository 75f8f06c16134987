"""Parquet files that are small on the disk and large when laid out."""

from __future__ import annotations

import datetime
import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from privity.domain.errors import ErrorCode, PrivityError
from privity.wire.request_format import MAX_FIELD, read_lines

ROWS = 20_000
PLAIN = ("given_name", "family_name", "address_line1", "city", "state", "postal_code", "periods")


def document(reason: pa.Array, rows: int, *, keeps_dictionary: bool, **columns: pa.Array) -> bytes:
    made = {name: pa.array(["x"] * rows) for name in PLAIN} | columns
    made |= {"line_id": pa.array([str(place) for place in range(rows)]), "reason": reason}
    stream = io.BytesIO()
    pq.write_table(pa.table(made), stream, compression="zstd", store_schema=keeps_dictionary)
    return stream.getvalue()


def repeated(value: str, rows: int) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), pa.array([value]))


@pytest.mark.parametrize("keeps_dictionary", [True, False])
def test_one_long_value_on_every_row_is_refused_without_being_laid_out(keeps_dictionary: bool) -> None:
    packed = document(repeated("x" * 200_000, ROWS), ROWS, keeps_dictionary=keeps_dictionary)
    assert len(packed) < 100_000  # four gigabytes, laid out
    before = pa.default_memory_pool().max_memory()
    with pytest.raises(PrivityError) as refused:
        list(read_lines(packed, "parquet"))
    assert refused.value.code is ErrorCode.FORMAT_INVALID
    assert pa.default_memory_pool().max_memory() - before < 100_000_000


@pytest.mark.parametrize("keeps_dictionary", [True, False])
def test_values_come_out_as_they_went_in(keeps_dictionary: bool) -> None:
    longest = "é" * MAX_FIELD
    indices = pa.array([0, 1, None, 2], pa.int32())
    reason = pa.DictionaryArray.from_arrays(indices, pa.array(["one", longest, ""]))
    day = datetime.date(2024, 2, 29)
    packed = document(
        reason,
        4,
        keeps_dictionary=keeps_dictionary,
        order_date=pa.array([day, None, day, day]),
        periods=pa.array([2023, 2024, None, 2023]),
        case_id=pa.array([None] * 4),
        city=pa.array(["Dallas", None, "Austin", "Dallas"]),
    )
    read = [line.content.reveal() for line in read_lines(packed, "parquet")]
    assert [one.reason for one in read] == ["one", longest, "", ""]
    assert [one.order_date for one in read] == ["2024-02-29", "", "2024-02-29", "2024-02-29"]
    assert [one.periods for one in read] == ["2023", "2024", "", "2023"]
    assert [one.address.city for one in read] == ["Dallas", "", "Austin", "Dallas"]
    assert {one.case_id for one in read} == {""}


def test_one_character_too_many_is_refused() -> None:
    with pytest.raises(PrivityError):
        list(read_lines(document(repeated("x" * (MAX_FIELD + 1), 2), 2, keeps_dictionary=False), "parquet"))
