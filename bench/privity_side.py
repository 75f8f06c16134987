"""Privity's match stage on prepared rows: admitted lines and a finished index in, decisions out.

Lines are read and answered in batches of 50,000 by one set of workers, as the gate does it. Reading them is no part of
the time; starting and ending the workers is. Memory is that of everything: lines, workers, decisions kept.

    python -m bench.privity_side FOLDER POLICY PROCESSES EXPECTED_LINES
"""

from __future__ import annotations

import json
import os
import pickle
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from privity.adapters.duckdb_index import open_snapshot
from privity.matching.levels import named_policy
from privity.services.answering.answer_lines import LineAnswerer
from tests.builders.index_keys import throwaway_keys


def main() -> None:
    """Answer, and write (ordinal, reference, level or gate) of each line."""
    folder, policy, processes = Path(sys.argv[1]), named_policy(sys.argv[2]), int(sys.argv[3])
    index = open_snapshot(folder / "register")
    clock, rows = _Clock(), []
    with (folder / "lines.pickle").open("rb") as file:
        with clock.running():
            answerer = LineAnswerer(index, throwaway_keys(), policy, processes, expected=int(sys.argv[4]))
        while batch := pickle.load(file):
            with clock.running():
                decisions = answerer.answer(batch, frozenset())
            rows += [
                (decision.ordinal, decision.person.reveal(), decision.level or decision.failed_gate)
                for decision in decisions
            ]
        with clock.running():
            answerer.close()
    (folder / "decisions.pickle").write_bytes(pickle.dumps(rows))
    print(json.dumps({"seconds": clock.seconds, "processor_seconds": clock.processor, "lines": len(rows)}))


class _Clock:
    """Wall time spent inside `running`, and processor seconds of this process and its workers meanwhile.

    A worker's processor seconds arrive when it has ended.
    """

    def __init__(self) -> None:
        self.seconds = self.processor = 0.0

    @contextmanager
    def running(self) -> Iterator[None]:
        """Let the clock run."""
        start, used = time.perf_counter(), _processor_seconds()
        yield
        self.seconds += time.perf_counter() - start
        self.processor += _processor_seconds() - used


def _processor_seconds() -> float:
    """Of this process and its ended workers."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


if __name__ == "__main__":
    main()
