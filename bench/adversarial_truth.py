"""Whether a line is to be confirmed, from who is recorded at the written address under the written name.

Mostly the construction decides. It does not where another recorded person truly bears the written name at the written
address in the asked years: such a line is of class `namesake`, to be confirmed with that person if there is one alone,
with nobody if there are several. A line about somebody whose name another person at the same point bears as well, told
apart by middle initial, generation or years, is of class `shared_name`.
"""

from __future__ import annotations

from bench.adversarial_lines import Asked
from bench.adversarial_population import Occupancy, Person, Stay


def judge(asked: Asked, kind: str, occupancy: Occupancy) -> tuple[str, str]:
    """(reference to be confirmed or "", class)."""
    written = asked.person
    there = occupancy.at(asked.address)
    bearers = {
        person.ref
        for person, stay in there
        if stay.address.face == asked.address.face
        and _covers(stay, asked.years)
        and _bears(person, written)
        and asked.born in ("", person.born)
    }
    if bearers - {asked.meant}:
        everybody = bearers | ({asked.meant} - {""})
        return (next(iter(bearers)) if len(everybody) == 1 else ""), "namesake"
    if asked.meant and _shared(asked, occupancy):
        return asked.meant, "shared_name"
    return asked.meant, kind


def _shared(asked: Asked, occupancy: Occupancy) -> bool:
    """Whether another person bore given name and surname of the one who is meant, at that one's address, ever."""
    own = next(person for person in asked.home.persons if person.ref == asked.meant)
    return any(
        person.ref != own.ref and person.given == own.given and person.family == own.family
        for person, _ in occupancy.at(asked.home.address)
    )


def _covers(stay: Stay, years: tuple[int, ...]) -> bool:
    return stay.first <= min(years) and max(years) <= stay.last


def _bears(person: Person, written: Person) -> bool:
    """The same given name, surname and generation, and no other middle initial."""
    return (
        person.given == written.given
        and person.family == written.family
        and person.generation == written.generation
        and (not person.middle or not written.middle or person.middle == written.middle)
    )
