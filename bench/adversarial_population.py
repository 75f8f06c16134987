"""A seeded synthetic population: towns, streets, households, histories. Streams households; holds no more than one."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from bench import adversarial_tables as tables

THIS_YEAR = 2025


@dataclass(frozen=True)
class Address:
    """One address in parts, canonical upper-case."""

    number: str
    pre: str
    street: str
    suffix: str
    unit: str
    city: str
    state: str
    zip5: str

    @property
    def line1(self) -> str:
        return " ".join(part for part in (self.number, self.pre, self.street, self.suffix) if part)

    @property
    def line2(self) -> str:
        return f"APT {self.unit}" if self.unit else ""


@dataclass(frozen=True)
class Person:
    """One person; `recorded` says whether the register knows them."""

    ref: str
    given: str
    middle: str
    family: tuple[str, ...]
    generation: str = ""
    recorded: bool = True


@dataclass(frozen=True)
class Town:
    """One ZIP with its names and streets (street, suffix, directional)."""

    zip5: str
    city: str
    state: str
    aliases: tuple[str, ...]
    streets: tuple[tuple[str, str, str], ...]


@dataclass
class Household:
    """Persons at one address since a year, and where they lived before (None: nowhere recorded)."""

    town: Town
    address: Address
    since: int
    before: Address | None
    before_from: int
    persons: list[Person] = field(default_factory=list)


def towns(rows: int, chance: random.Random) -> list[Town]:
    """About one town for each 2,000 register rows, real ZIPs."""
    import zipcodes

    places = zipcodes.filter_by(zip_code_type="STANDARD", active=True)
    places = sorted(
        (place for place in places if place["state"] not in ("PR", "GU", "VI", "AS", "MP", "AE", "AP", "AA")),
        key=lambda place: place["zip_code"],
    )
    chosen = chance.sample(places, max(20, rows // 2000))
    return [
        Town(
            place["zip_code"],
            place["city"].upper(),
            place["state"],
            tuple(name.upper() for name in place["acceptable_cities"]),
            tuple(_street(chance) for _ in range(60)),
        )
        for place in chosen
    ]


def _street(chance: random.Random) -> tuple[str, str, str]:
    kind = chance.random()
    if kind < 0.05:
        return chance.choice(tables.LETTER_STREETS).format(chance.choice("ABCDEFGHJK")), "", ""
    if kind < 0.08:
        return chance.choice(tables.SPANISH), "", ""
    if kind < 0.16:
        ordinal = chance.randint(1, 99)
        ending = "TH" if 10 <= ordinal % 100 <= 20 else {1: "ST", 2: "ND", 3: "RD"}.get(ordinal % 10, "TH")
        return f"{ordinal}{ending}", chance.choice(("ST", "AVE")), chance.choice(("N", "S", "E", "W", ""))
    if kind < 0.19:
        return f"STATE HIGHWAY {chance.randint(2, 400)}", "", ""
    name = chance.choice(tables.TWO_WORDS if kind < 0.24 else tables.STREETS)
    direction = chance.choice(("N", "S", "E", "W", "NE", "SW")) if chance.random() < 0.3 else ""
    return name, chance.choice(tables.SUFFIXES), direction


def address_in(town: Town, chance: random.Random) -> Address:
    """A new address; a quarter have a unit, a few are boxes."""
    if chance.random() < 0.03:
        return Address(f"PO BOX {chance.randint(1, 9000)}", "", "", "", "", town.city, town.state, town.zip5)
    street, suffix, pre = chance.choice(town.streets)
    number = str(chance.randint(1, 9899))
    unit = ""
    if chance.random() < 0.25:
        number = str(chance.randint(1, 40) * 100)  # large buildings: many units at one number
        unit = chance.choice((str(chance.randint(1, 60)), f"{chance.randint(1, 9)}{chance.choice('ABCD')}"))
    return Address(number, pre, street, suffix, unit, town.city, town.state, town.zip5)


def family_name(chance: random.Random) -> str:
    """Frequent names often, rare ones made of syllables."""
    if chance.random() < 0.6:
        return tables.FAMILIES[min(int(chance.expovariate(1 / 60)), len(tables.FAMILIES) - 1)]
    return chance.choice(tables.SYLLABLES) + chance.choice(tables.SYLLABLES) + chance.choice(tables.ENDINGS)


def given_name(chance: random.Random, woman: bool) -> str:
    return chance.choice(tables.WOMEN if woman else tables.MEN)


def households(rows: int, seed: int) -> Iterator[Household]:
    """Households until the register has `rows` rows (one row for each recorded person and address)."""
    chance = random.Random(f"population/{seed}")
    places = towns(rows, chance)
    number = made = 0
    taken: set[tuple[str, str, str]] = set()
    while made < rows:
        number += 1
        home = _household(number, chance, chance.choice(places))
        key = (home.address.zip5, home.address.line1, home.address.unit)
        if key in taken:  # two households at one address would make the truth of a line uncertain
            continue
        taken.add(key)
        if home.before is not None:
            taken.add((home.before.zip5, home.before.line1, home.before.unit))
        made += sum(person.recorded for person in home.persons) * (1 + (home.before is not None))
        yield home


def _household(number: int, chance: random.Random, town: Town) -> Household:
    since = chance.randint(2012, THIS_YEAR - 1)
    before = address_in(town, chance) if chance.random() < 0.25 else None
    home = Household(town, address_in(town, chance), since, before, since - chance.randint(1, 6))
    family = (family_name(chance),)
    if chance.random() < 0.12:
        family = (family[0], family_name(chance))
    size = chance.choices((1, 2, 3, 4, 5), (28, 35, 16, 13, 8))[0]
    used: set[str] = set()
    for place in range(size):
        own = family if place == 0 or chance.random() < 0.85 else (family_name(chance),)
        given = given_name(chance, woman=chance.random() < 0.5)
        if given in used:
            continue
        used.add(given)
        middle = chance.choice("ABCDEFGHJKLMNPRSTW") if chance.random() < 0.85 else ""
        recorded = place < 2 or chance.random() < 0.6
        home.persons.append(Person(f"R{number:08}{place}", given, middle, own, "", recorded))
    if chance.random() < 0.03:
        _add_junior(home, chance)
    return home


def _add_junior(home: Household, chance: random.Random) -> None:
    """A father and a son of one name: both recorded, or only the father."""
    father = home.persons[0]
    son = Person(f"{father.ref}J", father.given, father.middle, father.family, "JR", chance.random() < 0.5)
    home.persons[0] = Person(father.ref, father.given, father.middle, father.family, "SR", father.recorded)
    home.persons.append(son)
