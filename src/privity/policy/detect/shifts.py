"""L15: values in the wrong column, seen by their shape: a ZIP in the state, a street in the city, a date in a name."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from privity.domain.request import LineContent
from privity.normalise import places
from privity.policy.detect.periods import is_sentinel, read_day

_ZIP: Final = re.compile(r"\s*\d{5}(?:-?\d{4})?\s*\Z")
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}/\d{2,4}")
_STREET: Final = re.compile(
    r"\s*\d+[A-Z]?\s+\w+.*\b(?:ST|STREET|AVE|AVENUE|RD|ROAD|DR|DRIVE|LN|LANE|BLVD|CT|WAY|PL|HWY|CIR)\b", re.IGNORECASE
)
_UNIT: Final = re.compile(r"\s*(?:APT|UNIT|STE|SUITE|#|PO BOX|P\.?O\.? BOX)\b", re.IGNORECASE)
_CODE: Final = re.compile(r"\s*(?:[A-Z]{1,4}-?)?\d{5,}[\d-]*\s*\Z", re.IGNORECASE)
_LETTERS: Final = re.compile(r"[A-Za-z .]+\Z")
_GENERATION: Final = re.compile(
    r"\s*(?:JR|SR|JNR|SNR|JUNIOR|SENIOR|I{1,3}|IV|VI{0,3}|[1-9](?:ST|ND|RD|TH))?\.?\s*\Z", re.IGNORECASE
)
_IDENTIFIER: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9 .\-]{2,30}\Z")


def shift_defect(content: LineContent) -> tuple[str, str] | None:
    """The first column that holds another column's kind of value, and what is wrong, without the value."""
    name, address = content.name, content.address
    for field, text in (
        ("given_name", name.given_name),
        ("middle_name", name.middle_name),
        ("family_name", name.family_name),
        ("full_name", name.full_name),
    ):
        if text and not text.isalpha() and _is_foreign_to_names(text):
            return field, "holds an address, a date or a number"
    if name.generation and not _GENERATION.match(name.generation):
        return "generation", "holds something else than Jr, Sr or a number"
    return _other_shift(content) if address.address else _address_shift(content)


def _is_foreign_to_names(text: str) -> bool:
    return bool(
        _DATE.search(text)
        or _STREET.match(text)
        or _ZIP.match(text)
        or _CODE.match(text)
        or "@" in text
        or _UNIT.match(text)
    )


def _address_shift(content: LineContent) -> tuple[str, str] | None:
    address = content.address
    zip_code = address.postal_code.strip()
    found = _place_shift(address.city.strip(), address.state.strip())
    if found:
        return found
    if not zip_code.isdigit() and (_LETTERS.match(zip_code) or _STREET.match(zip_code)):
        return "postal_code", "holds a name or a street"
    line1, line2 = address.address_line1, address.address_line2
    if _has_date(line1) or _has_date(zip_code):
        return "address_line1", "holds a date"
    if not line1.strip() and _STREET.match(line2):
        return "address_line1", "is empty while line 2 holds the street"
    return _other_shift(content)


@lru_cache(maxsize=1 << 14)
def _place_shift(city: str, state: str) -> tuple[str, str] | None:
    """City and state, of which there are few."""
    if any(map(str.isdigit, state)):
        return "state", "holds digits"
    if city.isdigit() or any(one.match(city) for one in (_ZIP, _STREET, _UNIT)):
        return "city", "holds a street or a ZIP"
    if _DATE.search(city):
        return "city", "holds a date"
    is_state = places.state_code(city) and (not state or (len(state) > 2 and not places.state_code(state)))
    return ("city", "holds a state") if len(city) == 2 and is_state else None


def _has_date(text: str) -> bool:
    return ("-" in text or "/" in text) and bool(_DATE.search(text))


def _other_shift(content: LineContent) -> tuple[str, str] | None:
    if content.birth_date.strip():
        day = read_day(content.birth_date)
        if day is None or is_sentinel(day):
            return "birth_date", "not a calendar date (YYYY-MM-DD) of a birth"
    identifier = content.identifier.strip()
    if identifier and (
        not _IDENTIFIER.match(identifier)
        or sum(map(str.isdigit, identifier)) < 4
        or len({one for one in identifier if one.isdigit()}) == 1
        or _DATE.search(identifier)
    ):
        return "identifier", "not an identifier"
    return None
