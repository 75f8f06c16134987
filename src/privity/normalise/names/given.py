"""The Census list of first names: what tells a name from a typing error of another.

Does: say whether a word is a first name that at least 90 people bore in 2020. Does not: hold counts or anything else of
that table. The list is read once, at first use; `tools/make_given_names.py` makes it and names its source.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from privity.normalise.text import fold


@cache
def _given_names() -> frozenset[str]:
    return frozenset(files("privity.normalise").joinpath("data/given_names.txt").read_text(encoding="ascii").split())


def is_known_given_name(text: str) -> bool:
    """Whether `text` (any case, accents and punctuation ignored) is on the Census 2020 first-name list."""
    return "".join(letter for letter in fold(text) if letter.isalpha()) in _given_names()
