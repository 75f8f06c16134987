"""States, ZIP codes and city names of the United States, its territories and its military post.

Does: answer which state and cities a ZIP serves and which ZIPs a city has, with aliases. Does not: know streets, nor
repair a ZIP. Source of the table: `tools/make_places.py`; it is read once, at first use.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final, NamedTuple

from privity.normalise.text import fold

STATE_NAMES: Final[Mapping[str, str]] = {
    "ALABAMA": "AL", "ALASKA": "AK", "ARIZONA": "AZ", "ARKANSAS": "AR", "CALIFORNIA": "CA", "COLORADO": "CO",
    "CONNECTICUT": "CT", "DELAWARE": "DE", "DISTRICT OF COLUMBIA": "DC", "FLORIDA": "FL", "GEORGIA": "GA",
    "HAWAII": "HI", "IDAHO": "ID", "ILLINOIS": "IL", "INDIANA": "IN", "IOWA": "IA", "KANSAS": "KS", "KENTUCKY": "KY",
    "LOUISIANA": "LA", "MAINE": "ME", "MARYLAND": "MD", "MASSACHUSETTS": "MA", "MICHIGAN": "MI", "MINNESOTA": "MN",
    "MISSISSIPPI": "MS", "MISSOURI": "MO", "MONTANA": "MT", "NEBRASKA": "NE", "NEVADA": "NV", "NEW HAMPSHIRE": "NH",
    "NEW JERSEY": "NJ", "NEW MEXICO": "NM", "NEW YORK": "NY", "NORTH CAROLINA": "NC", "NORTH DAKOTA": "ND",
    "OHIO": "OH", "OKLAHOMA": "OK", "OREGON": "OR", "PENNSYLVANIA": "PA", "RHODE ISLAND": "RI",
    "SOUTH CAROLINA": "SC", "SOUTH DAKOTA": "SD", "TENNESSEE": "TN", "TEXAS": "TX", "UTAH": "UT", "VERMONT": "VT",
    "VIRGINIA": "VA", "WASHINGTON": "WA", "WEST VIRGINIA": "WV", "WISCONSIN": "WI", "WYOMING": "WY",
    "AMERICAN SAMOA": "AS", "GUAM": "GU", "NORTHERN MARIANA ISLANDS": "MP", "PUERTO RICO": "PR",
    "VIRGIN ISLANDS": "VI", "US VIRGIN ISLANDS": "VI", "FEDERATED STATES OF MICRONESIA": "FM",
    "MARSHALL ISLANDS": "MH", "PALAU": "PW", "ARMED FORCES AMERICAS": "AA", "ARMED FORCES EUROPE": "AE",
    "ARMED FORCES PACIFIC": "AP", "WASHINGTON DC": "DC",
}  # fmt: skip
MILITARY_STATES: Final = frozenset({"AA", "AE", "AP"})
_STATES: Final = frozenset(STATE_NAMES.values())
_CITY_WORDS: Final[Mapping[str, str]] = {
    "SAINT": "ST", "SAINTE": "STE", "FORT": "FT", "MOUNT": "MT", "MOUNTAIN": "MTN", "NORTH": "N", "SOUTH": "S",
    "EAST": "E", "WEST": "W", "HEIGHTS": "HTS", "SPRINGS": "SPGS", "TOWNSHIP": "TWP", "VILLAGE": "VLG",
    "BEACH": "BCH", "JUNCTION": "JCT", "STATION": "STA", "LAKE": "LK", "POINT": "PT", "ISLAND": "IS",
    "HARBOR": "HBR", "VALLEY": "VLY", "CENTER": "CTR", "GROVE": "GRV", "FALLS": "FLS", "PARK": "PK", "CITY": "CTY",
    "DOCTOR": "DR", "GENERAL": "GEN", "AFB": "AFB",
}  # fmt: skip


_TOWN_WORDS: Final = frozenset({"TOWN", "CITY", "VILLAGE", "TOWNSHIP", "BOROUGH"})


class _Place(NamedTuple):
    state: str
    cities: tuple[str, ...]  # the USPS city first, then accepted names
    informal: tuple[str, ...]  # names people use and the USPS does not


def states() -> frozenset[str]:
    """Two-letter codes of states, the district, territories, freely associated states and military "states"."""
    return _STATES


@lru_cache(maxsize=1 << 10)
def state_code(text: str) -> str:
    """Two-letter code for a code or a full name in any case; "" where there is no such state."""
    plain = " ".join(fold(text).replace(".", "").replace(",", " ").split())
    return plain if plain in _STATES else STATE_NAMES.get(plain, "")


@lru_cache(maxsize=1 << 16)
def city_key(city: str) -> str:
    """A city's comparable form: upper-case ASCII, punctuation gone, common words in their short form."""
    plain = fold(city).replace("'", "").replace("-", " ").replace(".", " ").replace(",", " ")
    words = plain.split()
    if len(words) > 2 and words[1] == "OF" and words[0] in _TOWN_WORDS:
        words = words[2:]
    return " ".join([_CITY_WORDS.get(word, word) for word in words])


@cache
def _table() -> Mapping[str, _Place]:
    text = files("privity.normalise").joinpath("data/places.txt").read_text(encoding="ascii")
    table = {}
    for line in text.splitlines():
        names, _, informal = line[9:].lstrip("!").partition("|")
        table[line[:5]] = _Place(line[6:8], tuple(names.split(";")), tuple(informal.split(";")) if informal else ())
    return table


@cache
def _prefixes() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for zip5, place in _table().items():
        found.setdefault(zip5[:3], set()).add(place.state)
    return {prefix: frozenset(of) for prefix, of in found.items()}


@cache
def _zips() -> Mapping[tuple[str, str], frozenset[str]]:
    found: dict[tuple[str, str], set[str]] = {}
    for zip5, place in _table().items():
        for city in {city_key(name) for name in (*place.cities, *place.informal)}:
            found.setdefault((city, place.state), set()).add(zip5)
    return {place: frozenset(zips) for place, zips in found.items()}


def zip_prefix_exists(zip5: str) -> bool:
    """Whether any ZIP begins with the same three digits."""
    return zip5[:3] in _prefixes()


def zip_prefix_agrees(zip5: str, state: str) -> bool:
    """Whether a ZIP with these first three digits lies (partly) in `state`. False for unknown prefix or state."""
    return state in _prefixes().get(zip5[:3], frozenset())


def state_of(zip5: str) -> str:
    """The state a known ZIP belongs to, or ""."""
    place = _table().get(zip5)
    return place.state if place else ""


def zips_of(city: str, state: str) -> frozenset[str]:
    """Every ZIP (in use or not) that serves `city`, by official, accepted or informal name; empty where none."""
    return _zips().get((city_key(city), state), frozenset())


@lru_cache(maxsize=1 << 16)
def post_office(zip5: str) -> tuple[str, str]:
    """(state, comparable form of the official city) of a ZIP: one name for all its aliases; ("", "") if unknown."""
    place = _table().get(zip5)
    return (place.state, city_key(place.cities[0])) if place else ("", "")


@lru_cache(maxsize=1 << 14)
def post_offices(city: str, state: str) -> frozenset[tuple[str, str]]:
    """The post offices (see `post_office`) of all ZIPs that serve `city` under any name; several may share one."""
    return frozenset(post_office(zip5) for zip5 in zips_of(city, state))


@lru_cache(maxsize=1 << 16)
def zips_a_slip_away(zip5: str, city: str, state: str) -> frozenset[str]:
    """The other ZIPs of `city` (any name) that one wrong digit, or two neighbours swapped, turn into `zip5`."""
    return frozenset(other for other in zips_of(city, state) if _one_slip(zip5, other))


def _one_slip(left: str, right: str) -> bool:
    apart = [place for place, (one, other) in enumerate(zip(left, right, strict=True)) if one != other]
    swapped = (
        len(apart) == 2
        and apart[1] == apart[0] + 1
        and left[apart[0]] + left[apart[1]] == right[apart[1]] + right[apart[0]]
    )
    return len(apart) == 1 or swapped


@lru_cache(maxsize=1 << 16)
def cities_of(zip5: str) -> frozenset[str]:
    """Comparable forms (`city_key`) of all names of the cities a ZIP serves; empty for an unknown ZIP."""
    place = _table().get(zip5)
    return frozenset(city_key(name) for name in (*place.cities, *place.informal)) if place else frozenset()
