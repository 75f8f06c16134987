"""Places: states, ZIPs and city names, and that the shipped tables are those their generators write."""

from __future__ import annotations

import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

from privity.normalise import places

ROOT = Path(__file__).resolve().parents[3]


def test_states_hold_territories_and_military_post() -> None:
    assert len(places.states()) == 62
    assert {"DC", "PR", "GU", "VI", "AS", "MP", "AA", "AE", "AP"} <= places.states()
    assert places.state_code("new  york") == "NY"
    assert places.state_code("D.C.") == "DC"
    assert places.state_code("ZZ") == ""


@pytest.mark.parametrize(
    ("zip5", "state", "agrees"),
    [
        ("90210", "CA", True),
        ("90210", "NY", False),
        ("02740", "MA", True),
        ("06390", "NY", True),
        ("00926", "PR", True),
        ("09096", "AE", True),
        ("96910", "GU", True),
        ("00000", "MA", False),
        ("90210", "ZZ", False),
    ],
)
def test_zip_prefix(zip5: str, state: str, agrees: bool) -> None:
    assert places.zip_prefix_agrees(zip5, state) is agrees


def test_aliases_and_spellings_of_cities() -> None:
    assert "55101" in places.zips_of("Saint Paul", "MN")
    assert places.zips_of("St. Paul", "MN") == places.zips_of("SAINT PAUL", "MN")
    assert places.zips_of("Manhattan", "NY") <= places.zips_of("New York", "NY")
    assert places.zips_of("Adair", "IA") == {"50002"}
    assert places.zips_of("Nowhere", "IA") == frozenset()
    assert places.city_key("Ft. Lauderdale") == places.city_key("FORT LAUDERDALE")
    assert places.city_key("Hollywood") in places.cities_of("90028")
    assert places.state_of("90210") == "CA"
    assert places.cities_of("00000") == frozenset()


def test_every_zip_agrees_with_its_own_state() -> None:
    lines = files("privity.normalise").joinpath("data/places.txt").read_text(encoding="ascii").splitlines()
    assert len(lines) > 42_000
    assert all(places.zip_prefix_agrees(line[:5], line[6:8]) for line in lines)
    assert all(line[6:8] in places.states() for line in lines)


def test_the_shipped_table_is_what_its_generator_writes() -> None:
    code = "import sys; sys.path.insert(0, 'tools'); import make_places; sys.stdout.write(make_places.table())"
    written = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True).stdout.decode()
    assert written == files("privity.normalise").joinpath("data/places.txt").read_text(encoding="ascii")
