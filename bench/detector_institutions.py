"""Families of places that are no home, by kind and by the way files name them; and reasons and names that are none.

Written without reading the detectors' own lists; held-out families were not looked at while detectors were mended.
"""

from __future__ import annotations

from dataclasses import replace
from random import Random

from bench.detector_games import UNICODE, cased, glued, played, spaced
from bench.detector_lines import (
    FAMILY,
    GIVEN,
    HELD_BACK,
    RETURNED,
    TUNED,
    Drawn,
    at,
    family,
    named,
    phrases,
    place,
    sound,
    street,
)
from privity.domain.request import SuppliedName

CUSTODY = phrases("CUSTODY")
CUSTODY_MORE = phrases("CUSTODY_MORE")
STATE_PLACES = phrases("STATE_PLACES")
STATE_PLACES_MORE = phrases("STATE_PLACES_MORE")
CARE = phrases("CARE")
CARE_MORE = phrases("CARE_MORE")
SHELTERS = phrases("SHELTERS")
SHELTERS_MORE = phrases("SHELTERS_MORE")
SHOPS = phrases("SHOPS")
SHOPS_MORE = phrases("SHOPS_MORE")
ORGANISATIONS = phrases("ORGANISATIONS")
ORGANISATIONS_MORE = phrases("ORGANISATIONS_MORE")
NO_NAMES = phrases("NO_NAMES")
NO_NAMES_MORE = phrases("NO_NAMES_MORE")
REASONS = phrases("REASONS")
REASONS_MORE = phrases("REASONS_MORE")


def _filled(draw: Random, forms: list[str]) -> str:
    return draw.choice(forms).format(draw.choice((place(draw).city, draw.choice(FAMILY))))


def _standing(draw: Random, text: str) -> Drawn:
    """The place's name alone, before or after a street, or in care of it."""
    line, where = street(draw), place(draw)
    options = ((text, ""), (text, ""), (text, line), (line, text), (f"{text}, {line}", ""), (f"{text} {line}", ""))
    line1, line2 = draw.choice((*options, (f"c/o {text}", line)))
    return at(draw, line1, line2, where)


@family(TUNED, HELD_BACK)
def custody(draw: Random) -> Drawn:
    return _standing(draw, played(draw, _filled(draw, CUSTODY)))


@family(TUNED, HELD_BACK)
def custody_other(draw: Random) -> Drawn:
    return _standing(draw, cased(draw, _filled(draw, CUSTODY_MORE)))


@family(TUNED, HELD_BACK)
def office_or_court(draw: Random) -> Drawn:
    return _standing(draw, cased(draw, _filled(draw, STATE_PLACES)))


@family(TUNED, HELD_BACK)
def office_or_court_other(draw: Random) -> Drawn:
    return _standing(draw, cased(draw, _filled(draw, STATE_PLACES_MORE)))


@family(TUNED, HELD_BACK)
def hospital(draw: Random) -> Drawn:
    return _standing(draw, cased(draw, _filled(draw, CARE)))


@family(TUNED, HELD_BACK)
def hospital_other(draw: Random) -> Drawn:
    return _standing(draw, cased(draw, _filled(draw, CARE_MORE)))


@family(TUNED, HELD_BACK)
def shelter_or_lodging(draw: Random) -> Drawn:
    return _standing(draw, cased(draw, _filled(draw, SHELTERS)))


@family(TUNED, HELD_BACK)
def shelter_or_lodging_other(draw: Random) -> Drawn:
    return _standing(draw, cased(draw, _filled(draw, SHELTERS_MORE)))


@family(TUNED, HELD_BACK)
def shop_station_or_school(draw: Random) -> Drawn:
    return _standing(draw, cased(draw, _filled(draw, SHOPS)))


@family(TUNED, HELD_BACK)
def shop_station_or_school_other(draw: Random) -> Drawn:
    return _standing(draw, cased(draw, _filled(draw, SHOPS_MORE)))


@family(TUNED, HELD_BACK)
def institution_with_unicode_games(draw: Random) -> Drawn:
    text = _filled(draw, draw.choice((CUSTODY, CUSTODY_MORE)))
    return _standing(draw, draw.choice((*UNICODE, spaced, glued))(draw, text))


@family(TUNED, RETURNED)
def organisation_as_name(draw: Random) -> Drawn:
    return named(draw, cased(draw, _filled(draw, ORGANISATIONS)))


@family(TUNED, RETURNED)
def organisation_as_name_other(draw: Random) -> Drawn:
    text = cased(draw, _filled(draw, ORGANISATIONS_MORE))
    first, _, rest = text.partition(" ")
    return named(draw, draw.choice((SuppliedName(full_name=text), SuppliedName(given_name=first, family_name=rest))))


@family(TUNED, RETURNED)
def placeholder_name(draw: Random) -> Drawn:
    return named(draw, played(draw, draw.choice(NO_NAMES)))


@family(TUNED, RETURNED)
def placeholder_name_other(draw: Random) -> Drawn:
    text = cased(draw, draw.choice(NO_NAMES_MORE))
    given, _, last = text.partition(" ")
    return named(draw, draw.choice((SuppliedName(full_name=text), SuppliedName(given_name=given, family_name=last))))


@family(TUNED, RETURNED)
def placeholder_in_one_name_column(draw: Random) -> Drawn:
    text = cased(
        draw, draw.choice(("Unknown", "Failed to Provide", "N/A", "LNU", "Desconocido", "XXXX", "-", "Refused", "asdf"))
    )
    last, given = draw.choice(FAMILY), draw.choice(GIVEN)
    return named(draw, draw.choice((SuppliedName(text, "", last), SuppliedName(given, "", text))))


@family(TUNED, RETURNED)
def two_people(draw: Random) -> Drawn:
    (one, other), last = draw.sample(GIVEN, 2), draw.choice(FAMILY)
    forms = (
        "{0} and {1} {2}|{0} {2} / {1} {2}|{0} & {1} {2}|{0} {2}; {1} {2}|Mr and Mrs {0} {2}|"
        "{0} {2} and {1} {2}|{0} {2} & Family"
    )
    return named(draw, draw.choice(forms.split("|")).format(one, other, last))


@family(TUNED, RETURNED)
def two_people_other(draw: Random) -> Drawn:
    (one, other), last = draw.sample(GIVEN, 2), draw.choice(FAMILY)
    forms = (
        "{0} y {1} {2}|{0} {2} or {1} {2}|{0} {2} + {1} {2}|{0} {2} c/o {1} {2}|Parents of {0} {2}|"
        "The {2} Family|{0} {2} aka {1} "
        "Lopez|{0} {2} or Current Resident|Familia {2}|{0} {2} alias {1}|{2}, {0} & {1}|"
        "{0} {2} et al|{0} {2} and son|{0} {2}, {1} {2}"
    )
    return named(draw, draw.choice(forms.split("|")).format(one, other, last))


@family(TUNED, RETURNED)
def name_with_odd_letters(draw: Random) -> Drawn:
    given, last = draw.choice(GIVEN), draw.choice(FAMILY)
    text = f"{given} {last}"
    forms = (
        f"{text}\u200b",
        text.replace("a", "а"),
        f"{text}1",
        "JosÃ© GarcÃ­a",
        f"={text}",
        f"<b>{text}</b>",
        f"{text}\x00",
    )
    return named(draw, draw.choice(forms) if "a" in text else forms[0])


@family(TUNED, RETURNED)
def name_with_odd_letters_other(draw: Random) -> Drawn:
    given, last = draw.choice(GIVEN), draw.choice(FAMILY)
    forms = (
        f"{given}\u202e {last}",
        f"{given} L0pez",
        f"{given} {last}?",
        "Jos? Garc?a",
        f"{given}\ufffd {last}",
        f"{given}_{last}",
        f"{given} {last} 123 Main St",
        f"{given}@{last}",
        f"{last}\u00ad{last} {given}",
        f"{given} {last.replace('o', 'ο').replace('a', 'α')}\u0430",
        f"{given} {last} (214) 555-0100",
        "Marнa Lopez",
        f"+{given} {last}",
    )
    return named(draw, draw.choice(forms))


@family(TUNED, RETURNED)
def generic_reason(draw: Random) -> Drawn:
    return replace(sound(draw), reason=played(draw, draw.choice(REASONS)))


@family(TUNED, RETURNED)
def generic_reason_other(draw: Random) -> Drawn:
    return replace(sound(draw), reason=cased(draw, draw.choice(REASONS_MORE)))
