"""House numbers that are written loosely: "313 A Willow St", "657 1 2 Laurel Dr", "138-89 Ranch Dr".

Does: join a letter or a fraction to the number it stands behind, and tell one hyphenated number from a range. Does not:
guess where the letter may be the street, a directional or a road's class, nor read a pair that may be a range.
Source: Publication 28, sections 232 (alphanumeric, hyphenated and fractional primary numbers) and appendix D.
"""

from __future__ import annotations

import re
from typing import Final

from privity.normalise.addresses.units import UNIT_WORDS
from privity.normalise.addresses.words import DIRECTIONALS, ROADS, SUFFIXES, word_set

_LETTERS: Final = frozenset("ABCDFGH")
"""Letters that count dwellings at one number. N, S, E and W are directionals; later letters are mostly initials of the
person a street is named after."""
_BEHIND_A_LETTER: Final = (
    frozenset(word for word in UNIT_WORDS if word and word != "TOWER") | DIRECTIONALS.keys()
    | word_set("AND AT BAR BOX COUNTY STATE US CR CO RR RANCH CROSS LAZY DIAMOND SLASH DOT LEVEL LINE FRAME PLUS")
    | word_set("MOUNTAIN MTN HILL")
)  # fmt: skip
"""A letter before one of these may be the street's name, a brand, a road's class or a unit: left alone."""
_ROUTES: Final = word_set("ROUTE RTE HIGHWAY HWY")
_NAME: Final = re.compile(r"[A-Z]{3,}|\d{1,3}(?:ST|ND|RD|TH)")
_ORDINAL: Final = re.compile(r"\d{1,3}(?:ST|ND|RD|TH)")
_FRACTIONS: Final = frozenset({("1", "2"), ("1", "4"), ("3", "4")})
_NUMBER_SIGNS: Final = word_set("NO NUMERO NRO NUM NUMBER")
_PAIR: Final = re.compile(r"(\d+)-(\d+)[A-Z]?")
_NEAR: Final = 10


def joined_number(line: str) -> str:
    """A tidied street line whose house number is one word, or the line unchanged.

    "313 A WILLOW ST" -> "313A WILLOW ST"; "657 1 2 LAUREL DR" -> "657 1/2 LAUREL DR"; "NO 5 ELM ST" -> "5 ELM ST".
    """
    words = line.split(" ")
    if words[0] in _NUMBER_SIGNS and len(words) > 3 and words[1].isdigit() and _names_a_road(words[2:]):
        words = words[1:]
    if len(words) == 5 or len(words) == 6:
        words = _numbered_half(words)
    if len(words) < 4 or not words[0].isdigit() or len(words[1]) != 1:
        return " ".join(words)
    if (words[1], words[2]) in _FRACTIONS and len(words) > 4 and _starts_a_street(words[3:]):
        return " ".join([words[0], f"{words[1]}/{words[2]}", *words[3:]])
    if words[1] in _LETTERS and (_names_a_road(words[2:]) or _names_a_route(words[1], words[2:])):
        return " ".join([words[0] + words[1], *words[2:]])
    return " ".join(words)


def _numbered_half(words: list[str]) -> list[str]:
    """5300 8 1 2 ST SE -> 5300 8 1/2 ST SE: a street between two numbered ones."""
    number, street, upper, lower, suffix, *rest = words
    numbered = number.isdigit() and street.isdigit() and (upper, lower) in _FRACTIONS and SUFFIXES.get(suffix) in ROADS
    if numbered and (not rest or rest[0] in DIRECTIONALS):
        return [number, street, f"{upper}/{lower}", suffix, *rest]
    return words


def _names_a_road(words: list[str]) -> bool:
    """Whether the words are a street by themselves: a name first, and a word that closes a street after it."""
    if words[0] in _BEHIND_A_LETTER or not _NAME.fullmatch(words[0]) or SUFFIXES.get(words[0]) in ROADS:
        return False
    first, *rest = words
    if first in SUFFIXES:  # FOREST ST is a street of that name; FOREST TRACE is not certainly one
        return bool(rest) and SUFFIXES.get(rest[0]) in ROADS
    return any(SUFFIXES.get(word) in ROADS for word in rest)


def _names_a_route(letter: str, words: list[str]) -> bool:
    """Whether the words are a numbered road ("ROUTE 22"); C and D before one may be its class."""
    return letter in "AB" and len(words) == 2 and words[0] in _ROUTES and words[1].isdigit()


def _starts_a_street(words: list[str]) -> bool:
    first = words[0]
    word = len(first) > 1 and first.isalpha() and SUFFIXES.get(first) not in ROADS and first not in UNIT_WORDS
    return word or bool(_ORDINAL.fullmatch(first)) or (first in "NSEW" and SUFFIXES.get(words[1]) not in ROADS)


def may_be_a_range(number: str) -> bool:
    """Whether a hyphenated number ("123-125", "132-6") may stand for several houses.

    A range ascends. Written short, it leaves out the leading digits of its second number; such a range runs along one
    side of a street (both odd or both even) or is a short one. What cannot be a range is one house, as in Queens.
    """
    pair = _PAIR.fullmatch(number)
    if not pair:
        return True
    low, high = pair.groups()
    if int(high) > int(low):
        return True
    if len(high) >= len(low):
        return False
    span = int(low[: len(low) - len(high)] + high) - int(low)
    return span > 0 and (span % 2 == 0 or span < _NEAR)
