"""What a cluster adds to the engine of the blind index: chunks are made where the executors are, not here.

The work itself is handed over as a function, the same pure Python that one machine runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Protocol, TypeVar, runtime_checkable

from privity.ports.register_index import IndexChunk, IndexEngine

Stretch = TypeVar("Stretch")

MakeChunks = Callable[[Stretch], Iterable[tuple[int, IndexChunk]]]
"""Stretch of an extract -> (chunk number, blind rows) of each of its chunks. Picklable, keys included."""


@runtime_checkable
class ClusterEngine(IndexEngine, Protocol):
    """An index engine whose executors share a file system, mounted alike, with this process."""

    def make_chunks(
        self, folder: Path, stretches: Sequence[Stretch], make: MakeChunks[Stretch], done: Callable[[int], None]
    ) -> None:
        """Let the executors run `make` on every stretch and store each chunk durably; `done` hears how many are over.

        `make` travels over encrypted channels only. Raises PrivityError: what `make` raised; USAGE where the channels
        are not encrypted; STORAGE_FAILED where the cluster or its storage failed: run again, whole chunks are kept.
        """
        ...
