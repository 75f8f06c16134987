"""The container of a package: a zip of one exact byte form, written deterministically and read without trust.

Entries are stored, never compressed, so nothing can inflate. For given files there is exactly one container: the reader
takes names, sizes and checksums from the central directory, writes every header anew and compares. So no byte of a
container is free: no comment, extra field, gap, trailer, second directory or clock can carry anything.

Not here: what the files mean (`package_manifest`), signatures and encryption.
"""

from __future__ import annotations

import io
import re
import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO, NoReturn

from privity.domain.errors import ErrorCode, PrivityError

MANIFEST_NAME = "manifest.json"
SIGNATURE_NAME = "manifest.p7s"
_FIRST = (MANIFEST_NAME, SIGNATURE_NAME)

# PKWARE APPNOTE 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16; every field but name, size, checksum and offset is fixed.
_LOCAL = struct.Struct("<4sHHHHHIIIHH")
_CENTRAL = struct.Struct("<4sHHHHHHIIIHHHHHII")
_END = struct.Struct("<4sHHHHIIH")
_VERSION_NEEDED = 10
_MADE_BY_UNIX = 0x0314
_TIME, _DATE = 0, 0x0021  # 1980-01-01 00:00:00
_MODE = 0o100600 << 16  # a regular file, readable by its owner alone
_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,99}(?:/[a-z0-9][a-z0-9_.-]{0,99}){0,2}")
_NAME_BYTES = 120
_CHUNK = 1024 * 1024
MOST_MANIFEST_BYTES = 16 * 1024 * 1024
_MEND = "Make the package with `privity request pack`, and send it without opening or re-zipping it."


@dataclass(frozen=True, slots=True)
class Limits:
    """What a container may weigh, in bytes and in files. Checked before anything is parsed.

    A zip counts its files in 16 bits; a response has one for each named officer, and a manifest entry of 220 bytes.
    """

    total_bytes: int = 1024 * 1024 * 1024
    files: int = 65_000
    manifest_bytes: int = MOST_MANIFEST_BYTES
    signature_bytes: int = 256 * 1024


REQUEST_LIMITS = Limits(files=16, manifest_bytes=64 * 1024)
"""A request holds four files, whatever its number of lines: what comes from outside is held to that."""

_ANY = Limits()


@dataclass(frozen=True, slots=True)
class _Entry:
    """One stored file: where its bytes start in the container, how many, and their CRC-32."""

    name: str
    start: int
    size: int
    checksum: int


class Container:
    """An opened container: names in order, and the bytes of each. The source must stay open while it is read."""

    def __init__(self, source: BinaryIO, entries: Mapping[str, _Entry]) -> None:
        self._source = source
        self._entries = entries

    @property
    def names(self) -> tuple[str, ...]:
        """Every file's name, in container order."""
        return tuple(self._entries)

    def size(self, name: str) -> int:
        """Bytes of one file. Raises PrivityError PACKAGE_INVALID where the container has no such file."""
        return self._entry(name).size

    def read(self, name: str) -> bytes:
        """All bytes of one file. Raises PrivityError PACKAGE_INVALID where the container has no such file."""
        return b"".join(self.chunks(name))

    def chunks(self, name: str) -> Iterator[bytes]:
        """The bytes of one file in pieces of at most 1 MiB."""
        entry = self._entry(name)
        return _read_range(self._source, entry.start, entry.size)

    def _entry(self, name: str) -> _Entry:
        """The entry of that name."""
        if name not in self._entries:
            _refuse("the package lacks a file that it must have")
        return self._entries[name]


def write_container(files: Sequence[tuple[str, bytes]]) -> bytes:
    """The one container of these files: (name, bytes) pairs in any order.

    Order inside: manifest.json, manifest.p7s, then the others by name. Raises PrivityError PACKAGE_INVALID for a name
    outside the grammar, a duplicate, a missing manifest or signature, or contents of 4 GiB and more.
    """
    content = dict(files)
    if len(content) != len(files):
        _refuse("two files of the package have the same name")
    names = sorted(content, key=_order)
    _check_names(names)
    output, directory = io.BytesIO(), io.BytesIO()
    for name in names:
        data = content[name]
        if output.tell() + len(data) >= 0xFFFF0000:
            _refuse("the package would be larger than a zip of 4 GiB can hold")
        offset, checksum = output.tell(), zlib.crc32(data)
        output.write(_local_header(name, len(data), checksum))
        output.write(data)
        directory.write(_central_record(name, len(data), checksum, offset))
    start = output.tell()
    output.write(directory.getvalue())
    output.write(_end_record(len(names), directory.tell(), start))
    return output.getvalue()


def open_container(source: BinaryIO, limits: Limits | None = None) -> Container:
    """Check a seekable source from its first byte to its last, and return what it holds.

    Raises PrivityError PACKAGE_INVALID for anything but the exact container that `write_container` would make, and
    for anything beyond `limits`. Nothing is decompressed; memory stays at one piece and the directory.
    """
    limits = limits or _ANY
    total = source.seek(0, io.SEEK_END)
    if total > limits.total_bytes:
        _refuse(f"the package is larger than {limits.total_bytes} bytes")
    described = _read_directory(source, total, limits)
    _check_names([name for name, _, _ in described])
    entries = _place(described)
    _compare_headers(source, tuple(entries.values()), total)
    for name, limit in ((MANIFEST_NAME, limits.manifest_bytes), (SIGNATURE_NAME, limits.signature_bytes)):
        if entries[name].size > limit:
            _refuse(f"the package's manifest or signature is larger than {limit} bytes")
    for entry in entries.values():
        checksum = 0
        for piece in _read_range(source, entry.start, entry.size):
            checksum = zlib.crc32(piece, checksum)
        if checksum != entry.checksum:
            _refuse("a file of the package does not have the checksum that the package states")
    return Container(source, entries)


def _read_directory(source: BinaryIO, total: int, limits: Limits) -> list[tuple[str, int, int]]:
    """(name, size, checksum) of each entry, as the central directory states them; only sizes are trusted so far."""
    if total < _END.size:
        _refuse("the package is empty or cut short")
    source.seek(total - _END.size)
    signature, _, _, _, count, length, start, _ = _END.unpack(source.read(_END.size))
    if signature != b"PK\x05\x06" or start + length + _END.size != total:
        _refuse("the package is not a zip of the agreed form, or has been cut short or added to")
    if count > limits.files:
        _refuse(f"the package holds more than {limits.files} files")
    if length > count * (_CENTRAL.size + _NAME_BYTES):
        _refuse("the package's directory is larger than its files can need")
    source.seek(start)
    directory = source.read(length)
    described = []
    position = 0
    for _ in range(count):
        if position + _CENTRAL.size > length:
            _refuse("the package's directory is cut short")
        fields = _CENTRAL.unpack_from(directory, position)
        if fields[4] != 0:
            _refuse("a file of the package is compressed; packages hold stored files only")
        if fields[3] & 1:
            _refuse("a file of the package is encrypted by the zip itself")
        name = directory[position + _CENTRAL.size : position + _CENTRAL.size + fields[10]]
        described.append((_ascii(name), fields[9], fields[7]))
        position += _CENTRAL.size + fields[10]
    return described


def _place(described: Sequence[tuple[str, int, int]]) -> dict[str, _Entry]:
    """Where each file must start, given the names and sizes before it."""
    entries: dict[str, _Entry] = {}
    position = 0
    for name, size, checksum in described:
        position += _LOCAL.size + len(name)
        entries[name] = _Entry(name, position, size, checksum)
        position += size
    return entries


def _compare_headers(source: BinaryIO, entries: Sequence[_Entry], total: int) -> None:
    """Every byte outside the files' contents must be the one that `write_container` writes there."""
    directory = io.BytesIO()
    end_of_files = 0
    for entry in entries:
        header = _local_header(entry.name, entry.size, entry.checksum)
        offset = entry.start - len(header)
        if entry.start + entry.size > total:
            _refuse("a file of the package states a size beyond the package's end")
        source.seek(offset)
        if source.read(len(header)) != header:
            _refuse("the package is a zip, but not of the agreed byte form")
        directory.write(_central_record(entry.name, entry.size, entry.checksum, offset))
        end_of_files = entry.start + entry.size
    tail = directory.getvalue() + _end_record(len(entries), directory.tell(), end_of_files)
    source.seek(end_of_files)
    if source.read(len(tail) + 1) != tail:
        _refuse("the package is a zip, but not of the agreed byte form")


def _check_names(names: Sequence[str]) -> None:
    """Names in the closed grammar, each once, in the one order, manifest and signature first."""
    for name in names:
        if len(name) > _NAME_BYTES or not _NAME.fullmatch(name):
            _refuse("a file of the package has a name outside the allowed grammar")
    if len(set(names)) != len(names):
        _refuse("two files of the package have the same name")
    if tuple(names[:2]) != _FIRST:
        _refuse("the package does not begin with its manifest and signature")
    if list(names) != sorted(names, key=_order):
        _refuse("the files of the package are not in the agreed order")
    folders = {name[: place.start()] for name in names for place in re.finditer("/", name)}
    if folders & set(names):
        _refuse("a file of the package has the name of a folder")


def _order(name: str) -> tuple[int, str]:
    """Sorting key of a file inside the container."""
    return (_FIRST.index(name) if name in _FIRST else len(_FIRST), name)


def _local_header(name: str, size: int, checksum: int) -> bytes:
    """APPNOTE section 4.3.7."""
    fixed = _LOCAL.pack(b"PK\x03\x04", _VERSION_NEEDED, 0, 0, _TIME, _DATE, checksum, size, size, len(name), 0)
    return fixed + name.encode("ascii")


def _central_record(name: str, size: int, checksum: int, offset: int) -> bytes:
    """APPNOTE section 4.3.12."""
    fixed = _CENTRAL.pack(
        b"PK\x01\x02", _MADE_BY_UNIX, _VERSION_NEEDED, 0, 0, _TIME, _DATE,
        checksum, size, size, len(name), 0, 0, 0, 0, _MODE, offset,
    )  # fmt: skip
    return fixed + name.encode("ascii")


def _end_record(count: int, length: int, start: int) -> bytes:
    """APPNOTE section 4.3.16."""
    return _END.pack(b"PK\x05\x06", 0, 0, count, count, length, start, 0)


def _read_range(source: BinaryIO, start: int, size: int) -> Iterator[bytes]:
    """Pieces of a range; a source that ends early is refused."""
    position = start
    while position < start + size:
        source.seek(position)
        piece = source.read(min(_CHUNK, start + size - position))
        if not piece:
            _refuse("the package is cut short")
        position += len(piece)
        yield piece


def _ascii(name: bytes) -> str:
    """A name as text; anything but ASCII is outside the grammar."""
    try:
        return name.decode("ascii")
    except UnicodeDecodeError:
        _refuse("a file of the package has a name outside the allowed grammar")


def _refuse(message: str) -> NoReturn:
    """Raise PACKAGE_INVALID; names and contents are never repeated."""
    raise PrivityError(ErrorCode.PACKAGE_INVALID, message, _MEND) from None
