"""Write src/privity/normalise/data/places.txt: ZIP, state, city and city aliases, one ZIP a line.

Source: the `zipcodes` wheel named in requirements (MIT licence; its city names come from the USPS ZIP Locale Detail,
public domain, and a base list committed in that project; coordinates, the only part under CC BY, are not taken).
Run `python tools/make_places.py` after changing the pinned version; the unit tests compare the two.
Line form: ``ZIP STATE CITY[;ACCEPTED…][|INFORMAL…]`` with an ``!`` before the city of a ZIP no longer in use.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import zipcodes

TARGET = Path(__file__).resolve().parent.parent / "src" / "privity" / "normalise" / "data" / "places.txt"
PLAIN = re.compile(r"[^A-Z0-9 ]+")


def plain(city: str) -> str:
    """Upper case, letters, digits and single blanks only."""
    return " ".join(PLAIN.sub(" ", city.upper().replace("'", "")).split())


def line_of(row: dict[str, Any]) -> str:
    """One line of the table."""
    accepted = [plain(row["city"])]
    accepted += sorted({plain(name) for name in row["acceptable_cities"]} - set(accepted) - {""})
    informal = sorted({plain(name) for name in row["unacceptable_cities"]} - set(accepted) - {""})
    mark = "" if row["active"] else "!"
    tail = "|" + ";".join(informal) if informal else ""
    return f"{row['zip_code']} {row['state']} {mark}{';'.join(accepted)}{tail}"


def table() -> str:
    """The whole table, sorted by ZIP."""
    return "\n".join(line_of(row) for row in sorted(zipcodes.list_all(), key=lambda row: row["zip_code"])) + "\n"


if __name__ == "__main__":
    TARGET.write_text(table(), encoding="ascii", newline="\n")
    sys.stdout.write(f"{TARGET.name}: {TARGET.stat().st_size} bytes\n")
