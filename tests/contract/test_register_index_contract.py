"""One suite for every engine of the blind index: the same extract, the same lines, every decision equal (C6)."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.adversarial import build_files
from privity.adapters.duckdb_index import DuckDbIndexEngine
from privity.adapters.spark_index import SparkIndexEngine
from privity.domain.answer import Decision
from privity.domain.request import AdmittedLine
from privity.matching.levels import POLICIES
from privity.ports.register_index import IndexEngine, RegisterIndex
from privity.services.answering.answer_lines import answer_lines
from privity.services.register.build_register import build_register
from tests.builders.index_keys import throwaway_keys
from tests.builders.memory_index import MemoryIndexEngine
from tests.builders.register_files import line, row, write_extract
from tests.builders.spark import why_no_spark

KEYS = throwaway_keys()
ENGINES: dict[str, Callable[[], IndexEngine]] = {
    "memory": MemoryIndexEngine,
    "duckdb": DuckDbIndexEngine,
    "spark": SparkIndexEngine,
}
_SPARK = pytest.mark.skipif(bool(why_no_spark()), reason=why_no_spark() or "-")
HOME = "4711 N Quetzalcoatl St Apt 4, Dallas, TX 75201"


def built(engine: IndexEngine, folder: Path, extract: Path) -> RegisterIndex:
    build_register(extract, folder / "register", KEYS, engine, processes=1)
    return engine.open(folder / "register")


@pytest.fixture(params=["duckdb", "memory", pytest.param("spark", marks=_SPARK)])
def index(request: pytest.FixtureRequest, tmp_path: Path, spark_files: Path) -> RegisterIndex:
    rows = [
        row(),
        row(person_ref="wife", given_name="Mary", identifier=""),
        row(person_ref="else", given_name="Ann", family_name="Baker", address_line1="9 Oak Ave", address_line2=""),
    ]
    return built(ENGINES[request.param](), tmp_path, write_extract(tmp_path / "extract.csv", rows))


def answer(index: RegisterIndex, *lines: AdmittedLine, policy: str = "standard") -> list[Decision]:
    return answer_lines(lines, index, KEYS, POLICIES[policy], frozenset(), processes=1)


def test_facts_of_a_snapshot(index: RegisterIndex) -> None:
    assert (index.info.rows, index.info.points, index.info.refused_rows) == (3, 2, 0)


def test_looks(index: RegisterIndex) -> None:
    found = answer(
        index,
        line(1, "Johannes Zwickelbauer", HOME),
        line(2, "Johannes Zwickelbauer", HOME.replace("Quetzalcoatl", "Quetzalcoatle")),
        line(3, "Johannes Zwickelbauer", HOME.replace("Apt 4", "Apt 5")),
        line(4, "Johannes Zwickelbauer", HOME, 2022),
        line(5, "Johannes Zwickelbauer", HOME, identifier="987654321"),
        line(6, "Johannes Zwickelbauer", HOME, identifier="987-65-4322"),
    )
    assert [(one.answer.value, one.level or one.failed_gate) for one in found] == [
        ("CONFIRMED", "exact"),
        ("CONFIRMED", "street_typo"),
        ("NO_CONFIRMATION", "point"),
        ("NO_CONFIRMATION", "period"),
        ("CONFIRMED", "exact"),
        ("NO_CONFIRMATION", "veto"),
    ]
    assert [one.ordinal for one in found] == [1, 2, 3, 4, 5, 6]
    assert found[0].person.reveal() == KEYS.person_reference("marker-ref-1")


def test_only_what_exists_is_returned(index: RegisterIndex) -> None:
    assert list(index.persons_at([12345])) == list(index.persons_at([])) == []
    assert dict(index.near_points([12345])) == {}
    assert index.known_streets([12345]) == frozenset()


def test_an_index_travels_to_a_worker(index: RegisterIndex) -> None:
    again: RegisterIndex = pickle.loads(pickle.dumps(index))
    assert answer(again, line(1, "Mary Zwickelbauer", HOME)) == answer(index, line(1, "Mary Zwickelbauer", HOME))


def test_every_engine_decides_every_line_alike(tmp_path: Path, spark_files: Path) -> None:
    """Adversarial lines: all fields of all decisions equal, whatever the engine and however many processes."""
    from tests.builders.plain_admission import admitted_lines

    build_files(tmp_path, register_rows=6_000, lines=5_000, seed=5)
    lines = admitted_lines(tmp_path / "requests.csv")
    assert len(lines) > 4_000
    decided = {}
    for name, engine in ENGINES.items():
        if name == "spark" and why_no_spark():
            continue  # said aloud by the tests above
        (tmp_path / name).mkdir()
        index = built(engine(), tmp_path / name, tmp_path / "register.csv")
        for processes in (1, 2):
            decided[name, processes] = answer_lines(
                lines, index, KEYS, POLICIES["standard"], frozenset(), processes=processes
            )
    first = decided["memory", 1]
    assert all(other == first for other in decided.values())
    assert {one.level for one in first} >= {"exact", "surname_typo", "given_typo", "street_typo", "double_surname"}
