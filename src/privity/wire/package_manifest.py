"""The manifest of a package: what it is, and every file's name, size and SHA-256, in canonical JSON.

The signature covers these bytes, the hashes cover the files: so every file is covered but the few that a response names
as unhashed, because they prove the manifest itself (the log's proof and entry) and would be circular.
Not here: the container's bytes (`package`), who may sign, what the parts say.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import NoReturn, cast

from privity.domain.errors import ErrorCode, PrivityError
from privity.wire.canonical_json import JsonValue, decode_strict, encode
from privity.wire.package import MANIFEST_NAME, MOST_MANIFEST_BYTES, SIGNATURE_NAME, Container

FORMAT = "privity-package/1"
HEADER_PART = "parts/header.p7m"
LINES_PART = "parts/lines.p7m"
LINES_FORMATS = ("csv", "jsonl", "parquet")
LOG_PROOF = "log/proof.txt"
LOG_ENTRY = "log/release-entry.json"
UNHASHED = (LOG_PROOF, LOG_ENTRY)

HEX_256 = re.compile(r"[0-9a-f]{64}")
REQUEST_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
_MEND = "Make the package anew from the original files; a manifest is never edited."


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One hashed file."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class AgreementReference:
    """Which version of which agreement, with the SHA-256 of its document, hex."""

    id: str
    version: int
    digest: str


@dataclass(frozen=True, slots=True)
class RequestManifest:
    """What a request's signature covers."""

    request_id: str
    agreement: AgreementReference
    requester: str
    custodian: str
    nonce: str  # 64 hex digits
    created_at: datetime  # aware, UTC, whole seconds
    lines: int
    lines_format: str
    files: tuple[FileEntry, ...]

    def to_bytes(self) -> bytes:
        """Canonical JSON."""
        return encode(
            {
                "format": FORMAT,
                "kind": "request",
                "request_id": self.request_id,
                "agreement": reference_value(self.agreement),
                "requester": self.requester,
                "custodian": self.custodian,
                "nonce": self.nonce,
                "created_at": moment_text(self.created_at),
                "lines": self.lines,
                "lines_format": self.lines_format,
                "files": [{"name": file.name, "size": file.size, "sha256": file.sha256} for file in self.files],
            }
        )

    @classmethod
    def from_bytes(cls, document: bytes) -> RequestManifest:
        """Read strictly: unknown or missing fields, other kinds and loose forms raise PrivityError PACKAGE_INVALID."""
        fields = ManifestFields(_read(document))
        fields.constant("format", FORMAT)
        fields.constant("kind", "request")
        manifest = cls(
            request_id=fields.matching("request_id", REQUEST_ID),
            agreement=read_reference(fields),
            requester=fields.matching("requester", WORD),
            custodian=fields.matching("custodian", WORD),
            nonce=fields.matching("nonce", HEX_256),
            created_at=fields.moment("created_at"),
            lines=fields.count("lines"),
            lines_format=fields.one_of("lines_format", LINES_FORMATS),
            files=tuple(_read_file(ManifestFields(item)) for item in fields.items("files")),
        )
        fields.done()
        if tuple(file.name for file in manifest.files) != (HEADER_PART, LINES_PART):
            _refuse("a request's manifest names exactly its header and its lines")
        return manifest


@dataclass(frozen=True, slots=True)
class PartEntry:
    """One encrypted part: for which certificate (SHA-256 of its DER, hex), how many rows, and its hash."""

    name: str
    recipient: str
    lines: int
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ResponseManifest:
    """What a response's signature covers."""

    request_id: str
    request_manifest_sha256: str
    agreement: AgreementReference
    custodian: str
    created_at: datetime
    lines: int
    returned_whole: bool
    marking: str
    destroy_by: date
    parts: tuple[PartEntry, ...]
    unhashed: tuple[str, ...] = UNHASHED

    @property
    def files(self) -> tuple[FileEntry, ...]:
        """The hashed files: the parts."""
        return tuple(FileEntry(part.name, part.size, part.sha256) for part in self.parts)

    def to_bytes(self) -> bytes:
        """Canonical JSON."""
        return encode(
            {
                "format": FORMAT,
                "kind": "response",
                "request_id": self.request_id,
                "request_manifest_sha256": self.request_manifest_sha256,
                "agreement": reference_value(self.agreement),
                "custodian": self.custodian,
                "created_at": moment_text(self.created_at),
                "lines": self.lines,
                "returned_whole": self.returned_whole,
                "marking": self.marking,
                "destroy_by": self.destroy_by.isoformat(),
                "parts": [
                    {
                        "name": part.name,
                        "recipient": part.recipient,
                        "lines": part.lines,
                        "size": part.size,
                        "sha256": part.sha256,
                    }
                    for part in self.parts
                ],
                "unhashed": list(self.unhashed),
            }
        )

    @classmethod
    def from_bytes(cls, document: bytes) -> ResponseManifest:
        """Read strictly: unknown or missing fields, other kinds and loose forms raise PrivityError PACKAGE_INVALID."""
        fields = ManifestFields(_read(document))
        fields.constant("format", FORMAT)
        fields.constant("kind", "response")
        manifest = cls(
            request_id=fields.matching("request_id", REQUEST_ID),
            request_manifest_sha256=fields.matching("request_manifest_sha256", HEX_256),
            agreement=read_reference(fields),
            custodian=fields.matching("custodian", WORD),
            created_at=fields.moment("created_at"),
            lines=fields.count("lines"),
            returned_whole=fields.boolean("returned_whole"),
            marking=fields.text("marking", 2000),
            destroy_by=fields.day("destroy_by"),
            parts=tuple(_read_part(ManifestFields(item)) for item in fields.items("parts")),
            unhashed=tuple(_text_item(item) for item in fields.items("unhashed")),
        )
        fields.done()
        if manifest.unhashed != UNHASHED:
            _refuse("a response leaves exactly the log's proof and entry unhashed")
        names = [part.name for part in manifest.parts]
        if names != sorted(set(names)) or not all(name.startswith("parts/") for name in names):
            _refuse("the parts of a response are named once each, in order, below parts/")
        if sum(part.lines for part in manifest.parts) != manifest.lines:
            _refuse("the parts of the response do not add up to its number of lines")
        return manifest


def _read(document: bytes) -> JsonValue:
    return decode_strict(document, size_limit=MOST_MANIFEST_BYTES, code=ErrorCode.PACKAGE_INVALID)


def kind_of(document: bytes) -> str:
    """ "request" or "response", from a manifest's bytes. Raises PrivityError PACKAGE_INVALID."""
    return ManifestFields(_read(document)).one_of("kind", ("request", "response"))


def describe_file(name: str, content: bytes) -> FileEntry:
    """The manifest's entry for one file."""
    return FileEntry(name, len(content), hashlib.sha256(content).hexdigest())


def check_files(container: Container, files: Sequence[FileEntry], unhashed: Sequence[str] = ()) -> None:
    """Every file of the container is named by the manifest, and has its size and SHA-256; none is missing or extra.

    Raises PrivityError PACKAGE_INVALID.
    """
    named = {MANIFEST_NAME, SIGNATURE_NAME, *unhashed, *(file.name for file in files)}
    if named != set(container.names) or len(named) != 2 + len(unhashed) + len(files):
        _refuse("the package holds a file that its manifest does not name, or lacks one that it names")
    for file in files:
        digest = hashlib.sha256()
        if container.size(file.name) != file.size:
            _refuse("a file of the package does not have the size that the manifest states")
        for piece in container.chunks(file.name):
            digest.update(piece)
        if digest.hexdigest() != file.sha256:
            _refuse("a file of the package does not have the hash that the manifest states")


def read_file(container: Container, file: FileEntry) -> bytes:
    """The bytes of one file, hashed as they are handed out: a file that changes while it is read is no way in.

    `check_files` may have read other bytes from the same place a moment before. Raises PrivityError PACKAGE_INVALID.
    """
    content = container.read(file.name)
    if len(content) != file.size or hashlib.sha256(content).hexdigest() != file.sha256:
        _refuse("a file of the package changed while it was read")
    return content


class ManifestFields:
    """The fields of one JSON object, each taken once; `done` refuses what is left over."""

    def __init__(self, value: JsonValue) -> None:
        if not isinstance(value, Mapping):
            _refuse("the manifest has something else where an object belongs")
        self._left = dict(value)

    def _take(self, name: str) -> JsonValue:
        if name not in self._left:
            _refuse(f"the manifest lacks the field {name}")
        return self._left.pop(name)

    def text(self, name: str, longest: int) -> str:
        """A text of at most `longest` characters."""
        value = self._take(name)
        if not isinstance(value, str) or len(value) > longest:
            _refuse(f"the manifest's field {name} is not a text of at most {longest} characters")
        return value

    def matching(self, name: str, pattern: re.Pattern[str]) -> str:
        """A text of one grammar."""
        value = self.text(name, 200)
        if not pattern.fullmatch(value):
            _refuse(f"the manifest's field {name} does not have the required form")
        return value

    def constant(self, name: str, expected: str) -> None:
        """A field with one allowed value."""
        self.one_of(name, (expected,))

    def one_of(self, name: str, allowed: Sequence[str]) -> str:
        """A field with a few allowed values."""
        value = self.text(name, 200)
        if value not in allowed:
            _refuse(f"the manifest's field {name} does not have an allowed value")
        return value

    def count(self, name: str) -> int:
        """A whole number from 0."""
        value = self._take(name)
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            _refuse(f"the manifest's field {name} is not a whole number from 0")
        return value

    def boolean(self, name: str) -> bool:
        """true or false."""
        value = self._take(name)
        if not isinstance(value, bool):
            _refuse(f"the manifest's field {name} is not true or false")
        return value

    def moment(self, name: str) -> datetime:
        """A UTC moment in whole seconds, as 2026-01-31T12:00:00Z."""
        value = self.matching(name, _MOMENT)
        try:
            return datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        except ValueError:
            _refuse(f"the manifest's field {name} is not a moment that exists")

    def day(self, name: str) -> date:
        """A date, as 2026-01-31."""
        value = self.text(name, 10)
        try:
            parsed = date.fromisoformat(value)
        except ValueError:
            _refuse(f"the manifest's field {name} is not a date that exists")
        if parsed.isoformat() != value:
            _refuse(f"the manifest's field {name} is not a date in the form YYYY-MM-DD")
        return parsed

    def object(self, name: str) -> ManifestFields:
        """A nested object."""
        return ManifestFields(self._take(name))

    def items(self, name: str) -> Sequence[JsonValue]:
        """A list."""
        value = self._take(name)
        if not isinstance(value, list):
            _refuse(f"the manifest's field {name} is not a list")
        return cast(Sequence[JsonValue], value)

    def done(self) -> None:
        """Refuse fields that nobody asked for."""
        if self._left:
            _refuse("the manifest has fields that its format does not know")


def read_reference(fields: ManifestFields) -> AgreementReference:
    """The agreement that a manifest names. Raises PrivityError PACKAGE_INVALID."""
    inner = fields.object("agreement")
    reference = AgreementReference(
        inner.matching("id", WORD), inner.count("version"), inner.matching("digest", HEX_256)
    )
    inner.done()
    return reference


def _read_file(fields: ManifestFields) -> FileEntry:
    entry = FileEntry(fields.text("name", 200), fields.count("size"), fields.matching("sha256", HEX_256))
    fields.done()
    return entry


def _read_part(fields: ManifestFields) -> PartEntry:
    entry = PartEntry(
        name=fields.text("name", 200),
        recipient=fields.matching("recipient", HEX_256),
        lines=fields.count("lines"),
        size=fields.count("size"),
        sha256=fields.matching("sha256", HEX_256),
    )
    fields.done()
    return entry


def _text_item(value: JsonValue) -> str:
    if not isinstance(value, str):
        _refuse("the manifest has something else where a text belongs")
    return value


def reference_value(agreement: AgreementReference) -> dict[str, JsonValue]:
    """The agreement as a manifest names it."""
    return {"id": agreement.id, "version": agreement.version, "digest": agreement.digest}


def moment_text(moment: datetime) -> str:
    """RFC 3339, UTC, whole seconds. Raises ValueError for a naive moment."""
    if moment.tzinfo is None:
        raise ValueError("a manifest's moment carries its time zone")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _refuse(message: str) -> NoReturn:
    """Raise PACKAGE_INVALID; values are never repeated."""
    raise PrivityError(ErrorCode.PACKAGE_INVALID, message, _MEND) from None
