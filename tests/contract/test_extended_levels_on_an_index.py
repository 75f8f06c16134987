"""A wrong ZIP digit and a missing blank, from extract to decision: found by the index, refused where two could be."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from privity.adapters.duckdb_index import DuckDbIndexEngine, open_snapshot
from privity.matching.levels import POLICIES
from privity.services.answering.answer_lines import answer_lines
from privity.services.register.build_register import build_register
from tests.builders.index_keys import throwaway_keys
from tests.builders.register_files import line, row, write_extract

KEYS = throwaway_keys()
NAME = "Johannes Q Zwickelbauer"
STREET = "4711 N Quetzalcoatl St Apt 4"


def level(
    folder: Path, rows: Sequence[dict[str, str]], address: str, name: str = NAME, policy: str = "extended"
) -> str:
    """The level that confirms one line against a register of these rows."""
    extract = write_extract(folder / "extract.csv", rows)
    build_register(extract, folder / "index", KEYS, DuckDbIndexEngine(), processes=1)
    index = open_snapshot(folder / "index")
    found = answer_lines([line(1, name, address)], index, KEYS, POLICIES[policy], frozenset(), processes=1)
    index.close()
    return found[0].level


@pytest.mark.parametrize(
    ("address", "found"),
    [
        (f"{STREET}, Dallas, TX 75201", "exact"),
        (f"{STREET}, Dallas, TX 75203", "zip_digit"),  # another ZIP of Dallas
        (f"{STREET}, Dallas, TX 75210", "zip_digit"),  # two digits swapped
        (f"{STREET}, Dallas, TX 75248", ""),  # two digits wrong
        (f"{STREET}, Garland, TX 75203", ""),  # another city
        ("4711 N Quetzalcoatl St Apt 5, Dallas, TX 75203", ""),
        ("4711 S Quetzalcoatl St Apt 4, Dallas, TX 75203", ""),
        ("4711 Quetzalcoatl St Apt 4, Dallas, TX 75203", ""),
        ("4711 N Quetzalcoatl Ave Apt 4, Dallas, TX 75203", ""),
        ("4711 N Quetzalcoatll St Apt 4, Dallas, TX 75203", ""),  # a typing error in the street too
    ],
)
def test_a_wrong_zip_digit(tmp_path: Path, address: str, found: str) -> None:
    assert level(tmp_path, [row()], address) == found


def test_only_the_policy_extended_asks_for_it(tmp_path: Path) -> None:
    assert level(tmp_path, [row()], f"{STREET}, Dallas, TX 75203", policy="standard") == ""


@pytest.mark.parametrize(
    "other",
    [
        {"postal_code": "75248"},  # the same number and street elsewhere in Dallas, three digits away
        {"postal_code": "75248", "valid_from": "1990-01-01", "valid_to": "1991-12-31"},
        {"postal_code": "75203", "address_line1": "1 N Quetzalcoatl St", "address_line2": ""},  # the typed ZIP has it
        {"postal_code": "75203", "address_line1": "1 S Quetzalcoatl Ave", "address_line2": ""},
    ],
)
def test_another_place_that_could_be_meant_blocks_it(tmp_path: Path, other: dict[str, str]) -> None:
    stranger = row(person_ref="other", given_name="Ann", family_name="Lee", **other)
    assert level(tmp_path, [row(), stranger], f"{STREET}, Dallas, TX 75203") == ""


@pytest.mark.parametrize("street", ["4711 N Quetzal Coatl St Apt 4", "4711 N Quetz Alcoatl St Apt 4"])
def test_a_blank_in_the_street_is_one_edit(tmp_path: Path, street: str) -> None:
    assert level(tmp_path, [row()], f"{street}, Dallas, TX 75201", policy="standard") == "street_typo"
    assert level(tmp_path, [row()], f"{street}, Dallas, TX 75203") == ""
