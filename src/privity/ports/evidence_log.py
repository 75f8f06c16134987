"""The published evidence log: static tiles and a checkpoint, kept by one sequencer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class PublishedCheckpoint:
    """A durable, signed checkpoint."""

    size: int
    root: bytes
    note: bytes  # the whole signed note


class CheckpointVerifier(Protocol):
    """What a reader trusts of a log beforehand: its name and its public keys."""

    def check(self, note: bytes) -> PublishedCheckpoint:
        """The tree head, where every trusted key signed it. Raises PrivityError EVIDENCE_INVALID."""
        ...


class LogRows(Protocol):
    """The log's rows in the database: entries written by the transactions they speak of, numbered without gaps."""

    def read(self, first: int, limit: int) -> Sequence[bytes]:
        """Up to `limit` entries (canonical bytes) from index `first` on, in order; empty beyond the last."""
        ...


class EvidenceLog(Protocol):
    """Deterministic and re-runnable: the same rows give the same tiles; never two roots for one size."""

    @property
    def origin(self) -> str:
        """The log's identity: first line of each checkpoint, name of each key."""
        ...

    @property
    def verifier_keys(self) -> tuple[str, ...]:
        """The public keys in signed-note form (`name+hexid+base64`), Ed25519 first."""
        ...

    def published_size(self) -> int:
        """Entries covered by the current checkpoint (0: none yet)."""
        ...

    def publish(self, first: int, entries: Sequence[bytes]) -> PublishedCheckpoint:
        """Write tiles for `entries`, which start at index `first`; fsync them; then rename the checkpoint.

        Entries already published are accepted again when identical. Raises PrivityError LOG_UNAVAILABLE, or
        EVIDENCE_INVALID where other entries were published at these places.
        """
        ...

    def checkpoint(self) -> PublishedCheckpoint:
        """The current checkpoint. Raises PrivityError LOG_UNAVAILABLE where there is none."""
        ...

    def entry(self, index: int) -> bytes:
        """The published entry at `index`. Raises PrivityError NOT_FOUND beyond the checkpoint."""
        ...

    def inclusion_proof(self, index: int) -> bytes:
        """A tlog-proof (C2SP) for the entry, under the current checkpoint."""
        ...

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Every file of the published log as (path below the log's folder, bytes): tiles first, checkpoint last."""
        ...
