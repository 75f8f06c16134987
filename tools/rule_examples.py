"""Examples of every admission rule, accepted and refused, for docs/rules.md. Each is judged when the page is written.

Lines are the tests' good line with the change that is shown; requests are the good request with one change. All under
the shipped tax agreement, at one fixed moment.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from privity.domain.agreement import Agreement, AgreementSide
from privity.domain.offices import OfficeRegister, SafeguardFinding, Safeguards
from privity.domain.request import ReferredLine, RequestLine, ReturnedLine
from privity.policy.admission import judge_lines, judge_request
from tests.builders.admission import (
    NOW,
    address,
    context,
    example_agreement,
    header,
    line,
    name,
    offices,
    signature,
)

AGREEMENT: Agreement = example_agreement()
NAMED = (AGREEMENT.id, AGREEMENT.version, AGREEMENT.digest)
DAY = timedelta(days=1)
Judge = Callable[[], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Example:
    """`shown`: the example in a reader's words. `judge`: the codes it gets, none where it is accepted."""

    shown: str
    accepted: bool
    judge: Judge


def _lines(lines: Sequence[RequestLine], head: Mapping[str, Any], **facts: Any) -> Sequence[str]:
    """Codes of the lines that go back or wait, then of findings on the whole file."""
    admission = judge_lines(list(lines), header(**head), context(**facts))
    sent_back = [one.code.value for one in admission.judgements if isinstance(one, ReturnedLine | ReferredLine)]
    return [*dict.fromkeys(sent_back), *(one.code.value for one in admission.findings if one.rule != "R13")]


def _line(shown: str, accepted: bool, head: Mapping[str, Any] | None = None, **change: Any) -> Example:
    return Example(shown, accepted, lambda: _lines([line(1, **change)], head or {}))


def _home(text: str, accepted: bool) -> Example:
    return _line(text.replace("||", ", ").replace("|", ", "), accepted, address=address(text))


def _person(text: str, accepted: bool) -> Example:
    return _line(" ".join(text.replace("|", " ").split()), accepted, name=name(text))


def _file(shown: str, accepted: bool, *lines: RequestLine, **facts: Any) -> Example:
    return Example(shown, accepted, lambda: _lines(lines, {}, **facts))


def _whole(shown: str, accepted: bool, lines: int, bad: int = 0, **facts: Any) -> Example:
    def judge() -> Sequence[str]:
        unknown = address("Unknown||Dallas|TX|75201")
        asked = [line(n, **({"address": unknown} if n <= bad else {})) for n in range(1, lines + 1)]
        return [one.code.value for one in judge_lines(asked, header(), context(**facts)).findings]

    return Example(shown, accepted, judge)


def _request(
    shown: str,
    accepted: bool,
    head: Mapping[str, Any] | None = None,
    sign: Mapping[str, Any] | None = None,
    named: tuple[str, int, str] = NAMED,
    **facts: Any,
) -> Example:
    def judge() -> Sequence[str]:
        found = judge_request(header(**head or {}), named, signature(**sign or {}), context(**facts))
        return [one.code.value for one in found]

    return Example(shown, accepted, judge)


def _holding(**change: Any) -> OfficeRegister:
    return offices(holdings=(replace(offices().holdings[0], **change),))


def _review(*findings: SafeguardFinding, days_ago: int = 200) -> OfficeRegister:
    return offices(safeguards=(Safeguards("enforcement-agency", (NOW - days_ago * DAY).date(), findings),))


def _with(rule: str, **parameters: Any) -> Agreement:
    uses = tuple(
        replace(use, parameters={**use.parameters, **parameters}) if use.rule == rule else use
        for use in AGREEMENT.rules
    )
    return replace(AGREEMENT, rules=uses)


def _contractor(*, safeguarded: bool) -> OfficeRegister:
    register = offices(2)
    other = replace(register.officers[1], contractor=True, contractor_safeguarded=safeguarded)
    return replace(register, officers=(register.officers[0], other))


_SAME = name("Elena||Marquez")
EXAMPLES: Mapping[str, tuple[Example, ...]] = {
    "R01": (
        _request("the present director signs", True),
        _request("an acting director signs", True, offices=_holding(acting=True)),
        _request("signed for an office that the agreement does not name", False, {"office": "field-office"}),
        _request("the director's term ended an hour before receipt", False, offices=_holding(until=NOW - DAY / 24)),
        _request("a delegate signs", False, offices=_holding(delegate=True)),
    ),
    "R02": (
        _request("the requester's clock is four minutes ahead", True, sign={"signing_time": NOW + DAY / 360}),
        _request("the signature is dated an hour ahead", False, sign={"signing_time": NOW + DAY / 24}),
        _request("the certificate carries no policy for request signing", False, sign={"policies": ()}),
    ),
    "R03": (
        _request("the agreement's own requester", True),
        _request("another agency under this agreement", False, {"requester": "another-agency"}),
    ),
    "R04": (
        _request("asks to confirm addresses", True),
        _request("asks for the address", False, {"request_type": "disclose_address"}),
    ),
    "R05": (
        _request("8 U.S.C. 1253(a)(1)", True),
        _request("8 U.S.C. 1325 beside it", False, {"statutes": (*AGREEMENT.statutes, "8 U.S.C. 1325")}),
        _request("no statute", False, {"statutes": ()}),
    ),
    "R06": (
        _request("criminal-investigation-or-proceeding, with both attestations", True),
        _request("civil-enforcement", False, {"purpose": "civil-enforcement"}),
        _request("an attestation is missing", False, {"attestations": ("solely_for_this_use",)}),
    ),
    "R07": (
        _request("version, digest, dates and both signatures stand", True),
        _request("another digest", False, named=(AGREEMENT.id, AGREEMENT.version, "0" * 64)),
        _request("the custodian has not signed", False, agreement_signed_by=frozenset({AgreementSide.REQUESTER})),
        _request("suspended by counsel", False, agreement_stopped="the agreement is suspended"),
        _request("expired yesterday", False, agreement=replace(AGREEMENT, expires=(NOW - DAY).date())),
    ),
    "R08": (
        _request("reviewed 200 days ago, a finding whose plan is due next month", True,
                 offices=_review(SafeguardFinding("F-1", (NOW + 30 * DAY).date(), None))),
        _request("a finding whose plan was due yesterday", False,
                 offices=_review(SafeguardFinding("F-1", (NOW - DAY).date(), None))),
        _request("a finding without a plan", False, offices=_review(SafeguardFinding("F-1", None, None))),
        _request("reviewed 1,200 days ago", False, offices=_review(days_ago=1200)),
    ),
    "R09": (
        _request("no hold in force", True),
        _request("a court order holds the agreement", False, holds=("hold-1",)),
    ),
    "R10": (
        _request("made, then signed", True),
        _request("made after it was signed", False, {"created_at": NOW}),
        _whole("three lines where the agreement takes two", False, 3, agreement=_with("R10", max_lines=2)),
    ),
    "R11": (
        _request("29 days old", True, {"created_at": NOW - 29 * DAY}),
        _request("31 days old", False, {"created_at": NOW - 31 * DAY}),
        _request("received before", False, seen_before=True),
    ),
    "R12": (
        _file("50 cases with one officer", True, *(line(n, officer="officer-1") for n in range(1, 51))),
        _file("51 cases with one officer", False, *(line(n, officer="officer-1") for n in range(1, 52))),
        _whole("an officer with 50 open cases elsewhere gets one more", False, 1, open_cases={"officer-2": 50}),
    ),
    "R13": (
        _whole("5 of 100 lines defective", True, 100, 5),
        _whole("6 of 100 lines defective", False, 100, 6),
    ),
    "R14": (
        _whole("two lines where two are agreed", True, 2, agreement=_with("R14", per_request=2)),
        _whole("three lines where two are agreed", False, 3, agreement=_with("R14", per_request=2)),
        _whole("the year's volume is used up", False, 3, agreement=_with("R14", per_year=10), lines_this_year=8),
    ),
    "R15": (
        _request("nothing overdue", True),
        _request("one destruction certificate overdue", False, overdue_duties=1),
    ),
    "L01": (
        _person("Ana Lucia||de la Torre", True),
        _person("Jo||Ng", True),
        _person("Failed||to Provide", False),
        _person("FNU||LNU", False),
        _person("Maria||", False),
        _person("Rosa||Church", True),
        _person("Lopez Landscaping LLC", False),
        _person("Carlos y Maria Baker", False),
    ),
    "L02": (
        _home("PO Box 1187||Laredo|TX|78042", True),
        _home("Failed to Provide||Dallas|TX|75201", False),
        _home("Desconocido||Dallas|TX|75201", False),
        _home("U N K N O W N||Dallas|TX|75201", False),
        _home("N07 G1V3N||Dallas|TX|75201", False),
        _home("4821 Se Negó a Dar Domicilio||Dallas|TX|75201", False),
        _home("12 No Name Rd||Marfa|TX|79843", True),
    ),
    "L03": (
        _home("45-12 Bell Blvd|Apt 3F|Bayside|NY|11361", True),
        _home("842 E 1700 S||Salt Lake City|UT|84105", True),
        _home("Main Street||Dallas|TX|75201", False),
        _home("5th and Main||Dallas|TX|75201", False),
        _home("RR 2||Marfa|TX|79843", False),
        _home("75201||Dallas|TX|75201", False),
        _home("PSC 3 Box 1234||APO|AE|09021", True),
        _home("Carr 2 Km 14.2||San Juan|PR|00926", True),
        _home("N6W23001 Bluemound Rd||Waukesha|WI|53188", True),
        _home("1234 1/2 Elm St|C/O Ana Ruiz|Dallas|TX|75201", True),
        _home("1200 Main St|PMB 12|Dallas|TX|75201", True),
    ),
    "L04": (
        _home("418 W Jefferson Blvd||Dallas|TX|75208", True),
        _home("100 Main St||New York|NY|90210", False),
        _home("100 Main St||Dallas|ZZ|75201", False),
        _home("100 Main St||Fall River|MA|2740", False),
    ),
    "L05": (
        _home("200 Jail Hill Rd||Dallas|TX|75201", True),
        _home("Dallas County Jail||Dallas|TX|75207", False),
        _home("Mercy General Hospital||Dallas|TX|75201", False),
        _home("C/O Harris County Jail|1200 Baker St|Houston|TX|77002", False),
        _home("Greyhound Station||Dallas|TX|75202", False),
        _home("924 Depot St # 603||Dallas|TX|75201", True),
    ),
    "L06": (
        _line("2023;2024", True, periods="2023;2024"),
        _line("all years", False, periods="all years"),
        _line("2019", False, periods="2019"),
        _line("2027 (not past)", False, periods="2027"),
    ),
    "L07": (
        _line("the header's statute", True),
        _line("8 U.S.C. 1325", False, statute="8 U.S.C. 1325"),
        _line("none", False, statute=""),
    ),
    "L08": (
        _line("2025-03-14", True, order_date="2025-03-14"),
        _line("30 days before signature", False, order_date=(NOW - 31 * DAY).date().isoformat()),
        _line("1900-01-01", False, order_date="1900-01-01"),
        _line("2025-02-30", False, order_date="2025-02-30"),
    ),
    "L09": (
        _line("both attestations in the header", True),
        _line("no_relief_pending is not attested", False,
              {"attestations": ("personally_and_directly_engaged", "solely_for_this_use", "basis_of_order")}),
    ),
    "L10": (
        _line("Missed two check-ins; vehicle registered here in February", True,
              reason="Missed two check-ins; vehicle registered here in February"),
        _line("immigration enforcement", False, reason="immigration enforcement"),
        _line("nothing", False, reason=""),
        _file("one reason on eleven lines, dates and numbers apart", False,
              *(line(n, reason=f"Employer confirmed wages through spring of {2010 + n}") for n in range(1, 12))),
    ),
    "L11": (
        _line("A-2024-118823", True, case_id="A-2024-118823"),
        _line("N/A", False, case_id="N/A"),
        _file("one case, two people", False, line(1, case_id="A-7700123"), line(2, case_id="A-7700123")),
    ),
    "L12": (
        _line("officer-1, on the roster", True, officer="officer-1"),
        _line("an officer who is not on the roster", False, officer="officer-999"),
        _line("none", False, officer=""),
    ),
    "L13": (
        _line("an identifier beside name and address", True, identifier="123-45-6780"),
        _line("an identifier, and no name", False, identifier="123-45-6780", name=name("||")),
        _line("an identifier, and no address", False, identifier="123-45-6780", address=address("||||")),
    ),
    "L14": (
        _file("two people of one name, with other cases and order dates", True,
              line(1, name=_SAME), line(2, name=_SAME, order_date="2024-05-06")),
        _file("one person, two addresses", False,
              line(1, name=_SAME, birth_date="1980-02-03"), line(2, name=_SAME, birth_date="1980-02-03")),
        _file("one person, two spellings", False,
              line(1, name=_SAME, birth_date="1980-02-03"),
              line(2, name=name("Elena||Marques"), birth_date="1980-02-03")),
        _file("one person and address, another unit", False,
              line(1, name=_SAME, birth_date="1980-02-03", address=address("9 Elm St|Apt 1|Dallas|TX|75201")),
              line(2, name=_SAME, birth_date="1980-02-03", address=address("9 Elm St|Apt 2|Dallas|TX|75201"))),
        _file("one person and address, another period", False,
              line(1, name=_SAME, identifier="123-45-6780", periods="2023"),
              line(2, name=_SAME, identifier="123-45-6780", periods="2024")),
        _file("a fourth question about one person in a year", False, line(1, name=_SAME, birth_date="1980-02-03"),
              asked_before=lambda persons: {one: frozenset({b"a", b"b", b"c"}) for one in persons}),
    ),
    "L15": (
        _line("Peña-O'Neil", True, name=name("José||Peña-O'Neil")),
        _line('=HYPERLINK("x")', False, name=name('=HYPERLINK("x")||Marquez')),
        _line("a zero-width space inside the name", False, name=name("Ele\u200bna||Marquez")),
        _line("a look-alike letter (Cyrillic) inside the name", False, name=name("El\u0435na||Marquez")),
        _home("Dallas||418 W Jefferson Blvd|TX|75208", False),
        _home("9 Elm St or 12 Oak Ave||Dallas|TX|75201", False),
        _line("JosÃ© (saved in the wrong encoding)", False, name=name("JosÃ©||Marquez")),
        _file("one line id twice", False, line(1, line_id="L-7"), line(2, line_id="L-7")),
    ),
    "L16": (
        _home("418 W Jefferson Blvd|Apt 12|Dallas|TX|75208", True),
        _home("General Delivery||Marfa|TX|79843", False),
        _home("Calle Juárez 45||Monterrey|Mexico|64000", False),
        _home("Harris County Jail, 1200 Baker St, Inmate No 01234567||Houston|TX|77002", False),
        _home("Hope Rescue Mission|418 Elm St|Dallas|TX|75201", False),
        _file("one address on twenty-one lines", False,
              *(line(n, address=address("77 Mill St||Dallas|TX|75201")) for n in range(1, 22))),
    ),
    "V01": (
        _file("an officer with a certificate on the roster", True, line(1)),
        _file("a contractor without safeguards", False, line(1), offices=_contractor(safeguarded=False)),
        _file("a contractor whose safeguards are reviewed", True, line(1), offices=_contractor(safeguarded=True)),
    ),
}  # fmt: skip
