"""One form for letters: upper-case ASCII, accents folded. The first step of every reader here.

Does: fold Latin letters with marks, typographic quotes, dashes and blanks. Does not: transliterate other scripts; a
letter without an ASCII form becomes `UNREADABLE`, and readers refuse the text.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

UNREADABLE: Final = "\x1a"
"""Stands for one character that has no ASCII form (the ASCII SUBSTITUTE control)."""

_PLAIN: Final = {
    "Æ": "AE", "æ": "AE", "Œ": "OE", "œ": "OE", "Ø": "O", "ø": "O", "Ł": "L", "ł": "L", "Đ": "D", "đ": "D",
    "Ð": "D", "ð": "D", "Þ": "TH", "þ": "TH", "ß": "SS", "ẞ": "SS", "ı": "I", "Ħ": "H", "ħ": "H",
    "‘": "'", "’": "'", "ʼ": "'", "ʻ": "'", "ʹ": "'", "′": "'", "´": "'", "`": "'",
    "“": '"', "”": '"', "″": '"',
    "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-", "﹣": "-", "－": "-",
    "½": " 1/2", "¼": " 1/4", "¾": " 3/4", "⅓": " 1/3", "⅔": " 2/3", "№": "NO ", "º": "O", "ª": "A",
}  # fmt: skip


@lru_cache(maxsize=4096)
def _fold_letter(letter: str) -> str:
    if letter in _PLAIN:
        return _PLAIN[letter]
    if letter.isspace():
        return " "
    folded = "".join(part for part in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(part))
    if folded.isascii():
        return folded.upper()
    return UNREADABLE


def fold(text: str) -> str:
    """Upper-case ASCII form of `text`, never longer words, blanks kept as they are (not squeezed).

    A mark on its own (combining accent) disappears; a letter of another script becomes `UNREADABLE`.
    """
    if text.isascii():
        return text.upper()
    return "".join(letter if letter.isascii() else _fold_letter(letter) for letter in text).upper()
