"""`privity register update` on a home: what it prints, what the log says, and that requests are answered from it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from privity.adapters.duckdb_index_files import active_snapshot
from privity.interfaces.cli import main
from privity.ledger.entry import decode_entry
from tests.builders.custodian_home import Desk, fresh


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return fresh(tmp_path)


def changes(desk: Desk, tmp_path: Path) -> Path:
    with desk.stage.extract.open(encoding="utf-8", newline="") as file:
        first, second = (row["person_ref"] for row, _ in zip(csv.DictReader(file), range(2), strict=False))
    path = tmp_path / "changes.csv"
    path.write_text(f"person_ref,change,valid_to\n{first},remove,\nnobody,remove,\n,end,2024-01-01\n{second},leave,\n")
    return path


def activations(desk: Desk) -> list[dict[str, object]]:
    with desk.store.reading() as read:
        entries = [decode_entry(row) for row in read.log_rows(0, 1000)]
    return [dict(entry.fields) for entry in entries if entry.event.value == "REGISTER_ACTIVATED"]


def test_the_command_updates_on_record(desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = changes(desk, tmp_path)
    before = active_snapshot(desk.home / "register")[1]
    recorded = len(activations(desk))
    words = ["register", "update", str(path), "--home", str(desk.home), "--json"]
    assert main(words) == 0
    said = json.loads(capsys.readouterr().out)
    after = active_snapshot(desk.home / "register")[1]
    assert (said["snapshot_id"], said["is_new"], said["persons_changed"]) == (after.snapshot_id, True, 1)
    assert said["rows"] < before.rows
    assert said["refused"] == [
        {"row": 2, "code": "NOT_FOUND"}, {"row": 3, "code": "LINE_MALFORMED"}, {"row": 4, "code": "LINE_MALFORMED"},
    ]  # fmt: skip
    assert [one["snapshot_id"] for one in activations(desk)][recorded:] == [after.snapshot_id]
    assert main(words) == 0
    again = json.loads(capsys.readouterr().out)
    assert (again["is_new"], again["was_made"], again["snapshot_id"]) == (False, True, after.snapshot_id)
    assert len(activations(desk)) == recorded + 1
    assert main(words[:-1]) == 0
    assert "stays as it is" in capsys.readouterr().out


def test_bad_input_ends_in_a_code(desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = ["--home", str(desk.home)]
    assert main(["register", "update", str(tmp_path / "none.csv"), *home]) == 4
    path = tmp_path / "bad.csv"
    path.write_text("person_ref,change,favourite_colour\nx,remove,green\n")
    assert main(["register", "update", str(path), *home]) == 4
    assert "green" not in capsys.readouterr().err
    assert main(["register", "update", str(changes(desk, tmp_path)), *home, "--role", "auditor"]) != 0
    assert "ROLE_FORBIDDEN" in capsys.readouterr().err
