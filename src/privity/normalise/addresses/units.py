"""Units: which words name one, which stand alone, and the one form all units of an address take together.

Does: keep the class of a unit (FL 3 is not STE 3), and every unit there is. Does not: compare; a unit is never fuzzy.
Source: Publication 28, section 213 and appendix C2.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from privity.normalise.addresses.local_forms import DWELLING_CLASSES, DWELLING_WORDS
from privity.normalise.addresses.words import CARDINALS, ORDINALS, TENS, word_set

PLAIN_CLASS: Final = "APT"
"""The class of dwellings that Publication 28 lets people write as APT, UNIT, # or a bare value: one class."""

UNIT_WORDS: Final[Mapping[str, str]] = {
    "APT": "APT", "APARTMENT": "APT", "APTO": "APT", "APMT": "APT", "UNIT": "APT", "UNT": "APT", "NO": "APT",
    "NUMBER": "APT", "NUM": "APT", "#": "APT", "": "APT", "APTMT": "APT", "APPT": "APT", "APARTAMENTO": "APT",
    "STE": "STE", "SUITE": "STE", "SUIT": "STE", "FL": "FL", "FLOOR": "FL", "FLR": "FL", "PISO": "FL",
    "BLDG": "BLDG", "BUILDING": "BLDG", "BLD": "BLDG", "BDG": "BLDG", "EDIF": "BLDG", "EDIFICIO": "BLDG",
    "PH": "PH", "PENTHOUSE": "PH", "LOT": "LOT", "LT": "LOT", "TRLR": "TRLR", "TRAILER": "TRLR", "TRL": "TRLR",
    "SPC": "SPC", "SPACE": "SPC", "SP": "SPC", "RM": "RM", "ROOM": "RM", "DEPT": "DEPT", "DEPARTMENT": "DEPT",
    "OFC": "OFC", "OFFICE": "OFC", "HNGR": "HNGR", "HANGER": "HNGR", "HANGAR": "HNGR", "KEY": "KEY", "LBBY": "LBBY",
    "LOBBY": "LBBY", "PIER": "PIER", "SLIP": "SLIP", "STOP": "STOP", "PMB": "PMB", "BSMT": "BSMT", "BASEMENT": "BSMT",
    "BSMNT": "BSMT", "FRNT": "FRNT", "FRONT": "FRNT", "LOWR": "LOWR", "LOWER": "LOWR", "LWR": "LOWR", "REAR": "REAR",
    "SIDE": "SIDE", "UPPR": "UPPR", "UPPER": "UPPR", "UPR": "UPPR",
    "LEVEL": "LEVEL", "LEVL": "LEVEL", "LVL": "LEVEL", "TOWER": "TOWER", "TWR": "TOWER",
    **{name: name for name in DWELLING_CLASSES},
}  # fmt: skip
"""Spelling -> class."""

TELLS_APART: Final = (
    (frozenset(word for word in UNIT_WORDS if len(word) > 1) - {"NO"})
    | DWELLING_WORDS | CARDINALS.keys() | ORDINALS.keys() | TENS.keys()
    | word_set(
        "ELEVEN TWELVE UNO DOS TRES CUATRO CINCO SEIS TOWERS TORRE TORRES WING BACK MIDDLE TOP BOTTOM LOFT GUEST "
        "GUESTHOUSE INLAW DORM PHASE SECTION BLOCK APARTMENTS APTS BOX ALTO ALTOS BAJO BAJOS ABAJO ARRIBA SOTANO "
        "ANEXO MARQUESINA TRASERA BARN SHED ADU JADU CAMPER RV DORMITORY HALL MAINHOUSE BACKHOUSE POOLHOUSE CARRIAGE "
        "COACH BUNKHOUSE BARNDOMINIUM OUTBUILDING BUNGALOW BARRACKS YURT TENT INN MEZZANINE"
    )
)  # fmt: skip
"""Words that may tell two places at one number apart: a name that holds one of them is never set aside."""

_NUMBER_WORDS: Final = frozenset({"NO", "NUMBER", "NUM"})
_APARTMENTS: Final = frozenset({"APTMNT", "APRT", "APMT", "APPT", "APTMT", "AP", "UNT", "UN", "U", "FLT", "FLAT"})
_SURELY_APARTMENTS: Final = frozenset({"APTMNT", "APRT", "APMT", "APTMT", "UNT"})
_HAS_DIGIT: Final = re.compile(r"\d")
_NUMBERS: Final = frozenset({"NO", "NBR", "NR", "NUM", "NUMBER"})

ALONE: Final = (
    frozenset({"BSMT", "FRNT", "LBBY", "LOWR", "OFC", "PH", "REAR", "SIDE", "UPPR", "BLDG", "TRLR"}) | DWELLING_CLASSES
)
"""Classes that name a place without a value (appendix C2: "does not require a secondary number"); also the one
building or trailer of a lot, which people write without one."""

_SEVERAL: Final = re.compile(r"\b(?:AND|OR|TO|THRU)\b")
_BETWEEN_KINDS: Final = re.compile(r"(?<=[A-Z])[- ]+(?=\d)|(?<=\d)[- ]+(?=[A-Z])|(?<=[A-Z])[- ]+(?=[A-Z])")
_BETWEEN_DIGITS: Final = re.compile(r"(?<=\d)[- ]+(?=\d)")
_VALUE: Final = re.compile(r"[A-Z0-9]+(?:-[0-9]+)*")


@lru_cache(maxsize=1 << 14)
def unit_value(text: str) -> str:
    """One form of a unit's value: "4-B", "4 B" and "4B" agree, "1-12" and "112" do not, "007" is "7", "0" stays.

    Returns "?" for a value that is none (signs, fractions, several values).
    """
    if _SEVERAL.search(text):
        return "?"
    value = _BETWEEN_DIGITS.sub("-", _BETWEEN_KINDS.sub("", text.strip(" #-")))
    if value.isdigit():
        return value.lstrip("0") or "0"
    return value if not value or _VALUE.fullmatch(value) else "?"


def _apart(designator: str, raw: str) -> list[tuple[str, str]]:
    """A value that holds another unit ("284L FL 2") cut into the units it holds."""
    pairs = [(designator, "")]
    for word in raw.split():
        if word in UNIT_WORDS and len(word) > 1 and word not in _NUMBER_WORDS:
            pairs.append((word, ""))
        else:
            pairs[-1] = (pairs[-1][0], f"{pairs[-1][1]} {word}".strip())
    return pairs


def join_units(units: Iterable[tuple[str, str]]) -> tuple[str, str]:
    """(canonical unit, "" or a fatal defect word) from (designator, value) pairs in any order.

    Repeats count once; two values of one class are a defect. So is a designator that needs a value and has none, unless
    it only introduces another unit ("APT UPPER"). A value without a designator is of the plain class.
    """
    found: set[str] = set()
    empty = ""
    for designator, raw in (pair for unit in units for pair in _apart(*unit)):
        name, value = UNIT_WORDS.get(designator, "?"), unit_value(raw)
        if name == "?" or value == "?":
            return "", "unit_unclear"
        if value:
            found.add(f"{name} {value}")
        elif name in ALONE:
            found.add(name)
        else:
            empty = name
    classes = [unit.partition(" ")[0] for unit in found]
    if len(set(classes)) < len(classes):
        return "", "unit_unclear"  # UNIT 3 APT 4 must not become APT 3 UNIT 4
    introduces = any(unit in ALONE or unit.startswith(f"{PLAIN_CLASS} ") for unit in found)
    if empty and not (empty == PLAIN_CLASS and introduces):
        return "", "unit_without_number"
    return "|".join(sorted(found)), ""


def respelt(line: str, *, only_units: bool) -> str:
    """A tidied street line with rarer unit designators in their common spelling.

    `only_units` says that the line holds units alone (a second line); then short spellings (U, AP, FLAT) count too.
    """
    words = line.split()
    known = _APARTMENTS if only_units else _SURELY_APARTMENTS
    if known.isdisjoint(words) and _NUMBERS.isdisjoint(words) and "GROUND" not in words:
        return line
    found: list[str] = []
    for place, word in enumerate(words):
        following = words[place + 1] if place + 1 < len(words) else ""
        after_unit = bool(found) and (found[-1] in UNIT_WORDS and found[-1] not in _NUMBERS)
        if word in _SURELY_APARTMENTS or (word in known and (following == "#" or _HAS_DIGIT.search(following))):
            found.append("APT")
        elif word in _NUMBERS and after_unit:
            continue
        elif word in _NUMBERS and only_units and not found:
            found.append("#")
        else:
            found.append(word)
    respelled = " ".join(found)
    return re.sub(r"^GROUND (?:FLOOR|FLR|FL)$", "FL G", respelled) if only_units else respelled
