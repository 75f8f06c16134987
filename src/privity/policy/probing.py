"""L14, no guessing: who is the same person, what is a question, and how often one may ask. Within and across requests.

A *question* is name, point, unit, periods, birth date and identifier together: change any and it is another question.
Pure: the history comes in as keyed digests, and new ones go out the same way; no value is stored.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Protocol

from privity.domain.delivery_point import DeliveryPoint
from privity.domain.person_name import PersonName
from privity.domain.personal import Masked
from privity.domain.request import Ordinal, Period
from privity.normalise.names import is_known_given_name
from privity.policy.detect.spelling import one_edit

SEPARATOR: Final = "\x1f"
_MANY_NAMES: Final = 24  # more lines of one group are grouped again by what near names have in common
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
        periods = _periods_text(self.periods)
        name = (self.name.given, self.name.middle, *self.name.family, self.name.generation)
        parts = (*name, *self.point.core, *self.point.face, periods, self.birth_date, self.identifier)
        return SEPARATOR.join(parts)


@lru_cache(maxsize=1 << 12)
def _periods_text(periods: tuple[Period, ...]) -> str:
    return ";".join(f"{period.start}/{period.end}" for period in periods)


class Traced(Protocol):
    """The columns that tell whose question a line asks (`admission.traces.Traces`)."""

    @property
    def asking(self) -> Sequence[int]:
        """Ordinals."""
        ...

    @property
    def questions(self) -> Sequence[int]:
        """Equal for two lines only if they ask exactly the same."""
        ...

    @property
    def cases(self) -> Sequence[int]:
        """0 where the line gives none."""
        ...

    @property
    def points(self) -> Sequence[int]:
        """Equal for lines at one point."""
        ...

    @property
    def births(self) -> Sequence[str]:
        """ "" where the line gives none; so in the following two."""
        ...

    @property
    def identifiers(self) -> Sequence[str]:
        """Comparable form."""
        ...

    @property
    def orders(self) -> Sequence[str]:
        """As supplied."""
        ...


def guessers(traces: Traced, name_at: Callable[[int], PersonName]) -> tuple[frozenset[Ordinal], frozenset[Ordinal]]:
    """Lines that ask more than one question about one person, and lines that may be father and son (referred).

    Within one request. The same person: the same case id; or the same or near name with one more agreeing field.
    `name_at`: the name of the line at a place of the columns.
    """
    asking, questions = traces.asking, traces.questions
    groups = _Groups()
    juniors: set[int] = set()
    for places in shared(traces.cases):
        _join_same(places, name_at, groups, juniors, same_case=True)
    for column in (traces.points, traces.births, traces.identifiers, traces.orders):
        for places in shared(column):
            for meeting in _meetings(places, name_at):
                _join_same(meeting, name_at, groups, juniors, same_case=False)
    returned: set[Ordinal] = set()
    for member_places in groups.all():
        if len({questions[place] for place in member_places}) > 1:
            returned.update(Ordinal(asking[place]) for place in member_places)
    referred = {Ordinal(asking[place]) for place in juniors} - returned
    return frozenset(returned), frozenset(referred)


def often(values: Iterable[int] | Iterable[str], most: int) -> set[int | str]:
    """The values that stand more than `most` times (at least once). Counts only what stands twice: most stand once."""
    once: set[int | str] = set()
    counts: dict[int | str, int] = {}
    for value in values:
        if value in once:
            counts[value] = counts.get(value, 1) + 1
        else:
            once.add(value)
    return {value for value, count in counts.items() if count > most}


def shared(column: Sequence[int] | Sequence[str]) -> Iterator[list[int]]:
    """The places of each value that stands on two lines or more ("" and 0 are no values), in order."""
    again: dict[int | str, list[int]] = {value: [] for value in often(column, 1) if value}
    values: Iterable[int | str] = column if again else ()
    for place, value in enumerate(values):
        places = again.get(value)
        if places is not None:
            places.append(place)
    yield from again.values()


def _meetings(places: Sequence[int], name_at: Callable[[int], PersonName]) -> Iterator[list[int]]:
    """Lines that share a field, by names that could be near: small groups by first letters, large ones more closely."""
    coarse: dict[str, list[int]] = defaultdict(list)
    for place in places:
        for letters in _coarse(name_at(place)):
            coarse[letters].append(place)
    for group in coarse.values():
        if len(group) > _MANY_NAMES:
            yield from _close_groups(group, name_at)
        elif len(group) > 1:
            yield group


def _close_groups(places: Sequence[int], name_at: Callable[[int], PersonName]) -> Iterator[list[int]]:
    """Groups in which every two near names of `places` meet, so that a large group is not compared all with all."""
    found: dict[str, list[int]] = defaultdict(list)
    for place in places:
        for key in _near_keys(name_at(place)):
            found[key].append(place)
    return (group for group in found.values() if len(group) > 1)


def _near_keys(name: PersonName) -> set[str]:
    """Two names that `near_names` calls near have one of these in common."""
    joined = "".join(name.family)
    keys = {joined, *(joined[:place] + joined[place + 1 :] for place in range(len(joined)))}  # one edit apart
    keys.update(f"part {part}" for part in name.family)
    keys.add(f"sounds {_skeleton(joined)}")
    if len(name.family) == 1:
        keys.add(f"swapped {min(name.given, joined)} {max(name.given, joined)}")
    return keys


def _fields(asking: Asking) -> list[tuple[str, str]]:
    fields = [("point", SEPARATOR.join(asking.point.core))]
    fields += [(kind, value) for kind, value in (("birth", asking.birth_date), ("id", asking.identifier)) if value]
    return [*fields, ("order", asking.order_date)] if asking.order_date else fields


def _coarse(name: PersonName) -> set[str]:
    """First letters by which near names still meet: of the given name, and of each family part."""
    given, firsts = name.given[:1], [part[:1] for part in name.family]
    return {given + first for first in firsts} | {first + given for first in firsts}


def _join_same(
    places: Sequence[int],
    name_at: Callable[[int], PersonName],
    groups: _Groups,
    juniors: set[int],
    *,
    same_case: bool,
) -> None:
    buckets: dict[tuple[str, tuple[str, ...], str], int] = {}
    for place in places:  # identical names first, so that big groups stay cheap
        name = name_at(place)
        first = buckets.setdefault((name.given, name.family, name.generation), place)
        groups.join(first, place)
    heads = [(place, name_at(place)) for place in buckets.values()]
    for index, (left, one) in enumerate(heads):
        for right, two in heads[index + 1 :]:
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


@lru_cache(maxsize=1 << 16)
def _skeleton(name: str) -> str:
    """Consonants as they sound, doubled letters once: GONZALEZ and GONSALES meet, GARCIA and GARZA do not."""
    plain = _DOUBLED.sub(r"\1", name.replace("PH", "F").replace("CK", "K").translate(_SOUNDS))
    return _VOWELS.sub("", plain)


def questions_of(
    asking: Asking, digest: Callable[[bytes], bytes], question_text: str = ""
) -> tuple[tuple[bytes, bytes], ...]:
    """(person digest, question digest) pairs to remember: one a way of telling that it is the same person.

    `question_text`: `asking.question`, if at hand.
    """
    question = digest(b"question" + (question_text or asking.question).encode())
    keys = [f"case{SEPARATOR}{asking.case}"] if asking.case else []
    given, fields = _skeleton(asking.name.given.split()[0] if asking.name.given else ""), _fields(asking)
    for family in sorted({_skeleton(part) for part in asking.name.family}):
        keys += [SEPARATOR.join(("name", given, family, kind, value)) for kind, value in fields]
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


def crowding(names: Sequence[str], points: Sequence[int], max_names: int, max_points: int) -> tuple[str, ...]:
    """Warnings for reviewers, counts only: points asked with many names, names asked at many points.

    `names` and `points` of the lines that ask, in one order; a name without its generation.
    """
    many_names = _with_many(points, names, max_names)
    many_points = _with_many(names, points, max_points)
    warnings = []
    if many_names:
        warnings.append(f"probing: {many_names} addresses are asked about with more than {max_names} names")
    if many_points:
        warnings.append(f"probing: {many_points} names are asked about at more than {max_points} addresses")
    return tuple(warnings)


def _with_many(keys: Sequence[int] | Sequence[str], values: Sequence[int] | Sequence[str], most: int) -> int:
    """How many keys stand beside more than `most` different values."""
    busy = often(keys, most)
    found: dict[int | str, set[int | str]] = defaultdict(set)
    pairs: Iterable[tuple[int | str, int | str]] = zip(keys, values, strict=True)
    for key, value in pairs:
        if key in busy:
            found[key].add(value)
    return sum(len(different) > most for different in found.values())


class _Groups:
    """Union-find over the places that were joined to another."""

    def __init__(self) -> None:
        self._parent: dict[int, int] = {}

    def join(self, one: int, two: int) -> None:
        if one != two:
            self._parent[self._root(two)] = self._root(one)

    def _root(self, place: int) -> int:
        parent = self._parent
        above = parent.setdefault(place, place)
        while above != place:
            parent[place] = parent[above]
            place = parent[place]
            above = parent[place]
        return place

    def all(self) -> Iterable[list[int]]:
        """Groups of two and more, each in order."""
        found: dict[int, list[int]] = defaultdict(list)
        for place in sorted(self._parent):
            found[self._root(place)].append(place)
        return (places for places in found.values() if len(places) > 1)
