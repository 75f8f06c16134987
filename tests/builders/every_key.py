"""A thief who has a whole home: every key in it, every blob in its database, and no scruples about associated data.

`readers` tries every key on a blob: rightly (with the associated data of every place of a request) and by force
(AES-CTR without looking at the tag), so that a blob sealed under a wrong key or for a wrong place is read all the same.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from privity.adapters import primitives
from privity.adapters.file_keys_material import KeyedStorage
from privity.domain.errors import PrivityError

NOBODY = "no key at all"


@dataclass(frozen=True)
class Blob:
    """One value of a BLOB column."""

    table: str
    column: str
    row: int
    request_id: str  # "" where the table knows no request
    content: bytes


def blobs_of(database: Path) -> list[Blob]:
    """Every binary value in every table, whichever tables there are."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    found = []
    tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for table in tables:
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        for place, row in enumerate(connection.execute(f"SELECT * FROM {table}")):
            values = dict(zip(columns, row, strict=True))
            request_id = str(values.get("request_id", ""))
            found += [Blob(table, name, place, request_id, v) for name, v in values.items() if isinstance(v, bytes)]
    connection.close()
    return found


def keys_of(home: Path, request_ids: list[str]) -> dict[str, bytes]:
    """Every 32 bytes in the home that could open something: secrets, private scalars, requests' keys that unwrap."""
    found = {path.stem: bytes.fromhex(path.read_text().split()[2]) for path in (home / "keys").glob("*.key")}
    for path in (home / "keys").glob("*.pem"):
        key = load_pem_private_key(path.read_bytes(), None)
        if isinstance(key, ec.EllipticCurvePrivateKey):
            found[path.stem] = key.private_numbers().private_value.to_bytes(32, "big")
    wrapping = found["request-wrapping"]
    for request_id in request_ids:
        bound = primitives.derive_key(wrapping, b"privity request key", request_id.encode())
        found[f"wrapping of {request_id}"] = bound
        for path in (home / "request-keys").glob("*.key"):
            for word in path.read_bytes().split():
                for wrapped in _as_bytes(word):
                    try:
                        found[f"key of {request_id}"] = primitives.unwrap_key(bound, wrapped)
                    except (primitives.PrimitiveError, ValueError):
                        continue
    return found


def readers(blob: Blob, keys: Mapping[str, bytes], request_ids: list[str]) -> set[str]:
    """Names of the keys that read the blob; NOBODY where it lies open."""
    found = {NOBODY} if is_readable(blob.content) else set()
    for name, key in keys.items():
        if is_readable(by_force(key, blob.content)) or _rightly(key, blob, request_ids):
            found.add(name)
    return found


def by_force(key: bytes, sealed: bytes) -> bytes:
    """What AES-256-GCM would give without its tag."""
    if len(sealed) <= 28:
        return b""
    opener = Cipher(algorithms.AES(key), modes.CTR(sealed[:12] + b"\0\0\0\2")).decryptor()
    return opener.update(sealed[12:-16]) + opener.finalize()


def is_readable(plain: bytes) -> bool:
    """Whether the bytes are something: text, a zip, DER of their own length, zlib. Random bytes are none of it."""
    if len(plain) < 16:
        return False
    if plain[:4] == b"PK\x03\x04" or _is_der(plain):
        return True
    try:
        zlib.decompress(plain)
    except zlib.error:
        pass
    else:
        return True
    try:
        plain.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _is_der(plain: bytes) -> bool:
    if plain[0] != 0x30 or not 0x81 <= plain[1] <= 0x84:
        return False
    size = plain[1] & 0x7F
    return int.from_bytes(plain[2 : 2 + size], "big") + 2 + size == len(plain)


def _rightly(key: bytes, blob: Blob, request_ids: list[str]) -> bool:
    """Whether the tag verifies for any place of any request: also bytes that look like nothing, a salt for one."""
    for associated in _places(blob, request_ids):
        try:
            KeyedStorage(key).open(blob.content, associated)
        except PrivityError:
            continue
        return True
    return False


def _places(blob: Blob, request_ids: list[str]) -> Iterator[bytes]:
    for request_id in request_ids:
        for place in ("file", "salt", "package/arrived", "package/sealed", "package/response", f"lines/{blob.row}"):
            yield f"request/{request_id}/{place}".encode()
    yield b""


def _as_bytes(word: bytes) -> Iterator[bytes]:
    yield word
    try:
        yield bytes.fromhex(word.decode("ascii"))
    except ValueError:
        return
