"""Makes a notice visible as a package: its signed manifest, and the log's proof that it was issued. Lists notices.

The package is made once and stored before it appears; from then on it is the same bytes. A notice that a later one
replaced, or that was withdrawn, stays in. The numbers are those of docs/procedures/hold.md.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.holds import NoticeAction
from privity.domain.lifecycle import Action
from privity.domain.offices import CustodianRole
from privity.ports.notices import StoredNotice
from privity.ports.stores import ReadStore
from privity.services.gate import Gate, need_role, need_thawed
from privity.services.holds.issue_notices import notice_place
from privity.services.holds.notice_standing import NoticeStanding, NoticeState, standings, unpaired
from privity.wire.notice_manifest import NOTICE_ENTRY, NoticeManifest
from privity.wire.package import MANIFEST_NAME, SIGNATURE_NAME, write_container
from privity.wire.package_manifest import LOG_PROOF


@dataclass(frozen=True, slots=True)
class NoticeDelivered:
    """A notice's package as it became visible."""

    notice_id: str
    request_id: str
    path: str
    package_sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """One notice and where it stands. `outcome` and `done_on` are the receipt's."""

    notice_id: str
    request_id: str
    requester: str
    action: str
    may_destroy: bool
    governed_by: str
    orders: tuple[str, ...]
    issued_at: datetime
    receipt_due: datetime
    state: str
    blocks: bool  # the requester's next request is refused for it (R15)
    outcome: str
    done_on: date | None
    manifest_sha256: str
    log_index: int


@dataclass(frozen=True, slots=True)
class NoticeView:
    """One notice with what it says."""

    row: NoticeRow
    demand: str
    replaces: str
    dockets: tuple[str, ...]
    response_manifest_sha256: str
    lines: int


def list_notices(gate: Gate) -> tuple[NoticeRow, ...]:
    """Every notice in the order of issue."""
    at = gate.clock.now()
    with gate.store.reading() as read:
        return tuple(_row(one, at) for one in standings(read, at))


def show_notice(gate: Gate, notice_id: str) -> NoticeView:
    """One notice. Raises PrivityError NOT_FOUND, STATE_CONFLICT (its document was lost in a restoration)."""
    at = gate.clock.now()
    with gate.store.reading() as read:
        found = notice_of(read, notice_id, at)
    manifest = NoticeManifest.from_bytes(_signed(gate, found.notice)[0])
    return NoticeView(
        _row(found, at),
        manifest.demand,
        manifest.replaces,
        tuple(one.docket for one in manifest.orders),
        manifest.answer.response_manifest_sha256,
        manifest.answer.lines,
    )


def deliver_notice(
    gate: Gate, notice_id: str, folder: Path, *, role: CustodianRole = CustodianRole.COUNSEL
) -> NoticeDelivered:
    """Make the notice's package visible in `folder`; again, the same bytes.

    Raises PrivityError ROLE_FORBIDDEN, NOT_FOUND, HOME_FROZEN, HOME_BUSY, STATE_CONFLICT (replaced, withdrawn, lost in
    a restoration, or other bytes lie under its name), STORAGE_FAILED, LOG_UNAVAILABLE.
    """
    need_role(role, Action.ISSUE_NOTICE)
    with gate.locks.work():
        gate.publish()
        package = _package(gate, notice_id)  # 8
        with gate.store.writing() as write:  # 9: orders cannot change between this look and the rename
            need_thawed(write)
            found = notice_of(write, notice_id, gate.clock.now())
            _need_current(found)
            path = gate.outlet.place(folder, f"{notice_id}.zip", package)
    return NoticeDelivered(
        notice_id, found.notice.request_id, str(path), hashlib.sha256(package).hexdigest(), len(package)
    )


def notice_of(read: ReadStore, notice_id: str, at: datetime) -> NoticeStanding:
    """The notice as it stands. Raises PrivityError NOT_FOUND."""
    for one in standings(read, at):
        if one.notice.notice_id == notice_id:
            return one
    raise PrivityError(ErrorCode.NOT_FOUND, "there is no such notice in this home", "See `privity notice list`.")


def _package(gate: Gate, notice_id: str) -> bytes:
    """The package: made and stored at its first delivery."""
    storage, place = gate.keys.accounting_storage(), notice_place(notice_id) + b"/package"
    with gate.store.reading() as read:
        found = notice_of(read, notice_id, gate.clock.now())
        _need_current(found)
        kept = read.notice_package(notice_id)
    if kept is not None:
        return storage.open(kept, place)
    document, signature = _signed(gate, found.notice)
    index = found.notice.log_index
    package = write_container(
        [
            (MANIFEST_NAME, document),
            (SIGNATURE_NAME, signature),
            (LOG_PROOF, gate.log.inclusion_proof(index)),
            (NOTICE_ENTRY, gate.log.entry(index)),
        ]
    )
    with gate.store.writing() as write:
        write.add_notice_package(notice_id, storage.seal(package, place))
    return package


def _signed(gate: Gate, notice: StoredNotice) -> tuple[bytes, bytes]:
    if not notice.sealed:
        raise PrivityError(
            ErrorCode.STATE_CONFLICT,
            "this notice was rebuilt from the log of a restored home: its signed document is lost",
            "If its package was not sent, tell the requester so, and ask for a receipt of what it has.",
        )
    return unpaired(gate.keys.accounting_storage().open(notice.sealed, notice_place(notice.notice_id)))


def _need_current(found: NoticeStanding) -> None:
    if found.state in (NoticeState.SUPERSEDED, NoticeState.WITHDRAWN):
        raise PrivityError(
            ErrorCode.STATE_CONFLICT,
            f"this notice is {found.state.value}: it no longer says what the orders demand",
            "Run `privity notice issue`, and deliver what it issues.",
        )


def _row(one: NoticeStanding, at: datetime) -> NoticeRow:
    notice, receipt = one.notice, one.receipt
    return NoticeRow(
        notice.notice_id,
        notice.request_id,
        notice.requester,
        notice.action.value,
        notice.may_destroy,
        notice.hold_id,
        tuple(notice.orders.split(",")) if notice.orders else (),
        notice.issued_at,
        notice.due_at,
        one.state.value,
        one.state is NoticeState.OUTSTANDING and notice.due_at <= at and notice.action is not NoticeAction.LIFTED,
        receipt.outcome.value if receipt else "",
        receipt.done_on if receipt else None,
        notice.manifest_sha256,
        notice.log_index,
    )
