"""The blind index in memory: a small, real implementation of `ports.register_index`, to hold the others against."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from privity.ports.register_index import BuildJob, IndexChunk, SnapshotInfo


class MemoryRegisterIndex:
    """One snapshot held in three dictionaries."""

    def __init__(self, info: SnapshotInfo, chunks: Sequence[IndexChunk]) -> None:
        self._info = info
        self._points: dict[int, list[bytes]] = {}
        self._near: dict[int, set[int]] = {}
        self._streets: set[int] = set()
        for chunk in chunks:
            for point, sealed in chunk.points:
                self._points.setdefault(point, []).append(sealed)
            for form, point in chunk.near:
                self._near.setdefault(form, set()).add(point)
            self._streets.update(chunk.streets)

    @property
    def info(self) -> SnapshotInfo:
        return self._info

    @property
    def lines_at_once(self) -> int:
        return 0

    def persons_at(self, points: Iterable[int]) -> Iterator[tuple[int, Sequence[bytes]]]:
        for point in set(points):
            if point in self._points:
                yield point, self._points[point]

    def near_points(self, forms: Iterable[int]) -> Mapping[int, Sequence[int]]:
        return {form: sorted(self._near[form]) for form in set(forms) if form in self._near}

    def known_streets(self, streets: Iterable[int]) -> frozenset[int]:
        return frozenset(self._streets & set(streets))

    def close(self) -> None:
        """Nothing to release."""


class MemoryIndexEngine:
    """Keeps snapshots by folder. For one process."""

    def __init__(self) -> None:
        self._chunks: dict[Path, dict[int, IndexChunk]] = {}
        self._active: dict[Path, MemoryRegisterIndex] = {}

    def start(self, folder: Path, job: BuildJob) -> frozenset[int]:
        self._chunks[folder] = {}
        return frozenset()

    def write_chunk(self, folder: Path, number: int, chunk: IndexChunk) -> None:
        self._chunks[folder][number] = chunk

    def finish(self, folder: Path, job: BuildJob, chunks: int, built_at: str) -> SnapshotInfo:
        made = [self._chunks[folder][number] for number in range(chunks)]
        points = {point for chunk in made for point, _ in chunk.points}
        rows = sum(len(chunk.points) for chunk in made)
        refused = sum(len(chunk.refused) for chunk in made)
        info = SnapshotInfo("memory", job.rule_set, rows, len(points), refused, built_at)
        self._active[folder] = MemoryRegisterIndex(info, made)
        return info

    def open(self, folder: Path) -> MemoryRegisterIndex:
        return self._active[folder]
