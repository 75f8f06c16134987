"""Games that files play with the letters of a text: case, blanks, punctuation, look-alikes, typing errors.

Each takes the seeded draw and a text and returns a text a reader takes for the same. Judges nothing.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from random import Random

CYRILLIC = dict(zip("aceopxyABCEHKMOPTX", "асеорхуАВСЕНКМОРТХ", strict=True))
GREEK = dict(zip("oABEHIKMNOPTXYZv", "οΑΒΕΗΙΚΜΝΟΡΤΧΥΖν", strict=True))
LEET = dict(zip("oOiIeEaAsStT", "001133445577", strict=True))
INVISIBLE = ("\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u180e", "\u200e")
BLANKS = ("  ", "   ", "\u00a0", "\u2003", "\u2009", "\u202f", "\u3000")
MARKS = ("\u0301", "\u0336", "\u0308", "\u0332", "\u0323")

Game = Callable[[Random, str], str]


def cased(draw: Random, text: str) -> str:
    """Upper, lower, title, swapped or random case."""
    return draw.choice(
        (
            text.upper(),
            text.lower(),
            text.title(),
            text.swapcase(),
            "".join(draw.choice((c.upper(), c.lower())) for c in text),
        )
    )


def punctuated(draw: Random, text: str) -> str:
    """Brackets, quotes, dashes, dots around or between the words."""
    around = draw.choice(
        ("({})", "[{}]", "*{}*", '"{}"', "'{}'", "{}.", "{}?", "{}!!", "--{}--", "<{}>", "/{}/", "_{}_", "{},")
    )
    between = draw.choice((" ", "-", "_", ".", "/", ", ", " - "))
    return around.format(text.replace(" ", between))


def spaced(draw: Random, text: str) -> str:
    """Doubled or exotic blanks, or a blank after every letter."""
    if draw.random() < 0.4:
        return "   ".join(" ".join(word) for word in text.split(" "))
    return f" {text} ".replace(" ", draw.choice(BLANKS))


def glued(draw: Random, text: str) -> str:
    """No blanks at all."""
    return cased(draw, text.replace(" ", ""))


def invisible(draw: Random, text: str) -> str:
    """Zero-width characters between letters."""
    spot = draw.randrange(len(text) + 1)
    return text[:spot] + draw.choice(INVISIBLE) + text[spot:]


def fullwidth(_draw: Random, text: str) -> str:
    """Fullwidth forms."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def lookalike(draw: Random, text: str) -> str:
    """Some Latin letters as Cyrillic or Greek ones."""
    table = draw.choice((CYRILLIC, GREEK))
    swapped = "".join(table.get(c, c) if draw.random() < 0.6 else c for c in text)
    return swapped if swapped != text else "".join(table.get(c, c) for c in text)


def marked(draw: Random, text: str) -> str:
    """A combining mark on every letter, or on one."""
    mark = draw.choice(MARKS)
    if draw.random() < 0.5:
        return "".join(c + mark if c.isalpha() else c for c in text)
    letters = [spot for spot, c in enumerate(text) if c.isalpha()]
    spot = draw.choice(letters) if letters else 0
    return text[: spot + 1] + mark + text[spot + 1 :]


def leet(draw: Random, text: str) -> str:
    """Digits for letters."""
    some = "".join(LEET.get(c, c) if draw.random() < 0.7 else c for c in text)
    return some if some != text else "".join(LEET.get(c, c) for c in text)


def mathematical(draw: Random, text: str) -> str:
    """Bold, italic or sans letters of the mathematical block."""
    base = draw.choice((0x1D400, 0x1D5A0, 0x1D670))
    return "".join(
        chr(base + ord(c) - 65) if "A" <= c <= "Z" else chr(base + 26 + ord(c) - 97) if "a" <= c <= "z" else c
        for c in text
    )


def stretched(draw: Random, text: str) -> str:
    """One letter repeated."""
    spot = draw.choice([spot for spot, c in enumerate(text) if c.isalpha()] or [0])
    return text[:spot] + text[spot] * draw.randint(3, 6) + text[spot + 1 :]


def mistyped(draw: Random, text: str) -> str:
    """One letter of the longest word dropped, doubled or moved."""
    word = max(text.split(), key=len)
    if len(word) < 6:
        return cased(draw, text)
    spot = draw.randrange(1, len(word) - 2)
    bent = draw.choice(
        (
            word[:spot] + word[spot + 1 :],
            word[:spot] + word[spot] + word[spot:],
            word[:spot] + word[spot + 1] + word[spot] + word[spot + 2 :],
        )
    )
    return text.replace(word, bent, 1)


def decomposed(_draw: Random, text: str) -> str:
    """Accents as combining marks (NFD)."""
    return unicodedata.normalize("NFD", text)


PLAIN: tuple[Game, ...] = (cased, punctuated, spaced, glued)
UNICODE: tuple[Game, ...] = (invisible, fullwidth, lookalike, marked, mathematical)
TYPED: tuple[Game, ...] = (leet, stretched, mistyped)


def played(draw: Random, text: str) -> str:
    """Any one plain game, or none."""
    return text if draw.random() < 0.3 else draw.choice(PLAIN)(draw, text)
