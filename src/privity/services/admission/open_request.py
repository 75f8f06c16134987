"""Opens an arrived package: container, manifest, signature, decryption, header. Nothing is judged, nothing is stored.

Everything that can be wrong with the package itself ends here, at the door, as a PrivityError. Step numbers are those
of docs/procedures/admit.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import BinaryIO

from privity.domain.agreement import Agreement
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.offices import OfficeRegister
from privity.domain.request import RequestHeader, RequestId
from privity.ports.security import VerifiedSignature
from privity.ports.stores import ReadStore
from privity.services.agreements.record_agreement import stored_agreement
from privity.services.agreements.record_offices import current_offices
from privity.services.gate import Gate, is_lost
from privity.wire.package import MANIFEST_NAME, REQUEST_LIMITS, SIGNATURE_NAME, Container, open_container
from privity.wire.package_manifest import RequestManifest, check_files, read_file
from privity.wire.request_format import Rows, read_rows
from privity.wire.request_header import Binding, read_binding, read_header

MOST_LINES_WITHOUT_FORM = 2_000_000  # lines a manifest may claim when its file cannot be read line by line


@dataclass(frozen=True, slots=True)
class OpenedRequest:
    """What the package holds."""

    manifest: RequestManifest
    manifest_sha256: str
    package_sha256: str
    size: int
    signature: VerifiedSignature
    header: RequestHeader
    agreement: Agreement
    offices: OfficeRegister
    document: bytes  # the lines' file, decrypted and held to its binding; not yet read

    def rows(self) -> Iterator[Rows]:
        """The lines, in batches. Raises FormDefectError at the first thing that is not in the prescribed form (R10)."""
        lines = 0
        try:
            for batch in read_rows(self.document, self.manifest.lines_format):
                lines += len(batch.rows)
                yield batch
        except PrivityError as defect:
            if defect.code is not ErrorCode.FORMAT_INVALID:
                raise
            raise FormDefectError(_countable(self.manifest, _without_values(defect))) from None
        if lines != self.manifest.lines:
            stated = "the signed manifest states another number of lines than the file has"
            raise FormDefectError(_countable(self.manifest, stated))


class FormDefectError(Exception):
    """The lines' file cannot be read line by line; `message` says why, in words that repeat nothing of it."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def measure(package: BinaryIO) -> tuple[str, int]:
    """SHA-256 (hex) and size in bytes of the whole package."""
    digest, size = hashlib.sha256(), 0
    package.seek(0)
    while piece := package.read(1 << 20):
        digest.update(piece)
        size += len(piece)
    return digest.hexdigest(), size


def open_request(gate: Gate, package: BinaryIO, package_sha256: str, size: int, at: datetime) -> OpenedRequest:
    """Check and open, in the order of the procedure.

    Raises PrivityError PACKAGE_INVALID, STALE_OR_REPLAYED, AGREEMENT_NOT_IN_FORCE (unknown agreement),
    SIGNATURE_INVALID, CERTIFICATE_INVALID, DECRYPTION_FAILED, FORMAT_INVALID.
    """
    container = open_container(package, REQUEST_LIMITS)  # 2
    manifest_bytes = container.read(MANIFEST_NAME)
    manifest = RequestManifest.from_bytes(manifest_bytes)
    check_files(container, manifest.files)
    with gate.store.reading() as read:
        _need_unseen(read, manifest)  # 3
        agreement = _known_agreement(read, manifest)
        offices = current_offices(read, gate.keys)
    if manifest.custodian != agreement.custodian.id:
        raise PrivityError(ErrorCode.PACKAGE_INVALID, "the package is addressed to another custodian")
    signature = gate.verifier.verify(manifest_bytes, container.read(SIGNATURE_NAME), at=at)  # 4
    if not set(signature.policies) & set(agreement.certificate_policies):
        raise PrivityError(
            ErrorCode.CERTIFICATE_INVALID,
            "the signer's certificate was not issued under a policy that the agreement accepts",
            "Sign with a certificate issued for signing requests.",
        )
    header, binding = _open_header(gate, container, manifest)  # 5
    document = _open_lines(gate, container, manifest, binding, signature.signer_fingerprint)
    return OpenedRequest(
        manifest=manifest,
        manifest_sha256=hashlib.sha256(manifest_bytes).hexdigest(),
        package_sha256=package_sha256,
        size=size,
        signature=signature,
        header=header,
        agreement=agreement,
        offices=offices,
        document=document,
    )


def reopen_request(gate: Gate, package: BinaryIO, signer: str) -> Callable[[], Iterator[Rows]]:
    """The lines of a request received before, out of its kept package. What was verified then is not verified again.

    Raises PrivityError DECRYPTION_FAILED, SIGNATURE_INVALID, PACKAGE_INVALID; the rows raise FORMAT_INVALID.
    """
    container = open_container(package)
    manifest = RequestManifest.from_bytes(container.read(MANIFEST_NAME))
    _, binding = _open_header(gate, container, manifest)
    return partial(read_rows, _open_lines(gate, container, manifest, binding, signer), manifest.lines_format)


def _need_unseen(read: ReadStore, manifest: RequestManifest) -> None:
    if is_lost(read, manifest.request_id):
        raise PrivityError(
            ErrorCode.STALE_OR_REPLAYED,
            "the log speaks of a request of this id, which the restored database does not know",
            "A request is received once; a new one needs a new id and nonce.",
        )
    known = read.request_of_nonce(manifest.nonce)
    if known is None:
        same = read.request(RequestId(manifest.request_id))
        known = None if same is None else same.request_id
    if known is not None:
        raise PrivityError(
            ErrorCode.STALE_OR_REPLAYED,
            f"this request, or its nonce, has been received before, as request {known}",
            "See `privity request show`. A request is received once; a new one needs a new id and nonce.",
            {"request_id": known},
        )


def _known_agreement(read: ReadStore, manifest: RequestManifest) -> Agreement:
    try:
        return stored_agreement(read, manifest.agreement.id, manifest.agreement.version)
    except PrivityError as unknown:
        if unknown.code is not ErrorCode.NOT_FOUND:
            raise
    raise PrivityError(
        ErrorCode.AGREEMENT_NOT_IN_FORCE,
        "the request names an agreement, or a version of one, that this custodian has not recorded",
        "Name the agreement in force, by id, version and digest.",
    )


def _open_header(gate: Gate, container: Container, manifest: RequestManifest) -> tuple[RequestHeader, Binding]:
    document = gate.keys.request_decryptor().decrypt(read_file(container, manifest.files[0]))
    header = read_header(document)
    if header.request_id != manifest.request_id or header.requester != manifest.requester:
        raise PrivityError(
            ErrorCode.FORMAT_INVALID,
            "the header and the signed manifest name different requests or requesters",
            "Pack the request again from one header.",
        )
    return header, read_binding(document)


def _open_lines(gate: Gate, container: Container, manifest: RequestManifest, binding: Binding, signer: str) -> bytes:
    """The lines' file.

    Encryption names no sender: without the binding, whoever catches a package could sign its encrypted parts as a
    request of their own, and be told what becomes of lines that they cannot read.
    """
    document = gate.keys.request_decryptor().decrypt(read_file(container, manifest.files[1]))
    if binding != Binding(hashlib.sha256(document).hexdigest(), signer):
        raise PrivityError(
            ErrorCode.SIGNATURE_INVALID,
            "the encrypted header was packed with other lines, or by another signer than the one that signed",
            "Pack the request again with `privity request pack`, as the one who signs it.",
        )
    return document


def _without_values(defect: PrivityError) -> str:
    """The defect in words that repeat nothing of the file: an "unknown column" may be a person (C8)."""
    unknown = defect.details.get("unknown_columns")
    if unknown is None:
        return defect.message
    return f"{unknown} columns are not columns of a request, or the header row is missing"


def _countable(manifest: RequestManifest, defect: str) -> str:
    if not 0 < manifest.lines <= MOST_LINES_WITHOUT_FORM:
        raise PrivityError(ErrorCode.FORMAT_INVALID, defect, "Check the file with `privity request lint` first.")
    return defect
