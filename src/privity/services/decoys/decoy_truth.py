"""Whether a planted line might be true after all: plain comparison of texts with an extract, without the matcher.

It errs on the side of doubt: equal house number, ZIP, unit and given name, and a period that touches, are enough. It
must not use `matching` or `normalise`: a decoy is there to catch their mistakes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from privity.domain.request import LineContent
from privity.wire.register_format import BROKEN, COLUMNS, Row, read_rows

_CHUNK: Final = 20_000
_UNIT: Final = re.compile(
    r"(?:\b(?:APT|APARTMENT|UNIT|STE|SUITE|FL|FLOOR|LOT|TRLR|BLDG|RM|ROOM|PH|NO|SPC|SPACE|DEPT)\b\.?|#)\s*#?\s*([A-Z0-9-]+)"
)
_WORD: Final = re.compile(r"[A-Z0-9]+")
_ALWAYS: Final = (date.min, date.max)
Span = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Extract:
    """A register extract as rows of column name and text."""

    path: Path

    def rows(self) -> Iterator[dict[str, str]]:
        """Every readable row. Raises PrivityError REGISTER_INVALID."""
        with self.path.open("rb") as source:
            for chunk in read_rows(source, _CHUNK):
                for row in chunk:
                    if row[0] != BROKEN:
                        yield _named(row)


def _named(row: Row) -> dict[str, str]:
    return dict(zip(COLUMNS, row, strict=True))


@dataclass(frozen=True, slots=True, repr=False)
class Claim:
    """What a line or a row says, in the few plain texts that are compared."""

    place: tuple[str, str]  # ZIP, house number
    unit: str
    given: str
    spans: tuple[Span, ...]

    @property
    def site(self) -> tuple[str, str, str]:
        """ZIP, house number, unit."""
        return (*self.place, self.unit)

    def agrees(self, other: Claim) -> bool:
        """Whether one could make the other true."""
        return self.given == other.given and self.is_like(other)

    def is_like(self, other: Claim) -> bool:
        """Whether both speak of one site and time, and of given names that begin alike: enough not to derive it."""
        touching = any(a[0] <= b[1] and b[0] <= a[1] for a in self.spans for b in other.spans)
        return touching and self.site == other.site and self.given[:1] == other.given[:1]


def claim_of(fields: dict[str, str], spans: tuple[Span, ...]) -> Claim:
    """The claim of a row or line, by its columns."""
    address = address_of(fields).upper()
    digits = re.findall(r"\b\d{5}\b", fields.get("postal_code", "").strip().zfill(5) + " " + fields.get("address", ""))
    number = re.search(r"[0-9]+", address)
    unit = "".join(sorted(_UNIT.findall(address)))
    return Claim((digits[-1] if digits else "", number[0] if number else ""), unit, given_of(fields), spans)


def address_of(fields: dict[str, str]) -> str:
    """The address lines, or the one-line address, as one text."""
    return " ".join(filter(None, (fields.get(name, "") for name in ("address_line1", "address_line2", "address"))))


def given_of(fields: dict[str, str]) -> str:
    """The first given name, upper-case letters; of LAST, FIRST the part after the comma."""
    text = fields.get("given_name", "") or fields.get("full_name", "").rpartition(",")[2]
    words = _WORD.findall(text.upper())
    return words[0] if words else ""


def span_of(fields: dict[str, str]) -> Span:
    """The validity of a row; unreadable or absent ends are open."""
    return _day(fields.get("valid_from", ""), date.min), _day(fields.get("valid_to", ""), date.max)


def spans_of(periods: str) -> tuple[Span, ...]:
    """The periods of a line: years or ranges of days; anything else counts as always."""
    spans = []
    for part in filter(None, (part.strip() for part in periods.split(";"))):
        years = re.fullmatch(r"(\d{4})", part)
        days = re.findall(r"\d{4}-\d{2}-\d{2}", part)
        if years:
            spans.append((date(int(part), 1, 1), date(int(part), 12, 31)))
        elif len(days) == 2:
            spans.append((_day(days[0], date.min), _day(days[1], date.max)))
        else:
            spans.append(_ALWAYS)
    return tuple(spans) or (_ALWAYS,)


def _day(text: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return otherwise


def may_be_true(lines: Sequence[LineContent], extract: Extract) -> set[int]:
    """Places of the lines that some row of the extract could make true. One pass; holds only the lines."""
    asked: dict[tuple[str, str], list[tuple[int, Claim]]] = {}
    for place, line in enumerate(lines):
        claim = claim_of(_fields(line), spans_of(line.periods))
        asked.setdefault(claim.place, []).append((place, claim))
    doubtful: set[int] = set()
    for row in extract.rows():
        claim = claim_of(row, (span_of(row),))
        doubtful.update(place for place, one in asked.get(claim.place, ()) if one.agrees(claim))
    return doubtful


def _fields(line: LineContent) -> dict[str, str]:
    name, address = line.name, line.address
    return {
        "given_name": name.given_name,
        "full_name": name.full_name,
        "address_line1": address.address_line1,
        "address_line2": address.address_line2,
        "address": address.address,
        "postal_code": address.postal_code,
    }
