"""Request files in three forms: equal readings, streams, limits, and clear refusals that repeat no value."""

from __future__ import annotations

import io
import json
import tracemalloc

import pytest

from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.request import RequestLine
from privity.wire.request_format import MAX_FIELD, read_header, read_lines
from tests.builders.admission import content, csv_of

COLUMNS = "line_id,given_name,family_name,address,periods"
ROW = 'L1,Ana,Díaz,"12 Oak Ave, Dallas, TX 75201",2024'
CSV = f"{COLUMNS}\n{ROW}\n".encode()
OBJECT = {
    "line_id": "L1",
    "given_name": "Ana",
    "family_name": "Díaz",
    "address": "12 Oak Ave, Dallas, TX 75201",
    "periods": "2024",
}


def parquet(columns: dict[str, list[object]]) -> bytes:
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    out = io.BytesIO()
    pq.write_table(pa.table(columns), out)
    return out.getvalue()


def read(document: bytes, file_format: str = "csv") -> list[RequestLine]:
    return list(read_lines(document, file_format))


def refusal(document: bytes, file_format: str = "csv") -> str:
    with pytest.raises(PrivityError) as caught:
        read(document, file_format)
    assert caught.value.code is ErrorCode.FORMAT_INVALID
    return caught.value.message


def test_three_forms_give_the_same_lines() -> None:
    ours = read(CSV)
    assert read(json.dumps(OBJECT).encode(), "jsonl") == ours
    assert read(parquet({key: [value] for key, value in OBJECT.items()}), "parquet") == ours
    assert ours[0].ordinal == 1
    assert ours[0].content.reveal().name.family_name == "Díaz"


@pytest.mark.parametrize(
    "document",
    [
        b"\xef\xbb\xbf" + CSV,
        CSV.replace(b"\n", b"\r\n"),
        CSV.rstrip(b"\n"),
        CSV + b"\n\n",
        CSV.replace(b"line_id,", b" line_id ,"),
    ],
)
def test_marks_and_line_ends_make_no_difference(document: bytes) -> None:
    assert read(document) == read(CSV)


def test_every_column_is_read_where_it_belongs() -> None:
    one = content(7, identifier="123456789", birth_date="1980-01-02", attestations="signed_consent")
    assert read(csv_of([one]))[0].content.reveal() == one


@pytest.mark.parametrize(
    ("document", "says"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \n", "empty"),
        (f"{COLUMNS}\n".encode(), "no lines"),
        (CSV.decode().encode("utf-16"), "UTF-16"),
        (CSV.decode().encode("utf-16-le"), "UTF-16"),
        (CSV.decode().encode("latin-1"), "not UTF-8"),
        (CSV.replace(b"periods", b"ssn"), "unknown columns: 'ssn'"),
        (CSV.replace(b"periods", b"address"), "twice: address"),
        (
            b"line_id,given_name\n1,Ana\n",
            "missing columns: periods, family_name, address_line1, city, state, postal_code",
        ),
        (CSV.replace(b"line_id,", b"Line_ID,"), "unknown columns"),
        (CSV + b'L2,"Ana,Diaz,x,2024\n', "not well-formed CSV after line 1"),
        (CSV.replace(b"Ana", b"A" * (MAX_FIELD + 1)), "line 1, column given_name: longer than"),
    ],
)
def test_csv_refusals(document: bytes, says: str) -> None:
    assert says in refusal(document)


def test_a_row_with_other_cells_is_handed_on_marked() -> None:
    lines = read(CSV + b"L2,Ana,Diaz,12 Oak Ave,Dallas,2024\nL3,Ana\n" + ROW.encode() + b"\n")
    assert [line.content.reveal().form_defect for line in lines] == ["", "cells", "cells", ""]
    assert [line.ordinal for line in lines] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"ssn": "1"}, "unknown columns"),
        ({"given_name": 5}, "line 1, column given_name: not text"),
        ({"given_name": True}, "not text"),
        ({"given_name": ["Ana"]}, "not text"),
        ({"given_name": {"a": "b"}}, "not text"),
        ({"line_id": None, "periods": 1.5}, "not text"),
    ],
)
def test_json_refusals(change: dict[str, object], says: str) -> None:
    message = refusal(json.dumps(OBJECT | change).encode(), "jsonl")
    assert says in message
    assert "Ana" not in message


@pytest.mark.parametrize(
    "document", [b"[]", b"{", b'"x"', b"nul", b"{}", b'{"line_id":"1","line_id":"2"}', b"[" * 100_000, b"9" * 10_000]
)
def test_what_is_no_json_object_is_refused(document: bytes) -> None:
    refusal(document, "jsonl")


def test_json_lists_and_years() -> None:
    listed = OBJECT | {"periods": [2023, "2024"], "attestations": ["a", "b"], "reason": None}
    one = read(json.dumps(listed).encode(), "jsonl")[0].content.reveal()
    assert (one.periods, one.attestations, one.reason) == ("2023;2024", "a;b", "")


def test_parquet_refusals() -> None:
    assert "Parquet" in refusal(b"PAR1 not really PAR1", "parquet")
    assert "unknown columns" in refusal(parquet({**{k: [v] for k, v in OBJECT.items()}, "ssn": ["1"]}), "parquet")
    assert "not text" in refusal(parquet({**{k: [v] for k, v in OBJECT.items()}, "given_name": [1.5]}), "parquet")
    assert "no lines" in refusal(parquet({k: [] for k in OBJECT}), "parquet")
    whole = parquet({key: [value] for key, value in OBJECT.items()})
    refusal(whole[: len(whole) // 2], "parquet")


def test_unknown_format() -> None:
    assert "format" in refusal(CSV, "xlsx")


def test_lines_are_read_as_a_stream() -> None:
    document = CSV + (ROW + "\n").encode() * 50_000
    tracemalloc.start()
    try:
        for count, _ in enumerate(read_lines(document, "csv"), start=1):
            if count == 50_000:
                break
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 2 * len(document) + 2_000_000


HEADER = """\
format: privity-header/1
request_id: REQ-2026-0001
agreement_id: tax-enforcement-2025
agreement_version: 1
requester: enforcement-agency
office: enforcement-director
request_type: confirm_address
statutes: ["8 U.S.C. 1253(a)(1)"]
purpose: criminal-investigation-or-proceeding
attestations: [personally_and_directly_engaged, solely_for_this_use]
created_at: 2026-11-19T09:00:00-05:00
"""


def test_a_header_in_yaml_or_json() -> None:
    ours = read_header(HEADER.encode())
    assert ours.request_id == "REQ-2026-0001"
    assert ours.created_at.isoformat() == "2026-11-19T14:00:00+00:00"
    values = {
        "format": "privity-header/1",
        "request_id": "REQ-2026-0001",
        "agreement_id": "tax-enforcement-2025",
        "agreement_version": 1,
        "requester": "enforcement-agency",
        "office": "enforcement-director",
        "request_type": "confirm_address",
        "statutes": ["8 U.S.C. 1253(a)(1)"],
        "purpose": "criminal-investigation-or-proceeding",
        "attestations": ["personally_and_directly_engaged", "solely_for_this_use"],
        "created_at": "2026-11-19T14:00:00Z",
    }
    assert read_header(json.dumps(values, indent=1).encode()) == ours
    assert read_header(json.dumps(values, separators=(",", ":")).encode()) == ours


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("request_id: REQ-2026-0001", "request_id: ../../etc"),
        ("request_id: REQ-2026-0001", "request_id: ''"),
        ("agreement_version: 1", "agreement_version: '1'"),
        ("created_at: 2026-11-19T09:00:00-05:00", "created_at: 2026-11-19T09:00:00"),
        ("created_at: 2026-11-19T09:00:00-05:00", "created_at: yesterday"),
        ("purpose:", "porpoise:"),
        ("office: enforcement-director\n", ""),
    ],
)
def test_header_refusals(old: str, new: str) -> None:
    with pytest.raises(PrivityError) as caught:
        read_header(HEADER.replace(old, new, 1).encode())
    assert caught.value.code is ErrorCode.FORMAT_INVALID
    assert "line" in caught.value.message
