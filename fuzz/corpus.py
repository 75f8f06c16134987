"""Writes the seed corpus: for each target a few sound documents and near misses, every value holding the marker.

`python -m fuzz.corpus [FOLDER]` writes FOLDER/TARGET/NN (default fuzz/corpus, which git ignores). Seeds are made by the
gate's own writers and the tests' builders, so that they follow every change of a format.
"""

from __future__ import annotations

import base64
import csv
import dataclasses
import io
import json
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from fuzz.targets import AT, CONTENT, MARKER, TARGETS, recipient
from privity.adapters.cms import CmsEncryptor
from privity.domain.request import SuppliedAddress, SuppliedName
from privity.wire.package import open_container
from privity.wire.register_format import COLUMNS as REGISTER_COLUMNS
from privity.wire.request_format import COLUMNS
from privity.wire.review_format import SampleRow, write_sample
from tests.builders.admission import EXAMPLES, content, csv_of
from tests.builders.evidence import Case, World

FOLDER = Path(__file__).parent / "corpus"
CASES = Path(__file__).parents[1] / "tests" / "unit" / "policy" / "cases"


def seeds() -> dict[str, list[bytes]]:
    """Seeds of every target. Each run signs anew: bytes of signatures differ from run to run."""
    made: dict[str, list[bytes]] = {name: [] for name in TARGETS}
    for source in (_documents, _tables, _evidence, _texts):
        for name, seed in source():
            made[name].append(seed)
    return made


def write(folder: Path = FOLDER) -> None:
    """One file a seed."""
    for name, some in seeds().items():
        (folder / name).mkdir(parents=True, exist_ok=True)
        for number, seed in enumerate(some):
            (folder / name / f"{number:02d}").write_bytes(seed)


def _documents() -> Iterator[tuple[str, bytes]]:
    for one in sorted((EXAMPLES / "agreements").glob("*.yaml")):
        yield "agreement", one.read_bytes()
    pem = _pem(_world().office.der, "CERTIFICATE")
    fingerprint = "ab" * 32
    since = "since: '2020-01-01T00:00:00+00:00'"
    yield (
        "offices",
        (
            f"format: privity-offices/1\nholders:\n- {{office: director, party: p, name: {MARKER}, {since}, "
            f"certificates: ['{fingerprint}']}}\nofficers:\n- id: officer-1\n  party: p\n  name: {MARKER}\n  {since}\n"
            f"  certificate: |\n"
            + "".join(f"    {line}\n" for line in pem.splitlines())
            + f"custodian_officers:\n- {{id: a, name: {MARKER}, role: auditor, {since}, "
            f"certificates: ['{'cd' * 32}']}}\n"
            "safeguards:\n- {party: p, reviewed_on: '2026-01-01', findings: []}\n"
        ).encode(),
    )
    yield (
        "header",
        (
            b"format: privity-header/1\nrequest_id: R-1\nagreement_id: a\nagreement_version: 1\nrequester: p\n"
            b"office: director\n"
            b"request_type: confirm_address\nstatutes: [8 U.S.C. 1253(a)(1)]\npurpose: x\nattestations: [y]\n"
            b"created_at: '2026-11-20T12:00:00+00:00'\nagreement_digest: '" + b"0a" * 32 + b"'\n"
        ),
    )
    for value in ({"a": [1, True, None, MARKER]}, [], {"b": {"c": {"d": -1}}}, "é\n"):
        yield "canonical-json", json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _marked() -> list[dict[str, str]]:
    where = SuppliedAddress("12 Elm St", f"Apt 4 {MARKER}", "Dallas", "TX", "75201")
    one = content(1, name=SuppliedName(MARKER, "Q", MARKER), address=where, identifier=MARKER, birth_date=MARKER)
    return list(csv.DictReader(io.StringIO(csv_of([one, content(2)]).decode())))


def _tables() -> Iterator[tuple[str, bytes]]:
    rows = _marked()
    text = io.StringIO()
    table = csv.DictWriter(text, COLUMNS)
    table.writeheader()
    table.writerows(rows)
    yield "lines-csv", text.getvalue().encode()
    yield "lines-csv", b"\xef\xbb\xbf" + text.getvalue().replace("\r\n", "\n").encode()
    yield "lines-jsonl", "".join(json.dumps(row) + "\n" for row in rows).encode()
    yield "lines-parquet", _parquet(rows)
    extract = [dict.fromkeys(REGISTER_COLUMNS, MARKER) | {"valid_from": "2020-01-01", "valid_to": ""} for _ in "ab"]
    for name, columns in (("register", list(extract[0])), ("register-change", [*extract[0], "change"])):
        some = [row | ({"change": "ADD"} if "change" in columns else {}) for row in extract]
        text = io.StringIO()
        table = csv.DictWriter(text, columns)
        table.writeheader()
        table.writerows(some)
        yield name, text.getvalue().encode()
        yield name, _parquet(some)
    yield (
        "review-sample",
        write_sample([SampleRow(7, "exact", "exact", 3, 12, (4, 5)), SampleRow(7, "exact", "exact", 3, 19, (8,))]),
    )
    yield "truth", f"line_id,person_ref,class\n{MARKER},P1,x\n".encode()


def _parquet(rows: list[dict[str, str]]) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), out, compression="none")
    return out.getvalue()


@cache
def _world() -> World:
    return World.create()


def _evidence() -> Iterator[tuple[str, bytes]]:
    world = _world()
    with tempfile.TemporaryDirectory() as folder:
        case = Case(world, Path(folder)).build()
        for kind, package in (("request", case.package), ("response", case.response)):
            yield "container", package
            yield "verifier-package", package
            opened = open_container(io.BytesIO(package))
            files = {name: opened.read(name) for name in opened.names}
            yield f"{kind}-manifest", files["manifest.json"]
            yield "verifier-readers", files["manifest.p7s"]
            yield "canonical-json", files["manifest.json"]
            for name, data in files.items():
                if name.endswith(".p7m"):
                    yield "verifier-readers", data
                elif "proof" in name:
                    yield "log-proof", data
                    yield "verifier-readers", data
                    yield "proof-walk", b"\0\0\1\0\0\7\0\0\3" + b"\1" * 96
        for row in case.rows:
            yield "log-entry", row
            yield "verifier-readers", row
        note = dict(case.log.files())["checkpoint"]
        yield "checkpoint", note
        yield "verifier-readers", note
        yield "tiles", b"\1" + b"\7" * 64
        yield "tiles", b"\1" + b"\0\3abc\0\1d"
        yield "response-part", _parts(case)
    yield "verifier-readers", json.dumps(world.trust()).encode()
    yield "cms-signature", world.office.signer.sign(CONTENT, at=AT)
    yield "cms-envelope", CmsEncryptor().encrypt(MARKER.encode() * 40, recipient()[1])
    yield "certificates", world.office.chain_pem
    yield "certificates", world.office.der
    for crl in world.trust().get("crls", ())[:1]:
        yield "revocation-lists", crl.encode()


def _parts(case: Case) -> bytes:
    return case._parts()[0][2]


def _pem(der: bytes, label: str) -> str:
    text = base64.b64encode(der).decode()
    lines = "\n".join(text[place : place + 64] for place in range(0, len(text), 64))
    return f"-----BEGIN {label}-----\n{lines}\n-----END {label}-----\n"


def _texts() -> Iterator[tuple[str, bytes]]:
    for file, names in (("good_names.txt", ("name",)), ("bad_names.txt", ("name",))):
        for text in _cases(file)[::9]:
            for target in names:
                yield target, text.encode()
    for file in ("good_addresses.txt", "bad_addresses.txt"):
        for text in _cases(file)[:: 12 if file.startswith("good") else 40]:
            yield "address", text.encode()
            yield "admission", f"Maria {MARKER}\n{text}".encode()
    for one in dataclasses.astuple(SuppliedName("O'Brien", "", f"Garcia-López {MARKER}")):
        yield "name", one.encode()


def _cases(file: str) -> list[str]:
    lines = (CASES / file).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith(("#", "["))]


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
