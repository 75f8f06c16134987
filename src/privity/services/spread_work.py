"""Spreads jobs over worker processes and hands their results back in the jobs' order, few at a time.

Small work stays in this process: starting workers would take longer. Knows nothing of the work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, NamedTuple, TypeVar

from privity.domain.personal import MASK
from privity.services.worker_pool import WorkerPool, fork_is_safe

SMALL_FORK: Final = 4_000  # lines
SMALL_SPAWN: Final = 20_000
Setting = TypeVar("Setting")
Job = TypeVar("Job")
Result = TypeVar("Result")


class _Work(NamedTuple):
    """What to do with each job."""

    do: Callable[[Any, Any], Any]
    setting: Any

    def __repr__(self) -> str:
        return f"_Work({MASK})"


def in_order(
    work: Callable[[Setting, Job], Result],
    setting: Setting,
    jobs: Iterable[Job],
    *,
    lines: int,
    processes: int,
) -> Iterator[Result]:
    """`work(setting, job)` for each job, results in the jobs' order. Raises what a job raised.

    `work` is a module-level function; setting, jobs and results can be pickled. `lines` is the size of all jobs: small
    work is done here. Jobs are drawn in this process, at most two for each worker ahead of the results.
    """
    if processes < 2 or lines < (SMALL_FORK if fork_is_safe() else SMALL_SPAWN):
        for job in jobs:
            yield work(setting, job)
        return
    done: dict[int, Result] = {}
    following = 0
    pool: WorkerPool[_Work, tuple[int, Job], tuple[int, Result]] = WorkerPool(
        _numbered,
        _Work(work, setting),
        lambda numbered: done.update((numbered,)),
        processes=processes,
        in_flight=2 * processes,
        fork=fork_is_safe(),
    )
    with pool:
        for number, job in enumerate(jobs):
            pool.submit((number, job))
            while following in done:
                yield done.pop(following)
                following += 1
        pool.finish()
        while following in done:
            yield done.pop(following)
            following += 1


def _numbered(work: _Work, job: tuple[int, Any]) -> tuple[int, Any]:
    return job[0], work.do(work.setting, job[1])
