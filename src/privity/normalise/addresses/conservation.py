"""Nothing of an address may be lost in parsing: every word supplied must be found in what was read.

Does: compare the words of the supplied lines with the words of the parts read, spelling variants set aside. Does not:
know what the words mean. A lost word may be a unit, and a unit must never vanish.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from typing import Final

from privity.normalise.addresses.units import PLAIN_CLASS, UNIT_WORDS
from privity.normalise.addresses.words import CARDINALS, DIRECTIONALS, ORDINALS, SUFFIXES

_WORDS: Final = re.compile(r"[A-Z0-9]+")
_ORDINAL: Final = re.compile(r"^(\d+)(?:ST|ND|RD|TH)$")
_MAY_VANISH: Final = frozenset({"NO"})
_SPELLINGS: Final[dict[str, str]] = {
    **UNIT_WORDS, **ORDINALS, **CARDINALS, **SUFFIXES, **DIRECTIONALS, "SAINT": "ST", "SAINTE": "STE",
    "CR": "CIR", "LA": "LN", "BL": "BLVD", "TR": "TRL", "LP": "LOOP",
    "NO": "NO", "SO": "S", "NUMBER": "NO", "NUM": "NO", "NBR": "NO",
}  # fmt: skip


def _plain(words: list[str]) -> list[str]:
    return [_SPELLINGS.get(word) or _ORDINAL.sub(r"\1", word) for word in words]


def _quick(text: str) -> list[str]:
    """The same by plain splitting: enough where both texts are in standard order and spelling."""
    return [_SPELLINGS.get(word, word) for word in text.replace("#", " ").replace(",", " ").split()]


def nothing_lost(supplied: str, read: str, may_vanish: Collection[str] = (), *, repeated: bool = False) -> bool:
    """Whether every word of `supplied` is in `read` (both upper-case ASCII), spelling variants aside.

    `may_vanish` holds further words that carry no identity. With `repeated`, a word may stand more often in `supplied`
    than in `read` (the second line repeats the first).
    """
    if _quick(supplied) == _quick(read):
        return True
    lost = Counter(_plain([word for word in _WORDS.findall(supplied) if word not in may_vanish]))
    kept = Counter(_plain(_WORDS.findall(read)))
    missing, gained = lost - kept, kept - lost
    if repeated:
        missing = Counter({word: count for word, count in missing.items() if word not in kept})
    for word in list(missing):
        if word in _MAY_VANISH or word in may_vanish or (repeated and word == PLAIN_CLASS):
            del missing[word]
    return not missing or _same_letters(missing, gained)


def _same_letters(missing: Counter[str], gained: Counter[str]) -> bool:
    """Whether the lost words are the gained ones, cut or joined elsewhere ("PH04" and "PH 04", "N E" and "NE")."""
    return sorted("".join(missing.elements())) == sorted("".join(gained.elements()))
