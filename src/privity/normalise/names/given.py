"""The Census list of first names: what tells a name from a typing error of another.

Does: say whether a word is a first name that at least 90 people bore in 2020, and whether such a word is a listed
misspelling of a frequent one. Does not: hold counts or anything else of that table. The lists are read once, at first
use; `tools/make_given_names.py` makes them and names their source and thresholds.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from privity.normalise.text import fold


def _data(name: str) -> str:
    return files("privity.normalise").joinpath(f"data/{name}.txt").read_text(encoding="ascii")


@cache
def _given_names() -> frozenset[str]:
    return frozenset(_data("given_names").split())


@cache
def _misspellings() -> Mapping[str, frozenset[str]]:
    rows = [line.split() for line in _data("misspelt_given_names").splitlines()]
    return {name: frozenset(true) for name, *true in rows}


def is_known_given_name(text: str) -> bool:
    """Whether `text` (any case, accents and punctuation ignored) is on the Census 2020 first-name list."""
    return "".join(letter for letter in fold(text) if letter.isalpha()) in _given_names()


def is_misspelling(name: str, of: str) -> bool:
    """Whether `name`, though listed, is most likely a misspelling of `of` (both as `read_name` gives them).

    Then it is borne by fewer than 1,000 people, by at most one for each 1,000 that bear `of`, and no second name is one
    edit away that is borne by one or more for each 100 of them.
    """
    return of in _misspellings().get(name, ())
