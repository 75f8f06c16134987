"""A second line that holds units and nothing else, in one order: "3RD FL NO 78" -> "FL 3 # 78".

Does: read designators before or behind their values, with or without a number sign between. Does not: read a line with
a word it does not know, a value that could belong to either of its neighbours, or two values of one class.
Source: Publication 28, section 213 and appendix C2.
"""

from __future__ import annotations

import re
from typing import Final

from privity.normalise.addresses.words import ORDINALS, word_set

_SIGNS: Final = word_set("# NO NBR NR NUM NUMBER")
_APARTMENTS: Final = word_set("APT APARTMENT APTMNT APRT APMT APPT APTMT AP UNT UNIT UN U FLT FLAT APARTAMENTO APTO")
_BEHIND: Final = {"FL": "FL", "FLR": "FL", "FLOOR": "FL", "LEVEL": "LEVEL", "LEVL": "LEVEL", "LVL": "LEVEL"}
"""Designators that may follow their value: 3RD FLOOR. A level is a class of its own, and no floor."""
_VALUE: Final = re.compile(r"[A-Z]?\d{1,6}[A-Z]?|[A-Z]")
_COUNT: Final = re.compile(r"(\d{1,3})(?:ST|ND|RD|TH)?")
_TRIGGERS: Final = _BEHIND.keys() | (_APARTMENTS - {"APT", "UNIT", "APARTMENT", "APTO"}) | {"NBR", "NR"}


def in_one_order(line: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """(line, units set aside): a tidied second line with each unit as designator and value, or the line unchanged.

    A level is set aside as (designator, value), because the parser knows no such word.
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
    aside = (("LEVEL", found.pop("LEVEL")),) if "LEVEL" in found else ()
    return " ".join(f"{unit} {value}" for unit, value in found.items()), aside


def _first(words: list[str]) -> tuple[str, str, list[str]]:
    """(designator, value, remaining words) of the first unit, or ("", "", words) where it is not certain."""
    if words[0] == "GROUND" and len(words) > 1 and _BEHIND.get(words[1]) == "FL" and not _takes_what_follows(words):
        return "FL", "G", words[2:]
    signed = words[0] in _SIGNS
    rest = words[1:] if signed else words
    if not rest:
        return "", "", words
    if not signed and (rest[0] in _APARTMENTS or rest[0] in _BEHIND):
        return _led(rest)
    if len(rest) > 1 and rest[1] in _BEHIND and not _takes_what_follows(rest):
        count = ORDINALS.get(rest[0]) or _counted(rest[0])
        return (_BEHIND[rest[1]], count, rest[2:]) if count else ("", "", words)
    return ("#", rest[0], rest[1:]) if signed and _VALUE.fullmatch(rest[0]) else ("", "", words)


def _led(words: list[str]) -> tuple[str, str, list[str]]:
    """A designator, perhaps a number sign, and its value."""
    unit = _BEHIND.get(words[0], "#")
    after = words[2:] if len(words) > 1 and words[1] in _SIGNS else words[1:]
    lone = words[0] == "U" and after[:1] == words[1:2] and not any(letter.isdigit() for letter in "".join(after[:1]))
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
