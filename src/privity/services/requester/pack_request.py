"""The requester's side: lines and header become a signed request package, encrypted to the custodian.

Checks only what would make the package meaningless (no line, another agreement); whether lines are acceptable is told
by `lint_request`. Needs no home.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import replace
from datetime import UTC, datetime

from privity.domain.agreement import Agreement
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.request import RequestHeader
from privity.ports.clock import Clock
from privity.ports.security import Encryptor, OfficerSigner
from privity.wire.canonical_json import encode
from privity.wire.package import MANIFEST_NAME, SIGNATURE_NAME, write_container
from privity.wire.package_manifest import (
    HEADER_PART,
    LINES_PART,
    AgreementReference,
    RequestManifest,
    describe_file,
)
from privity.wire.request_format import read_rows
from privity.wire.request_header import FORMAT as HEADER_FORMAT
from privity.wire.request_header import Binding


def pack_request(  # noqa: PLR0917 - the eight things that a package is made of
    lines: bytes,
    lines_format: str,
    header: RequestHeader,
    agreement: Agreement,
    signer: OfficerSigner,
    encryptor: Encryptor,
    recipient_certificate: bytes,
    clock: Clock,
) -> bytes:
    """The bytes of a request package.

    `lines`: the file as it is (csv, jsonl, parquet), read once to count its lines, and packed unchanged.
    `recipient_certificate`: the custodian's, DER or PEM. Raises PrivityError FORMAT_INVALID (unreadable or empty file,
    header for another agreement), CERTIFICATE_INVALID (recipient).
    """
    header = _for_agreement(header, agreement)
    count = sum(len(batch.rows) for batch in read_rows(lines, lines_format))
    if count == 0:
        raise PrivityError(
            ErrorCode.FORMAT_INVALID, "the file has no lines", "Give a file with at least one line below its header."
        )
    now = clock.now().astimezone(UTC).replace(microsecond=0)
    binding = Binding(hashlib.sha256(lines).hexdigest(), signer.fingerprint)
    parts = {
        HEADER_PART: encryptor.encrypt(write_header(header, binding), recipient_certificate),
        LINES_PART: encryptor.encrypt(lines, recipient_certificate),
    }
    manifest = RequestManifest(
        request_id=header.request_id,
        agreement=AgreementReference(agreement.id, agreement.version, agreement.digest),
        requester=header.requester,
        custodian=agreement.custodian.id,
        nonce=secrets.token_hex(32),
        created_at=now,
        lines=count,
        lines_format=lines_format,
        files=tuple(describe_file(name, content) for name, content in parts.items()),
    ).to_bytes()
    RequestManifest.from_bytes(manifest)  # an id outside the grammar is told now, not by the custodian
    signature = signer.sign(manifest, at=now)
    return write_container([(MANIFEST_NAME, manifest), (SIGNATURE_NAME, signature), *parts.items()])


def write_header(header: RequestHeader, binding: Binding | None = None) -> bytes:
    """The header as a `privity-header/1` document (JSON), which `read_header` and `read_binding` read back."""
    tied = {"lines_sha256": binding.lines, "signer_sha256": binding.signer} if binding else {}
    return encode(
        {
            **tied,
            "format": HEADER_FORMAT,
            "request_id": header.request_id,
            "agreement_id": header.agreement_id,
            "agreement_version": header.agreement_version,
            "agreement_digest": header.agreement_digest,
            "requester": header.requester,
            "office": header.office,
            "request_type": header.request_type,
            "statutes": list(header.statutes),
            "purpose": header.purpose,
            "attestations": list(header.attestations),
            "created_at": _moment(header.created_at),
        }
    )


def _for_agreement(header: RequestHeader, agreement: Agreement) -> RequestHeader:
    """The header with the agreement's digest filled in; a header for another agreement is refused."""
    same = (header.agreement_id, header.agreement_version) == (agreement.id, agreement.version)
    if not same or header.agreement_digest not in {"", agreement.digest}:
        raise PrivityError(
            ErrorCode.FORMAT_INVALID,
            "the header names another agreement, or another version or text of it, than the one given",
            "Correct agreement_id, agreement_version and agreement_digest in the header.",
        )
    return replace(header, agreement_digest=agreement.digest)


def _moment(moment: datetime) -> str:
    """RFC 3339, UTC, as precise as the header gave it."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
