"""Orders on real homes: dates, a requester, a class of persons, sealed orders, who may end one, what comes back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

import privity_verify
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.holds import Demand, HoldScope
from privity.domain.offices import CustodianRole
from privity.services.admission.show_request import show_request
from privity.services.holds.declare_class import add_to_class, list_classes, remove_from_class
from privity.services.holds.deliver_notice import list_notices, show_notice
from privity.services.holds.issue_notices import issue_notices
from privity.services.holds.place_hold import HoldTerms, lift_hold, list_holds, place_hold
from privity.services.holds.show_hold import show_hold
from privity.services.home.reconfirm_home import freeze_if_copied
from privity.services.release.review_request import review_request
from tests.builders.custodian_home import Desk, fresh
from tests.builders.delivered_home import (
    DOCKET,
    delivered,
    issue_one,
    next_request,
    order,
    package_of,
    receipt,
    record,
)
from tests.builders.finished_demo import Ended, privity
from tests.flow.test_restored_homes_freeze import back_up, in_place, thaw
from tests.flow.test_review_approvals_start_anew import approved, references

COUNSEL, OFFICER = CustodianRole.COUNSEL, CustodianRole.DISCLOSURE_OFFICER
AGENCY = "enforcement-agency"
DAY = timedelta(days=1)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return fresh(tmp_path)


def refused(action: Callable[[], object], code: ErrorCode) -> PrivityError:
    with pytest.raises(PrivityError) as caught:
        action()
    assert caught.value.code is code
    return caught.value


def place(desk: Desk, scope: HoldScope, target: str = "", *, role: CustodianRole = COUNSEL, **terms: object) -> str:
    made = HoldTerms(**terms)  # type: ignore[arg-type]
    return place_hold(desk.gate, scope, target, "court_order", DOCKET, role=role, terms=made).hold_id


def entries(desk: Desk, event: str) -> list[dict[str, object]]:
    with desk.store.reading() as read:
        rows = [json.loads(row) for row in read.log_rows(0, 10_000)]
    return [row["fields"] for row in rows if row["event"] == event]


def log_is_valid(desk: Desk) -> None:
    report = privity_verify.verify(desk.home / "log", desk.home / "public" / "trust.json")
    assert report.verdict == "VALID", privity_verify.to_text(report, desk.home)


def test_an_order_works_from_its_first_moment_up_to_its_last(desk: Desk) -> None:
    request_id = approved(desk)
    now = desk.clock.now()
    hold = place(desk, HoldScope.EVERYTHING, starts_at=now + DAY, ends_at=now + 3 * DAY)
    assert not show_request(desk.gate, request_id).row.on_hold
    desk.clock.advance(86_400 + 1)
    assert show_request(desk.gate, request_id).row.on_hold
    refused(lambda: desk.deliver(request_id), ErrorCode.ON_HOLD)
    assert [row.in_force for row in list_holds(desk.gate)] == [True]
    desk.clock.advance(2 * 86_400)
    assert [row.in_force for row in list_holds(desk.gate)] == [False]
    assert desk.deliver(request_id).first_delivery
    lift_hold(desk.gate, hold)
    log_is_valid(desk)


def test_a_log_of_a_release_under_a_dated_order_would_be_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The outsider checks the dates too: a gate that forgot to ask leaves a log that contradicts itself."""
    from privity.services.release import check_release

    request_id = approved(desk)
    place(desk, HoldScope.REQUESTER, AGENCY, starts_at=desk.clock.now() + DAY)
    desk.clock.advance(86_400 + 5)
    monkeypatch.setattr(check_release, "need_unheld", lambda *_: None)
    desk.deliver(request_id)
    report = privity_verify.verify(desk.home / "log", desk.home / "public" / "trust.json")
    assert report.verdict == "INVALID"
    assert any("a hold that covers it was in force" in item.reason for item in report.findings)


def test_an_order_on_a_requester_stops_its_requests_and_no_other(desk: Desk) -> None:
    refused(lambda: place(desk, HoldScope.REQUESTER, "another-agency"), ErrorCode.NOT_FOUND)
    request_id = desk.receive(desk.pack(desk.stage.first)).request_id
    hold = place(desk, HoldScope.REQUESTER, AGENCY)
    refused(lambda: desk.match(request_id), ErrorCode.ON_HOLD)
    back = desk.receive(desk.pack(desk.stage.second))
    assert back.codes == {"ON_HOLD": back.lines}
    assert [one.request_id for one in show_hold(desk.gate, hold).stops] == [request_id, back.request_id]
    lift_hold(desk.gate, hold)
    assert desk.match(request_id).state == "AWAITING_REVIEW"
    log_is_valid(desk)


def test_a_class_is_withheld_while_an_order_lies_on_it_and_stops_nothing_else(desk: Desk) -> None:
    request_id = approved(desk)
    inside, outside = references(desk, request_id)
    before = review_request(desk.gate, request_id)
    refused(lambda: place(desk, HoldScope.CLASS, "plaintiffs"), ErrorCode.NOT_FOUND)
    changed = add_to_class(desk.gate, "plaintiffs", [inside, outside, "", inside])
    assert (changed.changed, changed.members) == (2, 2)
    assert review_request(desk.gate, request_id) == before, "to be of a class changes nothing by itself"
    hold = place(desk, HoldScope.CLASS, "plaintiffs")
    assert not show_request(desk.gate, request_id).row.on_hold
    refused(lambda: desk.deliver(request_id), ErrorCode.RELEASE_UNAPPROVED)  # who is withheld has changed (A08)
    after = review_request(desk.gate, request_id)
    assert (after.confirmed, after.no_confirmation) == (before.confirmed - 1, before.no_confirmation + 1)
    desk.approve_twice(request_id)
    remove_from_class(desk.gate, "plaintiffs", [outside])
    refused(lambda: desk.deliver(request_id), ErrorCode.RELEASE_UNAPPROVED)
    desk.approve_twice(request_id)
    lift_hold(desk.gate, hold)
    refused(lambda: remove_from_class(desk.gate, "plaintiffs", [outside]), ErrorCode.NOT_FOUND)
    assert review_request(desk.gate, request_id).confirmed == before.confirmed
    refused(lambda: desk.deliver(request_id), ErrorCode.RELEASE_UNAPPROVED)
    desk.approve_twice(request_id)
    assert desk.deliver(request_id).first_delivery
    assert [(one.word, one.members) for one in list_classes(desk.gate)] == [("plaintiffs", 1)]
    assert entries(desk, "WITHHOLDING_CHANGED") == [{"change": "class"}, {"change": "class"}]
    log_is_valid(desk)


def test_a_class_placed_while_lines_are_answered_counts_for_the_next_batch(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from privity.services.answering.answer_lines import answer_lines
    from tests.builders.small_chunks import cut_small

    cut_small(10, monkeypatch.setattr)
    request_id = desk.receive(desk.pack(desk.stage.first)).request_id
    seen: list[int] = []

    def answer(*arguments: object) -> object:
        seen.append(len(arguments[4]))  # type: ignore[arg-type]
        if len(seen) == 1:
            add_to_class(desk.gate, "plaintiffs", ["P-1"])
            place(desk, HoldScope.CLASS, "plaintiffs")
        return answer_lines(*arguments)  # type: ignore[arg-type]

    desk.match(request_id, answer=answer)
    assert seen[0] == 0
    assert set(seen[1:]) == {1}


@pytest.mark.parametrize("word", ["", "Plaintiffs", "two words", "a/b", "x" * 65, "-a"])
def test_a_class_has_a_plain_word_and_at_least_one_person(desk: Desk, word: str) -> None:
    refused(lambda: add_to_class(desk.gate, word, ["P-1"]), ErrorCode.USAGE)
    refused(lambda: add_to_class(desk.gate, "plaintiffs", ["", " "]), ErrorCode.USAGE)
    refused(lambda: add_to_class(desk.gate, "plaintiffs", ["P-1"], role=OFFICER), ErrorCode.ROLE_FORBIDDEN)


def test_an_end_decided_beforehand_is_a_lift_and_counsels(desk: Desk) -> None:
    soon = desk.clock.now() + DAY
    refused(lambda: place(desk, HoldScope.EVERYTHING, role=OFFICER, ends_at=soon), ErrorCode.ROLE_FORBIDDEN)
    assert list_holds(desk.gate) == ()
    place(desk, HoldScope.EVERYTHING, role=OFFICER, starts_at=soon)
    place(desk, HoldScope.EVERYTHING, ends_at=soon)


@pytest.mark.parametrize(
    ("scope", "starts", "ends"),
    [
        (HoldScope.EVERYTHING, 2, 1),
        (HoldScope.EVERYTHING, 1, 1),
        (HoldScope.EVERYTHING, None, 0),
        (HoldScope.EVERYTHING, None, -1),
        (HoldScope.CLASS, 1, None),
        (HoldScope.CLASS, None, 1),
    ],
)
def test_impossible_dates_are_refused(desk: Desk, scope: HoldScope, starts: int | None, ends: int | None) -> None:
    add_to_class(desk.gate, "plaintiffs", ["P-1"])
    now = desk.clock.now()
    dates = {
        "starts_at": None if starts is None else now + starts * DAY,
        "ends_at": None if ends is None else now + ends * DAY,
    }
    target = "plaintiffs" if scope is HoldScope.CLASS else ""
    refused(lambda: place(desk, scope, target, **dates), ErrorCode.USAGE)


def test_only_a_court_order_is_sealed(desk: Desk) -> None:
    with pytest.raises(PrivityError) as caught:
        place_hold(desk.gate, HoldScope.EVERYTHING, "", "incident", "", role=COUNSEL, terms=HoldTerms(concealed=True))
    assert caught.value.code is ErrorCode.USAGE


def test_of_the_orders_document_only_the_digest_is_kept(desk: Desk) -> None:
    placed = place_hold(
        desk.gate, HoldScope.EVERYTHING, "", "court_order", "", role=COUNSEL, terms=HoldTerms(document=b"IT IS ORDERED")
    )
    assert placed.order_sha256 == hashlib.sha256(b"IT IS ORDERED").hexdigest()
    assert entries(desk, "HOLD_PLACED")[0]["order_sha256"] == placed.order_sha256
    assert b"IT IS ORDERED" not in (desk.home / "state" / "privity.sqlite").read_bytes()


def test_a_restored_home_gets_its_orders_notices_and_receipts_back(tmp_path: Path) -> None:
    desk = delivered(tmp_path)
    back_up(desk, tmp_path / "backup")
    desk = Desk(desk.home, desk.stage, desk.clock)
    order(desk, Demand.FREEZE, HoldScope.REQUESTER, AGENCY)
    concealed = place(desk, HoldScope.REQUEST, desk.stage.first.id, concealed=True, ends_at=desk.clock.now() + 9 * DAY)
    frozen = issue_one(desk)
    record(desk, receipt(desk, package_of(desk, frozen.notice_id), "frozen"))
    order(desk, Demand.RECALL, HoldScope.REQUEST, desk.stage.first.id)
    recalled = issue_one(desk)
    before = [(row.hold_id, row.scope, row.demand, row.ends_at, row.concealed) for row in list_holds(desk.gate)]
    again = in_place(desk, tmp_path / "backup", "state")
    assert freeze_if_copied(again.gate, again.folder)
    thaw(again)
    after = [(row.hold_id, row.scope, row.demand, row.ends_at, row.concealed) for row in list_holds(again.gate)]
    assert sorted(after) == sorted(before)
    assert concealed in {row[0] for row in after}
    assert [(row.notice_id, row.state) for row in list_notices(again.gate)] == [
        (frozen.notice_id, "acknowledged"),
        (recalled.notice_id, "outstanding"),
    ]
    assert issue_notices(again.gate) == (), "what was told stands"
    refused(lambda: show_notice(again.gate, recalled.notice_id), ErrorCode.STATE_CONFLICT)
    for row in list_holds(again.gate):
        if row.scope == "requester":
            lift_hold(again.gate, row.hold_id)
    back = next_request(again, "R-NEXT-1")
    assert [one.rule for one in back.findings] == ["R15"]
    log_is_valid(again)


def test_the_commands(tmp_path: Path) -> None:
    """Place, list, show, issue, deliver, open, acknowledge, receive, lift: as commands, with their exit codes."""
    desk = delivered(tmp_path)
    desk.store.close()
    home, trust = ("--home", desk.home), ("--trust", desk.home / "public" / "trust.json")

    def run(*words: str | Path, code: int = 0) -> Ended:
        ended = privity(*words, "--json")
        assert ended.code == code, (words, ended.out, ended.err)
        return ended

    document = tmp_path / "order.pdf"
    document.write_bytes(b"IT IS ORDERED")
    hold = run(
        "hold", "place", "requester", AGENCY, "--docket", DOCKET, "--delivered", "recall", "--order", document,
        "--until", "2999-12-31", *home,
    ).data  # fmt: skip
    assert (hold["demand"], hold["ends_at"]) == ("recall", "3000-01-01T00:00:00+00:00")
    for wrong in (("--delivered", "burn"), ("--until", "soon")):
        assert run("hold", "place", "everything", *wrong, *home, code=2).error == "USAGE"
    assert len(run("hold", "list", *home).data["holds"]) == 1
    shown = run("hold", "show", hold["hold_id"], *home).data
    assert [one["notice_state"] for one in shown["answers"]] == [""]
    (notice,) = run("notice", "issue", *home).data["issued"]
    out = tmp_path / "outgoing"
    package = run("notice", "deliver", notice["notice_id"], "--out", out, *home).data["path"]
    opened = run("notice", "open", package, *trust).data
    assert (opened["action"], opened["request_id"]) == ("recall", desk.stage.first.id)
    assert opened["orders"][0][2] == DOCKET
    response = next(desk.out.parent.rglob("*.response.zip"), None)
    if response is not None:
        assert run("notice", "open", package, *trust, "--response", response).data["lines"] == opened["lines"]
    office, person = next(iter(desk.stage.pki.holders.items()))
    told = ("--office", office, "--key", person.key, "--cert", person.chain, *trust)
    done = ("--outcome", "returned", "--on", f"{desk.clock.now().date()}")
    sent = tmp_path / "receipt.zip"
    run("notice", "acknowledge", package, *told, "--outcome", "frozen", "--on", done[3], "--out", sent, code=4)
    run("notice", "acknowledge", package, *told, *done, "--out", sent)
    recorded = run("notice", "receive-receipt", sent, *home).data
    assert (recorded["outcome"], recorded["duty_discharged"]) == ("returned", True)
    assert run("notice", "receive-receipt", tmp_path / "none.zip", *home, code=4).error == "NOT_FOUND"
    (row,) = run("notice", "list", *home).data["notices"]
    assert (row["state"], row["blocks"]) == ("acknowledged", False)
    assert run("notice", "show", notice["notice_id"], *home).data["dockets"] == [DOCKET]
    references_file = tmp_path / "references.txt"
    references_file.write_text("P-1\nP-2\n", encoding="utf-8")
    assert run("withhold", "class", "add", "plaintiffs", references_file, *home).data["members"] == 2
    assert run("withhold", "class", "remove", "plaintiffs", references_file, *home).data["members"] == 0
    assert run("withhold", "class", "list", *home).data["classes"][0]["word"] == "plaintiffs"
    assert privity("hold", "list", *home).code == privity("notice", "list", *home).code == 0
