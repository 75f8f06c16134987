"""L15: is a cell clean text? Control and zero-width characters, other alphabets, mojibake, formulas, markup, shifts.

Works by what is allowed, not by a list of tricks: a character outside Latin script and plain punctuation is refused.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_EXTRA: Final = frozenset("‘’ʻʼ´`“”–—‐‑½¼¾⅓⅔⅛⅜⅝⅞№ºª°§¿¡\u00a0ơƠưƯ") | frozenset(map(chr, range(0x0218, 0x021C)))
_MOJIBAKE: Final = re.compile(
    "[ÃÂ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€|Ã\\b(?=[A-Za-z])|ï»¿|\ufffd|&(?:[a-z]{2,8}"
    "|#x?[0-9a-f]{1,6});|\\\\[ux][0-9a-f]{2,4}|%[0-9a-f]{2}(?=\\S)"
    "|[A-Za-z]\\?[a-zñ]",
    re.IGNORECASE,
)
_FORMULA: Final = re.compile(r"\s*(?:[=+@]|-\s*[\w(]|'=)")
_MARKUP: Final = re.compile(r"[<>{}\[\]|\\^~]|\$\{|/\*|\*/|;\s*(?:drop|select|insert|delete|update)\b", re.IGNORECASE)


@lru_cache(maxsize=4096)
def _is_allowed(letter: str) -> bool:
    code = ord(letter)
    return (
        0x20 <= code <= 0x7E
        or (0xC0 <= code <= 0x17F and code not in (0xD7, 0xF7, 0x13F, 0x140, 0x149, 0x17F))
        or 0x1E00 <= code <= 0x1EF9
        or 0x300 <= code <= 0x36F
        or letter in _EXTRA
    )


def strange_character(text: str) -> str:
    """What kind of character spoils the text, in words; "" where every character is plain Latin text."""
    if text.isascii() and text.isprintable():
        return ""
    for letter in text:
        if not _is_allowed(letter):
            code = ord(letter)
            if code < 0x20 or 0x7F <= code < 0xA0:
                return "a control character"
            if letter.isalnum():
                return "a letter or digit of another alphabet"
            return "an invisible or unusual character"
    if _stray_mark(text):
        return "a mark without its letter"
    return ""


def _stray_mark(text: str) -> bool:
    """A combining mark that does not follow a letter, or two in a row (Vietnamese needs two, no more)."""
    run = 0
    before = " "
    for letter in text:
        if 0x300 <= ord(letter) <= 0x36F:
            run += 1
            if run > 2 or (run == 1 and not before.isalpha()):
                return True
        else:
            run = 0
            before = letter
    return False


def is_mojibake(text: str) -> bool:
    """Whether the text was decoded with the wrong encoding, or carries entities and escapes of another format."""
    return (not text.isascii() or "?" in text or "&" in text or "\\" in text or "%" in text) and bool(
        _MOJIBAKE.search(text)
    )


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would run the cell: it begins with =, +, @, or a minus before a word."""
    return bool(text) and text[0] in " \t=+-@'" and bool(_FORMULA.match(text)) and any(map(str.isalnum, text))


def has_markup(text: str) -> bool:
    """Whether the text holds brackets, braces or other marks that no name or address has."""
    return bool(_MARKUP.search(text))
