"""The pre-flight: the fixed JSON shape, the shipped samples, and what lint says it cannot know."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from privity.services.requester.lint_request import LintReport, lint_request
from privity.wire.request_format import read_header
from tests.builders.admission import EXAMPLES, NOW, content, csv_of, example_agreement, header, offices

AT = datetime(2026, 11, 23, tzinfo=UTC)
REQUESTS = EXAMPLES / "requests"


def lint_tax(with_header: bool = True) -> LintReport:
    head = read_header((REQUESTS / "tax-enforcement-header.yaml").read_bytes()) if with_header else None
    lines = (REQUESTS / "tax-enforcement-lines.csv").read_bytes()
    return lint_request(lines, "csv", example_agreement(), head, None, AT)


def test_the_fixed_shape() -> None:
    report = json.loads(json.dumps(lint_tax().as_json()))
    assert {"lines", "returned", "codes", "findings", "request_findings"} <= set(report)
    assert {"referred", "referrals"} <= set(report)
    assert report["returned"] == len(report["findings"]) == sum(report["codes"].values())
    assert all(set(one) == {"line_id", "code", "field", "message"} for one in report["findings"])


def test_the_tax_sample() -> None:
    report = lint_tax()
    assert {one.line_id: one.code for one in report.findings} == {
        "T-005": "NAME_INVALID",
        "T-006": "ADDRESS_INSTITUTION",
        "T-007": "ADDRESS_INCOMPLETE",
    }
    assert [one.line_id for one in report.referrals] == ["T-008"]
    assert [one.rule for one in report.request_findings] == ["R13"]


def test_the_consent_sample() -> None:
    lines = (REQUESTS / "consent-lines.jsonl").read_bytes()
    report = lint_request(lines, "jsonl", example_agreement("consent-based-verification"), None, None, AT)
    assert {one.line_id: one.code for one in report.findings} == {"B-3": "NAME_INVALID", "B-4": "ORDER_DATE_INVALID"}


def test_lint_says_what_it_cannot_know() -> None:
    assert any("L14" in note for note in lint_tax().notes)
    assert any("L12" in note for note in lint_tax().notes)
    assert any("header" in note for note in lint_tax(with_header=False).notes)
    good = csv_of([content(1)])
    with_roster = lint_request(good, "csv", example_agreement(), header(), offices(), NOW)
    assert with_roster.returned == 0
    assert not any("L12" in note for note in with_roster.notes)
    stranger = csv_of([content(1, officer="nobody-1")])
    assert lint_request(stranger, "csv", example_agreement(), header(), offices(), NOW).codes == {"OFFICER_MISSING": 1}
    assert lint_request(stranger, "csv", example_agreement(), header(), None, NOW).codes == {}


def test_the_header_is_judged_by_the_gates_own_rules() -> None:
    good = csv_of([content(1)])
    bad = header(request_type="disclose", purpose="x", office="y", requester="z", statutes=("8 U.S.C. 1325",))
    report = lint_request(good, "csv", example_agreement(), bad, None, NOW)
    # R13 too: the line names a statute that is not in this header
    assert {one.rule for one in report.request_findings} == {"R01", "R03", "R04", "R05", "R06", "R13"}


def test_one_officer_for_all_is_seen() -> None:
    lines = csv_of([content(number, officer="officer-1") for number in range(1, 52)])
    report = lint_request(lines, "csv", example_agreement(), header(), None, NOW)
    assert [one.rule for one in report.request_findings] == ["R12"]
