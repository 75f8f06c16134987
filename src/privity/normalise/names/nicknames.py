"""Usual short and pet forms of given names, in groups: each full name with the forms that stand for it.

Does: say which full names two given names can both stand for. Does not: decide anything; two full names are never the
same because they share a short form (CHRISTOPHER and CHRISTINE share CHRIS). Source: `data/nicknames.txt`, written for
this project from general knowledge of English and Spanish usage; no list of anybody's data was used.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

_NONE: Final[frozenset[str]] = frozenset()


@cache
def _groups() -> Mapping[str, frozenset[str]]:
    """Name -> the full names it can stand for; a full name stands for itself."""
    text = files("privity.normalise").joinpath("data/nicknames.txt").read_text(encoding="ascii")
    found: dict[str, set[str]] = {}
    for line in text.splitlines():
        full, *short = line.replace(":", " ").split()
        for name in (full, *short):
            found.setdefault(name, set()).add(full)
    return {name: frozenset(full) for name, full in found.items()}


def names_in_full(left: str, right: str) -> frozenset[str]:
    """The full names that both given names (as `read_name` gives them) can stand for; empty for most pairs."""
    groups = _groups()
    one = groups.get(left, _NONE)
    return one & groups.get(right, _NONE) if one else _NONE
