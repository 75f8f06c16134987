"""R07, both signatures: recorded, attributed, kept; asked for at admission, before lines are answered, at release."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from ruamel.yaml import YAML
from sqlalchemy import text

from demo.pki import Identity
from privity.domain.errors import ErrorCode, PrivityError
from privity.services.agreements.record_agreement import (
    AgreementRecorded,
    list_agreements,
    record_agreement,
    show_agreement,
    show_signatures,
)
from privity.services.agreements.record_offices import record_offices
from privity.services.answering.answer_lines import answer_lines
from tests.builders.custodian_home import Desk, agreement_signatures, fresh, signer_of


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return fresh(tmp_path)


@pytest.fixture
def unsigned(desk: Desk) -> Desk:
    """The home as if nobody had signed: what the database's owner could make by force."""
    _by_force(desk, "DELETE FROM agreement_signatures")
    return desk


def _by_force(desk: Desk, statement: str) -> None:
    """As someone who owns the database file but has no key: triggers dropped, then put back."""
    with desk.store._engine.begin() as connection:
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'agreement_signatures'"
        triggers = list(connection.execute(text(query)))
        for name, _ in triggers:
            connection.execute(text(f"DROP TRIGGER {name}"))
        connection.execute(text(statement))
        for _, made in triggers:
            connection.execute(text(made))


def add(desk: Desk, *signatures: bytes, document: bytes | None = None) -> AgreementRecorded:
    return record_agreement(desk.gate, document or desk.stage.agreement.read_bytes(), signatures=signatures)


def signed_by(desk: Desk, who: Identity, document: bytes | None = None) -> bytes:
    return signer_of(who).sign(document or desk.stage.agreement.read_bytes(), at=desk.clock.now())


def refused(action: Callable[[], object], code: ErrorCode) -> PrivityError:
    with pytest.raises(PrivityError) as raised:
        action()
    assert raised.value.code is code
    assert raised.value.mend
    return raised.value


def recorded_events(desk: Desk) -> list[int]:
    with desk.store.reading() as read:
        entries = [json.loads(row) for row in read.log_rows(0, 1000)]
    return [one["fields"]["signatures"] for one in entries if one["event"] == "AGREEMENT_RECORDED"]


def second_version(desk: Desk) -> bytes:
    return desk.stage.agreement.read_bytes().replace(b"\nversion: 1\n", b"\nversion: 2\n")


def test_both_signatures_put_it_in_force_and_are_shown_without_names(desk: Desk) -> None:
    agreement = show_agreement(desk.gate, "tax-enforcement-2025")
    shown = show_signatures(desk.gate, agreement)
    assert [(one.side, one.office) for one in shown] == [
        ("requester", agreement.signing_offices[0].id),
        ("custodian", "counsel"),
    ]
    assert list_agreements(desk.gate)[0].signatures == shown
    people = [*desk.stage.pki.holders.values(), desk.stage.pki.counsel]
    assert not [one.name for one in people if one.name in repr(shown)]
    assert recorded_events(desk) == [2]
    assert desk.receive(desk.pack(desk.stage.first)).state == "ADMITTED"


@pytest.mark.parametrize("sides", [(), (0,), (1,)], ids=["nobody", "requester alone", "custodian alone"])
def test_a_request_under_a_half_signed_agreement_goes_back_whole(unsigned: Desk, sides: Sequence[int]) -> None:
    both = agreement_signatures(unsigned.stage)
    assert not add(unsigned, *(both[side] for side in sides)).signed_by_both
    received = unsigned.receive(unsigned.pack(unsigned.stage.first))
    assert received.returned_whole
    assert [finding.rule for finding in received.findings] == ["R07"]
    assert received.codes == {"AGREEMENT_NOT_IN_FORCE": received.lines}
    unsigned.approve_twice(received.request_id)
    unsigned.clock.advance(60)
    assert unsigned.deliver(received.request_id).first_delivery, "the notice itself may leave"


def test_signatures_come_one_by_one_and_each_is_logged_once(unsigned: Desk) -> None:
    requester, custodian = agreement_signatures(unsigned.stage)
    first = add(unsigned, requester)
    assert (first.already_recorded, first.signatures_added, first.signed_by_both) == (True, 1, False)
    again = add(unsigned, requester)
    assert (again.signatures_added, len(again.signatures)) == (0, 1)
    assert add(unsigned, custodian).signed_by_both
    assert recorded_events(unsigned) == [2, 1, 2]
    assert unsigned.receive(unsigned.pack(unsigned.stage.first)).state == "ADMITTED"


def test_the_same_sides_twice_are_one_side(unsigned: Desk) -> None:
    holders = list(unsigned.stage.pki.holders.values())
    assert len(holders) > 1
    recorded = add(unsigned, *(signed_by(unsigned, one) for one in holders))
    assert len(recorded.signatures) == len(holders)
    assert not recorded.signed_by_both


def test_a_signature_over_another_version_is_refused_and_nothing_is_recorded(desk: Desk) -> None:
    changed = second_version(desk)
    error = refused(lambda: add(desk, *agreement_signatures(desk.stage), document=changed), ErrorCode.SIGNATURE_INVALID)
    assert error.message.startswith("signature 1: ")
    assert [row.version for row in list_agreements(desk.gate)] == [1]
    assert add(desk, *agreement_signatures(desk.stage, changed), document=changed).signed_by_both


def test_a_new_version_needs_signatures_of_its_own(desk: Desk) -> None:
    assert not add(desk, document=second_version(desk)).signed_by_both
    assert not show_signatures(desk.gate, show_agreement(desk.gate, "tax-enforcement-2025", 2))
    assert len(show_signatures(desk.gate, show_agreement(desk.gate, "tax-enforcement-2025", 1))) == 2


def change_offices(desk: Desk, until: str) -> None:
    document = YAML(typ="safe", pure=True).load(desk.stage.offices.read_text(encoding="utf-8"))
    for person in [*document["holders"], *document["custodian_officers"]]:
        person["until"] = until
    record_offices(desk.gate, json.dumps(document, default=str).encode())


def test_a_person_no_longer_in_office_signs_for_nobody(unsigned: Desk) -> None:
    change_offices(unsigned, (unsigned.clock.now() - timedelta(hours=1)).isoformat())
    for who in (next(iter(unsigned.stage.pki.holders.values())), unsigned.stage.pki.counsel):
        refused(lambda who=who: add(unsigned, signed_by(unsigned, who)), ErrorCode.SIGNER_UNAUTHORISED)
        backdated = signer_of(who).sign(
            unsigned.stage.agreement.read_bytes(), at=unsigned.clock.now() - timedelta(hours=3)
        )
        refused(lambda cms=backdated: add(unsigned, cms), ErrorCode.SIGNER_UNAUTHORISED)


def test_a_recorded_signature_outlives_its_signers_office(desk: Desk) -> None:
    change_offices(desk, (desk.clock.now() - timedelta(seconds=1)).isoformat())
    agreement = show_agreement(desk.gate, "tax-enforcement-2025")
    assert len(show_signatures(desk.gate, agreement)) == 2


@pytest.mark.parametrize("who", ["disclosure officer", "registrar", "named officer"])
def test_nobody_else_signs_for_a_party(unsigned: Desk, who: str) -> None:
    pki = unsigned.stage.pki
    person = {
        "disclosure officer": pki.disclosure_officers[0],
        "registrar": pki.registrar,
        "named officer": pki.officers[0],
    }[who]
    code = ErrorCode.CERTIFICATE_INVALID if who == "named officer" else ErrorCode.SIGNER_UNAUTHORISED
    refused(lambda: add(unsigned, signed_by(unsigned, person)), code)
    assert not show_signatures(unsigned.gate, show_agreement(unsigned.gate, "tax-enforcement-2025"))


def test_one_bad_signature_among_good_ones_records_nothing(unsigned: Desk) -> None:
    stranger = signed_by(unsigned, unsigned.stage.pki.registrar)
    changed = second_version(unsigned)
    signatures = [
        *agreement_signatures(unsigned.stage, changed),
        signed_by(unsigned, unsigned.stage.pki.auditor, changed),
    ]
    error = refused(lambda: add(unsigned, *signatures, document=changed), ErrorCode.SIGNER_UNAUTHORISED)
    assert error.message.startswith("signature 3: ")
    assert [row.version for row in list_agreements(unsigned.gate)] == [1]
    refused(lambda: add(unsigned, b"", stranger), ErrorCode.SIGNATURE_INVALID)


def test_rows_written_without_the_key_do_not_count(desk: Desk) -> None:
    """One side's row turned into the other's, and a row moved to another version: neither opens under its new words."""
    _by_force(desk, "UPDATE agreement_signatures SET side = 'requester'")
    assert not add(desk).signed_by_both
    assert [one.office for one in add(desk).signatures] == [
        show_agreement(desk.gate, "tax-enforcement-2025").signing_offices[0].id
    ]
    changed = second_version(desk)
    digest = add(desk, document=changed).digest
    _by_force(desk, f"UPDATE agreement_signatures SET version = 2, digest = '{digest}'")
    assert add(desk, document=changed).signatures == ()


def test_the_database_keeps_signatures_for_ever(desk: Desk) -> None:
    for statement in ("DELETE FROM agreement_signatures", "UPDATE agreement_signatures SET side = 'requester'"):
        with pytest.raises(Exception, match="permanent"), desk.store._engine.begin() as connection:
            connection.execute(text(statement))


def test_lines_are_not_answered_and_nothing_is_released_when_a_signature_is_gone(desk: Desk) -> None:
    first = desk.receive(desk.pack(desk.stage.first)).request_id
    with desk.store._engine.begin() as connection:
        kept = list(connection.execute(text("SELECT * FROM agreement_signatures")).mappings())
    _by_force(desk, "DELETE FROM agreement_signatures WHERE side = 'custodian'")
    refused(lambda: desk.match(first), ErrorCode.AGREEMENT_NOT_IN_FORCE)
    with desk.store.reading() as read:
        assert not read.decided_chunks(first)
    _restore(desk, [dict(row) for row in kept if row["side"] == "custodian"])
    desk.match(first)
    desk.approve_twice(first)
    desk.clock.advance(60)
    _by_force(desk, "DELETE FROM agreement_signatures WHERE side = 'requester'")
    refused(lambda: desk.deliver(first), ErrorCode.AGREEMENT_NOT_IN_FORCE)
    assert not desk.out.exists() or not list(desk.out.iterdir())
    _restore(desk, [dict(row) for row in kept if row["side"] == "requester"])
    assert desk.deliver(first).first_delivery


def _restore(desk: Desk, rows: list[dict[str, object]]) -> None:
    from privity.adapters.sql_store.schema import agreement_signatures as table

    with desk.store._engine.begin() as connection:
        connection.execute(table.insert(), rows)


def test_an_agreement_that_ends_between_two_batches_stops_the_next(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """C7: expiry works before the next line is answered, not only at release."""
    first = desk.receive(desk.pack(desk.stage.first)).request_id
    expires = show_agreement(desk.gate, "tax-enforcement-2025").expires

    def answer(*given: object) -> list[object]:
        decisions = answer_lines(*given)  # type: ignore[arg-type]
        desk.clock.ahead += timedelta(days=(expires - desk.clock.now().date()).days + 1)
        return list(decisions)

    refused(lambda: desk.match(first, answer=answer, processes=1), ErrorCode.AGREEMENT_NOT_IN_FORCE)
    with desk.store.reading() as read:
        assert not read.decided_chunks(first), "what was answered meanwhile is not kept"


def test_signing_needs_the_office_register_first(tmp_path: Path, desk: Desk) -> None:
    with desk.store._engine.begin() as connection:
        connection.execute(text("DELETE FROM offices"))
    error = refused(lambda: add(desk, *agreement_signatures(desk.stage)), ErrorCode.NOT_FOUND)
    assert "office" in error.message
