"""One finished demonstration for a whole test session: a home, a PKI, packages. Made by `python -m demo` itself.

Tests may use its home but must leave it usable: every hold lifted, nothing destroyed.
"""

from __future__ import annotations

import functools
import json
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from demo.pki import Authority, Identity, write_identity
from privity.domain.certificate_policies import REQUEST_SIGNING
from tests.builders.fork_server import ROOT, the_server

ENTRY = "import sys; from privity.interfaces.cli import main; sys.exit(main())"
LINES, ROWS = 80, 400


@dataclass(frozen=True, slots=True)
class Ended:
    """How one command ended."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """The one JSON object on standard output."""
        return json.loads(self.out)

    @property
    def error(self) -> str:
        """The error code, "" for none."""
        return str(self.data.get("error", {}).get("code", ""))


def privity(
    *words: str | Path, cwd: Path | None = None, env: Mapping[str, str] | None = None, largest_file: int = 0
) -> Ended:
    """Run one command as its own process (see `fork_server`)."""
    more = {"COLUMNS": "200", **(env or {})}
    return Ended(*the_server().run([*map(str, words)], cwd=cwd, env=more, largest_file=largest_file))


def interruptible() -> None:
    """Let Ctrl-C reach the command also where the tests themselves run in the background, which ignores it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def started_privity(*words: str | Path) -> subprocess.Popen[str]:
    """Start one command as a Python process of its own, to be waited for or signalled."""
    return subprocess.Popen(
        [sys.executable, "-c", ENTRY, *map(str, words)],
        preexec_fn=interruptible,  # nothing runs beside this test
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@dataclass(frozen=True, slots=True)
class FinishedDemo:
    """The folder a demonstration left, and what it said."""

    folder: Path
    out: str

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def agreement(self) -> Path:
        return self.folder / "requester" / "tax-enforcement-2025.yaml"

    @property
    def custodian(self) -> Path:
        return self.folder / "certificate-requests" / "request-recipient.pem"

    @property
    def trust(self) -> Path:
        return self.home / "public" / "trust.json"

    def person(self, name: str) -> tuple[Path, Path]:
        """Key and chain of one person of the PKI."""
        return self.folder / "pki" / "people" / f"{name}.key", self.folder / "pki" / "people" / f"{name}-chain.pem"

    def request(self, letter: str, what: str) -> Path:
        """One file of request A or B: lines.csv, header.yaml, truth.csv; "" for the package."""
        [found] = (self.folder / "requester").glob(f"R-*-{letter}-{what}" if what else f"R-*-{letter}.zip")
        return found

    def response(self, letter: str) -> Path:
        [found] = (self.folder / "outgoing").glob(f"R-*-{letter}.response.zip")
        return found

    def request_id(self, letter: str) -> str:
        return self.request(letter, "").stem

    def run(self, *words: str | Path, **more: Any) -> Ended:
        """A command on this home, with --json."""
        return privity(*words, "--home", self.home, "--json", **more)

    def header(self, folder: Path, request_id: str, **changes: str) -> Path:
        """Request A's header under another request id, in a new file."""
        text = self.request("A", "header.yaml").read_text(encoding="utf-8").replace(self.request_id("A"), request_id)
        for key, value in changes.items():
            lines = [f"{key}: {value}" if line.startswith(f"{key}:") else line for line in text.splitlines()]
            text = "\n".join(lines) + "\n"
        path = folder / f"{request_id}.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    def pack(self, folder: Path, request_id: str, *, signer: str = "", lines: Path | None = None) -> Path:
        """A fresh package under a new request id; request A's first lines, signed by a person of the PKI."""
        key, chain = self.person(signer or "holder-enforcement-director")
        out = folder / f"{request_id}.zip"
        done = privity(
            *("request", "pack", lines or self.few_lines(folder), "--agreement", self.agreement),
            *("--header", self.header(folder, request_id), "--signer-key", key, "--signer-cert", chain),
            *("--recipient-cert", self.custodian, "--out", out),
        )
        assert done.code == 0, done.err
        return out

    def few_lines(self, folder: Path, count: int = 5) -> Path:
        """Sound lines only, under case numbers of their own, so that no question was asked before."""
        rows = self.request("A", "lines.csv").read_text(encoding="utf-8").splitlines()
        truth = self.request("A", "truth.csv").read_text(encoding="utf-8").splitlines()
        sound = [row for row, line in zip(rows[1:], truth[1:], strict=True) if not line.endswith("defective")]
        path = folder / "few-lines.csv"
        path.write_text("\n".join([rows[0], *sound[:count]]) + "\n", encoding="utf-8")
        return path

    def authority(self, name: str) -> Authority:
        """An authority of the PKI, loaded from its files: "requester", "custodian"."""
        root = self._load("demonstration-root", "anchors/root.pem", None)
        return self._load(f"demonstration-{name}-authority", f"intermediates/demonstration-{name}-authority.pem", root)

    def _load(self, stem: str, certificate: str, parent: Authority | None) -> Authority:
        pki = self.folder / "pki"
        key = load_pem_private_key((pki / "authorities" / f"{stem}.key").read_bytes(), password=None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        loaded = x509.load_pem_x509_certificate((pki / "trust" / certificate).read_bytes())
        [common] = loaded.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
        return Authority(str(common.value), key, loaded, parent)

    def signer(self, ident: str, *, at: datetime, days: int) -> Identity:
        """A new request signer, certified from a day before `at` for `days`; nobody's office holder."""
        authority = self.authority("requester")
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = authority.issue(
            ident, key.public_key(), policies=[REQUEST_SIGNING], uses=["sign"], at=at, days=days
        )
        return write_identity(
            self.folder / "pki" / "people", ident, ident, key=key, certificate=certificate, authority=authority
        )


def finished_demo(factory: pytest.TempPathFactory) -> FinishedDemo:
    """The one demonstration of this session."""
    return _run(factory.getbasetemp() / "finished-demo")


@functools.cache
def _run(folder: Path) -> FinishedDemo:
    if folder.exists():
        pytest.fail("the demonstration failed before in this session; see the first failure")
    done = subprocess.run(
        [sys.executable, "-m", "demo", "--home", folder, "--lines", str(LINES), "--register-rows", str(ROWS)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return FinishedDemo(folder, done.stdout)


def now() -> datetime:
    """The present moment."""
    return datetime.now(UTC)
