"""Where notices stand: waiting for a receipt, acknowledged, replaced by a later one, withdrawn with the last order.

Reads the authoritative store in the caller's transaction; decides by `privity.policy.holds`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from privity.domain.holds import HoldOrder, NoticeAction
from privity.domain.lifecycle import RequestState
from privity.domain.request import RequestId
from privity.policy.holds import GONE, Governing, governing
from privity.ports.notices import StoredNotice, StoredReceipt
from privity.ports.stored import StoredRequest
from privity.ports.stores import ReadStore
from privity.services.gate import answered

_MOST_IDS = 512  # characters that one value of the log may have
DESTROY = "destroy"  # the duty whose discharge says that the recipient has nothing left


class NoticeState(StrEnum):
    """Where one notice stands."""

    OUTSTANDING = "outstanding"  # no receipt: from its due moment on the requester's next request is refused (R15)
    ACKNOWLEDGED = "acknowledged"
    SUPERSEDED = "superseded"  # a later notice on the same answer took its place
    WITHDRAWN = "withdrawn"  # every order on the answer is lifted or over
    TOLD = "told"  # it says that the orders are lifted, and asks for nothing


@dataclass(frozen=True, slots=True)
class NoticeStanding:
    """One notice, its receipt where there is one, and where it stands."""

    notice: StoredNotice
    receipt: StoredReceipt | None
    state: NoticeState


def standings(read: ReadStore, at: datetime) -> tuple[NoticeStanding, ...]:
    """Every notice in the order of issue."""
    notices = read.notices()
    if not notices:
        return ()
    receipts = {one.notice_id: one for one in read.notice_receipts()}
    latest = {one.request_id: one.notice_id for one in notices}
    requests = {one.request_id: one for one in read.requests()}
    orders = orders_of(read)
    return tuple(
        NoticeStanding(
            one,
            receipts.get(one.notice_id),
            _state(one, one.notice_id in receipts, latest, requests.get(one.request_id), orders, at),
        )
        for one in notices
    )


def _state(  # noqa: PLR0917 - what a state rests on
    notice: StoredNotice,
    acknowledged: bool,
    latest: Mapping[RequestId, str],
    request: StoredRequest | None,
    orders: Iterable[HoldOrder],
    at: datetime,
) -> NoticeState:
    if notice.action is NoticeAction.LIFTED:
        return NoticeState.TOLD
    if acknowledged:
        return NoticeState.ACKNOWLEDGED
    if latest[notice.request_id] != notice.notice_id:
        return NoticeState.SUPERSEDED
    still = request is None or governing(orders, answered(request), at) is not None
    return NoticeState.OUTSTANDING if still else NoticeState.WITHDRAWN


def orders_of(read: ReadStore) -> tuple[HoldOrder, ...]:
    """Every order on record."""
    return tuple(hold.order for hold in read.holds())


@dataclass(frozen=True, slots=True)
class DeliveredAnswer:
    """An answer that its recipients may have, what is demanded of it now, and the last notice on it."""

    request: StoredRequest
    governing: Governing | None
    notice: StoredNotice | None
    acknowledged: bool = False  # that notice has its receipt

    @property
    def told(self) -> bool:
        """Whether the last notice says what is demanded now: the same action, terms and orders."""
        now, last = self.governing, self.notice
        if now is None or last is None:
            return now is None and (last is None or last.action is NoticeAction.LIFTED)
        terms = (now.action, now.may_destroy, now.order.hold_id, order_ids(now))
        return terms == (last.action, last.may_destroy, last.hold_id, last.orders)


def order_ids(now: Governing | None) -> str:
    """The ids of all orders on an answer, as row and log keep them; of very many, their SHA-256."""
    ids = ",".join(order.hold_id for order in now.orders) if now else ""
    return ids if len(ids) <= _MOST_IDS else f"sha256:{hashlib.sha256(ids.encode()).hexdigest()}"


def delivered_answers(read: ReadStore, at: datetime) -> tuple[DeliveredAnswer, ...]:
    """Every answer that left and that, by what is on record, was neither returned nor destroyed.

    A released package counts: a crash may have made it visible before its delivery was recorded.
    """
    gone = _gone(read)
    orders, last = orders_of(read), {one.request_id: one for one in read.notices()}
    acknowledged = {one.notice_id for one in read.notice_receipts()}
    return tuple(
        DeliveredAnswer(
            one, governing(orders, answered(one), at), notice, bool(notice and notice.notice_id in acknowledged)
        )
        for one, notice in ((one, last.get(one.request_id)) for one in read.requests())
        if one.state in (RequestState.RELEASED, RequestState.DELIVERED)
        and not one.returned_whole
        and one.request_id not in gone
    )


def _gone(read: ReadStore) -> frozenset[str]:
    """Requests of which the requester has certified or acknowledged that nothing is left with it."""
    of = {one.notice_id: one.request_id for one in read.notices()}
    sent_back = {of[one.notice_id] for one in read.notice_receipts() if one.outcome in GONE}
    certified = {one.request_id for one in read.duties() if one.duty == DESTROY and one.discharged_at is not None}
    return frozenset(sent_back | certified)


def signed_pair(document: bytes, signature: bytes) -> bytes:
    """A document and its signature in one seal."""
    return len(document).to_bytes(4, "big") + document + signature


def unpaired(pair: bytes) -> tuple[bytes, bytes]:
    """What `signed_pair` put together."""
    size = int.from_bytes(pair[:4], "big")
    return pair[4 : 4 + size], pair[4 + size :]
