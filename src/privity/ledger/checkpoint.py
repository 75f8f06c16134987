"""The signed tree head: checkpoint text (C2SP tlog-checkpoint) inside a signed note (C2SP signed-note).

Assembles and reads texts; signatures are made and verified elsewhere and come in as values.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass

from privity.domain.errors import ErrorCode, PrivityError
from privity.ledger.canonical import read_base64, read_decimal
from privity.ledger.tree import HASH_SIZE

_KEY_ID_SIZE = 4
_MOST_NOTE_BYTES = 65_536
_DASH = "— "


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A tree head: whose log, how many entries, which root."""

    origin: str
    size: int
    root: bytes


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One signature line of a note: key name, 4-byte key id, raw signature."""

    name: str
    key_id: bytes
    signature: bytes


def check_origin(origin: str) -> None:
    """Raise PrivityError INTERNAL unless `origin` can be a key name: no blanks, no plus, no control characters."""
    if not origin or not origin.isprintable() or "+" in origin or any(character.isspace() for character in origin):
        raise PrivityError(ErrorCode.INTERNAL, "the log's origin cannot be a key name")


def checkpoint_text(checkpoint: Checkpoint) -> bytes:
    """The three lines that are signed (C2SP tlog-checkpoint, Note text), final newline included."""
    check_origin(checkpoint.origin)
    root = b64encode(checkpoint.root).decode("ascii")
    return f"{checkpoint.origin}\n{checkpoint.size}\n{root}\n".encode()


def read_checkpoint_text(text: bytes) -> Checkpoint:
    """The tree head in a note's text; extension lines are refused. Raises PrivityError EVIDENCE_INVALID."""
    lines = text.split(b"\n")
    if len(lines) != 4 or lines[3] != b"" or not lines[0]:
        raise PrivityError(ErrorCode.EVIDENCE_INVALID, "the checkpoint does not have exactly three lines")
    root = read_base64(lines[2])
    if len(root) != HASH_SIZE:
        raise PrivityError(ErrorCode.EVIDENCE_INVALID, "the checkpoint's root is not a SHA-256 hash")
    return Checkpoint(lines[0].decode("utf-8"), read_decimal(lines[1]), root)


def signed_note(text: bytes, signatures: Sequence[NoteSignature]) -> bytes:
    """The whole note: text, blank line, one line for each signature in the order given."""
    lines = [
        f"{_DASH}{line.name} {b64encode(line.key_id + line.signature).decode('ascii')}\n".encode()
        for line in signatures
    ]
    return text + b"\n" + b"".join(lines)


def read_signed_note(note: bytes) -> tuple[bytes, list[NoteSignature]]:
    """Split a note into the text that was signed and its signature lines, strictly.

    Raises PrivityError EVIDENCE_INVALID.
    """
    malformed = PrivityError(ErrorCode.EVIDENCE_INVALID, "the checkpoint is not a well-formed signed note")
    try:
        decoded = note.decode("utf-8")
    except UnicodeDecodeError:
        raise malformed from None
    head, separator, tail = decoded.rpartition("\n\n")
    if len(note) > _MOST_NOTE_BYTES or not separator or not head or not tail.endswith("\n"):
        raise malformed
    if any(character < " " and character != "\n" for character in decoded):
        raise malformed
    return f"{head}\n".encode(), [_read_signature(line) for line in tail[:-1].split("\n")]


def _read_signature(line: str) -> NoteSignature:
    name, separator, encoded = line.removeprefix(_DASH).partition(" ")
    blob = read_base64(encoded.encode("utf-8"))
    if not line.startswith(_DASH) or not separator or not name or len(blob) <= _KEY_ID_SIZE:
        raise PrivityError(ErrorCode.EVIDENCE_INVALID, "a signature line of the checkpoint is malformed")
    return NoteSignature(name, blob[:_KEY_ID_SIZE], blob[_KEY_ID_SIZE:])
