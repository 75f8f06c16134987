"""Response rows: one width, one reading, nothing of an answer in a size."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privity.domain.answer import Answer, ResponseLine
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.personal import Personal
from privity.domain.request import Ordinal
from privity.wire.response_format import (
    ROW_BYTES,
    ResponseFacts,
    ResponsePart,
    content_hash,
    read_part,
    unsigned_response,
    write_part,
)

FACTS = ResponseFacts("R-1", "a" * 64, "agreement", 1, "b" * 64, 2, False)
LINE_IDS = st.text(st.characters(categories=("L", "N", "P")), min_size=1, max_size=16)
ANSWERS = st.one_of(
    st.tuples(st.sampled_from(Answer), st.none()), st.tuples(st.none(), st.sampled_from(list(ErrorCode)))
)


def line(ordinal: int, line_id: str, answer: Answer | None, code: ErrorCode | None) -> ResponseLine:
    return ResponseLine(Ordinal(ordinal), Personal(line_id), answer, code, "")


@given(st.lists(st.tuples(st.integers(1, 99_999_999), LINE_IDS, ANSWERS), max_size=8))
def test_what_is_written_is_read(rows: list[tuple[int, str, tuple[Answer | None, ErrorCode | None]]]) -> None:
    lines = tuple(line(ordinal, line_id, *answer) for ordinal, line_id, answer in rows)
    written = write_part(lines)
    assert len(written) == ROW_BYTES * (1 + len(lines))
    assert read_part(written) == lines


@pytest.mark.parametrize("code", list(ErrorCode))
def test_every_code_fits(code: ErrorCode) -> None:
    assert len(write_part([line(1, "a", None, code)])) == 2 * ROW_BYTES


@pytest.mark.parametrize("line_id", ["", "a" * 65, "é" * 33, "a\nb", "a\x00", " a", "a ", "\u200b", "\ud800"])
def test_a_line_id_that_does_not_fit_is_left_blank_at_the_same_width(line_id: str) -> None:
    written = write_part([line(1, line_id, Answer.CONFIRMED, None)])
    assert len(written) == 2 * ROW_BYTES
    assert read_part(written)[0].line_id.reveal() == ""


@given(st.lists(ANSWERS, min_size=1, max_size=6), st.lists(ANSWERS, min_size=1, max_size=6))
def test_size_depends_on_the_number_of_rows_alone(left: list[object], right: list[object]) -> None:
    sizes = [len(write_part([line(1, "x", *one) for one in some])) for some in (left, right)]  # type: ignore[misc]
    assert (sizes[0] == sizes[1]) == (len(left) == len(right))


def test_neither_and_both_of_answer_and_code_are_refused() -> None:
    for answer, code in ((None, None), (Answer.CONFIRMED, ErrorCode.REFERRED)):
        with pytest.raises(PrivityError):
            write_part([line(1, "a", answer, code)])


@given(st.integers(0, 2 * ROW_BYTES - 1), st.integers(1, 255))
def test_there_is_no_second_spelling_of_a_row(place: int, flip: int) -> None:
    """A changed byte is refused, or read as what it says and written again to the very same bytes."""
    changed = bytearray(write_part([line(7, "abc", Answer.CONFIRMED, None)]))
    changed[place] ^= flip
    try:
        lines = read_part(bytes(changed))
    except PrivityError:
        return
    assert write_part(lines) == bytes(changed)


@pytest.mark.parametrize("cut", [0, 1, ROW_BYTES - 1, ROW_BYTES + 1, 2 * ROW_BYTES - 1])
def test_a_cut_part_is_refused(cut: int) -> None:
    with pytest.raises(PrivityError) as refused:
        read_part(write_part([line(7, "abc", Answer.CONFIRMED, None)])[:cut])
    assert refused.value.code is ErrorCode.PACKAGE_INVALID


def test_everything_that_officers_approve_is_in_the_hash() -> None:
    rows = (line(1, "a", Answer.CONFIRMED, None), line(2, "b", None, ErrorCode.CASE_MISSING))
    part = ResponsePart("parts/0001.p7m", "officer", "c" * 64, write_part(rows))
    turned = write_part((replace(rows[0], answer=Answer.NO_CONFIRMATION), rows[1]))
    base = unsigned_response(FACTS, [part])
    others = [
        unsigned_response(replace(FACTS, request_id="R-2"), [part]),
        unsigned_response(replace(FACTS, agreement_digest="0" * 64), [part]),
        unsigned_response(replace(FACTS, returned_whole=True), [part]),
        unsigned_response(FACTS, [replace(part, recipient="d" * 64)]),
        unsigned_response(FACTS, [replace(part, officer="other")]),
        unsigned_response(FACTS, [replace(part, plaintext=write_part(rows[:1]))]),
        unsigned_response(FACTS, [replace(part, plaintext=turned)]),
    ]
    hashes = {content_hash(b"s" * 32, one) for one in [base, *others]} | {content_hash(b"t" * 32, base)}
    assert len(hashes) == len(others) + 2
    with pytest.raises(PrivityError):
        content_hash(b"short", base)
