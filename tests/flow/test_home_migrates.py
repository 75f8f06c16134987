"""A home made by an older version is refused with a sentence, and goes on after `privity home migrate`."""

from __future__ import annotations

from pathlib import Path

import pytest

from privity.adapters.home_files import HomeFolder
from privity.adapters.sql_store import SqlStore
from privity.adapters.sql_store.migrate import upgrade
from privity.adapters.sql_store.store import NEWEST_REVISION
from privity.bootstrap.wiring.custodian import create_home_at, home_status, migrate_home
from privity.domain.errors import ErrorCode, PrivityError


@pytest.fixture
def old_home(tmp_path: Path) -> Path:
    """A home whose database stands at the first revision (same file, so that it is not a copy)."""
    home = tmp_path / "home"
    create_home_at(home, "test.example/log")
    first = SqlStore(tmp_path / "first.sqlite")
    upgrade(first._engine, "0001")
    with first._engine.connect() as connection:
        known = set(connection.exec_driver_sql("SELECT name FROM sqlite_master").scalars())
    store = SqlStore(HomeFolder(home).database)
    with store._engine.connect() as connection:
        for kind in ("trigger", "index", "table"):
            made = connection.exec_driver_sql(f"SELECT name FROM sqlite_master WHERE type = '{kind}'").scalars().all()
            for name in set(made) - known:
                if not name.startswith("sqlite_"):
                    connection.exec_driver_sql(f"DROP {kind} {name}")
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
        connection.commit()
    store.close()
    return home


def test_an_older_home_is_refused_then_migrated_and_keeps_its_log(old_home: Path) -> None:
    with pytest.raises(PrivityError) as caught:
        home_status(old_home)
    assert caught.value.code is ErrorCode.HOME_INVALID
    assert "privity home migrate" in caught.value.mend
    migrated = migrate_home(old_home)
    assert (migrated.before, migrated.after) == ("0001", NEWEST_REVISION)
    assert home_status(old_home).log_size == 1
    assert migrate_home(old_home).before == NEWEST_REVISION


def test_a_home_of_a_newer_version_is_left_alone(old_home: Path) -> None:
    store = SqlStore(HomeFolder(old_home).database)
    with store._engine.connect() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    store.close()
    with pytest.raises(PrivityError) as caught:
        migrate_home(old_home)
    assert caught.value.code is ErrorCode.HOME_INVALID
