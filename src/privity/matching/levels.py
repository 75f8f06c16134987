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
from privity.domain.match_policies import POLICY_LEVELS
from privity.matching.names_agree import NameGrade


class AddressGrade(IntEnum):
    """How the typed address stands to a stored point. Number and unit are always equal: they are in the digest."""

    EQUAL = 0  # point and face equal
    FACE_OPEN = 1  # point equal; a directional or suffix missing on one side, and none on the other
    STREET_TYPO = 2  # one street word one edit away, faces equal, and no street of the typed name in that ZIP
    STREET_TYPO_FACE_OPEN = 3  # both of these: never confirms
    ZIP_DIGIT = 4  # same city, face equal, the ZIP one slip away, and no street of the typed name in the typed ZIP
    ZIP_OTHER = 5  # same city, but another ZIP or an open face: never confirms, only speaks against
    FACE_CROSSED = 6  # point equal; each side has a directional or suffix that the other lacks: only speaks against
    CONFLICT = 7


class Reach(IntEnum):
    """How a place was found from the typed point."""

    HERE = 0  # the point itself
    STREET = 1  # one edit of its street, in its ZIP
    ZIP = 2  # the same number, unit and street in another ZIP of the city, one slip away from the typed one
    CITY = 3  # the same in any other ZIP of the city


@dataclass(frozen=True, slots=True)
class Level:
    """One rule under which a person agrees with a line."""

    name: str
    meaning: str
    address: AddressGrade
    person: NameGrade
    one_edit: bool  # off at crowded points
    second_evidence: bool = False  # birth date or identifier agrees, or a middle name with nobody near it at the point


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
        "As exact, but a street directional or suffix is missing on one side alone and only one place fits.",
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
        "Same point and face; same first given name; one family name one edit apart and not two frequent surnames.",
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
        "Same name, number, unit, ZIP, face; one street word one edit or moved letter off; no such street in the ZIP.",
        AddressGrade.STREET_TYPO,
        NameGrade.EQUAL,
        one_edit=True,
    ),
    Level(
        "zip_digit",
        "Same name; city, state, number, unit, street and face equal; ZIP one wrong digit or two swapped ones away. "
        "The register knows no street of that name in the typed ZIP, and that number, unit and street in one ZIP of "
        "the city alone.",
        AddressGrade.ZIP_DIGIT,
        NameGrade.EQUAL,
        one_edit=True,
    ),
    Level(
        "nickname",
        "Same point and face; same family names; one given name is a usual short form of the other. An identifier "
        "agrees; or the birth date agrees, and the short form is of one name alone in all its spellings; or the middle "
        "name agrees, the short form is of one name alone and no registered name, and nobody else of that family name "
        "was ever at the point whose given name begins alike or shares a short form.",
        AddressGrade.EQUAL,
        NameGrade.NICKNAME,
        one_edit=True,
        second_evidence=True,
    ),
)

LEVELS: Mapping[str, Level] = {level.name: level for level in _LEVELS}

POLICIES: Mapping[str, MatchPolicy] = {name: MatchPolicy(name, levels) for name, levels in POLICY_LEVELS.items()}
"""The shipped match policies."""


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
