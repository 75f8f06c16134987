"""Puts notices and receipts back that only the published log of a restored home still knows.

Their signed documents are not in the log, and are not made up: what comes back is that a receipt is outstanding, or
was recorded, so that a restoration lets no requester in that owes one.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from privity.domain.audit_events import AuditEntry, AuditEvent
from privity.domain.holds import NoticeAction, ReceiptOutcome
from privity.domain.request import RequestId
from privity.ports.notices import StoredNotice, StoredReceipt
from privity.ports.stores import WriteStore

NOTICE_EVENTS = frozenset({AuditEvent.NOTICE_ISSUED, AuditEvent.RECEIPT_RECORDED})


def replay_notice(write: WriteStore, entry: AuditEntry, index: int) -> bool:
    """Record it again as its entry says. False: the database does not know the request, or the notice, it is about."""
    facts = {name: str(value) for name, value in entry.fields.items()}
    if entry.event is AuditEvent.NOTICE_ISSUED:
        return _replay_issue(write, facts, entry.time, index)
    if not any(one.notice_id == facts["notice_id"] for one in write.notices()):
        return False
    write.add_notice_receipt(
        StoredReceipt(
            notice_id=facts["notice_id"],
            manifest_sha256=facts["receipt_manifest_sha256"],
            outcome=ReceiptOutcome(facts["outcome"]),
            done_on=date.fromisoformat(facts["done_on"]),
            office=facts["office"],
            certificate="",
            recorded_at=entry.time,
            log_index=index,
            sealed=b"",
        )
    )
    return True


def _replay_issue(write: WriteStore, facts: dict[str, str], at: datetime, index: int) -> bool:
    request = write.request(RequestId(facts["request_id"]))
    if request is None:
        return False
    write.add_notice(
        StoredNotice(
            notice_id=facts["notice_id"],
            request_id=request.request_id,
            requester=request.requester,
            hold_id=facts["hold_id"],
            orders=facts["orders"],
            action=NoticeAction(facts["action"]),
            may_destroy=facts["may_destroy"] == "1",
            issued_at=at,
            due_at=datetime.strptime(facts["due_at"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC),
            manifest_sha256=facts["notice_manifest_sha256"],
            log_index=index,
            sealed=b"",
        )
    )
    return True
