"""Settles the referred lines of a request before anything of it is looked up (L16). Numbers: docs/procedures/refer.md.

While lines wait and the time is not over, the request goes no further. Afterwards, in one transaction: lines that an
officer admitted are judged again with all others, by `policy.admission`, as at the request's own moment, only that L16
is not asked of them; lines that an officer returned go back with the officer's code; the rest with REFERRED (it fails
closed), whatever the rules say of them now: the office register may have changed since. Every decision is verified
anew, signature and log entry, before anything rests on it. Killed before that transaction, it is done again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from privity.domain.agreement import Agreement
from privity.domain.audit_events import AuditEvent
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.request import RequestFinding
from privity.normalise import RULE_SET_VERSION
from privity.ports.referrals import AdmissionCounts
from privity.ports.stored import StoredRequest
from privity.ports.stores import ReadStore, WriteStore
from privity.services.admission.judge_arrival import Judged, Remembered, ToJudge, judge_again
from privity.services.admission.referral_desk import (
    UNDECIDED,
    decide_by,
    decisions_by_line,
    is_unsettled,
    kept_rows,
    referred_lines,
)
from privity.services.admission.referral_evidence import need_genuine
from privity.services.admission.revoke_admission import revoke
from privity.services.agreements.record_agreement import stored_agreement
from privity.services.agreements.record_offices import current_offices
from privity.services.gate import Gate, Progress, append_entry, need_kept, need_request, request_fields
from privity.services.standing import need_standing
from privity.services.stored_lines import Sealer
from privity.wire.line_chunks import JudgedLine, LineKind, change_lines, decode_line_values
from privity.wire.request_file import RequestFile

_KIND = 7  # of a stored line's values
DECIDED = "a human returned the line"


@dataclass(frozen=True, slots=True)
class _Matter:
    """A request whose referred lines are to be settled now."""

    request: StoredRequest
    agreement: Agreement
    sealer: Sealer
    waited: frozenset[int]  # ordinals of all lines that were referred
    admitted: frozenset[int]  # of these, the ones that officers admitted
    codes: Mapping[int, ErrorCode]  # of the lines that officers returned


@dataclass(frozen=True, slots=True)
class _Outcome:
    chunks: Sequence[bytes]
    kept: RequestFile
    counts: AdmissionCounts
    remembered: Remembered | None  # None: the request's questions stay as they are on record
    findings: tuple[RequestFinding, ...]


def settle_referrals(gate: Gate, request_id: str, progress: Progress, processes: int) -> bool:
    """Settle, where lines of the request were referred; whether it was done. The caller holds the work lock.

    Raises PrivityError STATE_CONFLICT (lines wait still; or the request goes back whole, now), RULE_SET_CHANGED, and
    what `need_standing` raises.
    """
    with gate.store.reading() as read:
        request = need_request(read, request_id)
        need_kept(read, request)
        if not is_unsettled(request):
            return False
        matter = _matter(gate, read, request)  # 7
    outcome = _judged_with_the_rest(gate, matter, progress, processes) if matter.admitted else _as_stored(gate, matter)
    if outcome.findings:
        revoke(gate, request, outcome.findings, outcome.chunks)  # 9
        gate.publish()
        raise PrivityError(
            ErrorCode.STATE_CONFLICT,
            "with the lines that officers admitted, the request goes back whole",
            "See `privity request show`, then `privity review show`.",
        )
    with gate.store.writing() as write:
        _store(gate, write, matter, outcome)  # 10
    gate.publish()
    return True


def _matter(gate: Gate, read: ReadStore, request: StoredRequest) -> _Matter:
    agreement = stored_agreement(read, request.agreement_id, request.agreement_version)
    at = gate.clock.now()
    need_standing(gate, read, request, agreement, at)
    decided = decisions_by_line(read, request)
    waiting, latest = request.referred - len(decided), decide_by(request, agreement)
    if waiting and at <= latest:
        raise PrivityError(
            ErrorCode.STATE_CONFLICT,
            f"{waiting} line(s) of this request wait for a human until {latest:%Y-%m-%d %H:%M} UTC",
            "See `privity referral list`; nothing is looked up before. Undecided lines go back after that moment.",
            {"waiting": waiting},
        )
    if request.rule_set != RULE_SET_VERSION:
        raise PrivityError(
            ErrorCode.RULE_SET_CHANGED,
            "the request was admitted under another rule set than this version of privity has",
            "Give it back with `privity request return`: it must be sent again.",
        )
    admitted = frozenset(ordinal for ordinal, one in decided.items() if one.admits)
    codes = {ordinal: ErrorCode(one.code) for ordinal, one in decided.items() if not one.admits}
    sealer = Sealer(request.request_id, gate.keys.request_storage(request.request_id))
    need_genuine(gate, read, sealer, request, read.referral_decisions(request.request_id))
    waited = frozenset(ordinal for ordinal, _ in referred_lines(read, sealer, request))
    if not waited.issuperset(decided):
        raise PrivityError(ErrorCode.INTERNAL, "a line is decided that never waited")
    return _Matter(request, agreement, sealer, waited, admitted, codes)


def _judged_with_the_rest(gate: Gate, matter: _Matter, progress: Progress, processes: int) -> _Outcome:
    """8: steps 7.1 to 7.5 of docs/procedures/admit.md once more, at the moment of arrival."""
    request = matter.request
    kept = matter.sealer.open_file(request)
    with gate.store.reading() as read:
        offices = current_offices(read, gate.keys)
    to_judge = ToJudge(
        request.request_id,
        kept.header,
        matter.agreement,
        offices,
        request.lines,
        kept_rows(gate, request),
        matter.admitted,
    )
    judged = judge_again(gate, to_judge, request.received_at, progress, processes)
    if judged.lines != request.lines:
        raise PrivityError(ErrorCode.INTERNAL, "the kept package has another number of lines than were received")
    return _settled(matter, judged.chunks, replace(kept, warnings=judged.warnings), judged)


def _as_stored(gate: Gate, matter: _Matter) -> _Outcome:
    """Nobody admitted a line: what was stored stands, but that nothing waits any more."""
    request, sealer = matter.request, matter.sealer
    with gate.store.reading() as read:
        stored = [
            sealer.open(f"lines/{number}", read.line_chunk(request.request_id, number).sealed)
            for number in range(request.chunks)
        ]
    return _settled(matter, stored, sealer.open_file(request), None)


def _settled(matter: _Matter, chunks: Iterable[bytes], kept: RequestFile, judged: Judged | None) -> _Outcome:
    kinds, codes, changed = Counter[str](), Counter[str](), []
    for chunk in chunks:
        settled = _returned(chunk, matter)
        changed.append(settled)
        for values in decode_line_values(settled):
            kinds[values[_KIND]] += 1
            if values[_KIND + 1]:
                codes[values[_KIND + 1]] += 1
    return _Outcome(
        changed,
        replace(kept, codes={code: codes[code] for code in sorted(codes)}),
        AdmissionCounts(kinds[LineKind.ADMITTED], kinds[LineKind.RETURNED]),
        None if judged is None else judged.remembered,
        () if judged is None else judged.findings,
    )


def _returned(chunk: bytes, matter: _Matter) -> bytes:
    """The chunk with every line sent back that waited and that no officer admitted, or that waits even now."""
    places = [
        place
        for place, values in enumerate(decode_line_values(chunk))
        if values[_KIND] == LineKind.REFERRED
        or (values[0] in matter.waited - matter.admitted and values[_KIND] == LineKind.ADMITTED)
    ]

    def send_back(line: JudgedLine) -> JudgedLine:
        code = matter.codes.get(line.ordinal, ErrorCode.REFERRED)
        message = DECIDED if line.ordinal in matter.codes else UNDECIDED
        return replace(line, officer="", kind=LineKind.RETURNED, code=code, message=message, admitted=None)

    return change_lines(chunk, send_back, places) if places else chunk


def _store(gate: Gate, write: WriteStore, matter: _Matter, outcome: _Outcome) -> None:
    """One transaction: lines, counts, history, log entry."""
    request = need_request(write, matter.request.request_id)
    if not is_unsettled(request):
        raise PrivityError(ErrorCode.STATE_CONFLICT, "the referred lines were settled meanwhile")
    at = gate.clock.now()
    need_standing(gate, write, request, matter.agreement, at)
    write.replace_lines(matter.sealer.seal_lines(outcome.chunks, request.lines))
    write.settle_admission(request.request_id, outcome.counts, matter.sealer.seal_file(outcome.kept))
    if outcome.remembered is not None:
        write.forget_history(request.request_id)
        write.add_questions(request.requester, request.request_id, request.received_at, outcome.remembered.questions())
        write.add_officer_cases(request.requester, request.request_id, outcome.remembered.cases())
    append_entry(
        write,
        AuditEvent.REFERRALS_SETTLED,
        at,
        **request_fields(request),
        rule_set=request.rule_set,
        lines=request.lines,
        returned=outcome.counts.returned,
    )
