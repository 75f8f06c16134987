"""How a line is written: one edit, another format, accents, blanks. The generator's own; the matcher never sees it."""

from __future__ import annotations

from random import Random

from bench import adversarial_tables as tables
from bench.adversarial_places import Address
from bench.adversarial_population import Person

Line = tuple[str, ...]
COLUMNS = (
    "given_name", "middle_name", "family_name", "generation", "full_name",
    "address_line1", "address_line2", "city", "state", "postal_code", "address", "periods",
)  # fmt: skip


def typo(word: str, chance: Random) -> str:
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


def accented(word: str, chance: Random) -> str | None:
    """The word with one to three accents; None where no letter takes one."""
    places = [at for at, letter in enumerate(word) if letter in tables.ACCENTS]
    if not places:
        return None
    letters = list(word)
    for at in chance.sample(places, min(len(places), chance.randint(1, 3))):
        letters[at] = tables.ACCENTS[letters[at]]
    return "".join(letters)


def opened_up(family: str, chance: Random) -> str | None:
    """MCDONALD as MC DONALD, OBRIEN as O'BRIEN, DELACRUZ as DE LA CRUZ; None where the name has no such part."""
    if family in tables.IRISH:
        return family[0] + chance.choice(("'", " ", "’")) + family[1:]
    for start, written in tables.OPEN_UP:
        if family.startswith(start) and len(family) >= len(start) + 4:
            return written + family[len(start) :]
    return None


def first_line(address: Address, *, spelled: bool = False) -> str:
    """Number, directionals, street and suffix in one line; directionals and suffix in full words where `spelled`."""
    number, pre, street, suffix, post = address[:5]
    if spelled:
        pre = tables.SPELLED_DIRECTION.get(pre, pre)
        suffix = tables.SPELLED_SUFFIX.get(suffix, suffix)
        post = tables.SPELLED_DIRECTION.get(post, post)
    return " ".join(part for part in (number, pre, street, suffix, post) if part)


def place_cells(address: Address, style: int) -> tuple[str, str, str, str, str]:
    """Address columns as the register writes them: 0 in short upper case, 1 in words, the unit on the first line."""
    if style == 0:
        second = f"APT {address.unit}" if address.unit else address.urbanization
        return first_line(address), second, address.city, address.state, address.zip5
    first = first_line(address, spelled=bool(address.street)).title() if address.street else address.number
    if address.unit:
        return f"{first} # {address.unit}", "", address.city.title(), address.state, address.zip5
    return first, address.urbanization, address.city.title(), address.state, address.zip5


def plain(person: Person, address: Address, style: int, years: str) -> Line:
    """A line in the register's own writing."""
    name = (person.given, person.middle, " ".join(person.family), person.generation, "")
    return (*name, *place_cells(address, style), "", years)


def rough(person: Person, address: Address, chance: Random, years: str) -> Line:
    """The same facts in another format: nothing is added, lost or misspelt."""
    family = chance.choice((" ", "-")).join(person.family)
    if chance.random() < 0.1:
        family = accented(family, chance) or family
    casing = chance.choice((str.upper, str.lower, str.title))
    given, family = casing(person.given), casing(family)
    name: Line = (given, person.middle, family, person.generation, "")
    if chance.random() < 0.35:
        full = [f"{given} {person.middle} {family} {person.generation}", f"{family}, {given} {person.middle}"]
        name = ("", "", "", "", " ".join(chance.choice(full if not person.generation else full[:1]).split()))
    line1 = casing(first_line(address, spelled=chance.random() < 0.5))
    if not address.street:
        line1 = address.number.replace("PO BOX", chance.choice(("P.O. Box", "PO Box", "Post Office Box")))
    if chance.random() < 0.3:
        line1 = line1.replace(" ", "  ", 1)
    word = chance.choice(tables.UNIT_WORDS)
    unit = f"{word}{'' if word == '#' else ' '}{address.unit}" if address.unit else address.urbanization
    zip5 = address.zip5 if chance.random() < 0.7 else f"{address.zip5}-{chance.randint(1000, 9999)}"
    city, end = casing(address.city), ("", years)
    if chance.random() < 0.35:
        whole = ", ".join(part for part in (line1, unit, city, f"{address.state} {zip5}") if part)
        return (*name, "", "", "", "", "", whole, years)
    if address.unit and chance.random() < 0.5:
        return (*name, f"{line1} {unit}", "", city, address.state, zip5, *end)
    return (*name, line1, unit, city, address.state, zip5, *end)


def last_first(person: Person, address: Address, style: int, years: str, comma: bool) -> Line:
    """The name in one cell, surname first; with a comma after it or without."""
    full = f"{' '.join(person.family)}{',' if comma else ''} {person.given} {person.middle}".strip()
    return ("", "", "", "", full, *place_cells(address, style), "", years)
