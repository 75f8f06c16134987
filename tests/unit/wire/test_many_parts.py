"""Packages of tens of thousands of files: what limits allow, and that a request is held to its four."""

from __future__ import annotations

import io

import pytest

from privity.domain.errors import PrivityError
from privity.wire.package import REQUEST_LIMITS, open_container, write_container

HEAD = [("manifest.json", b"{}"), ("manifest.p7s", b"x")]


def parts(count: int) -> list[tuple[str, bytes]]:
    return [*HEAD, *((f"parts/{number:05d}.p7m", b"part") for number in range(1, count + 1))]


def test_one_part_for_each_of_many_officers() -> None:
    container = open_container(io.BytesIO(write_container(parts(25_600))))
    assert len(container.names) == 25_602
    assert container.read("parts/25600.p7m") == b"part"


def test_no_more_files_than_the_limit() -> None:
    with pytest.raises(PrivityError, match="more than 65000 files"):
        open_container(io.BytesIO(write_container(parts(65_000))))


def test_a_request_is_held_to_few_files() -> None:
    data = write_container(parts(15))
    with pytest.raises(PrivityError, match="more than 16 files"):
        open_container(io.BytesIO(data), REQUEST_LIMITS)
    assert open_container(io.BytesIO(write_container(parts(14))), REQUEST_LIMITS).names
