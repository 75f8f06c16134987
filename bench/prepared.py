"""What every side of a comparison reads, made once in a folder: files, index, admitted lines, tables for SQL peers.

    register.csv requests.csv truth.csv   the generator's
    register/                             Privity's finished index, under the throwaway keys
    lines.pickle                          admitted lines in batches, an empty batch last
    tables/register.parquet               one row a register row that has a point: Privity's normalised parts, the raw
    tables/lines.parquet                  address as text, period; the same of the lines with the asked years
    tables/asked_points.parquet           (line, point): the keyed digests that the bare join takes

Nothing here counts in any measured time. Memory does not grow with the sizes.
"""

from __future__ import annotations

import csv
import io
import json
import pickle
import re
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import replace
from itertools import chain, islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from bench.adversarial import build_files
from bench.measured import Measured, run
from privity.domain.delivery_point import DeliveryPoint
from privity.domain.person_name import PersonName
from privity.domain.request import AdmittedLine, Ordinal, SuppliedAddress, SuppliedName
from privity.matching.points import point_message
from privity.normalise.addresses import read_addresses
from privity.normalise.names import read_name
from tests.builders.index_keys import throwaway_keys
from tests.builders.plain_admission import admitted

BATCH = 50_000  # lines answered at once, as in the gate
PROCESSES = 2
ZIP_AT_END = re.compile(r"[ ,]*[0-9]{5}(-[0-9]{4})?$")


def prepare(folder: Path, *, rows: int, lines: int, seed: int) -> dict[str, Any]:
    """Make everything below `folder`, or keep it where it was made with the same figures.

    Returns wall seconds by step, and of the index build, a process of its own, processor seconds and peak memory (MB).
    """
    done = folder / "prepared.json"
    wanted = {"rows": rows, "lines": lines, "seed": seed}
    if done.exists() and (kept := json.loads(done.read_text()))["wanted"] == wanted:
        return dict(kept["seconds"])
    done.unlink(missing_ok=True)
    (folder / "tables").mkdir(parents=True, exist_ok=True)
    seconds: dict[str, Any] = {}
    for name, step in (
        ("generate", lambda: build_files(folder, register_rows=rows, lines=lines, seed=seed, processes=PROCESSES)),
        ("build", lambda: _build(folder)),
        ("admit", lambda: _admit(folder)),
        ("tabulate", lambda: _tabulate(folder)),
    ):
        start = time.perf_counter()
        said = step()
        seconds[name] = round(time.perf_counter() - start, 1)
        if isinstance(said, Measured):
            seconds["build_processor"] = round(said.processor_seconds, 1)
            seconds["build_peak_mb"] = round(said.peak_mb)
    done.write_text(json.dumps({"wanted": wanted, "seconds": seconds}))
    return seconds


def _build(folder: Path) -> Measured:
    """The index, made as `bench.index_build` makes it."""
    command = [sys.executable, "-m", "bench.index_build", "--once", "--folder", str(folder)]
    return run([*command, "--processes", str(PROCESSES)])


def _batches(path: Path, count: int) -> Iterator[tuple[int, bytes]]:
    """(rows before it, a CSV of the header and up to `count` rows). The generator's cells hold no line ends."""
    with path.open("rb") as file:
        header, first = file.readline(), 0
        while rows := list(islice(file, count)):
            yield first, header + b"".join(rows)
            first += len(rows)


def _in_order(work: Callable[[tuple[int, bytes]], bytes], parts: Iterator[tuple[int, bytes]]) -> Iterator[bytes]:
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        waiting: deque[Future[bytes]] = deque()
        for part in chain(parts, [None] * 2 * PROCESSES):
            if part is not None:
                waiting.append(pool.submit(work, part))
            if waiting and (part is None or len(waiting) >= 2 * PROCESSES):
                yield waiting.popleft().result()


def _admit(folder: Path) -> None:
    """lines.pickle, tables/lines.parquet, tables/asked_points.parquet."""
    import pyarrow.parquet as pq

    tables, points = _Writer(folder / "tables/lines.parquet"), _Writer(folder / "tables/asked_points.parquet")
    with (folder / "lines.pickle").open("wb") as file:
        for made in _in_order(_admitted_batch, _batches(folder / "requests.csv", BATCH)):
            batch, table, asked = pickle.loads(made)
            file.write(batch)
            tables.add(pq.read_table(io.BytesIO(table)))
            points.add(pq.read_table(io.BytesIO(asked)))
        pickle.dump([], file)
    tables.close()
    points.close()


def _admitted_batch(part: tuple[int, bytes]) -> bytes:
    first, data = part
    lines = [replace(line, ordinal=Ordinal(line.ordinal + first)) for line in admitted(data)]
    raw = [_raw_address(row) for row in csv.DictReader(io.StringIO(data.decode()))]
    more: dict[str, list[Any]] = {
        "years": [[period.start.year for period in line.periods] for line in lines],
        "born": [line.birth_date.isoformat() if line.birth_date else "" for line in lines],
        "address": [raw[line.ordinal - first - 1] for line in lines],
    }
    asked = [(line.ordinal, line.name.reveal(), line.point.reveal()) for line in lines]
    keys = throwaway_keys()
    points = keys.digests(point_message(point) for _, _, point in asked)
    return pickle.dumps(
        (pickle.dumps(lines), _table(asked, more), _parquet({"line": [n for n, _, _ in asked], "point": points}))
    )


def _tabulate(folder: Path) -> None:
    """tables/register.parquet."""
    import pyarrow.parquet as pq

    table = _Writer(folder / "tables/register.parquet")
    for made in _in_order(_register_batch, _batches(folder / "register.csv", BATCH)):
        table.add(pq.read_table(io.BytesIO(made)))
    table.close()


def _register_batch(part: tuple[int, bytes]) -> bytes:
    first, data = part
    rows = list(csv.DictReader(io.StringIO(data.decode())))
    addresses = read_addresses(
        [
            SuppliedAddress(row["address_line1"], row["address_line2"], row["city"], row["state"], row["postal_code"])
            for row in rows
        ],
        second_opinion=False,
    )
    found, kept = [], []
    for number, (row, address) in enumerate(zip(rows, addresses, strict=True), first):
        name = read_name(
            SuppliedName(row["given_name"], row["middle_name"], row["family_name"], row["generation"])
        ).name
        if name is not None and address.point is not None:
            found.append((number, name, address.point))
            kept.append(row)
    more: dict[str, list[Any]] = {
        "ref": [row["person_ref"] for row in kept],
        "valid_from": [int(row["valid_from"][:4]) for row in kept],
        "valid_to": [int(row["valid_to"][:4] or 9999) for row in kept],
        "born": [row.get("birth_date", "") for row in kept],
        "address": [_raw_address(row) for row in kept],
    }
    return _table(found, more)


def _raw_address(row: dict[str, str]) -> str:
    """The address as written, in one text, without the ZIP."""
    parts = (row.get("address", ""), row["address_line1"], row["address_line2"], row["city"], row["state"])
    return ZIP_AT_END.sub("", " ".join(part for part in parts if part))


def _table(rows: Sequence[tuple[int, PersonName, DeliveryPoint]], more: dict[str, list[Any]]) -> bytes:
    columns: dict[str, list[Any]] = {
        "unique_id": [number for number, _, _ in rows],
        "given": [name.given or None for _, name, _ in rows],
        "middle": [name.middle[:1] or None for _, name, _ in rows],
        "family": [" ".join(name.family) or None for _, name, _ in rows],
        "generation": [name.generation or None for _, name, _ in rows],
        "number": [f"{point.kind.value} {point.number}" for _, _, point in rows],
        "unit": [point.unit for _, _, point in rows],
        "street": [point.street for _, _, point in rows],
        "face": [" ".join(point.face) for _, _, point in rows],
        "zip5": [point.zip5 or None for _, _, point in rows],
    }
    more["born"] = [born or None for born in more["born"]]
    return _parquet(columns | more)


def _parquet(columns: dict[str, list[Any]]) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    types = {"unique_id": pa.int64(), "line": pa.int64(), "point": pa.int64(), "years": pa.list_(pa.int32())}
    types |= {"valid_from": pa.int32(), "valid_to": pa.int32()}
    out = io.BytesIO()
    pq.write_table(
        pa.table({name: pa.array(values, types.get(name, pa.string())) for name, values in columns.items()}), out
    )
    return out.getvalue()


class _Writer:
    """A Parquet file written table by table; the first says the columns."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer: Any = None

    def add(self, table: Any) -> None:
        import pyarrow.parquet as pq

        if self._writer is None:
            self._writer = pq.ParquetWriter(self._path, table.schema)
        self._writer.write_table(table)

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()


def read_batches(folder: Path) -> Iterator[list[AdmittedLine]]:
    """The admitted lines, batch by batch."""
    with (folder / "lines.pickle").open("rb") as file:
        while batch := pickle.load(file):
            yield batch
