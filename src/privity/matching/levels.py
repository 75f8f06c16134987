"""The named levels: each says in words what must agree. A level is never a sum, and weak never pairs with weak.

Also the shipped match policies: which levels are on, in which order. The decision itself is `decide`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from privity.domain.agreement import MatchPolicy
from privity.domain.errors import ErrorCode, PrivityError
from privity.matching.names_agree import NameGrade


class AddressGrade(IntEnum):
    """How the typed address stands to a stored point. Number and unit are always equal: they are in the digest."""

    EQUAL = 0  # point and face equal
    FACE_OPEN = 1  # point equal; a directional or suffix missing on one side
    STREET_TYPO = 2  # one street word one edit away, faces equal, and no street of the typed name in that ZIP
    STREET_TYPO_FACE_OPEN = 3  # both of these: never confirms
    CONFLICT = 4


@dataclass(frozen=True, slots=True)
class Level:
    """One rule under which a person agrees with a line."""

    name: str
    meaning: str
    address: AddressGrade
    person: NameGrade
    one_edit: bool  # off at crowded points


_LEVELS = (
    Level(
        "exact",
        "Same point and face; same first given name; same family names in any order; no conflict elsewhere.",
        AddressGrade.EQUAL,
        NameGrade.EQUAL,
        one_edit=False,
    ),
    Level(
        "face_open",
        "As exact, but a street directional or suffix is missing on one side and only one place fits.",
        AddressGrade.FACE_OPEN,
        NameGrade.EQUAL,
        one_edit=False,
    ),
    Level(
        "double_surname",
        "Same point and face; same first given name; one side gives only part of the other's double surname.",
        AddressGrade.EQUAL,
        NameGrade.DOUBLE_SURNAME,
        one_edit=False,
    ),
    Level(
        "surname_typo",
        "Same point and face; same first given name; one family name one edit apart.",
        AddressGrade.EQUAL,
        NameGrade.SURNAME_TYPO,
        one_edit=True,
    ),
    Level(
        "given_typo",
        "Same point and face; same family names; first given name one edit apart and not two known given names.",
        AddressGrade.EQUAL,
        NameGrade.GIVEN_TYPO,
        one_edit=True,
    ),
    Level(
        "street_typo",
        "Same name; number, unit, ZIP and face equal; one street word one edit apart; no such street in that ZIP.",
        AddressGrade.STREET_TYPO,
        NameGrade.EQUAL,
        one_edit=True,
    ),
)

LEVELS: Mapping[str, Level] = {level.name: level for level in _LEVELS}

_STANDARD = ("exact", "face_open", "double_surname", "surname_typo", "given_typo", "street_typo")

POLICIES: Mapping[str, MatchPolicy] = {
    "exact": MatchPolicy("exact", ("exact",)),
    "standard": MatchPolicy("standard", _STANDARD),
    "extended": MatchPolicy("extended", _STANDARD),  # reserved for levels that need further evidence
}


def named_policy(name: str) -> MatchPolicy:
    """A shipped policy. Raises PrivityError USAGE for an unknown name."""
    policy = POLICIES.get(name)
    if policy is None:
        raise PrivityError(
            ErrorCode.USAGE, "no match policy of that name is shipped", f"use one of: {', '.join(POLICIES)}"
        )
    return policy


@lru_cache(maxsize=64)
def levels_of(policy: MatchPolicy) -> tuple[Level, ...]:
    """The policy's levels in order. Raises PrivityError AGREEMENT_INVALID for an unknown, repeated or missing level."""
    unknown = [name for name in policy.levels if name not in LEVELS]
    if unknown or not policy.levels or len(set(policy.levels)) != len(policy.levels):
        raise PrivityError(
            ErrorCode.AGREEMENT_INVALID,
            "the match policy must name one or more known levels, each once",
            f"known levels: {', '.join(LEVELS)}",
        )
    return tuple(LEVELS[name] for name in policy.levels)
