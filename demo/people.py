"""An invented population: dwellings, households, people who moved. Seeded: the same seed gives the same people.

Does not write files and knows nothing of requests.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from demo.words import CITIES, DIRECTIONS, FAMILY, GIVEN, NUMBERED, STREETS, SUFFIXES
from privity.normalise import places

UNIT_LETTERS = "ABCDEFGH"


@dataclass(frozen=True, slots=True)
class Street:
    """One street in one ZIP."""

    direction: int  # index into DIRECTIONS, -1 for none
    name: str
    suffix: int
    city: str
    state: str
    zip5: str


@dataclass(frozen=True, slots=True)
class Dwelling:
    """A place to live, or a post office box where `street` is None."""

    number: int
    unit: str
    street: Street | None
    city: str
    state: str
    zip5: str

    def line1(self, short: bool = False) -> str:
        """The delivery line, with long or short words."""
        if self.street is None:
            return f"PO Box {self.number}"
        form = 1 if short else 0
        direction = f"{DIRECTIONS[self.street.direction][form]} " if self.street.direction >= 0 else ""
        return f"{self.number} {direction}{self.street.name} {SUFFIXES[self.street.suffix][form]}"


@dataclass(frozen=True, slots=True)
class Person:
    """An invented person. Every value is synthetic."""

    ref: str
    given: str
    middle: str
    family: str
    generation: str


@dataclass(frozen=True, slots=True)
class Residence:
    """One row of the register: a person at a dwelling for a time (`until` None: still)."""

    person: Person
    dwelling: Dwelling
    since: date
    until: date | None


@dataclass(slots=True)
class Population:
    """The rows of the register, and the dwellings by street (for neighbours)."""

    rows: list[Residence] = field(default_factory=list)
    households: list[list[Residence]] = field(default_factory=list)


class World:
    """Makes streets, dwellings and households from one random source."""

    def __init__(self, seed: int, today: date) -> None:
        self.random = random.Random(seed)
        self.today = today
        self._people = 0
        self._zips = [
            (city, state, zip5) for city, state in CITIES for zip5 in sorted(places.zips_of(city, state))[:12]
        ]
        self._seen: set[tuple[str, int, str, str]] = set()

    def street(self) -> Street:
        """A street somewhere."""
        city, state, zip5 = self.random.choice(self._zips)
        name = self.random.choice(NUMBERED if self.random.random() < 0.15 else STREETS)
        direction = self.random.randrange(4) if self.random.random() < 0.2 else -1
        return Street(direction, name, self.random.randrange(len(SUFFIXES)), city, state, zip5)

    def dwellings(self) -> Iterator[Dwelling]:
        """Dwellings without end, none twice: houses along a street, apartment buildings, boxes."""
        while True:
            kind = self.random.random()
            street = self.street()
            if kind < 0.05:
                found = [Dwelling(self.random.randrange(10, 99999), "", None, street.city, street.state, street.zip5)]
            elif kind < 0.25:
                found = self._building(street)
            else:
                found = self._houses(street)
            for dwelling in found:
                name = dwelling.street.name if dwelling.street else "box"
                mark = (dwelling.zip5 + name, dwelling.number, dwelling.unit, "")
                if mark not in self._seen:
                    self._seen.add(mark)
                    yield dwelling

    def _houses(self, street: Street) -> list[Dwelling]:
        first = self.random.randrange(1, 180) * 50
        numbers = self.random.sample(range(first + 1, first + 50), self.random.randrange(1, 6))
        return [Dwelling(n, "", street, street.city, street.state, street.zip5) for n in numbers]

    def _building(self, street: Street) -> list[Dwelling]:
        number = self.random.randrange(1, 9000)
        floors, across = self.random.randrange(2, 6), self.random.randrange(2, 5)
        letters = self.random.random() < 0.5
        units = [
            f"Apt {floor}{UNIT_LETTERS[door]}" if letters else f"Apt {floor}0{door + 1}"
            for floor in range(1, floors)
            for door in range(across)
        ]
        return [Dwelling(number, unit, street, street.city, street.state, street.zip5) for unit in units]

    def person(self, family: str, given: str = "", generation: str = "") -> Person:
        """A new person of that family."""
        self._people += 1
        middle = self.random.choice(GIVEN) if self.random.random() < 0.55 else ""
        if middle and self.random.random() < 0.5:
            middle = middle[0]
        return Person(f"P{self._people:07d}", given or self.random.choice(GIVEN), middle, family, generation)

    def family_name(self) -> str:
        """One family name, sometimes double."""
        if self.random.random() < 0.05:
            return "-".join(self.random.sample(FAMILY, 2))
        return self.random.choice(FAMILY)

    def day(self, years_back_from: int, years_back_to: int) -> date:
        """A day between so many years back and so many years back."""
        return self.today - timedelta(days=self.random.randrange(years_back_to * 365, years_back_from * 365))

    def household(self, dwelling: Dwelling, earlier: Dwelling | None) -> list[Residence]:
        """People of one household; where `earlier` is given they lived there before."""
        family = self.family_name()
        given = self.random.sample(GIVEN, self.random.choices((1, 2, 3, 4, 5), (30, 32, 17, 14, 7))[0])
        people = [self.person(family, name) for name in given]
        if self.random.random() < 0.02:
            senior = people[0]
            people.append(Person(f"{senior.ref}J", senior.given, "", family, "Jr"))
        moved = self.day(5, 1) if earlier else self.day(20, 5)
        rows = [Residence(person, dwelling, moved, None) for person in people]
        if earlier:
            began = moved - timedelta(days=self.random.randrange(400, 3000))
            left = moved - timedelta(days=1)
            rows += [Residence(person, earlier, began, left) for person in people]
        return rows


def populate(rows: int, seed: int, today: date) -> Population:
    """About `rows` register rows (never fewer; at most one household more)."""
    world = World(seed, today)
    dwellings = world.dwellings()
    population = Population()
    while len(population.rows) < rows:
        earlier = next(dwellings) if world.random.random() < 0.12 else None
        household = world.household(next(dwellings), earlier)
        population.households.append(household)
        population.rows.extend(household)
    return population
