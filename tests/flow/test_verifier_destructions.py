"""The verifier on destruction certificates, alone and in a bundle: what the gate signs holds, every edit is found.

Also what the gate's own key could be made to sign: a certificate that says other things than the log.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import privity_verify
from privity.services.home.apply_retention import Destroyed, destroy_request
from privity.wire.canonical_json import encode
from tests.builders.custodian_home import Desk, fresh
from tests.flow.test_verifier_on_real_homes import bundle_of

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="stock openssl is not installed")


class Ended:
    """A home whose one request was delivered and destroyed; bundles from before and after; the certificate's folder."""

    def __init__(self, folder: Path) -> None:
        self.desk: Desk = fresh(folder)
        package = self.desk.pack(self.desk.stage.first)
        received, delivered = self.desk.walk(package)
        accounted = {received.request_id: False}
        packages = [package, Path(delivered.path).read_bytes()]
        self.before = bundle_of(self.desk, folder / "before", packages, accounted)
        self.desk.clock.advance(3600)
        expire = self.desk.clock.now().date() + timedelta(days=90)
        self.done: Destroyed = destroy_request(self.desk.gate, received.request_id, backups_expire=expire)
        self.after = bundle_of(self.desk, folder / "after", packages, accounted)
        self.trust = self.desk.home / "public" / "trust.json"
        self.folder = self.write(folder / "certificate")

    def write(self, folder: Path, document: bytes | None = None, signature: bytes | None = None) -> Path:
        """The certificate's four files, two of them as given."""
        folder.mkdir(parents=True)
        files = self.done.certificate
        (folder / "certificate.json").write_bytes(document or files.document)
        (folder / "certificate.p7s").write_bytes(signature or files.signature)
        (folder / "entry.json").write_bytes(files.entry)
        (folder / "proof.txt").write_bytes(files.proof)
        return folder

    def signed(self, folder: Path, change: Callable[[dict[str, Any]], object]) -> Path:
        """A certificate with one change, signed anew by the custodian's own key at the stated moment."""
        document = json.loads(self.done.certificate.document)
        change(document)
        data = encode(document)
        moment = privity_verify.read_moment(document["certified_at"], "moment")
        return self.write(folder, data, self.desk.keys.response_signer().sign(data, at=moment))


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    return Ended(tmp_path_factory.mktemp("ended"))


def failures(report: privity_verify.Report) -> str:
    return " / ".join(item.reason for item in report.findings if item.outcome == "fail")


def in_bundle(bundle: Path, certificate: Path, folder: Path) -> Path:
    shutil.copytree(bundle, folder)
    shutil.copytree(certificate, folder / "destructions" / "one")
    return folder


def test_the_certificate_verifies_alone(ended: Ended) -> None:
    report = privity_verify.verify(ended.folder, ended.trust)
    assert (report.verdict, report.kind) == ("VALID", "destruction"), privity_verify.to_text(report, ended.folder)
    assert privity_verify.verify(ended.folder).verdict == "INCOMPLETE"


def test_the_certificate_verifies_in_a_bundle_against_the_whole_log(ended: Ended, tmp_path: Path) -> None:
    report = privity_verify.verify(in_bundle(ended.after, ended.folder, tmp_path / "bundle"), ended.trust)
    assert report.verdict == "VALID", privity_verify.to_text(report, tmp_path)
    assert any(item.subject == "destruction 1" and item.check == "signature" for item in report.findings)


def test_a_log_that_does_not_tell_the_destruction_contradicts_it(ended: Ended, tmp_path: Path) -> None:
    report = privity_verify.verify(in_bundle(ended.before, ended.folder, tmp_path / "bundle"), ended.trust)
    assert "newer log than the one in the bundle" in failures(report)


def test_without_a_log_the_bundle_is_incomplete(ended: Ended, tmp_path: Path) -> None:
    bundle = in_bundle(ended.after, ended.folder, tmp_path / "bundle")
    shutil.rmtree(bundle / "log")
    assert privity_verify.verify(bundle, ended.trust).verdict == "INCOMPLETE"


@pytest.mark.parametrize("name", ["certificate.json", "entry.json", "proof.txt"])
def test_every_changed_byte_is_found(ended: Ended, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(ended.folder, folder)
    data = (folder / name).read_bytes()
    for place in range(len(data)):
        changed = bytearray(data)
        changed[place] ^= 1
        (folder / name).write_bytes(changed)
        assert privity_verify.verify(folder, ended.trust).verdict == "INVALID", f"byte {place} of {name}"


def test_a_changed_signature_is_found(ended: Ended, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(ended.folder, folder)
    data = (folder / "certificate.p7s").read_bytes()
    for place in range(0, len(data), 37):
        changed = bytearray(data)
        changed[place] ^= 1
        (folder / "certificate.p7s").write_bytes(changed)
        assert privity_verify.verify(folder, ended.trust).verdict == "INVALID", f"byte {place}"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda d: d.update(blobs=d["blobs"] + 1), "does not add up"),
        (lambda d: d["covered"].update(more=1), "does not add up"),
        (lambda d: (d["covered"].update(more=1), d.update(blobs=d["blobs"] + 1)), "blobs is not that"),
        (lambda d: d.update(key_id="0" * 32), "key_id is not that"),
        (lambda d: d.update(backups_expire="2020-01-01"), "backups_expire is not that"),
        (lambda d: d.update(backups_expire="2026-02-30"), "not a day that exists"),
        (lambda d: d.update(request_id="another-request"), "request_id is not that"),
        (lambda d: d["agreement"].update(version=9), "another agreement"),
        (lambda d: d["checkpoint"].update(size=d["checkpoint"]["size"] + 1), "another head"),
        (lambda d: d.update(log_index=d["log_index"] + 1), "another log entry"),
        (lambda d: d.update(intent_index=d["log_index"]), "before it was intended"),
        (lambda d: d.update(destroyed_at="2020-01-01T00:00:00Z"), "not in order"),
        (lambda d: d.update(kept=[1]), "not said in words"),
        (lambda d: d.update(extra="field"), "certificate"),
    ],
)
def test_the_custodians_key_cannot_certify_what_the_log_does_not_say(
    ended: Ended, tmp_path: Path, change: Callable[[dict[str, Any]], object], reason: str
) -> None:
    report = privity_verify.verify(ended.signed(tmp_path / "certificate", change), ended.trust)
    assert report.verdict == "INVALID"
    assert reason in failures(report)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda d: d.update(intent_index=d["intent_index"] - 1), "at another place"),
        (lambda d: d.update(request_manifest_sha256="0" * 64), "another request package"),
    ],
)
def test_the_bundle_compares_what_the_certificate_alone_cannot(
    ended: Ended, tmp_path: Path, change: Callable[[dict[str, Any]], object], reason: str
) -> None:
    certificate = ended.signed(tmp_path / "certificate", change)
    assert privity_verify.verify(certificate, ended.trust).verdict == "VALID"
    report = privity_verify.verify(in_bundle(ended.after, certificate, tmp_path / "bundle"), ended.trust)
    assert reason in failures(report)


def test_two_certificates_of_one_request_and_stray_files_are_refused(ended: Ended, tmp_path: Path) -> None:
    bundle = in_bundle(ended.after, ended.folder, tmp_path / "bundle")
    shutil.copytree(ended.folder, bundle / "destructions" / "two")
    assert "two destruction certificates" in failures(privity_verify.verify(bundle, ended.trust))
    shutil.rmtree(bundle / "destructions" / "two")
    (bundle / "destructions" / "one" / "more.txt").write_text("more")
    assert "exactly its four files" in failures(privity_verify.verify(bundle, ended.trust))
