"""Adversarial synthetic files for `privity evaluate`: register, requests and truth, as CSV and Parquet. Seeded.

Seed 1 is for tuning; 2, 3, 5 and 7 are for reporting and are never looked at line by line. Noise code and tables are
the generator's own, never the matcher's. The same seed and sizes give the same bytes whatever the number of processes.
Memory does not grow with the sizes: each region (three digits of the ZIP) is made apart and forgotten; lines are
shuffled in buckets on disk. 10,000,000 rows and 1,280,000 lines take about five processor minutes and 4 GB of disk.

    python -m bench.adversarial --out DIR [--register-rows 1000000] [--lines 200000] [--seed 2] [--processes 2]
        [--parquet] [--further birth_date,identifier | --further none]

truth.csv has line_id, person_ref (empty: must not be confirmed) and class; see `bench.adversarial_truth`.
"""

from __future__ import annotations

import argparse
import csv
import gc
import io
from collections import Counter, deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from itertools import accumulate
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import IO, Any

from bench.adversarial_forbidden import NEGATIVE
from bench.adversarial_lines import POSITIVE, QUARTERS, Asked, Scene
from bench.adversarial_noise import COLUMNS, Line, last_first, place_cells, plain, rough
from bench.adversarial_places import GRID, HYPHENS, MILITARY, PUERTO_RICO, prefixes
from bench.adversarial_pools import pools
from bench.adversarial_population import OPEN, Household, Occupancy, Region
from bench.adversarial_truth import judge

REGISTER_COLUMNS = (
    "person_ref", "given_name", "middle_name", "family_name", "generation",
    "address_line1", "address_line2", "city", "state", "postal_code", "valid_from", "valid_to",
)  # fmt: skip
FURTHER = ("birth_date", "identifier")
REGION_ROWS = 12_000  # of one region where there are many
BUCKET_LINES = 20_000  # shuffled at once
NEEDS_FURTHER = ("nickname_identified", "with_birth_date", "other_birth_date")


@dataclass(frozen=True, slots=True)
class Part:
    """One region's share of the work."""

    place: int
    prefix: str
    rows: int
    lines: int
    seed: int
    buckets: int
    further: tuple[str, ...]
    once: bool = False  # no household is asked about twice


@dataclass(frozen=True, slots=True)
class Made:
    """One region's register rows (CSV without header) and lines: (bucket, CSV without line_id, person, class)."""

    register: bytes
    lines: list[tuple[int, str, str, str]]


def parts(register_rows: int, lines: int, seed: int, further: tuple[str, ...], once: bool = False) -> list[Part]:
    """Regions and their shares. A grid town, hyphenated numbers, Puerto Rico and a military post are always among them,
    the last three with at most a fiftieth of the rows each."""
    chance = Random(f"regions/{seed}")
    special = [chance.choice(sorted(group)) for group in (GRID, HYPHENS, PUERTO_RICO, MILITARY)]
    rest = [prefix for prefix in prefixes() if prefix not in (*special, *MILITARY)]
    chosen = special + chance.sample(rest, min(len(rest), max(3, register_rows // REGION_ROWS)))
    small = min(REGION_ROWS, max(1, register_rows // 50))
    wide, over = divmod(register_rows - small * len(special), len(chosen) - len(special))
    rows = [small] * len(special) + [wide + (place < over) for place in range(len(chosen) - len(special))]
    ends = [lines * end // register_rows for end in accumulate(rows)]
    buckets = max(1, lines // BUCKET_LINES)
    return [
        Part(place, prefix, rows[place], ends[place] - (ends[place - 1] if place else 0), seed, buckets, further, once)
        for place, prefix in enumerate(chosen)
    ]


def make(part: Part) -> Made:
    """One region: population, register rows, lines with their truth."""
    gc.disable()  # everything lives until the region is done; walking it again and again finds nothing
    try:
        return _made(part)
    finally:
        gc.enable()


def _made(part: Part) -> Made:
    region = Region(part.prefix, part.rows, part.seed)
    register = "".join(_register_lines(region.households, part))
    occupancy = Occupancy(region.households)
    chance = Random(f"lines/{part.seed}/{part.prefix}")
    streets = {town.zip5: town.names for town in region.towns}
    scene = Scene(chance, occupancy, pools(region.households), streets)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    lines = []
    for asked, wanted in _ask(part, scene):
        person, kind = judge(asked, wanted, occupancy)
        cells = _cells(asked, chance)
        more = {"birth_date": asked.born, "identifier": asked.number}
        text.seek(0)
        text.truncate()
        writer.writerow((*cells, *(more[name] for name in part.further)))
        lines.append((int(chance.random() * part.buckets), text.getvalue(), person, kind))
    return Made(register.encode(), lines)


def _register_lines(households: list[Household], part: Part) -> Iterator[str]:
    """CSV rows; no cell of the generator's needs quotes."""
    for home in households:
        for person, stay in home.stays():
            end = "" if stay.last == OPEN else f"{stay.last}-12-31"
            more = "".join(f",{person.born if name == 'birth_date' else person.number}" for name in part.further)
            yield (
                f"{person.ref},{person.given},{person.middle},{' '.join(person.family)},{person.generation},"
                f"{','.join(place_cells(stay.address, home.style))},{stay.first}-01-01,{end}{more}\n"
            )


def _ask(part: Part, scene: Scene) -> Iterator[tuple[Asked, str]]:
    """As many lines as the part owes, by the classes' weights; no household is asked about too often."""
    chance = scene.chance
    often = 1 if part.once else 3 + 6 * part.lines // max(part.rows, 1)
    sides = []
    for table in (POSITIVE, NEGATIVE):
        names = [name for name in table if part.further or name not in NEEDS_FURTHER]
        sides.append((table, names, list(accumulate(table[name][2] for name in names))))
    owed = part.lines
    while owed:
        table, names, weights = sides[chance.random() >= 0.75]
        kind = chance.choices(names, cum_weights=weights)[0]
        maker, pool, _ = table[kind]
        homes = scene.pools[pool]
        for _ in range(20 if homes else 0):
            home = homes[int(chance.random() * len(homes))]
            if home.asked >= often * (1 if home.kind != QUARTERS else 5) and (part.once or chance.random() < 0.9):
                continue
            asked = maker(home, scene)
            if asked is not None:
                home.asked += 1
                owed -= 1
                yield asked, kind
                break


def _cells(asked: Asked, chance: Random) -> Line:
    years = ";".join(str(year) for year in asked.years)
    if asked.form == "rough":
        return rough(asked.person, asked.address, chance, years)
    if asked.form:
        return last_first(asked.person, asked.address, asked.home.style, years, asked.form == "last_first")
    return plain(asked.person, asked.address, asked.home.style, years)


def build_files(
    out: Path,
    *,
    register_rows: int,
    lines: int,
    seed: int,
    processes: int = 1,
    parquet: bool = False,
    further: tuple[str, ...] = ("birth_date",),
    once: bool = False,
) -> Counter[str]:
    """Write register.csv, requests.csv and truth.csv (and register.parquet) below `out`; lines by class.

    `once`: no household is asked about twice (group quarters: five times), as a request that the gate admits must be.
    Then `lines` may be at most a fifth of `register_rows`.
    """
    if once and lines > register_rows // 5:
        raise ValueError("with once, at most one line for five register rows")
    out.mkdir(parents=True, exist_ok=True)
    work = parts(register_rows, lines, seed, further, once)
    with (out / "register.csv").open("wb") as register, _Buckets(out, work[0].buckets) as buckets:
        register.write((",".join((*REGISTER_COLUMNS, *further)) + "\n").encode())
        columns = _Columns(out / "register.parquet", (*REGISTER_COLUMNS, *further)) if parquet else None
        for made in _in_order(work, processes):
            register.write(made.register)
            if columns is not None:
                columns.add(made.register)
            for line in made.lines:
                buckets.add(line)
        if columns is not None:
            columns.close()
        return buckets.write_shuffled(seed, further)


def _in_order(work: list[Part], processes: int) -> Iterator[Made]:
    """Regions as they come in their order; never more than two for each process are held."""
    if processes == 1:
        yield from map(make, work)
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        waiting: deque[Future[Made]] = deque()
        for part in work:
            waiting.append(pool.submit(make, part))
            if len(waiting) >= 2 * processes:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


class _Buckets:
    """Lines on disk in buckets by lot, then each bucket shuffled: any order is as likely as any other."""

    def __init__(self, out: Path, count: int) -> None:
        self._out, self._paths = out, [out / f".bucket-{number}" for number in range(count)]
        self._files: list[IO[str]] = []

    def __enter__(self) -> _Buckets:
        self._files = [path.open("w", encoding="utf-8", newline="\n") for path in self._paths]
        return self

    def __exit__(self, *_: object) -> None:
        for file, path in zip(self._files, self._paths, strict=True):
            file.close()
            path.unlink(missing_ok=True)

    def add(self, line: tuple[int, str, str, str]) -> None:
        bucket, text, person, kind = line
        self._files[bucket].write(f"{person},{kind},{text}")

    def write_shuffled(self, seed: int, further: tuple[str, ...]) -> Counter[str]:
        """requests.csv and truth.csv; lines by class."""
        counts: Counter[str] = Counter()
        number = 0
        with (
            (self._out / "requests.csv").open("w", encoding="utf-8", newline="\n") as requests,
            (self._out / "truth.csv").open("w", encoding="utf-8", newline="\n") as truths,
        ):
            requests.write(",".join(("line_id", *COLUMNS, *further)) + "\n")
            truths.write("line_id,person_ref,class\n")
            for place, (file, path) in enumerate(zip(self._files, self._paths, strict=True)):
                file.close()
                held = path.read_text(encoding="utf-8").splitlines(keepends=True)
                Random(f"order/{seed}/{place}").shuffle(held)
                for line in held:
                    number += 1
                    person, kind, text = line.split(",", 2)
                    requests.write(f"A{number:07},{text}")
                    truths.write(f"A{number:07},{person},{kind}\n")
                    counts[kind] += 1
        return counts


class _Columns:
    """The register as Parquet, all columns text, one row group a region."""

    def __init__(self, path: Path, columns: tuple[str, ...]) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        self._names = columns
        self._schema = pa.schema([(name, pa.string()) for name in columns])
        self._writer: Any = pq.ParquetWriter(path, self._schema, compression="zstd")

    def add(self, rows: bytes) -> None:
        import pyarrow.csv as pc

        table = pc.read_csv(
            io.BytesIO(rows),
            read_options=pc.ReadOptions(column_names=list(self._names)),
            convert_options=pc.ConvertOptions(
                column_types={name: self._schema.field(name).type for name in self._names}, strings_can_be_null=False
            ),
        )
        self._writer.write_table(table)

    def close(self) -> None:
        self._writer.close()


def main() -> None:
    """Write the files and say what they hold."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--register-rows", type=int, default=1_000_000)
    parser.add_argument("--lines", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--parquet", action="store_true", help="also register.parquet")
    parser.add_argument(
        "--further", default="birth_date", help="columns after the others: birth_date,identifier or none"
    )
    given = parser.parse_args()
    further = tuple(name for name in FURTHER if name in given.further.split(","))
    classes = build_files(
        given.out,
        register_rows=given.register_rows,
        lines=given.lines,
        seed=given.seed,
        processes=given.processes,
        parquet=given.parquet,
        further=further,
    )
    for kind, count in sorted(classes.items()):
        print(f"{kind:20} {count:>9,}")


if __name__ == "__main__":
    main()
