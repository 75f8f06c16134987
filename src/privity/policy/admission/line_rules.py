"""The closed table of line rules and the one order they run in: the first defect wins.

A code depends on the line, the agreement and the header alone. Rules that need the whole file (repeats, guessing) are
in `file_rules`. Source: RULES, L rules.
"""

from __future__ import annotations

from typing import Final

from privity.policy.admission.address_rules import (
    address_is_given,
    is_coherent,
    is_delivery_point,
    needs_a_human,
    no_institution,
    parses_clean,
)
from privity.policy.admission.case_rules import (
    case_is_real,
    offence_supported,
    officer_is_engaged,
    order_date_holds,
    past_period,
    period_form,
    reason_of_its_own,
    statute_on_line,
)
from privity.policy.admission.cell_rules import clean_data, identifier_only, real_full_name
from privity.policy.admission.defect import LineRule

# The one order in which a line is judged (docs/procedures/admit.md, step 7.2). The first defect wins.
LINE_RULES: Final[tuple[tuple[str, LineRule], ...]] = (
    ("L15", clean_data),
    ("L13", identifier_only),
    ("L01", real_full_name),
    ("L02", address_is_given),
    ("L05", no_institution),
    ("L15", parses_clean),
    ("L03", is_delivery_point),
    ("L04", is_coherent),
    ("L06", past_period),
    ("L07", statute_on_line),
    ("L08", order_date_holds),
    ("L09", offence_supported),
    ("L10", reason_of_its_own),
    ("L11", case_is_real),
    ("L12", officer_is_engaged),
    ("L16", needs_a_human),
)

# What `privity evaluate` asks of a line: the form rules, which need neither agreement nor header.
FORM_RULES: Final[tuple[tuple[str, LineRule], ...]] = (
    ("L15", clean_data),
    ("L01", real_full_name),
    ("L02", address_is_given),
    ("L05", no_institution),
    ("L15", parses_clean),
    ("L03", is_delivery_point),
    ("L04", is_coherent),
    ("L06", period_form),
    ("L16", needs_a_human),
)
