"""The command: exit codes, JSON, where trust comes from, and never VALID while something was not checked."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import privity_verify
from privity.adapters.log_files import LogFiles
from privity.wire import canonical_json
from tests.builders.evidence import Case, World, write, write_trust
from tests.builders.log_keys import log_signers

needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="stock openssl is not installed")
SOURCE = Path(privity_verify.__file__)


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder, world = tmp_path_factory.mktemp("evidence"), World.create()
    case = Case(world, folder).build()
    write(folder / "response.zip", case.response)
    case.bundle()
    write_trust(folder, world.trust())
    return folder


def run(*arguments: object, path: str | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """The file by itself, isolated from the project and from the user's settings, with asserts switched off."""
    base = {"PATH": os.environ["PATH"] if path is None else path} | environment
    command = [sys.executable, "-I", "-O", str(SOURCE), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env=base, check=False)


@needs_openssl
def test_a_sound_response_is_valid(evidence: Path) -> None:
    done = run(evidence / "response.zip", "--trust", evidence / "trust.json")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("Verdict: VALID\n")


@needs_openssl
def test_trust_may_come_from_the_environment(evidence: Path) -> None:
    assert run(evidence / "bundle", PRIVITY_TRUST=str(evidence / "trust.json")).returncode == 0


def test_without_trust_nothing_is_valid(evidence: Path) -> None:
    for name in ("response.zip", "bundle", "bundle/log"):
        done = run(evidence / name)
        assert done.returncode == 3
        assert "no trust file" in done.stdout
        assert done.stdout.endswith("Verdict: INCOMPLETE\n")


def test_without_openssl_a_package_is_incomplete(evidence: Path, tmp_path: Path) -> None:
    done = run(evidence / "response.zip", "--trust", evidence / "trust.json", path=str(tmp_path))
    assert done.returncode == 3
    assert "openssl is not installed" in done.stdout


def test_without_openssl_a_forgery_is_still_invalid(evidence: Path, tmp_path: Path) -> None:
    broken = write(tmp_path / "broken.zip", (evidence / "response.zip").read_bytes()[:-1])
    assert run(broken, "--trust", evidence / "trust.json", path=str(tmp_path)).returncode == 1


def test_an_openssl_that_fails_is_no_pass(evidence: Path, tmp_path: Path) -> None:
    fake = write(tmp_path / "openssl", b"#!/bin/sh\nexit 4\n")
    fake.chmod(0o755)
    done = run(evidence / "response.zip", "--trust", evidence / "trust.json", path=f"{tmp_path}:/bin")
    assert done.returncode == 1


def test_a_kept_checkpoint_must_be_a_head_of_the_log(evidence: Path, tmp_path: Path) -> None:
    log, entries = LogFiles(tmp_path / "log", log_signers()), Case(World.create(), tmp_path / "case").build().rows
    heads = {}
    for size in (3, 7, len(entries)):
        log.publish(0, entries[:size])
        heads[size] = write(tmp_path / f"{size}", log.checkpoint().note)
    other = LogFiles(tmp_path / "other", log_signers())
    other.publish(0, [entries[0], entries[2]])
    trust = evidence / "trust.json"
    for size, head in heads.items():
        done = run(tmp_path / "log", "--trust", trust, "--older", head)
        assert (done.returncode, f"extends the older checkpoint of {size}" in done.stdout) == (0, True)
    forked = run(tmp_path / "log", "--trust", trust, "--older", tmp_path / "other/checkpoint")
    assert (forked.returncode, "contradicts the older checkpoint" in forked.stdout) == (1, True)
    shorter = LogFiles(tmp_path / "shorter", log_signers())
    shorter.publish(0, entries[:5])
    cut = run(tmp_path / "shorter", "--trust", trust, "--older", heads[7])
    assert (cut.returncode, "shorter than it was" in cut.stdout) == (1, True)
    assert run(tmp_path / "log", "--trust", trust, "--older", tmp_path / "none").returncode == 1
    assert run(evidence / "response.zip", "--trust", trust, "--older", heads[3]).returncode == 3


@needs_openssl
def test_json_holds_every_finding(evidence: Path) -> None:
    done = run(evidence / "response.zip", "--trust", evidence / "trust.json", "--json")
    report = json.loads(done.stdout)
    assert (report["format"], report["verdict"], report["kind"]) == ("privity-verdict/1", "VALID", "response")
    assert {"subject", "check", "outcome", "reason"} == set(report["checks"][0])
    assert {item["outcome"] for item in report["checks"]} <= {"pass", "note"}
    assert "signature" in {item["check"] for item in report["checks"]}


def test_usage_errors_have_their_own_code(evidence: Path, tmp_path: Path) -> None:
    assert run().returncode == 2
    assert run(tmp_path / "nothing").returncode == 2
    assert run(evidence / "response.zip", "--what").returncode == 2


def test_a_missing_or_broken_trust_file_is_not_silently_ignored(evidence: Path, tmp_path: Path) -> None:
    assert run(evidence / "response.zip", "--trust", tmp_path / "none.json").returncode == 1
    assert run(evidence / "response.zip", "--trust", write(tmp_path / "t.json", b"{}")).returncode == 1


@pytest.mark.parametrize("content", [b"", b"PK", b"\x00" * 100_000, b"{}", b"PK\x05\x06" + b"\xff" * 18])
def test_anything_else_is_invalid_and_never_a_crash(tmp_path: Path, content: bytes) -> None:
    done = run(write(tmp_path / "evidence", content))
    assert (done.returncode, done.stderr) == (1, "")


def test_a_folder_of_something_else_is_invalid(tmp_path: Path) -> None:
    (tmp_path / "some").mkdir()
    assert run(tmp_path / "some").returncode == 1


def test_a_claimed_huge_file_costs_nothing(evidence: Path, tmp_path: Path) -> None:
    """A sparse file beyond the limit is refused by its size, before anything is read."""
    path = tmp_path / "huge.zip"
    with path.open("wb") as file:
        file.truncate(privity_verify.MOST_PACKAGE_BYTES + 1)
    report = privity_verify.verify(path)
    assert report.verdict == "INVALID"
    assert "larger than" in report.findings[0].reason


values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(values)
def test_both_houses_write_the_same_canonical_json(value: object) -> None:
    assert privity_verify.canonical(value).encode() == canonical_json.encode(value)  # type: ignore[arg-type]


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_crash_the_readers(data: bytes) -> None:
    readers = (
        privity_verify.read_checkpoint,
        privity_verify.read_proof,
        privity_verify.read_signature,
        privity_verify.encrypted_length,
        privity_verify.read_entry,
        privity_verify.read_trust,
    )
    for reader in readers:
        with pytest.raises(privity_verify.InvalidError):
            reader(data)
