"""Requests of which some lines wait for a human (L16): the demonstration's lines with other addresses."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path

Cells = Mapping[str, str]
COUNTER: Cells = {"address_line1": "General Delivery", "address_line2": "", "city": "Marfa", "state": "TX"} | {
    "postal_code": "79843"
}
HOTEL: Cells = {"address_line2": "Sunrise Motel Room 12"}
ABROAD: Cells = {"address_line1": "Calle Reforma 222", "address_line2": "", "city": "Monterrey", "state": "Mexico"} | {
    "postal_code": "64000"
}


def with_addresses(lines: Path | bytes, changed: Mapping[int, Cells]) -> bytes:
    """The CSV with some cells of the named lines (from 1) changed."""
    document = lines if isinstance(lines, bytes) else lines.read_bytes()
    rows = list(csv.DictReader(io.StringIO(document.decode("utf-8"))))
    for ordinal, cells in changed.items():
        rows[ordinal - 1] |= cells
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode("utf-8")
