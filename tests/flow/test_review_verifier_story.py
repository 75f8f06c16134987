"""The verifier: what was reset cannot be released, and an auditor is told what a bundle leaves out."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import privity_verify
from privity_verify import Entry, InvalidError, Story
from tests.builders.custodian_home import fresh

AT = datetime(2026, 3, 2, tzinfo=UTC)
REQUEST = {"request_id": "R-1", "agreement_id": "a", "agreement_version": 1, "agreement_digest": "a" * 64}
COUNTED = {"accounting_root": "b" * 64, "accounting_records": 3, "lines": 3, "manifest_sha256": "c" * 64}
CONTENT = {"content_sha256": "d" * 64}
RESPONSE = {"response_manifest_sha256": "e" * 64}
FIRST = ("APPROVAL_RECORDED", CONTENT | {"signature_sha256": "1" * 64, "role": "counsel"})
SECOND = ("APPROVAL_RECORDED", CONTENT | {"signature_sha256": "2" * 64, "role": "counsel"})
INTENT = ("RELEASE_INTENDED", CONTENT | RESPONSE)
RESET = ("APPROVALS_RESET", CONTENT | {"reason_code": "APPROVER_LEFT"})
RELEASED = ("RESPONSE_RELEASED", CONTENT | RESPONSE | COUNTED | {"rule_set": "n1", "snapshot_id": ""})
REFUSED = ("RELEASE_REFUSED", CONTENT | COUNTED)


def told(*said: tuple[str, dict[str, Any]]) -> str:
    """Why the story of a request that went back whole is refused; "" where it is not."""
    story = Story(latest=AT)
    try:
        for index, (event, fields) in enumerate([("REQUEST_RETURNED", COUNTED | {"rule_set": "n1"}), *said], 1):
            story.add(index, Entry(event, AT, REQUEST | fields), "origin")
    except InvalidError as refused:
        return str(refused)
    return ""


def test_approvals_that_were_reset_after_the_intent_release_nothing() -> None:
    assert told(FIRST, SECOND, INTENT, RELEASED) == ""
    assert "fewer than two" in told(FIRST, SECOND, INTENT, RESET, RELEASED)
    assert "fewer than two" in told(FIRST, SECOND, INTENT, RESET, FIRST, RELEASED)
    assert told(FIRST, SECOND, INTENT, RESET, FIRST, SECOND, INTENT, RELEASED) == ""


def test_what_was_refused_after_the_intent_is_not_released() -> None:
    assert "refused" in told(FIRST, SECOND, INTENT, REFUSED, RELEASED)


@pytest.mark.parametrize("present", [True, False])
def test_an_auditor_is_told_what_a_bundle_leaves_out(tmp_path: Path, present: bool) -> None:
    desk = fresh(tmp_path)
    _, delivered = desk.walk(desk.pack(desk.stage.second))
    desk.receive(desk.pack(desk.stage.first))  # still waiting
    bundle = tmp_path / "bundle"
    (bundle / "packages").mkdir(parents=True)
    shutil.copytree(desk.home / "log", bundle / "log", ignore=shutil.ignore_patterns(".sequencer"))
    if present:
        shutil.copy(delivered.path, bundle / "packages" / "one.zip")
    report = privity_verify.verify(bundle, desk.home / "public" / "trust.json")
    assert report.verdict == "VALID", report.to_json()
    reasons = [finding.reason for finding in report.findings if finding.check == "scope"]
    absent = 1 if present else 2
    assert (
        f"2 requests in the log; neither released nor refused so far: 1, of which nothing is in this bundle: {absent}"
        in reasons
    )
