"""Building the blind index: refused rows, swap, resumption after kill -9, and nothing readable in any file (C3)."""

from __future__ import annotations

import csv
import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from privity.adapters import duckdb_index
from privity.adapters.duckdb_index import DuckDbIndexEngine, open_snapshot
from privity.adapters.duckdb_index_build import connect
from privity.adapters.duckdb_index_files import POINTER, active_snapshot
from privity.domain.errors import ErrorCode, PrivityError
from privity.matching.levels import POLICIES
from privity.ports.register_index import SnapshotInfo
from privity.services.answering.answer_lines import answer_lines
from privity.services.register.build_register import build_register
from tests.builders.index_keys import throwaway_keys
from tests.builders.register_files import JOHN, line, row, write_extract

KEYS = throwaway_keys()
ROOT = Path(__file__).resolve().parents[2]
HOME = "4711 N Quetzalcoatl St Apt 4, Dallas, TX 75201"


def build(extract: Path, folder: Path, **options: int) -> SnapshotInfo:
    return build_register(extract, folder, KEYS, DuckDbIndexEngine(), processes=1, **options)


def confirmed(folder: Path) -> bool:
    index = open_snapshot(folder)
    found = answer_lines(
        [line(1, "Johannes Zwickelbauer", HOME)], index, KEYS, POLICIES["standard"], frozenset(), processes=1
    )
    index.close()
    return bool(found[0].level)


def refused_of(folder: Path) -> list[tuple[str, str]]:
    place, _ = active_snapshot(folder)
    with (place / "refused.csv").open(encoding="utf-8") as file:
        return [(one["row"], one["code"]) for one in csv.DictReader(file)]


def test_rows_that_cannot_be_used_are_listed_by_number_and_code(tmp_path: Path) -> None:
    rows = [
        row(),
        row(person_ref=""),
        row(given_name="", family_name=""),
        row(given_name="FNU", family_name="LNU"),
        row(given_name="Unknown", family_name="Unknown"),
        row(address_line1="Main Street", address_line2=""),
        row(address_line1="123 Unknown Street", address_line2=""),
        row(address_line1="Failed to Provide", address_line2=""),
        row(postal_code="", city="Springfield", state="IL"),
        row(valid_from="01/02/2020"),
        row(valid_from="2024-01-01", valid_to="2023-01-01"),
        row(birth_date="yesterday"),
        row(family_name="Z" * 300),
        row(person_ref="last"),
    ]
    info = build(write_extract(tmp_path / "extract.csv", rows), tmp_path / "register")
    assert info.rows == 2
    refused = refused_of(tmp_path / "register")
    assert [int(number) for number, _ in refused] == list(range(2, 14))
    assert info.refused_rows == 12
    assert {code for _, code in refused} <= {code.value for code in ErrorCode}
    assert dict(refused)["5"] == "NAME_INVALID"


def test_an_extract_without_a_usable_row_leaves_the_active_snapshot(tmp_path: Path) -> None:
    folder = tmp_path / "register"
    before = build(write_extract(tmp_path / "good.csv", [row()]), folder)
    with pytest.raises(PrivityError) as problem:
        build(write_extract(tmp_path / "bad.csv", [row(postal_code="00000")]), folder)
    assert problem.value.code is ErrorCode.REGISTER_INVALID
    assert open_snapshot(folder).info == before
    with pytest.raises(PrivityError) as problem:
        build(write_extract(tmp_path / "empty.csv", []), folder)
    assert problem.value.code is ErrorCode.REGISTER_INVALID


def test_a_swap_does_not_disturb_a_reader_of_the_old_snapshot(tmp_path: Path) -> None:
    folder = tmp_path / "register"
    build(write_extract(tmp_path / "one.csv", [row()]), folder)
    old = open_snapshot(folder)
    new = build(write_extract(tmp_path / "two.csv", [row(given_name="Maximilian")]), folder)
    asked = [line(1, "Johannes Zwickelbauer", HOME)]
    assert answer_lines(asked, old, KEYS, POLICIES["exact"], frozenset(), processes=1)[0].level == "exact"
    assert open_snapshot(folder).info == new
    assert not confirmed(folder)


def test_no_snapshot_and_other_rules_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "register"
    with pytest.raises(PrivityError) as problem:
        open_snapshot(folder)
    assert problem.value.code is ErrorCode.REGISTER_MISSING
    build(write_extract(tmp_path / "one.csv", [row()]), folder)
    monkeypatch.setattr(duckdb_index, "RULE_SET_VERSION", "another")
    with pytest.raises(PrivityError) as problem:
        open_snapshot(folder)
    assert problem.value.code is ErrorCode.RULE_SET_CHANGED


def test_nothing_readable_lies_in_any_file_of_the_index(tmp_path: Path) -> None:
    """C3: no known value, in any casing, and no unkeyed digest of one; building files included."""
    folder = tmp_path / "register"
    rows = [row(), row(person_ref="marker-ref-2", given_name=""), row(person_ref="marker-ref-3")]
    extract = write_extract(tmp_path / "extract.csv", rows)

    class Stopping(DuckDbIndexEngine):
        def finish(self, folder, job, chunks, built_at):  # type: ignore[no-untyped-def]
            raise KeyboardInterrupt

    build(extract, folder)
    with pytest.raises(KeyboardInterrupt):
        build_register(extract, folder, KEYS, Stopping(), processes=1)
    assert list(folder.glob("building/chunks/*.parquet"))
    markers = [value for key, value in JOHN.items() if len(value) > 4 and key not in ("valid_from", "valid_to")]
    markers += ["QUETZALCOATL", "ZWICKELBAUER", "JOHANNES", "987654321", "4711"]
    hashes = [hashlib.sha256(text.encode()).digest()[:8] for text in markers]
    content = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    names = " ".join(str(path.relative_to(folder)) for path in folder.rglob("*"))
    assert len(content) > 1000
    for marker in markers:
        for form in (marker, marker.upper(), marker.lower()):
            assert form.encode() not in content
            assert form not in names
    assert not [digest for digest in hashes if digest in content or digest[::-1] in content]


def test_another_key_finds_nothing(tmp_path: Path) -> None:
    """A dictionary attack without the key: every right question, digested under other keys, meets no row."""
    folder = tmp_path / "register"
    build(write_extract(tmp_path / "extract.csv", [row()]), folder)
    thief = throwaway_keys(b"another secret")
    found = answer_lines(
        [line(1, "Johannes Zwickelbauer", HOME)],
        open_snapshot(folder),
        thief,
        POLICIES["standard"],
        frozenset(),
        processes=1,
    )
    assert (found[0].level, found[0].candidates) == ("", 0)


_BUILD = """
import sys
from pathlib import Path
from privity.adapters.duckdb_index import DuckDbIndexEngine
from privity.services.register.build_register import build_register
from tests.builders.index_keys import throwaway_keys
if __name__ == "__main__":
    build_register(Path(sys.argv[1]), Path(sys.argv[2]), throwaway_keys(), DuckDbIndexEngine(),
                   processes=int(sys.argv[3]), chunk_rows=200)
"""


@pytest.mark.parametrize("processes", [1, 2])
def test_a_build_killed_at_any_point_resumes_and_ends_the_same(tmp_path: Path, processes: int) -> None:
    rows = [row(person_ref=f"p{number}", address_line1=f"{number} Maple St") for number in range(1, 12_001)]
    rows.append(row())
    extract = write_extract(tmp_path / "extract.csv", rows)
    script = tmp_path / "build.py"
    script.write_text(_BUILD)
    folder = tmp_path / "register"
    chunks = folder / "building" / "chunks"
    for enough in (3, 12):
        process = subprocess.Popen(
            [sys.executable, str(script), str(extract), str(folder), str(processes)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        while process.poll() is None and len(list(chunks.glob("*.json"))) < enough:
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert not (folder / POINTER).exists(), "killed before the swap"
    time.sleep(0.3)  # workers notice that their parent has gone
    finished = {path.name: path.stat().st_mtime_ns for path in chunks.glob("*.json")}
    assert len(finished) >= 12
    info = build(extract, folder, chunk_rows=200)
    assert (info.rows, info.refused_rows, info.points) == (12_001, 0, 12_001)
    assert confirmed(folder)
    assert not (folder / "building").exists()


def test_a_resumed_build_keeps_whole_chunks_and_another_extract_does_not(tmp_path: Path) -> None:
    engine = DuckDbIndexEngine()
    folder = tmp_path / "register"
    extract = write_extract(tmp_path / "one.csv", [row(person_ref=f"p{number}") for number in range(10)])
    made: list[int] = []

    class Breaking(DuckDbIndexEngine):
        def write_chunk(self, folder, number, chunk) -> None:  # type: ignore[no-untyped-def]
            if number == 3:
                raise KeyboardInterrupt
            super().write_chunk(folder, number, chunk)

    class Counting(DuckDbIndexEngine):
        def write_chunk(self, folder, number, chunk) -> None:  # type: ignore[no-untyped-def]
            made.append(number)
            super().write_chunk(folder, number, chunk)

    with pytest.raises(KeyboardInterrupt):
        build_register(extract, folder, KEYS, Breaking(), processes=1, chunk_rows=2)
    other = write_extract(tmp_path / "other.csv", [row(), row()])
    build_register(extract, folder, KEYS, Counting(), processes=1, chunk_rows=2)
    assert made == [3, 4]
    with pytest.raises(KeyboardInterrupt):
        build_register(extract, folder, KEYS, Breaking(), processes=1, chunk_rows=2)
    made.clear()
    build_register(other, folder, KEYS, Counting(), processes=1, chunk_rows=2)
    assert made == [0]
    assert engine.open(folder).info.rows == 1  # two equal rows of one person are one


def test_a_folder_that_cannot_be_written_is_a_clear_error(tmp_path: Path) -> None:
    blocked = tmp_path / "register"
    blocked.write_text("a file stands where the folder belongs")
    with pytest.raises(PrivityError) as problem:
        build(write_extract(tmp_path / "one.csv", [row()]), blocked)
    assert problem.value.code is ErrorCode.STORAGE_FAILED
    assert str(tmp_path) not in str(problem.value)


def test_the_engine_is_locked_down(tmp_path: Path) -> None:
    """Only the snapshot's folder; no other file, no extension, no way to open the lock again."""
    import duckdb

    (tmp_path / "inside").mkdir()
    (tmp_path / "other.csv").write_text("a\n1\n")
    connection = connect(tmp_path / "inside", [tmp_path / "inside"], threads=1)
    for forbidden in (
        f"SELECT * FROM read_csv('{tmp_path / 'other.csv'}')",
        f"SELECT * FROM read_csv('{tmp_path / 'inside' / '..' / 'other.csv'}')",
        f"COPY (SELECT 1) TO '{tmp_path / 'out.csv'}'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "SET memory_limit = '100GB'",
        f"ATTACH '{tmp_path / 'other.db'}'",
    ):
        with pytest.raises(duckdb.Error):
            connection.execute(forbidden).fetchall()
    connection.close()
