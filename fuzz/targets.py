"""One target per parser: bytes in; only the vocabulary's errors may come out, and what was read must be writable again.

A target raises AssertionError where a promise is broken; any other exception is a crash as well. Seeds carry `MARKER`
in every value, and no message of an error may repeat it (invariant C8).
"""

from __future__ import annotations

import io
import re
import tempfile
from collections.abc import Callable, Iterable
from contextlib import redirect_stdout
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final

import privity_verify
from privity.adapters.cms import CmsDecryptor, CmsVerifier
from privity.adapters.cms_certificates import load_certificates, load_revocation_lists
from privity.domain.errors import PrivityError
from privity.domain.personal import Personal
from privity.domain.request import AdmittedLine, LineContent, Ordinal, RequestLine, SuppliedAddress, SuppliedName
from privity.ledger.check import check_consistency, check_inclusion
from privity.ledger.checkpoint import checkpoint_text, read_checkpoint_text, read_signed_note, signed_note
from privity.ledger.entry import decode_entry, encode_entry
from privity.ledger.proofs import decode_log_proof, encode_log_proof
from privity.ledger.tiles import decode_bundle, decode_hashes, encode_bundle, encode_hashes
from privity.normalise.addresses import FATAL_DEFECTS, read_addresses
from privity.normalise.names import read_name
from privity.policy.admission import admit_for_evaluation
from privity.wire.agreement_format import read_agreement
from privity.wire.canonical_json import decode_strict, encode
from privity.wire.offices_format import read_offices
from privity.wire.package import open_container, write_container
from privity.wire.package_manifest import RequestManifest, ResponseManifest
from privity.wire.register_changes import read_changes
from privity.wire.register_format import read_rows as read_extract
from privity.wire.request_format import read_lines
from privity.wire.request_header import read_binding, read_header
from privity.wire.response_format import read_part, write_part
from privity.wire.review_format import read_sample, write_sample
from privity.wire.truth_format import read_truth

Check = Callable[[bytes], None]
Target = Callable[[bytes], bool]
"""True where the bytes were read, False where they were refused in the vocabulary's words."""
MARKER: Final = "QZXJWVK"
"""Stands in every value of the seeds: a message that holds it has repeated a supplied value."""
AT: Final = datetime(2026, 11, 20, 12, tzinfo=UTC)
CONTENT: Final = b"privity fuzz content"
TARGETS: Final[dict[str, Target]] = {}
_MOST_ROWS: Final = 200


def target(check: Check) -> Check:
    """Register a target under its own name: an error of the vocabulary is an answer, if it keeps its mouth shut."""

    def run(data: bytes) -> bool:
        try:
            check(data)
            return True
        except PrivityError as error:
            told = f"{error} {error.mend} {dict(error.details)}".upper()
            at_own_desk = "unknown_columns" in error.details  # the requester's; the gate tells their number alone
            assert at_own_desk or MARKER not in told, "an error repeats a supplied value"
            assert told.isprintable(), "an error holds a control character"
            return False

    TARGETS[check.__name__.replace("_", "-")] = run
    return check


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _some(rows: Iterable[object]) -> None:
    for number, _ in enumerate(rows):
        if number > _MOST_ROWS:
            return


@target
def agreement(data: bytes) -> None:
    read_agreement(data, source="fuzz")


@target
def offices(data: bytes) -> None:
    read_offices(data, source="fuzz")


@target
def header(data: bytes) -> None:
    read_header(data)
    read_binding(data)


@target
def lines_csv(data: bytes) -> None:
    _lines(data, "csv")


@target
def lines_jsonl(data: bytes) -> None:
    _lines(data, "jsonl")


@target
def lines_parquet(data: bytes) -> None:
    _lines(data, "parquet")


def _lines(data: bytes, form: str) -> None:
    ordinals = [line.ordinal for line in read_lines(data, form)]
    assert ordinals == list(range(1, len(ordinals) + 1)), "lines are not numbered one by one"


@target
def register(data: bytes) -> None:
    _some(read_extract(io.BytesIO(data), 64))


@target
def register_change(data: bytes) -> None:
    _some(read_changes(io.BytesIO(data), 64))


@target
def container(data: bytes) -> None:
    opened = open_container(io.BytesIO(data))
    files = [(name, opened.read(name)) for name in opened.names]
    assert write_container(files) == data, "a container has two byte forms"


@target
def request_manifest(data: bytes) -> None:
    assert RequestManifest.from_bytes(data).to_bytes() == data, "a manifest has two byte forms"


@target
def response_manifest(data: bytes) -> None:
    assert ResponseManifest.from_bytes(data).to_bytes() == data, "a manifest has two byte forms"


@target
def canonical_json(data: bytes) -> None:
    assert encode(decode_strict(data)) == data, "a canonical document has two byte forms"


@target
def cms_signature(data: bytes) -> None:
    verifier().verify(CONTENT, data, at=AT)


@target
def cms_envelope(data: bytes) -> None:
    decryptor().decrypt(data)


@target
def certificates(data: bytes) -> None:
    load_certificates([data])


@target
def revocation_lists(data: bytes) -> None:
    load_revocation_lists([data])


@target
def log_entry(data: bytes) -> None:
    assert encode_entry(decode_entry(data)) == data, "a log entry has two byte forms"


@target
def checkpoint(data: bytes) -> None:
    text, signatures = read_signed_note(data)
    assert signed_note(text, signatures) == data, "a signed note has two byte forms"
    assert checkpoint_text(read_checkpoint_text(text)) == text, "a checkpoint has two byte forms"


@target
def log_proof(data: bytes) -> None:
    proof = decode_log_proof(data)
    assert encode_log_proof(proof.index, proof.hashes, proof.checkpoint) == data, "a proof has two byte forms"


@target
def proof_walk(data: bytes) -> None:
    """Sizes and an index, then hashes: a walk over any numbers ends in an answer."""
    sizes = [int.from_bytes(data[place : place + 3], "big") for place in (0, 3, 6)]
    hashes = [data[place : place + 32].ljust(32, b"\0") for place in range(9, min(len(data), 2_000), 32)]
    first = hashes[0] if hashes else b"\0" * 32
    for check in (check_inclusion, check_consistency):
        try:
            if check is check_inclusion:
                check_inclusion(sizes[0], sizes[1], first, hashes[1:], first)
            else:
                check_consistency(sizes[0], sizes[1], first, first, hashes[1:])
        except PrivityError:
            continue


@target
def tiles(data: bytes) -> None:
    width = data[0] + 1 if data else 1
    try:
        assert encode_hashes(decode_hashes(data[1:], width)) == data[1:]
    except PrivityError:
        assert encode_bundle(decode_bundle(data[1:], width)) == data[1:]


@target
def response_part(data: bytes) -> None:
    assert write_part(read_part(data)) == data, "a response part has two byte forms"


@target
def review_sample(data: bytes) -> None:
    rows = read_sample(data)
    assert read_sample(write_sample(rows)) == rows


@target
def truth(data: bytes) -> None:
    read_truth(data)


@target
def name(data: bytes) -> None:
    given, _, family = _text(data).partition("|")
    for supplied in (SuppliedName(given, "", family), SuppliedName(full_name=given)):
        read = read_name(supplied)
        assert read.name is not None or read.defects, "a name is neither read nor refused"
        assert read == read_name(supplied), "a name is read in two ways"


@target
def address(data: bytes) -> None:
    for supplied in _addresses(_text(data)):
        read = read_addresses([supplied], second_opinion=True)[0]
        assert read == read_addresses([supplied], second_opinion=True)[0], "an address is read in two ways"
        fatal = not FATAL_DEFECTS.keys().isdisjoint(read.defects)
        assert (read.point is None) == fatal, "a point stands beside a fatal defect, or nothing beside none"


def _addresses(text: str) -> tuple[SuppliedAddress, SuppliedAddress]:
    parts = [*text.split("|"), "", "", "", "", ""][:5]
    return SuppliedAddress(*parts), SuppliedAddress(address=text)


@target
def admission(data: bytes) -> None:
    """Name and address of a line through every form rule: a judgement, whatever the text."""
    given, _, rest = _text(data).partition("\n")
    contents = [
        LineContent("L-1", SuppliedName(full_name=given), where, "2024", identifier="123456789")
        for where in _addresses(rest)
    ]
    lines = [RequestLine(Ordinal(number), Personal(content)) for number, content in enumerate(contents, start=1)]
    judged = admit_for_evaluation(lines)
    assert len(judged) == len(lines), "a line has no judgement"
    for one in judged:
        if isinstance(one, AdmittedLine):
            continue
        assert MARKER not in one.message.upper(), "a defect repeats a supplied value"


VERIFIER_ERRORS: Final = (privity_verify.InvalidError, privity_verify.IncompleteError)


@target
def verifier_readers(data: bytes) -> None:
    """Each reader of the offline verifier by itself."""
    for read in (
        lambda: privity_verify.read_checkpoint(data),
        lambda: privity_verify.read_proof(data),
        lambda: privity_verify.read_entry(data),
        lambda: privity_verify.read_trust(data),
        lambda: privity_verify.read_signature(data),
        lambda: privity_verify.encrypted_length(data),
    ):
        try:
            read()
        except VERIFIER_ERRORS:
            continue


@target
def verifier_package(data: bytes) -> None:
    """The verifier on a file of these bytes: one of its three verdicts, never a traceback."""
    with tempfile.TemporaryDirectory(dir=_shared_memory()) as folder:
        path = Path(folder) / "evidence.zip"
        path.write_bytes(data)
        with redirect_stdout(io.StringIO()) as told:
            code = privity_verify.main([str(path)])
    assert code in (0, 1, 2, 3), "the verifier ended with another code"
    assert not re.search("Traceback|internal error", told.getvalue(), re.IGNORECASE), "the verifier lost its way"


@cache
def _shared_memory() -> str | None:
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


@cache
def verifier() -> CmsVerifier:
    """Trusts a certificate that signed no seed: signatures are read and checked whole, then their path is refused."""
    return CmsVerifier([recipient()[1]])


@cache
def recipient() -> tuple[bytes, bytes]:
    """A fixed key and its certificate, in PEM: what seeds are encrypted to. No secret of anybody."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.derive_private_key(0x5EED, ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "fuzz recipient")])
    builder = x509.CertificateBuilder(
        subject, subject, key.public_key(), 7, AT - timedelta(days=1), AT + timedelta(days=1)
    )
    usage = x509.KeyUsage(
        digital_signature=False, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=True, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    certificate = builder.add_extension(usage, critical=True).sign(key, hashes.SHA256())
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return private, certificate.public_bytes(pem)


@cache
def decryptor() -> CmsDecryptor:
    """Opens what is encrypted to `recipient`."""
    return CmsDecryptor(*recipient())
