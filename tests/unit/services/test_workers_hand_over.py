"""What worker processes hand back to the process that waits for them: results, whole failures, and nothing printed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from privity.domain.errors import ErrorCode, PrivityError
from privity.services.worker_pool import WorkerPool


def _fail(code: str, job: int) -> int:
    raise PrivityError(ErrorCode(code), "job failed", "mend it", {"job": job})


def _double(_setting: None, job: int) -> int:
    return 2 * job


@pytest.mark.parametrize("fork", [False, True])
def test_a_failure_in_a_worker_arrives_whole(fork: bool) -> None:
    with (
        pytest.raises(PrivityError) as failure,
        WorkerPool(_fail, "DECRYPTION_FAILED", lambda _: None, processes=1, fork=fork) as pool,
    ):
        pool.submit(7)
    assert failure.value.code is ErrorCode.DECRYPTION_FAILED
    assert (failure.value.mend, failure.value.details) == ("mend it", {"job": 7})


def test_one_pool_serves_several_rounds() -> None:
    taken: list[int] = []
    with WorkerPool(_double, None, taken.append, processes=2, fork=True) as pool:
        pool.start()
        for first in (0, 10):
            for job in range(first, first + 5):
                pool.submit(job)
            pool.finish()
            assert {2 * job for job in range(first, first + 5)} <= set(taken), "a round ends with all its results"
    assert len(taken) == 10


SCRIPT = """
import duckdb
from privity.services.worker_pool import WorkerPool

def query(_setting, job):
    global kept
    kept = duckdb.connect()
    return kept.execute("SELECT 42").fetchall()[0][0]

if __name__ == "__main__":
    with WorkerPool(query, None, print, processes=1) as pool:
        pool.submit(1)
"""


def test_a_spawned_worker_ends_without_a_word(tmp_path: Path) -> None:
    """Native libraries complain of what is still referenced where an interpreter is taken apart."""
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=True, timeout=60)
    assert (done.stdout, done.stderr) == ("42\n", "")
