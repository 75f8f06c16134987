"""Admission: may this request, and each of its lines, be looked up at all? The only constructor of AdmittedLine (C1).

Steps and their numbers: docs/procedures/admit.md.
"""

from privity.policy.admission.context import Admission, RequestContext, SignatureFacts
from privity.policy.admission.judge import (
    FirstLook,
    admit_for_evaluation,
    first_look,
    judge_alone,
    judge_lines,
    line_terms,
    over_the_year,
    request_again,
    roster_ids,
    sent_back,
    whole_file,
)
from privity.policy.admission.record import admitted_record, restore_admitted
from privity.policy.admission.request_rules import judge_request
from privity.policy.admission.traces import Traces, marker

__all__ = [
    "Admission",
    "FirstLook",
    "RequestContext",
    "SignatureFacts",
    "Traces",
    "admit_for_evaluation",
    "admitted_record",
    "first_look",
    "judge_alone",
    "judge_lines",
    "judge_request",
    "line_terms",
    "marker",
    "over_the_year",
    "request_again",
    "restore_admitted",
    "roster_ids",
    "sent_back",
    "whole_file",
]
