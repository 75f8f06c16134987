"""Text that may be shown: characters that no terminal and no page may be handed are replaced, never left out.

A supplied text can hold half a character (a lone surrogate), which cannot be written at all, or controls that move the
reader's cursor or turn the line around. What is wrong with such a text is for the rules to say (L15), not for this.
"""

from __future__ import annotations

import re
from typing import Final

REPLACEMENT: Final = "\ufffd"
_HALVES: Final = re.compile(r"[\ud800-\udfff]")
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def writable(text: str) -> str:
    """The text without halves of characters: it can be written as UTF-8."""
    return _HALVES.sub(REPLACEMENT, text)


def plain(text: str) -> str:
    """The text without controls (tabs and line ends stay) and halves of characters."""
    return text if text.isascii() and text.isprintable() else _CONTROLS.sub(REPLACEMENT, text)
