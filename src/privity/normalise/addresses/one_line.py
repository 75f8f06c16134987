"""A one-line address cut into the columns a split one has: street lines, city, state, ZIP.

Does: take ZIP, then state, then city off the end, the city by the table of cities at that ZIP (or by the comma before
it), so that both forms of one address are read alike. Does not: guess. Where two cities fit, or none does and no comma
tells, the city is unclear.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from privity.normalise import places
from privity.normalise.addresses.words import SUFFIXES

_LONGEST_CITY: Final = 5  # words
_STATE_NAMES: Final = tuple(
    sorted((name for name in places.STATE_NAMES if name != "WASHINGTON DC"), key=len, reverse=True)
)
_ANY_STATE: Final = "|".join((*sorted(places.states()), *_STATE_NAMES))
_TOWN_OF: Final = re.compile(r"(?<=, )(?:TOWN|CITY|VILLAGE|TOWNSHIP|BOROUGH) OF (?=[A-Z -]+$)")
_LOST_ZIP: Final = re.compile(
    rf"[ ,](?:{_ANY_STATE})[ ,]+(?:\d{{1,4}}|\d{{6,8}}|\d{{10,}}|\d{{5}}-\d{{0,3}}|\d{{5}}-\d{{5,}})$"
)
_ZIP: Final = re.compile(r"(?:^|[ ,])(\d{5})(?:[- ]?\d{4})?$")


class Cut(NamedTuple):
    """The columns found in one line, and "" or a fatal defect word."""

    line1: str
    line2: str = ""
    city: str = ""
    state: str = ""
    zip5: str = ""
    defect: str = ""


def cut(line: str) -> Cut:
    """Cut a tidied line (single blanks, ", " between parts)."""
    found = _ZIP.search(line)
    zip5 = found.group(1) if found else ""
    if not found and _LOST_ZIP.search(line):
        return Cut(line, defect="zip_malformed")
    rest = line[: found.start()].rstrip(" ,") if found else line
    shorter, state = _take_state(rest)
    if not state:
        return _with_city(rest, "", zip5) if zip5 else Cut(rest, defect="no_state")
    best = _with_city(shorter, state, zip5)
    if best.defect and zip5:  # "…, New York 10001": the state's name was the city
        without = _with_city(rest, "", zip5)
        if not without.defect:
            return without
    return best


def _take_state(line: str) -> tuple[str, str]:
    """(line without its closing state, code), or (line, "")."""
    head, _, last = line.replace(",", " ,").rpartition(" ")
    if last in places.states() and head:
        return line[: -len(last)].rstrip(" ,"), last
    for name in _STATE_NAMES:
        if line.endswith(name) and line[: -len(name)].endswith((" ", ",")):
            return line[: -len(name)].rstrip(" ,"), places.STATE_NAMES[name]
    return line, ""


def _with_city(line: str, state: str, zip5: str) -> Cut:
    """Take the city off the end of `line` (what stands before the state)."""
    line = _TOWN_OF.sub("", line)
    parts = line.split(", ")
    if len(parts) == 1 and not _ends(line):
        return Cut(line, "", "", state, zip5, "no_city")
    if len(parts) > 1 and _is_city(parts[-1], state, zip5):
        return _cut_lines(", ".join(parts[:-1]), parts[-1], state, zip5)
    cities = _cities_at_end(line, state, zip5)
    if len(cities) == 1 or (cities and line[: -len(cities[0])].endswith(", ")):
        return _cut_lines(line[: -len(cities[0])].rstrip(" ,"), cities[0], state, zip5)
    if not cities and len(parts) > 1 and state and re.fullmatch(r"[A-Z][A-Z -]{2,}", parts[-1]):
        return _cut_lines(", ".join(parts[:-1]), parts[-1], state, zip5)
    return Cut(line, "", "", state, zip5, "city_unclear" if _ends(line) else "no_city")


def _ends(line: str) -> bool:
    return line[-1:].isalpha()


def _is_city(text: str, state: str, zip5: str) -> bool:
    key = places.city_key(text)
    return key in places.cities_of(zip5) if zip5 else bool(places.zips_of(key, state))


def _cities_at_end(line: str, state: str, zip5: str) -> list[str]:
    """Every ending of `line` that is a city: at that ZIP, else of its area, else of the state; longest first."""
    words = line.split(" ")
    endings = [" ".join(words[place:]) for place in range(max(1, len(words) - _LONGEST_CITY), len(words))]
    endings = [ending for ending in endings if "," not in ending and not ending[:1].isdigit()]
    exact = [ending for ending in endings if _is_city(ending, state, zip5)]
    if exact or not zip5:
        return exact
    of_state = state or places.state_of(zip5)
    near = [ending for ending in endings if any(other[:3] == zip5[:3] for other in places.zips_of(ending, of_state))]
    return near or [
        ending for ending in endings if _ends_a_street(line[: -len(ending)]) and places.zips_of(ending, of_state)
    ]


def _ends_a_street(line: str) -> bool:
    """Whether the last word before a city closes a street: a suffix, or a word with a digit."""
    last = line.rsplit(maxsplit=1)[-1]
    return last in SUFFIXES or any(letter.isdigit() for letter in last)


def _cut_lines(street: str, city: str, state: str, zip5: str) -> Cut:
    """Street lines as two columns: the part before the first comma, and the rest."""
    line1, _, line2 = street.partition(", ")
    return Cut(line1, line2, city, state, zip5, "" if street else "no_street")
