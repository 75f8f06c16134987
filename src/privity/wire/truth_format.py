"""The truth file of `privity evaluate`: which line should be confirmed for whom.

Columns `line_id, person_ref` and optionally `class`; an empty `person_ref` says that the line must not be confirmed.
Bytes in, values out; CSV in UTF-8 with or without BOM.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from typing import Final

from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.personal import Personal

REQUIRED, OPTIONAL = ("line_id", "person_ref"), ("class",)
MOST_CLASSES: Final = 64
_CLASS: Final = re.compile(r"(?=.{1,40}\Z)(?!(?:.*[0-9]){3})[a-z]+[0-9]*(?:_[a-z]+[0-9]*)*(?:_[0-9]+)?")
"""A class is printed, and so it has a form that names, addresses, dates and numbers do not: words of small letters,
with two digits at the most."""


@dataclass(frozen=True, slots=True)
class Truth:
    """What is true of one line."""

    person_ref: Personal[str]  # "": must not be confirmed
    line_class: str  # "" where the file has no classes


def read_truth(document: bytes) -> dict[str, Truth]:
    """Line id to truth. Raises PrivityError TRUTH_INVALID, naming columns and row numbers, never values."""
    if document[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise _invalid("the truth file is UTF-16, not UTF-8")
    try:
        rows = list(csv.reader(io.StringIO(document.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error):
        raise _invalid("the truth file is not UTF-8 CSV") from None
    header = [name.strip().lower() for name in rows[0]] if rows else []
    if not set(REQUIRED) <= set(header) <= {*REQUIRED, *OPTIONAL} or len(set(header)) != len(header):
        raise _invalid("the truth file's columns must be line_id, person_ref and, if wanted, class, each once")
    truths: dict[str, Truth] = {}
    for number, cells in enumerate(rows[1:], 1):
        if not cells:
            continue
        if len(cells) != len(header):
            raise _invalid(f"row {number} of the truth file has another number of cells than its header")
        row = dict(zip(header, cells, strict=True))
        if row["line_id"] in truths:
            raise _invalid(f"row {number} of the truth file repeats a line_id")
        line_class = row.get("class", "").strip()
        if line_class and not _CLASS.fullmatch(line_class):
            raise _invalid(
                f"row {number} of the truth file has a class that is not of the form street_typo: a class is a kind of "
                "line in small letters and underscores, never a value, because it is printed"
            )
        truths[row["line_id"]] = Truth(Personal(row["person_ref"].strip()), line_class)
    if len({truth.line_class for truth in truths.values()}) > MOST_CLASSES:
        raise _invalid(f"the truth file has more than {MOST_CLASSES} classes: a class is a kind of line, never a value")
    return truths


def _invalid(message: str) -> PrivityError:
    return PrivityError(ErrorCode.TRUTH_INVALID, message, "write columns line_id, person_ref, class as UTF-8 CSV")
