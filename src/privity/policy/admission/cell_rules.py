"""L15, L13 and L01: is the line's text clean, and does it name a person? Each rule returns a Defect or None."""

from __future__ import annotations

import re
from typing import Final

from privity.domain.request import LineContent
from privity.policy.admission.context import LineTerms
from privity.policy.admission.defect import Defect
from privity.policy.admission.line_view import LineView, is_blank
from privity.policy.detect import clean
from privity.policy.detect.person_words import name_defect
from privity.policy.detect.shifts import shift_defect

MAX_FIELD: Final = 200
MAX_REASON: Final = 2000
MAX_LINE_ID_BYTES: Final = 64


def clean_data(view: LineView, terms: LineTerms) -> Defect | None:
    """L15: every cell plain Latin text of sensible length, no formula, no markup, nothing in the wrong column."""
    del terms
    content = view.content
    if content.form_defect:
        return Defect("line_id", "the row does not have one cell for each column")
    if not content.line_id.strip() or len(content.line_id.encode("utf-8", "replace")) > MAX_LINE_ID_BYTES:
        return Defect("line_id", f"must have 1 to {MAX_LINE_ID_BYTES} bytes")
    if not content.line_id.isprintable():
        return Defect("line_id", "holds a control character")
    if not _all_plain(_texts(content)):
        for field, text in cells(content).items():
            message = _cell_defect(field, text)
            if message:
                return Defect(field, message)
    if view.content.address.address.strip() and not is_blank_split(view.content):
        return Defect("address", "the address is given both on one line and in separate columns")
    shifted = shift_defect(content)
    return Defect(*shifted) if shifted else None


_CELLS: Final = (
    *("given_name", "middle_name", "family_name", "generation", "full_name"),
    *("address_line1", "address_line2", "city", "state", "postal_code", "address"),
    *("periods", "statute", "order_date", "reason", "case_id", "officer", "identifier", "birth_date", "attestations"),
)


def _texts(content: LineContent) -> tuple[str, ...]:
    """Every cell but the line's id, in the order of `_CELLS`."""
    name, address = content.name, content.address
    return (
        name.given_name,
        name.middle_name,
        name.family_name,
        name.generation,
        name.full_name,
        address.address_line1,
        address.address_line2,
        address.city,
        address.state,
        address.postal_code,
        address.address,
        content.periods,
        content.statute,
        content.order_date,
        content.reason,
        content.case_id,
        content.officer,
        content.identifier,
        content.birth_date,
        content.attestations,
    )


def cells(content: LineContent) -> dict[str, str]:
    """Every non-empty cell but the line's id, by column name."""
    return {field: text for field, text in zip(_CELLS, _texts(content), strict=True) if text}


def is_blank_split(content: LineContent) -> bool:
    """Whether the split address columns are empty."""
    one = content.address
    return not any(
        (
            one.address_line1.strip(),
            one.address_line2.strip(),
            one.city.strip(),
            one.state.strip(),
            one.postal_code.strip(),
        )
    )


_TRICKS: Final = re.compile(r"[<>{}\[\]|\\^~?&%*_]")
_TRICK_STARTS: Final = re.compile(r"\x1f[=+@\-' \t]")
_SEPARATOR: Final = "\x1f"


def _all_plain(texts: tuple[str, ...]) -> bool:
    """The quick pass: short printable ASCII in every cell, without any character a trick needs."""
    joined = "".join(texts)
    if not (joined.isascii() and joined.isprintable()) or _TRICKS.search(joined) or max(map(len, texts)) > MAX_FIELD:
        return False
    return not _TRICK_STARTS.search(_SEPARATOR + _SEPARATOR.join(texts))


_NAMED: Final = frozenset(_CELLS[:5])
_WORDED: Final = frozenset({"reason", "statute", "periods", "attestations"})


def _cell_defect(field: str, text: str) -> str:
    if len(text) > (MAX_REASON if field == "reason" else MAX_FIELD):
        return "longer than any value of this column"
    strange = clean.strange_character(text)
    if strange:
        return f"holds {strange}"
    if clean.is_mojibake(text):
        return "was saved with the wrong encoding"
    if clean.is_formula(text):
        return "holds a spreadsheet formula"
    joined = field in _NAMED and "_" in text and any(map(str.isalpha, text))
    if joined or (field not in _WORDED and clean.has_markup(text)):
        return "holds marks that do not belong in this column"
    return ""


def identifier_only(view: LineView, terms: LineTerms) -> Defect | None:
    """L13: an identifier beside an empty name or address never takes its place."""
    del terms
    content = view.content
    if not content.identifier.strip():
        return None
    name = content.name
    if not any(map(str.strip, (name.given_name, name.family_name, name.full_name))):
        return Defect("given_name", "an identifier does not replace the name")
    if is_blank(content.address):
        return Defect(view.address_field, "an identifier does not replace the address")
    return None


def real_full_name(view: LineView, terms: LineTerms) -> Defect | None:
    """L01: given and family name of a person."""
    del terms
    field = "full_name" if view.content.name.full_name.strip() else "given_name"
    message = name_defect(view.content.name)
    if message:
        return Defect(field, message)
    if view.name.name is None or "single_name" in view.name.defects:
        return Defect(field, "the name cannot be read as given and family name")
    return None
