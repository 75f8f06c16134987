"""Moments, words and truth values as columns keep them. Times of day in other zones never reach a column."""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import Enum
from typing import Any


def to_text(moment: datetime) -> str:
    """UTC, microseconds, one width: text order is time order."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def from_text(text: str) -> datetime:
    """The moment that `to_text` wrote."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


def maybe(text: str | None) -> datetime | None:
    """The moment, where there is one."""
    return None if text is None else from_text(text)


def plain(value: Any) -> Any:
    """One field of a stored record as its column wants it: moments and days as text, words as their values."""
    if isinstance(value, datetime):
        return to_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return int(value)
    return value.value if isinstance(value, Enum) else value
