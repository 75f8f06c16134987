"""The fuzz targets, always on: each on its seeds and on some seeded mutations of them. `make fuzz` goes far beyond."""

from __future__ import annotations

from functools import cache
from random import Random

import pytest

from fuzz.corpus import seeds
from fuzz.targets import AT, CONTENT, MARKER, TARGETS, verifier
from privity.domain.errors import ErrorCode, PrivityError

MUTATIONS = 60
NO_ANCHOR = {"cms-signature"}  # read whole, then refused: nobody anchors the path of a seed's certificate
SIGNS = (
    b"\0",
    b"\xff",
    b'"',
    b",",
    b"\n",
    b":",
    b"- ",
    b"{",
    b"}",
    b"0",
    b"-1",
    b"99999999999999999999",
    b"\xd0\xb0",
    b"\xe2\x80\x8b",
)


@cache
def made() -> dict[str, list[bytes]]:
    return seeds()


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_seeds_are_read(name: str) -> None:
    some = made()[name]
    assert some, "a target without seeds reaches nothing"
    read = [TARGETS[name](seed) for seed in some]
    assert any(read) or name in NO_ANCHOR


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_mutated_seeds_are_read_or_refused(name: str) -> None:
    draw = Random(f"mutations of {name}")
    for _ in range(MUTATIONS):
        TARGETS[name](mutated(draw, draw.choice(made()[name])))


def test_the_seed_of_a_signature_is_read_to_its_path() -> None:
    with pytest.raises(PrivityError) as refused:
        verifier().verify(CONTENT, made()["cms-signature"][0], at=AT)
    assert refused.value.code is ErrorCode.CERTIFICATE_INVALID
    with pytest.raises(PrivityError) as other:
        verifier().verify(b"other content", made()["cms-signature"][0], at=AT)
    assert other.value.code is ErrorCode.SIGNATURE_INVALID


def mutated(draw: Random, seed: bytes) -> bytes:
    """A seed with one to four places cut, doubled, overwritten or filled in."""
    for _ in range(draw.randint(1, 4)):
        start = draw.randrange(len(seed) + 1)
        end = min(len(seed), start + draw.choice((1, 1, 2, 8, 64)))
        fill = draw.choice((b"", seed[start:end] * 2, draw.choice(SIGNS), bytes([draw.randrange(256)])))
        seed = seed[:start] + fill + seed[end:]
    return seed[: draw.choice((len(seed), len(seed), len(seed) // 2))]


def test_a_target_that_repeats_a_value_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    from fuzz import targets

    def loose(data: bytes) -> None:
        raise PrivityError(ErrorCode.FORMAT_INVALID, f"cannot read {data.decode()}")

    monkeypatch.setattr(targets, "TARGETS", {})
    targets.target(loose)
    with pytest.raises(AssertionError, match="repeats a supplied value"):
        targets.TARGETS["loose"](MARKER.lower().encode())


def test_every_seed_that_holds_text_holds_the_marker() -> None:
    for name in ("lines-csv", "lines-jsonl", "lines-parquet", "register", "register-change", "truth", "offices"):
        assert all(MARKER.encode() in seed for seed in made()[name]), name
