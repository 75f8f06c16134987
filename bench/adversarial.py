"""Adversarial synthetic files for `privity evaluate`: register.csv, requests.csv, truth.csv. Seeded.

Seed 1 is for tuning; any other for reporting. Noise code and tables are the generator's own, never the matcher's.

    python -m bench.adversarial --out DIR [--register-rows 1000000] [--lines 200000] [--seed 2]
"""

from __future__ import annotations

import argparse
import csv
import random
from collections import Counter
from pathlib import Path

from bench.adversarial_lines import COLUMNS, Line, line_about
from bench.adversarial_population import Household, households

REGISTER_COLUMNS = (
    "person_ref", "given_name", "middle_name", "family_name", "generation",
    "address_line1", "address_line2", "city", "state", "postal_code", "valid_from", "valid_to",
)  # fmt: skip


def build_files(out: Path, *, register_rows: int, lines: int, seed: int) -> Counter[str]:
    """Write the three files below `out`; lines by class."""
    out.mkdir(parents=True, exist_ok=True)
    chance = random.Random(f"lines/{seed}")
    asked: list[tuple[str, str, Line]] = []
    due = 0.0  # lines still to be asked about the households so far
    with (out / "register.csv").open("w", newline="", encoding="utf-8") as file:
        register = csv.writer(file)
        register.writerow(REGISTER_COLUMNS)
        for home in households(register_rows, seed):
            rows = _rows(home)
            register.writerows(rows)
            due += len(rows) * lines / register_rows
            while due >= 1.0 or chance.random() < due:
                due -= 1.0
                line = line_about(home, chance)
                if line is not None:
                    asked.append(line)
    chance.shuffle(asked)
    asked = asked[:lines]
    with (
        (out / "requests.csv").open("w", newline="", encoding="utf-8") as requests,
        (out / "truth.csv").open("w", newline="", encoding="utf-8") as truth,
    ):
        lines_out, truths = csv.writer(requests), csv.writer(truth)
        lines_out.writerow(("line_id", *COLUMNS))
        truths.writerow(("line_id", "person_ref", "class"))
        for number, (person, kind, cells) in enumerate(asked, 1):
            lines_out.writerow((f"A{number:07}", *cells))
            truths.writerow((f"A{number:07}", person, kind))
    return Counter(kind for _, kind, _ in asked)


def _rows(home: Household) -> list[tuple[str, ...]]:
    rows = []
    for person in home.persons:
        if not person.recorded:
            continue
        name = (person.given, person.middle, " ".join(person.family), person.generation)
        here, before = home.address, home.before
        place = (here.line1, here.line2, here.city, here.state, here.zip5)
        rows.append((person.ref, *name, *place, f"{home.since}-01-01", ""))
        if before is not None:
            place = (before.line1, before.line2, before.city, before.state, before.zip5)
            rows.append((person.ref, *name, *place, f"{home.before_from}-01-01", f"{home.since - 1}-12-31"))
    return rows


def main() -> None:
    """Write the files and say what they hold."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--register-rows", type=int, default=1_000_000)
    parser.add_argument("--lines", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=2)
    given = parser.parse_args()
    classes = build_files(given.out, register_rows=given.register_rows, lines=given.lines, seed=given.seed)
    for kind, count in sorted(classes.items()):
        print(f"{kind:20} {count:>8,}")


if __name__ == "__main__":
    main()
