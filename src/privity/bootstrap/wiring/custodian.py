"""Making and opening a custodian's home."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from privity.domain.errors import ErrorCode, PrivityError
from privity.services.gate import FROZEN, Gate

if TYPE_CHECKING:
    from privity.adapters.home_files import HomeFolder
    from privity.services.create_home import HomeCreated


@dataclass(frozen=True, slots=True)
class OpenedHome:
    """A wired gate and the folder it works in."""

    gate: Gate
    folder: HomeFolder
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
    database: str  # "sound", or how many findings the engine's own check has


def software() -> str:
    """Name and version, as the log records it."""
    return f"privity {version('privity')}"


def need_home(home: Path) -> None:
    """Raise PrivityError HOME_INVALID where the folder is no home."""
    if not (home / "home.json").is_file():
        raise PrivityError(
            ErrorCode.HOME_INVALID,
            "this folder is not a Privity home",
            "Name the home with --home or PRIVITY_HOME, or make one with `privity init`.",
        )
