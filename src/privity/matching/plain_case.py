"""The plain case: one recorded row says, letter for letter, what the line asks, and nobody else there is named alike.

More than half of all confirmations are such. They are told from the bytes of the records, before anything is taken
apart; the verdict is the one `decide` would give, and wherever that is not plain there is none: `decide` is asked.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import Final

from privity.matching.decide import Gate, Verdict
from privity.matching.levels import AddressGrade, Level
from privity.matching.names_agree import NameGrade, forenames_apart
from privity.matching.periods import Span, overlap_all
from privity.matching.person_record import REFERENCE, recorded_spans, recorded_words

MOST_ROWS: Final = 12  # more are nearly never plain
_PASSED = Gate.NONE
_new = tuple.__new__  # makes a named tuple in half the time of calling its class


def plain_level(levels: Sequence[Level]) -> str:
    """The name of the level that a plain case passes; "" where the policy does not begin with such a level."""
    first = levels[0]
    equal = first.address is AddressGrade.EQUAL and first.person is NameGrade.EQUAL
    return first.name if equal and not first.one_edit and not first.second_evidence else ""


def plain_verdict(
    level: str, text: bytes, periods: Sequence[Span], records: Sequence[bytes], withheld: Set[bytes]
) -> Verdict | None:
    """The confirmation at `level` of the one person recorded at a point just as asked; None where that is not plain.

    `text` is the line's `compared_text`; `records` are everybody's at the point. The line must be one that can be
    confirmed, and state no further fact (birth date, identifier).
    """
    own = _told_alike(text, records)
    if own is None or (len(records) > 1 and not _others_apart(text, own, records)):
        return None
    reference = own[REFERENCE]
    if not periods or reference in withheld or not overlap_all(recorded_spans(own), periods):
        return None
    candidates = len({record[REFERENCE] for record in records}) if len(records) > 1 else 1
    return _new(Verdict, (level, candidates, 0, _PASSED, reference))


def _told_alike(text: bytes, records: Sequence[bytes]) -> bytes | None:
    """The one record that begins with this text, a whole name in it; None where there are several, or no such name."""
    own = None
    if len(records) <= MOST_ROWS:
        for record in records:
            if record.startswith(text):
                if own is not None:
                    return None
                own = record
    if own is None:
        return None
    given, _middle, family, _face = recorded_words(text)
    whole = family and len(given.partition(" ")[0]) > 1  # an initial alone is nobody's given name
    return own if whole else None


def _others_apart(text: bytes, own: bytes, records: Sequence[bytes]) -> bool:
    """Whether everybody else's forenames tell them apart from the asked person."""
    given, middle, _family, _face = recorded_words(text)
    for record in records:
        if record is not own:
            other_given, other_middle, _other_family, _rest = recorded_words(record)
            if not forenames_apart(given, middle, other_given, other_middle):
                return False
    return True
