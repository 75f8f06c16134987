"""What the gate needs of cryptography: keys, CMS signatures, CMS encryption, sealing of stored bytes.

Implemented by `adapters/file_keys` and `adapters/cms`. All bytes in, all bytes out; no file paths here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol

from privity.domain.request import RequestId


@dataclass(frozen=True, slots=True)
class VerifiedSignature:
    """A detached CMS signature that verified: over which content, by which certificate, at which claimed time."""

    signer_fingerprint: str  # SHA-256 of the signer certificate's DER, hex
    signer_certificate: bytes  # DER
    signing_time: datetime  # claimed (signed attribute), aware, UTC
    policies: tuple[str, ...]  # certificate policy OIDs valid along the path


class SignatureVerifier(Protocol):
    """Verifies detached CMS signatures against trust anchors, with mandatory revocation."""

    def verify(
        self, content: bytes, signature: bytes, *, at: datetime, policies: Sequence[str] = ()
    ) -> VerifiedSignature:
        """Verify path, validity, usage, policy and CRL at moment `at`.

        Raises PrivityError SIGNATURE_INVALID (the signature) or CERTIFICATE_INVALID (path, expiry, revocation, policy).
        """
        ...

    def check_recipient(self, certificate_pem: str, *, at: datetime) -> bytes:
        """Return the DER of a recipient certificate whose path, validity, usage and revocation hold at `at`.

        Raises PrivityError CERTIFICATE_INVALID.
        """
        ...


class Signer(Protocol):
    """Makes detached CMS signatures (CAdES-B) with one private key."""

    def sign(self, content: bytes, *, at: datetime) -> bytes:
        """DER of a detached CMS SignedData over `content`, signing time `at`."""
        ...


class OfficerSigner(Signer, Protocol):
    """A person's own key: the document it signs names the person's role, so its certificate is known beforehand."""

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the signing certificate's DER, hex."""
        ...


class Encryptor(Protocol):
    """Encrypts to one certificate: CMS AuthEnvelopedData, ephemeral-static ECDH, AES-256 wrap, AES-256-GCM."""

    def encrypt(self, plaintext: bytes, recipient_certificate: bytes) -> bytes:
        """DER of AuthEnvelopedData for the certificate (DER). Length depends on the plaintext's length alone.

        Raises PrivityError CERTIFICATE_INVALID where the certificate has no usable P-256 or P-384 key.
        """
        ...


class Decryptor(Protocol):
    """Opens AuthEnvelopedData with one private key and its certificate."""

    def decrypt(self, enveloped: bytes) -> bytes:
        """The plaintext, only after the tag verified. Raises PrivityError DECRYPTION_FAILED."""
        ...


class LogSigner(Protocol):
    """One key that signs checkpoints."""

    @property
    def name(self) -> str:
        """The log's origin: the name in the note's signature line."""
        ...

    @property
    def key_id(self) -> bytes:
        """Four bytes (signed-note): Ed25519 over name, newline, 0x01, key; ECDSA SHA-256(SPKI DER)[:4]."""
        ...

    @property
    def verifier_key(self) -> str:
        """The verifier key in signed-note form: `name+hexid+base64(type || key)`."""
        ...

    def sign(self, note_text: bytes) -> bytes:
        """Raw signature bytes for the note's signature line (without the key id)."""
        ...


class SealedStorage(Protocol):
    """AES-256-GCM under one key; associated data binds a blob to its place."""

    def seal(self, plaintext: bytes, associated: bytes) -> bytes:
        """nonce (12) || ciphertext || tag (16)."""
        ...

    def open(self, sealed: bytes, associated: bytes) -> bytes:
        """The plaintext. Raises PrivityError DECRYPTION_FAILED."""
        ...


class LinkKind(Enum):
    """What a sealed link of the index leads from and to."""

    RECORD = "record"  # from a person's handle to a point where the person has a record
    PLACE = "place"  # from a point to its street


class IndexKeys(Protocol):
    """The two keys of the blind index, and the key for person references. Picklable for worker processes."""

    def digest(self, message: bytes) -> int:
        """HMAC-SHA-256 under the index key, truncated to 64 bits, as a signed 64-bit integer."""
        ...

    def digests(self, messages: Iterable[bytes]) -> list[int]:
        """`digest` of each message: a register takes millions."""
        ...

    def seal_person(self, point: int, plaintext: bytes) -> bytes:
        """AES-256-GCM of one padded person record, bound to its point: nonce || ciphertext || tag."""
        ...

    def seal_persons(self, points: Sequence[int], plaintexts: Sequence[bytes]) -> list[bytes]:
        """`seal_person` of each record at its point."""
        ...

    def open_person(self, point: int, sealed: bytes) -> bytes:
        """The padded person record. Raises PrivityError DECRYPTION_FAILED."""
        ...

    def open_persons(self, point: int, sealed: Sequence[bytes]) -> list[bytes]:
        """The padded records of everybody at one point. Raises PrivityError DECRYPTION_FAILED."""
        ...

    def person_reference(self, reference: str) -> bytes:
        """16 bytes: keyed digest of a register's person reference (stable over snapshots)."""
        ...

    def person_references(self, references: Iterable[str]) -> list[bytes]:
        """`person_reference` of each."""
        ...

    def person_handles(self, references: Iterable[bytes]) -> list[int]:
        """64 bits that name a person (16-byte reference) in the index's table of records, and nowhere else."""
        ...

    def seal_links(self, kind: LinkKind, owners: Sequence[int], values: Sequence[int]) -> bytes:
        """16 bytes for each pair of owner and value: equal for equal pairs, and telling nothing without the keys."""
        ...

    def open_links(self, kind: LinkKind, owners: Sequence[int], blocks: bytes) -> Sequence[int]:
        """The values of links, each bound to its owner. Raises PrivityError DECRYPTION_FAILED."""
        ...


class KeyStore(Protocol):
    """All keys of one home. No method returns a long-lived private key's bytes."""

    def index_keys(self) -> IndexKeys:
        """Keys of the blind index."""
        ...

    def accounting_digest(self, message: bytes) -> bytes:
        """32 bytes: HMAC-SHA-256 under the accounting key, for filing."""
        ...

    def accounting_storage(self) -> SealedStorage:
        """Sealing under the accounting key: for the permanent records."""
        ...

    def decoy_storage(self) -> SealedStorage:
        """Sealing for what a run says of decoys, under a key derived from the index's; once also for decoys."""
        ...

    def create_decoy_key(self, decoy_id: str) -> SealedStorage:
        """Make, wrap and durably store a fresh data key for one decoy, as for a request."""
        ...

    def decoy_key(self, decoy_id: str) -> SealedStorage:
        """Sealing under the decoy's key. Raises PrivityError NOT_FOUND where there is none or it was destroyed."""
        ...

    def destroy_decoy_key(self, decoy_id: str) -> None:
        """Delete the wrapped key, durably. Idempotent."""
        ...

    def probing_digest(self, message: bytes) -> bytes:
        """16 bytes: keyed digest for the question history (L14)."""
        ...

    def create_request_key(self, request_id: RequestId) -> SealedStorage:
        """Make, wrap and durably store a fresh data key for one request; a second call keeps the first key."""
        ...

    def request_storage(self, request_id: RequestId) -> SealedStorage:
        """Sealing under the request's key. Raises PrivityError NOT_FOUND where the key was destroyed."""
        ...

    def request_key_id(self, request_id: RequestId) -> str:
        """32 hex digits that name the request's key and say nothing of it.

        Raises PrivityError NOT_FOUND where there is no key, or it was destroyed; KEY_INVALID where it does not open.
        """
        ...

    def destroy_request_key(self, request_id: RequestId) -> None:
        """Delete the wrapped key, durably. Idempotent."""
        ...

    def log_signers(self) -> Sequence[LogSigner]:
        """Ed25519 first, then ECDSA P-256."""
        ...

    def response_signer(self) -> Signer:
        """The custodian's signing key."""
        ...

    def request_decryptor(self) -> Decryptor:
        """The custodian's recipient key."""
        ...
