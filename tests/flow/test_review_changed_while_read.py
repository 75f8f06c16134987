"""A package that somebody rewrites while it is read: only bytes that were hashed are decrypted, answered and kept."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from privity.adapters.cms import CmsEncryptor
from privity.domain.errors import ErrorCode, PrivityError
from privity.services.admission.receive_request import receive_request
from privity.wire.package import open_container
from privity.wire.package_manifest import LINES_PART
from tests.builders.custodian_home import Desk, fresh


class Rewritten(io.BytesIO):
    """A file whose bytes at one place become others after they have been read so many times."""

    def __init__(self, content: bytes, place: int, others: bytes, *, after: int) -> None:
        super().__init__(content)
        self._place, self._others, self._left = place, others, after

    def read(self, size: int | None = -1, /) -> bytes:
        at = self.tell()
        piece = super().read(size)
        if at == self._place and len(piece) == len(self._others):
            self._left -= 1
            if self._left == 0:
                self.getbuffer()[at : at + len(piece)] = self._others
        return piece


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return fresh(tmp_path)


def rewritten(desk: Desk, *, after: int) -> Rewritten:
    """The request, and in its place (from the `after`-th reading on) lines that nobody signed, of the same length."""
    package = desk.pack(desk.stage.first)
    lines = desk.stage.first.lines.read_bytes()
    unsigned = lines.replace(b"A-000005", b"X-000005")
    certificate = (desk.home / "certs" / "request-recipient.pem").read_bytes()
    container = open_container(io.BytesIO(package))
    place = package.index(container.read(LINES_PART))
    return Rewritten(package, place, CmsEncryptor().encrypt(unsigned, certificate), after=after)


@pytest.mark.parametrize("after", [1, 2, 3])
def test_lines_that_nobody_signed_never_come_in(desk: Desk, after: int) -> None:
    """Reading 1 is the checksum's, 2 the hash's, 3 the decryption's."""
    with pytest.raises(PrivityError) as raised:
        receive_request(desk.gate, rewritten(desk, after=after))
    assert raised.value.code is ErrorCode.PACKAGE_INVALID
    with desk.store.reading() as read:
        assert read.requests() == []


def test_the_same_request_unharmed_is_received_afterwards(desk: Desk) -> None:
    stream = rewritten(desk, after=2)
    untouched = stream.getvalue()
    with pytest.raises(PrivityError):
        receive_request(desk.gate, stream)
    assert desk.receive(untouched).state == "ADMITTED"
