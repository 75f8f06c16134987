"""How two names agree: a grade from equal to not at all, and the conflicts that veto. Pure functions.

No scores: each grade has a meaning in words. Knows nothing of addresses or periods.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from functools import lru_cache
from typing import Protocol, TypeVar

from privity.matching.edits import ends_differ, one_edit
from privity.matching.person_record import Name
from privity.matching.short_forms import is_form_of_one_name, is_pet_form
from privity.normalise.names import is_frequent_surname, is_known_given_name, is_misspelling, name_in_full, other_forms


class NameGrade(IntEnum):
    """Ordered from strongest to none."""

    EQUAL = 0  # first given name and every family name part equal (parts in any order)
    DOUBLE_SURNAME = 1  # first given name equal; one side has some of the other's family name parts
    SURNAME_TYPO = 2  # first given name equal; one family name part one edit apart, and not two frequent surnames
    GIVEN_TYPO = 3  # family names equal; first given name one edit apart, not two known given names nor two endings
    NICKNAME = 4  # family names equal; one given name is a usual short form of the other
    LOOSE = 5  # good enough to be taken for the same person by a hasty eye: only ever a reason not to confirm
    NONE = 6


class Named(Protocol):
    """Whoever bears a name."""

    @property
    def name(self) -> Name:
        """The name."""


Bearer = TypeVar("Bearer", bound=Named)


class Agreement(IntEnum):
    """How two optional facts stand to each other."""

    AGREE = 0
    SILENT = 1  # missing on one side or both
    CONFLICT = 2


_EQUAL, _NONE = NameGrade.EQUAL, NameGrade.NONE  # by their own names: looking into an enumeration takes longer
_AGREE, _SILENT = Agreement.AGREE, Agreement.SILENT
MIN_SURNAME = 4  # letters; a shorter surname is never taken for misspelt
MIN_GIVEN = 3
_VOWELS, _ENDINGS = "AEIOU", "AEO"


def forenames(name: Name) -> list[str]:
    """Given and middle names as one list: MARY ANN + "" equals MARY + ANN."""
    return f"{name.given} {name.middle}".split()


@lru_cache(maxsize=65536)
def _both_known(left: str, right: str) -> bool:
    """Whether both are given names in their own right, and neither a listed misspelling of the other."""
    known = is_known_given_name(left) and is_known_given_name(right)
    return known and not is_misspelling(left, right) and not is_misspelling(right, left)


def names_alike(asked: Name, persons: Sequence[Bearer]) -> list[tuple[Bearer, NameGrade]]:
    """Those of `persons` whose name agrees with the asked one at any grade, with it: `grade_names` of each.

    Most persons at a point are settled by the ends of their first given name: where both letters differ, no edit and no
    initial makes one the other, and only another form of the name, or a middle name, could.
    """
    alike = []
    given, middle = asked.given, asked.middle
    plain = len(given) > 2 and " " not in given
    others = other_forms(given) if plain else frozenset()
    first, last = given[:1], given[-1:]
    for person in persons:
        name = person.name
        own = name.given
        if (
            plain
            and len(own) > 2
            and own[0] != first
            and own[-1] != last
            and own not in others
            and given not in name.middle
            and own not in middle
            and " " not in own
        ):
            continue
        grade = grade_names(asked, name)
        if grade is not _NONE:
            alike.append((person, grade))
    return alike


def forenames_apart(given: str, middle: str, other_given: str, other_middle: str) -> bool:
    """Whether two people's forenames alone say that their names agree at no grade: most of one household are told apart
    so. Where a given name has several words, it does not say."""
    if given in other_middle or other_given in middle or " " in given or " " in other_given:
        return False
    if ends_differ(given, other_given):
        return other_given not in other_forms(given)
    return _grade_given(given, other_given) is _NONE


def grade_names(asked: Name, record: Name) -> NameGrade:
    """The strongest grade under which the two names agree. Middle names and generation are judged apart."""
    left, right = asked.given, record.given
    one_word = " " not in left and " " not in right
    if not one_word:
        left, right = left.partition(" ")[0], right.partition(" ")[0]
    given = _grade_given(left, right)
    if given is _NONE and one_word and left not in record.middle and right not in asked.middle:
        return _NONE  # most people of one household end here
    asked_family, record_family = asked.family, record.family
    family = _EQUAL if asked_family == record_family else _grade_family(asked_family, record_family)
    if family is _NONE or not asked_family:
        return _NONE
    if given is _EQUAL:
        return family
    if family is _EQUAL and (given is NameGrade.GIVEN_TYPO or given is NameGrade.NICKNAME):
        return given
    if given is not _NONE or _goes_by_a_middle_name(asked, record) or _goes_by_a_middle_name(record, asked):
        return NameGrade.LOOSE
    return _NONE


@lru_cache(maxsize=65536)
def _grade_given(left: str, right: str) -> NameGrade:
    """First given names: EQUAL, NICKNAME, GIVEN_TYPO, LOOSE (an initial, a part of the other, one edit) or NONE."""
    if left == right and len(left) > 1:
        return _EQUAL
    if right in other_forms(left):
        return NameGrade.NICKNAME
    if not left or not right or ends_differ(left, right):
        return _NONE
    if _given_typo(left, right):
        return NameGrade.GIVEN_TYPO
    loose = left.startswith(right) or right.startswith(left) or one_edit(left, right)
    return NameGrade.LOOSE if loose else _NONE


def _goes_by_a_middle_name(one: Name, other: Name) -> bool:
    """Whether the one's first given name is among the other's further names: MICHAEL SMITH, JOHN MICHAEL SMITH."""
    first = one.given.partition(" ")[0]
    if not first or (first not in other.middle and " " not in other.given):
        return False
    return first in forenames(other)[1:]


def _grade_family(asked: tuple[str, ...], record: tuple[str, ...]) -> NameGrade:
    """Family names: EQUAL, DOUBLE_SURNAME, SURNAME_TYPO, LOOSE or NONE."""
    if not asked or not record or (len(asked) == len(record) == 1 and ends_differ(asked[0], record[0])):
        return NameGrade.NONE
    if sorted(asked) == sorted(record) or "".join(asked) == "".join(record):
        return NameGrade.EQUAL
    left, right = set(asked), set(record)
    if left < right or right < left:
        return NameGrade.DOUBLE_SURNAME
    if left & right:
        only_left, only_right = left - right, right - left
        alone = len(asked) == len(record) == 2 and len(only_left) == len(only_right) == 1
        typo = alone and _misspelt_surname(only_left.pop(), only_right.pop())
        return NameGrade.SURNAME_TYPO if typo else NameGrade.LOOSE
    if _misspelt_surname("".join(asked), "".join(record)):
        return NameGrade.SURNAME_TYPO
    near = any(_surname_typo(one, two) for one in asked for two in record)
    return NameGrade.LOOSE if near else NameGrade.NONE


def _surname_typo(left: str, right: str) -> bool:
    return max(len(left), len(right)) >= MIN_SURNAME and min(len(left), len(right)) >= 3 and one_edit(left, right)


def _misspelt_surname(left: str, right: str) -> bool:
    """One edit apart, and not two frequent surnames: RICE at the place of a PRICE is somebody else."""
    return _surname_typo(left, right) and not (is_frequent_surname(left) and is_frequent_surname(right))


def _given_typo(left: str, right: str) -> bool:
    long_enough = min(len(left), len(right)) >= MIN_GIVEN and max(len(left), len(right)) > MIN_GIVEN
    return long_enough and one_edit(left, right) and not _both_known(left, right) and not _other_ending(left, right)


def _other_ending(left: str, right: str) -> bool:
    """Whether one final vowel stands for another, or one word has a final A, E or O more: what tells a brother's name
    from his sister's in many languages (CRISPINO, CRISPINA; ARNOLD, ARNOLDA), rare names that no list holds among them.
    """
    if len(left) == len(right):
        return left[:-1] == right[:-1] and left[-1] in _VOWELS and right[-1] in _VOWELS
    shorter, longer = (left, right) if len(left) < len(right) else (right, left)
    return longer[:-1] == shorter and longer[-1] in _ENDINGS


def could_be_taken_for(asked: Name, record: Name, grade: NameGrade, confirming: NameGrade) -> bool:
    """The looser name test on another person at the point, whose own grade is `grade`.

    Where the person about to be confirmed bears the asked name exactly (`confirming` is EQUAL), another *known* given
    name two edits away or more (JOHNATHAN beside JOHN) is another person's name and no rival; everything looser is. One
    edit away it is a rival: MARIA may be what somebody wrote who meant MARIAM.
    """
    if grade is NameGrade.NONE:
        return False
    if confirming is not NameGrade.EQUAL or grade not in (NameGrade.LOOSE, NameGrade.NICKNAME):
        return True
    left, right = forenames(asked)[0], forenames(record)[0]
    return left == right or not _both_known(left, right) or one_edit(left, right)


def is_sole_nickname(asked: Name, record: Name) -> bool:
    """Whether one first given name is a short form of the other alone, and no registered name (see `is_pet_form`)."""
    return is_pet_form(asked.given.partition(" ")[0], record.given.partition(" ")[0])


def is_nickname_of_one_name(asked: Name, record: Name) -> bool:
    """Whether one first given name is a short form of the other's spellings alone (see `is_form_of_one_name`)."""
    return is_form_of_one_name(asked.given.partition(" ")[0], record.given.partition(" ")[0])


def is_relative_alike(other: Name, names: Sequence[Name]) -> bool:
    """Whether another person shares a family name part with one of `names`, and a given name that begins with the same
    letter or shares a short form: somebody of the household whom a short form could mean."""
    first = other.given.partition(" ")[0]
    for name in names:
        given = name.given.partition(" ")[0]
        related = any(_parts_alike(one, two) for one in other.family for two in name.family)
        if related and (first[:1] == given[:1] or name_in_full(first, given)):
            return True
    return False


def _parts_alike(one: str, two: str) -> bool:
    return one == two or _surname_typo(one, two)


def middle_agreement(asked: Name, record: Name) -> Agreement:
    """Middle names, word by word: an initial agrees with a name it begins; a missing one is silent."""
    given = asked.given
    if not asked.middle and " " not in given:
        return _SILENT
    if given == record.given and asked.middle == record.middle:
        return _AGREE
    pairs = list(zip(forenames(asked)[1:], forenames(record)[1:], strict=False))
    if not pairs:
        return _SILENT
    return _AGREE if all(_middles_agree(one, two) for one, two in pairs) else Agreement.CONFLICT


def _middles_agree(left: str, right: str) -> bool:
    if left == right or (min(len(left), len(right)) == 1 and left[0] == right[0]):
        return True
    return left[0] == right[0] and one_edit(left, right) and not _both_known(left, right)
