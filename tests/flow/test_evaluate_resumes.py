"""A killed `privity evaluate --work FOLDER` goes on with its index; nothing of it stays once it has ended well."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from privity.adapters import duckdb_index_build
from privity.adapters.duckdb_index_files import active_snapshot, table_files
from privity.interfaces.cli.application import run
from privity.services.evaluation import evaluate_matching
from tests.builders.evaluations import marker_files

PERSONS = 40
_MAIN = "import sys; from privity.interfaces.cli.application import run; sys.exit(run(sys.argv[1:]))"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    return marker_files(tmp_path / "files", PERSONS)


@pytest.fixture
def work(tmp_path: Path) -> Path:
    return tmp_path / "work"


def words(files: Path, work: Path) -> list[str]:
    named = [word for name in ("register", "requests", "truth") for word in (f"--{name}", str(files / f"{name}.csv"))]
    return ["evaluate", *named, "--processes", "1", "--json", "--work", str(work)]


def measured(files: Path, work: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """The figures of a run that ends well: always the same answers, and no folder."""
    capsys.readouterr()
    assert run(words(files, work)) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert (found["lines"], found["confirmed"], found["false_confirmations"]) == (2 * PERSONS, PERSONS, 0)
    assert not work.exists(), "index and keys are gone"
    return found


def killed_at(monkeypatch: pytest.MonkeyPatch, room: Any, name: str, files: Path, work: Path) -> None:
    def stop(*_given: object, **_named: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(room, name, stop)
        assert run(words(files, work)) != 0
    assert work.exists()


def test_a_finished_index_is_used_again(
    files: Path, work: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    killed_at(monkeypatch, evaluate_matching, "admit_lines", files, work)
    assert stat.S_IMODE(work.stat().st_mode) == 0o700
    keys = [path for path in (work / "keys").rglob("*") if path.is_file()]
    assert len(keys) > 5
    assert {stat.S_IMODE(path.stat().st_mode) for path in keys} == {0o600}
    seconds = measured(files, work, capsys)["seconds"]
    assert "reuse" in seconds
    assert not {"build", "build_rest"} & set(seconds), "what was not built is not measured as a build"


def test_whole_chunks_of_a_killed_build_are_kept(
    files: Path, work: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    killed_at(monkeypatch, duckdb_index_build, "finish", files, work)
    made: list[int] = []
    write = duckdb_index_build.write_chunk
    monkeypatch.setattr(
        duckdb_index_build,
        "write_chunk",
        lambda folder, number, chunk: made.append(number) or write(folder, number, chunk),
    )
    seconds = measured(files, work, capsys)["seconds"]
    assert "build_rest" in seconds
    assert not made


@pytest.mark.parametrize("change", ["extract", "table"])
def test_an_index_of_another_extract_or_with_a_changed_byte_is_built_anew(
    files: Path, work: Path, change: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    killed_at(monkeypatch, evaluate_matching, "admit_lines", files, work)
    path = files / "register.csv"
    if change == "table":
        path = table_files(active_snapshot(work / "register")[0], "near")[0]
    content = bytearray(path.read_bytes())
    if change == "table":
        content[len(content) // 2] ^= 1
    else:
        content += b'ANOTHER-1,Else Body,"9 Other St, Dallas, TX 75201"\n'
    path.write_bytes(content)
    assert "reuse" not in measured(files, work, capsys)["seconds"]


def test_killed_from_outside_it_goes_on(files: Path, work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """SIGKILL as soon as there are keys: whatever lies there then, the next run ends well and leaves nothing."""
    process = subprocess.Popen(
        [sys.executable, "-c", _MAIN, *words(files, work)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 60
    while not (work / "keys").exists() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.002)
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert work.exists()
    measured(files, work, capsys)


@pytest.mark.parametrize("trouble", ["foreign", "loose", "link", "busy"])
def test_no_other_folder_is_touched(
    files: Path, work: Path, tmp_path: Path, trouble: str, capsys: pytest.CaptureFixture[str]
) -> None:
    work.mkdir(mode=0o700)
    mine = work / "mine.txt"
    mine.write_text("kept", encoding="ascii")
    if trouble != "foreign":
        (work / "privity-evaluation").touch(mode=0o600)
    if trouble == "loose":
        work.chmod(0o755)
    asked = work
    if trouble == "link":
        asked = tmp_path / "link"
        asked.symlink_to(work)
    with (work / "privity-evaluation" if trouble == "busy" else mine).open("r+b") as held:
        if trouble == "busy":
            fcntl.flock(held, fcntl.LOCK_EX)
        assert run(words(files, asked)) != 0
    assert ("HOME_BUSY" if trouble == "busy" else "USAGE") in capsys.readouterr().err
    assert mine.read_text(encoding="ascii") == "kept"
