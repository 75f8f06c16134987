"""What a command shows: one object, or facts and tables; errors in one sentence, also for machines."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from privity.domain.errors import ErrorCode, PrivityError
from privity.interfaces.cli.plain_text import plain
from privity.interfaces.cli.presentation import Report, Sheet, as_facts, as_object, number, show, show_error
from privity.interfaces.cli.progress import LineMeter, service_progress


@dataclass(frozen=True, slots=True)
class Result:
    moment: datetime
    code: ErrorCode
    digest: bytes
    path: Path
    rows: tuple[tuple[int, str], ...]


RESULT = Result(datetime(2026, 1, 2, tzinfo=UTC), ErrorCode.ON_HOLD, b"\x01\xff", Path("a/b"), ((1, "x"),))


def test_results_become_json_values() -> None:
    data = as_object(RESULT)
    assert json.loads(json.dumps(data)) == data
    assert data == {
        "moment": "2026-01-02T00:00:00+00:00",
        "code": "ON_HOLD",
        "digest": "01ff",
        "path": "a/b",
        "rows": [[1, "x"]],
    }
    assert ("rows", [[1, "x"]]) not in as_facts(data)


def test_json_is_one_object_on_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    show(Report({"lines": 3}, "Title", [("lines", 3)], [Sheet("S", ("a",), [(1,)])]), as_json=True)
    captured = capsys.readouterr()
    assert json.loads(captured.out) == {"lines": 3}
    assert captured.err == ""


def test_an_object_that_cannot_be_made_leaves_no_half_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    endless: dict[str, object] = {"first": 1}
    endless["second"] = endless
    with pytest.raises(ValueError, match="Circular"):
        show(Report(endless), as_json=True)
    assert capsys.readouterr().out == ""


def test_halves_of_characters_and_controls_are_never_written(capsys: pytest.CaptureFixture[str]) -> None:
    strange = "\ud800\x1b]0;x\x07\u202e\x9b"
    report = Report({"a": strange}, strange, [("a", strange)], [Sheet("S", ("a",), [(strange,)])], (strange + "\n",))
    show(report, as_json=False)
    out = capsys.readouterr().out
    assert out.count("\ufffd\ufffd]0;x\ufffd\ufffd\ufffd") == 4
    assert not set(out) & set(strange) - set("]0;x")
    show(report, as_json=True)
    assert json.loads(capsys.readouterr().out) == {"a": strange.replace("\ud800", "\ufffd")}
    assert plain("Peña, tab\tand\nline end") == "Peña, tab\tand\nline end"


def test_a_reader_sees_facts_and_tables_and_markup_is_text(capsys: pytest.CaptureFixture[str]) -> None:
    show(
        Report({}, "Title", [("lines", 12345)], [Sheet("Codes", ("code", "n"), [("[bold]x", 2)])], ("Next",)),
        as_json=False,
    )
    out = capsys.readouterr().out
    for word in ("Title", "12,345", "Codes", "[bold]x", "Next"):
        assert word in out


def test_an_error_is_a_sentence_and_with_json_also_an_object(capsys: pytest.CaptureFixture[str]) -> None:
    show_error(PrivityError(ErrorCode.ON_HOLD, "it is held", "wait", {"holds": 1}), as_json=True)
    captured = capsys.readouterr()
    assert captured.err == "error ON_HOLD: it is held. Mend: wait.\n"
    assert json.loads(captured.out)["error"] == {
        "code": "ON_HOLD",
        "message": "it is held",
        "mend": "wait",
        "exit_code": 5,
        "details": {"holds": 1},
    }


@pytest.mark.parametrize(
    ("value", "text"), [(True, "yes"), (None, "-"), ("", "-"), (0, "0"), (1234567, "1,234,567"), (0.5, "0.5000")]
)
def test_values_for_a_reader(value: object, text: str) -> None:
    assert number(value) == text


def test_progress_off_a_terminal_is_lines_on_standard_error_only(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("privity.interfaces.cli.progress.SECONDS_BETWEEN_LINES", 0.0)
    with service_progress() as progress:
        progress("admit", 10, 20)
        progress("admit", 20, 20)
        progress("store", 1, 1)
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Admit lines: 10 of 20 lines" in captured.err
    assert captured.err.count("Admit lines: 20 of 20 lines") == 1


def test_quick_work_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    meter = LineMeter("Work", 5, "lines")
    meter.to(5)
    meter.finish()
    assert capsys.readouterr().err == ""
