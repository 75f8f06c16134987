"""Each L rule with accepted and refused lines, under the example agreement, one rule at a time."""

from __future__ import annotations

import pytest

from privity.domain.request import AdmittedLine, ReferredLine, ReturnedLine
from privity.policy.admission import judge_lines
from tests.builders.admission import REASON, address, context, example_agreement, header, line, name


def code_of(judged: object) -> str:
    """ADMITTED, REFERRED or the returned line's code."""
    if isinstance(judged, AdmittedLine):
        return "ADMITTED"
    assert isinstance(judged, ReturnedLine | ReferredLine)
    return judged.code.value


def judge_one(**changes: object) -> str:
    return code_of(judge_lines([line(1, **changes)], header(), context()).judgements[0])


def test_a_good_line_is_admitted_as_a_whole() -> None:
    admission = judge_lines([line(1, identifier="123-45-6789", birth_date="1980-02-29")], header(), context())
    admitted = admission.judgements[0]
    assert isinstance(admitted, AdmittedLine)
    assert admitted.officer == "officer-2"
    assert admitted.identifier.reveal() == "123456789"
    assert str(admitted.birth_date) == "1980-02-29"
    assert admitted.confirmable
    assert admission.findings == ()
    assert admission.questions


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        # L06
        ("periods", "2023", "ADMITTED"),
        ("periods", "2023;2024", "ADMITTED"),
        ("periods", "2024-01-01/2024-06-30", "ADMITTED"),
        ("periods", "2024-01-01..2024-06-30", "ADMITTED"),
        ("periods", "2023-2024", "PERIOD_INVALID"),
        ("periods", "", "PERIOD_INVALID"),
        ("periods", "all years", "PERIOD_INVALID"),
        ("periods", "2024-", "PERIOD_INVALID"),
        ("periods", "2024/", "PERIOD_INVALID"),
        ("periods", "since 2023", "PERIOD_INVALID"),
        ("periods", "2026", "PERIOD_INVALID"),
        ("periods", "2027", "PERIOD_INVALID"),
        ("periods", "2022", "PERIOD_INVALID"),
        ("periods", "2023;2024;2025;2024-01-01/2024-02-01", "PERIOD_INVALID"),
        ("periods", "2024;2024", "PERIOD_INVALID"),
        ("periods", "2024-02-30/2024-06-30", "PERIOD_INVALID"),
        ("periods", "2024-06-30/2024-01-01", "PERIOD_INVALID"),
        ("periods", "2024-01-01/2026-11-20", "PERIOD_INVALID"),
        ("periods", "current", "PERIOD_INVALID"),
        ("periods", "*", "PERIOD_INVALID"),
        # L07
        ("statute", "8 USC § 1253 (a)(1)", "ADMITTED"),
        ("statute", "8 U.S.C. 1325", "STATUTE_MISSING"),
        ("statute", "", "STATUTE_MISSING"),
        # L08
        ("order_date", "2026-08-20", "ADMITTED"),
        ("order_date", "2026-08-21", "ORDER_DATE_INVALID"),
        ("order_date", "2026-11-19", "ORDER_DATE_INVALID"),
        ("order_date", "2030-01-01", "ORDER_DATE_INVALID"),
        ("order_date", "1900-01-01", "ORDER_DATE_INVALID"),
        ("order_date", "1970-01-01", "ORDER_DATE_INVALID"),
        ("order_date", "1947-05-05", "ORDER_DATE_INVALID"),
        ("order_date", "2025-02-30", "ORDER_DATE_INVALID"),
        ("order_date", "03/14/2025", "ORDER_DATE_INVALID"),
        ("order_date", "20250314", "ORDER_DATE_INVALID"),
        ("order_date", "", "ORDER_DATE_INVALID"),
        # L10
        ("reason", "", "REASON_GENERIC"),
        ("reason", "immigration enforcement", "REASON_GENERIC"),
        ("reason", "Immigration Enforcement Purposes.", "REASON_GENERIC"),
        ("reason", "official use", "REASON_GENERIC"),
        ("reason", "criminal investigation under 8 USC 1253", "REASON_GENERIC"),
        ("reason", "see attached file", "REASON_GENERIC"),
        ("reason", "N/A", "REASON_GENERIC"),
        ("reason", "Imigration enforcment", "REASON_GENERIC"),
        ("reason", "willful failure to depart", "REASON_GENERIC"),
        ("reason", "failed to depart after final order", "REASON_GENERIC"),
        ("reason", "IMMIGRATION-ENFORCEMENT!! 2024-01-01 case 123", "REASON_GENERIC"),
        ("reason", "motivos migratorios", "REASON_GENERIC"),
        ("reason", "xxxx xxxx xxxx", "REASON_GENERIC"),
        ("reason", "to locate and arrest the subject", "REASON_GENERIC"),
        ("reason", "cumplimiento de la ley", "REASON_GENERIC"),
        ("reason", "Failed to appear in March; employer says he moved in with a cousin", "ADMITTED"),
        # L11
        ("case_id", "", "CASE_MISSING"),
        ("case_id", "N/A", "CASE_MISSING"),
        ("case_id", "0000000", "CASE_MISSING"),
        ("case_id", "123456", "CASE_MISSING"),
        ("case_id", "pending", "CASE_MISSING"),
        ("case_id", "UNKNOWN2931", "CASE_MISSING"),
        ("case_id", "12", "CASE_MISSING"),
        ("case_id", "SD-2024-00931", "ADMITTED"),
        ("case_id", "3:24-cr-00931", "ADMITTED"),
        # L12
        ("officer", "", "OFFICER_MISSING"),
        ("officer", "officer-999", "OFFICER_MISSING"),
        ("officer", "all officers", "OFFICER_MISSING"),
        ("officer", " officer-3 ", "ADMITTED"),
        # L15, single cells
        ("line_id", "", "LINE_MALFORMED"),
        ("line_id", "x" * 65, "LINE_MALFORMED"),
        ("line_id", "a\x00b", "LINE_MALFORMED"),
        ("form_defect", "cells", "LINE_MALFORMED"),
        ("reason", "=HYPERLINK(...)", "LINE_MALFORMED"),
        ("reason", REASON + "\u200b", "LINE_MALFORMED"),
        ("case_id", "A\u0430 12931", "LINE_MALFORMED"),
        ("birth_date", "1980", "LINE_MALFORMED"),
        ("birth_date", "1900-01-01", "LINE_MALFORMED"),
        ("birth_date", "75201", "LINE_MALFORMED"),
        ("identifier", "000-00-0000", "LINE_MALFORMED"),
        ("identifier", "unknown", "LINE_MALFORMED"),
        ("identifier", "1980-01-01", "LINE_MALFORMED"),
    ],
)
def test_fields(field: str, value: str, code: str) -> None:
    assert judge_one(**{field: value}) == code


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"identifier": "123456789", "name": name("||")}, "IDENTIFIER_ONLY"),
        ({"identifier": "123456789", "address": address("||||")}, "IDENTIFIER_ONLY"),
        ({"identifier": "123456789", "address": address("Unknown||Dallas|TX|75201")}, "ADDRESS_PLACEHOLDER"),
        ({"name": name("||")}, "NAME_INVALID"),
        ({"name": name("12 Main St||Lopez")}, "LINE_MALFORMED"),
        ({"name": name("Maria||2020-01-01")}, "LINE_MALFORMED"),
        ({"address": address("123 Main St||75201|TX|Dallas")}, "LINE_MALFORMED"),
        ({"address": address("123 Main St||Dallas|75201|TX")}, "LINE_MALFORMED"),
        ({"address": address("Dallas||123 Main St|TX|75201")}, "LINE_MALFORMED"),
        ({"address": address("|123 Main St|Dallas|TX|75201")}, "LINE_MALFORMED"),
        ({"address": address("123 Main St; 77 Elm St||Dallas|TX|75201")}, "LINE_MALFORMED"),
        ({"address": address('=HYPERLINK("x")||Dallas|TX|75201')}, "LINE_MALFORMED"),
        ({"address": address("123 Main\tSt||Dallas|TX|75201")}, "LINE_MALFORMED"),
        ({"address": address("123 MÃ¡in St||Dallas|TX|75201")}, "LINE_MALFORMED"),
        ({"address": address("General Delivery||Marfa|TX|79843")}, "REFERRED"),
    ],
)
def test_lines(changes: dict[str, object], code: str) -> None:
    assert judge_one(**changes) == code


def test_attestations_may_be_asked_of_the_header_or_of_each_line() -> None:
    bare = header(attestations=("personally_and_directly_engaged", "solely_for_this_use"))
    assert code_of(judge_lines([line(1)], bare, context()).judgements[0]) == "OFFENCE_UNSUPPORTED"
    bank = example_agreement("consent-based-verification")
    ctx = context(bank)
    signed = {"order_date": "2026-10-01", "officer": "officer-1"}
    ours = judge_lines([line(1, attestations="signed_consent", **signed), line(2, **signed)], header(), ctx)
    assert [code_of(one) for one in ours.judgements][1] == "OFFENCE_UNSUPPORTED"


def test_consent_is_good_for_ninety_days() -> None:
    bank = example_agreement("consent-based-verification")
    lines = [
        line(number, attestations="signed_consent", order_date=day)
        for number, day in enumerate(("2026-11-19", "2026-08-21", "2026-08-20", "2026-11-21"), start=1)
    ]
    codes = [code_of(one) for one in judge_lines(lines, header(), context(bank)).judgements]
    assert codes[2:] == ["ORDER_DATE_INVALID", "ORDER_DATE_INVALID"]
    assert "ORDER_DATE_INVALID" not in codes[:2]


def test_line_ids_that_stand_twice_go_back_all() -> None:
    lines = [line(1, line_id="same"), line(2, line_id="same"), line(3)]
    assert [code_of(one) for one in judge_lines(lines, header(), context()).judgements] == [
        "LINE_MALFORMED",
        "LINE_MALFORMED",
        "ADMITTED",
    ]


def test_one_reason_on_many_lines_goes_back_though_digits_names_and_dates_differ() -> None:
    def reason(number: int) -> str:
        return (
            f"Maria missed hearing {number} on 2025-0{number % 9 + 1}-11; neighbour of {100 + number} Main St reports"
        )

    ten = [line(number, reason=reason(number)) for number in range(1, 11)]
    assert {code_of(one) for one in judge_lines(ten, header(), context()).judgements} == {"ADMITTED"}
    eleven = [*ten, line(11, reason=reason(11))]
    assert {code_of(one) for one in judge_lines(eleven, header(), context()).judgements} == {"REASON_GENERIC"}


def test_one_case_is_about_one_person() -> None:
    lines = [
        line(1, case_id="A-777001"),
        line(2, case_id="A777001", name=name("Pedro||Castillo")),
        line(3),
    ]
    codes = [code_of(one) for one in judge_lines(lines, header(), context()).judgements]
    assert codes == ["CASE_MISSING", "CASE_MISSING", "ADMITTED"]


def test_an_address_on_many_lines_waits_for_a_human() -> None:
    where = address("500 Elm St||Dallas|TX|75201")
    givens = "Ana Eva Luz Rosa Inés Juan Luis Raul Hugo Ivan Omar Saul Abel Adan Beto Ciro Dora Elsa Fito Gina Hilda"
    lines = [
        line(number, address=where, name=name(f"{given}||{family}"))
        for number, (given, family) in enumerate(
            zip(givens.split(), (f"{letter}astro" for letter in "BCDFGHJKLMNPQRSTVWXYZ"), strict=True), start=1
        )
    ]
    twenty = judge_lines(lines[:20], header(), context())
    assert {code_of(one) for one in twenty.judgements} == {"ADMITTED"}
    assert {code_of(one) for one in judge_lines(lines, header(), context()).judgements} == {"REFERRED"}


def test_progress_is_told() -> None:
    seen: list[int] = []
    judge_lines([line(number) for number in range(1, 6)], header(), context(), seen.append)
    assert seen == [5]


def test_messages_and_printed_judgements_hold_no_supplied_value() -> None:
    marker = "Zyxwvutmark"
    fields = "periods statute order_date reason case_id officer identifier birth_date attestations"
    lines = [line(1, **{field: f"{marker} 1"}) for field in (*fields.split(), "line_id")]
    lines += [line(1, name=name(f"{marker}||")), line(1, address=address(f"{marker}||{marker}|{marker}|{marker}"))]
    for one in lines:
        admission = judge_lines([one], header(), context())
        assert marker.lower() not in repr((admission.judgements, admission.warnings, admission.findings)).lower()
