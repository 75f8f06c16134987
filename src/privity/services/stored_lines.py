"""Reads and seals the stored parts of a request: its file, its lines, its decisions, its packages.

Every sealed piece is bound to its place by associated data, so that no two pieces can be exchanged.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from privity.domain.answer import Decision
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.request import RequestId
from privity.ports.security import SealedStorage
from privity.ports.stored import DecisionChunk, LineChunk, PackageKind, StoredRequest
from privity.ports.stores import ReadStore
from privity.wire.line_chunks import (
    CHUNK_LINES,
    JudgedLine,
    decode_decision_values,
    decode_decisions,
    decode_line_values,
    decode_lines,
    encode_decisions,
)
from privity.wire.request_file import RequestFile, decode_request_file, encode_request_file


@dataclass(frozen=True, slots=True)
class Sealer:
    """The seal of one request, bound to places inside it."""

    request_id: RequestId
    storage: SealedStorage

    def seal(self, place: str, plain: bytes) -> bytes:
        """Seal bytes for one place of this request."""
        return self.storage.seal(plain, self._bind(place))

    def open(self, place: str, sealed: bytes) -> bytes:
        """Open bytes from one place. Raises PrivityError DECRYPTION_FAILED."""
        return self.storage.open(sealed, self._bind(place))

    def seal_file(self, kept: RequestFile) -> bytes:
        """The request's file."""
        return self.seal("file", encode_request_file(kept))

    def open_file(self, request: StoredRequest) -> RequestFile:
        """The request's file."""
        return decode_request_file(self.open("file", request.sealed_header))

    def seal_lines(self, chunks: Iterable[bytes], lines: int) -> Iterator[LineChunk]:
        """Encoded chunks of CHUNK_LINES each, the last with what is left of `lines`."""
        for chunk, encoded in enumerate(chunks):
            before = chunk * CHUNK_LINES
            sealed = self.seal(f"lines/{chunk}", encoded)
            count = min(CHUNK_LINES, lines - before)
            yield LineChunk(self.request_id, chunk, before + 1, count, _hash(sealed), sealed)

    def open_lines(self, chunk: LineChunk) -> list[JudgedLine]:
        """One chunk's lines. Raises PrivityError DECRYPTION_FAILED."""
        return decode_lines(self.open(f"lines/{chunk.chunk}", chunk.sealed))

    def open_line_values(self, chunk: LineChunk) -> list[Any]:
        """One chunk's lines as plain arrays. Raises PrivityError DECRYPTION_FAILED."""
        return decode_line_values(self.open(f"lines/{chunk.chunk}", chunk.sealed))

    def open_decision_values(self, chunk: DecisionChunk) -> list[Any]:
        """One chunk's decisions as plain arrays. Raises PrivityError DECRYPTION_FAILED, STATE_CONFLICT."""
        return decode_decision_values(self._open_decisions(chunk))

    def seal_decisions(self, lines: LineChunk, snapshot_id: str, decisions: Sequence[Decision]) -> DecisionChunk:
        """The decisions of one chunk on one snapshot."""
        sealed = self.seal(f"decisions/{lines.chunk}/{snapshot_id}", encode_decisions(decisions))
        return DecisionChunk(self.request_id, lines.chunk, "DONE", snapshot_id, lines.input_hash, _hash(sealed), sealed)

    def open_decisions(self, chunk: DecisionChunk) -> list[Decision]:
        """One chunk's decisions. Raises PrivityError DECRYPTION_FAILED, STATE_CONFLICT."""
        return decode_decisions(self._open_decisions(chunk))

    def _open_decisions(self, chunk: DecisionChunk) -> bytes:
        if _hash(chunk.sealed) != chunk.output_hash:
            raise PrivityError(ErrorCode.STATE_CONFLICT, "stored decisions do not have their recorded hash")
        return self.open(f"decisions/{chunk.chunk}/{chunk.snapshot_id}", chunk.sealed)

    def seal_package(self, kind: PackageKind, content: bytes) -> bytes:
        """One package."""
        return self.seal(f"package/{kind.value}", content)

    def open_package(self, read: ReadStore, kind: PackageKind) -> bytes | None:
        """One stored package, None where there is none."""
        sealed = read.package(self.request_id, kind)
        return None if sealed is None else self.open(f"package/{kind.value}", sealed)

    def _bind(self, place: str) -> bytes:
        return f"request/{self.request_id}/{place}".encode()


def all_lines(read: ReadStore, sealer: Sealer, request: StoredRequest) -> Iterator[list[JudgedLine]]:
    """Every chunk's lines, in order."""
    for chunk in range(request.chunks):
        yield sealer.open_lines(read.line_chunk(request.request_id, chunk))


def _hash(sealed: bytes) -> str:
    return hashlib.sha256(sealed).hexdigest()
