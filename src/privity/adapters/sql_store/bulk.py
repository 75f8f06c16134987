"""Very many rows at once: as tuples, in the order of their index, so that the database appends instead of searching.

Works on SQLite (positional parameters, `ON CONFLICT`); a server engine needs its own form, as for the triggers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Table

_BATCH = 5_000
_AT_ONCE = 500  # values a statement may name (SQLite bounds the number of parameters)


def insert_rows(connection: Connection, table: Table, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Insert rows whose values stand in the order of `columns`."""
    marks = ", ".join("?" * len(columns))
    names = ", ".join(f'"{table.c[column].name}"' for column in columns)
    statement = f"INSERT INTO {table.name} ({names}) VALUES ({marks})"  # noqa: S608  # names of our own schema
    waiting = iter(rows)
    while batch := list(islice(waiting, _BATCH)):
        connection.exec_driver_sql(statement, batch)


def rows_among(
    connection: Connection, statement: str, fixed: Sequence[Any], values: Iterable[bytes]
) -> Iterator[tuple[Any, ...]]:
    """The rows of a statement that ends in `IN`, for very many values, each once; `fixed` fills the marks before it.

    In the driver's own words: writing such a list out anew for every statement costs more than the look itself.
    """
    waiting = iter(dict.fromkeys(values))
    while some := list(islice(waiting, _AT_ONCE)):
        marks = ", ".join("?" * len(some))
        yield from connection.exec_driver_sql(f"{statement} ({marks})", (*fixed, *some))


def pairs_in_order(pairs: Iterable[tuple[bytes, bytes]]) -> Iterator[tuple[bytes, bytes]]:
    """The different pairs, sorted; the first of each is a digest. Held as bytes, one bucket in objects at a time."""
    buckets: dict[tuple[int, int, int], bytearray] = {}
    for one, other in pairs:
        key = (one[0] if one else -1, len(one), len(other))
        bucket = buckets.get(key)
        if bucket is None:
            bucket = buckets[key] = bytearray()
        bucket += one
        bucket += other
    for key in sorted(buckets):
        _, cut, rest = key
        whole = bytes(buckets.pop(key))
        step = max(cut + rest, 1)
        for pair in sorted({whole[at : at + step] for at in range(0, len(whole), step)}):
            yield pair[:cut], pair[cut:]
