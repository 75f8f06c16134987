"""Reports made under agreements, in SQL: `ports.reports`. Two capabilities for `reading` and `writing` to take up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

from privity.adapters.sql_store import schema_desk as desk
from privity.adapters.sql_store.moments import from_text, to_text
from privity.domain.errors import ErrorCode, PrivityError
from privity.ports.reports import StoredReport


class ReportTableReads:
    """What was made."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def reports_made(self, agreement_id: str) -> Sequence[StoredReport]:
        """All reports under any version of an agreement, in the order of recording."""
        table = desk.reports_made
        rows = self._connection.execute(
            select(table).where(table.c.agreement_id == agreement_id).order_by(table.c.place)
        )
        return [
            StoredReport(
                row.agreement_id,
                row.report,
                date.fromisoformat(row.about),
                date.fromisoformat(row.made_on),
                from_text(row.recorded_at),
                row.recorded_by,
                row.evidence_sha256,
                row.log_index,
            )
            for row in rows
        ]


class ReportTableWrites(ReportTableReads):
    """Record."""

    def add_report(self, report: StoredReport) -> None:
        """Once for each document, duty and day."""
        row = {
            "agreement_id": report.agreement_id,
            "report": report.report,
            "about": report.about.isoformat(),
            "made_on": report.made_on.isoformat(),
            "recorded_at": to_text(report.recorded_at),
            "recorded_by": report.recorded_by,
            "evidence_sha256": report.evidence_sha256,
            "log_index": report.log_index,
        }
        try:
            self._connection.execute(insert(desk.reports_made), row)
        except IntegrityError:
            raise PrivityError(
                ErrorCode.STATE_CONFLICT, "this report is on record already", "See `privity agreement inventory`."
            ) from None
