"""One line as the rules see it: supplied content, its readings, and the street part of its address as upper-case text.

Built once a line, in batches, because the address parser works best on many. Judges nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from privity.domain.personal import Masked
from privity.domain.request import LineContent, Ordinal, RequestLine, SuppliedAddress
from privity.normalise import places
from privity.normalise.addresses import ReadAddress, read_addresses
from privity.normalise.names import ReadName, read_name
from privity.normalise.text import fold
from privity.policy.detect.countries import is_abroad
from privity.policy.detect.folding import words_of
from privity.policy.detect.institutions import Facility, facility

_TAIL: Final = re.compile(r"[\s,]*(?P<zip>\b\d{5}(?:-?\d{4})?)?[\s,.]*(?:USA|U\.?S\.?A?\.?|UNITED STATES)?[\s,.]*\Z")
_STATE_WORDS: Final = 3
_CITY_WORDS: Final = 4


@dataclass(frozen=True, slots=True, repr=False)
class LineView(Masked):
    """Everything the line rules look at."""

    ordinal: Ordinal
    content: LineContent
    name: ReadName
    address: ReadAddress
    street: tuple[str, ...]  # street fields, upper-case ASCII, blank ones left out
    city: str
    state: str
    address_field: str  # the column a defect of the address is reported under
    facility: Facility  # what the street fields name beside a street
    words: tuple[tuple[str, ...], ...]  # the words of each street field, read once for L02, L03 and L05

    @property
    def is_foreign(self) -> bool:
        """Whether the address lies outside the United States."""
        defects = self.address.defects
        return "foreign" in defects or ("state_unknown" in defects and is_abroad(self.state))

    @property
    def waits(self) -> bool:
        """Whether a human must decide about the place named (L16): the parser's doubts are not held against it."""
        return self.facility in (Facility.LODGING, Facility.CUSTODY_WITH_NUMBER) or self.is_foreign

    @property
    def street_text(self) -> str:
        """The street fields as one text."""
        return ", ".join(self.street)


def view_lines(lines: Sequence[RequestLine], *, second_opinion: bool = True) -> list[LineView]:
    """Read names and addresses of many lines at once."""
    contents = [line.content.reveal() for line in lines]
    addresses = read_addresses([content.address for content in contents], second_opinion=second_opinion)
    return [
        _view(line.ordinal, content, address) for line, content, address in zip(lines, contents, addresses, strict=True)
    ]


def _view(ordinal: Ordinal, content: LineContent, address: ReadAddress) -> LineView:
    supplied = content.address
    name = read_name(content.name)
    if supplied.address.strip():
        street, city, state = split_one_line(fold(supplied.address))
        only: tuple[str, ...] = (street,) if street else ()
        words = tuple(map(words_of, only))
        return LineView(ordinal, content, name, address, only, city, state, "address", facility(only, words), words)
    fields = tuple(fold(field) for field in (supplied.address_line1, supplied.address_line2) if field.strip())
    city, state = fold(supplied.city), fold(supplied.state)
    words = tuple(map(words_of, fields))
    place = facility(fields, words)
    return LineView(ordinal, content, name, address, fields, city, state, "address_line1", place, words)


def split_one_line(text: str) -> tuple[str, str, str]:
    """Street part, city and state of a one-line address (upper-case ASCII), as well as they can be told apart."""
    tail = _TAIL.search(text)
    rest = text[: tail.start()] if tail else text
    state = ""
    words = rest.replace(",", " , ").split()
    for count in range(min(_STATE_WORDS, len(words)), 0, -1):
        code = places.state_code(" ".join(words[-count:])) if "," not in words[-count:] else ""
        if code and not (count == 1 and len(words[-1]) != 2 and not (tail and tail["zip"])):
            state, words = code, words[:-count]
            break
    while words and words[-1] == ",":
        words.pop()
    if "," in words:
        cut = len(words) - 1 - words[::-1].index(",")
        return _join(words[:cut]), _join(words[cut + 1 :]), state
    for count in range(min(_CITY_WORDS, len(words)), 0, -1):
        if places.zips_of(" ".join(words[-count:]), state):
            return _join(words[:-count]), _join(words[-count:]), state
    return _join(words), "", state


def _join(words: Sequence[str]) -> str:
    return " ".join(words).replace(" , ", ", ").strip(" ,")


def is_blank(address: SuppliedAddress) -> bool:
    """Whether no address field holds anything but blanks."""
    fields = (address.address_line1, address.address_line2, address.city, address.state, address.postal_code)
    return not address.address.strip() and not any(field.strip() for field in fields)
