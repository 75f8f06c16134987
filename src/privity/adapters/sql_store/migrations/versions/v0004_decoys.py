"""Planted decoys, the runs they stopped, the officers' decisions on these; and the guards on them."""

import sqlalchemy as sa
from alembic import op

from privity.adapters.sql_store.guards_decoys import decoy_triggers

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, then their triggers."""
    op.create_table(
        "decoys",
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("decoy_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("planted_at", sa.String(length=32), nullable=False),
        sa.Column("planted_by", sa.String(length=64), nullable=False),
        sa.Column("checked_snapshot", sa.String(length=64), nullable=False),
        sa.Column("retired_at", sa.String(length=32), nullable=True),
        sa.Column("retired_reason", sa.String(length=16), nullable=False),
        sa.CheckConstraint("retired_at IS NULL OR length(sealed) = 0", name=op.f("ck_decoys_forgotten")),
        sa.PrimaryKeyConstraint("place", name="pk_decoys"),
        sa.UniqueConstraint("decoy_id", name="uq_decoys_decoy_id"),
    )
    op.create_table(
        "decoy_stops",
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("stop_id", sa.String(length=32), nullable=False),
        sa.Column("request_id", sa.String(length=64), nullable=False),
        sa.Column("snapshot_id", sa.String(length=64), nullable=False),
        sa.Column("rule_set", sa.String(length=64), nullable=False),
        sa.Column("software", sa.String(length=64), nullable=False),
        sa.Column("hold_id", sa.String(length=64), nullable=False),
        sa.Column("found_at", sa.String(length=32), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("cleared_at", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["request_id"], ["requests.request_id"], name="fk_decoy_stops_request_id"),
        sa.PrimaryKeyConstraint("place", name="pk_decoy_stops"),
        sa.UniqueConstraint("stop_id", name="uq_decoy_stops_stop_id"),
    )
    op.create_table(
        "decoy_clearances",
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("stop_id", sa.String(length=32), nullable=False),
        sa.Column("officer", sa.String(length=64), nullable=False),
        sa.Column("certificate", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("finding", sa.String(length=32), nullable=False),
        sa.Column("signed_at", sa.String(length=32), nullable=False),
        sa.Column("signature_sha256", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["stop_id"], ["decoy_stops.stop_id"], name="fk_decoy_clearances_stop_id"),
        sa.PrimaryKeyConstraint("place", name="pk_decoy_clearances"),
        sa.UniqueConstraint("stop_id", "officer", name="uq_decoy_clearances_officer"),
        sa.UniqueConstraint("stop_id", "certificate", name="uq_decoy_clearances_certificate"),
    )
    if op.get_bind().dialect.name != "sqlite":
        raise NotImplementedError("the guards are written for SQLite so far")
    for trigger in decoy_triggers():
        op.execute(sa.text(trigger))
