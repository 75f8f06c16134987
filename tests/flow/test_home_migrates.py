"""A home made by an older version is refused with a sentence, and goes on after `privity home migrate`."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from sqlite3 import connect

import pytest

from privity.adapters.home_files import HomeFolder
from privity.adapters.sql_store import SqlStore
from privity.adapters.sql_store.migrate import upgrade
from privity.adapters.sql_store.store import NEWEST_REVISION
from privity.bootstrap.wiring.custodian import create_home_at, home_status, migrate_home
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.holds import Demand


@pytest.fixture
def old_home(tmp_path: Path) -> Path:
    """A home whose database stands at the first revision (same file, so that it is not a copy)."""
    home = tmp_path / "home"
    create_home_at(home, "test.example/log")
    first = SqlStore(tmp_path / "first.sqlite")
    upgrade(first._engine, "0001")
    first.close()
    with closing(connect(tmp_path / "first.sqlite")) as old, closing(connect(HomeFolder(home).database)) as database:
        for table in ("facts", "log_rows"):
            rows = database.execute(f"SELECT * FROM {table}").fetchall()
            old.executemany(f"INSERT INTO {table} VALUES (?, ?)", rows)
        moment = "2026-01-31T12:00:00.000000Z"
        old.execute(
            "INSERT INTO holds VALUES ('hold-1', 'everything', '', 'court_order', ?, 'counsel', X'00', NULL, '')",
            [moment],
        )
        old.commit()
        old.backup(database)  # page by page into the same file
    return home


def test_a_hold_of_an_older_home_still_stops_and_can_be_lifted(old_home: Path) -> None:
    migrate_home(old_home)
    store = SqlStore(HomeFolder(old_home).database)
    with store.reading() as read:
        kept = read.holds()[0]
    assert (kept.hold_id, kept.demand, kept.starts_at, kept.concealed) == ("hold-1", Demand.NONE, None, False)
    assert kept.order.in_force(datetime.now(UTC))
    with store.writing() as write:
        write.lift_hold("hold-1", datetime.now(UTC), "counsel")
    with store.reading() as read:
        assert not read.holds()[0].order.in_force(datetime.now(UTC))
    store.close()


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
