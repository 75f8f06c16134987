"""The offline verifier of Privity packages, logs and audit bundles: one file, for an auditor's laptop.

    python -m privity_verify PATH [--trust trust.json] [--older CHECKPOINT] [--json]

PATH is a package (request, response, notice, receipt), a folder with a published log, the folder of a destruction
certificate, or an audit bundle (a folder with `log/`, `packages/*.zip`, `accounting/*.jsonl`, `destructions/*/`);
CHECKPOINT one that you kept from an earlier day, which the log must extend.

It needs Python's standard library, `cryptography`, and for CMS signatures, certificate paths and revocation the
stock `openssl` command. It shares no code with the gate that wrote the evidence: formats are re-implemented here from
docs/evidence-format.md, so that one mistake cannot hide in both.

Verdicts and exit codes: VALID 0, INVALID 1, usage 2, INCOMPLETE 3. INCOMPLETE means: nothing wrong was found, but
something could not be checked (no trust file, no openssl, no revocation list for the signing time). It is never VALID.

It does not decrypt, does not judge whether a request was lawful, and opens no network connection.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import io
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO, NoReturn, TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

VALID, INVALID, USAGE, INCOMPLETE = 0, 1, 2, 3
T = TypeVar("T")

VERDICTS = {VALID: "VALID", INVALID: "INVALID", INCOMPLETE: "INCOMPLETE"}

MOST_PACKAGE_BYTES = 1024 * 1024 * 1024
MOST_PACKAGE_FILES = 65_000  # a zip counts them in 16 bits
MOST_MANIFEST_BYTES = 16 * 1024 * 1024
MOST_JSON_BYTES = 4 * 1024 * 1024
MOST_SIGNATURE_BYTES = 256 * 1024
MOST_NOTE_BYTES = 65_536
MOST_ENTRY_BYTES = 65_535
MOST_LOG_ENTRIES = 2**40
MOST_RECORD_BYTES = 256 * 1024
MOST_RECORDS = 10_000_000
MOST_DEPTH = 32
CHUNK = 1024 * 1024
OPENSSL_SECONDS = 60


# --------------------------------------------------------------------------------------------------------------------
# Findings
# --------------------------------------------------------------------------------------------------------------------


class InvalidError(Exception):
    """The evidence is wrong. The message is a plain sentence without personal data."""


class IncompleteError(Exception):
    """Something could not be checked. The message says what is missing."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One check and how it came out: "pass", "fail", "unknown" (could not be checked) or "note" (for information)."""

    subject: str
    check: str
    outcome: str
    reason: str


@dataclass(slots=True)
class Report:
    """All findings about one path. The verdict follows from them and from nothing else."""

    kind: str = "unknown"
    findings: list[Finding] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """INVALID if anything failed, INCOMPLETE if anything is unknown or nothing was checked, else VALID."""
        outcomes = {finding.outcome for finding in self.findings}
        if "fail" in outcomes:
            return INVALID
        return VALID if "pass" in outcomes and "unknown" not in outcomes else INCOMPLETE

    @property
    def verdict(self) -> str:
        """VALID, INVALID or INCOMPLETE."""
        return VERDICTS[self.exit_code]

    def add(self, subject: str, check: str, outcome: str, reason: str) -> None:
        """Record one finding."""
        self.findings.append(Finding(subject, check, outcome, reason))

    def load(self, subject: str, check: str, reason: str, act: Callable[..., T], *args: Any) -> T | None:
        """Run one reading: its value with a "pass" for `reason`, or None with the "fail" or "unknown" it ended in."""
        try:
            value = act(*args)
        except IncompleteError as gap:
            self.add(subject, check, "unknown", str(gap))
        except InvalidError as refusal:
            self.add(subject, check, "fail", str(refusal))
        except (OSError, MemoryError):
            self.add(subject, check, "unknown", "it could not be read on this machine")
        except Exception:  # whatever a hostile input makes a parser raise: never a crash, never a pass
            self.add(subject, check, "fail", "it is malformed in a way that stops its reading")
        else:
            self.add(subject, check, "pass", reason or str(value))
            return value
        return None

    def check(self, subject: str, check: str, act: Callable[..., str], *args: Any) -> bool:
        """Run one check, which returns the sentence to report; whether it passed."""
        return self.load(subject, check, "", act, *args) is not None

    def failed(self, subject: str) -> bool:
        """Whether anything about this subject failed so far."""
        return any(finding.subject == subject and finding.outcome == "fail" for finding in self.findings)

    def to_json(self) -> dict[str, Any]:
        """The report as one JSON object (docs/evidence-format.md, Verdicts)."""
        checks = [
            {"subject": item.subject, "check": item.check, "outcome": item.outcome, "reason": item.reason}
            for item in self.findings
        ]
        return {"format": "privity-verdict/1", "verdict": self.verdict, "kind": self.kind, "checks": checks}


def invalid(reason: str) -> NoReturn:
    """Raise InvalidError."""
    raise InvalidError(reason)


def require(condition: bool, reason: str) -> None:
    """Raise InvalidError with this reason unless the condition holds. (Never `assert`: it vanishes under -O.)"""
    if not condition:
        raise InvalidError(reason)


# --------------------------------------------------------------------------------------------------------------------
# Scalars and canonical JSON (RFC 8785, whole numbers only)
# --------------------------------------------------------------------------------------------------------------------

HEX_256 = re.compile(r"[0-9a-f]{64}")
REQUEST_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
NOTICE_ID = re.compile(r"notice-[0-9a-f]{16}")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}")
OID = re.compile(r"[0-2](?:\.(?:0|[1-9][0-9]{0,39})){1,20}")
ESCAPED = re.compile(r'[\x00-\x1f"\\]')
ESCAPES = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


def read_decimal(text: str, what: str) -> int:
    """A non-negative decimal in its one spelling."""
    require(DECIMAL.fullmatch(text) is not None, f"{what} is not a number in canonical decimal form")
    return int(text)


def read_base64(text: str, what: str) -> bytes:
    """Standard base64 in its one spelling (padding there, unused bits zero)."""
    try:
        value = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, ValueError):
        invalid(f"{what} is not in base64 form")
    require(value != b"" and base64.b64encode(value).decode() == text, f"{what} is not in canonical base64 form")
    return value


def read_moment(text: Any, what: str) -> datetime:
    """A UTC moment in whole seconds."""
    require(isinstance(text, str) and MOMENT.fullmatch(text) is not None, f"{what} is not a moment in UTC")
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        invalid(f"{what} is not a moment that exists")


def read_day(text: Any, what: str) -> date:
    """A day, as 2026-01-31."""
    require(isinstance(text, str) and DAY.fullmatch(text) is not None, f"{what} is not a day in the one form allowed")
    try:
        return date.fromisoformat(text)
    except ValueError:
        invalid(f"{what} is not a day that exists")


def canonical(value: Any, depth: int = MOST_DEPTH) -> str:
    """RFC 8785 text of a value made of null, booleans, whole numbers, texts, lists and objects."""
    if value is None or isinstance(value, bool):
        return "null" if value is None else ("true" if value else "false")
    if isinstance(value, int):
        require(abs(value) < 2**53, "a number is larger than JSON carries exactly")
        return str(value)
    if isinstance(value, str):
        return f'"{ESCAPED.sub(escape, value)}"'
    require(depth > 0 and isinstance(value, list | dict), "a document is nested too deeply or holds a fraction")
    if isinstance(value, list):
        return "[" + ",".join(canonical(item, depth - 1) for item in value) + "]"
    keys = sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
    return "{" + ",".join(f"{canonical(key)}:{canonical(value[key], depth - 1)}" for key in keys) + "}"


def escape(found: re.Match[str]) -> str:
    """One character as RFC 8785 section 3.2.2.2 escapes it."""
    return ESCAPES.get(found.group()) or f"\\u{ord(found.group()):04x}"


def unique_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object whose names are all different."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("duplicate name")
    return found


def read_json(data: bytes, what: str, *, limit: int = MOST_JSON_BYTES, exact: bool = True) -> dict[str, Any]:
    """A JSON object; with `exact`, only in its canonical bytes."""
    require(len(data) <= limit, f"{what} is larger than {limit} bytes")
    try:
        value = json.loads(data.decode("utf-8"), object_pairs_hook=unique_object)
        if exact:
            require(canonical(value).encode("utf-8") == data, f"{what} is not in canonical JSON form")
    except (ValueError, RecursionError):
        invalid(f"{what} is not JSON in UTF-8 with unique names")
    require(isinstance(value, dict), f"{what} is not a JSON object")
    return dict(value)


def read_fields(value: Any, shape: dict[str, Any], what: str) -> dict[str, Any]:
    """Check that an object has exactly the fields of `shape`, each of its type or matching its pattern."""
    require(isinstance(value, dict) and set(value) == set(shape), f"{what} does not have exactly the expected fields")
    for name, kind in shape.items():
        item = value[name]
        if isinstance(kind, re.Pattern):
            good = isinstance(item, str) and kind.fullmatch(item) is not None
        elif kind is int:
            good = isinstance(item, int) and not isinstance(item, bool) and 0 <= item < 2**53
        else:
            good = isinstance(item, kind)
        require(good, f"{what} has a field {name} of another form than its format says")
    return dict(value)


# --------------------------------------------------------------------------------------------------------------------
# Merkle trees (RFC 6962), by another method than the log's own: level by level, and by the sides of the path
# --------------------------------------------------------------------------------------------------------------------


def sha256(data: bytes) -> bytes:
    """SHA-256, 32 bytes."""
    return hashlib.sha256(data).digest()


def leaf_hash(data: bytes) -> bytes:
    """RFC 6962 section 2.1."""
    return sha256(b"\x00" + data)


def pair_hash(left: bytes, right: bytes) -> bytes:
    """RFC 6962 section 2.1."""
    return sha256(b"\x01" + left + right)


def merkle_root(leaf_hashes: Sequence[bytes]) -> bytes:
    """The root: neighbours are paired level by level, an odd last one moves up as it is."""
    if not leaf_hashes:
        return sha256(b"")
    level = list(leaf_hashes)
    while len(level) > 1:
        paired = [pair_hash(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
        level = paired + (level[-1:] if len(level) % 2 else [])
    return level[0]


def path_sides(index: int, size: int) -> list[bool]:
    """For each hash of an inclusion proof, leaf first: whether the sibling stands on the left."""
    sides: list[bool] = []
    while size > 1:
        left = 1 << ((size - 1).bit_length() - 1)
        sides.append(index >= left)
        index, size = (index - left, size - left) if index >= left else (index, left)
    return sides[::-1]


def check_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> None:
    """Raise InvalidError unless the proof, of exactly the right length, leads from the leaf to the root."""
    require(0 <= index < size, "the entry's index lies outside the tree")
    require(all(len(value) == 32 for value in (*proof, leaf, root)), "a hash of the proof has another size")
    sides = path_sides(index, size)
    require(len(proof) == len(sides), f"the inclusion proof has {len(proof)} hashes where {len(sides)} are needed")
    current = leaf
    for sibling, on_the_left in zip(proof, sides, strict=True):
        current = pair_hash(sibling, current) if on_the_left else pair_hash(current, sibling)
    require(current == root, "the inclusion proof does not lead to the checkpoint's root")


# --------------------------------------------------------------------------------------------------------------------
# Signed notes, checkpoints, proofs (C2SP signed-note, tlog-checkpoint, tlog-proof)
# --------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LogKey:
    """One expected log key."""

    name: str
    key_id: bytes
    kind: int  # 1 Ed25519, 2 ECDSA
    public: ed25519.Ed25519PublicKey | ec.EllipticCurvePublicKey

    @property
    def title(self) -> str:
        """Name of the algorithm."""
        return "Ed25519" if self.kind == 1 else "ECDSA"

    def check(self, text: bytes, signature: bytes) -> None:
        """Raise InvalidError unless this key signed the text."""
        try:
            if isinstance(self.public, ed25519.Ed25519PublicKey):
                self.public.verify(signature, text)
            else:
                self.public.verify(signature, text, ec.ECDSA(hashes.SHA256()))
        except InvalidSignature:
            invalid(f"the checkpoint's {self.title} signature is wrong")


def read_log_key(text: str) -> LogKey:
    """A verifier key `name+hexid+base64(type || key)`; the id is recomputed."""
    name, _, rest = text.partition("+")
    hex_id, _, encoded = rest.partition("+")
    blob = read_base64(encoded, "a log key")
    kind, key = blob[0], blob[1:]
    try:
        if kind == 1:
            public: Any = ed25519.Ed25519PublicKey.from_public_bytes(key)
            key_id = sha256(name.encode() + b"\n\x01" + key)[:4]
        else:
            public = serialization.load_der_public_key(key)
            key_id = sha256(key)[:4]
    except (ValueError, UnsupportedAlgorithm):
        invalid("a log key cannot be read")
    good = kind == 1 or (kind == 2 and isinstance(public, ec.EllipticCurvePublicKey))
    require(good and name != "" and key_id.hex() == hex_id, "a log key has another type or id than it says")
    return LogKey(name, key_id, kind, public)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A tree head as it was signed."""

    origin: str
    size: int
    root: bytes
    text: bytes
    signatures: tuple[tuple[str, bytes, bytes], ...]  # name, key id, signature


def read_checkpoint(note: bytes) -> Checkpoint:
    """Read a signed note that holds a checkpoint of exactly three lines."""
    require(len(note) <= MOST_NOTE_BYTES, "the checkpoint is too long")
    try:
        text = note.decode("utf-8")
    except UnicodeDecodeError:
        invalid("the checkpoint is not UTF-8")
    require(not any(c < " " and c != "\n" for c in text), "the checkpoint holds control characters")
    head, separator, tail = text.rpartition("\n\n")
    require(separator != "" and tail.endswith("\n"), "the checkpoint is not a signed note")
    lines = head.split("\n")
    require(len(lines) == 3 and lines[0] != "", "the checkpoint does not have exactly origin, size and root")
    root = read_base64(lines[2], "the checkpoint's root")
    require(len(root) == 32, "the checkpoint's root is not a SHA-256 hash")
    signatures = tuple(read_signature_line(line) for line in tail[:-1].split("\n"))
    return Checkpoint(lines[0], read_decimal(lines[1], "the tree size"), root, f"{head}\n".encode(), signatures)


def read_signature_line(line: str) -> tuple[str, bytes, bytes]:
    """(key name, key id, signature) of one line."""
    parts = line.split(" ")
    require(len(parts) == 3 and parts[0] == "\u2014" and parts[1] != "", "a signature line is malformed")
    blob = read_base64(parts[2], "a checkpoint signature")
    require(len(blob) > 4, "a checkpoint signature is too short")
    return parts[1], blob[:4], blob[4:]


def check_checkpoint(head: Checkpoint, given: Trust | None) -> str:
    """Every expected key signed this head of the expected log exactly once. Returns a sentence."""
    trust = need(given)
    require(head.origin == trust.origin, "the checkpoint comes from another log than the trust file names")
    for key in trust.log_keys:
        found = [raw for name, key_id, raw in head.signatures if (name, key_id) == (key.name, key.key_id)]
        require(len(found) == 1, f"the checkpoint does not carry exactly one signature by the log's {key.title} key")
        key.check(head.text, found[0])
    titles = " and ".join(key.title for key in trust.log_keys)
    return f"the checkpoint of {head.size} entries is signed by all expected keys ({titles})"


def read_proof(text: bytes) -> tuple[int, list[bytes], bytes]:
    """(index, hashes, checkpoint note) of a tlog-proof without extra data."""
    require(len(text) <= MOST_NOTE_BYTES, "the log proof is too long")
    head, separator, note = text.partition(b"\n\n")
    try:
        lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError:
        invalid("the log proof is not plain text")
    good = separator != b"" and len(lines) >= 2 and lines[0] == "c2sp.org/tlog-proof@v1" and lines[1][:6] == "index "
    require(good, "the log proof does not have the form of a tlog-proof")
    proof = [read_base64(line, "a hash of the log proof") for line in lines[2:]]
    require(all(len(value) == 32 for value in proof), "the log proof holds something that is not a SHA-256 hash")
    return read_decimal(lines[1][6:], "the proof's index"), proof, note


# --------------------------------------------------------------------------------------------------------------------
# Trust
# --------------------------------------------------------------------------------------------------------------------

TRUST_SHAPE: dict[str, Any] = {
    "format": re.compile(r"privity-trust/1"),
    "origin": str,
    "log_keys": list,
    "anchors": list,
    "intermediates": list,
    "crls": list,
    "response_policy": OID,
    "request_policy": OID,
}


@dataclass(frozen=True, slots=True)
class Trust:
    """What the auditor trusts beforehand, obtained from the custodian by another way than the evidence."""

    origin: str
    log_keys: tuple[LogKey, ...]
    anchors: tuple[x509.Certificate, ...]
    intermediates: tuple[x509.Certificate, ...]
    crls: tuple[x509.CertificateRevocationList, ...]
    policies: dict[str, str]  # kind of package -> certificate policy OID


def read_trust(data: bytes) -> Trust:
    """Read trust.json strictly."""
    fields = read_fields(read_json(data, "the trust file", exact=False), TRUST_SHAPE, "the trust file")
    for name in ("log_keys", "anchors", "intermediates", "crls"):
        require(all(isinstance(item, str) for item in fields[name]), f"the trust file's {name} are not texts")
    keys = tuple(read_log_key(item) for item in fields["log_keys"])
    require(
        len({(key.name, key.key_id) for key in keys}) == len(keys) > 0, "the trust file names no log keys, or twice"
    )
    require(len(fields["anchors"]) > 0, "the trust file names no trust anchor")
    try:
        anchors = tuple(x509.load_pem_x509_certificate(item.encode()) for item in fields["anchors"])
        intermediates = tuple(x509.load_pem_x509_certificate(item.encode()) for item in fields["intermediates"])
        crls = tuple(read_crl(item) for item in fields["crls"])
    except ValueError:
        invalid("a certificate or revocation list in the trust file cannot be read")
    policies = {"response": fields["response_policy"], "request": fields["request_policy"]}
    return Trust(fields["origin"], keys, anchors, intermediates, crls, policies)


def read_crl(text: str) -> x509.CertificateRevocationList:
    """A revocation list in PEM, or in base64 of DER."""
    if text.startswith("-----"):
        return x509.load_pem_x509_crl(text.encode())
    return x509.load_der_x509_crl(read_base64(text, "a revocation list"))


# --------------------------------------------------------------------------------------------------------------------
# The container: a zip of one exact byte form (stored files only; every header byte is implied by names and contents)
# --------------------------------------------------------------------------------------------------------------------

ZIP_LOCAL = struct.Struct("<4s5H3I2H")
ZIP_CENTRAL = struct.Struct("<4s6H3I5H2I")
ZIP_END = struct.Struct("<4s4H2IH")
FILE_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,99}(?:/[a-z0-9][a-z0-9_.-]{0,99}){0,2}")
NOT_THE_FORM = "the package is not a zip of the agreed byte form (docs/evidence-format.md, Container)"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """Where one file's bytes lie in the package."""

    start: int
    size: int
    crc: int


@dataclass(frozen=True, slots=True)
class Package:
    """An opened package whose container is sound."""

    source: BinaryIO
    files: dict[str, StoredFile]

    def chunks(self, name: str) -> Iterator[bytes]:
        """The bytes of one file, piece by piece."""
        place = self.files[name]
        at, end = place.start, place.start + place.size
        while at < end:
            self.source.seek(at)
            piece = self.source.read(min(CHUNK, end - at))
            require(piece != b"", "the package ends early")
            at += len(piece)
            yield piece

    def read(self, name: str, limit: int) -> bytes:
        """One whole file, if it is there and not too large."""
        require(name in self.files, f"the package has no {name}")
        require(self.files[name].size <= limit, f"the package's {name} is larger than {limit} bytes")
        return b"".join(self.chunks(name))

    def sha256(self, name: str) -> str:
        """SHA-256 of one file, hex."""
        digest = hashlib.sha256()
        for piece in self.chunks(name):
            digest.update(piece)
        return digest.hexdigest()


def open_package(source: BinaryIO) -> Package:
    """Open a container, accounting for every byte outside the files' contents, and check each file's CRC-32."""
    total = source.seek(0, io.SEEK_END)
    require(total <= MOST_PACKAGE_BYTES, f"the package is larger than {MOST_PACKAGE_BYTES} bytes")
    names, sizes, crcs = read_directory(source, total)
    expected, files = io.BytesIO(), {}
    position = 0
    for name, size, crc in zip(names, sizes, crcs, strict=True):
        raw = name.encode("ascii")
        header = ZIP_LOCAL.pack(b"PK\x03\x04", 10, 0, 0, 0, 0x21, crc, size, size, len(raw), 0) + raw
        source.seek(position)
        require(source.read(len(header)) == header, NOT_THE_FORM)
        files[name] = StoredFile(position + len(header), size, crc)
        made = (b"PK\x01\x02", 0x0314, 10, 0, 0, 0, 0x21, crc, size, size, len(raw), 0, 0, 0, 0)
        expected.write(ZIP_CENTRAL.pack(*made, 0o100600 << 16, position) + raw)
        position += len(header) + size
        require(position <= total, NOT_THE_FORM)
    length = expected.tell()
    expected.write(ZIP_END.pack(b"PK\x05\x06", 0, 0, len(names), len(names), length, position, 0))
    source.seek(position)
    require(source.read(length + ZIP_END.size + 1) == expected.getvalue(), NOT_THE_FORM)
    package = Package(source, files)
    check_crcs(package)
    return package


def read_directory(source: BinaryIO, total: int) -> tuple[list[str], list[int], list[int]]:
    """Names, sizes and CRCs from the central directory, which `open_package` then compares byte for byte."""
    require(total >= ZIP_END.size, NOT_THE_FORM)
    source.seek(total - ZIP_END.size)
    magic, _, _, _, count, length, start, _ = ZIP_END.unpack(source.read(ZIP_END.size))
    require(magic == b"PK\x05\x06" and start + length + ZIP_END.size == total, NOT_THE_FORM)
    require(2 <= count <= MOST_PACKAGE_FILES, "the package holds too few or too many files")
    require(length <= count * (ZIP_CENTRAL.size + 120), NOT_THE_FORM)
    source.seek(start)
    directory, at = source.read(length), 0
    names, sizes, crcs = [], [], []
    for _ in range(count):
        require(at + ZIP_CENTRAL.size <= length, NOT_THE_FORM)
        fields = ZIP_CENTRAL.unpack_from(directory, at)
        require(fields[4] == 0, "a file of the package is compressed; packages hold stored files only")
        raw = directory[at + ZIP_CENTRAL.size : at + ZIP_CENTRAL.size + fields[10]]
        names.append(raw.decode("latin-1"))
        sizes.append(fields[9])
        crcs.append(fields[7])
        at += ZIP_CENTRAL.size + fields[10]
    check_names(names)
    return names, sizes, crcs


def check_names(names: Sequence[str]) -> None:
    """Plain relative names, each once, manifest and signature first, the rest sorted."""
    require(all(len(name) <= 120 and FILE_NAME.fullmatch(name) for name in names), "a file name is not allowed")
    require(len(set(names)) == len(names), "two files of the package have the same name")
    require(list(names[:2]) == ["manifest.json", "manifest.p7s"], "the package does not begin with its manifest")
    require(list(names[2:]) == sorted(names[2:]), "the files of the package are not in order")


def check_crcs(package: Package) -> None:
    """Each file has the checksum that the zip states."""
    for name, place in package.files.items():
        crc = 0
        for piece in package.chunks(name):
            crc = zlib.crc32(piece, crc)
        require(crc == place.crc, "a file of the package does not have the checksum that the zip states")


# --------------------------------------------------------------------------------------------------------------------
# DER and CMS, only as much as is needed to leave no byte of a signature free and to know the length of a part
# --------------------------------------------------------------------------------------------------------------------

SEQUENCE, SET, OCTETS, INTEGER, OBJECT = 0x30, 0x31, 0x04, 0x02, 0x06
OID_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
OID_AUTH_ENVELOPED = bytes.fromhex("2a864886f70d0109100117")
OID_DATA = bytes.fromhex("2a864886f70d010701")
OID_MESSAGE_DIGEST = bytes.fromhex("2a864886f70d010904")
OID_SIGNING_TIME = bytes.fromhex("2a864886f70d010905")
OID_GCM_256 = bytes.fromhex("60864801650304012e")
DIGESTS = {bytes.fromhex("608648016503040201"): "sha256", bytes.fromhex("608648016503040202"): "sha384"}
SIGNATURE_ALGORITHMS = {  # signature algorithm -> the digest it implies ("" : any)
    bytes.fromhex("2a8648ce3d040302"): "sha256",
    bytes.fromhex("2a8648ce3d040303"): "sha384",
    bytes.fromhex("2a864886f70d01010b"): "sha256",
    bytes.fromhex("2a864886f70d01010c"): "sha384",
    bytes.fromhex("2a864886f70d010101"): "",
}


@dataclass(frozen=True, slots=True)
class Der:
    """One DER element: its tag, its content, and its whole bytes."""

    tag: int
    content: bytes
    whole: bytes


def read_der(data: bytes) -> list[Der]:
    """The elements that fill `data` exactly; only definite, shortest lengths and one-byte tags."""
    elements: list[Der] = []
    at = 0
    while at < len(data):
        require(at + 2 <= len(data) and data[at] & 0x1F != 0x1F, "a CMS structure is malformed")
        length, start = data[at + 1], at + 2
        if length >= 0x80:
            extra = length & 0x7F
            require(1 <= extra <= 4 and start + extra <= len(data), "a CMS structure is malformed")
            length, start = int.from_bytes(data[start : start + extra], "big"), start + extra
            require(length >= 0x80 and length >> (8 * (extra - 1)) > 0, "a CMS structure is not in DER form")
        require(start + length <= len(data), "a CMS structure is cut short")
        elements.append(Der(data[at], data[start : start + length], data[at : start + length]))
        at = start + length
    return elements


def open_der(data: bytes, tag: int, what: str) -> list[Der]:
    """The children of the single element in `data`, which must have this tag."""
    elements = read_der(data)
    require(len(elements) == 1 and elements[0].tag == tag, f"{what} does not have the expected form")
    return read_der(elements[0].content)


def tags_are(elements: Sequence[Der], tags: Sequence[int], what: str) -> None:
    """The elements have exactly these tags."""
    require([item.tag for item in elements] == list(tags), f"{what} does not have the expected form")


def open_content(data: bytes, content_type: bytes, what: str) -> list[Der]:
    """The fields of the structure inside a ContentInfo of this type (RFC 5652 section 3)."""
    outer = open_der(data, SEQUENCE, what)
    tags_are(outer, [OBJECT, 0xA0], what)
    require(outer[0].content == content_type, f"{what} is CMS of another kind")
    return open_der(outer[1].content, SEQUENCE, what)


@dataclass(frozen=True, slots=True)
class SignatureFacts:
    """What a detached signature says about itself; `openssl` decides whether it is true."""

    signing_time: datetime
    digest_name: str
    message_digest: bytes
    certificates: tuple[bytes, ...]  # DER
    issuer: bytes  # DER of the name that issued the signer's certificate
    serial: int


def read_signature(data: bytes) -> SignatureFacts:
    """Read a detached CMS SignedData by one signer, in the one form that leaves no byte unsigned (RFC 5652 section 5).

    One digest algorithm, no content, certificates, no revocation lists, one signer named by issuer and serial number,
    signed attributes, no unsigned attributes.
    """
    what = "the signature manifest.p7s"
    fields = open_content(data, OID_SIGNED_DATA, what)
    tags_are(fields, [INTEGER, SET, SEQUENCE, 0xA0, SET], what)
    version, algorithms, content, certificates, signers = fields
    require(version.content == b"\x01", f"{what} has another version than 1")
    tags_are(read_der(content.content), [OBJECT], what)
    require(read_der(content.content)[0].content == OID_DATA, f"{what} signs another type of content")
    signer_infos = read_der(signers.content)
    tags_are(signer_infos, [SEQUENCE], what)
    signer = read_der(signer_infos[0].content)
    tags_are(signer, [INTEGER, SEQUENCE, SEQUENCE, 0xA0, SEQUENCE, OCTETS], what)
    require(signer[0].content == b"\x01", f"{what} names its signer in another way than by issuer and serial number")
    require(algorithms.content == signer[2].whole, f"{what} names other digest algorithms than its signer used")
    digest_name = read_algorithm(signer[2], DIGESTS, what)
    implied = read_algorithm(signer[4], SIGNATURE_ALGORITHMS, what)
    require(implied in ("", digest_name), f"{what} combines two digest algorithms")
    attributes = read_attributes(signer[3].content, what)
    names = read_der(signer[1].content)
    tags_are(names, [SEQUENCE, INTEGER], what)
    embedded = read_der(certificates.content)
    require(all(item.tag == SEQUENCE for item in embedded), f"{what} embeds something that is not a certificate")
    return SignatureFacts(
        read_der_time(attributes.get(OID_SIGNING_TIME), what),
        digest_name,
        read_der_octets(attributes.get(OID_MESSAGE_DIGEST), what),
        tuple(item.whole for item in embedded),
        names[0].whole,
        int.from_bytes(names[1].content, "big", signed=True),
    )


def read_algorithm(element: Der, known: dict[bytes, str], what: str) -> str:
    """The name of a known algorithm; its parameters must be absent or NULL."""
    parts = read_der(element.content)
    require(bool(parts) and parts[0].tag == OBJECT and parts[0].content in known, f"{what} uses an unknown algorithm")
    require(len(parts) == 1 or parts[1:] == [Der(0x05, b"", b"\x05\x00")], f"{what} uses unknown algorithm parameters")
    return known[parts[0].content]


def read_attributes(data: bytes, what: str) -> dict[bytes, Der]:
    """Signed attributes with one value each."""
    found: dict[bytes, Der] = {}
    for attribute in read_der(data):
        parts = read_der(attribute.content)
        tags_are(parts, [OBJECT, SET], what)
        values = read_der(parts[1].content)
        require(len(values) == 1 and parts[0].content not in found, f"{what} has an ambiguous attribute")
        found[parts[0].content] = values[0]
    return found


def read_der_time(element: Der | None, what: str) -> datetime:
    """UTCTime or GeneralizedTime, UTC, whole seconds."""
    forms = {0x17: "%y%m%d%H%M%SZ", 0x18: "%Y%m%d%H%M%SZ"}
    require(element is not None and element.tag in forms, f"{what} does not say when it was made")
    if element is None:
        invalid(f"{what} does not say when it was made")
    try:
        text = element.content.decode("ascii")
        moment = datetime.strptime(text, forms[element.tag]).replace(tzinfo=UTC)
        require(moment.strftime(forms[element.tag]) == text, f"{what} has a malformed signing time")
    except ValueError:
        invalid(f"{what} has a malformed signing time")
    return moment


def read_der_octets(element: Der | None, what: str) -> bytes:
    """The content of an OCTET STRING attribute."""
    if element is None or element.tag != OCTETS:
        invalid(f"{what} does not state the digest of what it signs")
    return element.content


def encrypted_length(data: bytes) -> int:
    """Bytes of plaintext in an AuthEnvelopedData for one recipient (RFC 5083), which GCM keeps unchanged."""
    what = "an encrypted part"
    fields = open_content(data, OID_AUTH_ENVELOPED, what)
    tags_are(fields, [INTEGER, SET, SEQUENCE, OCTETS], what)
    require(fields[0].content == b"\x00" and len(fields[3].content) == 16, f"{what} does not have the expected form")
    recipients = read_der(fields[1].content)
    require(len(recipients) == 1 and recipients[0].tag == 0xA1, f"{what} is not for exactly one recipient")
    content = read_der(fields[2].content)
    tags_are(content, [OBJECT, SEQUENCE, 0x80], what)
    algorithm = read_der(content[1].content)
    good = content[0].content == OID_DATA and bool(algorithm) and algorithm[0].content == OID_GCM_256
    require(good, f"{what} is not encrypted with AES-256-GCM")
    return len(content[2].content)


# --------------------------------------------------------------------------------------------------------------------
# Signatures, paths and revocation by stock openssl
# --------------------------------------------------------------------------------------------------------------------

UNCOVERED = ("unable to get certificate crl", "crl has expired", "crl is not yet valid", "different crl scope")
OPENSSL_REASON = re.compile(r"verify error:\s*([A-Za-z0-9 ,'()-]{1,80})", re.IGNORECASE)


def check_signature(manifest: bytes, signature: bytes, facts: SignatureFacts, trust: Trust, kind: str) -> str:
    """Signature, certificate path, policy and revocation at the signing time. Returns a sentence.

    openssl checks revocation by the lists that were current at the signing time. Where the trust file holds only lists
    issued later, openssl checks the rest and `check_lists` reads those lists.
    """
    path = path_of(read_signer(facts), trust)
    covering = [crl for crl in trust.crls if covers(crl, facts.signing_time)]
    covered = {item.issuer for item in path} <= {crl.issuer for crl in covering}
    crls, policy = covering if covered else [], trust.policies[kind]
    signers = ask_openssl(manifest, signature, facts.signing_time, trust, policy=policy, crls=crls)
    require(signers == path[:1], "openssl and this verifier disagree about who signed")
    check_signer(path, facts, trust)
    check_lists(path, facts.signing_time, trust)
    fingerprint = path[0].fingerprint(hashes.SHA256()).hex()
    by = "by openssl" if covered else "by openssl; revocation by lists issued after the signing time"
    stamp = facts.signing_time.strftime("%Y-%m-%d %H:%M:%S UTC")
    return f"signature, certificate path, policy and revocation hold at {stamp} ({by}); certificate {fingerprint}"


def ask_openssl(
    manifest: bytes,
    signature: bytes,
    moment: datetime,
    trust: Trust,
    *,
    policy: str,
    crls: Sequence[x509.CertificateRevocationList],
) -> list[x509.Certificate]:
    """Have stock openssl verify a detached signature at one moment; returns the signer's certificate.

    With `crls`, one of each issuer on the path, openssl must find every certificate unrevoked.
    """
    openssl = shutil.which("openssl")
    if openssl is None:
        raise IncompleteError("the command openssl is not installed, so the signature was not checked")
    command = [
        openssl, "cms", "-verify", "-binary", "-inform", "DER", "-in", "signature", "-content", "content",
        "-CAfile", "anchors", "-no-CApath", "-no-CAstore", "-purpose", "any", "-cades",
        "-policy_check", "-explicit_policy", "-policy", policy, "-attime", str(int(moment.timestamp())),
        "-out", "verified", "-signer", "signer",
    ]  # fmt: skip
    command += ["-certfile", "others"] if trust.intermediates else []
    command += ["-crl_check_all"] if crls else []
    with tempfile.TemporaryDirectory(prefix="privity-verify-") as folder:
        place = Path(folder)
        (place / "content").write_bytes(manifest)
        (place / "signature").write_bytes(signature)
        (place / "anchors").write_bytes(pem([*trust.anchors, *crls]))
        (place / "others").write_bytes(pem(trust.intermediates))
        outcome = run_openssl(command, folder)
        if outcome.returncode != 0:
            explain_openssl(outcome.stderr.decode("utf-8", "replace"))
        return x509.load_pem_x509_certificates((place / "signer").read_bytes())


def read_signer(facts: SignatureFacts) -> x509.Certificate:
    """The embedded certificate that the signature names as its signer's."""
    for raw in facts.certificates:
        certificate = x509.load_der_x509_certificate(raw)
        names = certificate.issuer.public_bytes(), certificate.serial_number
        if names == (facts.issuer, facts.serial):
            return certificate
    invalid("the signature does not embed its signer's certificate")


def path_of(signer: x509.Certificate, trust: Trust) -> list[x509.Certificate]:
    """The certificates from the signer's up to, but without, a trust anchor. openssl checks the path for itself."""
    path, pool = [signer], list(trust.intermediates)
    while not any(is_issuer(anchor, path[-1]) for anchor in trust.anchors):
        above = next((item for item in pool if is_issuer(item, path[-1])), None)
        if above is None:
            invalid("the signer's certificate does not lead to a trusted anchor")
        pool.remove(above)
        path.append(above)
    return path


def is_issuer(issuer: x509.Certificate, subject: x509.Certificate) -> bool:
    """Whether one certificate's key signed the other."""
    if issuer.subject != subject.issuer:
        return False
    try:
        subject.verify_directly_issued_by(issuer)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def run_openssl(command: list[str], folder: str) -> subprocess.CompletedProcess[bytes]:
    """Run openssl without the user's configuration, for at most a minute."""
    environment = {"PATH": os.environ.get("PATH", ""), "OPENSSL_CONF": os.devnull, "LC_ALL": "C"}
    try:
        return subprocess.run(  # noqa: S603 - fixed command, no shell, file names of our own
            command, cwd=folder, env=environment, capture_output=True, timeout=OPENSSL_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        raise IncompleteError("the command openssl could not be run to its end") from None


def explain_openssl(errors: str) -> NoReturn:
    """Turn openssl's refusal into a finding: missing revocation data is a gap, all else is a fault."""
    found = OPENSSL_REASON.search(errors)
    reason = found.group(1).strip() if found else "the signature does not fit the manifest"
    if reason.lower().startswith(UNCOVERED):
        raise IncompleteError(f"revocation could not be checked for the signing time ({reason})")
    invalid(f"openssl refuses the signature: {reason}")


def covers(crl: x509.CertificateRevocationList, moment: datetime) -> bool:
    """Whether a revocation list was current at that moment."""
    ends = crl.next_update_utc
    return crl.last_update_utc <= moment and (ends is None or moment <= ends)


def check_signer(path: list[x509.Certificate], facts: SignatureFacts, trust: Trust) -> None:
    """The signer's certificate may sign, and every embedded certificate belongs to its path."""
    known = {item.public_bytes(serialization.Encoding.DER) for item in (*trust.anchors, *path)}
    require(set(facts.certificates) <= known, "the signature embeds a certificate that is not part of its path")
    require(len(set(facts.certificates)) == len(facts.certificates), "the signature embeds a certificate twice")
    try:
        usage = path[0].extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        invalid("the signer's certificate does not say what its key may be used for")
    require(usage.digital_signature or usage.content_commitment, "the signer's certificate is not for signatures")


def check_lists(path: list[x509.Certificate], moment: datetime, trust: Trust) -> None:
    """Every certificate of the path is cleared by a list of its issuer, and no list says it was revoked by `moment`.

    A list issued after `moment` clears a certificate if it was issued while the certificate was valid (RFC 5280 section
    3.3: an entry stays listed until the certificate expires).
    """
    issuers = [*path[1:], *trust.anchors]
    for certificate in path:
        cleared = False
        for crl in (crl for crl in trust.crls if crl.issuer == certificate.issuer):
            genuine = any(crl.issuer == item.subject and crl_signed_by(crl, item) for item in issuers)
            require(genuine, "a revocation list in the trust file is not signed by its issuer")
            entry = crl.get_revoked_certificate_by_serial_number(certificate.serial_number)
            revoked = entry is not None and (entry.revocation_date_utc <= moment or is_compromise(entry))
            require(not revoked, "a revocation list says that a certificate of the path was revoked")
            later = moment < crl.last_update_utc <= certificate.not_valid_after_utc
            cleared = cleared or later or covers(crl, moment)
        if not cleared:
            raise IncompleteError("no revocation list covers the signing time, so revocation was not checked")


def crl_signed_by(crl: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
    """Whether this certificate's key signed the list."""
    try:
        return crl.is_signature_valid(issuer.public_key())  # type: ignore[arg-type]
    except (TypeError, ValueError, UnsupportedAlgorithm):
        return False


def is_compromise(entry: x509.RevokedCertificate) -> bool:
    """Whether the entry says that the key fell into other hands: then no date the signature claims can be believed."""
    try:
        reason = entry.extensions.get_extension_for_class(x509.CRLReason).value.reason
    except x509.ExtensionNotFound:
        return False
    return reason in (x509.ReasonFlags.key_compromise, x509.ReasonFlags.ca_compromise)


def pem(items: Iterable[x509.Certificate | x509.CertificateRevocationList]) -> bytes:
    """PEM texts, joined."""
    return b"".join(item.public_bytes(serialization.Encoding.PEM) for item in items)


# --------------------------------------------------------------------------------------------------------------------
# Log entries: the closed list, and the story each request's entries must tell
# --------------------------------------------------------------------------------------------------------------------

_REQUEST = frozenset({"request_id", "agreement_id", "agreement_version", "agreement_digest"})
_NOTICE = frozenset({"notice_id", "notice_manifest_sha256"})
_ACCOUNTED = frozenset({"accounting_root", "accounting_records"})
_DECIDED = frozenset({"agreement_id", "agreement_version", "agreement_digest", "reason_code"})
EVENTS: dict[str, frozenset[str]] = {
    "HOME_CREATED": frozenset({"origin", "software"}),
    "HOME_FROZEN": frozenset({"reason_code"}),
    "HOME_RECONFIRMED": frozenset({"approvals_sha256"}),
    "AGREEMENT_RECORDED": frozenset(
        {"agreement_id", "agreement_version", "agreement_digest", "signatures", "requester"}
    ),
    "AGREEMENT_ACTIVATED": _DECIDED,
    "AGREEMENT_SUSPENDED": _DECIDED,
    "AGREEMENT_ENDED": _DECIDED,
    "OFFICES_RECORDED": frozenset({"offices_digest"}),
    "TRUST_RECORDED": frozenset({"trust_sha256", "anchors", "intermediates", "revocation_lists"}),
    "REGISTER_ACTIVATED": frozenset({"snapshot_id", "rows", "refused_rows", "rule_set"}),
    "PACKAGE_ARRIVED": frozenset({"package_sha256", "size"}),
    "PACKAGE_REFUSED": frozenset({"package_sha256", "code"}),
    "REQUEST_ADMITTED": _REQUEST | {"rule_set", "manifest_sha256", "lines", "returned", "referred", "visible_from"},
    "REQUEST_RETURNED": _REQUEST | _ACCOUNTED | {"rule_set", "manifest_sha256", "lines", "codes"},
    "REFERRALS_DECIDED": _REQUEST | {"lines", "code", "role", "signature_sha256"},
    "REFERRALS_SETTLED": _REQUEST | {"rule_set", "lines", "returned"},
    "ADMISSION_REVOKED": _REQUEST | _ACCOUNTED | {"manifest_sha256", "lines", "codes"},
    "MATCHING_STARTED": _REQUEST | {"rule_set", "snapshot_id"},
    "MATCHING_FINISHED": _REQUEST | {"rule_set", "snapshot_id", "lines", "content_sha256"},
    "APPROVAL_RECORDED": _REQUEST | {"content_sha256", "signature_sha256", "role", "verdict"},
    "APPROVALS_RESET": _REQUEST | {"content_sha256", "reason_code"},
    "RELEASE_REFUSED": _REQUEST | _ACCOUNTED | {"content_sha256", "manifest_sha256", "lines"},
    "RELEASE_INTENDED": _REQUEST | {"content_sha256", "response_manifest_sha256"},
    "RESPONSE_RELEASED": _REQUEST
    | _ACCOUNTED
    | {"rule_set", "content_sha256", "manifest_sha256", "response_manifest_sha256", "lines", "snapshot_id"},
    "RESPONSE_DELIVERED": _REQUEST | {"response_manifest_sha256", "package_sha256"},
    "HOLD_PLACED": frozenset({"hold_id", "scope", "target", "kind", "demand", "starts_at", "ends_at", "order_sha256"}),
    "HOLD_LIFTED": frozenset({"hold_id"}),
    "NOTICE_ISSUED": _REQUEST | _NOTICE | {"action", "hold_id", "orders", "may_destroy", "due_at"},
    "RECEIPT_RECORDED": _REQUEST | _NOTICE | {"receipt_manifest_sha256", "office", "outcome", "done_on"},
    "WITHHOLDING_CHANGED": frozenset({"change"}),
    "DECOYS_CHANGED": frozenset({"change"}),
    "ACCOUNTING_READ": frozenset({"query", "role", "reason_code"}),
    "DUTY_DISCHARGED": frozenset({"request_id", "duty", "evidence_sha256"}),
    "REPORT_RECORDED": frozenset({"agreement_id", "report", "about", "made_on", "evidence_sha256"}),
    "DESTRUCTION_INTENDED": _REQUEST | {"key_id", "backups_expire"},
    "REQUEST_DESTROYED": _REQUEST | {"key_id", "backups_expire", "blobs", "finding"},
}
NUMBERS = frozenset(
    {"agreement_version", "rows", "refused_rows", "size", "lines", "returned", "referred", "accounting_records"}
    | {"blobs", "signatures", "may_destroy"}
)
DECIDES_REFERRALS = frozenset({"disclosure_officer", "counsel"})  # the roles that may
LINE_CODES = frozenset(  # what a single line may go back with
    {"NAME_INVALID", "ADDRESS_PLACEHOLDER", "ADDRESS_INCOMPLETE", "ADDRESS_INCONSISTENT", "ADDRESS_INSTITUTION"}
    | {"PERIOD_INVALID", "STATUTE_MISSING", "ORDER_DATE_INVALID", "OFFENCE_UNSUPPORTED", "REASON_GENERIC"}
    | {"CASE_MISSING", "OFFICER_MISSING", "IDENTIFIER_ONLY", "ADDRESS_GUESSING", "LINE_MALFORMED", "REFERRED"}
)
HASHES = frozenset(
    {"agreement_digest", "offices_digest", "package_sha256", "manifest_sha256", "content_sha256", "signature_sha256"}
    | {"response_manifest_sha256", "accounting_root", "approvals_sha256", "evidence_sha256", "order_sha256"}
    | {"notice_manifest_sha256", "receipt_manifest_sha256"}
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One log entry."""

    event: str
    time: datetime
    fields: dict[str, Any]


def read_entry(data: bytes) -> Entry:
    """Read an entry strictly: canonical, of the closed list, no field that its event does not know."""
    what = "a log entry"
    raw = read_json(data, what, limit=MOST_ENTRY_BYTES)
    shape = {"v": int, "event": str, "time": str, "fields": dict}
    value = read_fields(raw, shape, what)
    require(value["v"] == 1 and value["event"] in EVENTS, f"{what} has an unknown version or event")
    require(set(value["fields"]) <= EVENTS[value["event"]], f"{what} has a field outside its closed list")
    for name, item in value["fields"].items():
        text = isinstance(item, str) and len(item) <= 512 and item.isprintable()
        number = isinstance(item, int) and not isinstance(item, bool) and 0 <= item < 2**53
        good = number if name in NUMBERS else (text or number)
        good = good and (name not in HASHES or HEX_256.fullmatch(str(item)) is not None)
        require(good, f"{what} has a field {name} of another form than its format says")
    return Entry(value["event"], read_moment(value["time"], "a log entry's time"), value["fields"])


@dataclass(slots=True)
class RequestStory:
    """What the log has said of one request so far."""

    agreement: tuple[Any, ...]
    seen: dict[str, Entry] = field(default_factory=dict)  # event -> its latest entry
    signatures: dict[str, set[str]] = field(default_factory=dict)  # content hash -> hashes of officers' signatures
    indexes: dict[str, int] = field(default_factory=dict)  # event -> index of its latest entry
    decided: int = 0  # referred lines that officers decided on
    let_in: int = 0  # those of them that officers admitted

    def same(self, entry: Entry, earlier: str, *names: str) -> None:
        """The entry agrees with an earlier one, which must be there, in these fields."""
        require(earlier in self.seen, f"there is no {earlier} before it")
        for name in names:
            agrees = entry.fields.get(name) == self.seen[earlier].fields.get(name)
            require(agrees, f"its {name} differs from that of {earlier}")


@dataclass(slots=True)
class Noticed:
    """A notice on a delivered answer as the log has it, and its receipt where there is one."""

    request_id: str
    entry: Entry
    index: int
    receipt: Entry | None = None
    receipt_index: int = -1


@dataclass(slots=True)
class Story:
    """The order that entries must keep: intent, act, outcome; nothing released twice, unapproved, held or frozen."""

    requests: dict[str, RequestStory] = field(default_factory=dict)
    agreements: set[tuple[Any, ...]] = field(default_factory=set)
    signed: set[tuple[Any, ...]] = field(default_factory=set)  # those of them on record with two signatures or more
    in_force: dict[Any, tuple[Any, ...] | None] = field(default_factory=dict)  # by agreement, once one was decided
    ended: dict[Any, int] = field(default_factory=dict)  # agreement -> newest version that was ended
    requesters: dict[Any, Any] = field(default_factory=dict)  # agreement -> its requester, where the log says so
    holds: dict[str, Entry] = field(default_factory=dict)
    hold_ids: set[str] = field(default_factory=set)  # of every hold ever placed, lifted or not
    notices: dict[str, Noticed] = field(default_factory=dict)  # by notice id
    manifests: set[str] = field(default_factory=set)
    arrived: set[str] = field(default_factory=set)  # hashes of packages
    frozen: bool = False
    latest: datetime | None = None
    steps_back: int = 0

    def add(self, index: int, entry: Entry, origin: str) -> None:
        """Take the next entry. Raises InvalidError where it contradicts what came before."""
        first = entry.event == "HOME_CREATED"
        require(first == (index == 0), "a log begins with HOME_CREATED, and has it nowhere else")
        require(not first or entry.fields.get("origin") in (None, origin), "the log was created under another origin")
        self.steps_back += self.latest is not None and entry.time < self.latest
        self.latest = entry.time
        if "request_id" in entry.fields and "agreement_id" in EVENTS[entry.event]:
            self.add_to_request(index, entry)
        else:
            self.add_to_home(entry)

    def add_to_home(self, entry: Entry) -> None:
        """Entries about the home: agreements, holds, freezing."""
        if entry.event == "AGREEMENT_RECORDED":
            self.agreements.add(agreement_of(entry))
            self.requesters[entry.fields.get("agreement_id")] = entry.fields.get("requester")
            if entry.fields.get("signatures", 0) >= 2:
                self.signed.add(agreement_of(entry))
        elif entry.event in ("AGREEMENT_ACTIVATED", "AGREEMENT_SUSPENDED", "AGREEMENT_ENDED"):
            self.decide(entry)
        elif entry.event == "PACKAGE_ARRIVED":
            self.arrived.add(str(entry.fields.get("package_sha256")))
        elif entry.event == "HOLD_PLACED":
            check_hold(entry)
            hold_id = str(entry.fields.get("hold_id"))
            require(hold_id not in self.hold_ids, "a hold was placed twice under one id")
            self.hold_ids.add(hold_id)
            self.holds[hold_id] = entry
        elif entry.event == "HOLD_LIFTED":
            lifted = self.holds.pop(str(entry.fields.get("hold_id")), None)
            require(lifted is not None, "a hold was lifted that was not in force")
        elif entry.event in ("HOME_FROZEN", "HOME_RECONFIRMED"):
            self.frozen = entry.event == "HOME_FROZEN"
        elif entry.event == "REPORT_RECORDED":
            recorded = {agreement for agreement, *_ in self.agreements}
            require(entry.fields.get("agreement_id") in recorded, "it names an agreement that was not recorded before")
        else:
            require("agreement_id" not in EVENTS[entry.event], "it does not name its request")

    def add_to_request(self, index: int, entry: Entry) -> None:
        """Entries about one request."""
        request_id, agreement = str(entry.fields["request_id"]), agreement_of(entry)
        require(REQUEST_ID.fullmatch(request_id) is not None, "its request id has another form than allowed")
        story = self.requests.setdefault(request_id, RequestStory(agreement))
        require(agreement == story.agreement, "the request's entries name different agreements")
        if entry.event in NOTICES:  # the recipient's copy outlives the custodian's key
            self.add_notice(index, request_id, entry)
            return
        require("REQUEST_DESTROYED" not in story.seen, "it speaks of a request that was destroyed before")
        STEPS[entry.event](self, story, entry)
        story.seen[entry.event], story.indexes[entry.event] = entry, index

    def add_notice(self, index: int, request_id: str, entry: Entry) -> None:
        """Entries about a notice on a request's delivered answer."""
        require(not self.frozen, "the home was frozen at this moment")
        notice_id = str(entry.fields.get("notice_id"))
        require(NOTICE_ID.fullmatch(notice_id) is not None, "its notice id has another form than allowed")
        known = self.notices.get(notice_id)
        if entry.event == "NOTICE_ISSUED":
            require(known is None, "a notice was issued twice under one id")
            check_issue(self, self.requests[request_id], entry, self.last_notice(request_id))
            self.notices[notice_id] = Noticed(request_id, entry, index)
            return
        if known is None or known.request_id != request_id:
            invalid("it is a receipt for a notice that was not issued on this answer")
        require(known is self.last_notice(request_id), "a later notice had taken the place of the one it is for")
        require(known.receipt is None, "a second receipt was recorded for one notice")
        check_receipt(known.entry, entry)
        known.receipt, known.receipt_index = entry, index

    def last_notice(self, request_id: str) -> Noticed | None:
        """The latest notice on a request's answer."""
        found = [notice for notice in self.notices.values() if notice.request_id == request_id]
        return found[-1] if found else None

    def decide(self, entry: Entry) -> None:
        """A decision on an agreement: from here on one version is in force, or none."""
        agreement, version = entry.fields.get("agreement_id"), entry.fields.get("agreement_version", 0)
        require(agreement_of(entry) in self.agreements, "it names an agreement that was not recorded before")
        if entry.event == "AGREEMENT_ACTIVATED":
            require(
                agreement_of(entry) in self.signed, "it puts an agreement in force that both parties had not signed"
            )
            require(version > self.ended.get(agreement, 0), "it puts an agreement in force that was ended before")
        elif entry.event == "AGREEMENT_ENDED":
            self.ended[agreement] = max(version, self.ended.get(agreement, 0))
        self.in_force[agreement] = agreement_of(entry) if entry.event == "AGREEMENT_ACTIVATED" else None

    def need_in_force(self, entry: Entry) -> None:
        """Nothing is answered under an agreement suspended, ended, or replaced by another version."""
        agreement = entry.fields.get("agreement_id")
        stands = agreement not in self.in_force or self.in_force[agreement] == agreement_of(entry)
        require(stands, "its agreement was suspended, ended or replaced at this moment")

    def need_free(self, entry: Entry, *, destroying: bool = False) -> None:
        """Nothing leaves a frozen home, or while a hold covers it. A class stops no request, but what is destroyed."""
        require(not self.frozen, "the home was frozen at this moment")
        for hold in self.holds.values():
            stops = destroying or hold.fields["scope"] != "class"
            require(not (stops and self.covers(hold, entry)), "a hold that covers it was in force at this moment")

    def covers(self, hold: Entry, entry: Entry) -> bool:
        """Whether a hold that was not lifted works at the entry's time and reaches its request."""
        scope, target = hold.fields["scope"], hold.fields.get("target")
        first, last = (hold.fields.get(name) for name in ("starts_at", "ends_at"))
        if first is not None and entry.time < read_moment(first, "starts_at"):
            return False
        if last is not None and entry.time >= read_moment(last, "ends_at"):
            return False
        named = {
            "agreement": entry.fields.get("agreement_id"),
            "requester": self.requesters.get(entry.fields.get("agreement_id")),
            "request": entry.fields.get("request_id"),
        }
        return scope in ("everything", "class") or (target is not None and named[str(scope)] == target)


def check_hold(entry: Entry) -> None:
    """HOLD_PLACED: a known scope and demand, dates that exist and follow each other, none on a class."""
    scope, demand = entry.fields.get("scope"), entry.fields.get("demand", "none")
    known = scope in ("everything", "agreement", "requester", "request", "class")
    require(known and demand in ("none", "freeze", "recall"), "a hold has an unknown scope or demand")
    dates = [read_moment(entry.fields[name], name) for name in ("starts_at", "ends_at") if name in entry.fields]
    require(dates == sorted(set(dates)), "a hold ends before it begins")
    require(scope != "class" or not dates, "a hold on a class has dates")


def check_issue(story: Story, request: RequestStory, entry: Entry, earlier: Noticed | None) -> None:
    """NOTICE_ISSUED: of an answer that was released, as the orders in force demand; the strictest of them governs."""
    require("RESPONSE_RELEASED" in request.seen, "its answer had not been released before")
    require(is_answerable(request), "its request was returned whole: there is no answer")
    action, governs = entry.fields.get("action"), str(entry.fields.get("hold_id"))
    due = read_moment(entry.fields.get("due_at"), "due_at")
    require(due >= entry.time, "the receipt was due before the notice was issued")
    demands = {
        name: str(hold.fields["demand"])
        for name, hold in story.holds.items()
        if hold.fields.get("demand", "none") != "none" and reaches(story, name, entry)
    }
    if action == "lifted":
        require(earlier is not None, "it lifts what no notice had demanded before")
        require(governs == "" and not demands, "it says that orders are lifted while one is in force")
        return
    strictest = "recall" if "recall" in demands.values() else "freeze"
    require(demands.get(governs) == action == strictest, "it is not what the strictest order in force demands")
    keeps = [name for name, hold in story.holds.items() if hold.fields.get("kind") == "litigation"]
    kept = "freeze" in demands.values() or any(reaches(story, name, entry) for name in keeps)
    require(entry.fields.get("may_destroy") == (0 if kept else 1), "it lets destroy what an order preserves, or not")


def reaches(story: Story, hold_id: str, entry: Entry) -> bool:
    """Whether an order covers the answer; where an old log does not say whose agreement it is, as the notice says."""
    hold = story.holds[hold_id]
    if hold.fields["scope"] == "requester" and story.requesters.get(entry.fields.get("agreement_id")) is None:
        return hold_id in str(entry.fields.get("orders")).split(",")
    return story.covers(hold, entry)


def check_receipt(notice: Entry, entry: Entry) -> None:
    """RECEIPT_RECORDED: for the notice that was signed, and what it demands, done at a possible time."""
    same = entry.fields.get("notice_manifest_sha256") == notice.fields.get("notice_manifest_sha256")
    require(same, "the receipt is for another notice than the one of its id")
    require("receipt_manifest_sha256" in entry.fields, "it does not name the receipt")
    require(entry.time >= notice.time, "the receipt was recorded before its notice was issued")
    done = read_day(entry.fields.get("done_on"), "done_on")
    require(done <= entry.time.date(), "the receipt states a day in the future")
    check_outcome(entry.fields.get("outcome"), notice, done)


def check_outcome(outcome: Any, notice: Entry, done: date) -> None:
    """What may be stated: frozen or returned; returned or, where no order preserves, destroyed; destroyed before."""
    action = notice.fields.get("action")
    allowed = {"freeze": {"frozen", "returned"}, "recall": {"returned"}}.get(str(action), set())
    if action == "recall" and notice.fields.get("may_destroy") == 1:
        allowed = allowed | {"destroyed"}
    before = outcome == "destroyed" and action != "lifted" and done < notice.time.date()
    require(outcome in allowed or before, "the receipt states something else than the notice demands")


def agreement_of(entry: Entry) -> tuple[Any, ...]:
    """Which version of which agreement an entry speaks of."""
    return tuple(entry.fields.get(name) for name in ("agreement_id", "agreement_version", "agreement_digest"))


def step_intake(story: Story, request: RequestStory, entry: Entry) -> None:
    """REQUEST_ADMITTED or REQUEST_RETURNED: once, under a recorded agreement, for a manifest not seen before."""
    known = agreement_of(entry) in story.agreements or entry.event == "REQUEST_RETURNED"
    require(known, "it names an agreement that was not recorded before")
    signed = agreement_of(entry) in story.signed or entry.event == "REQUEST_RETURNED"
    require(signed, "it names an agreement that was not on record as signed by both parties")
    if entry.event == "REQUEST_ADMITTED":
        story.need_in_force(entry)
    require(not request.seen, "the request was taken in twice")
    manifest = str(entry.fields.get("manifest_sha256"))
    require(
        entry.event == "REQUEST_ADMITTED" or "accounting_root" in entry.fields, "it commits to no accounting records"
    )
    require(manifest not in story.manifests, "the same request was taken in twice under different ids")
    story.manifests.add(manifest)


def step_matching(story: Story, request: RequestStory, entry: Entry) -> None:
    """MATCHING_STARTED and MATCHING_FINISHED: only of an admitted request, under one snapshot and rule set."""
    need_admitted(request)
    decided = "REFERRALS_DECIDED" in request.seen and "REFERRALS_SETTLED" not in request.seen
    require(not decided, "lines that officers decided on were not settled before it")
    if entry.event == "MATCHING_FINISHED":
        request.same(entry, "MATCHING_STARTED", "snapshot_id", "rule_set")
    else:
        story.need_in_force(entry)


def need_admitted(request: RequestStory) -> None:
    """Its lines may still be looked up: admitted, the admission not revoked, nothing released or refused."""
    require("REQUEST_ADMITTED" in request.seen, "its request was not admitted before")
    require("ADMISSION_REVOKED" not in request.seen, "the admission of its request was revoked before")
    require("RESPONSE_RELEASED" not in request.seen, "its request was released already")


def step_referrals(story: Story, request: RequestStory, entry: Entry) -> None:
    """REFERRALS_DECIDED and REFERRALS_SETTLED: before any look-up, of a request of which lines waited; settled once."""
    need_admitted(request)
    waited = request.seen["REQUEST_ADMITTED"].fields.get("referred", 0)
    require(waited > 0, "no line of its request waited for a human")
    require("REFERRALS_SETTLED" not in request.seen, "the referred lines of its request were settled before")
    if entry.event == "REFERRALS_DECIDED":
        require("MATCHING_STARTED" not in request.seen, "lines of its request had been looked up before")
        take_decision(request, entry, waited)
    else:
        request.same(entry, "REQUEST_ADMITTED", "lines", "rule_set")
        check_settled(request, entry, waited)
    story.need_in_force(entry)
    story.need_free(entry)


def take_decision(request: RequestStory, entry: Entry, waited: int) -> None:
    """REFERRALS_DECIDED: by a role that may, with a line's code or none, on lines that no earlier one decided on."""
    require(entry.fields.get("role") in DECIDES_REFERRALS, "it was decided in a role that may not decide")
    code, lines = entry.fields.get("code"), entry.fields.get("lines", 0)
    require(code == "" or code in LINE_CODES, "it returns lines with a code that no line goes back with")
    require(0 < lines <= waited - request.decided, "it decides on other lines than those that waited")
    request.decided += lines
    request.let_in += 0 if code else lines


def check_settled(request: RequestStory, entry: Entry, waited: int) -> None:
    """REFERRALS_SETTLED: every line that waited and that no officer admitted went back.

    Where officers admitted a line, all others were judged again, so that more may have gone back than before, or, of
    those returned at first, fewer (the roster or the year's questions may have changed). Where none did, all stands.
    """
    lines, returned = entry.fields.get("lines", 0), entry.fields.get("returned", 0)
    require(returned <= lines, "more lines went back than the request has")
    require(returned >= waited - request.let_in, "lines went on that waited and that no officer admitted")
    stood = request.seen["REQUEST_ADMITTED"].fields.get("returned", 0) + waited
    require(request.let_in > 0 or returned == stood, "other lines went back than those returned before or waiting")


def step_revocation(story: Story, request: RequestStory, entry: Entry) -> None:
    """ADMISSION_REVOKED: what was admitted goes back whole, once, before anything of it is released or refused."""
    need_admitted(request)
    require("RELEASE_REFUSED" not in request.seen, "its request was refused already")
    request.same(entry, "REQUEST_ADMITTED", "manifest_sha256", "lines")
    require(isinstance(entry.fields.get("accounting_root"), str), "it commits to no accounting records")
    same = entry.fields.get("lines") == entry.fields.get("accounting_records")
    require(same, "lines and accounting records differ in number")
    story.need_free(entry)
    request.signatures.clear()  # what was signed before was another content
    request.seen.pop("RELEASE_INTENDED", None)


def is_answerable(request: RequestStory) -> bool:
    """Whether a response to it answers anything: it was admitted, and the admission stands."""
    return "REQUEST_ADMITTED" in request.seen and "ADMISSION_REVOKED" not in request.seen


def step_approval(_: Story, request: RequestStory, entry: Entry) -> None:
    """APPROVAL_RECORDED: an officer's signature on the content, another than any before it.

    The entry does not say whether the officer approved (the second must not read the first verdict in the log); a
    refusal shows as RELEASE_REFUSED.
    """
    require("RELEASE_REFUSED" not in request.seen, "its request was refused already")
    require(entry.fields.get("verdict", "release") == "release", "it records a verdict against release as an approval")
    given = request.signatures.setdefault(str(entry.fields.get("content_sha256")), set())
    require(entry.fields.get("signature_sha256") not in given, "the same signature was recorded twice")
    given.add(str(entry.fields.get("signature_sha256")))


def step_reset(_: Story, request: RequestStory, entry: Entry) -> None:
    """APPROVALS_RESET: earlier signatures on this content count no more."""
    request.signatures.pop(str(entry.fields.get("content_sha256")), None)


def step_refusal(_: Story, request: RequestStory, entry: Entry) -> None:
    """RELEASE_REFUSED: two officers have decided that nothing leaves; every line is accounted for all the same."""
    require("RESPONSE_RELEASED" not in request.seen, "its request was released already")
    require("RELEASE_REFUSED" not in request.seen, "its request was refused already")
    need_signatures(request, entry)
    check_accounted(request, entry)


def step_intent(story: Story, request: RequestStory, entry: Entry) -> None:
    """RELEASE_INTENDED: two different signatures on this content, and no refusal."""
    need_answerable(story, request, entry)
    need_signatures(request, entry)
    require("RELEASE_REFUSED" not in request.seen, "officers had refused to release")
    require("RESPONSE_RELEASED" not in request.seen, "its request was released already")


def need_answerable(story: Story, request: RequestStory, entry: Entry) -> None:
    """The agreement is in force; a notice that returns a whole request answers nothing, and needs none."""
    if is_answerable(request):
        story.need_in_force(entry)


def need_signatures(request: RequestStory, entry: Entry) -> None:
    """Two different signatures on the entry's content."""
    given = request.signatures.get(str(entry.fields.get("content_sha256")), set())
    require(len(given) >= 2, "fewer than two officers had signed this content")


def check_accounted(request: RequestStory, entry: Entry) -> None:
    """The entry is about the request that was taken in, and commits to one accounting record for each of its lines."""
    intake = "REQUEST_ADMITTED" if "REQUEST_ADMITTED" in request.seen else "REQUEST_RETURNED"
    request.same(entry, intake, "manifest_sha256", "lines")
    if not is_answerable(request):
        accounted = "ADMISSION_REVOKED" if "ADMISSION_REVOKED" in request.seen else "REQUEST_RETURNED"
        request.same(entry, accounted, "accounting_root", "accounting_records")
    require(isinstance(entry.fields.get("accounting_root"), str), "it commits to no accounting records")
    same = entry.fields.get("lines") == entry.fields.get("accounting_records")
    require(same, "lines and accounting records differ in number")


def step_release(story: Story, request: RequestStory, entry: Entry) -> None:
    """RESPONSE_RELEASED: once, as intended, with one accounting record for each line."""
    require("RESPONSE_RELEASED" not in request.seen, "the request was released twice")
    missing = EVENTS["RESPONSE_RELEASED"] - set(entry.fields) - {"snapshot_id"}
    require(not missing, "it lacks a field that binds the response")
    request.same(entry, "RELEASE_INTENDED", "content_sha256", "response_manifest_sha256")
    need_signatures(request, entry)  # again: approvals that were reset after the intent count no more
    require("RELEASE_REFUSED" not in request.seen, "officers had refused to release")
    check_accounted(request, entry)
    if is_answerable(request):
        request.same(entry, "MATCHING_FINISHED", "snapshot_id", "rule_set", "content_sha256")
    need_answerable(story, request, entry)
    story.need_free(entry)


def step_delivery(story: Story, request: RequestStory, entry: Entry) -> None:
    """RESPONSE_DELIVERED: what was released, and not before the time fixed at admission."""
    request.same(entry, "RESPONSE_RELEASED", "response_manifest_sha256")
    admitted = request.seen.get("REQUEST_ADMITTED")
    visible = admitted.fields.get("visible_from") if admitted else None
    if isinstance(visible, str):
        early = entry.time + timedelta(seconds=1) <= read_moment(visible, "visible_from")
        require(not early, "it was delivered before the time fixed at admission")
    need_answerable(story, request, entry)
    story.need_free(entry)


def step_destruction_intent(story: Story, request: RequestStory, entry: Entry) -> None:
    """DESTRUCTION_INTENDED: of a request that has ended, for one key; no hold covers it, and the home is not frozen."""
    ended = {"RESPONSE_DELIVERED", "RELEASE_REFUSED"} & set(request.seen)
    require(bool(ended), "its request was neither delivered nor refused before")
    require("DESTRUCTION_INTENDED" not in request.seen, "the destruction was intended twice")
    story.need_free(entry, destroying=True)


def step_destruction(story: Story, request: RequestStory, entry: Entry) -> None:
    """REQUEST_DESTROYED: as intended. A hold stops it, unless the key was found destroyed (a run had been cut off)."""
    request.same(entry, "DESTRUCTION_INTENDED", "key_id", "backups_expire")
    found = entry.fields.get("finding")
    require(found in ("destroyed", "found_destroyed"), "its finding is unknown")
    if found == "destroyed":
        story.need_free(entry, destroying=True)


NOTICES = frozenset({"NOTICE_ISSUED", "RECEIPT_RECORDED"})  # of a request, and told apart from its steps
STEPS: dict[str, Callable[[Story, RequestStory, Entry], None]] = {
    "REQUEST_ADMITTED": step_intake,
    "REQUEST_RETURNED": step_intake,
    "REFERRALS_DECIDED": step_referrals,
    "REFERRALS_SETTLED": step_referrals,
    "ADMISSION_REVOKED": step_revocation,
    "MATCHING_STARTED": step_matching,
    "MATCHING_FINISHED": step_matching,
    "APPROVAL_RECORDED": step_approval,
    "APPROVALS_RESET": step_reset,
    "RELEASE_REFUSED": step_refusal,
    "RELEASE_INTENDED": step_intent,
    "RESPONSE_RELEASED": step_release,
    "RESPONSE_DELIVERED": step_delivery,
    "DESTRUCTION_INTENDED": step_destruction_intent,
    "REQUEST_DESTROYED": step_destruction,
}


# --------------------------------------------------------------------------------------------------------------------
# A published log: a folder of tiles, entry bundles and a checkpoint (C2SP tlog-tiles)
# --------------------------------------------------------------------------------------------------------------------

TILE = 256
NO_TRUST = "no trust file was given (--trust or PRIVITY_TRUST), so signatures and keys were not checked"
MOST_REPORTED = 20


@dataclass(slots=True)
class Log:
    """A log that was read whole: its head, leaf hashes and story."""

    head: Checkpoint
    leaves: list[bytes] = field(default_factory=list)
    story: Story = field(default_factory=Story)
    roots: dict[int, bytes] = field(default_factory=dict)

    def root_at(self, size: int) -> bytes:
        """The root over the first `size` entries."""
        if size not in self.roots:
            self.roots[size] = merkle_root(self.leaves[:size])
        return self.roots[size]


def tile_name(kind: str, index: int, width: int) -> str:
    """`tile/<kind>/<N>[.p/<W>]` with N in groups of three digits."""
    digits = str(index).zfill(-(-len(str(index)) // 3) * 3)
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    name = "/".join(["x" + group for group in groups[:-1]] + groups[-1:])
    return f"tile/{kind}/{name}" + ("" if width == TILE else f".p/{width}")


def check_log(folder: Path, trust: Trust | None, report: Report, subject: str = "log") -> Log | None:
    """Read a whole log: checkpoint, every entry, every tile, every file; then the story the entries tell."""
    note = report.load(subject, "checkpoint form", "the checkpoint is well formed", read_note, folder)
    if note is None:
        return None
    report.check(subject, "checkpoint signatures", check_checkpoint, note, trust)
    log = Log(note)
    files = report.load(subject, "files", "every file of the log has its place", list_files, folder, note)
    if files is None:
        return None
    sound = report.check(subject, "tree", check_tree, folder, log, files, report, subject)
    report.check(subject, "public keys", check_keys, folder, trust)
    if log.story.steps_back:
        report.add(subject, "clock", "note", f"{log.story.steps_back} entries are older than the one before them")
    return log if sound else None


def check_older(path: Path, log: Log | None, trust: Trust | None) -> str:
    """A checkpoint that the reader kept is a head of this very log: nothing before it was changed or removed."""
    head = read_checkpoint(read_file(path, MOST_NOTE_BYTES, "the older checkpoint"))
    check_checkpoint(head, trust)
    if log is None:
        raise IncompleteError("there is no sound log here to compare the older checkpoint with")
    require(head.size <= log.head.size, "the log is shorter than it was at the older checkpoint")
    require(log.root_at(head.size) == head.root, "the log contradicts the older checkpoint")
    return f"the log of {log.head.size} entries extends the older checkpoint of {head.size}"


def read_note(folder: Path) -> Checkpoint:
    """The log's checkpoint file."""
    return read_checkpoint(read_file(folder / "checkpoint", MOST_NOTE_BYTES, "the checkpoint"))


def read_file(path: Path, limit: int, what: str) -> bytes:
    """A regular file of at most `limit` bytes."""
    try:
        require(path.is_file() and not path.is_symlink(), f"{what} is missing")
        require(path.stat().st_size <= limit, f"{what} is larger than {limit} bytes")
        return path.read_bytes()
    except OSError:
        invalid(f"{what} cannot be read")


def need(trust: Trust | None) -> Trust:
    """The trust file, or a gap."""
    if trust is None:
        raise IncompleteError(NO_TRUST)
    return trust


def list_files(folder: Path, head: Checkpoint) -> set[str]:
    """Names of all files below the folder; each must be one that a log of this size, or an earlier one, can have."""
    require(head.size <= MOST_LOG_ENTRIES, "the log is larger than this verifier can read")
    found: set[str] = set()
    for place, folders, names in os.walk(folder):
        if Path(place) == folder and ".sequencer" in folders:
            folders.remove(".sequencer")  # a home's own notes; an export has none
        for name in [*names, *folders]:
            require(not (Path(place) / name).is_symlink(), "the log's folder holds a link")
        found |= {(Path(place) / name).relative_to(folder).as_posix() for name in names}
    strange = [name for name in found - {"checkpoint", "keys.txt"} if not belongs(name, head.size)]
    require(not strange, f"the log's folder holds {len(strange)} file(s) that do not belong to a log of its size")
    return found


TILE_NAME = re.compile(r"tile/(entries|[0-9]|[1-5][0-9]|6[0-3])/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")


def belongs(name: str, size: int) -> bool:
    """Whether a log of this size can have a tile of this name, perhaps left from a smaller size."""
    found = TILE_NAME.fullmatch(name)
    if found is None:
        return False
    kind, index, width = found.group(1), int(found.group(2).replace("x", "").replace("/", "")), found.group(3)
    level = 0 if kind == "entries" else int(kind)
    wide = int(width or TILE)
    canonical_name = wide < TILE or width is None
    return canonical_name and tile_name(kind, index, wide) == name and index * TILE + wide <= size >> (8 * level)


def check_tree(folder: Path, log: Log, files: set[str], report: Report, subject: str) -> str:
    """Recompute the tree from the entries; compare every tile and the root; tell the story. Returns a sentence."""
    size, needed = log.head.size, set()
    faults = 0
    for index in range(-(-size // TILE)):
        width = min(TILE, size - index * TILE)
        needed.add(tile_name("entries", index, width))
        entries = read_bundle(folder / tile_name("entries", index, width), width)
        log.leaves += [leaf_hash(data) for data in entries]
        for at, data in enumerate(entries):
            faults += not tell(log, index * TILE + at, data, report, subject, quiet=faults >= MOST_REPORTED)
        for left in (name for name in older(files, "entries", index, width)):
            short = int(left.rpartition("/")[2])
            again = read_bundle(folder / left, short)
            require(again == entries[:short], "two entry bundles of the log disagree")
    tiles = check_tiles(folder, log.leaves, files, needed)
    require(needed <= files, "the log lacks a tile of its current size")
    require(log.root_at(size) == log.head.root, "the entries do not lead to the checkpoint's root")
    require(faults == 0, f"{faults} of the log's {size} entries are malformed or contradict the ones before them")
    return (
        f"{size} entries and {tiles} hash tiles lead to the checkpoint's root, and every request's entries are in order"
    )


def tell(log: Log, index: int, data: bytes, report: Report, subject: str, *, quiet: bool) -> bool:
    """Read one entry and add it to the story; a fault is reported with its index and event."""
    event = ""
    try:
        entry = read_entry(data)
        event = entry.event
        log.story.add(index, entry, log.head.origin)
    except InvalidError as fault:
        if not quiet:
            report.add(subject, "entries", "fail", f"entry {index} {event}: {fault}")
        return False
    return True


def older(files: set[str], kind: str, index: int, width: int) -> list[str]:
    """Partial tiles of smaller widths for the same place, left from earlier checkpoints."""
    prefix = tile_name(kind, index, 1)[:-1]
    return [name for name in files if name.startswith(prefix) and int(name[len(prefix) :]) != width]


def read_bundle(path: Path, width: int) -> list[bytes]:
    """The entries of one bundle."""
    data = read_file(path, width * (MOST_ENTRY_BYTES + 2), "an entry bundle of the log")
    entries, at = [], 0
    while at + 2 <= len(data):
        end = at + 2 + int.from_bytes(data[at : at + 2], "big")
        require(end <= len(data), "an entry bundle of the log is cut short")
        entries.append(data[at + 2 : end])
        at = end
    require(at == len(data) and len(entries) == width, "an entry bundle of the log holds another number of entries")
    return entries


def check_tiles(folder: Path, leaves: Sequence[bytes], files: set[str], needed: set[str]) -> int:
    """Compare every hash tile with the hashes recomputed from the entries; returns how many there are."""
    level, row, count = 0, list(leaves), 0
    while row:
        above: list[bytes] = []
        for index in range(-(-len(row) // TILE)):
            hashes_here = row[index * TILE : (index + 1) * TILE]
            width = len(hashes_here)
            needed.add(tile_name(str(level), index, width))
            for name in [tile_name(str(level), index, width), *older(files, str(level), index, width)]:
                wide = width if name in needed else int(name.rpartition("/")[2])
                data = read_file(folder / name, TILE * 32, "a hash tile of the log")
                require(data == b"".join(hashes_here[:wide]), "a hash tile of the log does not fit the entries")
                count += 1
            if width == TILE:
                above.append(merkle_root(hashes_here))
        level, row = level + 1, above
    return count


def check_keys(folder: Path, trust: Trust | None) -> str:
    """An exported log may carry its public keys for the reader's comfort; they must be the trusted ones."""
    path = folder / "keys.txt"
    if not path.exists():
        return "the log carries no copy of its keys"
    lines = read_file(path, MOST_NOTE_BYTES, "keys.txt").decode("utf-8", "replace").split("\n")
    require(lines[-1] == "", "keys.txt does not end with a line's end")
    keys = [(key.name, key.key_id, key.kind, public_bytes(key)) for key in map(read_log_key, lines[:-1])]
    expected = [(key.name, key.key_id, key.kind, public_bytes(key)) for key in need(trust).log_keys]
    require(keys == expected, "keys.txt names other keys than the trust file")
    return "keys.txt names the trusted keys"


def public_bytes(key: LogKey) -> bytes:
    """A public key's DER."""
    return key.public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


# --------------------------------------------------------------------------------------------------------------------
# Packages
# --------------------------------------------------------------------------------------------------------------------

ROW_BYTES = 115
PROOF_FILE, ENTRY_FILE = "log/proof.txt", "log/release-entry.json"
NOTICE_ENTRY_FILE = "log/notice-entry.json"
AGREEMENT_SHAPE: dict[str, Any] = {"id": WORD, "version": int, "digest": HEX_256}
_COMMON: dict[str, Any] = {
    "format": re.compile(r"privity-package/1"),
    "request_id": REQUEST_ID,
    "agreement": dict,
    "custodian": WORD,
    "created_at": MOMENT,
    "lines": int,
}
REQUEST_SHAPE: dict[str, Any] = _COMMON | {
    "kind": re.compile(r"request"),
    "requester": WORD,
    "nonce": HEX_256,
    "lines_format": re.compile(r"csv|jsonl|parquet"),
    "files": list,
}
RESPONSE_SHAPE: dict[str, Any] = _COMMON | {
    "kind": re.compile(r"response"),
    "request_manifest_sha256": HEX_256,
    "returned_whole": bool,
    "marking": str,
    "destroy_by": DAY,
    "parts": list,
    "unhashed": list,
}
_OF_NOTICE: dict[str, Any] = {
    "format": re.compile(r"privity-package/1"),
    "notice_id": NOTICE_ID,
    "agreement": dict,
    "custodian": WORD,
    "requester": WORD,
    "office": WORD,
    "created_at": MOMENT,
}
NOTICE_SHAPE: dict[str, Any] = _OF_NOTICE | {
    "kind": re.compile(r"notice"),
    "action": re.compile(r"freeze|recall|lifted"),
    "may_destroy": bool,
    "demand": str,
    "answer": dict,
    "governs": re.compile(r"(?:hold-[0-9a-f]{16})?"),
    "orders": list,
    "replaces": re.compile(r"(?:[0-9a-f]{64})?"),
    "receipt_due": MOMENT,
    "unhashed": list,
}
ANSWER_SHAPE: dict[str, Any] = {
    "request_id": REQUEST_ID,
    "request_manifest_sha256": HEX_256,
    "response_manifest_sha256": HEX_256,
    "lines": int,
    "released_on": DAY,
}
ORDER_SHAPE: dict[str, Any] = {
    "hold_id": re.compile(r"hold-[0-9a-f]{16}"),
    "demand": re.compile(r"none|freeze|recall"),
    "docket": str,
    "order_sha256": re.compile(r"(?:[0-9a-f]{64})?"),
}
RECEIPT_SHAPE: dict[str, Any] = _OF_NOTICE | {
    "kind": re.compile(r"receipt"),
    "notice_manifest_sha256": HEX_256,
    "request_id": REQUEST_ID,
    "outcome": re.compile(r"frozen|returned|destroyed"),
    "done_on": DAY,
}
SHAPES = {"request": REQUEST_SHAPE, "response": RESPONSE_SHAPE, "notice": NOTICE_SHAPE, "receipt": RECEIPT_SHAPE}
DEMANDS = {  # (action, may_destroy) -> what a notice says in words
    (
        "freeze",
        False,
    ): "Until another notice: use and share nothing of this answer, keep every copy, and destroy nothing.",
    (
        "recall",
        False,
    ): "Use and share nothing of this answer any more. Return every copy to the custodian; destroy nothing.",
    ("recall", True): "Use and share nothing of this answer any more. "
    "Return every copy to the custodian, or destroy every copy.",
    ("lifted", True): "The orders on this answer are lifted. The agreement's own duties apply again from today.",
}
FILE_SHAPE: dict[str, Any] = {"name": str, "size": int, "sha256": HEX_256}
PART_SHAPE: dict[str, Any] = FILE_SHAPE | {"recipient": HEX_256, "lines": int}


@dataclass(slots=True)
class Checked:
    """A package that was read: its kind, manifest, manifest hash; for a response also the proven release entry."""

    subject: str
    kind: str
    manifest: dict[str, Any]
    manifest_sha256: str
    package_sha256: str
    entry: Entry | None = None
    entry_bytes: bytes = b""
    index: int = -1
    head: Checkpoint | None = None

    @property
    def agreement(self) -> tuple[Any, ...]:
        """Which version of which agreement."""
        return tuple(self.manifest["agreement"][name] for name in ("id", "version", "digest"))

    @property
    def request_id(self) -> str:
        """The request it is, answers, or is about."""
        of = self.manifest["answer"] if self.kind == "notice" else self.manifest
        return str(of["request_id"])


def check_package(path: Path, trust: Trust | None, report: Report, subject: str) -> Checked | None:
    """Check one package; cheap checks first, openssl last and only while nothing has failed."""
    with path.open("rb") as source:
        sound = "every byte of the container is accounted for, every file has its checksum"
        package = report.load(subject, "container", sound, open_package, source)
        if package is None:
            return None
        digest = hash_file(source)
        checked = report.load(subject, "manifest", "the manifest is well formed", read_manifest, package, digest)
        if checked is None:
            return None
        checked.subject = subject
        report.check(subject, "files", check_files, package, checked)
        if checked.kind in ("response", "notice"):
            check_logged(package, checked, trust, report)
        report.check(subject, "signature form", check_signature_form, package, checked)
        if report.failed(subject):
            report.add(subject, "signature", "note", "not checked by openssl, because the package is already invalid")
        else:
            report.check(subject, "signature", check_package_signature, package, checked, trust)
    return checked


def hash_file(source: BinaryIO) -> str:
    """SHA-256 of a whole open file, hex."""
    source.seek(0)
    digest = hashlib.sha256()
    while piece := source.read(CHUNK):
        digest.update(piece)
    return digest.hexdigest()


def read_manifest(package: Package, package_sha256: str) -> Checked:
    """The manifest, strictly."""
    data = package.read("manifest.json", MOST_MANIFEST_BYTES)
    raw = read_json(data, "the manifest", limit=MOST_MANIFEST_BYTES)
    kind = raw.get("kind")
    require(kind in SHAPES, "the manifest is none of a request, response, notice or receipt")
    manifest = read_fields(raw, SHAPES[str(kind)], "the manifest")
    read_fields(manifest["agreement"], AGREEMENT_SHAPE, "the manifest's agreement")
    read_moment(manifest["created_at"], "the manifest's created_at")
    entry_file = {"response": ENTRY_FILE, "notice": NOTICE_ENTRY_FILE}.get(str(kind))
    free = [PROOF_FILE, entry_file] if entry_file else []
    require(manifest.get("unhashed", []) == free, "the manifest leaves other files unhashed than it may")
    if kind == "response":
        read_day(manifest["destroy_by"], "the manifest's destroy_by")
    elif kind == "notice":
        check_notice(manifest)
    elif kind == "receipt":
        done = read_day(manifest["done_on"], "the receipt's done_on")
        made = read_moment(manifest["created_at"], "the manifest's created_at")
        require(done <= made.date(), "the receipt states a day in the future")
    return Checked("", str(kind), manifest, sha256(data).hex(), package_sha256)


def check_notice(manifest: dict[str, Any]) -> None:
    """A notice agrees with itself: answer, orders, which of them governs, and what it says in words."""
    answer = read_fields(manifest["answer"], ANSWER_SHAPE, "the notice's answer")
    read_day(answer["released_on"], "the answer's released_on")
    orders = [read_fields(item, ORDER_SHAPE, "an order of the notice") for item in manifest["orders"]]
    demands = {order["hold_id"]: order["demand"] for order in orders}
    require(len(demands) == len(orders), "the notice names an order twice")
    require(all(len(order["docket"]) <= 80 for order in orders), "the notice has a docket that is too long")
    action, may_destroy = manifest["action"], manifest["may_destroy"]
    require(DEMANDS.get((action, may_destroy)) == manifest["demand"], "the notice says another thing in words")
    if action == "lifted":
        require(not orders and manifest["governs"] == "", "a notice that orders are lifted names one")
    else:
        require(demands.get(manifest["governs"]) == action, "the order that governs demands something else")
        weaker = action == "freeze" and "recall" in demands.values()
        require(not weaker, "a weaker order governs than the strictest that the notice names")
        require(not (may_destroy and "freeze" in demands.values()), "it lets destroy what one of its orders preserves")
    made, due = (read_moment(manifest[name], name) for name in ("created_at", "receipt_due"))
    require(made <= due, "the receipt was due before the notice was made")


def check_files(package: Package, checked: Checked) -> str:
    """The manifest names every file, and every file has the stated size and hash."""
    manifest = checked.manifest
    if checked.kind in ("notice", "receipt"):
        listed, names = [], []
    elif checked.kind == "request":
        listed = [read_fields(item, FILE_SHAPE, "a file of the manifest") for item in manifest["files"]]
        names = [item["name"] for item in listed]
        require(names == ["parts/header.p7m", "parts/lines.p7m"], "a request holds exactly its header and its lines")
    else:
        listed = [read_fields(item, PART_SHAPE, "a part of the manifest") for item in manifest["parts"]]
        names = [item["name"] for item in listed]
        require(names == sorted(set(names)), "the parts are not named once each, in order")
        require(all(name.startswith("parts/") for name in names), "a part lies outside parts/")
    expected = {"manifest.json", "manifest.p7s", *names, *manifest.get("unhashed", ())}
    require(expected == set(package.files), "the package holds a file that its manifest does not name, or lacks one")
    for item in listed:
        require(
            package.files[item["name"]].size == item["size"], "a file does not have the size that the manifest states"
        )
        require(
            package.sha256(item["name"]) == item["sha256"], "a file does not have the hash that the manifest states"
        )
    return f"the manifest names every file, and all {len(listed)} have the stated size and SHA-256"


def check_logged(package: Package, checked: Checked, trust: Trust | None, report: Report) -> None:
    """What is in the log: a response (with its parts by size) by its release, a notice by its issue."""
    subject = checked.subject
    if checked.kind == "response":
        report.check(subject, "answers", check_parts, package, checked)
    report.check(subject, "log proof", check_proof, package, checked)
    if checked.head is not None:
        report.check(subject, "checkpoint signatures", check_checkpoint, checked.head, trust)
    if checked.entry is not None:
        if checked.kind == "response":
            report.check(subject, "release entry", check_binding, checked)
        else:
            report.check(subject, "notice entry", check_notice_binding, checked)


def check_parts(package: Package, checked: Checked) -> str:
    """Each part's encrypted length is that of its rows, and the parts add up to the response's lines."""
    parts = checked.manifest["parts"]
    for part in parts:
        length = encrypted_length(package.read(part["name"], MOST_PACKAGE_BYTES))
        fits = length == ROW_BYTES * (part["lines"] + 1)
        require(fits, "an encrypted part is not as long as its number of lines makes it")
    total = sum(part["lines"] for part in parts)
    require(total == checked.manifest["lines"], "the parts do not add up to the response's number of lines")
    return f"{len(parts)} encrypted parts hold {total} rows by their lengths, as many as the manifest states"


def check_proof(package: Package, checked: Checked) -> str:
    """The entry of the release, or of the notice, is in the log, under the proof's checkpoint."""
    checked.entry_bytes = package.read(checked.manifest["unhashed"][1], MOST_ENTRY_BYTES)
    checked.entry = read_entry(checked.entry_bytes)
    checked.index, proof, note = read_proof(package.read(PROOF_FILE, MOST_NOTE_BYTES))
    checked.head = read_checkpoint(note)
    check_inclusion(checked.index, checked.head.size, leaf_hash(checked.entry_bytes), proof, checked.head.root)
    what = "release" if checked.kind == "response" else "notice"
    return f"the {what} entry is entry {checked.index} of a log of {checked.head.size}"


def check_notice_binding(checked: Checked) -> str:
    """The log entry speaks of exactly this notice."""
    entry, manifest = checked.entry, checked.manifest
    if entry is None:
        invalid("there is no notice entry")
    require(entry.event == "NOTICE_ISSUED", "the log entry is not one of a notice")
    expected = {
        "request_id": checked.request_id,
        "notice_id": manifest["notice_id"],
        "notice_manifest_sha256": checked.manifest_sha256,
        "action": manifest["action"],
        "may_destroy": int(manifest["may_destroy"]),
        "hold_id": manifest["governs"],
        "due_at": manifest["receipt_due"],
    }
    for name, value in expected.items():
        require(entry.fields.get(name) == value, f"the notice entry's {name} is not that of this notice")
    require(agreement_of(entry) == checked.agreement, "the notice entry names another agreement than the notice")
    orders = str(entry.fields.get("orders"))
    named = ",".join(order["hold_id"] for order in manifest["orders"])
    digest = f"sha256:{sha256(named.encode()).hex()}"
    require(orders in (named, digest), "the notice entry names other orders than the notice")
    made = read_moment(manifest["created_at"], "the manifest's created_at")
    require(made == entry.time, "the notice was made at another moment than the log says")
    return f"the log binds this notice on the answer to request {checked.request_id}"


def check_binding(checked: Checked) -> str:
    """The release entry speaks of exactly this response."""
    entry, manifest = checked.entry, checked.manifest
    if entry is None:
        invalid("there is no release entry")
    require(entry.event == "RESPONSE_RELEASED", "the log entry is not one of a release")
    expected = {
        "request_id": manifest["request_id"],
        "manifest_sha256": manifest["request_manifest_sha256"],
        "response_manifest_sha256": checked.manifest_sha256,
        "lines": manifest["lines"],
        "accounting_records": manifest["lines"],
    }
    for name, value in expected.items():
        require(entry.fields.get(name) == value, f"the release entry's {name} is not that of this response")
    require(agreement_of(entry) == checked.agreement, "the release entry names another agreement than the response")
    require(isinstance(entry.fields.get("accounting_root"), str), "the release entry commits to no accounting records")
    made = read_moment(manifest["created_at"], "the manifest's created_at")
    require(made <= entry.time, "the response was made after its release")
    lines = manifest["lines"]
    return f"the log binds this response: {lines} lines in, {lines} answers out, {lines} accounting records committed"


def check_signature_form(package: Package, checked: Checked) -> str:
    """The signature has the one form that leaves no byte free, and is over this manifest."""
    facts = read_signature(package.read("manifest.p7s", MOST_SIGNATURE_BYTES))
    digest = hashlib.new(facts.digest_name)
    for piece in package.chunks("manifest.json"):
        digest.update(piece)
    require(digest.digest() == facts.message_digest, "the signature is over another manifest")
    made = read_moment(checked.manifest["created_at"], "the manifest's created_at")
    then = checked.kind not in ("notice", "receipt") or facts.signing_time == made
    require(then, "it was signed at another moment than it states")
    if checked.entry is not None:
        require(facts.signing_time <= checked.entry.time, f"the {checked.kind} was signed after it was logged")
    return f"the signature is over this manifest, dated {facts.signing_time.strftime('%Y-%m-%d %H:%M:%S UTC')}"


def check_package_signature(package: Package, checked: Checked, trust: Trust | None) -> str:
    """Signature, path, policy and revocation by openssl."""
    manifest = package.read("manifest.json", MOST_MANIFEST_BYTES)
    signature = package.read("manifest.p7s", MOST_SIGNATURE_BYTES)
    signer = {"notice": "response", "receipt": "request"}.get(checked.kind, checked.kind)  # whose certificate policy
    return check_signature(manifest, signature, read_signature(signature), need(trust), signer)


# --------------------------------------------------------------------------------------------------------------------
# Destruction certificates: a folder of four files
# --------------------------------------------------------------------------------------------------------------------

CERTIFICATE_FILES = ("certificate.json", "certificate.p7s", "entry.json", "proof.txt")
CERTIFICATE_SHAPE: dict[str, Any] = {
    "format": re.compile(r"privity-destruction/1"),
    "request_id": REQUEST_ID,
    "agreement": dict,
    "request_manifest_sha256": HEX_256,
    "key_id": re.compile(r"[0-9a-f]{32}"),
    "covered": dict,
    "blobs": int,
    "kept": list,
    "intended_at": MOMENT,
    "intent_index": int,
    "destroyed_at": MOMENT,
    "log_index": int,
    "checkpoint": dict,
    "backups_expire": DAY,
    "certified_at": MOMENT,
}
HEAD_SHAPE: dict[str, Any] = {"origin": str, "size": int, "root": HEX_256}


@dataclass(slots=True)
class Destruction:
    """A destruction certificate whose log entry is proven to lie under the head that it names."""

    document: dict[str, Any]
    entry_bytes: bytes
    head: Checkpoint

    @property
    def agreement(self) -> tuple[Any, ...]:
        """Which version of which agreement."""
        return tuple(self.document["agreement"][name] for name in ("id", "version", "digest"))


def check_destruction(folder: Path, trust: Trust | None, report: Report, subject: str) -> Destruction | None:
    """Check one certificate's four files; openssl last and only while nothing has failed."""
    sound = "the certificate is well formed, and its destruction is in the log that it names"
    found = report.load(subject, "certificate", sound, read_destruction, folder)
    if found is None:
        return None
    report.check(subject, "checkpoint signatures", check_checkpoint, found.head, trust)
    report.check(subject, "signature form", check_certificate_form, folder, found)
    if report.failed(subject):
        report.add(subject, "signature", "note", "not checked by openssl, because the certificate is already invalid")
    else:
        report.check(subject, "signature", check_certificate_signature, folder, trust)
    return found


def read_destruction(folder: Path) -> Destruction:
    """The certificate, its entry and the entry's proof, which must all speak of one destruction."""
    names = {path.name for path in folder.iterdir()}
    require(names == set(CERTIFICATE_FILES), "a destruction's folder holds exactly its four files")
    document = read_certificate(read_file(folder / "certificate.json", MOST_JSON_BYTES, "the certificate"))
    data = read_file(folder / "entry.json", MOST_ENTRY_BYTES, "the certificate's log entry")
    index, proof, note = read_proof(read_file(folder / "proof.txt", MOST_NOTE_BYTES, "the certificate's log proof"))
    head, entry = read_checkpoint(note), read_entry(data)
    check_inclusion(index, head.size, leaf_hash(data), proof, head.root)
    named = {"origin": head.origin, "size": head.size, "root": head.root.hex()}
    require(document["checkpoint"] == named, "the certificate names another head of the log than its proof")
    require(document["log_index"] == index, "the certificate names another log entry than its proof")
    found = Destruction(document, data, head)
    require(entry.event == "REQUEST_DESTROYED", "the certificate's log entry is not one of a destruction")
    for name in ("request_id", "key_id", "backups_expire", "blobs"):
        require(entry.fields.get(name) == document[name], f"the log entry's {name} is not that of the certificate")
    require(agreement_of(entry) == found.agreement, "the log entry names another agreement than the certificate")
    return found


def read_certificate(data: bytes) -> dict[str, Any]:
    """The document, strictly; its counts and moments agree with each other."""
    what = "the certificate"
    document = read_fields(read_json(data, what), CERTIFICATE_SHAPE, what)
    read_fields(document["agreement"], AGREEMENT_SHAPE, "the certificate's agreement")
    read_fields(document["checkpoint"], HEAD_SHAPE, "the certificate's checkpoint")
    counts = list(document["covered"].values())
    whole = all(isinstance(count, int) and not isinstance(count, bool) and count >= 0 for count in counts)
    require(whole and sum(counts) == document["blobs"], "what the certificate covers does not add up to its blobs")
    require(all(isinstance(kept, str) for kept in document["kept"]), "what the certificate keeps is not said in words")
    order = [read_moment(document[name], name) for name in ("intended_at", "destroyed_at", "certified_at")]
    require(order == sorted(order), "the certificate's moments are not in order: intended, destroyed, certified")
    require(document["intent_index"] < document["log_index"], "the destruction was logged before it was intended")
    try:
        date.fromisoformat(document["backups_expire"])
    except ValueError:
        invalid("the certificate's backups_expire is not a day that exists")
    return document


def check_certificate_form(folder: Path, found: Destruction) -> str:
    """The signature has the one form that leaves no byte free, and is over this certificate."""
    facts = read_signature(read_file(folder / "certificate.p7s", MOST_SIGNATURE_BYTES, "the certificate's signature"))
    document = read_file(folder / "certificate.json", MOST_JSON_BYTES, "the certificate")
    same = hashlib.new(facts.digest_name, document).digest() == facts.message_digest
    require(same, "the signature is over another certificate")
    stamp = found.document["certified_at"]
    require(facts.signing_time == read_moment(stamp, "certified_at"), "the certificate was signed at another moment")
    return f"the signature is over this certificate, dated {stamp}"


def check_certificate_signature(folder: Path, trust: Trust | None) -> str:
    """Signature, path, policy and revocation by openssl: the custodian's, as on its responses."""
    document = read_file(folder / "certificate.json", MOST_JSON_BYTES, "the certificate")
    signature = read_file(folder / "certificate.p7s", MOST_SIGNATURE_BYTES, "the certificate's signature")
    return check_signature(document, signature, read_signature(signature), need(trust), "response")


def check_destruction_against(log: Log, found: Destruction) -> None:
    """The log tells exactly this destruction: the same entry at its place, ordered where the certificate says."""
    document = found.document
    require(found.head.size <= log.head.size, "the certificate was made under a newer log than the one in the bundle")
    require(log.root_at(found.head.size) == found.head.root, "the certificate's checkpoint contradicts the log")
    story = log.story.requests.get(document["request_id"])
    if story is None or "REQUEST_DESTROYED" not in story.seen:
        invalid("the log does not know this destruction")
    places = (story.indexes["REQUEST_DESTROYED"], story.indexes.get("DESTRUCTION_INTENDED"))
    stated = (document["log_index"], document["intent_index"])
    require(places == stated, "the log has the destruction, or its order, at another place")
    require(log.leaves[stated[0]] == leaf_hash(found.entry_bytes), "the log has another entry of the destruction")
    intake = story.seen.get("REQUEST_ADMITTED") or story.seen.get("REQUEST_RETURNED")
    manifest = None if intake is None else intake.fields.get("manifest_sha256")
    require(manifest == document["request_manifest_sha256"], "the certificate names another request package")


# --------------------------------------------------------------------------------------------------------------------
# Accounting exports and audit bundles: lines in = answers out = accounting records
# --------------------------------------------------------------------------------------------------------------------

ACCOUNTING_SHAPE: dict[str, Any] = {
    "format": re.compile(r"privity-accounting/1"),
    "request_id": REQUEST_ID,
    "lines": int,
    "root": HEX_256,
    "log_index": int,
}


@dataclass(frozen=True, slots=True)
class Accounting:
    """An accounting export whose root was recomputed."""

    request_id: str
    lines: int
    root: str
    log_index: int
    blind: int  # records given by their hash alone


def read_accounting(path: Path) -> Accounting:
    """Read an export: every ordinal once and in order, every leaf recomputed, the root recomputed."""
    leaves, blind = [], 0
    with path.open("rb") as source:
        head = read_fields(
            read_json(read_line(source), "the accounting export"), ACCOUNTING_SHAPE, "the accounting export"
        )
        require(head["lines"] <= MOST_RECORDS, "the accounting export is larger than this verifier can read")
        for ordinal in range(1, head["lines"] + 1):
            leaf, hidden = read_record(read_line(source), ordinal)
            leaves.append(leaf_hash(leaf))
            blind += hidden
        require(source.read(1) == b"", "the accounting export holds more records than lines")
    require(merkle_root(leaves).hex() == head["root"], "the accounting records do not lead to their stated root")
    return Accounting(head["request_id"], head["lines"], head["root"], head["log_index"], blind)


def read_line(source: BinaryIO) -> bytes:
    """One line without its end."""
    line = source.readline(MOST_RECORD_BYTES + 1)
    require(line.endswith(b"\n"), "the accounting export ends early or has a line that is too long")
    return line[:-1]


def read_record(line: bytes, ordinal: int) -> tuple[bytes, bool]:
    """(leaf data, whether the record itself was held back) of one line of canonical JSON."""
    what = "a line of the accounting export"
    value = read_json(line, what, exact=False)
    blind = "leaf" in value
    shape: dict[str, Any] = {"ordinal": int}
    shape |= {"leaf": HEX_256} if blind else {"nonce": HEX_256, "record": dict}
    fields = read_fields(value, shape, what)
    require(fields["ordinal"] == ordinal, f"the accounting record at place {ordinal} has another ordinal")
    if blind:
        require(line == canonical(fields).encode("utf-8"), f"{what} is not in canonical JSON form")
        return bytes.fromhex(fields["leaf"]), True
    record = canonical(fields["record"]).encode("utf-8")
    whole = f'{{"nonce":"{fields["nonce"]}","ordinal":{ordinal},"record":'.encode() + record + b"}"
    require(line == whole, f"{what} is not in canonical JSON form")
    require(fields["record"].get("ordinal", ordinal) == ordinal, f"accounting record {ordinal} speaks of another line")
    return sha256(bytes.fromhex(fields["nonce"]) + record), False


@dataclass(slots=True)
class Bundle:
    """All that an audit bundle holds, as far as it could be read."""

    log: Log | None = None
    requests: dict[str, Checked] = field(default_factory=dict)
    responses: dict[str, Checked] = field(default_factory=dict)
    accounts: dict[str, Accounting] = field(default_factory=dict)
    destructions: dict[str, Destruction] = field(default_factory=dict)
    notices: dict[str, Checked] = field(default_factory=dict)  # by notice id
    receipts: dict[str, Checked] = field(default_factory=dict)  # by notice id

    @property
    def request_ids(self) -> set[str]:
        """Every request of which anything is here."""
        return {*self.requests, *self.responses, *self.accounts, *self.destructions}


def check_bundle(folder: Path, trust: Trust | None, report: Report) -> Log | None:
    """Check everything in an audit bundle by itself, then each request across package, log and accounting."""
    bundle = Bundle()
    report.check("bundle", "files", list_bundle, folder)
    if (folder / "log").is_dir():
        bundle.log = check_log(folder / "log", trust, report)
    else:
        report.add("log", "presence", "unknown", "the bundle holds no log, so nothing could be compared with it")
    for path in sorted((folder / "packages").glob("*.zip")):
        take_package(path, trust, report, bundle)
    for path in sorted((folder / "accounting").glob("*.jsonl")):
        take_accounting(path, report, bundle)
    for path in sorted((folder / "destructions").glob("*")):
        take_destruction(path, trust, report, bundle)
    if bundle.log is not None:
        told = {name for name, story in bundle.log.story.requests.items() if "RESPONSE_RELEASED" in story.seen}
        reason = f"{len(told)} releases in the log; here with response: {len(told & set(bundle.responses))}"
        report.add("bundle", "scope", "note", f"{reason}, with accounting: {len(told & set(bundle.accounts))}")
        report.add("bundle", "scope", "note", unfinished_and_absent(bundle, bundle.log.story))
    for notice_id in sorted({*bundle.notices, *bundle.receipts}):
        report.check(f"notice {notice_id}", "standing", check_noticed, notice_id, bundle)
    for request_id in sorted(bundle.request_ids):
        report.check(f"request {request_id}", "completeness", check_request, request_id, bundle, report)
    return bundle.log


def unfinished_and_absent(bundle: Bundle, story: Story) -> str:
    """What an auditor should ask for: requests of the log without an end, and those of which nothing is here."""
    ends = {"RESPONSE_RELEASED", "RELEASE_REFUSED"}
    waiting = sum(not ends & set(request.seen) for request in story.requests.values())
    absent = set(story.requests) - bundle.request_ids
    return (
        f"{len(story.requests)} requests in the log; neither released nor refused so far: {waiting}, "
        f"of which nothing is in this bundle: {len(absent)}"
    )


def list_bundle(folder: Path) -> str:
    """Nothing but log/, packages/*.zip, accounting/*.jsonl, destructions/*/ and trust.json."""
    known = ("log", "packages", "accounting", "destructions", "trust.json")
    for path in folder.iterdir():
        require(path.name in known, "the bundle holds an unexpected file")
        require(not path.is_symlink(), "the bundle holds a link")
    for name, suffix in (("packages", ".zip"), ("accounting", ".jsonl")):
        inside = list((folder / name).iterdir()) if (folder / name).is_dir() else []
        plain = all(path.suffix == suffix and path.is_file() and not path.is_symlink() for path in inside)
        require(plain, f"the bundle's {name} holds an unexpected file")
    ended = list((folder / "destructions").iterdir()) if (folder / "destructions").is_dir() else []
    plain = all(path.is_dir() and not path.is_symlink() for path in ended)
    require(plain, "the bundle's destructions holds an unexpected file")
    return "every file of the bundle has its place"


def take_package(path: Path, trust: Trust | None, report: Report, bundle: Bundle) -> None:
    """Check one package of the bundle and keep it by its request id."""
    number = len(bundle.requests) + len(bundle.responses) + len(bundle.notices) + len(bundle.receipts) + 1
    checked = check_package(path, trust, report, f"package {number}")
    if checked is None:
        return
    shelves = {"notice": bundle.notices, "receipt": bundle.receipts, "request": bundle.requests}
    shelf = shelves.get(checked.kind, bundle.responses)
    of = "notice" if checked.kind in ("notice", "receipt") else "request"
    name = str(checked.manifest[f"{of}_id"])
    report.add(checked.subject, "identity", "note", f"the {checked.kind} package of {of} {name}")
    if name in shelf:
        report.add(checked.subject, "identity", "fail", f"the bundle holds two {checked.kind} packages of one {of}")
    shelf[name] = checked


def take_accounting(path: Path, report: Report, bundle: Bundle) -> None:
    """Check one accounting export of the bundle and keep it by its request id."""
    subject = f"accounting {len(bundle.accounts) + 1}"
    found = report.load(subject, "records", "every record leads to the stated root", read_accounting, path)
    if found is None:
        return
    if found.request_id in bundle.accounts:
        report.add(subject, "identity", "fail", "the bundle holds two accounting exports of one request")
    if found.blind:
        report.add(subject, "records", "note", f"{found.blind} of {found.lines} records are given by their hash alone")
    bundle.accounts[found.request_id] = found


def take_destruction(folder: Path, trust: Trust | None, report: Report, bundle: Bundle) -> None:
    """Check one destruction certificate of the bundle and keep it by its request id."""
    subject = f"destruction {len(bundle.destructions) + 1}"
    found = check_destruction(folder, trust, report, subject)
    if found is None:
        return
    request_id = found.document["request_id"]
    report.add(subject, "identity", "note", f"the destruction of request {request_id}")
    if request_id in bundle.destructions:
        report.add(subject, "identity", "fail", "the bundle holds two destruction certificates of one request")
    bundle.destructions[request_id] = found


def check_request(request_id: str, bundle: Bundle, report: Report) -> str:
    """Lines in = answers out = accounting records for one request, as far as the bundle reaches."""
    request, response = bundle.requests.get(request_id), bundle.responses.get(request_id)
    account, log = bundle.accounts.get(request_id), bundle.log
    if log is not None:
        check_against_log(request_id, request, response, log)
    if request is not None and response is not None:
        same = response.manifest["request_manifest_sha256"] == request.manifest_sha256
        require(same and response.agreement == request.agreement, "the response answers another request")
        require(response.manifest["lines"] == request.manifest["lines"], "lines in and answers out differ")
    if account is not None:
        check_account(account, bundle)
    if (destroyed := bundle.destructions.get(request_id)) is not None:
        if log is None:
            raise IncompleteError("there is no sound log in the bundle to compare the destruction with")
        check_destruction_against(log, destroyed)
    missing = [
        name for name, item in (("request", request), ("response", response), ("accounting", account)) if not item
    ]
    if missing:
        report.add(
            f"request {request_id}", "scope", "note", f"not in this bundle, so not compared: {', '.join(missing)}"
        )
    some = request or response
    lines = some.manifest["lines"] if some else account.lines if account else 0
    return f"{lines} lines in, answers out and accounting records agree" + (" as far as given" if missing else "")


def check_noticed(notice_id: str, bundle: Bundle) -> str:
    """A notice and its receipt are the ones the log speaks of, on the answer that left, and agree with each other."""
    notice, receipt, log = bundle.notices.get(notice_id), bundle.receipts.get(notice_id), bundle.log
    if log is None:
        raise IncompleteError("there is no sound log in the bundle to compare the notice with")
    told = log.story.notices.get(notice_id)
    if told is None:
        invalid("the log does not know this notice")
    if notice is not None:
        check_notice_in(log, notice, told)
        check_noticed_answer(notice, bundle)
    if receipt is not None:
        stated = told.receipt
        if stated is None:
            invalid("the log has no receipt for this notice")
        expected = {"receipt_manifest_sha256": receipt.manifest_sha256, "request_id": receipt.request_id}
        expected |= {
            name: receipt.manifest[name] for name in ("notice_manifest_sha256", "office", "outcome", "done_on")
        }
        for name, value in expected.items():
            require(stated.fields.get(name) == value, f"the log has another {name} of the receipt")
        require(agreement_of(stated) == receipt.agreement, "the receipt names another agreement than the log")
    if notice is not None and receipt is not None:
        same = receipt.manifest["notice_manifest_sha256"] == notice.manifest_sha256
        require(same, "the receipt is for another notice")
        parties = ("custodian", "requester")
        require(all(receipt.manifest[name] == notice.manifest[name] for name in parties), "they name other parties")
    return "acknowledged" if told.receipt else "no receipt so far"


def check_notice_in(log: Log, notice: Checked, told: Noticed) -> None:
    """The notice's entry lies in this very log, where its proof says."""
    head = notice.head
    if head is None:
        invalid("the notice has no sound proof")
    require(head.size <= log.head.size, "the notice was issued under a newer log than the one in the bundle")
    require(log.root_at(head.size) == head.root, "the notice's checkpoint contradicts the log")
    require(told.index == notice.index, "the log has the notice at another place")
    require(log.leaves[notice.index] == leaf_hash(notice.entry_bytes), "the log has another entry of the notice")


def check_noticed_answer(notice: Checked, bundle: Bundle) -> None:
    """The notice names the answer that left: its response, its request, its number of lines."""
    answer = notice.manifest["answer"]
    response, request = bundle.responses.get(notice.request_id), bundle.requests.get(notice.request_id)
    for package, name in ((response, "response_manifest_sha256"), (request, "request_manifest_sha256")):
        if package is not None:
            require(
                answer[name] == package.manifest_sha256, f"the notice is on another {package.kind} than the bundle's"
            )
            require(answer["lines"] == package.manifest["lines"], "the notice counts other lines than the answer")
    story = bundle.log.story.requests.get(notice.request_id) if bundle.log else None
    released = story.seen.get("RESPONSE_RELEASED") if story else None
    if released is not None:
        same = released.fields.get("response_manifest_sha256") == answer["response_manifest_sha256"]
        require(same, "the notice is on another answer than the log released")


def check_account(account: Accounting, bundle: Bundle) -> None:
    """The log commits to exactly these accounting records, at the place the export names."""
    commitments = dict(committed(account.request_id, bundle))
    if account.log_index not in commitments:
        invalid("the accounting export names another log entry than the one that commits to it")
    for entry in commitments.values():
        require(entry.fields.get("accounting_root") == account.root, "the log commits to other accounting records")
        counts = {entry.fields.get("accounting_records"), entry.fields.get("lines"), account.lines}
        require(len(counts) == 1, "lines and accounting records differ in number")


def committed(request_id: str, bundle: Bundle) -> Iterator[tuple[int, Entry]]:
    """The log entries, with their indexes, that commit to a request's accounting records."""
    response, log = bundle.responses.get(request_id), bundle.log
    if log is not None and request_id in log.story.requests:
        story = log.story.requests[request_id]
        for event in ("REQUEST_RETURNED", "ADMISSION_REVOKED", "RELEASE_REFUSED", "RESPONSE_RELEASED"):
            if event in story.seen:
                yield story.indexes[event], story.seen[event]
    elif response is not None and response.entry is not None:
        yield response.index, response.entry
    elif log is None:
        raise IncompleteError("neither log nor response is in the bundle, so the accounting root was not compared")


def check_against_log(request_id: str, request: Checked | None, response: Checked | None, log: Log) -> None:
    """A request's and a response's packages are the ones the log speaks of, under the same tree."""
    if response is not None and response.head is not None:
        head = response.head
        require(head.size <= log.head.size, "the response was released under a newer log than the one in the bundle")
        require(log.root_at(head.size) == head.root, "the response's checkpoint contradicts the log")
        require(log.leaves[response.index] == leaf_hash(response.entry_bytes), "the log has another release entry")
    story = log.story.requests.get(request_id)
    if story is None:
        invalid("the log does not know this request")
    if response is not None:
        released = story.indexes.get("RESPONSE_RELEASED")
        require(released == response.index, "the log has the release at another place, or not at all")
        whole = not is_answerable(story)
        require(
            response.manifest["returned_whole"] == whole, "the log and the response differ on a return of the whole"
        )
        delivered = story.seen.get("RESPONSE_DELIVERED")
        same = delivered is None or delivered.fields.get("package_sha256") == response.package_sha256
        require(same, "the log has the delivery of another package")
    if request is not None:
        intake = story.seen.get("REQUEST_ADMITTED") or story.seen.get("REQUEST_RETURNED")
        if intake is None:
            invalid("the log has no intake of this request")
        same = intake.fields.get("manifest_sha256") == request.manifest_sha256
        require(same and agreement_of(intake) == request.agreement, "the log took in another request under this id")
        require(intake.fields.get("lines") == request.manifest["lines"], "the log counts other lines than the request")
        require(request.package_sha256 in log.story.arrived, "the log has no arrival of exactly this package")


# --------------------------------------------------------------------------------------------------------------------
# The command
# --------------------------------------------------------------------------------------------------------------------


def verify(path: Path, trust_path: Path | None = None, older: Path | None = None) -> Report:
    """Verify whatever `path` is. Never raises for bad evidence; OSError only where the path itself cannot be read."""
    report, log = Report(), None
    trust = load_trust(trust_path, report)
    if (path / "checkpoint").is_file():
        report.kind = "log"
        log = check_log(path, trust, report)
    elif path.is_dir() and any((path / name).is_dir() for name in ("log", "packages", "accounting", "destructions")):
        report.kind = "bundle"
        log = check_bundle(path, trust, report)
    elif (path / "certificate.json").is_file():
        report.kind = "destruction"
        check_destruction(path, trust, report, "destruction")
        report.add(
            "destruction", "scope", "note", "the log was not given, so the order before the act was not read here"
        )
    elif path.is_file():
        checked = check_package(path, trust, report, "package")
        report.kind = checked.kind if checked else "package"
        if checked is not None and checked.kind == "response":
            note = "the request package, the log and the accounting records were not given, so not compared here"
            report.add("package", "scope", "note", note)
        elif checked is not None and checked.kind in ("notice", "receipt"):
            note = (
                "the log was not given: whether a later notice took its place, or a receipt counts, was not read here"
            )
            report.add("package", "scope", "note", note)
    else:
        report.add("path", "kind", "fail", "the path is neither a package, a log, a destruction nor a bundle")
    if older is not None:
        report.check("log", "older checkpoint", check_older, older, log, trust)
    return report


def load_trust(path: Path | None, report: Report) -> Trust | None:
    """The trust file named on the command line or in PRIVITY_TRUST, if any."""
    named = path or (Path(os.environ["PRIVITY_TRUST"]) if os.environ.get("PRIVITY_TRUST") else None)
    if named is None:
        return None
    return report.load("trust", "form", "the trust file is well formed", read_trust_file, named)


def read_trust_file(path: Path) -> Trust:
    """The trust file at this path."""
    return read_trust(read_file(path, MOST_JSON_BYTES, "the trust file"))


def to_text(report: Report, path: Path) -> str:
    """The report in plain sentences."""
    marks = {"pass": "ok     ", "fail": "FAILED ", "unknown": "UNKNOWN", "note": "note   "}
    lines = [f"{marks[item.outcome]} {item.subject}: {item.check}: {item.reason}" for item in report.findings]
    return "\n".join([f"{report.kind}: {path}", *lines, f"Verdict: {report.verdict}"])


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="privity_verify",
        description="Verify a Privity package, log, destruction certificate or audit bundle offline.",
        epilog="Exit codes: 0 VALID, 1 INVALID, 2 usage, 3 INCOMPLETE.",
    )
    parser.add_argument("path", type=Path, help="package (.zip), or folder of a log, a destruction or a bundle")
    parser.add_argument("--trust", type=Path, help="trust.json (else the environment's PRIVITY_TRUST)")
    parser.add_argument("--older", type=Path, metavar="CHECKPOINT", help="a checkpoint kept from an earlier day")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    options = parser.parse_args(arguments)
    if not options.path.exists():
        parser.error("there is nothing at that path")
    try:
        report = verify(options.path, options.trust, options.older)
    except OSError:
        report = Report()
        report.add("path", "reading", "unknown", "the path could not be read on this machine")
    text = json.dumps(report.to_json(), indent=2) if options.json else to_text(report, options.path)
    sys.stdout.write(text + "\n")
    return report.exit_code


if __name__ == "__main__":
    sys.exit(main())
