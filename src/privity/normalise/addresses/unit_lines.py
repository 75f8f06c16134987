"""Words that are units and nothing else, in one order: "3RD FL NO 78" -> "FL 3 # 78".

Does: read designators before or behind their values, with or without a number sign between; find such words behind the
suffix of a street ("100 ELM ST TOWER B APT 4"). Does not: read a line with a word it does not know, a value that could
belong to either of its neighbours, or two values of one class.
Source: Publication 28, section 213 and appendix C2.
"""

from __future__ import annotations

import re
from typing import Final

from privity.normalise.addresses.words import CARDINALS, DIRECTIONALS, ORDINALS, ROADS, SUFFIXES, word_set

_SIGNS: Final = word_set("# NO NBR NR NUM NUMBER")
_APARTMENTS: Final = word_set(
    "APT APARTMENT APTMNT APRT APMT APPT APTMT AP UNT UNIT UN U FLT FLAT APARTAMENTO APTO DPTO DEPTO DEPARTAMENTO"
)
_BEHIND: Final = {"FL": "FL", "FLR": "FL", "FLOOR": "FL", "LEVEL": "LEVEL", "LEVL": "LEVEL", "LVL": "LEVEL"}
"""Designators that may follow their value: 3RD FLOOR. A level is a class of its own, and no floor."""
_TOWERS: Final = word_set("TOWER TWR TORRE")
_LED: Final = {
    **dict.fromkeys(("BLDG", "BUILDING", "BLD", "EDIF", "EDIFICIO"), "BLDG"), "STE": "STE", "SUITE": "STE",
    "LOT": "LOT", "RM": "RM", "ROOM": "RM", **dict.fromkeys(_TOWERS, "TOWER"),
}  # fmt: skip
"""Further designators before their value."""
_LEVELS: Final = {
    "LOWER": "LOW", "UPPER": "HIGH", "GARDEN": "GARDEN", "GROUND": "GROUND", "MAIN": "MAIN", "TERRACE": "TERRACE",
}  # fmt: skip
"""Levels that have a name: LOWER LEVEL is a place of its own, neither LOWER nor a floor."""
_ASIDE: Final = ("LEVEL", "TOWER")
"""Designators that the parser does not know."""
_GLUED: Final = re.compile(r"\b(SUITE|STE|UNIT|APARTMENT|APT|BLDG|BUILDING|FLOOR|ROOM|LOT)(?=\d{1,5}[A-Z]?(?:[ ,]|$))")
_FLOORS: Final = word_set("FL FLR FLOOR")
_VALUE: Final = re.compile(r"[A-Z]?\d{1,6}[A-Z]?|[A-Z]")
_NUMBERED_VALUE: Final = re.compile(r"[A-Z]?\d{1,6}[A-Z]?")
_COUNT: Final = re.compile(r"(\d{1,3})(?:ST|ND|RD|TH)?")
_COMMON: Final = word_set("APT UNIT APARTMENT APTO")
_TRIGGERS: Final = _BEHIND.keys() | (_APARTMENTS - _COMMON) | {"NBR", "NR"} | _TOWERS
_STREET_TRIGGERS: Final = _TOWERS | word_set("LEVEL LVL DPTO DEPTO FL FLR FLOOR")
"""Words that may open or close units behind a street's suffix, which the parser does not find there."""


def in_one_order(line: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """(line, units set aside): a tidied second line with each unit as designator and value, or the line unchanged.

    A level and a tower are set aside as (designator, value), because the parser knows no such words.
    """
    words = line.replace(",", " ").split()
    if _TRIGGERS.isdisjoint(words):
        return line, ()
    found: dict[str, str] = {}
    while words:
        unit, value, words = _first(words)
        if not unit or unit in found:
            return line, ()
        found[unit] = value
    aside = tuple([(unit, found.pop(unit)) for unit in _ASIDE if unit in found])
    return " ".join(f"{unit} {value}" for unit, value in found.items()), aside


def with_units_apart(line1: str, line2: str) -> tuple[str, str]:
    """Tidied street lines whose closing units stand in the second line, where the first has words that need it."""
    line1, line2 = _GLUED.sub(r"\1 ", line1), _GLUED.sub(r"\1 ", line2)
    if "," not in line1 and _STREET_TRIGGERS.isdisjoint(line1.split()):
        return line1, line2
    street, _, tail = line1.partition(", ")
    if tail:
        return (street, tail) if not line2 and _needs_a_line(tail) else (line1, line2)
    words = street.split()
    for place in range(3, len(words)):
        if not _STREET_TRIGGERS.isdisjoint(words[place:]) and _ends_a_street(words[:place]):
            tail = " ".join(words[place:])
            if _needs_a_line(tail):
                return " ".join(words[:place]), f"{tail} {line2}".strip()
    if _floor_closes(words):
        return " ".join(words[:-2]), f"{' '.join(words[-2:])} {line2}".strip()
    return line1, line2


def _needs_a_line(tail: str) -> bool:
    """Whether these words are units which the parser finds only in a line of their own."""
    return bool(_NUMBERED_VALUE.fullmatch(tail)) or in_one_order(tail) != (tail, ())


def _ends_a_street(words: list[str]) -> bool:
    """Whether a street, with number, name and suffix, ends here: a directional may follow the suffix."""
    last = words[:-1] if len(words) > 3 and words[-1] in DIRECTIONALS else words
    return words[0][0].isdigit() and SUFFIXES.get(last[-1]) in ROADS


def _floor_closes(words: list[str]) -> bool:
    """Whether an ordinal floor closes a line whose street has a name ("1114 AVENUE OF THE AMERICAS 27TH FL")."""
    if len(words) < 5 or words[-1] not in _FLOORS or not words[0][0].isdigit():
        return False
    ordinal = words[-2] in ORDINALS or (words[-2][:1].isdigit() and words[-2][-2:] in {"ST", "ND", "RD", "TH"})
    return ordinal and any(word.isalpha() and len(word) > 2 and word not in DIRECTIONALS for word in words[1:-2])


def _first(words: list[str]) -> tuple[str, str, list[str]]:
    """(designator, value, remaining words) of the first unit, or ("", "", words) where it is not certain."""
    if words[0] in _LEVELS and len(words) > 1 and _BEHIND.get(words[1]) == "LEVEL" and not _takes_what_follows(words):
        return "LEVEL", _LEVELS[words[0]], words[2:]
    if words[0] == "GROUND" and len(words) > 1 and _BEHIND.get(words[1]) == "FL" and not _takes_what_follows(words):
        return "FL", "G", words[2:]
    signed = words[0] in _SIGNS
    rest = words[1:] if signed else words
    if not rest:
        return "", "", words
    if not signed and (rest[0] in _APARTMENTS or rest[0] in _BEHIND or rest[0] in _LED):
        return _led(rest)
    if len(rest) > 1 and rest[1] in _BEHIND and not _takes_what_follows(rest):
        count = ORDINALS.get(rest[0]) or _counted(rest[0])
        return (_BEHIND[rest[1]], count, rest[2:]) if count else ("", "", words)
    return ("#", rest[0], rest[1:]) if signed and _VALUE.fullmatch(rest[0]) else ("", "", words)


def _led(words: list[str]) -> tuple[str, str, list[str]]:
    """A designator, perhaps a number sign, and its value."""
    unit = _LED.get(words[0]) or _BEHIND.get(words[0], "#")
    after = words[2:] if len(words) > 1 and words[1] in _SIGNS else words[1:]
    lone = words[0] == "U" and after[:1] == words[1:2] and not any(letter.isdigit() for letter in "".join(after[:1]))
    if unit == "TOWER" and after and after[0] in CARDINALS:
        return unit, CARDINALS[after[0]], after[1:]
    return (unit, after[0], after[1:]) if after and not lone and _VALUE.fullmatch(after[0]) else ("", "", words)


def _counted(word: str) -> str:
    found = _COUNT.fullmatch(word)
    return found.group(1) if found else ""


def _takes_what_follows(words: list[str]) -> bool:
    """Whether the designator at words[1] may belong to the value behind it: "# 8 FL 2", "8 FL NO 2"; an ordinal before
    it ("3RD FL NO 78") leaves no doubt."""
    behind = words[2:]
    if behind and behind[0] in _SIGNS and words[0][-1:].isdigit():
        return True
    return bool(behind) and behind[0] not in _APARTMENTS and bool(_VALUE.fullmatch(behind[0]))
