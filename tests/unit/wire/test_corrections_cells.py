"""The corrections file keeps the requester's own cells, formulas too; so their guide says to open it as text."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from privity.wire.corrections_format import Comment, write_corrections
from privity.wire.request_format import Rows

GUIDE = Path(__file__).parents[3] / "docs" / "guides" / "requester.md"


def test_cells_stay_as_they_were_and_the_guide_warns_of_them() -> None:
    row = ["L-1", '=HYPERLINK("x")', "+1", "-A1", "@SUM(A1)"]
    columns = ("line_id", "given_name", "family_name", "city", "reason")
    comment = Comment("LINE_MALFORMED", "given_name", "holds a spreadsheet formula", "Write the name.")
    made = write_corrections([Rows(1, columns, [row])], {1: comment}.get)
    assert list(csv.reader(io.StringIO(made.decode())))[1] == [*row, *comment]
    (warning,) = [line for line in GUIDE.read_text(encoding="utf-8").splitlines() if "**Open it as text.**" in line]
    for start in "=+-@":
        assert f"`{start}`" in warning
