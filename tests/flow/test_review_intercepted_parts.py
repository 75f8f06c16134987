"""Who catches a package on its way cannot sign its encrypted parts as a request of their own."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest

from demo.pki import Identity
from privity.adapters.cms import CmsEncryptor
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.request import RequestHeader, RequestId
from privity.services.requester.pack_request import write_header
from privity.wire.agreement_format import read_agreement
from privity.wire.package import open_container, write_container
from privity.wire.package_manifest import HEADER_PART, LINES_PART, RequestManifest, describe_file
from privity.wire.request_header import Binding, read_header
from tests.builders.custodian_home import Desk, fresh, signer_of

Files = dict[str, bytes]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return fresh(tmp_path)


def caught(desk: Desk) -> tuple[bytes, Files, RequestHeader, Identity]:
    """A package, its files, its header, and another holder of an office: authorised too, but not the signer."""
    package = desk.pack(desk.stage.first)
    container = open_container(io.BytesIO(package))
    files = {name: container.read(name) for name in container.names}
    header = read_header(desk.stage.first.header.read_bytes())
    other = next(one for office, one in desk.stage.pki.holders.items() if office != header.office)
    return package, files, header, other


def signed(desk: Desk, files: Files, who: Identity) -> bytes:
    signature = signer_of(who).sign(files["manifest.json"], at=desk.clock.now())
    return write_container(list({**files, "manifest.p7s": signature}.items()))


def refused(desk: Desk, package: bytes) -> None:
    with pytest.raises(PrivityError) as raised:
        desk.receive(package)
    assert raised.value.code is ErrorCode.SIGNATURE_INVALID
    with desk.store.reading() as read:
        assert read.requests() == []


def test_another_holder_cannot_sign_what_was_packed_for_the_first(desk: Desk) -> None:
    """Neither is the stranger told line ids and codes, nor is the request's id used up for its own sender."""
    package, files, _, other = caught(desk)
    refused(desk, signed(desk, files, other))
    assert desk.receive(package).state == "ADMITTED"


@pytest.mark.parametrize("guess", [None, Binding("", ""), Binding("0" * 64, "")])
def test_encrypted_lines_cannot_be_put_under_another_header(desk: Desk, guess: Binding | None) -> None:
    package, files, header, other = caught(desk)
    office = next(office for office, one in desk.stage.pki.holders.items() if one is other)
    agreement = read_agreement(desk.stage.agreement.read_bytes())
    own = replace(header, request_id=RequestId("OWN-1"), office=office, agreement_digest=agreement.digest)
    if guess is not None:
        guess = replace(guess, signer=other.fingerprint)
    certificate = (desk.home / "certs" / "request-recipient.pem").read_bytes()
    part = CmsEncryptor().encrypt(write_header(own, guess), certificate)
    manifest = replace(
        RequestManifest.from_bytes(files["manifest.json"]),
        request_id="OWN-1",
        nonce="ab" * 32,
        files=(describe_file(HEADER_PART, part), describe_file(LINES_PART, files[LINES_PART])),
    )
    refused(desk, signed(desk, {**files, HEADER_PART: part, "manifest.json": manifest.to_bytes()}, other))
    assert desk.receive(package).state == "ADMITTED"
