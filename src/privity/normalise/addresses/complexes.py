"""Names of apartment complexes and trailer parks beside a street address, set aside where they add nothing to it.

Does: take off a name that stands for the whole property ("SUNSET APARTMENTS", "SHADY ACRES TRAILER PARK", in Puerto
Rico "COND EL MONTE"), beside a street and behind a unit. Does not: take off what may tell two places at one number
apart: a building, tower, wing or phase, a direction, a numeral or a single letter. The reader of the point demands
that number, street and unit remain, else the address stays refused; and in Puerto Rico, where one number and street
may be found in several quarters of a town, it keeps the name given back here unless an urbanization tells them apart.
Source: Publication 28, sections 213 (units) and 335 (the delivery line stands alone; names are above it).
"""

from __future__ import annotations

import re
from typing import Final

from privity.normalise.addresses.units import TELLS_APART
from privity.normalise.addresses.words import DIRECTIONALS, word_set

_NOUNS: Final = (
    "APARTMENTS", "APTS", "APARTAMENTOS", "APARTMENT HOMES", "APARTMENT COMPLEX", "TOWNHOMES", "TOWNHOUSES",
    "CONDOMINIUMS", "CONDOS", "MHP", "MHC", "TRAILER PARK", "TRAILER PK", "TRAILER COURT", "TRLR PARK", "TRLR PK",
    "MOBILE HOME PARK", "MOBILE HOME PK", "MOBILE HOME COMMUNITY", "MOBILE HOME ESTATES", "MOBILE HOME VILLAGE",
    "MOBILE ESTATES", "MOBILE PARK", "MANUFACTURED HOME COMMUNITY", "RV PARK", "RV RESORT",
)  # fmt: skip
COMPLEX_WORDS: Final = word_set(
    "APARTMENTS APTS APARTAMENTOS HOMES COMPLEX TOWNHOMES TOWNHOUSES CONDOMINIUMS CONDOS MHP MHC PARK PK COURT "
    "COMMUNITY ESTATES VILLAGE RESORT COND CONDOMINIO"
)
"""Without one of these words a line names no complex."""
_NOUN: Final = "|".join(_NOUNS)
_NAME: Final = r"[A-Z]+(?: [A-Z]+){0,4}?"
_VALUE: Final = r"(?:[A-Z]-?)?\d{1,5}[A-Z]?|[A-Z]"
_UNIT: Final = rf"(?:APT|APARTMENT|UNIT|LOT|LT|SPC|SPACE|TRLR|#) ?(?:# ?)?(?:{_VALUE})"
_ALONE: Final = re.compile(rf"(?:({_UNIT}) )?({_NAME}) (?:{_NOUN})(?: ({_UNIT}))?")
_BEFORE_HOUSE: Final = re.compile(rf"({_NAME}) (?:{_NOUN}) (\d+[A-Z]? .+ .+)")
_BEHIND_UNIT: Final = re.compile(rf"(\d.* {_UNIT}) ({_NAME}) (?:{_NOUN})")
_CONDOMINIO: Final = re.compile(rf"COND(?:OMINIO)? ({_NAME})(?: (\d+[A-Z]? .+ .+))?")
_SMALL: Final = word_set("AT OF ON BY LA EL DE LAS LOS DEL")
_TELLS_APART: Final = (
    TELLS_APART
    | DIRECTIONALS.keys()
    | word_set(
        "II III IV VI VII VIII IX XI SECT BLK HALL HOUSE ANNEX ANEX BARN NO "
        "EXT EXTENSION ETAPA FASE MODULO INNER OUTER NEW OLD ALPHA BETA GAMMA DELTA OMEGA TRACT DISTRICT STREET ST "
        "NORTHSIDE SOUTHSIDE EASTSIDE WESTSIDE NORTHERN SOUTHERN EASTERN WESTERN"
    )
)  # fmt: skip


def without_complex(line1: str, line2: str, state: str) -> tuple[str, str, str]:
    """(line 1, line 2, the name set aside or "") of tidied street lines; unchanged where none or several stand."""
    found: list[str] = []
    parts: list[str] = []
    for part in f"{line1}, {line2}".split(", "):
        rest = _without(part, state)
        if rest is not None:
            found.append(rest[1])
        parts.append(part if rest is None else rest[0])
    if len(found) != 1:
        return line1, line2, ""
    parts = sorted(filter(None, parts), key=lambda part: not part[:1].isdigit())  # the street before its unit
    if not parts or not parts[0][:1].isdigit():
        return line1, line2, ""
    return parts[0], ", ".join(parts[1:]), found[0]


def _without(part: str, state: str) -> tuple[str, str] | None:
    """(what is left of one part, the complex's name), or None where it names no complex that may be set aside."""
    if state == "PR":
        found = _CONDOMINIO.fullmatch(part)
        if found and _names_all(found.group(1)):
            return found.group(2) or "", found.group(1)
    found = _ALONE.fullmatch(part)
    if found and _names_all(found.group(2)) and not (found.group(1) and found.group(3)):
        return found.group(1) or found.group(3) or "", found.group(2)
    found = _BEFORE_HOUSE.fullmatch(part)
    if found and _names_all(found.group(1)):
        return found.group(2), found.group(1)
    found = _BEHIND_UNIT.fullmatch(part)
    return (found.group(1), found.group(2)) if found and _names_all(found.group(2)) else None


def _names_all(name: str) -> bool:
    """Whether a complex's name has nothing in it that could tell one of its parts from another."""
    words = name.split()
    sound = all(word in _SMALL or (len(word) > 2 and word not in _TELLS_APART) for word in words)
    return sound and any(word not in _SMALL for word in words)
