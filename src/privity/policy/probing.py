"""L14, no guessing: who is the same person, what is a question, and how often one may ask. Within and across requests.

A *question* is name, point, unit, periods, birth date and identifier together: change any and it is another question.
Pure: the history comes in as keyed digests, and new ones go out the same way; no value is stored.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from privity.domain.delivery_point import DeliveryPoint
from privity.domain.person_name import PersonName
from privity.domain.personal import Masked
from privity.domain.request import Ordinal, Period
from privity.normalise.names import is_known_given_name
from privity.policy.detect.spelling import one_edit

_SEPARATOR: Final = "\x1f"
_VOWELS: Final = re.compile(r"(?<=.)[AEIOUYHW]")
_DOUBLED: Final = re.compile(r"(.)\1+")
_SOUNDS: Final = str.maketrans({"Z": "S", "V": "B", "K": "C", "Q": "C", "J": "G"})


@dataclass(frozen=True, slots=True, repr=False)
class Asking(Masked):
    """One line's question, with what tells whose question it is."""

    ordinal: Ordinal
    name: PersonName
    point: DeliveryPoint
    periods: tuple[Period, ...]
    case: str  # comparable form, "" where there is none
    birth_date: str
    identifier: str
    order_date: str

    @property
    def question(self) -> str:
        """The question as one text: equal for two lines only if they ask exactly the same."""
        periods = ";".join(f"{period.start}/{period.end}" for period in self.periods)
        name = (self.name.given, self.name.middle, *self.name.family, self.name.generation)
        parts = (*name, *self.point.core, *self.point.face, periods, self.birth_date, self.identifier)
        return _SEPARATOR.join(parts)


def guessers(askings: Sequence[Asking]) -> tuple[frozenset[Ordinal], frozenset[Ordinal]]:
    """Lines that ask more than one question about one person, and lines that may be father and son (referred).

    Within one request. The same person: the same case id; or the same or near name with one more agreeing field.
    """
    groups = _Groups(len(askings))
    juniors: set[int] = set()
    for members in _shared_fields(askings):
        _join_same(askings, members, groups, juniors)
    returned: set[Ordinal] = set()
    for member_places in groups.all():
        if len({askings[place].question for place in member_places}) > 1:
            returned.update(askings[place].ordinal for place in member_places)
    referred = {askings[place].ordinal for place in juniors} - returned
    return frozenset(returned), frozenset(referred)


def _shared_fields(askings: Sequence[Asking]) -> Iterable[tuple[bool, list[int]]]:
    """Groups of lines that share a case id (first value True), or a coarse name and one more field."""
    cases: dict[str, list[int]] = defaultdict(list)
    fields: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for place, asking in enumerate(askings):
        if asking.case:
            cases[asking.case].append(place)
        known = _fields(asking)
        for coarse in _coarse(asking.name):
            for kind, value in known:
                fields[coarse, kind, value].append(place)
    yield from ((True, places) for places in cases.values() if len(places) > 1)
    yield from ((False, places) for places in fields.values() if len(places) > 1)


def _fields(asking: Asking) -> list[tuple[str, str]]:
    fields = [("point", _SEPARATOR.join(asking.point.core))]
    fields += [(kind, value) for kind, value in (("birth", asking.birth_date), ("id", asking.identifier)) if value]
    return [*fields, ("order", asking.order_date)] if asking.order_date else fields


def _coarse(name: PersonName) -> set[str]:
    """First letters by which near names still meet: of the given name, and of each family part."""
    given, firsts = name.given[:1], [part[:1] for part in name.family]
    return {given + first for first in firsts} | {first + given for first in firsts}


def _join_same(askings: Sequence[Asking], group: tuple[bool, list[int]], groups: _Groups, juniors: set[int]) -> None:
    same_case, places = group
    buckets: dict[tuple[str, tuple[str, ...], str], int] = {}
    for place in places:  # identical names first, so that big groups stay cheap
        name = askings[place].name
        first = buckets.setdefault((name.given, name.family, name.generation), place)
        groups.join(first, place)
    heads = list(buckets.values())
    for index, left in enumerate(heads):
        for right in heads[index + 1 :]:
            one, two = askings[left].name, askings[right].name
            if not near_names(one, two):
                continue
            if one.generation != two.generation and not same_case:
                juniors.update((left, right))
            else:
                groups.join(left, right)


def near_names(one: PersonName, two: PersonName) -> bool:
    """Whether two names may spell one person's: equal, one edit apart, an initial, swapped, part of a double."""
    if _near_given(one.given, two.given) and _near_family(one.family, two.family):
        return True
    return len(one.family) == len(two.family) == 1 and one.given == two.family[0] and two.given == one.family[0]


def _near_given(one: str, two: str) -> bool:
    if one == two or ((len(one) == 1 or len(two) == 1) and one[:1] == two[:1]):
        return True
    first, second = one.split()[:1], two.split()[:1]
    if first == second and first:
        return True
    return one_edit(one, two) and not (is_known_given_name(one) and is_known_given_name(two))


def _near_family(one: tuple[str, ...], two: tuple[str, ...]) -> bool:
    if set(one) & set(two):
        return True
    joined, other = "".join(one), "".join(two)
    return joined == other or (len(joined) > 3 and one_edit(joined, other)) or _skeleton(joined) == _skeleton(other)


def _skeleton(name: str) -> str:
    """Consonants as they sound, doubled letters once: GONZALEZ and GONSALES meet, GARCIA and GARZA do not."""
    plain = _DOUBLED.sub(r"\1", name.replace("PH", "F").replace("CK", "K").translate(_SOUNDS))
    return _VOWELS.sub("", plain)


def questions_of(asking: Asking, digest: Callable[[bytes], bytes]) -> tuple[tuple[bytes, bytes], ...]:
    """(person digest, question digest) pairs to remember: one a way of telling that it is the same person."""
    question = digest(b"question" + asking.question.encode())
    keys = [f"case{_SEPARATOR}{asking.case}"] if asking.case else []
    given, fields = _skeleton(asking.name.given.split()[0] if asking.name.given else ""), _fields(asking)
    for family in sorted({_skeleton(part) for part in asking.name.family}):
        keys += [_SEPARATOR.join(("name", given, family, kind, value)) for kind, value in fields]
    return tuple((digest(b"person" + key.encode()), question) for key in keys)


def over_the_year(
    mine: Mapping[Ordinal, tuple[tuple[bytes, bytes], ...]],
    asked_before: Callable[[Sequence[bytes]], Mapping[bytes, frozenset[bytes]]],
    allowed: int,
) -> frozenset[Ordinal]:
    """Lines whose person would, with this request, have had more than `allowed` questions in a year."""
    persons = sorted({person for pairs in mine.values() for person, _ in pairs})
    history = asked_before(persons) if persons else {}
    over = set()
    for ordinal, pairs in mine.items():
        asked = {question for _, question in pairs}
        for person, _ in pairs:
            asked |= history.get(person, frozenset())
        if len(asked) > allowed:
            over.add(ordinal)
    return frozenset(over)


def crowding(askings: Sequence[Asking], max_names: int, max_points: int) -> tuple[str, ...]:
    """Warnings for reviewers, counts only: points asked with many names, names asked at many points."""
    names: dict[tuple[str, ...], set[str]] = defaultdict(set)
    points: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for asking in askings:
        name = _SEPARATOR.join((asking.name.given, *asking.name.family))
        core = asking.point.core
        names[core].add(name)
        points[name].add(core)
    many_names = sum(len(found) > max_names for found in names.values())
    many_points = sum(len(found) > max_points for found in points.values())
    warnings = []
    if many_names:
        warnings.append(f"probing: {many_names} addresses are asked about with more than {max_names} names")
    if many_points:
        warnings.append(f"probing: {many_points} names are asked about at more than {max_points} addresses")
    return tuple(warnings)


class _Groups:
    """Union-find over places."""

    def __init__(self, size: int) -> None:
        self._parent = list(range(size))

    def join(self, one: int, two: int) -> None:
        self._parent[self._root(two)] = self._root(one)

    def _root(self, place: int) -> int:
        while self._parent[place] != place:
            self._parent[place] = self._parent[self._parent[place]]
            place = self._parent[place]
        return place

    def all(self) -> Iterable[list[int]]:
        """Groups of two and more."""
        found: dict[int, list[int]] = defaultdict(list)
        for place in range(len(self._parent)):
            found[self._root(place)].append(place)
        return (places for places in found.values() if len(places) > 1)
