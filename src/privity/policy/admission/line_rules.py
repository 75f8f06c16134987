"""L01-L13 and the part of L16 that a line shows alone: small pure functions, one a rule, in a fixed order.

Each returns a Defect or None. The first defect wins; it depends on the line, the agreement and the header alone.
Rules that need the whole file (repeats, guessing) are in `file_rules`. Source: RULES, L rules.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from privity.domain.delivery_point import DeliveryPoint, PointKind
from privity.domain.request import LineContent
from privity.normalise import places
from privity.policy.admission.context import LineTerms
from privity.policy.admission.line_view import LineView, is_blank
from privity.policy.detect import clean
from privity.policy.detect.institutions import Facility
from privity.policy.detect.periods import is_sentinel, read_day, read_periods
from privity.policy.detect.person_words import name_defect
from privity.policy.detect.placeholders import is_placeholder, says_nothing
from privity.policy.detect.reasons import is_generic
from privity.policy.detect.shapes import shape_defect
from privity.policy.detect.shifts import shift_defect
from privity.policy.detect.words import code_key, statute_key

MAX_FIELD: Final = 200
MAX_REASON: Final = 2000
MAX_LINE_ID_BYTES: Final = 64
OLDEST_ORDER_YEARS: Final = 60


class Defect(NamedTuple):
    """What is wrong with a line, and in which column. The message repeats no value."""

    field: str
    message: str


LineRule = Callable[[LineView, LineTerms], Defect | None]


def clean_data(view: LineView, terms: LineTerms) -> Defect | None:
    """L15: every cell plain Latin text of sensible length, no formula, no markup, nothing in the wrong column."""
    del terms
    content = view.content
    if content.form_defect:
        return Defect("line_id", "the row does not have one cell for each column")
    if not content.line_id.strip() or len(content.line_id.encode("utf-8", "replace")) > MAX_LINE_ID_BYTES:
        return Defect("line_id", f"must have 1 to {MAX_LINE_ID_BYTES} bytes")
    if not content.line_id.isprintable():
        return Defect("line_id", "holds a control character")
    texts = cells(content)
    if not all(map(_plain, texts.values())):
        for field, text in texts.items():
            message = _cell_defect(field, text)
            if message:
                return Defect(field, message)
    if view.content.address.address.strip() and not is_blank_split(view.content):
        return Defect("address", "the address is given both on one line and in separate columns")
    shifted = shift_defect(content)
    return Defect(*shifted) if shifted else None


def cells(content: LineContent) -> dict[str, str]:
    """Every non-empty cell but the line's id, by column name."""
    name, address = content.name, content.address
    values = {
        "given_name": name.given_name,
        "middle_name": name.middle_name,
        "family_name": name.family_name,
        "generation": name.generation,
        "full_name": name.full_name,
        "address_line1": address.address_line1,
        "address_line2": address.address_line2,
        "city": address.city,
        "state": address.state,
        "postal_code": address.postal_code,
        "address": address.address,
        "periods": content.periods,
        "statute": content.statute,
        "order_date": content.order_date,
        "reason": content.reason,
        "case_id": content.case_id,
        "officer": content.officer,
        "identifier": content.identifier,
        "birth_date": content.birth_date,
        "attestations": content.attestations,
    }
    return {field: text for field, text in values.items() if text}


def is_blank_split(content: LineContent) -> bool:
    """Whether the split address columns are empty."""
    one = content.address
    return not any(
        (
            one.address_line1.strip(),
            one.address_line2.strip(),
            one.city.strip(),
            one.state.strip(),
            one.postal_code.strip(),
        )
    )


_RARE: Final = frozenset("=+@-'<>{}[]|\\^~?&%$* \t")


def _plain(text: str) -> bool:
    """The quick pass: short printable ASCII without any character a trick needs."""
    return (
        len(text) <= MAX_FIELD
        and text.isascii()
        and text.isprintable()
        and text[0] not in "=+@-' \t"
        and not (_RARE_INSIDE & set(text))
    )


_RARE_INSIDE: Final = frozenset("<>{}[]|\\^~?&%*")
_WORDED: Final = frozenset({"reason", "statute", "periods", "attestations"})


def _cell_defect(field: str, text: str) -> str:
    if len(text) > (MAX_REASON if field == "reason" else MAX_FIELD):
        return "longer than any value of this column"
    strange = clean.strange_character(text)
    if strange:
        return f"holds {strange}"
    if clean.is_mojibake(text):
        return "was saved with the wrong encoding"
    if clean.is_formula(text):
        return "holds a spreadsheet formula"
    if field not in _WORDED and clean.has_markup(text):
        return "holds marks that do not belong in this column"
    return ""


def identifier_only(view: LineView, terms: LineTerms) -> Defect | None:
    """L13: an identifier beside an empty name or address never takes its place."""
    del terms
    content = view.content
    if not content.identifier.strip():
        return None
    name = content.name
    if not any(map(str.strip, (name.given_name, name.family_name, name.full_name))):
        return Defect("given_name", "an identifier does not replace the name")
    if is_blank(content.address):
        return Defect(view.address_field, "an identifier does not replace the address")
    return None


def real_full_name(view: LineView, terms: LineTerms) -> Defect | None:
    """L01: given and family name of a person."""
    del terms
    field = "full_name" if view.content.name.full_name.strip() else "given_name"
    message = name_defect(view.content.name)
    if message:
        return Defect(field, message)
    if view.name.name is None or "single_name" in view.name.defects:
        return Defect(field, "the name cannot be read as given and family name")
    return None


def address_is_given(view: LineView, terms: LineTerms) -> Defect | None:
    """L02: no placeholder in street or city, in English or Spanish."""
    del terms
    if is_blank(view.content.address):
        return Defect(view.address_field, "no address is given")
    if view.waits:
        return None
    for number, street in enumerate(view.street):
        if says_nothing(street) if number else is_placeholder(street):
            return Defect(
                "address_line2" if number else view.address_field, "a placeholder stands where an address belongs"
            )
    if len(view.street) > 1 and is_placeholder(" ".join(view.street)):
        return Defect(view.address_field, "a placeholder stands where an address belongs")
    if view.city and says_nothing(view.city) and not _is_city(view):
        field = "city" if view.street and view.address_field != "address" else view.address_field
        return Defect(field, "a placeholder stands where a city belongs")
    return None


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
    "no_box": "a route or unit without its box number",
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
    message = shape_defect(view.street_text) or _point_defect(view.address.point, incoherent=incoherent)
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
    for word in () if view.is_foreign else view.address.defects:
        if word in _INCONSISTENT:
            field, message = _INCONSISTENT[word]
            return Defect("address" if view.address_field == "address" else field, message)
    return None


def past_period(view: LineView, terms: LineTerms) -> Defect | None:
    """L06: named, closed periods that ended before receipt and began not too many years ago."""
    defect = period_form(view, terms)
    if defect:
        return defect
    periods = read_periods(view.content.periods) or ()
    today = terms.at.date()
    if len(periods) > terms.number("L06", "max_periods"):
        return Defect("periods", "more periods than the agreement allows")
    if any(period.end >= today for period in periods):
        return Defect("periods", "a period that has not ended")
    if any(period.start.year < today.year - terms.number("L06", "max_years_back") for period in periods):
        return Defect("periods", "a period further back than the agreement allows")
    return None


def period_form(view: LineView, terms: LineTerms) -> Defect | None:
    """L06, its form: years or closed ranges of days, `;` between."""
    del terms
    return None if read_periods(view.content.periods) else Defect("periods", "not a named and closed period")


def statute_on_line(view: LineView, terms: LineTerms) -> Defect | None:
    """L07: the line names one of the header's statutes."""
    if statute_key(view.content.statute) in terms.statutes:
        return None
    return Defect("statute", "names no statute of the header")


def order_date_holds(view: LineView, terms: LineTerms) -> Defect | None:
    """L08: the date is present, real, and as long (or as recently) before signature as the agreement asks."""
    day = read_day(view.content.order_date)
    if day is None:
        return Defect("order_date", "not a calendar date (YYYY-MM-DD)")
    born = read_day(view.content.birth_date) if view.content.birth_date else None
    if is_sentinel(day) or day.year < terms.signed_on.year - OLDEST_ORDER_YEARS or (born and day <= born):
        return Defect("order_date", "not a real date of an order")
    age = (terms.signed_on - day).days
    more_than, within = terms.number("L08", "more_than_days"), terms.number("L08", "within_days")
    if age < 0 or (more_than and age <= more_than):
        return Defect("order_date", f"not more than {more_than} days before signature")
    if within and age > within:
        return Defect("order_date", f"more than {within} days before signature")
    return None


def offence_supported(view: LineView, terms: LineTerms) -> Defect | None:
    """L09: every attestation the agreement names, in the header or on the line."""
    wanted = terms.words("L09", "attestations")
    if terms.switch("L09", "per_line"):
        given = {part.strip().lower() for part in view.content.attestations.split(";")}
    else:
        given = set(terms.attestations)
    return (
        None if given.issuperset(wanted) else Defect("attestations", "an attestation the agreement asks for is missing")
    )


def reason_of_its_own(view: LineView, terms: LineTerms) -> Defect | None:
    """L10: a reason is given and says something of this case. (Repeats: file rules.)"""
    del terms
    return Defect("reason", "empty or generic") if is_generic(view.content.reason) else None


def case_is_real(view: LineView, terms: LineTerms) -> Defect | None:
    """L11: a well-formed case id. (One person a case: file rules.)"""
    del terms
    case = code_key(view.content.case_id)
    digits = [letter for letter in case if letter.isdigit()]
    known = 4 <= len(case) <= 40 and len(digits) >= 3 and len(set(digits)) > 1 and "".join(digits) not in _COUNTING
    if known and not says_nothing(view.content.case_id):
        return None
    return Defect("case_id", "missing or not a case number")


_COUNTING: Final = frozenset(
    {"123", "1234", "12345", "123456", "1234567", "12345678", "123456789", "1234567890", "987654321", "0123456789"}
)


def officer_is_engaged(view: LineView, terms: LineTerms) -> Defect | None:
    """L12: an officer is named, on the roster and current. Without a roster (lint) only the form is judged."""
    officer = view.content.officer.strip()
    if not officer or says_nothing(officer):
        return Defect("officer", "no officer is named")
    if terms.roster is not None and officer not in terms.roster:
        return Defect("officer", "not an officer on the roster at this time")
    return None


def needs_a_human(view: LineView, terms: LineTerms) -> Defect | None:
    """L16: foreign addresses, General Delivery, custody with inmate number, lodging and shelters wait for a human."""
    del terms
    if view.is_foreign:
        return Defect(view.address_field, "an address outside the United States waits for a human")
    if "general_delivery" in view.address.defects:
        return Defect(view.address_field, "General Delivery waits for a human")
    if view.facility is Facility.CUSTODY_WITH_NUMBER:
        return Defect(view.address_field, "a custody address with inmate number waits for a human")
    if view.facility is Facility.LODGING:
        return Defect(view.address_field, "a hotel, shelter or home for groups waits for a human")
    return None


# The one order in which a line is judged (docs/procedures/admit.md, step 6). The first defect wins.
LINE_RULES: Final[tuple[tuple[str, LineRule], ...]] = (
    ("L15", clean_data),
    ("L13", identifier_only),
    ("L01", real_full_name),
    ("L02", address_is_given),
    ("L05", no_institution),
    ("L15", parses_clean),
    ("L03", is_delivery_point),
    ("L04", is_coherent),
    ("L06", past_period),
    ("L07", statute_on_line),
    ("L08", order_date_holds),
    ("L09", offence_supported),
    ("L10", reason_of_its_own),
    ("L11", case_is_real),
    ("L12", officer_is_engaged),
    ("L16", needs_a_human),
)

# What `privity evaluate` asks of a line: the form rules, which need neither agreement nor header.
FORM_RULES: Final[tuple[tuple[str, LineRule], ...]] = (
    ("L15", clean_data),
    ("L01", real_full_name),
    ("L02", address_is_given),
    ("L05", no_institution),
    ("L15", parses_clean),
    ("L03", is_delivery_point),
    ("L04", is_coherent),
    ("L06", period_form),
    ("L16", needs_a_human),
)
