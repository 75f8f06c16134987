"""The tree at any size: proofs verify, a changed byte fails, growth has one outcome; ledger and verifier agree."""

from __future__ import annotations

from hashlib import sha256

from hypothesis import given, settings
from hypothesis import strategies as st

import privity_verify
from privity.domain.errors import PrivityError
from privity.ledger import check, tree
from privity.ledger.growth import grow
from privity.ledger.proofs import (
    consistency_proof,
    decode_log_proof,
    encode_log_proof,
    inclusion_proof,
)
from privity.ledger.tile_tree import TileTree
from privity.ledger.tiles import (
    Tile,
    decode_bundle,
    encode_bundle,
    index_path,
    tiles_of,
)

ENTRIES = [b"entry %d" % number for number in range(1200)]
LEAVES = [tree.leaf_hash(entry) for entry in ENTRIES]
sizes = st.integers(1, 1200)
light = settings(max_examples=60, deadline=None)


def laid_out(size: int, steps: list[int] | None = None) -> tuple[TileTree, dict[str, bytes]]:
    """A tree of the first `size` entries, grown in steps of the given sizes."""
    files: dict[str, bytes] = {}

    def read(tile: Tile) -> bytes:
        return files[tile.path]

    at, plan = 0, list(steps or [])
    while at < size:
        more = min(plan.pop(0) if plan else size, size - at)
        files.update({tile.path: data for tile, data in grow(TileTree(at, read), ENTRIES[at : at + more]).tiles})
        at += more
    return TileTree(size, read), files


def refused(act: object, *arguments: object) -> bool:
    """Whether a check raises one of the two houses' errors."""
    try:
        act(*arguments)  # type: ignore[operator]
    except (PrivityError, privity_verify.InvalidError):
        return True
    return False


@light
@given(sizes, st.data())
def test_every_inclusion_proof_verifies_and_no_changed_one(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    grown, _ = laid_out(size)
    root = grown.frontier().root()
    proof = inclusion_proof(grown.node, index, size)
    for verify in (check.check_inclusion, privity_verify.check_inclusion):
        verify(index, size, LEAVES[index], proof, root)
        assert refused(verify, index, size, LEAVES[index], [*proof, root], root)
        assert refused(verify, index, size, sha256(b"other").digest(), proof, root)
        assert not proof or refused(verify, index, size, LEAVES[index], proof[:-1], root)
        for place in range(len(proof)):
            at = data.draw(st.integers(0, 31))
            changed = bytearray(proof[place])
            changed[at] ^= 1 << data.draw(st.integers(0, 7))
            assert refused(
                verify, index, size, LEAVES[index], [*proof[:place], bytes(changed), *proof[place + 1 :]], root
            )


@light
@given(sizes, st.data())
def test_every_consistency_proof_verifies_and_no_changed_one(size: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, size))
    grown, _ = laid_out(size)
    roots = tree.root_of_hashes(LEAVES[:old]), tree.root_of_hashes(LEAVES[:size])
    proof = consistency_proof(grown.node, old, size)
    check.check_consistency(old, size, *roots, proof)
    assert refused(check.check_consistency, old, size, *roots, [*proof, roots[0]])
    assert old == size or refused(check.check_consistency, old, size, roots[1], roots[0], proof)
    for place in range(len(proof)):
        changed = bytearray(proof[place])
        changed[data.draw(st.integers(0, 31))] ^= 1
        wrong = [*proof[:place], bytes(changed), *proof[place + 1 :]]
        assert refused(check.check_consistency, old, size, *roots, wrong)


@light
@given(sizes, st.lists(st.integers(1, 400), max_size=8))
def test_growth_by_any_steps_ends_in_the_same_tiles(size: int, steps: list[int]) -> None:
    at_once, whole = laid_out(size)
    stepwise, files = laid_out(size, steps)
    current = {tile.path for tile in tiles_of(size)}
    assert set(whole) == current
    assert {path: files[path] for path in current} == whole
    assert stepwise.frontier() == at_once.frontier()
    expected = privity_verify.merkle_root(LEAVES[:size])
    assert at_once.frontier().root() == tree.root(ENTRIES[:size]) == expected


@light
@given(st.integers(0, 2**63 - 1), st.lists(st.binary(min_size=32, max_size=32), max_size=63), st.binary(max_size=64))
def test_log_proofs_survive_encoding_and_both_houses_read_them_alike(
    index: int, proof: list[bytes], note: bytes
) -> None:
    text = encode_log_proof(index, proof, note)
    ours, theirs = decode_log_proof(text), privity_verify.read_proof(text)
    assert (ours.index, list(ours.hashes), ours.checkpoint) == (index, proof, note) == theirs


@light
@given(st.lists(st.binary(max_size=70), min_size=1, max_size=256))
def test_bundles_survive_encoding(entries: list[bytes]) -> None:
    data = encode_bundle(entries)
    assert decode_bundle(data, len(entries)) == entries
    assert refused(decode_bundle, data, len(entries) + 1)
    assert refused(decode_bundle, data + b"\x00", len(entries))


@light
@given(st.integers(0, 2**40))
def test_tile_names_agree_and_are_unique(index: int) -> None:
    name = index_path(index)
    assert f"tile/0/{name}" == privity_verify.tile_name("0", index, 256)
    assert int(name.replace("x", "").replace("/", "")) == index
    assert all(len(part.removeprefix("x")) == 3 for part in name.split("/"))
    assert not name.startswith("x000/")
