"""Which messages are digested for a delivery point: the point itself, its near forms, its street.

Only builds the messages (bytes); the keyed digest is `ports.security.IndexKeys`' work. Source: MATCHING, the blind
index.
"""

from __future__ import annotations

from functools import lru_cache

from privity.domain.delivery_point import DeliveryPoint, PointKind

INDEX_FORMAT = "privity-index/2"
MIN_TOKEN = 5  # shorter street words never count as misspelt: too many are another street's name
_SEPARATOR = "\x1f"


_ROAD_WORDS = frozenset(
    {
        "STREET", "ST", "AVENUE", "AVE", "ROAD", "RD", "DRIVE", "DR", "LANE", "LN", "COURT", "CT", "BOULEVARD", "BLVD",
        "PLACE", "PL", "CIRCLE", "CIR", "TERRACE", "TER", "WAY",
    }
)  # fmt: skip
"""Words that say what kind of road it is and not which one: alone they name no street ("145 Drive")."""


def may_enter(point: DeliveryPoint) -> bool:
    """Whether a point is complete enough to be looked up or stored: it has a ZIP, a number and, on a street, a name."""
    if not point.zip5 or not point.number:
        return point.kind is PointKind.GENERAL_DELIVERY and bool(point.zip5)
    return point.kind is not PointKind.STREET or (bool(point.street) and point.street not in _ROAD_WORDS)


def point_message(point: DeliveryPoint) -> bytes:
    """The message whose digest names the point: kind, ZIP5, number, unit, street core."""
    return _SEPARATOR.join(("point", *point.core)).encode()


def point_of(message: bytes) -> DeliveryPoint:
    """The point, without its face, that `point_message` was made of."""
    _word, kind, zip5, number, unit, street = message.decode().split(_SEPARATOR)
    return DeliveryPoint(PointKind(kind), zip5, number, street, unit)


def street_message(point: DeliveryPoint) -> bytes:
    """The message whose digest says that a street of this name exists in this ZIP."""
    return _SEPARATOR.join(("street", point.kind.value, point.zip5, point.street)).encode()


def record_near_messages(point: DeliveryPoint) -> list[bytes]:
    """Near forms of a register's point: each long alphabetic street word whole, and with each one letter missing."""
    return _near_messages(point, MIN_TOKEN)


def asked_near_messages(point: DeliveryPoint) -> list[bytes]:
    """Near forms of a typed point. A typed word may lack a letter of the true one, so the limit is one lower."""
    return _near_messages(point, MIN_TOKEN - 1)


def _near_messages(point: DeliveryPoint, shortest: int) -> list[bytes]:
    """Two spellings share a form when one edit (or one letter moved) of one word turns one into the other."""
    if point.kind is not PointKind.STREET:
        return []
    head = _SEPARATOR.join(("near", point.zip5, point.number, point.unit)).encode()
    return [head + spelling for spelling in _near_spellings(point.street, shortest)]


@lru_cache(maxsize=1 << 15)
def _near_spellings(street: str, shortest: int) -> tuple[bytes, ...]:
    """The part of the near forms that depends on the street's name alone."""
    words = street.split(" ")
    found: list[bytes] = []
    for place, word in enumerate(words):
        if len(word) < shortest or not word.isalpha():
            continue
        before = f"{_SEPARATOR}{place}{_SEPARATOR}{' '.join(words[:place])}{_SEPARATOR}".encode()
        after = f"{_SEPARATOR}{' '.join(words[place + 1 :])}".encode()
        spellings = {word} | {word[:cut] + word[cut + 1 :] for cut in range(len(word))}
        found.extend(before + spelling.encode() + after for spelling in sorted(spellings))
    return tuple(found)
