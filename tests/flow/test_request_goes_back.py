"""A request that was admitted and can be answered no more goes back whole: accounted, logged, verifiable (R07)."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.offices import CustodianRole
from privity.domain.request import RequestId
from privity.ports.stored import Verdict
from privity.services.accounting.account_for_person import account_for_request
from privity.services.admission.revoke_admission import return_request
from privity.services.admission.show_request import show_request
from privity.services.agreements.decide_on_agreement import activate_agreement, end_agreement, suspend_agreement
from privity.services.home.apply_retention import destroy_request
from privity.services.release import release_response as releasing
from privity.services.release.release_response import release_response
from privity.services.release.review_request import review_request
from tests.builders.custodian_home import Desk, fresh
from tests.builders.referred_lines import COUNTER, HOTEL, with_addresses
from tests.flow.test_referral_desk import refused, verified

AGREEMENT = "tax-enforcement-2025"


def admitted(folder: Path) -> tuple[Desk, str]:
    desk = fresh(folder)
    return desk, desk.receive(desk.pack(desk.stage.first)).request_id


def to_state(desk: Desk, request_id: str, state: str) -> None:
    """Walk on as far as that state."""
    if state == "ADMITTED":
        return
    desk.match(request_id)
    if state == "AWAITING_REVIEW":
        desk.approve(request_id)  # one verdict, which counts no more afterwards
        return
    desk.approve_twice(request_id)
    if state == "SEALED":
        desk.clock.advance(60)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(releasing, "_commit_release", _cut_off)
            with pytest.raises(InterruptedError):
                release_response(desk.gate, request_id)


def _cut_off(*_: object) -> None:
    raise InterruptedError


@pytest.mark.parametrize("state", ["ADMITTED", "AWAITING_REVIEW", "APPROVED", "SEALED"])
def test_from_every_state_before_the_release_it_goes_back_and_verifies(
    tmp_path: Path, state: str, capsys: pytest.CaptureFixture[str]
) -> None:
    desk, request_id = admitted(tmp_path)
    to_state(desk, request_id, state)
    end_agreement(desk.gate, AGREEMENT, "by_agreement")
    back = return_request(desk.gate, request_id)
    assert [(one.code, one.rule) for one in back.findings] == [("AGREEMENT_NOT_IN_FORCE", "R07")]
    view = show_request(desk.gate, request_id)
    assert (view.row.state, view.row.returned_whole, view.verdicts_recorded) == ("AWAITING_REVIEW", True, 0)
    assert (view.row.admitted, view.row.returned, view.snapshot_id, view.chunks_decided) == (0, 48, "", 0)
    assert view.codes == {"AGREEMENT_NOT_IN_FORCE": 48}
    assert review_request(desk.gate, request_id).confirmed == 0
    desk.approve_twice(request_id)
    desk.clock.advance(60)
    opened = desk.open_all(Path(desk.deliver(request_id).path).read_bytes())
    assert opened.manifest.returned_whole
    assert {(one.answer, one.code) for one in opened.lines} == {(None, ErrorCode.AGREEMENT_NOT_IN_FORCE)}
    account = account_for_request(desk.gate, request_id, role=CustodianRole.AUDITOR, reason_code="audit")
    assert (account.records, account.root_recomputed_agrees) == (48, True)
    assert verified(desk, request_id) == 0, capsys.readouterr().out


def test_a_request_that_can_be_answered_does_not_go_back(tmp_path: Path) -> None:
    desk, request_id = admitted(tmp_path)
    refused(ErrorCode.STATE_CONFLICT, return_request, desk.gate, request_id)
    refused(ErrorCode.ROLE_FORBIDDEN, return_request, desk.gate, request_id, role=CustodianRole.REGISTRAR)
    suspend_agreement(desk.gate, AGREEMENT, "court_order")
    activate_agreement(desk.gate, AGREEMENT, 1)
    refused(ErrorCode.STATE_CONFLICT, return_request, desk.gate, request_id)
    assert desk.match(request_id).answered == 48  # nothing of it had changed


def test_it_goes_back_once_and_never_after_a_release(tmp_path: Path) -> None:
    desk, request_id = admitted(tmp_path)
    shutil.copytree(desk.home, tmp_path / "copy")
    desk.match(request_id)
    desk.approve_twice(request_id)
    desk.clock.advance(60)
    release_response(desk.gate, request_id)
    suspend_agreement(desk.gate, AGREEMENT, "court_order")
    refused(ErrorCode.STATE_CONFLICT, return_request, desk.gate, request_id)


def test_a_second_time_is_refused_and_a_refusal_by_officers_ends_it(tmp_path: Path) -> None:
    desk, request_id = admitted(tmp_path)
    suspend_agreement(desk.gate, AGREEMENT, "court_order")
    return_request(desk.gate, request_id)
    refused(ErrorCode.STATE_CONFLICT, return_request, desk.gate, request_id)
    refused(ErrorCode.STATE_CONFLICT, desk.match, request_id)
    for place in (0, 1):
        desk.approve(request_id, place, Verdict.REFUSE)
    assert show_request(desk.gate, request_id).row.state == "REJECTED"
    day = desk.clock.now().date()
    destroyed = destroy_request(desk.gate, request_id, role=CustodianRole.COUNSEL, backups_expire=day)
    assert destroyed.request_id == request_id


def test_lines_keep_their_own_codes_and_nothing_of_it_is_remembered(tmp_path: Path) -> None:
    desk = fresh(tmp_path)
    lines = with_addresses(desk.stage.first.lines, {2: COUNTER, 5: HOTEL, 9: {"address_line1": "Unknown"}})
    request_id = desk.receive(desk.pack(desk.stage.first, lines=lines)).request_id
    suspend_agreement(desk.gate, AGREEMENT, "court_order")
    return_request(desk.gate, request_id)
    codes = show_request(desk.gate, request_id).codes
    assert codes == {"ADDRESS_PLACEHOLDER": 1, "AGREEMENT_NOT_IN_FORCE": 45, "REFERRED": 2}
    with desk.store.reading() as read:
        request = read.request(RequestId(request_id))
        assert request is not None
        assert read.open_cases(request.requester) == {}
        rows = [json.loads(row) for row in read.log_rows(0, 1000)]
    (entry,) = [row["fields"] for row in rows if row["event"] == "ADMISSION_REVOKED"]
    assert (entry["codes"], entry["lines"], entry["accounting_records"]) == ("AGREEMENT_NOT_IN_FORCE", 48, 48)


def test_whatever_the_register_answered_the_notice_is_the_same(tmp_path: Path) -> None:
    """C2: matched or not matched, the unsigned notice has the same rows."""
    rows = []
    for name, state in (("one", "ADMITTED"), ("two", "APPROVED")):
        desk, request_id = admitted(tmp_path / name)
        to_state(desk, request_id, state)
        suspend_agreement(desk.gate, AGREEMENT, "court_order")
        return_request(desk.gate, request_id)
        desk.approve_twice(request_id)
        desk.clock.advance(60)
        opened = desk.open_all(Path(desk.deliver(request_id).path).read_bytes())
        rows.append([(one.ordinal, one.line_id, one.answer, one.code) for one in opened.lines])
    assert rows[0] == rows[1]


def test_the_database_itself_lets_no_admission_be_revoked_half(tmp_path: Path) -> None:
    desk, request_id = admitted(tmp_path)
    desk.match(request_id)
    with desk.store.writing() as write:
        request = write.request(RequestId(request_id))
        assert request is not None
        with pytest.raises(PrivityError) as half:
            write.revoke_admission(request.request_id, request.state, b"")  # its answers are still there
    assert half.value.code is ErrorCode.STATE_CONFLICT
    assert not show_request(desk.gate, request_id).row.returned_whole
