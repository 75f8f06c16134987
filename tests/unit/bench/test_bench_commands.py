"""The benchmark commands' own parts: agreements that keep every rule, reasons that do not repeat, judging, pictures."""

from __future__ import annotations

import csv
import sys
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bench.growth import table
from bench.growth_picture import Panel, draw
from bench.judged import judged
from bench.measured import TooMuchError, run
from bench.whole_answer import VOLUMES, reasons, write_agreement, write_request
from demo.prepare import AGREEMENT
from privity.wire.agreement_format import read_agreement


def test_the_wider_agreement_keeps_every_rule_of_the_example(tmp_path: Path) -> None:
    write_agreement(tmp_path / "wide.yaml", "standard")
    wide, example = read_agreement((tmp_path / "wide.yaml").read_bytes()), read_agreement(AGREEMENT.read_bytes())
    assert [use.rule for use in wide.rules] == [use.rule for use in example.rules]
    changed = {
        one.rule: set(one.parameters.items()) ^ set(other.parameters.items())
        for one, other in zip(wide.rules, example.rules, strict=True)
        if one.parameters != other.parameters
    }
    assert set(changed) == set(VOLUMES)
    assert wide.match_policy.name == "standard"


def test_each_line_gets_what_the_agreement_asks_for(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text("line_id,given_name\n" + "".join(f"A{number},Ann\n" for number in range(600)), encoding="utf-8")
    write_request(source, tmp_path / "out.csv", ["o-1", "o-2"], "8 U.S.C. 1", datetime(2026, 11, 23, tzinfo=UTC))
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 600
    assert len({row["reason"] for row in rows}) == len({row["case_id"] for row in rows}) == 600
    assert {row["officer"] for row in rows} == {"o-1", "o-2"}
    assert max(row["order_date"] for row in rows) < "2026-08-01"


def test_enough_reasons_for_the_largest_request() -> None:
    assert len(set(islice(reasons(), 276_480))) * 10 > 1_280_000


def test_a_confirmation_of_nobody_or_another_is_false_and_counts_by_class() -> None:
    known = [("p1", "exact"), ("p2", "exact"), ("", "other_unit"), ("p3", "surname_typo")]
    figures = judged([("exact", True), ("exact", False), ("other_unit", False)], known)
    assert (figures["confirmed"], figures["false"], figures["recall"]) == (3, 2, 0.3333)
    assert figures["recall_by_class"] == {"exact": 0.5, "surname_typo": 0.0}
    assert figures["false_by_class"] == {"exact": 1, "other_unit": 1}


def test_what_is_measured_includes_the_commands_own_children() -> None:
    program = (
        "import subprocess, sys, json; held = bytearray(60_000_000); "
        "subprocess.run([sys.executable, '-c', 'import time; t = time.process_time()\\n"
        "while time.process_time() < t + 0.4: pass']); print(json.dumps({'ok': 1}))"
    )
    measured = run([sys.executable, "-c", program])
    assert measured.said == {"ok": 1}
    assert measured.processor_seconds >= 0.4
    assert measured.peak_mb > 55
    with pytest.raises(TooMuchError):
        run([sys.executable, "-c", "import time; time.sleep(60)"], most_seconds=0.3)
    with pytest.raises(RuntimeError, match="exit code 3"):
        run([sys.executable, "-c", "raise SystemExit(3)"])


def test_the_picture_is_one_file_that_needs_nothing(tmp_path: Path) -> None:
    panel = Panel("Seconds <wall>", "rows", {"a & b": [(10_000, 0.4), (10_000_000, 700.0)], "c": [(10_000, 3.0)]})
    text = draw("Growth", [panel, panel])
    root = ElementTree.fromstring(text)
    drawn = [line for line in root.iter() if line.tag.endswith("polyline")]
    places = [tuple(map(float, pair.split(","))) for pair in drawn[0].attrib["points"].split()]
    assert len(drawn) == 4
    assert places[0][0] < places[1][0], "more rows lie further to the right"
    assert places[0][1] > places[1][1], "more seconds lie further up"
    assert "href" not in text
    assert "script" not in text


def test_growth_says_which_side_was_left_out() -> None:
    side = {"seconds": [2.0], "processor_seconds": [3.0], "peak_mb": [70]}
    judged_side = side | {"judged": {"confirmed": 5, "false": 0, "recall": 0.5}}
    made = {"build": 1.0, "build_processor": 1.5, "build_peak_mb": 60}
    small = {"preparation_seconds": made, "lines": 10, "sides": {"privity standard": judged_side, "splink": side}}
    large = {"preparation_seconds": made, "lines": 100, "sides": {"privity standard": judged_side}}
    shown = table({"1000": large, "100": small}).splitlines()
    assert "Splink" in shown[0]
    assert "2.0 / 3.0 / 70 | 2.0 / 3.0 / 70" in shown[2]
    assert "| skipped |" in shown[3]
