"""Opening a response: rows come out only when everything verified, and only one's own."""

from __future__ import annotations

import io

import pytest

from demo.pki import Identity
from privity.domain.answer import Answer, ResponseLine
from privity.domain.certificate_policies import REQUEST_SIGNING
from privity.domain.errors import ErrorCode, PrivityError
from privity.services.requester.open_response import OpenedResponse, open_response
from privity.wire.package import write_container
from privity.wire.response_format import write_part
from tests.builders.packages import line, response_files, response_package
from tests.builders.pki import AT, OFFICES, decryptor_of, encrypt_to, pki, signer_of, verifier

CHECKER = verifier()
YES, NO, BAD = Answer.CONFIRMED, Answer.NO_CONFIRMATION, ErrorCode.ADDRESS_INCOMPLETE


def officer(place: int) -> Identity:
    return pki().officers[place]


def groups() -> list[tuple[Identity, list[ResponseLine]]]:
    return [
        (officer(0), [line(1, YES), line(4, NO)]),
        (officer(1), [line(2, NO)]),
        (pki().holders[OFFICES[0]], [line(3, BAD)]),
    ]


def opened(package: bytes, *recipients: Identity, **options: object) -> OpenedResponse:
    decryptors = {one.fingerprint: decryptor_of(one) for one in recipients}
    return open_response(io.BytesIO(package), decryptors, CHECKER, at=AT, **options)  # type: ignore[arg-type]


def refused(package: bytes, *recipients: Identity, **options: object) -> PrivityError:
    with pytest.raises(PrivityError) as refusal:
        opened(package, *(recipients or (officer(0),)), **options)
    return refusal.value


def test_each_recipient_reads_its_own_rows_and_no_others() -> None:
    package = response_package(groups())
    mine = opened(package, officer(0))
    assert [(row.ordinal, row.line_id.reveal(), row.answer, row.code) for row in mine.lines] == [
        (1, "a1", YES, None),
        (4, "a4", NO, None),
    ]
    assert [row.code for row in opened(package, pki().holders[OFFICES[0]]).lines] == [BAD]
    assert mine.manifest.lines == 4
    assert mine.parts_opened == 1


def test_several_certificates_open_several_parts_in_order() -> None:
    both = opened(response_package(groups()), officer(1), officer(0))
    assert [row.ordinal for row in both.lines] == [1, 2, 4]
    assert both.parts_opened == 2


def test_a_stranger_finds_no_part() -> None:
    assert refused(response_package(groups()), officer(3)).code is ErrorCode.RECEIVER_UNLISTED


def test_the_signature_must_be_the_custodians() -> None:
    package = response_package(groups())
    assert refused(package, policies=[REQUEST_SIGNING]).code is ErrorCode.CERTIFICATE_INVALID
    files = response_files(groups())
    files["manifest.p7s"] = signer_of(pki().holders[OFFICES[0]]).sign(files["manifest.json"], at=AT)
    assert refused(write_container(list(files.items()))).code is ErrorCode.CERTIFICATE_INVALID


def test_any_changed_file_is_refused_but_the_logs_which_prove_themselves() -> None:
    files = response_files(groups())
    for name, content in files.items():
        damaged = bytearray(content)
        damaged[len(content) // 2] ^= 1
        package = write_container(list({**files, name: bytes(damaged)}.items()))
        if name.startswith("log/"):
            assert opened(package, officer(0)).lines
        else:
            refused(package)


def test_missing_and_extra_files_are_refused() -> None:
    files = response_files(groups())
    for name in ("log/proof.txt", "parts/0002.p7m"):
        assert refused(write_container([item for item in files.items() if item[0] != name])).code is (
            ErrorCode.PACKAGE_INVALID
        )
    assert refused(write_container([*files.items(), ("parts/0009.p7m", b"x")])).code is ErrorCode.PACKAGE_INVALID


def test_a_part_encrypted_to_someone_else_is_refused() -> None:
    """A signed manifest that names me for a part that was encrypted to another."""
    import privity.wire.package_manifest as manifests
    from tests.builders.packages import custodian_signer

    files = response_files(groups())
    wrong = encrypt_to(officer(2), write_part([line(1, YES), line(4, NO)]))
    manifest = manifests.ResponseManifest.from_bytes(files["manifest.json"])
    entry = manifests.describe_file("parts/0001.p7m", wrong)
    parts = (
        manifests.PartEntry(entry.name, officer(0).fingerprint, 2, entry.size, entry.sha256),
        *manifest.parts[1:],
    )
    from dataclasses import replace

    document = replace(manifest, parts=parts).to_bytes()
    files |= {
        "manifest.json": document,
        "manifest.p7s": signer_of(custodian_signer()).sign(document, at=AT),
        "parts/0001.p7m": wrong,
    }
    assert refused(write_container(list(files.items()))).code is ErrorCode.DECRYPTION_FAILED


@pytest.mark.parametrize(
    ("rows", "whole", "lines"),
    [
        ([(1, YES), (1, NO)], False, None),  # one line twice
        ([(3, YES)], False, None),  # a line that the request did not have
        ([(1, YES)], True, None),  # answered, though returned whole
    ],
)
def test_rows_that_contradict_the_manifest_are_refused(
    rows: list[tuple[int, Answer]], whole: bool, lines: int | None
) -> None:
    files = response_files(
        [(officer(0), [line(ordinal, told) for ordinal, told in rows])], returned_whole=whole, lines=lines
    )
    assert refused(write_container(list(files.items()))).code is ErrorCode.PACKAGE_INVALID


def test_a_part_with_another_number_of_rows_is_refused() -> None:
    import privity.wire.package_manifest as manifests
    from tests.builders.packages import custodian_signer

    files = response_files([(officer(0), [line(1, YES)])])
    manifest = manifests.ResponseManifest.from_bytes(files["manifest.json"])
    from dataclasses import replace

    part = replace(manifest.parts[0], lines=2)
    document = replace(manifest, parts=(part,), lines=2).to_bytes()
    files |= {"manifest.json": document, "manifest.p7s": signer_of(custodian_signer()).sign(document, at=AT)}
    assert "number of lines" in refused(write_container(list(files.items()))).message


def test_empty_truncated_and_request_packages_are_refused() -> None:
    from tests.builders.packages import request_package

    package = response_package(groups())
    for wrong in (b"", package[:-1], package[: len(package) // 2], request_package()):
        assert refused(wrong).code is ErrorCode.PACKAGE_INVALID
