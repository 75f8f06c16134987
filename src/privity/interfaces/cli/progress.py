"""Progress on standard error: a bar with counts and rates on a terminal, plain lines everywhere else.

Knows nothing of the work. A service calls `Meter.to(done)` or `Meter.add(step)`; the meter throttles itself.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

SECONDS_BETWEEN_LINES = 2.0


class Meter:
    """Counts work done. Shows nothing by itself; the two kinds below do."""

    def __init__(self, label: str, total: int | None, unit: str) -> None:
        self.label = label
        self.total = total
        self.unit = unit
        self.done = 0
        self.started = time.monotonic()

    def to(self, done: int, total: int | None = None) -> None:
        """`done` units are finished in all (of `total`, where it became known only now)."""
        self.done = done
        self.total = total or self.total
        self.show()

    def add(self, step: int) -> None:
        """`step` more units are finished."""
        self.to(self.done + step)

    def show(self) -> None:
        """Bring what the reader sees up to date."""

    def finish(self) -> None:
        """The last word."""

    def rate(self) -> float:
        """Units a second so far."""
        return self.done / max(time.monotonic() - self.started, 1e-6)


class LineMeter(Meter):
    """One plain line every two seconds at most, and one at the end of any work that took longer."""

    def __init__(self, label: str, total: int | None, unit: str) -> None:
        super().__init__(label, total, unit)
        self._last = self.started
        self._shown = -1  # how much was done when the last line was written; -1: none was

    def show(self) -> None:
        """Write a line where two seconds have passed."""
        if time.monotonic() - self._last >= SECONDS_BETWEEN_LINES:
            self._write()

    def finish(self) -> None:
        """Write the final line where any was written before."""
        if self._shown not in {-1, self.done}:
            self._write()

    def _write(self) -> None:
        self._last = time.monotonic()
        self._shown = self.done
        whole = f" of {self.total:,}" if self.total else ""
        sys.stderr.write(f"{self.label}: {self.done:,}{whole} {self.unit} ({self.rate():,.0f}/s)\n")
        sys.stderr.flush()


class BarMeter(Meter):
    """A rich progress bar."""

    def __init__(self, label: str, total: int | None, unit: str, progress: Progress, task: TaskID) -> None:
        super().__init__(label, total, unit)
        self._progress = progress
        self._task = task

    def show(self) -> None:
        """Move the bar."""
        self._progress.update(self._task, completed=self.done, total=self.total, speed=f"{self.rate():,.0f}/s")

    def finish(self) -> None:
        """Fill the bar."""
        if self.done:
            self._progress.update(self._task, completed=self.done, total=self.done, speed=f"{self.rate():,.0f}/s")


@contextmanager
def meter(label: str, *, total: int | None = None, unit: str = "lines") -> Iterator[Meter]:
    """A meter for one piece of work, fitted to where standard error leads."""
    if not sys.stderr.isatty():
        plain = LineMeter(label, total, unit)
        yield plain
        plain.finish()
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    from privity.interfaces.cli.presentation import console

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(unit),
        TextColumn("{task.fields[speed]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console(to_errors=True), transient=False) as progress:
        task = progress.add_task(label, total=total, speed="")
        bar = BarMeter(label, total, unit, progress, task)
        yield bar
        bar.finish()


STEPS = {
    "open": ("Open and verify the package", "packages"),
    "admit": ("Admit lines", "lines"),
    "store": ("Store, sealed", "chunks"),
    "rows": ("Read, normalise and seal", "bytes of the extract"),
    "merge": ("Sort and merge the index", "indexes"),
    "match": ("Answer lines", "chunks"),
    "check": ("Check what two officers signed", "parts"),
    "seal": ("Encrypt to the recipients", "parts"),
    "release": ("Release: accounting, log", "transactions"),
    "deliver": ("Deliver", "packages"),
}


@contextmanager
def service_progress(**units: str) -> Iterator[Callable[[str, int, int], None]]:
    """What services call as `progress(step, done, total)`: one meter for each step, in the order they come.

    `units`: step names whose unit differs from the usual one.
    """
    with ExitStack() as meters:
        current: dict[str, Meter] = {}

        def progress(step: str, done: int, total: int) -> None:
            if step not in current:
                meters.close()
                current.clear()
                label, unit = STEPS.get(step, (step[:1].upper() + step[1:], "steps"))
                current[step] = meters.enter_context(meter(label, total=total, unit=units.get(step, unit)))
            current[step].to(done, total)

        yield progress
