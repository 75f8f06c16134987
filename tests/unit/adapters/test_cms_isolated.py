"""The child process gives the same verdicts, and its death is a refusal, not an accident of ours."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from privity.adapters import cms_isolated
from privity.adapters.cms_isolated import IsolatedVerifier
from privity.domain.certificate_policies import REQUEST_SIGNING, RESPONSE_SIGNING
from privity.domain.errors import ErrorCode, PrivityError
from tests.builders.pki import AT, OFFICES, pki, signer_of, verifier


@pytest.fixture(scope="module")
def isolated() -> IsolatedVerifier:
    return IsolatedVerifier(
        [path.read_bytes() for path in pki().anchors],
        [path.read_bytes() for path in pki().intermediates],
        [path.read_bytes() for path in pki().crls],
    )


def refused(
    checker: IsolatedVerifier, content: bytes, signature: bytes, policies: tuple[str, ...] = ()
) -> PrivityError:
    with pytest.raises(PrivityError) as refusal:
        checker.verify(content, signature, at=AT, policies=policies)
    return refusal.value


def test_same_verdicts_as_in_process(isolated: IsolatedVerifier) -> None:
    signature = signer_of(pki().holders[OFFICES[0]]).sign(b"x", at=AT)
    seen = isolated.verify(b"x", signature, at=AT, policies=[REQUEST_SIGNING])
    assert seen == verifier().verify(b"x", signature, at=AT, policies=[REQUEST_SIGNING])
    assert isolated.check_recipient(pki().officers[0].certificate_pem, at=AT)
    other = refused(isolated, b"y", signature)
    assert (other.code, other.mend != "") == (ErrorCode.SIGNATURE_INVALID, True)
    assert refused(isolated, b"x", signature, (RESPONSE_SIGNING,)).code is ErrorCode.CERTIFICATE_INVALID


@pytest.mark.parametrize(
    "child",
    [
        "import sys; sys.exit(3)",
        "import os; os.abort()",
        "print('{}')",
        "print('[')",
        'print(\'{"fingerprint": "x"}\')',
        "bytearray(10**12)",
        "import time; time.sleep(60)",
    ],
)
def test_a_child_that_dies_hangs_or_babbles_is_a_refusal(
    isolated: IsolatedVerifier, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, child: str
) -> None:
    script = tmp_path / "child"
    script.write_text(f"#!{sys.executable}\n{child}\n")
    script.chmod(0o700)
    monkeypatch.setattr(cms_isolated.sys, "executable", str(script))
    monkeypatch.setattr(cms_isolated, "WALL_SECONDS", 2)
    error = refused(isolated, b"x", signer_of(pki().holders[OFFICES[0]]).sign(b"x", at=AT))
    assert error.code is ErrorCode.SIGNATURE_INVALID
    assert "limits" in error.message


def test_the_childs_limits_hold(isolated: IsolatedVerifier) -> None:
    """A question beyond the child's own limit: it exits, we refuse."""
    assert "limits" in refused(isolated, bytes(60_000_000), b"x").message
