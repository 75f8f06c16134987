"""Log keys for tests: an Ed25519 and an ECDSA P-256 signer made in memory, deterministic by name."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

ORIGIN = "log.privity.example/test"


@dataclass(frozen=True)
class MemoryLogSigner:
    """A `ports.security.LogSigner` that keeps its key in memory."""

    name: str
    key: ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey

    @property
    def public(self) -> tuple[int, bytes]:
        """Signature type and public key bytes."""
        if isinstance(self.key, ed25519.Ed25519PrivateKey):
            return 1, self.key.public_key().public_bytes_raw()
        der = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        return 2, self.key.public_key().public_bytes(*der)

    @property
    def key_id(self) -> bytes:
        """See `ports.security.LogSigner.key_id`."""
        kind, key = self.public
        return sha256(self.name.encode() + b"\n\x01" + key).digest()[:4] if kind == 1 else sha256(key).digest()[:4]

    @property
    def verifier_key(self) -> str:
        """See `ports.security.LogSigner.verifier_key`."""
        kind, key = self.public
        return f"{self.name}+{self.key_id.hex()}+{b64encode(bytes([kind]) + key).decode()}"

    def sign(self, note_text: bytes) -> bytes:
        """See `ports.security.LogSigner.sign`."""
        if isinstance(self.key, ed25519.Ed25519PrivateKey):
            return self.key.sign(note_text)
        return self.key.sign(note_text, ec.ECDSA(hashes.SHA256()))


def log_signers(origin: str = ORIGIN, seed: int = 1) -> tuple[MemoryLogSigner, MemoryLogSigner]:
    """Two signers for one origin; the same seed gives the same keys."""
    ed = ed25519.Ed25519PrivateKey.from_private_bytes(sha256(f"ed{seed}".encode()).digest())
    p256 = ec.derive_private_key(int.from_bytes(sha256(f"ec{seed}".encode()).digest()), ec.SECP256R1())
    return MemoryLogSigner(origin, ed), MemoryLogSigner(origin, p256)
