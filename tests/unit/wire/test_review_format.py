"""The review sample as a file: what is written is read, and only verdicts may change on the way."""

from __future__ import annotations

from dataclasses import replace

import pytest

from privity.domain.errors import ErrorCode, PrivityError
from privity.wire.review_format import COLUMNS, ReviewVerdict, SampleRow, read_sample, write_sample

ROWS = [SampleRow(7, "standard", "exact", 900, line, (line, line + 400)) for line in (3, 15, 200)]


def filled(verdicts: list[str], text: str = "") -> bytes:
    lines = (text or write_sample(ROWS).decode()).splitlines()
    pairs = zip(lines[1:], verdicts, strict=True)
    return "\r\n".join([lines[0], *(line + verdict for line, verdict in pairs)]).encode()


def test_verdicts_come_back_as_filled_in() -> None:
    assert read_sample(write_sample(ROWS)) == ROWS
    found = read_sample(b"\xef\xbb\xbf" + filled(["same", " Different", "UNSURE"]))
    verdicts = [ReviewVerdict.SAME, ReviewVerdict.DIFFERENT, ReviewVerdict.UNSURE]
    assert found == [replace(row, verdict=verdict) for row, verdict in zip(ROWS, verdicts, strict=True)]


def broken() -> list[bytes]:
    whole = filled(["same"] * 3).decode()
    lines = whole.split("\r\n")
    return [
        b"",
        ",".join(COLUMNS).encode(),
        "\r\n".join(lines[:-1]).encode(),  # a row is missing
        "\r\n".join([*lines, lines[-1]]).encode(),  # one stands twice
        "\r\n".join([lines[0], lines[2], lines[1], lines[3]]).encode(),  # another order
        whole.replace(",15,", ",16,").encode(),
        whole.replace(",900,", ",90,").encode(),
        whole.replace("same", "yes").encode(),
        whole.replace("verdict", "finding").encode(),
        whole.encode("utf-16"),
    ]


@pytest.mark.parametrize("document", broken())
def test_a_file_that_was_changed_elsewhere_proves_nothing(document: bytes) -> None:
    with pytest.raises(PrivityError) as problem:
        read_sample(document)
    assert problem.value.code is ErrorCode.FORMAT_INVALID
