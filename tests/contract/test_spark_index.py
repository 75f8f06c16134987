"""The cluster engine beside the one-machine engine: the same snapshots and decisions, nothing readable on the way.

test_register_index_contract runs the suite that all engines share.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bench.adversarial import build_files
from privity.adapters.duckdb_index import DuckDbIndexEngine
from privity.adapters.duckdb_index_files import POINTER, TABLES, active_snapshot, table_files
from privity.adapters.duckdb_index_update import DuckDbUpdatingEngine
from privity.adapters.index_sql import KEYS as DIGESTS
from privity.adapters.spark_index import SparkIndexEngine, SparkRegisterIndex
from privity.adapters.spark_index_build import bucket_exponent
from privity.adapters.spark_index_session import ENCRYPTED, spark_session
from privity.domain.answer import Decision
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.request import AdmittedLine
from privity.matching.levels import POLICIES
from privity.ports.register_cluster import ClusterEngine
from privity.ports.register_index import IndexChunk, IndexEngine, SnapshotInfo
from privity.services.answering.answer_lines import answer_lines
from privity.services.register import build_on_cluster as service
from privity.services.register.build_on_cluster import build_on_cluster
from privity.services.register.build_register import build_register
from privity.services.register.update_register import update_register
from tests.builders.index_keys import throwaway_keys
from tests.builders.plain_admission import admitted_lines
from tests.builders.register_files import HEADER, JOHN, line, row, write_extract
from tests.builders.spark import java_environment, why_no_spark

pytestmark = pytest.mark.skipif(bool(why_no_spark()), reason=why_no_spark() or "-")
ROOT = Path(__file__).resolve().parents[2]
KEYS = throwaway_keys()
SECRETS = (KEYS.digest_key, KEYS.person_key, KEYS.reference_key)
ENGINES: dict[str, IndexEngine] = {"spark": SparkIndexEngine(), "duckdb": DuckDbIndexEngine()}
HOME = "4711 N Quetzalcoatl St Apt 4, Dallas, TX 75201"


@dataclass(frozen=True)
class Built:
    """The same extract, built by both engines."""

    folder: Path
    lines: list[AdmittedLine]
    infos: dict[str, SnapshotInfo]

    def files(self, engine: str, table: str) -> list[Path]:
        return table_files(active_snapshot(self.folder / engine)[0], table)

    def table(self, engine: str, table: str) -> pa.Table:
        """A whole table of a snapshot, its files one after the other."""
        return pa.concat_tables([pq.read_table(path) for path in self.files(engine, table)]).combine_chunks()

    def persons(self, engine: str) -> list[tuple[int, bytes]]:
        points, sealed = (column.to_pylist() for column in self.table(engine, "points").columns)
        return sorted((point, KEYS.open_person(point, one)) for point, one in zip(points, sealed, strict=True))

    def decisions(self, builder: str, reader: str, policy: str) -> list[Decision]:
        """What the lines are told by one engine reading what one engine built."""
        index = ENGINES[reader].open(self.folder / builder)
        return answer_lines(self.lines, index, KEYS, POLICIES[policy], frozenset(), processes=2)


def both(folder: Path, *, rows: int, lines: int, seed: int, chunk_rows: int) -> Built:
    build_files(folder, register_rows=rows, lines=lines, seed=seed)
    extract = folder / "register.csv"
    one = build_on_cluster(extract, folder / "spark", KEYS, SparkIndexEngine(), chunk_rows=chunk_rows)
    other = build_register(extract, folder / "duckdb", KEYS, DuckDbIndexEngine(), processes=2, chunk_rows=chunk_rows)
    return Built(folder, admitted_lines(folder / "requests.csv"), {"spark": one, "duckdb": other})


def agree_on_tables(built: Built) -> None:
    one, other = built.infos["spark"], built.infos["duckdb"]
    assert replace(one, snapshot_id="", built_at="") == replace(other, snapshot_id="", built_at="")
    for table in set(TABLES) - {"points"}:
        one_table, other_table = (built.table(engine, table).to_pylist() for engine in ("spark", "duckdb"))
        assert len(one_table) == len(other_table) > 0
        assert {tuple(found.values()) for found in one_table} == {tuple(found.values()) for found in other_table}
    assert built.persons("spark") == built.persons("duckdb")
    refused = [(active_snapshot(built.folder / engine)[0] / "refused.csv").read_bytes() for engine in ENGINES]
    assert refused[0] == refused[1]


def agree_on_decisions(built: Built, policy: str) -> int:
    told = {
        (builder, reader): repr(built.decisions(builder, reader, policy)).encode()
        for builder in ENGINES
        for reader in ENGINES
    }
    assert len(set(told.values())) == 1, "an engine decided otherwise"
    return told["duckdb", "duckdb"].count(b"CONFIRMED")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, spark_files: Path) -> Built:
    return both(tmp_path_factory.mktemp("both"), rows=3_000, lines=2_500, seed=5, chunk_rows=900)


def test_both_engines_build_the_same_tables(built: Built) -> None:
    agree_on_tables(built)
    assert built.infos["spark"].rows > 2_500


def test_every_decision_is_the_same_whoever_built_and_whoever_reads(built: Built) -> None:
    assert len(built.lines) > 1_800
    assert agree_on_decisions(built, "extended") > 800


def test_withheld_persons_are_withheld_alike(built: Built) -> None:
    found = built.decisions("duckdb", "duckdb", "standard")
    withheld = frozenset(one.person.reveal() for one in found if one.level)
    told = [
        answer_lines(built.lines, engine.open(built.folder / "spark"), KEYS, POLICIES["standard"], withheld)
        for engine in ENGINES.values()
    ]
    assert told[0] == told[1]
    assert not [one for one in told[0] if one.level]


@pytest.mark.parametrize(
    ("table", "damage"),
    [*((table, "a changed byte") for table in TABLES), ("near", "a lost file"), ("near", "one more")],
)
def test_a_snapshot_whose_tables_are_not_those_that_were_built_is_not_answered_from(
    built: Built, tmp_path: Path, table: str, damage: str
) -> None:
    """Whoever built it: a lost or changed row may have been a rival, a street, or another ZIP."""
    shutil.copytree(built.folder / "spark", tmp_path / "register")
    path = table_files(active_snapshot(tmp_path / "register")[0], table)[-1]
    if damage == "a changed byte":
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
    elif damage == "a lost file":
        path.unlink()
    else:
        shutil.copy(path, path.with_name(f"{table}-99999.parquet"))
    for engine in ENGINES.values():
        with pytest.raises(PrivityError) as problem:
            engine.open(tmp_path / "register")
        assert problem.value.code in {ErrorCode.STORAGE_FAILED, ErrorCode.REGISTER_MISSING}
        assert str(tmp_path) not in str(problem.value)


def test_a_table_that_no_executor_can_read_is_not_answered_from(built: Built, tmp_path: Path) -> None:
    shutil.copytree(built.folder / "spark", tmp_path / "register")
    path = table_files(active_snapshot(tmp_path / "register")[0], "near")[0]
    path.unlink()
    path.mkdir()
    with pytest.raises(PrivityError) as problem:
        SparkIndexEngine().open(tmp_path / "register")
    assert problem.value.code is ErrorCode.STORAGE_FAILED


def plan(index: SparkRegisterIndex, table: str) -> str:
    columns = {"points": "point, sealed", "near": "form, point", "streets": "street"}[table]
    with index.look(table, columns, list(range(5_000))) as look:
        look.toArrow()
        return str(look._jdf.queryExecution().executedPlan().toString())


@pytest.mark.parametrize("table", ["points", "near", "streets"])
def test_the_register_is_never_shuffled(built: Built, table: str) -> None:
    """The plan as it ran: one scan of the register; what is sent around is the broadcast of the wanted digests."""
    index = ENGINES["spark"].open(built.folder / "spark")
    assert isinstance(index, SparkRegisterIndex)
    ran = plan(index, table)
    assert "isFinalPlan=true" in ran
    final = ran.split("== Initial Plan ==")[0]
    assert "BroadcastHashJoin" in final
    assert "LeftSemi" in final
    exchanges = [text for text in final.splitlines() if "Exchange" in text]
    assert exchanges
    assert all("BroadcastExchange" in text for text in exchanges)
    before, sent = final.split("BroadcastExchange", 1)
    assert before.count("FileScan parquet") == 1, "the register is scanned in place"
    assert "FileScan" not in sent, "only the wanted digests are broadcast"


def test_an_order_would_be_seen_by_that_test(built: Built) -> None:
    """The plan of a query that does shuffle the register has an exchange that the test above refuses."""
    index = ENGINES["spark"].open(built.folder / "spark")
    assert isinstance(index, SparkRegisterIndex)
    with index.look("points", "point, sealed", [1, 2]) as look:
        shuffled = look.sort("point")
        ran = str(shuffled._jdf.queryExecution().executedPlan().toString())
    assert [text for text in ran.splitlines() if "Exchange" in text and "BroadcastExchange" not in text]


def test_a_register_in_buckets_is_the_same_register(
    tmp_path: Path, built: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Eight buckets: each file sorted, files in the order of digests, no digest in two of them; decisions equal."""
    monkeypatch.setattr("privity.adapters.spark_index_build.BUCKET_ROWS", 500)
    folder = tmp_path / "register"
    build_on_cluster(built.folder / "register.csv", folder, KEYS, SparkIndexEngine(), chunk_rows=900)
    place, info = active_snapshot(folder)
    for table in TABLES:
        files = table_files(place, table)
        assert len(files) == 8
        column = [number for path in files for number in pq.read_table(path).column(DIGESTS[table]).to_pylist()]
        assert column == sorted(column)
        assert column == built.table("duckdb", table).column(DIGESTS[table]).to_pylist()
        edges = [(rows[0], rows[-1]) for rows in (pq.read_table(path).column(0).to_pylist() for path in files)]
        assert all(one[1] < other[0] for one, other in pairwise(edges))
    assert info.points == built.infos["duckdb"].points
    told = [
        answer_lines(built.lines, engine.open(folder), KEYS, POLICIES["standard"], frozenset())
        for engine in ENGINES.values()
    ]
    assert told[0] == told[1] == built.decisions("duckdb", "duckdb", "standard")


def test_what_a_cluster_built_is_updated_on_one_machine(
    tmp_path: Path, spark_files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tables of several files take changes; both engines then read the outcome."""
    monkeypatch.setattr("privity.adapters.spark_index_build.BUCKET_ROWS", 5)
    rows = [row(person_ref=f"p{number}", address_line1=f"{number} Maple St") for number in range(1, 41)] + [row()]
    folder = tmp_path / "register"
    build_on_cluster(write_extract(tmp_path / "extract.csv", rows), folder, KEYS, SparkIndexEngine())
    assert len(table_files(active_snapshot(folder)[0], "points")) > 5
    columns = (*HEADER, "change")
    moved = row(person_ref="marker-ref-1", address_line1="7 Oak St", address_line2="", change="change")
    changes = [moved, {"person_ref": "p7", "change": "remove"}]
    file = write_extract(tmp_path / "changes.csv", changes, columns)
    now = datetime(2026, 11, 23, tzinfo=UTC)
    done = update_register(file, folder, KEYS, DuckDbUpdatingEngine(), built_at=now)
    assert (done.info.rows, done.info.points) == (40, 40)
    asked = [
        line(1, "Johannes Zwickelbauer", HOME),
        line(2, "Johannes Zwickelbauer", "7 Oak St, Dallas, TX 75201"),
        line(3, "Johannes Zwickelbauer", "7 Maple St Apt 4, Dallas, TX 75201"),
        line(4, "Johannes Zwickelbauer", "8 Maple St Apt 4, Dallas, TX 75201"),
    ]
    for engine in ENGINES.values():
        told = answer_lines(asked, engine.open(folder), KEYS, POLICIES["exact"], frozenset(), processes=1)
        assert [bool(one.level) for one in told] == [False, True, False, True]


def test_buckets_are_enough_for_the_cores_and_for_the_rows() -> None:
    assert [2 ** bucket_exponent(rows, 8) for rows in (0, 3, 100_000, 100_001, 12_000_000, 13_000_000)] == [
        1,
        1,
        1,
        8,
        8,
        16,
    ]
    assert 2 ** bucket_exponent(300_000_000, 8) == 256


def test_keys_and_values_never_lie_in_sparks_files_or_settings(built: Built, spark_files: Path, tmp_path: Path) -> None:
    """While the session is alive after a build and matches: shuffles, blocks and settings hold no key, no value."""
    extract = write_extract(tmp_path / "extract.csv", [row(), row(person_ref="marker-ref-2", given_name="Mary")])
    build_on_cluster(extract, tmp_path / "register", KEYS, SparkIndexEngine())
    files = [path for path in spark_files.rglob("*") if path.is_file()]
    content = b"".join(path.read_bytes() for path in files)
    settings = repr(spark_session(2).sparkContext.getConf().getAll()).encode()
    assert files, "Spark keeps its shuffles here"
    markers = [value.encode() for value in JOHN.values() if len(value) > 6] + [b"ZWICKELBAUER", b"QUETZALCOATL"]
    for hidden in (*SECRETS, *(key.hex().encode() for key in SECRETS), *markers):
        assert hidden not in content
        assert hidden not in settings
        assert hidden not in repr(built.infos).encode()


def test_a_failure_on_an_executor_says_nothing_of_the_extract(
    tmp_path: Path, spark_files: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    extract = write_extract(tmp_path / "extract.csv", [row()])
    engine = SparkIndexEngine()
    job = service.build_job(extract, KEYS, 10)
    engine.start(tmp_path / "register", job)

    def breaks(stretch: object) -> Iterator[tuple[int, IndexChunk]]:
        raise ValueError("Zwickelbauer lives here")

    with pytest.raises(PrivityError) as problem:
        engine.make_chunks(tmp_path / "register", [1], breaks, lambda done: None)
    assert problem.value.code is ErrorCode.INTERNAL
    assert "Zwickelbauer" not in str(problem.value)

    def refuses(stretch: object) -> Iterator[tuple[int, IndexChunk]]:
        raise PrivityError(ErrorCode.REGISTER_INVALID, "changed", "again")

    with pytest.raises(PrivityError) as problem:
        engine.make_chunks(tmp_path / "register", [1], refuses, lambda done: None)
    assert (problem.value.code, problem.value.mend) == (ErrorCode.REGISTER_INVALID, "again")
    told = capfd.readouterr()
    assert "Zwickelbauer" not in told.out + told.err


def test_an_executor_of_another_version_makes_nothing(
    tmp_path: Path, spark_files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The driver's rules travel with the work; executors compare them with their own."""
    extract = write_extract(tmp_path / "extract.csv", [row()])
    work = partial(service._Work, rules=("another", "version"))
    monkeypatch.setattr(service, "_Work", work)
    with pytest.raises(PrivityError) as problem:
        build_on_cluster(extract, tmp_path / "register", KEYS, SparkIndexEngine())
    assert problem.value.code is ErrorCode.RULE_SET_CHANGED
    assert not list((tmp_path / "register").glob("building/chunks/*"))


def test_a_killed_build_resumes_and_keeps_whole_chunks(tmp_path: Path, spark_files: Path) -> None:
    """Stopped after the first wave; the second run makes only what is missing."""
    rows = [row(person_ref=f"p{number}", address_line1=f"{number} Maple St") for number in range(1, 401)] + [row()]
    extract = write_extract(tmp_path / "extract.csv", rows)
    folder = tmp_path / "register"
    chunks = folder / "building" / "chunks"

    class Stopping(SparkIndexEngine):
        def finish(self, *given: Any) -> SnapshotInfo:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_on_cluster(extract, folder, KEYS, Stopping(), chunk_rows=100)
    made = {path.name: path.stat().st_mtime_ns for path in chunks.iterdir()}
    assert len([name for name in made if name.endswith(".json")]) == 5
    (chunks / "000002.json").unlink()
    told: list[tuple[str, int, int]] = []

    class Looking(SparkIndexEngine):
        def finish(self, *given: Any) -> SnapshotInfo:
            now = {path.name: path.stat().st_mtime_ns for path in chunks.iterdir()}
            assert {name for name in now if now[name] != made[name]} == {
                name for name in made if name.startswith("000002.")
            }
            return super().finish(*given)

    info = build_on_cluster(extract, folder, KEYS, Looking(), lambda *one: told.append(one), chunk_rows=100)
    assert (info.rows, info.points, info.refused_rows) == (401, 401, 0)
    assert told == [("rows", 401, 401), ("merge", 0, 1), ("merge", 1, 1)]
    assert not (folder / "building").exists()
    found = answer_lines(
        [line(1, "Johannes Zwickelbauer", HOME)],
        DuckDbIndexEngine().open(folder),
        KEYS,
        POLICIES["exact"],
        frozenset(),
        processes=1,
    )
    assert found[0].level == "exact"


def test_without_encryption_no_key_is_sent(tmp_path: Path) -> None:
    """A cluster whose configuration leaves its disks in the clear is refused before the extract is read."""
    extract = write_extract(tmp_path / "extract.csv", [row()])
    settings = {**ENCRYPTED, "spark.io.encryption.enabled": "false", "spark.master": "local[1]"}
    settings |= {"spark.ui.enabled": "false", "spark.driver.bindAddress": "127.0.0.1"}
    (tmp_path / "spark-defaults.conf").write_text("\n".join(f"{name} {value}" for name, value in settings.items()))
    ran = subprocess.run(
        [sys.executable, "-c", _BUILD, str(extract), str(tmp_path / "register")],
        cwd=ROOT,
        env={**os.environ, **java_environment(tmp_path), "SPARK_CONF_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "USAGE" in ran.stdout
    assert "spark.io.encryption.enabled must be true" in ran.stdout
    assert not (tmp_path / "register").exists()


_BUILD = """
import sys
from pathlib import Path
from privity.adapters.spark_index import SparkIndexEngine
from privity.domain.errors import PrivityError
from privity.services.register.build_on_cluster import build_on_cluster
from tests.builders.index_keys import throwaway_keys
try:
    build_on_cluster(Path(sys.argv[1]), Path(sys.argv[2]), throwaway_keys(), SparkIndexEngine(), chunk_rows=20)
except PrivityError as problem:
    print(problem, problem.mend)
"""


@pytest.mark.slow
def test_a_build_killed_at_any_point_resumes_and_ends_the_same(tmp_path: Path) -> None:
    """Driver and Java killed by SIGKILL twice, while executors store chunks."""
    rows = [row(person_ref=f"p{number}", address_line1=f"{number} Maple St") for number in range(1, 6_001)]
    extract = write_extract(tmp_path / "extract.csv", rows)
    folder = tmp_path / "register"
    command = [sys.executable, "-c", _BUILD, str(extract), str(folder)]
    given = {**os.environ, **java_environment(tmp_path), "PYTHONPATH": str(ROOT)}
    for enough in (3, 60):
        process = subprocess.Popen(command, cwd=ROOT, env=given, start_new_session=True)
        deadline = time.monotonic() + 240
        while len(list(folder.glob("building/chunks/*.json"))) < enough and time.monotonic() < deadline:
            assert process.poll() is None
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        assert not (folder / POINTER).exists()
    assert len(list(folder.glob("building/chunks/*.json"))) >= 60
    subprocess.run(command, cwd=ROOT, env=given, check=True)
    info = DuckDbIndexEngine().open(folder).info
    assert (info.rows, info.points, info.refused_rows) == (6_000, 6_000, 0)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [7, 8])
def test_both_engines_agree_on_many_lines(tmp_path: Path, spark_files: Path, seed: int) -> None:
    made = both(tmp_path, rows=150_000, lines=60_000, seed=seed, chunk_rows=20_000)
    agree_on_tables(made)
    assert len(made.files("spark", "points")) >= 2
    for policy in sorted(POLICIES):
        assert agree_on_decisions(made, policy) > 20_000


def test_the_engine_is_the_port(spark_files: Path) -> None:
    assert isinstance(ENGINES["spark"], ClusterEngine)
    assert not isinstance(ENGINES["duckdb"], ClusterEngine)
