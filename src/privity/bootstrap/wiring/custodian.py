"""Making and opening a custodian's home."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from privity.bootstrap.settings import read_settings
from privity.bootstrap.wiring.late import LateEncryptor, LateVerifier
from privity.services.gate import FROZEN, Gate

if TYPE_CHECKING:
    from privity.adapters.home_files import HomeFolder
    from privity.adapters.sql_store import SqlStore
    from privity.ports.evidence_log import EvidenceLog
    from privity.ports.security import KeyStore
    from privity.services.home.create_home import HomeCreated
    from privity.services.home.export_log import ExportedLog


@dataclass(frozen=True, slots=True)
class OpenedHome:
    """A wired gate and the folder it works in."""

    gate: Gate
    folder: HomeFolder
    store: SqlStore
    path: Path


@dataclass(frozen=True, slots=True)
class HomeStatus:
    """What a home holds."""

    home: Path
    origin: str
    frozen: bool
    log_size: int
    requests: int
    holds_in_force: int
    database_findings: int  # of the engine's own integrity check; 0: sound


@dataclass(frozen=True, slots=True)
class HomeMigrated:
    """The database's schema revisions before and after."""

    before: str
    after: str


def software() -> str:
    """Name and version, as the log records it."""
    return f"privity {version('privity')}"


def create_home_at(home: Path, origin: str = "") -> HomeCreated:
    """Make a home in a new or empty folder. Raises PrivityError HOME_INVALID, KEY_INVALID, STORAGE_FAILED."""
    from privity.adapters.home_files import HomeWorkshop
    from privity.adapters.sql_store import create_store
    from privity.adapters.system import SystemClock
    from privity.services.home.create_home import create_home

    workshop = HomeWorkshop(home, keys=_new_keys, store=create_store, log=_log_of)
    origin = origin or read_settings().origin
    return create_home(workshop, clock=SystemClock(), software=software(), origin=origin)


def _new_keys(home: Path, origin: str) -> KeyStore:
    from privity.adapters.file_keys import FileKeys, create_keys

    create_keys(home / "keys", origin=origin)
    return FileKeys(home / "keys")


def _log_of(folder: Path, keys: KeyStore) -> EvidenceLog:
    from privity.adapters.log_files import LogFiles

    return LogFiles(folder, keys.log_signers())


def open_gate(home: Path, *, hostile: bool = False) -> OpenedHome:
    """Open a home and wire its gate; a copied or restored home is frozen here, before anything else can happen.

    `hostile`: this command takes in signatures from outside; they are parsed in a child process.
    Raises PrivityError HOME_INVALID, KEY_INVALID, STORAGE_FAILED, HOME_FROZEN (its log was rolled back).
    """
    from privity.adapters.file_keys import FileKeys
    from privity.adapters.home_files import HomeFolder, PackageFolder
    from privity.adapters.sql_store import open_store
    from privity.adapters.system import SystemClock, SystemEntropy
    from privity.services.home.reconfirm_home import freeze_if_copied

    folder = HomeFolder(home)
    folder.need_home()
    keys = FileKeys(home / "keys")
    store = open_store(folder.database)
    gate = Gate(
        store=store,
        keys=keys,
        verifier=LateVerifier(home, hostile=hostile),
        encryptor=LateEncryptor(),
        log=_log_of(home / "log", keys),
        clock=SystemClock(),
        outlet=PackageFolder(),
        entropy=SystemEntropy(),
        locks=folder,
        mark=folder,
        software=software(),
        origin=keys.origin,
    )
    freeze_if_copied(gate, folder)
    _record_trust(gate, home)
    return OpenedHome(gate, folder, store, home)


def _record_trust(gate: Gate, home: Path) -> None:
    """Put on record whom the home believes, also where a file was laid there by hand."""
    from privity.adapters.trust_files import TrustFiles
    from privity.services.home.record_trust import TrustState, record_trust

    held = TrustFiles(home).read()
    record_trust(gate, TrustState(held.digest, len(held.anchors), len(held.intermediates), len(held.crls)))


def migrate_home(home: Path) -> HomeMigrated:
    """Bring an older home's database up to date. Raises PrivityError HOME_INVALID, HOME_BUSY, STORAGE_FAILED."""
    from privity.adapters.home_files import HomeFolder
    from privity.adapters.sql_store import migrate_store

    folder = HomeFolder(home)
    folder.need_home()
    with folder.work():
        before, after = migrate_store(folder.database)
    return HomeMigrated(before, after)


def home_status(home: Path) -> HomeStatus:
    """What the home holds; runs the database engine's own check."""
    opened = open_gate(home)
    at = opened.gate.clock.now()
    with opened.gate.store.reading() as read:
        return HomeStatus(
            home=home,
            origin=opened.gate.origin,
            frozen=bool(read.fact(FROZEN)),
            log_size=read.log_size(),
            requests=len(read.requests()),
            holds_in_force=sum(hold.order.in_force(at) for hold in read.holds()),
            database_findings=len(opened.store.check()),
        )


def export_log_to(home: Path, folder: Path) -> ExportedLog:
    """Copy the published log to a new or empty folder, with everything pending published first."""
    from privity.services.home.export_log import export_log

    gate = open_gate(home).gate
    gate.publish()
    return export_log(gate.log, folder)
