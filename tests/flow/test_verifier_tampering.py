"""Every byte counts: each byte of a response package, of a request package, of a proof and of a log, changed in turn.

A response package has no byte that may change: contents are hashed, the signature has one form, the proof and the entry
lead to a signed root, and the container's own bytes are implied by its files.
"""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import privity_verify
from privity.wire.package import open_container, write_container
from tests.builders.evidence import Case, World, write, write_trust

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="stock openssl is not installed")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Case, Path]:
    folder, world = tmp_path_factory.mktemp("tampering"), World.create()
    return Case(world, folder, lines=2).build(), write_trust(folder, world.trust())


@pytest.fixture(scope="module")
def trust(made: tuple[Case, Path]) -> Path:
    return made[1]


def flips(data: bytes, mask: int, step: int) -> Iterator[tuple[int, bytes]]:
    """(place, data with that byte changed)."""
    for place in range(0, len(data), step):
        changed = bytearray(data)
        changed[place] ^= mask
        yield place, bytes(changed)


@pytest.mark.parametrize("kind", ["request", "response"])
def test_no_byte_of_a_package_may_change(made: tuple[Case, Path], trust: Path, tmp_path: Path, kind: str) -> None:
    package = made[0].response if kind == "response" else made[0].package
    path = write(tmp_path / "package.zip", package)
    assert privity_verify.verify(path, trust).verdict == "VALID"
    for place, changed in flips(package, 0x01, 2):
        path.write_bytes(changed)
        assert privity_verify.verify(path, trust).verdict == "INVALID", place


@pytest.mark.parametrize(("kind", "mask", "step"), [("response", 0x01, 1), ("response", 0x80, 8), ("request", 0x04, 5)])
def test_no_byte_of_a_packages_files_may_change_even_with_right_checksums(
    made: tuple[Case, Path], trust: Path, tmp_path: Path, kind: str, mask: int, step: int
) -> None:
    """The forger rebuilds the container, so that its CRCs are right: hashes, proofs and signatures must notice."""
    container = open_container(io.BytesIO(made[0].response if kind == "response" else made[0].package))
    files = {name: container.read(name) for name in container.names}
    path = write(tmp_path / "package.zip", write_container(list(files.items())))
    assert privity_verify.verify(path, trust).verdict == "VALID"
    missed, asked, tried = [], 0, 0
    for name, data in files.items():
        for place, changed in flips(data, mask, step):
            path.write_bytes(write_container(list((files | {name: changed}).items())))
            report = privity_verify.verify(path, trust)
            tried += 1
            asked += any(item.check == "signature" and item.outcome == "fail" for item in report.findings)
            if report.verdict != "INVALID":
                missed.append((name, place))
    assert missed == []
    assert 0 < asked < tried // 2  # bytes of the signature alone need openssl


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_splice_of_a_packages_files_passes(
    made: tuple[Case, Path], trust: Path, tmp_path: Path, data: st.DataObject
) -> None:
    """Runs of bytes cut out, doubled, moved or replaced in any file, with right checksums."""
    container = open_container(io.BytesIO(made[0].response))
    files = {name: container.read(name) for name in container.names}
    name = data.draw(st.sampled_from(sorted(files)))
    whole = files[name]
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(whole))] * 2)))
    to = data.draw(st.integers(0, len(whole)))
    changed = data.draw(
        st.sampled_from(
            [
                whole[:start] + whole[end:],
                whole[:end] + whole[start:],
                whole[:to] + whole[start:end] + whole[to:],
                whole[:start] + data.draw(st.binary(max_size=40)) + whole[end:],
                files[data.draw(st.sampled_from(sorted(files)))],
            ]
        )
    )
    path = write(tmp_path / "spliced.zip", write_container(list((files | {name: changed}).items())))
    verdict = privity_verify.verify(path, trust).verdict
    assert verdict == ("VALID" if changed == whole else "INVALID")


def test_no_length_of_a_response_package_but_its_own(made: tuple[Case, Path], trust: Path, tmp_path: Path) -> None:
    package = made[0].response
    for cut in [*range(0, len(package), 97), len(package) - 1]:
        path = write(tmp_path / "cut.zip", package[:cut])
        assert privity_verify.verify(path, trust).verdict == "INVALID"


def test_no_byte_of_a_log_may_change(made: tuple[Case, Path], trust: Path, tmp_path: Path) -> None:
    folder = tmp_path / "log"
    shutil.copytree(made[0].bundle() / "log", folder)
    assert privity_verify.verify(folder, trust).verdict == "VALID"
    for path in sorted(item for item in folder.rglob("*") if item.is_file()):
        data = path.read_bytes()
        for place, changed in flips(data, 0x01, 1 if path.name == "checkpoint" else 5):
            path.write_bytes(changed)
            assert privity_verify.verify(folder, trust).verdict == "INVALID", (path.name, place)
        path.write_bytes(data)
    assert privity_verify.verify(folder, trust).verdict == "VALID"


def test_no_byte_of_an_accounting_export_may_change(made: tuple[Case, Path], trust: Path, tmp_path: Path) -> None:
    folder = tmp_path / "bundle"
    shutil.copytree(made[0].bundle(), folder)
    for package in (folder / "packages").iterdir():
        package.unlink()
    path = folder / "accounting" / "export.jsonl"
    data = path.read_bytes()
    assert privity_verify.verify(folder, trust).verdict == "VALID"
    for place, changed in flips(data, 0x01, 1):
        path.write_bytes(changed)
        assert privity_verify.verify(folder, trust).verdict == "INVALID", place
