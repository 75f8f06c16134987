"""Answers the admitted lines of a request, chunk by chunk, on one register snapshot.

Before each batch, and again in the transaction that would keep its answers, the store is asked whether a hold has come
and whether agreement and safeguards still stand; before each batch also, whether the signatory's certificate does (C7).
Running it again goes on after the last batch that was kept; on another snapshot it starts anew, so that no response
mixes two. Planted decoys are asked beside the lines, all of them in every run: a confirmed one stops it (`ask_decoys`).
The numbers are those of docs/procedures/match.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial

from privity.domain.agreement import Agreement, MatchPolicy
from privity.domain.answer import Decision
from privity.domain.audit_events import AuditEvent
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.lifecycle import Action, RequestState
from privity.domain.offices import CustodianRole
from privity.domain.request import AdmittedLine
from privity.normalise import RULE_SET_VERSION
from privity.policy.admission import restore_admitted
from privity.ports.register_index import RegisterIndex
from privity.ports.security import IndexKeys
from privity.ports.stored import DecisionChunk, LineChunk, PackageKind, StoredRequest
from privity.services.admission.settle_referrals import settle_referrals
from privity.services.agreements.record_agreement import stored_agreement
from privity.services.agreements.record_offices import current_offices
from privity.services.answering.answer_lines import LineAnswerer
from privity.services.decoys.ask_decoys import (
    Decoy,
    Decoys,
    decoys_to_ask,
    mix,
    need_another_run,
    need_no_stop,
    stop_run,
)
from privity.services.gate import (
    Gate,
    Progress,
    append_entry,
    need_kept,
    need_request,
    need_role,
    need_thawed,
    need_unheld,
    quiet,
    request_fields,
)
from privity.services.response.build_response import build_content, roster_of
from privity.services.response.fixed_content import fix_content
from privity.services.standing import RequestSignature, need_signatory, need_standing, signature_of
from privity.services.stored_lines import Sealer
from privity.wire.line_chunks import CHUNK_LINES, JudgedLine, LineKind

BATCH_CHUNKS = 25  # line chunks answered between two looks at the hold register; a cluster is asked for more at once

AnswerLines = Callable[
    [Sequence[AdmittedLine], RegisterIndex, IndexKeys, MatchPolicy, frozenset[bytes], int], list[Decision]
]


_AnswerBatch = Callable[[Sequence[AdmittedLine], frozenset[bytes]], list[Decision]]


@dataclass(frozen=True, slots=True)
class Matched:
    """Where matching ended. No count of answers: that is for reviewers."""

    request_id: str
    state: str
    lines: int
    answered: int
    chunks: int
    chunks_resumed: int
    snapshot_id: str
    content_sha256: str
    decoys_asked: int
    decoys_unreadable: int  # planted, but no longer lines under the present form rules: replace them


@dataclass(frozen=True, slots=True)
class _Desk:
    """What every batch is answered with."""

    gate: Gate
    sealer: Sealer
    request: StoredRequest
    agreement: Agreement
    index: RegisterIndex
    signed: RequestSignature
    decoys: Decoys


def match_request(
    gate: Gate,
    request_id: str,
    index: RegisterIndex,
    *,
    role: CustodianRole = CustodianRole.DISCLOSURE_OFFICER,
    progress: Progress = quiet,
    answer: AnswerLines | None = None,
    processes: int = 2,
) -> Matched:
    """Answer every admitted line and fix the content that officers will sign.

    `answer`: stands in for the matcher in tests; it is called once for each batch.

    Raises PrivityError ROLE_FORBIDDEN, NOT_FOUND, STATE_CONFLICT (not waiting for matching, or lines wait for a human),
    RULE_SET_CHANGED, ON_HOLD, HOME_FROZEN, AGREEMENT_NOT_IN_FORCE, SAFEGUARDS_UNMET, CERTIFICATE_INVALID (the
    signatory's, revoked or expired since), HOME_BUSY, STORAGE_FAILED, DECOY_CONFIRMED (a planted line was confirmed,
    now or in a run not yet cleared).
    """
    need_role(role, Action.MATCH)
    with gate.locks.work():
        settle_referrals(gate, request_id, progress, processes)  # docs/procedures/refer.md
        desk = _start(gate, request_id, index)  # 1, 2
        gate.publish()
        with gate.store.reading() as read:
            resumed = len(read.decided_chunks(desk.request.request_id))
        with ExitStack() as ended:
            if answer is None:
                policy = desk.agreement.match_policy
                workers = LineAnswerer(index, gate.keys.index_keys(), policy, processes, expected=desk.request.admitted)
                answer_batch = ended.enter_context(workers).answer
            else:
                answer_batch = partial(_answer_by, answer, desk, processes)
            _answer_all(desk, answer_batch, progress)  # 3-5
        content_sha256 = _finish(desk)  # 6
        gate.publish()
        return Matched(
            request_id=desk.request.request_id,
            state=RequestState.AWAITING_REVIEW.value,
            lines=desk.request.lines,
            answered=desk.request.admitted,
            chunks=desk.request.chunks,
            chunks_resumed=resumed,
            snapshot_id=index.info.snapshot_id,
            content_sha256=content_sha256,
            decoys_asked=len(desk.decoys.asked),
            decoys_unreadable=desk.decoys.unreadable,
        )


def _start(gate: Gate, request_id: str, index: RegisterIndex) -> _Desk:
    """Check rule set and state; fix the snapshot, once, with its log entry."""
    snapshot = index.info.snapshot_id
    with gate.store.writing() as write:
        need_thawed(write)
        request = need_request(write, request_id)
        need_kept(write, request)
        if request.state is not RequestState.ADMITTED:
            raise PrivityError(
                ErrorCode.STATE_CONFLICT,
                f"the request is in state {request.state.value}: there is nothing to match",
                "See `privity request show`.",
            )
        need_no_stop(write, request)
        agreement = stored_agreement(write, request.agreement_id, request.agreement_version)
        need_standing(gate, write, request, agreement, gate.clock.now())
        if not index.info.rule_set == request.rule_set == RULE_SET_VERSION:
            raise PrivityError(
                ErrorCode.RULE_SET_CHANGED,
                "register, request and this version of privity do not share one rule set",
                "Build the register again; a request admitted under older rules must be sent again.",
            )
        need_another_run(write, request, snapshot, gate.software)
        if request.snapshot_id != snapshot:
            write.start_matching(request.request_id, snapshot)
            append_entry(
                write,
                AuditEvent.MATCHING_STARTED,
                gate.clock.now(),
                **request_fields(request),
                rule_set=request.rule_set,
                snapshot_id=snapshot,
            )
    sealer = Sealer(request.request_id, gate.keys.request_storage(request.request_id))
    with gate.store.reading() as read:
        signed = signature_of(sealer.open_package(read, PackageKind.ARRIVED))
        decoys = decoys_to_ask(gate, read)
    return _Desk(gate, sealer, request, agreement, index, signed, decoys)


def _answer_by(
    answer: AnswerLines, desk: _Desk, processes: int, lines: Sequence[AdmittedLine], withheld: frozenset[bytes]
) -> list[Decision]:
    keys = desk.gate.keys.index_keys()
    return answer(lines, desk.index, keys, desk.agreement.match_policy, withheld, processes)


def _answer_all(desk: _Desk, answer: _AnswerBatch, progress: Progress) -> None:
    request = desk.request
    with desk.gate.store.reading() as read:
        decided = read.decided_chunks(request.request_id)
    waiting = [chunk for chunk in range(request.chunks) if chunk not in decided]
    done = request.chunks - len(waiting)
    progress("match", done, request.chunks)
    size = max(BATCH_CHUNKS, desk.index.lines_at_once // CHUNK_LINES)
    batches = [waiting[start : start + size] for start in range(0, len(waiting), size)]
    if desk.decoys.asked and not batches:
        batches = [[]]  # every line was answered before a crash: the decoys are asked again all the same
    for batch, decoys in zip(batches, desk.decoys.dealt(len(batches)), strict=True):
        _answer_batch(desk, answer, batch, decoys)
        done += len(batch)
        progress("match", done, request.chunks)


def _answer_batch(desk: _Desk, answer: _AnswerBatch, chunks: Sequence[int], decoys: Sequence[Decoy]) -> None:
    """Look at the standing, read, answer, look at the standing again, keep: the last two in one transaction."""
    gate, request = desk.gate, desk.request
    need_signatory(gate, desk.signed, gate.clock.now())  # 3
    with gate.store.reading() as read:
        need_standing(gate, read, request, desk.agreement, gate.clock.now())
        stored = [read.line_chunk(request.request_id, chunk) for chunk in chunks]
        withheld = read.withheld_persons()
    admitted = [_admitted(desk.sealer.open_lines(chunk)) for chunk in stored]
    mixture = mix([line for lines in admitted for line in lines], decoys)
    decisions, confirmed = mixture.separate(answer(mixture.lines, withheld))  # 4
    if confirmed:
        raise stop_run(gate, request, desk.index.info.snapshot_id, desk.decoys, confirmed)
    sealed = _seal_batch(desk, stored, admitted, decisions)
    with gate.store.writing() as write:  # 5
        need_standing(gate, write, request, desk.agreement, gate.clock.now())
        for one in sealed:
            write.add_decision_chunk(one)


def _seal_batch(
    desk: _Desk, stored: Sequence[LineChunk], admitted: Sequence[Sequence[AdmittedLine]], decisions: Sequence[Decision]
) -> list[DecisionChunk]:
    """Deal the decisions out to their chunks: exactly one for each line, in the lines' order, or nothing is kept."""
    asked = [line.ordinal for lines in admitted for line in lines]
    if [decision.ordinal for decision in decisions] != asked:
        raise PrivityError(ErrorCode.INTERNAL, "the matcher did not answer exactly the lines it was asked")
    sealed, start = [], 0
    for chunk, lines in zip(stored, admitted, strict=True):
        some = decisions[start : start + len(lines)]
        start += len(lines)
        sealed.append(desk.sealer.seal_decisions(chunk, desk.index.info.snapshot_id, some))
    return sealed


def _admitted(lines: Sequence[JudgedLine]) -> list[AdmittedLine]:
    return [restore_admitted(list(line.admitted or ())) for line in lines if line.kind is LineKind.ADMITTED]


def _finish(desk: _Desk) -> str:
    """Lay out the unsigned response, fix its salted hash, and hand the request to review."""
    gate, request = desk.gate, desk.request
    with gate.store.writing() as write:
        need_thawed(write)
        need_unheld(write, request, gate.clock.now())
        at = gate.clock.now()
        kept = desk.sealer.open_file(request)
        content = build_content(write, desk.sealer, request, kept, roster_of(current_offices(write, gate.keys)))
        content_sha256 = fix_content(gate, write, desk.sealer, content.unsigned, write.withheld_persons())
        write.move_request(request.request_id, RequestState.ADMITTED, RequestState.AWAITING_REVIEW)
        append_entry(
            write,
            AuditEvent.MATCHING_FINISHED,
            at,
            **request_fields(request),
            rule_set=request.rule_set,
            snapshot_id=desk.index.info.snapshot_id,
            lines=request.lines,
            content_sha256=content_sha256,
        )
    return content_sha256
