"""Disks for tests: one in memory that forgets what was not fsynced, and can fail at the n-th operation."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class PowerCutError(OSError):
    """The n-th operation failed, and the machine stopped."""


class ForgetfulDisk:
    """A `Disk` in memory. `power_cut` keeps only what `sync` made durable: file bytes, and names in synced folders.

    `fail_at` counts operations that change something (write, sync, rename, remove); the n-th raises PowerCutError, a
    write after having written half of its bytes.
    """

    def __init__(self) -> None:
        self.names: dict[Path, int] = {}  # path -> file number, as the running machine sees it
        self.durable_names: dict[Path, int] = {}
        self.bytes: dict[int, bytes] = {}
        self.durable_bytes: dict[int, bytes] = {}
        self.operations = 0
        self.fail_at = 0
        self.numbers = 0

    def _step(self) -> None:
        self.operations += 1
        if self.operations == self.fail_at:
            raise PowerCutError(errno.EIO, "power cut")

    def power_cut(self) -> None:
        """Forget everything that is not durable, and run on."""
        self.names = dict(self.durable_names)
        self.bytes = {number: self.durable_bytes.get(number, b"") for number in self.names.values()}
        self.operations, self.fail_at = 0, 0

    def read(self, path: Path) -> bytes | None:
        number = self.names.get(path)
        return None if number is None else self.bytes[number]

    def write(self, path: Path, data: bytes) -> None:
        if path not in self.names:
            self.numbers += 1
            self.names[path] = self.numbers
        self.bytes[self.names[path]] = data[: len(data) // 2]
        self._step()
        self.bytes[self.names[path]] = data

    def sync(self, path: Path) -> None:
        self._step()
        if path in self.names:
            self.durable_bytes[self.names[path]] = self.bytes[self.names[path]]
            return
        for durable in [place for place in self.durable_names if place.parent == path]:
            del self.durable_names[durable]
        self.durable_names |= {place: number for place, number in self.names.items() if place.parent == path}

    def rename(self, source: Path, target: Path) -> None:
        self._step()
        self.names[target] = self.names.pop(source)

    def make_folder(self, folder: Path) -> None:
        pass

    def remove_folder(self, folder: Path) -> None:
        self._step()
        for path in [path for path in self.names if path.parent == folder]:
            del self.names[path]

    @contextmanager
    def lock(self, path: Path) -> Iterator[None]:
        yield

    def tree(self) -> dict[str, bytes]:
        """Every published file but the checkpoint (its signatures are random) and the sequencer's own notes."""
        return {
            str(path): self.bytes[number]
            for path, number in sorted(self.names.items())
            if ".sequencer" not in path.parts and path.name != "checkpoint"
        }
