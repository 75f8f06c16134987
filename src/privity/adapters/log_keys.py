"""The public keys of an evidence log, as a trust file names them: they verify a signed checkpoint (C2SP signed-note).

Implements `ports.evidence_log.CheckpointVerifier` for those who read a response. It reads no log and holds no secret.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key

from privity.adapters import primitives
from privity.domain.errors import ErrorCode, PrivityError
from privity.ledger.canonical import read_base64
from privity.ledger.checkpoint import read_checkpoint_text, read_signed_note
from privity.ports.evidence_log import PublishedCheckpoint

_ED25519, _ECDSA = 1, 2
_MEND = "Ask the custodian for the package as it was released, and for its present trust file."


@dataclass(frozen=True, slots=True)
class _Key:
    """One expected key."""

    name: str
    key_id: bytes
    kind: int
    public: bytes  # raw Ed25519, or a SubjectPublicKeyInfo


class LogKeys:
    """All expected keys of one log: each must have signed a checkpoint exactly once."""

    def __init__(self, origin: str, keys: Sequence[str]) -> None:
        """`keys`: `name+hexid+base64(type || key)`. Raises PrivityError KEY_INVALID where one is not, or none is."""
        self._origin = origin
        self._keys = [_read_key(text) for text in keys]
        if not self._keys or any(key.name != origin for key in self._keys):
            _refuse_keys()

    def check(self, note: bytes) -> PublishedCheckpoint:
        """The tree head of a signed checkpoint. Raises PrivityError EVIDENCE_INVALID."""
        text, signatures = read_signed_note(note)
        head = read_checkpoint_text(text)
        if head.origin != self._origin:
            raise PrivityError(ErrorCode.EVIDENCE_INVALID, "the checkpoint is of another log than is trusted", _MEND)
        for key in self._keys:
            found = [line.signature for line in signatures if (line.name, line.key_id) == (key.name, key.key_id)]
            if len(found) != 1 or not _signed(key, text, found[0]):
                raise PrivityError(
                    ErrorCode.EVIDENCE_INVALID, "the checkpoint is not signed by every key of the trusted log", _MEND
                )
        return PublishedCheckpoint(head.size, head.root, note)


def _signed(key: _Key, text: bytes, signature: bytes) -> bool:
    try:
        if key.kind == _ED25519:
            primitives.verify_ed25519(key.public, signature, text)
        else:
            primitives.verify_ecdsa(_ecdsa(key.public), signature, text, "sha256")
    except primitives.PrimitiveError:
        return False
    return True


def _read_key(text: str) -> _Key:
    name, _, rest = text.partition("+")
    hex_id, _, encoded = rest.partition("+")
    try:
        blob = read_base64(encoded.encode("utf-8"))
        kind, public = blob[0], blob[1:]
        if kind == _ED25519 and len(public) == 32:
            key_id = hashlib.sha256(name.encode() + b"\n\x01" + public).digest()[:4]
        elif kind == _ECDSA:
            _ecdsa(public)
            key_id = hashlib.sha256(public).digest()[:4]
        else:
            _refuse_keys()
    except (PrivityError, ValueError, UnsupportedAlgorithm):
        _refuse_keys()
    if key_id.hex() != hex_id:
        _refuse_keys()
    return _Key(name, key_id, kind, public)


def _ecdsa(public: bytes) -> ec.EllipticCurvePublicKey:
    key = load_der_public_key(public)
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise ValueError("not an elliptic key")
    return key


def _refuse_keys() -> NoReturn:
    raise PrivityError(
        ErrorCode.KEY_INVALID, "the trust file does not name the keys of one evidence log", "Ask for a new trust file."
    ) from None
