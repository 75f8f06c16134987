"""Every recorded agreement version at a glance: where it stands, when it ends, what is overdue, whether files drift.

Reads; decides and records nothing. A yearly report that the parties owe is overdue from its day on until one is on
record (`record_report`); days before the agreement was recorded here are not counted: the gate knows nothing of them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from privity.domain.agreement import BOTH_SIDES, Agreement, ReportingDuty
from privity.domain.agreement_acts import Life, life_of
from privity.domain.errors import PrivityError
from privity.domain.holds import Answered
from privity.domain.offices import OfficeRegister
from privity.policy.admission.request_rules import safeguards_unmet
from privity.ports.reports import StoredReport
from privity.ports.stores import ReadStore
from privity.services.agreements.agreement_decisions import decisions_of
from privity.services.agreements.agreement_signatures import signed_by
from privity.services.agreements.record_offices import current_offices
from privity.services.duties.duties_outstanding import is_overdue, receipts_overdue
from privity.services.duties.record_report import AT_YEAR_END
from privity.services.gate import Gate, holds_on
from privity.services.holds.notice_standing import delivered_answers
from privity.wire.agreement_format import read_agreement

IN_FORCE, EXPIRED, SAME = "in force", "expired", "same as recorded"


@dataclass(frozen=True, slots=True)
class ReportDue:
    """A report that a party owes: the day by which the next one is due ("" where it follows an event), and what was
    made last.
    """

    id: str
    owed_by: str
    due: str
    overdue: bool
    made_last: date | None


@dataclass(frozen=True, slots=True)
class InventoryRow:
    """One recorded version."""

    agreement_id: str
    version: int
    title: str
    digest: str
    standing: str
    effective: date
    expires: date
    days_left: int
    signed_by: tuple[str, ...]
    holds: int
    requests_open: int
    overdue_duties: int
    notices_due: int  # delivered answers whose recipients were not told what the orders demand now, or that they ended
    next_duty_due: date | None
    safeguards: str  # why R08 would refuse today, or ""
    reports: tuple[ReportDue, ...]


@dataclass(frozen=True, slots=True)
class Drift:
    """A document on file beside what is recorded."""

    document: str
    agreement_id: str
    version: int
    finding: str
    drifts: bool


@dataclass(frozen=True, slots=True)
class Inventory:
    """All of it, at one moment. `attention`: something is overdue, unmet, untold or drifts."""

    at: datetime
    agreements: tuple[InventoryRow, ...]
    documents: tuple[Drift, ...]
    attention: bool


def take_inventory(gate: Gate, documents: Mapping[str, bytes] | None = None) -> Inventory:
    """Look at every recorded version, and at documents on file (name -> bytes) where some are given."""
    at = gate.clock.now()
    with gate.store.reading() as read:
        stored = [(one, read_agreement(one.document)) for one in read.agreements()]
        offices = _offices(gate, read)
        rows = tuple(_row(gate, read, agreement, offices, at) for _, agreement in stored)
    recorded = {(agreement.id, agreement.version): agreement for _, agreement in stored}
    drift = () if documents is None else _drift(documents, recorded, rows)
    troubled = any(row.standing == IN_FORCE and (row.overdue_duties or row.safeguards or row.holds) for row in rows)
    late = any(row.standing in (IN_FORCE, EXPIRED) and any(one.overdue for one in row.reports) for row in rows)
    untold = any(row.notices_due for row in rows)  # an agreement's end does not end an order
    return Inventory(at, rows, drift, troubled or late or untold or any(one.drifts for one in drift))


def _offices(gate: Gate, read: ReadStore) -> OfficeRegister | None:
    return current_offices(read, gate.keys) if read.offices() is not None else None


def _row(
    gate: Gate, read: ReadStore, agreement: Agreement, offices: OfficeRegister | None, at: datetime
) -> InventoryRow:
    today = at.date()
    signed = signed_by(read, gate.keys, agreement)
    mine = [
        one for one in read.requests() if (one.agreement_id, one.agreement_version) == (agreement.id, agreement.version)
    ]
    ids = {one.request_id for one in mine}
    duties = [one for one in read.duties() if one.request_id in ids and one.discharged_at is None]
    return InventoryRow(
        agreement_id=agreement.id,
        version=agreement.version,
        title=agreement.title,
        digest=agreement.digest,
        standing=_standing(
            agreement, life_of(decisions_of(read, gate.keys, agreement.id), agreement.version), signed, today
        ),
        effective=agreement.effective,
        expires=agreement.expires,
        days_left=max((agreement.expires - today).days + 1, 0),
        signed_by=tuple(sorted(side.value for side in signed)),
        holds=len(holds_on(read, Answered(agreement.id, agreement.requester.id), at)),
        requests_open=sum(one.state.value not in ("DELIVERED", "REJECTED") for one in mine),
        overdue_duties=sum(is_overdue(one, read.notices(one.request_id), today) for one in duties)
        + receipts_overdue(read, ids, at),
        notices_due=sum(not one.told for one in delivered_answers(read, at) if one.request.request_id in ids),
        next_duty_due=min((one.due for one in duties), default=None),
        safeguards=_safeguards(agreement, offices, today),
        reports=_reports(read, agreement, today),
    )


def _standing(agreement: Agreement, life: Life, signed: frozenset[object], today: date) -> str:
    """Why nothing is answered under it, in a word; or that it is in force."""
    if life in (Life.ENDED, Life.SUSPENDED, Life.SUPERSEDED):
        return "replaced or never activated" if life is Life.SUPERSEDED else life.value
    if not signed >= BOTH_SIDES:
        return "not signed by both"
    if today < agreement.effective:
        return "not yet in force"
    return EXPIRED if today > agreement.expires else IN_FORCE


def _safeguards(agreement: Agreement, offices: OfficeRegister | None, today: date) -> str:
    if agreement.rule("R08") is None:
        return ""
    return "no office register is recorded" if offices is None else safeguards_unmet(agreement, offices, today)


def _reports(read: ReadStore, agreement: Agreement, today: date) -> tuple[ReportDue, ...]:
    stored, made = read.agreement(agreement.id, agreement.version), read.reports_made(agreement.id)
    recorded = stored.recorded_at.date() if stored else agreement.effective
    return tuple(_report(one, agreement, made, recorded, today) for one in agreement.reporting)


def _report(
    duty: ReportingDuty, agreement: Agreement, made: Sequence[StoredReport], recorded: date, today: date
) -> ReportDue:
    mine = [one for one in made if one.report == duty.id]
    last = max((one.made_on for one in mine), default=None)
    due = _due(duty, agreement, {one.about.year for one in mine}, recorded) if duty.after == AT_YEAR_END else None
    return ReportDue(duty.id, duty.owed_by, due.isoformat() if due else "", due is not None and due < today, last)


def _due(duty: ReportingDuty, agreement: Agreement, made: Collection[int], recorded: date) -> date | None:
    """The first day on which a yearly report is due and none is on record, for years of the agreement's force."""
    for year in range(agreement.effective.year, agreement.expires.year + 1):
        due = date(year, 12, 31) + timedelta(days=duty.within_days)
        if due >= recorded and year not in made:
            return due
    return None


def _drift(
    documents: Mapping[str, bytes], recorded: Mapping[tuple[str, int], Agreement], rows: Sequence[InventoryRow]
) -> tuple[Drift, ...]:
    in_force = {row.agreement_id: row.version for row in rows if row.standing == IN_FORCE}
    found = [_compared(name, documents[name], recorded, in_force) for name in sorted(documents)]
    same = {(one.agreement_id, one.version) for one in found if not one.drifts}
    missing = [
        Drift("", agreement_id, version, "in force, and no document on file is the one recorded", True)
        for agreement_id, version in sorted(in_force.items())
        if (agreement_id, version) not in same
    ]
    return (*found, *missing)


def _compared(
    name: str, document: bytes, recorded: Mapping[tuple[str, int], Agreement], in_force: Mapping[str, int]
) -> Drift:
    try:
        agreement = read_agreement(document, source=name)
    except PrivityError as refusal:
        return Drift(name, "", 0, f"not a valid agreement: {refusal.message}", True)
    known = recorded.get((agreement.id, agreement.version))
    if known is None:
        return Drift(name, agreement.id, agreement.version, "this version is not recorded", True)
    if known.digest != agreement.digest:
        return Drift(name, agreement.id, agreement.version, "other bytes are recorded under this version", True)
    now = in_force.get(agreement.id)
    if now != agreement.version:
        other = "no version is in force" if now is None else f"version {now} is in force"
        return Drift(name, agreement.id, agreement.version, f"recorded, but {other}", True)
    return Drift(name, agreement.id, agreement.version, SAME, False)
