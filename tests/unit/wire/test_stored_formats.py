"""Stored lines, decisions, request files and accounting records: what is written is read, and nothing else is."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privity.domain.answer import Answer, Decision
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.personal import Personal
from privity.domain.request import Ordinal, RequestFinding, RequestHeader, RequestId, SuppliedName
from privity.wire.accounting_format import LineFacts, RequestFacts, export_record, name_keys, read_record, record_bytes
from privity.wire.canonical_json import decode_strict, encode
from privity.wire.line_chunks import (
    JudgedLine,
    LineKind,
    change_lines,
    decode_decisions,
    decode_lines,
    encode_decisions,
    encode_lines,
)
from privity.wire.request_file import RequestFile, decode_request_file, encode_request_file

TEXT = st.text(max_size=12)
NAMES = st.builds(SuppliedName, TEXT, TEXT, TEXT, TEXT, TEXT)
LINES = st.builds(
    JudgedLine,
    ordinal=st.integers(1, 9_999).map(Ordinal),
    line_id=TEXT,
    name=NAMES,
    birth_date=TEXT,
    identifier=TEXT,
    case_id=TEXT,
    officer=TEXT,
    kind=st.sampled_from(LineKind),
    code=st.none() | st.sampled_from(ErrorCode),
    message=TEXT,
    admitted=st.none() | st.lists(TEXT | st.integers(), max_size=4),
)
DECISIONS = st.builds(
    Decision,
    ordinal=st.integers(1, 9_999).map(Ordinal),
    answer=st.sampled_from(Answer),
    level=TEXT,
    candidates=st.integers(0, 99),
    rivals=st.integers(0, 99),
    failed_gate=TEXT,
    person=st.binary(max_size=16).map(Personal),
)
REQUEST = RequestFacts(
    "R-1", "a", 1, "d" * 64, "requester", "office", "f" * 64, "26 U.S.C.", ("s",), "p", "2026-03-02T12:00:00Z", "x"
)


@given(st.lists(LINES, max_size=4), st.lists(DECISIONS, max_size=4))
def test_lines_and_decisions_come_back(lines: list[JudgedLine], decisions: list[Decision]) -> None:
    assert decode_lines(encode_lines(lines)) == lines
    assert decode_decisions(encode_decisions(decisions)) == decisions


@given(st.lists(LINES, min_size=1, max_size=5), st.data())
def test_lines_of_a_chunk_are_changed_where_asked_and_nowhere_else(
    lines: list[JudgedLine], data: st.DataObject
) -> None:
    places = data.draw(st.sets(st.integers(0, len(lines) - 1)))
    changed = change_lines(encode_lines(lines), lambda line: replace(line, message="changed\n"), sorted(places))
    expected = [replace(line, message="changed\n") if place in places else line for place, line in enumerate(lines)]
    assert decode_lines(changed) == expected
    assert changed == encode_lines(expected)


def test_chunks_stored_before_they_were_compressed_are_read() -> None:
    line = json.dumps([3, "id", ["A", "", "B", "", ""], "", "", "c", "", "R", "CASE_MISSING", "m", None])
    decision = '[3,"CONFIRMED","L",2,0,"","ab"]'
    assert decode_lines(f'["privity-lines/1",[{line}]]'.encode())[0].code is ErrorCode.CASE_MISSING
    assert decode_decisions(f'["privity-decisions/1",[{decision}]]'.encode())[0].person.reveal() == b"\xab"


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b'["privity-lines/2",[]]', b'["privity-lines/1",[[1]]]', b"\xff"])
def test_other_bytes_are_refused(data: bytes) -> None:
    for decode in (decode_lines, decode_decisions, decode_request_file):
        with pytest.raises(PrivityError) as refused:
            decode(data)
        assert refused.value.code is ErrorCode.INTERNAL


def test_a_request_file_comes_back() -> None:
    at = datetime(2026, 3, 2, tzinfo=UTC)
    header = RequestHeader(RequestId("R"), "a", 1, "r", "o", "confirm_address", ("s",), "p", ("t",), at, "d" * 64)
    finding = RequestFinding(ErrorCode.ON_HOLD, "R09", "held", "wait")
    kept = RequestFile(header, "custodian", "f" * 64, b"\x30\x00", at, (finding,), ("warning",), {"ON_HOLD": 3})
    assert decode_request_file(encode_request_file(kept)) == kept


def facts(**changes: object) -> LineFacts:
    base = LineFacts(
        3, "id", SuppliedName("Ann", "", "O'Hara", "", ""), "", "", "c", "o", "e" * 64, Answer.CONFIRMED, None, "ab"
    )
    return replace(base, **changes)  # type: ignore[arg-type]


@given(TEXT, NAMES, TEXT, TEXT)
def test_a_record_is_canonical_whatever_was_supplied(line_id: str, name: SuppliedName, birth: str, case: str) -> None:
    record = record_bytes(REQUEST, facts(line_id=line_id, name=name, birth_date=birth, case_id=case))
    assert decode_strict(record) == read_record(record)
    exported = export_record(3, b"n" * 32, record)
    assert decode_strict(exported.rstrip(b"\n")) == {"ordinal": 3, "nonce": "6e" * 32, "record": read_record(record)}


@given(TEXT, NAMES, TEXT, TEXT)
def test_a_record_is_what_the_plain_encoder_writes(line_id: str, name: SuppliedName, officer: str, case: str) -> None:
    record = record_bytes(REQUEST, facts(line_id=line_id, name=name, officer=officer, case_id=case))
    assert encode(json.loads(record)) == record
    again = json.loads(record)
    assert again["ordinal"] == 3
    assert again["authority"] == REQUEST.authority
    assert again["recipient"] == "e" * 64


def test_a_record_has_no_field_for_an_address() -> None:
    fields = set(json.loads(record_bytes(REQUEST, facts())))
    assert not {field for field in fields if "address" in field or "street" in field or "period" in field}
    assert {"answer", "code", "officer", "authority", "purpose", "case_id", "agreement", "accounted_at"} <= fields


def test_a_lone_surrogate_is_no_obstacle() -> None:
    assert read_record(record_bytes(REQUEST, facts(line_id="\ud800")))["line_id"] == "?"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (SuppliedName("María", "", "de la Cruz"), SuppliedName(full_name="DE LA CRUZ, MARIA")),
        (SuppliedName("Ann", "Marie", "O'Hara"), SuppliedName("ANN", "", "O’HARA")),
        (SuppliedName("Ann", "M", "Smith-Jones"), SuppliedName("ann", "", "smith jones")),
    ],
)
def test_spellings_of_one_name_share_a_key(one: SuppliedName, other: SuppliedName) -> None:
    assert set(name_keys(one)) & set(name_keys(other))


def test_different_names_share_none_and_no_letters_give_none() -> None:
    assert not set(name_keys(SuppliedName("Ann", "", "Smith"))) & set(name_keys(SuppliedName("Anna", "", "Smith")))
    assert name_keys(SuppliedName("123", "", "--")) == ()
