"""Worker processes that die with their parent: for work that is spread over the cores.

Workers are forked where this process has one thread only (then a fork is safe, quick, and inherits what is in memory),
and spawned otherwise. They end when the parent ends, also by kill -9, so that no inherited lock outlives it.
"""

from __future__ import annotations

import atexit
import gc
import os
import sys
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait as wait_for
from threading import Thread
from typing import Generic, TypeVar

Job = TypeVar("Job")
Result = TypeVar("Result")
Setting = TypeVar("Setting")

_setting: object = None


def fork_is_safe() -> bool:
    """Whether this process has exactly one thread, as the system counts them."""
    try:
        return len(os.listdir("/proc/self/task")) == 1
    except OSError:
        return False


def _set_up(setting: object) -> None:
    """In a new worker: keep the setting, and end when the parent ends (also by kill -9).

    Nothing that workers make is cyclic: without the collector, what was inherited stays shared between the processes.
    """
    gc.disable()
    global _setting  # noqa: PLW0603  # one per worker process, set once
    _setting = setting
    Thread(target=_end_with_parent, daemon=True).start()
    atexit.register(_leave)


def _leave() -> None:
    """End a spawned worker without taking the interpreter apart: results are sent, and native libraries would complain.

    A forked worker always ends so.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        wait_for([parent.sentinel])
        os._exit(1)


def _run(work: Callable[[Setting, Job], Result], job: Job) -> Result:
    return work(_setting, job)  # type: ignore[arg-type]  # the pool's own setting


def _nothing() -> None:
    """A job that only starts the workers."""


class WorkerPool(Generic[Setting, Job, Result]):
    """Runs `work(setting, job)` on `processes` workers; at most `in_flight` jobs are held at once.

    `work` is a module-level function; jobs are picklable, and so is the setting unless `fork` (only where
    `fork_is_safe`). Results are handed to `take` as they come.
    """

    def __init__(
        self,
        work: Callable[[Setting, Job], Result],
        setting: Setting,
        take: Callable[[Result], None],
        *,
        processes: int = 2,
        in_flight: int = 4,
        fork: bool = False,
    ) -> None:
        self._work, self._take, self._in_flight = work, take, in_flight
        self._running: set[Future[Result]] = set()
        context = get_context("fork" if fork else "spawn")
        self._pool = ProcessPoolExecutor(processes, context, _set_up, (setting,))

    def __enter__(self) -> WorkerPool[Setting, Job, Result]:
        return self

    def start(self) -> None:
        """Start the workers now, not with the first job: a forked worker keeps what is in memory at its start."""
        self._pool.submit(_nothing)

    def submit(self, job: Job) -> None:
        """Give one job out; waits while `in_flight` jobs run. Raises what a finished job raised."""
        while len(self._running) >= self._in_flight:
            self._collect()
        self._running.add(self._pool.submit(_run, self._work, job))

    def finish(self) -> None:
        """Wait for all jobs given out so far. Raises what one of them raised."""
        while self._running:
            self._collect()

    def _collect(self) -> None:
        done, self._running = wait(self._running, return_when=FIRST_COMPLETED)
        for future in done:
            self._take(future.result())

    def __exit__(self, kind: object, problem: BaseException | None, trace: object) -> None:
        try:
            if problem is None:
                self.finish()
        finally:
            self.close()

    def close(self) -> None:
        """End the workers; jobs not yet begun are dropped."""
        self._pool.shutdown(cancel_futures=True)
