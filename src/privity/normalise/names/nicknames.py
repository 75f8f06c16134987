"""Usual short and pet forms of given names, in groups: each full name with the forms that stand for it.

Does: say which full name two given names can be, one of them being it. Does not: decide anything, nor say that a form
stands for one name alone (`matching.short_forms`). Two full names are never the same because they share a short form
(CHRISTOPHER and CHRISTINE share CHRIS), nor two short forms because they share a full name (MARC and MARK, of MARCUS).

Source: `data/nicknames.txt`, written for this project from general knowledge of English and Spanish usage; no list of
anybody's data was used. A star marks a form that is a name in its own right: at least a twentieth as many people bear
it as bear the full name (Census 2020; `tools/make_given_names.py` sets the stars).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

_NONE: Final[frozenset[str]] = frozenset()


class _Groups(NamedTuple):
    full_of: Mapping[str, frozenset[str]]  # short form -> full names
    others: Mapping[str, frozenset[str]]  # name -> its full names and its short forms


@cache
def _groups() -> _Groups:
    text = files("privity.normalise").joinpath("data/nicknames.txt").read_text(encoding="ascii")
    full_of: dict[str, set[str]] = {}
    for line in text.splitlines():
        full, *short = line.replace(":", " ").split()
        for name in short:
            full_of.setdefault(name.rstrip("*"), set()).add(full)
    others: dict[str, set[str]] = {}
    for form, fulls in full_of.items():
        for full in fulls:
            others.setdefault(form, set()).add(full)
            others.setdefault(full, set()).add(form)
    return _Groups(_frozen(full_of), _frozen(others))


def _frozen(groups: Mapping[str, set[str]]) -> Mapping[str, frozenset[str]]:
    return {name: frozenset(others) for name, others in groups.items()}


def other_forms(name: str) -> frozenset[str]:
    """Every given name that is a short form of `name` or that it is one of: where `name_in_full` says anything."""
    return _groups().others.get(name, _NONE)


def name_in_full(left: str, right: str) -> str:
    """The one of two given names (as `read_name` gives them) that the other is a short form of; "" for most pairs."""
    full_of = _groups().full_of
    if right in full_of.get(left, _NONE):
        return right
    return left if left in full_of.get(right, _NONE) else ""
