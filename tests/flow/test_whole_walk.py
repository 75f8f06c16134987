"""The walk of one line, end to end, with the real adapters: what goes in comes out, accounted for and verifiable."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import privity_verify
from privity.domain.answer import Answer
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.offices import CustodianRole
from privity.services.accounting.account_for_person import account_for_request, export_accounting
from privity.services.gate import StoredLogRows
from privity.services.release.release_response import Delivered
from tests.builders.custodian_home import Desk, fresh, line_count


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, Delivered, bytes]]:
    desk = fresh(tmp_path_factory.mktemp("walk"))
    package = desk.pack(desk.stage.first)
    _, delivered = desk.walk(package)
    yield desk, delivered, package
    desk.store.close()


def test_lines_in_are_answers_out_and_accounting_records(walked: tuple[Desk, Delivered, bytes]) -> None:
    desk, delivered, _ = walked
    opened = desk.open_all(Path(delivered.path).read_bytes())
    count = line_count(desk.stage.first)
    account = account_for_request(desk.gate, delivered.request_id, role=CustodianRole.AUDITOR, reason_code="audit")
    assert [line.ordinal for line in opened.lines] == list(range(1, count + 1))
    assert account.records == count == delivered.lines
    assert account.root_recomputed_agrees
    confirmed = sum(line.answer is Answer.CONFIRMED for line in opened.lines)
    assert 0 < confirmed == account.answers["CONFIRMED"] < count


def test_a_second_delivery_gives_the_same_bytes(walked: tuple[Desk, Delivered, bytes], tmp_path: Path) -> None:
    desk, delivered, _ = walked
    again = desk.deliver(delivered.request_id, tmp_path)
    assert Path(again.path).read_bytes() == Path(delivered.path).read_bytes()
    assert not again.first_delivery
    assert again.package_sha256 == delivered.package_sha256


def test_an_outsider_verifies_package_log_and_accounting(walked: tuple[Desk, Delivered, bytes], tmp_path: Path) -> None:
    desk, delivered, package = walked
    bundle = tmp_path / "bundle"
    for name in ("log", "packages", "accounting"):
        (bundle / name).mkdir(parents=True)
    for name, content in desk.gate.log.files():
        (bundle / "log" / name).parent.mkdir(parents=True, exist_ok=True)
        (bundle / "log" / name).write_bytes(content)
    (bundle / "packages" / "request.zip").write_bytes(package)
    (bundle / "packages" / "response.zip").write_bytes(Path(delivered.path).read_bytes())
    export_accounting(
        desk.gate,
        delivered.request_id,
        bundle / "accounting" / f"{delivered.request_id}.jsonl",
        role=CustodianRole.AUDITOR,
        reason_code="audit",
    )
    trust = str(desk.home / "public" / "trust.json")
    assert privity_verify.main([str(bundle), "--trust", trust]) == 0


def test_the_same_package_is_received_once(walked: tuple[Desk, Delivered, bytes]) -> None:
    desk, delivered, package = walked
    with pytest.raises(PrivityError) as refused:
        desk.receive(package)
    assert refused.value.code is ErrorCode.STALE_OR_REPLAYED
    assert refused.value.details["request_id"] == delivered.request_id


def test_events_are_in_the_order_of_the_walk(walked: tuple[Desk, Delivered, bytes]) -> None:
    desk, delivered, _ = walked
    entries = [json.loads(entry) for entry in StoredLogRows(desk.store).read(0, 1000)]
    about = [e["event"] for e in entries if e["fields"].get("request_id") == delivered.request_id]
    assert about[:8] == [
        "REQUEST_ADMITTED",
        "MATCHING_STARTED",
        "MATCHING_FINISHED",
        "APPROVAL_RECORDED",
        "APPROVAL_RECORDED",
        "RELEASE_INTENDED",
        "RESPONSE_RELEASED",
        "RESPONSE_DELIVERED",
    ]
    assert not any("verdict" in e["fields"] for e in entries)  # the log is public: the first verdict stays blind


def test_a_mostly_defective_request_goes_back_whole_on_the_same_path(tmp_path: Path) -> None:
    desk = fresh(tmp_path)
    received, delivered = desk.walk(desk.pack(desk.stage.second))
    assert received.returned_whole
    assert {finding.code for finding in received.findings} == {"TOO_MANY_DEFECTS"}
    opened = desk.open_all(Path(delivered.path).read_bytes())
    assert len(opened.lines) == received.lines
    assert all(line.answer is None and line.code is not None for line in opened.lines)
    account = account_for_request(desk.gate, received.request_id, role=CustodianRole.AUDITOR, reason_code="audit")
    assert account.records == received.lines
    assert account.root_recomputed_agrees
    with zipfile.ZipFile(delivered.path) as container:
        manifest = json.loads(container.read("manifest.json"))
    assert manifest["returned_whole"] is True
