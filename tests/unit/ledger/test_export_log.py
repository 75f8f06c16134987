"""Exporting the log: whole or not at all, never into something that is already there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from privity.adapters.log_files import LogFiles
from privity.domain.errors import ErrorCode, PrivityError
from privity.services.home import export_log as service
from privity.services.home.export_log import export_log
from tests.builders.log_keys import log_signers


def log_of(folder: Path, count: int) -> LogFiles:
    log = LogFiles(folder, log_signers())
    log.publish(0, [b"entry %d" % number for number in range(count)])
    return log


def test_export_holds_exactly_the_current_log_and_its_keys(tmp_path: Path) -> None:
    log = log_of(tmp_path / "log", 3)
    log.publish(3, [b"more"])  # leaves a partial tile of width 3 in the home, which no export needs
    result = export_log(log, tmp_path / "out")
    found = {
        path.relative_to(tmp_path / "out").as_posix(): path.read_bytes()
        for path in (tmp_path / "out").rglob("*")
        if path.is_file()
    }
    assert found.pop("keys.txt").decode().split("\n")[:-1] == list(log.verifier_keys)
    assert found == dict(log.files())
    assert set(found) == {"checkpoint", "tile/0/000.p/4", "tile/entries/000.p/4"}
    assert (result.size, result.files) == (4, 4)


def test_an_empty_folder_is_filled_and_a_full_one_refused(tmp_path: Path) -> None:
    log = log_of(tmp_path / "log", 1)
    (tmp_path / "out").mkdir()
    export_log(log, tmp_path / "out")
    before = sorted(os.listdir(tmp_path / "out"))
    with pytest.raises(PrivityError) as refusal:
        export_log(log, tmp_path / "out")
    assert refusal.value.code is ErrorCode.USAGE
    assert sorted(os.listdir(tmp_path / "out")) == before


@pytest.mark.parametrize("failing", range(1, 12))
def test_a_failure_at_any_sync_leaves_nothing_behind(
    tmp_path: Path, failing: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = log_of(tmp_path / "log", 1)
    calls = 0

    def fsync(handle: int) -> None:
        nonlocal calls
        calls += 1
        if calls == failing:
            raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(service.os, "fsync", fsync)
        with pytest.raises(PrivityError) as refusal:
            export_log(log, tmp_path / "out")
    assert refusal.value.code is ErrorCode.STORAGE_FAILED
    assert sorted(os.listdir(tmp_path)) == ["log"]
    assert export_log(log, tmp_path / "out").size == 1


def test_a_leftover_of_a_killed_export_is_replaced(tmp_path: Path) -> None:
    log = log_of(tmp_path / "log", 1)
    (tmp_path / ".out.partial").mkdir()
    (tmp_path / ".out.partial" / "stray").write_bytes(b"old")
    export_log(log, tmp_path / "out")
    assert not (tmp_path / "out" / "stray").exists()


def test_a_log_without_checkpoint_is_not_exported(tmp_path: Path) -> None:
    with pytest.raises(PrivityError) as refusal:
        export_log(LogFiles(tmp_path / "log", log_signers()), tmp_path / "out")
    assert refusal.value.code is ErrorCode.LOG_UNAVAILABLE
    assert not (tmp_path / "out").exists()
