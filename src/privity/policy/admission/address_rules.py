"""L02-L05, what the parser alone sees of L15, and L16: is the address one where a person lives? Defect or None each."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import Final

from privity.domain.delivery_point import DeliveryPoint, PointKind
from privity.normalise import places
from privity.policy.admission.context import LineTerms
from privity.policy.admission.defect import Defect
from privity.policy.admission.line_view import LineView, is_blank
from privity.policy.detect.folding import words_of
from privity.policy.detect.institutions import Facility
from privity.policy.detect.placeholders import is_placeholder, is_told_in_digits, says_nothing
from privity.policy.detect.shapes import shape_defect

_NO_CITIES: Final = frozenset(
    {
        "CITY",
        "TOWN",
        "VILLAGE",
        "STATE",
        "COUNTY",
        "ADDRESS",
        "STREET",
        "HOME",
        "NAME",
        "HERE",
        "USA",
        "CIUDAD",
        "PUEBLO",
    }
)

_NO_ARTICLES: Final = frozenset({"ANY", "SOME", "YOUR", "MY", "THE", "NO", "A", "SAME", "THIS", "OTHER", "CUALQUIER"})


def address_is_given(view: LineView, terms: LineTerms) -> Defect | None:
    """L02: no placeholder in street or city, in English or Spanish."""
    del terms
    if is_blank(view.content.address):
        return Defect(view.address_field, "no address is given")
    if view.waits and not any(map(is_told_in_digits, view.words)):
        return None
    for number, street in enumerate(view.street):
        if says_nothing(street) if number else is_placeholder(street, view.words[0]):
            return Defect(
                "address_line2" if number else view.address_field, "a placeholder stands where an address belongs"
            )
    if len(view.street) > 1 and is_placeholder(" ".join(view.street)):
        return Defect(view.address_field, "a placeholder stands where an address belongs")
    if view.city and not _is_city(view) and _is_no_city(view.city):
        field = "city" if view.street and view.address_field != "address" else view.address_field
        return Defect(field, "a placeholder stands where a city belongs")
    return None


def _is_no_city(city: str) -> bool:
    """Whether the text names no city in words of placeholders, also with a blank inside one (`Any Town`)."""
    if says_nothing(city) or says_nothing(city.replace(" ", "")) or city.strip() in _NO_CITIES:
        return True
    words = words_of(city)
    return words[0] in _NO_ARTICLES and all(word in _NO_CITIES for word in words[1:])


def _is_city(view: LineView) -> bool:
    return bool(places.zips_of(view.city, places.state_code(view.state)))


def no_institution(view: LineView, terms: LineTerms) -> Defect | None:
    """L05: no jail, court, agency office, hospital, station, shop, school or house of worship."""
    del terms
    if view.facility is Facility.INSTITUTION:
        return Defect(view.address_field, "an institution is named; it is no home")
    return None


_INCOMPLETE: Final[Mapping[str, str]] = {
    "no_number": "a street without a house number",
    "no_street": "no street, box or route can be found",
    "no_box": "a route or unit without its box number, or a box of no named route or post office",
    "no_city": "no city; a ZIP alone is no place",
    "no_state": "neither state nor ZIP",
    "no_zip": "no ZIP, and city and state do not have exactly one",
    "city_unclear": "the city cannot be told from the street",
    "number_range": "a range of house numbers",
    "number_unclear": "the house number is not clear",
    "intersection": "a crossing of streets is no delivery point",
    "coordinates": "coordinates stand where an address belongs",
    "email": "contact details stand where an address belongs",
    "unit_without_number": "a unit without its number",
    "street_unclear": "a word beside the street cannot be placed",
    "unparsed_rest": "words that have no place in an address",
    "empty": "no address is given",
}
_INCONSISTENT: Final[Mapping[str, tuple[str, str]]] = {
    "state_unknown": ("state", "there is no such state"),
    "zip_malformed": ("postal_code", "a ZIP has five digits, or five and four"),
    "zip_unknown": ("postal_code", "no ZIP begins with these digits"),
    "zip_state_conflict": ("postal_code", "the ZIP does not lie in the state"),
}
_MALFORMED: Final[Mapping[str, str]] = {
    "unreadable": "letters that cannot be read",
    "too_long": "longer than any address",
    "two_addresses": "more than one address",
}
_LEFT_TO_L04: Final = frozenset({"no_zip", "no_state", "no_city"})


def is_delivery_point(view: LineView, terms: LineTerms) -> Defect | None:
    """L03: number and street, or box; city and state, or ZIP with city. A ZIP alone is none."""
    del terms
    if view.waits:
        return None  # L16 decides
    defects = view.address.defects
    incoherent = any(word in _INCONSISTENT for word in defects)
    for word in defects:
        if word in _INCOMPLETE and not (incoherent and word in _LEFT_TO_L04):
            return Defect(view.address_field, _INCOMPLETE[word])
    message = shape_defect(view.street_text, chain.from_iterable(view.words)) or _point_defect(
        view.address.point, incoherent=incoherent
    )
    if message:
        return Defect(view.address_field, message)
    if not view.city and not (view.address.point and view.address.point.city):
        return Defect("city" if view.address_field != "address" else "address", "no city is given")
    return None


def _point_defect(point: DeliveryPoint | None, *, incoherent: bool) -> str:
    """What the reading itself lacks, in words. An incoherent ZIP or state is L04's."""
    if point is None:
        return "" if incoherent else "no delivery point can be read"
    nameless = point.kind is PointKind.STREET and not point.suffix and len(point.street) == 1
    return "a street without a name" if nameless else ""


def parses_clean(view: LineView, terms: LineTerms) -> Defect | None:
    """L15, what only the parser sees: two addresses in a cell, unreadable letters."""
    del terms
    if view.waits:
        return None
    word = next((one for one in view.address.defects if one in _MALFORMED), None)
    return Defect(view.address_field, _MALFORMED[word]) if word else None


def is_coherent(view: LineView, terms: LineTerms) -> Defect | None:
    """L04: the state exists, the ZIP has its digits, and the ZIP's first three lie in the state."""
    del terms
    state = view.content.address.state
    if state and not state.isspace() and not any(map(str.isalpha, state)):
        return Defect("state", "there is no such state")
    for word in () if view.is_foreign else view.address.defects:
        if word in _INCONSISTENT:
            field, message = _INCONSISTENT[word]
            return Defect("address" if view.address_field == "address" else field, message)
    return None


def needs_a_human(view: LineView, terms: LineTerms) -> Defect | None:
    """L16: foreign addresses, General Delivery, custody with inmate number, lodging and shelters wait for a human.

    A line that a human admitted waits no longer, unless no delivery point can be read: there is nothing to look up.
    """
    if view.ordinal in terms.waived and view.address.point is not None:
        return None
    if view.is_foreign:
        return Defect(view.address_field, "an address outside the United States waits for a human")
    if "general_delivery" in view.address.defects:
        return Defect(view.address_field, "General Delivery waits for a human")
    if view.facility is Facility.CUSTODY_WITH_NUMBER:
        return Defect(view.address_field, "a custody address with inmate number waits for a human")
    if view.facility is Facility.LODGING:
        return Defect(view.address_field, "a hotel, shelter or home for groups waits for a human")
    return None
