"""Work spread over processes gives what one process gives: in order, with the same errors, forked or spawned."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from privity.domain.errors import ErrorCode, PrivityError
from privity.policy.admission import line_terms
from privity.policy.admission.sound_values import SoundValues
from privity.services import spread_work
from privity.services.admission.judge_chunks import ChunkDesk, JudgedChunk, judge_chunk
from privity.services.spread_work import in_order
from privity.wire.request_format import Rows, read_rows
from tests.builders.admission import content, context, csv_of, digest, header

LINES = 90
ROOT = Path(__file__).parents[3]


@pytest.fixture
def workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small work goes to workers too: spawned ones, because this process has threads."""
    monkeypatch.setattr(spread_work, "SMALL_FORK", 0)
    monkeypatch.setattr(spread_work, "SMALL_SPAWN", 0)
    monkeypatch.setattr(spread_work, "fork_is_safe", lambda: False)


def times(setting: int, job: int) -> int:
    if job < 0:
        raise PrivityError(ErrorCode.FORMAT_INVALID, "below nothing")
    return setting * job


def desk() -> ChunkDesk:
    facts = context()
    return ChunkDesk(
        line_terms(header(), facts, frozenset(f"officer-{n}" for n in range(1, 60))), digest, b"k" * 16, SoundValues()
    )


def batches() -> list[Rows]:
    """The lines as several batches: some sound, some with an officer who is not on the roster."""
    (whole,) = read_rows(csv_of([content(number) for number in range(1, LINES + 1)]), "csv")
    return [Rows(whole.first + at, whole.columns, whole.rows[at : at + 20]) for at in range(0, LINES, 20)]


def plain(chunk: JudgedChunk) -> tuple[object, ...]:
    columns = [getattr(chunk.traces, name) for name in chunk.traces.__dataclass_fields__]
    return (chunk.first, chunk.encoded, dict(chunk.kinds), dict(chunk.codes), columns, chunk.digests)


@pytest.mark.usefixtures("workers")
def test_results_come_in_the_order_of_the_jobs() -> None:
    assert list(in_order(times, 3, range(50), lines=50, processes=2)) == [3 * job for job in range(50)]


@pytest.mark.usefixtures("workers")
def test_an_error_in_a_worker_arrives_whole() -> None:
    with pytest.raises(PrivityError) as refused:
        list(in_order(times, 3, [1, 2, -1, 4], lines=4, processes=2))
    assert refused.value.code is ErrorCode.FORMAT_INVALID


@pytest.mark.usefixtures("workers")
def test_chunks_judged_elsewhere_are_the_chunks_judged_here() -> None:
    here = [plain(judge_chunk(desk(), rows)) for rows in batches()]
    there = [plain(chunk) for chunk in in_order(judge_chunk, desk(), batches(), lines=LINES, processes=2)]
    assert there == here
    assert sum(len(chunk[4][3]) for chunk in here) not in (0, LINES)  # some passed, some did not


def test_forked_workers_judge_alike() -> None:
    """In a process of one thread, where forking is safe; the lines are judged there only after the workers ended."""
    program = """
from privity.services import spread_work
from tests.unit.services.test_spread_work import LINES, batches, desk, plain
from privity.services.admission.judge_chunks import judge_chunk
assert spread_work.fork_is_safe()
spread_work.SMALL_FORK = 0
there = [plain(c) for c in spread_work.in_order(judge_chunk, desk(), batches(), lines=LINES, processes=2)]
assert there == [plain(judge_chunk(desk(), rows)) for rows in batches()]
print("alike", len(there))
"""
    said = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=False, cwd=ROOT
    )
    assert said.stdout.split() == ["alike", "5"], said.stderr
