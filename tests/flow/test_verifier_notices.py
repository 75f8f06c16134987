"""The verifier on notices and receipts, alone and in a bundle: what the gate signs holds, every edit is found.

Also what the keys of both sides could be made to sign: a notice or receipt that says other things than the log.
"""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import privity_verify
from privity.domain.holds import Demand
from privity.services.holds.place_hold import lift_hold
from privity.wire.canonical_json import encode
from privity.wire.package import open_container, write_container
from tests.builders.custodian_home import Desk, signer_of
from tests.builders.delivered_home import delivered, holder, issue_one, order, package_of, receipt, record
from tests.flow.test_verifier_on_real_homes import bundle_of

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="stock openssl is not installed")


class Told:
    """A home whose answer was frozen, acknowledged, recalled and acknowledged; its packages and a bundle of all."""

    def __init__(self, folder: Path) -> None:
        self.desk: Desk = delivered(folder)
        self.early = bundle_of(self.desk, folder / "early", [], {})
        freeze = order(self.desk, Demand.FREEZE)
        self.frozen = package_of(self.desk, issue_one(self.desk).notice_id)
        self.kept = receipt(self.desk, self.frozen, "frozen")
        record(self.desk, self.kept)
        order(self.desk, Demand.RECALL)
        self.recalled = package_of(self.desk, issue_one(self.desk).notice_id)
        self.desk.clock.advance(2)
        self.returned = receipt(self.desk, self.recalled, "returned")
        record(self.desk, self.returned)
        lift_hold(self.desk.gate, freeze.hold_id)
        self.trust = self.desk.home / "public" / "trust.json"
        self.packages = [self.frozen, self.kept, self.recalled, self.returned]

    def bundle(self, folder: Path, packages: list[bytes]) -> Path:
        """A bundle of these packages and the log."""
        return bundle_of(self.desk, folder, packages, {})


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    return Told(tmp_path_factory.mktemp("told"))


def failures(report: privity_verify.Report) -> str:
    return " / ".join(item.reason for item in report.findings if item.outcome == "fail")


def files_of(package: bytes) -> dict[str, bytes]:
    opened = open_container(io.BytesIO(package))
    return {name: opened.read(name) for name in opened.names}


def signed_anew(told: Told, package: bytes, change: Callable[[dict[str, Any]], object], *, by: str) -> bytes:
    """The package with another manifest, properly signed at the moment it states."""
    files = files_of(package)
    document = json.loads(files["manifest.json"])
    change(document)
    data = encode(document)
    moment = privity_verify.read_moment(document["created_at"], "moment")
    signer = told.desk.keys.response_signer() if by == "custodian" else signer_of(holder(told.desk)[1])
    files |= {"manifest.json": data, "manifest.p7s": signer.sign(data, at=moment)}
    return write_container(list(files.items()))


def judged(told: Told, folder: Path, package: bytes) -> privity_verify.Report:
    path = folder / "package.zip"
    path.write_bytes(package)
    return privity_verify.verify(path, told.trust)


@pytest.mark.parametrize(("name", "kind"), [("frozen", "notice"), ("recalled", "notice"), ("kept", "receipt")])
def test_each_verifies_alone(told: Told, tmp_path: Path, name: str, kind: str) -> None:
    package = getattr(told, name)
    report = judged(told, tmp_path, package)
    assert (report.verdict, report.kind) == ("VALID", kind), privity_verify.to_text(report, tmp_path)
    assert privity_verify.verify(tmp_path / "package.zip").verdict == "INCOMPLETE"


def test_all_verify_in_a_bundle_against_the_whole_log(told: Told, tmp_path: Path) -> None:
    bundle = told.bundle(tmp_path / "bundle", told.packages)
    report = privity_verify.verify(bundle, told.trust)
    assert report.verdict == "VALID", privity_verify.to_text(report, bundle)
    standing = [item.reason for item in report.findings if item.check == "standing"]
    assert standing == ["acknowledged", "acknowledged"]
    shutil.rmtree(bundle / "log")
    assert privity_verify.verify(bundle, told.trust).verdict == "INCOMPLETE"


def test_an_older_log_does_not_know_them(told: Told, tmp_path: Path) -> None:
    bundle = told.bundle(tmp_path / "bundle", [told.frozen])
    shutil.rmtree(bundle / "log")
    shutil.copytree(told.early / "log", bundle / "log")
    assert "does not know this notice" in failures(privity_verify.verify(bundle, told.trust))


def test_two_receipts_for_one_notice_are_found(told: Told, tmp_path: Path) -> None:
    again = signed_anew(told, told.kept, lambda document: document, by="requester")
    bundle = told.bundle(tmp_path / "bundle", [told.frozen, told.kept, again])
    assert "two receipt packages of one notice" in failures(privity_verify.verify(bundle, told.trust))


@pytest.mark.parametrize("name", ["frozen", "kept"])
def test_every_changed_byte_is_found(told: Told, tmp_path: Path, name: str) -> None:
    package = getattr(told, name)
    signature = files_of(package)["manifest.p7s"]
    start = package.index(signature)
    for place in range(0, len(package), 3):
        if start <= place < start + len(signature):
            continue  # openssl's part: tests/flow/test_verifier_tampering.py
        changed = bytearray(package)
        changed[place] ^= 1
        report = judged(told, tmp_path, bytes(changed))
        assert report.verdict == "INVALID", f"byte {place} of {name}"


def answer(**changes: object) -> Callable[[dict[str, Any]], object]:
    return lambda document: document["answer"].update(changes)


def of_order(**changes: object) -> Callable[[dict[str, Any]], object]:
    return lambda document: document["orders"][0].update(changes)


def said(**changes: object) -> Callable[[dict[str, Any]], object]:
    return lambda document: document.update(changes)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (answer(lines=1), "notice_manifest_sha256 is not that of this notice"),
        (answer(response_manifest_sha256="a" * 64), "notice_manifest_sha256 is not that of this notice"),
        (answer(request_id="R-OTHER"), "request_id is not that of this notice"),
        (answer(released_on="2026-02-30"), "not a day that exists"),
        (answer(persons=1), "exactly the expected fields"),
        (of_order(docket="1:25-cv-00678"), "notice_manifest_sha256 is not that of this notice"),
        (of_order(docket="x" * 81), "docket that is too long"),
        (of_order(demand="recall"), "demands something else"),
        (of_order(hold_id="hold-0123456789abcdef"), "demands something else"),
        (said(orders=[]), "demands something else"),
        (said(may_destroy=True), "another thing in words"),
        (said(demand="Do as you like."), "another thing in words"),
        (said(action="recall"), "another thing in words"),
        (said(receipt_due="2020-01-01T00:00:00Z"), "was due before"),
        (said(created_at="2026-01-01T00:00:00Z"), "notice_manifest_sha256 is not that of this notice"),
        (said(unhashed=["log/proof.txt"]), "leaves other files unhashed"),
        (said(name="Somebody"), "exactly the expected fields"),
        (said(notice_id="notice-0123456789abcdef"), "notice_id is not that of this notice"),
    ],
)
def test_a_notice_that_the_log_does_not_have_is_refused(
    told: Told, tmp_path: Path, change: Callable[[dict[str, Any]], object], reason: str
) -> None:
    report = judged(told, tmp_path, signed_anew(told, told.frozen, change, by="custodian"))
    assert report.verdict == "INVALID"
    assert reason in failures(report)


def test_each_side_signs_its_own(told: Told, tmp_path: Path) -> None:
    for package, by in ((told.frozen, "requester"), (told.kept, "custodian")):
        report = judged(told, tmp_path, signed_anew(told, package, lambda document: document, by=by))
        assert report.verdict == "INVALID"
        assert "openssl refuses" in failures(report)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (said(outcome="returned"), "another receipt_manifest_sha256"),
        (said(notice_manifest_sha256="a" * 64), "another receipt_manifest_sha256"),
        (said(request_id="R-OTHER"), "another receipt_manifest_sha256"),
        (said(done_on="2020-01-01"), "another receipt_manifest_sha256"),
        (said(done_on="2999-01-01"), "a day in the future"),
        (said(done_on="2026-13-01"), "not a day that exists"),
        (said(outcome="lost"), "manifest"),
        (said(notice_id="notice-0123456789abcdef"), "does not know this notice"),
        (said(line_id="7"), "exactly the expected fields"),
    ],
)
def test_a_receipt_that_the_log_does_not_have_is_refused(
    told: Told, tmp_path: Path, change: Callable[[dict[str, Any]], object], reason: str
) -> None:
    forged = signed_anew(told, told.kept, change, by="requester")
    report = privity_verify.verify(told.bundle(tmp_path / "bundle", [told.frozen, forged]), told.trust)
    assert report.verdict == "INVALID"
    assert reason in failures(report)


def test_a_receipt_signed_at_another_moment_than_it_states_is_refused(told: Told, tmp_path: Path) -> None:
    files = files_of(told.kept)
    person = signer_of(holder(told.desk)[1])
    files["manifest.p7s"] = person.sign(files["manifest.json"], at=told.desk.clock.now())
    assert "another moment" in failures(judged(told, tmp_path, write_container(list(files.items()))))


def test_a_notice_with_a_file_more_is_refused(told: Told, tmp_path: Path) -> None:
    more = write_container([*files_of(told.frozen).items(), ("parts/0001.p7m", b"x")])
    assert "does not name" in failures(judged(told, tmp_path, more))
