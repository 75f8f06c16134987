"""C4: nothing leaves unless two different people signed this very content, and every line is accounted for.

Each lock is tried with the others open: the service's, then the database's own.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from privity.adapters.cms import CmsSigner
from privity.adapters.sql_store.engine import transaction
from privity.domain.answer import Answer
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.offices import CustodianRole
from privity.domain.request import RequestId
from privity.ports.stored import AccountingSummary, StoredApproval, StoredRelease, Verdict
from privity.services.accounting.account_for_person import account_for_person, account_for_request
from privity.services.admission.show_request import show_request
from privity.services.agreements.record_offices import record_offices
from privity.services.holds.withhold_person import lift_withholding, withhold_person
from privity.services.release.release_response import release_response
from privity.services.release.review_request import approve_release, review_request
from tests.builders.custodian_home import Desk, fresh, signer_of

COUNSEL = CustodianRole.COUNSEL


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return fresh(tmp_path)


@pytest.fixture
def matched(desk: Desk) -> str:
    request_id = desk.receive(desk.pack(desk.stage.first)).request_id
    desk.match(request_id)
    return request_id


def refused(action: Callable[[], object], code: ErrorCode) -> PrivityError:
    with pytest.raises(PrivityError) as raised:
        action()
    assert raised.value.code is code
    return raised.value


def test_one_person_is_not_enough(desk: Desk, matched: str) -> None:
    desk.clock.advance(60)
    refused(lambda: desk.deliver(matched), ErrorCode.RELEASE_UNAPPROVED)
    desk.approve(matched, 0)
    refused(lambda: desk.deliver(matched), ErrorCode.RELEASE_UNAPPROVED)
    refused(lambda: desk.approve(matched, 0), ErrorCode.SAME_PERSON)
    refused(lambda: desk.deliver(matched), ErrorCode.RELEASE_UNAPPROVED)
    assert not desk.out.exists()
    assert desk.approve(matched, 1).state == "APPROVED"
    assert desk.deliver(matched).first_delivery


@pytest.mark.parametrize("who", ["registrar", "auditor", "officer", "holder"])
def test_only_the_right_roles_sign(desk: Desk, matched: str, who: str) -> None:
    pki = desk.stage.pki
    identity = {
        "registrar": pki.registrar,
        "auditor": pki.auditor,
        "officer": pki.officers[0],
        "holder": next(iter(pki.holders.values())),
    }[who]
    refused(lambda: approve_release(desk.gate, matched, signer_of(identity)), ErrorCode.ROLE_FORBIDDEN)
    assert show_request(desk.gate, matched).verdicts_recorded == 0


def test_a_verdict_on_another_content_than_the_reviewed_one_is_refused(desk: Desk, matched: str) -> None:
    content = review_request(desk.gate, matched).content_sha256
    signer = signer_of(desk.stage.pki.counsel)
    refused(lambda: approve_release(desk.gate, matched, signer, reviewed="0" * 64), ErrorCode.STATE_CONFLICT)
    assert show_request(desk.gate, matched).verdicts_recorded == 0
    assert approve_release(desk.gate, matched, signer, reviewed=content).verdicts_recorded == 1


def test_counsel_and_an_officer_may_be_the_two(desk: Desk, matched: str) -> None:
    approve_release(desk.gate, matched, signer_of(desk.stage.pki.counsel))
    assert desk.approve(matched).state == "APPROVED"


def test_a_refusal_is_blind_until_the_second_verdict(desk: Desk, matched: str) -> None:
    """After the first verdict nothing shows which one it was; one refusal among two keeps everything inside."""
    first = desk.approve(matched, 0, Verdict.REFUSE)
    assert first.state == show_request(desk.gate, matched).row.state == "AWAITING_REVIEW"
    with desk.store.reading() as read:
        public = [json.loads(row) for row in read.log_rows(0, 1000)]
    assert [entry["event"] for entry in public][-1] == "APPROVAL_RECORDED"
    assert not any("refuse" in str(value) for entry in public for value in entry["fields"].values())
    assert desk.approve(matched, 1).state == "REJECTED"
    desk.clock.advance(60)
    refused(lambda: desk.deliver(matched), ErrorCode.RELEASE_UNAPPROVED)
    account = account_for_request(desk.gate, matched, role=CustodianRole.AUDITOR, reason_code="audit")
    assert account.answers == {"RELEASE_UNAPPROVED": account.records}
    assert account.root_recomputed_agrees
    with desk.store.reading() as read:
        last = json.loads(read.log_rows(account.log_index, 1)[0])
    assert last["event"] == "RELEASE_REFUSED"


def test_nothing_is_visible_before_the_moment_fixed_at_admission(desk: Desk, matched: str) -> None:
    desk.approve_twice(matched)
    refused(lambda: desk.deliver(matched), ErrorCode.TOO_EARLY)
    refused(lambda: release_response(desk.gate, matched), ErrorCode.TOO_EARLY)
    assert show_request(desk.gate, matched).row.state == "APPROVED"


def test_reviewers_see_counts_and_one_sample_and_no_value(desk: Desk, matched: str) -> None:
    review = review_request(desk.gate, matched, sample=10)
    assert review == review_request(desk.gate, matched, sample=10)
    assert review.confirmed + review.no_confirmation + review.returned + review.referred == review.lines
    assert len(review.sample) == 10
    assert len({line.ordinal for line in review.sample}) == 10
    assert review.error_bound95 == "0.2589"  # 1 - 0.05 ** (1/10)


def test_a_person_withheld_after_approval_is_not_confirmed_and_approvals_start_anew(desk: Desk, matched: str) -> None:
    """A09, A08: any change resets both. The lines are decided again at no one's risk: CONFIRMED only ever falls."""
    before = review_request(desk.gate, matched)
    desk.approve_twice(matched)
    desk.clock.advance(60)
    person = _confirmed_person(desk, matched)
    withhold_person(desk.gate, person, "informant")
    refused(lambda: desk.deliver(matched), ErrorCode.RELEASE_UNAPPROVED)
    after = review_request(desk.gate, matched)
    assert after.content_sha256 != before.content_sha256
    assert (after.confirmed, after.no_confirmation) == (before.confirmed - 1, before.no_confirmation + 1)
    assert show_request(desk.gate, matched).row.state == "AWAITING_REVIEW"
    desk.approve_twice(matched)
    opened = desk.open_all(Path(desk.deliver(matched).path).read_bytes())
    assert sum(line.answer is Answer.CONFIRMED for line in opened.lines) == after.confirmed
    found = account_for_person(desk.gate, person, role=COUNSEL, reason_code="subject_request")
    assert found.entries == ()  # this person was not disclosed
    lift_withholding(desk.gate, person)


def test_a_recipient_who_changed_or_left_stops_the_release(desk: Desk, matched: str) -> None:
    desk.approve_twice(matched)
    desk.clock.advance(60)
    offices = desk.stage.offices.read_text(encoding="utf-8")
    pki = desk.stage.pki
    named = _a_named_officer(desk, matched)
    certificate = next(one for one in pki.officers if one.id == named).certificate_pem
    other = pki.officers[-1].certificate_pem
    renewed = _replace_certificate(offices, certificate, other)
    record_offices(desk.gate, renewed.encode())
    refused(lambda: desk.deliver(matched), ErrorCode.RELEASE_UNAPPROVED)
    assert show_request(desk.gate, matched).row.state == "AWAITING_REVIEW"
    record_offices(desk.gate, _without(offices, named).encode())
    desk.approve_twice(matched)
    refused(lambda: desk.deliver(matched), ErrorCode.RECEIVER_UNLISTED)
    assert not desk.out.exists()


def test_the_database_refuses_what_the_services_would_not_even_try(desk: Desk, matched: str) -> None:
    """Constraints and triggers hold with no service in front of them."""
    with desk.store.reading() as read:
        request = read.request(RequestId(matched))
    assert request is not None
    at = desk.clock.now()

    def approval(officer: str, certificate: str) -> StoredApproval:
        return StoredApproval(
            request.request_id,
            request.content_sha256,
            officer,
            certificate,
            "counsel",
            Verdict.RELEASE,
            at,
            "0" * 64,
            b"s",
        )

    def add(one: StoredApproval) -> None:
        with desk.store.writing() as write:
            write.add_approval(one)

    def release() -> None:
        with desk.store.writing() as write:
            index = write.append_log(b"{}")
            write.add_release(StoredRelease(request.request_id, request.content_sha256, "1" * 64, "2" * 64, index, at))

    refused(release, ErrorCode.RELEASE_UNAPPROVED)
    add(approval("a", "1" * 64))
    refused(lambda: add(approval("a", "2" * 64)), ErrorCode.SAME_PERSON)
    refused(lambda: add(approval("b", "1" * 64)), ErrorCode.SAME_PERSON)
    refused(release, ErrorCode.RELEASE_UNAPPROVED)
    add(approval("b", "2" * 64))
    refused(release, ErrorCode.ACCOUNTING_UNAVAILABLE)

    def account_for_nothing() -> None:
        with desk.store.writing() as write:
            index = write.append_log(b"{}")
            write.add_accounting(AccountingSummary(request.request_id, "2" * 64, request.lines, index, at), [], [])

    refused(account_for_nothing, ErrorCode.ACCOUNTING_UNAVAILABLE)


def test_evidence_cannot_be_changed_even_in_sql(desk: Desk) -> None:
    desk.walk(desk.pack(desk.stage.first))
    for statement in (
        "UPDATE log_rows SET entry = x'00' WHERE seq = 0",
        "DELETE FROM log_rows",
        "INSERT INTO log_rows (seq, entry) VALUES (999999, x'00')",
        "DELETE FROM accounting",
        "UPDATE accounting SET sealed = x'00'",
        "DELETE FROM accounting_summaries",
        "DELETE FROM accounting_filings",
        "DELETE FROM approvals",
        "UPDATE approvals SET verdict = 'release', officer = 'x'",
        "DELETE FROM releases",
        "UPDATE releases SET content_sha256 = ''",
        "INSERT INTO releases SELECT * FROM releases",
        "UPDATE requests SET state = 'NONSENSE'",
    ):
        with pytest.raises(PrivityError), transaction(desk.store._engine, writes=True) as connection:
            connection.execute(text(statement))
    assert desk.store.check() == []


def test_a_state_alone_releases_nothing(desk: Desk, matched: str) -> None:
    for state in ("RELEASED", "DELIVERED"):
        with pytest.raises(PrivityError), transaction(desk.store._engine, writes=True) as connection:
            connection.execute(text(f"UPDATE requests SET state = '{state}'"))
    with transaction(desk.store._engine, writes=True) as connection:
        connection.execute(text("UPDATE requests SET state = 'APPROVED'"))
    desk.clock.advance(60)
    refused(lambda: desk.deliver(matched), ErrorCode.RELEASE_UNAPPROVED)


def test_an_approval_forged_in_the_database_does_not_verify(desk: Desk, matched: str) -> None:
    """Rows with the right words but no signature: the release verifies both signatures anew."""
    desk.approve(matched, 0)
    with transaction(desk.store._engine, writes=True) as connection:
        connection.execute(
            text(
                "INSERT INTO approvals (request_id, content_sha256, officer, certificate, role, verdict, signed_at,"
                " signature_sha256, sealed) SELECT request_id, content_sha256, 'disclosure-2', :other, role, verdict,"
                " signed_at, signature_sha256, sealed FROM approvals"
            ),
            {"other": desk.stage.pki.disclosure_officers[1].fingerprint},
        )
        connection.execute(text("UPDATE requests SET state = 'APPROVED'"))
    desk.clock.advance(60)
    refused(lambda: desk.deliver(matched), ErrorCode.DECRYPTION_FAILED)
    assert not desk.out.exists()


def test_an_officer_who_has_left_no_longer_counts(desk: Desk, matched: str) -> None:
    desk.approve_twice(matched)
    desk.clock.advance(60)
    record_offices(desk.gate, _without(desk.stage.offices.read_text(encoding="utf-8"), "disclosure-2").encode())
    refused(lambda: desk.deliver(matched), ErrorCode.RELEASE_UNAPPROVED)
    refused(lambda: approve_release(desk.gate, matched, _signer(desk, 1)), ErrorCode.ROLE_FORBIDDEN)


def _signer(desk: Desk, place: int) -> CmsSigner:
    return signer_of(desk.stage.pki.disclosure_officers[place])


def _confirmed_person(desk: Desk, request_id: str) -> str:
    """A register reference that this request confirmed exactly once (found by trying the extract's references)."""
    import csv

    from privity.services.response.build_response import answered_lines
    from privity.services.stored_lines import Sealer

    with desk.store.reading() as read:
        request = read.request(RequestId(request_id))
        assert request is not None
        sealer = Sealer(request.request_id, desk.keys.request_storage(request.request_id))
        persons = [
            one.decision.person.reveal()
            for one in answered_lines(read, sealer, request, frozenset())
            if one.decision and one.answer is Answer.CONFIRMED
        ]
    keys = desk.keys.index_keys()
    with desk.stage.extract.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if persons.count(keys.person_reference(row["person_ref"])) == 1:
                return row["person_ref"]
    raise AssertionError("no confirmed person")


def _a_named_officer(desk: Desk, request_id: str) -> str:
    from privity.services.stored_lines import Sealer, all_lines

    with desk.store.reading() as read:
        request = read.request(RequestId(request_id))
        assert request is not None
        sealer = Sealer(request.request_id, desk.keys.request_storage(request.request_id))
        return next(line.officer for lines in all_lines(read, sealer, request) for line in lines if line.officer)


def _load(offices: str) -> dict[str, list[dict[str, object]]]:
    from ruamel.yaml import YAML

    return YAML(typ="safe", pure=True).load(offices)  # type: ignore[no-any-return]


def _replace_certificate(offices: str, certificate: str, other: str) -> str:
    document = _load(offices)
    for officer in document["officers"]:
        if officer["certificate"] == certificate:
            officer["certificate"] = other
        elif officer["certificate"] == other:
            officer["certificate"] = certificate
    return json.dumps(document, default=str)


def _without(offices: str, officer: str) -> str:
    document = _load(offices)
    for part in ("officers", "custodian_officers"):
        document[part] = [one for one in document[part] if one["id"] != officer]
    return json.dumps(document, default=str)
