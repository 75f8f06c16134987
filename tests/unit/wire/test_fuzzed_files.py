"""Files that a fuzzer broke a parser with: each is refused in the gate's own words now; `make fuzz` looks on."""

from __future__ import annotations

import io
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from privity.domain.errors import ErrorCode, PrivityError
from privity.wire.register_format import COLUMNS as REGISTER_COLUMNS
from privity.wire.register_format import read_rows
from privity.wire.request_format import read_lines

FUZZED = Path(__file__).parent / "fuzzed"


def test_a_place_outside_its_dictionary_is_refused() -> None:
    """It ended in an IndexError; a place below zero took another row's value."""
    with pytest.raises(PrivityError) as refused:
        list(read_lines((FUZZED / "place-outside-its-dictionary.parquet").read_bytes(), "parquet"))
    assert refused.value.code is ErrorCode.FORMAT_INVALID


def test_a_parquet_extract_whose_text_is_not_utf8_is_refused() -> None:
    bad = pa.Array.from_buffers(pa.string(), 1, [None, pa.py_buffer(b"\0\0\0\0\2\0\0\0"), pa.py_buffer(b"\xff\xfe")])
    out = io.BytesIO()
    pq.write_table(pa.table(dict.fromkeys(REGISTER_COLUMNS[:12], bad)), out)
    out.seek(0)
    with pytest.raises(PrivityError) as refused:
        list(read_rows(out, 10))
    assert refused.value.code is ErrorCode.REGISTER_INVALID
