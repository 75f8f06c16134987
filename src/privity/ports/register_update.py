"""One update of a blind index without a rebuild: what it asks of the active snapshot, and how it makes the next one.

Rows that the update does not touch are copied as they lie: nothing of them is opened or read anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from privity.ports.register_index import IndexChunk, Links, SnapshotInfo


@dataclass(frozen=True, slots=True)
class UpdateJob:
    """What an update is of, and under which rules and key it is made."""

    changes: int  # keyed digest of the file's SHA-256: the file of a few rows could be guessed from that alone
    rule_set: str
    key_check: int  # as in `BuildJob`


@dataclass(frozen=True, slots=True)
class Dropped:
    """Rows of the active snapshot that the next one does not have."""

    points: Sequence[tuple[int, bytes]]  # point digest, sealed person: exactly these rows
    records: Links
    places: Sequence[int]  # points that nobody is at any more: their near forms and links go
    streets: Sequence[int]


class RegisterUpdate(Protocol):
    """One update under way. Changes nothing before `finish`."""

    @property
    def base(self) -> SnapshotInfo:
        """The active snapshot's facts."""
        ...

    @property
    def is_made(self) -> bool:
        """Whether the active snapshot is the outcome of this very update."""
        ...

    def records_of(self, handles: Iterable[int]) -> Links:
        """The links of those persons' handles that exist."""
        ...

    def persons_at(self, points: Iterable[int]) -> Iterator[tuple[int, Sequence[bytes]]]:
        """Each point that exists, once, and all its sealed persons."""
        ...

    def places_of(self, points: Iterable[int]) -> Links:
        """The links of those points that exist."""
        ...

    def all_places(self) -> Iterator[Links]:
        """The links of all points, in bounded batches."""
        ...

    def known_streets(self, streets: Iterable[int]) -> frozenset[int]:
        """Those street digests that exist in the register."""
        ...

    def finish(self, dropped: Dropped, added: IndexChunk, built_at: str) -> SnapshotInfo:
        """Write the next snapshot, make it durable, then make it the active one by one rename.

        `added.refused` is kept beside it. Raises PrivityError STORAGE_FAILED; REGISTER_INVALID where no row is left.
        """
        ...

    def close(self) -> None:
        """Release files; what is unfinished is removed."""
        ...


class UpdatingEngine(Protocol):
    """Opens updates below one folder."""

    def update(self, folder: Path, job: UpdateJob) -> RegisterUpdate:
        """Begin an update of the active snapshot; what a killed one left behind is removed.

        Raises PrivityError REGISTER_MISSING, RULE_SET_CHANGED, KEY_INVALID (built under another key), STORAGE_FAILED.
        """
        ...
