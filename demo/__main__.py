"""`python -m demo`: the whole walk of a request on invented people, with the real commands, in one fresh folder.

Ends with 0 where everything added up, with 1 where a command failed or the numbers disagree.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.text import Text

from demo.commands import Commands, DemoError, load_libraries
from demo.prepare import prepare
from demo.summary import show_summary
from demo.walk import Walk, need_consistency


def main() -> int:
    """Parse the options, prepare, walk, show."""
    options = _options()
    folder = options.home or Path("demo-home") / f"{datetime.now().astimezone():%Y%m%d-%H%M%S}"
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        print(f"error: {folder} is not empty. Mend: name a folder that does not exist yet.", file=sys.stderr)
        return 2
    folder.mkdir(parents=True, exist_ok=True)
    folder = folder.resolve()
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 140)
    started = time.monotonic()
    console.print(Text("Privity: a demonstration on invented people", style="bold"))
    console.print(
        Text(
            f"  making {options.register_rows:,} register rows, {options.lines:,} request lines, an authority and "
            f"its certificates (seed {options.seed})"
        ),
        soft_wrap=True,
    )
    try:
        load_libraries()
        stage = prepare(folder, lines=options.lines, register_rows=options.register_rows, seed=options.seed)
        walk = Walk(Commands(folder, console), stage)
        walk.run()
        need_consistency(walk)
    except DemoError as failed:
        print(f"error: {failed}. The files so far lie in {folder}.", file=sys.stderr)
        return 1
    show_summary(console, walk, time.monotonic() - started)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m demo", description=__doc__.partition("\n")[0])
    parser.add_argument("--lines", type=_at_least(40), default=5000, help="lines of the first request (5000)")
    parser.add_argument("--register-rows", type=_at_least(200), default=100_000, help="register rows (100000)")
    parser.add_argument("--seed", type=int, default=7, help="the same seed and day give the same people (7)")
    parser.add_argument("--home", type=Path, default=None, help="a new folder (./demo-home/<time>)")
    return parser.parse_args()


def _at_least(smallest: int) -> Callable[[str], int]:
    def count(text: str) -> int:
        value = int(text)
        if value < smallest:
            raise argparse.ArgumentTypeError(f"must be at least {smallest}")
        return value

    return count


if __name__ == "__main__":
    sys.exit(main())
