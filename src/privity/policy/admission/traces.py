"""What the rules over a whole file need of each line: a few numbers and words in columns, not the line itself.

A trace lets equal things be found (ids, reasons, points, cases, questions) by keyed 64-bit digests; only names, dates
of birth and order, and identifiers are kept as words, because near names are compared letter by letter. About 200 bytes
a line. Among a million different texts two share a digest with a chance of 3 in 10^8, and without the key nobody can
make them do so. Nothing here is stored.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from hashlib import blake2b

from privity.domain.delivery_point import DeliveryPoint
from privity.domain.person_name import PersonName
from privity.domain.personal import Masked
from privity.policy.probing import SEPARATOR, Asking

Mark = Callable[[str], int]
_PARTS = "\x1e"


def marker(key: bytes) -> Mark:
    """A keyed 64-bit digest of a text (BLAKE2b, RFC 7693). `key` has at most 64 bytes."""
    start = blake2b(digest_size=8, key=key)

    def mark(text: str) -> int:
        digest = start.copy()
        digest.update(text.encode("utf-8", "surrogatepass"))
        return int.from_bytes(digest.digest(), "little")

    return mark


def _numbers() -> array[int]:
    return array("Q")


@dataclass(slots=True, repr=False)
class Traces(Masked):
    """Columns over lines in their order: the first three over all lines, the others over those that ask a question.

    `cases`, `births`, `identifiers` and `orders` hold 0 or "" where the line gives none.
    """

    ordinals: array[int] = field(default_factory=_numbers)
    ids: array[int] = field(default_factory=_numbers)
    reasons: array[int] = field(default_factory=_numbers)
    asking: array[int] = field(default_factory=_numbers)  # ordinals of the lines that passed the line rules
    points: array[int] = field(default_factory=_numbers)
    questions: array[int] = field(default_factory=_numbers)
    cases: array[int] = field(default_factory=_numbers)
    names: list[str] = field(default_factory=list)
    births: list[str] = field(default_factory=list)
    identifiers: list[str] = field(default_factory=list)
    orders: list[str] = field(default_factory=list)
    officers: list[str] = field(default_factory=list)

    def extend(self, more: Traces) -> None:
        """Append the traces of the lines that follow; equal words are kept once."""
        for one in fields(self):
            values = getattr(more, one.name)
            if one.name in _REPEATING:
                values = [_known(text) for text in values]
            getattr(self, one.name).extend(values)

    def add_line(self, ordinal: int, line_id: int, reason: int) -> None:
        """A line, whether it passed or not."""
        self.ordinals.append(ordinal)
        self.ids.append(line_id)
        self.reasons.append(reason)

    def add_asking(self, asking: Asking, officer: str, mark: Mark, question_text: str) -> None:
        """What a line asks that passed the line rules; `question_text` is `asking.question`."""
        self.asking.append(asking.ordinal)
        self.points.append(mark(core_text(asking.point)))
        self.questions.append(mark(question_text))
        self.cases.append(mark(asking.case) or 1 if asking.case else 0)
        self.names.append(name_text(asking.name))
        self.births.append(asking.birth_date)
        self.identifiers.append(asking.identifier)
        self.orders.append(asking.order_date)
        self.officers.append(officer)


_REPEATING = frozenset({"births", "orders", "officers"})
_WORDS: dict[str, str] = {}
_MOST_WORDS = 1 << 16


def _known(text: str) -> str:
    """The same text as one object, for words that come again and again (dates, officers)."""
    if len(_WORDS) > _MOST_WORDS:
        _WORDS.clear()
    return _WORDS.setdefault(text, text)


def core_text(point: DeliveryPoint) -> str:
    """The point's core as one text."""
    return SEPARATOR.join(point.core)


def name_text(name: PersonName) -> str:
    """Given name, family parts and generation as one text; `name_of` reads it."""
    return _PARTS.join((name.given, SEPARATOR.join(name.family), name.generation))


def name_of(text: str) -> PersonName:
    """The name as far as questions about one person are concerned: without middle names."""
    given, family, generation = text.split(_PARTS)
    return PersonName(given, "", tuple(family.split(SEPARATOR)), generation)


def whose(text: str) -> str:
    """Given and family name of a name's text, without the generation."""
    return text.rpartition(_PARTS)[0]
