"""Register extracts: files that are refused with a clear word, and rows that are handed on as broken."""

from __future__ import annotations

import io
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from privity.domain.errors import ErrorCode, PrivityError
from privity.wire.register_format import BROKEN, COLUMNS, Row, read_rows

HEADER = "person_ref,full_name,address,valid_from,valid_to\n"
GOOD = 'p1,Ana Garcia,"9 Oak Ave, Dallas, TX 75201",2020-01-01,\n'


def rows(document: bytes, size: int = 1000) -> list[Row]:
    return [row for chunk in read_rows(io.BytesIO(document), size) for row in chunk]


def refused(document: bytes) -> str:
    with pytest.raises(PrivityError) as problem:
        rows(document)
    assert problem.value.code is ErrorCode.REGISTER_INVALID
    return f"{problem.value.message} {problem.value.mend}"


def cell(row: Row, column: str) -> str:
    return row[COLUMNS.index(column)]


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_csv_with_or_without_bom_and_either_line_ending(start: bytes, ending: str) -> None:
    found = rows(start + (HEADER + GOOD + GOOD).replace("\n", ending).encode())
    assert [cell(row, "person_ref") for row in found] == ["p1", "p1"]
    assert cell(found[0], "address") == "9 Oak Ave, Dallas, TX 75201"
    assert cell(found[0], "given_name") == ""


def test_chunks_have_the_size_asked_for() -> None:
    document = (HEADER + GOOD * 7).encode()
    assert [len(chunk) for chunk in read_rows(io.BytesIO(document), 3)] == [3, 3, 1]


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (b"", "empty"),
        ((HEADER + GOOD).encode("utf-16"), "UTF-16"),
        ((HEADER + GOOD).encode("utf-16-le"), "UTF-16"),
        (b"person_ref,given_name,family_name\n", "address_line1, city, postal_code, state"),
        (b"full_name,address\n", "person_ref"),
        (b"person_ref,address\n", "family_name, given_name"),
        (b"person_ref,full_name,address,full_name\n", "repeats the column(s) full_name"),
        (b"PAR1 not really", "Parquet"),
    ],
)
def test_a_file_that_cannot_be_read_says_which_columns(document: bytes, said: str) -> None:
    assert said in refused(document)


def test_an_unknown_column_is_counted_never_repeated() -> None:
    """A header may hold personal data by mistake: a file without a header row, for example."""
    said = refused(b"person_ref,full_name,address,Johannes Zwickelbauer\n")
    assert "1 column(s)" in said
    assert "Zwickelbauer" not in said


@pytest.mark.parametrize(
    "bad",
    [
        b"p2,too few\n",
        b"p2,too,many,cells,in,this,row\n",
        b"p2,J\xfcrgen Gro\xdf,x,,\n",
        b"p2," + b"A" * 5000 + b",x,,\n",
    ],
)
def test_a_bad_row_in_the_middle_is_handed_on_as_broken(bad: bytes) -> None:
    found = rows(HEADER.encode() + GOOD.encode() + bad + GOOD.encode())
    assert [cell(row, "person_ref") for row in found] == ["p1", BROKEN, "p1"]


def test_an_unclosed_quote_breaks_only_the_rows_it_swallows() -> None:
    found = rows((HEADER + GOOD + 'p2,"unclosed,x,,\n' + GOOD + GOOD).encode())
    kinds = [cell(row, "person_ref") for row in found]
    assert kinds[0] == "p1"
    assert kinds.count(BROKEN) == len(kinds) - kinds.count("p1") >= 2
    assert len(found) == 4, "row numbers stay those of the file"


def test_parquet_with_dates_numbers_and_nulls() -> None:
    table = pa.table(
        {
            "person_ref": pa.array([17, 18]),
            "full_name": pa.array(["Ana Garcia", None]),
            "address": pa.array(["9 Oak Ave, Dallas, TX 75201"] * 2),
            "valid_from": pa.array([date(2020, 1, 1), None]),
        }
    )
    sink = io.BytesIO()
    pq.write_table(table, sink)
    found = rows(sink.getvalue())
    assert [cell(row, "person_ref") for row in found] == ["17", "18"]
    assert [cell(row, "valid_from") for row in found] == ["2020-01-01", ""]
    assert cell(found[1], "full_name") == ""


def test_a_truncated_parquet_file_is_refused() -> None:
    sink = io.BytesIO()
    pq.write_table(pa.table({"person_ref": ["1"], "full_name": ["A B"], "address": ["x"]}), sink)
    assert "Parquet" in refused(sink.getvalue()[:-20])
