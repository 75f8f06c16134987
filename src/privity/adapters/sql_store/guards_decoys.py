"""Triggers on decoys and stops: a request of which a run confirmed a decoy moves nowhere until two people decide.

SQLite's form, beside `guards`. The migrations create them.
"""

# ruff: noqa: S608  (the only text put into these statements are the constants of this file)

from __future__ import annotations

from privity.adapters.sql_store.guards import PERMANENT

STOPPED = "privity: a run of this request confirmed a decoy"
NOT_DECIDED = "privity: two people have not decided on this stop"
_IN_FORCE = "SELECT 1 FROM decoy_stops WHERE request_id = NEW.request_id AND cleared_at IS NULL"

_REQUEST_STAYS = f"""CREATE TRIGGER requests_stopped BEFORE UPDATE OF state, snapshot_id ON requests
WHEN NEW.state <> OLD.state OR NEW.snapshot_id <> '' BEGIN
  SELECT RAISE(ABORT, '{STOPPED}') WHERE EXISTS ({_IN_FORCE});
END"""

_NO_RELEASE = f"""CREATE TRIGGER releases_stopped BEFORE INSERT ON releases BEGIN
  SELECT RAISE(ABORT, '{STOPPED}') WHERE EXISTS ({_IN_FORCE});
END"""

_NO_DECISIONS = f"""CREATE TRIGGER decision_chunks_stopped BEFORE INSERT ON decision_chunks BEGIN
  SELECT RAISE(ABORT, '{STOPPED}') WHERE EXISTS ({_IN_FORCE});
END"""

_STOP_OF_ADMITTED = f"""CREATE TRIGGER decoy_stops_of_admitted BEFORE INSERT ON decoy_stops BEGIN
  SELECT RAISE(ABORT, '{STOPPED}') WHERE NEW.cleared_at IS NOT NULL OR NOT EXISTS (
    SELECT 1 FROM requests WHERE request_id = NEW.request_id AND state = 'ADMITTED');
END"""

_CLEARED_ONCE = f"""CREATE TRIGGER decoy_stops_cleared_once BEFORE UPDATE ON decoy_stops
WHEN OLD.cleared_at IS NOT NULL OR NEW.cleared_at IS NULL OR NEW.stop_id <> OLD.stop_id
  OR NEW.request_id <> OLD.request_id OR NEW.snapshot_id <> OLD.snapshot_id OR NEW.software <> OLD.software
  OR NEW.rule_set <> OLD.rule_set OR NEW.hold_id <> OLD.hold_id OR NEW.found_at <> OLD.found_at
  OR NEW.sealed <> OLD.sealed BEGIN
  SELECT RAISE(ABORT, '{PERMANENT}');
END"""

_CLEARED_BY_TWO = f"""CREATE TRIGGER decoy_stops_cleared_by_two BEFORE UPDATE ON decoy_stops BEGIN
  SELECT RAISE(ABORT, '{NOT_DECIDED}') WHERE 2 > (
    SELECT MIN(COUNT(DISTINCT officer), COUNT(DISTINCT certificate)) FROM decoy_clearances
    WHERE stop_id = NEW.stop_id);
END"""


def decoy_triggers() -> tuple[str, ...]:
    """CREATE TRIGGER statements of revision 0004."""
    permanent = tuple(
        f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} BEGIN SELECT RAISE(ABORT, '{PERMANENT}'); END"
        for table, act in (
            ("decoys", "DELETE"),
            ("decoy_stops", "DELETE"),
            ("decoy_clearances", "DELETE"),
            ("decoy_clearances", "UPDATE"),
        )
    )
    return (
        *permanent,
        _REQUEST_STAYS,
        _NO_RELEASE,
        _NO_DECISIONS,
        _STOP_OF_ADMITTED,
        _CLEARED_ONCE,
        _CLEARED_BY_TWO,
    )
