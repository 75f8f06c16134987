"""Privity and its peers on the same rows in one run: seconds, processor seconds, peak memory, precision, recall.

    make bench-env && .venv/bin/python -m bench.all [--rows 1000000] [--lines 200000] [--seed 2] [--runs 3]
        [--policies exact,standard,extended] [--peers splink,uk,equijoin] [--folder DIR] [--out FILE.json]

Sides, each a process of its own, run in turn `--runs` times on two cores:

privity    admitted lines and a finished index in, decisions out, in batches of 50,000 as in the gate
splink     Splink 5 `predict` with a trained model; also with its quicker blocking where `--narrow` is given
uk         uk-address-matcher, address to address, and equal names there (`--uk-lines` lines at most: it is slow)
equijoin   limit: the bare join of the lines' point digests with the index's table, nothing decided;
           exact: plain SQL equality of name, point, directionals, suffix and period

Fairness. No side's preparation counts: index build, Splink's training, the cleaning of the register's addresses. Splink
and the plain join get the columns that Privity's normalisation made, so they are spared all parsing; Privity's lines
are admitted, so it is spared parsing too; uk-address-matcher cleans the lines' addresses itself, and that counts, as it
is part of its method. A pair counts for a peer only where the row covers the asked years. Splink's best threshold is
the one of the highest F1, chosen on the very lines it is judged by, which favours it; the threshold of the fewest
false at a recall of .5 or more is shown as well.
Memory is the proportional set size of the process tree, everything the process holds. The machine's load at the start
is printed: times of a busy machine are upper bounds. Seeds 2, 3, 5 and 7 are for reporting; 1 is for tuning.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.judged import judge_pairs, judge_privity, truths
from bench.measured import Measured, TooMuchError, machine, run
from bench.prepared import prepare

SPLINK, UK = Path(".venv-bench/bin/python"), Path(".venv-bench-uk/bin/python")
THRESHOLDS = (0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999, 0.999999, 0.9999999, 0.99999999)
UK_WEIGHTS = (-20.0, 0.0, 5.0, 10.0, 15.0, 20.0, 1000.0)  # 1000: its exact stage alone
OUT = Path(__file__).parent / "out"
Result = dict[str, Any]


class Comparison:
    """One comparison on one folder of prepared rows."""

    def __init__(self, given: argparse.Namespace) -> None:
        self.given = given
        self.folder: Path = given.folder / f"{given.rows}-{given.lines}-{given.seed}"
        self.load = os.getloadavg()[0]
        self.prepared = prepare(self.folder, rows=given.rows, lines=given.lines, seed=given.seed)
        self.truths = truths(self.folder)
        self.skipped: Result = {}
        self.limits = {"most_seconds": given.most_seconds, "most_mb": given.most_mb}

    def sides(self) -> dict[str, Callable[[], Measured]]:
        """Name -> one measured run."""
        given, folder = self.given, str(self.folder)
        found: dict[str, Callable[[], Measured]] = {}
        for policy in given.policies.split(","):
            command = [sys.executable, "-m", "bench.privity_side", folder, policy, "2", str(given.lines)]
            found[f"privity {policy}"] = lambda command=command: self._privity(command)  # type: ignore[misc]
        for name, side in (("splink", SPLINK), ("uk", UK)):
            if name in given.peers and not side.exists():
                self._skip(name, f"{side} is missing; run make bench-env")
        if "splink" in given.peers and SPLINK.exists():
            found |= self._splink("splink", [])
            if given.narrow:
                found |= self._splink("splink narrow", ["--narrow"])
        if "uk" in given.peers and UK.exists():
            found |= self._uk()
        if "equijoin" in given.peers:
            for what in ("limit", "exact"):
                command = [sys.executable, "-m", "bench.equijoin_side", what, folder]
                found[f"equijoin {what}"] = lambda command=command: run(command, **self.limits)  # type: ignore[misc]
        return found

    def _privity(self, command: list[str]) -> Measured:
        measured = run(command)
        measured.said["judged"] = judge_privity(self.folder, self.truths)
        return measured

    def _splink(self, name: str, options: list[str]) -> dict[str, Callable[[], Measured]]:
        command = [str(SPLINK), "bench/splink_side.py"]
        more = [*options, "--chunks", str(self.given.splink_chunks)]
        if self._may(name, [*command, "train", str(self.folder), *options]) is None:
            return {}
        return {name: lambda: self._peer([*command, "predict", str(self.folder), *more], "splink", THRESHOLDS)}

    def _uk(self) -> dict[str, Callable[[], Measured]]:
        if self.given.lines > self.given.uk_lines:
            self._skip(
                "uk",
                f"{self.given.lines:,} lines; it takes some two processor milliseconds a line, and --uk-lines is "
                f"{self.given.uk_lines:,}",
            )
            return {}
        command = [str(UK), "bench/uk_side.py"]
        if self._may("uk", [*command, "prepare", str(self.folder)]) is None:
            return {}
        return {"uk": lambda: self._peer([*command, "match", str(self.folder)], "uk", UK_WEIGHTS)}

    def _may(self, name: str, command: list[str]) -> Measured | None:
        """A peer's preparation; None, said aloud, where it takes too much."""
        try:
            return run(command, **self.limits)
        except (TooMuchError, RuntimeError) as problem:
            self._skip(name, f"its preparation failed: {str(problem)[-600:]}")
            return None

    def _skip(self, name: str, why: str) -> None:
        """Leave a side out, aloud and in the result."""
        print(f"SKIPPED {name}: {why}", file=sys.stderr)
        self.skipped[name] = why

    def _peer(self, command: list[str], stem: str, thresholds: tuple[float, ...]) -> Measured:
        measured = run(command, **self.limits)
        pairs = self.folder / f"{stem}.parquet"
        measured.said["by_threshold"] = {
            str(threshold): judge_pairs(pairs, self.folder, self.truths, threshold) for threshold in thresholds
        }
        return measured

    def run(self) -> Result:
        """All sides in turn, `runs` times."""
        sides = self.sides()
        runs: dict[str, list[Measured]] = {name: [] for name in sides}
        for _ in range(self.given.runs):
            for name, side in list(sides.items()):
                try:
                    runs[name].append(side())
                except (TooMuchError, RuntimeError) as problem:
                    self._skip(name, str(problem)[-600:])
                    del sides[name]
        return {
            "machine": machine(),
            "load_at_start": round(self.load, 1),
            "rows": self.given.rows,
            "lines": self.given.lines,
            "seed": self.given.seed,
            "preparation_seconds": self.prepared,
            "skipped": self.skipped,
            "sides": {name: self._figures(name, found) for name, found in runs.items() if found},
        }

    def _figures(self, name: str, found: list[Measured]) -> Result:
        said = found[-1].said
        figures: Result = {
            "seconds": [round(one.said["seconds"], 2) for one in found],
            "processor_seconds": [round(one.said["processor_seconds"], 2) for one in found],
            "peak_mb": [round(one.peak_mb) for one in found],
        }
        if name == "equijoin exact":
            figures["judged"] = judge_pairs(self.folder / "equijoin.parquet", self.folder, self.truths, 0)
        elif "by_threshold" in said:
            best = max(said["by_threshold"], key=lambda one: said["by_threshold"][one]["f1"] or 0)
            figures |= {"best_threshold": best, "judged": said["by_threshold"][best]}
            figures["by_threshold"] = {
                threshold: {key: one[key] for key in ("confirmed", "false", "precision", "recall")}
                for threshold, one in said["by_threshold"].items()
            }
        elif "judged" in said:
            figures["judged"] = said["judged"]
        return figures


def table(result: Result) -> str:
    """What is printed."""
    head = f"{'':22}{'seconds':>9}{'proc. s':>9}{'MB':>8}{'confirmed':>11}{'false':>9}{'precision':>11}{'recall':>8}"
    lines = [
        f"{result['machine']}; load {result['load_at_start']}; {result['rows']:,} rows, {result['lines']:,} lines, "
        f"seed {result['seed']}; medians",
        head,
    ]
    for name, side in result["sides"].items():
        middle = [statistics.median(side[key]) for key in ("seconds", "processor_seconds", "peak_mb")]
        line = f"{name:22}{middle[0]:>9.2f}{middle[1]:>9.2f}{middle[2]:>8.0f}"
        judged = side.get("judged")
        if judged:
            line += f"{judged['confirmed']:>11,}{judged['false']:>9,}{judged['precision'] or 0:>11.5f}"
            line += f"{judged['recall']:>8.4f}"
        if "best_threshold" in side:
            line += f"  at {side['best_threshold']} and more (best F1)"
        lines.append(line)
        if "by_threshold" in side:
            useful = {key: one for key, one in side["by_threshold"].items() if one["recall"] >= 0.5}
            strict = min(useful or side["by_threshold"], key=lambda key: side["by_threshold"][key]["false"])
            one = side["by_threshold"][strict]
            figures = f"{one['confirmed']:>11,}{one['false']:>9,}{one['precision'] or 0:>11.5f}{one['recall']:>8.4f}"
            lines.append(f"{'  fewest false, recall .5':48}{figures}  at {strict} and more")
    return "\n".join(lines)


def options(description: str | None) -> argparse.ArgumentParser:
    """The options that `bench.growth` shares."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--policies", default="exact,standard,extended")
    parser.add_argument("--peers", default="splink,uk,equijoin")
    parser.add_argument("--narrow", action="store_true", help="also Splink with quicker blocking")
    parser.add_argument("--splink-chunks", type=int, default=1, help="predict the register side in chunks")
    parser.add_argument("--uk-lines", type=int, default=50_000, help="skip uk-address-matcher for more lines")
    parser.add_argument("--most-seconds", type=float, default=1800, help="stop a peer's run after this (0: never)")
    parser.add_argument("--most-mb", type=float, default=20_000, help="stop a peer's run above this (0: never)")
    parser.add_argument("--folder", type=Path, default=Path("/tmp/privity-bench"))
    parser.add_argument("--out", type=Path, default=None)
    return parser


def main(words: list[str] | None = None) -> None:
    """Compare, print, write. `words`: the command line's, where it is not this process's own."""
    parser = options(__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--lines", type=int, default=200_000)
    given = parser.parse_args(words)
    result = Comparison(given).run()
    out = given.out or OUT / f"all-{given.rows}-{given.lines}-{given.seed}.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(result, indent=1) + "\n")
    print(table(result))
    print(f"written: {out}")


if __name__ == "__main__":
    main()
