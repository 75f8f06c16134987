"""Runs many `privity` commands as processes of their own without starting Python for each.

One server process loads the libraries once and forks for every command: own working directory, environment, standard
output and error, exit code. `python -m tests.builders.fork_server` speaks one JSON object a line.
"""

from __future__ import annotations

import atexit
import functools
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

ROOT = Path(__file__).resolve().parents[2]


class ForkServer:
    """The near side: starts the server and hands it commands, one at a time."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.builders.fork_server"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        atexit.register(self.stop)

    def stop(self) -> None:
        if self._process.stdin:
            self._process.stdin.close()
        self._process.wait(10)

    def run(
        self, words: Sequence[str], *, cwd: Path | None, env: Mapping[str, str], largest_file: int = 0
    ) -> tuple[int, str, str]:
        """Exit code, standard output, standard error. `largest_file`: limit in bytes on any file (0: none)."""
        with tempfile.TemporaryDirectory() as folder:
            out, err = Path(folder) / "out", Path(folder) / "err"
            job = {"words": list(words), "cwd": str(cwd or Path.cwd()), "env": dict(env), "largest_file": largest_file}
            assert self._process.stdin is not None
            assert self._process.stdout is not None
            self._process.stdin.write(json.dumps({**job, "out": str(out), "err": str(err)}) + "\n")
            self._process.stdin.flush()
            code = int(self._process.stdout.readline())
            return code, out.read_text(encoding="utf-8"), err.read_text(encoding="utf-8")


@functools.cache
def the_server() -> ForkServer:
    """One for the whole session."""
    return ForkServer()


def serve() -> None:
    """The far side."""
    from demo.commands import load_libraries

    load_libraries()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _in_child(json.loads(line))
        sys.stdout.write(f"{os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}\n")
        sys.stdout.flush()


def _in_child(job: dict[str, Any]) -> NoReturn:
    code = 70
    try:
        for number, path in ((1, job["out"]), (2, job["err"])):
            os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), number)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.chdir(job["cwd"])
        os.environ.update(job["env"])
        if job["largest_file"]:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (job["largest_file"], resource.RLIM_INFINITY))
        from privity.interfaces.cli import main

        sys.argv = ["privity", *job["words"]]
        code = main()
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


if __name__ == "__main__":
    serve()
