"""The migrations make exactly the tables that the code speaks of, and the guards stand on every table of evidence."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, Connection, inspect, text

from privity.adapters.sql_store import create_store
from privity.adapters.sql_store.guards import PERMANENT_TABLES
from privity.adapters.sql_store.schema import metadata
from privity.adapters.sql_store.store import NEWEST_REVISION


@pytest.fixture
def migrated(tmp_path: Path) -> Iterator[Connection]:
    store = create_store(tmp_path / "privity.sqlite")
    with store._engine.connect() as connection:
        yield connection
    store.close()


def test_migrations_and_schema_agree(migrated: Connection) -> None:
    assert compare_metadata(MigrationContext.configure(migrated), metadata) == []


def test_every_table_has_its_keys_and_checks(migrated: Connection) -> None:
    """What autogenerate does not compare on SQLite: primary keys and check constraints."""
    seen = inspect(migrated)
    for table in metadata.tables.values():
        assert seen.get_pk_constraint(table.name)["constrained_columns"] == [one.name for one in table.primary_key]
        made = {(one["name"], one["sqltext"]) for one in seen.get_check_constraints(table.name)}
        wanted = {(str(one.name), str(one.sqltext)) for one in table.constraints if isinstance(one, CheckConstraint)}
        assert {name for name, _ in made} == {_named(table.name, name) for name, _ in wanted}
        assert {words for _, words in made} == {words for _, words in wanted}


def _named(table: str, name: str) -> str:
    return name if name.startswith("ck_") else f"ck_{table}_{name}"


def test_evidence_is_permanent_in_the_database_itself(migrated: Connection) -> None:
    names = set(migrated.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars())
    assert {f"{table}_no_{act}" for table in PERMANENT_TABLES for act in ("update", "delete")} <= names


def test_the_newest_revision_is_the_one_that_homes_are_opened_with(migrated: Connection) -> None:
    assert MigrationContext.configure(migrated).get_current_revision() == NEWEST_REVISION
