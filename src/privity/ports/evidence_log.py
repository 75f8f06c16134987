"""The published evidence log: static tiles and a checkpoint, kept by one sequencer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class PublishedCheckpoint:
    """A durable, signed checkpoint."""

    size: int
    root: bytes
    note: bytes  # the whole signed note


class EvidenceLog(Protocol):
    """Deterministic and re-runnable: the same rows give the same tiles; never two roots for one size."""

    def published_size(self) -> int:
        """Entries covered by the current checkpoint (0: none yet)."""
        ...

    def publish(self, first: int, entries: Sequence[bytes]) -> PublishedCheckpoint:
        """Write tiles for `entries`, which start at index `first`; fsync them; then rename the checkpoint.

        Entries already published are accepted again when identical. Raises PrivityError LOG_UNAVAILABLE.
        """
        ...

    def checkpoint(self) -> PublishedCheckpoint:
        """The current checkpoint. Raises PrivityError LOG_UNAVAILABLE where there is none."""
        ...

    def inclusion_proof(self, index: int) -> bytes:
        """A tlog-proof (C2SP) for the entry, under the current checkpoint."""
        ...
