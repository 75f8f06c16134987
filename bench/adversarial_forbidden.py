"""Request lines about the households of one region: the classes that must not be confirmed."""

from __future__ import annotations

from dataclasses import replace

from bench import adversarial_tables as tables
from bench import census_names
from bench.adversarial_lines import Asked, Classes, Scene, recorded, renamed, surname_edit
from bench.adversarial_noise import typo
from bench.adversarial_places import LETTERS, Address, neighbours
from bench.adversarial_population import THIS_YEAR, Household


def _forbidden(home: Household, scene: Scene, address: Address) -> Asked | None:
    asked = recorded(home, scene)
    if asked is None:
        return None
    if scene.chance.random() < 0.1 and len(asked.person.family[0]) > 4:
        asked = renamed(asked, family=(typo(asked.person.family[0], scene.chance), *asked.person.family[1:]))
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
    asked = surname_edit(home, scene)
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
    asked = recorded(home, scene)
    if asked is None or not asked.person.middle or asked.person.generation:
        return None
    other = scene.chance.choice([letter for letter in "ABCDEFGHJKLM" if letter != asked.person.middle])
    return replace(renamed(asked, middle=other), meant="")


def _other_birth_date(home: Household, scene: Scene) -> Asked | None:
    """Somebody of the same name with another date of birth, who is not recorded."""
    asked = recorded(home, scene)
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
    asked = recorded(home, scene)
    surname = census_names.table()["F"].pick(scene.chance.random())
    if asked is None or any(surname in person.family for person in home.persons):
        return None
    return replace(renamed(asked, family=(surname,)), meant="")


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
