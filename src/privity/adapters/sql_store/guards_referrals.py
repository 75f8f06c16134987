"""Triggers on referred lines and on the change of an admission: nothing is looked up while a line waits for a human.

SQLite's form, beside `guards`. The migrations create them.
"""

# ruff: noqa: S608  (the only text put into these statements are the constants of this file)

from __future__ import annotations

from privity.adapters.sql_store.guards import PERMANENT

WAITING = "privity: lines of this request wait for a human"
NONE_WAITS = "privity: no line of this request waits for a human"
ADMISSION_STANDS = "privity: the admission of this request stands"

_NO_MATCHING = f"""CREATE TRIGGER requests_wait_for_humans BEFORE UPDATE OF state, snapshot_id ON requests
WHEN NEW.returned_whole = 0 AND NEW.referred > 0 AND (
  (OLD.state = 'ADMITTED' AND NEW.state <> 'ADMITTED') OR (NEW.snapshot_id <> '' AND NEW.snapshot_id <> OLD.snapshot_id)
) BEGIN
  SELECT RAISE(ABORT, '{WAITING}');
END"""

_NO_DECISIONS = f"""CREATE TRIGGER decision_chunks_wait_for_humans BEFORE INSERT ON decision_chunks BEGIN
  SELECT RAISE(ABORT, '{WAITING}') WHERE EXISTS (
    SELECT 1 FROM requests WHERE request_id = NEW.request_id AND referred > 0 AND returned_whole = 0);
END"""

_DECIDED_WHILE_WAITING = f"""CREATE TRIGGER referral_decisions_of_waiting BEFORE INSERT ON referral_decisions BEGIN
  SELECT RAISE(ABORT, '{NONE_WAITS}') WHERE NOT EXISTS (
    SELECT 1 FROM requests WHERE request_id = NEW.request_id AND state = 'ADMITTED' AND returned_whole = 0
      AND referred > 0);
END"""

_LINES_OF_DECISION = f"""CREATE TRIGGER referral_lines_of_decision BEFORE INSERT ON referral_lines BEGIN
  SELECT RAISE(ABORT, '{NONE_WAITS}') WHERE NOT EXISTS (
    SELECT 1 FROM referral_decisions WHERE place = NEW.decision AND request_id = NEW.request_id);
END"""

_COUNTS_STAND = f"""CREATE TRIGGER requests_counts_stand BEFORE UPDATE OF admitted, returned, referred ON requests
WHEN NEW.returned_whole = OLD.returned_whole BEGIN
  SELECT RAISE(ABORT, '{ADMISSION_STANDS}') WHERE OLD.state <> 'ADMITTED' OR OLD.referred = 0 OR NEW.referred <> 0;
END"""

_RETURNED_ONCE = f"""CREATE TRIGGER requests_returned_once BEFORE UPDATE OF returned_whole ON requests
WHEN NEW.returned_whole <> OLD.returned_whole BEGIN
  SELECT RAISE(ABORT, '{ADMISSION_STANDS}') WHERE OLD.returned_whole <> 0 OR NEW.admitted <> 0 OR NEW.referred <> 0
    OR OLD.state NOT IN ('ADMITTED', 'AWAITING_REVIEW', 'APPROVED', 'SEALED') OR NEW.state <> 'AWAITING_REVIEW'
    OR EXISTS (SELECT 1 FROM releases WHERE request_id = NEW.request_id)
    OR EXISTS (SELECT 1 FROM decision_chunks WHERE request_id = NEW.request_id);
END"""


def referral_triggers() -> tuple[str, ...]:
    """CREATE TRIGGER statements of the revision that made the referral desk."""
    permanent = tuple(
        f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} BEGIN SELECT RAISE(ABORT, '{PERMANENT}'); END"
        for table in ("referral_decisions", "referral_lines", "reports_made")
        for act in ("UPDATE", "DELETE")
    )
    return (
        *permanent,
        _NO_MATCHING,
        _NO_DECISIONS,
        _DECIDED_WHILE_WAITING,
        _LINES_OF_DECISION,
        _COUNTS_STAND,
        _RETURNED_ONCE,
    )
