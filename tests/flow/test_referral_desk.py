"""Lines that wait for a human (L16): held, shown, decided by a signature, settled before any look-up, or sent back."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from sqlalchemy import text

import privity_verify
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.holds import HoldScope
from privity.domain.offices import CustodianRole
from privity.domain.request import RequestId
from privity.services.accounting.account_for_person import export_accounting
from privity.services.admission.referral_desk import decide_referrals, list_referrals, referrals_of, show_referral
from privity.services.admission.show_request import show_request
from privity.services.agreements.decide_on_agreement import suspend_agreement
from privity.services.agreements.record_offices import record_offices
from privity.services.holds.place_hold import lift_hold, place_hold
from privity.services.home.export_log import export_log
from tests.builders.custodian_home import Desk, fresh, signer_of
from tests.builders.referred_lines import ABROAD, COUNTER, HOTEL, with_addresses

REFERRED = {2: COUNTER, 5: HOTEL, 7: ABROAD, 11: COUNTER}


def received(folder: Path) -> tuple[Desk, str]:
    desk = fresh(folder)
    arrived = desk.receive(desk.pack(desk.stage.first, lines=with_addresses(desk.stage.first.lines, REFERRED)))
    assert (arrived.state, arrived.admitted, arrived.referred) == ("ADMITTED", 44, 4), arrived
    return desk, arrived.request_id


@pytest.fixture
def waiting(tmp_path: Path) -> tuple[Desk, str]:
    return received(tmp_path)


def refused(wanted: ErrorCode, act: object, /, *given: object, **more: object) -> PrivityError:
    with pytest.raises(PrivityError) as raised:
        act(*given, **more)  # type: ignore[operator]
    assert raised.value.code is wanted, raised.value
    return raised.value


def told(desk: Desk, request_id: str) -> dict[int, str]:
    """What the requester is told of each line, by its ordinal."""
    desk.approve_twice(request_id)
    desk.clock.advance(60)
    opened = desk.open_all(Path(desk.deliver(request_id).path).read_bytes())
    assert len(opened.lines) == 48
    return {line.ordinal: (line.answer or line.code or "") for line in opened.lines}


def entries(desk: Desk, event: str) -> list[dict[str, object]]:
    with desk.store.reading() as read:
        return [e["fields"] for e in map(json.loads, read.log_rows(0, 1000)) if e["event"] == event]


def verified(desk: Desk, request_id: str) -> int:
    bundle = desk.home.parent / f"bundle-{desk.home.name}"
    (bundle / "packages").mkdir(parents=True)
    export_log(desk.gate.log, bundle / "log")
    package = desk.out / f"{request_id}.response.zip"
    (bundle / "packages" / "response.zip").write_bytes(package.read_bytes())
    account = bundle / "accounting" / f"{request_id}.jsonl"
    export_accounting(desk.gate, request_id, account, role=CustodianRole.AUDITOR, reason_code="audit")
    return privity_verify.main([str(bundle), "--trust", str(desk.home / "public" / "trust.json")])


def test_the_worklist_holds_lines_with_reason_and_deadline(waiting: tuple[Desk, str]) -> None:
    desk, request_id = waiting
    (row,) = list_referrals(desk.gate)
    assert (row.request_id, row.referred, row.waiting, row.overdue) == (request_id, 4, 4, False)
    assert row.decide_by - row.received_at == timedelta(days=10)
    lines = referrals_of(desk.gate, request_id).lines
    assert [one.ordinal for one in lines] == [2, 5, 7, 11]
    assert all(one.message and not one.verdict for one in lines)
    shown = show_referral(desk.gate, request_id, 2)
    assert shown.supplied.reveal().address.address_line1 == "General Delivery"
    assert (shown.can_be_admitted, shown.obstacle) == (True, "")
    assert "Marfa" not in repr(shown)
    assert not show_referral(desk.gate, request_id, 7).can_be_admitted
    refused(ErrorCode.NOT_FOUND, show_referral, desk.gate, request_id, 3)  # a line that does not wait is not shown


@pytest.mark.parametrize("role", [CustodianRole.REGISTRAR, CustodianRole.AUDITOR])
def test_only_the_two_roles_see_and_decide(waiting: tuple[Desk, str], role: CustodianRole) -> None:
    desk, request_id = waiting
    refused(ErrorCode.ROLE_FORBIDDEN, list_referrals, desk.gate, role=role)
    refused(ErrorCode.ROLE_FORBIDDEN, referrals_of, desk.gate, request_id, role=role)
    refused(ErrorCode.ROLE_FORBIDDEN, show_referral, desk.gate, request_id, 2, role=role)
    person = {CustodianRole.REGISTRAR: desk.stage.pki.registrar, CustodianRole.AUDITOR: desk.stage.pki.auditor}[role]
    refused(ErrorCode.ROLE_FORBIDDEN, decide_referrals, desk.gate, request_id, [2], signer_of(person))
    assert not entries(desk, "REFERRALS_DECIDED")


def test_nothing_is_looked_up_while_a_line_waits_not_even_past_the_services(waiting: tuple[Desk, str]) -> None:
    desk, request_id = waiting
    refusal = refused(ErrorCode.STATE_CONFLICT, desk.match, request_id)
    assert refusal.details["waiting"] == 4
    with pytest.raises(PrivityError), desk.store.writing() as write:
        write.start_matching(RequestId(request_id), "a-snapshot")
    with desk.store._engine.connect() as connection, pytest.raises(Exception, match="wait for a human"):
        connection.execute(text("UPDATE requests SET state = 'AWAITING_REVIEW'"))
    assert show_request(desk.gate, request_id).snapshot_id == ""


def test_admitted_lines_are_answered_and_returned_ones_carry_the_officers_code(
    waiting: tuple[Desk, str], capsys: pytest.CaptureFixture[str]
) -> None:
    desk, request_id = waiting
    decided = decide_referrals(desk.gate, request_id, [2], desk.officer(0), note="letters are kept for her")
    assert (decided.verdict, decided.still_waiting) == ("admit", 3)
    decide_referrals(desk.gate, request_id, [5, 7], signer_of(desk.stage.pki.counsel), code="ADDRESS_INCOMPLETE")
    decide_referrals(desk.gate, request_id, [11], desk.officer(1), code="REFERRED")
    assert [one["lines"] for one in entries(desk, "REFERRALS_DECIDED")] == [1, 2, 1]
    assert {one["role"] for one in entries(desk, "REFERRALS_DECIDED")} == {"disclosure_officer", "counsel"}
    matched = desk.match(request_id)
    assert matched.answered == 45
    view = show_request(desk.gate, request_id)
    assert (view.row.admitted, view.row.returned, view.row.referred) == (45, 3, 0)
    assert view.codes == {"ADDRESS_INCOMPLETE": 2, "REFERRED": 1}
    (settled,) = entries(desk, "REFERRALS_SETTLED")
    assert (settled["lines"], settled["returned"]) == (48, 3)
    lines = told(desk, request_id)
    assert {lines[2]} <= {"CONFIRMED", "NO_CONFIRMATION"}
    assert [lines[one] for one in (5, 7, 11)] == ["ADDRESS_INCOMPLETE", "ADDRESS_INCOMPLETE", "REFERRED"]
    assert verified(desk, request_id) == 0, capsys.readouterr().out


def test_past_the_deadline_undecided_lines_go_back_by_themselves(waiting: tuple[Desk, str]) -> None:
    desk, request_id = waiting
    decide_referrals(desk.gate, request_id, [2], desk.officer(0))
    desk.clock.advance(10 * 86_400 + 5)
    assert list_referrals(desk.gate)[0].overdue
    refused(ErrorCode.STATE_CONFLICT, decide_referrals, desk.gate, request_id, [11], desk.officer(0))
    assert desk.match(request_id).answered == 45
    assert show_request(desk.gate, request_id).codes == {"REFERRED": 3}
    assert list_referrals(desk.gate) == ()
    refused(ErrorCode.STATE_CONFLICT, referrals_of, desk.gate, request_id)


def test_a_line_is_decided_once_and_only_if_it_waits(waiting: tuple[Desk, str]) -> None:
    desk, request_id = waiting
    officer = desk.officer(0)
    refused(ErrorCode.USAGE, decide_referrals, desk.gate, request_id, [], officer)
    refused(ErrorCode.USAGE, decide_referrals, desk.gate, request_id, [2], officer, code="ON_HOLD")
    refused(ErrorCode.USAGE, decide_referrals, desk.gate, request_id, [2], officer, note="n" * 501)
    refused(ErrorCode.NOT_FOUND, decide_referrals, desk.gate, request_id, [2, 3], officer)
    refusal = refused(ErrorCode.STATE_CONFLICT, decide_referrals, desk.gate, request_id, [2, 7], officer)
    assert refusal.details == {"lines": 1, "ordinal": 7}  # nothing could be looked up for an address abroad
    decide_referrals(desk.gate, request_id, [2], officer)
    refused(ErrorCode.STATE_CONFLICT, decide_referrals, desk.gate, request_id, [2], desk.officer(1), code="REFERRED")
    assert len(entries(desk, "REFERRALS_DECIDED")) == 1


def test_holds_and_suspension_stop_the_desk_too(waiting: tuple[Desk, str]) -> None:
    desk, request_id = waiting
    held = place_hold(desk.gate, HoldScope.REQUEST, request_id, "court_order", "", role=CustodianRole.COUNSEL)
    refused(ErrorCode.ON_HOLD, decide_referrals, desk.gate, request_id, [2], desk.officer(0))
    lift_hold(desk.gate, held.hold_id)
    suspend_agreement(desk.gate, "tax-enforcement-2025", "court_order")
    refused(ErrorCode.AGREEMENT_NOT_IN_FORCE, decide_referrals, desk.gate, request_id, [2], desk.officer(0))


def test_a_decision_lies_sealed_under_the_requests_key_and_says_who_and_why(waiting: tuple[Desk, str]) -> None:
    desk, request_id = waiting
    decide_referrals(desk.gate, request_id, [2, 11], desk.officer(0), note="letters-are-kept")
    with desk.store.reading() as read:
        (stored,) = read.referral_decisions(RequestId(request_id))
        assert read.sealed_blobs(RequestId(request_id))["referral_decisions"] == 1
    assert stored.ordinals == (2, 11)
    assert stored.officer == "disclosure-1"
    assert b"letters-are-kept" not in (desk.home / "state" / "privity.sqlite").read_bytes()
    storage = desk.keys.request_storage(RequestId(request_id))
    kept = storage.open(stored.sealed, f"request/{request_id}/referral/{stored.log_index}".encode())
    end = 4 + int.from_bytes(kept[:4], "big")
    document = json.loads(kept[4:end])
    assert (document["lines"], document["verdict"], document["note"]) == ([2, 11], "admit", "letters-are-kept")
    signed = desk.verifier.verify(kept[4:end], kept[end:], at=desk.clock.now())
    assert signed.signer_fingerprint == stored.certificate


def test_an_admitted_line_is_judged_with_all_others_as_if_it_had_never_waited(tmp_path: Path) -> None:
    """Another question about the same person: both lines go back, and neither is answered."""
    desk = fresh(tmp_path)
    document = with_addresses(desk.stage.first.lines, REFERRED)
    rows = document.decode().splitlines()
    header = rows[0].split(",")
    case = header.index("case_id")
    second, third = rows[2].split(","), rows[3].split(",")
    third[case] = second[case]  # one case, and ...
    for name in ("given_name", "middle_name", "family_name", "generation"):
        third[header.index(name)] = second[header.index(name)]  # ... one person, asked at two addresses
    rows[3] = ",".join(third)
    request_id = desk.receive(desk.pack(desk.stage.first, lines="\n".join(rows).encode())).request_id
    assert show_request(desk.gate, request_id).row.returned == 0  # a waiting line asks nothing yet
    decide_referrals(desk.gate, request_id, [2], desk.officer(0))
    decide_referrals(desk.gate, request_id, [5, 7, 11], desk.officer(0), code="REFERRED")
    desk.match(request_id)
    lines = told(desk, request_id)
    assert [lines[2], lines[3]] == ["ADDRESS_GUESSING", "ADDRESS_GUESSING"]
    with desk.store.reading() as read:
        requester = read.request(RequestId(request_id)).requester  # type: ignore[union-attr]
        assert sum(read.open_cases(requester).values()) == 43  # history follows what was settled


def test_a_crowded_address_is_answered_where_a_human_says_so(tmp_path: Path) -> None:
    desk = fresh(tmp_path)
    shared = {"address_line1": "1542 Kensington Road", "address_line2": "", "city": "Pittsburgh", "state": "PA"}
    crowd = {ordinal: shared | {"postal_code": "15202"} for ordinal in range(1, 22)}
    package = desk.pack(desk.stage.first, lines=with_addresses(desk.stage.first.lines, crowd))
    arrived = desk.receive(package)
    assert arrived.referred == 21
    decide_referrals(desk.gate, arrived.request_id, range(1, 12), desk.officer(0))
    decide_referrals(desk.gate, arrived.request_id, range(12, 22), desk.officer(0), code="ADDRESS_INSTITUTION")
    assert desk.match(arrived.request_id).answered == 48 - 10
    assert show_request(desk.gate, arrived.request_id).codes == {"ADDRESS_INSTITUTION": 10}


def test_where_an_admitted_line_makes_too_many_defects_the_whole_goes_back(tmp_path: Path) -> None:
    """Three lines of 48: one bad address, and two questions about one person once the second waits no more."""
    desk = fresh(tmp_path)
    rows = list(csv.DictReader(io.StringIO(desk.stage.first.lines.read_text(encoding="utf-8"))))
    same = {name: rows[0][name] for name in ("given_name", "middle_name", "family_name", "generation", "case_id")}
    changed = {2: COUNTER | same, 7: ABROAD, 9: {"address_line1": "Unknown"}}
    arrived = desk.receive(desk.pack(desk.stage.first, lines=with_addresses(desk.stage.first.lines, changed)))
    assert (arrived.state, arrived.returned, arrived.referred) == ("ADMITTED", 1, 2)
    decide_referrals(desk.gate, arrived.request_id, [2], desk.officer(0))
    decide_referrals(desk.gate, arrived.request_id, [7], desk.officer(0), code="ADDRESS_INCOMPLETE")
    refused(ErrorCode.STATE_CONFLICT, desk.match, arrived.request_id)
    view = show_request(desk.gate, arrived.request_id)
    assert (view.row.state, view.row.returned_whole, view.snapshot_id) == ("AWAITING_REVIEW", True, "")
    assert [one.rule for one in view.findings] == ["R13"]
    lines = told(desk, arrived.request_id)
    assert [lines[one] for one in (1, 2, 7, 9)] == [
        "ADDRESS_GUESSING",
        "ADDRESS_GUESSING",
        "ADDRESS_INCOMPLETE",
        "ADDRESS_PLACEHOLDER",
    ]
    assert lines[3] == "TOO_MANY_DEFECTS"
    assert verified(desk, arrived.request_id) == 0


CROWD = {"address_line1": "1542 Kensington Road", "address_line2": "", "city": "Pittsburgh", "state": "PA"} | {
    "postal_code": "15202"
}


def without_the_officer_of(desk: Desk, ordinal: int) -> None:
    """The officer named on a line leaves the register: the line, judged again, would go back for that."""
    offices = yaml.safe_load(desk.stage.offices.read_text())
    rows = list(csv.DictReader(io.StringIO(desk.stage.first.lines.read_text())))
    offices["officers"] = [one for one in offices["officers"] if one["id"] != rows[ordinal - 1]["officer"]]
    record_offices(desk.gate, yaml.safe_dump(offices).encode())


@pytest.mark.parametrize("decided", [True, False])
def test_a_line_that_no_officer_admitted_goes_back_whatever_the_rules_say_by_then(
    tmp_path: Path, decided: bool
) -> None:
    """21 lines share an address. One officer leaves, so only 20 would share it now, and none would wait any more."""
    desk = fresh(tmp_path)
    crowd = dict.fromkeys(range(1, 22), CROWD)
    arrived = desk.receive(desk.pack(desk.stage.first, lines=with_addresses(desk.stage.first.lines, crowd)))
    assert arrived.referred == 21
    decide_referrals(desk.gate, arrived.request_id, [2], desk.officer(0))
    others = [1, *range(3, 22)]
    if decided:
        decide_referrals(desk.gate, arrived.request_id, others, desk.officer(0), code="ADDRESS_INSTITUTION")
    else:
        desk.clock.advance(timedelta(days=11).total_seconds())
    without_the_officer_of(desk, 21)
    desk.match(arrived.request_id)
    answers = told(desk, arrived.request_id)
    wanted = "ADDRESS_INSTITUTION" if decided else "REFERRED"
    assert {answers[ordinal] for ordinal in others[:-1]} == {wanted}
    assert answers[21] in (wanted, "OFFICER_MISSING")
    assert answers[2] in ("CONFIRMED", "NO_CONFIRMATION")


def test_a_decision_that_nobody_signed_counts_for_nothing(tmp_path: Path) -> None:
    desk, request_id = received(tmp_path)
    row = "VALUES (:request, 'ADMIT', '', 4, 'nobody', :none, 'disclosure_officer', :at, :none, 0, :sealed)"
    with desk.store._engine.begin() as database:
        columns = "request_id,verdict,code,lines,officer,certificate,role,signed_at,signature_sha256,log_index,sealed"
        given = {"request": request_id, "none": "0" * 64, "at": "2026-11-23T08:00:00.000000Z", "sealed": b"x"}
        database.execute(text(f"INSERT INTO referral_decisions ({columns}) {row}"), given)
        place = database.execute(text("SELECT max(place) FROM referral_decisions")).scalar_one()
        for ordinal in REFERRED:
            database.execute(
                text("INSERT INTO referral_lines VALUES (:request, :ordinal, :place)"),
                {"request": request_id, "ordinal": ordinal, "place": place},
            )
    with pytest.raises(PrivityError) as raised:
        desk.match(request_id)
    assert raised.value.code is ErrorCode.DECRYPTION_FAILED
    with desk.store.reading() as read:
        assert not read.request(RequestId(request_id)).snapshot_id  # type: ignore[union-attr]
