"""The verifier on what the real gate writes, over every way a request can end: released, gone back whole, refused.

And on what a dishonest hand could make of it: each edit of a bundle that leaves files well formed is found.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

import privity_verify
from privity.domain.holds import HoldScope
from privity.domain.offices import CustodianRole
from privity.ports.stored import Verdict
from privity.services.accounting.account_for_person import export_accounting
from privity.services.holds.place_hold import lift_hold, place_hold
from privity.services.home.export_log import export_log
from tests.builders.custodian_home import Desk, fresh

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="stock openssl is not installed")
AUDITOR, COUNSEL = CustodianRole.AUDITOR, CustodianRole.COUNSEL


def bundle_of(desk: Desk, folder: Path, packages: list[bytes], accounted: dict[str, bool]) -> Path:
    """A bundle of these packages, the accounting of these requests (blind or not), and the log as it stands then."""
    (folder / "packages").mkdir(parents=True)
    (folder / "accounting").mkdir()
    for place, package in enumerate(packages):
        (folder / "packages" / f"{place}.zip").write_bytes(package)
    for request_id, blind in accounted.items():
        path = folder / "accounting" / f"{request_id}.jsonl"
        export_accounting(desk.gate, request_id, path, role=AUDITOR, reason_code="audit", blind=blind)
    export_log(desk.gate.log, folder / "log")
    return folder


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A home with a released and a returned request, a hold placed and lifted between; its bundle and trust file."""
    folder = tmp_path_factory.mktemp("real")
    desk = fresh(folder)
    first, second = desk.pack(desk.stage.first), desk.pack(desk.stage.second)
    received = desk.receive(first)
    desk.match(received.request_id)
    hold = place_hold(desk.gate, HoldScope.EVERYTHING, "", "court_order", "docket", role=COUNSEL).hold_id
    lift_hold(desk.gate, hold, role=COUNSEL)
    desk.approve_twice(received.request_id)
    desk.clock.advance(60)
    delivered = desk.deliver(received.request_id)
    returned, sent_back = desk.walk(second)
    desk.deliver(received.request_id)
    packages = [first, second, Path(delivered.path).read_bytes(), Path(sent_back.path).read_bytes()]
    accounted = {received.request_id: False, returned.request_id: True}
    place = bundle_of(desk, folder / "bundle", packages, accounted)
    desk.store.close()
    return place, desk.home / "public" / "trust.json"


def test_every_way_out_verifies(released: tuple[Path, Path]) -> None:
    report = privity_verify.verify(*released)
    assert report.verdict == "VALID", privity_verify.to_text(report, released[0])
    complete = [item for item in report.findings if item.check == "completeness"]
    assert len(complete) == 2
    assert all("agree" in item.reason and "as far as given" not in item.reason for item in complete)
    assert any("2 releases in the log; here with response: 2, with accounting: 2" in f.reason for f in report.findings)


def test_the_homes_own_log_folder_verifies(released: tuple[Path, Path]) -> None:
    assert privity_verify.verify(released[1].parents[1] / "log", released[1]).verdict == "VALID"


def test_no_identity_of_a_line_or_person_is_in_the_log_or_the_report(released: tuple[Path, Path]) -> None:
    report = privity_verify.to_text(privity_verify.verify(*released), Path("bundle"))
    entries = b"".join(
        path.read_bytes() for path in (released[0] / "log" / "tile" / "entries").rglob("*") if path.is_file()
    )
    exports = [path.read_bytes() for path in (released[0] / "accounting").iterdir()]
    lines = next(data for data in exports if b'"record"' in data).splitlines()[1:]
    for line in lines:
        record = privity_verify.read_json(line, "line")["record"]
        for name in ("family_name", "given_name", "full_name"):
            word = record["name"].get(name, "")
            if len(word) > 3:
                assert word not in report
                assert word.encode() not in entries


def test_a_refused_request_is_accounted_for_and_verifies(tmp_path: Path) -> None:
    desk = fresh(tmp_path)
    package = desk.pack(desk.stage.first)
    received = desk.receive(package)
    desk.match(received.request_id)
    desk.approve(received.request_id, 0)
    desk.approve(received.request_id, 1, Verdict.REFUSE)
    place = bundle_of(desk, tmp_path / "bundle", [package], {received.request_id: False})
    report = privity_verify.verify(place, desk.home / "public" / "trust.json")
    assert report.verdict == "VALID", privity_verify.to_text(report, place)
    desk.store.close()


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        ("drop a record", "another ordinal"),
        ("swap two exports' heads", "do not lead|ends early|more records|another ordinal"),
        ("cut the log back", "newer log than|malformed|lacks|missing|belong"),
        ("another request's response", "two response packages"),
    ],
)
def test_an_edited_bundle_is_refused(released: tuple[Path, Path], tmp_path: Path, edit: str, reason: str) -> None:
    place = tmp_path / "bundle"
    shutil.copytree(released[0], place)
    exports = sorted((place / "accounting").iterdir())
    lines = [path.read_bytes().splitlines(keepends=True) for path in exports]
    if edit == "drop a record":
        exports[0].write_bytes(b"".join(lines[0][:3] + lines[0][4:]))
    elif edit == "swap two exports' heads":
        exports[0].write_bytes(b"".join([lines[1][0], *lines[0][1:]]))
        exports[1].write_bytes(b"".join([lines[0][0], *lines[1][1:]]))
    elif edit == "cut the log back":
        bundle = next(path for path in (place / "log/tile/entries").rglob("*") if path.is_file())
        entries = privity_verify.read_bundle(bundle, int(bundle.name))[:-1]
        short = b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)
        bundle.with_name(str(len(entries))).write_bytes(short)
        bundle.unlink()
    else:
        shutil.copy(place / "packages/2.zip", place / "packages/4.zip")
    report = privity_verify.verify(place, released[1])
    assert report.verdict == "INVALID"
    assert any(re.search(reason, item.reason) for item in report.findings if item.outcome == "fail")
