"""Activated, suspended, ended: recorded, logged, obeyed by every step in flight, and seen by the verifier."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

import privity_verify
from privity.domain.agreement_acts import END_REASONS, SUSPENSION_REASONS
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.offices import CustodianRole
from privity.ports.stored import Verdict
from privity.services.agreements.agreement_decisions import decisions_of, dockets, replay_decision
from privity.services.agreements.decide_on_agreement import activate_agreement, end_agreement, suspend_agreement
from privity.services.agreements.record_agreement import record_agreement
from privity.services.answering.answer_lines import answer_lines
from privity.services.home.reconfirm_home import freeze_if_copied, reconfirm_home
from tests.builders.custodian_home import Desk, agreement_signatures, fresh
from tests.flow.test_restored_homes_freeze import back_up, in_place, thaw

ID = "tax-enforcement-2025"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return fresh(tmp_path)


def refused(action: Callable[[], object], code: ErrorCode = ErrorCode.AGREEMENT_NOT_IN_FORCE) -> PrivityError:
    with pytest.raises(PrivityError) as raised:
        action()
    assert raised.value.code is code, raised.value
    assert raised.value.mend
    return raised.value


def suspend(desk: Desk) -> None:
    suspend_agreement(desk.gate, ID, "court_order", docket="docket 25-1")


def resume(desk: Desk) -> None:
    activate_agreement(desk.gate, ID, 1, docket="stay lifted")


def end(desk: Desk) -> None:
    end_agreement(desk.gate, ID, "by_agreement")


def versions(desk: Desk, number: int) -> bytes:
    return desk.stage.agreement.read_bytes().replace(b"\nversion: 1\n", f"\nversion: {number}\n".encode())


def second_version(desk: Desk, *, signed: bool = True) -> bytes:
    document = versions(desk, 2)
    record_agreement(desk.gate, document, signatures=agreement_signatures(desk.stage, document) if signed else ())
    return document


def events(desk: Desk) -> list[tuple[str, dict[str, object]]]:
    with desk.store.reading() as read:
        return [(one["event"], one["fields"]) for one in map(json.loads, read.log_rows(0, 10_000))]


def verdict(desk: Desk) -> str:
    """What the offline verifier says of the published log."""
    report = privity_verify.verify(desk.home / "log")
    failed = [finding.reason for finding in report.findings if finding.outcome == "fail"]
    assert not failed
    return report.verdict


def test_the_first_version_that_both_sign_is_activated_with_its_recording(desk: Desk) -> None:
    names = [name for name, _ in events(desk)]
    assert names.index("AGREEMENT_ACTIVATED") == names.index("AGREEMENT_RECORDED") + 1
    fields = next(fields for name, fields in events(desk) if name == "AGREEMENT_ACTIVATED")
    assert (fields["reason_code"], fields["agreement_version"]) == ("first_signed", 1)


def test_a_suspension_returns_new_requests_and_is_reversed_by_a_recorded_decision(desk: Desk) -> None:
    suspend(desk)
    received = desk.receive(desk.pack(desk.stage.first))
    assert received.returned_whole
    assert [finding.rule for finding in received.findings] == ["R07"]
    desk.approve_twice(received.request_id)
    desk.clock.advance(60)
    assert desk.deliver(received.request_id).first_delivery, "a notice answers nothing, and may leave"
    resume(desk)
    assert desk.receive(desk.pack(desk.stage.second)).codes
    with desk.store.reading() as read:
        rows = read.agreement_decisions(ID)
    assert [one.act.value for one in rows] == ["ACTIVATED", "SUSPENDED", "ACTIVATED"]
    assert [one.reason_code for one in rows] == ["first_signed", "court_order", "resumed"]
    assert dockets(desk.gate.keys, rows) == ("", "docket 25-1", "stay lifted")
    with desk.store.reading() as read:
        assert not any(b"docket 25-1" in row for row in read.log_rows(0, 10_000)), "the docket is not in the log"


@pytest.mark.parametrize("stop", [suspend, end, second_version], ids=["suspended", "ended", "second version recorded"])
def test_every_step_of_a_request_in_flight_stops_and_goes_on(desk: Desk, stop: Callable[[Desk], object]) -> None:
    """The same as a hold: matching, approval, release and delivery ask at their own moment."""
    first = desk.receive(desk.pack(desk.stage.first)).request_id
    stop(desk)
    stops = stop is not second_version  # a version that nobody activated replaces nothing
    goes_on = stop is suspend

    def step(action: Callable[[], object]) -> None:
        if stops:
            refused(action)
        if goes_on:
            resume(desk)
        if goes_on or not stops:
            action()
        if goes_on:
            suspend(desk)

    step(lambda: desk.match(first))
    if stop is end:
        with desk.store.reading() as read:
            assert not read.decided_chunks(first)
        return
    step(lambda: desk.approve(first, 0))
    step(lambda: desk.approve(first, 1))
    desk.clock.advance(60)
    step(lambda: desk.deliver(first))
    step(lambda: desk.deliver(first))
    desk.gate.publish()
    assert verdict(desk) != "INVALID"


def test_a_decision_between_two_looks_of_a_batch_keeps_its_answers_out(desk: Desk) -> None:
    first = desk.receive(desk.pack(desk.stage.first)).request_id

    def answer(*given: object) -> list[object]:
        decisions = answer_lines(*given)  # type: ignore[arg-type]
        suspend(desk)
        return list(decisions)

    refused(lambda: desk.match(first, answer=answer, processes=1))
    with desk.store.reading() as read:
        assert not read.decided_chunks(first)
    resume(desk)
    desk.match(first)


def test_a_suspension_while_a_request_is_judged_leaves_nothing_admitted(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Judged before, stored after: the transaction that admits is the one that asks; the database asks too."""
    from privity.services.admission import receive_request

    prepare = receive_request._prepare

    def late(*given: object) -> object:
        prepared = prepare(*given)  # type: ignore[arg-type]
        suspend(desk)
        return prepared

    monkeypatch.setattr(receive_request, "_prepare", late)
    refused(lambda: desk.receive(desk.pack(desk.stage.first)))
    with desk.store.reading() as read:
        assert not read.requests()
    assert events(desk)[-1][0] == "PACKAGE_REFUSED"
    assert verdict(desk) != "INVALID"


def test_under_an_ended_agreement_officers_may_still_refuse_so_that_the_request_ends(desk: Desk) -> None:
    first = desk.receive(desk.pack(desk.stage.first)).request_id
    desk.match(first)
    end(desk)
    refused(lambda: desk.approve(first, 0))
    desk.approve(first, 0, Verdict.REFUSE)
    assert desk.approve(first, 1, Verdict.REFUSE).state == "REJECTED"
    assert verdict(desk) != "INVALID"


def test_activating_a_new_version_replaces_the_old_one_at_once(desk: Desk) -> None:
    first = desk.receive(desk.pack(desk.stage.first)).request_id
    second_version(desk)
    decided = activate_agreement(desk.gate, ID, 2)
    assert (decided.reason_code, decided.requests_stopped, decided.requests_going_on) == ("new_version", 1, 0)
    assert "another version" in refused(lambda: desk.match(first)).message
    late = desk.receive(desk.pack(desk.stage.second))
    assert [one.rule for one in late.findings] == ["R07"], "a request under the version replaced goes back"
    activate_agreement(desk.gate, ID, 1)
    desk.match(first)


def test_an_ended_version_never_comes_back_but_a_newer_one_may(desk: Desk) -> None:
    end(desk)
    refused(lambda: resume(desk), ErrorCode.STATE_CONFLICT)
    refused(lambda: suspend(desk), ErrorCode.STATE_CONFLICT)
    refused(lambda: end(desk), ErrorCode.STATE_CONFLICT)
    second_version(desk)
    assert desk.receive(desk.pack(desk.stage.first)).returned_whole
    assert activate_agreement(desk.gate, ID, 2).version == 2
    refused(lambda: resume(desk), ErrorCode.STATE_CONFLICT)
    assert verdict(desk) != "INVALID"


def test_only_a_version_signed_by_both_within_its_dates_is_activated(desk: Desk) -> None:
    second_version(desk, signed=False)
    refused(lambda: activate_agreement(desk.gate, ID, 2))
    refused(lambda: activate_agreement(desk.gate, ID, 3), ErrorCode.NOT_FOUND)
    refused(lambda: activate_agreement(desk.gate, ID, 1), ErrorCode.STATE_CONFLICT)
    later = versions(desk, 4).replace(b"effective: 2025-04-07", b"effective: 2027-12-31")
    record_agreement(desk.gate, later, signatures=agreement_signatures(desk.stage, later))
    refused(lambda: activate_agreement(desk.gate, ID, 4))
    assert not desk.receive(desk.pack(desk.stage.first)).returned_whole, "nothing of this touched version 1"


DECISIONS: dict[str, Callable[[Desk, CustodianRole], object]] = {
    "suspend": lambda desk, role: suspend_agreement(desk.gate, ID, "incident", role=role),
    "activate": lambda desk, role: activate_agreement(desk.gate, ID, 1, role=role),
    "end": lambda desk, role: end_agreement(desk.gate, ID, "by_agreement", role=role),
}
MAY = {
    "suspend": {CustodianRole.COUNSEL, CustodianRole.DISCLOSURE_OFFICER},
    "activate": {CustodianRole.COUNSEL},
    "end": {CustodianRole.COUNSEL},
}


def test_who_may_decide(desk: Desk) -> None:
    for name, decide in DECISIONS.items():
        for role in set(CustodianRole) - MAY[name]:
            refused(lambda decide=decide, role=role: decide(desk, role), ErrorCode.ROLE_FORBIDDEN)  # type: ignore[misc]
    suspend_agreement(desk.gate, ID, "incident", role=CustodianRole.DISCLOSURE_OFFICER)


def test_reasons_are_closed_lists_and_dockets_short(desk: Desk) -> None:
    refused(lambda: suspend_agreement(desk.gate, ID, "because"), ErrorCode.USAGE)
    refused(lambda: end_agreement(desk.gate, ID, "suspension"), ErrorCode.USAGE)
    refused(lambda: suspend_agreement(desk.gate, ID, SUSPENSION_REASONS[0], docket="x" * 501), ErrorCode.USAGE)
    refused(lambda: end_agreement(desk.gate, "no-such-agreement", END_REASONS[0]), ErrorCode.NOT_FOUND)


def test_a_row_written_without_the_key_stops_and_never_allows(desk: Desk) -> None:
    suspend(desk)
    with desk.store.writing() as write:
        forged = write.agreement_decisions(ID)[0]
        index = write.log_size() - 1
        # The owner of the database copies the activation behind the suspension.
        write.add_agreement_decision(dataclasses.replace(forged, log_index=index - 1))
    with desk.store.reading() as read:
        assert [one.act.value for one in decisions_of(read, desk.gate.keys, ID)][-1] == "SUSPENDED"
    assert desk.receive(desk.pack(desk.stage.first)).returned_whole


@pytest.mark.parametrize(
    "statement", ["DELETE FROM agreement_decisions", "UPDATE agreement_decisions SET act = 'ENDED'"]
)
def test_decisions_are_permanent_in_the_database(desk: Desk, statement: str) -> None:
    with pytest.raises(Exception, match="evidence is permanent"), desk.store._engine.begin() as connection:
        connection.execute(text(statement))


def test_the_database_itself_releases_nothing_under_a_suspended_agreement(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C4: were the program's own question left out, the constraint would refuse."""
    from privity.services.agreements import agreement_decisions
    from privity.services.release import check_release

    first = desk.receive(desk.pack(desk.stage.first)).request_id
    desk.match(first)
    desk.approve_twice(first)
    desk.clock.advance(60)
    suspend(desk)
    monkeypatch.setattr(agreement_decisions, "stopped", lambda *_: "")
    monkeypatch.setattr(check_release, "stopped", lambda *_: "")
    refused(lambda: desk.deliver(first))
    with desk.store.reading() as read:
        assert read.release(first) is None  # type: ignore[arg-type]


def test_a_database_restored_in_place_gets_its_suspension_back(desk: Desk, tmp_path: Path) -> None:
    """C7: the copy does not know of the suspension, the published log does; after the thaw it stops as before."""
    request_id = desk.receive(desk.pack(desk.stage.first)).request_id
    back_up(desk, tmp_path / "backup")
    suspend(desk)
    again = in_place(desk, tmp_path / "backup", "state")
    with again.store.reading() as read:
        assert [one.act.value for one in read.agreement_decisions(ID)] == ["ACTIVATED"]
    assert freeze_if_copied(again.gate, again.folder)
    refused(lambda: resume(again), ErrorCode.HOME_FROZEN)
    thaw(again)
    refused(lambda: again.match(request_id))
    resume(again)
    again.match(request_id)
    assert verdict(again) != "INVALID"


def test_officers_who_reconfirm_a_home_sign_which_agreements_are_in_force(desk: Desk, tmp_path: Path) -> None:
    back_up(desk, tmp_path / "backup")
    desk.receive(desk.pack(desk.stage.first))
    again = in_place(desk, tmp_path / "backup", "state")
    assert freeze_if_copied(again.gate, again.folder)
    assert reconfirm_home(again.gate, again.folder, again.officer(0)).confirmations == 1
    suspend(again)
    assert reconfirm_home(again.gate, again.folder, again.officer(1)).frozen, "what the first signed is no longer so"
    assert not reconfirm_home(again.gate, again.folder, again.officer(0)).frozen


def test_stopping_works_in_a_frozen_home_starting_does_not(desk: Desk, tmp_path: Path) -> None:
    back_up(desk, tmp_path / "backup")
    desk.receive(desk.pack(desk.stage.first))
    again = in_place(desk, tmp_path / "backup", "state")
    assert freeze_if_copied(again.gate, again.folder)
    suspend(again)
    refused(lambda: resume(again), ErrorCode.HOME_FROZEN)


def test_a_decision_is_rebuilt_from_its_entry_after_a_restoration(desk: Desk) -> None:
    from privity.ledger.entry import decode_entry

    suspend(desk)
    with desk.store.reading() as read:
        index = read.log_size() - 1
        entry = decode_entry(read.log_rows(index, 1)[0])
    other = fresh(desk.home.parent / "other")
    with other.store.writing() as write:
        size = write.log_size()
        write.append_log(b"{}")
        replay_decision(other.gate, write, entry, size)
    with other.store.reading() as read:
        rebuilt = read.agreement_decisions(ID)[-1]
        assert (rebuilt.act.value, rebuilt.decided_by) == ("SUSPENDED", "log")
        assert decisions_of(read, other.gate.keys, ID)[-1].act.value == "SUSPENDED"
    assert datetime.now(UTC) > rebuilt.decided_at
