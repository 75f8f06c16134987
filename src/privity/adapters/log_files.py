"""The evidence log as static files: tiles fsynced first, then the signed checkpoint renamed over the old one.

Implements `ports.evidence_log.EvidenceLog`. Idempotent: after a crash at any point a re-run with the same rows ends in
the same files. Before a head is signed, its size and root are written down durably (`.sequencer/head`), and no head is
ever signed against that note: one size never gets two roots. It does not make keys and does not verify signatures.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from privity.adapters.log_files_disk import Disk, LocalDisk
from privity.domain.errors import ErrorCode, PrivityError
from privity.ledger.canonical import read_base64, read_decimal
from privity.ledger.checkpoint import (
    Checkpoint,
    NoteSignature,
    checkpoint_text,
    read_checkpoint_text,
    read_signed_note,
    signed_note,
)
from privity.ledger.growth import grow, superseded
from privity.ledger.proofs import consistency_proof, encode_log_proof, inclusion_proof
from privity.ledger.tile_tree import TileTree
from privity.ledger.tiles import WIDTH, Tile, decode_bundle, encode_bundle, tiles_of
from privity.ledger.tree import EMPTY_ROOT, HASH_SIZE, leaf_hash
from privity.ports.evidence_log import PublishedCheckpoint
from privity.ports.security import LogSigner

_EMPTY = PublishedCheckpoint(0, EMPTY_ROOT, b"")
_MEND = "Check the disk under the home's log folder and run the command again; nothing was lost."


class LogFiles:
    """One log in one folder. Signers: Ed25519 first, then ECDSA P-256, all under one name (the log's origin)."""

    def __init__(self, folder: Path, signers: Sequence[LogSigner], disk: Disk | None = None) -> None:
        if len({signer.name for signer in signers}) != 1:
            raise PrivityError(ErrorCode.KEY_INVALID, "the log's keys do not carry one common name")
        self._folder = folder
        self._signers = tuple(signers)
        self._disk: Disk = disk or LocalDisk()
        self._private = folder / ".sequencer"

    @property
    def origin(self) -> str:
        """The log's identity: first line of each checkpoint."""
        return self._signers[0].name

    @property
    def verifier_keys(self) -> tuple[str, ...]:
        """The public keys in signed-note form, in the order of the signature lines."""
        return tuple(signer.verifier_key for signer in self._signers)

    def published_size(self) -> int:
        """Entries covered by the current checkpoint (0: none yet)."""
        with _storage_errors():
            return self._current().size

    def checkpoint(self) -> PublishedCheckpoint:
        """The current checkpoint. Raises PrivityError LOG_UNAVAILABLE where there is none."""
        with _storage_errors():
            current = self._current()
        if not current.note:
            raise PrivityError(ErrorCode.LOG_UNAVAILABLE, "the log has no checkpoint yet")
        return current

    def publish(self, first: int, entries: Sequence[bytes]) -> PublishedCheckpoint:
        """Write tiles for `entries`, which start at index `first`; fsync them; then rename the checkpoint.

        Entries already published are accepted again when identical, and nothing is then signed. Raises PrivityError
        LOG_UNAVAILABLE (storage; a gap; another publisher) or EVIDENCE_INVALID (other entries were published).
        """
        with _storage_errors():
            self._disk.make_folder(self._private)
            with self._disk.lock(self._private / "lock"):
                return self._publish(first, entries)

    def entry(self, index: int) -> bytes:
        """The published entry at `index`. Raises PrivityError NOT_FOUND beyond the checkpoint."""
        with _storage_errors():
            return self._published_tree(index).entry(index)

    def inclusion_proof(self, index: int) -> bytes:
        """A tlog-proof (C2SP) for the entry, under the current checkpoint. Raises PrivityError NOT_FOUND."""
        with _storage_errors():
            tree = self._published_tree(index)
            return encode_log_proof(index, inclusion_proof(tree.node, index, tree.size), self._current().note)

    def consistency_proof(self, old_size: int) -> list[bytes]:
        """Proof that the tree of `old_size` entries is a prefix of the current one, for a witness."""
        with _storage_errors():
            tree = self._published_tree(old_size - 1)
            return consistency_proof(tree.node, old_size, tree.size)

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Every file of the published log as (path below the folder, bytes): tiles first, the checkpoint last."""
        with _storage_errors():
            current = self.checkpoint()
            for tile in tiles_of(current.size):
                yield tile.path, self._read_tile(tile)
            yield "checkpoint", current.note

    # Reading

    def _current(self) -> PublishedCheckpoint:
        """The checkpoint file, checked against origin and tiles."""
        note = self._disk.read(self._folder / "checkpoint")
        if note is None:
            return _EMPTY
        text, signatures = read_signed_note(note)
        head = read_checkpoint_text(text)
        signed_by = {(line.name, line.key_id) for line in signatures}
        if head.origin != self.origin or any((key.name, key.key_id) not in signed_by for key in self._signers):
            raise PrivityError(ErrorCode.EVIDENCE_INVALID, "the log's checkpoint was made by another log's keys")
        if self._tree(head.size).frontier().root() != head.root:
            raise PrivityError(ErrorCode.EVIDENCE_INVALID, "the log's tiles do not lead to its checkpoint")
        return PublishedCheckpoint(head.size, head.root, note)

    def _tree(self, size: int) -> TileTree:
        return TileTree(size, self._read_tile)

    def _published_tree(self, index: int) -> TileTree:
        current = self._current()
        if not 0 <= index < current.size:
            raise PrivityError(ErrorCode.NOT_FOUND, "the log has no published entry at that index")
        return self._tree(current.size)

    def _read_tile(self, tile: Tile) -> bytes:
        """The tile's bytes; a partial tile may be cut from the full one."""
        data = self._disk.read(self._folder / tile.path)
        if data is None and tile.width < WIDTH:
            full = self._disk.read(self._folder / Tile(tile.level, tile.index).path)
            data = None if full is None else _cut(tile, full)
        if data is None:
            raise PrivityError(ErrorCode.LOG_UNAVAILABLE, f"the log's file {tile.path} is missing", _MEND)
        return data

    # Writing

    def _publish(self, first: int, entries: Sequence[bytes]) -> PublishedCheckpoint:
        current = self._current()
        if not 0 <= first <= current.size:
            raise PrivityError(ErrorCode.LOG_UNAVAILABLE, "entries before these were never published")
        tree = self._tree(current.size)
        again = entries[: current.size - first]
        if any(tree.entry(first + at) != entry for at, entry in enumerate(again)):
            raise PrivityError(ErrorCode.EVIDENCE_INVALID, "the log already holds other entries at these places")
        fresh = entries[len(again) :]
        if not fresh:
            return current
        growth = grow(tree, fresh)
        head = Checkpoint(self.origin, growth.frontier.size, growth.frontier.root())
        self._check_promise(tree, fresh, head)
        for tile, data in growth.tiles:
            self._write_tile(tile, data)
        self._put(self._private / "head", _promise(head))
        note = self._sign(head)
        self._put(self._folder / "checkpoint", note)
        for tile in superseded(growth.tiles):
            self._disk.remove_folder((self._folder / tile.path).with_name(f"{Path(tile.path).name}.p"))
        return PublishedCheckpoint(head.size, head.root, note)

    def _check_promise(self, tree: TileTree, fresh: Sequence[bytes], head: Checkpoint) -> None:
        """Refuse a head that would contradict one already promised (and perhaps signed) before a crash."""
        note = self._disk.read(self._private / "head")
        size, root = _read_promise(note) if note is not None else (0, EMPTY_ROOT)
        if size > head.size:
            raise PrivityError(
                ErrorCode.LOG_UNAVAILABLE, f"a head of {size} entries was promised; publish at least as many"
            )
        promised = fresh[: size - tree.size] if size >= tree.size else []
        if size >= tree.size and tree.frontier().extend(map(leaf_hash, promised)).root() != root:
            raise PrivityError(ErrorCode.EVIDENCE_INVALID, "another head was already signed for these entries")

    def _write_tile(self, tile: Tile, data: bytes) -> None:
        path = self._folder / tile.path
        existing = self._disk.read(path)
        if existing is not None and existing != data:
            raise PrivityError(ErrorCode.EVIDENCE_INVALID, f"the log's file {tile.path} already holds something else")
        self._put(path, data)

    def _put(self, path: Path, data: bytes) -> None:
        """Write, fsync, rename, fsync the folder: after this the file is whole and stays."""
        fresh = self._private / "new"
        self._disk.make_folder(path.parent)
        self._disk.write(fresh, data)
        self._disk.sync(fresh)
        self._disk.rename(fresh, path)
        self._disk.sync(path.parent)

    def _sign(self, head: Checkpoint) -> bytes:
        text = checkpoint_text(head)
        return signed_note(text, [NoteSignature(key.name, key.key_id, key.sign(text)) for key in self._signers])


def _cut(tile: Tile, full: bytes) -> bytes:
    if tile.level is None:
        return encode_bundle(decode_bundle(full, WIDTH)[: tile.width])
    return full[: tile.width * HASH_SIZE]


def _promise(head: Checkpoint) -> bytes:
    return f"{head.size}\n{b64encode(head.root).decode('ascii')}\n".encode("ascii")


def _read_promise(note: bytes) -> tuple[int, bytes]:
    lines = note.split(b"\n")
    if len(lines) != 3 or lines[2]:
        raise PrivityError(ErrorCode.EVIDENCE_INVALID, "the sequencer's own note of its last head is malformed")
    return read_decimal(lines[0]), read_base64(lines[1])


@contextmanager
def _storage_errors() -> Iterator[None]:
    try:
        yield
    except BlockingIOError:
        raise PrivityError(ErrorCode.LOG_UNAVAILABLE, "another process is writing the log", "Wait for it.") from None
    except OSError as error:
        reason = error.strerror or "input/output error"
        raise PrivityError(ErrorCode.LOG_UNAVAILABLE, f"the log cannot be read or written: {reason}", _MEND) from None
