"""Addresses of Puerto Rico that have no street and number: kilometre marks of a road, and public housing.

Does: read a closed form whole ("CARR 2 KM 14.2", "RES LLORENS TORRES EDIF 5 APT 50"). Does not: read such a line with a
word more; then it goes the common way, and is refused there. Only for addresses of that state.
Source: Publication 28, section 29 (sections 291 to 296).
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

PUERTO_RICAN_WORDS: Final = frozenset({"KM", "RES", "RESIDENCIAL", "BUZON", "BZN"})
_ROAD: Final = re.compile(
    r"(?:CARR|CARRETERA|PR|RD|ROAD|RTE|ROUTE|STATE ROAD|SR)[ -]?0*(\d{1,4})[ ,]+"
    r"KM ?0*(\d{1,3})(?:\.(\d{1,2})|[ ,]+HM ?(\d))?( INT(?:ERIOR)?)?"
)
_WARD: Final = re.compile(r"(BO|BARRIO|SECTOR|SECT) ([A-Z]+(?: [A-Z]+){0,3})")
_HOUSING: Final = re.compile(
    r"(?:RES|RESIDENCIAL) ([A-Z]+(?: [A-Z]+){0,4})[ ,]+(?:EDIF|EDIFICIO|BLDG|BUILDING)[ #]*([A-Z]?\d{1,3}[A-Z]?|[A-Z])"
    r"[ ,]+(?:APT|APTO|APARTAMENTO|APARTMENT|#)[ #]*([A-Z]?\d{1,5}[A-Z]?|[A-Z])"
)
_BOX: Final = re.compile(r"(?<= )(?:BUZON|BZN)(?= )")
_WARD_SHORT: Final = {"BARRIO": "BO", "SECT": "SECTOR"}


class Mark(NamedTuple):
    """A delivery point without a street: what stands for number, street core and unit ("" for none)."""

    number: str
    street: str
    unit: str = ""


def read_mark(line1: str, line2: str) -> Mark | None:
    """The point that two tidied street lines give in one of the closed forms, or None."""
    parts = [part for part in f"{line1}, {line2}".split(", ") if part]
    housing = _HOUSING.fullmatch(", ".join(parts))
    if housing:
        name, building, flat = housing.groups()
        return Mark(f"EDIF {building}", f"RES {name}", f"APT {flat}|BLDG {building}")
    ward = ""
    if len(parts) > 1:
        for place in (0, -1):
            found = _WARD.fullmatch(parts[place])
            if found:
                ward = f" {_WARD_SHORT.get(found.group(1), found.group(1))} {found.group(2)}"
                del parts[place]
                break
    road = _ROAD.fullmatch(", ".join(parts))
    if road is None:
        return None
    number, kilometre, tenth, hectometre, inside = road.groups()
    mark = f"{kilometre}.{(tenth or hectometre or '0').rstrip('0') or '0'}"
    return Mark(f"KM {mark}{' INT' if inside else ''}", f"CARR {number}{ward}")


def with_box(line: str) -> str:
    """A rural line with its box in English: "HC 3 BUZON 1234" -> "HC 3 BOX 1234"."""
    return _BOX.sub("BOX", line)
