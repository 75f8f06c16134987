"""When approvals start anew: an approver who left, and any change of withholdings, told alike for every register."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest

import privity_verify
from privity.domain.answer import Answer
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.request import RequestId
from privity.services.admission.show_request import show_request
from privity.services.agreements.record_offices import record_offices
from privity.services.holds.withhold_person import lift_withholding, withhold_person
from privity.services.response.build_response import answered_lines
from privity.services.stored_lines import Sealer
from tests.builders.custodian_home import Desk, fresh


def refused(action: Callable[[], object], code: ErrorCode) -> None:
    with pytest.raises(PrivityError) as raised:
        action()
    assert raised.value.code is code


def approved(desk: Desk, *, whole: bool = False) -> str:
    request_id = desk.receive(desk.pack(desk.stage.second if whole else desk.stage.first)).request_id
    if not whole:
        desk.match(request_id)
    desk.approve_twice(request_id)
    desk.clock.advance(60)
    return request_id


def without(offices: bytes, officer: str) -> bytes:
    from ruamel.yaml import YAML

    document = YAML(typ="safe", pure=True).load(offices.decode())
    document["custodian_officers"] = [one for one in document["custodian_officers"] if one["id"] != officer]
    return json.dumps(document, default=str).encode()


def need_sound_log(desk: Desk) -> None:
    verdict = privity_verify.verify(desk.home / "log", desk.home / "public" / "trust.json")
    assert verdict.verdict == "VALID", verdict.to_json()


@pytest.mark.parametrize("whole", [False, True])
def test_a_request_whose_approver_left_is_approved_by_others(tmp_path: Path, whole: bool) -> None:
    """Else it could neither leave nor be refused, and its lines would never be accounted for."""
    desk = fresh(tmp_path)
    request_id = approved(desk, whole=whole)
    record_offices(desk.gate, without(desk.stage.offices.read_bytes(), "disclosure-2"))
    refused(lambda: desk.deliver(request_id), ErrorCode.RELEASE_UNAPPROVED)
    assert show_request(desk.gate, request_id).row.state == "AWAITING_REVIEW"
    refused(lambda: desk.approve(request_id, 1), ErrorCode.ROLE_FORBIDDEN)
    desk.approve(request_id, 0)
    refused(lambda: desk.deliver(request_id), ErrorCode.RELEASE_UNAPPROVED)
    desk.approve(request_id, 2)
    assert desk.deliver(request_id).first_delivery
    need_sound_log(desk)


def test_after_the_release_an_approver_who_left_changes_nothing_but_delivery(tmp_path: Path) -> None:
    desk = fresh(tmp_path)
    request_id = approved(desk)
    desk.deliver(request_id)
    record_offices(desk.gate, without(desk.stage.offices.read_bytes(), "disclosure-2"))
    refused(lambda: desk.deliver(request_id), ErrorCode.ROLE_FORBIDDEN)
    assert show_request(desk.gate, request_id).row.state == "DELIVERED"


def told_by_log(desk: Desk, first: int) -> list[tuple[str, str]]:
    """What anyone can read in the log from an index on: events and reasons."""
    with desk.store.reading() as read:
        rows = [json.loads(row) for row in read.log_rows(first, 1000)]
    return [(row["event"], row["fields"].get("reason_code", "")) for row in rows]


def references(desk: Desk, request_id: str) -> tuple[str, str]:
    """A person this request confirmed once, and one it did not confirm."""
    with desk.store.reading() as read:
        request = read.request(RequestId(request_id))
        assert request is not None
        sealer = Sealer(request.request_id, desk.keys.request_storage(request.request_id))
        confirmed = [
            one.decision.person.reveal()
            for one in answered_lines(read, sealer, request, frozenset())
            if one.decision and one.answer is Answer.CONFIRMED
        ]
    keys = desk.keys.index_keys()
    with desk.stage.extract.open(encoding="utf-8", newline="") as stream:
        known = {row["person_ref"]: keys.person_reference(row["person_ref"]) for row in csv.DictReader(stream)}
    inside = next(name for name, person in known.items() if confirmed.count(person) == 1)
    outside = next(name for name, person in known.items() if person not in confirmed)
    return inside, outside


def test_the_log_does_not_tell_whether_a_withheld_person_was_confirmed(tmp_path: Path) -> None:
    """The same acts on two persons, one of them confirmed in the waiting request: the log tells the same of both."""
    told, states = [], []
    for place in (0, 1):
        desk = fresh(tmp_path / str(place))
        request_id = approved(desk)
        with desk.store.reading() as read:
            size = read.log_size()
        withhold_person(desk.gate, references(desk, request_id)[place], "informant")
        refused(lambda desk=desk, request_id=request_id: desk.deliver(request_id), ErrorCode.RELEASE_UNAPPROVED)
        states.append(show_request(desk.gate, request_id).row.state)
        desk.approve_twice(request_id)
        desk.deliver(request_id)
        told.append(told_by_log(desk, size))
        need_sound_log(desk)
    assert told[0] == told[1]
    assert states == ["AWAITING_REVIEW", "AWAITING_REVIEW"]
    assert ("APPROVALS_RESET", "WITHHOLDINGS_CHANGED") in told[0]


def test_lifting_a_withholding_starts_approvals_anew_too(tmp_path: Path) -> None:
    desk = fresh(tmp_path)
    someone = next(csv.DictReader(desk.stage.extract.read_text(encoding="utf-8").splitlines()))["person_ref"]
    withhold_person(desk.gate, someone, "informant")
    request_id = approved(desk)
    lift_withholding(desk.gate, someone)
    refused(lambda: desk.deliver(request_id), ErrorCode.RELEASE_UNAPPROVED)
    desk.approve_twice(request_id)
    assert desk.deliver(request_id).first_delivery
    withhold_person(desk.gate, someone, "informant")
    lift_withholding(desk.gate, someone)
    assert not desk.deliver(request_id).first_delivery  # out already: only a changed answer closes it


def test_a_notice_that_answers_nothing_is_not_touched_by_withholdings(tmp_path: Path) -> None:
    desk = fresh(tmp_path)
    request_id = approved(desk, whole=True)
    withhold_person(desk.gate, "P0000001", "informant")
    assert desk.deliver(request_id).first_delivery
