"""The keys of a home as values: the blind index's keys, sealing under one key, and the two log signers.

Everything here works on bytes already read; files are the work of `file_keys`.
"""

from __future__ import annotations

import base64
import hashlib
import struct
import sys
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NoReturn

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from privity.adapters import primitives
from privity.domain.errors import ErrorCode, PrivityError
from privity.ports.security import LinkKind

_ED25519_TYPE, _ECDSA_TYPE = b"\x01", b"\x02"  # C2SP signed-note, signature types


@dataclass(frozen=True)
class IndexKeySet:
    """The keys of the blind index. Picklable, so that worker processes can have them; printing shows none of them."""

    digest_key: bytes = field(repr=False)
    person_key: bytes = field(repr=False)
    reference_key: bytes = field(repr=False)

    def digest(self, message: bytes) -> int:
        """HMAC-SHA-256 under the index key, truncated to 64 bits, as a signed 64-bit integer (big-endian)."""
        return int.from_bytes(primitives.mac(self.digest_key, message)[:8], "big", signed=True)

    def digests(self, messages: Iterable[bytes]) -> list[int]:
        """`digest` of each message."""
        whole = primitives.mac_all(self.digest_key, messages)
        return list(struct.unpack(f">{len(whole)}q", b"".join([one[:8] for one in whole])))

    def seal_person(self, point: int, plaintext: bytes) -> bytes:
        """nonce (12) || ciphertext || tag (16), bound to its point."""
        nonce = primitives.random_bytes(primitives.NONCE_BYTES)
        return nonce + primitives.gcm_encrypt(self.person_key, nonce, plaintext, _place(point))

    def seal_persons(self, points: Sequence[int], plaintexts: Sequence[bytes]) -> list[bytes]:
        """`seal_person` of each record at its point; nonces are drawn together."""
        return primitives.gcm_encrypt_all(self.person_key, plaintexts, map(_place, points))

    def open_person(self, point: int, sealed: bytes) -> bytes:
        """The padded person record. Raises PrivityError DECRYPTION_FAILED."""
        return _open(self.person_key, sealed, _place(point))

    def open_persons(self, point: int, sealed: Sequence[bytes]) -> list[bytes]:
        """The padded records of everybody at one point. Raises PrivityError DECRYPTION_FAILED."""
        try:
            return primitives.gcm_decrypt_all(self.person_key, sealed, _place(point))
        except primitives.PrimitiveError:
            _refuse_damaged()

    def person_reference(self, reference: str) -> bytes:
        """16 bytes: keyed digest of a register's person reference (stable over snapshots)."""
        return primitives.mac(self.reference_key, reference.encode("utf-8"))[:16]

    def person_references(self, references: Iterable[str]) -> list[bytes]:
        """`person_reference` of each."""
        whole = primitives.mac_all(self.reference_key, (reference.encode("utf-8") for reference in references))
        return [one[:16] for one in whole]

    def person_handles(self, references: Iterable[bytes]) -> list[int]:
        """64 bits for each person reference, under a key of their own."""
        blocks = primitives.permute_blocks(self._derived(b"handle"), b"".join(references))
        return list(_numbers(blocks)[::2])

    def seal_links(self, kind: LinkKind, owners: Sequence[int], values: Sequence[int]) -> bytes:
        """One block of 16 bytes for each pair: AES-256 of owner || value, under the kind's own key."""
        pairs = array("q", bytes(16 * len(owners)))
        pairs[::2], pairs[1::2] = array("q", owners), array("q", values)
        return primitives.permute_blocks(self._derived(kind.value.encode()), _little_endian(pairs).tobytes())

    def open_links(self, kind: LinkKind, owners: Sequence[int], blocks: bytes) -> Sequence[int]:
        """The values; each block must say its owner. Raises PrivityError DECRYPTION_FAILED."""
        try:
            pairs = _numbers(primitives.restore_blocks(self._derived(kind.value.encode()), blocks))
        except primitives.PrimitiveError:
            _refuse_damaged()
        if pairs[::2] != array("q", owners):
            _refuse_damaged()
        return pairs[1::2]

    def _derived(self, purpose: bytes) -> bytes:
        return primitives.derive_key(self.person_key, b"privity index links", purpose)


def _numbers(blocks: bytes) -> array[int]:
    """Bytes as little-endian signed 64-bit integers."""
    found = array("q")
    found.frombytes(blocks)
    return _little_endian(found)


def _little_endian(numbers: array[int]) -> array[int]:
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


@dataclass(frozen=True)
class KeyedStorage:
    """Implements ports SealedStorage: AES-256-GCM under one key, a random nonce for each blob."""

    key: bytes = field(repr=False)

    def seal(self, plaintext: bytes, associated: bytes) -> bytes:
        """nonce (12) || ciphertext || tag (16)."""
        nonce = primitives.random_bytes(primitives.NONCE_BYTES)
        return nonce + primitives.gcm_encrypt(self.key, nonce, plaintext, associated)

    def open(self, sealed: bytes, associated: bytes) -> bytes:
        """The plaintext. Raises PrivityError DECRYPTION_FAILED."""
        return _open(self.key, sealed, associated)


@dataclass(frozen=True)
class Ed25519LogSigner:
    """Signs checkpoints for today's note tools (C2SP signed-note, type 0x01). Never the only signature."""

    name: str
    key: ed25519.Ed25519PrivateKey = field(repr=False)

    @property
    def _public(self) -> bytes:
        return self.key.public_key().public_bytes_raw()

    @property
    def key_id(self) -> bytes:
        """SHA-256(name, newline, 0x01, public key)[:4]."""
        return hashlib.sha256(self.name.encode() + b"\n" + _ED25519_TYPE + self._public).digest()[:4]

    @property
    def verifier_key(self) -> str:
        """name+hexid+base64(0x01 || public key)."""
        return _verifier_key(self.name, self.key_id, _ED25519_TYPE + self._public)

    def sign(self, note_text: bytes) -> bytes:
        """64 bytes over the note's text."""
        return self.key.sign(note_text)


@dataclass(frozen=True)
class EcdsaLogSigner:
    """Signs checkpoints with a FIPS algorithm (C2SP signed-note, type 0x02): P-256, SHA-256, ASN.1 signature."""

    name: str
    key: ec.EllipticCurvePrivateKey = field(repr=False)

    @property
    def _public(self) -> bytes:
        return self.key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    @property
    def key_id(self) -> bytes:
        """SHA-256(SubjectPublicKeyInfo DER)[:4]: the name is not part of it."""
        return hashlib.sha256(self._public).digest()[:4]

    @property
    def verifier_key(self) -> str:
        """name+hexid+base64(0x02 || SubjectPublicKeyInfo DER)."""
        return _verifier_key(self.name, self.key_id, _ECDSA_TYPE + self._public)

    def sign(self, note_text: bytes) -> bytes:
        """DER signature over the note's text; the same text always gives the same signature."""
        return primitives.sign(self.key, note_text)


def _verifier_key(name: str, key_id: bytes, material: bytes) -> str:
    """The signed-note form of a verifier key."""
    return f"{name}+{key_id.hex()}+{base64.b64encode(material).decode()}"


def _place(point: int) -> bytes:
    """What a sealed person is bound to."""
    return b"privity person at " + point.to_bytes(8, "big", signed=True)


def _open(key: bytes, sealed: bytes, associated: bytes) -> bytes:
    """Open nonce || ciphertext || tag."""
    nonce, rest = sealed[: primitives.NONCE_BYTES], sealed[primitives.NONCE_BYTES :]
    try:
        return primitives.gcm_decrypt(key, nonce, rest, associated)
    except primitives.PrimitiveError:
        _refuse_damaged()


def _refuse_damaged() -> NoReturn:
    raise PrivityError(
        ErrorCode.DECRYPTION_FAILED,
        "stored bytes do not open under their key: they were changed, moved, or belong to another home",
        "Restore the stored data from a backup of this home; do not edit it by hand.",
    ) from None
