"""Tables of what is held back: orders, withheld persons, declared classes, notices on delivered answers, receipts.

Documents that may name a person, and dockets, lie sealed; clear columns hold ids, hashes, times and words only.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, LargeBinary, String, Table

from privity.adapters.sql_store.schema_metadata import DIGEST, TIME, metadata

holds = Table(
    "holds",
    metadata,
    Column("hold_id", String(64), primary_key=True),
    Column("scope", String(16), nullable=False),
    Column("target", String(64), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("placed_at", TIME, nullable=False),
    Column("placed_by", String(64), nullable=False),
    Column("sealed_docket", LargeBinary, nullable=False),
    Column("lifted_at", TIME),
    Column("lifted_by", String(64), nullable=False),
    Column("demand", String(8), nullable=False),
    Column("starts_at", TIME),
    Column("ends_at", TIME),
    Column("concealed", Integer, nullable=False),
    Column("order_sha256", DIGEST, nullable=False),
    CheckConstraint("scope IN ('agreement', 'requester', 'request', 'class', 'everything')", name="scope"),
    CheckConstraint("demand IN ('none', 'freeze', 'recall')", name="demand"),
    CheckConstraint("scope <> 'class' OR (starts_at IS NULL AND ends_at IS NULL)", name="class_without_dates"),
)

class_members = Table(
    "class_members",
    metadata,
    Column("place", Integer, primary_key=True),
    Column("word", String(64), nullable=False, index=True),
    Column("person", LargeBinary, nullable=False),
    Column("added_at", TIME, nullable=False),
    Column("removed_at", TIME),
)

notices = Table(
    "notices",
    metadata,
    Column("place", Integer, primary_key=True),
    Column("notice_id", String(32), nullable=False, unique=True),
    Column("request_id", String(64), ForeignKey("requests.request_id"), nullable=False, index=True),
    Column("requester", String(64), nullable=False),
    Column("hold_id", String(64), nullable=False),
    Column("orders", String(4096), nullable=False),
    Column("action", String(8), nullable=False),
    Column("may_destroy", Integer, nullable=False),
    Column("issued_at", TIME, nullable=False),
    Column("due_at", TIME, nullable=False),
    Column("manifest_sha256", DIGEST, nullable=False, unique=True),
    Column("log_index", Integer, ForeignKey("log_rows.seq"), nullable=False, unique=True),
    Column("sealed", LargeBinary, nullable=False),
    CheckConstraint("action IN ('freeze', 'recall', 'lifted')", name="action"),
)

notice_packages = Table(
    "notice_packages",
    metadata,
    Column("notice_id", String(32), ForeignKey("notices.notice_id"), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)

notice_receipts = Table(
    "notice_receipts",
    metadata,
    Column("notice_id", String(32), ForeignKey("notices.notice_id"), primary_key=True),
    Column("manifest_sha256", DIGEST, nullable=False, unique=True),
    Column("outcome", String(16), nullable=False),
    Column("done_on", String(10), nullable=False),
    Column("office", String(64), nullable=False),
    Column("certificate", DIGEST, nullable=False),
    Column("recorded_at", TIME, nullable=False),
    Column("log_index", Integer, ForeignKey("log_rows.seq"), nullable=False, unique=True),
    Column("sealed", LargeBinary, nullable=False),
    CheckConstraint("outcome IN ('frozen', 'returned', 'destroyed')", name="outcome"),
)

withheld = Table(
    "withheld",
    metadata,
    Column("place", Integer, primary_key=True),
    Column("person", LargeBinary, nullable=False, index=True),
    Column("reason_code", String(32), nullable=False),
    Column("placed_at", TIME, nullable=False),
    Column("lifted_at", TIME),
)
