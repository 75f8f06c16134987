"""V05: what an order demands of delivered answers is told and acknowledged; until then no request comes in (R15)."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from pathlib import Path

import pytest

from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.holds import Demand, HoldScope, ReceiptOutcome
from privity.domain.offices import CustodianRole
from privity.ports.stored import PackageKind
from privity.services.duties.agreement_inventory import take_inventory
from privity.services.holds.declare_class import add_to_class
from privity.services.holds.deliver_notice import deliver_notice, list_notices, show_notice
from privity.services.holds.issue_notices import issue_notices
from privity.services.holds.place_hold import HoldTerms, lift_hold, list_holds, place_hold
from privity.services.holds.record_receipt import record_receipt
from privity.services.holds.show_hold import show_hold
from privity.services.home.apply_retention import destroy_request
from privity.services.release.track_duties import discharge_duty, list_duties
from privity.services.requester.open_notice import acknowledge_notice
from privity.wire.notice_manifest import NoticeManifest, ReceiptManifest
from privity.wire.package import open_container, write_container
from tests.builders.custodian_home import Desk, signer_of
from tests.builders.delivered_home import (
    COUNSEL,
    DOCKET,
    delivered,
    holder,
    issue_one,
    next_request,
    opened,
    order,
    package_of,
    receipt,
    record,
)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return delivered(tmp_path)


def refused(action: object, code: ErrorCode) -> str:
    with pytest.raises(PrivityError) as caught:
        action()  # type: ignore[operator]
    assert caught.value.code is code
    return caught.value.message


def entries(desk: Desk, event: str) -> list[dict[str, object]]:
    with desk.store.reading() as read:
        rows = [json.loads(row) for row in read.log_rows(0, 10_000)]
    return [row["fields"] for row in rows if row["event"] == event]


def states(desk: Desk) -> list[tuple[str, str]]:
    return [(row.action, row.state) for row in list_notices(desk.gate)]


def test_a_recall_keeps_the_next_request_out_until_its_receipt(desk: Desk) -> None:
    hold = order(desk, Demand.RECALL)
    issued = issue_one(desk)
    assert (issued.action, issued.governed_by, issued.may_destroy) == ("recall", hold.hold_id, True)
    package = package_of(desk, issued.notice_id)
    lift_in_flight = order(desk, Demand.NONE)  # another order stops everything; the notice asks the same
    assert issue_notices(desk.gate) == ()
    for one in (hold, lift_in_flight):
        assert one.hold_id in {row.hold_id for row in list_holds(desk.gate) if row.in_force}
    lift_hold(desk.gate, lift_in_flight.hold_id)
    place_hold(desk.gate, HoldScope.REQUEST, desk.stage.first.id, "court_order", DOCKET, role=COUNSEL,
               terms=HoldTerms(Demand.RECALL))  # fmt: skip
    lift_hold(desk.gate, hold.hold_id)
    reissued = issue_one(desk)
    assert reissued.action == "recall"
    back = next_request(desk, "R-NEXT-1")
    assert back.returned_whole
    assert [(one.rule, one.code) for one in back.findings] == [("R15", "DUTIES_OVERDUE")]
    assert back.findings[0].message == "1 destruction certificates or recall receipts are overdue"
    assert states(desk) == [("recall", "superseded"), ("recall", "outstanding")]
    refused(lambda: deliver_notice(desk.gate, issued.notice_id, desk.out), ErrorCode.STATE_CONFLICT)
    refused(lambda: record(desk, receipt(desk, package, "returned")), ErrorCode.STATE_CONFLICT)
    done = record(desk, receipt(desk, package_of(desk, reissued.notice_id), "destroyed"))
    assert done.duty_discharged
    assert states(desk) == [("recall", "superseded"), ("recall", "acknowledged")]
    assert not next_request(desk, "R-NEXT-2").returned_whole
    assert [one.discharged_at is not None for one in list_duties(desk.gate)] == [True]
    assert [one["outcome"] for one in entries(desk, "RECEIPT_RECORDED")] == ["destroyed"]
    assert [one["evidence_sha256"] for one in entries(desk, "DUTY_DISCHARGED")] == [done.receipt_manifest_sha256]


def test_frozen_then_lifted(desk: Desk) -> None:
    hold = order(desk, Demand.FREEZE)
    frozen = issue_one(desk)
    package = package_of(desk, frozen.notice_id)
    assert not opened(desk, package).manifest.may_destroy
    refused(lambda: receipt(desk, package, "destroyed"), ErrorCode.FORMAT_INVALID)
    record(desk, receipt(desk, package, "frozen"))
    assert entries(desk, "DUTY_DISCHARGED") == []
    desk.clock.advance(200 * 86_400)  # the day of destruction passes while the answer must be kept
    assert not [one for one in list_duties(desk.gate) if one.overdue]
    lift_hold(desk.gate, hold.hold_id)
    assert not [one for one in list_duties(desk.gate) if one.overdue], "nobody told the recipient yet"
    lifted = issue_one(desk)
    assert (lifted.action, lifted.governed_by, lifted.orders) == ("lifted", "", ())
    told = NoticeManifest.from_bytes(manifest_of(package_of(desk, lifted.notice_id)))
    assert told.replaces == frozen.manifest_sha256
    assert told.orders == ()
    assert states(desk) == [("freeze", "acknowledged"), ("lifted", "told")]
    assert not [one for one in list_duties(desk.gate) if one.overdue], "the days under the freeze do not count"
    desk.clock.advance(91 * 86_400)
    assert [one.overdue for one in list_duties(desk.gate)] == [True]


def manifest_of(package: bytes) -> bytes:
    return open_container(io.BytesIO(package)).read("manifest.json")


def test_a_notice_that_orders_are_lifted_asks_for_no_receipt(desk: Desk) -> None:
    hold = order(desk, Demand.FREEZE)
    frozen = package_of(desk, issue_one(desk).notice_id)
    lift_hold(desk.gate, hold.hold_id)
    lifted = issue_one(desk)
    package = package_of(desk, lifted.notice_id)
    refused(lambda: receipt(desk, package, "frozen"), ErrorCode.FORMAT_INVALID)
    forged = {"notice_id": lifted.notice_id, "notice_manifest_sha256": lifted.manifest_sha256}
    refused(lambda: record(desk, resigned(desk, receipt(desk, frozen, "frozen"), forged)), ErrorCode.STATE_CONFLICT)


def test_the_inventory_counts_a_receipt_that_is_due_and_not_a_day_put_off(desk: Desk) -> None:
    def overdue() -> list[int]:
        return [row.overdue_duties for row in take_inventory(desk.gate).agreements]

    hold = order(desk, Demand.FREEZE)
    notice = issue_one(desk)
    assert overdue() == [1]
    record(desk, receipt(desk, package_of(desk, notice.notice_id), "frozen"))
    desk.clock.advance(200 * 86_400)
    assert overdue() == [0]
    lift_hold(desk.gate, hold.hold_id)
    issue_one(desk)
    desk.clock.advance(91 * 86_400)
    assert overdue() == [1]


def test_a_lifted_order_keeps_nobody_out_though_its_receipt_never_came(desk: Desk) -> None:
    hold = order(desk, Demand.FREEZE, HoldScope.REQUEST, desk.stage.first.id)
    issue_one(desk)
    assert next_request(desk, "R-NEXT-1").returned_whole
    lift_hold(desk.gate, hold.hold_id)
    assert states(desk) == [("freeze", "withdrawn")]
    assert not next_request(desk, "R-NEXT-2").returned_whole


def test_an_order_that_ends_by_its_date_keeps_nobody_out_after_it(desk: Desk) -> None:
    ends = desk.clock.now() + timedelta(days=2)
    terms = HoldTerms(Demand.RECALL, ends_at=ends)
    place_hold(desk.gate, HoldScope.REQUEST, desk.stage.first.id, "court_order", DOCKET, role=COUNSEL, terms=terms)
    issue_one(desk)
    assert states(desk) == [("recall", "outstanding")]
    desk.clock.advance(2 * 86_400)
    assert states(desk) == [("recall", "withdrawn")]
    assert issue_one(desk).action == "lifted"


def test_conflicting_orders_are_both_in_the_notice_and_the_stricter_governs(desk: Desk) -> None:
    freeze = order(desk, Demand.FREEZE, HoldScope.AGREEMENT, "tax-enforcement-2025")
    first = issue_one(desk)
    recall = order(desk, Demand.RECALL, HoldScope.REQUEST, desk.stage.first.id)
    second = issue_one(desk)
    assert (second.action, second.governed_by, second.may_destroy) == ("recall", recall.hold_id, False)
    manifest = opened(desk, package_of(desk, second.notice_id)).manifest
    assert manifest.replaces == first.manifest_sha256
    assert [(one.hold_id, one.demand.value, one.docket) for one in manifest.orders] == [
        (freeze.hold_id, "freeze", DOCKET),
        (recall.hold_id, "recall", DOCKET),
    ]
    refused(lambda: receipt(desk, package_of(desk, second.notice_id), "destroyed"), ErrorCode.FORMAT_INVALID)
    (answer,) = show_hold(desk.gate, freeze.hold_id).answers
    assert (answer.governed_by, answer.notice_state) == (recall.hold_id, "outstanding")
    assert answer.why.startswith("recall is stricter than freeze")
    standing = {row.hold_id: row.standing for row in list_holds(desk.gate)}
    assert standing[recall.hold_id].startswith(f"governs where {freeze.hold_id}")
    assert standing[freeze.hold_id].startswith(f"yields where {recall.hold_id}")
    lift_hold(desk.gate, recall.hold_id)
    assert issue_one(desk).action == "freeze"


def test_after_an_answer_was_sent_back_no_order_reaches_it(desk: Desk) -> None:
    order(desk, Demand.RECALL)
    record(desk, receipt(desk, package_of(desk, issue_one(desk).notice_id), "returned"))
    order(desk, Demand.FREEZE)
    assert issue_notices(desk.gate) == ()


def test_an_answer_whose_destruction_is_certified_is_not_reached(desk: Desk) -> None:
    discharge_duty(desk.gate, desk.stage.first.id, b"a certificate")
    order(desk, Demand.RECALL)
    assert issue_notices(desk.gate) == ()


def test_an_answer_that_has_not_left_gets_no_notice(tmp_path: Path) -> None:
    from tests.builders.custodian_home import fresh

    desk = fresh(tmp_path)
    desk.receive(desk.pack(desk.stage.first))
    order(desk, Demand.RECALL)
    assert issue_notices(desk.gate) == ()


@pytest.mark.parametrize("which", ["another notice", "another answer", "unknown"])
def test_a_receipt_for_another_notice_is_refused(desk: Desk, which: str) -> None:
    order(desk, Demand.FREEZE)
    package = package_of(desk, issue_one(desk).notice_id)
    changes = {
        "another notice": {"notice_manifest_sha256": "a" * 64},
        "another answer": {"request_id": "R-OTHER"},
        "unknown": {"notice_id": "notice-0123456789abcdef"},
    }[which]
    code = ErrorCode.NOT_FOUND if which == "unknown" else ErrorCode.PACKAGE_INVALID
    refused(lambda: record(desk, resigned(desk, receipt(desk, package, "frozen"), changes)), code)
    assert states(desk) == [("freeze", "outstanding")]
    assert entries(desk, "RECEIPT_RECORDED") == []


def resigned(desk: Desk, package: bytes, changes: dict[str, object]) -> bytes:
    """The receipt with other words, properly signed by the same holder."""
    document = json.loads(open_container(io.BytesIO(package)).read("manifest.json"))
    changed = json.dumps({**document, **changes}, sort_keys=True, separators=(",", ":")).encode()
    ReceiptManifest.from_bytes(changed)
    signature = signer_of(holder(desk)[1]).sign(changed, at=desk.clock.now())
    return write_container([("manifest.json", changed), ("manifest.p7s", signature)])


def test_a_receipt_for_a_notice_of_another_agreement_or_party_is_refused(desk: Desk) -> None:
    order(desk, Demand.FREEZE)
    made = receipt(desk, package_of(desk, issue_one(desk).notice_id), "frozen")
    for changes in ({"requester": "another-agency"}, {"custodian": "another-custodian"}):
        refused(lambda c=changes: record(desk, resigned(desk, made, c)), ErrorCode.PACKAGE_INVALID)


def test_only_a_present_office_holder_acknowledges(desk: Desk) -> None:
    order(desk, Demand.FREEZE)
    package = package_of(desk, issue_one(desk).notice_id)
    pki = desk.stage.pki
    named = pki.officers[0]  # a recipient of the answer, who holds no office
    with pytest.raises(PrivityError) as caught:
        record(desk, receipt(desk, package, "frozen", signer=named))
    assert caught.value.code in (ErrorCode.SIGNER_UNAUTHORISED, ErrorCode.CERTIFICATE_INVALID)
    refused(lambda: record(desk, receipt(desk, package, "frozen", signer=pki.counsel)), ErrorCode.SIGNER_UNAUTHORISED)
    offices = list(pki.holders)
    other = pki.holders[offices[-1]]
    refused(
        lambda: record(desk, receipt(desk, package, "frozen", office=offices[0], signer=other)),
        ErrorCode.SIGNER_UNAUTHORISED,
    )
    refused(lambda: record(desk, receipt(desk, package, "frozen", office="typist")), ErrorCode.SIGNER_UNAUTHORISED)
    assert states(desk) == [("freeze", "outstanding")]
    record(desk, receipt(desk, package, "frozen", office=offices[-1], signer=other))


def test_a_receipt_counts_once(desk: Desk) -> None:
    order(desk, Demand.RECALL)
    package = package_of(desk, issue_one(desk).notice_id)
    made = receipt(desk, package, "returned")
    first = record(desk, made)
    again = record(desk, made)
    assert (first.already_recorded, again.already_recorded) == (False, True)
    assert again.log_index == first.log_index
    desk.clock.advance(5)
    refused(lambda: record(desk, receipt(desk, package, "destroyed")), ErrorCode.STATE_CONFLICT)
    assert len(entries(desk, "RECEIPT_RECORDED")) == 1


def test_a_receipt_signed_over_other_bytes_is_refused(desk: Desk) -> None:
    order(desk, Demand.FREEZE)
    made = open_container(io.BytesIO(receipt(desk, package_of(desk, issue_one(desk).notice_id), "frozen")))
    document = made.read("manifest.json").replace(b'"frozen"', b'"returned"')
    forged = write_container([("manifest.json", document), ("manifest.p7s", made.read("manifest.p7s"))])
    refused(lambda: record(desk, forged), ErrorCode.SIGNATURE_INVALID)


def test_a_receipt_signed_before_its_notice_is_refused(desk: Desk) -> None:
    order(desk, Demand.FREEZE)
    package = package_of(desk, issue_one(desk).notice_id)
    office, person = holder(desk)
    early = desk.clock.now() - timedelta(hours=2)
    made = acknowledge_notice(
        opened(desk, package), office, ReceiptOutcome.FROZEN, desk.clock.now().date(), signer_of(person),
        at=desk.clock.now(),
    )  # fmt: skip
    document = open_container(io.BytesIO(made)).read("manifest.json")
    forged = write_container(
        [("manifest.json", document), ("manifest.p7s", signer_of(person).sign(document, at=early))]
    )
    refused(lambda: record(desk, forged), ErrorCode.SIGNATURE_INVALID)


def test_a_notice_is_believed_only_as_the_custodians_log_has_it(desk: Desk) -> None:
    order(desk, Demand.FREEZE)
    package = package_of(desk, issue_one(desk).notice_id)
    held = open_container(io.BytesIO(package))
    files = {name: held.read(name) for name in held.names}
    forged = files["manifest.json"].replace(b"notice-", b"notice-", 1).replace(DOCKET.encode(), b"1:25-cv-00678")
    signer = desk.keys.response_signer()
    files |= {"manifest.json": forged, "manifest.p7s": signer.sign(forged, at=desk.clock.now())}
    refused(lambda: opened(desk, write_container(list(files.items()))), ErrorCode.EVIDENCE_INVALID)
    stranger = signer_of(holder(desk)[1])
    files |= {"manifest.p7s": stranger.sign(forged, at=desk.clock.now())}
    refused(lambda: opened(desk, write_container(list(files.items()))), ErrorCode.CERTIFICATE_INVALID)


def test_delivered_again_it_is_the_same_bytes_though_the_log_grew(desk: Desk, tmp_path: Path) -> None:
    order(desk, Demand.FREEZE)
    notice = issue_one(desk).notice_id
    first = deliver_notice(desk.gate, notice, desk.out)
    add_to_class(desk.gate, "others", ["P-1"])
    second = deliver_notice(desk.gate, notice, tmp_path / "elsewhere")
    assert first.package_sha256 == second.package_sha256
    assert Path(second.path).read_bytes() == Path(first.path).read_bytes()


def test_a_notice_says_nothing_but_ids_hashes_counts_and_the_docket_number(desk: Desk) -> None:
    order(desk, Demand.RECALL)
    package = package_of(desk, issue_one(desk).notice_id)
    document = json.loads(open_container(io.BytesIO(package)).read("manifest.json"))
    people = [one.name for one in (*desk.stage.pki.officers, *desk.stage.pki.holders.values())]
    lines = desk.stage.first.lines.read_text(encoding="utf-8").splitlines()[1:]
    for word in {
        *people,
        *(cell for line in lines for cell in line.split(",") if len(cell) > 4 and not cell.isdigit()),
    }:
        if word not in document["agreement"].values():
            assert word.encode() not in package, "a value of a line, or a person's name, stands in the notice"
    assert set(document["answer"]) == {
        "request_id", "request_manifest_sha256", "response_manifest_sha256", "lines", "released_on",
    }  # fmt: skip


@pytest.mark.parametrize(
    "docket", ["", "Doe v. Roe, 25-1", "the order about Immigration, 25-1", "no number here", "25-1\n26-2", "25-1" * 40]
)
def test_only_a_docket_number_goes_into_notices(desk: Desk, docket: str) -> None:
    with pytest.raises(PrivityError) as caught:
        place_hold(
            desk.gate, HoldScope.EVERYTHING, "", "court_order", docket, role=COUNSEL, terms=HoldTerms(Demand.RECALL)
        )
    assert caught.value.code is ErrorCode.USAGE


def test_a_sealed_order_shows_neither_docket_nor_digest_nor_itself(desk: Desk) -> None:
    terms = HoldTerms(Demand.FREEZE, concealed=True, document=b"the order")
    hold = place_hold(
        desk.gate, HoldScope.REQUESTER, "enforcement-agency", "court_order", "In re Sealed Case", role=COUNSEL,
        terms=terms,
    )  # fmt: skip
    (told,) = opened(desk, package_of(desk, issue_one(desk).notice_id)).manifest.orders
    assert (told.hold_id, told.docket, told.order_sha256) == (hold.hold_id, "", "")
    assert entries(desk, "HOLD_PLACED") == [
        {"hold_id": hold.hold_id, "scope": "requester", "target": "enforcement-agency", "demand": "freeze"}
    ]
    lift_hold(desk.gate, hold.hold_id)
    quiet = place_hold(
        desk.gate, HoldScope.REQUESTER, "enforcement-agency", "court_order", "", role=COUNSEL,
        terms=HoldTerms(concealed=True),
    )  # fmt: skip
    back = next_request(desk, "R-NEXT-1")
    assert [(one.rule, one.code, one.message) for one in back.findings] == [
        ("R07", "AGREEMENT_NOT_IN_FORCE", "the agreement is suspended")
    ]
    lift_hold(desk.gate, quiet.hold_id)
    assert not next_request(desk, "R-NEXT-2").returned_whole


def test_an_order_on_a_class_reaches_every_answer_and_tells_nothing_of_its_members(desk: Desk) -> None:
    """Whether a member of the class was confirmed decides nothing: nobody outside may tell where one is."""
    add_to_class(desk.gate, "plaintiffs", ["nobody-of-the-register"])
    hold = order(desk, Demand.RECALL, HoldScope.CLASS, "plaintiffs")
    issued = issue_one(desk)
    assert issued.governed_by == hold.hold_id
    assert not next_request(desk, "R-NEXT-1").codes.get("ON_HOLD")


def test_a_freeze_preserves_the_custodians_own_data_too(desk: Desk) -> None:
    add_to_class(desk.gate, "plaintiffs", ["P-1"])
    order(desk, Demand.FREEZE, HoldScope.CLASS, "plaintiffs")
    tomorrow = desk.clock.now().date() + timedelta(days=1)
    refused(
        lambda: destroy_request(desk.gate, desk.stage.first.id, role=COUNSEL, backups_expire=tomorrow),
        ErrorCode.ON_HOLD,
    )


def test_roles_and_frozen_homes(desk: Desk) -> None:
    from privity.services.gate import FROZEN

    for role in (CustodianRole.AUDITOR, CustodianRole.REGISTRAR):
        refused(lambda r=role: issue_notices(desk.gate, role=r), ErrorCode.ROLE_FORBIDDEN)
        refused(lambda r=role: record_receipt(desk.gate, io.BytesIO(b""), role=r), ErrorCode.ROLE_FORBIDDEN)
        refused(lambda r=role: deliver_notice(desk.gate, "notice-1", desk.out, role=r), ErrorCode.ROLE_FORBIDDEN)
    order(desk, Demand.FREEZE)
    notice = issue_one(desk).notice_id
    made = receipt(desk, package_of(desk, notice), "frozen")
    with desk.store.writing() as write:
        write.set_fact(FROZEN, "now")
    refused(lambda: issue_notices(desk.gate), ErrorCode.HOME_FROZEN)
    refused(lambda: record(desk, made), ErrorCode.HOME_FROZEN)
    refused(lambda: deliver_notice(desk.gate, notice, desk.out), ErrorCode.HOME_FROZEN)


def test_show_says_what_was_told(desk: Desk) -> None:
    order(desk, Demand.RECALL)
    issued = issue_one(desk)
    view = show_notice(desk.gate, issued.notice_id)
    assert view.dockets == (DOCKET,)
    assert view.row.blocks
    assert view.demand.endswith("Return every copy to the custodian, or destroy every copy.")
    with desk.store.reading() as read:
        assert read.package(desk.stage.first.id, PackageKind.RESPONSE) is not None
        assert read.release(desk.stage.first.id).response_manifest_sha256 == view.response_manifest_sha256  # type: ignore[union-attr, arg-type]
    refused(lambda: show_notice(desk.gate, "notice-0123456789abcdef"), ErrorCode.NOT_FOUND)
