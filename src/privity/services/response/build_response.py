"""Builds the unsigned response of a request from its stored lines and decisions: the content that officers approve.

Deterministic: the same lines, decisions, roster and withholdings give the same bytes. A person who is withheld now is
not confirmed, whenever the line was decided (A09). Nothing here signs, encrypts or writes.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from privity.domain.answer import Answer, Decision
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.offices import NamedOfficer, OfficeRegister
from privity.domain.personal import Masked
from privity.ports.stored import StoredRequest
from privity.ports.stores import ReadStore
from privity.services.response.told_lines import SIGNATORY, ToldLine, over_told_lines
from privity.services.stored_lines import Sealer
from privity.wire.line_chunks import JudgedLine, LineKind
from privity.wire.request_file import RequestFile
from privity.wire.response_format import ResponseFacts, ResponsePart, join_rows, response_row, unsigned_response


@dataclass(frozen=True, slots=True)
class AnsweredLine:
    """One line with what it will be told: an answer with the decision behind it, or a code."""

    line: JudgedLine
    decision: Decision | None

    @property
    def answer(self) -> Answer | None:
        """None for a line that was not admitted."""
        return None if self.decision is None else self.decision.answer


@dataclass(frozen=True, slots=True, repr=False)
class Content(Masked):
    """The unsigned response, in the pieces it is hashed in, and its parts. About 115 bytes a line."""

    unsigned: tuple[bytes, ...]
    parts: tuple[ResponsePart, ...]
    certificates: Mapping[str, bytes]  # part name -> recipient's certificate (DER)


def build_content(
    read: ReadStore,
    sealer: Sealer,
    request: StoredRequest,
    kept: RequestFile,
    roster: Mapping[str, NamedOfficer],
    *,
    processes: int = 2,
) -> Content:
    """Group lines by recipient and lay out the unsigned response.

    `roster`: roster id -> officer. An officer who is missing has no certificate here, so that officers can still refuse
    such a content; it never leaves. Raises PrivityError STATE_CONFLICT where a line has no answer yet.
    """
    groups: dict[str, bytearray] = {}
    withheld = read.withheld_persons()
    for some in over_told_lines(
        read, sealer, request, _rows_by_recipient, None, withheld=withheld, processes=processes
    ):
        for recipient, rows in some.items():
            groups.setdefault(recipient, bytearray()).extend(rows)
    parts, certificates = [], {}
    first = 0 if SIGNATORY in groups else 1
    digits = max(4, len(str(first + len(groups) - 1)))  # one width for all, so that names sort as their numbers do
    for place, recipient in enumerate(sorted(groups), start=first):
        certificate = kept.signer_certificate if recipient == SIGNATORY else _certificate(roster, recipient)
        name = f"parts/{place:0{digits}d}.p7m"
        certificates[name] = certificate
        fingerprint = hashlib.sha256(certificate).hexdigest() if certificate else ""
        parts.append(ResponsePart(name, recipient, fingerprint, join_rows((groups.pop(recipient),))))
    return Content(unsigned_response(_facts(request), parts), tuple(parts), certificates)


def _rows_by_recipient(setting: None, lines: Iterable[ToldLine]) -> dict[str, bytes]:
    del setting
    rows: dict[str, list[bytes]] = {}
    for told in lines:
        row = response_row(told.ordinal, told.line_id, told.answer, told.code)
        rows.setdefault(told.officer, []).append(row)
    return {recipient: b"".join(some) for recipient, some in rows.items()}


def answered_lines(
    read: ReadStore,
    sealer: Sealer,
    request: StoredRequest,
    withheld: frozenset[bytes],
    chunks: Iterable[int] | None = None,
) -> Iterator[AnsweredLine]:
    """Lines of some chunks (None: all) with their answer or code, and everything that stays inside.

    Raises PrivityError STATE_CONFLICT where an admitted line has no answer.
    """
    for chunk in range(request.chunks) if chunks is None else chunks:
        lines = sealer.open_lines(read.line_chunk(request.request_id, chunk))
        decisions: dict[int, Decision] = {}
        if any(line.kind is LineKind.ADMITTED for line in lines):
            stored = sealer.open_decisions(read.decision_chunk(request.request_id, chunk))
            decisions = {decision.ordinal: decision for decision in stored}
        for line in lines:
            if line.kind is not LineKind.ADMITTED:
                yield AnsweredLine(line, None)
            elif line.ordinal in decisions:
                yield AnsweredLine(line, _respecting(decisions[line.ordinal], withheld))
            else:
                raise PrivityError(ErrorCode.STATE_CONFLICT, f"line {line.ordinal} has no answer yet")


def roster_of(offices: OfficeRegister) -> Mapping[str, NamedOfficer]:
    """Roster id -> officer; who may still receive is asked at release."""
    return {officer.id: officer for officer in offices.officers}


def _respecting(decision: Decision, withheld: frozenset[bytes]) -> Decision:
    if decision.answer is Answer.CONFIRMED and decision.person.reveal() in withheld:
        return Decision(decision.ordinal, Answer.NO_CONFIRMATION, "", decision.candidates, decision.rivals, "withheld")
    return decision


def _certificate(roster: Mapping[str, NamedOfficer], officer: str) -> bytes:
    return pem_to_der(roster[officer].certificate_pem) if officer in roster else b""


def pem_to_der(pem: str) -> bytes:
    """The certificate's DER (RFC 7468). Raises PrivityError CERTIFICATE_INVALID."""
    body = pem.partition("-----BEGIN CERTIFICATE-----")[2].partition("-----END CERTIFICATE-----")[0]
    try:
        return base64.b64decode("".join(body.split()), validate=True)
    except ValueError:
        raise PrivityError(ErrorCode.CERTIFICATE_INVALID, "a named officer's certificate is not PEM") from None


def _facts(request: StoredRequest) -> ResponseFacts:
    return ResponseFacts(
        request_id=request.request_id,
        request_manifest_sha256=request.manifest_sha256,
        agreement_id=request.agreement_id,
        agreement_version=request.agreement_version,
        agreement_digest=request.agreement_digest,
        lines=request.lines,
        returned_whole=request.returned_whole,
    )
