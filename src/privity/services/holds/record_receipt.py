"""Takes in the requester's receipt for a notice: verified, attributed to an office, matched, recorded once.

Who may sign a receipt is who may sign a request of the agreement: a present holder of one of its signing offices, at
the claimed signing time and now (R01). From then on the notice keeps no request out. The numbers are those of
docs/procedures/hold.md.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO

from privity.domain.agreement import Agreement
from privity.domain.audit_events import AuditEvent
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.holds import NoticeAction
from privity.domain.lifecycle import Action
from privity.domain.offices import CustodianRole
from privity.policy.admission.request_rules import CLOCK_SKEW
from privity.policy.holds import GONE, NoticeTerms, judge_receipt
from privity.policy.office_authority import authority_gap
from privity.ports.notices import StoredNotice, StoredReceipt
from privity.ports.security import VerifiedSignature
from privity.ports.stored import StoredRequest
from privity.ports.stores import ReadStore, WriteStore
from privity.services.agreements.record_agreement import stored_agreement
from privity.services.agreements.record_offices import current_offices
from privity.services.gate import Gate, append_entry, need_request, need_role, need_thawed, request_fields
from privity.services.holds.notice_standing import DESTROY, signed_pair
from privity.wire.notice_manifest import ReceiptManifest
from privity.wire.package import MANIFEST_NAME, SIGNATURE_NAME, Limits, open_container
from privity.wire.package_manifest import check_files

LIMITS = Limits(total_bytes=1024 * 1024, files=2, manifest_bytes=64 * 1024)


@dataclass(frozen=True, slots=True)
class ReceiptRecorded:
    """The receipt on record. `duty_discharged`: the duty to destroy this answer ended with it."""

    notice_id: str
    request_id: str
    office: str
    outcome: str
    done_on: date
    receipt_manifest_sha256: str
    log_index: int
    duty_discharged: bool
    already_recorded: bool


def record_receipt(
    gate: Gate, package: BinaryIO, *, role: CustodianRole = CustodianRole.DISCLOSURE_OFFICER
) -> ReceiptRecorded:
    """Record one receipt package; the very same one again changes nothing.

    Raises PrivityError ROLE_FORBIDDEN, HOME_FROZEN, HOME_BUSY, PACKAGE_INVALID (form, or another notice than the one
    it names), NOT_FOUND (no such notice), SIGNATURE_INVALID, CERTIFICATE_INVALID, SIGNER_UNAUTHORISED, FORMAT_INVALID
    (it states something else than the notice demands), STATE_CONFLICT (the notice has another receipt, asks for none,
    or a later one took its place), STORAGE_FAILED, LOG_UNAVAILABLE.
    """
    need_role(role, Action.RECORD_RECEIPT)  # 11
    with gate.locks.work():
        at = gate.clock.now()
        container = open_container(package, LIMITS)  # 12
        check_files(container, ())
        document, signature = container.read(MANIFEST_NAME), container.read(SIGNATURE_NAME)
        receipt, digest = ReceiptManifest.from_bytes(document), hashlib.sha256(document).hexdigest()
        verified = gate.verifier.verify(document, signature, at=at)  # 13
        sealed = gate.keys.accounting_storage().seal(signed_pair(document, signature), receipt_place(receipt.notice_id))
        with gate.store.writing() as write:
            need_thawed(write)
            notice = _notice_of(write, receipt)
            request = need_request(write, notice.request_id)
            known = next((one for one in write.notice_receipts() if one.notice_id == notice.notice_id), None)
            if known is None or known.manifest_sha256 != digest:
                _need_fitting(gate, write, request, notice, receipt, verified, at)  # 14, 15
                known = _record(write, request, receipt, digest, verified, sealed, at)  # 16
                discharged, already = _discharge(write, request, receipt, digest, at), False
            else:
                discharged, already = False, True
        gate.publish()  # 17
    return ReceiptRecorded(
        notice.notice_id,
        notice.request_id,
        known.office,
        known.outcome.value,
        known.done_on,
        digest,
        known.log_index,
        discharged,
        already,
    )


def receipt_place(notice_id: str) -> bytes:
    """Where a receipt's seal belongs."""
    return f"receipt/{notice_id}".encode()


def _notice_of(read: ReadStore, receipt: ReceiptManifest) -> StoredNotice:
    """The notice that the receipt names, by id and by the hash of what was signed."""
    for notice in read.notices():
        if notice.notice_id == receipt.notice_id:
            same = (notice.manifest_sha256, notice.request_id) == (receipt.notice_manifest_sha256, receipt.request_id)
            if not same:
                raise PrivityError(
                    ErrorCode.PACKAGE_INVALID,
                    "the receipt names another notice, or another answer, than the one of this id",
                    "Acknowledge the notice as it was delivered.",
                )
            return notice
    raise PrivityError(
        ErrorCode.NOT_FOUND, "the receipt is for a notice that this home did not issue", "See `privity notice list`."
    )


def _need_fitting(  # noqa: PLR0917 - what a receipt is judged by
    gate: Gate,
    read: ReadStore,
    request: StoredRequest,
    notice: StoredNotice,
    receipt: ReceiptManifest,
    verified: VerifiedSignature,
    at: datetime,
) -> None:
    """The right parties and office, signed after the notice, stating what it demands."""
    agreement = stored_agreement(read, request.agreement_id, request.agreement_version)
    named = (receipt.agreement.id, receipt.agreement.version, receipt.agreement.digest)
    parties = (receipt.requester, receipt.custodian)
    if named != (agreement.id, agreement.version, agreement.digest) or parties != (
        agreement.requester.id,
        agreement.custodian.id,
    ):
        raise PrivityError(
            ErrorCode.PACKAGE_INVALID,
            "the receipt names another agreement or other parties than its notice",
            "Acknowledge the notice as it was delivered.",
        )
    _need_signatory(gate, read, agreement, receipt, verified, at)
    if not notice.issued_at - CLOCK_SKEW <= verified.signing_time <= at + CLOCK_SKEW:
        raise PrivityError(
            ErrorCode.SIGNATURE_INVALID,
            "the receipt claims to be signed before its notice was issued, or in the future",
            "Sign it with a correct clock.",
        )
    if verified.signing_time != receipt.created_at:
        raise PrivityError(
            ErrorCode.SIGNATURE_INVALID, "the receipt was signed at another moment than it states", "Sign it anew."
        )
    release = read.release(request.request_id)
    delivered = notice.issued_at if release is None else release.released_at
    terms = NoticeTerms(notice.action, notice.may_destroy, notice.issued_at, delivered)
    if notice.action is not NoticeAction.LIFTED:  # the store refuses a receipt for a notice that asks for none
        judge_receipt(terms, receipt.outcome, receipt.done_on, at)


def _need_signatory(  # noqa: PLR0917
    gate: Gate,
    read: ReadStore,
    agreement: Agreement,
    receipt: ReceiptManifest,
    verified: VerifiedSignature,
    at: datetime,
) -> None:
    offices = current_offices(read, gate.keys)
    moments = (verified.signing_time, at)
    gap = authority_gap(
        agreement, offices, receipt.office, verified.signer_fingerprint, moments, party=agreement.requester.id
    )
    if gap:
        raise PrivityError(
            ErrorCode.SIGNER_UNAUTHORISED,
            gap,
            "Have a present holder of a signing office of the agreement sign the receipt.",
        )
    if not set(agreement.certificate_policies) <= set(verified.policies):
        raise PrivityError(
            ErrorCode.CERTIFICATE_INVALID,
            "the signer's certificate does not carry every policy the agreement asks for",
            "Sign with the certificate with which requests are signed.",
        )


def _record(  # noqa: PLR0917 - what a row is made of
    write: WriteStore,
    request: StoredRequest,
    receipt: ReceiptManifest,
    digest: str,
    verified: VerifiedSignature,
    sealed: bytes,
    at: datetime,
) -> StoredReceipt:
    index = append_entry(
        write,
        AuditEvent.RECEIPT_RECORDED,
        at,
        **request_fields(request),
        notice_id=receipt.notice_id,
        notice_manifest_sha256=receipt.notice_manifest_sha256,
        receipt_manifest_sha256=digest,
        office=receipt.office,
        outcome=receipt.outcome.value,
        done_on=receipt.done_on.isoformat(),
    )
    row = StoredReceipt(
        receipt.notice_id,
        digest,
        receipt.outcome,
        receipt.done_on,
        receipt.office,
        verified.signer_fingerprint,
        at,
        index,
        sealed,
    )
    write.add_notice_receipt(row)
    return row


def _discharge(write: WriteStore, request: StoredRequest, receipt: ReceiptManifest, digest: str, at: datetime) -> bool:
    """Nothing is left with the recipient: its duty to destroy this answer is done, and the receipt is the evidence."""
    owed = any(
        one.request_id == request.request_id and one.duty == DESTROY and one.discharged_at is None
        for one in write.duties()
    )
    if receipt.outcome not in GONE or not owed:
        return False
    write.discharge_duty(request.request_id, DESTROY, at, digest)
    append_entry(
        write,
        AuditEvent.DUTY_DISCHARGED,
        at,
        request_id=request.request_id,
        duty=DESTROY,
        evidence_sha256=digest,
    )
    return True
