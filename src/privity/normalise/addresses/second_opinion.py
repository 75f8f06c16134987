"""A second parser's view of a request's address: where it too reads a number, a unit or a ZIP, it must be the same.

Does: ask fastaddress (another method: a trained sequence model) and compare in comparable form, so that another
spelling is no disagreement. Does not: fill anything in. Its silence is no veto, because it loses some units.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import fastaddress

from privity.domain.delivery_point import DeliveryPoint, PointKind
from privity.normalise.addresses.highways import is_numbered_road
from privity.normalise.addresses.units import UNIT_WORDS, unit_value
from privity.normalise.addresses.words import CARDINALS, ORDINALS

_FIVE: Final = re.compile(r"\b\d{5}(?=\b|\d{4})")
_NOT_ALNUM: Final = re.compile(r"[^A-Z0-9]+")
_ORDINAL: Final = re.compile(r"\b(\d+)(?:ST|ND|RD|TH)\b")
_TOKEN: Final = re.compile(r"\d+|[A-Z]+")
_ZEROS: Final = re.compile(r"(?<!\d)0+(?=\d)")


def agrees(text: str, point: DeliveryPoint) -> bool:
    """Whether nothing the other parser reads in `text` contradicts `point` in number, unit or ZIP."""
    try:
        labels, _ = fastaddress.tag_native(text)
    except ValueError:
        return True  # no opinion
    return _zip_agrees(labels, point) and _number_agrees(labels, point) and _unit_agrees(labels, point)


def _plain(text: str) -> str:
    return _NOT_ALNUM.sub("", text.upper())


def _zip_agrees(labels: Mapping[str, str], point: DeliveryPoint) -> bool:
    zip_code = labels.get("ZipCode", "")
    if zip_code == point.zip5:
        return True
    seen = _FIVE.findall(zip_code)
    return not seen or point.zip5 in seen


def _number_agrees(labels: Mapping[str, str], point: DeliveryPoint) -> bool:
    if point.kind is not PointKind.STREET:
        box = labels.get("USPSBoxID", "").upper()
        return unit_value(box) in {"", "?", point.number} or point.number in box.split()
    read = labels.get("AddressNumber", "")
    if read == point.number and read.isdigit() and read[0] != "0":
        return True
    number = _plain(read).lstrip("0")
    parts = [labels.get(name, "") for name in ("AddressNumberPrefix", "AddressNumber", "AddressNumberSuffix")]
    ours = _plain(point.number)
    if not number or CARDINALS.get(number, number) == ours or _plain("".join(parts)).lstrip("0") == ours:
        return True
    return " " in point.number and number == point.number.split(" ")[0]


def _unit_agrees(labels: Mapping[str, str], point: DeliveryPoint) -> bool:
    """Every short or numbered token the other parser calls a unit is one of ours; long words are its mistakes."""
    occupancy, subaddress = labels.get("OccupancyIdentifier", ""), labels.get("SubaddressIdentifier", "")
    seen = f"{occupancy} {subaddress}".upper()
    if not seen.strip() or point.kind is PointKind.MILITARY:
        return True
    whole, value = _ZEROS.sub("", _plain(seen)), point.unit.rpartition(" ")[2]
    if whole in {value, point.zip5, point.number}:
        return True
    ours = _unit_tokens(point.unit) | {"".join(_unit_tokens_in_order(unit)) for unit in point.unit.split("|")}
    ours |= {point.zip5, value, point.number}
    if is_numbered_road(point.street):
        ours |= set(point.street.split())  # it calls the number of a rarer road a unit
    return whole in ours or all(token in ours for token in _unit_tokens(seen) if not token.isalpha() or len(token) < 3)


def _unit_tokens(text: str) -> set[str]:
    return set(_unit_tokens_in_order(text))


def _unit_tokens_in_order(text: str) -> list[str]:
    tokens = [ORDINALS.get(token, token) for token in _TOKEN.findall(_ORDINAL.sub(r"\1", text))]
    return [_ZEROS.sub("", UNIT_WORDS.get(token, token)) for token in tokens]
