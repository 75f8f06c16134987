"""Folds supplied text for the detectors: upper-case words, letters freed of spacing and digit games, squeezed keys.

Not for matching (that is `normalise`): these forms lose information on purpose.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from privity.normalise.text import fold

_WORD: Final = re.compile(r"[A-Z0-9]+")
_NOT_AVAILABLE: Final = re.compile(r"\b([NS])\s*[/\\.\-_|]\s*([ADNK])\b\.?")
_SPACED: Final = re.compile(r"\b(?:[A-Z0-9@$!][ ._\-*/]+){3,}[A-Z0-9@$!]\b")
_LEET: Final = str.maketrans("0134578@$!", "OIEASTBASI")
_NO_LETTERS: Final = re.compile(r"[^A-Z]+")
_RUN: Final = re.compile(r"(.)\1+")
_MAY_BE_SPACED: Final = re.compile(r"[ ._\-*/][A-Z0-9@$!][ ._\-*/]")
_TOUCHES: Final = re.compile(r"[0-9@$!](?:[A-Z]|(?<=[A-Z].))")
_MAY_BE_MIXED: Final = re.compile(
    r"[A-Z][0-9@$!]+[A-Z]|[A-Z]{3}[0-9!]|[0-9@$!][A-Z]{3}|[@$][A-Z]|[0-9][A-Z][0-9@$!]|[A-Z][@$!]"
)
_MIXED: Final = re.compile(r"(?=[A-Z0-9@$!]*[A-Z])(?=[A-Z0-9@$!]*[0-9@$!])[A-Z0-9@$!]+")


def words_of(text: str) -> tuple[str, ...]:
    """Upper-case ASCII words of the text; apostrophes vanish (DON'T -> DONT), N/A becomes NA."""
    folded = fold(text).replace("'", "")
    if "/" in folded or "\\" in folded or "." in folded or "-" in folded or "_" in folded or "|" in folded:
        folded = _NOT_AVAILABLE.sub(r"\1\2", folded)
    return tuple(_WORD.findall(folded))


def unmask(text: str) -> str:
    """Undo letter games in upper-case text: U N K N O W N and U-N-K-N-O-W-N joined, UNKN0WN and N0NE spelled."""
    if text.isalpha():
        return text
    if _MAY_BE_SPACED.search(text):
        text = _SPACED.sub(lambda found: re.sub(r"[ ._\-*/]", "", found[0]), text)
    return _MIXED.sub(_unleet, text) if _TOUCHES.search(text) and _MAY_BE_MIXED.search(text) else text


def _unleet(found: re.Match[str]) -> str:
    word = found[0]
    letters = sum(map(str.isalpha, word))
    marks = len(word) - letters
    if letters < 2 or marks > letters or re.fullmatch(r"\d+[A-Z]{1,2}|[A-Z]{1,3}-?\d+|\d+(?:ST|ND|RD|TH)", word):
        return word  # 12B, A4, 5TH, FM1960 are no game
    stripped = word.rstrip("0123456789!")
    if stripped.isalpha() and (len(stripped) >= 3 or word.rstrip("!") == stripped):
        return f"{stripped} "  # digits or cries appended: UNKNOWN123, NA!!
    return word.translate(_LEET)


def squeeze(text: str) -> str:
    """Letters only, runs of one letter made one: `Reffused!!` -> `REFUSED`, `N/A - N/A` -> `NANA`."""
    return _RUN.sub(r"\1", text if text.isascii() and text.isalpha() else _NO_LETTERS.sub("", text))


@lru_cache(maxsize=1 << 16)
def squeeze_word(word: str) -> str:
    """`squeeze` of one word, remembered. Whole fields are never remembered."""
    return squeeze(word)
