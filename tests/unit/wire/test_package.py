"""The container: one byte form, every byte covered, hostile zips refused before anything is parsed or inflated."""

from __future__ import annotations

import io
import stat
import struct
import time
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from privity.domain.errors import ErrorCode, PrivityError
from privity.wire.package import Container, Limits, open_container, write_container

FILES = [("manifest.json", b"{}"), ("manifest.p7s", b"sig"), ("parts/a.p7m", b"A" * 40), ("log/proof.txt", b"proof")]


def reopen(data: bytes, limits: Limits | None = None) -> Container:
    return open_container(io.BytesIO(data), limits)


def refused(data: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(PrivityError) as refusal:
        reopen(data, limits)
    assert refusal.value.code is ErrorCode.PACKAGE_INVALID
    return refusal.value.message


def test_round_trip_is_deterministic_and_ordered() -> None:
    data = write_container(FILES)
    assert data == write_container(list(reversed(FILES)))
    container = reopen(data)
    assert container.names == ("manifest.json", "manifest.p7s", "log/proof.txt", "parts/a.p7m")
    assert [container.read(name) for name in container.names] == [b"{}", b"sig", b"proof", b"A" * 40]
    assert container.size("parts/a.p7m") == 40
    with pytest.raises(PrivityError):
        container.read("parts/b.p7m")


def test_stock_zip_tools_read_it() -> None:
    with zipfile.ZipFile(io.BytesIO(write_container(FILES))) as archive:
        assert archive.testzip() is None
        assert {info.filename: archive.read(info) for info in archive.infolist()} == dict(FILES)
        assert all(stat.S_IMODE(info.external_attr >> 16) == 0o600 for info in archive.infolist())


def test_every_byte_is_covered() -> None:
    """Any change of any byte, at any place, is refused: headers by comparison, contents by CRC-32."""
    data = write_container(FILES)
    for place in range(len(data)):
        for change in (0x01, 0x80):
            damaged = bytearray(data)
            damaged[place] ^= change
            refused(bytes(damaged))


def test_every_truncation_and_any_addition_is_refused() -> None:
    data = write_container(FILES)
    for length in range(len(data)):
        refused(data[:length])
    for addition in (b"\0", b"PK\x05\x06", data):
        refused(data + addition)
        refused(addition + data)
    assert "empty" in refused(b"")


def test_rezipped_with_an_extra_file_is_refused() -> None:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_STORED) as archive:
        for name, content in [*FILES, ("parts/extra.p7m", b"hello")]:
            archive.writestr(name, content)
    assert "form" in refused(output.getvalue()) or "order" in refused(output.getvalue())


def test_rezipped_with_the_same_files_is_refused_too() -> None:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_STORED) as archive:
        for name, content in sorted(FILES[:2]) + sorted(FILES[2:]):
            archive.writestr(name, content)
    assert "byte form" in refused(output.getvalue())


def test_a_gigabyte_of_zeros_is_refused_without_inflating() -> None:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", b"{}")
        with archive.open("manifest.p7s", "w", force_zip64=True) as part:
            for _ in range(64):
                part.write(bytes(16 * 1024 * 1024))
    bomb = output.getvalue()
    assert len(bomb) < 2_000_000
    begin = time.perf_counter()
    assert "compressed" in refused(bomb)
    assert time.perf_counter() - begin < 0.5


def test_a_sparse_gigabyte_is_refused_by_size_alone() -> None:
    class Huge(io.RawIOBase):
        def seek(self, offset: int, whence: int = 0) -> int:
            return 10**12

        def read(self, size: int = -1) -> bytes:
            raise AssertionError("nothing of an oversized package is read")

    with pytest.raises(PrivityError, match="larger"):
        open_container(Huge())  # type: ignore[arg-type]


def test_limits() -> None:
    data = write_container(FILES)
    assert "larger" in refused(data, Limits(total_bytes=len(data) - 1))
    assert reopen(data, Limits(total_bytes=len(data), files=4, manifest_bytes=2, signature_bytes=3)).names
    assert "more than 3 files" in refused(data, Limits(files=3))
    assert "manifest or signature" in refused(data, Limits(manifest_bytes=1))
    assert "manifest or signature" in refused(data, Limits(signature_bytes=2))


@pytest.mark.parametrize(
    "name",
    [
        "../evil",
        "/etc/passwd",
        "parts/../evil",
        "parts//a",
        "parts/",
        "parts/.hidden",
        ".hidden",
        "c:/x",
        "parts\\a",
        "Parts/A.p7m",
        "parts/é.p7m",
        "parts/a\0",
        "parts/a\n",
        "",
        "a/b/c/d",
        "a" * 121,
        "parts",
        "manifest.json/x",
    ],
)
def test_hostile_names_are_refused_by_writer_and_reader(name: str) -> None:
    with pytest.raises(PrivityError):
        write_container([*FILES, (name, b"x")])
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        for file_name, content in [*FILES[:2], (name or "?", b"x")]:
            info = zipfile.ZipInfo("?", (1980, 1, 1, 0, 0, 0))
            info.filename = file_name  # as given: ZipInfo would tidy it
            archive.writestr(info, content)
    message = refused(output.getvalue())
    assert name in {"parts", "manifest.json/x"} or "grammar" in message


def test_duplicates_and_missing_manifest_are_refused() -> None:
    for files in (
        [*FILES, FILES[2]],
        FILES[1:],
        [FILES[0], *FILES[2:]],
        [],
    ):
        with pytest.raises(PrivityError):
            write_container(files)
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        for name, content in [*FILES[:2], FILES[2]]:
            archive.writestr(name, content)
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr(*FILES[2])
    assert "same name" in refused(output.getvalue())


def test_links_extra_fields_and_comments_are_refused() -> None:
    def zipped(change: str) -> bytes:
        output = io.BytesIO()
        with zipfile.ZipFile(output, "w") as archive:
            for name, content in FILES[:2]:
                info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                info.external_attr = (0o120777 if change == "link" else 0o100600) << 16
                info.create_version, info.extract_version = 20, 10
                if change == "extra":
                    info.extra = struct.pack("<HH", 0xCAFE, 2) + b"hi"
                if change == "file comment":
                    info.comment = b"hi"
                archive.writestr(info, content)
            if change == "comment":
                archive.comment = b"hi"
        return output.getvalue()

    for change in ("link", "extra", "file comment", "comment"):
        refused(zipped(change))


def test_overlapping_entries_are_refused() -> None:
    """Two directory records that point at one local file: the quoted-overlap bomb."""
    data = bytearray(write_container([*FILES[:2], ("a/one", b"x" * 50), ("a/two", b"y" * 50)]))
    second = data.rfind(b"PK\x01\x02")
    first = data.rfind(b"PK\x01\x02", 0, second)
    data[second + 42 : second + 46] = data[first + 42 : first + 46]
    refused(bytes(data))


def test_a_size_beyond_the_end_is_refused() -> None:
    data = bytearray(write_container(FILES))
    last = data.rfind(b"PK\x01\x02")
    for place in (20, 24):
        data[last + place : last + place + 4] = struct.pack("<I", 0xFFFFFFF0)
    refused(bytes(data))


def test_a_wrong_checksum_consistent_everywhere_is_refused() -> None:
    data = write_container(FILES)
    true, wrong = struct.pack("<I", zlib.crc32(b"A" * 40)), b"\1\2\3\4"
    assert data.count(true) == 2
    assert "checksum" in refused(data.replace(true, wrong))


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_noise_never_raises_anything_else(noise: bytes) -> None:
    refused(noise)
    refused(noise + write_container(FILES)[-22:])


names = st.from_regex(r"[a-z0-9][a-z0-9_.-]{0,9}", fullmatch=True).map(lambda name: "parts/" + name)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(names, st.binary(max_size=60), max_size=6), st.binary(max_size=9), st.binary(max_size=9))
def test_any_files_come_back(parts: dict[str, bytes], manifest: bytes, signature: bytes) -> None:
    files = [("manifest.json", manifest), ("manifest.p7s", signature), *parts.items()]
    container = reopen(write_container(files))
    assert {name: container.read(name) for name in container.names} == dict(files)
