"""Keys in files: made once for a home, read with care, one wrapped data key for each request.

Files are 0600 below folders of 0700, owned by the running user; anything looser is refused. Secret keys are one line
that names its purpose, so that two files swapped are noticed; private keys are PEM (PKCS #8). No method hands out a
long-lived private key. Not here: certificates' trust (`cms_paths`), CMS itself (`cms`).
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from privity.adapters import primitives
from privity.adapters.file_keys_material import EcdsaLogSigner, Ed25519LogSigner, IndexKeySet, KeyedStorage
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.request import RequestId

if TYPE_CHECKING:
    from privity.ports.security import Decryptor, IndexKeys, LogSigner, SealedStorage, Signer

SECRETS = (
    "index-digest",
    "index-person",
    "index-reference",
    "accounting-digest",
    "accounting-storage",
    "probing",
    "request-wrapping",
)
LOG_KEYS = ("log-ed25519", "log-ecdsa")
RESPONSE_SIGNING, REQUEST_RECIPIENT = "response-signing", "request-recipient"
CERTIFIED_KEYS = (RESPONSE_SIGNING, REQUEST_RECIPIENT)
DEFAULT_ORIGIN = "privity.invalid/evidence-log"

_LABEL = "privity-key/1"
_ORIGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9./_-]{0,99}")
_DESTROYED = b"privity-key/1 destroyed\n"
_MEND = "Restore the home's keys folder from its backup, owned by you, files 0600 and folders 0700."


def create_keys(folder: Path, *, origin: str = DEFAULT_ORIGIN) -> None:
    """Make all keys of a home in `folder`, which must not exist yet: all of them or none.

    `origin` is the evidence log's name, in each of its signature lines. Raises PrivityError KEY_INVALID (exists
    already, or the origin has blanks or pluses), STORAGE_FAILED (disk).
    """
    if not _ORIGIN.fullmatch(origin):
        _refuse("the evidence log's origin must be a plain name, like agency.example/evidence-log")
    if folder.exists() or folder.is_symlink():
        _refuse("the keys folder exists already; keys are made once and never replaced")
    try:
        draft = Path(tempfile.mkdtemp(prefix=".keys-", dir=folder.parent))  # 0700
        try:
            _write_all(draft, origin)
            _sync_folder(draft)
            draft.rename(folder)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
        _sync_folder(folder.parent)
    except OSError as failure:
        _storage_failed(failure)


class FileKeys:
    """Implements ports KeyStore on HOME/keys, HOME/certs and HOME/request-keys."""

    def __init__(self, folder: Path, *, certificates: Path | None = None, request_keys: Path | None = None) -> None:
        """`folder` is HOME/keys; the other two lie beside it. Raises PrivityError KEY_INVALID for loose permissions."""
        self._folder = folder
        self._certificates = certificates or folder.parent / "certs"
        self._request_keys = request_keys or folder.parent / "request-keys"
        _check_private(folder, stat.S_ISDIR)
        self._secrets: dict[str, bytes] = {}

    def index_keys(self) -> IndexKeys:
        """Keys of the blind index."""
        return IndexKeySet(self._secret("index-digest"), self._secret("index-person"), self._secret("index-reference"))

    def accounting_digest(self, message: bytes) -> bytes:
        """32 bytes: HMAC-SHA-256 under the accounting key, for filing."""
        return primitives.mac(self._secret("accounting-digest"), message)

    def accounting_storage(self) -> SealedStorage:
        """Sealing under the accounting key: for the permanent records."""
        return KeyedStorage(self._secret("accounting-storage"))

    def decoy_storage(self) -> SealedStorage:
        """Sealing for what a run says of decoys, under a key derived from the index's."""
        return KeyedStorage(primitives.derive_key(self._secret("index-person"), b"privity decoys", b""))

    def create_decoy_key(self, decoy_id: str) -> SealedStorage:
        """As `create_request_key`, for one decoy."""
        return self.create_request_key(_decoy_name(decoy_id))

    def decoy_key(self, decoy_id: str) -> SealedStorage:
        """Sealing under the decoy's key. Raises PrivityError NOT_FOUND where there is none or it was destroyed."""
        return self.request_storage(_decoy_name(decoy_id))

    def destroy_decoy_key(self, decoy_id: str) -> None:
        """As `destroy_request_key`, for one decoy."""
        self.destroy_request_key(_decoy_name(decoy_id))

    def probing_digest(self, message: bytes) -> bytes:
        """16 bytes: keyed digest for the question history (L14)."""
        return primitives.mac(self._secret("probing"), message)[:16]

    def create_request_key(self, request_id: RequestId) -> SealedStorage:
        """Make, wrap and durably store a fresh data key for one request; a second call keeps the first key.

        Raises PrivityError STATE_CONFLICT where the request's key was destroyed: it never comes back.
        """
        place = self._request_file(request_id)
        try:
            self._request_keys.mkdir(mode=0o700, exist_ok=True)
            if not place.exists():
                wrapped = primitives.wrap_key(self._wrapping(request_id), primitives.random_bytes(primitives.KEY_BYTES))
                _create_durably(place, _secret_line("request", wrapped))
        except OSError as failure:
            _storage_failed(failure)
        if _read_private(place) == _DESTROYED:
            raise PrivityError(
                ErrorCode.STATE_CONFLICT,
                "the request's key was destroyed, and a destroyed key is never replaced",
                "Ask the requester to send a new request under a new request id.",
            )
        return self.request_storage(request_id)

    def request_storage(self, request_id: RequestId) -> SealedStorage:
        """Sealing under the request's key. Raises PrivityError NOT_FOUND where there is none or it was destroyed."""
        return KeyedStorage(self._request_key(request_id))

    def _request_key(self, request_id: RequestId) -> bytes:
        """The unwrapped key. Raises PrivityError NOT_FOUND, KEY_INVALID."""
        place = self._request_file(request_id)
        if not place.exists() or (line := _read_private(place)) == _DESTROYED:
            raise PrivityError(
                ErrorCode.NOT_FOUND,
                "the request's data key does not exist: it was destroyed, or never made here",
                "What lay under a destroyed key cannot be read again; the accounting remains.",
            )
        try:
            return primitives.unwrap_key(self._wrapping(request_id), _parse_secret("request", line))
        except primitives.PrimitiveError:
            _refuse("a request's wrapped key does not open: the file was changed, or belongs to another home")

    def request_key_id(self, request_id: RequestId) -> str:
        """32 hex digits: HMAC-SHA-256 of a fixed label under the key, truncated; it names the key and reveals nothing.

        Raises PrivityError as `request_storage` does.
        """
        return primitives.mac(self._request_key(request_id), b"privity request key id")[:16].hex()

    def destroy_request_key(self, request_id: RequestId) -> None:
        """Overwrite and delete the wrapped key, durably, and leave a mark so that it is never made anew. Idempotent.

        Overwriting reaches the medium only where it writes in place; backups expire on their own schedule.
        """
        place = self._request_file(request_id)
        try:
            self._request_keys.mkdir(mode=0o700, exist_ok=True)
            if place.exists() and _read_private(place) == _DESTROYED:
                return
            if not place.exists():
                _create_durably(place, _DESTROYED)
                return
            _overwrite(place)
            mark = place.with_name(f".{place.name}.destroyed")
            mark.unlink(missing_ok=True)
            _write_private(mark, _DESTROYED)
            mark.replace(place)
            _sync_folder(self._request_keys)
        except OSError as failure:
            _storage_failed(failure)

    def log_signers(self) -> Sequence[LogSigner]:
        """Ed25519 first, then ECDSA P-256."""
        from cryptography.hazmat.primitives.asymmetric import ec, ed25519

        origin = self.origin
        first, second = self._private_key("log-ed25519"), self._private_key("log-ecdsa")
        if not isinstance(first, ed25519.Ed25519PrivateKey) or not isinstance(second, ec.EllipticCurvePrivateKey):
            _refuse("a log key is not of its kind")
        return (Ed25519LogSigner(origin, first), EcdsaLogSigner(origin, second))

    @property
    def origin(self) -> str:
        """The evidence log's name."""
        origin = _read_private(self._folder / "origin").decode("ascii", "replace").strip()
        if not _ORIGIN.fullmatch(origin):
            _refuse("the evidence log's origin is not a plain name")
        return origin

    def response_signer(self) -> Signer:
        """The custodian's signing key, with the certificate (and chain) of HOME/certs/response-signing.pem."""
        from privity.adapters.cms import CmsSigner

        return CmsSigner(_read_private(self._folder / f"{RESPONSE_SIGNING}.pem"), self._certificate(RESPONSE_SIGNING))

    def request_decryptor(self) -> Decryptor:
        """The custodian's recipient key, with the certificate of HOME/certs/request-recipient.pem."""
        from privity.adapters.cms import CmsDecryptor

        return CmsDecryptor(
            _read_private(self._folder / f"{REQUEST_RECIPIENT}.pem"), self._certificate(REQUEST_RECIPIENT)
        )

    def signing_requests(self, subject: str) -> dict[str, bytes]:
        """A PKCS #10 request (PEM) for each key that needs a certificate, `subject` as common name."""
        from privity.adapters.file_keys_private import signing_request

        return {name: signing_request(_read_private(self._folder / f"{name}.pem"), subject) for name in CERTIFIED_KEYS}

    def install_certificate(self, name: str, chain: bytes) -> None:
        """Store a certificate with its chain (PEM, leaf first) for one of CERTIFIED_KEYS, if it fits the key.

        Replaces an earlier one (renewal). Raises PrivityError CERTIFICATE_INVALID where it is for another key.
        """
        from privity.adapters.file_keys_private import check_certificate_fits

        if name not in CERTIFIED_KEYS:
            _refuse("no key of that name takes a certificate")
        check_certificate_fits(_read_private(self._folder / f"{name}.pem"), chain)
        try:
            self._certificates.mkdir(mode=0o755, exist_ok=True)
            draft = self._certificates / f".{name}.draft"
            draft.unlink(missing_ok=True)
            _write_private(draft, chain)
            draft.rename(self._certificates / f"{name}.pem")
            _sync_folder(self._certificates)
        except OSError as failure:
            _storage_failed(failure)

    def _certificate(self, name: str) -> bytes:
        """The certificate and chain of one key."""
        place = self._certificates / f"{name}.pem"
        try:
            return place.read_bytes()
        except OSError:
            raise PrivityError(
                ErrorCode.CERTIFICATE_INVALID,
                f"the home has no certificate for its {name} key",
                f"Have the home's {name} certificate request signed by the authority, and install the certificate.",
            ) from None

    def _secret(self, name: str) -> bytes:
        """One secret key, read once."""
        if name not in self._secrets:
            self._secrets[name] = _parse_secret(name, _read_private(self._folder / f"{name}.key"))
        return self._secrets[name]

    def _private_key(self, name: str) -> object:
        """One private key from its PEM."""
        from cryptography.hazmat.primitives import serialization

        try:
            return serialization.load_pem_private_key(_read_private(self._folder / f"{name}.pem"), password=None)
        except (ValueError, TypeError):
            _refuse(f"the key file {name} does not hold a private key")

    def _wrapping(self, request_id: RequestId) -> bytes:
        """The key that wraps one request's key: bound to its id, so that files cannot change places."""
        return primitives.derive_key(
            self._secret("request-wrapping"), b"privity request key", request_id.encode("utf-8")
        )

    def _request_file(self, request_id: RequestId) -> Path:
        """A file name that repeats nothing of what the requester wrote (C8)."""
        return self._request_keys / (hashlib.sha256(request_id.encode("utf-8")).hexdigest()[:32] + ".key")


def _decoy_name(decoy_id: str) -> RequestId:
    """The name that a decoy's key is kept under, beside the requests': a request's id has no blank."""
    return RequestId(f"decoy {decoy_id}")


def _write_all(folder: Path, origin: str) -> None:
    """Every key file of a new home."""
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    for name in SECRETS:
        line = _secret_line(name, primitives.random_bytes(primitives.KEY_BYTES))
        _write_private(folder / f"{name}.key", line)
    makers: dict[str, Callable[[], ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey]] = {
        "log-ed25519": ed25519.Ed25519PrivateKey.generate,
        "log-ecdsa": lambda: ec.generate_private_key(ec.SECP256R1()),
        RESPONSE_SIGNING: lambda: ec.generate_private_key(ec.SECP256R1()),
        REQUEST_RECIPIENT: lambda: ec.generate_private_key(ec.SECP256R1()),
    }
    for name, make in makers.items():
        pem = make().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        _write_private(folder / f"{name}.pem", pem)
    _write_private(folder / "origin", origin.encode("ascii") + b"\n")


def _secret_line(name: str, key: bytes) -> bytes:
    """The file form of a secret key: format, purpose, hexadecimal digits."""
    return f"{_LABEL} {name} {key.hex()}\n".encode("ascii")


def _parse_secret(name: str, line: bytes) -> bytes:
    """The key of a line, if it was written for this purpose."""
    match = re.fullmatch(rb"(\S+) (\S+) ((?:[0-9a-f]{2}){32,40})\n", line)
    if not match or match[1] != _LABEL.encode() or match[2] != name.encode():
        _refuse(f"the key file for {name} is damaged, or is another key's file")
    return bytes.fromhex(match[3].decode("ascii"))


def _check_private(place: Path, kind: Callable[[int], bool]) -> None:
    """The file or folder is what it should be, ours, and closed to everyone else."""
    try:
        facts = place.lstat()
    except OSError:
        _refuse(f"the keys folder lacks {place.name}")
    if not kind(facts.st_mode):
        _refuse(f"{place.name} in the keys folder is a link or not of the right kind")
    if facts.st_uid != os.geteuid() or stat.S_IMODE(facts.st_mode) & 0o077:
        _refuse(f"{place.name} in the keys folder is open to others, or belongs to another user")


def _read_private(place: Path) -> bytes:
    """The bytes of a key file that passes `_check_private`."""
    _check_private(place, stat.S_ISREG)
    try:
        descriptor = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            return file.read(64 * 1024)
    except OSError:
        _refuse(f"{place.name} in the keys folder cannot be read")


def _write_private(place: Path, content: bytes) -> None:
    """A new file of 0600, on the disk before we return."""
    descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _create_durably(place: Path, content: bytes) -> None:
    """A whole new file or none, never over an existing one; where another process was first, its file stays."""
    draft = place.with_name(f".{place.name}.{os.getpid()}.{primitives.random_bytes(4).hex()}")
    try:
        _write_private(draft, content)
        try:
            os.link(draft, place)
        except FileExistsError:
            return
        _sync_folder(place.parent)
    finally:
        draft.unlink(missing_ok=True)


def _overwrite(place: Path) -> None:
    """Random bytes over the file's own, in place."""
    with place.open("r+b") as file:
        file.write(primitives.random_bytes(place.stat().st_size))
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Make names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _storage_failed(failure: OSError) -> NoReturn:
    """The disk refused: say so without naming paths."""
    raise PrivityError(
        ErrorCode.STORAGE_FAILED,
        f"a key could not be stored ({os.strerror(failure.errno) if failure.errno else 'unknown cause'})",
        "Free space or make the home writable, then repeat the command; nothing half-made remains.",
    ) from None


def _refuse(message: str) -> NoReturn:
    """Raise KEY_INVALID; no key material or path is repeated."""
    raise PrivityError(ErrorCode.KEY_INVALID, message, _MEND) from None
