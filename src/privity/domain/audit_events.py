"""The closed list of evidence-log events and the fields each may carry (design EVIDENCE, Log).

No event has a field for personal data or for a count of confirmations; a field outside the list is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from privity.domain.errors import ErrorCode, PrivityError


class AuditEvent(StrEnum):
    """What can happen. Grammar: OBJECT_PAST-PARTICIPLE."""

    HOME_CREATED = "HOME_CREATED"
    HOME_FROZEN = "HOME_FROZEN"
    HOME_RECONFIRMED = "HOME_RECONFIRMED"
    AGREEMENT_RECORDED = "AGREEMENT_RECORDED"
    AGREEMENT_ACTIVATED = "AGREEMENT_ACTIVATED"
    AGREEMENT_SUSPENDED = "AGREEMENT_SUSPENDED"
    AGREEMENT_ENDED = "AGREEMENT_ENDED"
    OFFICES_RECORDED = "OFFICES_RECORDED"
    TRUST_RECORDED = "TRUST_RECORDED"
    REGISTER_ACTIVATED = "REGISTER_ACTIVATED"
    PACKAGE_ARRIVED = "PACKAGE_ARRIVED"
    PACKAGE_REFUSED = "PACKAGE_REFUSED"
    REQUEST_ADMITTED = "REQUEST_ADMITTED"
    REQUEST_RETURNED = "REQUEST_RETURNED"
    REFERRALS_DECIDED = "REFERRALS_DECIDED"
    REFERRALS_SETTLED = "REFERRALS_SETTLED"
    ADMISSION_REVOKED = "ADMISSION_REVOKED"
    MATCHING_STARTED = "MATCHING_STARTED"
    MATCHING_FINISHED = "MATCHING_FINISHED"
    APPROVAL_RECORDED = "APPROVAL_RECORDED"
    APPROVALS_RESET = "APPROVALS_RESET"
    RELEASE_REFUSED = "RELEASE_REFUSED"
    RELEASE_INTENDED = "RELEASE_INTENDED"
    RESPONSE_RELEASED = "RESPONSE_RELEASED"
    RESPONSE_DELIVERED = "RESPONSE_DELIVERED"
    HOLD_PLACED = "HOLD_PLACED"
    HOLD_LIFTED = "HOLD_LIFTED"
    NOTICE_ISSUED = "NOTICE_ISSUED"
    RECEIPT_RECORDED = "RECEIPT_RECORDED"
    WITHHOLDING_CHANGED = "WITHHOLDING_CHANGED"
    DECOYS_CHANGED = "DECOYS_CHANGED"
    ACCOUNTING_READ = "ACCOUNTING_READ"
    DUTY_DISCHARGED = "DUTY_DISCHARGED"
    REPORT_RECORDED = "REPORT_RECORDED"
    DESTRUCTION_INTENDED = "DESTRUCTION_INTENDED"
    REQUEST_DESTROYED = "REQUEST_DESTROYED"


Value = str | int

_REQUEST = frozenset({"request_id", "agreement_id", "agreement_version", "agreement_digest"})
_NOTICE = frozenset({"notice_id", "notice_manifest_sha256"})
_RULES = frozenset({"rule_set"})
_DECIDED = frozenset({"agreement_id", "agreement_version", "agreement_digest", "reason_code"})

FIELDS: Mapping[AuditEvent, frozenset[str]] = {
    AuditEvent.HOME_CREATED: frozenset({"origin", "software"}),
    AuditEvent.HOME_FROZEN: frozenset({"reason_code"}),
    AuditEvent.HOME_RECONFIRMED: frozenset({"approvals_sha256"}),
    AuditEvent.AGREEMENT_RECORDED: frozenset(
        {"agreement_id", "agreement_version", "agreement_digest", "signatures", "requester"}
    ),
    AuditEvent.AGREEMENT_ACTIVATED: _DECIDED,
    AuditEvent.AGREEMENT_SUSPENDED: _DECIDED,
    AuditEvent.AGREEMENT_ENDED: _DECIDED,
    AuditEvent.OFFICES_RECORDED: frozenset({"offices_digest"}),
    AuditEvent.TRUST_RECORDED: frozenset({"trust_sha256", "anchors", "intermediates", "revocation_lists"}),
    AuditEvent.REGISTER_ACTIVATED: frozenset({"snapshot_id", "rows", "refused_rows"}) | _RULES,
    AuditEvent.PACKAGE_ARRIVED: frozenset({"package_sha256", "size"}),
    AuditEvent.PACKAGE_REFUSED: frozenset({"package_sha256", "code"}),
    AuditEvent.REQUEST_ADMITTED: _REQUEST
    | _RULES
    | frozenset({"manifest_sha256", "lines", "returned", "referred", "visible_from"}),
    AuditEvent.REQUEST_RETURNED: _REQUEST
    | _RULES
    | frozenset({"manifest_sha256", "lines", "codes", "accounting_root", "accounting_records"}),
    AuditEvent.REFERRALS_DECIDED: _REQUEST | frozenset({"lines", "code", "role", "signature_sha256"}),
    AuditEvent.REFERRALS_SETTLED: _REQUEST | _RULES | frozenset({"lines", "returned"}),
    AuditEvent.ADMISSION_REVOKED: _REQUEST
    | frozenset({"manifest_sha256", "lines", "codes", "accounting_root", "accounting_records"}),
    AuditEvent.MATCHING_STARTED: _REQUEST | _RULES | frozenset({"snapshot_id"}),
    AuditEvent.MATCHING_FINISHED: _REQUEST | _RULES | frozenset({"snapshot_id", "lines", "content_sha256"}),
    AuditEvent.APPROVAL_RECORDED: _REQUEST | frozenset({"content_sha256", "signature_sha256", "role", "verdict"}),
    AuditEvent.APPROVALS_RESET: _REQUEST | frozenset({"content_sha256", "reason_code"}),
    AuditEvent.RELEASE_REFUSED: _REQUEST
    | frozenset({"content_sha256", "manifest_sha256", "lines", "accounting_root", "accounting_records"}),
    AuditEvent.RELEASE_INTENDED: _REQUEST | frozenset({"content_sha256", "response_manifest_sha256"}),
    AuditEvent.RESPONSE_RELEASED: _REQUEST
    | _RULES
    | frozenset(
        {
            "content_sha256",
            "manifest_sha256",
            "response_manifest_sha256",
            "lines",
            "accounting_root",
            "accounting_records",
            "snapshot_id",
        }
    ),
    AuditEvent.RESPONSE_DELIVERED: _REQUEST | frozenset({"response_manifest_sha256", "package_sha256"}),
    AuditEvent.HOLD_PLACED: frozenset(
        {"hold_id", "scope", "target", "kind", "demand", "starts_at", "ends_at", "order_sha256"}
    ),
    AuditEvent.HOLD_LIFTED: frozenset({"hold_id"}),
    AuditEvent.NOTICE_ISSUED: _REQUEST | _NOTICE | frozenset({"action", "hold_id", "orders", "may_destroy", "due_at"}),
    AuditEvent.RECEIPT_RECORDED: _REQUEST
    | _NOTICE
    | frozenset({"receipt_manifest_sha256", "office", "outcome", "done_on"}),
    AuditEvent.WITHHOLDING_CHANGED: frozenset({"change"}),
    AuditEvent.DECOYS_CHANGED: frozenset({"change"}),
    AuditEvent.ACCOUNTING_READ: frozenset({"query", "role", "reason_code"}),
    AuditEvent.DUTY_DISCHARGED: frozenset({"request_id", "duty", "evidence_sha256"}),
    AuditEvent.REPORT_RECORDED: frozenset({"agreement_id", "report", "about", "made_on", "evidence_sha256"}),
    AuditEvent.DESTRUCTION_INTENDED: _REQUEST | frozenset({"key_id", "backups_expire"}),
    AuditEvent.REQUEST_DESTROYED: _REQUEST | frozenset({"key_id", "backups_expire", "blobs", "finding"}),
}


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One event at one time, with only the fields its kind allows."""

    event: AuditEvent
    time: datetime  # aware, UTC
    fields: Mapping[str, Value]

    def __post_init__(self) -> None:
        """Refuse unknown fields (they could carry personal data) and naive times."""
        unknown = set(self.fields) - FIELDS[self.event]
        if unknown or self.time.tzinfo is None:
            raise PrivityError(
                ErrorCode.INTERNAL, f"an audit entry of kind {self.event.value} has fields outside its closed list"
            )
