"""The blind register index: an engine that joins digests with sealed persons. It fetches; it never decides.

Two sides: `RegisterIndex` reads one snapshot; `IndexEngine` builds snapshots and opens them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol


@dataclass(frozen=True, slots=True)
class SnapshotInfo:
    """What may be known of an index without keys."""

    snapshot_id: str
    rule_set: str  # normalisation rule-set version the digests were made under
    rows: int  # person-at-point rows
    points: int  # distinct points
    refused_rows: int
    built_at: str  # ISO 8601 UTC


class RegisterIndex(Protocol):
    """One opened snapshot. Picklable: a worker process opens the same snapshot for itself."""

    @property
    def info(self) -> SnapshotInfo:
        """The snapshot's public facts."""
        ...

    @property
    def lines_at_once(self) -> int:
        """How many lines one process should answer between its looks, where every look passes over the whole register.

        0: looks are cheap; any number of lines, by any number of processes.
        """
        ...

    def persons_at(self, points: Iterable[int]) -> Iterator[tuple[int, Sequence[bytes]]]:
        """For each distinct point digest that exists: (point, sealed persons), in bounded chunks, any order."""
        ...

    def near_points(self, forms: Iterable[int]) -> Mapping[int, Sequence[int]]:
        """Near-form digest -> points it leads to (only forms that exist)."""
        ...

    def known_streets(self, streets: Iterable[int]) -> frozenset[int]:
        """Those street digests that exist in the register."""
        ...

    def close(self) -> None:
        """Release files and memory."""
        ...


@dataclass(frozen=True, slots=True)
class BuildJob:
    """What a build is of. A killed build resumes only under an equal job."""

    extract: int  # keyed digest of the file's SHA-256, from which a small file could be guessed
    rule_set: str
    key_check: int  # keyed digest of a constant: tells another index key without telling the key
    chunk_rows: int


class Links(NamedTuple):
    """Distinct sealed links: the owner that each is found by, and the block of 16 bytes of each, in the same order."""

    owners: Sequence[int]
    blocks: bytes


NO_LINKS = Links((), b"")


@dataclass(frozen=True, slots=True)
class IndexChunk:
    """The blind rows of one chunk of the extract. No readable value."""

    points: Sequence[tuple[int, bytes]]  # point digest, sealed person
    near: Sequence[tuple[int, int]]  # near-form digest, point digest
    streets: Sequence[int]
    refused: Sequence[tuple[int, str]]  # 1-based row number, code
    records: Links = NO_LINKS  # from persons' handles to the points of their records
    places: Links = NO_LINKS  # from points to their streets (0: none)


class IndexEngine(Protocol):
    """Builds snapshots below one folder, chunk by chunk, and opens the active one. Picklable, without state."""

    def start(self, folder: Path, job: BuildJob) -> frozenset[int]:
        """Prepare the build area; the numbers of chunks a killed build of the same job has finished.

        What another job left behind is removed. Raises PrivityError STORAGE_FAILED.
        """
        ...

    def write_chunk(self, folder: Path, number: int, chunk: IndexChunk) -> None:
        """Store one chunk durably; it counts as finished only once it is whole."""
        ...

    def finish(self, folder: Path, job: BuildJob, chunks: int, built_at: str) -> SnapshotInfo:
        """Sort and merge all chunks, make the snapshot durable, then make it the active one by one rename."""
        ...

    def open(self, folder: Path) -> RegisterIndex:
        """The active snapshot. Raises PrivityError REGISTER_MISSING or RULE_SET_CHANGED."""
        ...
