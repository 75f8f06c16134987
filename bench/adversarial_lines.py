"""Request lines about the households of one region: classes to be confirmed, and classes that must not be.

Each maker builds one line by construction; `bench.adversarial_truth` then asks who is recorded there under that name.
A maker that cannot do its work with a household returns None and is given another.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from bench import adversarial_tables as tables
from bench import census_names
from bench.adversarial_noise import accented, opened_up, typo
from bench.adversarial_places import LETTERS, Address, neighbours
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


def _exact(home: Household, scene: Scene) -> Asked | None:
    known = [person for person in home.persons if person.recorded]
    if not known:
        return None
    person = known[int(scene.chance.random() * len(known))]
    return Asked(person.ref, person, home.address, home)


def _form(form: str) -> Maker:
    def make(home: Household, scene: Scene) -> Asked | None:
        asked = _exact(home, scene)
        return replace(asked, form=form) if asked and not (form != "rough" and asked.person.generation) else None

    return make


def _renamed(asked: Asked, **changes: object) -> Asked:
    return replace(asked, person=asked.person._replace(**changes))  # type: ignore[arg-type]


def _double_surname(home: Household, scene: Scene) -> Asked | None:
    asked = _exact(home, scene)
    if asked is None or len(asked.person.family) < 2:
        return None
    first, second = asked.person.family
    return _renamed(asked, family=scene.chance.choice(((first,), (second,), (second, first))))


def _surname_edit(home: Household, scene: Scene) -> Asked | None:
    asked = _exact(home, scene)
    if asked is None or len(asked.person.family[0]) < 4:
        return None
    return _renamed(asked, family=(typo(asked.person.family[0], scene.chance), *asked.person.family[1:]))


def _surname_typo(home: Household, scene: Scene) -> Asked | None:
    """Not among hundreds at one point: there nobody can tell a misspelt resident from a stranger (see `_crowded`)."""
    return _surname_edit(home, scene) if home.kind != QUARTERS else None


def _street_typo(home: Household, scene: Scene) -> Asked | None:
    asked = _exact(home, scene)
    words = home.address.street.split()
    if asked is None or not words or len(words[-1]) < 5 or not words[-1].isalpha():
        return None
    street = " ".join([*words[:-1], typo(words[-1], scene.chance)])
    if street in scene.streets[home.address.zip5]:
        return None
    return replace(asked, address=home.address._replace(street=street))


def _given_typo(home: Household, scene: Scene) -> Asked | None:
    asked = _exact(home, scene) if home.kind != QUARTERS else None
    if asked is None or len(asked.person.given) < 4:
        return None
    return _renamed(asked, given=typo(asked.person.given, scene.chance))


def _city_alias(home: Household, scene: Scene) -> Asked | None:
    asked = _exact(home, scene)
    if asked is None or not home.town.aliases:
        return None
    return replace(asked, address=home.address._replace(city=scene.chance.choice(home.town.aliases)))


def _zip_digit(home: Household, scene: Scene) -> Asked | None:
    """One wrong digit. Not where the mistaken ZIP has the same street in the same city: that is another address."""
    asked = _exact(home, scene)
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
        asked = _exact(home, scene)
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
    asked = _exact(home, scene)
    if asked is None:
        return None
    family = opened_up(asked.person.family[0], scene.chance)
    if family is not None:
        return _renamed(asked, family=(family, *asked.person.family[1:]))
    if home.address.street not in tables.TWO_WORDS:
        return None
    return replace(asked, address=home.address._replace(street=home.address.street.replace(" ", "")))


def _accents(home: Household, scene: Scene) -> Asked | None:
    asked = _exact(home, scene)
    family = accented(asked.person.family[0], scene.chance) if asked else None
    if asked is None or family is None:
        return None
    given = accented(asked.person.given, scene.chance) if scene.chance.random() < 0.3 else None
    return _renamed(asked, family=(family, *asked.person.family[1:]), given=given or asked.person.given)


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
    asked = _exact(home, scene)
    return replace(asked, born=asked.person.born) if asked else None


def _forbidden(home: Household, scene: Scene, address: Address) -> Asked | None:
    asked = _exact(home, scene)
    if asked is None:
        return None
    if scene.chance.random() < 0.1 and len(asked.person.family[0]) > 4:
        asked = _renamed(asked, family=(typo(asked.person.family[0], scene.chance), *asked.person.family[1:]))
    return replace(asked, meant="", address=address, form="rough" if scene.chance.random() < 0.4 else "")


def _old_address(home: Household, scene: Scene) -> Asked | None:
    return _forbidden(home, scene, scene.chance.choice(home.before).address) if home.before else None


def _before_moving_in(home: Household, scene: Scene) -> Asked | None:
    asked = _forbidden(home, scene, home.address) if home.since > THIS_YEAR - 3 else None
    return replace(asked, years=(home.since - 1, THIS_YEAR)) if asked else None


def _neighbour_number(home: Household, scene: Scene) -> Asked | None:
    if not home.address.number.isdigit():
        return None
    number = str(int(home.address.number) + scene.chance.choice((1, 2, 4, 10, 100)))
    return _forbidden(home, scene, home.address._replace(number=number))


def _other_unit(home: Household, scene: Scene) -> Asked | None:
    unit = home.address.unit
    if not unit:
        return None
    other = str(int(unit) + scene.chance.choice((1, 2, 100))) if unit.isdigit() else f"{unit[:-1]}{'G'}"
    if scene.chance.random() < 0.5:
        other = scene.chance.choice(scene.pools["unit"]).address.unit
    return _forbidden(home, scene, home.address._replace(unit=other)) if other != unit else None


def _missing_unit(home: Household, scene: Scene) -> Asked | None:
    return _forbidden(home, scene, home.address._replace(unit="")) if home.address.unit else None


def _unit_where_none(home: Household, scene: Scene) -> Asked | None:
    if home.address.unit or not home.address.number.isdigit() or home.address.urbanization:
        return None
    return _forbidden(home, scene, home.address._replace(unit=str(scene.chance.randint(1, 9))))


def _absent_member(home: Household, scene: Scene) -> Asked | None:
    absent = [person for person in home.persons if not person.recorded and not person.generation]
    form = "rough" if scene.chance.random() < 0.4 else ""
    return Asked("", scene.chance.choice(absent), home.address, home, form=form) if absent else None


def _similar_given(home: Household, scene: Scene) -> Asked | None:
    """A name close to a recorded one, of somebody who is not recorded."""
    names = {person.given for person in home.persons}
    similar = [
        person._replace(given=tables.SIMILAR_GIVEN[person.given], generation="")
        for person in home.persons
        if person.recorded and tables.SIMILAR_GIVEN.get(person.given, person.given) not in names
    ]
    return Asked("", scene.chance.choice(similar), home.address, home) if similar else None


def _crowded(home: Household, scene: Scene) -> Asked | None:
    """Among hundreds at one point: a surname one letter from a resident's, and the resident's given name."""
    asked = _surname_edit(home, scene)
    return replace(asked, meant="") if asked else None


def _junior_senior(home: Household, scene: Scene) -> Asked | None:
    """The son where only the father is recorded; or no generation given where both are."""
    sons = [person for person in home.persons if person.generation == "JR"]
    if not sons:
        return None
    son = sons[0]
    generation = "" if son.recorded else scene.chance.choice(("JR", ""))
    return Asked("", son._replace(generation=generation), home.address, home)


def _other_initial(home: Household, scene: Scene) -> Asked | None:
    """A relative of the same name and another middle initial, who is not recorded."""
    asked = _exact(home, scene)
    if asked is None or not asked.person.middle or asked.person.generation:
        return None
    other = scene.chance.choice([letter for letter in "ABCDEFGHJKLM" if letter != asked.person.middle])
    return replace(_renamed(asked, middle=other), meant="")


def _other_birth_date(home: Household, scene: Scene) -> Asked | None:
    """Somebody of the same name with another date of birth, who is not recorded."""
    asked = _exact(home, scene)
    if asked is None:
        return None
    year = int(asked.person.born[:4]) + scene.chance.choice((-31, -27, -2, 2, 24, 30))
    return replace(asked, meant="", born=f"{min(max(year, 1920), 2008)}{asked.person.born[4:]}")


def _moved_relative(home: Household, scene: Scene) -> Asked | None:
    """A relative of the same name who left, asked about for the year in which only the heir lives there."""
    gone = [person for person, stay in home.departed if stay.last < THIS_YEAR]
    return Asked("", scene.chance.choice(gone), home.address, home) if gone else None


def _other_town(home: Household, scene: Scene) -> Asked | None:
    """The same name, number and street in another town, under that town's own name and ZIP."""
    other = scene.chance.choice(scene.pools["any"]).town
    if other.city in (home.town.city, *home.town.aliases) or home.town.city in other.aliases:
        return None
    return _forbidden(home, scene, home.address._replace(zip5=other.zip5, city=other.city, state=other.state))


def _other_zip(home: Household, scene: Scene) -> Asked | None:
    """The same number and street in another ZIP of the same city, where others live."""
    return _forbidden(home, scene, home.twin) if home.twin is not None else None


def _other_direction(home: Household, scene: Scene) -> Asked | None:
    opposite = tables.OPPOSITE.get(home.address.pre)
    return _forbidden(home, scene, home.address._replace(pre=opposite)) if opposite else None


def _other_suffix(home: Household, scene: Scene) -> Asked | None:
    if not home.address.suffix:
        return None
    other = scene.chance.choice([suffix for suffix in tables.SUFFIXES if suffix != home.address.suffix])
    return _forbidden(home, scene, home.address._replace(suffix=other))


def _near_street(home: Household, scene: Scene) -> Asked | None:
    """A street one letter away that exists in the ZIP and has a recorded address."""
    zip5 = home.address.zip5
    near = [name for name in neighbours().get(home.address.street, ()) if (zip5, name) in scene.occupancy.streets]
    return _forbidden(home, scene, home.address._replace(street=scene.chance.choice(near))) if near else None


def _letter_street(home: Household, scene: Scene) -> Asked | None:
    words = home.address.street.split()
    places = [place for place, word in enumerate(words) if len(word) == 1 and word.isalpha()]
    if not places:
        return None
    words[places[0]] = scene.chance.choice([letter for letter in LETTERS if letter != words[places[0]]])
    return _forbidden(home, scene, home.address._replace(street=" ".join(words)))


def _stranger(home: Household, scene: Scene) -> Asked | None:
    asked = _exact(home, scene)
    surname = census_names.table()["F"].pick(scene.chance.random())
    if asked is None or any(surname in person.family for person in home.persons):
        return None
    return replace(_renamed(asked, family=(surname,)), meant="")


Classes = dict[str, tuple[Maker, str, float]]
"""Class -> how it is made, the pool of households it is drawn from, its weight among the classes of its side."""

POSITIVE: Classes = {
    "exact": (_exact, "any", 42), "reformatted": (_form("rough"), "any", 22),
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
NEGATIVE: Classes = {
    "old_address": (_old_address, "moved", 14), "before_moving_in": (_before_moving_in, "any", 6),
    "neighbour_number": (_neighbour_number, "any", 8), "other_unit": (_other_unit, "unit", 10),
    "missing_unit": (_missing_unit, "unit", 8), "unit_where_none": (_unit_where_none, "any", 5),
    "absent_member": (_absent_member, "absent", 14), "similar_given": (_similar_given, "any", 12),
    "crowded": (_crowded, "quarters", 3), "junior_senior": (_junior_senior, "junior", 10),
    "other_initial": (_other_initial, "any", 6), "other_birth_date": (_other_birth_date, "any", 3),
    "moved_relative": (_moved_relative, "departed", 5), "other_town": (_other_town, "any", 5),
    "other_zip": (_other_zip, "twin", 6), "other_direction": (_other_direction, "direction", 8),
    "other_suffix": (_other_suffix, "any", 6), "near_street": (_near_street, "near", 10),
    "letter_street": (_letter_street, "letter", 6), "stranger": (_stranger, "any", 3),
}  # fmt: skip


def pools(households: list[Household]) -> dict[str, list[Household]]:
    """Households by what can be asked about them."""
    found: dict[str, list[Household]] = {name: [] for _, name, _ in (*POSITIVE.values(), *NEGATIVE.values())}
    for home in households:
        address, persons = home.address, home.persons
        if home.kind == QUARTERS:
            found["quarters"].append(home)
            found["any"] += [home] * (len(persons) // 3)
            continue
        for name, fits in (
            ("any", True), ("double", any(len(one.family) > 1 for one in persons)), ("alias", bool(home.town.aliases)),
            ("direction", bool(address.pre)), ("no_suffix", bool(address.street) and not address.suffix),
            ("moved", bool(home.before)), ("unit", bool(address.unit)), ("departed", bool(home.departed)),
            ("absent", any(not one.recorded and not one.generation for one in persons)),
            ("junior", any(one.generation == "JR" for one in persons)), ("twin", home.twin is not None),
            ("near", address.street in neighbours()),
            ("letter", any(len(word) == 1 for word in address.street.split())),
            ("spacing", _can_be_opened(home)),
        ):  # fmt: skip
            if fits:
                found[name].append(home)
    return found


def _can_be_opened(home: Household) -> bool:
    family = home.persons[0].family[0]
    starts = tuple(start for start, _ in tables.OPEN_UP)
    return family in tables.IRISH or family.startswith(starts) or home.address.street in tables.TWO_WORDS
