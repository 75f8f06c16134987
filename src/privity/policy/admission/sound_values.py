"""Values that come again and again on the lines of a request, and that every rule about them has passed once.

A million lines share few periods, statutes, dates of order and officers. A rule that reads nothing of a line but such
columns says the same of the same values, so that it need not be asked twice. Only what passed is remembered: a defect
is always found, and worded, by its rule. Bounded; nothing here outlives the process.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from privity.domain.personal import Masked
from privity.domain.request import LineContent
from privity.policy.admission.address_rules import is_coherent, needs_a_human, no_institution, parses_clean
from privity.policy.admission.case_rules import (
    offence_supported,
    officer_is_engaged,
    order_date_holds,
    past_period,
    period_form,
    statute_on_line,
)
from privity.policy.admission.cell_rules import identifier_only
from privity.policy.admission.defect import LineRule
from privity.policy.admission.line_view import LineView

COLUMNS_READ: Final[Mapping[LineRule, tuple[str, ...]]] = {
    past_period: ("periods",),
    period_form: ("periods",),
    statute_on_line: ("statute",),
    order_date_holds: ("order_date", "birth_date"),  # birth dates do not repeat: see `SoundValues`
    offence_supported: ("attestations",),
    officer_is_engaged: ("officer",),
}
"""The columns of a line that each of these rules reads, and nothing else of it (a test holds them to that)."""

OF_OTHER_LINES: Final[frozenset[LineRule]] = frozenset(
    {identifier_only, no_institution, parses_clean, is_coherent, needs_a_human}
)
"""Rules that find nothing on a `plain` line (a test holds them to that)."""

_MOST: Final = 1 << 15


def plain(view: LineView) -> bool:
    """A line without identifier whose address was read without any remark, and names no facility."""
    return not (view.content.identifier or view.address.defects or view.facility)


class SoundValues(Masked):
    """The values that the rules of `COLUMNS_READ` have passed, under one set of terms."""

    __slots__ = ("_dates", "_few", "_officers")

    def __init__(self) -> None:
        self._few: set[tuple[str, str, str]] = set()
        self._dates: set[str] = set()  # of orders, on lines without a date of birth
        self._officers: set[str] = set()

    def __contains__(self, content: LineContent) -> bool:
        """Whether every one of those rules has passed all the values that it would read of this line."""
        return (
            content.officer in self._officers
            and not content.birth_date
            and content.order_date in self._dates
            and (content.periods, content.statute, content.attestations) in self._few
        )

    def add(self, content: LineContent) -> None:
        """A line that has passed all rules."""
        if len(self._few) + len(self._dates) + len(self._officers) > _MOST:
            return
        self._few.add((content.periods, content.statute, content.attestations))
        self._officers.add(content.officer)
        if not content.birth_date:
            self._dates.add(content.order_date)
