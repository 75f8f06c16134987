"""Regions, towns, streets and addresses of the adversarial generator: real ZIPs and cities, invented streets.

A region is all that shares the first three digits of a ZIP. Regions never share an address, and a mistaken fourth or
fifth digit stays inside one: that is what lets regions be made apart, in parallel, and the truth be known.
"""

from __future__ import annotations

from functools import cache
from itertools import combinations
from random import Random
from typing import NamedTuple

from bench import adversarial_tables as tables
from bench import census_names

LETTERS = "ABCDEFGHJK"
GRID, HYPHENS, PUERTO_RICO = ("840", "841", "843", "844", "846", "847"), ("113", "114", "116"), ("006", "007", "009")
MILITARY = ("090", "091", "092", "093", "094", "095", "096", "097", "098", "340", "962", "963", "964", "965", "966")
STREETS_A_ZIP = 60


class Address(NamedTuple):
    """One address in parts, canonical upper case. Boxes and rural routes are all in `number`, without a street."""

    number: str
    pre: str
    street: str
    suffix: str
    post: str
    unit: str
    city: str
    state: str
    zip5: str
    urbanization: str = ""

    @property
    def core(self) -> tuple[str, str, str, str, str]:
        """What two addresses at one delivery point share."""
        return self.zip5, self.number, self.street, self.unit, self.urbanization

    @property
    def face(self) -> tuple[str, str, str]:
        """Directionals and suffix: what sets apart two streets of one name."""
        return self.pre, self.suffix, self.post


class Street(NamedTuple):
    """A street with its directionals."""

    name: str
    suffix: str
    pre: str
    post: str = ""


class Town(NamedTuple):
    """One ZIP: its city, the city's other accepted names, its streets, and the city's other ZIPs in the region."""

    zip5: str
    city: str
    state: str
    aliases: tuple[str, ...]
    streets: tuple[Street, ...]
    names: frozenset[str]  # of streets
    sisters: tuple[str, ...]


def _one_edit(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    if len(short) == len(long):
        return sum(a != b for a, b in zip(short, long, strict=True)) == 1
    return len(long) == len(short) + 1 and any(long[:at] + long[at + 1 :] == short for at in range(len(long)))


@cache
def neighbours() -> dict[str, tuple[str, ...]]:
    """Street name -> other names of the table one letter away."""
    near: dict[str, tuple[str, ...]] = {}
    for one, other in combinations(sorted(set(tables.STREETS)), 2):
        if _one_edit(one, other):
            near[one] = (*near.get(one, ()), other)
            near[other] = (*near.get(other, ()), one)
    return near


@cache
def _zips() -> dict[str, dict[tuple[str, str], list[tuple[str, tuple[str, ...]]]]]:
    """Region prefix -> (state, city) -> its ZIPs with the city's other accepted names."""
    import zipcodes

    found: dict[str, dict[tuple[str, str], list[tuple[str, tuple[str, ...]]]]] = {}
    rows = zipcodes.list_all()  # type: ignore[no-untyped-call]
    for row in sorted(rows, key=lambda row: str(row["zip_code"])):
        prefix = row["zip_code"][:3]
        wanted = "MILITARY" if prefix in MILITARY else "STANDARD"
        if row["zip_code_type"] != wanted or not row["active"] or row["state"] in ("GU", "VI", "AS", "MP"):
            continue
        names = [name.upper() for name in (row["city"], *row["acceptable_cities"])]
        plain = [name for name in names if name.replace(" ", "").isalpha()]
        if plain and plain[0] == names[0]:
            cities = found.setdefault(prefix, {})
            cities.setdefault((row["state"], names[0]), []).append((row["zip_code"], tuple(plain[1:])))
    return found


def prefixes() -> list[str]:
    """Every region there is."""
    return sorted(_zips())


def towns_of(prefix: str, wanted: int, chance: Random) -> list[Town]:
    """About `wanted` ZIPs of a region; the ZIPs of one city come together and share half their streets."""
    cities = list(_zips()[prefix].items())
    chance.shuffle(cities)
    made: list[Town] = []
    for (state, city), places in cities:
        if len(made) >= wanted:
            break
        chosen = chance.sample(places, min(len(places), 3))
        shared = [_street(prefix, chance) for _ in range(STREETS_A_ZIP // 2)]
        for zip5, aliases in chosen:
            streets = _with_variants([*shared, *(_street(prefix, chance) for _ in range(STREETS_A_ZIP // 2))], chance)
            names = frozenset(street.name for street in streets)
            sisters = tuple(other for other, _ in chosen if other != zip5)
            made.append(Town(zip5, city, state, aliases, streets, names, sisters))
    return made


def _street(prefix: str, chance: Random) -> Street:
    if prefix in GRID and chance.random() < 0.6:
        along, across = chance.choice(("NE", "NW", "SE", "SW", "EN", "ES", "WN", "WS"))
        return Street(str(chance.randint(1, 90) * 100), "", along, across)
    if prefix in PUERTO_RICO:
        return Street(chance.choice(tables.CALLES), "", "")
    kind = chance.random()
    if kind < 0.05:
        name, _, ending = chance.choice(tables.LETTER_STREETS).format(chance.choice(LETTERS)).partition("|")
        return Street(name, ending, "")
    if kind < 0.08:
        return Street(chance.choice(tables.SPANISH), "", "")
    if kind < 0.16:
        ordinal = chance.randint(1, 99)
        ending = "TH" if 10 <= ordinal % 100 <= 20 else {1: "ST", 2: "ND", 3: "RD"}.get(ordinal % 10, "TH")
        return Street(f"{ordinal}{ending}", chance.choice(("ST", "AVE")), chance.choice(("N", "S", "E", "W", "")))
    if kind < 0.20:
        return Street(chance.choice(tables.HIGHWAYS).format(chance.randint(2, 400)), "", "")
    name = chance.choice(tables.TWO_WORDS if kind < 0.25 else tables.STREETS)
    if kind > 0.7:
        name = census_names.table()["F"].pick(chance.random())
    direction = chance.choice(("N", "S", "E", "W", "NE", "SW")) if chance.random() < 0.3 else ""
    return Street(name, chance.choice(tables.SUFFIXES), direction)


def _with_variants(streets: list[Street], chance: Random) -> tuple[Street, ...]:
    """Also some streets with the opposite directional, another suffix, or a name one letter away."""
    more: dict[Street, None] = dict.fromkeys(streets)
    for street in streets:
        kind = chance.random()
        if kind < 0.06 and street.pre and not street.post:
            more[street._replace(pre=tables.OPPOSITE[street.pre])] = None
        elif 0.06 <= kind < 0.12 and street.suffix:
            more[street._replace(suffix=chance.choice(tables.SUFFIXES))] = None
        elif 0.12 <= kind < 0.5 and street.name in neighbours():
            more[street._replace(name=chance.choice(neighbours()[street.name]))] = None
    return tuple(more)


def house(town: Town, chance: Random) -> Address:
    """A house number on a street of the town, without a unit."""
    draw = chance.random
    streets = town.streets
    street = streets[int(draw() * len(streets))]
    number = str(1 + int(draw() * 9898))
    kind = draw()
    if kind < 0.01:
        number += " 1/2"
    elif town.zip5[:3] in HYPHENS and kind < 0.7:
        number = f"{10 + int(draw() * 180)}-{1 + int(draw() * 98):02}"
    urbanization = ""
    if street.name in tables.CALLES and town.state == "PR" and kind < 0.5:
        urbanization = tables.URBANIZATIONS[int(draw() * len(tables.URBANIZATIONS))]
    place = (street.pre, street.name, street.suffix, street.post, "", town.city, town.state, town.zip5)
    return Address(number, *place, urbanization)


def box(town: Town, chance: Random) -> Address:
    """A post office box, a rural route or, in a military ZIP, a box of a unit."""
    if town.zip5[:3] in MILITARY:
        kind, most = chance.choice((("PSC", 9), ("CMR", 9), ("UNIT", 9000)))
        number = f"{kind} {chance.randint(1, most) + 800} BOX {chance.randint(1, 9000)}"
    elif chance.random() < 0.8:
        number = f"PO BOX {chance.randint(1, 9000)}"
    else:
        number = f"{chance.choice(('RR', 'HC'))} {chance.randint(1, 9)} BOX {chance.randint(1, 900)}"
    return Address(number, "", "", "", "", "", town.city, town.state, town.zip5)


def building(town: Town, chance: Random, large: bool) -> list[Address]:
    """All dwellings of one apartment building: 4 to 40 units, or 60 to 240 where `large`."""
    entrance = house(town, chance)._replace(urbanization="")
    count = chance.randint(60, 240) if large else chance.randint(4, 40)
    letters = chance.random() < 0.4
    units = (f"{1 + n // 6}{'ABCDEF'[n % 6]}" if letters else str(101 + n // 12 * 100 + n % 12) for n in range(count))
    return [entrance._replace(unit=unit) for unit in units]
