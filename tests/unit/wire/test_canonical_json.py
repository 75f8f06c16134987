"""Canonical JSON: RFC 8785's own examples where they apply, and what the strict decoder must refuse."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privity.domain.errors import ErrorCode, PrivityError
from privity.wire.canonical_json import LARGEST_INTEGER, decode_strict, encode


def test_rfc_8785_key_order_by_utf16_code_units() -> None:
    """RFC 8785 section 3.2.3: the sample whose order differs between code points and UTF-16 code units."""
    sample = {
        "\u20ac": "Euro Sign",
        "\r": "Carriage Return",
        "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One",
        "\U0001f600": "Emoji: Grinning Face",
        "\u0080": "Control",
        "\u00f6": "Latin Small Letter O With Diaeresis",
    }
    expected_values = [
        "Carriage Return",
        "One",
        "Control",
        "Latin Small Letter O With Diaeresis",
        "Euro Sign",
        "Emoji: Grinning Face",
        "Hebrew Letter Dalet With Dagesh",
    ]
    written = encode(sample).decode()
    assert sorted(expected_values, key=written.index) == expected_values
    assert list(decode_strict(encode(sample)).values()) == expected_values  # type: ignore[union-attr]


def test_rfc_8785_string_and_literal_example() -> None:
    """RFC 8785 section 3.2.2: the string and literals of the sample (its numbers are fractions: not ours)."""
    value = {"string": '\u20ac$\u000f\nA\'B"\\\\"/', "literals": [None, True, False]}
    assert encode(value) == ('{"literals":[null,true,false],"string":"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'.encode())


def test_rfc_8785_section_3_2_4_bytes() -> None:
    """The hexadecimal bytes that section 3.2.4 prints for the literals and the string, without the numbers."""
    printed = bytes.fromhex(
        "7b226c69746572616c73223a5b6e756c6c2c747275652c66616c73655d2c"
        "22737472696e67223a22e282ac245c75303030665c6e4127425c225c5c5c5c5c222f227d"
    )
    assert decode_strict(printed) == {"literals": [None, True, False], "string": '\u20ac$\u000f\nA\'B"\\\\"/'}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (-1, "-1"),
        (LARGEST_INTEGER, "9007199254740991"),
        ([], "[]"),
        ({}, "{}"),
        ("\x00\x08\t\n\x0c\r\x1f\x7f", '"\\u0000\\b\\t\\n\\f\\r\\u001f\x7f"'),
        ("\u2028<&>", '"\u2028<&>"'),
        ({"b": [1, {"a": "x"}], "a": None}, '{"a":null,"b":[1,{"a":"x"}]}'),
    ],
)
def test_forms(value: object, text: str) -> None:
    assert encode(value) == text.encode()  # type: ignore[arg-type]
    assert decode_strict(text.encode()) == value


@pytest.mark.parametrize("value", [1.0, 1.5, float("nan"), b"x", {1: "a"}, {"a"}, object()])
def test_encode_refuses_other_types(value: object) -> None:
    with pytest.raises(TypeError):
        encode(value)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [2**53, -(2**53), "\ud800", {"\udfff": 1}])
def test_encode_refuses_values_json_cannot_carry(value: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        encode(value)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b" 1",
        b"1 ",
        b"1\n",
        b"-0",
        b"01",
        b"1.0",
        b"1e3",
        b"NaN",
        b"Infinity",
        b"9007199254740992",
        b"1" * 5000,
        b'{"a":1,"a":1}',
        b'{"b":1,"a":1}',
        b'{"a": 1}',
        b'"\\u0061"',
        b'"\\/"',
        b'"\\u001F"',
        b'"\\ud800"',
        b'"\xff"',
        b"\xef\xbb\xbf1",
        b"[1,]",
        b"[1",
        b"'a'",
        b'"a\nb"',
        "1".encode("utf-16"),
        b"truefalse",
    ],
)
def test_decode_refuses_every_other_spelling(document: bytes) -> None:
    with pytest.raises(PrivityError) as refusal:
        decode_strict(document)
    assert refusal.value.code is ErrorCode.FORMAT_INVALID


def test_depth_and_size_limits_come_before_parsing() -> None:
    for document in (b"[" * 3_000_000, b"[" * 33 + b"]" * 33, b'{"a":' * 40 + b"1" + b"}" * 40):
        with pytest.raises(PrivityError, match="deeper"):
            decode_strict(document)
    with pytest.raises(PrivityError, match="larger"):
        decode_strict(b'"' + b"a" * 100 + b'"', size_limit=50)
    assert decode_strict(b"[" * 32 + b"]" * 32) is not None
    assert decode_strict(b'"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["') is not None


@pytest.mark.parametrize("worst", [b'"a\\"', b'"', b"\\", b'[]"', b'"\\\\', b"{", b"]"])
def test_the_worst_megabytes_take_little_time(worst: bytes) -> None:
    begin = time.perf_counter()
    for tail in (b"", b"\\", b'"'):
        with pytest.raises(PrivityError):
            decode_strict(worst * (2_000_000 // len(worst)) + tail)
    assert time.perf_counter() - begin < 6


def test_message_does_not_repeat_the_document() -> None:
    with pytest.raises(PrivityError) as refusal:
        decode_strict(b'{"Marker-Value-77":"Marker-Value-77","Marker-Value-77":1}', code=ErrorCode.PACKAGE_INVALID)
    assert refusal.value.code is ErrorCode.PACKAGE_INVALID
    assert "Marker" not in str(refusal.value)
    assert refusal.value.__cause__ is None


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-LARGEST_INTEGER, LARGEST_INTEGER) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(json_values)
def test_round_trip(value: object) -> None:
    assert decode_strict(encode(value)) == value  # type: ignore[arg-type]
