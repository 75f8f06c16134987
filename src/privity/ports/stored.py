"""The records that stores keep and give back: plain values, sealed where they concern a request.

Nothing here opens a seal. Clear fields hold ids, counts, times, digests and states only: never a supplied value,
never a requester's `line_id`, never a name (C8, C9).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from privity.domain.agreement import AgreementSide
from privity.domain.agreement_acts import AgreementAct
from privity.domain.holds import Demand, HoldOrder, HoldScope
from privity.domain.lifecycle import RequestState
from privity.domain.request import RequestId


@dataclass(frozen=True, slots=True)
class StoredAgreement:
    """One recorded version of an agreement: the document's own bytes and their SHA-256 (hex)."""

    agreement_id: str
    version: int
    digest: str
    document: bytes
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class StoredAgreementSignature:
    """One side's signature over one version of an agreement. `sealed` holds the CMS under the accounting key, bound to
    everything else in the row: a row that the gate did not write does not open.
    """

    agreement_id: str
    version: int
    digest: str
    side: AgreementSide
    office: str  # the requester's office, or the custodian officer's role: never a person
    certificate: str  # SHA-256 of the certificate's DER, hex
    signed_at: datetime  # claimed by the signer
    recorded_at: datetime
    signature_sha256: str
    sealed: bytes


@dataclass(frozen=True, slots=True)
class StoredAgreementDecision:
    """A decision on an agreement: activated, suspended, ended. `sealed` holds counsel's own words under the accounting
    key, bound to everything else in the row: a row that the gate did not write does not open.
    """

    agreement_id: str
    version: int  # put in force; else the newest on record at that moment
    digest: str
    act: AgreementAct
    reason_code: str
    decided_at: datetime
    decided_by: str
    log_index: int
    sealed: bytes


@dataclass(frozen=True, slots=True)
class StoredOffices:
    """One recorded office register. `sealed` is the document under the accounting key (it names officials)."""

    digest: str
    sealed: bytes
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class StoredRequest:
    """What the gate may know of a request without its key. Hashes are SHA-256, hex."""

    request_id: RequestId
    agreement_id: str
    agreement_version: int
    agreement_digest: str
    requester: str
    office: str
    state: RequestState
    returned_whole: bool
    lines: int
    admitted: int
    returned: int
    referred: int
    chunks: int
    manifest_sha256: str
    package_sha256: str
    rule_set: str
    received_at: datetime
    visible_from: datetime  # an answer is visible no earlier (C2), fixed at admission
    sealed_header: bytes  # header, signature facts, findings and warnings, under the request's key
    snapshot_id: str = ""  # fixed when matching starts
    content_sha256: str = ""  # of salt || unsigned response; "" until every line has its answer
    sealed_salt: bytes = b""


@dataclass(frozen=True, slots=True)
class LineChunk:
    """Some consecutive lines, sealed under the request's key. `input_hash`: SHA-256 of the sealed bytes, hex."""

    request_id: RequestId
    chunk: int
    first_ordinal: int
    lines: int
    input_hash: str
    sealed: bytes


@dataclass(frozen=True, slots=True)
class DecisionChunk:
    """The decisions for one chunk, sealed. `input_hash` names the lines decided, `output_hash` the sealed bytes."""

    request_id: RequestId
    chunk: int
    state: str  # "DONE" is the only state a stored chunk has
    snapshot_id: str
    input_hash: str
    output_hash: str
    sealed: bytes


class PackageKind(StrEnum):
    """Which bytes of a request are kept (all sealed under the request's key)."""

    ARRIVED = "arrived"  # the request package as it came
    SEALED = "sealed"  # manifest, signature and encrypted parts: fixed before anything is released
    RESPONSE = "response"  # the whole response package with its log proof: what becomes visible


class Verdict(StrEnum):
    """What an officer signs."""

    RELEASE = "release"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class StoredApproval:
    """One officer's signed verdict on one content hash. `sealed` holds document and CMS under the accounting key."""

    request_id: RequestId
    content_sha256: str
    officer: str  # custodian officer's id in the office register
    certificate: str  # SHA-256 of the certificate's DER, hex
    role: str
    verdict: Verdict
    signed_at: datetime
    signature_sha256: str
    sealed: bytes


@dataclass(frozen=True, slots=True)
class StoredRelease:
    """The one release of a request."""

    request_id: RequestId
    content_sha256: str
    response_manifest_sha256: str
    accounting_root: str
    log_index: int
    released_at: datetime


@dataclass(frozen=True, slots=True)
class AccountingRow:
    """The permanent record of one line. `leaf` = SHA-256(nonce || canonical record); `sealed` holds both."""

    request_id: RequestId
    ordinal: int
    leaf: bytes
    sealed: bytes


class FilingKind(StrEnum):
    """Under what a permanent record is filed."""

    PERSON = "person"  # the confirmed person's keyed reference
    NAME = "name"  # the supplied name: "someone of this name"
    NAME_AND_BIRTH = "name_and_birth"
    NAME_AND_IDENTIFIER = "name_and_identifier"


@dataclass(frozen=True, slots=True)
class Filing:
    """One way to find one permanent record: a keyed digest (32 bytes, under the accounting key)."""

    digest: bytes
    kind: FilingKind
    request_id: RequestId
    ordinal: int


@dataclass(frozen=True, slots=True)
class AccountingSummary:
    """All accounting of one request: root and count, and the log entry that commits to them."""

    request_id: RequestId
    root: str
    records: int
    log_index: int
    written_at: datetime


@dataclass(frozen=True, slots=True)
class StoredHold:
    """A hold (court order, suspension, ...). The docket text is sealed: it may name a person."""

    hold_id: str
    scope: HoldScope
    target: str  # agreement id, requester id, request id, class word, or "" for everything
    kind: str  # reason code, closed list in `policy.verdicts`
    placed_at: datetime
    placed_by: str
    sealed_docket: bytes
    lifted_at: datetime | None = None
    lifted_by: str = ""
    demand: Demand = Demand.NONE  # of answers already delivered
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    concealed: bool = False  # a sealed court order
    order_sha256: str = ""  # of the order's document, hex

    @property
    def order(self) -> HoldOrder:
        """The order as `policy.holds` weighs it."""
        return HoldOrder(
            self.hold_id,
            self.scope,
            self.target,
            self.kind,
            self.demand,
            self.placed_at,
            self.starts_at,
            self.ends_at,
            self.lifted_at,
            self.concealed,
        )


@dataclass(frozen=True, slots=True)
class Withholding:
    """A mark by counsel on one person (A09), by keyed reference."""

    person: bytes
    reason_code: str
    placed_at: datetime
    lifted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ClassMember:
    """One person of a class that counsel declared, by keyed reference. Kept for ever; `removed_at` ends it."""

    word: str
    person: bytes
    added_at: datetime
    removed_at: datetime | None = None


class Question(NamedTuple):
    """One admitted question in the probing history (L14): keyed digests only."""

    person: bytes
    question: bytes


class OfficerCase(NamedTuple):
    """One case a named officer has open through a request: keyed digests only (R12)."""

    officer: bytes
    case: bytes


@dataclass(frozen=True, slots=True)
class StoredDestruction:
    """The order to destroy a request's key and, once carried out, the outcome. Never the key."""

    request_id: RequestId
    key_id: str  # 32 hex digits, see KeyStore.request_key_id
    backups_expire: date
    intended_at: datetime
    intent_index: int  # in the log
    destroyed_at: datetime | None = None
    log_index: int | None = None  # of REQUEST_DESTROYED


@dataclass(frozen=True, slots=True)
class StoredDuty:
    """A duty of the requester that follows a release: destroy what was received by a date (V04)."""

    request_id: RequestId
    requester: str
    duty: str  # "destroy"
    due: date
    discharged_at: datetime | None = None
    evidence_sha256: str = ""
