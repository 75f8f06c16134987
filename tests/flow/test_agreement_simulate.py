"""`agreement simulate`: past requests under another version, line by line, with nothing looked up, stored or told."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.offices import CustodianRole
from privity.services.admission.referral_desk import decide_referrals
from privity.services.admission.simulate_agreement import (
    NotSimulated,
    SimulatedRequest,
    requests_under,
    simulate_agreement,
)
from privity.wire.line_chunks import LineKind
from tests.builders.custodian_home import Desk, fresh
from tests.builders.referred_lines import ABROAD, COUNTER, with_addresses

ID = "tax-enforcement-2025"


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Desk, list[str]]:
    desk = fresh(tmp_path_factory.mktemp("simulate"))
    return desk, [desk.receive(desk.pack(one)).request_id for one in (desk.stage.first, desk.stage.second)]


def version(desk: Desk, *changes: tuple[str, str]) -> bytes:
    text = desk.stage.agreement.read_text(encoding="utf-8").replace("\nversion: 1\n", "\nversion: 2\n")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text.encode()


def one(desk: Desk, request_id: str, document: bytes) -> SimulatedRequest:
    [found] = simulate_agreement(desk.gate, document, [request_id])
    assert isinstance(found, SimulatedRequest)
    return found


def state(desk: Desk) -> str:
    """Everything that is kept: database content, log, keys, register."""
    with desk.store._engine.connect() as connection:
        dump = "\n".join(connection.connection.driver_connection.iterdump())  # type: ignore[union-attr]
    files = sorted(path for path in desk.home.rglob("*") if path.is_file() and "sqlite" not in path.name)
    held = "".join(f"{path}{hashlib.sha256(path.read_bytes()).hexdigest()}" for path in files)
    return hashlib.sha256((dump + held).encode()).hexdigest()


def test_the_same_rules_change_nothing_and_agree_with_the_record(walked: tuple[Desk, list[str]]) -> None:
    desk, (first, second) = walked
    for request_id in (first, second):
        found = one(desk, request_id, version(desk))
        assert (found.unchanged, found.changes, found.differs_from_record) == (found.lines, {}, 0)
        assert found.findings_was == found.findings_would_be
        assert list(found.each_change()) == []


def test_what_a_stricter_version_would_return_is_told_by_ordinal(walked: tuple[Desk, list[str]]) -> None:
    desk, (first, _) = walked
    found = one(desk, first, version(desk, ("{more_than_days: 90}", "{more_than_days: 36000}")))
    changed = list(found.each_change())
    with desk.store.reading() as read:
        request = read.request(first)  # type: ignore[arg-type]
    assert request is not None
    assert found.changes == {"admitted -> returned ORDER_DATE_INVALID": request.admitted}
    assert len({line.ordinal for line in changed}) == request.admitted
    assert all(1 <= line.ordinal <= found.lines and line.was == "admitted" and line.message for line in changed)
    assert "R13" in {one.rule for one in found.findings_would_be}, "so many defects send the file back whole"
    assert not found.findings_was


def test_a_looser_version_admits_what_was_returned(walked: tuple[Desk, list[str]]) -> None:
    desk, (_, second) = walked
    start = desk.stage.agreement.read_text(encoding="utf-8")
    rule = start[start.index("  R13:") : start.index("  R14:")]
    looser = one(desk, second, version(desk, (rule, "")))
    assert [one.rule for one in looser.findings_was] == ["R13"]
    assert looser.findings_would_be == ()
    assert looser.changes == {}, "the lines themselves are judged as before"


def test_offices_are_replayed_too(walked: tuple[Desk, list[str]]) -> None:
    desk, (first, _) = walked
    found = one(desk, first, version(desk, ("    - id: enforcement-director", "    - id: inspector-general")))
    assert [one.rule for one in found.findings_would_be] == ["R01"]


def test_rules_over_the_whole_file_are_replayed(walked: tuple[Desk, list[str]]) -> None:
    desk, (first, _) = walked
    small = version(desk, ("per_request: 100000", "per_request: 5"))
    assert "R14" in {one.rule for one in one(desk, first, small).findings_would_be}


def test_nothing_is_stored_logged_or_looked_up(walked: tuple[Desk, list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    desk, both = walked
    before = state(desk)

    def never(*_: object, **__: object) -> Any:
        raise AssertionError("a simulation writes nothing and looks nothing up")

    monkeypatch.setattr(type(desk.store), "writing", never)
    monkeypatch.setattr(type(desk.gate), "publish", never)
    monkeypatch.setattr(type(desk.keys), "index_keys", never)
    strict = version(desk, ("{more_than_days: 90}", "{more_than_days: 36000}"))
    assert len(list(simulate_agreement(desk.gate, strict, both))) == 2
    assert state(desk) == before


def test_what_is_told_holds_no_value_of_any_line(walked: tuple[Desk, list[str]]) -> None:
    desk, (first, _) = walked
    found = one(desk, first, version(desk, ("{more_than_days: 90}", "{more_than_days: 36000}")))
    said = json.dumps([repr(found), *(repr(line) for line in found.each_change())])
    rows = [row.split(",") for row in desk.stage.first.lines.read_text(encoding="utf-8").splitlines()[1:]]
    values = {cell for row in rows for cell in row if len(cell) > 4}
    assert len(values) > 100
    assert not [value for value in values if value in said]


def test_refused_by_role_by_agreement_and_without_a_request(walked: tuple[Desk, list[str]]) -> None:
    desk, (first, _) = walked
    for document, ids, role, code in (
        (version(desk), [first], CustodianRole.AUDITOR, ErrorCode.ROLE_FORBIDDEN),
        (version(desk), ["R-none"], CustodianRole.COUNSEL, ErrorCode.NOT_FOUND),
        (version(desk, (f"id: {ID}", "id: another")), [first], CustodianRole.COUNSEL, ErrorCode.USAGE),
        (b"nonsense", [first], CustodianRole.COUNSEL, ErrorCode.AGREEMENT_INVALID),
    ):
        with pytest.raises(PrivityError) as raised:
            simulate_agreement(desk.gate, document, ids, role=role)
        assert raised.value.code is code


def test_a_destroyed_request_is_passed_over_with_its_reason(
    walked: tuple[Desk, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    from privity.services.admission import simulate_agreement as module

    desk, both = walked

    def destroyed(_: object, request: Any) -> None:
        if request.request_id == both[0]:
            raise PrivityError(ErrorCode.STATE_CONFLICT, "this request was destroyed")

    monkeypatch.setattr(module, "need_kept", destroyed)
    found = list(simulate_agreement(desk.gate, version(desk), list(requests_under(desk.gate, ID))))
    assert isinstance(found[0], NotSimulated)
    assert "destroyed" in found[0].reason
    assert isinstance(found[1], SimulatedRequest)
    assert set(module.WORDS) == set(LineKind)


def test_the_command_writes_every_line_and_shows_some(walked: tuple[Desk, list[str]], tmp_path: Path) -> None:
    from tests.builders.finished_demo import privity

    desk, (first, _) = walked
    new, out = tmp_path / "new.yaml", tmp_path / "lines.jsonl"
    new.write_bytes(version(desk, ("{more_than_days: 90}", "{more_than_days: 36000}")))
    done = privity(
        *("agreement", "simulate", new, "--requests", first, "--out", out, "--home", desk.home, "--json"),
    )
    assert done.code == 0, done.err
    told = done.data["requests"][0]
    rows = [json.loads(row) for row in out.read_text(encoding="utf-8").splitlines()]
    assert len(rows) == sum(told["changes"].values())
    assert set(rows[0]) == {"request_id", "ordinal", "was", "would_be", "message"}
    assert len(told["first_lines"]) == min(len(rows), 50)


def test_what_officers_admitted_is_replayed_as_admitted(tmp_path: Path) -> None:
    desk = fresh(tmp_path)
    lines = with_addresses(desk.stage.first.lines, {2: COUNTER, 11: COUNTER, 7: ABROAD})
    request_id = desk.receive(desk.pack(desk.stage.first, lines=lines)).request_id
    decide_referrals(desk.gate, request_id, [2], desk.officer(0))
    decide_referrals(desk.gate, request_id, [7, 11], desk.officer(0), code="ADDRESS_INCOMPLETE")
    desk.match(request_id)
    found = one(desk, request_id, version(desk))
    assert (found.unchanged, found.changes, found.differs_from_record) == (48, {}, 0)
