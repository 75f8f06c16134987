"""The core of a street's name: what is left of it when directionals, suffix and spelling variants are set aside.

Does: bring words inside a name to one spelling (ordinals, saints, suffix words, Spanish street words), keep grid
addresses whole, and refuse a name that hides something else. Does not: know which streets exist.
Source: Publication 28, sections 233 to 236, 29 and appendix D (grid, Spanish), C1.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from privity.normalise.addresses.local_forms import DWELLING_CLASSES
from privity.normalise.addresses.units import UNIT_WORDS
from privity.normalise.addresses.words import (
    CARDINALS,
    DIRECTIONALS,
    FULL_WORDS,
    ORDINALS,
    ROAD_SYSTEMS,
    ROADS,
    SUFFIXES,
    TENS,
    word_set,
)

_ORDINAL: Final = re.compile(r"0*(\d+)(?:ST|ND|RD|TH)")
_KEPT: Final = frozenset({"VIA", "IS", "UN", "PR", "DM", "EXP", "RUE", "RAD", "BOT"})  # words in their own right
_FIRST: Final = {
    "ST": "SAINT", "SAINT": "SAINT", "STE": "SAINTE", "DR": "DOCTOR", "DOCTOR": "DOCTOR", "AVENIDA": "AVENUE",
    "AVE": "AVENUE", "AVDA": "AVENUE", "AV": "AVENUE", "C": "C", "CLL": "CALLE", "CLLE": "CALLE", "CARRETERA": "CARR",
    "N": "NORTH", "S": "SOUTH", "E": "EAST", "W": "WEST",
}  # fmt: skip
_BEFORE_NUMBER: Final = word_set(
    "AVENUE CALLE STREET ROAD ROUTE HIGHWAY CARR MILE LOOP LANE DRIVE COURT PLACE TRACT BLOCK PISTA CAMINO SPUR "
    "BELTWAY BUSINESS"
)
_AFTER_NUMBER: Final = word_set(
    "MILE MILES POINT POINTS OAK OAKS PINE PINES FORKS CORNERS RIVERS LAKES SPRINGS BRIDGES SISTERS TREES HILLS ACRE "
    "ACRES ROD STAR BELLS CEDARS ELMS MAPLES NOTCH CREEKS FALLS MOUNTAINS PONDS ISLANDS PALMS WINDS SEASONS GABLES "
    "ROSES ARCH BROTHERS PENNY FEATHERS MILL MILLS BAR DOT LEAF BIRCHES WILLOWS AND NORTH SOUTH EAST WEST "
    "1/2 1/4 3/4 1/3 2/3"
)
_KINGS: Final = {
    "MLK": "MARTIN LUTHER KING", "ML KING": "MARTIN LUTHER KING", "M L KING": "MARTIN LUTHER KING",
    "M L K": "MARTIN LUTHER KING", "JFK": "JOHN F KENNEDY", "J F K": "JOHN F KENNEDY", "FDR": "FRANKLIN D ROOSEVELT",
}  # fmt: skip
_BARE: Final = word_set("ST STREET AVE AV RD ROAD DR LN LANE BLVD CT")
_BEFORE_SAINT: Final = word_set("DE DU DES OF OLD THE MOUNT MT FORT FT PORT RUE CALLE POINT NEW")
_ALSO_STREETS: Final = word_set(
    "KEY SIDE LOWER UPPER STOP FRONT REAR PIER TRL SPACE OFFICE SLIP FLOOR LOBBY BUILDING ROOM LEVEL TOWER"
)
_LONG: Final = {"N": "NORTH", "S": "SOUTH", "E": "EAST", "W": "WEST"}
_HIGHWAYS: Final = word_set("HIGHWAY HWY ROUTE RTE RT")
_UNIT_LIKE: Final = frozenset(word for word in UNIT_WORDS if len(word) > 2) - _ALSO_STREETS - DWELLING_CLASSES


_LANDSCAPE: Final = word_set(
    """
    BCH BLF BLFS BTM BRK BRKS BRG CP CYN CPE CLF CLFS COR CORS CRK CRST CTR DL DM EST ESTS FALL FLS FRY FLD FLDS FLT
    FLTS FRD FRDS FRST FRG FRK FRKS FT GDN GDNS GLN GLNS GRN GRNS GRV GRVS HBR HBRS HVN HTS HL HLS HOLW INLT IS ISS ISLE
    JCT KY KYS KNL KNLS LK LKS LAND LNDG LDG MNR MNRS MDW MDWS ML MLS MSN MT MTN MTNS NCK ORCH PARK PARKS PNE PNES PLN
    PLNS PT PTS PRT PRTS PR RNCH RPD RPDS RST RDG RDGS RIV SHL SHLS SHR SHRS SPG SPGS STA STRM SMT UN VLY VLYS VW VWS
    VLG VLGS VL VIS WL WLS BYU CLB LGT LF LCK
    """
)
"""Suffixes that name a landscape and not a road: they belong to the name. "ROLLING HILLS" is "ROLLING HILLS RD" with
the suffix missing, and no street named ROLLING."""


class StreetName(NamedTuple):
    """A street's name after reading: the core (or a fatal defect word), and the face beside it."""

    core: str
    predirectional: str
    suffix: str
    postdirectional: str
    defect: str = ""


@lru_cache(maxsize=1 << 15)
def read_street(pre: str, name: str, suffix: str, post: str) -> StreetName:
    """Bring the parser's street parts (upper-case ASCII) to one form.

    A grid street ("500 N 300 W": a number with a directional and no suffix) keeps its directionals in the core,
    because they alone tell it from its three neighbours.
    """
    words = name.replace("-", " ").split()
    if words and words[0] in {"NO", "SO"} and len(words) > 1 and not pre:
        pre, words = DIRECTIONALS[words[0]], words[1:]
    if len(words) == 2 and not pre and words[0] in DIRECTIONALS and words[1] in DIRECTIONALS and len(words[1]) > 2:
        pre, words = DIRECTIONALS[words[0]], words[1:]
    suffix = SUFFIXES.get(suffix, suffix)
    landscape = FULL_WORDS[suffix] if suffix in _LANDSCAPE else ""
    if landscape and len(words) == 1 and words[0] in DIRECTIONALS and not pre:
        pre, words, suffix, landscape = DIRECTIONALS[words[0]], [landscape], "", ""  # EAST SUMMIT is E SUMMIT
    if words == ["END"] and pre in _LONG:
        pre, words = "", [_LONG[pre], "END"]  # West End Avenue has no other name
    if not words:
        return StreetName("", pre, suffix, post, "no_street")
    tokens = _merge_prefix(_numbers([_word(word, place, words, suffix) for place, word in enumerate(words)]))
    core = _persons(" ".join(tokens))
    defect = "no_street" if not suffix and name in _BARE else _hidden_defect(words, tokens, suffix)
    if core.isdigit() and words[0].isdigit() and not suffix and (pre or post):
        core = " ".join(filter(None, (pre, core, post)))
    return (
        StreetName(f"{core} {landscape}", pre, "", post, defect)
        if landscape
        else StreetName(core, pre, suffix, post, defect)
    )


def _word(word: str, place: int, words: list[str], suffix: str) -> str:
    """One word of a name in its full form, by its place in the name."""
    ordinal = _ORDINAL.fullmatch(word)
    if ordinal:
        return ordinal.group(1)
    if word.isdigit():
        return word.lstrip("0") or "0"
    last = place == len(words) - 1
    if place == 0 and word in _FIRST:
        return word if last else _FIRST[word]
    if word == "ST" and (not last or not suffix):
        return "SAINT" if not last else "STREET"
    if word in _KEPT or (len(words) == 1 and word in DIRECTIONALS):
        return word
    return "ROUTE" if word == "RT" and not last and words[place + 1].isdigit() else FULL_WORDS.get(word, word)


def _numbers(tokens: list[str]) -> list[str]:
    """Spelled ordinals and counts to digits: FIRST -> 1, TWENTY FIRST -> 21, FOUR MILE -> 4 MILE."""
    found: list[str] = []
    for place, token in enumerate(tokens):
        following = tokens[place + 1] if place + 1 < len(tokens) else ""
        if token in TENS and ORDINALS.get(following, "99") in "123456789":
            found.append(TENS[token] + ORDINALS[following])
        elif token in ORDINALS:
            if not (place and tokens[place - 1] in TENS and ORDINALS[token] in "123456789"):
                found.append(ORDINALS[token])
        elif token in CARDINALS and following in _AFTER_NUMBER:
            found.append(CARDINALS[token])
        else:
            found.append(token)
    return found


def _merge_prefix(tokens: list[str]) -> list[str]:
    """MC DONALD -> MCDONALD, O BRIEN -> OBRIEN."""
    if len(tokens) > 1 and tokens[0] in {"MC", "O"} and tokens[1].isalpha() and len(tokens[1]) > 2:
        return [tokens[0] + tokens[1], *tokens[2:]]
    return tokens


def _persons(core: str) -> str:
    """Streets named after people who are written in several ways."""
    plain = core.removeprefix("DOCTOR ").removeprefix("REVEREND ").removeprefix("REV ").removesuffix(" JR")
    plain = plain.removesuffix(" JUNIOR")
    plain = _KINGS.get(plain, plain)
    return plain if plain in _KINGS.values() else core


def _hidden_defect(words: list[str], tokens: list[str], suffix: str) -> str:
    """Why a name cannot be a name alone: a second number, a unit, an unknown designator."""
    if "AND" in words[1:-1] and any(SUFFIXES.get(word) in ROADS for word in words[: words.index("AND")]):
        return "intersection"
    if words[0].isdigit() and len(tokens) > 1 and tokens[1] not in _AFTER_NUMBER:
        return "number_unclear"
    if any(word in _UNIT_LIKE for word in words[1:]) and (not suffix or words[-1] in _UNIT_LIKE or words[-1].isdigit()):
        return "street_unclear"
    return "street_unclear" if _goes_on(words, tokens, suffix) else ""


def _goes_on(words: list[str], tokens: list[str], suffix: str) -> bool:
    """Whether words follow that the name of a street cannot have: after its suffix, or a number of no road."""
    for place, word in enumerate(words[1:], start=1):
        ended = (place > 1 or not suffix) and not (word == "ST" and words[place - 1] in _BEFORE_SAINT)
        numbered = place == len(words) - 2 and words[-1].isdigit()
        if numbered and (words[place - 1] in ROAD_SYSTEMS or (words[place - 1] == "OLD" and word in _HIGHWAYS)):
            return False
        if ended and SUFFIXES.get(word) in ROADS and place < len(words) - 1:
            return words[place + 1] not in DIRECTIONALS
        closes_road = place == len(words) - 2 and SUFFIXES.get(words[-1]) in ROADS
        if suffix and place == len(words) - 1:
            closes_road = True  # CRAIGHEAD 461 RD: a county's own numbering
        if (
            word.isdigit()
            and not closes_road
            and tokens[min(place, len(tokens) - 1) - 1] not in _BEFORE_NUMBER
            and "AVENUE" not in tokens
        ):
            return True
    return False
