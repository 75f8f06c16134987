"""Other people's tools on our log: Go's `sumdb/note` and `sumdb/tlog` verify it, and refuse one changed byte.

Needs Debian's golang-go and golang-golang-x-mod-dev; skipped, saying so, where `go` or the package is missing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from privity.adapters.log_files import LogFiles
from privity.services.home.export_log import export_log
from tests.builders.evidence import Case, World, write
from tests.builders.log_keys import log_signers

GOPATH = Path("/usr/share/gocode")
MISSING = shutil.which("go") is None or not (GOPATH / "src/golang.org/x/mod/sumdb/tlog").is_dir()
pytestmark = pytest.mark.skipif(
    MISSING, reason="NOT CHECKED: Go's sumdb needs the packages golang-go and golang-golang-x-mod-dev"
)
KEY = log_signers()[0].verifier_key


@pytest.fixture(scope="module")
def peer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("go")
    environment = os.environ | {
        "GO111MODULE": "off",
        "GOPATH": str(GOPATH),
        "GOCACHE": str(folder / "cache"),
        "GOFLAGS": "",
    }
    source = Path(__file__).parent / "go" / "peer.go"
    command = ["go", "build", "-o", str(folder / "peer"), str(source)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder / "peer"


def ask(peer: Path, *arguments: object) -> tuple[int, str]:
    done = subprocess.run([str(peer), *map(str, arguments)], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout.strip()


def exported(folder: Path, count: int) -> Path:
    log = LogFiles(folder / "log", log_signers())
    log.publish(0, [b'{"entry":%d}' % number for number in range(count)])
    export_log(log, folder / "out")
    return folder / "out"


@pytest.mark.parametrize("count", [1, 2, 255, 256, 257, 700])
def test_go_verifies_every_entry(peer: Path, tmp_path: Path, count: int) -> None:
    assert ask(peer, "log", exported(tmp_path, count), KEY) == (0, f"verified {count} entries")


def test_go_finds_grown_logs_consistent(peer: Path, tmp_path: Path) -> None:
    log, entries = LogFiles(tmp_path / "log", log_signers()), [b"%d" % number for number in range(600)]
    for older in (3, 250, 256, 511):
        log.publish(0, entries[:older])
        write(tmp_path / f"{older}", log.checkpoint().note)
    log.publish(0, entries)
    export_log(log, tmp_path / "out")
    for older in (3, 250, 256, 511):
        assert ask(peer, "log", tmp_path / "out", KEY, tmp_path / f"{older}") == (0, "verified 600 entries")


def test_go_refuses_the_log_after_one_byte_changed(peer: Path, tmp_path: Path) -> None:
    folder = exported(tmp_path, 300)
    for path in sorted(item for item in folder.rglob("*") if item.is_file() and item.name != "keys.txt"):
        data = path.read_bytes()
        for place in {0, len(data) // 2, len(data) // 3}:
            if path.name == "checkpoint" and data[place:].count(b"\n") <= 1:
                continue  # the ECDSA line: a key that sumdb/note does not know, so it ignores the line
            path.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
            code, said = ask(peer, "log", folder, KEY)
            assert (code, said[:8]) == (1, "refused:"), (path.name, place)
        path.write_bytes(data)
    assert ask(peer, "log", folder, KEY)[0] == 0


def test_go_refuses_another_logs_key(peer: Path, tmp_path: Path) -> None:
    assert ask(peer, "log", exported(tmp_path, 3), log_signers(seed=2)[0].verifier_key)[0] == 1


def test_go_verifies_the_proof_in_a_response_package(peer: Path, tmp_path: Path) -> None:
    case = Case(World.create(), tmp_path).build()
    proof = write(tmp_path / "proof.txt", case.log.inclusion_proof(9))
    entry = write(tmp_path / "entry.json", case.rows[9])
    assert ask(peer, "proof", proof, entry, KEY) == (0, "verified entry 9")
    write(entry, case.rows[9][:-1] + b" ")
    assert ask(peer, "proof", proof, entry, KEY)[0] == 1
