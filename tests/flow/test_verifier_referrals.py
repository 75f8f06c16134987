"""The verifier on a hold placed anew under its id, and on lines that waited: forged stories fail, real homes pass."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

import privity_verify
from privity.domain.lifecycle import PERMISSIONS, Action
from privity.domain.rules import LINE_CODES
from privity.services.admission.referral_desk import decide_referrals
from privity.services.agreements.record_offices import record_offices
from privity.services.home.export_log import export_log
from tests.builders.custodian_home import Desk, fresh
from tests.builders.referred_lines import COUNTER, HOTEL, with_addresses

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="stock openssl is not installed")


def test_its_closed_roles_and_codes_are_the_gates() -> None:
    assert {role.value for role in PERMISSIONS[Action.DECIDE_REFERRALS]} == privity_verify.DECIDES_REFERRALS
    assert {code.value for code in LINE_CODES} == privity_verify.LINE_CODES


def holds_up(desk: Desk, folder: Path) -> list[str]:
    """What the verifier finds wrong in the home's log."""
    export_log(desk.gate.log, folder / "log")
    report = privity_verify.verify(folder / "log", desk.home / "public" / "trust.json")
    return [finding.reason for finding in report.findings if finding.outcome != "pass" and finding.outcome != "note"]


def test_a_home_in_which_nobody_decided_is_valid(tmp_path: Path) -> None:
    desk = fresh(tmp_path)
    changed = {2: COUNTER, 5: HOTEL, 9: {"address_line1": "Unknown"}}
    arrived = desk.receive(desk.pack(desk.stage.first, lines=with_addresses(desk.stage.first.lines, changed)))
    assert (arrived.returned, arrived.referred) == (1, 2)
    desk.clock.advance(10 * 86_400 + 5)
    desk.match(arrived.request_id)
    assert holds_up(desk, tmp_path) == []


def test_a_home_in_which_a_line_once_returned_was_admitted_at_the_second_look_is_valid(tmp_path: Path) -> None:
    """Its officer stood in no register at first; all lines were judged again once an officer admitted another line."""
    desk = fresh(tmp_path)
    changed = {2: COUNTER, 5: HOTEL, 9: {"officer": "late-1"}}
    arrived = desk.receive(desk.pack(desk.stage.first, lines=with_addresses(desk.stage.first.lines, changed)))
    assert (arrived.returned, arrived.referred) == (1, 2)
    offices = yaml.safe_load(desk.stage.offices.read_text(encoding="utf-8"))
    offices["officers"].append(offices["officers"][0] | {"id": "late-1"})
    record_offices(desk.gate, yaml.safe_dump(offices).encode())
    decide_referrals(desk.gate, arrived.request_id, [2], desk.officer(0))
    decide_referrals(desk.gate, arrived.request_id, [5], desk.officer(1), code="ADDRESS_INCOMPLETE")
    assert desk.match(arrived.request_id).answered == 47  # all but line 5
    assert holds_up(desk, tmp_path) == []
