"""Entries, tile names, checkpoints and notes: the exact bytes, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from privity.domain.audit_events import FIELDS, AuditEntry, AuditEvent
from privity.domain.errors import ErrorCode, PrivityError
from privity.ledger import accounting_tree, tree
from privity.ledger.canonical import read_base64, read_decimal
from privity.ledger.checkpoint import (
    Checkpoint,
    NoteSignature,
    checkpoint_text,
    read_checkpoint_text,
    read_signed_note,
    signed_note,
)
from privity.ledger.entry import decode_entry, encode_entry
from privity.ledger.proofs import inclusion_proof
from privity.ledger.tiles import Tile, encode_bundle, index_path, tiles_of

MOMENT = datetime(2026, 1, 15, 9, 0, tzinfo=UTC)
ROOT = bytes(range(32))
TEXT = checkpoint_text(Checkpoint("log.example/1", 7, ROOT))


def entry(**fields: Any) -> AuditEntry:
    return AuditEntry(AuditEvent.HOLD_PLACED, MOMENT, fields)


def test_an_entry_has_one_form() -> None:
    data = encode_entry(entry(hold_id="h1", scope="request", target="r", kind="court_order"))
    assert data == (
        b'{"event":"HOLD_PLACED","fields":{"hold_id":"h1","kind":"court_order","scope":"request","target":"r"},'
        b'"time":"2026-01-15T09:00:00Z","v":1}'
    )
    assert decode_entry(data) == entry(hold_id="h1", scope="request", target="r", kind="court_order")


def test_an_entrys_time_is_utc_in_whole_seconds() -> None:
    late = AuditEntry(AuditEvent.HOLD_LIFTED, MOMENT.replace(microsecond=999_999), {})
    west = AuditEntry(AuditEvent.HOLD_LIFTED, MOMENT.astimezone(timezone(timedelta(hours=-5))), {})
    assert encode_entry(late) == encode_entry(west)


@pytest.mark.parametrize("value", ["x" * 513, "two\nlines", "\u202e", -1, 2**53])
def test_unusable_values_are_refused(value: Any) -> None:
    with pytest.raises(PrivityError) as refusal:
        encode_entry(entry(target=value))
    assert refusal.value.code is ErrorCode.INTERNAL
    assert str(value) not in str(refusal.value)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b'{"event":"HOLD_LIFTED","fields":{},"time":"2026-01-15T09:00:00Z","v":2}',
        b'{"event":"NO_SUCH","fields":{},"time":"2026-01-15T09:00:00Z","v":1}',
        b'{"event":"HOLD_LIFTED","fields":{"name":"x"},"time":"2026-01-15T09:00:00Z","v":1}',
        b'{"event":"HOLD_LIFTED","fields":{"hold_id":true},"time":"2026-01-15T09:00:00Z","v":1}',
        b'{"event":"HOLD_LIFTED","fields":{"hold_id":[1]},"time":"2026-01-15T09:00:00Z","v":1}',
        b'{"event":"HOLD_LIFTED","fields":{},"time":"2026-01-15T09:00:00+00:00","v":1}',
        b'{"event":"HOLD_LIFTED","fields":{},"time":"2026-01-15T9:00:00Z","v":1}',
        b'{"event":"HOLD_LIFTED", "fields":{},"time":"2026-01-15T09:00:00Z","v":1}',
        b'{"event":"HOLD_LIFTED","fields":{},"more":1,"time":"2026-01-15T09:00:00Z","v":1}',
    ],
)
def test_malformed_entries_are_refused(data: bytes) -> None:
    with pytest.raises(PrivityError) as refusal:
        decode_entry(data)
    assert refusal.value.code is ErrorCode.EVIDENCE_INVALID


def test_no_event_can_carry_a_person_or_a_count_of_confirmations() -> None:
    for names in FIELDS.values():
        for name in names:
            assert not {"name", "address", "person", "officer", "line_id", "confirmed", "reference"} & set(
                name.split("_")
            )


def test_tile_paths_are_those_of_the_specification() -> None:
    assert index_path(1234067) == "x001/x234/067"
    assert Tile(None, 0, 3).path == "tile/entries/000.p/3"
    assert Tile(2, 1000).path == "tile/2/x001/000"


def test_tiles_of_a_tree_of_70000_are_those_of_the_specification() -> None:
    found: dict[int | None, list[Tile]] = {}
    for tile in tiles_of(70_000):
        found.setdefault(tile.level, []).append(tile)
    assert [tile.width for tile in found[0]] == [256] * 273 + [112]
    assert [tile.width for tile in found[1]] == [256, 17]
    assert [tile.width for tile in found[2]] == [1]
    assert len(found[None]) == 274
    assert {tile.path for tile in tiles_of(256)} == {"tile/entries/000", "tile/0/000", "tile/1/000.p/1"}
    assert list(tiles_of(0)) == []


def test_an_entry_of_64_kibibytes_does_not_fit() -> None:
    assert encode_bundle([b"x" * 65_535])[:2] == b"\xff\xff"
    with pytest.raises(PrivityError):
        encode_bundle([b"x" * 65_536])


def test_checkpoint_and_note_survive_encoding() -> None:
    lines = [NoteSignature("log.example/1", b"\x00\x01\x02\x03", b"signature"), NoteSignature("w", b"abcd", b"s")]
    note = signed_note(TEXT, lines)
    assert note == TEXT + ("\n\u2014 log.example/1 AAECA3NpZ25hdHVyZQ==\n\u2014 w YWJjZHM=\n".encode())
    assert read_signed_note(note) == (TEXT, lines)
    assert read_checkpoint_text(TEXT) == Checkpoint("log.example/1", 7, ROOT)


@pytest.mark.parametrize("origin", ["", "two words", "a+b", "line\n", "tab\t"])
def test_an_origin_that_is_no_key_name_is_refused(origin: str) -> None:
    with pytest.raises(PrivityError):
        checkpoint_text(Checkpoint(origin, 1, ROOT))


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"o\n1\n",
        TEXT + b"extension\n",
        TEXT.replace(b"7", b"07"),
        TEXT.replace(b"\n7\n", b"\n-7\n"),
        TEXT[:-1],
        b"o\n1\nAAAA\n",
    ],
)
def test_malformed_checkpoints_are_refused(text: bytes) -> None:
    with pytest.raises(PrivityError):
        read_checkpoint_text(text)


@pytest.mark.parametrize(
    "note",
    [
        b"",
        TEXT,
        TEXT + b"\n",
        TEXT + b"\n- name AAECAwQ=\n",
        TEXT + "\n\u2014 name\n".encode(),
        TEXT + "\n\u2014 name AAEC\n".encode(),
        TEXT + "\n\u2014 name AAECAwQ=".encode(),
        TEXT + "\n\u2014 name AAECAwR=\n".encode(),
        TEXT + "\n\u2014 na\tme AAECAwQ=\n".encode(),
        TEXT + b"\n\xff\n",
        TEXT * 3000,
    ],
)
def test_malformed_notes_are_refused(note: bytes) -> None:
    with pytest.raises(PrivityError) as refusal:
        read_signed_note(note)
    assert refusal.value.code is ErrorCode.EVIDENCE_INVALID


@pytest.mark.parametrize(
    "text", [b"", b"00", b"01", b"+1", b" 1", b"1_0", "\u0661".encode(), b"9" * 20, b"9223372036854775808"]
)
def test_numbers_have_one_spelling(text: bytes) -> None:
    with pytest.raises(PrivityError):
        read_decimal(text)
    assert (read_decimal(b"0"), read_decimal(b"9223372036854775807")) == (0, 2**63 - 1)


@pytest.mark.parametrize("text", [b"", b"AA", b"AA=", b"AB==", b"AAAA\n", b"A AA", b"_-8="])
def test_base64_has_one_spelling(text: bytes) -> None:
    with pytest.raises(PrivityError):
        read_base64(text)
    assert read_base64(b"+/8=") == b"\xfb\xff"


def test_the_accounting_tree_is_an_ordinary_tree_over_salted_records() -> None:
    leaves = [accounting_tree.leaf(bytes([number]) * 32, b"record") for number in range(3)]
    assert len(set(leaves)) == 3
    assert accounting_tree.root(leaves) == tree.root(leaves)
    with pytest.raises(PrivityError):
        accounting_tree.leaf(b"short", b"record")


def test_empty_and_single_trees_have_the_roots_of_rfc_6962() -> None:
    assert tree.root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert tree.root([b""]).hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"


def test_a_proof_outside_the_tree_is_a_programmers_mistake() -> None:
    with pytest.raises(PrivityError) as refusal:
        inclusion_proof(lambda level, index: ROOT, 3, 3)
    assert refusal.value.code is ErrorCode.INTERNAL
