"""`privity agreement schema | diff | activate | suspend | end | inventory` as commands: words, exit codes, JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.builders.custodian_home import Desk, fresh
from tests.builders.finished_demo import Ended, privity

ID = "tax-enforcement-2025"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return fresh(tmp_path_factory.mktemp("commands"))


def run(desk: Desk, *words: str | Path) -> Ended:
    return privity("agreement", *words, "--home", desk.home, "--json")


def test_the_schema_needs_no_home(tmp_path: Path) -> None:
    shown = privity("agreement", "schema")
    assert json.loads(shown.out)["$id"] == "urn:privity:agreement:1"
    out = tmp_path / "schema.json"
    assert privity("agreement", "schema", "--out", out).code == 0
    assert json.loads(out.read_text(encoding="utf-8")) == json.loads(shown.out)
    assert privity("agreement", "schema", "--out", out, "--json").error == "USAGE"


def test_diff_of_files_needs_no_home_and_of_recorded_versions_one(desk: Desk, tmp_path: Path) -> None:
    new = tmp_path / "new.yaml"
    new.write_bytes(desk.stage.agreement.read_bytes().replace(b"over_percent: 5", b"over_percent: 50"))
    files = privity("agreement", "diff", desk.stage.agreement, new, "--json")
    assert (files.code, files.data["allows"]) == (0, 1)
    recorded = run(desk, "diff", f"{ID}@1", new)
    assert recorded.data["changes"] == files.data["changes"]
    assert "50 instead of 5" in privity("agreement", "diff", desk.stage.agreement, new).out
    assert run(desk, "diff", f"{ID}@9", new).error == "NOT_FOUND"
    assert privity("agreement", "diff", new, tmp_path / "none.yaml", "--json").error == "NOT_FOUND"


def test_suspend_activate_end_and_inventory(desk: Desk) -> None:
    assert run(desk, "inventory").code == 0
    suspended = run(desk, "suspend", ID, "--reason", "court_order", "--docket", "25-1", "--role", "disclosure_officer")
    assert (suspended.code, suspended.data["decision"]) == (0, "suspended")
    assert run(desk, "suspend", ID, "--reason", "court_order").error == "STATE_CONFLICT"
    assert run(desk, "suspend", ID, "--reason", "whim").code == 2
    again = run(desk, "activate", ID, "--version", "1", "--role", "disclosure_officer")
    assert (again.code, again.error) == (6, "ROLE_FORBIDDEN")
    resumed = run(desk, "activate", ID, "--version", "1")
    assert resumed.data["reason_code"] == "resumed"
    drifting = run(desk, "inventory", "--documents", desk.home.parent)
    assert (drifting.code, drifting.data["attention"]) == (1, True)
    assert run(desk, "inventory", "--documents", desk.home / "nothing").error == "NOT_FOUND"
    ended = run(desk, "end", ID, "--reason", "by_agreement")
    assert (ended.code, ended.data["decision"]) == (0, "ended")
    assert run(desk, "activate", ID, "--version", "1").error == "STATE_CONFLICT"
    assert run(desk, "inventory").data["agreements"][0]["standing"] == "ended"
