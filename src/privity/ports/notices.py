"""What stores keep of notices on delivered answers and of the receipts for them; a part of `ports.stores`.

Clear fields hold ids, hashes, times and words of closed lists only. The signed documents are sealed under the
accounting key: an order's docket stands in them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from privity.domain.holds import NoticeAction, ReceiptOutcome
from privity.domain.request import RequestId


@dataclass(frozen=True, slots=True)
class StoredNotice:
    """One signed notice on one delivered answer. `sealed`: manifest and signature; empty where it was rebuilt."""

    notice_id: str
    request_id: RequestId
    requester: str
    hold_id: str  # the order that governs; "" for a notice that all are lifted
    orders: str  # ids of every order on the answer, comma between them
    action: NoticeAction
    may_destroy: bool
    issued_at: datetime
    due_at: datetime  # from then on a missing receipt keeps the requester's next request out (R15)
    manifest_sha256: str
    log_index: int
    sealed: bytes


@dataclass(frozen=True, slots=True)
class StoredReceipt:
    """The requester's signed receipt for one notice. `sealed`: manifest and signature."""

    notice_id: str
    manifest_sha256: str
    outcome: ReceiptOutcome
    done_on: date
    office: str
    certificate: str  # SHA-256 of the signer's certificate (DER), hex
    recorded_at: datetime
    log_index: int
    sealed: bytes


class NoticeReads(Protocol):
    """Notices and receipts."""

    def notices(self, request_id: RequestId | None = None) -> Sequence[StoredNotice]:
        """All notices in the order of issue; of one request where it is given."""
        ...

    def notice_package(self, notice_id: str) -> bytes | None:
        """The sealed package as it was first made visible."""
        ...

    def notice_receipts(self) -> Sequence[StoredReceipt]:
        """All receipts."""
        ...


class NoticeWrites(Protocol):
    """Each is added once and never changed."""

    def add_notice(self, notice: StoredNotice) -> None:
        """Raises PrivityError STATE_CONFLICT where id or manifest exist."""
        ...

    def add_notice_package(self, notice_id: str, sealed: bytes) -> None:
        """Raises PrivityError STATE_CONFLICT where one exists."""
        ...

    def add_notice_receipt(self, receipt: StoredReceipt) -> None:
        """Raises PrivityError STATE_CONFLICT where the notice has a receipt, asks for none, or is not the request's
        latest.
        """
        ...
