"""Which messages are digested for a delivery point: the point itself, its near forms, its street.

Only builds the messages (bytes); the keyed digest is `ports.security.IndexKeys`' work. Source: MATCHING, the blind
index.
"""

from __future__ import annotations

from functools import lru_cache

from privity.domain.delivery_point import DeliveryPoint, PointKind
from privity.normalise import places

INDEX_FORMAT = "privity-index/3"
MIN_TOKEN = 5  # shorter street words never count as misspelt: too many are another street's name
MIN_JOINED = 7  # letters of a street's name from which a blank may be missing or too many
_URBANIZATION = "URB"  # in a street's name, all that follows is the urbanización it lies in (`normalise.addresses`)
_SEPARATOR = "\x1f"
_SEPARATOR_BYTE = _SEPARATOR.encode()
_STREET_BYTES = PointKind.STREET.value.encode()


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
    parts = ("point", point.kind, point.zip5, point.number, point.unit, point.street)  # `point.core`, read faster
    return _SEPARATOR.join(parts).encode()


def point_of(message: bytes, city: str = "", state: str = "") -> DeliveryPoint:
    """The point, without its face, that `point_message` was made of; city and state, which it lacks, as given."""
    _word, kind, zip5, number, unit, street = message.decode().split(_SEPARATOR)
    return DeliveryPoint(PointKind(kind), zip5, number, street, unit, city=city, state=state)


def street_message(point: DeliveryPoint) -> bytes:
    """The message whose digest says that a street of this name exists in this ZIP."""
    return _SEPARATOR.join(("street", point.kind.value, point.zip5, point.street)).encode()


def street_of(message: bytes) -> bytes:
    """`street_message` of the point that `point_message` was made of; nothing for a point that stands on no street."""
    _word, kind, zip5, _number, _unit, street = message.split(_SEPARATOR_BYTE)
    return _SEPARATOR_BYTE.join((b"street", kind, zip5, street)) if kind == _STREET_BYTES else b""


def record_near_messages(point: DeliveryPoint) -> list[bytes]:
    """Near forms of a register's point: each long alphabetic street word whole, and with each one letter missing; the
    name without blanks; and the point in its city, whatever its ZIP."""
    return _near_messages(point, MIN_TOKEN) + city_messages(point)


def asked_near_messages(point: DeliveryPoint) -> list[bytes]:
    """Near forms of a typed point. A typed word may lack a letter of the true one, so the limit is one lower."""
    return _near_messages(point, MIN_TOKEN - 1)


def city_messages(point: DeliveryPoint) -> list[bytes]:
    """A street's point in its city, whatever its ZIP: the official city of the ZIP stands for all its aliases.

    None for boxes, whose numbers begin anew in each ZIP, and for a ZIP that no table knows.
    """
    if point.kind is not PointKind.STREET:
        return []
    return [_city_message(point, office) for office in [places.post_office(point.zip5)] if office[0]]


def asked_city_messages(point: DeliveryPoint) -> list[bytes]:
    """The forms to ask for where a typed ZIP may be wrong: the address in the city that was typed, under its own name.

    Not in others that share a ZIP with it: the same number and street stand in the next town too (Clive, Urbandale).
    """
    office = (point.state, places.city_key(point.city))
    if point.kind is not PointKind.STREET or office not in places.post_offices(point.city, point.state):
        return []
    return [_city_message(point, office)]


def slipped_points(point: DeliveryPoint) -> list[bytes]:
    """`point_message` of the same address in each ZIP of its city that one slip turns into the typed one."""
    zips = sorted(places.zips_a_slip_away(point.zip5, point.city, point.state))
    return [
        _SEPARATOR.join(("point", point.kind, zip5, point.number, point.unit, point.street)).encode() for zip5 in zips
    ]


def _city_message(point: DeliveryPoint, office: tuple[str, str]) -> bytes:
    return _SEPARATOR.join(("city", *office, point.number, point.unit, point.street)).encode()


def _near_messages(point: DeliveryPoint, shortest: int) -> list[bytes]:
    """Two spellings share a form when one edit (or one letter moved) of one word turns one into the other, or when they
    differ in blanks alone."""
    if point.kind is not PointKind.STREET:
        return []
    head = _SEPARATOR.join(("near", point.zip5, point.number, point.unit)).encode()
    return [head + spelling for spelling in _near_spellings(point.street, shortest)]


@lru_cache(maxsize=1 << 15)
def _near_spellings(street: str, shortest: int) -> tuple[bytes, ...]:
    """The part of the near forms that depends on the street's name alone.

    An urbanización behind it is never misspelt: PALMAR is another quarter than PALMAS, with streets of the same names.
    """
    words = street.split(" ")
    own = words[: words.index(_URBANIZATION)] if _URBANIZATION in words else words
    found: list[bytes] = []
    for place, word in enumerate(own):
        if len(word) < shortest or not word.isalpha():
            continue
        before = f"{_SEPARATOR}{place}{_SEPARATOR}{' '.join(words[:place])}{_SEPARATOR}".encode()
        after = f"{_SEPARATOR}{' '.join(words[place + 1 :])}".encode()
        spellings = {word} | {word[:cut] + word[cut + 1 :] for cut in range(len(word))}
        found.extend(before + spelling.encode() + after for spelling in sorted(spellings))
    joined = street.replace(" ", "")
    if len(joined) >= MIN_JOINED and joined.isalpha() and len(own) == len(words):
        found.append(f"{_SEPARATOR}{_SEPARATOR}{joined}".encode())
    return tuple(found)
