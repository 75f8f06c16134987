"""L03: shapes that are no delivery point although they hold words and digits: landmarks, crossings, contact details.

Adds to what `normalise.addresses` finds while parsing; never accepts what that room refuses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from privity.policy.detect.word_sets import word_set

_CONTACT: Final = re.compile(
    r"[\w.+-]+\s*@\s*[\w-]+|\bWWW\b|HTTPS?:|\b[\w-]+\.(?:COM|NET|ORG|GOV|EDU|INFO|MX)\b"
    r"|(?<!\d)(?:\+?1[ .-]?)?\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}(?!\d)|(?<!\d)\d{10}(?!\d)|(?<!\d)\d{3}-\d{2}-\d{4}(?!\d)"
    r"|\b(?:TEL|PHONE|CELL|MOBILE|CALL|EMAIL|E-MAIL|TELEFONO|CELULAR|CORREO|FAX|WHATSAPP|FACEBOOK|INSTAGRAM)\b\s*[:#.]"
)
_COORDINATES: Final = re.compile(
    r"[-+]?\d{1,3}\.\d{3,}\s*°?\s*[NSEW]?\s*[,; /]\s*[-+]?\d{1,3}\.\d{3,}|\d+\s*°"
    r"|\bLAT(?:ITUDE)?\b.*\bLO?NG?(?:ITUDE)?\b|\bGPS\b"
    r"|\b\d{1,2}[RSTUVWX]\s+\d{6}\b|\b[23456789CFGHJMPQRVWX]{4,8}\+[23456789CFGHJMPQRVWX]{2,3}\b"
)
_LANDMARK: Final = re.compile(
    r"\b(?:NEAR|NEARBY|NEXT TO|NEXT DOOR|ACROSS (?:FROM|THE)|BEHIND|BESIDE|OPPOSITE|IN FRONT OF|IN BACK OF"
    r"|ADJACENT|CLOSE TO|AROUND THE"
    r"|CORNER OF|DOWN THE|UP THE|OFF OF|OFF (?:OF )?(?:HWY|HIGHWAY|EXIT|THE|ROUTE|I-?\d)|OUTSIDE|SOMEWHERE"
    r"|UNDER (?:THE|A)|BY THE|AT THE|INTERSECTION"
    r"|BETWEEN|(?:MILES?|BLOCKS?|YARDS|FEET|MI|KM|MINUTES?) (?:[NSEW]|NORTH|SOUTH|EAST|WEST|OF|FROM|PAST|DOWN"
    r"|UP|OUT|AWAY)\b|BLOCK OF|EXIT \d+"
    r"|MILE ?(?:MARKER|POST)|LAST HOUSE|FIRST HOUSE|(?:RED|BLUE|WHITE|GREEN|YELLOW|BROWN|BIG|SECOND|THIRD"
    r"|CORNER) HOUSE|HOUSE (?:ON|WITH|AT|BY|NEAR|BEHIND)"
    r"|TURN (?:LEFT|RIGHT)|DIRECTIONS|TRAILER (?:BEHIND|BY|ON)|THE (?:CHURCH|SCHOOL|RIVER|BRIDGE|STORE|TRACKS"
    r"|PARK|LAKE|WALMART|GAS STATION)"
    r"|CERCA DE|CERCA|FRENTE A|FRENTE AL?|DETRAS|AL LADO|JUNTO A|JUNTO AL?|ESQUINA|ENTRE|A UNA CUADRA|CUADRAS?"
    r"|POR EL|POR LA|DEBAJO|EN LA ESQUINA|PASANDO"
    r"|ENFRENTE|ANTES DE|DESPUES DE|A LA VUELTA|KILOMETRO)\b"
)
_STREET_BETWEEN: Final = re.compile(
    r"^\d[\w/-]*\s+(?:[NSEW]{1,2}\s+)?\w[\w '.]*\s(?:ST|STREET|AVE|AVENUE|RD|ROAD|DR|DRIVE|LN|LANE|BLVD|WAY|CT"
    r"|PL|CIR|TRL|HWY|PKWY|LOOP|TER|SQ|COURT|PLACE|CIRCLE)\b"
)
_RELATION: Final = re.compile(
    r"\b(?:NEXT TO|NEXT DOOR|ACROSS FROM|(?:FRONT|BACK|CORNER|NORTH|SOUTH|EAST|WEST|MILES?|BLOCKS?|OUTSIDE) OF|CLOSE TO"
    r"|(?:MILES?|BLOCKS?|MINUTES?|YARDS|FEET|KM|MI) (?:[NSEW] )?(?:OF|FROM|PAST)"
    r"|AL LADO|FRENTE A|JUNTO A|CERCA DE|EN LA ESQUINA)\b"
)
"""Ways to the place that no street is named after."""
_THEN_ON: Final = re.compile(r"\b(?:ON|AT|BY|FROM|NEAR|OFF|IN|EN|POR)\b")
_BOX_RANGE: Final = re.compile(r"\bBOX\s+#?(\d+)\s*-\s*(\d+)$")
_BOX_ZERO: Final = re.compile(r"\bBOX\s+#?0+$")
_GIVEN_NUMBER: Final = re.compile(r"\b[A-Z]?\d{7,}\b")
_VAGUE_NUMBER: Final = re.compile(
    r"^(?:\d+X+|X+\d*|\?+|#+|\*+|0+)\s+\w|^\d+\s*(?:HUNDRED )?(?:BLOCK|BLK)\b"
    r"(?! (?:ST|STREET|AVE|AVENUE|RD|ROAD|DR|DRIVE|LN|LANE"
    r"|TER|TERRACE|CT|PL|WAY)(?:$|,| #| [NSEW]{1,2}$| (?:APT|UNIT|LOT|STE) ))|^(?:APPROX|ABOUT|AROUND)\b|\b\d*\?+\d*\b"
)


_LANDMARK_WORDS: Final = word_set(
    """
    NEAR NEARBY NEXT ACROSS BEHIND BESIDE OPPOSITE FRONT BACK ADJACENT CLOSE AROUND CORNER DOWN UP OFF OUTSIDE SOMEWHERE
    UNDER BY AT INTERSECTION BETWEEN MILE MILES BLOCK BLOCKS YARDS FEET MI KM MINUTE MINUTES EXIT MILEMARKER MILEPOST
    LAST FIRST HOUSE TURN DIRECTIONS TRAILER THE CERCA FRENTE DETRAS AL JUNTO ESQUINA ENTRE A CUADRA CUADRAS POR DEBAJO
    EN
    PASANDO ENFRENTE ANTES DESPUES KILOMETRO
    """
)
"""A description of the way has one of these words: without any of them the pattern need not run."""

_CONTACT_HINT: Final = re.compile(r"[@:]|\.[A-Z]|WWW|#.*\d{5}|\d{3}\D{0,2}\d{3}\D?\d{2}|\d{3}-\d{2}-")
_COORDINATE_HINT: Final = re.compile(r"\.\d|°|\+|\bLAT|\bGPS\b|\d[RSTUVWX]\s")


def shape_defect(street: str, words: Iterable[str]) -> str:
    """What makes the street field no delivery point, in words without the value; "" where nothing does.

    `street`: upper-case ASCII text of line 1 and 2, or of a one-line address without city, state and ZIP; `words`:
    the words of it.
    """
    if _CONTACT_HINT.search(street) and _CONTACT.search(street):
        return "contact details stand where an address belongs"
    if _COORDINATE_HINT.search(street) and _COORDINATES.search(street):
        return "coordinates stand where an address belongs"
    found = None if _LANDMARK_WORDS.isdisjoint(words) else _LANDMARK.search(street)
    if found and not _is_in_street_name(street, found):
        return "a description of the way stands where an address belongs"
    if _VAGUE_NUMBER.search(street) or _is_no_box(street):
        return "the number of house or box is vague"
    if "*" in street or ".." in street or not any(map(str.isalpha, street)):
        return "letters are left out"
    return "a number too long for a house stands where an address belongs" if _GIVEN_NUMBER.search(street) else ""


def _is_in_street_name(street: str, found: re.Match[str]) -> bool:
    """Whether the landmark words lie inside a numbered street's own name (`12 Church by the Sea Rd`)."""
    whole = _STREET_BETWEEN.match(street)
    if whole is None or not 0 < found.start() < found.end() < whole.end():
        return False
    return not _RELATION.search(street) and not _THEN_ON.search(street, found.end(), whole.end())


def _is_no_box(street: str) -> bool:
    """Whether the text ends in box zero, or in two box numbers of one length, the second larger (`PO BOX 12-20`)."""
    if "BOX" not in street:
        return False
    found = _BOX_RANGE.search(street)
    if found is None:
        return bool(_BOX_ZERO.search(street))
    return len(found[1]) == len(found[2]) and int(found[1]) < int(found[2])
