"""Manifests: strict on the way in, canonical on the way out, every file named and hashed."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from privity.domain.errors import ErrorCode, PrivityError
from privity.wire.canonical_json import decode_strict, encode
from privity.wire.package import Container, open_container, write_container
from privity.wire.package_manifest import (
    HEADER_PART,
    LINES_PART,
    LOG_ENTRY,
    LOG_PROOF,
    AgreementReference,
    PartEntry,
    RequestManifest,
    ResponseManifest,
    check_files,
    describe_file,
    kind_of,
)

AGREEMENT = AgreementReference("tax-enforcement-2025", 1, "a" * 64)
HEADER, LINES = b"header", b"lines of it"
REQUEST = RequestManifest(
    request_id="REQ-2026-0001",
    agreement=AGREEMENT,
    requester="enforcement-agency",
    custodian="tax-agency",
    nonce="0" * 64,
    created_at=datetime(2026, 1, 31, 12, 0, tzinfo=UTC),
    lines=3,
    lines_format="csv",
    files=(describe_file(HEADER_PART, HEADER), describe_file(LINES_PART, LINES)),
)
PART_ONE = describe_file("parts/0001.p7m", b"one")
PART_TWO = describe_file("parts/0002.p7m", b"two")
RESPONSE = ResponseManifest(
    request_id="REQ-2026-0001",
    request_manifest_sha256="b" * 64,
    agreement=AGREEMENT,
    custodian="tax-agency",
    created_at=datetime(2026, 2, 1, 12, 0, tzinfo=UTC),
    lines=5,
    returned_whole=False,
    marking="Not to be shared onward.",
    destroy_by=date(2026, 5, 1),
    parts=tuple(
        PartEntry(part.name, "c" * 64, lines, part.size, part.sha256) for part, lines in ((PART_ONE, 2), (PART_TWO, 3))
    ),
)


def refused_request(value: object) -> str:
    with pytest.raises(PrivityError) as refusal:
        RequestManifest.from_bytes(encode(value))  # type: ignore[arg-type]
    assert refusal.value.code is ErrorCode.PACKAGE_INVALID
    return refusal.value.message


def as_value(manifest: RequestManifest | ResponseManifest) -> dict[str, object]:
    return dict(decode_strict(manifest.to_bytes()))  # type: ignore[arg-type]


def test_round_trips() -> None:
    assert RequestManifest.from_bytes(REQUEST.to_bytes()) == REQUEST
    assert ResponseManifest.from_bytes(RESPONSE.to_bytes()) == RESPONSE
    assert kind_of(REQUEST.to_bytes()) == "request"
    assert kind_of(RESPONSE.to_bytes()) == "response"


def test_bytes_are_fixed() -> None:
    """A golden form: a change here breaks every package that exists."""
    assert REQUEST.to_bytes().startswith(
        b'{"agreement":{"digest":"' + b"a" * 64 + b'","id":"tax-enforcement-2025","version":1},'
        b'"created_at":"2026-01-31T12:00:00Z","custodian":"tax-agency","files":[{"name":"parts/header.p7m","sha256":"'
    )


@pytest.mark.parametrize("field", sorted(as_value(REQUEST)))
def test_each_missing_field_is_named(field: str) -> None:
    value = as_value(REQUEST)
    del value[field]
    assert field in refused_request(value)


@pytest.mark.parametrize(
    ("field", "bad"),
    [
        ("format", "privity-package/2"),
        ("kind", "response"),
        ("request_id", ""),
        ("request_id", "a/b"),
        ("request_id", "a" * 65),
        ("request_id", 7),
        ("agreement", []),
        ("agreement", {"id": "x", "version": 1}),
        ("agreement", {"id": "x", "version": True, "digest": "a" * 64}),
        ("agreement", {"id": "x", "version": 1, "digest": "a" * 64, "more": 1}),
        ("nonce", "A" * 64),
        ("nonce", "0" * 63),
        ("created_at", "2026-02-30T00:00:00Z"),
        ("created_at", "2026-01-31T12:00:00+00:00"),
        ("created_at", "\u0662026-01-31T12:00:00Z"),
        ("lines", -1),
        ("lines", "3"),
        ("lines", True),
        ("lines_format", "xlsx"),
        ("files", {}),
        ("files", []),
        ("files", [{"name": "parts/header.p7m", "size": 1, "sha256": "a" * 64}]),
        ("requester", "two words"),
    ],
)
def test_each_bad_value_is_refused_without_being_repeated(field: str, bad: object) -> None:
    message = refused_request({**as_value(REQUEST), field: bad})
    if isinstance(bad, str) and len(bad) > 8:
        assert bad not in message


def test_extra_fields_and_other_shapes_are_refused() -> None:
    assert "does not know" in refused_request({**as_value(REQUEST), "note": "x"})
    for value in ([], "x", 1, None):
        refused_request(value)
    with pytest.raises(PrivityError):
        RequestManifest.from_bytes(REQUEST.to_bytes() + b" ")
    with pytest.raises(PrivityError):
        RequestManifest.from_bytes(RESPONSE.to_bytes())


def test_response_parts_add_up_and_are_in_order() -> None:
    for broken in (
        replace(RESPONSE, lines=4),
        replace(RESPONSE, parts=tuple(reversed(RESPONSE.parts))),
        replace(RESPONSE, parts=(RESPONSE.parts[0], RESPONSE.parts[0]), lines=4),
        replace(RESPONSE, unhashed=()),
        replace(RESPONSE, unhashed=(LOG_PROOF, LOG_ENTRY, "parts/0001.p7m")),
        replace(RESPONSE, parts=(replace(RESPONSE.parts[0], name="log/x"),), lines=2),
    ):
        with pytest.raises(PrivityError):
            ResponseManifest.from_bytes(broken.to_bytes())


def container(*files: tuple[str, bytes]) -> Container:
    return open_container(io.BytesIO(write_container([("manifest.json", b"m"), ("manifest.p7s", b"s"), *files])))


def test_check_files_accepts_exactly_what_the_manifest_names() -> None:
    check_files(container((HEADER_PART, HEADER), (LINES_PART, LINES)), REQUEST.files)
    logs = ((LOG_PROOF, b"p"), (LOG_ENTRY, b"e"))
    check_files(container((PART_ONE.name, b"one"), (PART_TWO.name, b"two"), *logs), RESPONSE.files, RESPONSE.unhashed)


@pytest.mark.parametrize(
    "files",
    [
        ((HEADER_PART, HEADER),),
        ((HEADER_PART, HEADER), (LINES_PART, LINES), ("parts/extra.p7m", b"")),
        ((HEADER_PART, HEADER), (LINES_PART, LINES + b"!")),
        ((HEADER_PART, HEADER), (LINES_PART, LINES[:-1] + b"T")),
        ((HEADER_PART, LINES), (LINES_PART, HEADER)),
        ((HEADER_PART, HEADER), (LINES_PART, LINES), (LOG_PROOF, b"p")),
    ],
)
def test_check_files_refuses_missing_extra_and_changed_files(files: tuple[tuple[str, bytes], ...]) -> None:
    with pytest.raises(PrivityError) as refusal:
        check_files(container(*files), REQUEST.files)
    assert refusal.value.code is ErrorCode.PACKAGE_INVALID


def test_a_naive_moment_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="time zone"):
        replace(REQUEST, created_at=datetime(2026, 1, 1)).to_bytes()  # noqa: DTZ001
