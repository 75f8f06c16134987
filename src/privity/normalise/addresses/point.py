"""From one parse to one delivery point, or to the defect that forbids it.

Does: map the parser's parts and warnings to ours, hazard by hazard. Does not: touch the supplied text again, but for
the check that no word of it was lost.
"""

from __future__ import annotations

import re
from operator import attrgetter
from typing import Final, NamedTuple

import doorplate

from privity.domain.delivery_point import DeliveryPoint, PointKind
from privity.normalise.addresses.boxes import BOX_WORDS, Box, military_box, post_office_box, rural_box
from privity.normalise.addresses.care_of import may_be_set_aside
from privity.normalise.addresses.conservation import nothing_lost
from privity.normalise.addresses.highways import ROUTE_WORDS, route_identity, with_its_kind
from privity.normalise.addresses.house_numbers import may_be_a_range
from privity.normalise.addresses.last_line import LastLine
from privity.normalise.addresses.streets import StreetName, read_street
from privity.normalise.addresses.units import join_units
from privity.normalise.addresses.words import ROAD_SYSTEMS, SUFFIXES
from privity.normalise.places import STATE_NAMES

_FATAL_WARNINGS: Final = {
    "dual_address": "two_addresses", "intersection_detected": "intersection", "zero_street_number": "number_unclear",
    "ambiguous_street_number": "number_unclear", "ambiguous_number_letter": "number_unclear",
    "placeholder": "no_street", "missing_street_name": "no_street", "missing_street_number": "no_number",
    "possibly_truncated": "street_unclear", "ambiguous_token": "street_unclear",
}  # fmt: skip
_NUMBER: Final = re.compile(
    r"\d{1,7}[A-Z]?(?: \d/\d)?|[NSEW]\d{1,5}[NSEW]\d{1,6}|[NSEW]\d{2,6}|\d{1,3}[NSEW]\d{1,6}|\d{1,5}-\d{1,5}[A-Z]?"
)
_NUMBERED: Final = re.compile(r"\b\d{1,6}[A-Z]? [A-Z]{2}")
_LEADING_ZEROS: Final = re.compile(r"^0+(?=\d)")
_LETTERED: Final = re.compile(r"^(\d+)[- ]([A-Z])$")
_PUERTO_RICO_NUMBER: Final = re.compile(r"[A-Z]{1,2}-?\d{1,4}[A-Z]?|\d{1,4}-\d{1,4}|\d{1,5}[A-Z]?")
_HYPHEN_AREAS: Final = ("110", "111", "113", "114", "116", "967", "968", "922", "074")
"""ZIP prefixes where "41-45" is one house: Queens, Hawaii, the Coachella Valley, Fair Lawn. Elsewhere a hyphenated
number is one house only where it cannot be a range."""
_CARE_OF: Final = ("CO ", "C/O ", "ATTN ", "CARE OF ")
_ENDS_IN_ROUTE: Final = re.compile(r"\b(?:HIGHWAY|ROUTE|ROAD|EXPRESSWAY|BELTWAY) \d+[A-Z]?(?: [NSEW])?$")
_LOOSE_ROADS: Final = frozenset({"LOOP", "SPUR", "HWY", "RTE"})


class Supplied(NamedTuple):
    """What was given to the parser (tidied), and what was set aside before."""

    text: str
    number_prefix: str = ""
    units: tuple[tuple[str, str], ...] = ()
    quarter: str = ""  # of Puerto Rico: "URB SANTA ROSA", "COND EL MONTE"


Reading = tuple[DeliveryPoint, tuple[str, ...]] | str


def read_point(supplied: Supplied, parsed: doorplate.ParsedAddress, last: LastLine) -> Reading:
    """A point with remarks, or a fatal defect word. `last` may have a defect of its own, not looked at here."""
    warnings = parsed.warnings
    kind = parsed.address_type()
    attention = parsed.attention or ""
    if parsed.unparsed or parsed.building:
        return "two_addresses" if _NUMBERED.search((parsed.unparsed or "").upper()) else "unparsed_rest"
    if attention and not _names_only_a_person(attention):
        return "unparsed_rest"
    if kind == "street":
        fatal = [warning for warning in warnings if warning in _FATAL_WARNINGS]
        reading = _first_defect(fatal[0], parsed) if fatal else _read_house(supplied, parsed, last)
    else:
        reading = _read_box(kind, supplied, parsed, last)
    return reading if isinstance(reading, str) or not attention else (reading[0], ("care_of", *reading[1]))


def _names_only_a_person(attention: str) -> bool:
    """Whether an attention line is a name and nothing else: a unit's word in it would vanish with it."""
    opening = next((word for word in _CARE_OF if attention.startswith(word)), "")
    return bool(opening) and may_be_set_aside(attention.removeprefix(opening).replace(",", " ").split())


def _first_defect(warning: str, parsed: doorplate.ParsedAddress) -> str:
    name = f" {parsed.street_name or ''} "
    if warning == "missing_street_number" and (" AND " in name or " AT " in name):
        return "intersection"
    return _FATAL_WARNINGS[warning]


def _units(supplied: Supplied, parsed: doorplate.ParsedAddress) -> tuple[str, str]:
    pairs = list(supplied.units)
    for designator, value in (
        (parsed.unit_type, parsed.unit_number),
        (parsed.second_unit_type, parsed.second_unit_number),
    ):
        if designator or value:
            pairs.append((designator or "", value or ""))
    return join_units(pairs) if pairs else ("", "")


_PARTS: Final = attrgetter(
    "street_number", "street_dir_prefix", "street_name", "street_suffix", "street_dir_suffix", "unit_type",
    "unit_number", "second_unit_type", "second_unit_number",
)  # fmt: skip


def _parts(parsed: doorplate.ParsedAddress) -> str:
    """The words read, in the order of a standard line."""
    words = " ".join([part for part in _PARTS(parsed) if part])
    highway = parsed.highway
    return f"{highway['name']} {words}" if highway else words


def _read_house(supplied: Supplied, parsed: doorplate.ParsedAddress, last: LastLine) -> Reading:
    highway = parsed.highway
    may_vanish = ROUTE_WORDS | {last.state} | _state_words(last.state) if highway else frozenset[str]()
    read = _parts(parsed)
    if supplied.text != read and not _conserved(supplied.text, read, may_vanish, parsed, last):
        return "unparsed_rest"
    number = _number(supplied.number_prefix + (parsed.street_number or ""), last)
    if number in {"number_range", "number_unclear", "no_number"}:
        return number
    street = _street(parsed, last.state)
    unit, defect = _units(supplied, parsed)
    if street.defect or defect:
        return street.defect or defect
    if parsed.unit_number and not parsed.unit_type and "#" not in supplied.text:
        street, unit = _road_number(street, unit)
        if street.defect:
            return street.defect
    if highway or _ENDS_IN_ROUTE.search(street.core):
        street = street._replace(core=with_its_kind(street.core, street.suffix), suffix="")
    core = f"{street.core} {supplied.quarter}" if supplied.quarter else street.core
    point = DeliveryPoint(
        PointKind.STREET, last.zip5, number, core, unit, street.predirectional, street.suffix,
        street.postdirectional, last.city, last.state,
    )  # fmt: skip
    return point, ()


def _road_number(street: StreetName, unit: str) -> tuple[StreetName, str]:
    """A bare number after a road that may be its own number ("OLD STATE ROAD 12") is no unit, or is unclear."""
    if (
        street.suffix == "RD"
        and not street.postdirectional
        and street.core.rpartition(" ")[2] in ROAD_SYSTEMS
        and "|" not in unit
    ):
        core = f"{street.core} ROAD {unit.rpartition(' ')[2]}"
        return StreetName(core, street.predirectional, "", ""), ""
    loose = (
        (street.suffix == "RD" and street.core.rpartition(" ")[2] in ROAD_SYSTEMS)
        or street.suffix in _LOOSE_ROADS
        or (street.core == "C" and street.suffix == "RD")
    )  # C RD 307: county road?
    return (street._replace(defect="street_unclear"), unit) if loose else (street, unit)


def _street(parsed: doorplate.ParsedAddress, state: str) -> StreetName:
    """The street. A road named after another state may be no state's road at all: "PR 5101" is a private road of Texas,
    and "CO 10" of Indiana a county's."""
    pre, post = parsed.street_dir_prefix or "", parsed.street_dir_suffix or ""
    suffix, name = parsed.street_suffix or "", (parsed.street_name or "").replace("'", "")
    highway = parsed.highway
    if not highway:
        return read_street(pre, name, suffix, post)
    core = route_identity(highway["state"], highway["prefix"], highway["route"], name, suffix)
    foreign = highway["state"] and highway["state"] != state
    return StreetName(core, pre, suffix, post, "" if core and not foreign else "street_unclear")


def _conserved(
    text: str, read: str, may_vanish: frozenset[str], parsed: doorplate.ParsedAddress, last: LastLine
) -> bool:
    """Whether no word is lost; a city, state and ZIP that repeat the columns may stand in the street lines too.

    A state alone that is a road's word as well (VALLEY CT in Connecticut) is no repetition: its loss loses the suffix.
    """
    repeated = "second_line_skipped" in parsed.warnings
    read = f"{read} {parsed.attention}" if parsed.attention else read
    if nothing_lost(text, read, may_vanish, repeated=repeated):
        return True
    if last.state in SUFFIXES and last.zip5 not in text and (not parsed.city or parsed.city not in text):
        return False
    tail = f"{read} {parsed.city or ''} {parsed.state or ''} {parsed.zip5 or ''} {parsed.zip4 or ''}"
    return nothing_lost(text, tail, _state_words(last.state), repeated=repeated)


def _state_words(state: str) -> frozenset[str]:
    return frozenset(word for name, code in STATE_NAMES.items() if code == state for word in name.split())


def _number(text: str, last: LastLine) -> str:
    """The house number in one form, or a defect word."""
    if text.isdigit() and text[0] != "0" and len(text) < 8:
        return text
    if not text:
        return "no_number"
    number = _LETTERED.sub(r"\1\2", _LEADING_ZEROS.sub("", text.upper()))
    if last.state == "PR" and _PUERTO_RICO_NUMBER.fullmatch(number):
        return number.replace("-", "") if number[0].isalpha() else number
    if number.startswith("0") or not _NUMBER.fullmatch(number):
        return "number_unclear"
    hyphenated = "-" in number and not last.zip5.startswith(_HYPHEN_AREAS)
    return "number_range" if hyphenated and may_be_a_range(number) else number


def _read_box(kind: str, supplied: Supplied, parsed: doorplate.ParsedAddress, last: LastLine) -> Reading:
    if kind in {"dual", "unknown"}:
        return "two_addresses" if kind == "dual" else "no_street"
    unit, defect = _units(supplied, parsed)
    remarks: tuple[str, ...] = ()
    if kind == "general_delivery":
        read, box, remarks = "", Box(PointKind.GENERAL_DELIVERY, "", "GENERAL DELIVERY"), ("general_delivery",)
    else:
        read, box = _box(kind, parsed, supplied.text)
    if defect or box.defect:
        return defect or box.defect
    vanish = BOX_WORDS | _state_words(last.state) | {last.state}
    if not _conserved(supplied.text, f"{read} {_parts(parsed)}", vanish, parsed, last):
        return "unparsed_rest"
    if parsed.street_number or parsed.street_name:
        return "two_addresses"
    return DeliveryPoint(box.kind, last.zip5, box.number, box.route, unit, city=last.city, state=last.state), remarks


def _box(kind: str, parsed: doorplate.ParsedAddress, text: str) -> tuple[str, Box]:
    """(words read, box)."""
    if kind == "po_box":
        return parsed.po_box or "", post_office_box(parsed.po_box or "", text)
    if kind == "rural_route" and parsed.rural_route:
        route = parsed.rural_route
        words = f"{route['route']} {route['box'] or ''}"
        return words, rural_box(route["kind"], route["route"], route["box"])
    if kind == "military" and parsed.military:
        base = parsed.military
        words = f"{base['kind']} {base['number']} {base['box'] or ''} {parsed.military_post_office or ''}"
        return words, military_box(base["kind"], base["number"], base["box"])
    return "", Box(PointKind.PO_BOX, "", "", "no_street")
