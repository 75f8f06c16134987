"""The few file operations the log needs, each durable or not by name, so that tests can fail any one of them.

Knows nothing of tiles. Raises OSError; `log_files` turns that into the project's error.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol


class Disk(Protocol):
    """What `LogFiles` does to the outside. Each method may fail with OSError at any call."""

    def read(self, path: Path) -> bytes | None:
        """The file's bytes, or None where there is no file."""
        ...

    def write(self, path: Path, data: bytes) -> None:
        """Create or overwrite; not durable before `sync`."""
        ...

    def sync(self, path: Path) -> None:
        """Make a file's bytes durable, or a folder's names."""
        ...

    def rename(self, source: Path, target: Path) -> None:
        """Replace `target` at once; not durable before `sync` of its folder."""
        ...

    def make_folder(self, folder: Path) -> None:
        """Create the folder and what lies above it, durably; no error where it exists."""
        ...

    def remove_folder(self, folder: Path) -> None:
        """Remove a folder of plain files, if it exists."""
        ...

    def lock(self, path: Path) -> AbstractContextManager[None]:
        """Hold the one writer's lock while the context is open. Raises BlockingIOError where another holds it."""
        ...


class LocalDisk:
    """A file system that honours fsync."""

    def read(self, path: Path) -> bytes | None:
        """See `Disk.read`."""
        try:
            return path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def write(self, path: Path, data: bytes) -> None:
        """See `Disk.write`. World-readable: everything in the log is public."""
        path.write_bytes(data)
        path.chmod(0o644)

    def sync(self, path: Path) -> None:
        """See `Disk.sync`."""
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def rename(self, source: Path, target: Path) -> None:
        """See `Disk.rename`."""
        source.replace(target)

    def make_folder(self, folder: Path) -> None:
        """See `Disk.make_folder`."""
        missing = [folder, *folder.parents]
        for place in reversed([place for place in missing if not place.exists()]):
            place.mkdir(mode=0o755, exist_ok=True)
            self.sync(place.parent)

    def remove_folder(self, folder: Path) -> None:
        """See `Disk.remove_folder`."""
        if folder.is_dir():
            for item in folder.iterdir():
                item.unlink()
            folder.rmdir()

    @contextmanager
    def lock(self, path: Path) -> Iterator[None]:
        """See `Disk.lock`."""
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        finally:
            os.close(handle)
