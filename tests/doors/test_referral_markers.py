"""C8, C9 at the referral desk: what was supplied, what an officer notes, lies readable nowhere; only `show` says it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from privity.interfaces.cli.application import run
from tests.builders.custodian_home import Desk, fresh
from tests.builders.referred_lines import ABROAD, COUNTER, with_addresses
from tests.doors.test_markers import DOCKET, FAMILY, GIVEN, LINE_ID, STREET, leaks

PERSON = {"line_id": f"{LINE_ID}-2", "given_name": GIVEN, "family_name": FAMILY}
SEEN = ("given_name", "family_name", "address_line1", "city")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> tuple[Desk, str]:
    desk = fresh(tmp_path_factory.mktemp("referred"))
    changed = {2: COUNTER | PERSON, 7: ABROAD | {"address_line1": f"{STREET} 22"}}
    lines = with_addresses(desk.stage.first.lines, changed)
    request_id = desk.receive(desk.pack(desk.stage.first, lines=lines)).request_id
    return desk, request_id


def said(capsys: pytest.CaptureFixture[str]) -> str:
    out = capsys.readouterr()
    return out.out + out.err


def test_only_show_says_what_was_supplied(home: tuple[Desk, str], capsys: pytest.CaptureFixture[str]) -> None:
    desk, request_id = home
    at = ["--home", str(desk.home)]
    officer = desk.stage.pki.disclosure_officers[0]
    key = ["--key", str(officer.key), "--cert", str(officer.chain)]
    assert run(["referral", "show", request_id, "--line", "2", "--json", *at]) == 0
    shown = json.loads(said(capsys))
    assert [shown["supplied"][name] for name in SEEN] == [GIVEN, FAMILY, "General Delivery", "Marfa"]
    assert (shown["can_be_admitted"], shown["ordinal"]) == (True, 2)
    assert run(["referral", "show", request_id, "--line", "2", "--role", "auditor", *at]) == 6
    assert run(["referral", "show", request_id, "--line", "3", *at]) == 4
    assert run(["referral", "list", *at]) == 0
    assert run(["referral", "list", request_id, *at]) == 0
    assert run(["referral", "decide", request_id, "--lines", "7", "--admit", *key, *at]) == 5  # no point to look up
    for wrong in (["--lines", "2"], ["--lines", "2", "--admit", "--return", "REFERRED"], ["--lines", "2-x", "--admit"]):
        assert run(["referral", "decide", request_id, *wrong, *key, *at]) == 2
    assert run(["referral", "decide", request_id, "--lines", "2,5-4", "--admit", *key, *at]) == 2
    decided = ["referral", "decide", request_id, "--lines", "2", "--admit", "--note", f"seen {DOCKET}", "--json"]
    assert run([*decided, *key, *at]) == 0
    assert run(["referral", "decide", request_id, "--lines", "7", "--return", "ADDRESS_INCOMPLETE", *key, *at]) == 0
    assert run(["referral", "list", request_id, "--json", *at]) == 0
    text = said(capsys)
    assert not leaks(text.encode())
    assert '"verdict": "admit"' in text
    assert run(["request", "match", request_id, "--processes", "1", "--json", *at]) == 0
    assert json.loads(said(capsys))["answered"] == 47
    assert run(["referral", "list", request_id, *at]) == 5  # settled: no line waits


def test_nothing_of_it_lies_readable_in_the_home(home: tuple[Desk, str]) -> None:
    desk, _ = home
    files = [path for path in sorted(desk.home.rglob("*")) if path.is_file()]
    assert len(files) > 10
    assert {path.name: leaks(path.read_bytes()) for path in files if leaks(path.read_bytes())} == {}
    assert not [path for path in files if leaks(str(path.relative_to(desk.home)).encode())]


def test_a_request_under_an_ended_agreement_goes_back_by_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = fresh(tmp_path)
    request_id = desk.receive(desk.pack(desk.stage.first)).request_id
    at = ["--home", str(desk.home)]
    assert run(["request", "return", request_id, *at]) == 5
    assert run(["agreement", "suspend", "tax-enforcement-2025", "--reason", "court_order", *at]) == 0
    assert run(["request", "return", request_id, "--role", "registrar", *at]) == 6
    said(capsys)
    assert run(["request", "return", request_id, "--json", *at]) == 0
    told = json.loads(said(capsys))
    assert [one["code"] for one in told["findings"]] == ["AGREEMENT_NOT_IN_FORCE"]
    report = tmp_path / "report.txt"
    report.write_bytes(b"a report")
    made = ["duty", "report", "tax-enforcement-2025", "--report", "yearly-public-report", "--evidence", str(report)]
    assert run([*made, *at]) == 2
    assert run([*made, "--year", "2025", "--incident-on", "2025-01-01", *at]) == 2
    assert run([*made, "--incident-on", "yesterday", *at]) == 2
    assert run([*made, "--year", "2025", "--made-on", "2026-03-01", *at]) == 0
    assert run([*made, "--year", "2025", *at]) == 5
    assert run(["agreement", "inventory", "--json", *at]) in (0, 1)
    inventory = json.loads(capsys.readouterr().out.splitlines()[-1])
    reports = {one["id"]: one["made_last"] for one in inventory["agreements"][0]["reports"]}
    assert reports["yearly-public-report"] == "2026-03-01"
