"""Builds agreements, headers, lines and contexts for tests of admission. Invented people only."""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import io
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from privity.domain.agreement import BOTH_SIDES, Agreement
from privity.domain.offices import (
    CustodianOfficer,
    CustodianRole,
    NamedOfficer,
    OfficeHolding,
    OfficeRegister,
    Safeguards,
)
from privity.domain.personal import Personal
from privity.domain.request import (
    LineContent,
    Ordinal,
    RequestHeader,
    RequestId,
    RequestLine,
    SuppliedAddress,
    SuppliedName,
)
from privity.policy.admission import RequestContext, SignatureFacts
from privity.wire.agreement_format import read_agreement
from privity.wire.request_format import COLUMNS

EXAMPLES = Path(__file__).parents[2] / "examples"
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
FINGERPRINT = "a" * 64
REASON = "Missed the surrender appointment after the bond was forfeited; landlord names this flat"
PEM = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"


def example_agreement(name: str = "tax-enforcement-2025") -> Agreement:
    """One of the shipped agreements."""
    return read_agreement((EXAMPLES / "agreements" / f"{name}.yaml").read_bytes(), source=name)


def header(**changes: object) -> RequestHeader:
    """A header that passes under the tax agreement."""
    good = RequestHeader(
        request_id=RequestId("req-1"),
        agreement_id="tax-enforcement-2025",
        agreement_version=1,
        requester="enforcement-agency",
        office="enforcement-director",
        request_type="confirm_address",
        statutes=("8 U.S.C. 1253(a)(1)",),
        purpose="criminal-investigation-or-proceeding",
        attestations=(
            "personally_and_directly_engaged",
            "solely_for_this_use",
            "basis_of_order",
            "no_relief_pending",
        ),
        created_at=NOW - timedelta(days=1),
    )
    return dataclasses.replace(good, **changes)  # type: ignore[arg-type]


def signature(**changes: object) -> SignatureFacts:
    """A signature that passes."""
    policies = example_agreement().certificate_policies
    good = SignatureFacts(FINGERPRINT, NOW - timedelta(hours=2), NOW, policies)
    return dataclasses.replace(good, **changes)  # type: ignore[arg-type]


def offices(officers: int = 100, **changes: object) -> OfficeRegister:
    """An office register with a director, officers `officer-1` ..., a review, and two custodian officers."""
    since = NOW - timedelta(days=400)
    good = OfficeRegister(
        digest="0" * 64,
        holdings=(
            OfficeHolding(
                "enforcement-director", "enforcement-agency", Personal("D"), since, None, False, (FINGERPRINT,)
            ),
        ),
        officers=tuple(
            NamedOfficer(f"officer-{n}", "enforcement-agency", Personal("O"), since, None, PEM)
            for n in range(1, officers + 1)
        ),
        custodian_officers=(
            CustodianOfficer("alba", Personal("A"), CustodianRole.DISCLOSURE_OFFICER, since, None, ("b" * 64,)),
            CustodianOfficer("bell", Personal("B"), CustodianRole.COUNSEL, since, None, ("c" * 64,)),
            CustodianOfficer("cole", Personal("C"), CustodianRole.AUDITOR, since, None, ("d" * 64,)),
        ),
        safeguards=(Safeguards("enforcement-agency", date(2026, 1, 15), ()),),
    )
    return dataclasses.replace(good, **changes)  # type: ignore[arg-type]


def digest(message: bytes) -> bytes:
    """Stands for the key store's keyed digest."""
    return hashlib.sha256(b"test key" + message).digest()[:16]


def context(agreement: Agreement | None = None, **changes: object) -> RequestContext:
    """A context under which the good header, signature and lines pass."""
    good = RequestContext(
        agreement=agreement or example_agreement(),
        offices=offices(),
        at=NOW,
        lines_this_year=0,
        open_cases={},
        overdue_duties=0,
        holds=(),
        seen_before=False,
        asked_before=lambda _: {},
        digest=digest,
        agreement_signed_by=BOTH_SIDES,
        agreement_stopped="",
    )
    return dataclasses.replace(good, **changes)  # type: ignore[arg-type]


def content(number: int = 1, **changes: object) -> LineContent:
    """A line that passes: its own person, case, reason and officer for each number."""
    family = "Sol" + "".join(_SYLLABLES[int(digit)] for digit in f"{number:04d}")
    good = LineContent(
        line_id=f"L-{number}",
        name=SuppliedName(given_name="Maria", family_name=family),
        address=SuppliedAddress(f"{100 + number} Main St", "", "Dallas", "TX", "75201"),
        periods="2024",
        statute="8 U.S.C. 1253(a)(1)",
        order_date="2025-03-14",
        reason=f"{REASON} {_own_words(number)}",
        case_id=f"A{200_000 + number * 7}",
        officer=f"officer-{number % 100 + 1}",
    )
    return dataclasses.replace(good, **changes)  # type: ignore[arg-type]


# Any two differ in consonant and vowel, so that no two invented people have near names.
_SYLLABLES = ("bal", "cem", "din", "for", "gus", "lat", "mep", "nif", "poc", "rub")


def _own_words(number: int) -> str:
    """Words that differ from line to line without digits."""
    words = ("zeta", "yota", "eta", "pi", "rho", "tau", "nu", "mu", "xi", "psi")
    return " ".join(words[int(digit)] for digit in f"{number:05d}")


def line(number: int = 1, **changes: object) -> RequestLine:
    """A request line of that ordinal."""
    return RequestLine(Ordinal(number), Personal(content(number, **changes)))


def address(text: str) -> SuppliedAddress:
    """`line1|line2|city|state|zip`, or a one-line address without bars."""
    return SuppliedAddress(*text.split("|")) if "|" in text else SuppliedAddress(address=text)


def name(text: str) -> SuppliedName:
    """`given|middle|family`, or one field."""
    if "|" not in text:
        return SuppliedName(full_name=text)
    given, middle, family = text.split("|")
    return SuppliedName(given, middle, family)


def csv_of(contents: list[LineContent]) -> bytes:
    """A CSV file of the lines, with every column."""
    columns = COLUMNS
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    for one in contents:
        writer.writerow([_value(one, column) for column in columns])
    return text.getvalue().encode()


def _value(one: LineContent, column: str) -> str:
    for place in (one, one.name, one.address):
        if column in place.__dataclass_fields__ and isinstance(getattr(place, column), str):
            return str(getattr(place, column))
    raise KeyError(column)
