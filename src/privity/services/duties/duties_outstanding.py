"""What a requester owes and has not done when its next request arrives (R15): certificates of destruction, receipts.

An answer that its recipient must preserve under a notice need not be destroyed meanwhile; those days do not count.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from datetime import date, datetime

from privity.domain.holds import NoticeAction
from privity.domain.request import RequestId
from privity.policy.holds import due_after_pauses
from privity.ports.notices import StoredNotice
from privity.ports.stored import StoredDuty
from privity.ports.stores import ReadStore
from privity.services.holds.notice_standing import NoticeState, standings


def duties_overdue(read: ReadStore, requester: str, at: datetime) -> int:
    """How many destruction certificates and receipts of the requester are overdue at `at`."""
    mine = [one for one in read.duties() if one.requester == requester and one.discharged_at is None]
    late = sum(is_overdue(one, read.notices(one.request_id), at.date()) for one in mine)
    asked = {one.request_id for one in read.notices() if one.requester == requester}
    return late + receipts_overdue(read, asked, at)


def receipts_overdue(read: ReadStore, requests: Set[RequestId], at: datetime) -> int:
    """How many notices on these requests' answers are without the receipt that is due."""
    return sum(
        one.state is NoticeState.OUTSTANDING and one.notice.request_id in requests and one.notice.due_at <= at
        for one in standings(read, at)
    )


def is_overdue(duty: StoredDuty, notices: Sequence[StoredNotice], today: date) -> bool:
    """Whether the day of a duty that is not discharged has passed."""
    due = due_after_pauses(duty.due, [(one.issued_at.date(), forbids_destroying(one)) for one in notices])
    return due is not None and due < today


def forbids_destroying(notice: StoredNotice) -> bool:
    """Whether the recipient must keep the answer, as the notice says."""
    return notice.action is not NoticeAction.LIFTED and not notice.may_destroy
