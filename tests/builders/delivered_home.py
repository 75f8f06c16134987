"""A home with one delivered answer, walked once a process; and the requester's office, which acknowledges notices.

Never walked on itself: copy it with `delivered`.
"""

from __future__ import annotations

import io
import tempfile
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from demo.pki import Identity
from demo.prepare import Stage
from privity.adapters.log_keys import LogKeys
from privity.domain.holds import Demand, HoldScope, ReceiptOutcome
from privity.domain.offices import CustodianRole
from privity.services.admission.receive_request import Received
from privity.services.holds.deliver_notice import deliver_notice
from privity.services.holds.issue_notices import NoticeIssued, issue_notices
from privity.services.holds.place_hold import HoldPlaced, HoldTerms, place_hold
from privity.services.holds.record_receipt import ReceiptRecorded, record_receipt
from privity.services.requester.open_notice import OpenedNotice, acknowledge_notice, open_notice
from tests.builders.custodian_home import ORIGIN, Desk, MovableClock, adopt, fresh, signer_of

COUNSEL = CustodianRole.COUNSEL
DOCKET = "1:25-cv-00677"
LATER = timedelta(seconds=120)


@cache
def _walked() -> tuple[Path, Stage]:
    folder = Path(tempfile.mkdtemp(prefix="privity-test-delivered-"))
    desk = fresh(folder)
    desk.walk(desk.pack(desk.stage.first))
    desk.store.close()
    return desk.home, desk.stage


def delivered(folder: Path) -> Desk:
    """A home of one's own in which the first request's answer was delivered."""
    home, staged = _walked()
    return adopt(home, folder / "home", staged, clock=MovableClock(LATER))


def order(desk: Desk, demand: Demand, scope: HoldScope = HoldScope.EVERYTHING, target: str = "") -> HoldPlaced:
    """A court order with a demand on delivered answers."""
    return place_hold(desk.gate, scope, target, "court_order", DOCKET, role=COUNSEL, terms=HoldTerms(demand))


def issue_one(desk: Desk) -> NoticeIssued:
    """The one notice that is due."""
    (issued,) = issue_notices(desk.gate)
    return issued


def package_of(desk: Desk, notice_id: str) -> bytes:
    """The notice as its recipient gets it."""
    return Path(deliver_notice(desk.gate, notice_id, desk.out).path).read_bytes()


def opened(desk: Desk, package: bytes) -> OpenedNotice:
    """The notice as the requester verifies it."""
    log = LogKeys(ORIGIN, [signer.verifier_key for signer in desk.keys.log_signers()])
    return open_notice(io.BytesIO(package), desk.verifier, log, at=desk.clock.now())


def holder(desk: Desk) -> tuple[str, Identity]:
    """A present holder of a signing office."""
    return next(iter(desk.stage.pki.holders.items()))


def receipt(desk: Desk, package: bytes, outcome: str, *, signer: Identity | None = None, office: str = "") -> bytes:
    """The requester's signed receipt: done today."""
    known, person = holder(desk)
    today: date = desk.clock.now().date()
    return acknowledge_notice(
        opened(desk, package),
        office or known,
        ReceiptOutcome(outcome),
        today,
        signer_of(signer or person),
        at=desk.clock.now(),
    )


def record(desk: Desk, package: bytes) -> ReceiptRecorded:
    """The custodian takes the receipt in."""
    return record_receipt(desk.gate, io.BytesIO(package))


def next_request(desk: Desk, request_id: str) -> Received:
    """Another sound request of the same requester: the first one's lines under a new id."""
    first = desk.stage.first
    path = desk.home.parent / f"{request_id}.yaml"
    path.write_text(first.header.read_text(encoding="utf-8").replace(first.id, request_id), encoding="utf-8")
    return desk.receive(desk.pack(replace(first, id=request_id, header=path)))
