"""Whom a home believes: trust anchors, intermediates and revocation lists as files below HOME/trust, one a file.

Files are named by hash, never by subject. A revocation list replaces an older one of the same authority and is never
replaced by an older one. Also writes HOME/public/trust.json, which an outsider needs to verify. Judges no path.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from privity.adapters.cms_certificates import load_certificates, load_revocation_lists
from privity.domain.errors import ErrorCode, PrivityError

FORMAT = "privity-trust/1"


@dataclass(frozen=True, slots=True)
class TrustDocuments:
    """Everything believed, in DER."""

    anchors: tuple[bytes, ...]
    intermediates: tuple[bytes, ...]
    crls: tuple[bytes, ...]

    @property
    def digest(self) -> str:
        """SHA-256, hex, over the hashes of all documents by kind; "" where nothing is believed yet."""
        lines = [
            f"{kind} {hashlib.sha256(der).hexdigest()}\n"
            for kind in ("anchors", "intermediates", "crls")
            for der in getattr(self, kind)
        ]
        return hashlib.sha256("".join(sorted(lines)).encode("ascii")).hexdigest() if lines else ""


class TrustFiles:
    """The trust folder of one home."""

    def __init__(self, home: Path) -> None:
        self._folder = home / "trust"
        self._public = home / "public"

    @property
    def public_file(self) -> Path:
        """Where the public trust file lies."""
        return self._public / "trust.json"

    def read(self) -> TrustDocuments:
        """All documents, in a fixed order."""
        return TrustDocuments(*(tuple(self._documents(kind)) for kind in ("anchors", "intermediates", "crls")))

    def add(self, anchors: Sequence[bytes], intermediates: Sequence[bytes], crls: Sequence[bytes]) -> TrustDocuments:
        """Store PEM or DER documents. All are read before any is stored.

        Raises PrivityError CERTIFICATE_INVALID (unreadable) or STATE_CONFLICT (a revocation list older than ours).
        """
        found_anchors = [bytes(one.dump()) for one in load_certificates(anchors)] if anchors else []
        found_intermediates = [bytes(one.dump()) for one in load_certificates(intermediates)] if intermediates else []
        lists = load_revocation_lists(crls)
        for one in lists:
            self._refuse_older(one)
        self._store("anchors", ((_name(der), der) for der in found_anchors))
        self._store("intermediates", ((_name(der), der) for der in found_intermediates))
        self._store("crls", ((_name(one.issuer.dump()), bytes(one.dump())) for one in lists))
        return self.read()

    def publish(
        self, origin: str, log_keys: Sequence[str], *, response_policy: str, request_policy: str
    ) -> dict[str, object]:
        """Write the public trust file from what is stored; returns the document."""
        stored = self.read()
        document: dict[str, object] = {
            "format": FORMAT,
            "origin": origin,
            "log_keys": list(log_keys),
            "anchors": [_pem(der, "CERTIFICATE") for der in stored.anchors],
            "intermediates": [_pem(der, "CERTIFICATE") for der in stored.intermediates],
            "crls": [_pem(der, "X509 CRL") for der in stored.crls],
            "response_policy": response_policy,
            "request_policy": request_policy,
        }
        _write(self.public_file, (json.dumps(document, indent=1) + "\n").encode("ascii"), mode=0o644)
        return document

    def _documents(self, kind: str) -> Iterable[bytes]:
        folder = self._folder / kind
        names = sorted(folder.glob("*.der")) if folder.is_dir() else []
        return (path.read_bytes() for path in names)

    def _store(self, kind: str, documents: Iterable[tuple[str, bytes]]) -> None:
        for name, der in documents:
            _write(self._folder / kind / f"{name}.der", der, mode=0o600)

    def _refuse_older(self, offered: object) -> None:
        ours = self._folder / "crls" / f"{_name(offered.issuer.dump())}.der"  # type: ignore[attr-defined]
        if not ours.is_file():
            return
        held = load_revocation_lists([ours.read_bytes()])[0]
        times = [one["tbs_cert_list"]["this_update"].native for one in (held, offered)]  # type: ignore[index]
        if times[1] < times[0]:
            raise PrivityError(
                ErrorCode.STATE_CONFLICT,
                "a revocation list is older than the one this home has of the same authority",
                "Fetch the newest revocation list.",
            )


def _name(der: bytes) -> str:
    return hashlib.sha256(der).hexdigest()[:40]


def _pem(der: bytes, label: str) -> str:
    from asn1crypto import pem

    return str(pem.armor(label, der).decode("ascii"))


def _write(path: Path, content: bytes, *, mode: int) -> None:
    """Write beside, fsync, rename: the file is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    draft.rename(path)
