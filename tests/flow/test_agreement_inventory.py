"""`agreement inventory`: every version with its standing, overdue duties, safeguards, and drift of files on record."""

from __future__ import annotations

import hashlib
import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.holds import HoldScope
from privity.domain.offices import CustodianRole
from privity.services.agreements.decide_on_agreement import activate_agreement, end_agreement, suspend_agreement
from privity.services.agreements.record_agreement import record_agreement
from privity.services.agreements.record_offices import record_offices
from privity.services.duties.agreement_inventory import IN_FORCE, SAME, Inventory, InventoryRow, take_inventory
from privity.services.duties.record_report import record_report
from privity.services.holds.place_hold import place_hold
from tests.builders.custodian_home import Desk, agreement_signatures, fresh

ID = "tax-enforcement-2025"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return fresh(tmp_path)


def version(desk: Desk, number: int, *changes: tuple[str, str]) -> bytes:
    text = desk.stage.agreement.read_text(encoding="utf-8").replace("\nversion: 1\n", f"\nversion: {number}\n")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text.encode()


def rows(desk: Desk) -> dict[int, InventoryRow]:
    return {row.version: row for row in take_inventory(desk.gate).agreements}


def test_each_version_stands_where_the_record_says(desk: Desk) -> None:
    record_agreement(desk.gate, version(desk, 2))
    later = version(desk, 3, ("effective: 2025-04-07", "effective: 2027-12-31"))
    record_agreement(desk.gate, later, signatures=agreement_signatures(desk.stage, later))
    second = version(desk, 4)
    record_agreement(desk.gate, second, signatures=agreement_signatures(desk.stage, second))
    assert {number: row.standing for number, row in rows(desk).items()} == {
        1: IN_FORCE,
        2: "replaced or never activated",
        3: "replaced or never activated",
        4: "replaced or never activated",
    }
    activate_agreement(desk.gate, ID, 4)
    assert (rows(desk)[1].standing, rows(desk)[4].standing) == ("replaced or never activated", IN_FORCE)
    suspend_agreement(desk.gate, ID, "incident")
    assert {row.standing for row in rows(desk).values()} == {"suspended"}
    end_agreement(desk.gate, ID, "by_agreement")
    assert {row.standing for row in rows(desk).values()} == {"ended"}


def test_expiry_and_days_left(desk: Desk) -> None:
    row = rows(desk)[1]
    assert row.days_left == (row.expires - desk.clock.now().date()).days + 1
    desk.clock.ahead += timedelta(days=row.days_left)
    late = rows(desk)[1]
    assert (late.standing, late.days_left) == ("expired", 0)


def test_overdue_duties_safeguards_and_holds_need_attention(desk: Desk) -> None:
    assert not take_inventory(desk.gate).attention
    received, _ = desk.walk(desk.pack(desk.stage.first))
    row = rows(desk)[1]
    assert (row.overdue_duties, row.requests_open) == (0, 0)
    assert row.next_duty_due is not None
    desk.clock.ahead += timedelta(days=91)
    taken = take_inventory(desk.gate)
    assert (taken.agreements[0].overdue_duties, taken.attention) == (1, True)
    place_hold(desk.gate, HoldScope.AGREEMENT, ID, "court_order", "", role=CustodianRole.COUNSEL)
    assert rows(desk)[1].holds == 1
    register = YAML(typ="safe", pure=True).load(desk.stage.offices.read_text(encoding="utf-8"))
    register["safeguards"][0]["findings"] = [{"id": "F-1"}]
    out = desk.home.parent / "offices.yaml"
    with out.open("w", encoding="utf-8") as stream:
        YAML(typ="safe", pure=True).dump(register, stream)
    record_offices(desk.gate, out.read_bytes())
    assert "no plan" in rows(desk)[1].safeguards
    assert received.request_id


def test_reports_owed_are_listed_with_the_next_day(desk: Desk) -> None:
    today = desk.clock.now().date()
    due = {one.id: one.due for one in rows(desk)[1].reports}
    assert due["incident-report"] == ""
    for name, days in (("yearly-public-report", 90), ("safeguard-activity-report", 31)):
        year = today.year - 1 if date(today.year - 1, 12, 31) + timedelta(days=days) >= today else today.year
        assert due[name] == (date(year, 12, 31) + timedelta(days=days)).isoformat()


def drift(desk: Desk, **documents: bytes) -> Inventory:
    return take_inventory(desk.gate, {f"{name}.yaml": content for name, content in documents.items()})


def test_a_document_on_file_that_differs_from_the_one_in_force_is_found(desk: Desk) -> None:
    filed = desk.stage.agreement.read_bytes()
    same = drift(desk, agreement=filed)
    assert [(one.finding, one.drifts) for one in same.documents] == [(SAME, False)]
    assert not same.attention
    changed = drift(desk, agreement=filed.replace(b"over_percent: 5", b"over_percent: 50"))
    assert [one.finding for one in changed.documents] == [
        "other bytes are recorded under this version",
        "in force, and no document on file is the one recorded",
    ]
    assert changed.attention
    newer = drift(desk, agreement=filed, draft=version(desk, 2))
    assert [(one.document, one.drifts) for one in newer.documents] == [("agreement.yaml", False), ("draft.yaml", True)]
    assert "not recorded" in newer.documents[1].finding
    broken = drift(desk, agreement=filed, broken=b"format: x\n")
    assert broken.documents[1].finding.startswith("not a valid agreement: broken.yaml, line ")
    activated = version(desk, 2)
    record_agreement(desk.gate, activated, signatures=agreement_signatures(desk.stage, activated))
    activate_agreement(desk.gate, ID, 2)
    stale = drift(desk, agreement=filed)
    assert [one.finding for one in stale.documents] == [
        "recorded, but version 2 is in force",
        "in force, and no document on file is the one recorded",
    ]


def owed(desk: Desk, report: str) -> tuple[str, bool]:
    found = next(one for one in rows(desk)[1].reports if one.id == report)
    return found.due, found.overdue


def test_a_yearly_report_is_overdue_until_one_is_on_record(desk: Desk) -> None:
    year = desk.clock.now().year
    due = date(year, 12, 31) + timedelta(days=90)
    desk.clock.ahead += due - desk.clock.now().date() + timedelta(days=1)
    assert owed(desk, "yearly-public-report") == (due.isoformat(), True)
    assert take_inventory(desk.gate).attention
    done = record_report(desk.gate, ID, "yearly-public-report", date(year, 12, 31), b"the report", made_on=due)
    row = next(one for one in rows(desk)[1].reports if one.id == "yearly-public-report")
    assert (row.due, row.overdue, row.made_last) == (
        (date(year + 1, 12, 31) + timedelta(days=90)).isoformat(),
        False,
        due,
    )
    with desk.store.reading() as read:
        (kept,) = read.reports_made(ID)
        entry = json.loads(read.log_rows(done.log_index, 1)[0])
    assert (kept.recorded_by, kept.evidence_sha256) == ("counsel", hashlib.sha256(b"the report").hexdigest())
    assert entry["event"] == "REPORT_RECORDED"
    assert entry["fields"]["about"] == f"{year}-12-31"


def test_what_is_no_report_is_not_recorded(desk: Desk) -> None:
    today = desk.clock.now().date()
    last, yearly = date(today.year - 1, 12, 31), "yearly-public-report"

    def refused(code: ErrorCode, *given: object, **more: object) -> None:
        with pytest.raises(PrivityError) as raised:
            record_report(desk.gate, *given, **more)  # type: ignore[arg-type]
        assert raised.value.code is code

    refused(ErrorCode.ROLE_FORBIDDEN, ID, yearly, last, b"x", role=CustodianRole.REGISTRAR)
    refused(ErrorCode.NOT_FOUND, "another", yearly, last, b"x")
    refused(ErrorCode.NOT_FOUND, ID, "another-report", last, b"x")
    refused(ErrorCode.USAGE, ID, yearly, last, b"")
    refused(ErrorCode.USAGE, ID, yearly, today - timedelta(days=1) if today.day != 1 else today, b"x")
    refused(ErrorCode.USAGE, ID, yearly, last, b"x", made_on=today + timedelta(days=1))
    refused(ErrorCode.USAGE, ID, yearly, date(today.year, 12, 31), b"x")  # the year is not over
    record_report(desk.gate, ID, "incident-report", today, b"an incident of today")
    record_report(desk.gate, ID, yearly, last, b"x")
    refused(ErrorCode.STATE_CONFLICT, ID, yearly, last, b"x")
    with desk.store.reading() as read:
        assert len(read.reports_made(ID)) == 2
