"""Addresses that are a box and no house: post office boxes, rural routes, highway contract routes, military units.

Does: keep each in a number space of its own. Does not: turn an old rural route into a street.
Source: Publication 28, sections 24 (rural), 25 (highway contract), 27 (military), 28 (post office box).
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from privity.domain.delivery_point import PointKind
from privity.normalise.addresses.units import unit_value
from privity.normalise.addresses.words import word_set

BOX_WORDS: Final = word_set(
    "P O PO POB BOX BX POST OFFICE DRAWER CALLER FIRM BIN LOCKBOX LOCK APARTADO POSTAL APDO RR RURAL ROUTE RT RTE R "
    "RFD RD FREE DELIVERY HC HCR HIGHWAY CONTRACT STAR SR GENERAL GEN DEL PSC CMR UNIT APO FPO DPO NO NUMBER"
)
"""Words that the writing of a box may add or drop without changing which box it is."""
_BARE_BOX: Final = re.compile(r"(?<!\bPO )(?<!\bP O )(?<!\bP )(?<!\bOFFICE )(?<!\bPOSTAL )(?<!\bLOCK )\b(?:BOX|BX)\b")


class Box(NamedTuple):
    """A box: kind, the box's number, and the route or unit it belongs to ("" for a post office box)."""

    kind: PointKind
    number: str
    route: str
    defect: str = ""


def post_office_box(number: str, text: str) -> Box:
    """A post office box; drawer, caller and lockbox are the same number space (section 284).

    `text` is the tidied street lines: a BOX that is not said to be a post office's may be one of a rural route.
    """
    if _BARE_BOX.search(text):
        return Box(PointKind.PO_BOX, "", "", "no_box")
    return _checked(PointKind.PO_BOX, number, "")


def rural_box(kind: str, route: str, number: str | None) -> Box:
    """A box on a rural route ("RR") or a highway contract route ("HC")."""
    point = PointKind.HIGHWAY_CONTRACT if kind == "HC" else PointKind.RURAL_ROUTE
    return _checked(point, number or "", f"{kind} {unit_value(route)}")


def military_box(kind: str, unit: str, number: str | None) -> Box:
    """A box at a military or diplomatic unit ("PSC 1650 BOX 10")."""
    return _checked(PointKind.MILITARY, number or "", f"{kind} {unit_value(unit)}")


def _checked(kind: PointKind, number: str, route: str) -> Box:
    value = unit_value(number)
    return Box(kind, value, route, "" if value not in {"", "?"} and "?" not in route else "no_box")
