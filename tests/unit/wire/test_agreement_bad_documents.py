"""Many bad agreements, one defect each: refused at its line, in words that say what to mend and repeat no value."""

from __future__ import annotations

import re

import pytest

from privity.domain.errors import ErrorCode, PrivityError
from privity.wire.agreement_format import read_agreement
from tests.builders.admission import EXAMPLES

TAX = (EXAMPLES / "agreements" / "tax-enforcement-2025.yaml").read_text(encoding="utf-8")
CONSENT = (EXAMPLES / "agreements" / "consent-based-verification.yaml").read_text(encoding="utf-8")

# (old text, new text, text at whose line the error is expected, words of the message, words of the mend)
CASES = [
    # unknown keys, at every depth
    ("version: 1\n", "version: 1\nvresion: 2\n", "vresion", "not known", "version"),
    ("  requester:\n", "  asker:\n", "asker", "not known", "requester"),
    ("  effective: 2025-04-07", "  begins: 2025-04-07", "begins", "not known", "effective"),
    ("  after_seconds: 10", "  after_secs: 10", "after_secs", "not known", "after_seconds"),
    ("  succession:\n", "  successions:\n", "successions", "not known", "succession"),
    ("      plan_due: 2030-09-30", "      due: 2030-09-30", "      due:", "not known", "plan_due"),
    ("    owed_by: custodian", "    by: custodian", "    by: custodian", "not known", "owed_by"),
    ("  must_carry: [", "  carry: [", "carry: [", "not known", "must_carry"),
    ("    rule: L08", "    enforced: L08", "    enforced: L08", "not known", "rule"),
    ("{max_age_days: 30}", "{max_age: 30}", "max_age: 30", "no such parameter", "max_age_days"),
    ("  R15: {clause", "  R16: {clause", "R16", "no such rule", "R15"),
    ('  R15: {clause: "', '  R15: {days: 3, clause: "', "R15", "not known", "parameters"),
    # missing and empty elements
    ("  text: 26 U.S.C. 6103(i)(2)\n", "", "authority:", "missing", "add"),
    ("      title: Secretary of the department\n", "", "department-secretary", "missing", "add"),
    ("    title: Secretary of the department\n", "    title: ''\n", "title: ''", "at least 1 character", ""),
    ("  text: 26 U.S.C. 6103(i)(2)\n", "  text:\n", "  text:\n", "empty", "fill it in"),
    ("      plan_due: 2030-09-30\n", "      plan_due:\n", "plan_due:", "empty", "fill it in"),
    ("  must_carry: [name, address, periods, statute, order_date, reason, case_id, officer]", "  must_carry: []",
     "must_carry", "at least 1 item", ""),
    ("    clause: MOU section 12\n\naccounting", "\naccounting", "incident-report", "missing", "add"),
    # every element cites its clause
    ("  clause: MOU section 2\n", "", "authority:", "missing", "add"),
    ("  clause: MOU section 14 (effective date and termination)\n", "", "term:", "missing", "add"),
    ("    clause: MOU section 13\n", "", "obey_recall_and_freeze", "missing", "add"),
    ("    clause: 26 U.S.C. 6103(p)(4)(E)\n", "", "safeguard-activity-report", "missing", "add"),
    ("    clause: 5 U.S.C. 3345 (acting officers); MOU section 5\n", "", "acting:", "missing", "add"),
    # contradictory dates
    ("  expires: 2035-04-06", "  expires: 2025-04-07", "expires", "ends on or before", "correct the dates"),
    ("  expires: 2035-04-06", "  expires: 2024-04-06", "expires", "ends on or before", "correct the dates"),
    ("  expires: 2035-04-06", "  expires: 2035-02-30", "expires", "date", ""),
    ("  effective: 2025-04-07", "  effective: 7 April 2025", "effective", "date", ""),
    ("  reviewed_on: 2025-01-20", "  reviewed_on: 2025-05-20", "reviewed_on", "after the day the agreement begins",
     "relied"),
    ("  reviewed_on: 2025-01-20", "  reviewed_on: 2021-01-20", "reviewed_on", "out of date on the day", "later review"),
    ("      plan_due: 2030-09-30", "      plan_due: 2024-09-30", "plan_due", "before the review", "correct the dates"),
    ("{more_than_days: 90}", "{more_than_days: 90, within_days: 90}", "L08:", "no date can satisfy", "within_days"),
    ("{more_than_days: 90}", "{more_than_days: 90, within_days: 30}", "L08:", "no date can satisfy", "within_days"),
    # offices and parties
    ("    - id: enforcement-director", "    - id: department-secretary",
     "department-secretary\n      title: Director", "twice", "own id"),
    ("    - id: disclosure-office", "    - id: enforcement-director",
     "enforcement-director\n      title: Office", "custodian's side", "own"),
    ("    id: enforcement-agency", "    id: tax-agency", "requester:", "same party", "both"),
    ("    - id: enforcement-director", "    - id: The Director", "The Director", "match pattern", ""),
    # impossible thresholds
    ("{over_percent: 5}", "{over_percent: 100}", "over_percent", "between 0 and 99", ""),
    ("{over_percent: 5}", "{over_percent: -1}", "over_percent", "between 0 and 99", ""),
    ("{max_open_cases: 50}", "{max_open_cases: 0}", "max_open_cases", "between 1", ""),
    ("{per_request: 100000, per_year: 500000}", "{per_request: 100000, per_year: 50000}", "per_request",
     "more lines than the year", "per_year"),
    ("{max_lines: 2000000}", "{max_lines: 99999}", "per_request", "R10 refuses", "max_lines"),
    ("{max_years_back: 3, max_periods: 3}", "{max_years_back: 31, max_periods: 3}", "max_years_back", "between", ""),
    ("{review_valid_days: 1095}", "{review_valid_days: 0}", "review_valid_days", "between", ""),
    ("  destruction_due_days: 90", "  destruction_due_days: 0", "destruction_due_days", "greater than or equal", ""),
    ("  crowded_over: 12", "  crowded_over: 0", "crowded_over", "greater than or equal", ""),
    ("  after_seconds: 10", "  after_seconds: -10", "after_seconds: -", "greater than or equal", ""),
    ("    within_days: 31", "    within_days: 400", "within_days: 400", "less than or equal", ""),
    ("{max_repeats: 10}", "{max_repeats: ten}", "max_repeats", "whole number", ""),
    ("{max_repeats: 10}", "{max_repeats: 1_0}", "max_repeats", "decimal", ""),
    ("{max_repeats: 10}", "{max_repeats: 10.5}", "max_repeats", "whole number", ""),
    # rules that contradict the rest
    ("  must_carry: [name, ", "  must_carry: [", "must_carry", "rules ask each line for more: name", "name it here"),
    ("order_date, reason, case_id", "order_date, attestations, reason, case_id", "must_carry", "no rule asks",
     "L09"),
    ("order_date, reason, case_id", "order_date, birth_date, reason, case_id", "must_carry", "'name'", ""),
    ("    rule: L08\n", "    rule: L99\n", "rule: L99", "no line rule", "line rule"),
    ("    rule: L08\n", "    rule: R08\n", "rule: R08", "no line rule", "line rule"),
    ("attestations: [basis_of_order, no_relief_pending]", "attestations: [Basis of order]", "attestations: [B",
     "lower case", ""),
    ("  - id: report_incidents", "  - id: destroy_by_due_date", "destroy_by_due_date\n    text: A loss", "twice", ""),
    ("  - id: report_incidents", "  - id: be_good", "be_good", "'destroy_by_due_date'", ""),
    ("  - id: incident-report", "  - id: yearly-public-report", "yearly-public-report\n    text: What", "twice", "own"),
    ("    after: incident", "    after: whenever", "after: whenever", "'year_end'", ""),
    # kinds
    ("    allowed: true\n", "    allowed: yes\n", "allowed: yes", "boolean", ""),
    ("  policy: exact", "  policy: [exact]", "policy", "'exact'", ""),
    ("  oids: [2", "  oids: [9", "oids", "match pattern", ""),
    ("version: 1\n", "version: 0\n", "version", "greater than or equal", ""),
    ("id: tax-enforcement-2025", "id: Tax Enforcement", "id: Tax", "match pattern", ""),
    ("title: Confirmation", "title: &t Confirmation", "title", "anchors", "write the value out"),
    ("title: Confirmation", "title: !secret Confirmation", "title", "kind", ""),
    ("\nparties:\n", "\nversion: 2\nparties:\n", "version: 2", "twice", "one of them"),
]  # fmt: skip


def refusal(document: str) -> PrivityError:
    with pytest.raises(PrivityError) as caught:
        read_agreement(document.encode(), source="a.yaml")
    assert caught.value.code is ErrorCode.AGREEMENT_INVALID
    return caught.value


@pytest.mark.parametrize(("old", "new", "at", "says", "mend"), CASES)
def test_each_defect_is_refused_at_its_line_with_what_to_mend(
    old: str, new: str, at: str, says: str, mend: str
) -> None:
    assert TAX.count(old) >= 1, old
    document = TAX.replace(old, new, 1)
    error = refusal(document)
    said = re.match(r"a\.yaml, line (\d+): ", error.message)
    assert said, error.message
    assert says in error.message, error.message
    assert error.mend
    assert mend in error.mend, error.mend
    expected = document[: document.index(at)].count("\n") + 1
    assert abs(int(said[1]) - expected) <= 1, (int(said[1]), expected)


def test_no_message_repeats_what_was_found() -> None:
    for old, new, *_ in CASES:
        error = refusal(TAX.replace(old, new, 1))
        for word in ("7 April", "The Director", "Tax Enforcement", "whenever", "be_good", "2024-04-06"):
            assert word not in error.message + error.mend


def test_safeguards_need_their_rule_and_statutes_theirs() -> None:
    start, end = CONSENT.index("  R08:"), CONSENT.index("  R09:")
    assert "R08" in refusal(CONSENT[:start] + CONSENT[end:]).message
    start, end = TAX.index("  R05:"), TAX.index("  R06:")
    assert "R05" in refusal(TAX[:start] + TAX[end:]).message


def test_an_element_that_may_be_left_out_may_be_left_out() -> None:
    """Agreements written before these elements existed are read as before."""
    kept = TAX
    for first, following in (
        ("lines:\n", "answer:\n"),
        ("duties:\n", "accounting:\n"),
        ("  acting:\n", "\ncertificate"),
    ):
        start, end = kept.index(f"\n{first}"), kept.index(f"{following}")
        kept = kept[: start + 1] + kept[end:]
    agreement = read_agreement(kept.encode())
    assert (agreement.lines_must_carry, agreement.reporting, agreement.safeguard_findings) == ((), (), ())
    assert agreement.acting_allowed
