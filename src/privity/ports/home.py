"""The home folder as services see it: locks, the way out for packages, the binding to its place, its making.

No service opens a path by itself except to hand it to one of these.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from privity.ports.evidence_log import EvidenceLog
from privity.ports.security import KeyStore
from privity.ports.stores import Store


class HomeLocks(Protocol):
    """Locks between processes on one home. Both raise PrivityError HOME_BUSY when the wait is over."""

    def work(self) -> AbstractContextManager[None]:
        """For walking a request: one process at a time. Placing a hold never needs it."""
        ...

    def sequencer(self) -> AbstractContextManager[None]:
        """For publishing the log: one process at a time, short."""
        ...


class PackageOutlet(Protocol):
    """The only way bytes leave the home."""

    def place(self, folder: Path, name: str, content: bytes) -> Path:
        """Write beside, fsync, rename to `folder/name`, fsync the folder. The name is visible whole or not at all.

        The same bytes may be placed again. Raises PrivityError STORAGE_FAILED, and STATE_CONFLICT where the name
        is taken by other bytes.
        """
        ...


@dataclass(frozen=True, slots=True)
class LogMark:
    """How far the log has been published, kept apart from database and log."""

    size: int
    last: str  # SHA-256 of the last of these entries, hexadecimal
    root: bytes  # of the tree of all of them (RFC 6962 section 2.1)


class HighWaterMark(Protocol):
    """The one value that a restored database and log do not bring back with them."""

    def read_mark(self) -> LogMark | None:
        """The mark, or None where there is none that can be read."""
        ...

    def write_mark(self, mark: LogMark) -> None:
        """Replace the mark, durably and whole. Raises PrivityError STORAGE_FAILED."""
        ...


class HomeBinding(Protocol):
    """Whether this folder is the home that was made here, or a copy or restoration of one."""

    def is_bound(self) -> bool:
        """Whether home.json names the database file that lies here (device and inode)."""
        ...

    def bind(self) -> None:
        """Write the present database file's device and inode into home.json, durably; and that a mark exists."""
        ...

    def promises_mark(self) -> bool:
        """Whether home.json says that a high-water mark exists (a home of an older version has none yet)."""
        ...


class Entropy(Protocol):
    """The one source of randomness for services."""

    def token(self, size: int) -> bytes:
        """`size` unpredictable bytes."""
        ...


class HomeMaker(HomeBinding, HighWaterMark, Protocol):
    """The steps of making a home, in this order; `bind` makes it a home."""

    def lay_out(self) -> None:
        """Make the folders. Raises PrivityError HOME_INVALID where the folder is not empty or not writable."""
        ...

    @property
    def location(self) -> str:
        """The home's path."""
        ...

    def make_keys(self, origin: str) -> KeyStore:
        """Make all keys of the home (0600); `origin` names its evidence log."""
        ...

    def make_store(self) -> Store:
        """Make the database with the newest schema."""
        ...

    def make_log(self, keys: KeyStore) -> EvidenceLog:
        """Make the log's folder."""
        ...
