"""Whether database, published log and high-water mark belong together; and rebuilding log rows from the log (C7).

In ordinary life, also after a crash at any point, mark <= published log <= database: rows become durable with the
transaction they speak of, are published after it, and are marked after that. Anything else is a restoration. Freezing
and thawing are `reconfirm_home`'s.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from privity.domain.audit_events import AuditEntry, AuditEvent
from privity.domain.errors import ErrorCode, PrivityError
from privity.ledger.entry import decode_entry
from privity.ledger.tree import EMPTY_ROOT, root
from privity.ports.evidence_log import EvidenceLog, PublishedCheckpoint
from privity.ports.home import LogMark
from privity.ports.stores import LogReads, WriteStore
from privity.services.agreements.agreement_decisions import DECISION_EVENTS, replay_decision
from privity.services.gate import Gate, mark_lost
from privity.services.holds.place_hold import replay_hold
from privity.services.holds.replay_notices import NOTICE_EVENTS, replay_notice

_ROWS = 4096
_NOTHING = PublishedCheckpoint(0, EMPTY_ROOT, b"")
_UNMARKED = LogMark(0, "", EMPTY_ROOT)


class Standing(Enum):
    """What a look at the three found."""

    WHOLE = "WHOLE"
    DATABASE_BEHIND = "DATABASE_BEHIND"  # the log has what the database lacks, and nothing contradicts
    LOG_BEHIND = "LOG_BEHIND"  # the database has all that was ever marked: publishing it again gives the same log
    LOST = "LOST"  # entries that were published lie neither here nor there, or two histories contradict each other


@dataclass(frozen=True, slots=True)
class Position:
    """The verdict, the mark and the published log it rests on (None: no mark; a log that cannot be read)."""

    standing: Standing
    mark: LogMark | None
    published: PublishedCheckpoint | None


def look(gate: Gate, rows: LogReads | None = None) -> Position:
    """Compare the three. The mark is read first and the database last, so that another process's publishing between
    the reads is no alarm. `rows`: the transaction at hand, if there is one."""
    mark = gate.mark.read_mark()
    try:
        published: PublishedCheckpoint | None = gate.log.checkpoint() if gate.log.published_size() else _NOTHING
    except PrivityError:
        published = None  # unreadable: every publication refuses by itself; what can be asked is the mark
    if rows is not None:
        return _judge(gate.log, rows, mark, published)
    with gate.store.reading() as read:
        return _judge(gate.log, read, mark, published)


def _judge(log: EvidenceLog, rows: LogReads, mark: LogMark | None, published: PublishedCheckpoint | None) -> Position:
    if published is not None:
        try:
            return Position(_standing(log, rows, mark or _UNMARKED, published), mark, published)
        except PrivityError:
            published = None  # an entry's file is missing or damaged
    missing = mark is not None and (rows.log_size() < mark.size or _against(mark, rows))
    return Position(Standing.LOST if missing else Standing.WHOLE, mark, published)


def _standing(log: EvidenceLog, rows: LogReads, mark: LogMark, published: PublishedCheckpoint) -> Standing:
    size, common = rows.log_size(), min(rows.log_size(), published.size)
    contradicted = (
        (common and _row(rows, common - 1) != log.entry(common - 1))
        or _against(mark, rows)
        or (0 < mark.size <= published.size and _digest(log.entry(mark.size - 1)) != mark.last)
        or (mark.size == published.size and published.root != mark.root)
    )
    if contradicted or max(size, published.size) < mark.size:
        return Standing.LOST
    if size < published.size:
        return Standing.DATABASE_BEHIND
    if published.size < mark.size:
        return Standing.LOG_BEHIND if root(_first_rows(rows, mark.size)) == mark.root else Standing.LOST
    return Standing.WHOLE


def _against(mark: LogMark, rows: LogReads) -> bool:
    """Whether the database has another entry where the mark's last one should be."""
    return 0 < mark.size <= rows.log_size() and _digest(_row(rows, mark.size - 1)) != mark.last


def rebuild(gate: Gate, write: WriteStore, published: PublishedCheckpoint) -> int:
    """Put the entries that only the published log has into the database, byte for byte; returns how many.

    With them come back what they say of holds, of notices and receipts, and of decisions on agreements. A request that
    they speak of otherwise has taken steps which this database does not know; it is marked and goes no further, so that
    nothing is admitted or released twice. Raises PrivityError HOME_FROZEN where the rows do not lead to the log's root:
    then nothing is kept.
    """
    first = write.log_size()
    for index in range(first, published.size):
        content = gate.log.entry(index)
        write.append_log(content)
        _replay(gate, write, decode_entry(content), index)
    if root(_first_rows(write, published.size)) != published.root:
        raise lost()
    return published.size - first


def lost() -> PrivityError:
    """The refusal of a home whose log cannot go on: the sentence says what to do."""
    return PrivityError(
        ErrorCode.HOME_FROZEN,
        "this home was restored, and its evidence log was rolled back behind what it has published, or contradicts it: "
        "the log cannot honestly go on under this origin",
        "Restore the newest log folder (a published or exported copy serves) and run `privity home status`; then two "
        "officers reconfirm. Where no newer copy exists, make a new home with a new origin.",
    )


def _replay(gate: Gate, write: WriteStore, entry: AuditEntry, index: int) -> None:
    if entry.event in (AuditEvent.HOLD_PLACED, AuditEvent.HOLD_LIFTED):
        replay_hold(gate, write, entry)
    elif entry.event in DECISION_EVENTS:
        replay_decision(gate, write, entry, index)
    elif entry.event in NOTICE_EVENTS and replay_notice(write, entry, index):
        return
    elif "request_id" in entry.fields:
        mark_lost(write, str(entry.fields["request_id"]))


def _first_rows(rows: LogReads, size: int) -> Iterator[bytes]:
    for first in range(0, size, _ROWS):
        yield from rows.log_rows(first, min(_ROWS, size - first))


def _row(rows: LogReads, index: int) -> bytes:
    return rows.log_rows(index, 1)[0]


def _digest(entry: bytes) -> str:
    return hashlib.sha256(entry).hexdigest()
