"""Surnames that many people bear: one edit away from each other they are two names, not one misspelt.

Does: say whether a surname is one of them. Does not: decide anything, or read names.
Source: `data/frequent_surnames.txt`, see `tools/make_surnames.py`.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def _frequent() -> frozenset[str]:
    text = files("privity.normalise").joinpath("data/frequent_surnames.txt").read_text(encoding="ascii")
    return frozenset(text.split())


def is_frequent_surname(name: str) -> bool:
    """Whether 1,000 people or more bear this surname (as `read_name` gives its parts), by the Census of 2020."""
    return name in _frequent()
