"""What can be seen in an address's text before any parsing: signs that no single delivery point can have.

Does: bring the text to plain capitals, letters, digits and `# - / ,`, and name the first fatal defect seen.
Does not: tell street from city. The parser below would repair or drop several of these silently ("-1 Bouton St").
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from privity.normalise.addresses.units import UNIT_WORDS
from privity.normalise.text import UNREADABLE, fold

LONGEST: Final = 300
"""Characters in one field; the longest line of Publication 28 has 64."""

_PLAIN: Final = re.compile(r"[A-Z0-9]+(?: [A-Z0-9]+)*")
_EMAIL: Final = re.compile(r"@|\bWWW\.|\bHTTPS?:")
_COORDINATES: Final = re.compile(
    r"(?<![A-Z0-9])[-+]?\d{1,3}\.\d{2,}\D{1,12}[-+]?\d{1,3}\.\d{2,}|\d+\.\d{3,}[NSEW]?\b"
    r"|^\W*[-+]?\d{1,3}\.\d+[NS]?\W+[-+]?\d{1,3}\.\d+[EW]?\W*$|\b(?:LAT|LATITUDE)\W+-?\d"
)
_NOT_TEXT: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_ALIAS: Final = re.compile(r"\b(?:A ?K ?A|F ?K ?A|ALSO KNOWN AS|FORMERLY|PREVIOUSLY|ALTERNATE ADDRESS|OLD ADDRESS)\b")
_ANYTHING: Final = re.compile(r"[A-Z0-9]")
_ODD: Final = re.compile(r"[^A-Z0-9 ,#/.-]|(?<!\d)\.|\.(?!\d)")
_RANGE: Final = re.compile(
    r"^\d+[A-Z]?(?: ?- | -)\d|^\d+[A-Z]? (?:TO|THRU|THROUGH|AND|OR|Y|A) \d+[A-Z]? |^\d+[A-Z]?/\d{2,}"
    r"|^\d{2,}[A-Z]?/\d|^\d+(?:-\d+){2,}|^\d+, ?\d+[A-Z]? [A-Z]"
)
_SUSPECT: Final = re.compile(
    r"[-/,]| (?:TO|THRU|THROUGH|AND|OR|Y|A|AT|K|ALSO|FORMERLY|PREVIOUSLY|ALTERNATE|OLD|AKA|FKA)\b"
    r"|\d(?:ST|ND|RD|TH) FL|[A-Z] \d+[A-Z]? [A-Z]"
)  # without one of these no defect of a line can be seen: the common line is done with
_SIGNED_START: Final = re.compile(r"^[^A-Z0-9]*-[ #]*\d")
_SIGNED: Final = re.compile(r"(?<![A-Z0-9])-[ #]*\d")
_LOOSE_DASH: Final = re.compile(r" - ?(?=[A-Z#])|(?<=[A-Z0-9])- (?=[A-Z#])")
_FRACTION: Final = re.compile(r"\b\d ?/ ?\d\b")
_PER_CENT: Final = re.compile(r"(^|, ?)% ?(?=[A-Z]{2})")
"""Old clerks' sign for "in care of", at the start of a line."""
_CARE: Final = re.compile(r"\bC ?/ ?O\b")
_SLASH_UNIT: Final = re.compile(r"\b(\d{1,4})/([A-Z])\b|\b([A-Z])/(\d{1,4})\b")
_SECOND_STREET: Final = re.compile(r"\b(?:AND|OR|AT) \d{1,4}[A-Z]? [A-Z]")
_ROAD_WORDS: Final = (
    "ST|STREET|AVE|AVENUE|RD|ROAD|DR|DRIVE|LN|LANE|BLVD|BOULEVARD|CT|PL|PLACE|WAY|CIR|TRL|PKWY|TER|LOOP"
)
_TWO_STREETS: Final = re.compile(
    rf"^\d+[A-Z]? (?:[A-Z]+ ){{1,3}}(?:{_ROAD_WORDS})(?: [A-Z]+){{0,2}}"
    rf" \d+[A-Z]? (?:[A-Z]+ ){{1,3}}(?:{_ROAD_WORDS})(?:$|,)"
)
_ROUTES: Final = re.compile(
    r" (?:(?:COUNTY|STATE|RANCH|MARKET|TOWNSHIP|FOREST|SERVICE|PRIVATE|OLD|CO|US|FM|RM|STAGE|TRUNK) (?:ROAD|RD)"
    r"|HIGHWAY|HWY|ROUTE|RTE|RT|STATE|COUNTY|LOOP|APT|UNIT|STE|LOT|FL|BLDG|TRLR|SPC|RM|NO|FM|US|SR|CR) \d"
)
_FLOOR_AND_FLOOR: Final = re.compile(r"\d(?:ST|ND|RD|TH) (?:FL|FLR|FLOOR) #? ?\d{1,4}[A-Z]?$")
_FOREIGN: Final = re.compile(
    r"\b[ABCEGHJ-NPRSTVXY]\d[A-Z] ?\d[A-Z]\d\b|\b(?:CANADA|MEXICO D ?F|MEXICO|UNITED KINGDOM|ENGLAND|GERMANY|FRANCE"
    r"|SPAIN|ESPANA|GUATEMALA|EL SALVADOR|HONDURAS|COLOMBIA|VENEZUELA|ECUADOR|PERU|BRAZIL|CHINA|INDIA|PHILIPPINES"
    r"|JAMAICA|HAITI|DOMINICAN REPUBLIC|CUBA|NICARAGUA)$"
)
_HASH_BEFORE_WORD: Final = re.compile(
    rf"# +(?=(?:{'|'.join(sorted(filter(str.isalpha, UNIT_WORDS), key=len, reverse=True))})\b)"
)
_BARE_VALUE: Final = re.compile(r"[A-Z]|[A-Z]?\d{1,6}[A-Z]?")
_SIGNS: Final = re.compile(r"['\";|&:()_*\[\]\r\n\t]")
_BLANKED: Final = re.compile(r'[":()_*\[\]\r\t]')
_INITIAL: Final = re.compile(r"\b([A-Z])\.(?=[A-Z]\b)")
_DOT: Final = re.compile(r"\.(?!\d)|(?<!\d)\.")
_HASH: Final = re.compile(r"#(?: ?#)*")
_COMMAS: Final = re.compile(r"(?: ?,)+ ?")
_CROSSING: Final = re.compile(r"[A-Z] ?/ ?[A-Z]")
_SLASH_NUMBER: Final = re.compile(r"/ ?\d")
_HALF: Final = re.compile(r"^(\d+)\.5 +(?=[A-Z])")
_US: Final = re.compile(r"[ ,]+(?:U ?S ?A|UNITED STATES(?: OF AMERICA)?|EE ?UU|E ?U ?A)$")


def tidy(text: str) -> tuple[str, str]:
    """(tidied text, "" or a fatal defect word).

    Tidied text has single blanks, no apostrophes or dots, and may be empty. Never raises.
    """
    if not text:
        return "", ""
    line = fold(text)
    if _PLAIN.fullmatch(line) and len(line) <= LONGEST:
        return line, _defect(line)
    defect = _foreign_matter(line)
    if defect:
        return "", defect
    line = _without_signs(line.strip())
    return (line, "unreadable") if _ODD.search(line) else (line, _defect(line))


def _foreign_matter(line: str) -> str:
    """What cannot stand in a postal address at all, or ""."""
    if len(line) > LONGEST:
        return "too_long"
    if UNREADABLE in line or _NOT_TEXT.search(line):
        return "unreadable"
    if _EMAIL.search(line):
        return "email"
    return "coordinates" if _COORDINATES.search(line) else ""


def _without_signs(line: str) -> str:
    if _SIGNS.search(line):
        line = line.replace("'", "").replace("\r\n", "\n").replace("\n", ", ").replace(";", ", ").replace("|", ", ")
        line = _BLANKED.sub(" ", line).replace("&", " AND ")
    if "." in line:
        line = _INITIAL.sub(r"\1", line)
        line = _HALF.sub(r"\1 1/2 ", _DOT.sub(" ", line).strip())
    if "%" in line:
        line = _PER_CENT.sub(r"\1C/O ", line)
    if "/" in line:
        line = _SLASH_UNIT.sub(r"\1\2\3\4", _CARE.sub("C/O", line))
    if "#" in line:
        line = _HASH_BEFORE_WORD.sub("", _HASH.sub(" # ", line))
    line = " ".join(line.split()).strip(" ,")
    if "," in line:
        line = _COMMAS.sub(", ", line)
    if "-" in line:
        line = _LOOSE_DASH.sub(", ", line)
    return line if _ANYTHING.search(line) else ""


def _defect(line: str) -> str:
    """The first fatal defect of a tidied line, or ""."""
    if not _SUSPECT.search(line):
        return ""
    if _SIGNED_START.match(line):
        return "number_unclear"
    if _RANGE.match(line):
        return "number_range"
    if ("-" in line and _SIGNED.search(line)) or _FLOOR_AND_FLOOR.search(line):
        return "unit_unclear"  # "4th FL 5": a floor, and a number that may be another floor or a flat
    if "/" in line and "/" in _FRACTION.sub("", _CARE.sub("", line)):
        return (
            "intersection" if re.search(r"[A-Z] ?/ ?[A-Z]", line) and not re.search(r"/ ?\d", line) else "two_addresses"
        )
    return "two_addresses" if _ALIAS.search(line) or _SECOND_STREET.search(line) or _names_two_streets(line) else ""


def _names_two_streets(line: str) -> bool:
    """Whether a whole street with its number stands behind another (`12 ELM ST NOW 40 OAK AVE`)."""
    return bool(_TWO_STREETS.match(line)) and not _ROUTES.search(line.partition(",")[0])


@lru_cache(maxsize=1 << 16)
def tidy_place(text: str) -> tuple[str, str]:
    """`tidy` for a city or state column, whose few texts come again and again."""
    return tidy(text)


def marked_unit(line2: str) -> str:
    """A second line that is nothing but a value ("4", "B", "12C") is a unit: mark it as one."""
    return f"# {line2}" if _BARE_VALUE.fullmatch(line2) else line2


def without_country(line: str) -> tuple[str, str]:
    """The line without a closing "USA", and "" or the word `foreign`."""
    plain = _US.sub("", line)
    return plain, "foreign" if _FOREIGN.search(plain) else ""
