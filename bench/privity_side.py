"""Privity's match stage on prepared rows: admitted lines and a finished index in, decisions out.

python -m bench.privity_side FOLDER POLICY PROCESSES
"""

from __future__ import annotations

import json
import pickle
import sys
import time
from pathlib import Path

from privity.adapters.duckdb_index import open_snapshot
from privity.matching.levels import named_policy
from privity.services.answer_lines import answer_lines
from tests.builders.index_keys import ThrowawayIndexKeys


def main() -> None:
    """Answer, and write (ordinal, reference, level or gate) of each line."""
    folder, policy, processes = Path(sys.argv[1]), named_policy(sys.argv[2]), int(sys.argv[3])
    lines = pickle.loads((folder / "lines.pickle").read_bytes())
    index = open_snapshot(folder / "register")
    start = time.perf_counter()
    decisions = answer_lines(lines, index, ThrowawayIndexKeys(), policy, frozenset(), processes)
    seconds = time.perf_counter() - start
    rows = [
        (decision.ordinal, decision.person.reveal(), decision.level or decision.failed_gate) for decision in decisions
    ]
    (folder / "decisions.pickle").write_bytes(pickle.dumps(rows))
    print(json.dumps({"seconds": seconds, "lines": len(lines)}))


if __name__ == "__main__":
    main()
