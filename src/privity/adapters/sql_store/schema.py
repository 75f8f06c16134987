"""The tables of the gate's state, in SQLAlchemy Core.

What is stored about a request lies sealed under its key (`sealed` columns); accounting, approvals and documents that
name people lie sealed under the accounting key; clear columns hold ids, counts, times, digests and states only. Times
are ISO 8601 text in UTC with microseconds, so that text order is time order on every engine.
Holds, withheld persons, notices and receipts are in `schema_holding`. The migrations make these tables; a test
compares the two.
"""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)

from privity.adapters.sql_store.schema_metadata import DIGEST, TIME, metadata

__all__ = ["metadata"]


def _request_key() -> Column[str]:
    return Column("request_id", String(64), ForeignKey("requests.request_id"), primary_key=True)


facts = Table(
    "facts", metadata, Column("name", String(64), primary_key=True), Column("value", String(256), nullable=False)
)

log_rows = Table(
    "log_rows",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("entry", LargeBinary, nullable=False),
)

agreements = Table(
    "agreements",
    metadata,
    Column("agreement_id", String(64), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("digest", DIGEST, nullable=False),
    Column("document", LargeBinary, nullable=False),
    Column("recorded_at", TIME, nullable=False),
)

agreement_signatures = Table(
    "agreement_signatures",
    metadata,
    Column("place", Integer, primary_key=True),
    Column("agreement_id", String(64), nullable=False),
    Column("version", Integer, nullable=False),
    Column("digest", DIGEST, nullable=False),
    Column("side", String(16), nullable=False),
    Column("office", String(64), nullable=False),
    Column("certificate", DIGEST, nullable=False),
    Column("signed_at", TIME, nullable=False),
    Column("recorded_at", TIME, nullable=False),
    Column("signature_sha256", DIGEST, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    ForeignKeyConstraint(["agreement_id", "version"], ["agreements.agreement_id", "agreements.version"]),
    UniqueConstraint("agreement_id", "version", "certificate", name="uq_agreement_signatures_certificate"),
    CheckConstraint("side IN ('requester', 'custodian')", name="side"),
)

agreement_decisions = Table(
    "agreement_decisions",
    metadata,
    Column("place", Integer, primary_key=True),
    Column("agreement_id", String(64), nullable=False, index=True),
    Column("version", Integer, nullable=False),
    Column("digest", DIGEST, nullable=False),
    Column("act", String(16), nullable=False),
    Column("reason_code", String(32), nullable=False),
    Column("decided_at", TIME, nullable=False),
    Column("decided_by", String(64), nullable=False),
    Column("log_index", Integer, ForeignKey("log_rows.seq"), nullable=False, unique=True),
    Column("sealed", LargeBinary, nullable=False),
    CheckConstraint("act IN ('ACTIVATED', 'SUSPENDED', 'ENDED')", name="act"),
)

offices = Table(
    "offices",
    metadata,
    Column("place", Integer, primary_key=True),
    Column("digest", DIGEST, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("recorded_at", TIME, nullable=False),
)

STATES = ("ADMITTED", "AWAITING_REVIEW", "APPROVED", "SEALED", "RELEASED", "DELIVERED", "REJECTED")

requests = Table(
    "requests",
    metadata,
    Column("request_id", String(64), primary_key=True),
    Column("place", Integer, nullable=False, unique=True),  # order of arrival
    Column("agreement_id", String(64), nullable=False),
    Column("agreement_version", Integer, nullable=False),
    Column("agreement_digest", DIGEST, nullable=False),
    Column("requester", String(64), nullable=False),
    Column("office", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("returned_whole", Integer, nullable=False),
    Column("lines", Integer, nullable=False),
    Column("admitted", Integer, nullable=False),
    Column("returned", Integer, nullable=False),
    Column("referred", Integer, nullable=False),
    Column("chunks", Integer, nullable=False),
    Column("manifest_sha256", DIGEST, nullable=False, unique=True),
    Column("package_sha256", DIGEST, nullable=False),
    Column("rule_set", String(64), nullable=False),
    Column("received_at", TIME, nullable=False),
    Column("visible_from", TIME, nullable=False),
    Column("sealed_header", LargeBinary, nullable=False),
    Column("snapshot_id", String(64), nullable=False),
    Column("content_sha256", DIGEST, nullable=False),
    Column("sealed_salt", LargeBinary, nullable=False),
    CheckConstraint("state IN ({})".format(", ".join(f"'{state}'" for state in STATES)), name="state"),
    CheckConstraint("admitted + returned + referred = lines AND lines > 0", name="lines"),
)
Index("ix_requests_agreement", requests.c.agreement_id, requests.c.received_at)

nonces = Table(
    "nonces",
    metadata,
    Column("nonce", DIGEST, primary_key=True),
    Column("request_id", String(64), ForeignKey("requests.request_id"), nullable=False, unique=True),
)

line_chunks = Table(
    "line_chunks",
    metadata,
    _request_key(),
    Column("chunk", Integer, primary_key=True, autoincrement=False),
    Column("first_ordinal", Integer, nullable=False),
    Column("lines", Integer, nullable=False),
    Column("input_hash", DIGEST, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)

decision_chunks = Table(
    "decision_chunks",
    metadata,
    _request_key(),
    Column("chunk", Integer, primary_key=True, autoincrement=False),
    Column("state", String(8), nullable=False),
    Column("snapshot_id", String(64), nullable=False),
    Column("input_hash", DIGEST, nullable=False),
    Column("output_hash", DIGEST, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    CheckConstraint("state = 'DONE'", name="state"),
)

packages = Table(
    "packages",
    metadata,
    _request_key(),
    Column("kind", String(16), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    CheckConstraint("kind IN ('arrived', 'sealed', 'response')", name="kind"),
)

approvals = Table(
    "approvals",
    metadata,
    Column("place", Integer, primary_key=True),
    Column("request_id", String(64), ForeignKey("requests.request_id"), nullable=False),
    Column("content_sha256", DIGEST, nullable=False),
    Column("officer", String(64), nullable=False),
    Column("certificate", DIGEST, nullable=False),
    Column("role", String(32), nullable=False),
    Column("verdict", String(8), nullable=False),
    Column("signed_at", TIME, nullable=False),
    Column("signature_sha256", DIGEST, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    UniqueConstraint("request_id", "content_sha256", "officer", name="uq_approvals_officer"),
    UniqueConstraint("request_id", "content_sha256", "certificate", name="uq_approvals_certificate"),
    CheckConstraint("verdict IN ('release', 'refuse')", name="verdict"),
)

releases = Table(
    "releases",
    metadata,
    _request_key(),
    Column("content_sha256", DIGEST, nullable=False),
    Column("response_manifest_sha256", DIGEST, nullable=False),
    Column("accounting_root", DIGEST, nullable=False),
    Column("log_index", Integer, ForeignKey("log_rows.seq"), nullable=False, unique=True),
    Column("released_at", TIME, nullable=False),
)

destructions = Table(
    "destructions",
    metadata,
    _request_key(),
    Column("key_id", String(32), nullable=False),
    Column("backups_expire", String(10), nullable=False),
    Column("intended_at", TIME, nullable=False),
    Column("intent_index", Integer, ForeignKey("log_rows.seq"), nullable=False),
    Column("destroyed_at", TIME),
    Column("log_index", Integer, ForeignKey("log_rows.seq")),
    CheckConstraint("(destroyed_at IS NULL) = (log_index IS NULL)", name="outcome"),
)

decoys = Table(
    "decoys",
    metadata,
    Column("place", Integer, primary_key=True),
    Column("decoy_id", String(32), nullable=False, unique=True),
    Column("kind", String(16), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("planted_at", TIME, nullable=False),
    Column("planted_by", String(64), nullable=False),
    Column("checked_snapshot", String(64), nullable=False),
    Column("retired_at", TIME),
    Column("retired_reason", String(16), nullable=False),
    CheckConstraint("retired_at IS NULL OR length(sealed) = 0", name="forgotten"),
)

decoy_stops = Table(
    "decoy_stops",
    metadata,
    Column("place", Integer, primary_key=True),
    Column("stop_id", String(32), nullable=False, unique=True),
    Column("request_id", String(64), ForeignKey("requests.request_id"), nullable=False),
    Column("snapshot_id", String(64), nullable=False),
    Column("rule_set", String(64), nullable=False),
    Column("software", String(64), nullable=False),
    Column("hold_id", String(64), nullable=False),
    Column("found_at", TIME, nullable=False),
    Column("asked", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("cleared_at", TIME),
)

decoy_clearances = Table(
    "decoy_clearances",
    metadata,
    Column("place", Integer, primary_key=True),
    Column("stop_id", String(32), ForeignKey("decoy_stops.stop_id"), nullable=False),
    Column("officer", String(64), nullable=False),
    Column("certificate", DIGEST, nullable=False),
    Column("role", String(32), nullable=False),
    Column("finding", String(32), nullable=False),
    Column("signed_at", TIME, nullable=False),
    Column("signature_sha256", DIGEST, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    UniqueConstraint("stop_id", "officer", name="uq_decoy_clearances_officer"),
    UniqueConstraint("stop_id", "certificate", name="uq_decoy_clearances_certificate"),
)

accounting = Table(
    "accounting",
    metadata,
    _request_key(),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    Column("leaf", LargeBinary, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)

accounting_summaries = Table(
    "accounting_summaries",
    metadata,
    _request_key(),
    Column("root", DIGEST, nullable=False),
    Column("records", Integer, nullable=False),
    Column("log_index", Integer, ForeignKey("log_rows.seq"), nullable=False),
    Column("written_at", TIME, nullable=False),
)

accounting_filings = Table(
    "accounting_filings",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("request_id", String(64), primary_key=True),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(24), nullable=False),
)

questions = Table(
    "questions",
    metadata,
    Column("requester", String(64), primary_key=True),
    Column("person", LargeBinary, primary_key=True),
    Column("question", LargeBinary, primary_key=True),
    Column("request_id", String(64), ForeignKey("requests.request_id"), primary_key=True),
    Column("asked_at", TIME, nullable=False),
)

officer_cases = Table(
    "officer_cases",
    metadata,
    Column("requester", String(64), primary_key=True),
    Column("officer", LargeBinary, primary_key=True),
    Column("case", LargeBinary, primary_key=True),
    Column("request_id", String(64), ForeignKey("requests.request_id"), primary_key=True),
)

duties = Table(
    "duties",
    metadata,
    _request_key(),
    Column("duty", String(16), primary_key=True),
    Column("requester", String(64), nullable=False),
    Column("due", String(10), nullable=False),
    Column("discharged_at", TIME),
    Column("evidence_sha256", DIGEST, nullable=False),
)
