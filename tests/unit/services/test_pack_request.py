"""Packing a request: what the custodian will find, and the request package under attack, byte by byte."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import pytest

from privity.domain.certificate_policies import REQUEST_SIGNING
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.request import RequestHeader, RequestId
from privity.services.requester.pack_request import write_header
from privity.wire.package import open_container, write_container
from privity.wire.package_manifest import HEADER_PART, LINES_PART, RequestManifest, check_files
from privity.wire.request_header import read_header
from tests.builders.packages import AGREEMENT, HEADER, LINES, custodian_recipient, request_package
from tests.builders.pki import AT, OFFICES, decryptor_of, pki, verifier

CHECKER = verifier()


def receive(package: bytes) -> tuple[RequestManifest, bytes, bytes]:
    """What any receiver does, in the order of the procedure: container, manifest, hashes, signature, decryption."""
    container = open_container(io.BytesIO(package))
    document = container.read("manifest.json")
    manifest = RequestManifest.from_bytes(document)
    check_files(container, manifest.files)
    CHECKER.verify(document, container.read("manifest.p7s"), at=AT, policies=[REQUEST_SIGNING])
    opener = decryptor_of(custodian_recipient())
    return manifest, opener.decrypt(container.read(HEADER_PART)), opener.decrypt(container.read(LINES_PART))


def refused(package: bytes) -> PrivityError:
    with pytest.raises(PrivityError) as refusal:
        receive(package)
    return refusal.value


def repacked(**changes: bytes) -> bytes:
    """The package with some files replaced, in a container that is good in itself."""
    with zipfile.ZipFile(io.BytesIO(request_package())) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    files.update({name.replace("__", "/").replace("_", "."): content for name, content in changes.items()})
    return write_container(list(files.items()))


def test_a_package_says_what_was_given() -> None:
    manifest, header, lines = receive(request_package())
    assert lines == LINES
    assert read_header(header) == replace(HEADER, agreement_digest=AGREEMENT.digest)
    assert (manifest.lines, manifest.lines_format) == (2, "csv")
    assert (manifest.request_id, manifest.requester, manifest.custodian) == (
        "REQ-2026-0001",
        "requester-agency",
        "custodian-agency",
    )
    assert (manifest.agreement.id, manifest.agreement.version, manifest.agreement.digest) == (
        AGREEMENT.id,
        1,
        AGREEMENT.digest,
    )
    assert manifest.created_at == AT
    assert manifest.nonce != receive(request_package())[0].nonce


def test_nothing_personal_is_readable_in_a_package() -> None:
    package = request_package()
    for word in (b"Example", b"Main St", b"Dallas", b"75201", b"criminal-enforcement"):
        assert word not in package


def test_headers_survive_the_round_trip() -> None:
    header = replace(
        HEADER,
        statutes=(),
        attestations=("é", "b: c", "- d", "#e"),
        purpose="yes",
        created_at=AT.replace(microsecond=123456),
        agreement_digest="a" * 64,
    )
    assert read_header(write_header(header)) == header


@pytest.mark.parametrize(
    "header",
    [
        replace(HEADER, agreement_id="another"),
        replace(HEADER, agreement_version=2),
        replace(HEADER, agreement_digest="f" * 64),
    ],
)
def test_a_header_for_another_agreement_is_refused(header: RequestHeader) -> None:
    with pytest.raises(PrivityError) as refusal:
        request_package(header=header)
    assert refusal.value.code is ErrorCode.FORMAT_INVALID


@pytest.mark.parametrize("lines", [b"", LINES.split(b"\n")[0] + b"\n", LINES.decode().encode("utf-16"), b"a,b\n1,2\n"])
def test_files_without_lines_or_form_are_refused(lines: bytes) -> None:
    with pytest.raises(PrivityError) as refusal:
        request_package(lines)
    assert refusal.value.code is ErrorCode.FORMAT_INVALID


def test_a_request_id_outside_the_grammar_is_refused() -> None:
    with pytest.raises(PrivityError):
        request_package(header=replace(HEADER, request_id=RequestId("../../etc")))


def test_any_changed_byte_is_refused_even_where_the_container_is_made_good_again() -> None:
    """First the container's own cover (every byte), then each file inside a container with right checksums."""
    package = request_package()
    for place in range(0, len(package), 3):
        damaged = bytearray(package)
        damaged[place] ^= 0x01
        assert refused(bytes(damaged)).code is ErrorCode.PACKAGE_INVALID
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    for name, content in files.items():
        for place in range(0, len(content), 11):
            damaged = bytearray(content)
            damaged[place] ^= 0x01
            refused(write_container(list({**files, name: bytes(damaged)}.items())))


def test_extra_missing_swapped_and_foreign_files_are_refused() -> None:
    assert "does not name" in refused(repacked(parts__extra_p7m=b"hello")).message
    other = zipfile.ZipFile(io.BytesIO(request_package()))
    assert refused(repacked(parts__lines_p7m=other.read(LINES_PART))).code is ErrorCode.PACKAGE_INVALID
    assert refused(repacked(manifest_json=other.read("manifest.json"))).code is ErrorCode.PACKAGE_INVALID
    assert refused(repacked(manifest_p7s=other.read("manifest.p7s"))).code is ErrorCode.SIGNATURE_INVALID


def test_another_custodians_key_does_not_open_it() -> None:
    package = request_package()
    container = open_container(io.BytesIO(package))
    with pytest.raises(PrivityError) as refusal:
        decryptor_of(pki().holders[OFFICES[0]]).decrypt(container.read(LINES_PART))
    assert refusal.value.code is ErrorCode.DECRYPTION_FAILED
