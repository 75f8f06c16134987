"""The corpus on holds with dates and demands, notices and receipts: logs that contradict themselves, and sound twins.

Imported by `corpus`, which holds the words used here. Each story goes on after an ordinary delivery.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from privity.domain.audit_events import AuditEvent, Value
from tests.builders import corpus_more
from tests.builders.corpus import INVALID, VALID, add, inserted, log
from tests.builders.evidence import AGREEMENT, REQUEST_ID, Told

SPECIMENS = corpus_more.SPECIMENS
_E = AuditEvent
FREEZE, RECALL, OTHER = (f"hold-{number:016x}" for number in (1, 2, 3))
NOTICE, SECOND = (f"notice-{number:016x}" for number in (1, 2))
HASH, RECEIPT_HASH = "a" * 64, "b" * 64
REQUEST: dict[str, Value] = {
    "request_id": REQUEST_ID,
    "agreement_id": AGREEMENT.id,
    "agreement_version": AGREEMENT.version,
    "agreement_digest": AGREEMENT.digest,
}
Step = tuple[AuditEvent, dict[str, Any]]


def hold(hold_id: str, demand: str = "", scope: str = "everything", target: str = "", **more: Value) -> Step:
    """An order."""
    demanded = {"demand": demand} if demand else {}
    return _E.HOLD_PLACED, {
        "hold_id": hold_id,
        "scope": scope,
        "target": target,
        "kind": "court_order",
        **demanded,
        **more,
    }


def lifted(hold_id: str) -> Step:
    """The end of an order."""
    return _E.HOLD_LIFTED, {"hold_id": hold_id}


def notice(action: str = "freeze", governs: str = FREEZE, **more: Value) -> Step:
    """A notice, as the gate records one; `more` replaces fields."""
    fields: dict[str, Value] = {
        **REQUEST,
        "notice_id": NOTICE,
        "notice_manifest_sha256": HASH,
        "action": action,
        "hold_id": governs,
        "orders": governs,
        "may_destroy": int(action != "freeze"),
        "due_at": "2026-01-15T09:20:00Z",
    }
    return _E.NOTICE_ISSUED, fields | more


def receipt(outcome: str = "frozen", **more: Value) -> Step:
    """A receipt, as the gate records one."""
    fields: dict[str, Value] = {
        **REQUEST,
        "notice_id": NOTICE,
        "notice_manifest_sha256": HASH,
        "receipt_manifest_sha256": RECEIPT_HASH,
        "office": "department-secretary",
        "outcome": outcome,
        "done_on": "2026-01-15",
    }
    return _E.RECEIPT_RECORDED, fields | more


def after(*steps: Step) -> Callable[[Told], Told]:
    """The ordinary story with these steps after the delivery, all at its moment."""
    return lambda story: [*story, *((event, story[-1][1], dict(fields)) for event, fields in steps)]


def before_release(*steps: Step) -> Callable[[Told], Told]:
    """The ordinary story with these steps before the release."""
    return inserted(_E.RESPONSE_RELEASED, *steps)


DATES = {"starts_at": "2026-01-15T09:10:00Z", "ends_at": "2026-01-15T09:15:00Z"}  # release 09:05:20, delivery 09:20
SOUND: Sequence[tuple[str, Callable[[Told], Told]]] = (
    ("sound-hold-that-begins-and-ends-between-release-and-delivery", before_release(hold(OTHER, **DATES))),
    ("sound-hold-on-a-class", before_release(hold(OTHER, "freeze", "class", "plaintiffs"))),
    ("sound-hold-on-another-requester", before_release(hold(OTHER, "", "requester", "another-agency"))),
    ("sound-freeze-and-receipt", after(hold(FREEZE, "freeze"), notice(), receipt())),
    ("sound-recall-destroyed", after(hold(RECALL, "recall"), notice("recall", RECALL), receipt("destroyed"))),
    (
        "sound-recall-while-another-order-preserves",
        after(
            hold(FREEZE, "freeze"),
            hold(RECALL, "recall"),
            notice("recall", RECALL, may_destroy=0, orders=f"{FREEZE},{RECALL}"),
            receipt("returned"),
        ),
    ),
    (
        "sound-destroyed-before-a-freeze",
        after(hold(FREEZE, "freeze"), notice(), receipt("destroyed", done_on="2026-01-14")),
    ),
    (
        "sound-lifted",
        after(
            hold(FREEZE, "freeze"),
            notice(),
            lifted(FREEZE),
            notice("lifted", "", notice_id=SECOND, notice_manifest_sha256="c" * 64),
        ),
    ),
)
for name, story in SOUND:
    add(name, log, VALID, "lead to the checkpoint's root", story=story)

CONTRADICTIONS: Sequence[tuple[str, str, Callable[[Told], Told]]] = (
    (
        "log-released-under-a-dated-hold",
        "hold that covers it",
        before_release(hold(OTHER, starts_at="2026-01-15T09:05:20Z")),
    ),
    (
        "log-released-before-a-hold-ends",
        "hold that covers it",
        before_release(hold(OTHER, ends_at="2026-01-15T09:05:21Z")),
    ),
    ("log-hold-of-an-unknown-scope", "unknown scope", before_release(hold(OTHER, "", "person", "x"))),
    ("log-hold-of-an-unknown-demand", "unknown scope or demand", before_release(hold(OTHER, "burn"))),
    (
        "log-hold-that-ends-before-it-begins",
        "ends before it begins",
        before_release(hold(OTHER, starts_at=DATES["ends_at"], ends_at=DATES["starts_at"])),
    ),
    ("log-hold-on-a-class-with-dates", "has dates", before_release(hold(OTHER, "", "class", "plaintiffs", **DATES))),
    (
        "log-notice-before-release",
        "had not been released",
        before_release(hold(FREEZE, "freeze", "request", "r"), notice()),
    ),
    ("log-notice-without-an-order", "strictest order in force", after(notice())),
    (
        "log-notice-after-its-order-was-lifted",
        "strictest order",
        after(hold(FREEZE, "freeze"), lifted(FREEZE), notice()),
    ),
    (
        "log-notice-of-an-order-on-another-request",
        "strictest order",
        after(hold(FREEZE, "freeze", "request", "R-other"), notice()),
    ),
    ("log-notice-demands-more-than-its-order", "strictest order", after(hold(FREEZE, "freeze"), notice("recall"))),
    (
        "log-weaker-order-governs",
        "strictest order",
        after(hold(FREEZE, "freeze"), hold(RECALL, "recall"), notice(orders=f"{FREEZE},{RECALL}")),
    ),
    (
        "log-notice-lets-destroy-what-is-preserved",
        "lets destroy",
        after(hold(FREEZE, "freeze"), hold(RECALL, "recall"), notice("recall", RECALL, orders=f"{FREEZE},{RECALL}")),
    ),
    (
        "log-notice-lets-destroy-under-litigation",
        "lets destroy",
        after(hold(OTHER, kind="litigation"), hold(RECALL, "recall"), notice("recall", RECALL)),
    ),
    (
        "log-notice-due-before-its-issue",
        "was due before",
        after(hold(FREEZE, "freeze"), notice(due_at="2026-01-15T09:00:00Z")),
    ),
    ("log-notice-twice", "issued twice", after(hold(FREEZE, "freeze"), notice(), notice())),
    ("log-notice-of-another-form", "another form than allowed", after(hold(FREEZE, "freeze"), notice(notice_id="n1"))),
    (
        "log-lifted-while-an-order-stands",
        "while one is in force",
        after(hold(FREEZE, "freeze"), notice(), notice("lifted", "", notice_id=SECOND)),
    ),
    ("log-lifted-what-was-never-told", "no notice had demanded", after(notice("lifted", ""))),
    ("log-receipt-without-notice", "was not issued on this answer", after(receipt())),
    (
        "log-receipt-for-another-notice",
        "another notice than",
        after(hold(FREEZE, "freeze"), notice(), receipt(notice_manifest_sha256="d" * 64)),
    ),
    ("log-receipt-twice", "second receipt", after(hold(FREEZE, "freeze"), notice(), receipt(), receipt())),
    (
        "log-receipt-for-a-notice-that-was-replaced",
        "taken the place",
        after(
            hold(FREEZE, "freeze"),
            notice(),
            hold(RECALL, "recall"),
            notice("recall", RECALL, notice_id=SECOND, may_destroy=0),
            receipt(),
        ),
    ),
    (
        "log-receipt-of-another-outcome",
        "something else than the notice",
        after(hold(RECALL, "recall"), notice("recall", RECALL), receipt("frozen")),
    ),
    (
        "log-receipt-destroyed-what-was-frozen",
        "something else than the notice",
        after(hold(FREEZE, "freeze"), notice(), receipt("destroyed")),
    ),
    (
        "log-receipt-of-a-day-to-come",
        "a day in the future",
        after(hold(FREEZE, "freeze"), notice(), receipt(done_on="2026-01-16")),
    ),
    ("log-receipt-of-no-day", "not a day", after(hold(FREEZE, "freeze"), notice(), receipt(done_on="2026-02-30"))),
    (
        "log-receipt-for-lifted-orders",
        "something else than the notice",
        after(
            hold(FREEZE, "freeze"),
            notice(),
            lifted(FREEZE),
            notice("lifted", "", notice_id=SECOND, notice_manifest_sha256="c" * 64),
            receipt(notice_id=SECOND, notice_manifest_sha256="c" * 64),
        ),
    ),
    (
        "log-notice-in-a-frozen-home",
        "was frozen",
        after(hold(FREEZE, "freeze"), (_E.HOME_FROZEN, {"reason_code": "RESTORED"}), notice()),
    ),
)
for name, reason, story in CONTRADICTIONS:
    add(name, log, INVALID, reason, story=story)


def requester_known(story: Told) -> Told:
    """The story with the agreement's requester on record, and a hold on it before the release."""
    told = [(e, t, f | {"requester": "the-agency"} if e is _E.AGREEMENT_RECORDED else f) for e, t, f in story]
    return before_release(hold(OTHER, "", "requester", "the-agency"))(told)


add("log-released-under-a-hold-on-its-requester", log, INVALID, "hold that covers it", story=requester_known)
