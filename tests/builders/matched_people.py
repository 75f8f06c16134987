"""Short ways to say who is recorded at a point and who is asked for, in tests of matching."""

from __future__ import annotations

from datetime import date

from privity.matching.decide import AskedPerson, Place, Verdict, decide
from privity.matching.levels import POLICIES, Reach
from privity.matching.periods import Span
from privity.matching.person_record import Face, PersonAtPoint, Recorded, RecordedName

YEAR = 2024
MAIN: Face = ("N", "ST", "")


def year(number: int) -> Span:
    return date(number, 1, 1).toordinal(), date(number, 12, 31).toordinal()


def name(text: str) -> RecordedName:
    """GIVEN [MIDDLE] FAMILY[-FAMILY][, GENERATION]."""
    text, _, generation = text.partition(", ")
    given, *middle, family = text.split()
    return RecordedName(given, " ".join(middle), tuple(family.split("-")), generation)


def person(
    ref: str, who: str, *years: int, face: Face = MAIN, identifier: int = 0, birth_day: int = 0
) -> PersonAtPoint:
    spans = tuple(year(one) for one in years or (YEAR,))
    return PersonAtPoint(ref.encode().ljust(16, b"."), name(who), face, spans, identifier, birth_day)


def facts(one: Recorded) -> PersonAtPoint:
    """A person read out of a record, as the build knew it."""
    said = one.name
    plain = RecordedName(said.given, said.middle, said.family, said.generation)
    return PersonAtPoint(one.reference, plain, one.face, one.spans, one.identifier, one.birth_day)


def asked(
    who: str,
    *years: int,
    face: Face = MAIN,
    identifier: int = 0,
    birth_day: int = 0,
    confirmable: bool = True,
) -> AskedPerson:
    periods = tuple(year(one) for one in years or (YEAR,))
    return AskedPerson(name(who), face, periods, identifier, birth_day, confirmable)


def verdict(
    question: AskedPerson,
    *persons: PersonAtPoint,
    near: bool = False,
    reach: Reach | None = None,
    policy: str = "standard",
    withheld: str = "",
) -> Verdict:
    hidden = frozenset({withheld.encode().ljust(16, b".")} if withheld else ())
    return decide(question, [Place(Reach(near) if reach is None else reach, persons)], POLICIES[policy], hidden)
