"""A small custodian's evidence for tests: keys, certificates, a log, a request, its response and its accounting.

Built from the gate's own writers (container, manifest, CMS, log), so that the verifier meets real packages. Everything
that a test may want to break is a field or an argument.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from demo.pki import AGREE, SIGN, Authority
from privity.adapters.cms_envelope import CmsEncryptor
from privity.adapters.cms_sign import CmsSigner
from privity.adapters.log_files import LogFiles
from privity.domain.answer import Answer, ResponseLine
from privity.domain.audit_events import AuditEntry, AuditEvent, Value
from privity.domain.certificate_policies import RECIPIENT, REQUEST_SIGNING, RESPONSE_SIGNING
from privity.domain.personal import Personal
from privity.domain.request import Ordinal
from privity.ledger import accounting_tree
from privity.ledger.entry import encode_entry
from privity.services.publish_log import publish_pending
from privity.wire import canonical_json
from privity.wire.accounting_format import export_blind, export_head, export_record
from privity.wire.package import open_container, write_container
from privity.wire.package_manifest import (
    HEADER_PART,
    LINES_PART,
    LOG_ENTRY,
    LOG_PROOF,
    AgreementReference,
    PartEntry,
    RequestManifest,
    ResponseManifest,
    describe_file,
)
from privity.wire.response_format import write_part
from tests.builders.log_keys import ORIGIN, log_signers

AT = datetime(2026, 1, 15, 9, 0, 0, tzinfo=UTC)
REQUEST_ID = "req-2026-0001"
AGREEMENT = AgreementReference("tax-enforcement-2025", 1, hashlib.sha256(b"the agreement").hexdigest())
RULES: dict[str, Value] = {"rule_set": "n1"}
Files = dict[str, bytes]
Change = Callable[[Any], Any]
Told = list[tuple[AuditEvent, int, dict[str, Any]]]  # event, seconds after AT, fields
PENDING = "pending"  # stands for the hash of the response package, which is made after the release


@dataclass
class Party:
    """One key with its certificate and chain."""

    key_pem: bytes
    chain_pem: bytes
    der: bytes

    @property
    def signer(self) -> CmsSigner:
        return CmsSigner(self.key_pem, self.chain_pem)


def party(authority: Authority, name: str, policies: Sequence[str], uses: Sequence[str], **options: Any) -> Party:
    """A P-256 key certified by `authority`."""
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = authority.issue(name, key.public_key(), policies=policies, uses=uses, at=AT, **options)
    chain = certificate.public_bytes(Encoding.PEM)
    if authority.parent is not None:
        chain += authority.certificate.public_bytes(Encoding.PEM)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return Party(pem, chain, certificate.public_bytes(Encoding.DER))


@dataclass
class World:
    """Who there is, made once for many tests."""

    root: Authority
    requesters: Authority
    custodians: Authority
    office: Party
    custodian: Party
    officers: tuple[Party, ...]

    @classmethod
    def create(cls) -> World:
        born = AT - timedelta(days=2)
        root = Authority.root("Test Root", at=born)
        requesters = root.subordinate("Test Requester Authority", [REQUEST_SIGNING, RECIPIENT], at=born)
        custodians = root.subordinate("Test Custodian Authority", [RESPONSE_SIGNING, RECIPIENT], at=born)
        return cls(
            root,
            requesters,
            custodians,
            party(requesters, "Office", [REQUEST_SIGNING, RECIPIENT], [SIGN, AGREE]),
            party(custodians, "Custodian", [RESPONSE_SIGNING], [SIGN]),
            tuple(party(requesters, f"Officer {number}", [RECIPIENT], [AGREE]) for number in (1, 2)),
        )

    @property
    def authorities(self) -> tuple[Authority, ...]:
        return self.root, self.requesters, self.custodians

    def trust(self, *, crls_at: datetime = AT, **changes: Any) -> dict[str, Any]:
        """trust.json as a value; `changes` replace fields."""
        pems = [authority.certificate.public_bytes(Encoding.PEM).decode() for authority in self.authorities]
        lists = [authority.revocation_list(at=crls_at) for authority in self.authorities]
        return {
            "format": "privity-trust/1",
            "origin": ORIGIN,
            "log_keys": [signer.verifier_key for signer in log_signers()],
            "anchors": pems[:1],
            "intermediates": pems[1:],
            "crls": [item.public_bytes(Encoding.PEM).decode() for item in lists],
            "response_policy": RESPONSE_SIGNING,
            "request_policy": REQUEST_SIGNING,
        } | changes


class Rows(list[bytes]):
    """Log rows in memory."""

    def read(self, first: int, limit: int) -> list[bytes]:
        return self[first : first + limit]


def same(value: Any) -> Any:
    """The change that changes nothing."""
    return value


@dataclass
class Case:
    """One request from intake to delivery, with one change at a chosen place (each a function of the right value)."""

    world: World
    folder: Path
    lines: int = 5
    request_id: str = REQUEST_ID
    request_files: Change = same  # files of the request's container
    response_manifest: Change = same  # ResponseManifest
    response_files: Change = same  # files of the response's container
    story: Change = same  # list of (event, seconds after AT, fields)
    release: Change = same  # fields of the release entry
    records: Change = same  # list of (nonce, record bytes)
    parts: Change = same  # list of (recipient, number of rows, plaintext)
    response_signer: Party | None = None
    request_signer: Party | None = None
    signed_at: datetime = AT + timedelta(minutes=5)
    rows: Rows = field(default_factory=Rows)
    package: bytes = b""
    response: bytes = b""
    accounting: bytes = b""
    manifest_sha256: str = ""

    def build(self) -> Case:
        """Make everything; afterwards `package`, `response`, `accounting` and `log` hold it."""
        self.log = LogFiles(self.folder / "log", log_signers())
        self._build_request()
        self._build_response()
        return self

    def _build_request(self) -> None:
        encrypt = CmsEncryptor().encrypt
        contents = {
            HEADER_PART: encrypt(b"request_id: x\n", self.world.office.der),
            LINES_PART: encrypt(b"line_id\n", self.world.office.der),
        }
        manifest = RequestManifest(
            request_id=self.request_id,
            agreement=AGREEMENT,
            requester="requester",
            custodian="custodian",
            nonce=hashlib.sha256(self.request_id.encode()).hexdigest(),
            created_at=AT,
            lines=self.lines,
            lines_format="csv",
            files=tuple(describe_file(name, data) for name, data in contents.items()),
        ).to_bytes()
        self.manifest_sha256 = hashlib.sha256(manifest).hexdigest()
        signature = (self.request_signer or self.world.office).signer.sign(manifest, at=AT)
        files = {"manifest.json": manifest, "manifest.p7s": signature, **contents}
        self.package = container(self.request_files(files))

    def _records(self) -> list[tuple[bytes, bytes]]:
        made = [
            (hashlib.sha256(b"nonce%d" % ordinal).digest(), canonical_json.encode({"v": 1, "ordinal": ordinal}))
            for ordinal in range(1, self.lines + 1)
        ]
        return list(self.records(made))

    def _parts(self) -> list[tuple[Party, int, bytes]]:
        groups: list[list[ResponseLine]] = [[], []]
        for ordinal in range(1, self.lines + 1):
            answer = Answer.CONFIRMED if ordinal % 3 else Answer.NO_CONFIRMATION
            row = ResponseLine(Ordinal(ordinal), Personal(f"line {ordinal}"), answer, None, "")
            groups[ordinal % 2].append(row)
        plain = [(self.world.officers[place], len(rows), write_part(rows)) for place, rows in enumerate(groups)]
        return list(self.parts(plain))

    def _build_response(self) -> None:
        contents, parts = {}, []
        for number, (recipient, lines, plain) in enumerate(self._parts(), start=1):
            name = f"parts/{number:04d}.p7m"
            contents[name] = CmsEncryptor().encrypt(plain, recipient.der)
            file = describe_file(name, contents[name])
            parts.append(PartEntry(name, hashlib.sha256(recipient.der).hexdigest(), lines, file.size, file.sha256))
        manifest = self.response_manifest(
            ResponseManifest(
                request_id=self.request_id,
                request_manifest_sha256=self.manifest_sha256,
                agreement=AGREEMENT,
                custodian="custodian",
                created_at=AT + timedelta(minutes=5),
                lines=self.lines,
                returned_whole=False,
                marking="Only for the purpose stated.",
                destroy_by=date(2027, 1, 15),
                parts=tuple(parts),
            )
        ).to_bytes()
        records = self._records()
        index, later = self._tell(hashlib.sha256(manifest).hexdigest(), records)
        signature = (self.response_signer or self.world.custodian).signer.sign(manifest, at=self.signed_at)
        files = {
            "manifest.json": manifest,
            "manifest.p7s": signature,
            LOG_PROOF: self.log.inclusion_proof(index),
            LOG_ENTRY: self.rows[index],
            **contents,
        }
        self.response = container(self.response_files(files))
        self._append(later)
        root = accounting_tree.root(accounting_tree.leaf(*item) for item in records).hex()
        lines = [
            export_record(place, *item) if place % 2 else export_blind(place, accounting_tree.leaf(*item))
            for place, item in enumerate(records, start=1)
        ]
        self.accounting = export_head(self.request_id, len(records), root, index) + b"".join(lines)

    def _tell(self, response_manifest_sha256: str, records: list[tuple[bytes, bytes]]) -> tuple[int, Told]:
        """Write the log up to the (first) release; returns its index, and what is to be told after it."""
        root = accounting_tree.root(accounting_tree.leaf(*item) for item in records).hex()
        told = self.story(story_of(self, response_manifest_sha256, root, len(records)))
        events = [event for event, _, _ in told]
        last = events.index(AuditEvent.RESPONSE_RELEASED) if AuditEvent.RESPONSE_RELEASED in events else len(events) - 1
        self._append(told[: last + 1])
        return last, told[last + 1 :]

    def _append(self, told: Told) -> None:
        """Write these entries, with the hash of the response where one waits for it, and publish."""
        for event, seconds, fields in told:
            kept = self.release(fields) if event is AuditEvent.RESPONSE_RELEASED else dict(fields)
            if kept.get("package_sha256") == PENDING:
                kept["package_sha256"] = hashlib.sha256(self.response).hexdigest()
            self.rows.append(encode_entry(AuditEntry(event, AT + timedelta(seconds=seconds), kept)))
        publish_pending(self.rows, self.log)

    def resigned_package(self) -> bytes:
        """The same request with another signature by the same office."""
        files = stored_files(self.package)
        return container(
            files
            | {"manifest.p7s": self.world.office.signer.sign(files["manifest.json"], at=AT + timedelta(minutes=1))}
        )

    def bundle(self) -> Path:
        """An audit bundle of everything, next to the log."""
        place = self.folder / "bundle"
        export(self.log, place / "log")
        for name, data in (("request", self.package), ("response", self.response)):
            write(place / "packages" / f"{name}.zip", data)
        write(place / "accounting" / "export.jsonl", self.accounting)
        return place


def story_of(case: Case, response_manifest_sha256: str, root: str, records: int) -> Told:
    """(event, seconds after AT, fields) of an ordinary request."""
    request: dict[str, Value] = {
        "request_id": case.request_id,
        "agreement_id": AGREEMENT.id,
        "agreement_version": AGREEMENT.version,
        "agreement_digest": AGREEMENT.digest,
    }
    agreement = {key: value for key, value in request.items() if key != "request_id"}
    content = {"content_sha256": hashlib.sha256(b"content").hexdigest()}
    snapshot: dict[str, Value] = {"snapshot_id": "s1"}
    intake: dict[str, Value] = {"manifest_sha256": case.manifest_sha256, "lines": case.lines}
    response = {"response_manifest_sha256": response_manifest_sha256}
    accounting: dict[str, Value] = {"accounting_root": root, "accounting_records": records}
    package = hashlib.sha256(case.package).hexdigest()
    visible: dict[str, Value] = {"returned": 0, "referred": 0, "visible_from": "2026-01-15T09:20:00Z"}

    def approval(number: int) -> dict[str, Value]:
        digest = hashlib.sha256(b"signature%d" % number).hexdigest()
        return request | content | {"signature_sha256": digest, "role": "disclosure_officer"}

    event = AuditEvent
    return [
        (event.HOME_CREATED, -60, {"origin": ORIGIN, "software": "privity 0.1.0"}),
        (event.AGREEMENT_RECORDED, -50, agreement | {"signatures": 2}),
        (event.PACKAGE_ARRIVED, 0, {"package_sha256": package, "size": len(case.package)}),
        (event.REQUEST_ADMITTED, 1, request | RULES | intake | visible),
        (event.MATCHING_STARTED, 2, request | RULES | snapshot),
        (event.MATCHING_FINISHED, 60, request | RULES | snapshot | content | {"lines": case.lines}),
        (event.APPROVAL_RECORDED, 120, approval(1)),
        (event.APPROVAL_RECORDED, 180, approval(2)),
        (event.RELEASE_INTENDED, 310, request | content | response),
        (event.RESPONSE_RELEASED, 320, request | RULES | snapshot | intake | content | response | accounting),
        (event.RESPONSE_DELIVERED, 1200, request | response | {"package_sha256": PENDING}),
    ]


def container(files: Files | bytes) -> bytes:
    """The container of these files, or bytes that a change already made of them."""
    return files if isinstance(files, bytes) else write_container(list(files.items()))


def stored_files(package: bytes) -> Files:
    """The files in a container."""
    opened = open_container(io.BytesIO(package))
    return {name: opened.read(name) for name in opened.names}


def export(log: LogFiles, folder: Path) -> Path:
    """The published log as plain files."""
    for name, data in log.files():
        write(folder / name, data)
    write(folder / "keys.txt", "".join(f"{key}\n" for key in log.verifier_keys).encode())
    return folder


def write(path: Path, data: bytes) -> Path:
    """One file, with the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def write_trust(folder: Path, trust: dict[str, Any]) -> Path:
    """trust.json."""
    return write(folder / "trust.json", json.dumps(trust).encode())
