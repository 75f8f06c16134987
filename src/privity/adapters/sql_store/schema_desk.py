"""Tables of the referral desk and of reports made, beside `schema` and under its rules for what stands clear."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, LargeBinary, String, Table, UniqueConstraint

from privity.adapters.sql_store.schema import metadata

referral_decisions = Table(
    "referral_decisions",
    metadata,
    Column("place", Integer, primary_key=True),
    Column("request_id", String(64), ForeignKey("requests.request_id"), nullable=False, index=True),
    Column("verdict", String(8), nullable=False),
    Column("code", String(32), nullable=False),
    Column("lines", Integer, nullable=False),
    Column("officer", String(64), nullable=False),
    Column("certificate", String(64), nullable=False),
    Column("role", String(32), nullable=False),
    Column("signed_at", String(32), nullable=False),
    Column("signature_sha256", String(64), nullable=False),
    Column("log_index", Integer, ForeignKey("log_rows.seq"), nullable=False, unique=True),
    Column("sealed", LargeBinary, nullable=False),
    CheckConstraint("verdict IN ('ADMIT', 'RETURN')", name="verdict"),
    CheckConstraint("(verdict = 'ADMIT') = (code = '')", name="code"),
)

referral_lines = Table(
    "referral_lines",
    metadata,
    Column("request_id", String(64), ForeignKey("requests.request_id"), primary_key=True),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    Column("decision", Integer, ForeignKey("referral_decisions.place"), nullable=False),
)

reports_made = Table(
    "reports_made",
    metadata,
    Column("place", Integer, primary_key=True),
    Column("agreement_id", String(64), nullable=False),
    Column("report", String(64), nullable=False),
    Column("about", String(10), nullable=False),
    Column("made_on", String(10), nullable=False),
    Column("recorded_at", String(32), nullable=False),
    Column("recorded_by", String(64), nullable=False),
    Column("evidence_sha256", String(64), nullable=False),
    Column("log_index", Integer, ForeignKey("log_rows.seq"), nullable=False, unique=True),
    UniqueConstraint("agreement_id", "report", "about", "evidence_sha256", name="uq_reports_made_report"),
)
