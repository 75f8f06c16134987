"""The recipient's side: verify a response package, decrypt the parts meant for one's certificates, read the rows.

Rows are returned only after everything else has passed: container, manifest, signature, the log's proof of the release,
hashes, tag, row form, counts. A certificate of the right policy alone is not enough: other custodians below the same
root have one too, and so has whoever signs without releasing. The offline verifier checks the same, in its own code.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, NoReturn

from privity.domain.answer import ResponseLine
from privity.domain.audit_events import AuditEvent
from privity.domain.certificate_policies import RESPONSE_SIGNING
from privity.domain.errors import ErrorCode, PrivityError
from privity.ledger.check import check_inclusion
from privity.ledger.entry import decode_entry
from privity.ledger.proofs import decode_log_proof
from privity.ledger.tree import leaf_hash
from privity.ports.evidence_log import CheckpointVerifier
from privity.ports.security import Decryptor, SignatureVerifier, VerifiedSignature
from privity.wire.package import MANIFEST_NAME, SIGNATURE_NAME, Container, Limits, open_container
from privity.wire.package_manifest import LOG_ENTRY, LOG_PROOF, FileEntry, ResponseManifest, check_files, read_file
from privity.wire.response_format import read_part

_MOST_PROOF_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class OpenedResponse:
    """A response that verified, and the rows for the certificates that were given, by ordinal."""

    manifest: ResponseManifest
    manifest_sha256: str
    signature: VerifiedSignature
    lines: tuple[ResponseLine, ...]
    parts_opened: int


def open_response(
    package: BinaryIO,
    decryptors: Mapping[str, Decryptor],
    verifier: SignatureVerifier,
    *,
    at: datetime,
    policies: Sequence[str] = (RESPONSE_SIGNING,),
    limits: Limits | None = None,
    log: CheckpointVerifier | None = None,
    answers: str = "",
) -> OpenedResponse:
    """Open a seekable response package.

    `decryptors`: by the SHA-256 (hex) of their certificate's DER. `policies`: what the signer's path must carry.
    `log`: the custodian's evidence log; without it nothing shows that this response was ever released.
    `answers`: SHA-256 (hex) of the manifest of the request that it must answer; "" for any.
    Raises PrivityError PACKAGE_INVALID, SIGNATURE_INVALID, CERTIFICATE_INVALID, EVIDENCE_INVALID, DECRYPTION_FAILED,
    or RECEIVER_UNLISTED where the package has no part for any of the certificates.
    """
    container = open_container(package, limits)
    document = container.read(MANIFEST_NAME)
    manifest, manifest_sha256 = ResponseManifest.from_bytes(document), hashlib.sha256(document).hexdigest()
    signature = verifier.verify(document, container.read(SIGNATURE_NAME), at=at, policies=policies)
    check_files(container, manifest.files, manifest.unhashed)
    if answers not in ("", manifest.request_manifest_sha256):
        _refuse("the response answers another request than the one given")
    if log is not None:
        _check_released(container, manifest, manifest_sha256, log)
    ours = [part for part in manifest.parts if part.recipient in decryptors]
    if not ours:
        raise PrivityError(
            ErrorCode.RECEIVER_UNLISTED,
            "the package has no part for this certificate",
            "Open it with the key and certificate of an officer whom the request named, or of its signatory.",
        )
    lines: list[ResponseLine] = []
    for part in ours:
        sealed = read_file(container, FileEntry(part.name, part.size, part.sha256))
        rows = read_part(decryptors[part.recipient].decrypt(sealed))
        if len(rows) != part.lines:
            _refuse("a part of the response does not hold the number of lines that the manifest states")
        lines.extend(rows)
    _check_rows(lines, manifest)
    return OpenedResponse(
        manifest=manifest,
        manifest_sha256=manifest_sha256,
        signature=signature,
        lines=tuple(sorted(lines, key=lambda line: line.ordinal)),
        parts_opened=len(ours),
    )


def _check_released(
    container: Container, manifest: ResponseManifest, manifest_sha256: str, log: CheckpointVerifier
) -> None:
    """The log that is trusted has the release of exactly this response (docs/evidence-format.md, `log/proof.txt`)."""
    if max(container.size(LOG_PROOF), container.size(LOG_ENTRY)) > _MOST_PROOF_BYTES:
        _refuse("the package's log proof or release entry is larger than it can be")
    document = container.read(LOG_ENTRY)
    entry, proof = decode_entry(document), decode_log_proof(container.read(LOG_PROOF))
    head = log.check(proof.checkpoint)
    check_inclusion(proof.index, head.size, leaf_hash(document), proof.hashes, head.root)
    bound = {
        "request_id": manifest.request_id,
        "manifest_sha256": manifest.request_manifest_sha256,
        "response_manifest_sha256": manifest_sha256,
        "lines": manifest.lines,
        "accounting_records": manifest.lines,
        "agreement_id": manifest.agreement.id,
        "agreement_version": manifest.agreement.version,
        "agreement_digest": manifest.agreement.digest,
    }
    released = entry.event is AuditEvent.RESPONSE_RELEASED
    if not released or any(entry.fields.get(name) != value for name, value in bound.items()):
        raise PrivityError(
            ErrorCode.EVIDENCE_INVALID,
            "the custodian's log does not have the release of this response",
            "Do not use it. Ask the custodian to deliver the package as it was released.",
        )


def _check_rows(lines: Sequence[ResponseLine], manifest: ResponseManifest) -> None:
    """Each ordinal once and within the request; nothing answered in a request returned whole."""
    ordinals = {line.ordinal for line in lines}
    if len(ordinals) != len(lines) or any(not 1 <= ordinal <= manifest.lines for ordinal in ordinals):
        _refuse("the response gives a line twice, or one that the request did not have")
    if manifest.returned_whole and any(line.answer is not None for line in lines):
        _refuse("the response was returned whole, yet answers a line")


def _refuse(message: str) -> NoReturn:
    """Raise PACKAGE_INVALID; no row is repeated."""
    raise PrivityError(ErrorCode.PACKAGE_INVALID, message, "Ask the custodian to deliver the package again.")
