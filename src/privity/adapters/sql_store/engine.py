"""Opens the database: pragmas, transactions that hold the write lock from their first moment, errors in our words.

SQLite runs in WAL with `synchronous=FULL`: a committed transaction survives a power cut. Driver messages, which could
hold values, never leave this file.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import QueuePool

from privity.domain.errors import ErrorCode, PrivityError
from privity.ports.faults import FaultPoint, no_fault

BUSY_MILLISECONDS = 15_000
_WRITES = "privity_writes"
_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",
    "PRAGMA trusted_schema=OFF",
    f"PRAGMA busy_timeout={BUSY_MILLISECONDS}",
)


def make_engine(path: Path, *, reach: FaultPoint = no_fault) -> Engine:
    """An engine on the SQLite file at `path`. Opens nothing yet."""
    engine = create_engine(
        URL.create("sqlite", database=str(path)), hide_parameters=True, poolclass=QueuePool, pool_size=4
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # transactions are ours, not the driver's
        cursor = connection.cursor()
        for pragma in _PRAGMAS:
            cursor.execute(pragma)
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(_WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    @event.listens_for(engine, "before_cursor_execute")
    def _statement(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith(("INSERT", "UPDATE", "DELETE")):
            reach("db.statement")

    return engine


@contextmanager
def transaction(engine: Engine, *, writes: bool, reach: FaultPoint = no_fault) -> Iterator[Connection]:
    """One transaction: committed at the end, rolled back on any exception. Errors come out as PrivityError."""
    with translated():
        if writes:
            reach("db.begin")
        options = {_WRITES: True} if writes else {}
        with engine.connect().execution_options(**options) as connection:
            with connection.begin():
                yield connection
                if writes:
                    reach("db.commit")
            if writes:
                reach("db.committed")


@contextmanager
def translated() -> Iterator[None]:
    """Turn any database error into a PrivityError without the driver's words (they may hold values)."""
    try:
        yield
    except DBAPIError as error:
        raise _in_our_words(str(error.orig)) from None
    except SQLAlchemyError:
        raise PrivityError(ErrorCode.INTERNAL, "the database layer failed") from None
    except OSError as error:
        raise _in_our_words(os.strerror(error.errno or errno.EIO)) from None


def _in_our_words(driver_message: str) -> PrivityError:
    message = driver_message.lower()
    if "locked" in message or "busy" in message:
        return PrivityError(
            ErrorCode.HOME_BUSY,
            "another process is writing to this home",
            "Wait until it has finished, then run the command again: nothing was changed.",
        )
    for sign, sentence in _STORAGE_SIGNS:
        if sign in message:
            return PrivityError(
                ErrorCode.STORAGE_FAILED,
                sentence,
                "Mend the storage, then run the same command again: the step that failed was not taken, "
                "and everything recorded before it is intact.",
            )
    return PrivityError(ErrorCode.INTERNAL, "the database refused a statement")


_STORAGE_SIGNS = (
    ("full", "the disk that holds this home is full"),
    ("no space", "the disk that holds this home is full"),
    ("quota", "the disk quota for this home is used up"),
    ("readonly", "this home is read-only"),
    ("read-only", "this home is read-only"),
    ("unable to open", "the home's database cannot be opened"),
    ("permission", "this home may not be written to"),
    ("input/output", "the disk that holds this home reported an input/output error"),
    ("i/o error", "the disk that holds this home reported an input/output error"),
    ("malformed", "the home's database file is damaged"),
    ("not a database", "the home's database file is damaged"),
)
