"""The manifests of a notice on a delivered answer, and of the requester's receipt for it, in canonical JSON.

A notice holds ids, hashes, days, docket numbers and sentences from a closed list: no name, no line, no answer. Both are
containers like every package (`package`); a notice carries the log's proof of its issue beside the manifest.
Not here: who may sign, and whether a receipt states what its notice demands (`policy.holds`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NoReturn

from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.holds import Demand, NoticeAction, ReceiptOutcome
from privity.wire.canonical_json import decode_strict, encode
from privity.wire.package_manifest import (
    FORMAT,
    HEX_256,
    LOG_PROOF,
    REQUEST_ID,
    WORD,
    AgreementReference,
    ManifestFields,
    moment_text,
    read_reference,
    reference_value,
)

NOTICE_ENTRY = "log/notice-entry.json"
UNHASHED = (LOG_PROOF, NOTICE_ENTRY)
MOST_ORDERS = 1_000  # of at most some 470 bytes each: see MOST_NOTICE_BYTES
MOST_NOTICE_BYTES = 512 * 1024
NOTICE_ID = re.compile(r"notice-[0-9a-f]{16}")
_HOLD_ID = re.compile(r"hold-[0-9a-f]{16}")
_DOCKET_CHARACTERS = 80
_MAYBE_HEX = re.compile(r"(?:[0-9a-f]{64})?")
_MAYBE_HOLD = re.compile(r"(?:hold-[0-9a-f]{16})?")

KEEP = "Until another notice: use and share nothing of this answer, keep every copy, and destroy nothing."
SEND_BACK = "Use and share nothing of this answer any more. Return every copy to the custodian; destroy nothing."
SEND_BACK_OR_DESTROY = (
    "Use and share nothing of this answer any more. Return every copy to the custodian, or destroy every copy."
)
LIFTED = "The orders on this answer are lifted. The agreement's own duties apply again from today."


@dataclass(frozen=True, slots=True)
class NoticedOrder:
    """One order that covers the answer. A sealed order shows neither docket nor digest."""

    hold_id: str
    demand: Demand
    docket: str
    order_sha256: str


@dataclass(frozen=True, slots=True)
class NoticedAnswer:
    """Which delivered answer: hashes and a count, never a line."""

    request_id: str
    request_manifest_sha256: str
    response_manifest_sha256: str
    lines: int
    released_on: date


@dataclass(frozen=True, slots=True)
class NoticeManifest:
    """What a notice's signature covers."""

    notice_id: str
    action: NoticeAction
    may_destroy: bool
    agreement: AgreementReference
    custodian: str
    requester: str
    office: str  # the requester's office that signed the request
    answer: NoticedAnswer
    governs: str  # id of the order that governs; "" for LIFTED
    orders: tuple[NoticedOrder, ...]
    replaces: str  # SHA-256 of the manifest of the earlier notice on this answer, or ""
    created_at: datetime
    receipt_due: datetime

    @property
    def demand(self) -> str:
        """What the recipient must do, in one sentence of the closed list."""
        if self.action is NoticeAction.FREEZE:
            return KEEP
        if self.action is NoticeAction.LIFTED:
            return LIFTED
        return SEND_BACK_OR_DESTROY if self.may_destroy else SEND_BACK

    def to_bytes(self) -> bytes:
        """Canonical JSON."""
        return encode(
            {
                "format": FORMAT,
                "kind": "notice",
                "notice_id": self.notice_id,
                "action": self.action.value,
                "may_destroy": self.may_destroy,
                "demand": self.demand,
                "agreement": reference_value(self.agreement),
                "custodian": self.custodian,
                "requester": self.requester,
                "office": self.office,
                "answer": {
                    "request_id": self.answer.request_id,
                    "request_manifest_sha256": self.answer.request_manifest_sha256,
                    "response_manifest_sha256": self.answer.response_manifest_sha256,
                    "lines": self.answer.lines,
                    "released_on": self.answer.released_on.isoformat(),
                },
                "governs": self.governs,
                "orders": [
                    {
                        "hold_id": one.hold_id,
                        "demand": one.demand.value,
                        "docket": one.docket,
                        "order_sha256": one.order_sha256,
                    }
                    for one in self.orders
                ],
                "replaces": self.replaces,
                "created_at": moment_text(self.created_at),
                "receipt_due": moment_text(self.receipt_due),
                "unhashed": list(UNHASHED),
            }
        )

    @classmethod
    def from_bytes(cls, document: bytes) -> NoticeManifest:
        """Read strictly: unknown or missing fields, other kinds and loose forms raise PrivityError PACKAGE_INVALID."""
        fields = ManifestFields(decode_strict(document, code=ErrorCode.PACKAGE_INVALID))
        fields.constant("format", FORMAT)
        fields.constant("kind", "notice")
        manifest = cls(
            notice_id=fields.matching("notice_id", NOTICE_ID),
            action=NoticeAction(fields.one_of("action", [one.value for one in NoticeAction])),
            may_destroy=fields.boolean("may_destroy"),
            agreement=read_reference(fields),
            custodian=fields.matching("custodian", WORD),
            requester=fields.matching("requester", WORD),
            office=fields.matching("office", WORD),
            answer=_read_answer(fields.object("answer")),
            governs=fields.matching("governs", _MAYBE_HOLD),
            orders=tuple(_read_order(ManifestFields(item)) for item in fields.items("orders")),
            replaces=fields.matching("replaces", _MAYBE_HEX),
            created_at=fields.moment("created_at"),
            receipt_due=fields.moment("receipt_due"),
        )
        said, unhashed = fields.text("demand", 200), fields.items("unhashed")
        fields.done()
        if said != manifest.demand or list(unhashed) != list(UNHASHED):
            _refuse("the notice says another thing in words than in its fields, or leaves other files unhashed")
        _check_orders(manifest)
        return manifest


@dataclass(frozen=True, slots=True)
class ReceiptManifest:
    """What the requester's signature under a receipt covers."""

    notice_id: str
    notice_manifest_sha256: str
    request_id: str
    agreement: AgreementReference
    custodian: str
    requester: str
    office: str
    outcome: ReceiptOutcome
    done_on: date
    created_at: datetime

    def to_bytes(self) -> bytes:
        """Canonical JSON."""
        return encode(
            {
                "format": FORMAT,
                "kind": "receipt",
                "notice_id": self.notice_id,
                "notice_manifest_sha256": self.notice_manifest_sha256,
                "request_id": self.request_id,
                "agreement": reference_value(self.agreement),
                "custodian": self.custodian,
                "requester": self.requester,
                "office": self.office,
                "outcome": self.outcome.value,
                "done_on": self.done_on.isoformat(),
                "created_at": moment_text(self.created_at),
            }
        )

    @classmethod
    def from_bytes(cls, document: bytes) -> ReceiptManifest:
        """Read strictly. Raises PrivityError PACKAGE_INVALID."""
        fields = ManifestFields(decode_strict(document, code=ErrorCode.PACKAGE_INVALID))
        fields.constant("format", FORMAT)
        fields.constant("kind", "receipt")
        manifest = cls(
            notice_id=fields.matching("notice_id", NOTICE_ID),
            notice_manifest_sha256=fields.matching("notice_manifest_sha256", HEX_256),
            request_id=fields.matching("request_id", REQUEST_ID),
            agreement=read_reference(fields),
            custodian=fields.matching("custodian", WORD),
            requester=fields.matching("requester", WORD),
            office=fields.matching("office", WORD),
            outcome=ReceiptOutcome(fields.one_of("outcome", [one.value for one in ReceiptOutcome])),
            done_on=fields.day("done_on"),
            created_at=fields.moment("created_at"),
        )
        fields.done()
        return manifest


def _read_answer(fields: ManifestFields) -> NoticedAnswer:
    answer = NoticedAnswer(
        request_id=fields.matching("request_id", REQUEST_ID),
        request_manifest_sha256=fields.matching("request_manifest_sha256", HEX_256),
        response_manifest_sha256=fields.matching("response_manifest_sha256", HEX_256),
        lines=fields.count("lines"),
        released_on=fields.day("released_on"),
    )
    fields.done()
    return answer


def _read_order(fields: ManifestFields) -> NoticedOrder:
    order = NoticedOrder(
        hold_id=fields.matching("hold_id", _HOLD_ID),
        demand=Demand(fields.one_of("demand", [one.value for one in Demand])),
        docket=fields.text("docket", _DOCKET_CHARACTERS),
        order_sha256=fields.matching("order_sha256", _MAYBE_HEX),
    )
    fields.done()
    return order


def _check_orders(manifest: NoticeManifest) -> None:
    """The governing order is one of those named and demands what the notice says; a lifted answer has none."""
    demands: Mapping[str, Demand] = {one.hold_id: one.demand for one in manifest.orders}
    if len(demands) != len(manifest.orders) or len(demands) > MOST_ORDERS:
        _refuse("the notice names an order twice, or too many")
    if manifest.action is NoticeAction.LIFTED:
        if manifest.orders or manifest.governs or not manifest.may_destroy:
            _refuse("a notice that the orders are lifted names one all the same")
        return
    found = demands.get(manifest.governs)
    if found is None or found.value != manifest.action.value:
        _refuse("the order that governs is not among those the notice names, or demands something else")
    if manifest.action is NoticeAction.FREEZE and Demand.RECALL in demands.values():
        _refuse("a weaker order governs than the strictest that the notice names")
    if manifest.receipt_due < manifest.created_at:
        _refuse("the receipt is due before the notice was made")
    if manifest.may_destroy and Demand.FREEZE in demands.values():
        _refuse("the notice lets the recipient destroy what one of its orders preserves")


def _refuse(message: str) -> NoReturn:
    """Raise PACKAGE_INVALID; values are never repeated."""
    raise PrivityError(ErrorCode.PACKAGE_INVALID, message, "Ask for the package as it was signed.") from None
