"""More of the corpus: rarer contradictions, each against one check of the verifier that nothing else reaches.

Imported by `corpus`, which holds the words used here.
"""

from __future__ import annotations

import io
import json
import shutil
import struct
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from privity.domain.audit_events import FIELDS, AuditEvent
from privity.wire.package_manifest import LOG_PROOF
from tests.builders import corpus
from tests.builders.corpus import (
    INVALID,
    VALID,
    Specimen,
    add,
    changed,
    inserted,
    refusal_of,
    refused,
    repeated,
    returned,
)
from tests.builders.evidence import Files, Told, write

_E = AuditEvent


def fields_of(story: Told, event: AuditEvent) -> dict[str, Any]:
    """The fields of the first entry of this kind."""
    return next(dict(fields) for kind, _, fields in story if kind is event)


def again(event: AuditEvent, before: AuditEvent, **fields: Any) -> Callable[[Told], Told]:
    """A story that tells an event once more, perhaps with other fields, before another."""
    return lambda story: inserted(before, (event, fields_of(story, event) | fields))(story)


def followed(story: Told, event: AuditEvent, fields: dict[str, Any]) -> Told:
    """A story with one more entry at its end."""
    return [*story, (event, story[-1][1], fields)]


def unaccounted(story: Told) -> Told:
    """A request that went back whole without accounting."""
    told = returned(story)
    return [
        (e, t, {n: v for n, v in f.items() if e is not _E.REQUEST_RETURNED or "accounting" not in n})
        for e, t, f in told
    ]


def decided_on(lines: int, **more: str) -> Callable[[Told], Told]:
    """A story in which an officer decides on some lines just before matching."""

    def change(story: Told) -> Told:
        decision = {"lines": lines, "code": "", "role": "counsel", "signature_sha256": "5" * 64}
        return inserted(_E.MATCHING_STARTED, (_E.REFERRALS_DECIDED, request_of(story) | decision | more))(story)

    return change


def request_of(story: Told) -> dict[str, Any]:
    """The fields that name the story's request."""
    named = ("request_id", "agreement_id", "agreement_version", "agreement_digest")
    return {name: fields_of(story, _E.MATCHING_STARTED)[name] for name in named}


def waited(*decisions: Callable[[Told], Told], back: int | None) -> Callable[[Told], Told]:
    """Two of five lines wait, one went back at once; then decisions; `back` lines went back in all, None: unsettled."""

    def change(story: Told) -> Told:
        told = changed(_E.REQUEST_ADMITTED, referred=2, returned=1)(story)
        for decision in decisions:
            told = decision(told)
        if back is None:
            return told
        admitted = fields_of(story, _E.REQUEST_ADMITTED)
        counts = {"lines": admitted["lines"], "rule_set": admitted["rule_set"], "returned": back}
        return inserted(_E.MATCHING_STARTED, (_E.REFERRALS_SETTLED, request_of(story) | counts))(told)

    return change


DENIED = {"code": "ADDRESS_INCOMPLETE"}
for name, story in (
    ("sound-referrals-nobody-decided", waited(back=3)),
    ("sound-referrals-all-denied", waited(decided_on(2, **DENIED), back=3)),
    ("sound-referrals-admitted-and-denied", waited(decided_on(1), decided_on(1, **DENIED), back=2)),
    ("sound-referrals-admitted-and-undecided", waited(decided_on(1, role="disclosure_officer"), back=5)),
    ("sound-referrals-judged-anew", waited(decided_on(1), back=1)),  # the line returned at first was admitted then
):
    add(name, corpus.log, VALID, "in order", story=story)

MAY_NOT, NO_CODE = "role that may not decide", "code that no line goes back with"
WENT_ON, OTHERS = "lines went on that waited", "other lines went back than"
for name, reason, story in (
    ("log-referrals-decided-by-auditor", MAY_NOT, waited(decided_on(2, role="auditor"), back=1)),
    ("log-referrals-decided-by-registrar", MAY_NOT, waited(decided_on(2, role="registrar", **DENIED), back=3)),
    ("log-referrals-decided-with-unknown-code", NO_CODE, waited(decided_on(2, code="ON_HOLD"), back=3)),
    ("log-referrals-decided-twice", "other lines than those", waited(decided_on(2), decided_on(1), back=1)),
    ("log-referrals-denied-twice", "other lines than those", waited(*[decided_on(2, **DENIED)] * 2, back=3)),
    ("log-referrals-settled-with-too-many", "more lines went back", waited(decided_on(2), back=6)),
    ("log-referrals-settled-as-if-none-waited", WENT_ON, waited(back=0)),
    ("log-referrals-settled-as-if-all-were-admitted", WENT_ON, waited(decided_on(1), back=0)),
    ("log-referrals-undecided-yet-one-went-on", OTHERS, waited(back=2)),
    ("log-referrals-denied-yet-one-went-on", OTHERS, waited(decided_on(2, **DENIED), back=2)),
    ("log-referrals-undecided-yet-more-went-back", OTHERS, waited(back=4)),
):
    add(name, corpus.log, INVALID, reason, story=story)

TWICE = "a hold was placed twice under one id"
SMALLER = corpus.hold("request", "req-other")
for name, story in (
    ("log-hold-overwritten-by-a-smaller-one", inserted(_E.MATCHING_STARTED, corpus.hold("everything", ""), SMALLER)),
    (
        "log-hold-id-used-again-after-its-lift",
        inserted(_E.MATCHING_STARTED, SMALLER, (_E.HOLD_LIFTED, {"hold_id": "h1"}), SMALLER),
    ),
):
    add(name, corpus.log, INVALID, TWICE, story=story)


def revocation_of(story: Told) -> tuple[AuditEvent, dict[str, Any]]:
    """The whole request given back, with the accounting of the release that the story tells."""
    released = next(fields for event, _, fields in story if event is _E.RESPONSE_RELEASED)
    kept = {name: released[name] for name in FIELDS[_E.ADMISSION_REVOKED] if name in released}
    return _E.ADMISSION_REVOKED, kept | {"codes": "AGREEMENT_NOT_IN_FORCE"}


for name, reason, story in (
    (
        "log-one-request-under-two-ids",
        "under different ids",
        again(_E.REQUEST_ADMITTED, _E.MATCHING_STARTED, request_id="req-2"),
    ),
    ("log-return-without-accounting", "commits to no accounting records", unaccounted),
    ("log-matched-after-release", "released already", again(_E.MATCHING_STARTED, _E.RESPONSE_DELIVERED)),
    ("log-intent-after-release", "released already", again(_E.RELEASE_INTENDED, _E.RESPONSE_DELIVERED)),
    (
        "log-refused-after-release",
        "released already",
        lambda s: inserted(_E.RESPONSE_DELIVERED, (_E.RELEASE_REFUSED, refusal_of(s)))(s),
    ),
    ("log-refused-twice", "refused already", lambda s: repeated(_E.RELEASE_REFUSED)(refused(s))),
    (
        "log-signed-after-refusal",
        "refused already",
        lambda s: followed(refused(s), _E.APPROVAL_RECORDED, fields_of(s, _E.APPROVAL_RECORDED)),
    ),
    (
        "log-refused-with-fewer-records",
        "differ in number",
        lambda s: changed(_E.RELEASE_REFUSED, accounting_records=4)(refused(s)),
    ),
    (
        "log-refused-without-accounting",
        "commits to no accounting",
        lambda s: [
            (e, t, {n: v for n, v in f.items() if e is not _E.RELEASE_REFUSED or n != "accounting_root"})
            for e, t, f in refused(s)
        ],
    ),
    ("log-referral-of-no-line", "no line of its request waited", decided_on(1)),
    (
        "log-referral-decided-on-too-many",
        "other lines than those that waited",
        lambda s: decided_on(3)(changed(_E.REQUEST_ADMITTED, referred=2)(s)),
    ),
    (
        "log-referral-not-settled",
        "were not settled before it",
        lambda s: decided_on(1)(changed(_E.REQUEST_ADMITTED, referred=2)(s)),
    ),
    (
        "log-matched-after-revocation",
        "was revoked before",
        lambda s: inserted(_E.MATCHING_STARTED, revocation_of(s))(s),
    ),
    (
        "log-revoked-after-release",
        "released already",
        lambda s: inserted(_E.RESPONSE_DELIVERED, revocation_of(s))(s),
    ),
    (
        "log-released-after-revocation-on-old-signatures",
        "fewer than two officers",
        lambda s: inserted(_E.RELEASE_INTENDED, revocation_of(s))(s),
    ),
    ("log-hold-of-unknown-scope", "unknown scope", inserted(_E.MATCHING_STARTED, corpus.hold("person", "x"))),
    ("log-request-id-of-another-form", "another form", changed(_E.REQUEST_ADMITTED, request_id="no/id")),
):
    add(name, corpus.log, INVALID, reason, story=story)

add(
    "log-release-lacking-a-field",
    corpus.log,
    INVALID,
    "lacks a field that binds",
    release=lambda e: {n: v for n, v in e.items() if n != "rule_set"},
)


# Containers, manifests, proofs


def reordered(files: Files) -> bytes:
    """Parts in another order."""
    names = [*list(files)[:2], *sorted(list(files)[2:], reverse=True)]
    return corpus.stock_zip({name: files[name] for name in names})


def with_false_crc(package: bytes) -> bytes:
    """The first part's checksum, wrong in both headers alike."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        crc = archive.getinfo("parts/0001.p7m").CRC
    return package.replace(struct.pack("<I", crc), struct.pack("<I", crc ^ 1))


def other_proof(old: bytes, new: bytes) -> Callable[[Files], Files]:
    """The proof with one text replaced."""
    return lambda files: files | {LOG_PROOF: files[LOG_PROOF].replace(old, new, 1)}


def renamed_part(manifest: dict[str, Any]) -> dict[str, Any]:
    """A request whose second file has another name."""
    manifest["files"][1]["name"] = "parts/other.p7m"
    return manifest


def edited_request(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Callable[[Files], Files]:
    """A request's manifest with a change, canonical."""

    def act(files: Files) -> Files:
        manifest = change(json.loads(files["manifest.json"]))
        return files | {"manifest.json": json.dumps(manifest, sort_keys=True, separators=(",", ":")).encode()}

    return act


SPECIMENS = corpus.SPECIMENS
SPECIMENS.append(
    Specimen(
        "container-with-false-checksum", INVALID, "checksum that the zip states", corpus.recontained(with_false_crc)
    )
)
add("container-out-of-order", corpus.response, INVALID, "not in order", response_files=reordered)
add(
    "container-of-one-file",
    corpus.response,
    INVALID,
    "too few or too many",
    response_files=lambda f: corpus.stock_zip({"manifest.json": f["manifest.json"]}),
)
add(
    "request-with-other-files",
    corpus.request,
    INVALID,
    "exactly its header and its lines",
    request_files=edited_request(renamed_part),
)
add(
    "manifest-impossible-day",
    corpus.response,
    INVALID,
    "day that exists",
    response_files=corpus.edited(destroy_by="2026-02-30"),
)
add(
    "manifest-is-a-list",
    corpus.response,
    INVALID,
    "not a JSON object",
    response_files=lambda f: f | {"manifest.json": b"[]"},
)
add(
    "manifest-number-too-large",
    corpus.response,
    INVALID,
    "larger than JSON carries",
    response_files=corpus.edited(lines=2**53),
)
add(
    "checkpoint-with-extension",
    corpus.response,
    INVALID,
    "exactly origin, size and root",
    response_files=other_proof(b"=\n\n\xe2", b"=\nmore\n\n\xe2"),
)
add(
    "checkpoint-without-signatures",
    corpus.response,
    INVALID,
    "not a signed note|signature line",
    response_files=lambda f: f | {LOG_PROOF: f[LOG_PROOF].split(b"\n\xe2\x80\x94")[0] + b"\n"},
)
add(
    "checkpoint-not-text",
    corpus.response,
    INVALID,
    "not UTF-8",
    response_files=other_proof(b"\xe2\x80\x94 ", b"\xff\x80\x94 "),
)
add(
    "proof-of-short-hashes",
    corpus.response,
    INVALID,
    "not a SHA-256 hash",
    response_files=corpus.proof(lambda x: [*x[:2], b"AAAA", *x[3:]]),
)
add(
    "proof-not-text",
    corpus.response,
    INVALID,
    "not plain text",
    response_files=lambda f: f | {LOG_PROOF: b"\xff" + f[LOG_PROOF]},
)


# Accounting and bundles

for name, reason, act, options in (
    (
        "accounting-line-not-canonical",
        "canonical JSON form",
        corpus.accounting(lambda x: [x[0], x[1].replace(b'"nonce":', b'"nonce": '), *x[2:]]),
        {},
    ),
    (
        "accounting-blind-line-not-canonical",
        "canonical JSON form",
        corpus.accounting(lambda x: [*x[:2], x[2].replace(b'"leaf":', b'"leaf": '), *x[3:]]),
        {},
    ),
    (
        "accounting-record-of-another-line",
        "speaks of another line",
        lambda path, case: None,
        {"records": lambda r: [(r[0][0], b'{"ordinal":9,"v":1}'), *r[1:]]},
    ),
    (
        "bundle-delivered-another-package",
        "delivery of another package",
        lambda path, case: None,
        {"story": changed(_E.RESPONSE_DELIVERED, package_sha256="5" * 64)},
    ),
    ("bundle-with-an-unexpected-folder", "unexpected file", lambda path, case: (path / "more").mkdir(), {}),
    (
        "bundle-with-a-link",
        "holds a link",
        lambda path, case: (
            (path / "log").rename(path.parent / "away"),
            (path / "log").symlink_to(path.parent / "away"),
        ),
        {},
    ),
    (
        "bundle-response-to-another-request",
        "answers another request",
        lambda path, case: shutil.rmtree(path / "log"),
        {
            "response_manifest": lambda m: replace(m, request_manifest_sha256="6" * 64),
            "release": corpus.bound(manifest_sha256="6" * 64),
        },
    ),
):
    SPECIMENS.append(Specimen(name, INVALID, reason, corpus.bundled(act, **options)))

SPECIMENS += [
    Specimen(
        "trust-with-unreadable-anchor",
        INVALID,
        "cannot be read",
        corpus.distrusting(anchors=["-----BEGIN CERTIFICATE-----"]),
    ),
    Specimen("trust-with-numbers-for-keys", INVALID, "are not texts", corpus.distrusting(log_keys=[1])),
    Specimen(
        "log-keys-without-end-of-line",
        INVALID,
        "line's end",
        corpus.touched(lambda path: write(path / "keys.txt", b"x")),
    ),
]
