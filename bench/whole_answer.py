"""The whole answer to one request, with the real commands: from the request file to the sealed, delivered response.

    .venv/bin/python -m bench.whole_answer --lines 1280000 --rows 10000000 [--seed 2] [--policy standard] [--out FILE]

Makes (not counted): adversarial files, the demonstration's certificates, a home, the register's index, an agreement as
in examples/ whose volumes allow the size (see `VOLUMES`; every rule stays on). Measures, each command a process of its
own: pack (the requester's side), receive (open, verify, admit), match, review (what the reviewer is shown), approve
(twice, two officers; the first seals nothing), deliver (seal one part for each named officer, log, write). Seconds,
processor seconds and peak memory (PSS of the process tree) of each, the sums with and without pack, and the counts,
which must agree: lines in = lines out. The agreement's waiting time is one second here, and the review by people takes
what it takes: both are outside the sum. Each run prepares anew, because a request is answered once. The folder is kept.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

from bench.adversarial import build_files
from bench.measured import Measured, machine, run
from demo import words
from demo.commands import Commands, load_libraries
from demo.pki import DemoPki, create_pki
from demo.prepare import AGREEMENT, Stage, header
from privity.wire.agreement_format import read_agreement

VOLUMES: dict[str, dict[str, int]] = {
    "R12": {"max_open_cases": 1000},
    "R14": {"per_request": 2_000_000, "per_year": 20_000_000},
    "L06": {"max_years_back": 5},
}
"""What of the example agreement is wider here: officers with more cases, the volume, and the years asked for."""
ORDER_DAYS = 4_999  # orders of some fourteen years; two near names under one date of order count as one person (L14)
LINES_AN_OFFICER = 450
DUTIES = ("statute", "order_date", "reason", "case_id", "officer")
STAGES = tuple(
    f"{when} {what}"
    for when in ("ahead of", "following", "in support of", "pending", "as part of", "at the request of")
    for what in ("the detention hearing", "the arraignment", "the pretrial conference", "the sentencing", "the appeal")
)
OUT = Path(__file__).parent / "out"


def reasons() -> Iterator[str]:
    """Reasons that are no formula: 276,480 different ones, then again from the start."""
    parts = (words.REASON_MATTERS, STAGES, words.REASON_PLACES, words.REASON_PAPERS, words.REASON_ACTS)
    while True:
        for matter, stage, place, paper, act in product(*parts):
            yield f"{act} {paper} {place}, {stage}: {matter}"


def write_request(source: Path, target: Path, officers: Sequence[str], statute: str, today: datetime) -> None:
    """The generator's lines with what the agreement asks of each: statute, order, reason, case, officer."""
    told = reasons()
    with (
        source.open(encoding="utf-8", newline="") as lines,
        target.open("w", encoding="utf-8", newline="") as out,
    ):
        reader, writer = csv.reader(lines), csv.writer(out)
        writer.writerow([*next(reader), *DUTIES])
        for number, cells in enumerate(reader):
            ordered = (today - timedelta(days=120 + number * 7 % ORDER_DAYS)).date().isoformat()
            officer = officers[number % len(officers)]
            writer.writerow([*cells, statute, ordered, next(told), f"CR-{today.year}-{number:07}", officer])


def write_agreement(target: Path, policy: str) -> None:
    """The example agreement with `VOLUMES`, this match policy and one second of waiting."""
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.width = 4096
    document = yaml.load(AGREEMENT.read_text(encoding="utf-8"))
    for rule, numbers in VOLUMES.items():
        document["rules"][rule].setdefault("parameters", {}).update(numbers)
    document["match"]["policy"] = policy
    document["answer"].update(after_seconds=1, after_seconds_per_thousand_lines=0)
    with target.open("w", encoding="utf-8") as stream:
        yaml.dump(document, stream)


class WholeAnswer:
    """One folder: prepared anew, then answered once."""

    def __init__(self, given: argparse.Namespace) -> None:
        self.given = given
        self.folder: Path = (given.folder / f"{given.rows}-{given.lines}-{given.seed}-{given.policy}").resolve()
        self.requester = self.folder / "requester"
        self.request = "R-BENCH-1"

    def prepare(self) -> dict[str, float]:
        """Files, certificates, home, index, agreement. Seconds of the register's build."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.requester.mkdir(parents=True)
        given = self.given
        build_files(self.folder, register_rows=given.rows, lines=given.lines, seed=given.seed, processes=2, once=True)
        now = datetime.now(UTC)
        agreement = self.requester / AGREEMENT.name
        write_agreement(agreement, given.policy)
        terms = read_agreement(agreement.read_bytes())
        pki = create_pki(
            self.folder / "pki",
            at=now,
            offices=[one.id for one in terms.signing_offices],
            officers=max(2, -(-given.lines // LINES_AN_OFFICER)),
        )
        _write_yaml(self.folder / "offices.yaml", pki.offices(requester=terms.requester.id))
        _write_yaml(self.requester / "header.yaml", header(terms, self.request, now))
        names = [one.id for one in pki.officers]
        write_request(self.folder / "requests.csv", self.requester / "lines.csv", names, terms.statutes[0], now)
        (self.folder / "requests.csv").unlink()
        return self._home(pki, agreement)

    def _home(self, pki: DemoPki, agreement: Path) -> dict[str, float]:
        """The demonstration's own first steps."""
        from rich.console import Console

        from demo.walk import Walk

        load_libraries()
        commands = Commands(self.folder, Console(stderr=True, highlight=False, quiet=True))
        nothing = None
        stage = Stage(
            folder=self.folder, pki=pki, agreement=agreement, offices=self.folder / "offices.yaml",
            extract=self.folder / "register.csv", first=nothing, second=nothing,  # type: ignore[arg-type]
        )  # fmt: skip
        walk = Walk(commands, stage)
        walk.make_home()
        walk.record_authority()
        walk.build_register()
        return {name: round(seconds, 1) for name, seconds in commands.seconds.items()}

    def answer(self) -> dict[str, Measured]:
        """Every command of one answer, measured."""
        pki, package = self.folder / "pki", self.requester / "request.zip"
        office = read_agreement((self.requester / AGREEMENT.name).read_bytes()).signing_offices[-1].id
        holder = pki / "people" / f"holder-{office}-chain.pem"
        holder_key = holder.with_name(f"holder-{office}.key")
        trust = self.folder / "home/public/trust.json"
        steps: dict[str, Measured] = {}
        steps["pack"] = self._command(
            *("request", "pack", self.requester / "lines.csv", "--agreement", self.requester / AGREEMENT.name),
            *("--header", self.requester / "header.yaml", "--signer-key", holder_key, "--signer-cert", holder),
            *("--recipient-cert", self.folder / "certificate-requests/request-recipient.pem"),
            *("--trust", trust, "--out", package),
        )
        steps["receive"] = self._command("request", "receive", package)
        if steps["receive"].said["referred"]:
            officer = pki / "people" / "disclosure-1"
            keys = ("--key", officer.with_suffix(".key"), "--cert", pki / "people" / "disclosure-1-chain.pem")
            decided = ("referral", "decide", self.request, "--lines", "all", "--return", "REFERRED")
            steps["refer"] = self._command(*decided, *keys)
        steps["match"] = self._command("request", "match", self.request)
        steps["review"] = self._command("review", "show", self.request)
        for number in (1, 2):
            officer = pki / "people" / f"disclosure-{number}"
            keys = ("--key", officer.with_suffix(".key"), "--cert", pki / "people" / f"disclosure-{number}-chain.pem")
            steps[f"approve {number}"] = self._command("release", "approve", self.request, *keys)
        steps["deliver"] = self._command(
            "release", "deliver", self.request, "--out", self.folder / "outgoing", "--wait", "600"
        )
        return steps

    def _command(self, *words: str | Path) -> Measured:
        command = [str(Path(sys.executable).parent / "privity"), *map(str, words), "--json"]
        print("privity " + " ".join(map(str, words[:2])) + " ...", file=sys.stderr, flush=True)
        return run(command, cwd=self.folder, env={**os.environ, "PRIVITY_HOME": str(self.folder / "home")})

    def result(self, prepared: dict[str, float], steps: dict[str, Measured]) -> dict[str, Any]:
        """Figures and counts. Raises RuntimeError where lines in and lines out differ."""
        received, delivered = steps["receive"].said, steps["deliver"].said
        if not received["lines"] == delivered["lines"] == self.given.lines:
            raise RuntimeError(f"{received['lines']} lines in, {delivered['lines']} answers out")
        sums = {}
        for name, counted in (("from request file", list(steps)), ("from package", list(steps)[1:])):
            sums[name] = {
                "seconds": round(sum(steps[step].seconds for step in counted), 1),
                "processor_seconds": round(sum(steps[step].processor_seconds for step in counted), 1),
                "peak_mb": round(max(steps[step].peak_mb for step in counted)),
            }
        return {
            "machine": machine(),
            "load": round(os.getloadavg()[0], 1),
            "rows": self.given.rows,
            "lines": self.given.lines,
            "seed": self.given.seed,
            "policy": self.given.policy,
            "officers": -(-self.given.lines // LINES_AN_OFFICER),
            "admitted": received["admitted"],
            "returned": received["returned"],
            "referred": received["referred"],
            "confirmed": steps["review"].said["confirmed"],
            "preparation_seconds": prepared,
            "steps": {
                name: {
                    "seconds": round(one.seconds, 2),
                    "processor_seconds": round(one.processor_seconds, 2),
                    "peak_mb": round(one.peak_mb),
                }
                for name, one in steps.items()
            },
            "sums": sums,
        }


def _write_yaml(path: Path, document: object) -> None:
    from ruamel.yaml import YAML

    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.width = 4096
    with path.open("w", encoding="utf-8") as stream:
        yaml.dump(document, stream)


def main() -> None:
    """Prepare, answer, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=5_000)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--policy", default="standard")
    parser.add_argument("--folder", type=Path, default=Path("/tmp/privity-bench-whole"))
    parser.add_argument("--out", type=Path, default=None)
    given = parser.parse_args()
    whole = WholeAnswer(given)
    result = whole.result(whole.prepare(), whole.answer())
    print(f"{result['machine']}; load {result['load']}; {given.rows:,} rows, {given.lines:,} lines, seed {given.seed}")
    print(
        f"{result['admitted']:,} admitted, {result['returned']:,} returned, {result['referred']:,} referred, "
        f"{result['confirmed']:,} confirmed; {result['officers']:,} officers"
    )
    print(f"{'':20}{'seconds':>10}{'processor':>11}{'peak MB':>9}")
    for name, one in (*result["steps"].items(), *result["sums"].items()):
        print(f"{name:20}{one['seconds']:>10.1f}{one['processor_seconds']:>11.1f}{one['peak_mb']:>9,}")
    out = given.out or OUT / f"whole-answer-{given.rows}-{given.lines}-{given.seed}.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(result, indent=1) + "\n")
    print(f"written: {out}")


if __name__ == "__main__":
    main()
