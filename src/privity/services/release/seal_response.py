"""Seals a response: parts encrypted each to its recipient alone, manifest, signature. Fixed before it is released.

The sealed container lacks only the log's proof and entry, which exist after the release. `assemble` adds them.
"""

from __future__ import annotations

import io
from datetime import datetime, timedelta

from privity.domain.errors import ErrorCode, PrivityError
from privity.policy.verdicts import MARKING
from privity.services.gate import Gate, Progress
from privity.services.release.check_release import Checked
from privity.wire.package import MANIFEST_NAME, SIGNATURE_NAME, open_container, write_container
from privity.wire.package_manifest import (
    LOG_ENTRY,
    LOG_PROOF,
    AgreementReference,
    PartEntry,
    ResponseManifest,
    describe_file,
)


def seal_response(gate: Gate, checked: Checked, at: datetime, progress: Progress) -> bytes:
    """The container of manifest, signature and encrypted parts. Raises PrivityError CERTIFICATE_INVALID."""
    entries, files = [], []
    for place, part in enumerate(checked.content.parts):
        certificate = checked.content.certificates[part.name]
        if not certificate:
            raise PrivityError(ErrorCode.RECEIVER_UNLISTED, "a named officer has no certificate on the roster")
        sealed = gate.encryptor.encrypt(part.plaintext, certificate)
        described = describe_file(part.name, sealed)
        entries.append(PartEntry(part.name, part.recipient, part.lines, described.size, described.sha256))
        files.append((part.name, sealed))
        progress("seal", place + 1, len(checked.content.parts))
    manifest = _manifest(checked, tuple(entries), at).to_bytes()
    signature = gate.keys.response_signer().sign(manifest, at=at)
    return write_container([(MANIFEST_NAME, manifest), (SIGNATURE_NAME, signature), *files])


def manifest_of(sealed: bytes) -> tuple[bytes, ResponseManifest]:
    """The manifest of a sealed container: its bytes, and read. Raises PrivityError PACKAGE_INVALID."""
    document = open_container(io.BytesIO(sealed)).read(MANIFEST_NAME)
    return document, ResponseManifest.from_bytes(document)


def assemble(sealed: bytes, proof: bytes, entry: bytes) -> bytes:
    """The whole package: the sealed container with the log's proof and entry."""
    container = open_container(io.BytesIO(sealed))
    files = [(name, container.read(name)) for name in container.names]
    return write_container([*files, (LOG_PROOF, proof), (LOG_ENTRY, entry)])


def _manifest(checked: Checked, parts: tuple[PartEntry, ...], at: datetime) -> ResponseManifest:
    request = checked.request
    return ResponseManifest(
        request_id=request.request_id,
        request_manifest_sha256=request.manifest_sha256,
        agreement=AgreementReference(request.agreement_id, request.agreement_version, request.agreement_digest),
        custodian=checked.kept.custodian,
        created_at=at,
        lines=request.lines,
        returned_whole=request.returned_whole,
        marking=MARKING,
        destroy_by=at.date() + timedelta(days=checked.agreement.destruction_due_days),
        parts=parts,
    )
