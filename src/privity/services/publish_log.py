"""The sequencer: rows that a transaction made durable become tiles and a signed checkpoint, in order, once.

After that, and never before, the high-water mark follows: so a crash leaves the mark behind, not ahead. Re-runnable at
any time. It reads rows and calls the log; it decides nothing about what an entry says.
"""

from __future__ import annotations

import hashlib

from privity.domain.errors import ErrorCode, PrivityError
from privity.ports.evidence_log import EvidenceLog, LogRows, PublishedCheckpoint
from privity.ports.home import HighWaterMark, LogMark

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
                "Run `privity home status`: the home freezes; then two officers reconfirm it.",
            )
        fresh = len(entries) - (1 if size else 0)
        if entries:
            newest = log.publish(first, entries)
        if fresh < batch or newest is None:
            return newest
        size = newest.size


def raise_mark(published: PublishedCheckpoint | None, log: EvidenceLog, mark: HighWaterMark) -> None:
    """Write down how far the log is published, where that is farther than the mark says. Never lowers it.

    Under the sequencer's lock. Raises PrivityError STORAGE_FAILED, LOG_UNAVAILABLE.
    """
    before = mark.read_mark()
    if published is None or (before is not None and before.size >= published.size):
        return
    last = hashlib.sha256(log.entry(published.size - 1)).hexdigest()
    mark.write_mark(LogMark(published.size, last, published.root))
