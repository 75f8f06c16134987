"""Forms the parser below does not know: set aside or respelt before parsing, so that they are never lost in a name.

Does: take off Puerto Rican urbanizations, the letter before a Puerto Rican house number, and dwellings that are no unit
of Publication 28 (townhouse, garage); spell out short names of state and county roads. A community mail room (CMR) is
read as a postal service center (PSC): the ZIP of either is its own. Does not: touch a line without such words.
Source: Publication 28, sections 29 (Puerto Rico) and 213.3; appendix F.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from privity.normalise.addresses.words import DIRECTIONALS, ROADS, SUFFIXES, word_set
from privity.normalise.places import STATE_NAMES

_DWELLINGS: Final = {
    "TOWNHOUSE": "TWNHS", "TOWNHOME": "TWNHS", "TWNHSE": "TWNHS", "TWNHS": "TWNHS", "CONDO": "CONDO",
    "CONDOMINIUM": "CONDO", "DUPLEX": "DUPLEX", "COTTAGE": "COTTAGE", "CABIN": "CABIN", "VILLA": "VILLA",
    "CASITA": "CASITA", "HOUSE": "HOUSE", "GARAGE": "GARAGE", "ATTIC": "ATTIC", "STUDIO": "STUDIO",
    "DOWNSTAIRS": "DOWN", "DOWN": "DOWN", "UPSTAIRS": "UP", "UP": "UP", "LEFT": "LEFT", "RIGHT": "RIGHT",
}  # fmt: skip
DWELLING_CLASSES: Final = frozenset(_DWELLINGS.values())
"""Unit classes beyond appendix C2. Each stands alone or with a value, and is a class of its own."""
DWELLING_WORDS: Final = frozenset(_DWELLINGS)
"""All spellings of them."""

_DWELLING: Final = re.compile(
    rf"(?:^|,? )({'|'.join(sorted(_DWELLINGS, key=len, reverse=True))})"
    r"(?: (?:APT|APARTMENT)$|(?:[ ,]*(?:#|NO|UNIT|APT)? ?([A-Z]?\d{1,5}[A-Z]?|[A-Z]))?$)"
)
_SECTION: Final = r"(?: \d(?:RA|DA|TA|A|ERA) (?:SECC|SECCION|EXT|EXTENSION))?"
_URBANIZATION: Final = re.compile(
    rf"^URB(?:ANIZACION|ANIZATION)? ([A-Z][A-Z ]*?{_SECTION})(?:,? (?=[A-Z]{{0,2}}-?\d)|$)"
)
_CLOSING_URBANIZATION: Final = re.compile(rf"(?:^|[ ,]+)URB(?:ANIZACION|ANIZATION)? ([A-Z][A-Z ]+{_SECTION})$")
_LETTERED: Final = re.compile(r"^([A-Z]{1,2})-?(?=\d{1,4} (?:CALLE|CLL|AVE|AVENIDA|C) )")
_MAIL_ROOM: Final = re.compile(r"^CMR (?=\d+ BOX )")
_POST_OFFICE: Final = re.compile(
    r"^(?:POST OFFICE BOX|POSTAL BOX|APARTADO(?: POSTAL)?) (?:(?:NO|NUM|NUMBER) )?(?=[A-Z]?\d)"
)
_LOOSE_BOX: Final = re.compile(r"^P ?O[ -]?BO?X(?:[ -]+|(?=\d))(?:(?:NO|NUM|NUMBER) )?(?=[A-Z]?\d)")
_UNIT_ROOM: Final = re.compile(r"^UMR (?=\d+,? BOX \d)")
_BEFORE_UNIT: Final = re.compile(r"^(?:OMC|US[NC]?S [A-Z ]{3,30}?),? (?=UNIT \d+,? BOX \d)")
"""What may stand before a unit and its box and names the same place again: an official mail center, a ship."""
_RANCH_ROAD: Final = re.compile(r"^(\d+[A-Z]?(?: [NSEW])?) RM (?=\d{3,4}(?: |,|$))")
"""A ranch-to-market road of Texas; the state numbers these and its ranch roads in one series. A shorter number may be
a room's."""
_FARM_ROAD: Final = re.compile(r"^(\d+[A-Z]?(?: [NSEW])?) FM (?:ROAD|RD) (?=\d)")
_QUARTER: Final = re.compile(
    r"(?:EXT|EXTENSION|MANS|MANSIONES|VILLA|VILLAS|JARD|JARDINES|ALT|ALTURAS|REPTO|REPARTO|PARQ|PARQUE|VALLE|SECT|SECTOR"
    r"|BO|BARRIO|COLINAS|HACIENDA|HACIENDAS|ESTANCIAS|BRISAS|LOMAS|QUINTAS|PARC|PARCELAS|PRADERAS|COM|COMUNIDAD)"
    r" [A-Z]{2,}(?: [A-Z]+){0,4}"
)
"""A Puerto Rican quarter that is written without the word "urbanization", by the first word of its name (sec. 292)."""
_ROADS: Final = (
    (re.compile(r"^([0-9][0-9A-Z-]*(?: [NSEW])?) S ?R[ -]?(?=\d)"), r"\1 STATE ROAD "),
    (re.compile(r"^([0-9][0-9A-Z-]*(?: [NSEW])?) (?:STH|STATE TRUNK HWY)[ -]?(?=\d)"), r"\1 STATE HIGHWAY "),
    (
        re.compile(r"^([0-9][0-9A-Z-]*(?: [NSEW])?) (?:CTH|COUNTY TRUNK HWY|COUNTY TRUNK)[ -](?=[A-Z0-9])"),
        r"\1 COUNTY ROAD ",
    ),
    (
        re.compile(r"^([0-9][0-9A-Z-]*(?: (?:[NSEW]|NORTH|SOUTH|EAST|WEST))?) C R[ -]?(?=\d+[A-Z]?$)"),
        r"\1 COUNTY ROAD ",
    ),
    (re.compile(r"^([0-9][0-9A-Z-]*(?: [NSEW])?) USH[ -]?(?=\d)"), r"\1 US HIGHWAY "),
    (re.compile(r"^([0-9][0-9A-Z-]*(?: [NSEW])?) STATE (?:RT|HW|HY)[ -]?(?=\d)"), r"\1 STATE ROUTE "),
    (re.compile(r"^([0-9][0-9A-Z-]*(?: [NSEW])?) (?:HW|HY)[ -]?(?=\d)"), r"\1 HIGHWAY "),
    (re.compile(r"^(\d+[A-Z]?) (?:TR|TWP RD)[ -]?(?=\d+[A-Z]?$)"), r"\1 TOWNSHIP ROAD "),
    (re.compile(r"^(\d+[A-Z]?) STATE LOOP (?=\d)"), r"\1 LOOP "),
)
_NAMES_STATE: Final = re.compile(r"[A-Z] \d+[A-Z]?$")
_GRID_NUMBER: Final = re.compile(
    r"^([NSEW]\d+[NSEW]|[NSEW]\d{1,3}(?= [NSEW]\d{2,5} [A-Z]{2})) (?=(?:[NSEW])?\d+ [A-Z])"
)
_GRID_ROAD: Final = re.compile(
    r"^(\d+ (?:[NS] \d{2,5}(?= [EW] )|[EW] \d{2,5}(?= [NS] ))) ([NSEW]) (?=(?:RD|ROAD|AVE|AVENUE)$)"
)
_TRUNKLINE: Final = re.compile(r"^(\d+[A-Z]?(?: [NSEW])?) M-?(?=\d{1,3}(?: |,|$))")
_BUSINESS: Final = re.compile(
    r"^(\d+[A-Z]?(?: [NSEW])?) (US |U S )?(?:BUSINESS|BUS) (?:(?:HWY|HIGHWAY|RTE|ROUTE|RT) )?(\d{1,3})(?= |,|$)"
)
_CONTRACT: Final = re.compile(r"^(HCR?|RR)-? ?0*(?=\d{1,3}[ ,]+BOX )")
_TRIGGERS: Final = (
    word_set(
        "R HW HY TR TWP POST POSTAL APARTADO CMR CALLE URB URBANIZACION URBANIZATION SR S STH CTH USH STATE COUNTY"
    )
    | _DWELLINGS.keys()
)
_STATE_OR_SUFFIX: Final = {"CT": "COURT", "LA": "LANE"}
"""State codes that are a suffix too: the parser below takes one that closes a line for the state, and drops it."""
_NUMBERED_ROAD: Final = re.compile(r" (?:M-?\d|BUS(?:INESS)? |\d+ [NSEW] )")
_LONG: Final = {"N": "NORTH", "S": "SOUTH", "E": "EAST", "W": "WEST"}
_STATE_ROAD: Final = re.compile(rf"^(\d+[A-Z]?) ({'|'.join(STATE_NAMES)}) (\d+[A-Z]?)$")


class LocalForms(NamedTuple):
    """Street lines without the forms set aside; the units and the urbanization found."""

    line1: str
    line2: str
    number_prefix: str = ""
    units: tuple[tuple[str, str], ...] = ()
    urbanization: str = ""


def set_aside(line1: str, line2: str, state: str) -> LocalForms:
    """`line1`, `line2`: tidied street lines; `state`: two-letter code."""
    if _NAMES_STATE.search(line1):
        road = _STATE_ROAD.match(line1)
        if road and STATE_NAMES[road.group(2)] == state:
            return LocalForms(f"{road.group(1)} STATE ROUTE {road.group(3)}", line2)
    line1 = _with_common_road(line1, state)
    if state == "PR":
        line1, line2 = _with_quarter(line1, line2)
    if _TRIGGERS.isdisjoint(f"{line1} {line2}".replace("-", " ").replace(",", " ").split()):
        return LocalForms(line1, line2)
    line1, line2, urbanization = _take_urbanization(line1, line2)
    line1 = _POST_OFFICE.sub("PO BOX ", _MAIL_ROOM.sub("PSC ", line1))
    prefix = ""
    lettered = _LETTERED.match(line1) if state == "PR" else None
    if lettered:
        prefix, line1 = lettered.group(1), line1[lettered.end() :]
    if " BOX " not in line1:
        for pattern, spelt in _ROADS:
            line1 = pattern.sub(spelt, line1)
    units = []
    found = _DWELLING.fullmatch(line2)
    if found:
        units, line2 = [(_DWELLINGS[found.group(1)], found.group(2) or "")], ""
    found = _DWELLING.search(line1)
    if found and _ends_street(line1[: found.start()]):
        units.append((_DWELLINGS[found.group(1)], found.group(2) or ""))
        line1 = line1[: found.start()].rstrip(" ,")
    return LocalForms(line1, line2, prefix, tuple(units), urbanization)


def _with_common_road(line1: str, state: str) -> str:
    """Grid numbers, routes and roads in the spelling that the parser knows."""
    if state in _STATE_OR_SUFFIX and line1.endswith(f" {state}") and _ends_in_a_landscape(line1):
        line1 = f"{line1[: -len(state)]}{_STATE_OR_SUFFIX[state]}"
    if state == "TX" and (" RM " in line1 or " FM " in line1):
        line1 = _FARM_ROAD.sub(r"\1 FM ", _RANCH_ROAD.sub(r"\1 RANCH ROAD ", line1))
    if line1[:1] in "POU":
        line1 = _LOOSE_BOX.sub("PO BOX ", _BEFORE_UNIT.sub("", _UNIT_ROOM.sub("UNIT ", line1)))
    if line1[:1] in "NSEWHR":
        line1 = _CONTRACT.sub(r"\1 ", _GRID_NUMBER.sub(r"\1", line1))
    elif _NUMBERED_ROAD.search(line1):
        line1 = _GRID_ROAD.sub(lambda found: f"{found[1]} {_LONG[found[2]]} ", line1)
        line1 = _BUSINESS.sub(_business_road, line1)
        if state == "MI":
            line1 = _TRUNKLINE.sub(r"\1 STATE HIGHWAY ", line1)
    return line1


def _with_quarter(line1: str, line2: str) -> tuple[str, str]:
    """A quarter that stands alone on a line, or before or behind the street, marked as an urbanization."""
    if _QUARTER.fullmatch(line2):
        return line1, f"URB {line2}"
    first, comma, rest = line1.partition(", ")
    if comma and _QUARTER.fullmatch(first):
        return f"URB {line1}", line2
    if comma and _QUARTER.fullmatch(rest):
        return f"{first} URB {rest}", line2
    return (f"URB {line1}", line2) if _QUARTER.fullmatch(line1) and line2 else (line1, line2)


def _ends_in_a_landscape(line1: str) -> bool:
    """Whether the word before the last is a suffix that may as well be part of a name ("ROLLING HILLS CT")."""
    words = line1.split()
    return len(words) > 3 and words[-2] in SUFFIXES and SUFFIXES[words[-2]] not in ROADS


def _business_road(found: re.Match[str]) -> str:
    """A business route of a US highway is named after it; any other stays a road of its own."""
    number, federal, route = found.groups()
    return f"{number} US HIGHWAY {route} BUSINESS" if federal else f"{number} BUSINESS {route}"


def _ends_street(line: str) -> bool:
    words = line.replace(",", " ").split()
    return len(words) > 2 and (words[-1] in SUFFIXES or words[-1] in DIRECTIONALS)


def _take_urbanization(line1: str, line2: str) -> tuple[str, str, str]:
    """An urbanization stands before the street, on the first line or on the second alone."""
    found = _URBANIZATION.match(line1)
    if found:
        rest = line1[found.end() :].strip(" ,")
        return (rest, line2, found.group(1)) if rest else (line2, "", found.group(1))
    found = _CLOSING_URBANIZATION.search(line2)
    if found:
        return line1, line2[: found.start()], found.group(1)
    found = _CLOSING_URBANIZATION.search(line1)
    return (line1[: found.start()], line2, found.group(1)) if found else (line1, line2, "")
