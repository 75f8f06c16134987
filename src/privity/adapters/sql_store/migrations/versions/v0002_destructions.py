"""The destruction of a request's key: intended, then carried out; and the guards on it."""

import sqlalchemy as sa
from alembic import op

from privity.adapters.sql_store.guards import destruction_triggers

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, then its triggers."""
    op.create_table(
        "destructions",
        sa.Column("request_id", sa.String(length=64), nullable=False),
        sa.Column("key_id", sa.String(length=32), nullable=False),
        sa.Column("backups_expire", sa.String(length=10), nullable=False),
        sa.Column("intended_at", sa.String(length=32), nullable=False),
        sa.Column("intent_index", sa.Integer(), nullable=False),
        sa.Column("destroyed_at", sa.String(length=32), nullable=True),
        sa.Column("log_index", sa.Integer(), nullable=True),
        sa.CheckConstraint("(destroyed_at IS NULL) = (log_index IS NULL)", name=op.f("ck_destructions_outcome")),
        sa.ForeignKeyConstraint(["intent_index"], ["log_rows.seq"], name=("fk_destructions_intent_index")),
        sa.ForeignKeyConstraint(["log_index"], ["log_rows.seq"], name=("fk_destructions_log_index")),
        sa.ForeignKeyConstraint(["request_id"], ["requests.request_id"], name=("fk_destructions_request_id")),
        sa.PrimaryKeyConstraint("request_id", name=("pk_destructions")),
    )
    if op.get_bind().dialect.name != "sqlite":
        raise NotImplementedError("the guards are written for SQLite so far")
    for trigger in destruction_triggers():
        op.execute(sa.text(trigger))
