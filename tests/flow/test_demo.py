"""The demonstration runs the whole walk with the real commands, and fails where numbers disagree."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from demo.commands import Commands, DemoError
from demo.people import populate
from demo.prepare import FEWEST_OFFICERS
from demo.walk import Walk, need_consistency
from tests.builders.finished_demo import LINES, ROOT, FinishedDemo, finished_demo, now, privity


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> FinishedDemo:
    return finished_demo(tmp_path_factory)


def test_every_step_of_the_walk_is_shown_as_a_command(demo: FinishedDemo) -> None:
    shown = [" ".join(line.split()[2:4]) for line in demo.out.splitlines() if line.startswith("$ privity ")]
    for step in (
        *("init --origin", "agreement add", "office add", "register build", "request lint", "request pack"),
        *("request receive", "request match", "review show", "release deliver", "response open", "verify evidence"),
    ):
        assert step in shown
    assert shown.count("release approve") == 4, "two officers for each of two requests"


def test_the_table_tells_lines_answers_accounting_and_verdict(demo: FinishedDemo) -> None:
    rows = {
        match[1].strip(): [match[2], match[3]]
        for match in re.finditer(r"^  ?([\w ,]+?)  +(\S+)(?: +(\S+))?\s*$", demo.out, flags=re.MULTILINE)
    }
    assert rows["lines in"] == rows["answers out"] == rows["accounted"] == [str(LINES), "40"]
    assert rows["offline verdict"][0] == "VALID"
    assert int(rows["CONFIRMED"][0]) > LINES // 4


def test_what_it_left_is_where_it_said(demo: FinishedDemo) -> None:
    for name in ("home/home.json", "home/public/trust.json", "evidence/log/checkpoint", "requester", "outgoing"):
        assert (demo.folder / name).exists()


def test_at_least_a_hundred_officers_are_named(demo: FinishedDemo) -> None:
    offices = (demo.folder / "offices.yaml").read_text(encoding="utf-8")
    assert FEWEST_OFFICERS >= 100
    assert len(re.findall(r"\bid: officer-\d+", offices)) >= 100


def test_a_folder_that_is_not_empty_is_refused(tmp_path: Path) -> None:
    (tmp_path / "something").write_text("here")
    done = subprocess.run(
        [sys.executable, "-m", "demo", "--home", tmp_path], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "not empty" in done.stderr
    assert (tmp_path / "something").read_text() == "here"


def test_the_same_seed_gives_the_same_people() -> None:
    day = now().date()
    assert populate(300, 7, day).rows == populate(300, 7, day).rows
    assert populate(300, 7, day).rows != populate(300, 8, day).rows


def test_the_truth_file_is_true(demo: FinishedDemo) -> None:
    """The matcher, measured on the demonstration's own files, makes no false confirmation (form defects apart)."""
    measured = privity(
        *("evaluate", "--register", demo.folder / "register-extract.csv", "--requests", demo.request("A", "lines.csv")),
        *("--truth", demo.request("A", "truth.csv"), "--policy", "exact", "--json"),
    ).data
    assert measured["false_confirmations"] == 0
    assert measured["lines"] == LINES
    assert measured["recall"] > 0.9
    wanted = (
        "lines confirmed false_confirmations precision precision_lower95 recall seconds peak_rss_mb by_level by_class"
    )
    assert set(wanted.split()) <= set(measured)


def results(**changes: object) -> dict[str, dict[str, object]]:
    consistent: dict[str, dict[str, object]] = {
        "review": {"confirmed": 3, "no_confirmation": 1},
        "verified": {"verdict": "VALID"},
    }
    for arrived, delivered, accounted, told in (
        ("received", "delivered", "accounted", {"CONFIRMED": 3, "NO_CONFIRMATION": 1, "NAME_INVALID": 1}),
        ("returned_whole", "delivered_returned", "accounted_returned", {"TOO_MANY_DEFECTS": 5}),
    ):
        consistent |= {
            arrived: {"lines": 5},
            delivered: {"lines": 5},
            accounted: {"records": 5, "answers": told},
        }
    for name, change in changes.items():
        assert isinstance(change, dict)
        consistent[name] = consistent[name] | change
    return consistent


def walk_with(**changes: object) -> Walk:
    walk = Walk.__new__(Walk)
    walk.results = results(**changes)
    return walk


def test_consistent_results_pass() -> None:
    need_consistency(walk_with())


@pytest.mark.parametrize(
    "change",
    [
        {"delivered": {"lines": 4}},
        {"accounted": {"records": 6}},
        {"accounted_returned": {"answers": {"TOO_MANY_DEFECTS": 4}}},
        {"review": {"confirmed": 4}},
        {"verified": {"verdict": "INCOMPLETE"}},
    ],
)
def test_results_that_disagree_fail_the_demonstration(change: dict[str, object]) -> None:
    with pytest.raises(DemoError):
        need_consistency(walk_with(**change))


def test_a_command_that_ends_otherwise_fails_the_demonstration(tmp_path: Path) -> None:
    from rich.console import Console

    with pytest.raises(DemoError, match="exit code 4"):
        Commands(tmp_path, Console(quiet=True)).run("home", "status")
