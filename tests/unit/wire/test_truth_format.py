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
    many = "".join(f"{number},,Name{number}\n" for number in range(MOST_CLASSES + 1))
    with pytest.raises(PrivityError) as problem:
        read_truth(f"line_id,person_ref,class\n{many}".encode())
    assert problem.value.code is ErrorCode.TRUTH_INVALID
    assert "Name" not in problem.value.message
