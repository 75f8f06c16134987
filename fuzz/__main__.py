"""Runs targets under atheris, which follows coverage: `python -m fuzz SECONDS [TARGET ...]`, in .venv-fuzz.

Every target runs in a process of its own with the seed corpus (`python -m fuzz.corpus` writes it) and the dictionary;
inputs that reach new code are kept in fuzz/corpus, an input that breaks a promise in fuzz/crashes. Ends with 1 where
any target broke. `make fuzz FUZZ_SECONDS=600` does all of it.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ONE = "--one"
MOST_BYTES = 65_536


def main(arguments: list[str]) -> int:
    """Run the named targets, or all, one after the other, and print a line on each."""
    if arguments[0] == ONE:
        return _fuzz(arguments[1], arguments[2:])
    names = arguments[1:] or sorted(path.name for path in (HERE / "corpus").iterdir() if path.is_dir())
    broken = 0
    for name in names:
        broken += not _run(name, int(arguments[0]))
    return min(broken, 1)


def _run(name: str, seconds: int) -> bool:
    crashes = HERE / "crashes" / name
    crashes.mkdir(parents=True, exist_ok=True)
    options = [
        f"-max_total_time={seconds}",
        f"-max_len={MOST_BYTES}",
        "-timeout=30",
        "-rss_limit_mb=4096",
        "-print_final_stats=1",
        f"-dict={HERE / 'dictionary.txt'}",
        f"-artifact_prefix={crashes}/",
        str(HERE / "corpus" / name),
    ]
    done = subprocess.run(
        [sys.executable, "-m", "fuzz", ONE, name, *options], capture_output=True, text=True, check=False
    )
    told = done.stdout + done.stderr
    runs = re.search(r"number_of_executed_units: *(\d+)", told)
    covered = re.findall(r"cov: (\d+)", told)
    verdict = "no crash" if done.returncode == 0 else "BROKEN"
    print(
        f"{name:18} {seconds} s, {runs[1] if runs else '?'} runs, {covered[-1] if covered else '?'} edges: {verdict}",
        flush=True,
    )
    if done.returncode:
        print("\n".join(told.splitlines()[-40:]))
    return done.returncode == 0


def _fuzz(name: str, options: list[str]) -> int:
    import atheris

    with atheris.instrument_imports(include=["privity", "privity_verify"]):
        from fuzz.targets import TARGETS

    atheris.Setup([sys.argv[0], *options], lambda data: TARGETS[name](data) and None)
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
