"""Families written after the second mending of the detectors, counted and never looked at: what new lines may meet."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from bench.detector_games import PLAIN, TYPED, UNICODE, cased
from bench.detector_lines import (
    ADMITTED,
    FAMILY,
    GIVEN,
    HELD,
    HELD_BACK,
    RETURNED,
    STREETS,
    Drawn,
    at,
    family,
    instead_of_address,
    laid,
    named,
    person,
    phrases,
    place,
    sound,
    street,
)
from privity.domain.request import SuppliedName


def _filled(draw: Random, forms: str) -> str:
    return draw.choice(phrases(forms)).format(draw.choice((place(draw).city, draw.choice(FAMILY))))


@family(HELD, RETURNED)
def third_nothing(draw: Random) -> Drawn:
    return instead_of_address(draw, draw.choice((cased, *PLAIN))(draw, draw.choice(phrases("THIRD_NOTHING"))))


@family(HELD, RETURNED)
def third_nothing_disguised(draw: Random) -> Drawn:
    return instead_of_address(draw, draw.choice((*UNICODE, *TYPED))(draw, draw.choice(phrases("THIRD_NOTHING"))))


@family(HELD, RETURNED)
def third_nothing_numbered(draw: Random) -> Drawn:
    text = cased(draw, draw.choice(phrases("THIRD_NOTHING")))
    return instead_of_address(draw, f"{draw.choice(('0', '5', '101', str(draw.randint(1, 99_999))))} {text}")


@family(HELD, RETURNED)
def third_fragment(draw: Random) -> Drawn:
    one, other = draw.sample(STREETS, 2)
    forms = (
        f"{one} Street",
        f"{one} Ave near {other}",
        f"end of {one} Rd",
        f"{one} St between {other} and Main",
        f"{one} & {other}",
        "blue house",
        "basement",
        f"room 4 {one} house",
        f"apartment above {one} store",
        f"off {one} road",
        "a farm",
        "RV",
        f"{draw.randint(1, 30)}th street",
        "Highway 9",
        "the corner",
        f"{one} bridge",
        f"#{draw.randint(1, 99)} {one}",
    )
    return at(draw, cased(draw, draw.choice(forms)))


@family(HELD, HELD_BACK)
def third_place(draw: Random) -> Drawn:
    text, line = cased(draw, _filled(draw, "THIRD_PLACES")), street(draw)
    lines = ((text, ""), (text, line), (line, text), (f"{text}, {line}", ""), (f"c/o {text}", line))
    return at(draw, *draw.choice(lines))


@family(HELD, RETURNED)
def third_business(draw: Random) -> Drawn:
    text = cased(draw, _filled(draw, "THIRD_BUSINESSES"))
    return named(draw, SuppliedName(full_name=text))


@family(HELD, RETURNED)
def third_name(draw: Random) -> Drawn:
    texts = (
        "Unknown Man|No Dijo|Female Adult|Subject One|Not Listed|Mr X|Nombre No Proporcionado"
        "|Jane Roe|Xxxx|UNK|No First Name"
    )
    return named(draw, cased(draw, draw.choice(texts.split("|"))))


@family(HELD, RETURNED)
def third_reason(draw: Random) -> Drawn:
    texts = (
        "removal order|enforcement operation|ongoing criminal case|law enforcement need"
        "|need address|immigration violation|for ICE"
        "|locate subject for arrest|per statute|administrative removal|final order|address check"
        "|criminal violation|official|asap"
    )
    return replace(sound(draw), reason=cased(draw, draw.choice(texts.split("|"))))


@family(HELD, ADMITTED)
def third_street(draw: Random) -> Drawn:
    unit = draw.choice(("", "", " Apt 12", " Unit 4C", " # 7"))
    return at(draw, cased(draw, f"{draw.randint(130, 9998)} {draw.choice(phrases('THIRD_STREETS'))}") + unit)


@family(HELD, ADMITTED)
def third_box(draw: Random) -> Drawn:
    n = draw.randint(2, 9_999)
    return at(
        draw, draw.choice((f"P.O. Box {n}", f"PO Box {n}", f"p.o. box {n}", f"Post Office Box {n}", f"P O BOX {n}"))
    )


@family(HELD, ADMITTED)
def third_ordinary(draw: Random) -> Drawn:
    initial, closing = draw.choice("ABCDEFGHJKLMNPRSTVW"), draw.choice(("", "Jr", "III"))
    name = f"{draw.choice(GIVEN)} {initial} {draw.choice(FAMILY)} {closing}"
    road = f"{draw.choice(STREETS)} {draw.choice(('St', 'Ave', 'Rd'))}"
    line = f"{draw.randint(1, 19_999)} {draw.choice(('N', 'S', 'E', 'W', 'NW'))} {road}"
    return replace(Drawn(person(draw), laid(draw, line)), name=SuppliedName(full_name=name.strip()))
