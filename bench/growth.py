"""How cost grows with the register, from 10,000 to 10,000,000 rows: index build, match stage, and the peers.

    make bench-env && .venv/bin/python -m bench.growth [--sizes 10000,...,10000000] [--share 0.128] [--seed 2]
        [--runs 1] [--peers splink,equijoin] [--again] [--keep] [--picture docs/pictures/growth.svg]

For each size: `share` times as many lines as rows, generated, indexed and answered (policy `standard`), then the peers
on the same rows, as `bench.all` runs them and under its rules of fairness. A peer that takes too long or too much
memory (--most-seconds, --most-mb) is left out at that size and at larger ones; that is said, and written down. Results
gather in bench/out/growth-SEED.json: a size already there is kept unless --again is given, so an interrupted run goes
on. Writes the picture and prints the table for docs/benchmarks.md. Folders of rows are removed unless --keep is given.
"""

from __future__ import annotations

import json
import shutil
import statistics
import sys
from pathlib import Path
from typing import Any

from bench.all import OUT, Comparison, options
from bench.growth_picture import Panel, draw

SIZES = "10000,30000,100000,300000,1000000,3000000,10000000"
NAMES = {
    "build": "Privity, index build",
    "privity standard": "Privity, match",
    "splink": "Splink 5, predict",
    "uk": "uk-address-matcher",
    "equijoin limit": "bare DuckDB join",
}


def measured(result: dict[str, Any]) -> dict[str, dict[str, float]]:
    """Side -> seconds, processor_seconds, peak_mb (medians) of one size."""
    made = result["preparation_seconds"]
    found = {
        "build": {
            "seconds": made["build"],
            "processor_seconds": made["build_processor"],
            "peak_mb": made["build_peak_mb"],
        }
    }
    for name, side in result["sides"].items():
        if name in NAMES:
            found[name] = {key: statistics.median(side[key]) for key in ("seconds", "processor_seconds", "peak_mb")}
    return found


def panels(results: dict[str, dict[str, Any]]) -> list[Panel]:
    """Time and memory over the register's rows, by side. Processor seconds: they tell little of what else runs."""
    series: dict[str, dict[str, list[tuple[float, float]]]] = {"processor_seconds": {}, "peak_mb": {}}
    for size, result in sorted(results.items(), key=lambda item: int(item[0])):
        for name, figures in measured(result).items():
            for kind, lines in series.items():
                lines.setdefault(NAMES[name], []).append((float(size), max(figures[kind], 0.01)))
    return [
        Panel("Processor seconds, all processes", "register rows", series["processor_seconds"]),
        Panel("Peak memory, MB (PSS of the process tree)", "register rows", series["peak_mb"]),
    ]


def table(results: dict[str, dict[str, Any]]) -> str:
    """Markdown: one row a size; seconds / processor seconds / MB of each side, then Privity's answers."""
    names = [name for name in NAMES if any(name in measured(result) for result in results.values())]
    lines = [
        "| rows | lines | " + " | ".join(f"{NAMES[name]}: s / processor s / MB" for name in names)
        + " | confirmed | false | recall |",
        "|" + "---:|" * (len(names) + 5),
    ]  # fmt: skip
    for size, result in sorted(results.items(), key=lambda item: int(item[0])):
        figures = measured(result)
        cells = [
            f"{one['seconds']:.1f} / {one['processor_seconds']:.1f} / {one['peak_mb']:,.0f}"
            if (one := figures.get(name))
            else "skipped"
            for name in names
        ]
        judged = result["sides"]["privity standard"]["judged"]
        cells += [f"{judged['confirmed']:,}", str(judged["false"]), f"{judged['recall']:.4f}"]
        lines.append(f"| {int(size):,} | {result['lines']:,} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main() -> None:
    """Measure size after size, then draw."""
    parser = options(__doc__)
    parser.set_defaults(runs=1, policies="standard", peers="splink,equijoin")
    parser.add_argument("--sizes", default=SIZES)
    parser.add_argument("--share", type=float, default=0.128, help="lines for each register row")
    parser.add_argument("--again", action="store_true")
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--picture", type=Path, default=Path("docs/pictures/growth.svg"))
    given = parser.parse_args()
    out = given.out or OUT / f"growth-{given.seed}.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    results: dict[str, dict[str, Any]] = json.loads(out.read_text()) if out.exists() and not given.again else {}
    for size in given.sizes.split(","):
        if size in results:
            continue
        given.rows, given.lines = int(size), round(int(size) * given.share)
        compared = Comparison(given)
        results[size] = compared.run()
        given.peers = ",".join(name for name in given.peers.split(",") if name not in compared.skipped)
        out.write_text(json.dumps(results, indent=1) + "\n")
        print(f"{int(size):>10,} rows: {measured(results[size])}", file=sys.stderr)
        if not given.keep:
            shutil.rmtree(compared.folder)
    given.picture.parent.mkdir(parents=True, exist_ok=True)
    given.picture.write_text(draw("How cost grows with the register", panels(results)), encoding="utf-8")
    first = next(iter(results.values()))
    print(f"{first['machine']}; seed {given.seed}; load at the start of each size: ", end="")
    print(", ".join(str(one["load_at_start"]) for one in results.values()))
    print(table(results))
    print(f"written: {out} and {given.picture}")


if __name__ == "__main__":
    main()
