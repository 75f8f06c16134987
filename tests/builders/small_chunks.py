"""Chunks of few lines, so that a small request has several chunks and batches. Knows every room that counts chunks."""

from __future__ import annotations

from collections.abc import Callable

from privity.services import stored_lines
from privity.services.admission import judge_arrival, receive_request
from privity.services.answering import match_request
from privity.services.release import review_request
from privity.wire import request_format

ROOMS = (judge_arrival, match_request, receive_request, review_request, stored_lines)


def cut_small(size: int, change: Callable[[object, str, object], None] = setattr) -> None:
    """Chunks of `size` lines, one a batch, in this process; `change` is `monkeypatch.setattr` where it is to end."""
    for room in ROOMS:
        change(room, "CHUNK_LINES", size)
    change(request_format, "ROWS_TOGETHER", size)
    change(match_request, "BATCH_CHUNKS", 1)
