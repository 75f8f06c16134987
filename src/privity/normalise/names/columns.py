"""Names in split columns, quickly: each column's text is read once, and the plainest columns are put together.

A register has few distinct given and family names and very many pairs of them. A column is plain where `read_name`
reads it, beside plain others, to one place of the name and nothing else; plain columns do not touch one another, so
that the whole is the sum of its parts. Everything else is read in full; equality with `read_name` is held by test.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from privity.domain.person_name import PersonName
from privity.domain.request import SuppliedName
from privity.normalise.names.reading import read_name
from privity.normalise.names.words import GIVEN_PARTICLES, NO_MIDDLE

_GIVEN, _FAMILY = "JOHN", "SMITH"  # two plain names to read the others beside
_OTHER_GIVEN: Final = "MARY"
_LONGEST: Final = 40

NameParts = tuple[str, str, tuple[str, ...], str]
"""Given, middle, family parts, generation: the fields of `PersonName`."""


def read_columns(given: str, middle: str, family: str, generation: str, full_name: str) -> NameParts | None:
    """The fields of `read_name(SuppliedName(given, middle, family, generation, full_name)).name`, or None."""
    if not full_name:
        first, second = plain_given(given), plain_middle(middle)
        last, closing = plain_family(family), plain_generation(generation)
        if first and second is not None and last and closing is not None:
            return first, second, last, closing
    name = read_name(SuppliedName(given, middle, family, generation, full_name)).name
    return (name.given, name.middle, name.family, name.generation) if name else None


@lru_cache(maxsize=1 << 16)
def plain_given(text: str) -> str:
    """The one word that a given-name column is read as; "" where it is more or other than that."""
    name = _beside(given_name=text)
    if name is None or name != PersonName(name.given, "", (_FAMILY,)) or not _is_one_word(name.given):
        return ""
    return "" if name.given in GIVEN_PARTICLES or name.given in NO_MIDDLE else name.given


@lru_cache(maxsize=1 << 16)
def plain_middle(text: str) -> str | None:
    """The word that a middle-name column is read as ("" for none); None where it is more than one, or other."""
    name = _beside(middle_name=text)
    if name is None or name != PersonName(_GIVEN, name.middle, (_FAMILY,)):
        return None
    return name.middle if not name.middle or _is_one_word(name.middle) else None


@lru_cache(maxsize=1 << 17)
def plain_family(text: str) -> tuple[str, ...]:
    """The parts that a family-name column is read as; () where it holds anything else."""
    name = _beside(family_name=text)
    other = _beside(family_name=text, given_name=_OTHER_GIVEN)
    if name is None or other != PersonName(_OTHER_GIVEN, "", name.family) or len(text) > _LONGEST:
        return ()
    return name.family if name == PersonName(_GIVEN, "", name.family) else ()


@lru_cache(maxsize=1 << 10)
def plain_generation(text: str) -> str | None:
    """The generation that its column is read as ("" for none); None where the column is refused."""
    name = _beside(generation=text)
    if name is None or name != PersonName(_GIVEN, "", (_FAMILY,), name.generation):
        return None
    return name.generation


def _is_one_word(text: str) -> bool:
    return text.isalpha() and len(text) <= _LONGEST


def _beside(
    given_name: str = _GIVEN, middle_name: str = "", family_name: str = _FAMILY, generation: str = ""
) -> PersonName | None:
    return read_name(SuppliedName(given_name, middle_name, family_name, generation)).name
