"""Tells the recipients of delivered answers what the orders in force demand: one signed notice on each answer.

A notice is issued where the last one on an answer says something else than the orders do now: another order governs,
one came or went, all were lifted. So it may be run at any time, and again after a crash: what stands is not repeated.
The numbers are those of docs/procedures/hold.md.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from privity.domain.audit_events import AuditEvent
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.holds import NoticeAction
from privity.domain.lifecycle import Action
from privity.domain.offices import CustodianRole
from privity.policy.admission.context import parameter
from privity.policy.holds import Governing
from privity.ports.notices import StoredNotice
from privity.ports.stored import StoredHold, StoredRelease, StoredRequest
from privity.ports.stores import ReadStore
from privity.services.accounting.account_lines import rfc3339
from privity.services.agreements.record_agreement import stored_agreement
from privity.services.gate import Gate, Progress, append_entry, need_role, need_thawed, quiet, request_fields
from privity.services.holds.notice_standing import DeliveredAnswer, delivered_answers, order_ids, signed_pair
from privity.services.holds.place_hold import docket_of, is_docket_number
from privity.wire.notice_manifest import MOST_ORDERS, NoticedAnswer, NoticedOrder, NoticeManifest
from privity.wire.package_manifest import AgreementReference


@dataclass(frozen=True, slots=True)
class NoticeIssued:
    """One notice, now on record."""

    notice_id: str
    request_id: str
    requester: str
    action: str
    may_destroy: bool
    governed_by: str
    orders: tuple[str, ...]
    receipt_due: datetime
    manifest_sha256: str
    log_index: int


def issue_notices(
    gate: Gate,
    *,
    request_id: str = "",
    role: CustodianRole = CustodianRole.COUNSEL,
    progress: Progress = quiet,
) -> tuple[NoticeIssued, ...]:
    """Issue every notice that is due, on one request's answer where it is given; () where all recipients know.

    Raises PrivityError ROLE_FORBIDDEN, HOME_FROZEN, HOME_BUSY, STATE_CONFLICT (orders changed meanwhile: run it
    again; or more orders than a notice names), KEY_INVALID, STORAGE_FAILED, LOG_UNAVAILABLE.
    """
    need_role(role, Action.ISSUE_NOTICE)  # 3
    with gate.locks.work():
        with gate.store.reading() as read:
            need_thawed(read)
            due = _due(read, gate.clock.now(), request_id)  # 4
        issued = []
        for place, answer in enumerate(due):
            issued.append(_issue(gate, answer))  # 5, 6
            progress("issue", place + 1, len(due))
        gate.publish()  # 7
    return tuple(issued)


def _due(read: ReadStore, at: datetime, request_id: str) -> list[DeliveredAnswer]:
    return [one for one in delivered_answers(read, at) if not one.told and request_id in ("", one.request.request_id)]


def _issue(gate: Gate, answer: DeliveredAnswer) -> NoticeIssued:
    """Sign, then record with its log entry in one transaction, which looks at the orders again."""
    at = gate.clock.now().replace(microsecond=0)
    with gate.store.reading() as read:
        manifest = _manifest(gate, read, answer, at)
    document = manifest.to_bytes()
    NoticeManifest.from_bytes(document)  # what its readers would refuse is not signed
    signature = gate.keys.response_signer().sign(document, at=at)
    digest = hashlib.sha256(document).hexdigest()
    request, now = answer.request, answer.governing
    place = notice_place(manifest.notice_id)
    with gate.store.writing() as write:
        need_thawed(write)
        _need_same(write, answer, at)
        index = append_entry(
            write,
            AuditEvent.NOTICE_ISSUED,
            at,
            **request_fields(request),
            notice_id=manifest.notice_id,
            notice_manifest_sha256=digest,
            action=manifest.action.value,
            may_destroy=int(manifest.may_destroy),
            hold_id=manifest.governs,
            orders=order_ids(now),
            due_at=rfc3339(manifest.receipt_due),
        )
        write.add_notice(
            StoredNotice(
                notice_id=manifest.notice_id,
                request_id=request.request_id,
                requester=request.requester,
                hold_id=manifest.governs,
                orders=order_ids(now),
                action=manifest.action,
                may_destroy=manifest.may_destroy,
                issued_at=at,
                due_at=manifest.receipt_due,
                manifest_sha256=digest,
                log_index=index,
                sealed=gate.keys.accounting_storage().seal(signed_pair(document, signature), place),
            )
        )
    return NoticeIssued(
        manifest.notice_id,
        request.request_id,
        request.requester,
        manifest.action.value,
        manifest.may_destroy,
        manifest.governs,
        tuple(order.hold_id for order in now.orders) if now else (),
        manifest.receipt_due,
        digest,
        index,
    )


def notice_place(notice_id: str) -> bytes:
    """Where a notice's seal belongs."""
    return f"notice/{notice_id}".encode()


def _need_same(read: ReadStore, answer: DeliveredAnswer, at: datetime) -> None:
    """The orders demand in the deciding transaction what was signed."""
    present = [one for one in delivered_answers(read, at) if one.request.request_id == answer.request.request_id]
    if not present or (present[0].governing, present[0].notice) != (answer.governing, answer.notice):
        raise PrivityError(
            ErrorCode.STATE_CONFLICT, "the orders on this answer changed while its notice was signed", "Run it again."
        )


def _manifest(gate: Gate, read: ReadStore, answer: DeliveredAnswer, at: datetime) -> NoticeManifest:
    request, now = answer.request, answer.governing
    agreement = stored_agreement(read, request.agreement_id, request.agreement_version)
    days = int(str(parameter(agreement, "R15", "receipt_within_days")))
    action = now.action if now else NoticeAction.LIFTED
    return NoticeManifest(
        notice_id=f"notice-{gate.entropy.token(8).hex()}",
        action=action,
        may_destroy=now.may_destroy if now else True,
        agreement=AgreementReference(request.agreement_id, request.agreement_version, request.agreement_digest),
        custodian=agreement.custodian.id,
        requester=request.requester,
        office=request.office,
        answer=_answer(read, request),
        governs=now.order.hold_id if now else "",
        orders=_orders(gate, read, now) if now else (),
        replaces=answer.notice.manifest_sha256 if answer.notice else "",
        created_at=at,
        receipt_due=_receipt_due(answer, at, days),
    )


def _receipt_due(answer: DeliveredAnswer, at: datetime, days: int) -> datetime:
    """`days` from now; but one more order gives no more time for a receipt that is waited for, or overdue, already."""
    due, last = at + timedelta(days=days), answer.notice
    if answer.governing is None or last is None or last.action is NoticeAction.LIFTED or answer.acknowledged:
        return due
    return max(at, min(due, last.due_at))


def _answer(read: ReadStore, request: StoredRequest) -> NoticedAnswer:
    release = read.release(request.request_id)
    if release is None:
        raise PrivityError(ErrorCode.STATE_CONFLICT, "the release of this answer is not recorded")
    return NoticedAnswer(
        request.request_id,
        request.manifest_sha256,
        release.response_manifest_sha256,
        request.lines,
        released_day(release),
    )


def released_day(release: StoredRelease) -> date:
    """The day (UTC) from which the recipient may have had the answer."""
    return release.released_at.date()


def _orders(gate: Gate, read: ReadStore, now: Governing) -> tuple[NoticedOrder, ...]:
    if len(now.orders) > MOST_ORDERS:
        raise PrivityError(
            ErrorCode.STATE_CONFLICT,
            f"more than {MOST_ORDERS:,} orders speak of one delivered answer, and a notice names every one",
            "Let counsel lift those that another order repeats, then run it again.",
        )
    stored = {hold.hold_id: hold for hold in read.holds()}
    return tuple(
        NoticedOrder(
            order.hold_id,
            order.demand,
            _docket(gate, stored[order.hold_id]),
            "" if order.concealed else stored[order.hold_id].order_sha256,
        )
        for order in now.orders
    )


def _docket(gate: Gate, hold: StoredHold) -> str:
    """The docket number; "" for a sealed order, and where counsel's words are more than a number."""
    words = docket_of(gate, hold)
    return words if is_docket_number(words) and not hold.concealed else ""
