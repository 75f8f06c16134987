"""Slips in words that belong to a street's face: a suffix or directional that is cut short or has lost letters.

Does: put right what can be one word only. Does not: touch a word that could be another (RO is ROAD, ROW or ROUTE;
NORTHEST is northeast or northwest), nor a word of the street's name, nor anything that could be a unit.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from privity.normalise.addresses.units import UNIT_WORDS
from privity.normalise.addresses.words import DIRECTIONALS, ROADS, SUFFIXES, word_set

DIRECTIONAL_SLIPS: Final[Mapping[str, str]] = {
    slip: direction
    for direction, slips in {
        "N": "NTH NRTH NORT NORH", "S": "STH SOTH SUTH SOUT", "W": "WST",
        "NE": "NTHE NRTHE NORTHE NORHE NORHEAST NTHEAST NRTHEAST",
        "NW": "NTHW NRTHW NORTHW NORHW NORHWST NORTHWST NTHWST NRTHWST NRTHWEST NTHWEST NORHWEST",
        "SE": "STHE SOUTHE STHEAST SOUEAST SOTHEAST SUTHEAST",
        "SW": "SWST STHW SOUTHW SOUTHWST STHWST STHWEST SOWEST SOUWEST SOTHWEST SUTHWEST",
    }.items()
    for slip in slips.split()
}  # fmt: skip
"""Slip -> directional. Each has, in order, letters of that one directional only (a test holds the table to this)."""

SUFFIX_SLIPS: Final[Mapping[str, str]] = {
    "STREE": "STREET", "STEET": "STREET", "SREET": "STREET", "STRET": "STREET", "AVNU": "AVENUE", "AVENEU": "AVENUE",
    "RAOD": "ROAD", "HGWY": "HIGHWAY",
}  # fmt: skip
"""Slip -> suffix, where nothing but a directional, a unit or a number follows."""
_CLOSING: Final = {**DIRECTIONAL_SLIPS, "SO": "S"}
_SLIPS: Final = _CLOSING.keys() | SUFFIX_SLIPS.keys() | {"STRE", "MI"}
_SECOND_HALVES: Final = word_set("E EAST W WEST")
_MILE_ROADS: Final = word_set("RD ROAD RTE ROUTE")


def without_slips(line: str) -> str:
    """A tidied street line with sure slips put right; other lines unchanged."""
    words = line.split(" ")
    if _SLIPS.isdisjoint(words) or not words[0][:1].isdigit():
        return line
    for place, word in enumerate(words[1:], start=1):
        following = words[place + 1] if place + 1 < len(words) else ""
        if word in SUFFIX_SLIPS and _is_suffix(place, following):
            words[place] = SUFFIX_SLIPS[word]
        elif word == "STRE" and words[place - 1][:1].isdigit() and place > 1:
            words[place] = "STREET"  # after a number it is no stream
        elif word == "MI" and words[place - 1].isdigit() and place > 1 and following in _MILE_ROADS:
            words[place] = "MILE"
    if len(words) > 3 and words[1] in DIRECTIONAL_SLIPS and _closes(words[2:]):
        words[1] = DIRECTIONAL_SLIPS[words[1]]
    return " ".join(_with_closing_directional(words))


def _is_suffix(place: int, following: str) -> bool:
    """Whether a word at this place, with this word behind it, closes a street or opens a numbered one (AVNU 45)."""
    if following[:1].isdigit():
        return True
    closes = not following or following in DIRECTIONALS or following in DIRECTIONAL_SLIPS or following in UNIT_WORDS
    return place > 1 and closes


def _with_closing_directional(words: list[str]) -> list[str]:
    """Put right a directional that ends the line behind a suffix: AVENUE NORHEAST, ROAD STH WEST."""
    if len(words) > 3 and words[-1] in _CLOSING and SUFFIXES.get(words[-2]) in ROADS:
        return [*words[:-1], _CLOSING[words[-1]]]
    halves = words[-2:]
    if len(words) > 4 and halves[1] in _SECOND_HALVES and SUFFIXES.get(words[-3]) in ROADS:
        first = DIRECTIONAL_SLIPS.get(halves[0], "")
        if first in {"N", "S"}:
            return [*words[:-2], first + halves[1][0]]
    return words


def _closes(words: list[str]) -> bool:
    """Whether the words are a street with a name and a suffix: STH 21 is a state highway and no South 21."""
    named = words[0] not in SUFFIXES and words[0] not in DIRECTIONALS
    return named and any(SUFFIXES.get(word) in ROADS for word in words[1:])
