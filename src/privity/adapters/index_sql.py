"""The one text of the look-up that every SQL engine of the blind index runs: an equi-join, nothing else.

DuckDB reads the hint as a comment; Spark keeps the register where it lies and sends the wanted digests to it. No order
is asked for here: an engine that needs one adds it. Holds no value: the wanted digests are a table.
"""

from __future__ import annotations

from typing import Final

KEYS: Final = {"points": "point", "near": "form", "streets": "street", "records": "person", "places": "point"}
"""Table of a snapshot -> the digest it is sorted by, and looked up by."""

WANTED: Final = "wanted"
"""The one column of the table of wanted digests: distinct signed 64-bit integers."""


def look_up(table: str, columns: str, *, source: str, wanted: str) -> str:
    """SQL for the rows of `table` whose digest is wanted.

    `source` and `wanted` are what the engine calls the two tables. `columns` may use those of the table alone.
    """
    return (
        f"SELECT /*+ BROADCAST(w) */ {columns} FROM {source} t "  # noqa: S608  # our own words, no value
        f"SEMI JOIN {wanted} w ON t.{KEYS[table]} = w.{WANTED}"
    )
