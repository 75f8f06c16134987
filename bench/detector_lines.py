"""What a family of lines for `bench.detectors` is made of: one sound line, of which a family spoils or bends one part.

Invented people, real cities with their own ZIP (package `zipcodes`). Judges nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from random import Random

from privity.domain.request import SuppliedAddress, SuppliedName

PHRASES = Path(__file__).parent / "data" / "detector_phrases.txt"
TUNED, HELD = "tuned", "held out"
RETURNED, HELD_BACK, ADMITTED = "returned", "returned or referred", "admitted"
STATES = frozenset(
    [
        "AL",
        "AK",
        "AZ",
        "AR",
        "CA",
        "CO",
        "CT",
        "DE",
        "FL",
        "GA",
        "HI",
        "ID",
        "IL",
        "IN",
        "IA",
        "KS",
        "KY",
        "LA",
        "ME",
        "MD",
        "MA",
        "MI",
        "MN",
        "MS",
        "MO",
        "MT",
        "NE",
        "NV",
        "NH",
        "NJ",
        "NM",
        "NY",
        "NC",
        "ND",
        "OH",
        "OK",
        "OR",
        "PA",
        "RI",
        "SC",
        "SD",
        "TN",
        "TX",
        "UT",
        "VT",
        "VA",
        "WA",
        "WV",
        "WI",
        "WY",
        "DC",
    ]
)
GIVEN = [
    "Maria",
    "Jose",
    "Luis",
    "Carlos",
    "Ana",
    "James",
    "Robert",
    "Linda",
    "Michael",
    "Patricia",
    "David",
    "Rosa",
    "Juan",
    "Elena",
    "Pedro",
    "Sofia",
    "Thomas",
    "Karen",
    "Omar",
    "Fatima",
    "Wei",
    "Anh",
    "Priya",
    "Ivan",
    "Olga",
    "Samuel",
    "Ruth",
    "Hector",
    "Lucia",
    "Manuel",
    "Teresa",
    "George",
    "Helen",
    "Andre",
    "Denise",
]
FAMILY = [
    "Garcia",
    "Lopez",
    "Smith",
    "Johnson",
    "Nguyen",
    "Patel",
    "Martinez",
    "Rodriguez",
    "Kim",
    "Chen",
    "Brown",
    "Davis",
    "Wilson",
    "Hernandez",
    "Ramirez",
    "Torres",
    "Flores",
    "Rivera",
    "Gomez",
    "Diaz",
    "Cruz",
    "Morales",
    "Ortiz",
    "Walker",
    "Young",
    "Allen",
    "Scott",
    "Baker",
    "Carter",
    "Mitchell",
    "Perez",
    "Turner",
    "Evans",
]
STREETS = [
    "Oak",
    "Maple",
    "Cedar",
    "Elm",
    "Washington",
    "Lincoln",
    "Park",
    "Lake",
    "Hill",
    "Walnut",
    "Spring",
    "Ridge",
    "Sunset",
    "Highland",
    "Franklin",
    "Jefferson",
    "Madison",
    "Monroe",
    "Meadow",
    "Forest",
    "River",
    "Willow",
    "Cherry",
    "Dogwood",
    "Magnolia",
    "Birch",
    "Laurel",
    "Hickory",
    "Pecan",
    "Cottonwood",
]
SUFFIXES = [
    "St",
    "Street",
    "Ave",
    "Avenue",
    "Rd",
    "Road",
    "Dr",
    "Drive",
    "Ln",
    "Lane",
    "Ct",
    "Blvd",
    "Way",
    "Pl",
    "Cir",
    "Ter",
    "Trl",
    "Pkwy",
]


@dataclass(frozen=True, slots=True)
class Place:
    """A city, its state and one of its ZIP codes."""

    city: str
    state: str
    code: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """The parts of one line that a family decides."""

    name: SuppliedName
    address: SuppliedAddress
    reason: str = ""  # empty: a sound one is put there


@dataclass(frozen=True, slots=True)
class Family:
    """A named kind of line: whether its failures were looked at while detectors were mended, and what it deserves."""

    name: str
    split: str
    deserves: str
    draw: Callable[[Random], Drawn]


FAMILIES: list[Family] = []


@cache
def _phrases() -> dict[str, list[str]]:
    lists: dict[str, list[str]] = {}
    for line in PHRASES.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            current = lists.setdefault(line.strip("[]"), [])
        elif line and not line.startswith("#"):
            current += line.split("|")
    return lists


def phrases(name: str) -> list[str]:
    """One list of bench/data/detector_phrases.txt."""
    return _phrases()[name]


def family(split: str, deserves: str) -> Callable[[Callable[[Random], Drawn]], Callable[[Random], Drawn]]:
    """Register a drawing function under its own name."""

    def register(draw: Callable[[Random], Drawn]) -> Callable[[Random], Drawn]:
        FAMILIES.append(Family(draw.__name__.replace("_", "-"), split, deserves, draw))
        return draw

    return register


@cache
def places() -> tuple[Place, ...]:
    """Every city of the fifty states with a standard ZIP code."""
    import zipcodes

    rows = zipcodes.list_all()
    kept = (row for row in rows if row["zip_code_type"] == "STANDARD" and row["active"] and row["state"] in STATES)
    return tuple(Place(row["city"], row["state"], row["zip_code"]) for row in kept)


def place(draw: Random) -> Place:
    """Any of them."""
    return draw.choice(places())


def in_state(draw: Random, state: str) -> Place:
    """Any of one state."""
    return draw.choice(_by_state()[state])


@cache
def _by_state() -> dict[str, tuple[Place, ...]]:
    return {state: tuple(one for one in places() if one.state == state) for state in STATES}


def person(draw: Random) -> SuppliedName:
    """A sound name, in columns or whole."""
    given, family_name = draw.choice(GIVEN), draw.choice(FAMILY)
    if draw.random() < 0.5:
        return SuppliedName(given_name=given, family_name=family_name)
    return SuppliedName(full_name=draw.choice((f"{given} {family_name}", f"{family_name}, {given}")))


def street(draw: Random) -> str:
    """A sound street line."""
    return f"{draw.randint(1, 9999)} {draw.choice(STREETS)} {draw.choice(SUFFIXES)}"


def laid(draw: Random, line1: str, line2: str = "", where: Place | None = None) -> SuppliedAddress:
    """The address in columns or on one line."""
    where = where or place(draw)
    if draw.random() < 0.5:
        return SuppliedAddress(line1, line2, where.city, where.state, where.code)
    text = ", ".join(part for part in (line1, line2, where.city, f"{where.state} {where.code}") if part)
    return SuppliedAddress(address=text)


def sound(draw: Random) -> Drawn:
    """A line without defect."""
    return Drawn(person(draw), laid(draw, street(draw)))


def at(draw: Random, line1: str, line2: str = "", where: Place | None = None) -> Drawn:
    """A sound person at this address."""
    return Drawn(person(draw), laid(draw, line1, line2, where))


def named(draw: Random, name: SuppliedName | str) -> Drawn:
    """This name at a sound address."""
    known = SuppliedName(full_name=name) if isinstance(name, str) else name
    return replace(sound(draw), name=known)


def instead_of_address(draw: Random, text: str) -> Drawn:
    """Text that is no address, in every place where files put it."""
    where = place(draw)
    options = (
        SuppliedAddress(text, "", where.city, where.state, where.code),
        SuppliedAddress(text, "", where.city, where.state, where.code),
        SuppliedAddress(text, "", where.city, where.state, ""),
        SuppliedAddress("", text, where.city, where.state, where.code),
        SuppliedAddress(text, text, where.city, where.state, where.code),
        SuppliedAddress(text, "", text, where.state, where.code),
        SuppliedAddress(address=f"{text}, {where.city}, {where.state} {where.code}"),
        SuppliedAddress(address=f"{text} {where.city} {where.state} {where.code}"),
        SuppliedAddress(address=f"{text} {where.code}"),
        SuppliedAddress(address=text),
    )
    return Drawn(person(draw), draw.choice(options))
