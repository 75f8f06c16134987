"""`agreement diff`: every element has a sentence, and each change is told with what it allows or forbids."""

from __future__ import annotations

import pytest

from privity.domain.rules import RULES
from privity.services.agreements.compare_agreements import PARAMETERS, SUBJECTS, Change, compare_agreements, words_of
from privity.wire.agreement_elements import EACH, element_patterns
from tests.builders.admission import EXAMPLES

TAX = (EXAMPLES / "agreements" / "tax-enforcement-2025.yaml").read_text(encoding="utf-8")
CONSENT = (EXAMPLES / "agreements" / "consent-based-verification.yaml").read_text(encoding="utf-8")


def changes(old: str, new: str, document: str = TAX) -> list[Change]:
    assert old in document, old
    return list(compare_agreements(document.encode(), document.replace(old, new, 1).encode()).changes)


def test_every_element_and_every_parameter_has_a_sentence() -> None:
    """Fails when the format or a rule gets a field that `diff` has no words for."""
    patterns = element_patterns()
    cited = {one for one in patterns if one[-1] == "clause" and len(one) > 1}
    assert {one for one in patterns if one[0] != "rules"} - cited == set(SUBJECTS)
    assert set(PARAMETERS) == {(spec.id, one.name) for spec in RULES.values() for one in spec.parameters}
    for pattern in patterns:
        assert words_of(tuple("an-id" if step == EACH else step for step in pattern))[0]


def test_the_same_document_has_no_change_however_it_is_laid_out() -> None:
    assert changes("policy: exact", "policy:   exact") == []
    first, second = TAX.index("    - id: department-secretary"), TAX.index("    - id: enforcement-director")
    end = TAX.index("  custodian:\n    - id: disclosure")
    moved = TAX[:first] + TAX[second:end] + TAX[first:second] + TAX[end:]
    assert compare_agreements(TAX.encode(), moved.encode()).changes == ()


@pytest.mark.parametrize(
    ("old", "new", "element", "effect", "says"),
    [
        ("over_percent: 5", "over_percent: 20", "rules.R13.parameters.over_percent", "allows more", "20 instead of 5"),
        ("per_request: 100000", "per_request: 50000", "rules.R14.parameters.per_request", "forbids more",
         "50,000 instead of 100,000"),
        ("{more_than_days: 90}", "{more_than_days: 30}", "rules.L08.parameters.more_than_days", "allows more", "30"),
        ("{more_than_days: 90}", "{more_than_days: 90, within_days: 900}", "rules.L08.parameters.within_days",
         "forbids more", "900 instead of 0"),
        ("expires: 2035-04-06", "expires: 2026-12-31", "term.expires", "forbids more", "2026-12-31"),
        ("effective: 2025-04-07", "effective: 2025-05-07", "term.effective", "forbids more", "2025-05-07"),
        ("policy: exact", "policy: standard", "match.policy", "allows more", "standard instead of exact"),
        ("identifier_must_agree: true", "identifier_must_agree: false", "match.identifier_must_agree", "allows more",
         "no instead of yes"),
        ("policy: exact", "policy: standard\n  without: [given_typo]", "match.without", "forbids more", "given_typo"),
        ("destruction_due_days: 90", "destruction_due_days: 30", "retention.destruction_due_days", "forbids more",
         "30"),
        ("    allowed: false\n", "    allowed: true\n", "offices.delegates.allowed", "allows more",
         "yes instead of no"),
        ("  acting:\n    allowed: true", "  acting:\n    allowed: false", "offices.acting.allowed", "forbids more",
         "no instead of yes"),
        ("attestations: [basis_of_order, no_relief_pending]", "attestations: [basis_of_order]",
         "rules.L09.parameters.attestations", "allows more", "no longer no_relief_pending"),
        ("  text: 26 U.S.C. 6103(i)(2)\n", "  text: 26 U.S.C. 6103(i)(1)\n", "authority.text", "says otherwise",
         "6103(i)(1) instead of"),
        ("clause: MOU section 2\n", "clause: MOU section 3\n", "authority.clause", "says otherwise", "cited"),
        ("  - id: criminal-investigation-or-proceeding", "  - id: another-purpose",
         "purposes.another-purpose", "allows more", "added"),
        ("plan_due: 2030-09-30", "plan_due: 2031-09-30", "safeguards.findings.SG-2025-03.plan_due", "allows more",
         "2031-09-30"),
    ],
)  # fmt: skip
def test_each_change_is_told_with_its_effect(old: str, new: str, element: str, effect: str, says: str) -> None:
    found = {one.element: one for one in changes(old, new)}
    assert element in found, found
    assert found[element].effect == effect
    assert says in found[element].sentence
    assert found[element].sentence.endswith(f"This {effect}.")


def test_a_rule_dropped_is_one_change_and_allows_more() -> None:
    start, end = TAX.index("  R12:"), TAX.index("  R13:")
    found = changes(TAX[start:end], "")
    assert [(one.element, one.effect) for one in found] == [("rules.R12", "allows more")]
    assert "dropped" in found[0].sentence
    back = compare_agreements(TAX.replace(TAX[start:end], "").encode(), TAX.encode()).changes
    assert [(one.element, one.effect) for one in back] == [("rules.R12", "forbids more")]


def test_an_element_left_out_counts_as_its_default() -> None:
    start, end = TAX.index("  acting:"), TAX.index("  succession:")
    found = changes(TAX[start:end], "")
    assert [one.element for one in found] == ["offices.acting.clause"], "acting holders may sign, as before"


def test_two_unlike_agreements_are_told_apart_in_full() -> None:
    compared = compare_agreements(TAX.encode(), CONSENT.encode())
    assert compared.allows + compared.forbids + compared.otherwise == len(compared.changes) > 60
    effects = [one.effect for one in compared.changes]
    assert effects == sorted(effects, key=["allows more", "forbids more", "says otherwise"].index)
    assert all(one.sentence[0].isupper() for one in compared.changes)
