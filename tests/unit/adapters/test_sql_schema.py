"""The migrations make exactly the tables that the code speaks of, with their guards; and hold them durably."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from privity.adapters.sql_store import create_store, guards, open_store
from privity.adapters.sql_store.engine import transaction
from privity.adapters.sql_store.schema import STATES, metadata
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.lifecycle import RequestState


def test_migrations_make_the_schema(tmp_path: Path) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    store = create_store(tmp_path / "state.sqlite")
    with store._engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        made = {row[0] for row in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))}
    assert {f"{table}_no_{act}" for table in guards.PERMANENT_TABLES for act in ("update", "delete")} <= made
    assert {"log_rows_contiguous", "releases_guarded", "accounting_summaries_complete", "requests_released"} <= made


def test_the_database_knows_every_state() -> None:
    assert set(STATES) == {state.value for state in RequestState}


def test_a_commit_survives_a_power_cut(tmp_path: Path) -> None:
    """The settings that promise it: write-ahead log, fsync at every commit, foreign keys, overwritten deletions."""
    store = create_store(tmp_path / "state.sqlite")
    with transaction(store._engine, writes=False) as connection:
        found = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}


def test_another_revision_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "state.sqlite"
    store = create_store(path)
    with transaction(store._engine, writes=True) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    store.close()
    with pytest.raises(PrivityError) as refused:
        open_store(path)
    assert refused.value.code is ErrorCode.HOME_INVALID


@pytest.mark.parametrize("content", [b"", b"not a database at all, but long enough to be read as one" * 40])
def test_a_file_that_is_no_database_is_refused_in_our_words(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "state.sqlite"
    path.write_bytes(content)
    with pytest.raises(PrivityError) as refused:
        open_store(path)
    assert refused.value.code in (ErrorCode.HOME_INVALID, ErrorCode.STORAGE_FAILED)


def test_errors_of_the_driver_never_show_values(tmp_path: Path) -> None:
    store = create_store(tmp_path / "state.sqlite")
    with pytest.raises(PrivityError) as refused, transaction(store._engine, writes=True) as connection:
        connection.execute(text("INSERT INTO facts (name, wrong) VALUES ('secret-value', 'x')"))
    assert "secret-value" not in f"{refused.value} {refused.value.__cause__}"
    assert refused.value.__suppress_context__


def test_a_second_writer_waits_and_then_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from privity.adapters.sql_store import engine

    pragmas = tuple(p if "busy_timeout" not in p else "PRAGMA busy_timeout=50" for p in engine._PRAGMAS)
    monkeypatch.setattr(engine, "_PRAGMAS", pragmas)
    first, second = create_store(tmp_path / "state.sqlite"), open_store(tmp_path / "state.sqlite")
    with first.writing() as write:
        write.set_fact("name", "first")
        with pytest.raises(PrivityError) as busy, second.writing():
            pass
    assert busy.value.code is ErrorCode.HOME_BUSY
    with second.reading() as read:
        assert read.fact("name") == "first"
