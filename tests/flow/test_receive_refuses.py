"""Bad packages at the door: each ends in a clear error or a returned request, is logged, and nothing is lost."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from privity.adapters.cms import CmsEncryptor
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.offices import CustodianRole
from privity.services.accounting.account_for_person import account_for_request
from privity.services.admission.receive_request import REFUSALS
from privity.services.admission.show_request import list_requests
from privity.services.agreements.record_offices import record_offices
from privity.services.requester.pack_request import write_header
from privity.wire.package import write_container
from privity.wire.package_manifest import HEADER_PART, LINES_PART, RequestManifest, describe_file
from privity.wire.request_header import Binding, read_header
from tests.builders.custodian_home import Desk, fresh, signer_of


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return fresh(tmp_path)


def events(desk: Desk) -> list[tuple[str, str]]:
    with desk.store.reading() as read:
        entries = [json.loads(row) for row in read.log_rows(0, 1000)]
    return [(entry["event"], str(entry["fields"].get("code", ""))) for entry in entries]


def refused(desk: Desk, package: bytes, code: ErrorCode) -> PrivityError:
    """Refused at the door: an arrival and a refusal are logged and published, no request is stored."""
    requests = len(list_requests(desk.gate))
    with pytest.raises(PrivityError) as raised:
        desk.receive(package)
    assert raised.value.code is code
    assert events(desk)[-2:] == [("PACKAGE_ARRIVED", ""), ("PACKAGE_REFUSED", code.value)]
    assert len(list_requests(desk.gate)) == requests
    with desk.store.reading() as read:
        assert desk.gate.log.published_size() == read.log_size()
    return raised.value


def repacked(package: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """The package with other files, as an ordinary zip program would write it."""
    with zipfile.ZipFile(io.BytesIO(package)) as source:
        files = {name: source.read(name) for name in source.namelist()}
    change(files)
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as target:
        for name, content in files.items():
            target.writestr(name, content)
    return output.getvalue()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda package: b"",
        lambda package: package[: len(package) // 2],
        lambda package: package[:-1],
        lambda package: b"\0" * 1000,
        lambda package: repacked(package, lambda files: None),
        lambda package: repacked(package, lambda files: files.update({"extra.txt": b"x"})),
        lambda package: package[:200] + bytes([package[200] ^ 1]) + package[201:],
    ],
    ids=["empty", "half", "cut short", "zeros", "re-zipped", "extra file", "one bit"],
)
def test_a_damaged_container_is_refused(desk: Desk, spoil: Callable[[bytes], bytes]) -> None:
    refused(desk, spoil(desk.pack(desk.stage.first)), ErrorCode.PACKAGE_INVALID)
    assert desk.receive(desk.pack(desk.stage.first)).state == "ADMITTED"


def test_a_package_for_another_key_is_refused(desk: Desk) -> None:
    other = desk.stage.pki.officers[0]

    def encrypt_elsewhere(files: dict[str, bytes]) -> None:
        files[LINES_PART] = CmsEncryptor().encrypt(b"line_id\nx\n", other.certificate.read_bytes())

    refused(desk, resigned(desk, encrypt_elsewhere), ErrorCode.DECRYPTION_FAILED)


def with_lines(desk: Desk, document: bytes) -> bytes:
    """A rightly signed request package around any bytes in the place of lines."""
    certificate = (desk.home / "certs" / "request-recipient.pem").read_bytes()

    def replace_lines(files: dict[str, bytes]) -> None:
        binding = Binding(hashlib.sha256(document).hexdigest(), list(desk.stage.pki.holders.values())[-1].fingerprint)
        header = write_header(read_header(desk.stage.first.header.read_bytes()), binding)
        files[HEADER_PART] = CmsEncryptor().encrypt(header, certificate)
        files[LINES_PART] = CmsEncryptor().encrypt(document, certificate)

    return resigned(desk, replace_lines)


def resigned(desk: Desk, change: Callable[[dict[str, bytes]], None], **manifest: object) -> bytes:
    """A package whose contents were changed by the requester itself: hashes and signature are right."""
    with zipfile.ZipFile(io.BytesIO(desk.pack(desk.stage.first))) as source:
        files = {name: source.read(name) for name in source.namelist()}
    change(files)
    parts = {name: files[name] for name in (HEADER_PART, LINES_PART)}
    old = RequestManifest.from_bytes(files["manifest.json"])
    from dataclasses import replace

    new = replace(old, files=tuple(describe_file(name, content) for name, content in parts.items()), **manifest)
    document = new.to_bytes()
    holder = list(desk.stage.pki.holders.values())[-1]
    signature = signer_of(holder).sign(document, at=desk.clock.now())
    return write_container([("manifest.json", document), ("manifest.p7s", signature), *parts.items()])


def test_a_signature_over_another_manifest_is_refused(desk: Desk) -> None:
    first, second = desk.pack(desk.stage.first), desk.pack(desk.stage.second)
    with zipfile.ZipFile(io.BytesIO(first)) as one, zipfile.ZipFile(io.BytesIO(second)) as other:
        files = [(name, (other if name == "manifest.p7s" else one).read(name)) for name in one.namelist()]
    refused(desk, write_container(files), ErrorCode.SIGNATURE_INVALID)


@pytest.mark.parametrize("who", ["named officer", "disclosure officer"])
def test_a_certificate_that_is_not_for_signing_requests_is_refused(desk: Desk, who: str) -> None:
    pki = desk.stage.pki
    identity = pki.officers[0] if who == "named officer" else pki.disclosure_officers[0]
    refused(desk, desk.pack(desk.stage.first, signer=identity), ErrorCode.CERTIFICATE_INVALID)


def test_a_certificate_that_has_expired_is_refused(desk: Desk) -> None:
    package = desk.pack(desk.stage.first)
    desk.clock.ahead += timedelta(days=365 * 4)
    refused(desk, package, ErrorCode.CERTIFICATE_INVALID)


def test_an_unknown_agreement_is_refused(desk: Desk) -> None:
    from privity.wire.package_manifest import AgreementReference

    unknown = AgreementReference("another-agreement", 1, "0" * 64)
    refused(desk, resigned(desk, lambda files: None, agreement=unknown), ErrorCode.AGREEMENT_NOT_IN_FORCE)


def test_another_custodians_package_is_refused(desk: Desk) -> None:
    refused(desk, resigned(desk, lambda files: None, custodian="someone-else"), ErrorCode.PACKAGE_INVALID)


def test_replays_are_refused_whatever_is_new_about_them(desk: Desk) -> None:
    package = desk.pack(desk.stage.first)
    received = desk.receive(package)
    error = refused(desk, package, ErrorCode.STALE_OR_REPLAYED)
    assert error.details["request_id"] == received.request_id
    refused(desk, desk.pack(desk.stage.first), ErrorCode.STALE_OR_REPLAYED)  # same request id, new nonce
    with zipfile.ZipFile(io.BytesIO(package)) as source:
        nonce = json.loads(source.read("manifest.json"))["nonce"]
    refused(desk, resigned(desk, lambda files: None, request_id="R-other", nonce=nonce), ErrorCode.STALE_OR_REPLAYED)


def test_the_right_signature_by_a_person_out_of_office_goes_back_whole(desk: Desk) -> None:
    package = desk.pack(desk.stage.first)
    offices = desk.stage.offices.read_text(encoding="utf-8")
    from ruamel.yaml import YAML

    document = YAML(typ="safe", pure=True).load(offices)
    for holder in document["holders"]:
        holder["until"] = (desk.clock.now() - timedelta(days=1)).isoformat()
    record_offices(desk.gate, json.dumps(document, default=str).encode())
    received = desk.receive(package)
    assert received.returned_whole
    assert [finding.rule for finding in received.findings] == ["R01"]
    assert received.codes == {"SIGNER_UNAUTHORISED": received.lines}
    account = account_for_request(desk.gate, received.request_id, role=CustodianRole.AUDITOR, reason_code="audit")
    assert account.records == received.lines


def lines_of(desk: Desk) -> list[list[str]]:
    return list(csv.reader(io.StringIO(desk.stage.first.lines.read_text(encoding="utf-8-sig"))))


def as_csv(rows: list[list[str]], newline: str = "\n") -> bytes:
    output = io.StringIO()
    csv.writer(output, lineterminator=newline).writerows(rows)
    return output.getvalue().encode()


@pytest.mark.parametrize("form", ["bom", "crlf"])
def test_a_byte_order_mark_and_crlf_are_read(desk: Desk, form: str) -> None:
    rows = lines_of(desk)
    content = b"\xef\xbb\xbf" + as_csv(rows) if form == "bom" else as_csv(rows, "\r\n")
    received = desk.receive(desk.pack(desk.stage.first, lines=content))
    assert (received.state, received.lines) == ("ADMITTED", len(rows) - 1)


@pytest.mark.parametrize("form", ["utf-16", "unknown column", "missing column", "no header", "other count"])
def test_a_file_not_in_the_prescribed_form_goes_back_whole_and_is_accounted(desk: Desk, form: str) -> None:
    """One record for each line that the signed manifest counts, though no line could be read."""
    rows = lines_of(desk)
    name = rows[0].index("line_id")
    document = {
        "utf-16": as_csv(rows).decode().encode("utf-16"),
        "unknown column": as_csv([[*rows[0], "shoe_size"], *([*row, "9"] for row in rows[1:])]),
        "missing column": as_csv([row[:name] + row[name + 1 :] for row in rows]),
        "no header": as_csv(rows[1:]),
        "other count": as_csv(rows[:-3]),
    }[form]
    received = desk.receive(with_lines(desk, document))
    assert received.returned_whole
    assert received.codes == {"FORMAT_INVALID": len(rows) - 1}
    account = account_for_request(desk.gate, received.request_id, role=CustodianRole.AUDITOR, reason_code="audit")
    assert account.records == len(rows) - 1
    desk.approve_twice(received.request_id)
    desk.clock.advance(60)
    opened = desk.open_all(Path(desk.deliver(received.request_id).path).read_bytes())
    assert len(opened.lines) == len(rows) - 1


def test_duplicate_line_ids_are_returned_line_by_line(desk: Desk) -> None:
    rows = lines_of(desk)
    name = rows[0].index("line_id")
    rows[2][name] = rows[1][name]
    received = desk.receive(desk.pack(desk.stage.first, lines=as_csv(rows)))
    assert received.lines == len(rows) - 1
    assert received.returned + received.referred >= 1


def test_trouble_of_our_own_is_no_refusal(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk is not the requester's fault: nothing says PACKAGE_REFUSED, and the package can come again."""
    package = desk.pack(desk.stage.first)

    def full(*_: object) -> object:
        raise PrivityError(ErrorCode.STORAGE_FAILED, "the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(type(desk.keys), "create_request_key", full)
        with pytest.raises(PrivityError) as raised:
            desk.receive(package)
    assert raised.value.code is ErrorCode.STORAGE_FAILED
    assert ErrorCode.STORAGE_FAILED not in REFUSALS
    assert events(desk)[-1][0] == "PACKAGE_ARRIVED"
    assert desk.receive(package).state == "ADMITTED"
