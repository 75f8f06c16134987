"""docs/evidence-format.md says what the code does: events, fields, limits, row width, and its openssl command works."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from pathlib import Path

import pytest

import privity_verify
from privity.domain.audit_events import FIELDS
from privity.domain.certificate_policies import REQUEST_SIGNING, RESPONSE_SIGNING
from privity.wire.package import open_container
from tests.builders.evidence import AT, Case, World, write

TEXT = (Path(__file__).parents[2] / "docs" / "evidence-format.md").read_text(encoding="utf-8")


def test_events_and_fields_are_the_closed_list() -> None:
    shared = {"agreement_digest", "agreement_id", "agreement_version", "request_id"}
    found = {}
    for event, cell in re.findall(r"^\| `([A-Z_]+)` \| (.*) \|$", TEXT, re.MULTILINE):
        found[event] = set(re.findall(r"`([a-z0-9_]+)`", cell)) | (shared if cell.startswith("*request*") else set())
    assert found == {event.value: set(fields) for event, fields in FIELDS.items()}


def test_numbers_are_those_of_the_code() -> None:
    assert f"has {privity_verify.ROW_BYTES} x (*n* + 1) bytes" in TEXT
    assert privity_verify.MOST_PACKAGE_BYTES == 2**30
    assert f"{privity_verify.MOST_PACKAGE_FILES:,} files" in TEXT
    assert privity_verify.MOST_JSON_BYTES == 4 * 2**20
    assert privity_verify.MOST_SIGNATURE_BYTES == 256 * 2**10
    assert f"log entry {privity_verify.MOST_ENTRY_BYTES:,} bytes" in TEXT


def test_fields_of_manifests_trust_and_accounting_are_named() -> None:
    shapes = (privity_verify.REQUEST_SHAPE, privity_verify.RESPONSE_SHAPE, privity_verify.TRUST_SHAPE)
    shapes = (*shapes, privity_verify.NOTICE_SHAPE, privity_verify.ANSWER_SHAPE, privity_verify.ORDER_SHAPE)
    shapes = (*shapes, privity_verify.RECEIPT_SHAPE)
    for shape in (*shapes, privity_verify.ACCOUNTING_SHAPE, privity_verify.PART_SHAPE):
        for name in shape:
            assert f'"{name}"' in TEXT, name


@pytest.mark.skipif(shutil.which("openssl") is None, reason="stock openssl is not installed")
@pytest.mark.parametrize("kind", ["request", "response"])
def test_the_openssl_command_works_as_written(tmp_path: Path, kind: str) -> None:
    world = World.create()
    case = Case(world, tmp_path).build()
    package = open_container(io.BytesIO(case.package if kind == "request" else case.response))
    for name in ("manifest.json", "manifest.p7s"):
        write(tmp_path / name, package.read(name))
    trust = world.trust()
    write(tmp_path / "anchors", "".join([*trust["anchors"], *trust["crls"]]).encode())
    write(tmp_path / "intermediates", "".join(trust["intermediates"]).encode())
    written = re.search(r"    (openssl cms -verify .*?/dev/null)", TEXT, re.DOTALL)
    assert written is not None
    moment = AT if kind == "request" else case.signed_at
    values = {
        "ANCHORS+CRLS": "anchors",
        "INTERMEDIATES": "intermediates",
        " OID": f" {REQUEST_SIGNING if kind == 'request' else RESPONSE_SIGNING}",
        "SECONDS": str(int(moment.timestamp())),
        "\\\n": " ",
    }
    command = written.group(1)
    for word, value in values.items():
        command = command.replace(word, value)
    done = subprocess.run(command.split(), cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    write(tmp_path / "manifest.json", package.read("manifest.json") + b" ")
    assert subprocess.run(command.split(), cwd=tmp_path, capture_output=True, check=False).returncode != 0
