"""Orders on requesters and classes, with dates and demands; declared classes; notices and their receipts; guards."""

import sqlalchemy as sa
from alembic import op

from privity.adapters.sql_store.guards_notices import notice_triggers

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_OLD = "hold_id, scope, target, kind, placed_at, placed_by, sealed_docket, lifted_at, lifted_by"


def upgrade() -> None:
    """Rebuild the table of holds (SQLite changes no constraint in place), make the new tables, then the triggers."""
    op.rename_table("holds", "holds_before")
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
        sa.Column("demand", sa.String(length=8), nullable=False),
        sa.Column("starts_at", sa.String(length=32), nullable=True),
        sa.Column("ends_at", sa.String(length=32), nullable=True),
        sa.Column("concealed", sa.Integer(), nullable=False),
        sa.Column("order_sha256", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "scope IN ('agreement', 'requester', 'request', 'class', 'everything')", name=op.f("ck_holds_scope")
        ),
        sa.CheckConstraint("demand IN ('none', 'freeze', 'recall')", name=op.f("ck_holds_demand")),
        sa.CheckConstraint(
            "scope <> 'class' OR (starts_at IS NULL AND ends_at IS NULL)", name=op.f("ck_holds_class_without_dates")
        ),
        sa.PrimaryKeyConstraint("hold_id", name="pk_holds"),
    )
    op.execute(
        sa.text(
            f"INSERT INTO holds ({_OLD}, demand, concealed, order_sha256) "  # noqa: S608 - constants alone
            f"SELECT {_OLD}, 'none', 0, '' FROM holds_before"
        )
    )
    op.drop_table("holds_before")
    _make_classes()
    _make_notices()
    if op.get_bind().dialect.name != "sqlite":
        raise NotImplementedError("the guards are written for SQLite so far")
    for trigger in notice_triggers():
        op.execute(sa.text(trigger))


def _make_classes() -> None:
    op.create_table(
        "class_members",
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("word", sa.String(length=64), nullable=False),
        sa.Column("person", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", sa.String(length=32), nullable=False),
        sa.Column("removed_at", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("place", name="pk_class_members"),
    )
    op.create_index("ix_class_members_word", "class_members", ["word"], unique=False)


def _make_notices() -> None:
    op.create_table(
        "notices",
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.String(length=32), nullable=False),
        sa.Column("request_id", sa.String(length=64), nullable=False),
        sa.Column("requester", sa.String(length=64), nullable=False),
        sa.Column("hold_id", sa.String(length=64), nullable=False),
        sa.Column("orders", sa.String(length=4096), nullable=False),
        sa.Column("action", sa.String(length=8), nullable=False),
        sa.Column("may_destroy", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.String(length=32), nullable=False),
        sa.Column("due_at", sa.String(length=32), nullable=False),
        sa.Column("manifest_sha256", sa.String(length=64), nullable=False),
        sa.Column("log_index", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("action IN ('freeze', 'recall', 'lifted')", name=op.f("ck_notices_action")),
        sa.ForeignKeyConstraint(["request_id"], ["requests.request_id"], name="fk_notices_request_id"),
        sa.ForeignKeyConstraint(["log_index"], ["log_rows.seq"], name="fk_notices_log_index"),
        sa.PrimaryKeyConstraint("place", name="pk_notices"),
        sa.UniqueConstraint("notice_id", name="uq_notices_notice_id"),
        sa.UniqueConstraint("manifest_sha256", name="uq_notices_manifest_sha256"),
        sa.UniqueConstraint("log_index", name="uq_notices_log_index"),
    )
    op.create_index("ix_notices_request_id", "notices", ["request_id"], unique=False)
    op.create_table(
        "notice_packages",
        sa.Column("notice_id", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.notice_id"], name="fk_notice_packages_notice_id"),
        sa.PrimaryKeyConstraint("notice_id", name="pk_notice_packages"),
    )
    op.create_table(
        "notice_receipts",
        sa.Column("notice_id", sa.String(length=32), nullable=False),
        sa.Column("manifest_sha256", sa.String(length=64), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("done_on", sa.String(length=10), nullable=False),
        sa.Column("office", sa.String(length=64), nullable=False),
        sa.Column("certificate", sa.String(length=64), nullable=False),
        sa.Column("recorded_at", sa.String(length=32), nullable=False),
        sa.Column("log_index", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("outcome IN ('frozen', 'returned', 'destroyed')", name=op.f("ck_notice_receipts_outcome")),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.notice_id"], name="fk_notice_receipts_notice_id"),
        sa.ForeignKeyConstraint(["log_index"], ["log_rows.seq"], name="fk_notice_receipts_log_index"),
        sa.PrimaryKeyConstraint("notice_id", name="pk_notice_receipts"),
        sa.UniqueConstraint("manifest_sha256", name="uq_notice_receipts_manifest_sha256"),
        sa.UniqueConstraint("log_index", name="uq_notice_receipts_log_index"),
    )
