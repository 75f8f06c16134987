"""One suite for every store: what the services may rely on, SQL and in memory alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from privity.adapters.sql_store import create_store
from privity.domain.agreement import AgreementSide
from privity.domain.agreement_acts import AgreementAct
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.holds import Answered, Demand, HoldScope
from privity.domain.lifecycle import MOVES, RequestState
from privity.domain.request import RequestId
from privity.policy.holds import stopping
from privity.ports.stored import (
    AccountingRow,
    AccountingSummary,
    ClassMember,
    DecisionChunk,
    Filing,
    FilingKind,
    LineChunk,
    OfficerCase,
    PackageKind,
    Question,
    StoredAgreement,
    StoredAgreementDecision,
    StoredAgreementSignature,
    StoredApproval,
    StoredDuty,
    StoredHold,
    StoredOffices,
    StoredRelease,
    StoredRequest,
    Verdict,
    Withholding,
)
from privity.ports.stores import Store
from tests.builders.memory_store import MemoryStore

AT = datetime(2026, 3, 2, 12, 0, 0, 123456, tzinfo=UTC)
ID = RequestId("R-1")
REQUEST = StoredRequest(
    request_id=ID,
    agreement_id="an-agreement",
    agreement_version=1,
    agreement_digest="a" * 64,
    requester="requester",
    office="office",
    state=RequestState.ADMITTED,
    returned_whole=False,
    lines=3,
    admitted=2,
    returned=1,
    referred=0,
    chunks=2,
    manifest_sha256="b" * 64,
    package_sha256="c" * 64,
    rule_set="n1",
    received_at=AT,
    visible_from=AT + timedelta(days=1),
    sealed_header=b"\x00sealed\xff",
)


@pytest.fixture(params=["sql", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    return create_store(tmp_path / "state.sqlite") if request.param == "sql" else MemoryStore()


def do(store: Store, act: Callable[[Any], object]) -> Any:
    with store.writing() as write:
        return act(write)


def ask(store: Store, act: Callable[[Any], Any]) -> Any:
    with store.reading() as read:
        return act(read)


def refused(store: Store, act: Callable[[Any], object], code: ErrorCode) -> None:
    with pytest.raises(PrivityError) as raised:
        do(store, act)
    assert raised.value.code is code


def chunk(number: int) -> LineChunk:
    return LineChunk(ID, number, 1 + 2 * number, 2 - number, f"{number}" * 64, b"sealed lines")


def decided(number: int, **changes: Any) -> DecisionChunk:
    return replace(DecisionChunk(ID, number, "DONE", "s1", f"{number}" * 64, "d" * 64, b"sealed"), **changes)


def admitted(store: Store) -> None:
    def act(write: Any) -> None:
        write.add_request(REQUEST, "1" * 64)
        write.add_line_chunk(chunk(0))
        write.add_line_chunk(chunk(1))

    do(store, act)


def approval(
    officer: str, certificate: str, verdict: Verdict = Verdict.RELEASE, content: str = "e" * 64
) -> StoredApproval:
    return StoredApproval(ID, content, officer, certificate * 64, "counsel", verdict, AT, "f" * 64, b"sealed")


def rows(count: int) -> list[AccountingRow]:
    return [AccountingRow(ID, ordinal, bytes([ordinal]) * 32, b"sealed") for ordinal in range(1, count + 1)]


def test_the_log_is_contiguous_and_in_order(store: Store) -> None:
    assert do(store, lambda write: [write.append_log(bytes([n])) for n in range(5)]) == [0, 1, 2, 3, 4]
    assert ask(store, lambda read: read.log_size()) == 5
    assert ask(store, lambda read: list(read.log_rows(1, 3))) == [b"\x01", b"\x02", b"\x03"]
    assert ask(store, lambda read: list(read.log_rows(4, 9))) == [b"\x04"]
    assert ask(store, lambda read: list(read.log_rows(5, 9))) == []


def test_a_transaction_that_fails_leaves_nothing(store: Store) -> None:
    def act(write: Any) -> None:
        write.append_log(b"x")
        write.set_fact("name", "value")
        raise PrivityError(ErrorCode.ON_HOLD, "stop")

    refused(store, act, ErrorCode.ON_HOLD)
    assert ask(store, lambda read: (read.log_size(), read.fact("name"))) == (0, "")


def test_a_reader_sees_one_moment(store: Store) -> None:
    do(store, lambda write: write.set_fact("name", "before"))
    with store.reading() as read:
        assert read.fact("name") == "before"
        do(store, lambda write: write.set_fact("name", "after"))
        assert read.fact("name") == "before"
    assert ask(store, lambda read: read.fact("name")) == "after"


def test_agreements_keep_their_versions(store: Store) -> None:
    first = StoredAgreement("a", 1, "1" * 64, b"one", AT)
    second = StoredAgreement("a", 2, "2" * 64, b"two", AT + timedelta(seconds=1))
    do(store, lambda write: write.add_agreement(first))
    do(store, lambda write: write.add_agreement(second))
    refused(store, lambda write: write.add_agreement(replace(first, document=b"!")), ErrorCode.STATE_CONFLICT)
    assert ask(store, lambda read: [read.agreement("a"), read.agreement("a", 1), read.agreement("b")]) == [
        second,
        first,
        None,
    ]
    assert ask(store, lambda read: list(read.agreements())) == [first, second]


def test_an_agreement_is_signed_once_with_each_certificate(store: Store) -> None:
    do(store, lambda write: write.add_agreement(StoredAgreement("a", 1, "1" * 64, b"one", AT)))
    signed = [
        StoredAgreementSignature("a", 1, "1" * 64, side, "office", certificate * 64, AT, AT, "2" * 64, b"sealed")
        for side, certificate in zip(AgreementSide, "34", strict=True)
    ]
    for one in signed:
        do(store, lambda write, one=one: write.add_agreement_signature(one))
        refused(store, lambda write, one=one: write.add_agreement_signature(one), ErrorCode.STATE_CONFLICT)
    assert ask(store, lambda read: list(read.agreement_signatures("a", 1))) == signed
    assert ask(store, lambda read: list(read.agreement_signatures("a", 2))) == []


def act_on(act: AgreementAct, version: int, index: int) -> StoredAgreementDecision:
    return StoredAgreementDecision("an-agreement", version, "a" * 64, act, "r", AT, "counsel", index, b"sealed")


def test_the_latest_decision_on_an_agreement_is_obeyed_at_admission_and_release(store: Store) -> None:
    def decide(act: AgreementAct, version: int = 1) -> None:
        do(store, lambda w: w.add_agreement_decision(act_on(act, version, w.append_log(b"{}"))))

    decide(AgreementAct.SUSPENDED)
    refused(store, lambda w: w.add_agreement_decision(act_on(AgreementAct.ENDED, 1, 0)), ErrorCode.STATE_CONFLICT)
    refused(store, lambda w: w.add_request(REQUEST, "1" * 64), ErrorCode.AGREEMENT_NOT_IN_FORCE)
    whole = replace(REQUEST, request_id=RequestId("R-9"), returned_whole=True, admitted=0, returned=3)
    do(store, lambda w: w.add_request(replace(whole, manifest_sha256="9" * 64), "9" * 64))
    decide(AgreementAct.ACTIVATED, 2)
    refused(store, lambda w: w.add_request(REQUEST, "1" * 64), ErrorCode.AGREEMENT_NOT_IN_FORCE)
    decide(AgreementAct.ACTIVATED)
    admitted(store)
    do(store, lambda w: w.set_content(ID, "e" * 64, b"salt"))
    do(store, lambda w: w.add_approval(approval("anna", "1")))
    do(store, lambda w: w.add_approval(approval("ben", "2")))
    decide(AgreementAct.ENDED)
    refused(store, lambda w: (account(w), release(w)), ErrorCode.AGREEMENT_NOT_IN_FORCE)
    acts = [(one.act.value, one.version) for one in ask(store, lambda r: r.agreement_decisions("an-agreement"))]
    assert acts == [("SUSPENDED", 1), ("ACTIVATED", 2), ("ACTIVATED", 1), ("ENDED", 1)]
    assert ask(store, lambda r: r.agreement_decisions("another")) == []


def test_the_last_office_register_counts(store: Store) -> None:
    assert ask(store, lambda read: read.offices()) is None
    for number in (1, 2):
        do(store, lambda write, n=number: write.add_offices(StoredOffices(f"{n}" * 64, bytes([n]), AT)))
    assert ask(store, lambda read: read.offices()) == StoredOffices("2" * 64, b"\x02", AT)


def test_a_request_comes_back_as_it_was_stored(store: Store) -> None:
    admitted(store)
    assert ask(store, lambda read: read.request(ID)) == REQUEST
    assert ask(store, lambda read: list(read.requests())) == [REQUEST]
    assert ask(store, lambda read: read.request(RequestId("R-2"))) is None
    assert ask(store, lambda read: (read.request_of_nonce("1" * 64), read.request_of_nonce("2" * 64))) == (ID, None)
    assert ask(store, lambda read: read.request_of_package("c" * 64)) == ID
    assert ask(store, lambda read: read.line_chunk(ID, 1)) == chunk(1)
    with pytest.raises(PrivityError) as missing:
        ask(store, lambda read: read.line_chunk(ID, 2))
    assert missing.value.code is ErrorCode.NOT_FOUND


@pytest.mark.parametrize(("request_id", "manifest", "nonce"), [("R-1", "2", "2"), ("R-2", "b", "2"), ("R-2", "2", "1")])
def test_id_manifest_and_nonce_are_used_once(store: Store, request_id: str, manifest: str, nonce: str) -> None:
    admitted(store)
    again = replace(REQUEST, request_id=RequestId(request_id), manifest_sha256=manifest * 64)
    refused(store, lambda write: write.add_request(again, nonce * 64), ErrorCode.STALE_OR_REPLAYED)
    assert len(ask(store, lambda read: list(read.requests()))) == 1


def test_states_move_only_as_the_table_says(store: Store) -> None:
    admitted(store)
    for current in RequestState:
        for following in RequestState:
            if current is RequestState.ADMITTED and following in MOVES[current]:
                continue
            refused(store, lambda w, a=current, b=following: w.move_request(ID, a, b), ErrorCode.STATE_CONFLICT)
    do(store, lambda write: write.move_request(ID, RequestState.ADMITTED, RequestState.AWAITING_REVIEW))
    assert ask(store, lambda read: read.request(ID)).state is RequestState.AWAITING_REVIEW


def test_decisions_belong_to_one_snapshot_and_to_their_lines(store: Store) -> None:
    admitted(store)
    refused(store, lambda write: write.add_decision_chunk(decided(0)), ErrorCode.STATE_CONFLICT)
    do(store, lambda write: write.start_matching(ID, "s1"))
    do(store, lambda write: write.add_decision_chunk(decided(0)))
    refused(store, lambda write: write.add_decision_chunk(decided(0)), ErrorCode.STATE_CONFLICT)
    refused(store, lambda write: write.add_decision_chunk(decided(1, snapshot_id="s2")), ErrorCode.STATE_CONFLICT)
    refused(store, lambda write: write.add_decision_chunk(decided(1, input_hash="9" * 64)), ErrorCode.STATE_CONFLICT)
    assert ask(store, lambda read: dict(read.decided_chunks(ID))) == {0: "0" * 64}
    assert ask(store, lambda read: read.decision_chunk(ID, 0)) == decided(0)
    do(store, lambda write: write.start_matching(ID, "s2"))
    assert ask(store, lambda read: dict(read.decided_chunks(ID))) == {}
    do(store, lambda write: write.move_request(ID, RequestState.ADMITTED, RequestState.AWAITING_REVIEW))
    refused(store, lambda write: write.start_matching(ID, "s3"), ErrorCode.STATE_CONFLICT)


def test_packages_are_stored_once(store: Store) -> None:
    admitted(store)
    for kind in PackageKind:
        assert ask(store, lambda read, kind=kind: read.package(ID, kind)) is None
        do(store, lambda write, kind=kind: write.add_package(ID, kind, kind.value.encode()))
        refused(store, lambda write, kind=kind: write.add_package(ID, kind, b"!"), ErrorCode.STATE_CONFLICT)
    do(store, lambda write: write.drop_sealed(ID))
    assert ask(store, lambda read: [read.package(ID, kind) for kind in PackageKind]) == [b"arrived", None, b"response"]


def test_the_same_person_or_certificate_signs_once(store: Store) -> None:
    admitted(store)
    do(store, lambda write: write.add_approval(approval("a", "1")))
    refused(store, lambda write: write.add_approval(approval("a", "2")), ErrorCode.SAME_PERSON)
    refused(store, lambda write: write.add_approval(approval("b", "1")), ErrorCode.SAME_PERSON)
    do(store, lambda write: write.add_approval(approval("a", "1", content="0" * 64)))  # another content: a new round
    do(store, lambda write: write.add_approval(approval("b", "2", Verdict.REFUSE)))
    found = ask(store, lambda read: list(read.approvals(ID, "e" * 64)))
    assert found == [approval("a", "1"), approval("b", "2", Verdict.REFUSE)]


def release(write: Any, content: str = "e" * 64, root: str = "7" * 64) -> None:
    index = write.append_log(b"{}")
    write.add_release(StoredRelease(ID, content, "8" * 64, root, index, AT))


def account(write: Any, count: int = 3, records: int = 3) -> None:
    index = write.append_log(b"{}")
    filings = [Filing(b"f" * 32, FilingKind.NAME, ID, ordinal) for ordinal in range(1, count + 1)]
    write.add_accounting(AccountingSummary(ID, "7" * 64, records, index, AT), rows(count), filings)


def test_a_release_needs_two_people_the_present_content_and_every_record(store: Store) -> None:
    admitted(store)
    do(store, lambda write: write.set_content(ID, "e" * 64, b"salt"))
    refused(store, release, ErrorCode.RELEASE_UNAPPROVED)
    do(store, lambda write: write.add_approval(approval("a", "1")))
    refused(store, release, ErrorCode.RELEASE_UNAPPROVED)
    do(store, lambda write: write.add_approval(approval("b", "2")))
    refused(store, release, ErrorCode.ACCOUNTING_UNAVAILABLE)
    refused(store, lambda write: account(write, 2, 3), ErrorCode.ACCOUNTING_UNAVAILABLE)
    refused(store, lambda write: account(write, 2, 2), ErrorCode.ACCOUNTING_UNAVAILABLE)
    do(store, account)
    refused(store, lambda write: release(write, root="6" * 64), ErrorCode.ACCOUNTING_UNAVAILABLE)
    do(store, release)
    refused(store, release, ErrorCode.STATE_CONFLICT)
    refused(store, lambda write: write.drop_sealed(ID), ErrorCode.STATE_CONFLICT)
    refused(store, lambda write: write.set_content(ID, "0" * 64, b""), ErrorCode.STATE_CONFLICT)
    assert ask(store, lambda read: read.release(ID)).accounting_root == "7" * 64
    assert ask(store, lambda read: list(read.accounting(ID))) == rows(3)
    assert ask(store, lambda read: read.accounting_row(ID, 2)) == rows(3)[1]
    assert ask(store, lambda read: [one.ordinal for one in read.filed_under([b"f" * 32, b"g" * 32])]) == [1, 2, 3]
    refused(store, account, ErrorCode.ACCOUNTING_UNAVAILABLE)


def test_one_refusal_among_three_verdicts_forbids_the_release(store: Store) -> None:
    admitted(store)
    do(store, lambda write: write.set_content(ID, "e" * 64, b"salt"))
    for officer, verdict in (("a", Verdict.RELEASE), ("b", Verdict.REFUSE), ("c", Verdict.RELEASE)):
        certificate = str(ord(officer) % 10)
        do(store, lambda write, o=officer, c=certificate, v=verdict: write.add_approval(approval(o, c, v)))
    do(store, account)
    refused(store, release, ErrorCode.RELEASE_UNAPPROVED)


def test_approvals_of_an_earlier_content_do_not_count(store: Store) -> None:
    admitted(store)
    do(store, lambda write: write.set_content(ID, "e" * 64, b"salt"))
    for officer, certificate in (("a", "1"), ("b", "2")):
        do(store, lambda write, o=officer, c=certificate: write.add_approval(approval(o, c)))
    do(store, account)
    do(store, lambda write: write.set_content(ID, "9" * 64, b"salt"))
    refused(store, release, ErrorCode.RELEASE_UNAPPROVED)
    refused(store, lambda write: release(write, "9" * 64), ErrorCode.RELEASE_UNAPPROVED)


def test_holds_cover_what_they_name_until_lifted(store: Store) -> None:
    def place(hold_id: str, scope: HoldScope, target: str, **terms: Any) -> None:
        hold = StoredHold(hold_id, scope, target, "court_order", AT, "counsel", b"docket", **terms)
        do(store, lambda w: w.add_hold(hold))
        assert hold in ask(store, lambda r: list(r.holds()))

    place("h1", HoldScope.AGREEMENT, "an-agreement")
    place("h2", HoldScope.REQUEST, "R-1", demand=Demand.RECALL, order_sha256="e" * 64)
    place("h3", HoldScope.EVERYTHING, "", starts_at=AT, ends_at=AT + timedelta(days=3), concealed=True)
    place("h4", HoldScope.REQUESTER, "requester", demand=Demand.FREEZE)

    def covered(*names: str, at: datetime = AT) -> list[str]:
        return [
            one.hold_id for one in ask(store, lambda r: stopping([h.order for h in r.holds()], Answered(*names), at))
        ]

    assert covered("an-agreement", "requester", "R-1") == ["h1", "h2", "h3", "h4"]
    assert covered("an-agreement", "another") == ["h1", "h3"]
    assert covered("another", "another", "R-2") == ["h3"]
    assert covered("another", "another", at=AT + timedelta(days=3)) == []
    refused(store, lambda w: w.add_hold(ask(store, lambda r: r.holds()[0])), ErrorCode.STATE_CONFLICT)
    do(store, lambda write: write.lift_hold("h3", AT, "counsel"))
    refused(store, lambda write: write.lift_hold("h3", AT, "counsel"), ErrorCode.NOT_FOUND)
    refused(store, lambda write: write.lift_hold("h9", AT, "counsel"), ErrorCode.NOT_FOUND)
    assert covered("another", "another") == []
    assert len(ask(store, lambda read: list(read.holds()))) == 4


def test_persons_of_a_class_are_withheld_while_an_order_lies_on_it(store: Store) -> None:
    members = [ClassMember("plaintiffs", bytes([n]) * 16, AT) for n in (1, 2)]
    assert do(store, lambda w: w.add_class_members([*members, members[0]])) == 2
    assert do(store, lambda w: w.add_class_members(members)) == 0
    do(store, lambda w: w.add_class_members([ClassMember("others", b"\x03" * 16, AT)]))
    assert ask(store, lambda r: r.withheld_persons()) == frozenset()
    hold = StoredHold("h1", HoldScope.CLASS, "plaintiffs", "court_order", AT, "counsel", b"docket")
    do(store, lambda w: w.add_hold(hold))
    do(store, lambda w: w.withhold(Withholding(b"\x01" * 16, "informant", AT)))
    assert ask(store, lambda r: r.withheld_persons()) == {b"\x01" * 16, b"\x02" * 16}
    assert do(store, lambda w: w.remove_class_members("plaintiffs", [b"\x02" * 16, b"\x09" * 16], AT)) == 1
    assert ask(store, lambda r: r.withheld_persons()) == {b"\x01" * 16}
    do(store, lambda w: w.lift_withholding(b"\x01" * 16, AT))
    assert ask(store, lambda r: r.withheld_persons()) == {b"\x01" * 16}
    do(store, lambda w: w.lift_hold("h1", AT, "counsel"))
    assert ask(store, lambda r: r.withheld_persons()) == frozenset()
    assert [one.removed_at for one in ask(store, lambda r: r.class_members())] == [None, AT, None]


def test_withholdings_come_and_go_and_are_remembered(store: Store) -> None:
    mark = Withholding(b"p" * 16, "informant", AT)
    for _ in range(2):
        do(store, lambda write: write.withhold(mark))
    assert ask(store, lambda read: read.withheld_persons()) == frozenset({b"p" * 16})
    do(store, lambda write: write.lift_withholding(b"p" * 16, AT))
    refused(store, lambda write: write.lift_withholding(b"p" * 16, AT), ErrorCode.NOT_FOUND)
    assert ask(store, lambda read: read.withheld_persons()) == frozenset()
    do(store, lambda write: write.withhold(mark))
    assert len(ask(store, lambda read: list(read.withholdings()))) == 2


def test_history_is_by_requester_and_by_time(store: Store) -> None:
    admitted(store)
    asked = [Question(b"p", b"q1"), Question(b"p", b"q2"), Question(b"r", b"q3"), Question(b"p", b"q1")]
    do(store, lambda write: write.add_questions("requester", ID, AT, asked))
    found = lambda who, since: ask(store, lambda r: dict(r.questions_of(who, [b"p", b"z"], since)))  # noqa: E731
    assert found("requester", AT) == {b"p": frozenset({b"q1", b"q2"})}
    assert found("requester", AT + timedelta(seconds=1)) == {}
    assert found("another", AT) == {}
    many = [bytes([n // 256, n % 256]) for n in range(2000)]
    assert ask(store, lambda read: dict(read.questions_of("requester", [*many, b"p"], AT))).keys() == {b"p"}


def test_lines_of_a_year_leave_out_requests_that_went_back_whole(store: Store) -> None:
    admitted(store)
    whole = replace(REQUEST, request_id=RequestId("R-2"), manifest_sha256="2" * 64, returned_whole=True)
    do(store, lambda write: write.add_request(whole, "2" * 64))
    count = lambda start, end: ask(store, lambda r: r.lines_admitted("an-agreement", start, end))  # noqa: E731
    assert count(AT, AT + timedelta(days=1)) == 2
    assert count(AT + timedelta(seconds=1), AT + timedelta(days=1)) == 0
    assert count(AT - timedelta(days=1), AT) == 0


def test_cases_stay_open_until_the_duty_is_discharged(store: Store) -> None:
    admitted(store)
    cases = [OfficerCase(b"o", b"c1"), OfficerCase(b"o", b"c2"), OfficerCase(b"o", b"c1"), OfficerCase(b"x", b"c1")]
    do(store, lambda write: write.add_officer_cases("requester", ID, cases))
    assert ask(store, lambda read: dict(read.open_cases("requester"))) == {b"o": 2, b"x": 1}
    assert ask(store, lambda read: dict(read.open_cases("another"))) == {}
    do(store, lambda write: write.add_duty(StoredDuty(ID, "requester", "destroy", date(2026, 6, 1))))
    refused(store, lambda w: w.add_duty(StoredDuty(ID, "requester", "destroy", AT.date())), ErrorCode.STATE_CONFLICT)
    overdue = lambda day: ask(store, lambda r: r.overdue_duties("requester", day))  # noqa: E731
    assert (overdue(date(2026, 6, 1)), overdue(date(2026, 6, 2))) == (0, 1)
    do(store, lambda write: write.discharge_duty(ID, "destroy", AT, "5" * 64))
    refused(store, lambda write: write.discharge_duty(ID, "destroy", AT, "5" * 64), ErrorCode.NOT_FOUND)
    assert overdue(date(2027, 1, 1)) == 0
    assert ask(store, lambda read: dict(read.open_cases("requester"))) == {}
    assert ask(store, lambda read: list(read.duties())) == [
        StoredDuty(ID, "requester", "destroy", date(2026, 6, 1), AT, "5" * 64)
    ]


def test_facts_are_set_and_set_again(store: Store) -> None:
    for value in ("one", "two", ""):
        do(store, lambda write, value=value: write.set_fact("name", value))
        assert ask(store, lambda read: read.fact("name")) == value
