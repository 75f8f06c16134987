"""Numbered roads: which system a route belongs to, and its number. US 1, State Road 1 and County Road 1 differ.

Does: give the route's identity as a street core. Does not: know which routes exist; a bare HIGHWAY 5 or ROUTE 5 stays
a class of its own, because it may belong to any system.
Source: Publication 28, appendix F (county, state and local highways).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from privity.normalise.addresses.words import FULL_WORDS, word_set

_SYSTEMS: Final[Mapping[str, str]] = {
    "US HIGHWAY": "US", "US ROUTE": "US", "US": "US", "US ROAD": "US", "INTERSTATE": "INTERSTATE",
    "INTERSTATE HIGHWAY": "INTERSTATE", "STATE ROAD": "STATE", "STATE ROUTE": "STATE", "STATE HIGHWAY": "STATE",
    "COUNTY ROAD": "COUNTY", "COUNTY ROUTE": "COUNTY", "COUNTY HIGHWAY": "COUNTY", "COUNTY TRUNK": "COUNTY",
    "FM": "FM", "FARM TO MARKET": "FM", "RM": "RM", "RANCH TO MARKET": "RM", "RANCH ROAD": "RANCH ROAD",
    "HIGHWAY": "HIGHWAY", "ROUTE": "ROUTE", "ROAD": "ROAD", "LOOP": "LOOP", "SPUR": "SPUR", "EXPRESSWAY": "EXPRESSWAY",
    "TOWNSHIP ROAD": "TOWNSHIP", "BYPASS": "BYPASS",
}  # fmt: skip
_SYSTEM_NAMES: Final = tuple(f"{system} " for system in dict.fromkeys((*_SYSTEMS.values(), "BELTWAY", "BUSINESS")))
_STATE_BY_NAME: Final = frozenset({"HIGHWAY", "ROUTE", "ROAD", "STATE", "COUNTY"})

ROUTE_WORDS: Final = word_set(
    "US U S HIGHWAY HWY HIGHWY HIWAY ROUTE RTE RT ROAD RD STATE ST SR SH COUNTY CO CNTY CR CH I IH INTERSTATE FM FARM "
    "TO MARKET MKT RM RANCH LOOP LP SPUR EXPRESSWAY TOWNSHIP TWP BYPASS TRUNK CTH STH USH NUMBER NO"
)
"""Words that a route's spelling may add or drop without changing which route it is."""


def route_identity(state: str | None, prefix: str, route: str, rest: str, suffix: str) -> str:
    """Street core of a numbered road, for example "US 1", "STATE 625", "COUNTY K", "US 17 BUSINESS".

    `state` is the state named before the route ("KY 625"): a plain route so named is that state's own. `rest` holds
    further words of the name (BUSINESS, ALT); where a digit or a lone letter ends it, it may be a unit, and the
    answer is "".
    """
    system = _SYSTEMS.get(prefix, prefix)
    if state and system in _STATE_BY_NAME and system != "COUNTY":
        system = "STATE"
    number = route.replace("-", "").replace(" ", "")
    words = [FULL_WORDS.get(word, {"BUS": "BUSINESS", "ALTERNATE": "ALT"}.get(word, word)) for word in rest.split()]
    if not suffix and (any(letter.isdigit() for letter in rest) or any(len(word) == 1 for word in words)):
        return ""
    return " ".join([system, number.lstrip("0") or "0", *words])


def with_its_kind(core: str, suffix: str) -> str:
    """A numbered road's core with the suffix behind it: the bypass, spur or loop of a route is another road."""
    return " ".join(filter(None, (core, FULL_WORDS.get(suffix, suffix))))


def is_numbered_road(core: str) -> bool:
    """Whether a street core is a route's identity: a system and a number."""
    numbered = core.startswith(_SYSTEM_NAMES) or " ROAD " in core or " HIGHWAY " in core
    return numbered and any(letter.isdigit() for letter in core)
