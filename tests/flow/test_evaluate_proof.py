"""`privity evaluate` as the custodian's proof: several policies, page, sizes, review sample; no value of a person."""

from __future__ import annotations

import csv
import io
import json
import re
import stat
from pathlib import Path
from typing import Any

import pytest

from privity.interfaces.cli.application import run
from privity.interfaces.outcomes import ExitCode
from tests.builders.evaluations import MARKERS, marker_files

PERSONS = 40


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return marker_files(tmp_path_factory.mktemp("proof"), PERSONS)


def evaluate(files: Path, *more: str) -> list[str]:
    named = [word for name in ("register", "requests", "truth") for word in (f"--{name}", str(files / f"{name}.csv"))]
    return ["evaluate", *named, "--processes", "1", "--json", *more]


def told(capsys: pytest.CaptureFixture[str], arguments: list[str], code: int = 0) -> dict[str, Any]:
    assert run(arguments) == code
    said = capsys.readouterr()
    assert not [marker for marker in MARKERS if marker.lower() in (said.out + said.err).lower()]
    found: dict[str, Any] = json.loads(said.out)
    return found


def test_policies_page_and_sizes_in_one_run(
    files: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(work))
    page = tmp_path / "proof.html"
    many = evaluate(files, "--policy", "exact", "--policy", "standard", "--page", str(page), "--sizes", "10,40")
    found = told(capsys, many)
    assert [one["policy"] for one in found["policies"]] == ["exact", "standard"]
    for one in found["policies"]:
        assert (one["lines"], one["confirmed"], one["false_confirmations"]) == (2 * PERSONS, PERSONS, 0)
        assert (one["by_class"]["home"]["recall"], one["by_class"]["wrong_house"]["confirmed"]) == (1.0, 0)
    assert [(size["register_rows"], size["lines"]) for size in found["sizes"]] == [(10, 20), (40, 80)]
    assert all(size["peak_rss_mb"] > 10 and set(size["seconds"]) >= {"build", "match"} for size in found["sizes"])
    text = page.read_text(encoding="utf-8")
    assert not [marker for marker in MARKERS if marker.lower() in text.lower()]
    assert f">{PERSONS}</td>" in text
    assert stat.S_IMODE(page.stat().st_mode) == 0o600
    assert not list(work.iterdir()), "nothing stays behind"


def test_one_policy_keeps_its_shape(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, evaluate(files))
    assert set(found) >= {
        "lines", "confirmed", "false_confirmations", "precision", "precision_lower95", "recall", "seconds",
        "peak_rss_mb", "by_level", "by_class",
    }  # fmt: skip
    assert "policies" not in found


def test_the_sample_names_rows_by_number_and_its_review_proves_the_bound(
    files: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sample = tmp_path / "review.csv"
    found = told(capsys, evaluate(files, "--sample", "12", "--sample-out", str(sample), "--seed", "5"))
    [clean] = found["sample"]["clean"]
    assert (clean["drawn"], clean["confirmed"], clean["complete"]) == (12, PERSONS, False)
    assert clean["lower95_one_sided"] == pytest.approx(0.05 ** (1 / 12))
    text = sample.read_text(encoding="utf-8")
    assert not [marker for marker in MARKERS if marker.lower() in text.lower()]
    drawn = list(csv.DictReader(io.StringIO(text)))
    for row in drawn:  # line 2n+1 asks for the person of row n+1, at home
        assert (int(row["line"]) - 1) / 2 + 1 == int(row["register_rows"])
    assert told(capsys, ["evaluate", "--review", str(sample), "--json"], ExitCode.INCOMPLETE)["pending"] == 12

    sample.write_text(re.sub(r",$", ",same", text, flags=re.MULTILINE), encoding="utf-8")
    proved = told(capsys, ["evaluate", "--review", str(sample), "--json"])
    assert (proved["pending"], proved["wrong"]) == (0, 0)
    assert proved["precision_lower95"] == pytest.approx(0.05 ** (1 / 12))
    assert proved["by_level"][0]["lower95_two_sided"] == pytest.approx(0.025 ** (1 / 12))


def test_the_seed_draws_the_same_lines_again_and_chance_others(
    files: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def lines(name: str, *more: str) -> tuple[str, ...]:
        told(capsys, evaluate(files, "--sample", "5", "--sample-out", str(tmp_path / name), *more))
        return tuple(row["line"] for row in csv.DictReader((tmp_path / name).open(encoding="utf-8")))

    assert lines("a", "--seed", "1") == lines("b", "--seed", "1")
    assert lines("c", "--seed", "2") != lines("d", "--seed", "1")
    by_chance = list(csv.DictReader((tmp_path / "d").open(encoding="utf-8")))
    assert {row["seed"] for row in by_chance} == {"1"}


@pytest.mark.parametrize(
    "more",
    [
        ["--sizes", "41"],
        ["--sizes", "0"],
        ["--sizes", "many"],
        ["--sample", "3"],
        ["--policy", "exact", "--policy", "exact"],
        ["--policy", "loose"],
        ["--policy", "exact", "--policy", "standard", "--sample", "3", "--sample-out", "unused.csv"],
    ],
)
def test_wrong_options_are_refused(files: Path, more: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, evaluate(files, *more), ExitCode.USAGE)["error"]["code"] == "USAGE"


def test_the_three_files_are_needed_and_an_existing_page_is_kept(
    files: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert told(capsys, ["evaluate", "--json"], ExitCode.USAGE)["error"]["code"] == "USAGE"
    page = tmp_path / "page.html"
    page.write_text("mine")
    told(capsys, evaluate(files, "--page", str(page)), ExitCode.USAGE)
    assert page.read_text() == "mine"
