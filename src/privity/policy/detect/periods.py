"""L06 and L08: periods and dates as supplied text. Real calendar dates only; nothing is guessed or repaired."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import Final

from privity.domain.request import Period

_YEAR: Final = re.compile(r"(?:(?:TY|FY)\s?)?((?:19|20)\d\d)\Z")
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_RANGE: Final = re.compile(r"\s*(?:/|\.\.|\bto\b)\s*")

SENTINELS: Final = frozenset(
    {
        "1899-12-30",
        "1899-12-31",
        "1900-01-01",
        "1900-01-02",
        "1901-01-01",
        "1970-01-01",
        "1969-12-31",
        "1980-01-01",
        "1753-01-01",
        "1582-10-15",
    }
)
"""Days that programs write where no day is known."""


@lru_cache(maxsize=8192)
def read_day(text: str) -> date | None:
    """An ISO 8601 calendar date (YYYY-MM-DD), or None. Python's laxer forms are refused."""
    text = text.strip()
    if not _DAY.match(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def is_sentinel(day: date) -> bool:
    """Whether the date is one that stands for "unknown"."""
    return day.isoformat() in SENTINELS or day.year < 1900 or day.year >= 2100


@lru_cache(maxsize=4096)
def read_periods(text: str) -> tuple[Period, ...] | None:
    """Years or ranges of days, `;` between; None where any part is not a named, closed period."""
    parts = [part.strip() for part in text.strip().strip(";").split(";")]
    periods = [_read_period(part) for part in parts]
    found = tuple(period for period in periods if period is not None)
    if len(found) != len(parts) or len(set(found)) != len(found):
        return None
    return tuple(sorted(found, key=lambda one: (one.start, one.end)))


def _read_period(text: str) -> Period | None:
    year = _YEAR.match(text)
    if year:
        return Period(date(int(year[1]), 1, 1), date(int(year[1]), 12, 31))
    ends = _RANGE.split(text)
    if len(ends) != 2:
        return None
    if all(_YEAR.match(end) for end in ends):
        start, end = _read_period(ends[0]), _read_period(ends[1])
        return Period(start.start, end.end) if start and end and start.end < end.start else None
    first, last = read_day(ends[0]), read_day(ends[1])
    return Period(first, last) if first and last and first <= last else None
