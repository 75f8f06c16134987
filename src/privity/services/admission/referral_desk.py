"""The desk for referred lines (L16): what waits, until when; what an officer sees of a line; the signed decision.

A line is decided from the line alone, before any look-up: the officer sees what was supplied and why it waits, and
nothing of the register. Admitting a line says only that it need not wait: every other rule is asked of it again, by
`policy.admission`, when the request is settled (`settle_referrals`). The numbers are those of docs/procedures/refer.md.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from privity.domain.agreement import Agreement
from privity.domain.audit_events import AuditEvent
from privity.domain.certificate_policies import CUSTODIAN_OFFICER
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.lifecycle import Action, RequestState
from privity.domain.offices import CustodianOfficer, CustodianRole
from privity.domain.personal import Masked, Personal
from privity.domain.request import AdmittedLine, LineContent, LineJudgement, ReferredLine, RequestLine
from privity.domain.rules import LINE_CODES
from privity.policy.admission import judge_alone, line_terms, roster_ids
from privity.policy.admission.context import LineTerms, RequestContext, parameter
from privity.policy.verdicts import acting_officer
from privity.ports.referrals import StoredReferralDecision
from privity.ports.security import OfficerSigner
from privity.ports.stored import PackageKind, StoredRequest
from privity.ports.stores import ReadStore
from privity.services.admission.open_request import reopen_request
from privity.services.admission.referral_evidence import decision_fields
from privity.services.agreements.record_agreement import stored_agreement
from privity.services.agreements.record_offices import current_offices
from privity.services.gate import Gate, append_entry, need_kept, need_request, need_role, request_fields
from privity.services.standing import need_standing
from privity.services.stored_lines import Sealer
from privity.wire.canonical_json import encode
from privity.wire.line_chunks import LineKind
from privity.wire.request_format import Rows, lines_of

MOST_NOTE = 500  # characters
_KIND, _MESSAGE = 7, 9  # of a stored line's values
NO_POINT = "no delivery point can be read from it: there is nothing to look up"
UNDECIDED = "nobody decided in time: the line goes back"


@dataclass(frozen=True, slots=True)
class WaitingRequest:
    """One request with lines that wait, or waited until matching settles them."""

    request_id: str
    agreement_id: str
    agreement_version: int
    received_at: datetime
    decide_by: datetime
    referred: int
    decided: int
    waiting: int
    overdue: bool  # the time is over: lines without a decision go back


@dataclass(frozen=True, slots=True)
class ReferralRow:
    """One referred line, by ordinal. `message` says why it waits, in our words."""

    ordinal: int
    message: str
    verdict: str  # "", "admit" or "return"
    code: str
    decided_by: str
    role: str
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Worklist:
    """The referred lines of one request."""

    request: WaitingRequest
    lines: tuple[ReferralRow, ...]


@dataclass(frozen=True, slots=True, repr=False)
class ReferralView(Masked):
    """What an officer decides from: the line as supplied, and why it waits. Nothing of the register."""

    ordinal: int
    message: str
    can_be_admitted: bool
    obstacle: str  # why it cannot be admitted, in our words; "" where it can
    supplied: Personal[LineContent]
    decide_by: datetime


@dataclass(frozen=True, slots=True)
class ReferralsDecided:
    """A decision is on record."""

    request_id: str
    lines: int
    verdict: str
    code: str
    officer: str
    role: str
    still_waiting: int
    log_index: int


def list_referrals(gate: Gate, *, role: CustodianRole = CustodianRole.DISCLOSURE_OFFICER) -> tuple[WaitingRequest, ...]:
    """Requests with referred lines that are not settled, the most urgent first. Raises PrivityError ROLE_FORBIDDEN."""
    need_role(role, Action.DECIDE_REFERRALS)
    with gate.store.reading() as read:
        found = [_waiting(gate, read, one) for one in read.requests() if is_unsettled(one)]
    return tuple(sorted(found, key=lambda one: (one.decide_by, one.request_id)))


def referrals_of(gate: Gate, request_id: str, *, role: CustodianRole = CustodianRole.DISCLOSURE_OFFICER) -> Worklist:
    """The referred lines of one request. Raises PrivityError ROLE_FORBIDDEN, NOT_FOUND, STATE_CONFLICT (none wait)."""
    need_role(role, Action.DECIDE_REFERRALS)
    with gate.store.reading() as read:
        request = _need_unsettled(read, request_id)
        decided = decisions_by_line(read, request)
        rows = tuple(
            _row(ordinal, message, decided.get(ordinal))
            for ordinal, message in referred_lines(read, _sealer(gate, request), request)
        )
        return Worklist(_waiting(gate, read, request), rows)


def show_referral(
    gate: Gate, request_id: str, ordinal: int, *, role: CustodianRole = CustodianRole.DISCLOSURE_OFFICER
) -> ReferralView:
    """One referred line as it was supplied. Raises PrivityError ROLE_FORBIDDEN, NOT_FOUND, STATE_CONFLICT."""
    need_role(role, Action.DECIDE_REFERRALS)
    with gate.store.reading() as read:
        request = _need_unsettled(read, request_id)
        agreement = stored_agreement(read, request.agreement_id, request.agreement_version)
        referred = dict(referred_lines(read, _sealer(gate, request), request, (ordinal,)))
    if ordinal not in referred:
        raise _no_such_line()
    line, judgement = next(_judged(gate, request, (ordinal,)))
    obstacle = _obstacle(judgement)
    supplied = Personal(line.content.reveal())
    return ReferralView(ordinal, referred[ordinal], not obstacle, obstacle, supplied, decide_by(request, agreement))


def decide_referrals(
    gate: Gate, request_id: str, ordinals: Collection[int], signer: OfficerSigner, *, code: str = "", note: str = ""
) -> ReferralsDecided:
    """Sign and record one decision on some referred lines: admit them (`code` ""), or return them with a line's code.

    Raises PrivityError USAGE (no lines, no code of a line, too long a note), NOT_FOUND, STATE_CONFLICT (not waiting,
    decided already, too late, or not to be admitted), ROLE_FORBIDDEN, SIGNATURE_INVALID, CERTIFICATE_INVALID, and what
    `need_standing` raises.
    """
    chosen = tuple(sorted(set(ordinals)))
    _need_sayable(chosen, code, note)
    with gate.locks.work():
        at = gate.clock.now().replace(microsecond=0)
        with gate.store.reading() as read:
            request = _need_open(gate, read, request_id, chosen, at)  # 3
            referred = {ordinal for ordinal, _ in referred_lines(read, _sealer(gate, request), request, chosen)}
            officer = acting_officer(current_offices(read, gate.keys), signer.fingerprint, at, Action.DECIDE_REFERRALS)
        if not referred.issuperset(chosen):
            raise _no_such_line()
        if not code:
            _need_admissible(gate, request, chosen)  # 4
        document = _document(request, chosen, code, note, officer, at)
        signature = _signed(gate, officer, signer, document, at)  # 5
        with gate.store.writing() as write:  # 6
            request = _need_open(gate, write, request_id, chosen, at)
            index = append_entry(
                write,
                AuditEvent.REFERRALS_DECIDED,
                at,
                **request_fields(request),
                lines=len(chosen),
                code=code,
                role=officer.role.value,
                signature_sha256=hashlib.sha256(signature).hexdigest(),
            )
            kept = len(document).to_bytes(4, "big") + document + signature
            write.add_referral_decision(
                StoredReferralDecision(
                    request.request_id,
                    chosen,
                    not code,
                    code,
                    officer.id,
                    signer.fingerprint,
                    officer.role.value,
                    at,
                    hashlib.sha256(signature).hexdigest(),
                    index,
                    _sealer(gate, request).seal(f"referral/{index}", kept),
                )
            )
            left = request.referred - len(decisions_by_line(write, request))
        gate.publish()
        verdict = "return" if code else "admit"
        return ReferralsDecided(
            request.request_id, len(chosen), verdict, code, officer.id, officer.role.value, left, index
        )


def is_unsettled(request: StoredRequest) -> bool:
    """Whether lines of the request wait for a human, or for matching to act on what humans decided."""
    return request.state is RequestState.ADMITTED and not request.returned_whole and request.referred > 0


def decide_by(request: StoredRequest, agreement: Agreement) -> datetime:
    """The moment after which a line without a decision goes back (L16)."""
    return request.received_at + timedelta(days=int(str(parameter(agreement, "L16", "decide_within_days"))))


def decisions_by_line(read: ReadStore, request: StoredRequest) -> Mapping[int, StoredReferralDecision]:
    """Ordinal -> the decision on it."""
    decisions = read.referral_decisions(request.request_id)
    return {ordinal: decision for decision in decisions for ordinal in decision.ordinals}


def kept_rows(gate: Gate, request: StoredRequest) -> Callable[[], Iterator[Rows]]:
    """The lines as they came, from the kept package. Raises PrivityError STATE_CONFLICT, DECRYPTION_FAILED."""
    sealer = _sealer(gate, request)
    with gate.store.reading() as read:
        arrived = sealer.open_package(read, PackageKind.ARRIVED)
    if arrived is None:
        raise PrivityError(ErrorCode.STATE_CONFLICT, "the request's own package is missing from the store")
    return reopen_request(gate, io.BytesIO(arrived), sealer.open_file(request).signer)


def _waiting(gate: Gate, read: ReadStore, request: StoredRequest) -> WaitingRequest:
    agreement = stored_agreement(read, request.agreement_id, request.agreement_version)
    latest, decided = decide_by(request, agreement), len(decisions_by_line(read, request))
    return WaitingRequest(
        request.request_id,
        request.agreement_id,
        request.agreement_version,
        request.received_at,
        latest,
        request.referred,
        decided,
        request.referred - decided,
        gate.clock.now() > latest,
    )


def _row(ordinal: int, message: str, decision: StoredReferralDecision | None) -> ReferralRow:
    if decision is None:
        return ReferralRow(ordinal, message, "", "", "", "", None)
    verdict = "admit" if decision.admits else "return"
    return ReferralRow(ordinal, message, verdict, decision.code, decision.officer, decision.role, decision.signed_at)


def referred_lines(
    read: ReadStore, sealer: Sealer, request: StoredRequest, chosen: Collection[int] | None = None
) -> Iterator[tuple[int, str]]:
    """Ordinal and message of the referred lines; with `chosen`, of those in the same chunks alone."""
    for number in range(request.chunks):
        chunk = read.line_chunk(request.request_id, number)
        held = range(chunk.first_ordinal, chunk.first_ordinal + chunk.lines)
        if chosen is None or any(ordinal in held for ordinal in chosen):
            values = sealer.open_line_values(chunk)
            yield from ((one[0], one[_MESSAGE]) for one in values if one[_KIND] == LineKind.REFERRED)


def _judged(gate: Gate, request: StoredRequest, chosen: Sequence[int]) -> Iterator[tuple[RequestLine, LineJudgement]]:
    """The chosen lines as supplied, each with what the line rules say of it alone if it need not wait."""
    wanted, lines = set(chosen), []
    for batch in kept_rows(gate, request)():
        if wanted & set(range(batch.first, batch.first + len(batch.rows))):
            lines += [line for line in lines_of(batch) if line.ordinal in wanted]
    terms = _terms(gate, request, frozenset(wanted))
    return zip(lines, judge_alone(lines, terms), strict=True)


def _terms(gate: Gate, request: StoredRequest, waived: frozenset[int]) -> LineTerms:
    """The terms of the request's own moment, with today's office register."""
    with gate.store.reading() as read:
        agreement = stored_agreement(read, request.agreement_id, request.agreement_version)
        offices = current_offices(read, gate.keys)
    header = _sealer(gate, request).open_file(request).header
    at = request.received_at
    context = RequestContext(agreement, offices, at, 0, {}, 0, (), False, lambda _: {}, bytes)
    return line_terms(header, context, frozenset(roster_ids(context)), waived)


def _need_admissible(gate: Gate, request: StoredRequest, chosen: Sequence[int]) -> None:
    obstacles = [one for _, one in _judged(gate, request, chosen) if _obstacle(one)]
    if obstacles:
        first = obstacles[0]
        raise PrivityError(
            ErrorCode.STATE_CONFLICT,
            f"{len(obstacles)} of these lines cannot be admitted; line {first.ordinal}: {_obstacle(first)}",
            "Return them with a code: there is nothing that could be looked up, or another rule sends them back.",
            {"lines": len(obstacles), "ordinal": int(first.ordinal)},
        )


def _obstacle(judgement: LineJudgement) -> str:
    """Why the line cannot be admitted, in our words; "" where it can."""
    if isinstance(judgement, AdmittedLine):
        return ""
    return NO_POINT if isinstance(judgement, ReferredLine) else judgement.message


def _need_sayable(chosen: Sequence[int], code: str, note: str) -> None:
    if not chosen:
        raise PrivityError(ErrorCode.USAGE, "no line is named", "Name lines by number: --lines 3,5-9.")
    if code and code not in {one.value for one in LINE_CODES}:
        words = ", ".join(one.value for one in LINE_CODES)
        raise PrivityError(ErrorCode.USAGE, "a line does not go back with this code", f"Use one of: {words}.")
    if len(note) > MOST_NOTE or not (note.isprintable() or not note):
        raise PrivityError(ErrorCode.USAGE, f"the note is not one line of at most {MOST_NOTE} characters")


def _need_open(gate: Gate, read: ReadStore, request_id: str, chosen: Collection[int], at: datetime) -> StoredRequest:
    """The request, if these lines may be decided now: not settled, not decided, in time, its agreement standing."""
    request = _need_unsettled(read, request_id)
    agreement = stored_agreement(read, request.agreement_id, request.agreement_version)
    need_standing(gate, read, request, agreement, at)
    if at > decide_by(request, agreement):
        raise PrivityError(
            ErrorCode.STATE_CONFLICT,
            "the time in which a human decides is over: lines without a decision go back",
            "Run `privity request match`: it settles the referred lines.",
        )
    if decisions_by_line(read, request).keys() & set(chosen):
        raise PrivityError(
            ErrorCode.STATE_CONFLICT, "one of these lines is decided already", "A decision once signed stands."
        )
    return request


def _need_unsettled(read: ReadStore, request_id: str) -> StoredRequest:
    request = need_request(read, request_id)
    need_kept(read, request)
    if not is_unsettled(request):
        raise PrivityError(
            ErrorCode.STATE_CONFLICT, "no line of this request waits for a human", "See `privity referral list`."
        )
    return request


def _no_such_line() -> PrivityError:
    return PrivityError(
        ErrorCode.NOT_FOUND, "one of the lines named was not referred", "See `privity referral list` with the request."
    )


def _document(  # noqa: PLR0917 - what an officer signs
    request: StoredRequest, chosen: Sequence[int], code: str, note: str, officer: CustodianOfficer, at: datetime
) -> bytes:
    """What an officer signs: canonical JSON."""
    return encode({**decision_fields(request, chosen, code, officer.role.value, at), "note": note})


def _signed(gate: Gate, officer: CustodianOfficer, signer: OfficerSigner, document: bytes, at: datetime) -> bytes:
    """Sign, then verify as a stranger would."""
    signature = signer.sign(document, at=at)
    verified = gate.verifier.verify(document, signature, at=at, policies=(CUSTODIAN_OFFICER,))
    if verified.signer_fingerprint not in officer.certificates:
        raise PrivityError(ErrorCode.SIGNATURE_INVALID, "another certificate signed than the officer's own")
    return signature


def _sealer(gate: Gate, request: StoredRequest) -> Sealer:
    return Sealer(request.request_id, gate.keys.request_storage(request.request_id))
