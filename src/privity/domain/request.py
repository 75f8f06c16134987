"""A request, its lines as supplied, and what admission makes of each line.

Values only. Reading files is `wire`'s work, judging is `policy`'s.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NewType

from privity.domain.delivery_point import DeliveryPoint
from privity.domain.errors import ErrorCode
from privity.domain.person_name import PersonName
from privity.domain.personal import Masked, Personal

RequestId = NewType("RequestId", str)
Ordinal = NewType("Ordinal", int)  # 1-based place of a line in its file: the only name a line has inside the gate


@dataclass(frozen=True, slots=True)
class Period:
    """A closed range of days, both ends included."""

    start: date
    end: date

    def overlaps(self, start: date | None, end: date | None) -> bool:
        """Whether a validity from `start` to `end` (None: open) touches this period."""
        return (start is None or start <= self.end) and (end is None or end >= self.start)


@dataclass(frozen=True, slots=True, repr=False)
class SuppliedName(Masked):
    """A name as the file gives it: split columns, or `full_name`."""

    given_name: str = ""
    middle_name: str = ""
    family_name: str = ""
    generation: str = ""
    full_name: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class SuppliedAddress(Masked):
    """An address as the file gives it: split columns, or one-line `address`."""

    address_line1: str = ""
    address_line2: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class LineContent(Masked):
    """One request line, every field as supplied text ("" where absent)."""

    line_id: str
    name: SuppliedName
    address: SuppliedAddress
    periods: str = ""
    statute: str = ""
    order_date: str = ""
    reason: str = ""
    case_id: str = ""
    officer: str = ""
    identifier: str = ""
    birth_date: str = ""
    attestations: str = ""
    form_defect: str = ""  # what the reader saw wrong with the row itself ("cells"); never from the file's text


@dataclass(frozen=True, slots=True)
class RequestLine:
    """A line as read from the file: its ordinal, and its content, masked."""

    ordinal: Ordinal
    content: Personal[LineContent]


@dataclass(frozen=True, slots=True)
class RequestHeader:
    """What the signed header says of the whole request."""

    request_id: RequestId
    agreement_id: str
    agreement_version: int
    requester: str  # party id
    office: str  # office id of the signatory
    request_type: str  # "confirm_address" is the only one ever answered
    statutes: tuple[str, ...]
    purpose: str
    attestations: tuple[str, ...]
    created_at: datetime
    agreement_digest: str = ""


@dataclass(frozen=True, slots=True)
class AdmittedLine:
    """A line that may be looked up (invariant C1). Only `privity.policy.admission` constructs one."""

    ordinal: Ordinal
    name: Personal[PersonName]
    point: Personal[DeliveryPoint]
    periods: tuple[Period, ...]
    officer: str  # roster id of the named officer who will receive the answer
    identifier: Personal[str] = field(default_factory=lambda: Personal(""))
    birth_date: date | None = field(default=None, repr=False)
    confirmable: bool = True  # False: two parsers disagree on number, unit or ZIP; the answer is NO_CONFIRMATION


@dataclass(frozen=True, slots=True)
class ReturnedLine:
    """A line sent back unanswered. `field_name` and `message` name the defect without repeating a value."""

    ordinal: Ordinal
    code: ErrorCode
    field_name: str
    message: str


@dataclass(frozen=True, slots=True)
class ReferredLine:
    """A line that waits for a human before any look-up (L16), with the reason in words."""

    ordinal: Ordinal
    code: ErrorCode
    field_name: str
    message: str


LineJudgement = AdmittedLine | ReturnedLine | ReferredLine


@dataclass(frozen=True, slots=True)
class RequestFinding:
    """A defect of the whole request."""

    code: ErrorCode
    rule: str  # "R01" ... "R15", "V01"
    message: str
    mend: str
