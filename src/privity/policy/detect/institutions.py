"""L05 and part of L16: does the address name an institution, or a place a human must decide about?

Reads word by word and by position: between a house number and a street suffix any word is a street's name (Church St,
Jail Hill Rd); before the number, after the suffix, or without a number it names what stands there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from itertools import chain, pairwise
from typing import Final

from privity.policy.detect.facility_words import (
    ALWAYS,
    AMBIGUOUS,
    CUSTODY,
    PHRASES,
    REFERRED_PHRASES,
    REFERRED_WORDS,
    TRIGGERS,
)
from privity.policy.detect.folding import words_of
from privity.policy.detect.streets import (
    DIRECTIONS,
    FIRST_WORDS,
    RESIDENTIAL,
    STRICT_SUFFIXES,
    SUFFIX_WORDS,
    UNIT_WORDS,
    is_number,
)


class Facility(StrEnum):
    """What the address names."""

    NONE = ""
    INSTITUTION = "institution"
    CUSTODY_WITH_NUMBER = "custody with inmate number"
    LODGING = "lodging or shelter"


_SEGMENT: Final = re.compile(r"[,;()]| - ")
_SEVEN: Final = re.compile(r"\b7[ -]ELEVEN(?= ?,|$)")
_LONG: Final = 8
_GLUED: Final = re.compile(
    r"(?:COUNTY|CITY|REGIONAL|COUNTRY)JAIL|PRISON$|DETENTION|DETCTR|CORRECTION|CORRFAC|PENITENTIARY|PROCESSINGC"
    r"|HOLDINGFACILITY|COURTHOUSE$|MEDICALCENTER|POLICEDEP|SHERIFFSOFFICE|IMMIGRATIONCOURT|^(?:FCI|USP|FDC)[A-Z]{5,}|JAIL$"
    r"|JUVENILEHALL|TRANSITIONALCENTER|HALFWAYHOUSE|PRISONCAMP"
)
_INMATE: Final = re.compile(
    r"\b(?:INMATE|BOOKING|REG(?:ISTER)?|DOC|TDCJ|CDCR?|SID|A|AFIS|JACKET|PRISONER|ID|SO|SPN|BOP|DIN|NYSID"
    r"|PIN)\s*(?:NO|NUM|NUMBER|ID)?\s*[.:#\-]*\s*(?:[A-Z]{0,2}\d[\d-]{4,})"
    r"|#\s*[A-Z]?\d{5,}|\b\d{5}-\d{3}\b"
)


def facility(fields: Sequence[str], words: Sequence[tuple[str, ...]]) -> Facility:
    """What the street fields (line 1, line 2, or the street part of one line) and their words name, taken together."""
    if all(TRIGGERS.isdisjoint(part) for part in words) and not any(map(_glued, chain.from_iterable(words))):
        return Facility.NONE
    text = " , ".join(" ".join(field.upper().split()) for field in fields).replace("POST OFFICE BOX", "PO BOX")
    if "ELEVEN" in text:
        text = _SEVEN.sub("SEVENELEVEN", text)
    kinds = [_segment_kind(words_of(segment)) for segment in _SEGMENT.split(text) if segment.strip()]
    if "custody" in kinds or "institution" in kinds:
        with_number = "custody" in kinds and _INMATE.search(text) and _has_street(words)
        return Facility.CUSTODY_WITH_NUMBER if with_number else Facility.INSTITUTION
    return Facility.LODGING if "lodging" in kinds else Facility.NONE


def _has_street(fields: Sequence[tuple[str, ...]]) -> bool:
    return any(
        is_number(word) and any(later in SUFFIX_WORDS for later in part[place + 2 :])
        for part in fields
        for place, word in enumerate(part)
    )


def _segment_kind(words: tuple[str, ...]) -> str:
    """ "institution", "custody", "lodging" or "" for one comma-free stretch of the address."""
    if any(map(_glued, words)) and not is_number(words[0]):
        return "custody"
    if TRIGGERS.isdisjoint(words):
        return ""
    for stretch, is_whole in _outside_street(words):
        kind = _stretch_kind(stretch, is_whole)
        if kind:
            return kind
    return ""


def _outside_street(words: tuple[str, ...]) -> list[tuple[tuple[str, ...], bool]]:
    """The stretches of the segment that are no street name; the flag says that no street was seen at all."""
    number = next((place for place, word in enumerate(words) if is_number(word)), None)
    if number is None:
        return [] if words[-1] in STRICT_SUFFIXES and not _is_court(words) else [(words, True)]
    if words[number + 1 : number + 2] and words[number + 1] in FIRST_WORDS:
        return [(words[:number], False)]  # 1719 Corte de Azucena: the street's kind comes first
    ends = [place for place, word in enumerate(words) if word in STRICT_SUFFIXES and place > number + 1]
    if not ends:
        ends = [place for place, word in enumerate(words) if word in SUFFIX_WORDS and place > number + 1]
    if not ends:
        name = words[number + 1 :]
        street = _without_unit(name)
        only_street = len(street) <= 1 or (len(street) == 2 and street[0] in DIRECTIONS)
        return (
            [(words[:number], False)]
            if only_street and not _is_always(name)
            else [(words[:number], False), (name, True)]
        )
    return [(words[:number], False), (words[_end_of_name(words, ends) + 1 :], False)]


def _without_unit(name: tuple[str, ...]) -> tuple[str, ...]:
    """The words after a house number without a closing unit (`924 Depot # 603`, `12 Mission Apt B`)."""
    if len(name) > 1 and (name[-1].isdigit() or len(name[-1]) == 1):
        name = name[:-1]
        while len(name) > 1 and name[-1] in UNIT_WORDS:
            name = name[:-1]
    return name


def _glued(word: str) -> bool:
    """Whether one long word is a facility's name written without its blanks (`DALLASCOUNTYJAIL`)."""
    return len(word) >= _LONG and bool(_GLUED.search(word))


def _end_of_name(words: tuple[str, ...], ends: list[int]) -> int:
    """Where the street's name ends: the first suffix, or a later one that follows it at once or after one word."""
    end = ends[0]
    for later in ends[1:]:
        between = words[end + 1 : later]
        if len(between) <= 1 and not (set(between) & (UNIT_WORDS | ALWAYS)):
            end = later
    return end


def _is_court(words: tuple[str, ...]) -> bool:
    return words[-1] == "COURT" and len(words) > 1 and words[-2] in PHRASES.get("COURT", frozenset())


def _is_always(words: tuple[str, ...]) -> bool:
    """Whether a word after the number names what stands there even where no street suffix follows (`12 Jail`)."""
    return not (ALWAYS.isdisjoint(words) and CUSTODY.isdisjoint(words) and REFERRED_WORDS.isdisjoint(words))


def _stretch_kind(words: tuple[str, ...], is_whole: bool) -> str:
    if not words or not RESIDENTIAL.isdisjoint(words):
        return ""
    joined = " ".join(words)
    if not CUSTODY.isdisjoint(words):
        return "custody"
    if any(phrase in joined for phrase in REFERRED_PHRASES) or not REFERRED_WORDS.isdisjoint(words):
        return "lodging"
    return "institution" if _names_institution(words, is_whole=is_whole) else ""


def _names_institution(words: tuple[str, ...], *, is_whole: bool) -> bool:
    if not ALWAYS.isdisjoint(words) or any(before in PHRASES.get(word, ()) for before, word in pairwise(words)):
        return True
    plain = [word for word in words if not word.isdigit() and word not in DIRECTIONS and word not in UNIT_WORDS]
    if words[-1] in AMBIGUOUS and len(plain) > 1:
        return True
    return is_whole and len(plain) == 1 and plain[0] in AMBIGUOUS
