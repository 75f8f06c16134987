"""Request lines about one household: classes that should be confirmed and classes that must not be, with own noise."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace

from bench import adversarial_tables as tables
from bench.adversarial_population import THIS_YEAR, Address, Household, Person, family_name

Line = tuple[str, ...]
COLUMNS = (
    "given_name", "middle_name", "family_name", "generation", "full_name",
    "address_line1", "address_line2", "city", "state", "postal_code", "address", "periods",
)  # fmt: skip


@dataclass
class Asked:
    """What a line will say, before it is rendered."""

    truth: str
    person: Person
    address: Address
    years: str = str(THIS_YEAR)
    rough: bool = False  # render in another format


Maker = Callable[[Household, random.Random], Asked | None]


def typo(word: str, chance: random.Random) -> str:
    """One edit: a neighbouring key, a letter dropped, doubled, or two swapped; never the word itself."""
    while True:
        at = chance.randrange(len(word))
        kind = chance.randrange(4)
        letter = word[at]
        if kind == 0:
            new = word[:at] + chance.choice(tables.KEYBOARD.get(letter, "E")) + word[at + 1 :]
        elif kind == 1:
            new = word[:at] + word[at + 1 :]
        elif kind == 2:
            new = word[:at] + letter + word[at:]
        else:
            new = word[:at] + word[at + 1 : at + 2] + letter + word[at + 2 :]
        if new != word:
            return new


def _recorded(home: Household, chance: random.Random) -> Person | None:
    known = [person for person in home.persons if person.recorded]
    return chance.choice(known) if known else None


def _exact(home: Household, chance: random.Random) -> Asked | None:
    person = _recorded(home, chance)
    return Asked(person.ref, person, home.address) if person else None


def _reformatted(home: Household, chance: random.Random) -> Asked | None:
    asked = _exact(home, chance)
    return replace(asked, rough=True) if asked else None


def _double_surname(home: Household, chance: random.Random) -> Asked | None:
    asked = _exact(home, chance)
    if asked is None or len(asked.person.family) < 2:
        return None
    first, second = asked.person.family
    family = chance.choice(((first,), (second,), (second, first)))
    return replace(asked, person=replace(asked.person, family=family))


def _surname_typo(home: Household, chance: random.Random) -> Asked | None:
    asked = _exact(home, chance)
    if asked is None or len(asked.person.family[0]) < 4 or not asked.person.family[0].isalpha():
        return None
    family = (typo(asked.person.family[0], chance), *asked.person.family[1:])
    return replace(asked, person=replace(asked.person, family=family))


def _street_typo(home: Household, chance: random.Random) -> Asked | None:
    asked = _exact(home, chance)
    words = home.address.street.split()
    if asked is None or not words or len(words[-1]) < 5 or not words[-1].isalpha():
        return None
    street = " ".join([*words[:-1], typo(words[-1], chance)])
    if street in {name for name, _, _ in home.town.streets}:
        return None
    return replace(asked, address=replace(home.address, street=street))


def _given_typo(home: Household, chance: random.Random) -> Asked | None:
    asked = _exact(home, chance)
    if asked is None or len(asked.person.given) < 4:
        return None
    return replace(asked, person=replace(asked.person, given=typo(asked.person.given, chance)))


def _city_alias(home: Household, chance: random.Random) -> Asked | None:
    asked = _exact(home, chance)
    if asked is None or not home.town.aliases:
        return None
    return replace(asked, address=replace(home.address, city=chance.choice(home.town.aliases)))


def _zip_digit(home: Household, chance: random.Random) -> Asked | None:
    asked = _exact(home, chance)
    if asked is None:
        return None
    place = chance.choice((3, 4))
    digit = str((int(home.address.zip5[place]) + chance.randint(1, 9)) % 10)
    return replace(
        asked, address=replace(home.address, zip5=home.address.zip5[:place] + digit + home.address.zip5[place + 1 :])
    )


def _forbidden(home: Household, chance: random.Random, address: Address) -> Asked | None:
    person = _recorded(home, chance)
    return Asked("", person, address, rough=chance.random() < 0.4) if person else None


def _old_address(home: Household, chance: random.Random) -> Asked | None:
    return _forbidden(home, chance, home.before) if home.before else None


def _before_moving_in(home: Household, chance: random.Random) -> Asked | None:
    asked = _forbidden(home, chance, home.address)
    return replace(asked, years=f"{home.since - 1};{THIS_YEAR}") if asked else None


def _neighbour_number(home: Household, chance: random.Random) -> Asked | None:
    if not home.address.number.isdigit():
        return None
    number = str(int(home.address.number) + chance.choice((1, 2, 4, 10, 100)))
    return _forbidden(home, chance, replace(home.address, number=number))


def _other_unit(home: Household, chance: random.Random) -> Asked | None:
    if not home.address.unit:
        return None
    return _forbidden(home, chance, replace(home.address, unit=f"{home.address.unit}{chance.choice('EFGH')}"))


def _missing_unit(home: Household, chance: random.Random) -> Asked | None:
    return _forbidden(home, chance, replace(home.address, unit="")) if home.address.unit else None


def _unit_where_none(home: Household, chance: random.Random) -> Asked | None:
    if home.address.unit or not home.address.number.isdigit():
        return None
    return _forbidden(home, chance, replace(home.address, unit=str(chance.randint(1, 9))))


def _absent_member(home: Household, chance: random.Random) -> Asked | None:
    absent = [person for person in home.persons if not person.recorded and not person.generation]
    return Asked("", chance.choice(absent), home.address, rough=chance.random() < 0.4) if absent else None


def _similar_given(home: Household, chance: random.Random) -> Asked | None:
    names = {person.given for person in home.persons}
    similar = [
        replace(person, given=tables.SIMILAR_GIVEN[person.given])
        for person in home.persons
        if person.recorded and tables.SIMILAR_GIVEN.get(person.given, person.given) not in names
    ]
    return Asked("", chance.choice(similar), home.address) if similar else None


def _junior_senior(home: Household, chance: random.Random) -> Asked | None:
    """The son where only the father is recorded; or no generation given where both are."""
    sons = [person for person in home.persons if person.generation == "JR"]
    if not sons:
        return None
    son = sons[0]
    if son.recorded:
        return Asked("", replace(son, generation=""), home.address)
    return Asked("", replace(son, generation=chance.choice(("JR", ""))), home.address)


def _other_town(home: Household, chance: random.Random) -> Asked | None:
    own = home.address.zip5
    other = f"{(int(own[3:]) + chance.randint(1, 99)) % 100:02}"
    return _forbidden(home, chance, replace(home.address, zip5=own[:3] + other))


def _other_direction(home: Household, chance: random.Random) -> Asked | None:
    opposite = {"N": "S", "S": "N", "E": "W", "W": "E", "NE": "SW", "SW": "NE"}.get(home.address.pre)
    return _forbidden(home, chance, replace(home.address, pre=opposite)) if opposite else None


def _other_suffix(home: Household, chance: random.Random) -> Asked | None:
    if not home.address.suffix:
        return None
    other = chance.choice([suffix for suffix in tables.SUFFIXES if suffix != home.address.suffix])
    return _forbidden(home, chance, replace(home.address, suffix=other))


def _near_street(home: Household, chance: random.Random) -> Asked | None:
    own = home.address.street
    near = [one for one in home.town.streets if one[0] != own and one[0][:3] == own[:3] and len(one[0]) > 3]
    if not near:
        return None
    street, suffix, pre = chance.choice(near)
    return _forbidden(home, chance, replace(home.address, street=street, suffix=suffix, pre=pre))


def _letter_street(home: Household, chance: random.Random) -> Asked | None:
    words = home.address.street.split()
    places = [place for place, word in enumerate(words) if len(word) == 1]
    if not places:
        return None
    words[places[0]] = chance.choice([letter for letter in "ABCDEFGHJK" if letter != words[places[0]]])
    return _forbidden(home, chance, replace(home.address, street=" ".join(words)))


def _stranger(home: Household, chance: random.Random) -> Asked | None:
    person = _recorded(home, chance)
    return Asked("", replace(person, family=(family_name(chance) + "ERO",)), home.address) if person else None


POSITIVE: dict[str, tuple[Maker, int]] = {
    "exact": (_exact, 44), "reformatted": (_reformatted, 22), "double_surname": (_double_surname, 12),
    "surname_typo": (_surname_typo, 6), "street_typo": (_street_typo, 6), "given_typo": (_given_typo, 5),
    "city_alias": (_city_alias, 4), "zip_digit": (_zip_digit, 3),
}  # fmt: skip
NEGATIVE: dict[str, tuple[Maker, int]] = {
    "old_address": (_old_address, 8), "before_moving_in": (_before_moving_in, 4),
    "neighbour_number": (_neighbour_number, 5),
    "other_unit": (_other_unit, 8), "missing_unit": (_missing_unit, 6), "unit_where_none": (_unit_where_none, 4),
    "absent_member": (_absent_member, 16), "similar_given": (_similar_given, 14), "junior_senior": (_junior_senior, 30),
    "other_town": (_other_town, 4), "other_direction": (_other_direction, 6), "other_suffix": (_other_suffix, 4),
    "near_street": (_near_street, 14), "letter_street": (_letter_street, 20), "stranger": (_stranger, 2),
}  # fmt: skip


def line_about(home: Household, chance: random.Random) -> tuple[str, str, Line] | None:
    """(true person or "", class, cells), or None where no class of the drawn side applies to this household."""
    table = POSITIVE if chance.random() < 0.75 else NEGATIVE
    asked, kind = None, ""
    for _ in range(6):
        kind = chance.choices(list(table), [weight for _, weight in table.values()])[0]
        asked = table[kind][0](home, chance)
        if asked is not None:
            break
    else:
        return None
    if not asked.truth and chance.random() < 0.1 and len(asked.person.family[0]) > 4:
        asked = replace(asked, person=replace(asked.person, family=(typo(asked.person.family[0], chance),)))
    return asked.truth, kind, _rough(asked, chance) if asked.rough else _plain(asked)


def _plain(asked: Asked) -> Line:
    person, address = asked.person, asked.address
    return (
        person.given, person.middle, " ".join(person.family), person.generation, "",
        address.line1, address.line2, address.city, address.state, address.zip5, "", asked.years,
    )  # fmt: skip


def _rough(asked: Asked, chance: random.Random) -> Line:
    """The same facts in another format: nothing is added, lost or misspelt."""
    person, address = asked.person, asked.address
    family = chance.choice((" ", "-")).join(person.family)
    if chance.random() < 0.2:
        family = "".join(tables.ACCENTS.get(letter, letter) if chance.random() < 0.3 else letter for letter in family)
    casing = chance.choice((str.upper, str.lower, str.title))
    given, family = casing(person.given), casing(family)
    name = (given, person.middle, family, person.generation, "")
    if chance.random() < 0.35:
        full = [f"{given} {person.middle} {family} {person.generation}", f"{family}, {given} {person.middle}"]
        form = chance.choice(full if not person.generation else full[:1])
        name = ("", "", "", "", " ".join(form.split()))
    pre = tables.SPELLED_DIRECTION.get(address.pre, address.pre) if chance.random() < 0.5 else address.pre
    suffix = tables.SPELLED_SUFFIX.get(address.suffix, address.suffix) if chance.random() < 0.6 else address.suffix
    line1 = casing(" ".join(part for part in (address.number, pre, address.street, suffix) if part))
    if chance.random() < 0.3:
        line1 = line1.replace(" ", "  ", 1)
    word = chance.choice(tables.UNIT_WORDS)
    unit = f"{word}{'' if word == '#' else ' '}{address.unit}" if address.unit else ""
    zip5 = address.zip5 if chance.random() < 0.7 else f"{address.zip5}-{chance.randint(1000, 9999)}"
    city = casing(address.city)
    if chance.random() < 0.35:
        whole = ", ".join(part for part in (line1, unit, city, f"{address.state} {zip5}") if part)
        return (*name, "", "", "", "", "", whole, asked.years)
    if unit and chance.random() < 0.5:
        return (*name, f"{line1} {unit}", "", city, address.state, zip5, "", asked.years)
    return (*name, line1, unit, city, address.state, zip5, "", asked.years)
