"""The log on disk: idempotent, crash-safe at every operation, and never two roots for one size."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest

from privity.adapters.log_files import LogFiles
from privity.domain.errors import ErrorCode, PrivityError
from privity.ledger import check, tree
from privity.ledger.checkpoint import read_checkpoint_text, read_signed_note
from privity.ledger.proofs import decode_log_proof
from privity.services.publish_log import publish_pending
from tests.builders.disks import ForgetfulDisk, PowerCutError
from tests.builders.log_keys import log_signers

FOLDER = Path("/log")


class Rows(list[bytes]):
    """Log rows of a database, in memory."""

    def read(self, first: int, limit: int) -> list[bytes]:
        return self[first : first + limit]


def rows(count: int) -> Rows:
    return Rows(b'{"entry":%d}' % number for number in range(count))


def test_checkpoint_covers_every_row_and_each_proof_leads_to_it(tmp_path: Path) -> None:
    log, entries = LogFiles(tmp_path, log_signers()), rows(700)
    published = publish_pending(entries, log, batch=100)
    assert published is not None
    assert (published.size, published.root) == (700, tree.root(entries))
    for index in (0, 1, 255, 256, 511, 512, 698, 699):
        proof = decode_log_proof(log.inclusion_proof(index))
        head = read_checkpoint_text(read_signed_note(proof.checkpoint)[0])
        check.check_inclusion(proof.index, head.size, tree.leaf_hash(entries[index]), proof.hashes, head.root)
        assert log.entry(index) == entries[index]


def test_growing_by_any_steps_gives_the_same_full_tiles_and_consistent_heads(tmp_path: Path) -> None:
    entries, heads = rows(530), {}
    slow, fast = LogFiles(tmp_path / "slow", log_signers()), LogFiles(tmp_path / "fast", log_signers())
    for size in (1, 2, 3, 255, 256, 257, 400, 511, 512, 513, 530):
        heads[size] = publish_pending(Rows(entries[:size]), slow)
    publish_pending(entries, fast)
    assert dict(slow.files()).keys() == dict(fast.files()).keys()
    assert {k: v for k, v in slow.files() if k != "checkpoint"} == {k: v for k, v in fast.files() if k != "checkpoint"}
    for size, head in heads.items():
        assert head is not None
        check.check_consistency(size, 530, head.root, fast.checkpoint().root, fast.consistency_proof(size))


def test_partial_tiles_stay_until_the_full_tile_is_there(tmp_path: Path) -> None:
    log, entries = LogFiles(tmp_path, log_signers()), rows(256)
    publish_pending(Rows(entries[:3]), log)
    publish_pending(Rows(entries[:5]), log)
    assert sorted(path.name for path in (tmp_path / "tile/0/000.p").iterdir()) == ["3", "5"]
    publish_pending(entries, log)
    assert not (tmp_path / "tile/0/000.p").exists()
    assert (tmp_path / "tile/0/000").stat().st_size == 8192
    assert (tmp_path / "tile/1/000.p/1").stat().st_size == 32


def test_nothing_is_signed_again_while_the_size_stays(tmp_path: Path) -> None:
    log, entries = LogFiles(tmp_path, log_signers()), rows(5)
    first = publish_pending(entries, log)
    again = publish_pending(entries, log)
    assert first is not None
    assert first == again == log.publish(0, entries) == log.publish(4, entries[4:])


@pytest.mark.parametrize("cut", ["error", "power"])
def test_rerun_after_failure_at_any_operation_ends_in_the_identical_tree(cut: str) -> None:
    """The n-th write, fsync, rename or removal fails, for every n; with `power`, what was not fsynced is lost too."""
    before, after = rows(254), rows(259)
    whole = ForgetfulDisk()
    publish_pending(before, LogFiles(FOLDER, log_signers(), whole))
    started = whole.operations
    publish_pending(after, LogFiles(FOLDER, log_signers(), whole))
    steps = whole.operations - started
    assert steps > 25  # else this test would be about nothing
    for failing in range(1, steps + 1):
        disk = ForgetfulDisk()
        log = LogFiles(FOLDER, log_signers(), disk)
        publish_pending(before, log)
        disk.operations, disk.fail_at = 0, failing
        with pytest.raises(PrivityError) as refusal:
            publish_pending(after, log)
        assert refusal.value.code is ErrorCode.LOG_UNAVAILABLE
        disk.fail_at = 0
        if cut == "power":
            disk.power_cut()
        assert log.checkpoint().size in (254, 259)  # a checkpoint always has all its tiles
        list(log.files())
        publish_pending(after, log)
        assert log.checkpoint().root == tree.root(after)
        leftovers = disk.tree().keys() - whole.tree().keys()
        assert all("000.p" in path for path in leftovers)  # superseded partial tiles, allowed by the specification
        assert {path: disk.tree()[path] for path in whole.tree()} == whole.tree()


@pytest.mark.parametrize("failing", range(1, 40))
def test_other_entries_after_a_crash_never_get_a_contradicting_head(failing: int) -> None:
    """A crash, then a database with other rows for the same places: either nothing was promised, or it is refused."""
    disk = ForgetfulDisk()
    signers = log_signers()
    signed: list[tuple[int, bytes]] = []

    class Recorder:
        name, key_id, verifier_key = signers[0].name, signers[0].key_id, signers[0].verifier_key

        def sign(self, text: bytes) -> bytes:
            head = read_checkpoint_text(text)
            signed.append((head.size, head.root))
            return signers[0].sign(text)

    log = LogFiles(FOLDER, [Recorder()], disk)
    disk.fail_at = failing
    histories = [rows(3), Rows([b"other", b"rows", b"entirely"]), Rows([b"a third", b"try", b"of", b"four"])]
    for entries in histories:
        with suppress(PrivityError):
            publish_pending(entries, log)
        disk.power_cut()
    assert signed
    assert any(all(root == tree.root(entries[:size]) for size, root in signed) for entries in histories)


def test_fewer_entries_than_were_promised_are_refused() -> None:
    disk = ForgetfulDisk()
    log = LogFiles(FOLDER, log_signers(), disk)
    disk.write(FOLDER / ".sequencer/head", b"4\n" + b"A" * 43 + b"=\n")
    with pytest.raises(PrivityError, match="at least as many"):
        publish_pending(rows(3), log)
    with pytest.raises(PrivityError, match="another head"):
        publish_pending(rows(5), log)


def test_database_that_disagrees_with_the_log_is_noticed(tmp_path: Path) -> None:
    log = LogFiles(tmp_path, log_signers())
    publish_pending(rows(10), log)
    with pytest.raises(PrivityError, match="older than its log"):
        publish_pending(rows(8), log)
    with pytest.raises(PrivityError, match="other entries"):
        publish_pending(Rows([*rows(9), b"changed", b"more"]), log)
    with pytest.raises(PrivityError, match="never published"):
        log.publish(11, [b"gap"])


def test_a_changed_tile_or_checkpoint_is_noticed_before_anything_is_signed(tmp_path: Path) -> None:
    log = LogFiles(tmp_path, log_signers())
    publish_pending(rows(10), log)
    tile = tmp_path / "tile/0/000.p/10"
    good = tile.read_bytes()
    tile.write_bytes(bytes([good[0] ^ 1]) + good[1:])
    with pytest.raises(PrivityError, match="do not lead"):
        publish_pending(rows(11), log)
    tile.unlink()
    with pytest.raises(PrivityError, match="missing"):
        publish_pending(rows(11), log)
    tile.write_bytes(good)
    note = (tmp_path / "checkpoint").read_bytes()
    (tmp_path / "checkpoint").write_bytes(note.replace(b"log.privity.example/test\n10", b"log.other.example/test\n10"))
    with pytest.raises(PrivityError, match="another log"):
        log.published_size()


def test_a_second_publisher_is_turned_away(tmp_path: Path) -> None:
    log = LogFiles(tmp_path, log_signers())
    publish_pending(rows(1), log)
    with log._disk.lock(tmp_path / ".sequencer/lock"), pytest.raises(PrivityError, match="another process"):
        publish_pending(rows(2), log)


def test_keys_of_two_names_make_no_log(tmp_path: Path) -> None:
    with pytest.raises(PrivityError) as refusal:
        LogFiles(tmp_path, [log_signers("a.example")[0], log_signers("b.example")[1]])
    assert refusal.value.code is ErrorCode.KEY_INVALID


def test_empty_log_has_no_checkpoint(tmp_path: Path) -> None:
    log = LogFiles(tmp_path, log_signers())
    assert publish_pending(rows(0), log) is None
    assert log.published_size() == 0
    with pytest.raises(PrivityError) as refusal:
        log.checkpoint()
    assert refusal.value.code is ErrorCode.LOG_UNAVAILABLE
    with pytest.raises(PrivityError) as refusal:
        log.inclusion_proof(0)
    assert refusal.value.code is ErrorCode.NOT_FOUND


def test_forgetful_disk_forgets() -> None:
    """The test's own disk: bytes without fsync are lost, and so is a rename whose folder was not synced."""
    disk = ForgetfulDisk()
    disk.write(FOLDER / "a", b"12")
    disk.sync(FOLDER)
    disk.power_cut()
    assert disk.read(FOLDER / "a") == b""
    disk.write(FOLDER / "b", b"34")
    disk.sync(FOLDER / "b")
    disk.power_cut()
    assert disk.read(FOLDER / "b") is None
    disk.fail_at = 1
    with pytest.raises(PowerCutError):
        disk.write(FOLDER / "c", b"5678")
    assert disk.read(FOLDER / "c") == b"56"
