"""Every cryptographic primitive that the gate uses, and no other: one small module to review, and to replace.

FIPS 140-3 algorithms throughout: HMAC-SHA-256, AES-256-GCM, AES-256 key wrap, ECDH on P-256 and P-384 with the X9.63
KDF, ECDSA, RSA-3072 and longer. Ed25519 only signs the log beside ECDSA. Signing is deterministic (RFC 6979), so that a
repeated step gives the same bytes. Not here: key files, certificates, CMS.
"""

from __future__ import annotations

import os
from _hashlib import hmac_new
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, keywrap
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.x963kdf import X963KDF

if TYPE_CHECKING:
    from _hashlib import HMAC

SigningKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
SmallestRsa, LargestRsa = 3072, 8192
NONCE_BYTES, TAG_BYTES, KEY_BYTES, BLOCK_BYTES = 12, 16, 32, 16

_HASHES: dict[str, type[hashes.HashAlgorithm]] = {
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}


class PrimitiveError(Exception):
    """A primitive refused its input: a wrong tag, an unwrap that fails, a bad signature, a key of the wrong kind."""


def random_bytes(count: int) -> bytes:
    """Bytes from the operating system's generator."""
    return os.urandom(count)


def mac(key: bytes, message: bytes) -> bytes:
    """HMAC-SHA-256 (FIPS 198-1): 32 bytes."""
    started = _keyed(key).copy()
    started.update(message)
    return started.digest()


def mac_all(key: bytes, messages: Iterable[bytes]) -> list[bytes]:
    """`mac` of each message."""
    copy = _keyed(key).copy
    made = []
    for message in messages:
        started = copy()
        started.update(message)
        made.append(started.digest())
    return made


@lru_cache(maxsize=64)
def _keyed(key: bytes) -> HMAC:
    """OpenSSL's HMAC after the key (FIPS 198-1 section 4, steps 1 to 4), to be copied: a register takes millions.

    From the module that `hmac` itself is made of: the copies of `hmac.HMAC` cost more than the digests.
    """
    if len(key) > 64:
        raise PrimitiveError("authentication keys have at most 512 bits here")
    return hmac_new(key, digestmod="sha256")


def derive_key(key: bytes, label: bytes, context: bytes) -> bytes:
    """A 32-byte key for one purpose: HMAC-SHA-256 in counter mode, one block (NIST SP 800-108r1 section 4.1)."""
    return mac(key, (1).to_bytes(4, "big") + label + b"\0" + context + (256).to_bytes(4, "big"))


@lru_cache(maxsize=16)
def _gcm(key: bytes) -> AESGCM:
    """The cipher of one key; made once, because sealing a register repeats it millions of times."""
    if len(key) != KEY_BYTES:
        raise PrimitiveError("AES keys have 256 bits here")
    return AESGCM(key)


def gcm_encrypt(key: bytes, nonce: bytes, plaintext: bytes, associated: bytes) -> bytes:
    """AES-256-GCM (NIST SP 800-38D), 96-bit nonce: ciphertext || 16-byte tag. Never repeat a nonce under one key."""
    if len(nonce) != NONCE_BYTES:
        raise PrimitiveError("GCM nonces have 96 bits here")
    return _gcm(key).encrypt(nonce, plaintext, associated)


def gcm_encrypt_all(key: bytes, plaintexts: Sequence[bytes], associated: Iterable[bytes]) -> list[bytes]:
    """nonce || ciphertext || tag of each plaintext with its own associated text; nonces are random, drawn together."""
    encrypt = _gcm(key).encrypt
    drawn = random_bytes(NONCE_BYTES * len(plaintexts))
    nonces = [drawn[at : at + NONCE_BYTES] for at in range(0, len(drawn), NONCE_BYTES)]
    return [nonce + encrypt(nonce, *one) for nonce, *one in zip(nonces, plaintexts, associated, strict=True)]


def gcm_decrypt(key: bytes, nonce: bytes, sealed: bytes, associated: bytes) -> bytes:
    """The plaintext, only after the tag verified. Raises PrimitiveError."""
    if len(nonce) != NONCE_BYTES or len(sealed) < TAG_BYTES:
        raise PrimitiveError("the sealed bytes are too short")
    try:
        return _gcm(key).decrypt(nonce, sealed, associated)
    except InvalidTag:
        raise PrimitiveError("the tag does not verify") from None


def gcm_decrypt_all(key: bytes, sealed: Sequence[bytes], associated: bytes) -> list[bytes]:
    """Plaintexts of several nonce || ciphertext || tag under one key and one associated text.

    Each only after its tag verified; raises PrimitiveError where any does not.
    """
    decrypt = _gcm(key).decrypt
    try:
        return [decrypt(one[:NONCE_BYTES], one[NONCE_BYTES:], associated) for one in sealed]
    except (InvalidTag, ValueError):  # ValueError: too short for a nonce
        raise PrimitiveError("the tag does not verify") from None


def permute_blocks(key: bytes, blocks: bytes) -> bytes:
    """AES-256 of each block of 16 bytes by itself (FIPS 197; SP 800-38A section 6.1).

    Only for blocks that all differ and that nobody chooses: equal blocks would give equal blocks.
    """
    encryptor = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305  # distinct single blocks
    return encryptor.update(blocks) + encryptor.finalize()


def restore_blocks(key: bytes, blocks: bytes) -> bytes:
    """What `permute_blocks` was given. There is no tag: the caller must know a part of each block.

    Raises PrimitiveError where the bytes are no whole blocks.
    """
    if len(blocks) % BLOCK_BYTES:
        raise PrimitiveError("the blocks are cut short")
    decryptor = Cipher(algorithms.AES(key), modes.ECB()).decryptor()  # noqa: S305  # distinct single blocks
    return decryptor.update(blocks) + decryptor.finalize()


def wrap_key(wrapping: bytes, key: bytes) -> bytes:
    """AES key wrap (NIST SP 800-38F KW, RFC 3394) under a 256-bit key."""
    return keywrap.aes_key_wrap(wrapping, key)


def unwrap_key(wrapping: bytes, wrapped: bytes) -> bytes:
    """The wrapped key. Raises PrimitiveError."""
    try:
        return keywrap.aes_key_unwrap(wrapping, wrapped)
    except (keywrap.InvalidUnwrap, ValueError):
        raise PrimitiveError("the wrapped key does not verify") from None


def agree_key(
    private: ec.EllipticCurvePrivateKey, public: ec.EllipticCurvePublicKey, shared_info: bytes, hash_name: str
) -> bytes:
    """32 bytes: ECDH (NIST SP 800-56A), then the X9.63 KDF (SEC 1 section 3.6.1) over `shared_info`."""
    if private.curve.name != public.curve.name:
        raise PrimitiveError("the two keys lie on different curves")
    secret = private.exchange(ec.ECDH(), public)
    return X963KDF(algorithm=_HASHES[hash_name](), length=KEY_BYTES, sharedinfo=shared_info).derive(secret)


def load_point(curve: ec.EllipticCurve, encoded: bytes) -> ec.EllipticCurvePublicKey:
    """A public key from its uncompressed point (SEC 1 section 2.3.4), checked to lie on the curve."""
    if encoded[:1] != b"\x04":
        raise PrimitiveError("public points are uncompressed here")
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(curve, encoded)
    except ValueError:
        raise PrimitiveError("the point is not on the curve") from None


def hash_for(key: SigningKey | ec.EllipticCurvePublicKey | rsa.RSAPublicKey) -> str:
    """The digest that a key signs with: SHA-384 for P-384, else SHA-256. Raises PrimitiveError for unusable keys."""
    if isinstance(key, ec.EllipticCurvePrivateKey | ec.EllipticCurvePublicKey):
        digests = {"secp256r1": "sha256", "secp384r1": "sha384"}
        if key.curve.name not in digests:
            raise PrimitiveError("elliptic keys lie on P-256 or P-384 here")
        return digests[key.curve.name]
    if isinstance(key, rsa.RSAPrivateKey | rsa.RSAPublicKey) and SmallestRsa <= key.key_size <= LargestRsa:
        return "sha256"
    raise PrimitiveError("keys are P-256, P-384, or RSA of 3072 to 8192 bits here")


def is_accepted(key: SigningKey | ec.EllipticCurvePublicKey | rsa.RSAPublicKey) -> bool:
    """Whether the key's curve or length is one that `hash_for` accepts."""
    try:
        hash_for(key)
    except PrimitiveError:
        return False
    return True


def sign(key: SigningKey, message: bytes) -> bytes:
    """ECDSA (DER, deterministic by RFC 6979) or RSASSA-PKCS1-v1_5 over the digest of `hash_for`."""
    digest = _HASHES[hash_for(key)]()
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(message, ec.ECDSA(digest, deterministic_signing=True))
    return key.sign(message, padding.PKCS1v15(), digest)


def verify_ecdsa(key: ec.EllipticCurvePublicKey, signature: bytes, message: bytes, hash_name: str) -> None:
    """Raises PrimitiveError where the signature does not verify."""
    try:
        key.verify(signature, message, ec.ECDSA(_HASHES[hash_name]()))
    except InvalidSignature:
        raise PrimitiveError("the signature does not verify") from None


def verify_rsa(key: rsa.RSAPublicKey, signature: bytes, message: bytes, hash_name: str, *, pss: bool) -> None:
    """RSASSA-PKCS1-v1_5 or RSASSA-PSS (salt as long as the digest). Raises PrimitiveError."""
    digest = _HASHES[hash_name]()
    scheme = padding.PSS(padding.MGF1(digest), digest.digest_size) if pss else padding.PKCS1v15()
    try:
        key.verify(signature, message, scheme, digest)
    except InvalidSignature:
        raise PrimitiveError("the signature does not verify") from None


def verify_ed25519(public: bytes, signature: bytes, message: bytes) -> None:
    """RFC 8032. Raises PrimitiveError."""
    try:
        ed25519.Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        raise PrimitiveError("the signature does not verify") from None
