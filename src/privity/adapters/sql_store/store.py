"""The store itself: where transactions begin, and what an administrator may do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from privity.adapters.sql_store.engine import make_engine, transaction
from privity.adapters.sql_store.reading import SqlReadStore
from privity.adapters.sql_store.writing import SqlWriteStore
from privity.domain.errors import ErrorCode, PrivityError
from privity.ports.faults import FaultPoint, no_fault
from privity.ports.stores import ReadStore, WriteStore

NEWEST_REVISION = "0006"


class SqlStore:
    """`ports.stores.Store` and `StoreAdmin` over one SQLite file."""

    def __init__(self, path: Path, *, reach: FaultPoint = no_fault) -> None:
        self._path = path
        self._reach = reach
        self._engine = make_engine(path, reach=reach)

    @contextmanager
    def reading(self) -> Iterator[ReadStore]:
        """A consistent view at one moment."""
        with transaction(self._engine, writes=False) as connection:
            yield SqlReadStore(connection)

    @contextmanager
    def writing(self) -> Iterator[WriteStore]:
        """The one write transaction."""
        with transaction(self._engine, writes=True, reach=self._reach) as connection:
            yield SqlWriteStore(connection)

    def migrate(self) -> str:
        """Bring the schema to the newest revision (Alembic)."""
        from privity.adapters.sql_store.migrate import upgrade

        upgrade(self._engine)
        return NEWEST_REVISION

    def revision(self) -> str:
        """The schema's revision, "" where there is none."""
        with transaction(self._engine, writes=False) as connection:
            made = connection.execute(text("SELECT name FROM sqlite_master WHERE name = 'alembic_version'")).scalar()
            if made is None:
                return ""
            return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")

    def check(self) -> Sequence[str]:
        """Findings of SQLite's integrity and foreign key checks; empty where sound."""
        with transaction(self._engine, writes=False) as connection:
            words = [str(row[0]) for row in connection.execute(text("PRAGMA integrity_check"))]
            loose = len(list(connection.execute(text("PRAGMA foreign_key_check"))))
        findings = [] if words == ["ok"] else ["the database file is damaged"]
        return findings + ([f"{loose} rows refer to rows that do not exist"] if loose else [])

    def close(self) -> None:
        """Release the database file."""
        self._engine.dispose()


def create_store(path: Path, *, reach: FaultPoint = no_fault) -> SqlStore:
    """Make the database with the newest schema. Raises PrivityError STORAGE_FAILED."""
    store = SqlStore(path, reach=reach)
    store.migrate()
    return store


def open_store(path: Path, *, reach: FaultPoint = no_fault) -> SqlStore:
    """Open a database made before. Raises PrivityError HOME_INVALID where it is missing or of another revision."""
    if not path.is_file():
        raise PrivityError(ErrorCode.HOME_INVALID, "this home has no database", "Make a home with `privity init`.")
    store = SqlStore(path, reach=reach)
    if store.revision() != NEWEST_REVISION:
        raise PrivityError(
            ErrorCode.HOME_INVALID,
            "the database of this home was made by another version of privity",
            "Bring it up to date with `privity home migrate`, after a backup; a newer one needs the newer privity.",
        )
    return store


def migrate_store(path: Path) -> tuple[str, str]:
    """Bring an older database up to date. Returns the revisions before and after.

    Raises PrivityError HOME_INVALID (none there, or newer than this version knows) or STORAGE_FAILED.
    """
    store = SqlStore(path) if path.is_file() else None
    before = store.revision() if store else ""
    if store is None or not before or before > NEWEST_REVISION:
        raise PrivityError(
            ErrorCode.HOME_INVALID,
            "there is no database here that this version could bring up to date",
            "Make a home with `privity init`, or use the privity that made this one.",
        )
    return before, store.migrate()
