"""A seeded synthetic population, one region at a time: households, who of them is recorded, where and since when.

Families share a surname, or half of a double one; some have a father and a son of one name, some a relative of the same
name who moved out before. There are houses, apartment buildings of up to 240 units, boxes, and group quarters of up to
400 persons at one point. Movers have one or two earlier addresses, some of them where others live today. Periods begin
on 1 January and end on 31 December, so that an asked year is either covered or not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from random import Random
from typing import NamedTuple

from bench import census_names
from bench.adversarial_places import Address, Town, box, building, house, towns_of

THIS_YEAR = 2025
OPEN = 9999  # the last year of a period that has not ended
INITIALS = "AABCDDEEFGHJJJKLLLMMMMNPRRSTW"
SIZES = (1,) * 28 + (2,) * 35 + (3,) * 16 + (4,) * 13 + (5,) * 8


class Person(NamedTuple):
    """One person; `recorded` says whether the register knows them."""

    ref: str
    given: str
    middle: str
    family: tuple[str, ...]
    generation: str
    recorded: bool
    born: str  # YYYY-MM-DD
    number: str  # an identifier: nine digits, the first of them 9, which no social security number has


class Stay(NamedTuple):
    """Years from the first to the last at one address."""

    address: Address
    first: int
    last: int


class Household:
    """Persons at one address since a year, where they lived before, and what is needed to ask about them."""

    __slots__ = ("address", "asked", "before", "departed", "kind", "persons", "since", "style", "town", "twin")

    def __init__(self, town: Town, address: Address, kind: str, since: int, style: int) -> None:
        self.town, self.address, self.kind, self.since = town, address, kind, since
        self.style = style  # how the custodian writes this address
        self.before: tuple[Stay, ...] = ()
        self.persons: list[Person] = []
        self.departed: list[tuple[Person, Stay]] = []  # who moved out, nobody knows where to
        self.twin: Address | None = None  # an occupied address: same number and street, another ZIP of the city
        self.asked = 0  # lines so far

    def stays(self) -> Iterator[tuple[Person, Stay]]:
        """Every recorded person at every address."""
        now = Stay(self.address, self.since, OPEN)
        for person in self.persons:
            if person.recorded:
                yield person, now
                for stay in self.before:
                    yield person, stay
        yield from self.departed

    @property
    def rows(self) -> int:
        """Rows of the register."""
        here = sum(person.recorded for person in self.persons)
        return here * (1 + len(self.before)) + len(self.departed)


class Region:
    """Fills one region with households until the register has `rows` rows of it."""

    def __init__(self, prefix: str, rows: int, seed: int) -> None:
        self.chance = Random(f"population/{seed}/{prefix}")
        self.towns = towns_of(prefix, max(2, rows // 400), self.chance)
        self.by_zip = {town.zip5: town for town in self.towns}
        self.households: list[Household] = []
        self._prefix, self._rows, self._count, self._made = prefix, rows, 0, 0
        self._taken: set[tuple[object, object]] = set()
        self._names = census_names.table()
        self._fill()

    def _fill(self) -> None:
        draw = self.chance.random
        if self._rows >= 4_000:
            for _ in range(1 + (draw() < 0.5)):
                self._fill_quarters(self.chance.choice(self.towns))
        while self._made < self._rows:
            town = self.towns[int(draw() * len(self.towns))]
            kind = draw()
            if kind < 0.03 or town.state in ("AE", "AP", "AA"):
                self._settle(town, box(town, self.chance), "box")
            elif kind < 0.044:
                self._fill_building(town)
            else:
                self._settle(town, house(town, self.chance), "house")

    def _fill_building(self, town: Town) -> None:
        chance = self.chance
        large = self._rows > 4_000 and chance.random() < 0.1
        for address in building(town, chance, large):
            if chance.random() < 0.8:
                self._settle(town, address, "unit")

    def _fill_quarters(self, town: Town) -> None:
        """A dormitory, home or prison: many persons at one point, who come and go."""
        chance = self.chance
        home = self._household(town, house(town, chance), "quarters")
        if home is not None:
            for _ in range(chance.randint(40, 400)):
                person = self._person(self._surname(), chance.random() < 0.85)
                if person.recorded and chance.random() < 0.4:
                    first = home.since - chance.randint(1, 9)
                    home.departed.append((person, Stay(home.address, first, first + chance.randint(0, 9))))
                else:
                    home.persons.append(person)
            self._add(home)

    def _settle(self, town: Town, address: Address, kind: str) -> None:
        """One family, and now and then another one at the same number and street of the city's other ZIP."""
        home = self._household(town, address, kind)
        if home is None:
            return
        self._people(home)
        if not self._add(home):
            return
        if town.sisters and kind == "house" and self.chance.random() < 0.04:
            other = self.by_zip.get(self.chance.choice(town.sisters))
            if other is not None and address.street in other.names:
                twin = self._household(other, address._replace(zip5=other.zip5), "house")
                if twin is not None:
                    self._people(twin)
                    if self._add(twin):
                        home.twin, twin.twin = twin.address, home.address

    def _add(self, home: Household) -> bool:
        """Add the household if anybody of it is recorded. The last one loses what is too much for the wanted rows."""
        left = self._rows - self._made
        if home.rows > left:
            home.before, home.departed = (), []
            kept = {one.ref for one in [one for one in home.persons if one.recorded][:left]}
            home.persons = [one._replace(recorded=one.ref in kept) for one in home.persons]
        if not home.rows:
            return False
        self.households.append(home)
        self._made += home.rows
        return True

    def _household(self, town: Town, address: Address, kind: str) -> Household | None:
        """A household without persons; None where the address is taken."""
        key = (address.core, address.face)
        if key in self._taken:
            return None
        self._taken.add(key)
        draw = self.chance.random
        since = THIS_YEAR - 1 - int(draw() * 13)
        home = Household(town, address, kind, since, 0 if draw() < 0.7 else 1)
        if kind != "quarters" and draw() < 0.22:
            self._moves(home)
        return home

    def _moves(self, home: Household) -> None:
        """One or two earlier addresses; a third of them somebody else's today."""
        chance = self.chance
        last, stays = home.since - 1, []
        for _ in range(1 + (chance.random() < 0.15)):
            first = last - chance.randint(1, 6)
            town = self.towns[int(chance.random() * len(self.towns))]
            before = house(town, chance)
            if self.households and chance.random() < 0.33:
                other = self.households[int(chance.random() * len(self.households))]
                if other.since > last and other.kind != "quarters":
                    before = other.address
            if before != home.address:
                stays.append(Stay(before, first, last))
                self._taken.add((before.core, before.face))
            last = first - 1
        home.before = tuple(stays)

    def _people(self, home: Household) -> None:
        draw = self.chance.random
        family: tuple[str, ...] = (self._surname()[0],)
        if draw() < 0.12:
            family = (family[0], self._surname()[0])
            if family[0] == family[1]:
                family = family[:1]
        used: set[str] = set()
        for place in range(SIZES[int(draw() * len(SIZES))]):
            own = family if place == 0 or draw() < 0.85 else self._surname()
            person = self._person(own, place < 2 or draw() < 0.6)
            if person.given not in used:
                used.add(person.given)
                home.persons.append(person)
        kind = draw()
        if kind < 0.03:
            self._add_junior(home)
        elif kind < 0.04 and home.kind == "house":
            self._add_departed(home)

    def _surname(self) -> tuple[str, ...]:
        return (self._names["F"].pick(self.chance.random()),)

    def _person(self, family: tuple[str, ...], recorded: bool) -> Person:
        draw = self.chance.random
        given = self._names["W" if draw() < 0.5 else "M"].pick(draw())
        middle = INITIALS[int(draw() * len(INITIALS))] if draw() < 0.85 else ""
        born = f"{1935 + int(draw() * 72)}-{1 + int(draw() * 12):02}-{1 + int(draw() * 28):02}"
        self._count += 1
        ref = f"R{self._prefix}{self._count:07}"
        return Person(ref, given, middle, family, "", recorded, born, str(900_000_000 + int(draw() * 99_999_999)))

    def _add_junior(self, home: Household) -> None:
        """A father and a son of one name: both recorded, or only the father."""
        father = home.persons[0]
        if father.given in self._names["M"].names[:400]:
            son = self._person(father.family, self.chance.random() < 0.5)
            son = son._replace(given=father.given, middle=father.middle, generation="JR")
            home.persons[0] = father._replace(generation="SR")
            home.persons.append(son)

    def _add_departed(self, home: Household) -> None:
        """A recorded relative of the first person's name, with another initial, who left the year before they came."""
        heir = home.persons[0]
        if not heir.middle:  # then nothing would tell the two apart
            return
        other = self._person(heir.family, True)
        middle = self.chance.choice([letter for letter in "ABCDEFGHJKLM" if letter != heir.middle])
        stay = Stay(home.address, home.since - 1 - self.chance.randint(2, 9), home.since - 1)
        home.departed.append((other._replace(given=heir.given, middle=middle), stay))


class Occupancy:
    """Who is recorded at a delivery point of one region, when, and under which directionals and suffix."""

    def __init__(self, households: Iterable[Household]) -> None:
        self._at: dict[tuple[str, ...], list[tuple[Person, Stay]]] = {}
        for home in households:
            for person, stay in home.stays():
                self._at.setdefault(stay.address.core, []).append((person, stay))
        self.streets = {(core[0], core[2]) for core in self._at}  # (ZIP, street) with a recorded address

    def at(self, address: Address) -> list[tuple[Person, Stay]]:
        """Everybody ever recorded at this number, street and unit of this ZIP, whatever the directionals."""
        return self._at.get(address.core, [])

    def faces(self, address: Address) -> set[tuple[str, str, str]]:
        """The directionals and suffixes under which this number, street and unit exists."""
        return {stay.address.face for _, stay in self.at(address)}
