"""Decisions on agreements: activated, suspended, ended; and the guards by which the database obeys the latest."""

import sqlalchemy as sa
from alembic import op

from privity.adapters.sql_store.guards import decision_triggers

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, then its triggers."""
    op.create_table(
        "agreement_decisions",
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("act", sa.String(length=16), nullable=False),
        sa.Column("reason_code", sa.String(length=32), nullable=False),
        sa.Column("decided_at", sa.String(length=32), nullable=False),
        sa.Column("decided_by", sa.String(length=64), nullable=False),
        sa.Column("log_index", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("act IN ('ACTIVATED', 'SUSPENDED', 'ENDED')", name=op.f("ck_agreement_decisions_act")),
        sa.ForeignKeyConstraint(["log_index"], ["log_rows.seq"], name=("fk_agreement_decisions_log_index")),
        sa.PrimaryKeyConstraint("place", name=("pk_agreement_decisions")),
        sa.UniqueConstraint("log_index", name=("uq_agreement_decisions_log_index")),
    )
    op.create_index("ix_agreement_decisions_agreement_id", "agreement_decisions", ["agreement_id"], unique=False)
    if op.get_bind().dialect.name != "sqlite":
        raise NotImplementedError("the guards are written for SQLite so far")
    for trigger in decision_triggers():
        op.execute(sa.text(trigger))
