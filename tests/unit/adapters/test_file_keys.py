"""Keys in files: made whole or not at all, closed to others, one key for each request, destroyed for good."""

from __future__ import annotations

import base64
import hashlib
import os
import pickle
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import load_der_public_key

from privity.adapters import file_keys
from privity.adapters.file_keys import FileKeys, create_keys
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.request import RequestId
from tests.builders.pki import AT, encrypt_to, pki, verifier

REQUEST, OTHER = RequestId("REQ-2026-0001"), RequestId("REQ-2026-0002")
ORIGIN = "agency.example/evidence-log"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    create_keys(tmp_path / "keys", origin=ORIGIN)
    return tmp_path


def refused(code: ErrorCode, act: Callable[[], object]) -> PrivityError:
    with pytest.raises(PrivityError) as refusal:
        act()
    assert refusal.value.code is code, refusal.value
    return refusal.value


def files(home: Path) -> list[Path]:
    return sorted(path for path in home.rglob("*") if path.is_file())


def test_files_are_private_and_all_there(home: Path) -> None:
    assert stat.S_IMODE((home / "keys").stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in files(home)} == {0o600}
    assert len(files(home)) == len(file_keys.SECRETS) + len(file_keys.LOG_KEYS) + len(file_keys.CERTIFIED_KEYS) + 1
    contents = [path.read_bytes() for path in files(home)]
    assert len(set(contents)) == len(contents)


def test_keys_are_made_once(home: Path) -> None:
    before = {path: path.read_bytes() for path in files(home)}
    refused(ErrorCode.KEY_INVALID, lambda: create_keys(home / "keys"))
    assert {path: path.read_bytes() for path in files(home)} == before
    assert not list(home.glob(".keys-*"))


def test_a_failure_half_way_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail the n-th write for every n: the folder is never half made, and the next attempt succeeds."""
    whole = file_keys._write_private
    for limit in range(12):
        calls = [0]

        def failing(place: Path, content: bytes, calls: list[int] = calls, limit: int = limit) -> None:
            calls[0] += 1
            if calls[0] > limit:
                raise OSError(28, "No space left on device")
            whole(place, content)

        monkeypatch.setattr(file_keys, "_write_private", failing)
        error = refused(ErrorCode.STORAGE_FAILED, lambda: create_keys(tmp_path / "keys"))
        assert str(tmp_path) not in str(error)
        assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr(file_keys, "_write_private", whole)
    create_keys(tmp_path / "keys")


@pytest.mark.parametrize("origin", ["", "two words", "a+b", "a\nb", "-a", "a" * 101])
def test_origins_that_a_note_cannot_carry_are_refused(tmp_path: Path, origin: str) -> None:
    refused(ErrorCode.KEY_INVALID, lambda: create_keys(tmp_path / "keys", origin=origin))
    assert not (tmp_path / "keys").exists()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_loose_permissions_are_refused(home: Path, mode: int) -> None:
    (home / "keys" / "index-digest.key").chmod(mode)
    refused(ErrorCode.KEY_INVALID, lambda: FileKeys(home / "keys").index_keys())
    (home / "keys" / "response-signing.pem").chmod(mode)
    refused(ErrorCode.KEY_INVALID, lambda: FileKeys(home / "keys").signing_requests("Custodian"))


def test_a_loose_folder_a_missing_folder_and_links_are_refused(home: Path, tmp_path: Path) -> None:
    (home / "keys").chmod(0o755)
    refused(ErrorCode.KEY_INVALID, lambda: FileKeys(home / "keys"))
    refused(ErrorCode.KEY_INVALID, lambda: FileKeys(home / "elsewhere"))
    (home / "keys").chmod(0o700)
    (tmp_path / "link").symlink_to(home / "keys")
    refused(ErrorCode.KEY_INVALID, lambda: FileKeys(tmp_path / "link"))
    (home / "keys" / "probing.key").rename(tmp_path / "moved.key")
    (home / "keys" / "probing.key").symlink_to(tmp_path / "moved.key")
    refused(ErrorCode.KEY_INVALID, lambda: FileKeys(home / "keys").probing_digest(b"x"))


def test_missing_swapped_and_damaged_keys_are_refused(home: Path) -> None:
    keys = home / "keys"
    first, second = keys / "accounting-digest.key", keys / "probing.key"
    first.write_bytes(second.read_bytes())
    refused(ErrorCode.KEY_INVALID, lambda: FileKeys(keys).accounting_digest(b"x"))
    second.write_bytes(second.read_bytes()[:-3] + b"\n")
    refused(ErrorCode.KEY_INVALID, lambda: FileKeys(keys).probing_digest(b"x"))
    second.unlink()
    refused(ErrorCode.KEY_INVALID, lambda: FileKeys(keys).probing_digest(b"x"))
    (keys / "log-ecdsa.pem").write_bytes((keys / "log-ed25519.pem").read_bytes())
    refused(ErrorCode.KEY_INVALID, lambda: FileKeys(keys).log_signers())
    (keys / "log-ecdsa.pem").write_bytes(b"rubbish")
    refused(ErrorCode.KEY_INVALID, lambda: FileKeys(keys).log_signers())


def test_index_keys(home: Path) -> None:
    keys = FileKeys(home / "keys").index_keys()
    assert -(2**63) <= keys.digest(b"point") < 2**63
    assert keys.digest(b"point") == FileKeys(home / "keys").index_keys().digest(b"point")
    assert keys.digest(b"point") != keys.digest(b"other")
    assert len(keys.person_reference("P-1")) == 16
    sealed = keys.seal_person(-5, b"record")
    assert keys.open_person(-5, sealed) == b"record"
    assert len(sealed) == 12 + 6 + 16
    for point, damaged in ((5, sealed), (-5, sealed[:-1]), (-5, b""), (-5, bytes([sealed[0] ^ 1]) + sealed[1:])):
        refused(ErrorCode.DECRYPTION_FAILED, lambda p=point, d=damaged: keys.open_person(p, d))  # type: ignore[misc]
    copy = pickle.loads(pickle.dumps(keys))
    assert copy.digest(b"point") == keys.digest(b"point")
    assert copy.open_person(-5, sealed) == b"record"


def test_printing_keys_shows_none_of_them(home: Path) -> None:
    keys = FileKeys(home / "keys")
    secrets = [path.read_bytes().split()[-1] for path in (home / "keys").glob("*.key")]
    shown = " ".join(
        repr(thing) + str(thing)
        for thing in (
            keys,
            keys.index_keys(),
            keys.accounting_storage(),
            *keys.log_signers(),
            keys.create_request_key(REQUEST),
        )
    ).encode()
    for secret in secrets:
        assert secret not in shown
        assert repr(bytes.fromhex(secret.decode())).encode()[2:20] not in shown


def test_digests_and_accounting_differ_by_purpose(home: Path) -> None:
    keys = FileKeys(home / "keys")
    assert len(keys.accounting_digest(b"x")) == 32
    assert len(keys.probing_digest(b"x")) == 16
    assert keys.accounting_digest(b"x")[:16] != keys.probing_digest(b"x")
    storage = keys.accounting_storage()
    sealed = storage.seal(b"record", b"place")
    assert storage.open(sealed, b"place") == b"record"
    refused(ErrorCode.DECRYPTION_FAILED, lambda: storage.open(sealed, b"other place"))
    assert storage.seal(b"record", b"place") != sealed


def test_request_keys_are_kept_and_bound_to_their_request(home: Path) -> None:
    keys = FileKeys(home / "keys")
    sealed = keys.create_request_key(REQUEST).seal(b"line", b"1")
    assert keys.create_request_key(REQUEST).open(sealed, b"1") == b"line"
    assert FileKeys(home / "keys").request_storage(REQUEST).open(sealed, b"1") == b"line"
    refused(ErrorCode.DECRYPTION_FAILED, lambda: keys.create_request_key(OTHER).open(sealed, b"1"))
    stored = sorted((home / "request-keys").iterdir())
    assert len(stored) == 2
    assert not [path for path in stored if "REQ" in path.name]
    stored[0].write_bytes(stored[1].read_bytes())
    outcomes = []
    for request in (REQUEST, OTHER):
        try:
            keys.request_storage(request)
            outcomes.append("opens")
        except PrivityError as error:
            outcomes.append(error.code.value)
    assert sorted(outcomes) == ["KEY_INVALID", "opens"]


def test_another_homes_wrapped_key_does_not_open(home: Path, tmp_path: Path) -> None:
    create_keys(tmp_path / "other" / "keys") if (tmp_path / "other").mkdir() is None else None
    FileKeys(tmp_path / "other" / "keys").create_request_key(REQUEST)
    keys = FileKeys(home / "keys", request_keys=tmp_path / "other" / "request-keys")
    refused(ErrorCode.KEY_INVALID, lambda: keys.request_storage(REQUEST))


def test_destroyed_keys_are_gone_for_good(home: Path) -> None:
    keys = FileKeys(home / "keys")
    keys.create_request_key(REQUEST)
    (stored,) = (home / "request-keys").iterdir()
    before = stored.read_bytes()
    for _ in range(2):
        keys.destroy_request_key(REQUEST)
        refused(ErrorCode.NOT_FOUND, lambda: keys.request_storage(REQUEST))
        refused(ErrorCode.STATE_CONFLICT, lambda: keys.create_request_key(REQUEST))
    left = b"".join(path.read_bytes() for path in (home / "request-keys").iterdir())
    assert before.split()[-1] not in left
    assert keys.create_request_key(OTHER)


def test_destroying_a_key_that_was_never_made_forbids_making_it(home: Path) -> None:
    keys = FileKeys(home / "keys")
    refused(ErrorCode.NOT_FOUND, lambda: keys.request_storage(REQUEST))
    keys.destroy_request_key(REQUEST)
    refused(ErrorCode.STATE_CONFLICT, lambda: keys.create_request_key(REQUEST))


def test_a_kill_after_overwriting_leaves_the_key_unreadable_and_destruction_repeatable(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = FileKeys(home / "keys")
    keys.create_request_key(REQUEST)
    whole = file_keys._write_private

    def killed(place: Path, content: bytes) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(file_keys, "_write_private", killed)
    with pytest.raises(KeyboardInterrupt):
        keys.destroy_request_key(REQUEST)
    monkeypatch.setattr(file_keys, "_write_private", whole)
    refused(ErrorCode.KEY_INVALID, lambda: keys.request_storage(REQUEST))
    keys.destroy_request_key(REQUEST)
    refused(ErrorCode.NOT_FOUND, lambda: keys.request_storage(REQUEST))


def test_a_full_disk_while_making_a_request_key_leaves_none(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = FileKeys(home / "keys")

    def full(place: Path, content: bytes) -> None:
        place.write_bytes(b"")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(file_keys, "_write_private", full)
    refused(ErrorCode.STORAGE_FAILED, lambda: keys.create_request_key(REQUEST))
    monkeypatch.undo()
    assert list((home / "request-keys").iterdir()) == []
    assert keys.create_request_key(REQUEST)


def test_two_processes_that_create_at_once_agree_on_one_key(home: Path) -> None:
    first, second = FileKeys(home / "keys"), FileKeys(home / "keys")
    link = os.link

    def raced(source: Path, target: Path) -> None:
        os.link = link
        second.create_request_key(REQUEST)
        link(source, target)

    os.link = raced  # type: ignore[assignment]
    try:
        sealed = first.create_request_key(REQUEST).seal(b"x", b"")
    finally:
        os.link = link
    assert second.request_storage(REQUEST).open(sealed, b"") == b"x"
    assert len(list((home / "request-keys").iterdir())) == 1


def test_log_signers_follow_signed_note(home: Path) -> None:
    first, second = FileKeys(home / "keys").log_signers()
    text = b"agency.example/evidence-log\n1\nAAAA\n"
    name, key_id, material = first.verifier_key.split("+", 2)
    raw = base64.b64decode(material)
    assert (name, key_id, raw[:1]) == (ORIGIN, first.key_id.hex(), b"\x01")
    assert first.key_id == hashlib.sha256(ORIGIN.encode() + b"\n\x01" + raw[1:]).digest()[:4]
    ed25519.Ed25519PublicKey.from_public_bytes(raw[1:]).verify(first.sign(text), text)
    name, key_id, material = second.verifier_key.split("+", 2)
    raw = base64.b64decode(material)
    assert (name, key_id, raw[:1]) == (ORIGIN, second.key_id.hex(), b"\x02")
    assert second.key_id == hashlib.sha256(raw[1:]).digest()[:4]
    public = load_der_public_key(raw[1:])
    assert isinstance(public, ec.EllipticCurvePublicKey)
    public.verify(second.sign(text), text, ec.ECDSA(hashes.SHA256()))
    assert second.sign(text) == second.sign(text)
    assert first.name == second.name == ORIGIN


def test_certificates_are_requested_installed_and_used(home: Path) -> None:
    keys = FileKeys(home / "keys")
    for act in (keys.response_signer, keys.request_decryptor):
        assert "no certificate" in refused(ErrorCode.CERTIFICATE_INVALID, act).message
    chains = pki().certify_custodian_keys(keys.signing_requests("Custodian"))
    refused(
        ErrorCode.CERTIFICATE_INVALID,
        lambda: keys.install_certificate("response-signing", chains["request-recipient"]),
    )
    refused(ErrorCode.CERTIFICATE_INVALID, lambda: keys.install_certificate("response-signing", b"rubbish"))
    refused(ErrorCode.KEY_INVALID, lambda: keys.install_certificate("log-ecdsa", chains["request-recipient"]))
    for name, chain in chains.items():
        keys.install_certificate(name, chain)
        keys.install_certificate(name, chain)
    signature = keys.response_signer().sign(b"content", at=AT)
    assert verifier().verify(b"content", signature, at=AT)
    from privity.adapters.cms import CmsEncryptor

    enveloped = CmsEncryptor().encrypt(b"lines", chains["request-recipient"])
    assert keys.request_decryptor().decrypt(enveloped) == b"lines"
    refused(ErrorCode.DECRYPTION_FAILED, lambda: keys.request_decryptor().decrypt(encrypt_to(pki().officers[0], b"x")))
