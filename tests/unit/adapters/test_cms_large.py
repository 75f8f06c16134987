"""Large contents of envelopes: written and read byte for byte as small ones are, and as jealously."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from asn1crypto import cms

from privity.adapters.cms import CmsDecryptor, CmsEncryptor
from privity.adapters.cms_large import LARGE, put_in, take_out
from privity.domain.errors import ErrorCode, PrivityError
from tests.builders.pki import pki


def decryptor() -> CmsDecryptor:
    officer = pki().officers[0]
    return CmsDecryptor(officer.key.read_bytes(), officer.certificate_pem.encode())


def sealed(plain: bytes) -> bytes:
    return CmsEncryptor().encrypt(plain, pki().officers[0].certificate_pem.encode())


@pytest.mark.parametrize("size", [0, 1, 127, 128, 255, 256, 65_535, 65_536, LARGE - 1, LARGE, LARGE + 1, 3 * LARGE])
def test_every_size_is_one_der_and_opens(size: int) -> None:
    plain = bytes(range(256)) * (size // 256) + bytes(size % 256)
    enveloped = sealed(plain)
    assert decryptor().decrypt(enveloped) == plain
    parsed = cms.ContentInfo.load(enveloped, strict=True)
    assert parsed.dump(force=True) == enveloped  # written anew by the library: the same bytes
    assert (take_out(enveloped) is not None) == (size >= LARGE)


def test_out_and_in_again_is_the_same() -> None:
    enveloped = sealed(b"p" * (LARGE + 77))
    taken = take_out(enveloped)
    assert taken is not None
    empty, content = taken
    assert len(empty) < 1000
    assert len(content) == LARGE + 77
    assert put_in(empty, content) == enveloped
    with pytest.raises(ValueError, match="no content"):
        put_in(b"\x30\x00", content)


def test_a_changed_byte_anywhere_is_refused() -> None:
    enveloped = sealed(b"p" * LARGE)
    taken = take_out(enveloped)
    assert taken is not None
    outside = [place for place in range(len(enveloped)) if not 600 < place < len(enveloped) - 60]
    for place in [*outside, 5_000, len(enveloped) // 2, len(enveloped) - 100]:
        changed = bytearray(enveloped)
        changed[place] ^= 1
        with pytest.raises(PrivityError) as refusal:
            decryptor().decrypt(bytes(changed))
        assert refusal.value.code is ErrorCode.DECRYPTION_FAILED


def test_openssl_opens_a_large_part(tmp_path: Path) -> None:
    officer = pki().officers[0]
    part, opened, certificate = tmp_path / "part.p7m", tmp_path / "plain", tmp_path / "cert.pem"
    part.write_bytes(sealed(b"line\n" * LARGE))
    certificate.write_text(officer.certificate_pem)
    files = ("-in", part, "-recip", certificate, "-inkey", officer.key, "-out", opened)
    command = ["openssl", "cms", "-decrypt", "-inform", "DER", *map(str, files)]
    subprocess.run(command, check=True, capture_output=True)
    assert opened.read_bytes() == b"line\n" * LARGE
