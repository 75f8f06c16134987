"""Throwaway index keys for tests and benchmarks: the shape of `ports.security.IndexKeys`, fixed keys, fast digests."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers.aead import AESGCM


@dataclass(frozen=True)
class ThrowawayIndexKeys:
    """Keys derived from one secret, so that two equal secrets give equal digests."""

    secret: bytes = b"a secret for tests only"

    def _key(self, purpose: bytes) -> bytes:
        return hashlib.sha256(purpose + self.secret).digest()

    def _mac(self, purpose: bytes, message: bytes) -> bytes:
        import hmac

        return hmac.digest(self._key(purpose), message, "sha256")

    def digest(self, message: bytes) -> int:
        return int.from_bytes(self._mac(b"digest", message)[:8], "big", signed=True)

    def seal_person(self, point: int, plaintext: bytes) -> bytes:
        nonce = os.urandom(12)
        return nonce + AESGCM(self._key(b"person")).encrypt(nonce, plaintext, point.to_bytes(8, "big", signed=True))

    def open_person(self, point: int, sealed: bytes) -> bytes:
        place = point.to_bytes(8, "big", signed=True)
        return AESGCM(self._key(b"person")).decrypt(sealed[:12], sealed[12:], place)

    def person_reference(self, reference: str) -> bytes:
        return self._mac(b"reference", reference.encode())[:16]
