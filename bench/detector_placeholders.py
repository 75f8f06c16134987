"""Families of texts that stand where an address should: refusals, blanks and mash, in English and Spanish.

The phrase lists were written without reading the detectors' own word lists. The families marked held out were not
looked at, line by line, while detectors were mended.
"""

from __future__ import annotations

from random import Random

from bench.detector_games import (
    UNICODE,
    cased,
    fullwidth,
    glued,
    invisible,
    leet,
    lookalike,
    marked,
    mistyped,
    played,
    spaced,
    stretched,
)
from bench.detector_lines import RETURNED, TUNED, Drawn, family, instead_of_address, laid, person, phrases, place

ENGLISH = phrases("ENGLISH")
ENGLISH_MORE = phrases("ENGLISH_MORE")
SPANISH = phrases("SPANISH")
SPANISH_MORE = phrases("SPANISH_MORE")
SUBJECTS = ("", "", "Subject ", "Alien ", "Respondent ", "Subj ", "Individual ", "He ", "Detainee ", "Person ")
REFUSALS = [
    "Failed to {}",
    "Refused to {}",
    "Did Not {}",
    "Would Not {}",
    "Declined to {}",
    "Unable to {}",
    "Unwilling to {}",
    "Neglected to {}",
    "Could Not {}",
    "Has Not {}",
]
REFUSALS_MORE = phrases("REFUSALS_MORE")
GIVING = ["Provide", "Give", "State", "Disclose", "Furnish", "Supply", "Report"]
GIVING_MORE = (
    "Tell",
    "Say",
    "Share",
    "Reveal",
    "Answer",
    "Offer",
    "Identify",
    "Specify",
    "Confirm",
    "Submit",
    "Write Down",
)
OBJECTS = ("", "", " Address", " an Address", " Residence", " Home Address", " Information", " His Address", " One")
REFUSALS_ES = [
    "No Proporcionó {}",
    "No Dio {}",
    "Se Negó a Dar {}",
    "No Quiso Dar {}",
    "No Tiene {}",
    "No Sabe {}",
    "No Recuerda {}",
    "Rehusó Dar {}",
    "No Quiso Proporcionar {}",
    "No Ha Dado {}",
]
REFUSALS_ES_MORE = [
    "Se Rehúsa a Dar {}",
    "No Desea Dar {}",
    "No Quiere Dar {}",
    "No Pudo Dar {}",
    "No Facilita {}",
    "Omitió {}",
    "Ignora {}",
    "No Cuenta con {}",
    "No Reveló {}",
    "Se Niega a Proporcionar {}",
    "Carece de {}",
]
OBJECTS_ES = ("Dirección", "Domicilio", "Su Dirección", "Su Domicilio", "la Dirección", "Residencia", "Domicilio Fijo")
MASH = phrases("MASH")
MASH_MORE = phrases("MASH_MORE")


@family(TUNED, RETURNED)
def placeholder_english(draw: Random) -> Drawn:
    return instead_of_address(draw, played(draw, draw.choice(ENGLISH)))


@family(TUNED, RETURNED)
def placeholder_english_other(draw: Random) -> Drawn:
    return instead_of_address(draw, played(draw, draw.choice(ENGLISH_MORE)))


@family(TUNED, RETURNED)
def placeholder_spanish(draw: Random) -> Drawn:
    return instead_of_address(draw, played(draw, draw.choice(SPANISH)))


@family(TUNED, RETURNED)
def placeholder_spanish_other(draw: Random) -> Drawn:
    return instead_of_address(draw, played(draw, draw.choice(SPANISH_MORE)))


def _refusal(draw: Random, forms: list[str], verbs: list[str]) -> str:
    return draw.choice(SUBJECTS) + draw.choice(forms).format(draw.choice(verbs)) + draw.choice(OBJECTS)


@family(TUNED, RETURNED)
def refusal_english(draw: Random) -> Drawn:
    return instead_of_address(draw, played(draw, _refusal(draw, REFUSALS, GIVING)))


@family(TUNED, RETURNED)
def refusal_english_other(draw: Random) -> Drawn:
    return instead_of_address(draw, played(draw, _refusal(draw, REFUSALS_MORE, [*GIVING_MORE, *GIVING])))


@family(TUNED, RETURNED)
def refusal_spanish(draw: Random) -> Drawn:
    return instead_of_address(draw, played(draw, draw.choice(REFUSALS_ES).format(draw.choice(OBJECTS_ES))))


@family(TUNED, RETURNED)
def refusal_spanish_other(draw: Random) -> Drawn:
    return instead_of_address(draw, played(draw, draw.choice(REFUSALS_ES_MORE).format(draw.choice(OBJECTS_ES))))


def _any_tuned(draw: Random) -> str:
    return draw.choice((draw.choice(ENGLISH), draw.choice(SPANISH), _refusal(draw, REFUSALS, GIVING)))


def _any_held(draw: Random) -> str:
    return draw.choice(
        (draw.choice(ENGLISH_MORE), draw.choice(SPANISH_MORE), _refusal(draw, REFUSALS_MORE, list(GIVING_MORE)))
    )


@family(TUNED, RETURNED)
def placeholder_unicode(draw: Random) -> Drawn:
    return instead_of_address(draw, draw.choice(UNICODE)(draw, cased(draw, _any_tuned(draw))))


@family(TUNED, RETURNED)
def placeholder_unicode_twice(draw: Random) -> Drawn:
    once = draw.choice((invisible, lookalike, marked))(draw, cased(draw, _any_held(draw)))
    return instead_of_address(draw, draw.choice((spaced, fullwidth, invisible, glued))(draw, once))


@family(TUNED, RETURNED)
def placeholder_leetspeak(draw: Random) -> Drawn:
    return instead_of_address(draw, leet(draw, cased(draw, draw.choice(ENGLISH[:30]))))


@family(TUNED, RETURNED)
def placeholder_leetspeak_other(draw: Random) -> Drawn:
    return instead_of_address(draw, leet(draw, cased(draw, _any_held(draw))))


@family(TUNED, RETURNED)
def placeholder_stretched_or_mistyped(draw: Random) -> Drawn:
    text = draw.choice([one for one in (*ENGLISH, *SPANISH) if len(one) > 6])
    return instead_of_address(draw, cased(draw, draw.choice((stretched, mistyped))(draw, text)))


@family(TUNED, RETURNED)
def placeholder_stretched_or_mistyped_other(draw: Random) -> Drawn:
    text = draw.choice([one for one in (*ENGLISH_MORE, *SPANISH_MORE) if len(one) > 6])
    return instead_of_address(draw, cased(draw, draw.choice((stretched, mistyped))(draw, text)))


@family(TUNED, RETURNED)
def number_before_a_placeholder(draw: Random) -> Drawn:
    number = draw.choice((str(draw.randint(1, 99999)), "0", "000", "123", "1"))
    return instead_of_address(draw, f"{number} {cased(draw, draw.choice(ENGLISH))}")


@family(TUNED, RETURNED)
def number_around_a_placeholder(draw: Random) -> Drawn:
    number, text = str(draw.randint(1, 99999)), cased(draw, _any_held(draw))
    return instead_of_address(draw, draw.choice((f"{number} {text}", f"{text} {number}", f"{number}, {text}")))


@family(TUNED, RETURNED)
def repeated_characters(draw: Random) -> Drawn:
    sign = draw.choice("AXZxN0.9-?*#/_")
    words = (sign * draw.randint(1, 8) for _ in range(draw.randint(1, 3)))
    return instead_of_address(draw, draw.choice((" ", "-", "/", "")).join(words))


@family(TUNED, RETURNED)
def repeated_pairs(draw: Random) -> Drawn:
    pair = draw.choice(("xy", "ab", "NA", "la", "12", "..", "*-", "ha", "zx", "01", "kk", "ññ", "Xx", "¿?", "…", "—"))
    return instead_of_address(draw, draw.choice(("", " ", "  ")).join([pair] * draw.randint(2, 6)))


@family(TUNED, RETURNED)
def keyboard_mash(draw: Random) -> Drawn:
    text = " ".join(draw.choice(MASH) for _ in range(draw.randint(1, 3)))
    return instead_of_address(draw, cased(draw, draw.choice((text, f"{draw.randint(1, 999)} {text}"))))


@family(TUNED, RETURNED)
def keyboard_mash_other(draw: Random) -> Drawn:
    text = " ".join(draw.choice(MASH_MORE) for _ in range(draw.randint(1, 3)))
    return instead_of_address(draw, cased(draw, draw.choice((text, f"{draw.randint(1, 999)} {text}", f"{text} st"))))


@family(TUNED, RETURNED)
def consonants_at_random(draw: Random) -> Drawn:
    words = ("".join(draw.choice("bcdfghjklmnpqrtvwxz") for _ in range(draw.randint(5, 9))) for _ in range(2))
    return instead_of_address(draw, " ".join(words))


@family(TUNED, RETURNED)
def filler_text(draw: Random) -> Drawn:
    texts = (
        "lorem ipsum",
        "foo bar",
        "test test",
        "123 test",
        "abc",
        "abc 123",
        "abcdef",
        "some address",
        "address here",
    )
    more = (
        "enter address",
        "your address",
        "street address",
        "address line 1",
        "insert text",
        "example",
        "sample",
        "todo",
    )
    return instead_of_address(draw, cased(draw, draw.choice(texts + more)))


@family(TUNED, RETURNED)
def city_placeholder(draw: Random) -> Drawn:
    where, text = (
        place(draw),
        cased(draw, draw.choice(("Unknown", "N/A", "None", "Failed to Provide", "XX", "Anytown"))),
    )
    address = laid(draw, "123 Oak St", "", type(where)(text, where.state, where.code))
    return Drawn(person(draw), address)


@family(TUNED, RETURNED)
def city_placeholder_other(draw: Random) -> Drawn:
    texts = (
        "No City",
        "City Unknown",
        "Refused",
        "Desconocida",
        "Sin Ciudad",
        "Any City",
        "Not Given",
        "Same",
        "City",
        "-",
    )
    where, text = place(draw), cased(draw, draw.choice(texts))
    return Drawn(person(draw), laid(draw, "4410 Maple Ave", "", type(where)(text, where.state, where.code)))
