"""The requester's side of a notice: verify it, and make the receipt that its office holder signs. Needs no home.

A notice is believed only with the custodian's signature and the proof that the custodian's log has its issue: a
certificate of the right policy alone would let another custodian below the same root freeze answers.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO, NoReturn

from privity.domain.audit_events import AuditEvent
from privity.domain.certificate_policies import RESPONSE_SIGNING
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.holds import ReceiptOutcome
from privity.ledger.check import check_inclusion
from privity.ledger.entry import decode_entry
from privity.ledger.proofs import decode_log_proof
from privity.ledger.tree import leaf_hash
from privity.policy.holds import NoticeTerms, judge_receipt
from privity.ports.evidence_log import CheckpointVerifier
from privity.ports.security import OfficerSigner, SignatureVerifier, VerifiedSignature
from privity.wire.notice_manifest import (
    MOST_NOTICE_BYTES,
    NOTICE_ENTRY,
    UNHASHED,
    NoticeManifest,
    ReceiptManifest,
)
from privity.wire.package import MANIFEST_NAME, SIGNATURE_NAME, Container, Limits, open_container, write_container
from privity.wire.package_manifest import LOG_PROOF, check_files

LIMITS = Limits(total_bytes=1024 * 1024, files=4, manifest_bytes=MOST_NOTICE_BYTES)
_MOST_PROOF_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class OpenedNotice:
    """A notice that verified."""

    manifest: NoticeManifest
    manifest_sha256: str
    signature: VerifiedSignature


def open_notice(
    package: BinaryIO,
    verifier: SignatureVerifier,
    log: CheckpointVerifier,
    *,
    at: datetime,
    response_manifest_sha256: str = "",
) -> OpenedNotice:
    """Open a seekable notice package.

    `response_manifest_sha256`: of the answer at hand; a notice on another one is refused; "" for any.
    Raises PrivityError PACKAGE_INVALID, SIGNATURE_INVALID, CERTIFICATE_INVALID, EVIDENCE_INVALID.
    """
    container = open_container(package, LIMITS)
    document = container.read(MANIFEST_NAME)
    manifest, digest = NoticeManifest.from_bytes(document), hashlib.sha256(document).hexdigest()
    signature = verifier.verify(document, container.read(SIGNATURE_NAME), at=at, policies=(RESPONSE_SIGNING,))
    check_files(container, (), UNHASHED)
    if response_manifest_sha256 not in ("", manifest.answer.response_manifest_sha256):
        _refuse("the notice is on another answer than the one given")
    _check_issued(container, manifest, digest, log)
    return OpenedNotice(manifest, digest, signature)


def acknowledge_notice(
    opened: OpenedNotice, office: str, outcome: ReceiptOutcome, done_on: date, signer: OfficerSigner, *, at: datetime
) -> bytes:
    """The bytes of a signed receipt package.

    Raises PrivityError FORMAT_INVALID where the notice asks for another thing, or for no receipt; the custodian judges
    the office and its holder.
    """
    notice, at = opened.manifest, at.replace(microsecond=0)  # 10
    released = datetime.combine(notice.answer.released_on, datetime.min.time(), at.tzinfo)
    judge_receipt(NoticeTerms(notice.action, notice.may_destroy, notice.created_at, released), outcome, done_on, at)
    receipt = ReceiptManifest(
        notice_id=notice.notice_id,
        notice_manifest_sha256=opened.manifest_sha256,
        request_id=notice.answer.request_id,
        agreement=notice.agreement,
        custodian=notice.custodian,
        requester=notice.requester,
        office=office,
        outcome=outcome,
        done_on=done_on,
        created_at=at,
    ).to_bytes()
    ReceiptManifest.from_bytes(receipt)  # an office outside the grammar is told now
    return write_container([(MANIFEST_NAME, receipt), (SIGNATURE_NAME, signer.sign(receipt, at=at))])


def _check_issued(container: Container, manifest: NoticeManifest, digest: str, log: CheckpointVerifier) -> None:
    """The log that is trusted has the issue of exactly this notice (docs/evidence-format.md, Notices)."""
    if max(container.size(LOG_PROOF), container.size(NOTICE_ENTRY)) > _MOST_PROOF_BYTES:
        _refuse("the notice's log proof or entry is larger than it can be")
    document = container.read(NOTICE_ENTRY)
    entry, proof = decode_entry(document), decode_log_proof(container.read(LOG_PROOF))
    head = log.check(proof.checkpoint)
    check_inclusion(proof.index, head.size, leaf_hash(document), proof.hashes, head.root)
    bound = {
        "request_id": manifest.answer.request_id,
        "notice_id": manifest.notice_id,
        "notice_manifest_sha256": digest,
        "action": manifest.action.value,
        "agreement_id": manifest.agreement.id,
        "agreement_version": manifest.agreement.version,
        "agreement_digest": manifest.agreement.digest,
    }
    issued = entry.event is AuditEvent.NOTICE_ISSUED
    if not issued or any(entry.fields.get(name) != value for name, value in bound.items()):
        raise PrivityError(
            ErrorCode.EVIDENCE_INVALID,
            "the custodian's log does not have the issue of this notice",
            "Do not act on it. Ask the custodian to deliver the notice as it was issued.",
        )


def _refuse(message: str) -> NoReturn:
    """Raise PACKAGE_INVALID."""
    raise PrivityError(ErrorCode.PACKAGE_INVALID, message, "Ask the custodian to deliver the notice again.")
