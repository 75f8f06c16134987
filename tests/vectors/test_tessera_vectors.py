"""A log that Tessera wrote: our readers find its checkpoints signed, its tiles consistent, its roots right."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest

import privity_verify
from privity.ledger import check, tree
from privity.ledger.checkpoint import read_checkpoint_text, read_signed_note
from privity.ledger.growth import grow
from privity.ledger.proofs import consistency_proof, inclusion_proof
from privity.ledger.tile_tree import TileTree
from privity.ledger.tiles import Tile, tiles_of

FOLDER = Path(os.environ.get("PRIVITY_VECTORS", Path(__file__).parents[3] / "shared" / "vectors")) / "tessera-log"
KEY = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"
SIZES = range(1, 16)
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the Tessera log is not beside the checkout")


def read(tile: Tile) -> bytes:
    return (FOLDER / tile.path).read_bytes()


def head(size: int) -> privity_verify.Checkpoint:
    return privity_verify.read_checkpoint((FOLDER / f"checkpoint.{size}").read_bytes())


def trust() -> privity_verify.Trust:
    key = privity_verify.read_log_key(KEY)
    return privity_verify.Trust("example.com/log/testdata", (key,), (), (), (), {})


@pytest.mark.parametrize("size", SIZES)
def test_checkpoint_is_signed_and_its_tiles_lead_to_it(size: int) -> None:
    ours = read_checkpoint_text(read_signed_note((FOLDER / f"checkpoint.{size}").read_bytes())[0])
    theirs = head(size)
    privity_verify.check_checkpoint(theirs, trust())
    assert (ours.origin, ours.size, ours.root) == (theirs.origin, theirs.size, theirs.root)
    laid_out = TileTree(size, read)
    assert laid_out.frontier().root() == theirs.root == tree.root(laid_out.entries(0))
    for index in range(size):
        proof = inclusion_proof(laid_out.node, index, size)
        privity_verify.check_inclusion(index, size, tree.leaf_hash(laid_out.entry(index)), proof, theirs.root)
    for older in range(1, size + 1):
        check.check_consistency(
            older, size, head(older).root, theirs.root, consistency_proof(laid_out.node, older, size)
        )


@pytest.mark.parametrize("size", range(1, 15))
def test_growing_their_log_writes_their_files(size: int) -> None:
    entries = TileTree(15, read).entries(0)
    growth = grow(TileTree(size, read), entries[size:])
    assert {tile.path: data for tile, data in growth.tiles} == {tile.path: read(tile) for tile in tiles_of(15)}
    assert growth.frontier.root() == head(15).root


def test_a_changed_checkpoint_is_refused() -> None:
    note = (FOLDER / "checkpoint").read_bytes()
    for place in range(len(note)):
        changed = bytearray(note)
        changed[place] ^= 1
        with pytest.raises(privity_verify.InvalidError):
            privity_verify.check_checkpoint(privity_verify.read_checkpoint(bytes(changed)), trust())


def test_verifier_reads_their_tree_and_refuses_their_entries(tmp_path: Path) -> None:
    """The whole log verifies as a tree; its entries are of course no events of ours."""
    shutil.copytree(FOLDER / "tile", tmp_path / "tile")
    shutil.copy(FOLDER / "checkpoint", tmp_path)
    report = privity_verify.Report()
    privity_verify.check_log(tmp_path, trust(), report)
    outcomes = {finding.check: finding for finding in report.findings if finding.check != "entries"}
    assert outcomes["checkpoint signatures"].outcome == outcomes["files"].outcome == "pass"
    assert re.search("15 of the log's 15 entries are malformed", outcomes["tree"].reason)
