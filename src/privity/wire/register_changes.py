"""Files of changes to a register: the extract's columns, and `change`, which says what becomes of the person.

Decides whether the *file* can be read; what a change means, and whether it can be made, is the work of
`services/register/update_register`. A file that cannot be read is PrivityError
REGISTER_INVALID, naming columns and never values.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import BinaryIO, Final

from privity.wire.register_format import COLUMNS, Layout, Row, read_rows


class Change(StrEnum):
    """What one row of a file of changes does to the person that its person_ref names."""

    ADD = "add"  # one more row of the person, known or not
    CHANGE = "change"  # these are from now on all rows of the person
    END = "end"  # every open period ends with valid_to
    REMOVE = "remove"  # no row of the person is kept


def _missing(names: set[str]) -> list[str]:
    return sorted({"person_ref", "change"} - names)


CHANGES: Final = Layout((*COLUMNS, "change"), _missing)
"""Rows that only end or remove need no other column."""


def read_changes(source: BinaryIO, chunk_rows: int) -> Iterator[list[tuple[str, Row]]]:
    """(`change` as written, the extract's row) in chunks, as `read_rows` gives rows."""
    for rows in read_rows(source, chunk_rows, layout=CHANGES):
        yield [(row[-1], row[:-1]) for row in rows]
