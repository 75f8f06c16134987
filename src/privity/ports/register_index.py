"""The blind register index: an engine that joins digests with sealed persons. It fetches; it never decides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


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
    """One opened snapshot."""

    @property
    def info(self) -> SnapshotInfo:
        """The snapshot's public facts."""
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
