"""Names to one comparable form (first version; see the defect words below)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from privity.domain.person_name import PersonName
from privity.domain.personal import Masked
from privity.domain.request import SuppliedName
from privity.normalise.text import UNREADABLE, fold

NAME_DEFECTS: Final = (
    "empty", "unreadable", "no_given_name", "no_family_name", "single_name", "digits", "two_people", "generation_conflict",
    "both_forms_differ",
)  # fmt: skip
"""Every word `ReadName.defects` may hold. `single_name` comes with a name (register rows may have one); for
`generation_conflict`, `two_people`, `digits`, `both_forms_differ`, `empty` and `unreadable` the name is None."""
_GENERATIONS: Final = {
    "JR": "JR", "JNR": "JR", "JUNIOR": "JR", "SR": "SR", "SNR": "SR", "SENIOR": "SR", "II": "2", "2ND": "2",
    "III": "3", "3RD": "3", "IV": "4", "4TH": "4", "V": "5", "5TH": "5",
}  # fmt: skip


@dataclass(frozen=True, slots=True, repr=False)
class ReadName(Masked):
    """What one supplied name says: a comparable name or None, and defect words (closed list `NAME_DEFECTS`)."""

    name: PersonName | None
    defects: tuple[str, ...]


@cache
def _given_names() -> frozenset[str]:
    return frozenset(files("privity.normalise").joinpath("data/given_names.txt").read_text(encoding="ascii").split())


def is_known_given_name(text: str) -> bool:
    """Whether `text` (any case, accents and punctuation ignored) is on the Census 2020 first-name list."""
    return "".join(letter for letter in fold(text) if letter.isalpha()) in _given_names()


def read_name(name: SuppliedName) -> ReadName:
    """Bring split columns or `full_name` to one form. Never raises."""
    if name.full_name.strip() and not (name.given_name.strip() or name.family_name.strip()):
        text = fold(name.full_name)
        if "," in text:
            family, _, rest = text.partition(",")
            words = rest.replace(",", " ").split()
        else:
            words = text.split()
            family = words.pop() if words else ""
            if family.replace(".", "") in _GENERATIONS and words:
                words.append(family)
                family = words.pop(-2) if len(words) > 1 else ""
        given, middle, generation = (words[0] if words else ""), " ".join(words[1:]), ""
    else:
        given, middle, family = fold(name.given_name), fold(name.middle_name), fold(name.family_name)
        generation = fold(name.generation)
    if UNREADABLE in given + middle + family:
        return ReadName(None, ("unreadable",))
    parts = {"g": _words(given), "m": _words(middle), "f": _words(family)}
    found = (
        [_GENERATIONS[generation.replace(".", "").strip()]]
        if generation.replace(".", "").strip() in _GENERATIONS
        else []
    )
    for key in ("f", "m"):
        found += [_GENERATIONS[word] for word in parts[key] if word in _GENERATIONS and word != "V"]
        parts[key] = [word for word in parts[key] if word not in _GENERATIONS or word == "V"]
    if not parts["g"] and not parts["f"]:
        return ReadName(None, ("empty",))
    defects = () if parts["g"] and parts["f"] else ("single_name",)
    return ReadName(
        PersonName(" ".join(parts["g"]), " ".join(parts["m"]), tuple(parts["f"]), found[0] if found else ""), defects
    )


def _words(text: str) -> list[str]:
    return "".join(letter if letter.isalnum() else (" " if letter in " -" else "") for letter in text).split()
