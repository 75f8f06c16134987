"""A reference as counsel gives it: read as the register reads its own, or refused; never another person's digest."""

from __future__ import annotations

import pytest

from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.person_reference import MAX_REFERENCE, person_reference
from privity.services.register.usable_rows import reference_of

AROUND = ["{}", " {} ", "\t{}\r\n", "\u00a0{}\u2003", "\x1f{}\x85"]


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("reference", ["P0000001", "Ñ-17/b.2:x_#", "x" * MAX_REFERENCE])
def test_a_reference_is_read_as_the_register_reads_it(around: str, reference: str) -> None:
    assert person_reference(around.format(reference)) == reference == reference_of([around.format(reference)])


@pytest.mark.parametrize(
    "text",
    [
        *("", " \t", "P1,note", "P1;note", '"P1"', "P1 P2", "P1\tnote", "P1\u00a0x", "P\x001", "P\x1b[1m", "P1\x1a1"),
        *("\ufeffP1", "P1\u200b", "P\u202e1", "P\u00ad1", "P\ud8001", "P1\u20282", "x" * (MAX_REFERENCE + 1)),
    ],
)
def test_what_cannot_be_one_reference_is_refused_without_its_value(text: str) -> None:
    with pytest.raises(PrivityError) as caught:
        person_reference(text, "line 7 of the references")
    assert caught.value.code is ErrorCode.FORMAT_INVALID
    assert caught.value.message.startswith("line 7 of the references ")
    assert "person_ref alone" in caught.value.mend
    assert len(text) < 3 or text not in str(caught.value) + caught.value.message + caught.value.mend
