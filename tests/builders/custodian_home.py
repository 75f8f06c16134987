"""A custodian's home with everything in it, made with the real adapters and services; and the requester beside it.

`stage` writes what lies outside (PKI, agreement, offices, register extract, two requests); `make_home` makes the home;
`Desk` opens it the way bootstrap does, with a clock that tests move and a seam for faults. A finished home can be
copied as a template: `adopt` binds the copy to its new place.
"""

from __future__ import annotations

import io
import shutil
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from demo.pki import DemoPki, Identity
from demo.prepare import RequestFiles, Stage, prepare
from privity.adapters.cms import CmsDecryptor, CmsEncryptor, CmsSigner, CmsVerifier
from privity.adapters.duckdb_index import DuckDbIndexEngine, open_snapshot
from privity.adapters.file_keys import FileKeys, create_keys
from privity.adapters.home_files import HomeFolder, HomeWorkshop, PackageFolder
from privity.adapters.log_files import LogFiles
from privity.adapters.sql_store import create_store, open_store
from privity.adapters.system import SystemEntropy
from privity.adapters.trust_files import TrustFiles
from privity.domain.certificate_policies import RECIPIENT, REQUEST_SIGNING, RESPONSE_SIGNING
from privity.ports.faults import FaultPoint, no_fault
from privity.ports.stored import Verdict
from privity.services.admission.receive_request import Received, receive_request
from privity.services.agreements.record_agreement import record_agreement
from privity.services.agreements.record_offices import record_offices
from privity.services.answering.match_request import Matched, match_request
from privity.services.gate import Gate
from privity.services.home.create_home import create_home
from privity.services.register.activate_register import activate_register
from privity.services.release.release_response import Delivered, deliver_response
from privity.services.release.review_request import Approved, approve_release
from privity.services.requester.open_response import OpenedResponse, open_response
from privity.services.requester.pack_request import pack_request
from privity.wire.agreement_format import read_agreement
from privity.wire.request_format import read_lines
from privity.wire.request_header import read_header

ORIGIN = "custodian.example/test-log"


@dataclass
class MovableClock:
    """Real time plus what tests add to it."""

    ahead: timedelta = timedelta(0)

    def now(self) -> datetime:
        """The present moment of this clock."""
        return datetime.now(UTC) + self.ahead

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.ahead += timedelta(seconds=seconds)


@dataclass
class Desk:
    """One process's view of a home."""

    home: Path
    stage: Stage
    clock: MovableClock = field(default_factory=MovableClock)
    reach: FaultPoint = no_fault
    wait: float = 0.2

    def __post_init__(self) -> None:
        self.folder = HomeFolder(self.home, wait=self.wait, reach=self.reach)
        self.keys = FileKeys(self.home / "keys")
        trust = TrustFiles(self.home).read()
        self.verifier = CmsVerifier(trust.anchors, trust.intermediates, trust.crls, recipient_policies=(RECIPIENT,))
        self.store = open_store(self.folder.database, reach=self.reach)
        self.gate = Gate(
            store=self.store,
            keys=self.keys,
            verifier=self.verifier,
            encryptor=CmsEncryptor(),
            log=LogFiles(self.home / "log", self.keys.log_signers()),
            clock=self.clock,
            outlet=PackageFolder(reach=self.reach),
            entropy=SystemEntropy(),
            locks=self.folder,
            mark=self.folder,
            software="privity test",
            origin=ORIGIN,
        )

    @property
    def out(self) -> Path:
        """Where packages become visible."""
        return self.home.parent / f"{self.home.name}-out"

    def receive(self, package: bytes) -> Received:
        """Receive a package."""
        return receive_request(self.gate, io.BytesIO(package))

    def match(self, request_id: str, **options: object) -> Matched:
        """Match on the active snapshot."""
        index = open_snapshot(self.home / "register")
        try:
            return match_request(self.gate, request_id, index, **options)  # type: ignore[arg-type]
        finally:
            index.close()

    def approve(self, request_id: str, officer: int = 0, verdict: Verdict = Verdict.RELEASE) -> Approved:
        """One disclosure officer's verdict."""
        return approve_release(self.gate, request_id, self.officer(officer), verdict=verdict)

    def approve_twice(self, request_id: str) -> None:
        """Both verdicts."""
        self.approve(request_id, 0)
        self.approve(request_id, 1)

    def officer(self, place: int) -> CmsSigner:
        """A disclosure officer's own key."""
        return signer_of(self.stage.pki.disclosure_officers[place])

    def deliver(self, request_id: str, folder: Path | None = None) -> Delivered:
        """Release and make visible; time passes first, so that the answer is due."""
        return deliver_response(self.gate, request_id, folder or self.out)

    def walk(self, package: bytes) -> tuple[Received, Delivered]:
        """The whole walk of one package."""
        received = self.receive(package)
        if not received.returned_whole:
            self.match(received.request_id)
        self.approve_twice(received.request_id)
        self.clock.advance(60)
        return received, self.deliver(received.request_id)

    def open_all(self, package: bytes) -> OpenedResponse:
        """The response with every recipient's key at once."""
        people = [*self.stage.pki.officers, *self.stage.pki.holders.values()]
        decryptors = {one.fingerprint: decryptor_of(one) for one in people}
        return open_response(io.BytesIO(package), decryptors, self.verifier, at=self.clock.now())

    def pack(self, files: RequestFiles, *, signer: Identity | None = None, lines: bytes | None = None) -> bytes:
        """A request package of the requester's files."""
        agreement = read_agreement(self.stage.agreement.read_bytes())
        header = read_header(files.header.read_bytes())
        holder = signer or self.stage.pki.holders[header.office]
        certificate = (self.home / "certs" / "request-recipient.pem").read_bytes()
        return pack_request(
            files.lines.read_bytes() if lines is None else lines,
            "csv",
            header,
            agreement,
            signer_of(holder),
            CmsEncryptor(),
            certificate,
            self.clock,
        )


def signer_of(identity: Identity) -> CmsSigner:
    """A person's signer."""
    return CmsSigner(identity.key.read_bytes(), identity.chain.read_bytes())


def decryptor_of(identity: Identity) -> CmsDecryptor:
    """A person's decryptor."""
    return CmsDecryptor(identity.key.read_bytes(), identity.certificate.read_bytes())


def stage(folder: Path, *, lines: int = 48, register_rows: int = 600, seed: int = 7) -> Stage:
    """Everything outside the home."""
    folder.mkdir(parents=True, exist_ok=True)
    return prepare(folder, lines=lines, register_rows=register_rows, seed=seed)


def make_home(home: Path, staged: Stage) -> Desk:
    """A home with keys, trust, agreement, offices and register."""
    clock = MovableClock()
    create_home(
        HomeWorkshop(home, keys=new_keys, store=create_store, log=lambda at, keys: LogFiles(at, keys.log_signers())),
        clock=clock,
        software="privity test",
        origin=ORIGIN,
    )
    keys = FileKeys(home / "keys")
    for name, chain in staged.pki.certify_custodian_keys(keys.signing_requests("custodian")).items():
        keys.install_certificate(name, chain)
    trust = TrustFiles(home)
    trust.add(*([path.read_bytes() for path in paths] for paths in _trusted(staged.pki)))
    signers = keys.log_signers()
    trust.publish(
        ORIGIN,
        [signer.verifier_key for signer in signers],
        response_policy=RESPONSE_SIGNING,
        request_policy=REQUEST_SIGNING,
    )
    desk = Desk(home, staged, clock)
    record_offices(desk.gate, staged.offices.read_bytes())
    record_agreement(desk.gate, staged.agreement.read_bytes(), signatures=agreement_signatures(staged))
    activate_register(desk.gate, staged.extract, home / "register", DuckDbIndexEngine(), processes=1)
    return desk


def agreement_signatures(staged: Stage, document: bytes | None = None) -> list[bytes]:
    """The requester's and the custodian's signature over the agreement, now."""
    document = staged.agreement.read_bytes() if document is None else document
    signers = staged.agreement_signers().values()
    return [signer_of(one).sign(document, at=datetime.now(UTC)) for one in signers]


def adopt(template: Path, home: Path, staged: Stage, **options: object) -> Desk:
    """A copy of a finished home, bound to its new place as if it had been made there."""
    shutil.copytree(template, home)
    HomeFolder(home).bind()
    return Desk(home, staged, **options)  # type: ignore[arg-type]


@cache
def template() -> tuple[Path, Stage]:
    """One small stage and one finished home, shared by all tests of a process. Never walked: copy it with `fresh`."""
    folder = Path(tempfile.mkdtemp(prefix="privity-test-home-"))
    staged = stage(folder / "stage")
    make_home(folder / "home", staged).store.close()
    return folder / "home", staged


def fresh(folder: Path, **options: object) -> Desk:
    """A home of one's own, copied from the template."""
    made, staged = template()
    return adopt(made, folder / "home", staged, **options)


def line_count(files: RequestFiles) -> int:
    """Lines in the requester's file."""
    return sum(1 for _ in read_lines(files.lines.read_bytes(), "csv"))


def _trusted(pki: DemoPki) -> tuple[tuple[Path, ...], ...]:
    return pki.anchors, pki.intermediates, pki.crls


def new_keys(home: Path, origin: str) -> FileKeys:
    """Keys for a new home."""
    create_keys(home / "keys", origin=origin)
    return FileKeys(home / "keys")
