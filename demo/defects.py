"""Defects of many kinds, as they came in real requests: each function spoils one sound line.

They are families, not a list of expected codes: what the gate makes of them is the gate's to say.
"""

from __future__ import annotations

import random
from collections.abc import Callable

Line = dict[str, str]
Defect = Callable[[Line, random.Random], None]

NO_ADDRESS = {"address_line1": "", "address_line2": "", "city": "", "state": "", "postal_code": "", "address": ""}
NO_NAME = {"given_name": "", "middle_name": "", "family_name": "", "generation": "", "full_name": ""}

PLACEHOLDERS = ("Failed to Provide", "Unknown Address", "NA NA", "N/A", "-", "same as above", "Refused",
                "Don't Care 12345", "XXXX", "Desconocido", "no fixed address", "00000")  # fmt: skip
NO_POINT = ("Dallas TX", "Main Street, Dallas TX 75201", "5th and Main, Dallas TX 75201",
            "near the church, Dallas TX 75201", "RR 2, Dallas TX 75201", "32.7767, -96.7970")  # fmt: skip
INSTITUTIONS = ("County Jail, 200 W Court St, Dallas TX 75201",
                "ICE Detention Center, 1 Main St, Dallas TX 75201",
                "District Court, 600 Commerce St, Dallas TX 75202",
                "Mercy Hospital, 12 Oak St, Dallas TX 75201")  # fmt: skip
GENERIC = ("immigration enforcement", "see file", "N/A", "as discussed", "law enforcement purposes")


def placeholder(line: Line, chance: random.Random) -> None:
    """Words where an address belongs."""
    line.update(NO_ADDRESS, address=chance.choice(PLACEHOLDERS))


def no_delivery_point(line: Line, chance: random.Random) -> None:
    """A place that no letter reaches."""
    line.update(NO_ADDRESS, address=chance.choice(NO_POINT))


def wrong_state(line: Line, chance: random.Random) -> None:
    """A ZIP of one state with another state, or a state that does not exist."""
    line.update(NO_ADDRESS, address_line1="12 Oak Street", city="Beverly Hills", postal_code="90210")
    line["state"] = chance.choice(("NY", "ZZ", "FL"))


def lost_zero(line: Line, _: random.Random) -> None:
    """A spreadsheet ate the ZIP's leading zero."""
    line.update(NO_ADDRESS, address_line1="9 Union Street", city="New Bedford", state="MA", postal_code="2740")


def institution(line: Line, chance: random.Random) -> None:
    """A jail, a court, a hospital."""
    line.update(NO_ADDRESS, address=chance.choice(INSTITUTIONS))


def no_name(line: Line, chance: random.Random) -> None:
    """No real name."""
    given, family = chance.choice((("FNU", "LNU"), ("Unknown", "Unknown"), ("John", ""), ("", "Doe")))
    line.update(NO_NAME, given_name=given, family_name=family)


def bad_period(line: Line, chance: random.Random) -> None:
    """No closed, recent, past period."""
    line["periods"] = chance.choice(("all years", "1996", "", "12/2024", "2024-12-31/2024-01-01"))


def bad_statute(line: Line, chance: random.Random) -> None:
    """A statute the header does not name."""
    line["statute"] = chance.choice(("", "26 U.S.C. 7201", "any"))


def bad_order_date(line: Line, chance: random.Random) -> None:
    """No real order date."""
    line["order_date"] = chance.choice(("1900-01-01", "", "2099-01-01", "31/12/2024"))


def generic_reason(line: Line, chance: random.Random) -> None:
    """A phrase that fits everybody."""
    line["reason"] = chance.choice(GENERIC)


def no_case(line: Line, chance: random.Random) -> None:
    """No case."""
    line["case_id"] = chance.choice(("", "pending", "?"))


def no_officer(line: Line, chance: random.Random) -> None:
    """Nobody on the roster."""
    line["officer"] = chance.choice(("", "OFF-9999", "the whole unit"))


def formula(line: Line, _: random.Random) -> None:
    """A spreadsheet formula where an address belongs."""
    line["address_line1"] = '=HYPERLINK("x","12 Oak Street")'


def hidden_letters(line: Line, chance: random.Random) -> None:
    """Zero-width or look-alike letters in a name."""
    line["family_name"] = line["family_name"][:2] + chance.choice(("\u200b", "\u0430")) + line["family_name"][2:]


def two_addresses(line: Line, _: random.Random) -> None:
    """Two addresses in one cell."""
    line.update(NO_ADDRESS, address="12 Oak St, Dallas TX 75201 or 14 Elm St, Dallas TX 75202")


def identifier_alone(line: Line, _: random.Random) -> None:
    """A number instead of an address."""
    line.update(NO_ADDRESS, address_line1="A012345678")


def for_a_human(line: Line, chance: random.Random) -> None:
    """Lawful perhaps, but a human must look first."""
    address = chance.choice(
        (
            "General Delivery, Dallas TX 75201",
            "Harbor Light Shelter, 16 Pine St, Boston MA 02118",
            "10 Rue Cler, Paris, France",
        )
    )
    line.update(NO_ADDRESS, address=address)


DEFECTS: tuple[Defect, ...] = (
    placeholder, no_delivery_point, wrong_state, lost_zero, institution, no_name, bad_period, bad_statute,
    bad_order_date, generic_reason, no_case, no_officer, formula, hidden_letters, two_addresses, identifier_alone,
    for_a_human,
)  # fmt: skip

FORMAL = frozenset({bad_statute, bad_order_date, generic_reason, no_case, no_officer})  # name and address stay true


def guessing_lines(line: Line) -> list[Line]:
    """The same person asked for at three addresses."""
    guesses = []
    for number in ("12", "14", "16"):
        guess = dict(line)
        guess.update(NO_ADDRESS, address_line1=f"{number} Oak Street", city="Dallas", state="TX", postal_code="75201")
        guesses.append(guess)
    return guesses
