"""Lines "in care of" somebody: the name is set aside where nothing else can hide among its words.

Does: find such a line alone, before a house number, or behind the street. Does not: set aside what is not wholly a
person's name by the Census lists, or holds a unit's word, a direction or a digit ("C/O SMITH REAR", "C/O SMITH
GAZEBO"): a dwelling would vanish with it, so such an address is refused. Source: Publication 28, sec. 332.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from privity.normalise.addresses.units import TELLS_APART
from privity.normalise.addresses.words import DIRECTIONALS, word_set
from privity.normalise.names import is_frequent_surname, is_known_given_name

CARE_WORDS: Final = frozenset({"CARE", "C/O"})
"""Without one of these words a line is no "in care of" line."""
_PHRASE: Final = re.compile(r"(?:^|[ ,]+)(?:C/O|(?:IN )?CARE OF) ")
_HOUSE: Final = re.compile(r"(?:^|,? )(?=\d)")
_NO_NAME: Final = (
    TELLS_APART
    | DIRECTIONALS.keys()
    | word_set(
        "LODGE CHALET MAIN PORCH POOL PORTAL PUERTA SHACK SHANTY HOME CORNER PLAZA COURT DEN DECK FARM DOCK KITCHEN "
        "STAIR STAIRS MANOR CHURCH CHAPEL CENTER TERRACE GARDEN MILL CAMP TINY OLD NEW"
    )
)
"""The last of them are on the Census lists as names too, and are places all the same."""
_BESIDE_NAMES: Final = word_set("MR MRS MS MISS DR THE FAMILY AND DE LA LAS LOS DEL VAN VON JR SR")
_MOST_WORDS: Final = 6


def without_care_of(line1: str, line2: str) -> tuple[str, str, bool]:
    """(line 1, line 2, whether a name was set aside) of tidied street lines; unchanged where it is not certain."""
    found = _PHRASE.search(line1)
    if found:
        rest = _rest(line1[: found.start()], line1[found.end() :])
        if rest is None or not (rest or line2):
            return line1, line2, False
        return (rest, line2, True) if rest else (line2, "", True)
    found = _PHRASE.search(line2)
    rest = _rest(line2[: found.start()], line2[found.end() :]) if found else None
    return (line1, line2, False) if rest is None else (line1, rest, True)


def _rest(before: str, behind: str) -> str | None:
    """What is left of a line without the name, or None. A street before the name, or a number behind it, ends it."""
    if before:
        return before.rstrip(" ,") if may_be_set_aside(behind.replace(",", " ").split()) else None
    house = _HOUSE.search(behind)
    name = behind[: house.start()] if house else behind
    rest = behind[house.end() :] if house else ""
    return rest if may_be_set_aside(name.replace(",", " ").split()) else None


def may_be_set_aside(words: Sequence[str]) -> bool:
    """Whether these words are a name and nothing else: no unit, direction, spelled number, digit or closing letter.

    Every word but titles, particles and initials is a given name or frequent surname of the Census lists. TORRES
    behind a given name is the family's name, not a complex of towers.
    """
    if len(words) > 1 and words[-1] == "TORRES" and is_known_given_name(words[-2]):
        words = words[:-1]
    if not words or len(words) > _MOST_WORDS or len(words[-1]) == 1 or words[-1] == "VAN":
        return False
    if not all(word.isalpha() and word not in _NO_NAME for word in words):
        return False
    names = [word for word in words if len(word) > 1 and word not in _BESIDE_NAMES]
    return bool(names) and all(is_known_given_name(word) or is_frequent_surname(word) for word in names)
