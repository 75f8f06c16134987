"""The last line of an address: city, state and ZIP, and whether they can be true together.

Does: check and complete, by rule, what split columns or a parser give. Does not: repair a ZIP, ever; a four-digit ZIP
has lost a zero somewhere, and where one was lost others may have been.
Source: RULES L03 and L04; Publication 28, section 22.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from privity.normalise import places
from privity.normalise.text import fold

_ZIP: Final = re.compile(r"(\d{5})(?:[- ]?\d{4})?")
_FOREIGN_CODE: Final = re.compile(r"[A-Z]\d[A-Z] ?\d[A-Z]\d|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}")


IMPOSSIBLE: Final = frozenset({"state_unknown", "zip_unknown", "zip_state_conflict"})
"""Defects that are told before any of the street: such a last line misleads the reading of the rest."""


class LastLine(NamedTuple):
    """City (comparable form), state code, ZIP, fatal defect or "", and remarks."""

    city: str
    state: str
    zip5: str
    defect: str = ""
    remarks: tuple[str, ...] = ()


def read_zip(text: str) -> tuple[str, str]:
    """(five digits or "", "" or a defect word) of a postal-code column."""
    if len(text) == 5 and text.isascii() and text.isdigit():
        return text, ""
    plain = fold(text).strip()
    if not plain:
        return "", ""
    found = _ZIP.fullmatch(plain)
    if found:
        return found.group(1), ""
    return "", "foreign" if _FOREIGN_CODE.fullmatch(plain) else "zip_malformed"


@lru_cache(maxsize=1 << 16)
def last_line(city: str, state_text: str, zip5: str) -> LastLine:
    """Check and complete. `city` in any form, `state_text` as supplied, `zip5` five digits or ""."""
    state, key = places.state_code(state_text), places.city_key(city)
    if not key and state in places.MILITARY_STATES and zip5:
        key = "APO"  # the military city carries nothing that the ZIP does not
    if state_text.strip() and not state:
        return LastLine(key, "", zip5, "state_unknown")
    if not key:
        return LastLine(key, state, zip5, "no_city")
    return _with_zip(key, state, zip5) if zip5 else _without_zip(key, state)


def _with_zip(key: str, state: str, zip5: str) -> LastLine:
    remarks: tuple[str, ...] = ()
    if not state:
        state, remarks = places.state_of(zip5), ("state_completed",)
    if not places.zip_prefix_exists(zip5):
        return LastLine(key, state, zip5, "zip_unknown")
    if not state:
        return LastLine(key, "", zip5, "no_state")
    if not places.zip_prefix_agrees(zip5, state):
        return LastLine(key, state, zip5, "zip_state_conflict")
    if state not in places.MILITARY_STATES and key not in places.cities_of(zip5):
        remarks = (*remarks, "city_not_at_zip")
    return LastLine(key, state, zip5, "", remarks)


def _without_zip(key: str, state: str) -> LastLine:
    if not state:
        return LastLine(key, "", "", "no_state")
    zips = places.zips_of(key, state)
    if len(zips) != 1:
        return LastLine(key, state, "", "no_zip")
    return LastLine(key, state, next(iter(zips)), "", ("zip_completed",))
