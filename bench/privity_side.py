"""Privity's match stage on prepared rows: admitted lines and a finished index in, decisions out.

Lines are read and answered in batches, as the gate does it; reading them is no part of the time.

    python -m bench.privity_side FOLDER POLICY PROCESSES
"""

from __future__ import annotations

import json
import os
import pickle
import sys
import time
from pathlib import Path

from privity.adapters.duckdb_index import open_snapshot
from privity.matching.levels import named_policy
from privity.services.answer_lines import answer_lines
from tests.builders.index_keys import throwaway_keys


def main() -> None:
    """Answer, and write (ordinal, reference, level or gate) of each line."""
    folder, policy, processes = Path(sys.argv[1]), named_policy(sys.argv[2]), int(sys.argv[3])
    index = open_snapshot(folder / "register")
    seconds, processor, rows = 0.0, 0.0, []
    with (folder / "lines.pickle").open("rb") as file:
        while batch := pickle.load(file):
            start, used = time.perf_counter(), _processor_seconds()
            decisions = answer_lines(batch, index, throwaway_keys(), policy, frozenset(), processes)
            seconds += time.perf_counter() - start
            processor += _processor_seconds() - used
            rows += [
                (decision.ordinal, decision.person.reveal(), decision.level or decision.failed_gate)
                for decision in decisions
            ]
    (folder / "decisions.pickle").write_bytes(pickle.dumps(rows))
    print(json.dumps({"seconds": seconds, "processor_seconds": processor, "lines": len(rows)}))


def _processor_seconds() -> float:
    """Of this process and its ended workers."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


if __name__ == "__main__":
    main()
