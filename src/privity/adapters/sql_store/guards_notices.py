"""Triggers on holds, classes, notices and receipts: nothing of them is deleted, and each changes once or never.

SQLite's form, beside `guards`. The migrations create them.
"""

# ruff: noqa: S608  (the only text put into these statements are the constants of this file)

from __future__ import annotations

from privity.adapters.sql_store.guards import PERMANENT

NO_RECEIPT = "privity: this notice asks for no receipt, or a later one took its place"

_LIFTED_ONCE = f"""CREATE TRIGGER holds_lifted_once BEFORE UPDATE ON holds
WHEN OLD.lifted_at IS NOT NULL OR NEW.lifted_at IS NULL OR NEW.hold_id <> OLD.hold_id OR NEW.scope <> OLD.scope
  OR NEW.target <> OLD.target OR NEW.kind <> OLD.kind OR NEW.placed_at <> OLD.placed_at OR NEW.demand <> OLD.demand
  OR NEW.starts_at IS NOT OLD.starts_at OR NEW.ends_at IS NOT OLD.ends_at OR NEW.concealed <> OLD.concealed
  OR NEW.order_sha256 <> OLD.order_sha256 BEGIN
  SELECT RAISE(ABORT, '{PERMANENT}');
END"""

_REMOVED_ONCE = f"""CREATE TRIGGER class_members_removed_once BEFORE UPDATE ON class_members
WHEN OLD.removed_at IS NOT NULL OR NEW.removed_at IS NULL OR NEW.word <> OLD.word OR NEW.person <> OLD.person
  OR NEW.added_at <> OLD.added_at BEGIN
  SELECT RAISE(ABORT, '{PERMANENT}');
END"""

_RECEIPT_OF_LATEST = f"""CREATE TRIGGER notice_receipts_of_latest BEFORE INSERT ON notice_receipts BEGIN
  SELECT RAISE(ABORT, '{NO_RECEIPT}') WHERE NOT EXISTS (
    SELECT 1 FROM notices AS asked WHERE asked.notice_id = NEW.notice_id AND asked.action <> 'lifted'
      AND asked.place = (SELECT MAX(place) FROM notices WHERE request_id = asked.request_id));
END"""


def notice_triggers() -> tuple[str, ...]:
    """CREATE TRIGGER statements of revision 0005."""
    permanent = tuple(
        f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} BEGIN SELECT RAISE(ABORT, '{PERMANENT}'); END"
        for table, acts in (
            ("holds", ("DELETE",)),
            ("class_members", ("DELETE",)),
            ("notices", ("UPDATE", "DELETE")),
            ("notice_packages", ("UPDATE", "DELETE")),
            ("notice_receipts", ("UPDATE", "DELETE")),
        )
        for act in acts
    )
    return (*permanent, _LIFTED_ONCE, _REMOVED_ONCE, _RECEIPT_OF_LATEST)
