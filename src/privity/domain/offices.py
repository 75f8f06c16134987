"""Offices, who holds them and when, named officers, and the requester's safeguards.

Authority belongs to whoever holds (or acts in) the office at the moment of signing; succession is data with dates.
Values only: the questions are asked in `privity.policy`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from privity.domain.personal import Personal


class CustodianRole(StrEnum):
    """Roles inside the custodian's house (the table role x action is in `lifecycle`)."""

    DISCLOSURE_OFFICER = "disclosure_officer"
    COUNSEL = "counsel"
    REGISTRAR = "registrar"
    AUDITOR = "auditor"


@dataclass(frozen=True, slots=True)
class OfficeHolding:
    """One person's tenure of one office.

    `until` None: still holds it. `certificates`: SHA-256 of each certificate's DER, hex.
    """

    office: str
    party: str
    name: Personal[str]
    since: datetime
    until: datetime | None
    acting: bool
    certificates: tuple[str, ...]
    delegate: bool = False  # signs on the holder's behalf; counts only where the agreement allows delegates

    def holds_at(self, moment: datetime) -> bool:
        """Whether the tenure covers `moment` (an aware datetime)."""
        return self.since <= moment and (self.until is None or moment < self.until)


@dataclass(frozen=True, slots=True)
class NamedOfficer:
    """An officer of the requester on the roster: may be named on lines and receives their answers alone."""

    id: str
    party: str
    name: Personal[str]
    since: datetime
    until: datetime | None
    certificate_pem: str
    contractor: bool = False
    contractor_safeguarded: bool = False


@dataclass(frozen=True, slots=True)
class CustodianOfficer:
    """A person at the custodian who may act under a role with the given certificates."""

    id: str
    name: Personal[str]
    role: CustodianRole
    since: datetime
    until: datetime | None
    certificates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SafeguardFinding:
    """One open or closed finding of the recipient's safeguard review."""

    id: str
    plan_due: date | None
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class Safeguards:
    """The recipient's latest safeguard review (R08)."""

    party: str
    reviewed_on: date
    findings: tuple[SafeguardFinding, ...]


@dataclass(frozen=True, slots=True)
class OfficeRegister:
    """The office register as recorded: one document, one digest (SHA-256 of its bytes, hex)."""

    digest: str
    holdings: tuple[OfficeHolding, ...]
    officers: tuple[NamedOfficer, ...]
    custodian_officers: tuple[CustodianOfficer, ...]
    safeguards: tuple[Safeguards, ...]
