"""How two names agree: a grade from equal to not at all, and the conflicts that veto. Pure functions on `PersonName`.

No scores: each grade has a meaning in words. Knows nothing of addresses or periods.
"""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache

from privity.domain.person_name import PersonName
from privity.matching.edits import one_edit
from privity.normalise.names import is_known_given_name


class NameGrade(IntEnum):
    """Ordered from strongest to none."""

    EQUAL = 0  # first given name and every family name part equal (parts in any order)
    DOUBLE_SURNAME = 1  # first given name equal; one side has some of the other's family name parts
    SURNAME_TYPO = 2  # first given name equal; exactly one family name part one edit apart
    GIVEN_TYPO = 3  # family names equal; first given name one edit apart, and not two known given names
    LOOSE = 4  # good enough to be taken for the same person by a hasty eye: only ever a reason not to confirm
    NONE = 5


class Agreement(IntEnum):
    """How two optional facts stand to each other."""

    AGREE = 0
    SILENT = 1  # missing on one side or both
    CONFLICT = 2


MIN_SURNAME = 4  # letters; a shorter surname is never taken for misspelt
MIN_GIVEN = 3


def forenames(name: PersonName) -> list[str]:
    """Given and middle names as one list: MARY ANN + "" equals MARY + ANN."""
    return f"{name.given} {name.middle}".split()


@lru_cache(maxsize=65536)
def _both_known(left: str, right: str) -> bool:
    return is_known_given_name(left) and is_known_given_name(right)


def grade_names(asked: PersonName, record: PersonName) -> NameGrade:
    """The strongest grade under which the two names agree. Middle names and generation are judged apart."""
    asked_fore, record_fore = forenames(asked), forenames(record)
    if not asked_fore or not record_fore or not asked.family or not record.family:
        return NameGrade.NONE
    given, other = asked_fore[0], record_fore[0]
    family = _grade_family(asked.family, record.family)
    if family is NameGrade.NONE:
        return NameGrade.NONE
    if given == other and len(given) > 1:
        return family
    if family is NameGrade.EQUAL and _given_typo(given, other):
        return NameGrade.GIVEN_TYPO
    return NameGrade.LOOSE if _loose_given(asked_fore, record_fore) else NameGrade.NONE


def _grade_family(asked: tuple[str, ...], record: tuple[str, ...]) -> NameGrade:
    if asked == record or sorted(asked) == sorted(record) or "".join(asked) == "".join(record):
        return NameGrade.EQUAL
    left, right = set(asked), set(record)
    if left < right or right < left:
        return NameGrade.DOUBLE_SURNAME
    if left & right and len(asked) == len(record) == 2:
        only_left, only_right = left - right, right - left
        typo = len(only_left) == len(only_right) == 1 and _surname_typo(only_left.pop(), only_right.pop())
        return NameGrade.SURNAME_TYPO if typo else NameGrade.LOOSE
    if left & right:
        return NameGrade.LOOSE
    if _surname_typo("".join(asked), "".join(record)):
        return NameGrade.SURNAME_TYPO
    near = any(_surname_typo(one, two) for one in asked for two in record)
    return NameGrade.LOOSE if near else NameGrade.NONE


def _surname_typo(left: str, right: str) -> bool:
    return max(len(left), len(right)) >= MIN_SURNAME and min(len(left), len(right)) >= 3 and one_edit(left, right)


def _given_typo(left: str, right: str) -> bool:
    long_enough = min(len(left), len(right)) >= MIN_GIVEN and max(len(left), len(right)) > MIN_GIVEN
    return long_enough and one_edit(left, right) and not _both_known(left, right)


def _loose_given(asked: list[str], record: list[str]) -> bool:
    """Initials, one part of the other, one edit, or one person's first name among the other's middle names."""
    left, right = asked[0], record[0]
    if left.startswith(right) or right.startswith(left) or one_edit(left, right):
        return True
    return left in record[1:] or right in asked[1:]


def could_be_taken_for(asked: PersonName, record: PersonName, grade: NameGrade, confirming: NameGrade) -> bool:
    """The looser name test on another person at the point, whose own grade is `grade`.

    Where the person about to be confirmed bears the asked name exactly (`confirming` is EQUAL), another *known* given
    name (MARIO beside MARIA, JOHNATHAN beside JOHN) is another person's name and no rival; everything looser is.
    """
    if grade is NameGrade.NONE:
        return False
    if grade is not NameGrade.LOOSE or confirming is not NameGrade.EQUAL:
        return True
    return not _both_known(forenames(asked)[0], forenames(record)[0]) or forenames(asked)[0] == forenames(record)[0]


def middle_agreement(asked: PersonName, record: PersonName) -> Agreement:
    """Middle names, word by word: an initial agrees with a name it begins; a missing one is silent."""
    pairs = list(zip(forenames(asked)[1:], forenames(record)[1:], strict=False))
    if not pairs:
        return Agreement.SILENT
    return Agreement.AGREE if all(_middles_agree(one, two) for one, two in pairs) else Agreement.CONFLICT


def _middles_agree(left: str, right: str) -> bool:
    if left == right or (min(len(left), len(right)) == 1 and left[0] == right[0]):
        return True
    return left[0] == right[0] and one_edit(left, right) and not _both_known(left, right)
