"""Triggers by which the database itself keeps the rules that must never break (C4, C5): SQLite's form.

No change or deletion of evidence; contiguous log; no release without two approvals by two people on the same content
hash; no release or refusal without a record for every line; no move to RELEASED without a release.
The migrations create them. PostgreSQL will need the same rules as functions.
"""

# ruff: noqa: S608  (the only text put into these statements are the constants of this file)

from __future__ import annotations

NEEDS_APPROVALS = "privity: a release needs two approvals"
NEEDS_ACCOUNTING = "privity: a record for every line is missing"
NEEDS_RELEASE = "privity: a released request needs its release"
NOT_CONTIGUOUS = "privity: log rows are contiguous"
PERMANENT = "privity: evidence is permanent"
NOT_ENDED = "privity: only a request that has ended is destroyed"
DESTROYED = "privity: the request was destroyed"
NOT_IN_FORCE = "privity: the agreement is not in force"

PERMANENT_TABLES = (
    "log_rows",
    "agreement_signatures",
    "approvals",
    "releases",
    "accounting",
    "accounting_summaries",
    "accounting_filings",
)


def sqlite_triggers() -> tuple[str, ...]:
    """CREATE TRIGGER statements."""
    permanent = tuple(
        f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} BEGIN SELECT RAISE(ABORT, '{PERMANENT}'); END"
        for table in PERMANENT_TABLES
        for act in ("UPDATE", "DELETE")
    )
    return (*permanent, _CONTIGUOUS, _RELEASE_GUARDED, _SUMMARY_COMPLETE, _RELEASED_HAS_RELEASE)


def destruction_triggers() -> tuple[str, ...]:
    """CREATE TRIGGER statements of revision 0002: a destruction is recorded once, of an ended request, for ever."""
    sealed = ("line_chunks", "decision_chunks", "packages")
    kept = tuple(
        f"CREATE TRIGGER {table}_not_after_destruction BEFORE INSERT ON {table} BEGIN "
        f"SELECT RAISE(ABORT, '{DESTROYED}') WHERE EXISTS (SELECT 1 FROM destructions "
        "WHERE request_id = NEW.request_id AND destroyed_at IS NOT NULL); END"
        for table in sealed
    )
    return (*kept, _DESTRUCTION_OF_ENDED, _DESTRUCTION_ONCE, _DESTRUCTION_PERMANENT)


def decision_triggers() -> tuple[str, ...]:
    """CREATE TRIGGER statements: decisions on agreements are permanent, and the latest is obeyed by the database.

    Nothing is admitted and nothing released under an agreement suspended, ended or replaced. A request that goes back
    whole answers nothing, and may.
    """
    permanent = tuple(
        f"CREATE TRIGGER agreement_decisions_no_{act.lower()} BEFORE {act} ON agreement_decisions "
        f"BEGIN SELECT RAISE(ABORT, '{PERMANENT}'); END"
        for act in ("UPDATE", "DELETE")
    )
    return (*permanent, _ADMITTED_IN_FORCE, _RELEASED_IN_FORCE)


_LATEST_FORBIDS = """SELECT 1 FROM agreement_decisions AS latest
    WHERE latest.place = (SELECT MAX(place) FROM agreement_decisions WHERE agreement_id = asked.agreement_id)
      AND (latest.act <> 'ACTIVATED' OR latest.version <> asked.agreement_version)"""

_ADMITTED_IN_FORCE = f"""CREATE TRIGGER requests_in_force AFTER INSERT ON requests WHEN NEW.returned_whole = 0 BEGIN
  SELECT RAISE(ABORT, '{NOT_IN_FORCE}') FROM requests AS asked
  WHERE asked.request_id = NEW.request_id AND EXISTS ({_LATEST_FORBIDS});
END"""

_RELEASED_IN_FORCE = f"""CREATE TRIGGER releases_in_force BEFORE INSERT ON releases BEGIN
  SELECT RAISE(ABORT, '{NOT_IN_FORCE}') FROM requests AS asked
  WHERE asked.request_id = NEW.request_id AND asked.returned_whole = 0 AND EXISTS ({_LATEST_FORBIDS});
END"""

_DESTRUCTION_OF_ENDED = f"""CREATE TRIGGER destructions_of_ended BEFORE INSERT ON destructions BEGIN
  SELECT RAISE(ABORT, '{NOT_ENDED}') WHERE NEW.destroyed_at IS NOT NULL OR NOT EXISTS (
    SELECT 1 FROM requests WHERE request_id = NEW.request_id AND state IN ('DELIVERED', 'REJECTED'));
END"""

_DESTRUCTION_ONCE = f"""CREATE TRIGGER destructions_once BEFORE UPDATE ON destructions
WHEN OLD.destroyed_at IS NOT NULL OR NEW.destroyed_at IS NULL OR NEW.request_id <> OLD.request_id
  OR NEW.key_id <> OLD.key_id OR NEW.backups_expire <> OLD.backups_expire OR NEW.intended_at <> OLD.intended_at
  OR NEW.intent_index <> OLD.intent_index BEGIN
  SELECT RAISE(ABORT, '{PERMANENT}');
END"""

_DESTRUCTION_PERMANENT = f"""CREATE TRIGGER destructions_no_delete BEFORE DELETE ON destructions BEGIN
  SELECT RAISE(ABORT, '{PERMANENT}');
END"""

_CONTIGUOUS = f"""CREATE TRIGGER log_rows_contiguous BEFORE INSERT ON log_rows BEGIN
  SELECT RAISE(ABORT, '{NOT_CONTIGUOUS}') WHERE NEW.seq <> (SELECT COALESCE(MAX(seq) + 1, 0) FROM log_rows);
END"""

_RELEASE_GUARDED = f"""CREATE TRIGGER releases_guarded BEFORE INSERT ON releases BEGIN
  SELECT RAISE(ABORT, '{NEEDS_APPROVALS}') WHERE 2 > (
    SELECT MIN(COUNT(DISTINCT officer), COUNT(DISTINCT certificate)) FROM approvals
    WHERE request_id = NEW.request_id AND content_sha256 = NEW.content_sha256 AND verdict = 'release');
  SELECT RAISE(ABORT, '{NEEDS_APPROVALS}') WHERE EXISTS (
    SELECT 1 FROM approvals WHERE request_id = NEW.request_id AND content_sha256 = NEW.content_sha256
      AND verdict <> 'release');
  SELECT RAISE(ABORT, '{NEEDS_APPROVALS}') WHERE NEW.content_sha256 <> (
    SELECT content_sha256 FROM requests WHERE request_id = NEW.request_id);
  SELECT RAISE(ABORT, '{NEEDS_ACCOUNTING}') WHERE NOT EXISTS (
    SELECT 1 FROM accounting_summaries WHERE request_id = NEW.request_id AND root = NEW.accounting_root);
END"""

_SUMMARY_COMPLETE = f"""CREATE TRIGGER accounting_summaries_complete BEFORE INSERT ON accounting_summaries BEGIN
  SELECT RAISE(ABORT, '{NEEDS_ACCOUNTING}') WHERE NEW.records <> (
    SELECT lines FROM requests WHERE request_id = NEW.request_id);
  SELECT RAISE(ABORT, '{NEEDS_ACCOUNTING}') WHERE NEW.records <> (
    SELECT COUNT(*) FROM accounting WHERE request_id = NEW.request_id AND ordinal BETWEEN 1 AND NEW.records);
END"""

_RELEASED_HAS_RELEASE = f"""CREATE TRIGGER requests_released BEFORE UPDATE OF state ON requests
WHEN NEW.state IN ('RELEASED', 'DELIVERED') BEGIN
  SELECT RAISE(ABORT, '{NEEDS_RELEASE}') WHERE NOT EXISTS (
    SELECT 1 FROM releases WHERE request_id = NEW.request_id);
END"""
