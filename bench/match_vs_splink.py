"""Privity's match stage beside Splink 5 alone: `bench.all` with `--peers splink`, the same options and output.

make bench-env && .venv/bin/python -m bench.match_vs_splink [--rows 1000000] [--lines 200000] [--seed 2] [--narrow]
"""

from __future__ import annotations

import sys

from bench.all import main

if __name__ == "__main__":
    main([*sys.argv[1:], "--peers", "splink"])
