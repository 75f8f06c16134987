"""The first schema of the state: authority, requests, evidence, history; and the guards on them."""

import sqlalchemy as sa
from alembic import op

from privity.adapters.sql_store.guards import sqlite_triggers

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table, then the triggers that guard them."""
    _agreements()
    _authority()
    _requests()
    _contents()
    _evidence()
    _accounting()
    _history()
    if op.get_bind().dialect.name != "sqlite":
        raise NotImplementedError("the guards are written for SQLite so far")
    for trigger in sqlite_triggers():
        op.execute(sa.text(trigger))


def _agreements() -> None:
    op.create_table(
        "agreements",
        sa.Column("agreement_id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("agreement_id", "version", name=("pk_agreements")),
    )
    op.create_table(
        "agreement_signatures",
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("side", sa.String(length=16), nullable=False),
        sa.Column("office", sa.String(length=64), nullable=False),
        sa.Column("certificate", sa.String(length=64), nullable=False),
        sa.Column("signed_at", sa.String(length=32), nullable=False),
        sa.Column("recorded_at", sa.String(length=32), nullable=False),
        sa.Column("signature_sha256", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("side IN ('requester', 'custodian')", name=op.f("ck_agreement_signatures_side")),
        sa.ForeignKeyConstraint(
            ["agreement_id", "version"],
            ["agreements.agreement_id", "agreements.version"],
            name=("fk_agreement_signatures_agreement_id"),
        ),
        sa.PrimaryKeyConstraint("place", name=("pk_agreement_signatures")),
        sa.UniqueConstraint("agreement_id", "version", "certificate", name="uq_agreement_signatures_certificate"),
    )


def _authority() -> None:
    op.create_table(
        "facts",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("value", sa.String(length=256), nullable=False),
        sa.PrimaryKeyConstraint("name", name=("pk_facts")),
    )
    op.create_table(
        "holds",
        sa.Column("hold_id", sa.String(length=64), nullable=False),
        sa.Column("scope", sa.String(length=16), nullable=False),
        sa.Column("target", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("placed_at", sa.String(length=32), nullable=False),
        sa.Column("placed_by", sa.String(length=64), nullable=False),
        sa.Column("sealed_docket", sa.LargeBinary(), nullable=False),
        sa.Column("lifted_at", sa.String(length=32), nullable=True),
        sa.Column("lifted_by", sa.String(length=64), nullable=False),
        sa.CheckConstraint("scope IN ('agreement', 'request', 'everything')", name=op.f("ck_holds_scope")),
        sa.PrimaryKeyConstraint("hold_id", name=("pk_holds")),
    )
    op.create_table(
        "offices",
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("place", name=("pk_offices")),
    )
    op.create_table(
        "withheld",
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("person", sa.LargeBinary(), nullable=False),
        sa.Column("reason_code", sa.String(length=32), nullable=False),
        sa.Column("placed_at", sa.String(length=32), nullable=False),
        sa.Column("lifted_at", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("place", name=("pk_withheld")),
    )
    op.create_index(("ix_withheld_person"), "withheld", ["person"], unique=False)


def _requests() -> None:
    op.create_table(
        "requests",
        sa.Column("request_id", sa.String(length=64), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.String(length=64), nullable=False),
        sa.Column("agreement_version", sa.Integer(), nullable=False),
        sa.Column("agreement_digest", sa.String(length=64), nullable=False),
        sa.Column("requester", sa.String(length=64), nullable=False),
        sa.Column("office", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("returned_whole", sa.Integer(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("admitted", sa.Integer(), nullable=False),
        sa.Column("returned", sa.Integer(), nullable=False),
        sa.Column("referred", sa.Integer(), nullable=False),
        sa.Column("chunks", sa.Integer(), nullable=False),
        sa.Column("manifest_sha256", sa.String(length=64), nullable=False),
        sa.Column("package_sha256", sa.String(length=64), nullable=False),
        sa.Column("rule_set", sa.String(length=64), nullable=False),
        sa.Column("received_at", sa.String(length=32), nullable=False),
        sa.Column("visible_from", sa.String(length=32), nullable=False),
        sa.Column("sealed_header", sa.LargeBinary(), nullable=False),
        sa.Column("snapshot_id", sa.String(length=64), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("sealed_salt", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "state IN ('ADMITTED', 'AWAITING_REVIEW', 'APPROVED', 'SEALED', 'RELEASED', 'DELIVERED', 'REJECTED')",
            name=op.f("ck_requests_state"),
        ),
        sa.CheckConstraint("admitted + returned + referred = lines AND lines > 0", name=op.f("ck_requests_lines")),
        sa.PrimaryKeyConstraint("request_id", name=("pk_requests")),
        sa.UniqueConstraint("manifest_sha256", name=("uq_requests_manifest_sha256")),
        sa.UniqueConstraint("place", name=("uq_requests_place")),
    )
    op.create_index("ix_requests_agreement", "requests", ["agreement_id", "received_at"], unique=False)


def _contents() -> None:
    op.create_table(
        "decision_chunks",
        sa.Column("request_id", sa.String(length=64), nullable=False),
        sa.Column("chunk", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("snapshot_id", sa.String(length=64), nullable=False),
        sa.Column("input_hash", sa.String(length=64), nullable=False),
        sa.Column("output_hash", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("state = 'DONE'", name=op.f("ck_decision_chunks_state")),
        sa.ForeignKeyConstraint(["request_id"], ["requests.request_id"], name=("fk_decision_chunks_request_id")),
        sa.PrimaryKeyConstraint("request_id", "chunk", name=("pk_decision_chunks")),
    )
    op.create_table(
        "line_chunks",
        sa.Column("request_id", sa.String(length=64), nullable=False),
        sa.Column("chunk", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("first_ordinal", sa.Integer(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("input_hash", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["requests.request_id"], name=("fk_line_chunks_request_id")),
        sa.PrimaryKeyConstraint("request_id", "chunk", name=("pk_line_chunks")),
    )
    op.create_table(
        "nonces",
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("request_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["requests.request_id"], name=("fk_nonces_request_id")),
        sa.PrimaryKeyConstraint("nonce", name=("pk_nonces")),
        sa.UniqueConstraint("request_id", name=("uq_nonces_request_id")),
    )
    op.create_table(
        "packages",
        sa.Column("request_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("kind IN ('arrived', 'sealed', 'response')", name=op.f("ck_packages_kind")),
        sa.ForeignKeyConstraint(["request_id"], ["requests.request_id"], name=("fk_packages_request_id")),
        sa.PrimaryKeyConstraint("request_id", "kind", name=("pk_packages")),
    )


def _evidence() -> None:
    op.create_table(
        "log_rows",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entry", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=("pk_log_rows")),
    )
    op.create_table(
        "approvals",
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.String(length=64), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("officer", sa.String(length=64), nullable=False),
        sa.Column("certificate", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("verdict", sa.String(length=8), nullable=False),
        sa.Column("signed_at", sa.String(length=32), nullable=False),
        sa.Column("signature_sha256", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("verdict IN ('release', 'refuse')", name=op.f("ck_approvals_verdict")),
        sa.ForeignKeyConstraint(["request_id"], ["requests.request_id"], name=("fk_approvals_request_id")),
        sa.PrimaryKeyConstraint("place", name=("pk_approvals")),
        sa.UniqueConstraint("request_id", "content_sha256", "certificate", name="uq_approvals_certificate"),
        sa.UniqueConstraint("request_id", "content_sha256", "officer", name="uq_approvals_officer"),
    )
    op.create_table(
        "releases",
        sa.Column("request_id", sa.String(length=64), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("response_manifest_sha256", sa.String(length=64), nullable=False),
        sa.Column("accounting_root", sa.String(length=64), nullable=False),
        sa.Column("log_index", sa.Integer(), nullable=False),
        sa.Column("released_at", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["log_index"], ["log_rows.seq"], name=("fk_releases_log_index")),
        sa.ForeignKeyConstraint(["request_id"], ["requests.request_id"], name=("fk_releases_request_id")),
        sa.PrimaryKeyConstraint("request_id", name=("pk_releases")),
        sa.UniqueConstraint("log_index", name=("uq_releases_log_index")),
    )


def _accounting() -> None:
    op.create_table(
        "accounting_filings",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("request_id", sa.String(length=64), nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.PrimaryKeyConstraint("digest", "request_id", "ordinal", name=("pk_accounting_filings")),
    )
    op.create_table(
        "accounting",
        sa.Column("request_id", sa.String(length=64), nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["requests.request_id"], name=("fk_accounting_request_id")),
        sa.PrimaryKeyConstraint("request_id", "ordinal", name=("pk_accounting")),
    )
    op.create_table(
        "accounting_summaries",
        sa.Column("request_id", sa.String(length=64), nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("log_index", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["log_index"], ["log_rows.seq"], name=("fk_accounting_summaries_log_index")),
        sa.ForeignKeyConstraint(["request_id"], ["requests.request_id"], name=("fk_accounting_summaries_request_id")),
        sa.PrimaryKeyConstraint("request_id", name=("pk_accounting_summaries")),
    )


def _history() -> None:
    op.create_table(
        "duties",
        sa.Column("request_id", sa.String(length=64), nullable=False),
        sa.Column("duty", sa.String(length=16), nullable=False),
        sa.Column("requester", sa.String(length=64), nullable=False),
        sa.Column("due", sa.String(length=10), nullable=False),
        sa.Column("discharged_at", sa.String(length=32), nullable=True),
        sa.Column("evidence_sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["requests.request_id"], name=("fk_duties_request_id")),
        sa.PrimaryKeyConstraint("request_id", "duty", name=("pk_duties")),
    )
    op.create_table(
        "officer_cases",
        sa.Column("requester", sa.String(length=64), nullable=False),
        sa.Column("officer", sa.LargeBinary(), nullable=False),
        sa.Column("case", sa.LargeBinary(), nullable=False),
        sa.Column("request_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["requests.request_id"], name=("fk_officer_cases_request_id")),
        sa.PrimaryKeyConstraint("requester", "officer", "case", "request_id", name=("pk_officer_cases")),
    )
    op.create_table(
        "questions",
        sa.Column("requester", sa.String(length=64), nullable=False),
        sa.Column("person", sa.LargeBinary(), nullable=False),
        sa.Column("question", sa.LargeBinary(), nullable=False),
        sa.Column("request_id", sa.String(length=64), nullable=False),
        sa.Column("asked_at", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["requests.request_id"], name=("fk_questions_request_id")),
        sa.PrimaryKeyConstraint("requester", "person", "question", "request_id", name=("pk_questions")),
    )
