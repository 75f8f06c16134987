"""A home's own certificates, and whom it believes; the public trust file that outsiders verify with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from privity.bootstrap.wiring.custodian import open_gate
from privity.domain.certificate_policies import REQUEST_SIGNING, RESPONSE_SIGNING

if TYPE_CHECKING:
    from privity.adapters.file_keys import FileKeys


@dataclass(frozen=True, slots=True)
class TrustRecorded:
    """How many documents the home believes now."""

    anchors: int
    intermediates: int
    revocation_lists: int
    public_file: Path


def home_keys(home: Path) -> FileKeys:
    """The keys of a home. Raises PrivityError HOME_INVALID, KEY_INVALID."""
    from privity.adapters.file_keys import FileKeys
    from privity.adapters.home_files import HomeFolder

    HomeFolder(home).need_home()
    return FileKeys(home / "keys")


def public_trust_file(home: Path) -> Path:
    """Where the public trust file lies."""
    from privity.adapters.trust_files import TrustFiles

    return TrustFiles(home).public_file


def add_trust(
    home: Path, anchors: Sequence[bytes], intermediates: Sequence[bytes], crls: Sequence[bytes]
) -> TrustRecorded:
    """Store authorities and revocation lists, bring the public trust file up to date, and put it on record."""
    from privity.adapters.home_files import HomeFolder
    from privity.adapters.trust_files import TrustFiles

    HomeFolder(home).need_home()
    stored = TrustFiles(home).add(anchors, intermediates, crls)
    publish_trust(home)
    open_gate(home)  # every opening puts a change of trust on record
    return TrustRecorded(len(stored.anchors), len(stored.intermediates), len(stored.crls), TrustFiles(home).public_file)


def publish_trust(home: Path) -> None:
    """Write the public trust file from the home's log keys and trust folder."""
    from privity.adapters.trust_files import TrustFiles

    signers = home_keys(home).log_signers()
    TrustFiles(home).publish(
        signers[0].name,
        [signer.verifier_key for signer in signers],
        response_policy=RESPONSE_SIGNING,
        request_policy=REQUEST_SIGNING,
    )
