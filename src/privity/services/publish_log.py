"""The sequencer: rows that a transaction made durable become tiles and a signed checkpoint, in order, once.

Re-runnable at any time. It reads rows and calls the log; it decides nothing about what an entry says.
"""

from __future__ import annotations

from privity.domain.errors import ErrorCode, PrivityError
from privity.ports.evidence_log import EvidenceLog, LogRows, PublishedCheckpoint

BATCH = 4096


def publish_pending(rows: LogRows, log: EvidenceLog, *, batch: int = BATCH) -> PublishedCheckpoint | None:
    """Publish every row not yet under the checkpoint; return the newest checkpoint, or None for an empty log.

    Each run first compares the last published entry with its row, so that a database which is older than the log (a
    restored backup) or another database is noticed. Raises PrivityError LOG_UNAVAILABLE or EVIDENCE_INVALID.
    """
    size = log.published_size()
    newest = log.checkpoint() if size else None
    while True:
        first = max(size - 1, 0)
        entries = rows.read(first, batch + 1)
        if size and not entries:
            raise PrivityError(
                ErrorCode.EVIDENCE_INVALID,
                "the published log is longer than the database's rows: the database is older than its log",
                "Restore the newest database, or have two officers reconfirm this home.",
            )
        fresh = len(entries) - (1 if size else 0)
        if entries:
            newest = log.publish(first, entries)
        if fresh < batch or newest is None:
            return newest
        size = newest.size
