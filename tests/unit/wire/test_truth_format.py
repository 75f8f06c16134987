"""The truth file of `privity evaluate`."""

from __future__ import annotations

import pytest

from privity.domain.errors import ErrorCode, PrivityError
from privity.wire.truth_format import MOST_CLASSES, read_truth


def test_classes_are_optional_and_an_empty_reference_means_nobody() -> None:
    found = read_truth(b"\xef\xbb\xbfline_id,person_ref,class\r\na,p1,exact\r\nb,,old_address\r\n")
    assert found["a"].person_ref.reveal() == "p1"
    assert (found["b"].person_ref.reveal(), found["b"].line_class) == ("", "old_address")
    assert read_truth(b"line_id,person_ref\na,p1\n")["a"].line_class == ""


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"line_id\na\n",
        b"line_id,person_ref,more\na,b,c\n",
        b"line_id,person_ref,person_ref\na,b,c\n",
        b"line_id,person_ref\na,secret-1\na,secret-2\n",
        b"line_id,person_ref\nsecret-1\n",
        "line_id,person_ref\na,b\n".encode("utf-16"),
        b"line_id,person_ref\na,secret-\xff\n",
    ],
)
def test_anything_else_is_refused_without_a_value(document: bytes) -> None:
    with pytest.raises(PrivityError) as problem:
        read_truth(document)
    assert problem.value.code is ErrorCode.TRUTH_INVALID
    assert "secret" not in str(problem.value)


def test_a_class_is_a_kind_of_line_and_not_a_value_of_each() -> None:
    letters = "abcdefghij"
    many = "".join(f"{number},,{letters[number // 10]}_{number}\n" for number in range(MOST_CLASSES + 1))
    with pytest.raises(PrivityError) as problem:
        read_truth(f"line_id,person_ref,class\n{many}".encode())
    assert problem.value.code is ErrorCode.TRUTH_INVALID
    assert "Name" not in problem.value.message
    assert "64 classes" in problem.value.message


@pytest.mark.parametrize(
    "value",
    [
        "John Smith",
        "Smith",
        "12 Oak St",
        "123-45-6789",
        "123456789",
        "1990-01-02",
        "a_1990",
        "lines_0123",
        "a1_b2_c3",
        "1a",
        "josé",
        "_",
        "oak_street_",
        "<b>",
        "a" * 41,
    ],
)
def test_a_class_of_any_other_form_than_a_kind_of_line_is_refused_and_never_repeated(value: str) -> None:
    with pytest.raises(PrivityError) as problem:
        read_truth(f"line_id,person_ref,class\nx,p,street_typo\nz,q,{value}\n".encode())
    assert problem.value.code is ErrorCode.TRUTH_INVALID
    assert value == "_" or value not in str(problem.value)
    assert "row 2" in problem.value.message


@pytest.mark.parametrize("name", ["exact", "other_birth_date", "noise_5", "movers_12", "w2"])
def test_kinds_of_lines_are_read(name: str) -> None:
    assert read_truth(f"line_id,person_ref,class\nx,p, {name} \n".encode())["x"].line_class == name
