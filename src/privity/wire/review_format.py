"""The clerical review sample: a CSV that names lines and register rows by number, and takes the reviewer's verdicts.

Bytes in, values out. Holds no value of a line or row. `draw` ties the rows together, so that a row that was lost,
added or renumbered is noticed; it is no protection against someone who wants to deceive.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from privity.domain.errors import ErrorCode, PrivityError

COLUMNS: Final = ("draw", "seed", "policy", "level", "confirmed_at_level", "line", "register_rows", "verdict")
_MEND: Final = "fill in the column verdict (same, different or unsure) of the file that `evaluate --sample` wrote"


class ReviewVerdict(StrEnum):
    """What a reviewer found when comparing line and register rows."""

    PENDING = ""
    SAME = "same"  # one person, at this address, in the asked period
    DIFFERENT = "different"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class SampleRow:
    """One drawn confirmation: 1-based line of the request file, 1-based data rows of the confirmed person."""

    seed: int
    policy: str
    level: str
    confirmed_at_level: int
    line: int
    register_rows: tuple[int, ...]
    verdict: ReviewVerdict = ReviewVerdict.PENDING


def write_sample(rows: Sequence[SampleRow]) -> bytes:
    """The file to fill in: UTF-8 CSV."""
    draw = _draw(rows)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow((draw, *_cells(row), row.verdict.value))
    return text.getvalue().encode()


def read_sample(document: bytes) -> list[SampleRow]:
    """The filled-in file. Raises PrivityError FORMAT_INVALID, naming columns and row numbers, never a value."""
    try:
        cells = list(csv.reader(io.StringIO(document.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error):
        raise _invalid("the review sample is not UTF-8 CSV") from None
    if not cells or tuple(name.strip() for name in cells[0]) != COLUMNS:
        raise _invalid(f"the review sample's columns must be {', '.join(COLUMNS)}")
    filled = [(number, row) for number, row in enumerate(cells[1:], 1) if row]
    rows = [_row(number, row) for number, row in filled]
    if not rows:
        raise _invalid("the review sample has no rows")
    if {row[0].strip() for _, row in filled} != {_draw(rows)}:
        raise _invalid("the review sample was changed in another column than verdict, or rows are missing or added")
    return rows


def _cells(row: SampleRow) -> tuple[object, ...]:
    places = " ".join(map(str, row.register_rows))
    return row.seed, row.policy, row.level, row.confirmed_at_level, row.line, places


def _draw(rows: Sequence[SampleRow]) -> str:
    told = "\n".join("\x1f".join(map(str, _cells(replace(row, verdict=ReviewVerdict.PENDING)))) for row in rows)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _row(number: int, cells: Sequence[str]) -> SampleRow:
    if len(cells) != len(COLUMNS):
        raise _invalid(f"row {number} of the review sample has another number of cells than its header")
    _, seed, policy, level, confirmed, line, places, verdict = (cell.strip() for cell in cells)
    try:
        found = ReviewVerdict(verdict.lower())
        rows = tuple(int(place) for place in places.split())
        return SampleRow(int(seed), policy, level, int(confirmed), int(line), rows, found)
    except ValueError:
        raise _invalid(f"row {number} of the review sample has a verdict or a number that is none") from None


def _invalid(message: str) -> PrivityError:
    return PrivityError(ErrorCode.FORMAT_INVALID, message, _MEND)
