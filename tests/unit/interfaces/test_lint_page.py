"""The page of `request lint`: well formed, self-contained, no supplied value but ids, cut where it would be long."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest

from privity.domain.errors import ErrorCode
from privity.domain.mending import MEND
from privity.domain.rules import RULES
from privity.interfaces.cli.application import run
from privity.interfaces.cli.lint_page import MOST_ROWS, lint_page
from privity.services.requester.lint_request import LintFinding, LintReport, lint_request
from privity.wire.request_format import COLUMNS, read_lines
from tests.builders.admission import EXAMPLES, NOW, content, csv_of, example_agreement, header
from tests.unit.interfaces.test_proof_page import tables, tree

REQUESTS = EXAMPLES / "requests"
AGREEMENT = EXAMPLES / "agreements" / "tax-enforcement-2025.yaml"


def page(report: LintReport) -> str:
    return lint_page(report, agreement="an agreement", software="privity 9.9", judged_at="2026-11-23T00:00:00+00:00")


def sample() -> LintReport:
    lines = (REQUESTS / "tax-enforcement-lines.csv").read_bytes()
    return lint_request(lines, "csv", example_agreement(), None, None, NOW)


def said(root: Element) -> str:
    return " ".join(root.itertext())


def test_every_code_a_requester_can_be_told_has_a_sentence() -> None:
    assert {spec.code for spec in RULES.values()} | {
        ErrorCode.RELEASE_UNAPPROVED,
        ErrorCode.RECEIVER_CONTRACTOR,
    } == set(MEND)
    assert len(set(MEND.values())) == len(MEND)
    assert all(sentence.endswith(".") and len(sentence) < 110 for sentence in MEND.values())


def test_figures_and_lines_are_the_report_s() -> None:
    report = sample()
    found = tables(tree(page(report)))
    assert {code: int(row[0]) for code, row in found["Lines by code"].items()} == report.codes
    assert {row[2] for row in found["Lines by code"].values()} == {MEND[ErrorCode(code)] for code in report.codes}
    assert {one: row[:3] for one, row in found["Lines that would go back"].items()} == {
        str(one.ordinal): [one.line_id, one.code.value, one.field] for one in report.findings
    }
    assert list(found["Lines that would wait for a human"]) == ["8"]
    assert list(found["Findings on the whole request"]) == ["TOO_MANY_DEFECTS"]


def test_nothing_supplied_stands_there_but_ids_and_nothing_is_loaded() -> None:
    text = page(sample())
    words = said(tree(text)).replace("General Delivery waits for a human", "")  # our words
    for line in read_lines((REQUESTS / "tax-enforcement-lines.csv").read_bytes(), "csv"):
        supplied = line.content.reveal()
        values = (supplied.name.family_name, supplied.address.address_line1, supplied.reason, supplied.case_id)
        assert not [value for value in values if len(value) > 3 and value in words], line.ordinal
    assert "//" not in text
    assert not re.search(r"<(script|link|img|iframe|form)\b|\bon\w+=", text)
    assert "default-src 'none'" in text


def test_an_id_that_is_markup_stays_text() -> None:
    lines = csv_of([content(1, line_id='<script>alert("x")</script>&amp;', case_id="")])
    report = lint_request(lines, "csv", example_agreement(), header(), None, NOW)
    assert report.returned == 1
    root = tree(page(report))
    assert '<script>alert("x")</script>&amp;' in said(root)
    assert root.find(".//script") is None


def test_a_clean_file_says_so() -> None:
    report = lint_request(csv_of([content(1)]), "csv", example_agreement(), header(), None, NOW)
    root = tree(page(report))
    assert root.find(".//p[@class='verdict']").text == "Nothing would go back."  # type: ignore[union-attr]
    assert set(tables(root)) == {"What was judged"}


def test_a_long_table_is_cut_and_says_so() -> None:
    many = tuple(LintFinding(one, f"L-{one}", ErrorCode.NAME_INVALID, "given_name", "x") for one in range(1, 1_280_001))
    report = LintReport(1_280_000, len(many), 0, {"NAME_INVALID": len(many)}, many, (), (), ("a note",))
    text = page(report)
    assert len(text) < 300_000
    found = tables(tree(text))["Lines that would go back"]
    assert (len(found), list(found)[-1]) == (MOST_ROWS, "1,000")
    assert "The first 1,000 of 1,280,000 lines; all of them with --json." in said(tree(text))


def test_the_command_writes_it_once_and_the_json_keeps_its_shape(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "lint.html"
    command = ["request", "lint", str(REQUESTS / "tax-enforcement-lines.csv"), "--agreement", str(AGREEMENT)]
    assert run([*command, "--page", str(out), "--json"]) == 1
    assert '"findings": [{"line_id": "T-005", "code": "NAME_INVALID"' in capsys.readouterr().out
    assert tables(tree(out.read_text(encoding="utf-8")))
    assert out.stat().st_mode & 0o777 == 0o600
    assert run([*command, "--page", str(out)]) == 2  # never overwritten


STRANGE = "A\ud800B\x1b[2J\x00C\u202eD"
SHOWN = "A\ufffdB\ufffd[2J\ufffdC\ufffdD"


def strange_lines(folder: Path) -> Path:
    """JSON Lines whose ids, and in one line each all other cells, hold what cannot be written or shown."""
    line = {"line_id": STRANGE, "full_name": "Ann Ochoa", "address": "1 Elm St, Dallas, TX 75201", "periods": "2024"}
    rows = [line, *({**line, column: f"x\ud800\x1b{column}"} for column in COLUMNS)]
    file = folder / "strange.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="ascii")
    return file


@pytest.mark.parametrize("as_json", [True, False])
def test_ids_that_cannot_be_shown_are_returned_lines_and_never_a_defect_of_ours(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], as_json: bool
) -> None:
    out = tmp_path / "lint.html"
    command = ["request", "lint", str(strange_lines(tmp_path)), "--agreement", str(AGREEMENT), "--page", str(out)]
    assert run([*command, *["--json"] * as_json]) == 1
    told = capsys.readouterr()
    assert not told.err
    if as_json:
        report = json.loads(told.out)  # one object, whole
        assert report["codes"] == {"LINE_MALFORMED": 1 + len(COLUMNS)}
        assert report["findings"][0]["line_id"] == "A\ufffdB\x1b[2J\x00C\u202eD"  # JSON escapes controls itself
        assert "\x1b" not in told.out
    else:
        assert SHOWN in told.out
        assert not set(told.out) & set("\x00\x1b\u202e")
    text = out.read_text(encoding="utf-8")
    assert not set(text) & set("\x00\x1b\u202e")
    assert tables(tree(text))["Lines that would go back"]["1"][:2] == [SHOWN, "LINE_MALFORMED"]
