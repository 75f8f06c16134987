"""Request lines about the households of one region: the classes that are to be confirmed.

Each maker builds one line by construction; `bench.adversarial_truth` then asks who is recorded there under that name.
A maker that cannot do its work with a household returns None and is given another.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from bench import adversarial_tables as tables
from bench.adversarial_noise import accented, opened_up, typo
from bench.adversarial_places import Address
from bench.adversarial_population import THIS_YEAR, Household, Occupancy, Person


@dataclass(slots=True)
class Asked:
    """What a line will say, before it is rendered. `meant`: who is to be confirmed, before the register is asked."""

    meant: str
    person: Person
    address: Address
    home: Household
    years: tuple[int, ...] = (THIS_YEAR,)
    form: str = ""  # "": as recorded; "rough"; "last_first"; "last_first_bare"
    born: str = ""

    @property
    def number(self) -> str:
        """The identifier that goes with the date of birth: another's where the date is another's."""
        if not self.born:
            return ""
        number = int(self.person.number)
        return str(number if self.born == self.person.born else 1_900_000_000 - number)


@dataclass(frozen=True, slots=True)
class Scene:
    """What a maker may look at: the region's chance, who lives where, and the households by kind."""

    chance: Random
    occupancy: Occupancy
    pools: dict[str, list[Household]]
    streets: dict[str, frozenset[str]]  # ZIP -> names of its streets


QUARTERS = "quarters"
Maker = Callable[[Household, Scene], Asked | None]


def recorded(home: Household, scene: Scene) -> Asked | None:
    """A line about a recorded person of the household, as the register writes it."""
    known = [person for person in home.persons if person.recorded]
    if not known:
        return None
    person = known[int(scene.chance.random() * len(known))]
    return Asked(person.ref, person, home.address, home)


def _form(form: str) -> Maker:
    def make(home: Household, scene: Scene) -> Asked | None:
        asked = recorded(home, scene)
        return replace(asked, form=form) if asked and not (form != "rough" and asked.person.generation) else None

    return make


def renamed(asked: Asked, **changes: object) -> Asked:
    """The line with another name."""
    return replace(asked, person=asked.person._replace(**changes))  # type: ignore[arg-type]


def _double_surname(home: Household, scene: Scene) -> Asked | None:
    asked = recorded(home, scene)
    if asked is None or len(asked.person.family) < 2:
        return None
    first, second = asked.person.family
    return renamed(asked, family=scene.chance.choice(((first,), (second,), (second, first))))


def surname_edit(home: Household, scene: Scene) -> Asked | None:
    """One edit in the surname."""
    asked = recorded(home, scene)
    if asked is None or len(asked.person.family[0]) < 4:
        return None
    return renamed(asked, family=(typo(asked.person.family[0], scene.chance), *asked.person.family[1:]))


def _surname_typo(home: Household, scene: Scene) -> Asked | None:
    """Not among hundreds at one point: there nobody can tell a misspelt resident from a stranger (see `_crowded`)."""
    return surname_edit(home, scene) if home.kind != QUARTERS else None


def _street_typo(home: Household, scene: Scene) -> Asked | None:
    asked = recorded(home, scene)
    words = home.address.street.split()
    if asked is None or not words or len(words[-1]) < 5 or not words[-1].isalpha():
        return None
    street = " ".join([*words[:-1], typo(words[-1], scene.chance)])
    if street in scene.streets[home.address.zip5]:
        return None
    return replace(asked, address=home.address._replace(street=street))


def _given_typo(home: Household, scene: Scene) -> Asked | None:
    asked = recorded(home, scene) if home.kind != QUARTERS else None
    if asked is None or len(asked.person.given) < 4:
        return None
    return renamed(asked, given=typo(asked.person.given, scene.chance))


def _city_alias(home: Household, scene: Scene) -> Asked | None:
    asked = recorded(home, scene)
    if asked is None or not home.town.aliases:
        return None
    return replace(asked, address=home.address._replace(city=scene.chance.choice(home.town.aliases)))


def _zip_digit(home: Household, scene: Scene) -> Asked | None:
    """One wrong digit. Not where the mistaken ZIP has the same street in the same city: that is another address."""
    asked = recorded(home, scene)
    if asked is None or not home.address.street or home.twin is not None:
        return None
    at = scene.chance.choice((3, 4))
    zip5 = home.address.zip5
    digit = str((int(zip5[at]) + scene.chance.randint(1, 9)) % 10)
    mistaken = zip5[:at] + digit + zip5[at + 1 :]
    if mistaken in home.town.sisters or scene.occupancy.at(home.address._replace(zip5=mistaken)):
        return None
    return replace(asked, address=home.address._replace(zip5=mistaken))


def _face(change: Callable[[Address, Random], Address | None]) -> Maker:
    """A directional or suffix added or left out, where no other address has the same number, street and unit."""

    def make(home: Household, scene: Scene) -> Asked | None:
        asked = recorded(home, scene)
        address = change(home.address, scene.chance) if home.address.street else None
        if asked is None or address is None or len(scene.occupancy.faces(home.address)) > 1:
            return None
        return replace(asked, address=address)

    return make


def _without_direction(address: Address, _: Random) -> Address | None:
    return address._replace(pre="") if address.pre and not address.post else None


def _with_direction(address: Address, chance: Random) -> Address | None:
    return None if address.pre or address.post or not address.suffix else address._replace(pre=chance.choice("NSEW"))


def _without_suffix(address: Address, _: Random) -> Address | None:
    fits = address.suffix and len(address.street) > 1 and address.street.replace(" ", "").isalpha()
    return address._replace(suffix="") if fits else None


def _with_suffix(address: Address, chance: Random) -> Address | None:
    if address.suffix or address.post or not address.street.startswith(("AVENUE", "CALLE", "CAMINO", "PASEO")):
        return None
    return address._replace(suffix=chance.choice(("ST", "RD", "DR")))


def _spacing(home: Household, scene: Scene) -> Asked | None:
    """A surname's particle set apart or an apostrophe put in; or two words of a street written as one."""
    asked = recorded(home, scene)
    if asked is None:
        return None
    family = opened_up(asked.person.family[0], scene.chance)
    if family is not None:
        return renamed(asked, family=(family, *asked.person.family[1:]))
    if home.address.street not in tables.TWO_WORDS:
        return None
    return replace(asked, address=home.address._replace(street=home.address.street.replace(" ", "")))


def _accents(home: Household, scene: Scene) -> Asked | None:
    asked = recorded(home, scene)
    family = accented(asked.person.family[0], scene.chance) if asked else None
    if asked is None or family is None:
        return None
    given = accented(asked.person.given, scene.chance) if scene.chance.random() < 0.3 else None
    return renamed(asked, family=(family, *asked.person.family[1:]), given=given or asked.person.given)


def _nickname(identified: bool) -> Maker:
    def make(home: Household, scene: Scene) -> Asked | None:
        known = [one for one in home.persons if one.recorded and one.given in tables.NICKNAMES]
        if not known:
            return None
        person = scene.chance.choice(known)
        nickname = scene.chance.choice(tables.NICKNAMES[person.given])
        born = person.born if identified else ""
        return Asked(person.ref, person._replace(given=nickname), home.address, home, born=born)

    return make


def _with_birth_date(home: Household, scene: Scene) -> Asked | None:
    asked = recorded(home, scene)
    return replace(asked, born=asked.person.born) if asked else None


Classes = dict[str, tuple[Maker, str, float]]
"""Class -> how it is made, the pool of households it is drawn from, its weight among the classes of its side."""

POSITIVE: Classes = {
    "exact": (recorded, "any", 42), "reformatted": (_form("rough"), "any", 22),
    "last_first": (_form("last_first"), "any", 3),
    "last_first_bare": (_form("last_first_bare"), "any", 0.3), "double_surname": (_double_surname, "double", 12),
    "surname_typo": (_surname_typo, "any", 6), "street_typo": (_street_typo, "any", 6),
    "given_typo": (_given_typo, "any", 5), "city_alias": (_city_alias, "alias", 4), "zip_digit": (_zip_digit, "any", 3),
    "missing_direction": (_face(_without_direction), "direction", 1.5),
    "extra_direction": (_face(_with_direction), "any", 0.5),
    "missing_suffix": (_face(_without_suffix), "any", 1.5), "extra_suffix": (_face(_with_suffix), "no_suffix", 0.5),
    "spacing": (_spacing, "spacing", 1.5), "accents": (_accents, "any", 1.5),
    "nickname_identified": (_nickname(True), "any", 1), "nickname_alone": (_nickname(False), "any", 0.3),
    "with_birth_date": (_with_birth_date, "any", 2),
}  # fmt: skip
