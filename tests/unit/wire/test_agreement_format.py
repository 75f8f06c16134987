"""Agreement documents: the shipped ones are read, and what is not understood is refused with its line."""

from __future__ import annotations

import re
from datetime import date
from typing import get_args

import pytest

from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.match_policies import POLICY_LEVELS
from privity.wire.agreement_format import read_agreement
from privity.wire.agreement_model import MatchLevel
from tests.builders.admission import EXAMPLES

DOCUMENT = (EXAMPLES / "agreements" / "tax-enforcement-2025.yaml").read_text(encoding="utf-8")


def refusal(text: str | bytes) -> PrivityError:
    document = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(PrivityError) as caught:
        read_agreement(document, source="a.yaml")
    assert caught.value.code is ErrorCode.AGREEMENT_INVALID
    assert re.match(r"a\.yaml, line \d+: ", caught.value.message)
    assert caught.value.mend
    return caught.value


def line_of(text: str) -> int:
    """The 1-based line of the first occurrence in the shipped document."""
    return DOCUMENT[: DOCUMENT.index(text)].count("\n") + 1


def test_the_tax_agreement_says_what_the_law_asks() -> None:
    agreement = read_agreement(DOCUMENT.encode())
    assert agreement.id == "tax-enforcement-2025"
    assert len(agreement.signing_offices) == 2
    assert not agreement.delegates_allowed
    assert agreement.statutes == ("8 U.S.C. 1253(a)(1)",)
    assert agreement.match_policy.name == "exact"
    assert agreement.match_policy.levels == ("exact",)
    assert agreement.answer_after_seconds == 10
    assert agreement.effective == date(2025, 4, 7)
    assert len(agreement.rules) == 32
    over = agreement.rule("R13")
    assert over is not None
    assert over.parameters == {"over_percent": 5}
    assert len(agreement.digest) == 64


@pytest.mark.parametrize("name", ["tax-enforcement-2025", "consent-based-verification"])
def test_every_element_of_a_shipped_agreement_cites_its_clause(name: str) -> None:
    document = (EXAMPLES / "agreements" / f"{name}.yaml").read_bytes()
    agreement = read_agreement(document)
    assert all(use.clause for use in agreement.rules)
    assert {use.rule for use in agreement.rules} <= {path.split(".")[1] for path in agreement.clauses if "." in path}
    for element in ("parties.custodian", "authority", "term", "answer", "match", "retention", "accounting"):
        assert agreement.clauses[element]
    no_person = document.decode().lower()
    assert not re.search(r"\b(mr|mrs|ms|honorable|hon\.)\b", no_person)


def test_the_second_agreement_is_unlike_the_first() -> None:
    document = (EXAMPLES / "agreements" / "consent-based-verification.yaml").read_bytes()
    agreement = read_agreement(document)
    consent = agreement.rule("L08")
    assert consent is not None
    assert consent.parameters["within_days"] == 90
    assert agreement.statutes == ()
    assert agreement.rule("R05") is None
    assert agreement.accounting_open_to_person


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("  R09:", "  R99:", "no such rule"),
        ("  L07:", "  X07:", "no such rule"),
        ("{over_percent: 5}", "{over_percents: 5}", "no such parameter"),
        ("{over_percent: 5}", "{over_percent: five}", "whole number"),
        ("{over_percent: 5}", "{over_percent: true}", "whole number"),
        ("{over_percent: 5}", "{over_percent: 100}", "between"),
        ("{over_percent: 5}", "{over_percent: 0x5}", "decimal"),
        ("{max_open_cases: 50}", "{max_open_cases: 0}", "between"),
        ("per_line: false", "per_line: 0", "true or false"),
        ("[basis_of_order, no_relief_pending]", "[]", "list of words"),
        ("[basis_of_order, no_relief_pending]", "[a_word, a_word]", "twice"),
        ("  expires: 2035-04-06", "  expires: 2025-04-07", "ends on or before"),
        ("  expires: 2035-04-06", "  expires: 2035-02-30", "date"),
        ("    id: enforcement-agency", "    id: tax-agency", "same party"),
        ("version: 1", "version: one", "integer"),
        ("version: 1", "version: 1\nversion: 2", "twice"),
        ("version: 1", "version: 1\nvresion: 2", "not known"),
        ("  allowed: false", "  allowed: maybe", "boolean"),
        ("  policy: exact", "  policy: fuzzy", "'exact'"),
        ("  permitted: confirm_address", "  permitted: disclose_address", "confirm_address"),
        ("format: privity-agreement/1", "format: privity-agreement/2", "privity-agreement/1"),
        ("    - id: enforcement-director", "    - id: department-secretary", "twice"),
        ("  text: 26 U.S.C. 6103(i)(2)\n", "", "missing"),
        ('  R07: {clause: "MOU section 14"}', "  R07: {}", "missing"),
        ("  oids: [2", "  oids: [x2", "match pattern"),
    ],
)
def test_what_is_not_understood_is_refused_at_its_line(old: str, new: str, says: str) -> None:
    assert old in DOCUMENT, old
    error = refusal(DOCUMENT.replace(old, new, 1))
    assert says in error.message
    said = int(str(error.details["line"]))
    assert abs(said - line_of(old)) <= 2, (said, line_of(old))


def test_a_mandatory_rule_cannot_be_left_out() -> None:
    without = re.sub(r"  L02: .*\n", "", DOCUMENT)
    assert "L02" in refusal(without).message


def test_an_empty_list_of_offices_is_refused() -> None:
    start, end = DOCUMENT.index("  signing:\n"), DOCUMENT.index("  custodian:\n    - id: disclosure")
    assert "signing" in refusal(DOCUMENT[:start] + "  signing: []\n" + DOCUMENT[end:]).message


def test_statute_rules_need_statutes() -> None:
    start, end = DOCUMENT.index("statutes:\n"), DOCUMENT.index("purposes:\n")
    assert "statute" in refusal(DOCUMENT[:start] + "statutes: []\n\n" + DOCUMENT[end:]).message


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"# nothing\n",
        b"- a\n- b\n",
        b"just words",
        b"a: &x 1\nb: *x\n",
        b"a: 1\n---\nb: 2\n",
        b"a: [1, 2\nb: 3\n",
        b"a: !!python/object:os.system x\n",
        b"\xff\xfea\x00",
        b"a: \xff\n",
        b"{" * 200_000,
        b"a:\n" + b"".join(b" " * n + b"a:\n" for n in range(1, 40)),
        b"1: 2\n",
        b"? [a]\n: 1\n",
        b"a: " + b"x" * 9_000_000,
    ],
)
def test_other_documents_are_refused_plainly(text: bytes) -> None:
    refusal(text)


def test_the_message_holds_no_value() -> None:
    error = refusal(DOCUMENT.replace("version: 1", "version: zyxwvut", 1))
    assert "zyxwvut" not in error.message + error.mend


def test_a_byte_order_mark_and_windows_line_ends_are_read() -> None:
    plain = read_agreement(DOCUMENT.encode())
    windows = read_agreement(b"\xef\xbb\xbf" + DOCUMENT.replace("\n", "\r\n").encode())
    assert windows.rules == plain.rules
    assert windows.digest != plain.digest  # the digest is of the bytes


def test_single_levels_of_the_match_policy_can_be_switched_off() -> None:
    wide = DOCUMENT.replace("policy: exact", "policy: extended\n  without: [nickname, given_typo]")
    levels = read_agreement(wide.encode()).match_policy.levels
    assert levels == ("exact", "face_open", "double_surname", "surname_typo", "street_typo", "zip_digit")
    refusal(DOCUMENT.replace("policy: exact", "policy: standard\n  without: [nickname]"))  # standard has no such level
    refusal(DOCUMENT.replace("policy: exact", "policy: extended\n  without: [exact]"))
    refusal(DOCUMENT.replace("policy: exact", "policy: extended\n  without: [nickname, nickname]"))


def test_every_level_but_exact_can_be_switched_off() -> None:
    assert {"exact", *get_args(MatchLevel)} == {level for levels in POLICY_LEVELS.values() for level in levels}
