"""YAML from strangers: numbers beyond all measure, and keys that are no keys of ours."""

from __future__ import annotations

import pytest

from privity.domain.errors import ErrorCode, PrivityError
from privity.wire.request_header import read_header
from privity.wire.yaml_document import read_yaml


@pytest.mark.parametrize("digits", [19, 4_301, 100_000])
def test_a_number_without_measure_is_refused(digits: int) -> None:
    """Python itself refuses to read more than 4,300 digits, with an error of its own."""
    document = f"format: privity-header/1\nagreement_version: {'9' * digits}\n".encode()
    with pytest.raises(PrivityError) as refused:
        read_header(document)
    assert refused.value.code is ErrorCode.FORMAT_INVALID
    assert refused.value.details == {"line": 2}


def test_numbers_in_measure_are_read() -> None:
    assert read_yaml(f"a: {'9' * 18}\nb: -7\nc: 0\n".encode(), source="x", code=ErrorCode.FORMAT_INVALID).value == {
        "a": 10**18 - 1,
        "b": -7,
        "c": 0,
    }


@pytest.mark.parametrize("key", ["Maria Quintero", '"\\e[31mMaria"', "Quintero", "12 Elm Street", "maria.quintero@x"])
@pytest.mark.parametrize("twice", [False, True])
def test_a_key_that_no_format_has_is_not_repeated(key: str, twice: bool) -> None:
    document = f"{key}: 1\n" * (2 if twice else 1)
    with pytest.raises(PrivityError) as refused:
        read_header(document.encode())
    told = f"{refused.value.message} {refused.value.mend}"
    assert "another key" in told
    assert not any(word in told for word in ("Maria", "maria", "Quintero", "Elm", "\x1b"))


def test_a_misspelt_key_is_named() -> None:
    with pytest.raises(PrivityError, match="reqest_id: this key is not known here"):
        read_header(b"reqest_id: R-1\n")
