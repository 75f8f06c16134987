"""The requester's side: no home, only files the caller names."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from privity.domain.answer import RETURNED
from privity.domain.errors import ErrorCode, PrivityError

if TYPE_CHECKING:
    from privity.ports.clock import Clock
    from privity.ports.evidence_log import CheckpointVerifier
    from privity.ports.security import Encryptor, OfficerSigner


TRUST_FORMAT = "privity-trust/1"


def system_clock() -> Clock:
    """The machine's clock."""
    from privity.adapters.system import SystemClock

    return SystemClock()


def signer_of(key_pem: bytes, certificate_pem: bytes) -> OfficerSigner:
    """A signer from a private key and its certificate (PEM). Raises PrivityError KEY_INVALID, CERTIFICATE_INVALID."""
    from privity.adapters.cms import CmsSigner

    return CmsSigner(key_pem, certificate_pem)


def cms_encryptor() -> Encryptor:
    """Encrypts to certificates."""
    from privity.bootstrap.wiring.late import LateEncryptor

    return LateEncryptor()


def check_custodian(chain: bytes, trust: bytes | None, crls: Sequence[bytes]) -> bool:
    """Check the custodian's certificate before anything is encrypted to it: own certificate first, PEM or DER.

    With a public trust file: path, recipient policy, usage and revocation, by the file's lists and `crls`; True.
    Without: its own dates, key and usage; False, since nobody vouched for it.
    Raises PrivityError CERTIFICATE_INVALID, FORMAT_INVALID (trust file), USAGE (lists without anchors).
    """
    from privity.adapters.cms_recipient import check_against_anchors, check_in_itself
    from privity.domain.certificate_policies import RECIPIENT

    at = system_clock().now()
    if trust is None:
        if crls:
            raise PrivityError(
                ErrorCode.USAGE, "revocation lists were given without a trust file", "Give --trust as well."
            )
        check_in_itself(chain, at=at)
        return False
    known = trusted(trust)
    check_against_anchors(
        chain, known["anchors"], known["intermediates"], [*known["crls"], *crls], at=at, policies=(RECIPIENT,)
    )
    return True


@dataclass(frozen=True, slots=True)
class OpenedPart:
    """What a recipient may read: facts of the package, counts by answer, and the rows as CSV."""

    facts: dict[str, object]
    counts: dict[str, int]
    csv: bytes


def open_response_package(
    package: BinaryIO, pair: tuple[bytes, bytes], trust: bytes, request: BinaryIO | None = None
) -> OpenedPart:
    """Verify a response against a public trust file and open the part for one key and certificate (PEM).

    `request`: the request package as it was sent; a response to any other is refused.
    Raises PrivityError FORMAT_INVALID (trust file), KEY_INVALID, CERTIFICATE_INVALID, PACKAGE_INVALID,
    SIGNATURE_INVALID, EVIDENCE_INVALID (the custodian's log has no such release), DECRYPTION_FAILED, RECEIVER_UNLISTED.
    """
    from privity.adapters.cms import CmsDecryptor
    from privity.adapters.cms_isolated import IsolatedVerifier
    from privity.services.requester.open_response import open_response

    decryptor = CmsDecryptor(*pair)
    documents = trusted(trust)
    verifier = IsolatedVerifier(documents["anchors"], documents["intermediates"], documents["crls"])
    recipient = hashlib.sha256(decryptor.certificate).hexdigest()
    at, log = system_clock().now(), log_keys(trust)
    sent = manifest_sha256(request) if request else ""
    opened = open_response(package, {recipient: decryptor}, verifier, at=at, log=log, answers=sent)
    manifest = opened.manifest
    told = [
        (line.answer.value if line.answer else RETURNED, line.code.value if line.code else "") for line in opened.lines
    ]
    facts: dict[str, object] = {
        "request_id": manifest.request_id,
        "custodian": manifest.custodian,
        "lines": len(opened.lines),
        "lines_of_request": manifest.lines,
        "returned_whole": manifest.returned_whole,
        "marking": manifest.marking,
        "destroy_by": manifest.destroy_by,
        "manifest_sha256": opened.manifest_sha256,
    }
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(("ordinal", "line_id", "answer", "code"))
    writer.writerows(
        (line.ordinal, line.line_id.reveal(), answer, code)
        for line, (answer, code) in zip(opened.lines, told, strict=True)
    )
    counts = dict(sorted(Counter(answer for answer, _ in told).items()))
    return OpenedPart(facts, counts, table.getvalue().encode("utf-8"))


def manifest_sha256(package: BinaryIO) -> str:
    """SHA-256 (hex) of a package's manifest. Raises PrivityError PACKAGE_INVALID."""
    from privity.wire.package import MANIFEST_NAME, open_container

    return hashlib.sha256(open_container(package, None).read(MANIFEST_NAME)).hexdigest()


def log_keys(document: bytes) -> CheckpointVerifier:
    """The custodian's log as the trust file names it."""
    from privity.adapters.log_keys import LogKeys

    try:
        trust = json.loads(document)
        origin, keys = trust["origin"], trust["log_keys"]
        if not isinstance(origin, str) or not all(isinstance(key, str) for key in keys):
            raise ValueError
    except (ValueError, KeyError, TypeError, RecursionError):
        raise _no_trust_file() from None
    return LogKeys(origin, keys)


def _no_trust_file() -> PrivityError:
    return PrivityError(
        ErrorCode.FORMAT_INVALID,
        "the file given as --trust is not a public trust file",
        "Ask the custodian for its trust.json.",
    )


def trusted(document: bytes) -> dict[str, list[bytes]]:
    """Anchors, intermediates and revocation lists of a public trust file, each as PEM or DER."""
    try:
        trust = json.loads(document)
        if trust["format"] != TRUST_FORMAT:
            raise ValueError
        return {kind: [_as_bytes(one) for one in trust[kind]] for kind in ("anchors", "intermediates", "crls")}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise _no_trust_file() from None


def _as_bytes(text: str) -> bytes:
    return text.encode("ascii") if text.startswith("-----BEGIN") else base64.b64decode(text, validate=True)
