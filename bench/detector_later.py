"""Families written after the first mending of the detectors: what they do with lines that nobody had tuned on.

First counted unseen (decision record 0032 has the figures), then looked at: tuned since. Whoever mends the detectors
again writes new families first, marks them HELD, and counts them before looking.
"""

from __future__ import annotations

from dataclasses import replace
from random import Random

from bench.census_names import table
from bench.detector_games import PLAIN, TYPED, UNICODE, cased, fullwidth, invisible, lookalike
from bench.detector_lines import (
    ADMITTED,
    FAMILY,
    GIVEN,
    HELD_BACK,
    RETURNED,
    STREETS,
    SUFFIXES,
    TUNED,
    Drawn,
    at,
    family,
    in_state,
    instead_of_address,
    named,
    phrases,
    place,
    sound,
    street,
)
from privity.domain.request import SuppliedName

KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


def _filled(draw: Random, forms: str) -> str:
    return draw.choice(phrases(forms)).format(draw.choice((place(draw).city, draw.choice(FAMILY))))


def _phrase(draw: Random) -> str:
    return draw.choice(phrases(draw.choice(("LATER_ENGLISH", "LATER_SPANISH"))))


@family(TUNED, RETURNED)
def later_english(draw: Random) -> Drawn:
    return instead_of_address(draw, draw.choice((cased, *PLAIN))(draw, draw.choice(phrases("LATER_ENGLISH"))))


@family(TUNED, RETURNED)
def later_spanish(draw: Random) -> Drawn:
    return instead_of_address(draw, draw.choice((cased, *PLAIN))(draw, draw.choice(phrases("LATER_SPANISH"))))


@family(TUNED, RETURNED)
def later_unicode(draw: Random) -> Drawn:
    once = draw.choice(UNICODE)(draw, _phrase(draw))
    return instead_of_address(draw, draw.choice((fullwidth, invisible, lookalike))(draw, once))


@family(TUNED, RETURNED)
def later_typed(draw: Random) -> Drawn:
    return instead_of_address(draw, draw.choice(TYPED)(draw, cased(draw, _phrase(draw))))


@family(TUNED, RETURNED)
def later_numbered(draw: Random) -> Drawn:
    return instead_of_address(draw, f"{draw.choice(('1', '12', '100', '999', '4821'))} {cased(draw, _phrase(draw))}")


@family(TUNED, RETURNED)
def keyboard_walk(draw: Random) -> Drawn:
    row = draw.choice(KEYBOARD)
    spot, word = draw.randrange(len(row)), ""
    for _ in range(draw.randint(6, 10)):
        word += row[spot]
        spot = min(max(spot + draw.choice((-1, 1)), 0), len(row) - 1)
    return instead_of_address(draw, cased(draw, draw.choice((word, f"{draw.randint(10, 9999)} {word}"))))


@family(TUNED, RETURNED)
def later_fragment(draw: Random) -> Drawn:
    forms = (
        "third trailer on the left|brown house on the corner|the old {0} place"
        "|farm outside of town|camper behind the store"
        "|{0} & 3rd|{0} St and {1} Rd|mile 7 north of town|upstairs apartment"
        "|first house past the bridge|barn on {0} Rd"
        "|back house|{0} Apartments|{0} Subdivision|{0} Trailer Park|rear of {0} store|tent by the river"
    )
    return at(draw, draw.choice(forms.split("|")).format(*draw.sample(STREETS, 2)))


@family(TUNED, RETURNED)
def later_number_of_something(draw: Random) -> Drawn:
    n = draw.randint(10_000_000, 99_999_999)
    forms = (
        "passport G{0}|DL# {0}|ID {0}|phone 21{0}|tel 214.555.{1}|12/25/19{2}|case no 22-cv-{1}"
        "|IMEI {0}{0}|lic. {0}|${1}"
    )
    return instead_of_address(draw, draw.choice(forms.split("|")).format(n, 1000 + n % 9000, 50 + n % 49))


@family(TUNED, HELD_BACK)
def later_institution(draw: Random) -> Drawn:
    text, line = cased(draw, _filled(draw, "LATER_PLACES")), street(draw)
    return at(
        draw, *draw.choice(((text, ""), (text, line), (line, text), (f"{text}, {line}", ""), (f"c/o {text}", line)))
    )


@family(TUNED, RETURNED)
def later_business(draw: Random) -> Drawn:
    text = cased(draw, _filled(draw, "LATER_BUSINESSES"))
    first, _, rest = text.partition(" ")
    return named(draw, draw.choice((SuppliedName(full_name=text), SuppliedName(first, "", rest))))


@family(TUNED, RETURNED)
def later_two_people(draw: Random) -> Drawn:
    (one, other), last = draw.sample(GIVEN, 2), draw.choice(FAMILY)
    forms = (
        "{0} {2} and wife|{0} e {1} {2}|Wife of {0} {2}|{0}/{1} {2}|Sr. y Sra. {2}|{0}, {1} and {2}|{0} and {1} {2} Jr"
    )
    return named(draw, draw.choice(forms.split("|")).format(one, other, last))


@family(TUNED, RETURNED)
def later_reason(draw: Random) -> Drawn:
    return replace(sound(draw), reason=cased(draw, draw.choice(phrases("LATER_REASONS"))))


@family(TUNED, ADMITTED)
def census_name(draw: Random) -> Drawn:
    given, last = table()[draw.choice("MW")].pick(draw.random()), table()["F"].pick(draw.random())
    whole = draw.choice((f"{given} {last}", f"{last}, {given}", f"{given} {draw.choice('ABCDEJLMR')} {last}"))
    return named(draw, draw.choice((SuppliedName(given, "", last), SuppliedName(full_name=whole))))


@family(TUNED, ADMITTED)
def later_surname(draw: Random) -> Drawn:
    given, last = draw.choice(GIVEN), draw.choice(phrases("LATER_SURNAMES"))
    return named(draw, draw.choice((SuppliedName(given, "", last), SuppliedName(full_name=f"{given} {last}"))))


@family(TUNED, ADMITTED)
def later_institution_street(draw: Random) -> Drawn:
    line = f"{draw.randint(130, 9998)} {draw.choice(phrases('LATER_INSTITUTION_STREETS'))}"
    return at(draw, cased(draw, line) + draw.choice(("", "", " Apt 3", " Unit B")))


@family(TUNED, ADMITTED)
def later_placeholder_street(draw: Random) -> Drawn:
    return at(draw, f"{draw.randint(130, 9998)} {draw.choice(phrases('LATER_PLACEHOLDER_STREETS'))}")


@family(TUNED, ADMITTED)
def later_unit(draw: Random) -> Drawn:
    n, letter = draw.randint(1, 400), draw.choice("ABCDEF")
    forms = (
        "Unit {0}-{1}|Bldg {0} Apt {1}{0}|Trailer {0}|Space #{0}|Apt. #{0}|Apt {1}-{0}|Lower Level"
        "|Ground Floor|1st Fl|3rd Fl"
        "|Basement|Apt Bsmt|Suite {1}|Ste. {0}|Lot {0}{1}|Room {0}|#{0}{1}|Floor 2 Apt {1}"
        "|Upstairs|Downstairs|No. {0}"
    )
    unit = draw.choice(forms.split("|")).format(n, letter)
    return at(draw, street(draw), unit) if draw.random() < 0.5 else at(draw, f"{street(draw)}, {unit}")


@family(TUNED, ADMITTED)
def later_road(draw: Random) -> Drawn:
    n, road = draw.randint(100, 29_999), draw.randint(3, 400)
    forms = (
        "{0} Highway {1} South|{0} SW Highway {1}|{0} NE County Road {1}|{0} E State Highway {1}"
        "|{0} Old US Highway {1}"
        "|{0} State Highway {1} N|{0} US Route {1}|{0} N US Highway {1}|{0} W Highway {1}"
        "|{0} S State Road {1}|{0} Hwy {1} N"
        "|{0} County Road {1} Lot 4|{0} Township Road {1}|{0} State Route {1} NW"
        "|{0} Business Highway {1}|{0} Loop {1}"
    )
    return at(draw, draw.choice(forms.split("|")).format(n, road))


@family(TUNED, ADMITTED)
def spanish_street(draw: Random) -> Drawn:
    names = (
        "Calle de la Rosa|Camino del Sol|Paseo de Peralta|Via Romero|Avenida Cesar Chavez"
        "|Calle Corta|Camino de Vida|La Paz Dr"
        "|Via Esperanza|Calle Nueva|Rio Grande St|El Dorado Ave|Los Robles Way|Calle del Norte"
        "|Camino La Madera|Via Sin Nombre"
    )
    where = in_state(draw, draw.choice(("CA", "NM", "TX", "AZ")))
    return at(draw, f"{draw.randint(130, 9998)} {draw.choice(names.split('|'))}", "", where)


@family(TUNED, ADMITTED)
def directions_inside(draw: Random) -> Drawn:
    forms = (
        "{0} N {1} {2} W|{0} E West St|{0} North Pole Rd|{0} South St N|{0} {1} {2} NE"
        "|{0} SE {1} {2}|{0} Northwest {1} {2}"
    )
    line = draw.choice(forms.split("|")).format(draw.randint(1, 9998), draw.choice(STREETS), draw.choice(SUFFIXES))
    return at(draw, line + draw.choice(("", " # 4", " Apt 12B")))
