"""Admission: may this request, and each of its lines, be looked up at all? The only constructor of AdmittedLine (C1).

Steps and their numbers: docs/procedures/admit.md.
"""

from privity.policy.admission.context import Admission, RequestContext, SignatureFacts
from privity.policy.admission.judge import admit_for_evaluation, judge_lines
from privity.policy.admission.record import admitted_record, restore_admitted
from privity.policy.admission.request_rules import judge_request

__all__ = [
    "Admission",
    "RequestContext",
    "SignatureFacts",
    "admit_for_evaluation",
    "admitted_record",
    "judge_lines",
    "judge_request",
    "restore_admitted",
]
