"""Office registers: read, and refused with the line where dates contradict or ids stand twice."""

from __future__ import annotations

import base64
import hashlib

import pytest

from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.offices import CustodianRole
from privity.wire.offices_format import read_offices

DER = b"\x30\x03\x02\x01\x05"
PEM_LINES = f"-----BEGIN CERTIFICATE-----\n{base64.b64encode(DER).decode()}\n-----END CERTIFICATE-----"
FINGERPRINT = "ab" * 32


def indent(text: str, by: int) -> str:
    return "\n".join(" " * by + row for row in text.split("\n"))


DOCUMENT = f"""\
format: privity-offices/1
holders:
  - office: enforcement-director
    party: enforcement-agency
    name: Dana Director
    since: 2025-01-01T00:00:00Z
    until: 2026-06-01T00:00:00Z
    certificates: [{FINGERPRINT}]
  - office: enforcement-director
    party: enforcement-agency
    name: Acting Person
    since: 2026-06-01T00:00:00-05:00
    acting: true
    certificates:
      - |
{indent(PEM_LINES, 8)}
officers:
  - id: officer-1
    party: enforcement-agency
    name: Olga Officer
    since: 2025-01-01T00:00:00Z
    certificate: |
{indent(PEM_LINES, 6)}
custodian_officers:
  - id: alba
    name: Alba Reviewer
    role: disclosure_officer
    since: 2025-01-01T00:00:00Z
    certificates: [{FINGERPRINT}]
safeguards:
  - party: enforcement-agency
    reviewed_on: 2026-01-15
    findings:
      - id: F-1
        plan_due: 2027-01-01
"""


def test_the_register_is_read() -> None:
    offices = read_offices(DOCUMENT.encode())
    assert offices.digest == hashlib.sha256(DOCUMENT.encode()).hexdigest()
    assert [one.acting for one in offices.holdings] == [False, True]
    assert offices.holdings[1].certificates == (hashlib.sha256(DER).hexdigest(),)
    assert offices.holdings[1].since.isoformat() == "2026-06-01T05:00:00+00:00"
    assert offices.officers[0].certificate_pem.startswith("-----BEGIN CERTIFICATE-----\n")
    assert offices.custodian_officers[0].role is CustodianRole.DISCLOSURE_OFFICER
    assert offices.safeguards[0].findings[0].closed_on is None
    assert "Dana" not in repr(offices)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("until: 2026-06-01", "until: 2024-06-01", "before it begins"),
        ("acting: true", "acting: false\n    until: 2024-01-01T00:00:00Z", "before it begins"),
        ("since: 2026-06-01T00:00:00-05:00\n    acting: true", "since: 2026-01-01T00:00:00Z", "one time"),
        ("since: 2025-01-01T00:00:00Z\n    until", "since: 2025-01-01\n    until", "timezone"),
        ("    role: disclosure_officer", "    roll: disclosure_officer\n    role: disclosure_officer", "not known"),
        ("role: disclosure_officer", "role: emperor", "disclosure_officer"),
        (f"certificates: [{FINGERPRINT}]", "certificates: [abc]", "certificate"),
        (f"certificates: [{FINGERPRINT}]", "certificates: []", "at least 1"),
        (f"certificates: [{FINGERPRINT}]", f"certificates: [{FINGERPRINT}, {FINGERPRINT}]", "twice"),
        ("certificate: |", "contractor_safeguarded: true\n    certificate: |", "no contractor"),
        ("format: privity-offices/1", "format: privity-offices/9", "privity-offices/1"),
        ("BEGIN CERTIFICATE", "BEGIN PRIVATE KEY", "certificate"),
    ],
)
def test_what_is_wrong_is_refused_with_its_line(old: str, new: str, says: str) -> None:
    assert old in DOCUMENT
    with pytest.raises(PrivityError) as caught:
        read_offices(DOCUMENT.replace(old, new, 1).encode(), source="o.yaml")
    assert caught.value.code is ErrorCode.OFFICES_INVALID
    assert says in caught.value.message
    assert "o.yaml, line " in caught.value.message
    assert not any(person in caught.value.message for person in ("Dana", "Acting P", "Olga", "Alba R"))


def test_an_officer_id_stands_once() -> None:
    start, end = DOCUMENT.index("  - id: officer-1"), DOCUMENT.index("custodian_officers:")
    twice = DOCUMENT[:end] + DOCUMENT[start:end].replace("officer-1", "OFFICER-1") + DOCUMENT[end:]
    with pytest.raises(PrivityError, match="twice"):
        read_offices(twice.encode())
