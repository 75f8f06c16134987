"""A supplied name to a comparable one: split columns and one field give the same.

Rules: the given name is the first word, further words of it are middle names; the family name is a tuple of parts with
particles folded in; generation is taken from wherever it stands. Does not: judge whether a name is real (policy), nor
compare two names (matching).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, NamedTuple

from privity.domain.person_name import PersonName
from privity.domain.personal import Masked
from privity.domain.request import SuppliedName
from privity.normalise.names.words import (
    AFTER_NAME,
    CLOSING_GENERATIONS,
    COLUMN_PARTICLES,
    GENERATIONS,
    GIVEN_PARTICLES,
    LEADING_TITLES,
    LINKS,
    NO_MIDDLE,
    PARTICLES,
)
from privity.normalise.text import UNREADABLE, fold

FATAL_NAME_DEFECTS: Final[dict[str, str]] = {
    "empty": "no name is given",
    "unreadable": "control characters, signs no name has, or letters without an ASCII form",
    "digits": "digits that are no generation",
    "two_people": "more than one person in the field",
    "name_unclear": "too long, too many parts, or commas that fit no order",
    "generation_conflict": "two different generations",
    "generation_unclear": "a generation column with another word",
    "both_forms_differ": "one-field and split names that are not the same",
}
"""Word -> meaning. Any of these leaves `ReadName.name` None."""

NAME_REMARKS: Final[dict[str, str]] = {
    "single_name": "one name only: it stands in `family`, and `given` is empty",
    "initial_only": "the given name is an initial",
}
"""Word -> meaning. These come together with a name."""

NAME_DEFECTS: Final = (*FATAL_NAME_DEFECTS, *NAME_REMARKS)
"""Every word `ReadName.defects` may hold."""

_LONGEST: Final = 120
_MOST_PARTS: Final = 4
_PLAIN: Final = re.compile(r"[A-Z]*")
_TWO: Final = re.compile(r"&|/|;|\+|\b(?:AND|OR)\b")
_ASIDE: Final = re.compile(r"\([^()]*\)|\"[^\"]*\"")
_DROPPED: Final = re.compile(r"['`]")
_BLANK: Final = re.compile(r"[._\s]+")
_DASH: Final = re.compile(r" *-[ -]*")
_SIGNS: Final = re.compile(r"[^A-Z0-9 ,-]")


@dataclass(frozen=True, slots=True, repr=False)
class ReadName(Masked):
    """What one supplied name says: a comparable name or None, and words of `NAME_DEFECTS`."""

    name: PersonName | None
    defects: tuple[str, ...]


class _Parts(NamedTuple):
    given: list[str]
    middle: list[str]
    family: list[str]
    generations: set[str]


def read_name(name: SuppliedName) -> ReadName:
    """Bring split columns, or `full_name`, to one form. Never raises on text.

    Where both are filled they must say the same, else `both_forms_differ`.
    """
    split_given = name.given_name.strip() or name.family_name.strip()
    if not name.full_name.strip():
        return _finish(_from_columns(name))
    whole = _finish(_from_line(name.full_name, name.generation))
    if split_given:
        split = _finish(_from_columns(name))
        return split if whole.name == split.name else ReadName(None, ("both_forms_differ",))
    return whole


def _plain(text: str) -> tuple[str, str]:
    """(upper-case words, single blanks, commas and inner hyphens kept; or "" and a defect word)."""
    folded = fold(text)
    if _PLAIN.fullmatch(folded) and len(folded) <= _LONGEST:
        return folded, ""
    if len(folded) > _LONGEST:
        return "", "name_unclear"
    if UNREADABLE in folded:
        return "", "unreadable"
    folded = _ASIDE.sub(" ", folded)
    if _TWO.search(folded):
        return "", "two_people"
    plain = _DASH.sub("-", _BLANK.sub(" ", _DROPPED.sub("", folded))).strip(" -")
    return (plain, "unreadable") if _SIGNS.search(plain) else (plain, "")


def _from_columns(name: SuppliedName) -> _Parts | str:
    columns = []
    for text in (name.given_name, name.middle_name, name.family_name, name.generation):
        if text.replace(".", "").strip().upper() in {"N/A", "N / A"} and text is name.middle_name:
            text = ""  # noqa: PLW2901
        plain, defect = _plain(text)
        if defect:
            return defect
        columns.append(plain.replace(",", " ").replace("-", " ").split())
    given, middle, family, generation = columns
    generations, defect = _column_generation(generation)
    if defect:
        return defect
    for words in (family, middle, given):
        _take_closing(words, generations, keep=1 if words is not middle else 0)
    given = _without_title(given)
    if len(family) > 1 and family[-1] in {"V", "VI"}:
        generations.add(GENERATIONS[family.pop()])
    return _Parts(given, middle, _fold_particles(family, COLUMN_PARTICLES), generations)


def _column_generation(words: list[str]) -> tuple[set[str], str]:
    text = "".join(words)
    if not text or text in NO_MIDDLE:
        return set(), ""
    return ({GENERATIONS[text]}, "") if text in GENERATIONS else (set(), "generation_unclear")


def _take_closing(words: list[str], generations: set[str], *, keep: int) -> None:
    """Move generations and letters after the name off the end of `words`, leaving at least `keep` words."""
    while len(words) > keep and (words[-1] in CLOSING_GENERATIONS or words[-1] in AFTER_NAME):
        word = words.pop()
        if word in GENERATIONS:
            generations.add(GENERATIONS[word])


def _without_title(words: list[str]) -> list[str]:
    while len(words) > 1 and words[0] in LEADING_TITLES:
        words = words[1:]
    return words


def _from_line(text: str, generation: str) -> _Parts | str:
    """LAST, FIRST MIDDLE or FIRST MIDDLE LAST, with generation and letters anywhere at the end of a part."""
    plain, defect = _plain(text)
    column, column_defect = _plain(generation)
    generations, unclear = _column_generation(column.split())
    if defect or column_defect or unclear:
        return defect or column_defect or unclear
    parts: list[list[str]] = []
    for part in plain.split(","):
        words = part.split()
        closing = 0 if parts else 1
        _take_closing(words, generations, keep=closing)
        if parts and len(words) == 1 and words[0] in {"V", "VI"}:
            generations.add(GENERATIONS[words.pop()])
        if not words and len(parts) == 1 and len(parts[0]) == 1 and part.split() == ["JUNIOR"]:
            words = ["JUNIOR"]  # ALLEN, JUNIOR: beside a family name alone it is the given name
            generations.discard("JR")
        if words:
            parts.append(words)
    if len(parts) == 1:
        return _natural(_without_title(parts[0]), generations)
    if len(parts) == 2 and len(parts[0]) > 1 and "".join(parts[1]) in AFTER_NAME:
        return _natural(_without_title(parts[0]), generations)
    if len(parts) == 2:
        given = _without_title(_split_dashes(parts[1]))
        return _Parts(given, [], _fold_particles(_split_dashes(parts[0]), COLUMN_PARTICLES), generations)
    return "name_unclear" if parts else "empty"


def _natural(words: list[str], generations: set[str]) -> _Parts:
    """FIRST MIDDLE LAST: the last word, and the particles before it, are the family name."""
    if len(words) > 2 and words[-1] in {"V", "VI"}:
        generations.add(GENERATIONS[words.pop()])
    start = len(words) - 1
    double = "-" in words[start] if words else False
    while start > 1 and words[start - 1] in PARTICLES:
        start -= 1
    if start < 1:
        return _Parts([], [], _fold_particles(_split_dashes(words), PARTICLES), generations)
    family = _fold_particles(_split_dashes(words[start:]), COLUMN_PARTICLES if double else PARTICLES)
    return _Parts(_split_dashes(words[:start]), [], family, generations)


def _split_dashes(words: list[str]) -> list[str]:
    return " ".join(words).replace("-", " ").split()


def _fold_particles(words: list[str], particles: frozenset[str]) -> list[str]:
    """DE LA CRUZ -> DELACRUZ; GARCIA Y LOPEZ -> GARCIA, LOPEZ; a particle that closes the name is a part."""
    parts: list[str] = []
    held = ""
    for place, word in enumerate(words):
        last = place == len(words) - 1
        if word in LINKS and parts and not last and not held:
            continue
        if word in particles and not last:
            held += "ST" if word == "SAINT" else word
        else:
            parts.append(held + word)
            held = ""
    return parts


def _finish(parts: _Parts | str) -> ReadName:
    if isinstance(parts, str):
        return ReadName(None, (parts,))
    given, middle, family, generations = parts
    words = [*given, *middle]
    middle_words = [word for word in words[1:] if word not in NO_MIDDLE or word in given]
    words = [*words[:1], *middle_words] if given else ["", *[word for word in middle if word not in NO_MIDDLE]]
    defect = _defect(words, family, generations)
    if defect:
        return ReadName(None, (defect,))
    if len(words) > 1 and words[0] in GIVEN_PARTICLES and len(words[1]) > 1:
        words = [words[0] + words[1], *words[2:]]
    if not given or not family:
        family, words = family or [words[0]], ["", *words[1:]]
    remarks = ("single_name",) if not words[0] else ("initial_only",) if len(words[0]) == 1 else ()
    return ReadName(PersonName(words[0], " ".join(words[1:]), tuple(family), next(iter(generations), "")), remarks)


def _defect(words: list[str], family: list[str], generations: set[str]) -> str:
    """The first fatal defect of a name's words, or ""."""
    if not any(words) and not family:
        return "empty"
    if any(not word.isalpha() for word in (*words, *family) if word):
        return "digits"
    lone = len(family) > 1 and any(len(part) == 1 for part in family)
    if lone or len(family) > _MOST_PARTS or len(words) > _MOST_PARTS + 1:
        return "name_unclear"
    return "generation_conflict" if len(generations) > 1 else ""
