"""One suite, two stores: decisions on referred lines, the change of an admission, reports made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from privity.adapters.sql_store import create_store
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.lifecycle import RequestState
from privity.domain.request import RequestId
from privity.ports.referrals import AdmissionCounts, StoredReferralDecision
from privity.ports.reports import StoredReport
from privity.ports.stored import OfficerCase, Question
from tests.builders.memory_store import MemoryStore
from tests.contract.test_stores_contract import AT, ID, REQUEST, ask, chunk, decided, do, refused

WAITING = replace(REQUEST, admitted=1, returned=0, referred=2)
DECISION = StoredReferralDecision(
    ID, (2, 3), True, "", "officer-1", "c" * 64, "counsel", AT, "d" * 64, 0, b"\x00sealed under the request's key"
)


@pytest.fixture(params=["sql", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    store = create_store(tmp_path / "state.sqlite") if request.param == "sql" else MemoryStore()

    def act(write: Any) -> None:
        write.add_request(WAITING, "1" * 64)
        for number in (0, 1):
            write.add_line_chunk(chunk(number))
        for _ in range(4):
            write.append_log(b"an entry")
        write.add_questions("requester", ID, AT, [Question(b"p" * 16, b"q" * 16)])
        write.add_officer_cases("requester", ID, [OfficerCase(b"o" * 16, b"c" * 16)])

    do(store, act)
    return store


def anything(store: Any, act: Callable[[Any], object]) -> None:
    """Refused by whatever guard comes first."""
    with pytest.raises(PrivityError):
        do(store, act)


def settle(write: Any) -> None:
    write.settle_admission(ID, AdmissionCounts(2, 1), b"anew")


def test_a_decision_is_kept_whole_and_a_line_is_decided_once(store: Any) -> None:
    do(store, lambda write: write.add_referral_decision(replace(DECISION, ordinals=(2,))))
    refused(store, lambda write: write.add_referral_decision(replace(DECISION, log_index=1)), ErrorCode.STATE_CONFLICT)
    other = replace(DECISION, ordinals=(3,), admits=False, code="REFERRED", log_index=1)
    do(store, lambda write: write.add_referral_decision(other))
    assert ask(store, lambda read: list(read.referral_decisions(ID))) == [replace(DECISION, ordinals=(2,)), other]
    assert ask(store, lambda read: list(read.referral_decisions(RequestId("another")))) == []
    assert ask(store, lambda read: read.sealed_blobs(ID)["referral_decisions"]) == 2


def test_a_verdict_and_its_code_belong_together(store: Any) -> None:
    anything(store, lambda write: write.add_referral_decision(replace(DECISION, code="REFERRED")))
    anything(store, lambda write: write.add_referral_decision(replace(DECISION, admits=False)))


def test_nothing_moves_while_lines_wait(store: Any) -> None:
    anything(store, lambda write: write.start_matching(ID, "s1"))
    anything(store, lambda write: write.add_decision_chunk(decided(0)))
    anything(store, lambda write: write.move_request(ID, RequestState.ADMITTED, RequestState.AWAITING_REVIEW))


def test_settling_ends_the_wait_once(store: Any) -> None:
    do(store, settle)
    request = ask(store, lambda read: read.request(ID))
    assert (request.admitted, request.returned, request.referred, request.sealed_header) == (2, 1, 0, b"anew")
    refused(store, settle, ErrorCode.STATE_CONFLICT)
    anything(store, lambda write: write.add_referral_decision(DECISION))
    do(store, lambda write: write.start_matching(ID, "s1"))
    do(store, lambda write: write.add_decision_chunk(decided(0)))


def test_settled_counts_are_those_of_the_lines(store: Any) -> None:
    anything(store, lambda write: write.settle_admission(ID, AdmissionCounts(2, 2), b"anew"))


def test_other_lines_take_the_place_of_stored_ones_and_answers_go(store: Any) -> None:
    do(store, settle)
    do(store, lambda write: write.start_matching(ID, "s1"))
    do(store, lambda write: write.add_decision_chunk(decided(0)))
    anew = [replace(chunk(number), input_hash="9" * 64, sealed=b"others") for number in (0, 1)]
    do(store, lambda write: write.replace_lines(anew))
    assert ask(store, lambda read: [read.line_chunk(ID, number) for number in (0, 1)]) == anew
    assert ask(store, lambda read: dict(read.decided_chunks(ID))) == {}
    refused(store, lambda write: write.replace_lines([replace(chunk(0), chunk=7)]), ErrorCode.STATE_CONFLICT)
    refused(store, lambda write: write.replace_lines([replace(chunk(0), lines=9)]), ErrorCode.STATE_CONFLICT)


def test_history_is_forgotten_and_a_request_is_not_in_its_own(store: Any) -> None:
    long_ago, person = datetime(2000, 1, 1, tzinfo=UTC), b"p" * 16
    year = (datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
    assert ask(store, lambda read: dict(read.questions_of("requester", [person], long_ago))) == {person: {b"q" * 16}}
    assert ask(store, lambda read: dict(read.questions_of("requester", [person], long_ago, besides=ID))) == {}
    assert ask(store, lambda read: dict(read.open_cases("requester"))) == {b"o" * 16: 1}
    assert ask(store, lambda read: dict(read.open_cases("requester", besides=ID))) == {}
    assert ask(store, lambda read: read.lines_admitted("an-agreement", *year)) == 1
    assert ask(store, lambda read: read.lines_admitted("an-agreement", *year, besides=ID)) == 0
    do(store, lambda write: write.forget_history(ID))
    assert ask(store, lambda read: dict(read.questions_of("requester", [person], long_ago))) == {}
    assert ask(store, lambda read: dict(read.open_cases("requester"))) == {}


def test_an_admission_is_revoked_once_and_not_while_answers_lie_there(store: Any) -> None:
    do(store, settle)
    do(store, lambda write: write.start_matching(ID, "s1"))
    do(store, lambda write: write.add_decision_chunk(decided(0)))
    revoke = lambda write: write.revoke_admission(ID, RequestState.ADMITTED, b"file")  # noqa: E731
    refused(store, revoke, ErrorCode.STATE_CONFLICT)
    do(store, lambda write: write.replace_lines([chunk(0)]))
    refused(store, lambda write: write.revoke_admission(ID, RequestState.APPROVED, b"file"), ErrorCode.STATE_CONFLICT)
    do(store, revoke)
    request = ask(store, lambda read: read.request(ID))
    assert (request.state, request.returned_whole, request.snapshot_id) == (RequestState.AWAITING_REVIEW, True, "")
    assert (request.admitted, request.returned, request.referred, request.sealed_header) == (0, 3, 0, b"file")
    refused(
        store, lambda write: write.revoke_admission(ID, RequestState.AWAITING_REVIEW, b"x"), ErrorCode.STATE_CONFLICT
    )


def test_lines_that_wait_do_not_keep_an_admission_from_being_revoked(store: Any) -> None:
    do(store, lambda write: write.revoke_admission(ID, RequestState.ADMITTED, b"file"))
    assert ask(store, lambda read: read.request(ID)).returned_whole


def test_a_report_is_recorded_once(store: Any) -> None:
    made = StoredReport("an-agreement", "yearly", date(2025, 12, 31), date(2026, 2, 1), AT, "counsel", "e" * 64, 2)
    do(store, lambda write: write.add_report(made))
    refused(store, lambda write: write.add_report(replace(made, log_index=3)), ErrorCode.STATE_CONFLICT)
    corrected = replace(made, evidence_sha256="f" * 64, log_index=3)
    do(store, lambda write: write.add_report(corrected))
    assert ask(store, lambda read: list(read.reports_made("an-agreement"))) == [made, corrected]
    assert ask(store, lambda read: list(read.reports_made("another"))) == []
