"""Stock OpenSSL agrees (C10): it verifies our signatures, opens our parts, and we accept what it makes."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from demo.pki import AGREE, Identity, create_pki
from privity.domain.certificate_policies import RECIPIENT, REQUEST_SIGNING
from privity.domain.errors import ErrorCode, PrivityError
from tests.builders.packages import request_package
from tests.builders.pki import AT, OFFICES, Odd, decryptor_of, encrypt_to, odd_identity, pki, signer_of, verifier

OPENSSL = shutil.which("openssl")
pytestmark = pytest.mark.skipif(
    OPENSSL is None
    or not subprocess.run([OPENSSL, "version"], capture_output=True, text=True).stdout.startswith("OpenSSL 3"),
    reason="OpenSSL 3 is not installed: stock tools could not be asked",
)


def openssl(*arguments: str | Path, check: bool = True) -> subprocess.CompletedProcess[bytes]:
    assert OPENSSL
    done = subprocess.run([OPENSSL, *map(str, arguments)], capture_output=True, check=False)
    assert not check or done.returncode == 0, done.stderr.decode()
    return done


def verify_with_openssl(folder: Path, content: bytes, signature: bytes, *, policy: str = "") -> int:
    (folder / "content").write_bytes(content)
    (folder / "signature").write_bytes(signature)
    (folder / "trust").write_bytes(b"".join(path.read_bytes() for path in (*pki().anchors, *pki().crls)))
    arguments: Sequence[str | Path] = (
        "cms", "-verify", "-binary", "-inform", "DER", "-in", folder / "signature", "-content", folder / "content",
        "-CAfile", folder / "trust", "-crl_check_all", "-purpose", "any",
        "-attime", str(int(AT.timestamp())), "-cades", "-out", folder / "out",
    )  # fmt: skip
    extra = ("-policy_check", "-explicit_policy", "-policy", policy) if policy else ()
    return openssl(*arguments, *extra, check=False).returncode


@pytest.mark.parametrize("key", ["p256", "p384", "rsa3072"])
def test_openssl_verifies_our_signatures_with_path_lists_and_policy(tmp_path: Path, key: str) -> None:
    identity = odd_identity(tmp_path, Odd(key=key))
    signature = signer_of(identity).sign(b"hello\n", at=AT)
    assert verify_with_openssl(tmp_path, b"hello\n", signature, policy=REQUEST_SIGNING) == 0
    assert verify_with_openssl(tmp_path, b"hullo\n", signature) != 0


def test_openssl_verifies_a_request_packages_manifest(tmp_path: Path) -> None:
    import zipfile

    with zipfile.ZipFile(io.BytesIO(request_package())) as archive:
        manifest, signature = archive.read("manifest.json"), archive.read("manifest.p7s")
        assert verify_with_openssl(tmp_path, manifest, signature, policy=REQUEST_SIGNING) == 0
        assert verify_with_openssl(tmp_path, manifest.replace(b'"lines":', b'"Lines":'), signature) != 0


@pytest.mark.parametrize("key", ["p256", "p384"])
def test_openssl_opens_our_parts_byte_for_byte(tmp_path: Path, key: str) -> None:
    identity = odd_identity(tmp_path, Odd(key=key))
    plaintext = bytes(range(256)) * 500
    (tmp_path / "part").write_bytes(encrypt_to(identity, plaintext))
    openssl(
        "cms", "-decrypt", "-binary", "-inform", "DER", "-in", tmp_path / "part", "-recip", identity.certificate,
        "-inkey", identity.key, "-out", tmp_path / "plain",
    )  # fmt: skip
    assert (tmp_path / "plain").read_bytes() == plaintext


def test_openssl_refuses_a_changed_part(tmp_path: Path) -> None:
    """It may leave what it could not authenticate: that is why recipients check the exit status first."""
    identity = pki().officers[0]
    part = bytearray(encrypt_to(identity, b"x" * 1000))
    part[-500] ^= 1
    (tmp_path / "part").write_bytes(part)
    done = openssl(
        "cms", "-decrypt", "-binary", "-inform", "DER", "-in", tmp_path / "part", "-recip", identity.certificate,
        "-inkey", identity.key, "-out", tmp_path / "plain", check=False,
    )  # fmt: skip
    assert done.returncode != 0


def test_we_accept_what_openssl_signs(tmp_path: Path) -> None:
    """A partner needs no tool of ours to sign: `openssl cms -sign -cades`. Its clock is today's, so ours is too."""
    demo_now = _fresh_holder(tmp_path)
    (tmp_path / "content").write_bytes(b"hello\n")
    openssl(
        "cms", "-sign", "-binary", "-cades", "-md", "sha256", "-outform", "DER", "-in", tmp_path / "content",
        "-signer", demo_now.identity.certificate, "-inkey", demo_now.identity.key, "-certfile", demo_now.authority,
        "-out", tmp_path / "signature",
    )  # fmt: skip
    signature = (tmp_path / "signature").read_bytes()
    try:
        seen = demo_now.checker.verify(b"hello\n", signature, at=demo_now.at, policies=[REQUEST_SIGNING])
    except PrivityError as refusal:
        raise AssertionError(refusal.message) from refusal
    assert seen.signer_fingerprint == demo_now.identity.fingerprint
    with pytest.raises(PrivityError) as refusal:
        demo_now.checker.verify(b"hullo\n", signature, at=demo_now.at)
    assert refusal.value.code is ErrorCode.SIGNATURE_INVALID


def test_we_refuse_openssls_signature_without_the_signed_certificate_reference(tmp_path: Path) -> None:
    fresh = _fresh_holder(tmp_path)
    (tmp_path / "content").write_bytes(b"hello\n")
    openssl(
        "cms", "-sign", "-binary", "-md", "sha256", "-outform", "DER", "-in", tmp_path / "content",
        "-signer", fresh.identity.certificate, "-inkey", fresh.identity.key, "-out", tmp_path / "signature",
    )  # fmt: skip
    with pytest.raises(PrivityError, match="lacks a signed attribute"):
        fresh.checker.verify(b"hello\n", (tmp_path / "signature").read_bytes(), at=fresh.at)


@pytest.mark.parametrize(("key", "digest"), [("p256", "sha256"), ("p384", "sha384")])
def test_we_open_what_openssl_encrypts(tmp_path: Path, key: str, digest: str) -> None:
    identity = odd_identity(tmp_path, Odd(key=key, policies=(RECIPIENT,), uses=(AGREE,)))
    (tmp_path / "plain").write_bytes(b"line\n" * 1000)
    openssl(
        "cms", "-encrypt", "-binary", "-aes-256-gcm", "-outform", "DER", "-in", tmp_path / "plain",
        "-recip", identity.certificate, "-keyopt", f"ecdh_kdf_md:{digest}", "-out", tmp_path / "part",
    )  # fmt: skip
    assert decryptor_of(identity).decrypt((tmp_path / "part").read_bytes()) == b"line\n" * 1000


class _Fresh:
    def __init__(self, folder: Path) -> None:
        self.at = datetime.now(UTC)
        demo = create_pki(folder / "now", at=self.at, offices=OFFICES[:1], officers=0)
        self.identity: Identity = demo.holders[OFFICES[0]]
        self.authority: Path = next(path for path in demo.intermediates if "requester" in path.name)
        self.checker = verifier(demo)


def _fresh_holder(folder: Path) -> _Fresh:
    return _Fresh(folder)
