"""Officers' decisions on referred lines, reports made under agreements, and the guards on them and on admissions."""

import sqlalchemy as sa
from alembic import op

from privity.adapters.sql_store.guards_referrals import referral_triggers

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, then the triggers."""
    op.create_table(
        "referral_decisions",
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.String(length=64), nullable=False),
        sa.Column("verdict", sa.String(length=8), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("officer", sa.String(length=64), nullable=False),
        sa.Column("certificate", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("signed_at", sa.String(length=32), nullable=False),
        sa.Column("signature_sha256", sa.String(length=64), nullable=False),
        sa.Column("log_index", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("verdict IN ('ADMIT', 'RETURN')", name=op.f("ck_referral_decisions_verdict")),
        sa.CheckConstraint("(verdict = 'ADMIT') = (code = '')", name=op.f("ck_referral_decisions_code")),
        sa.ForeignKeyConstraint(["request_id"], ["requests.request_id"], name="fk_referral_decisions_request_id"),
        sa.ForeignKeyConstraint(["log_index"], ["log_rows.seq"], name="fk_referral_decisions_log_index"),
        sa.PrimaryKeyConstraint("place", name="pk_referral_decisions"),
        sa.UniqueConstraint("log_index", name="uq_referral_decisions_log_index"),
    )
    op.create_index("ix_referral_decisions_request_id", "referral_decisions", ["request_id"], unique=False)
    op.create_table(
        "referral_lines",
        sa.Column("request_id", sa.String(length=64), nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("decision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["requests.request_id"], name="fk_referral_lines_request_id"),
        sa.ForeignKeyConstraint(["decision"], ["referral_decisions.place"], name="fk_referral_lines_decision"),
        sa.PrimaryKeyConstraint("request_id", "ordinal", name="pk_referral_lines"),
    )
    op.create_table(
        "reports_made",
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.String(length=64), nullable=False),
        sa.Column("report", sa.String(length=64), nullable=False),
        sa.Column("about", sa.String(length=10), nullable=False),
        sa.Column("made_on", sa.String(length=10), nullable=False),
        sa.Column("recorded_at", sa.String(length=32), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.Column("evidence_sha256", sa.String(length=64), nullable=False),
        sa.Column("log_index", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["log_index"], ["log_rows.seq"], name="fk_reports_made_log_index"),
        sa.PrimaryKeyConstraint("place", name="pk_reports_made"),
        sa.UniqueConstraint("agreement_id", "report", "about", "evidence_sha256", name="uq_reports_made_report"),
        sa.UniqueConstraint("log_index", name="uq_reports_made_log_index"),
    )
    if op.get_bind().dialect.name != "sqlite":
        raise NotImplementedError("the guards are written for SQLite so far")
    for trigger in referral_triggers():
        op.execute(sa.text(trigger))
