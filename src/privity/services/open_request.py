"""Opens an arrived package: container, manifest, signature, decryption, header. Nothing is judged, nothing is stored.

Everything that can be wrong with the package itself ends here, at the door, as a PrivityError. Step numbers are those
of docs/procedures/admit.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from privity.domain.agreement import Agreement
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.offices import OfficeRegister
from privity.domain.request import RequestHeader, RequestId, RequestLine
from privity.ports.security import VerifiedSignature
from privity.ports.stores import ReadStore
from privity.services.gate import Gate, is_lost
from privity.services.record_agreement import stored_agreement
from privity.services.record_offices import current_offices
from privity.wire.package import MANIFEST_NAME, SIGNATURE_NAME, Container, open_container
from privity.wire.package_manifest import RequestManifest, check_files, read_file
from privity.wire.request_format import read_lines
from privity.wire.request_header import Binding, read_binding, read_header

MOST_LINES_WITHOUT_FORM = 2_000_000  # lines a manifest may claim when its file cannot be read line by line


@dataclass(frozen=True, slots=True)
class OpenedRequest:
    """What the package holds. `lines` None: the lines' file is not in the prescribed form (`form_defect` says why)."""

    manifest: RequestManifest
    manifest_sha256: str
    package_sha256: str
    size: int
    signature: VerifiedSignature
    header: RequestHeader
    agreement: Agreement
    offices: OfficeRegister
    lines: Sequence[RequestLine] | None
    form_defect: str


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
    container = open_container(package)  # 2
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
    lines, form_defect = _open_lines(gate, container, manifest, binding, signature.signer_fingerprint)
    return OpenedRequest(
        manifest=manifest,
        manifest_sha256=hashlib.sha256(manifest_bytes).hexdigest(),
        package_sha256=package_sha256,
        size=size,
        signature=signature,
        header=header,
        agreement=agreement,
        offices=offices,
        lines=lines,
        form_defect=form_defect,
    )


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


def _open_lines(
    gate: Gate, container: Container, manifest: RequestManifest, binding: Binding, signer: str
) -> tuple[Sequence[RequestLine] | None, str]:
    """The lines, or None with the defect of a file that cannot be read line by line (R10).

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
    try:
        lines = list(read_lines(document, manifest.lines_format))
    except PrivityError as defect:
        if defect.code is not ErrorCode.FORMAT_INVALID:
            raise
        return None, _countable(manifest, _without_values(defect))
    if len(lines) != manifest.lines:
        return None, _countable(manifest, "the signed manifest states another number of lines than the file has")
    return lines, ""


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
