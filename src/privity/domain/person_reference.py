"""The register's reference of a person, as counsel names them: trimmed as the register trims it, else refused.

A reference that is not the register's, letter by letter, protects nobody, and nothing would tell: its keyed digest is
simply another. So what cannot be one reference (a row of a table, a quoted cell, an unseen character) is refused.
"""

from __future__ import annotations

from typing import Final

from privity.domain.errors import ErrorCode, PrivityError

MAX_REFERENCE: Final = 200  # characters; the register refuses rows with longer ones
_OF_TABLES: Final = frozenset(' ,;"')  # what stands between and around the cells of a table


def person_reference(text: str, place: str = "the reference") -> str:
    """The reference in `text`, without the blanks around it. `place` says in an error where it stands.

    Raises PrivityError FORMAT_INVALID, without the value (C8).
    """
    reference = text.strip()
    if not reference:
        fault = "is empty"
    elif len(reference) > MAX_REFERENCE:
        fault = f"is longer than {MAX_REFERENCE} characters"
    elif not reference.isprintable():
        fault = "holds a control character or an invisible one"
    elif not _OF_TABLES.isdisjoint(reference):
        fault = "holds a blank, comma, semicolon or quotation mark: it is more than one reference, or none"
    else:
        return reference
    raise PrivityError(
        ErrorCode.FORMAT_INVALID,
        f"{place} {fault}; nothing was changed",
        "Give the register's person_ref alone, without other columns or quotation marks; in a file, one a line.",
    )
