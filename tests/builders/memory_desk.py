"""The referral desk and reports in memory: `ports.referrals` and `ports.reports`, with the database's rules by hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.lifecycle import RequestState
from privity.domain.request import RequestId
from privity.ports.referrals import AdmissionCounts, StoredReferralDecision
from privity.ports.reports import StoredReport
from privity.ports.stored import LineChunk, StoredRequest


@dataclass
class DeskTables:
    """Everything that is kept of decisions and reports."""

    decisions: list[StoredReferralDecision] = field(default_factory=list)
    reports: list[StoredReport] = field(default_factory=list)


def conflict() -> PrivityError:
    return PrivityError(ErrorCode.STATE_CONFLICT, "refused by the store in memory")


class MemoryDesk:
    """A part of the store in memory. `t` is the whole's tables."""

    t: Any

    def referral_decisions(self, request_id: RequestId) -> Sequence[StoredReferralDecision]:
        return [one for one in self.t.desk.decisions if one.request_id == request_id]

    def need_nobody_waits(self, request_id: RequestId) -> None:
        request = self._known(request_id)
        if request.referred and not request.returned_whole:
            raise conflict()

    def add_referral_decision(self, decision: StoredReferralDecision) -> None:
        request = self._known(decision.request_id)
        decided = {one for earlier in self.referral_decisions(decision.request_id) for one in earlier.ordinals}
        waits = request.state is RequestState.ADMITTED and not request.returned_whole and request.referred
        if not waits or decided & set(decision.ordinals) or decision.admits != (not decision.code):
            raise conflict()
        self.t.desk.decisions.append(decision)

    def replace_lines(self, chunks: Iterable[LineChunk]) -> None:
        for chunk in chunks:
            stored = self.t.lines.get((chunk.request_id, chunk.chunk))
            if stored is None or stored.lines != chunk.lines:
                raise conflict()
            self.t.lines[chunk.request_id, chunk.chunk] = chunk
            for key in [key for key in self.t.decisions if key[0] == chunk.request_id]:
                del self.t.decisions[key]

    def forget_history(self, request_id: RequestId) -> None:
        self.t.questions[:] = [one for one in self.t.questions if one[1] != request_id]
        self.t.cases.difference_update({one for one in self.t.cases if one[1] == request_id})

    def settle_admission(self, request_id: RequestId, counts: AdmissionCounts, sealed_header: bytes) -> None:
        request = self._known(request_id)
        whole = counts.admitted + counts.returned == request.lines
        if request.state is not RequestState.ADMITTED or not request.referred or not whole:
            raise conflict()
        settled = {"admitted": counts.admitted, "returned": counts.returned, "referred": 0, "snapshot_id": ""}
        self.t.requests[request_id] = replace(request, **settled, sealed_header=sealed_header)

    def revoke_admission(self, request_id: RequestId, current: RequestState, sealed_header: bytes) -> None:
        request = self._known(request_id)
        early = (RequestState.ADMITTED, RequestState.AWAITING_REVIEW, RequestState.APPROVED, RequestState.SEALED)
        decided = any(owner == request_id for owner, _ in self.t.decisions)
        stands = request.returned_whole or request_id in self.t.releases or decided
        if request.state is not current or current not in early or stands:
            raise conflict()
        self.t.requests[request_id] = replace(
            request,
            state=RequestState.AWAITING_REVIEW,
            returned_whole=True,
            admitted=0,
            returned=request.lines,
            referred=0,
            snapshot_id="",
            sealed_header=sealed_header,
        )

    def reports_made(self, agreement_id: str) -> Sequence[StoredReport]:
        return [one for one in self.t.desk.reports if one.agreement_id == agreement_id]

    def add_report(self, report: StoredReport) -> None:
        same = (report.agreement_id, report.report, report.about, report.evidence_sha256)
        if any((one.agreement_id, one.report, one.about, one.evidence_sha256) == same for one in self.t.desk.reports):
            raise conflict()
        self.t.desk.reports.append(report)

    def _known(self, request_id: RequestId) -> StoredRequest:
        request: StoredRequest | None = self.t.requests.get(request_id)
        if request is None:
            raise PrivityError(ErrorCode.NOT_FOUND, "no such request")
        return request
