"""Pauses the cycle collector while very many small, acyclic values are made. Frees nothing itself, decides nothing.

A line of a request becomes dozens of values that all stay alive until the request is stored: the collector would walk
them again and again without ever finding a cycle (a fifth of admission's time, `python -m bench.admission`).
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """Within the block no cycles are collected; afterwards the collector stands as it stood before."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
