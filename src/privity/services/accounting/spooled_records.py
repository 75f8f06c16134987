"""Sealed accounting records on their way into the one transaction that keeps them: memory first, then a nameless file.

Everything is sealed or digested before it comes here. The file has no name, so it ends with the process; records count
as nothing until the store has taken them in.
"""

from __future__ import annotations

import struct
import tempfile
from collections.abc import Iterator

from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.request import RequestId
from privity.ports.stored import AccountingRow, Filing, FilingKind

IN_MEMORY = 64 * 1024**2
_ROW = struct.Struct("<II32s")
_FILING = struct.Struct("<IB")
_KINDS = tuple(FilingKind)


class SpooledRecords:
    """The rows and filings of one request, in order; written once, read any number of times."""

    def __init__(self, request_id: RequestId) -> None:
        self._request_id = request_id
        self._rows = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  # lives as long as this object
        self._filings = bytearray()
        self.count = 0

    def add(self, ordinal: int, leaf: bytes, sealed: bytes) -> None:
        """One row. Raises PrivityError STORAGE_FAILED."""
        try:
            self._rows.write(_ROW.pack(ordinal, len(sealed), leaf))
            self._rows.write(sealed)
        except OSError:
            raise PrivityError(
                ErrorCode.STORAGE_FAILED,
                "accounting records could not be laid down",
                "Free space in the folder for temporary files (TMPDIR), then run the command again.",
            ) from None
        self.count += 1

    def file_under(self, digest: bytes, kind: FilingKind, ordinal: int) -> None:
        """One filing. `digest` has 32 bytes."""
        self._filings += digest
        self._filings += _FILING.pack(ordinal, _KINDS.index(kind))

    def rows(self) -> Iterator[AccountingRow]:
        """Every row, in the order it was added."""
        self._rows.seek(0)
        while head := self._rows.read(_ROW.size):
            ordinal, length, leaf = _ROW.unpack(head)
            yield AccountingRow(self._request_id, ordinal, leaf, self._rows.read(length))

    def filings(self) -> Iterator[Filing]:
        """Every filing."""
        step = 32 + _FILING.size
        for at in range(0, len(self._filings), step):
            ordinal, kind = _FILING.unpack_from(self._filings, at + 32)
            yield Filing(bytes(self._filings[at : at + 32]), _KINDS[kind], self._request_id, ordinal)
