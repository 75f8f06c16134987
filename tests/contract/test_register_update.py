"""Updating the blind index: refused rows, other rules and keys, kill -9, what is copied, and no readable value (C3)."""

from __future__ import annotations

import csv
import hashlib
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from privity.adapters.duckdb_index import DuckDbIndexEngine, open_snapshot
from privity.adapters.duckdb_index_files import POINTER, UPDATING, active_snapshot
from privity.adapters.duckdb_index_update import DuckDbUpdatingEngine
from privity.domain.errors import ErrorCode, PrivityError
from privity.matching.levels import POLICIES
from privity.services.answering.answer_lines import answer_lines
from privity.services.register import update_register as service
from privity.services.register.build_register import build_register
from privity.services.register.update_register import RegisterUpdated, update_register
from tests.builders.index_keys import throwaway_keys
from tests.builders.register_files import HEADER, JOHN, line, row, write_extract

KEYS = throwaway_keys()
ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 23, tzinfo=UTC)
HOME = "4711 N Quetzalcoatl St Apt 4, Dallas, TX 75201"
COLUMNS = (*HEADER, "change")
ANNA = {
    "person_ref": "anna",
    "given_name": "Anna",
    "middle_name": "",
    "address_line1": "12 Elm St",
    "address_line2": "",
}


def built(tmp_path: Path, *rows: dict[str, str]) -> Path:
    folder = tmp_path / "register"
    build_register(
        write_extract(tmp_path / "extract.csv", rows or [row(), row(**ANNA)]), folder, KEYS, DuckDbIndexEngine()
    )
    return folder


def updated(folder: Path, *changes: dict[str, str], columns: tuple[str, ...] = COLUMNS) -> RegisterUpdated:
    path = write_extract(folder.parent / "changes.csv", changes, columns)
    return update_register(path, folder, KEYS, DuckDbUpdatingEngine(), built_at=NOW)


def confirmed(folder: Path, name: str, address: str, year: int = 2024) -> bool:
    index = open_snapshot(folder)
    found = answer_lines([line(1, name, address, year)], index, KEYS, POLICIES["exact"], frozenset(), processes=1)
    index.close()
    return bool(found[0].level)


def test_each_change_does_what_it_says(tmp_path: Path) -> None:
    folder = built(tmp_path)
    first = active_snapshot(folder)[1]
    elm, oak = "12 Elm St, Dallas, TX 75201", "7 Oak St, Dallas, TX 75201"
    done = updated(
        folder,
        row(person_ref="bob", given_name="Bob", address_line1="7 Oak St", address_line2="", valid_to="", change="add"),
        row(**{**ANNA, "address_line1": "7 Oak St"}, change="change"),
        {"person_ref": "marker-ref-1", "change": "remove"},
    )
    assert (done.is_new, done.persons, done.refused) == (True, 3, ())
    assert done.info == active_snapshot(folder)[1]
    assert done.info.snapshot_id != first.snapshot_id
    assert (done.info.rows, done.info.points) == (2, 1)
    assert confirmed(folder, "Bob Zwickelbauer", oak)
    assert confirmed(folder, "Anna Zwickelbauer", oak)
    assert not confirmed(folder, "Anna Zwickelbauer", elm)
    assert not confirmed(folder, "Johannes Zwickelbauer", HOME)
    updated(folder, {"person_ref": "bob", "valid_to": "2023-06-30", "change": "end"})
    assert not confirmed(folder, "Bob Zwickelbauer", oak, 2024)
    assert confirmed(folder, "Bob Zwickelbauer", oak, 2023)


def test_a_parquet_file_of_ends_and_removes_needs_two_columns(tmp_path: Path) -> None:
    folder = built(tmp_path)
    path = tmp_path / "changes.parquet"
    pq.write_table(pa.table({"person_ref": ["anna"], "change": ["remove"]}), path)
    assert update_register(path, folder, KEYS, DuckDbUpdatingEngine(), built_at=NOW).info.rows == 1
    with pytest.raises(PrivityError) as problem:
        updated(folder, {"person_ref": "anna"}, columns=("person_ref",))
    assert problem.value.code is ErrorCode.REGISTER_INVALID


def test_rows_that_cannot_be_used_are_listed_and_the_others_done(tmp_path: Path) -> None:
    folder = built(tmp_path)
    done = updated(
        folder,
        {"person_ref": "nobody", "change": "remove"},
        {"person_ref": "nobody", "valid_to": "2024-01-01", "change": "end"},
        row(person_ref="nobody", change="change"),
        row(person_ref="new", address_line1="Unknown", address_line2="", change="add"),
        {"person_ref": "anna", "valid_to": "2024-01-01", "change": "end"},  # no open period
        {"person_ref": "anna", "change": "end"},
        {"person_ref": "anna", "change": "forget"},
        {"person_ref": "", "change": "remove"},
        row(person_ref="new", given_name="FNU", family_name="LNU", change="add"),
        {"person_ref": "anna", "change": "remove"},
    )
    refused = dict(done.refused)
    assert list(refused) == list(range(1, 10))
    assert [refused[number] for number in (1, 2, 3)] == ["NOT_FOUND"] * 3
    assert [refused[number] for number in (5, 6, 7, 8)] == ["PERIOD_INVALID"] * 2 + ["LINE_MALFORMED"] * 2
    assert (done.info.rows, done.info.refused_rows) == (1, 9)
    place, _ = active_snapshot(folder)
    with (place / "refused.csv").open(encoding="utf-8") as file:
        assert [(int(one["row"]), one["code"]) for one in csv.DictReader(file)] == list(done.refused)


def test_a_refused_change_leaves_nothing_of_what_stood_before(tmp_path: Path) -> None:
    """What the custodian says is no longer so must not confirm, whatever stands in its place."""
    folder = built(tmp_path)
    done = updated(folder, row(person_ref="marker-ref-1", address_line1="Unknown", address_line2="", change="change"))
    assert len(done.refused) == 1
    assert not confirmed(folder, "Johannes Zwickelbauer", HOME)


def test_changes_without_effect_leave_the_active_snapshot(tmp_path: Path) -> None:
    folder = built(tmp_path)
    before = active_snapshot(folder)
    done = updated(folder, {"person_ref": "nobody", "change": "remove"}, row(change="change"))
    assert (done.is_new, done.info, done.refused) == (False, before[1], ((1, "NOT_FOUND"),))
    assert active_snapshot(folder) == before
    with pytest.raises(PrivityError) as problem:
        updated(folder, {"person_ref": "anna", "change": "remove"}, {"person_ref": "marker-ref-1", "change": "remove"})
    assert problem.value.code is ErrorCode.REGISTER_INVALID
    assert active_snapshot(folder) == before
    assert not (folder / UPDATING).exists()


def test_the_same_file_again_is_found_made(tmp_path: Path) -> None:
    folder = built(tmp_path)
    change = {"person_ref": "anna", "change": "remove"}
    first = updated(folder, change)
    again = updated(folder, change)
    assert (again.is_new, again.was_made, again.info) == (False, True, first.info)


def test_other_rules_another_key_and_no_snapshot_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(PrivityError) as problem:
        updated(tmp_path / "register", {"person_ref": "anna", "change": "remove"})
    assert problem.value.code is ErrorCode.REGISTER_MISSING
    folder = built(tmp_path)
    before = active_snapshot(folder)
    path = write_extract(tmp_path / "changes.csv", [{"person_ref": "anna", "change": "remove"}], COLUMNS)
    with pytest.raises(PrivityError) as problem:
        update_register(path, folder, throwaway_keys(b"another"), DuckDbUpdatingEngine(), built_at=NOW)
    assert problem.value.code is ErrorCode.KEY_INVALID
    monkeypatch.setattr(service, "RULE_SET_VERSION", "another")
    with pytest.raises(PrivityError) as problem:
        update_register(path, folder, KEYS, DuckDbUpdatingEngine(), built_at=NOW)
    assert problem.value.code is ErrorCode.RULE_SET_CHANGED
    assert active_snapshot(folder) == before


def test_rows_of_others_are_copied_as_they_lie(tmp_path: Path) -> None:
    """Byte for byte: nothing of them is opened, and nothing is sealed anew."""
    rows = [row(person_ref=f"p{number}", address_line1=f"{number} Maple St") for number in range(1, 3001)]
    folder = built(tmp_path, *rows)
    before = sealed_rows(folder)
    done = updated(folder, *({"person_ref": f"p{number}", "change": "remove"} for number in range(1, 3001, 3)))
    assert done.persons == 1000
    after = sealed_rows(folder)
    assert after < before
    assert len(after) == 2000


def sealed_rows(folder: Path) -> set[tuple[int, bytes]]:
    table = pq.read_table(active_snapshot(folder)[0] / "points.parquet").to_pydict()
    return set(zip(table["point"], table["sealed"], strict=True))


def test_a_thief_cannot_guess_the_file_of_changes(tmp_path: Path) -> None:
    """A file of one removal is guessed in seconds from its SHA-256: a reference may have nine digits."""
    folder = built(tmp_path, row(), row(**ANNA))
    updated(folder, {"change": "remove", "person_ref": JOHN["person_ref"]})
    content = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    for file in ("extract.csv", "changes.csv"):
        digest = hashlib.sha256((tmp_path / file).read_bytes())
        assert digest.hexdigest().encode() not in content
        assert digest.digest() not in content


def test_nothing_readable_and_no_link_between_two_points_of_a_person(tmp_path: Path) -> None:
    other = row(address_line1="8 Oak St", address_line2="")
    folder = built(tmp_path, row(), row(**ANNA))
    updated(folder, {**other, "change": "add"})
    place, _ = active_snapshot(folder)
    content = b"".join(path.read_bytes() for path in place.iterdir())
    for marker in [value for value in JOHN.values() if len(value) > 4] + ["QUETZALCOATL", "anna"]:
        assert marker.encode() not in content
        assert marker.upper().encode() not in content
    points = pq.read_table(place / "points.parquet")["point"].to_pylist()
    records = pq.read_table(place / "records.parquet").to_pydict()
    assert len(set(records["person"])) == 2  # what a thief sees: two persons, one of them at two points
    assert len(records["person"]) == len(points) == 3
    blocks = b"".join(records["sealed"])
    assert len(set(records["sealed"])) == 3
    for point in points:
        assert point.to_bytes(8, "little", signed=True) not in blocks
        assert point.to_bytes(8, "big", signed=True) not in blocks
        assert point not in records["person"]


_UPDATE = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from privity.adapters import duckdb_index_files as files, duckdb_index_update as adapter
from privity.services.register.update_register import update_register
from tests.builders.index_keys import throwaway_keys

def die_at(module, name, call, after=False):
    real, calls = getattr(module, name), 0
    def dying(*given, **more):
        nonlocal calls
        calls += 1
        if calls == call and not after:
            os.kill(os.getpid(), signal.SIGKILL)
        done = real(*given, **more)
        if calls == call:
            os.kill(os.getpid(), signal.SIGKILL)
        return done
    setattr(module, name, dying)

changes, folder, module, name, call, after = sys.argv[1:]
die_at({"files": files, "adapter": adapter}[module], name, int(call), after == "after")
update_register(Path(changes), Path(folder), throwaway_keys(), adapter.DuckDbUpdatingEngine(),
                built_at=datetime(2026, 11, 23, tzinfo=UTC))
"""
_MOMENTS = (
    ("adapter", "write_in_place", "3", "before"),  # two of five tables are written
    ("adapter", "write_durably", "1", "before"),  # all tables, no list of refused rows
    ("files", "sync_file", "3", "before"),  # the record is written, not everything is durable
    ("files", "write_durably", "2", "before"),  # the snapshot stands in its place, the pointer still names the old one
    ("files", "write_durably", "2", "after"),  # the pointer names the new one
)


def test_an_update_killed_at_any_point_is_undone_or_done(tmp_path: Path) -> None:
    """kill -9: the active snapshot is the old one or the new one, whole; run again, the new one."""
    rows = [row(person_ref=f"p{number}", address_line1=f"{number} Maple St") for number in range(1, 601)]
    folder = built(tmp_path, *rows, row())
    changes = [{"person_ref": f"p{number}", "change": "remove"} for number in range(1, 501)]
    path = write_extract(tmp_path / "changes.csv", changes, COLUMNS)
    for moment in _MOMENTS:
        process = subprocess.run(
            [sys.executable, "-c", _UPDATE, str(path), str(folder), *moment],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            check=False,
        )
        assert process.returncode == -signal.SIGKILL, moment
        done = moment[3] == "after"
        assert active_snapshot(folder)[1].rows == (101 if done else 601), moment
        assert confirmed(folder, "Johannes Zwickelbauer", HOME)
    again = update_register(path, folder, KEYS, DuckDbUpdatingEngine(), built_at=NOW)
    assert (again.info.rows, again.was_made) == (101, True)
    last = updated(folder, {"person_ref": "p600", "change": "remove"})
    assert last.info.rows == 100
    assert not (folder / UPDATING).exists()
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        [POINTER, *(f"snapshot-{info.snapshot_id}" for info in (again.info, last.info))]
    )


def test_an_update_goes_on_where_a_killed_one_left_its_files(tmp_path: Path) -> None:
    folder = built(tmp_path)
    (folder / UPDATING).mkdir()
    (folder / UPDATING / "points.parquet").write_bytes(b"half a table")
    assert updated(folder, {"person_ref": "anna", "change": "remove"}).info.rows == 1
