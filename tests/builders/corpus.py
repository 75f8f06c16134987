"""The corpus of named evidence that must not pass, and why; with a few twins that must pass.

`python -m tests.builders.corpus OUT` writes it as files (one folder a case: `evidence`, `trust.json`, `expected.json`),
so that any third party's verifier can be run against it. Keys are made anew at each run.
"""

from __future__ import annotations

import io
import json
import shutil
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from privity.domain.audit_events import FIELDS, AuditEvent
from privity.domain.certificate_policies import REQUEST_SIGNING, RESPONSE_SIGNING
from privity.ledger import accounting_tree
from privity.wire.package_manifest import LOG_ENTRY, LOG_PROOF
from tests.builders.evidence import AGREEMENT, AT, Case, Files, Told, World, party, write, write_trust
from tests.builders.log_keys import log_signers

VALID, INVALID, INCOMPLETE = "VALID", "INVALID", "INCOMPLETE"
Evidence = tuple[Path, dict[str, Any] | None]  # what to verify, and the trust file's value
Maker = Callable[[World, Path], Evidence]


@dataclass(frozen=True)
class Specimen:
    """One case: its name, why it has its verdict, the words that the report must contain, and how to make it."""

    name: str
    verdict: str
    reason: str
    make: Maker


SPECIMENS: list[Specimen] = []
_E = AuditEvent


def specimen(verdict: str, reason: str) -> Callable[[Maker], Maker]:
    """Register a maker under its own name."""

    def register(make: Maker) -> Maker:
        SPECIMENS.append(Specimen(make.__name__.replace("_", "-"), verdict, reason, make))
        return make

    return register


def response(world: World, folder: Path, **changes: Any) -> Evidence:
    """A response package with one change."""
    case = Case(world, folder, **changes).build()
    return write(folder / "evidence", case.response), world.trust()


def request(world: World, folder: Path, **changes: Any) -> Evidence:
    """A request package with one change."""
    case = Case(world, folder, **changes).build()
    return write(folder / "evidence", case.package), world.trust()


def log(world: World, folder: Path, **changes: Any) -> Evidence:
    """A log with one change, told and signed by the gate's own keys."""
    Case(world, folder, **changes).build()
    return folder / "log", world.trust()


def bundle(world: World, folder: Path, **changes: Any) -> tuple[Path, Case]:
    """An audit bundle with one change, and what it was made of."""
    case = Case(world, folder, **changes).build()
    return case.bundle(), case


def add(name: str, function: Callable[..., Evidence], verdict: str, reason: str, **changes: Any) -> None:
    """Register a case that is one of the above with changed arguments."""
    SPECIMENS.append(Specimen(name, verdict, reason, lambda world, folder: function(world, folder, **changes)))


# The twins that pass

add("sound-response", response, VALID, "the log binds this response")
add("sound-request", request, VALID, "by openssl")
add("sound-log", log, VALID, "lead to the checkpoint's root")


@specimen(VALID, "lines in, answers out and accounting records agree")
def sound_bundle(world: World, folder: Path) -> Evidence:
    return bundle(world, folder)[0], world.trust()


def returned(story: Told) -> Told:
    """The story of a request that went back whole: no matching, accounting at the refusal."""
    told = []
    accounted = {n: v for e, _, f in story if e is _E.RESPONSE_RELEASED for n, v in f.items() if "accounting" in n}
    for event, seconds, fields in story:
        if event is _E.REQUEST_ADMITTED:
            kept = {n: v for n, v in fields.items() if n not in ("returned", "referred", "visible_from")}
            told.append((_E.REQUEST_RETURNED, seconds, kept | accounted | {"codes": "TOO_MANY_DEFECTS"}))
        elif event not in (_E.MATCHING_STARTED, _E.MATCHING_FINISHED):
            told.append((event, seconds, fields))
    return told


def as_returned(manifest: Any) -> Any:
    """The response manifest of such a request."""
    return replace(manifest, returned_whole=True)


def refused(story: Told) -> Told:
    """The story of a request that two officers refused to release."""
    place = next(at for at, item in enumerate(story) if item[0] is _E.RELEASE_INTENDED)
    return [*story[:place], (_E.RELEASE_REFUSED, 310, refusal_of(story))]


@specimen(VALID, "lines in, answers out and accounting records agree")
def sound_return_of_the_whole(world: World, folder: Path) -> Evidence:
    return bundle(world, folder, story=returned, response_manifest=as_returned)[0], world.trust()


@specimen(INVALID, "differ on a return of the whole")
def answered_as_if_returned(world: World, folder: Path) -> Evidence:
    return bundle(world, folder, response_manifest=as_returned)[0], world.trust()


def approved_anew(reset: bool) -> Callable[[Told], Told]:
    """The content changed after two approvals: they are reset, and two further signatures are on the new content."""

    def change(story: Told) -> Told:
        told, place = list(story), next(at for at, item in enumerate(story) if item[0] is _E.RELEASE_INTENDED)
        intent = told[place][2]
        again = [fields for event, _, fields in story if event is _E.APPROVAL_RECORDED]
        finished = next(fields for event, _, fields in story if event is _E.MATCHING_FINISHED)
        request = {
            name: intent[name] for name in ("request_id", "agreement_id", "agreement_version", "agreement_digest")
        }
        more = [
            (
                _E.APPROVALS_RESET,
                200,
                request | {"content_sha256": again[0]["content_sha256"], "reason_code": "CHANGED"},
            ),
            (_E.MATCHING_FINISHED, 201, finished),
        ]
        if not reset:
            signatures = ({"signature_sha256": digit * 64} for digit in "56")
            more += [(_E.APPROVAL_RECORDED, 202, first | other) for first, other in zip(again, signatures, strict=True)]
        return [*told[:place], *more, *told[place:]]

    return change


add("sound-second-approval", log, VALID, "in order", story=approved_anew(reset=False))
add("log-release-on-reset-approvals", log, INVALID, "fewer than two officers", story=approved_anew(reset=True))
add("sound-refusal", log, VALID, "in order", story=refused)


# The container


def stock_zip(files: Files, **options: Any) -> bytes:
    """What a stock zip tool makes of the files."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", **options) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return target.getvalue()


def recontained(change: Callable[[bytes], bytes]) -> Callable[[World, Path], Evidence]:
    """A change to the container's bytes."""

    def make(world: World, folder: Path) -> Evidence:
        path, trust = response(world, folder)
        path.write_bytes(change(path.read_bytes()))
        return path, trust

    return make


FORM = "not a zip of the agreed byte form"
for name, change in {
    "container-empty": lambda data: b"",
    "container-truncated": lambda data: data[:-1],
    "container-with-trailer": lambda data: data + b"\x00",
    "container-with-leader": lambda data: b"#!" + data,
    "container-with-comment": lambda data: data[:-2] + b"\x02\x00hi",
    "container-of-zeros": lambda data: bytes(len(data)),
    "container-twice": lambda data: data + data,
}.items():
    SPECIMENS.append(Specimen(name, INVALID, FORM, recontained(change)))

add(
    "container-compressed",
    response,
    INVALID,
    "compressed",
    response_files=lambda f: stock_zip(f, compression=zipfile.ZIP_DEFLATED),
)
add("container-rezipped", response, INVALID, FORM, response_files=stock_zip)
add("container-extra-file", response, INVALID, "does not name", response_files=lambda f: f | {"parts/9999.p7m": b"?"})
add(
    "container-lost-part",
    response,
    INVALID,
    "lacks one",
    response_files=lambda f: {k: v for k, v in f.items() if k != "parts/0001.p7m"},
)
add(
    "container-path-outside",
    response,
    INVALID,
    "file name is not allowed",
    response_files=lambda f: stock_zip(f | {"../evil": b"x"}),
)
add(
    "container-manifest-not-first",
    response,
    INVALID,
    "begin with its manifest",
    response_files=lambda f: stock_zip(dict(sorted(f.items()))),
)
add("request-with-extra-file", request, INVALID, "does not name", request_files=lambda f: f | {"parts/more.p7m": b"?"})


@specimen(INVALID, "same name")
def container_duplicate_name(world: World, folder: Path) -> Evidence:
    def double(files: Files) -> bytes:
        # Two stored entries of one length whose names a hex editor made equal.
        packed = stock_zip(files | {"parts/000x.p7m": files["parts/0001.p7m"]})
        return packed.replace(b"parts/000x.p7m", b"parts/0001.p7m")

    return response(world, folder, response_files=double)


# The manifest


def loose(files: Files) -> Files:
    """The manifest with blanks, its signature unchanged."""
    return files | {"manifest.json": json.dumps(json.loads(files["manifest.json"]), indent=1).encode()}


def edited(**fields: Any) -> Callable[[Files], Files]:
    """The manifest with other fields, still canonical, its signature unchanged."""

    def edit(files: Files) -> Files:
        value = json.loads(files["manifest.json"]) | fields
        return files | {"manifest.json": json.dumps(value, sort_keys=True, separators=(",", ":")).encode()}

    return edit


add("manifest-not-canonical", response, INVALID, "canonical JSON form", response_files=loose)
add("manifest-with-unknown-field", response, INVALID, "exactly the expected fields", response_files=edited(note="x"))
add(
    "manifest-edited-marking",
    response,
    INVALID,
    "response_manifest_sha256",
    response_files=edited(marking="Share freely."),
)
add("manifest-edited-request", request, INVALID, "over another manifest", request_files=edited(lines=6))
add(
    "manifest-of-no-kind",
    response,
    INVALID,
    "none of a request, response, notice or receipt",
    response_files=edited(kind="letter"),
)
add(
    "part-swapped-for-another",
    response,
    INVALID,
    "does not have the (size|hash)",
    response_files=lambda f: f | {"parts/0001.p7m": f["parts/0002.p7m"]},
)
add("lines-miscounted", response, INVALID, "do not add up", response_manifest=lambda m: replace(m, lines=6))
add(
    "line-moved-between-counts",
    response,
    INVALID,
    "not as long as",
    response_manifest=lambda m: replace(
        m, parts=(replace(m.parts[0], lines=m.parts[0].lines + 1), replace(m.parts[1], lines=m.parts[1].lines - 1))
    ),
)
add(
    "row-smuggled-into-part",
    response,
    INVALID,
    "not as long as",
    parts=lambda p: [(p[0][0], p[0][1], p[0][2] + b"x" * 115), p[1]],
)
add(
    "answer-dropped", response, INVALID, "do not add up", parts=lambda p: [(p[0][0], p[0][1] - 1, p[0][2][:-115]), p[1]]
)


# Signatures and certificates

add("signed-under-the-request-policy", response, INVALID, "openssl refuses")


@specimen(INVALID, "does not lead to a trusted anchor")
def signed_by_a_stranger(world: World, folder: Path) -> Evidence:
    stranger = World.create()
    return response(world, folder, response_signer=stranger.custodian)


@specimen(INVALID, "openssl refuses the signature: no explicit policy")
def signed_under_the_wrong_policy(world: World, folder: Path) -> Evidence:
    return response(world, folder, response_signer=world.office)


@specimen(INVALID, "openssl refuses the signature: certificate has expired")
def signed_with_an_expired_certificate(world: World, folder: Path) -> Evidence:
    signer = party(world.custodians, "Old", [RESPONSE_SIGNING], ["sign"], days=1)
    return response(world, folder, response_signer=signer)


@specimen(INVALID, "not for signatures")
def signed_with_an_encryption_certificate(world: World, folder: Path) -> Evidence:
    signer = party(world.custodians, "Recipient", [RESPONSE_SIGNING], ["agree"])
    return response(world, folder, response_signer=signer)


def revoked(world: World, folder: Path, at: timedelta, crls_at: timedelta) -> Evidence:
    """A response whose signer was revoked at one time, with the lists of another."""
    signer = party(world.custodians, "Revoked", [RESPONSE_SIGNING], ["sign"])
    path, _ = response(world, folder, response_signer=signer)
    from cryptography import x509

    world.custodians.revoke(x509.load_der_x509_certificate(signer.der), at=AT + at)
    trust = world.trust(crls_at=AT + crls_at)
    world.custodians.revoked.pop()
    return path, trust


DAY = timedelta(days=1)
add("signer-revoked-before", revoked, INVALID, "certificate revoked", at=-DAY, crls_at=timedelta())
add("signer-revoked-before-told-later", revoked, INVALID, "was revoked", at=timedelta(), crls_at=5 * DAY)
add("signer-revoked-long-after", revoked, VALID, "lists issued after the signing time", at=3 * DAY, crls_at=5 * DAY)


@specimen(INVALID, "under another manifest|over another manifest")
def signature_of_another_manifest(world: World, folder: Path) -> Evidence:
    other = world.custodian.signer.sign(b"something else", at=AT)
    return response(world, folder, response_files=lambda f: f | {"manifest.p7s": other})


@specimen(INVALID, "does not have the expected form")
def signature_is_not_cms(world: World, folder: Path) -> Evidence:
    return response(world, folder, response_files=lambda f: f | {"manifest.p7s": b"\x30\x00"})


@specimen(INVALID, "not part of its path")
def signature_with_a_foreign_certificate(world: World, folder: Path) -> Evidence:
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    signer = world.custodian
    foreign = x509.load_der_x509_certificate(world.officers[0].der).public_bytes(Encoding.PEM)
    return response(world, folder, response_signer=replace(signer, chain_pem=signer.chain_pem + foreign))


add("signed-after-release", response, INVALID, "signed after it was logged", signed_at=AT + timedelta(hours=2))


@specimen(INCOMPLETE, "no revocation list covers|revocation could not be checked")
def revocation_lists_too_old(world: World, folder: Path) -> Evidence:
    path, _ = response(world, folder)
    return path, world.trust(crls_at=AT - 60 * DAY)


@specimen(INCOMPLETE, "no revocation list covers")
def no_revocation_lists(world: World, folder: Path) -> Evidence:
    return response(world, folder)[0], world.trust(crls=[])


@specimen(INVALID, "CRL signature failure|not signed by its issuer")
def revocation_list_forged(world: World, folder: Path) -> Evidence:
    path, trust = response(world, folder)
    forged = World.create().trust()["crls"]
    return path, trust | {"crls": forged}


# The log proof in a response


def proof(change: Callable[[list[bytes]], list[bytes]]) -> Callable[[Files], Files]:
    """A change to the lines of the proof."""
    return lambda files: files | {LOG_PROOF: b"\n".join(change(files[LOG_PROOF].split(b"\n")))}


def resigned(seed: int = 1, places: tuple[int, ...] = (0, 1)) -> Callable[[Files], Files]:
    """The proof's checkpoint signed by keys of another seed, or by fewer keys."""

    def sign(files: Files) -> Files:
        from privity.ledger.checkpoint import NoteSignature, read_signed_note, signed_note

        head, _, note = files[LOG_PROOF].partition(b"\n\n")
        text = read_signed_note(note)[0]
        keys = [log_signers(seed=seed)[place] for place in places]
        lines = [NoteSignature(key.name, key.key_id, key.sign(text)) for key in keys]
        return files | {LOG_PROOF: head + b"\n\n" + signed_note(text, lines)}

    return sign


add("proof-too-short", response, INVALID, "hashes where", response_files=proof(lambda x: x[:2] + x[3:]))
add("proof-too-long", response, INVALID, "hashes where", response_files=proof(lambda x: x[:3] + x[2:]))
add(
    "proof-out-of-order",
    response,
    INVALID,
    "does not lead",
    response_files=proof(lambda x: [*x[:2], x[3], x[2], *x[4:]]),
)
add(
    "proof-of-another-index",
    response,
    INVALID,
    "does not lead|hashes where",
    response_files=proof(lambda x: [x[0], b"index 8", *x[2:]]),
)
add(
    "proof-index-with-zero",
    response,
    INVALID,
    "canonical decimal",
    response_files=proof(lambda x: [x[0], b"index 09", *x[2:]]),
)
add(
    "proof-with-extra-data",
    response,
    INVALID,
    "form of a tlog-proof",
    response_files=proof(lambda x: [x[0], b"extra AAAA", *x[1:]]),
)
add(
    "proof-base64-with-spare-bits",
    response,
    INVALID,
    "canonical base64",
    response_files=proof(lambda x: [*x[:2], x[2][:-2] + bytes([x[2][-2] + 1]) + b"=", *x[3:]]),
)
add("checkpoint-of-another-log-key", response, INVALID, "exactly one signature", response_files=resigned(seed=2))
add(
    "checkpoint-without-ecdsa",
    response,
    INVALID,
    "one signature by the log's ECDSA",
    response_files=resigned(places=(0,)),
)
add(
    "checkpoint-without-ed25519",
    response,
    INVALID,
    "one signature by the log's Ed25519",
    response_files=resigned(places=(1,)),
)
add("checkpoint-signed-twice", response, INVALID, "exactly one signature", response_files=resigned(places=(0, 1, 1)))
add(
    "checkpoint-of-another-size",
    response,
    INVALID,
    "is wrong|hashes where|does not lead",
    response_files=lambda f: f | {LOG_PROOF: f[LOG_PROOF].replace(b"test\n10\n", b"test\n11\n")},
)
add(
    "entry-changed",
    response,
    INVALID,
    "does not lead",
    response_files=lambda f: f | {LOG_ENTRY: f[LOG_ENTRY].replace(b'"lines":5', b'"lines":4')},
)


@specimen(INVALID, "not one of a release")
def proof_of_another_event(world: World, folder: Path) -> Evidence:
    case = Case(world, folder)

    def other(files: Files) -> Files:
        return files | {LOG_PROOF: case.log.inclusion_proof(8), LOG_ENTRY: case.rows[8]}

    case.response_files = other
    return write(folder / "evidence", case.build().response), world.trust()


def bound(**fields: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """A release entry with other fields."""
    return lambda entry: entry | fields


add(
    "release-of-another-response",
    response,
    INVALID,
    "response_manifest_sha256",
    release=bound(response_manifest_sha256="0" * 64),
)
add("release-of-another-request", response, INVALID, "manifest_sha256", release=bound(manifest_sha256="0" * 64))
add("release-of-more-lines", response, INVALID, "lines", release=bound(lines=6))
add("release-with-fewer-records", response, INVALID, "accounting_records", release=bound(accounting_records=4))
add(
    "release-without-accounting",
    response,
    INVALID,
    "commits to no accounting",
    release=lambda e: {k: v for k, v in e.items() if k != "accounting_root"},
)
add("release-under-another-agreement", response, INVALID, "another agreement", release=bound(agreement_version=2))


# The log


def touched(change: Callable[[Path], object]) -> Callable[[World, Path], Evidence]:
    """A change to the files of a published log."""

    def make(world: World, folder: Path) -> Evidence:
        path, trust = log(world, folder)
        change(path)
        return path, trust

    return make


def flip(name: str, place: int) -> Callable[[Path], object]:
    """Flip one bit of one file."""

    def change(path: Path) -> object:
        data = bytearray((path / name).read_bytes())
        data[place] ^= 1
        return (path / name).write_bytes(bytes(data))

    return change


for name, reason, act in (
    ("log-entry-changed", "malformed|do not lead|disagree|does not fit", flip("tile/entries/000.p/11", 40)),
    ("log-tile-changed", "does not fit the entries", flip("tile/0/000.p/11", 5)),
    ("log-checkpoint-changed", "signature is wrong|do not lead|base64", flip("checkpoint", 30)),
    ("log-tile-missing", "is missing", lambda path: (path / "tile/0/000.p/11").unlink()),
    ("log-bundle-missing", "is missing", lambda path: (path / "tile/entries/000.p/11").unlink()),
    ("log-with-stray-file", "do not belong", lambda path: write(path / "tile/0/notes.txt", b"x")),
    ("log-with-tile-beyond-its-size", "do not belong", lambda path: write(path / "tile/0/000.p/12", bytes(384))),
    ("log-with-false-old-tile", "does not fit the entries", lambda path: write(path / "tile/0/000.p/3", bytes(96))),
    ("log-with-false-old-bundle", "two entry bundles", lambda path: write(path / "tile/entries/000.p/1", b"\x00\x01x")),
    ("log-with-hidden-folder", "do not belong", lambda path: write(path / "tile/.sequencer/x", b"x")),
    ("log-with-link", "holds a link", lambda path: (path / "tile/0/000.p/5").symlink_to("11")),
    (
        "log-with-other-keys",
        "other keys",
        lambda path: write(path / "keys.txt", log_signers(seed=3)[0].verifier_key.encode() + b"\n"),
    ),
):
    SPECIMENS.append(Specimen(name, INVALID, reason, touched(act)))

SPECIMENS.append(
    Specimen(
        "log-with-true-old-tiles",
        VALID,
        "3 hash tiles",
        touched(lambda path: write(path / "tile/0/000.p/3", (path / "tile/0/000.p/11").read_bytes()[:96])),
    )
)


def without(*events: AuditEvent) -> Callable[[Told], Told]:
    """A story in which some events are missing."""
    return lambda story: [item for item in story if item[0] not in events]


def inserted(before: AuditEvent, *items: tuple[AuditEvent, dict[str, Any]]) -> Callable[[Told], Told]:
    """A story with further entries before an event."""

    def change(story: Told) -> Told:
        place = next(at for at, item in enumerate(story) if item[0] is before)
        more = [(event, story[place][1], fields) for event, fields in items]
        return [*story[:place], *more, *story[place:]]

    return change


def repeated(event: AuditEvent) -> Callable[[Told], Told]:
    """A story that tells one event twice in a row."""
    return lambda story: [one for item in story for one in ([item, item] if item[0] is event else [item])]


def changed(event: AuditEvent, **fields: Any) -> Callable[[Told], Told]:
    """A story in which one kind of entry has other fields."""
    return lambda story: [(e, t, f | fields if e is event else f) for e, t, f in story]


def refusal_of(story: Told) -> dict[str, Any]:
    """The fields of a refusal, from the release that a story tells."""
    released = next(fields for event, _, fields in story if event is _E.RESPONSE_RELEASED)
    return {name: released[name] for name in FIELDS[_E.RELEASE_REFUSED]}


def hold(scope: str, target: str) -> tuple[AuditEvent, dict[str, Any]]:
    """An entry that places a hold."""
    return _E.HOLD_PLACED, {"hold_id": "h1", "scope": scope, "target": target, "kind": "court_order"}


def decided(act: str, version: int = AGREEMENT.version) -> tuple[AuditEvent, dict[str, Any]]:
    """An entry that puts the agreement in force, suspends or ends it."""
    named = {"agreement_id": AGREEMENT.id, "agreement_version": version, "agreement_digest": AGREEMENT.digest}
    return AuditEvent(f"AGREEMENT_{act}"), named | {"reason_code": "r"}


STOPPED = "suspended, ended or replaced"
for name, verdict, reason, story in (
    ("log-released-twice", INVALID, "released twice", repeated(_E.RESPONSE_RELEASED)),
    ("log-release-without-intent", INVALID, "no RELEASE_INTENDED", without(_E.RELEASE_INTENDED)),
    ("log-release-without-approvals", INVALID, "fewer than two officers", without(_E.APPROVAL_RECORDED)),
    ("log-one-signature-twice", INVALID, "same signature", changed(_E.APPROVAL_RECORDED, signature_sha256="1" * 64)),
    (
        "log-release-after-refusal",
        INVALID,
        "officers had refused",
        lambda story: inserted(_E.RELEASE_INTENDED, (_E.RELEASE_REFUSED, refusal_of(story)))(story),
    ),
    (
        "log-approval-of-refusal",
        INVALID,
        "verdict against release",
        changed(_E.APPROVAL_RECORDED, verdict="refuse"),
    ),
    (
        "log-approvals-for-other-content",
        INVALID,
        "fewer than two officers",
        changed(_E.APPROVAL_RECORDED, content_sha256="2" * 64),
    ),
    ("log-release-before-admission", INVALID, "not admitted|no REQUEST_RETURNED", without(_E.REQUEST_ADMITTED)),
    ("log-match-unfinished", INVALID, "no MATCHING_FINISHED", without(_E.MATCHING_FINISHED)),
    ("log-admitted-twice", INVALID, "taken in twice", repeated(_E.REQUEST_ADMITTED)),
    ("log-unknown-agreement", INVALID, "not recorded before", without(_E.AGREEMENT_RECORDED)),
    ("log-agreement-changes", INVALID, "different agreements", changed(_E.MATCHING_STARTED, agreement_version=2)),
    ("log-snapshot-changes", INVALID, "snapshot_id differs", changed(_E.MATCHING_FINISHED, snapshot_id="s2")),
    ("log-without-beginning", INVALID, "begins with HOME_CREATED", without(_E.HOME_CREATED)),
    ("log-of-another-origin", INVALID, "another origin", changed(_E.HOME_CREATED, origin="log.other.example")),
    (
        "log-release-under-hold-on-request",
        INVALID,
        "a hold that covers it",
        inserted(_E.RESPONSE_RELEASED, hold("request", "req-2026-0001")),
    ),
    (
        "log-release-under-hold-on-agreement",
        INVALID,
        "a hold that covers it",
        inserted(_E.RESPONSE_RELEASED, hold("agreement", AGREEMENT.id)),
    ),
    (
        "log-delivery-under-hold-on-everything",
        INVALID,
        "a hold that covers it",
        inserted(_E.RESPONSE_DELIVERED, hold("everything", "")),
    ),
    (
        "log-admission-under-suspended-agreement",
        INVALID,
        STOPPED,
        inserted(_E.REQUEST_ADMITTED, decided("ACTIVATED"), decided("SUSPENDED")),
    ),
    ("log-matching-under-ended-agreement", INVALID, STOPPED, inserted(_E.MATCHING_STARTED, decided("ENDED"))),
    ("log-release-under-suspended-agreement", INVALID, STOPPED, inserted(_E.RESPONSE_RELEASED, decided("SUSPENDED"))),
    ("log-delivery-under-ended-agreement", INVALID, STOPPED, inserted(_E.RESPONSE_DELIVERED, decided("ENDED"))),
    (
        "log-ended-agreement-activated-again",
        INVALID,
        "that was ended before",
        inserted(_E.REQUEST_ADMITTED, decided("ENDED"), decided("ACTIVATED")),
    ),
    (
        "log-unrecorded-version-activated",
        INVALID,
        "not recorded before",
        inserted(_E.REQUEST_ADMITTED, decided("ACTIVATED", 2)),
    ),
    (
        "log-suspension-reversed-in-time",
        VALID,
        "in order",
        inserted(_E.RESPONSE_RELEASED, decided("SUSPENDED"), decided("ACTIVATED")),
    ),
    ("log-hold-elsewhere", VALID, "in order", inserted(_E.RESPONSE_RELEASED, hold("request", "req-other"))),
    (
        "log-hold-lifted-in-time",
        VALID,
        "in order",
        inserted(_E.RESPONSE_RELEASED, hold("everything", ""), (_E.HOLD_LIFTED, {"hold_id": "h1"})),
    ),
    (
        "log-hold-lifted-that-never-was",
        INVALID,
        "not in force",
        inserted(_E.RESPONSE_RELEASED, (_E.HOLD_LIFTED, {"hold_id": "h9"})),
    ),
    (
        "log-release-from-frozen-home",
        INVALID,
        "frozen",
        inserted(_E.RESPONSE_RELEASED, (_E.HOME_FROZEN, {"reason_code": "copied"})),
    ),
    (
        "log-delivered-too-early",
        INVALID,
        "before the time fixed",
        changed(_E.REQUEST_ADMITTED, visible_from="2026-01-16T00:00:00Z"),
    ),
    (
        "log-delivered-something-else",
        INVALID,
        "response_manifest_sha256 differs",
        changed(_E.RESPONSE_DELIVERED, response_manifest_sha256="4" * 64),
    ),
):
    add(name, log, verdict, reason, story=story)


def raw_log(*entries: bytes) -> Callable[[World, Path], Evidence]:
    """A log, properly signed, that also holds entries the gate would never write."""

    def make(world: World, folder: Path) -> Evidence:
        case = Case(world, folder).build()
        case.log.publish(len(case.rows), list(entries))
        return folder / "log", world.trust()

    return make


TIME = b'"time":"2026-01-15T10:00:00Z","v":1}'
for name, reason, entry in (
    (
        "log-entry-with-personal-field",
        "outside its closed list",
        b'{"event":"HOLD_LIFTED","fields":{"hold_id":"h","name":"x"},' + TIME,
    ),
    ("log-entry-of-unknown-event", "unknown version or event", b'{"event":"PERSON_FOUND","fields":{},' + TIME),
    ("log-entry-not-canonical", "canonical JSON form", b'{"event": "HOME_FROZEN","fields":{},' + TIME),
    ("log-entry-with-fraction", "not JSON|fraction", b'{"event":"HOME_FROZEN","fields":{"reason_code":1.5},' + TIME),
    (
        "log-entry-with-confirmations",
        "outside its closed list",
        b'{"event":"MATCHING_FINISHED","fields":{"confirmed":3},' + TIME,
    ),
    ("log-entry-without-request", "does not name its request", b'{"event":"MATCHING_STARTED","fields":{},' + TIME),
    (
        "log-entry-impossible-time",
        "does not exist|a moment",
        b'{"event":"HOME_FROZEN","fields":{},"time":"2026-02-30T00:00:00Z","v":1}',
    ),
    ("log-entry-not-json", "not JSON", b"\xff\xfe"),
):
    SPECIMENS.append(Specimen(name, INVALID, reason, raw_log(entry)))


# Bundles: lines in = answers out = accounting records


def bundled(change: Callable[[Path, Case], object], **changes: Any) -> Callable[[World, Path], Evidence]:
    """A change to the files of a bundle."""

    def make(world: World, folder: Path) -> Evidence:
        path, case = bundle(world, folder, **changes)
        change(path, case)
        return path, world.trust()

    return make


def accounting(change: Callable[[list[bytes]], list[bytes]]) -> Callable[[Path, Case], object]:
    """A change to the lines of the accounting export."""

    def act(path: Path, case: Case) -> object:
        file = path / "accounting" / "export.jsonl"
        return file.write_bytes(b"".join(change(file.read_bytes().splitlines(keepends=True))))

    return act


def rebuilt(records: int) -> Callable[[list[bytes]], list[bytes]]:
    """An export of another number of blind records, in itself consistent."""

    def change(lines: list[bytes]) -> list[bytes]:
        from privity.wire.accounting_format import export_blind, export_head

        leaves = [accounting_tree.leaf(bytes(32), b"%d" % place) for place in range(records)]
        head = export_head(
            "req-2026-0001", records, accounting_tree.root(leaves).hex(), json.loads(lines[0])["log_index"]
        )
        return [head, *(export_blind(place, leaf) for place, leaf in enumerate(leaves, start=1))]

    return change


def equivocate(path: Path, case: Case) -> object:
    """Another log of the same keys and size: the response's checkpoint contradicts the bundle's log."""
    other = Case(case.world, case.folder / "other", story=changed(_E.PACKAGE_ARRIVED, size=1)).build()
    for name, data in other.log.files():
        write(path / "log" / name, data)
    return None


def shorter(path: Path, case: Case) -> object:
    """The log as it was before the release: a newer response beside an older log."""
    from privity.adapters.log_files import LogFiles
    from tests.builders.evidence import export

    shutil.rmtree(path / "log")
    older = LogFiles(case.folder / "older", log_signers())
    older.publish(0, case.rows[:8])
    return export(older, path / "log")


def second_request(path: Path, case: Case) -> object:
    """A request of the same id but other lines, in place of the one that was taken in."""
    other = Case(case.world, case.folder / "other", lines=7).build()
    return write(path / "packages" / "request.zip", other.package)


for name, verdict, reason, act in (
    (
        "accounting-record-changed",
        INVALID,
        "do not lead to their stated root",
        accounting(lambda x: [x[0], x[1].replace(b'"v":1', b'"v":2'), *x[2:]]),
    ),
    ("accounting-record-dropped", INVALID, "another ordinal|ends early", accounting(lambda x: [*x[:2], *x[3:]])),
    ("accounting-record-added", INVALID, "more records than lines", accounting(lambda x: [*x, x[-1]])),
    ("accounting-records-swapped", INVALID, "another ordinal", accounting(lambda x: [x[0], x[3], x[2], x[1], *x[4:]])),
    ("accounting-truncated", INVALID, "ends early", accounting(lambda x: x[:-1])),
    ("accounting-of-other-records", INVALID, "commits to other accounting records", accounting(rebuilt(5))),
    ("accounting-of-fewer-lines", INVALID, "commits to other accounting records", accounting(rebuilt(4))),
    (
        "accounting-at-another-index",
        INVALID,
        "another log entry",
        accounting(lambda x: [x[0].replace(b'"log_index":9', b'"log_index":8'), *x[1:]]),
    ),
    (
        "accounting-of-an-unknown-request",
        INVALID,
        "another log entry|does not know",
        accounting(lambda x: [x[0].replace(b"0001", b"0002"), *x[1:]]),
    ),
    (
        "accounting-twice",
        INVALID,
        "two accounting exports",
        lambda path, case: write(path / "accounting" / "again.jsonl", case.accounting),
    ),
    (
        "bundle-with-two-responses",
        INVALID,
        "two response packages",
        lambda path, case: write(path / "packages" / "again.zip", case.response),
    ),
    ("bundle-with-another-request", INVALID, "another request", second_request),
    ("bundle-with-a-forked-log", INVALID, "contradicts the log", equivocate),
    ("bundle-with-an-older-log", INVALID, "newer log than", shorter),
    (
        "bundle-with-a-resigned-request",
        INVALID,
        "no arrival of exactly this package",
        lambda path, case: write(path / "packages" / "request.zip", case.resigned_package()),
    ),
    (
        "bundle-with-a-stray-file",
        INVALID,
        "unexpected file",
        lambda path, case: write(path / "packages" / "notes.txt", b"x"),
    ),
    ("bundle-without-log", INCOMPLETE, "holds no log", lambda path, case: shutil.rmtree(path / "log")),
    (
        "bundle-without-request",
        VALID,
        "not compared: request",
        lambda path, case: (path / "packages" / "request.zip").unlink(),
    ),
):
    SPECIMENS.append(Specimen(name, verdict, reason, bundled(act)))


# Trust


def distrusting(**changes: Any) -> Callable[[World, Path], Evidence]:
    """A sound response beside a wrong trust file."""
    return lambda world, folder: (response(world, folder)[0], world.trust(**changes))


SPECIMENS += [
    Specimen("trust-missing", INCOMPLETE, "no trust file", lambda world, folder: (response(world, folder)[0], None)),
    Specimen(
        "trust-of-another-log", INVALID, "another log than the trust file", distrusting(origin="log.other.example")
    ),
    Specimen(
        "trust-of-other-keys",
        INVALID,
        "exactly one signature",
        distrusting(log_keys=[k.verifier_key for k in log_signers(seed=2)]),
    ),
    Specimen("trust-without-keys", INVALID, "names no log keys", distrusting(log_keys=[])),
    Specimen(
        "trust-with-a-false-key-id",
        INVALID,
        "another type or id",
        distrusting(log_keys=[log_signers()[0].verifier_key.replace("+", "+0", 1)]),
    ),
    Specimen("trust-without-anchor", INVALID, "no trust anchor", distrusting(anchors=[])),
    Specimen("trust-with-unknown-field", INVALID, "exactly the expected fields", distrusting(more=1)),
    Specimen(
        "trust-of-another-authority",
        INVALID,
        "does not lead to a trusted anchor",
        lambda world, folder: (response(world, folder)[0], World.create().trust()),
    ),
    Specimen("trust-of-another-policy", INVALID, "openssl refuses", distrusting(response_policy=REQUEST_SIGNING)),
]
SPECIMENS[:] = [item for item in SPECIMENS if item.name != "signed-under-the-request-policy"]


def specimens() -> list[Specimen]:
    """The whole corpus."""
    from tests.builders import corpus_notices

    return corpus_notices.SPECIMENS


def main(target: Path) -> None:
    """Write the corpus as files."""
    world = World.create()
    for item in specimens():
        folder = target / item.name
        path, trust = item.make(world, folder / "made")
        path.rename(folder / "evidence")
        shutil.rmtree(folder / "made", ignore_errors=True)
        if trust is not None:
            write_trust(folder, trust)
        expected = {"verdict": item.verdict, "reason": item.reason}
        write(folder / "expected.json", json.dumps(expected, indent=1).encode())


if __name__ == "__main__":
    from tests.builders import corpus  # not this module, which runs under another name

    corpus.main(Path(sys.argv[1]))
