"""A home folder: its layout, its locks, its binding to the place where it was made, and the way out for packages.

    home.json          what this home is, and which database file (device, inode) belongs to it; written last
    lock, lock-log     for locks between processes
    keys/ certs/       keys (0600), the custodian's own certificates
    trust/             anchors/, crls/, intermediates/
    state/             privity.sqlite
    request-keys/      one wrapped data key for each request and decoy; .mark: how far the log has been published
    register/ log/ public/

Not here: what any of these files means.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import secrets
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from privity.domain.errors import ErrorCode, PrivityError
from privity.ports.evidence_log import EvidenceLog
from privity.ports.faults import FaultPoint, no_fault
from privity.ports.home import LogMark
from privity.ports.security import KeyStore
from privity.ports.stores import Store
from privity.wire.canonical_json import decode_strict, encode

FORMAT = "privity-home/1"
MARK_FORMAT = "privity-log-mark/1"
MARK = ".mark"
FOLDERS = ("certs", "trust", "trust/anchors", "trust/intermediates", "trust/crls", "state", "request-keys", "register")
OPEN_FOLDERS = ("public",)
DATABASE = "state/privity.sqlite"
LOCK_WAIT_SECONDS = 5.0
_LOCK_STEP = 0.05


class HomeFolder:
    """`ports.home.HomeLocks`, `HomeBinding` and `HighWaterMark` over one folder."""

    def __init__(self, path: Path, *, wait: float = LOCK_WAIT_SECONDS, reach: FaultPoint = no_fault) -> None:
        """`wait`: seconds to wait for another process. Opens nothing yet."""
        self.path = path
        self._wait = wait
        self._reach = reach

    @property
    def location(self) -> str:
        """The home's path as text."""
        return str(self.path)

    @property
    def database(self) -> Path:
        """Where the state lies."""
        return self.path / DATABASE

    def need_home(self) -> None:
        """Raise PrivityError HOME_INVALID where this folder is no finished home."""
        if not (self.path / "home.json").is_file():
            raise PrivityError(
                ErrorCode.HOME_INVALID,
                "this folder is not a privity home, or making it was interrupted",
                "Make a home in an empty folder with `privity init`.",
            )
        self._facts()

    def lay_out(self) -> None:
        """Make the folders (0700). Raises PrivityError HOME_INVALID where the folder is not empty or not writable."""
        try:
            if self.path.exists() and (not self.path.is_dir() or any(self.path.iterdir())):
                raise PrivityError(
                    ErrorCode.HOME_INVALID,
                    "the folder is not empty: a home is made in an empty folder only",
                    "Name another folder, or empty this one yourself.",
                )
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.path.chmod(0o700)
            for name in (*FOLDERS, *OPEN_FOLDERS):
                (self.path / name).mkdir(mode=0o755 if name in OPEN_FOLDERS else 0o700)
            for name in ("lock", "lock-log"):
                (self.path / name).touch(mode=0o600)
        except PermissionError:
            raise PrivityError(
                ErrorCode.HOME_INVALID, "the folder is not writable", "Name a folder that you may write to."
            ) from None
        except OSError as failure:
            raise storage_failed(failure) from None

    def bind(self) -> None:
        """Write home.json, durably: this folder with this database file is the home."""
        found = self.database.stat()
        facts = {"format": FORMAT, "database": {"device": found.st_dev, "inode": found.st_ino}, "marked": True}
        with translated():
            self._write(self.path, "home.json", (json.dumps(facts, indent=1) + "\n").encode("ascii"))

    def is_bound(self) -> bool:
        """Whether the database file here is the one that home.json names."""
        named = self._facts().get("database")
        try:
            found = self.database.stat()
        except OSError:
            return False
        return named == {"device": found.st_dev, "inode": found.st_ino}

    def promises_mark(self) -> bool:
        """Whether a high-water mark was written here before."""
        return self._facts().get("marked") is True

    def read_mark(self) -> LogMark | None:
        """The mark, or None where it is missing or damaged."""
        try:
            found = decode_strict((self.path / "request-keys" / MARK).read_bytes())
            if not isinstance(found, dict) or found.get("format") != MARK_FORMAT:
                return None
            size, last, root = found["size"], found["last"], found["root"]
            return LogMark(int(str(size)), str(last), bytes.fromhex(str(root)))
        except (OSError, ValueError, KeyError, PrivityError):
            return None

    def write_mark(self, mark: LogMark) -> None:
        """Replace the mark: temporary file, fsync, rename, fsync the folder."""
        facts = encode({"format": MARK_FORMAT, "size": mark.size, "last": mark.last, "root": mark.root.hex()})
        with translated():
            folder = self.path / "request-keys"
            write_durably(folder, MARK, facts, reach=lambda step: self._reach(f"mark.{step}"))

    def work(self) -> contextlib.AbstractContextManager[None]:
        """The lock for walking a request."""
        return self._lock("lock")

    def sequencer(self) -> contextlib.AbstractContextManager[None]:
        """The lock for publishing the log."""
        return self._lock("lock-log")

    @contextlib.contextmanager
    def _lock(self, name: str) -> Iterator[None]:
        try:
            handle = os.open(self.path / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as failure:
            raise storage_failed(failure) from None
        try:
            self._take(handle)
            yield
        finally:
            os.close(handle)

    def _take(self, handle: int) -> None:
        until = time.monotonic() + self._wait
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                if time.monotonic() >= until:
                    raise PrivityError(
                        ErrorCode.HOME_BUSY,
                        "another process is at work in this home",
                        "Wait until it has finished, then run the command again: nothing was changed.",
                    ) from None
                time.sleep(_LOCK_STEP)

    def _facts(self) -> dict[str, object]:
        try:
            facts = json.loads((self.path / "home.json").read_bytes())
        except OSError as failure:
            raise storage_failed(failure) from None
        except ValueError:
            facts = None
        if not isinstance(facts, dict) or facts.get("format") != FORMAT:
            raise PrivityError(ErrorCode.HOME_INVALID, "home.json is damaged, or of another version of privity")
        return facts

    def _write(self, folder: Path, name: str, content: bytes) -> None:
        write_durably(folder, name, content, reach=self._reach)


class PackageFolder:
    """`ports.home.PackageOutlet`: the only way bytes leave the home."""

    def __init__(self, *, reach: FaultPoint = no_fault) -> None:
        self._reach = reach

    def place(self, folder: Path, name: str, content: bytes) -> Path:
        """Write beside, fsync, rename, fsync the folder. The same bytes may be placed again.

        Raises PrivityError STORAGE_FAILED, and STATE_CONFLICT where the name is taken by other bytes.
        """
        target = folder / name
        with translated():
            folder.mkdir(parents=True, exist_ok=True)
            if target.exists():
                if target.is_file() and target.read_bytes() == content:
                    return target
                raise PrivityError(
                    ErrorCode.STATE_CONFLICT,
                    "another file lies where the package belongs",
                    "Name another folder; nothing was overwritten.",
                )
            for draft in folder.glob(f".{name}.*.draft"):  # of a process that was killed: we hold the home's lock
                draft.unlink()
            write_durably(folder, name, content, reach=self._reach)
        return target


class HomeWorkshop(HomeFolder):
    """`ports.home.HomeMaker`: a folder that becomes a home. Keys, database and log are made by what it is handed."""

    def __init__(
        self,
        path: Path,
        *,
        keys: Callable[[Path, str], KeyStore],
        store: Callable[[Path], Store],
        log: Callable[[Path, KeyStore], EvidenceLog],
    ) -> None:
        """`keys`: (HOME, origin); `store`: (database file); `log`: (HOME/log, keys)."""
        super().__init__(path)
        self._keys, self._store, self._log = keys, store, log

    def make_keys(self, origin: str) -> KeyStore:
        """Make all keys of the home."""
        return self._keys(self.path, origin)

    def make_store(self) -> Store:
        """Make the database."""
        return self._store(self.database)

    def make_log(self, keys: KeyStore) -> EvidenceLog:
        """Make the log's folder."""
        return self._log(self.path / "log", keys)


def write_durably(folder: Path, name: str, content: bytes, *, reach: FaultPoint = no_fault) -> None:
    """Write `folder/name` whole or not at all, and make it last: temporary file, fsync, rename, fsync the folder."""
    draft = folder / f".{name}.{secrets.token_hex(4)}.draft"
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            reach("file.write")
            view = memoryview(content)
            while view:
                view = view[os.write(handle, view) :]
            reach("file.fsync")
            os.fsync(handle)
        finally:
            os.close(handle)
        reach("file.rename")
        os.rename(draft, folder / name)
        reach("file.renamed")
    except BaseException:
        with contextlib.suppress(OSError):
            draft.unlink()
        raise
    place = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(place)
    finally:
        os.close(place)


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """Turn operating system errors into PrivityError STORAGE_FAILED without a path or a value."""
    try:
        yield
    except OSError as failure:
        raise storage_failed(failure) from None


def storage_failed(failure: OSError) -> PrivityError:
    """STORAGE_FAILED with the reason in words."""
    words = {
        28: "the disk is full",
        30: "the disk is read-only",
        13: "permission to write was denied",
        122: "the disk quota is used up",
    }
    reason = words.get(failure.errno or 0, "the disk reported an error")
    return PrivityError(
        ErrorCode.STORAGE_FAILED,
        reason,
        "Mend the storage, then run the same command again: the step that failed was not taken, and everything "
        "recorded before it is intact.",
    )
