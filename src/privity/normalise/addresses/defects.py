"""The closed list of words that say what is wrong with, or remarkable about, an address.

Does: name them, and say which leave no delivery point. Does not: decide what happens to a line (policy does).
"""

from __future__ import annotations

from typing import Final

FATAL_DEFECTS: Final[dict[str, str]] = {
    "empty": "no address is given",
    "unreadable": "control characters, or letters without an upper-case ASCII form",
    "too_long": "longer than any address",
    "no_number": "a street without a house number",
    "no_street": "no street, box or route can be found",
    "no_box": "a rural route, highway contract or military unit without its box number, or a box of no route or office",
    "no_city": "no city (a ZIP alone is no place)",
    "no_state": "neither state nor ZIP",
    "no_zip": "no ZIP, and city and state do not have exactly one",
    "state_unknown": "no such state",
    "zip_malformed": "the ZIP does not have five digits or five and four; a lost leading zero is never repaired",
    "zip_unknown": "no ZIP begins with these digits",
    "zip_state_conflict": "the ZIP does not lie in the state",
    "city_unclear": "a one-line address whose city cannot be told from its street",
    "two_addresses": "more than one address in the field or fields",
    "number_range": "a range of house numbers",
    "number_unclear": "a house number with a sign, zero, or a letter that may belong to the street",
    "intersection": "a crossing of streets",
    "coordinates": "a latitude and longitude",
    "email": "an e-mail or web address",
    "foreign": "a country other than the United States, or a foreign postal code",
    "unit_unclear": "a unit with a sign, a fraction or an unknown designator",
    "unit_without_number": "APT, UNIT, STE and the like without a value",
    "street_unclear": "an unknown word beside the street, perhaps a unit, that cannot be placed",
    "unparsed_rest": "words that found no place in the reading",
}
"""Word -> meaning. Any of these leaves `ReadAddress.point` None."""

REMARKS: Final[dict[str, str]] = {
    "zip_completed": "no ZIP was given; city and state have exactly one",
    "state_completed": "no state was given; the ZIP has one",
    "city_not_at_zip": "the ZIP is not known to serve that city under any name",
    "general_delivery": "General Delivery: a person fetches mail there, nobody lives there",
    "care_of": "a C/O or attention line was set aside",
}
"""Word -> meaning. These come together with a point."""

ADDRESS_DEFECTS: Final = (*FATAL_DEFECTS, *REMARKS)
"""Every word `ReadAddress.defects` may hold."""
