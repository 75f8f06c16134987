"""An update of the index is a build of the changed extract: the same tables up to nonces, the same decisions."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from privity.adapters.duckdb_index import DuckDbIndexEngine, open_snapshot
from privity.adapters.duckdb_index_files import TABLES, active_snapshot
from privity.adapters.duckdb_index_update import DuckDbUpdatingEngine
from privity.matching.levels import POLICIES
from privity.matching.person_record import decode_person
from privity.services.answering.answer_lines import answer_lines
from privity.services.register.build_register import build_register
from privity.services.register.update_register import RegisterUpdated, update_register
from tests.builders.index_keys import throwaway_keys
from tests.builders.register_files import HEADER, line, write_extract

KEYS = throwaway_keys()
NOW = datetime(2026, 11, 23, tzinfo=UTC)
GIVEN, FAMILY = ("Anna", "Bruno", "Carla", "Dora"), ("Zwickel", "Smith Jones", "O'Hara", "Winterbourne")
STREETS = ("Maple St", "Mable St", "N Sycamore Ave", "Oak Ct", "Sycamore Ave")
STAYS = {"address_line1": "9 Elm St", "address_line2": "", "valid_from": "", "valid_to": ""}
Row = dict[str, str]


def update(folder: Path, changes: Path) -> RegisterUpdated:
    return update_register(changes, folder, KEYS, DuckDbUpdatingEngine(), built_at=NOW)


def random_row(chance: random.Random, person: str) -> Row:
    start = chance.choice(("", "2019-01-01", "2022-06-01"))
    end = chance.choice(("", "", "2023-12-31", "2018-12-31"))  # the last ends before it begins: refused
    place = {"city": "Dallas", "state": "TX", "postal_code": "75201"}
    box = chance.random() < 0.1
    street = f"PO Box {chance.randint(1, 2)}" if box else f"{chance.randint(1, 3)} {chance.choice(STREETS)}"
    return {
        "person_ref": person, "given_name": chance.choice(GIVEN), "family_name": chance.choice(FAMILY),
        "address_line1": chance.choice((street, street, street, "Unknown")),
        "address_line2": chance.choice(("", "", "Apt 2")), "valid_from": start, "valid_to": end,
        "identifier": chance.choice(("", "123-45-6789")), **place,
    }  # fmt: skip


def random_change(chance: random.Random) -> Row:
    person = f"p{chance.randint(0, 14)}"
    kind = chance.choice(("add", "change", "change", "end", "remove"))
    row = random_row(chance, person) if kind in ("add", "change") else {"person_ref": person}
    if kind == "end":
        row["valid_to"] = chance.choice(("2024-06-30", "2020-01-01", "", "31/12/2024"))
    return {**row, "change": kind}


def is_usable(row: Row) -> bool:
    backwards = row["valid_from"] and row["valid_to"] and row["valid_to"] < row["valid_from"]
    return row["address_line1"] != "Unknown" and not backwards


def changed_extract(rows: list[Row], changes: list[Row]) -> list[Row]:
    """The extract as its keeper would change it: written anew here, and plainly, to hold the update against."""
    last: dict[str, str] = {}
    for change in changes:
        person, kind = change["person_ref"], change["change"]
        mine = [row for row in rows if row["person_ref"] == person]
        known = any(map(is_usable, mine)) or last.get(person) == "change"
        replacing = last.get(person) == "change"
        if kind != "add" and not known:
            continue
        row = {key: value for key, value in change.items() if key != "change"}
        if kind == "add":
            if is_usable(row):
                rows = [*rows, row]
                last[person] = kind
            continue
        if (kind == "end" and len(row["valid_to"]) != 10) or "/" in row.get("valid_to", ""):
            continue
        last[person] = kind
        if kind == "end":
            open_ones = [one for one in mine if is_usable(one) and not one["valid_to"]]
            if open_ones and max(one["valid_from"] for one in open_ones) <= row["valid_to"]:
                ended = {id(one) for one in open_ones}
                rows = [{**one, "valid_to": row["valid_to"]} if id(one) in ended else one for one in rows]
            continue
        if kind == "remove" or not replacing:
            rows = [one for one in rows if one["person_ref"] != person]
        if kind == "change":
            rows = [*rows, row]
    return rows


def content(folder: Path) -> dict[str, object]:
    """What the tables hold, nonces and the division of periods into records aside."""
    place, info = active_snapshot(folder)
    tables = {name: pq.read_table(place / f"{name}.parquet").to_pydict() for name in TABLES}
    persons = set()
    for point, sealed in zip(tables["points"]["point"], tables["points"]["sealed"], strict=True):
        one = decode_person(KEYS.open_person(point, sealed))
        fields = (point, one.reference, one.given, one.middle, one.family, one.generation, one.face)
        persons |= {(*fields, one.identifier, one.birth_day, span) for span in one.spans}
    found: dict[str, object] = {
        "persons": persons,
        "distinct points": info.points,
        "rows": len(tables["points"]["point"]),
    }
    for name in ("near", "streets", "records", "places"):
        rows = list(zip(*tables[name].values(), strict=True))
        assert len(rows) == len(set(rows)), f"{name} has a row twice"
        found[name] = set(rows)
    for name, columns in tables.items():
        keys = next(iter(columns.values()))
        assert keys == sorted(keys), f"{name} is not sorted"
    return found


def decisions(folder: Path) -> list[tuple[str, int]]:
    index = open_snapshot(folder)
    asked = [line(1, "Anna Zwickel", "9 Elm St, Dallas, TX 75201", 2023)]
    for number, street in [(n, s) for n in (1, 2) for s in (*STREETS, "Mapel St", "Sycamor Ave", "Maple Street Apt 2")]:
        for given in GIVEN:
            for family in ("Zwickel", "Winterbourn", "Jones"):
                asked.append(line(len(asked) + 1, f"{given} {family}", f"{number} {street}, Dallas, TX 75201", 2023))
    found = answer_lines(asked, index, KEYS, POLICIES["standard"], frozenset(), processes=1)
    index.close()
    assert len({one.level for one in found}) > 1, "nobody is confirmed, or everybody"
    return [(one.level, one.candidates) for one in found]


@pytest.mark.parametrize("seed", range(12))
def test_an_update_is_a_build_of_the_changed_extract(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    rows = [random_row(chance, f"p{chance.randint(0, 11)}") for _ in range(chance.randint(12, 40))]
    rows.append({**random_row(chance, "stays"), "given_name": "Anna", "family_name": "Zwickel", **STAYS})
    folder = tmp_path / "updated"
    build_register(
        write_extract(tmp_path / "rows.csv", rows), folder, KEYS, DuckDbIndexEngine(), processes=1, chunk_rows=7
    )
    for turn in range(2):
        changes = [random_change(chance) for _ in range(chance.randint(1, 25))]
        path = write_extract(tmp_path / f"changes-{turn}.csv", changes, (*HEADER, "change"))
        before = active_snapshot(folder)[1]
        done = update(folder, path)
        assert done.is_new == (active_snapshot(folder)[1].snapshot_id != before.snapshot_id)
        rows = changed_extract(rows, changes)
        whole = tmp_path / f"built-{turn}"
        build_register(
            write_extract(tmp_path / f"whole-{turn}.csv", rows), whole, KEYS, DuckDbIndexEngine(), processes=1
        )
        assert content(folder) | {"rows": 0} == content(whole) | {"rows": 0}
        assert decisions(folder) == decisions(whole)
