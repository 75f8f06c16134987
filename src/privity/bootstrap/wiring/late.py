"""Adapters that are loaded at first use: CMS costs a second of imports, and most commands never touch a signature."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from privity.domain.errors import ErrorCode, PrivityError

if TYPE_CHECKING:
    from privity.ports.security import SignatureVerifier, VerifiedSignature


class LateVerifier:
    """Implements ports SignatureVerifier: reads the home's trust folder when the first signature comes, and anew
    whenever its files change, so that a revocation list laid there while a long command runs counts at once (C7).

    `hostile`: signatures come from outside the house, so that each is parsed in a child process (ADR 0044).
    """

    def __init__(self, home: Path, *, hostile: bool = False) -> None:
        self._home = home
        self._hostile = hostile
        self._verifier: SignatureVerifier | None = None
        self._seen: tuple[tuple[str, int, int, int], ...] = ()

    def verify(
        self, content: bytes, signature: bytes, *, at: datetime, policies: Sequence[str] = ()
    ) -> VerifiedSignature:
        """See the port."""
        return self._loaded().verify(content, signature, at=at, policies=policies)

    def check_recipient(self, certificate_pem: str, *, at: datetime) -> bytes:
        """See the port."""
        return self._loaded().check_recipient(certificate_pem, at=at)

    def _loaded(self) -> SignatureVerifier:
        seen = self._files()
        if self._verifier is None or seen != self._seen:
            from privity.adapters.cms import CmsVerifier
            from privity.adapters.cms_isolated import IsolatedVerifier
            from privity.adapters.trust_files import TrustFiles
            from privity.domain.certificate_policies import RECIPIENT

            stored = TrustFiles(self._home).read()
            if not stored.anchors:
                raise PrivityError(
                    ErrorCode.CERTIFICATE_INVALID,
                    "this home believes no authority yet",
                    "Add the trust anchors and revocation lists with `privity trust add`.",
                )
            kind = IsolatedVerifier if self._hostile else CmsVerifier
            self._verifier = kind(stored.anchors, stored.intermediates, stored.crls, recipient_policies=(RECIPIENT,))
            self._seen = seen
        return self._verifier

    def _files(self) -> tuple[tuple[str, int, int, int], ...]:
        """Name, inode, size and time of change of every file of trust: cheaper than reading long lists each time."""
        found = []
        for path in sorted((self._home / "trust").glob("*/*")):
            with contextlib.suppress(FileNotFoundError):  # replaced at this moment
                about = path.stat()
                found.append((str(path), about.st_ino, about.st_size, about.st_mtime_ns))
        return tuple(found)


class LateEncryptor:
    """Implements ports Encryptor."""

    def encrypt(self, plaintext: bytes, recipient_certificate: bytes) -> bytes:
        """See the port."""
        from privity.adapters.cms import CmsEncryptor

        return CmsEncryptor().encrypt(plaintext, recipient_certificate)
