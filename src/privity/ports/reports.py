"""What stores keep of the reports that parties made under an agreement: that, when, and a digest; not the report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class StoredReport:
    """One report made. `about`: the last day of the year, or the day of the incident, that it is about."""

    agreement_id: str
    report: str  # the reporting duty's id in the agreement
    about: date
    made_on: date
    recorded_at: datetime
    recorded_by: str  # role
    evidence_sha256: str
    log_index: int


class ReportReads(Protocol):
    """What was made."""

    def reports_made(self, agreement_id: str) -> Sequence[StoredReport]:
        """All reports under any version of an agreement, in the order of recording."""
        ...


class ReportWrites(Protocol):
    """Record; nothing is changed or deleted."""

    def add_report(self, report: StoredReport) -> None:
        """Raises PrivityError STATE_CONFLICT where this very document is on record for the duty and the day."""
        ...
