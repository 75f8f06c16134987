"""CMS AuthEnvelopedData (RFC 5083, 5084) to one certificate by ephemeral-static ECDH (RFC 5753), and its opening.

P-256 with the SHA-256 KDF or P-384 with the SHA-384 KDF, AES-256 key wrap, AES-256-GCM with a 128-bit tag. Stock tools
open it with `openssl cms -decrypt -inform DER -recip CERT -inkey KEY`. The length depends on the plaintext's length and
the certificate alone. The ASN.1 types are in `cms_schema`.
"""

from __future__ import annotations

from typing import NoReturn

from asn1crypto import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from privity.adapters import primitives
from privity.adapters.cms_certificates import load_certificates, public_key_of, refuse
from privity.adapters.cms_der import ENVELOPE_LIMITS, UNREADABLE, DerError, check_der
from privity.adapters.cms_large import put_in, take_out
from privity.adapters.cms_schema import (
    Algorithm,
    Envelope,
    GcmParameters,
    KeyAgreement,
    Originator,
    Recipient,
    RecipientId,
    Recipients,
    SharedInfo,
)
from privity.adapters.file_keys_private import check_certificate_fits, load_private_key
from privity.domain.errors import ErrorCode, PrivityError

_AES256_WRAP = "2.16.840.1.101.3.4.1.45"
_AES256_GCM = "2.16.840.1.101.3.4.1.46"
_SCHEMES = {  # curve -> (dhSinglePass-stdDH-*kdf-scheme, KDF digest), RFC 5753 section 7.1.4
    "secp256r1": ("1.3.132.1.11.1", "sha256"),
    "secp384r1": ("1.3.132.1.11.2", "sha384"),
}
_KDFS = dict(_SCHEMES.values())
_MOST_RECIPIENTS = 16
_MEND = "Check that the package was made for this key; ask the sender to make it again."


_AUTH_ENVELOPED = "1.2.840.113549.1.9.16.1.23"
_DATA = "1.2.840.113549.1.7.1"


class CmsEncryptor:
    """Implements ports Encryptor."""

    def encrypt(self, plaintext: bytes, recipient_certificate: bytes) -> bytes:
        """DER of AuthEnvelopedData for the certificate (DER or PEM).

        Raises PrivityError CERTIFICATE_INVALID where the certificate has no usable P-256 or P-384 key.
        """
        certificate = load_certificates([recipient_certificate])[0]
        public = public_key_of(certificate)
        if not isinstance(public, ec.EllipticCurvePublicKey):
            refuse(
                "the recipient's certificate has no elliptic key to encrypt to",
                "Use a certificate with a P-256 or P-384 key that allows key agreement.",
            )
        content_key = primitives.random_bytes(primitives.KEY_BYTES)
        nonce = primitives.random_bytes(primitives.NONCE_BYTES)
        sealed = primitives.gcm_encrypt(content_key, nonce, plaintext, b"")
        parameters = GcmParameters({"nonce": nonce, "icv_length": primitives.TAG_BYTES})
        enveloped = {
            "version": 0,
            "recipient_infos": [Recipient("kari", _wrap_to(public, certificate, content_key))],
            "content": {
                "content_type": _DATA,
                "algorithm": {"algorithm": _AES256_GCM, "parameters": parameters},
                "encrypted_content": b"",
            },
            "mac": sealed[-primitives.TAG_BYTES :],
        }
        empty = bytes(Envelope({"content_type": _AUTH_ENVELOPED, "content": enveloped}).dump())
        return put_in(empty, memoryview(sealed)[: -primitives.TAG_BYTES])


def _wrap_to(public: ec.EllipticCurvePublicKey, certificate: x509.Certificate, content_key: bytes) -> KeyAgreement:
    """The content key, wrapped for one recipient under a key agreed with a fresh ephemeral key."""
    scheme, digest = _SCHEMES[public.curve.name]
    ephemeral = ec.generate_private_key(public.curve)
    key_info = Algorithm({"algorithm": _AES256_WRAP})
    wrapping = primitives.agree_key(ephemeral, public, _shared_info(key_info, None), digest)
    return KeyAgreement(
        {
            "version": 3,
            "originator": Originator(
                "originator_key",
                {"algorithm": {"algorithm": "1.2.840.10045.2.1"}, "public_key": _encode_point(ephemeral)},
            ),
            "key_encryption_algorithm": {"algorithm": scheme, "parameters": key_info},
            "recipient_encrypted_keys": [
                {
                    "rid": RecipientId(
                        "issuer_and_serial_number",
                        {"issuer": certificate.issuer, "serial_number": certificate.serial_number},
                    ),
                    "encrypted_key": primitives.wrap_key(wrapping, content_key),
                }
            ],
        }
    )


class CmsDecryptor:
    """Implements ports Decryptor."""

    def __init__(self, key_pem: bytes, certificate_pem: bytes) -> None:
        """The private key with its certificate. Raises PrivityError KEY_INVALID or CERTIFICATE_INVALID."""
        key = load_private_key(key_pem)
        check_certificate_fits(key_pem, certificate_pem)
        if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name not in _SCHEMES:
            raise PrivityError(
                ErrorCode.KEY_INVALID, "the receiving key is not a P-256 or P-384 key", "Use the recipient's own key."
            )
        self._key = key
        self._certificate = load_certificates([certificate_pem])[0]
        self._der = bytes(self._certificate.dump())  # before anything reads values
        self._issuer = bytes(self._certificate.issuer.dump())

    @property
    def certificate(self) -> bytes:
        """DER of the recipient's certificate."""
        return self._der

    def decrypt(self, enveloped: bytes) -> bytes:
        """The plaintext, only after the tag verified. Raises PrivityError DECRYPTION_FAILED."""
        try:
            check_der(enveloped, ENVELOPE_LIMITS)
            large = take_out(enveloped)
            if large is None:
                return self._open(Envelope.load(enveloped, strict=True))
            return self._open(Envelope.load(large[0], strict=True), large[1])
        except (DerError, primitives.PrimitiveError, *UNREADABLE):
            _refuse("the encrypted part does not open: it was changed, is not for this key, or has another form")

    def _open(self, envelope: Envelope, large: memoryview | None = None) -> bytes:
        """Key agreement, unwrap, then GCM; any disagreement raises ValueError or PrimitiveError.

        `large`: the content, where it was taken out of the envelope.
        """
        data = envelope["content"]
        content, parameters = data["content"], _gcm_parameters(data["content"]["algorithm"])
        if (
            envelope["content_type"].native != _AUTH_ENVELOPED
            or data["version"].native != 0
            or content["content_type"].native != _DATA
        ):
            raise ValueError("not authenticated enveloped data")
        content_key = self._content_key(data["recipient_infos"])
        encrypted = content["encrypted_content"].native if large is None else large
        sealed = b"".join((encrypted, data["mac"].native))
        return primitives.gcm_decrypt(content_key, parameters["nonce"].native, sealed, b"")

    def _content_key(self, recipients: Recipients) -> bytes:
        """The content key from the one recipient entry that names our certificate."""
        if not 1 <= len(recipients) <= _MOST_RECIPIENTS:
            raise ValueError("no recipient, or too many")
        for recipient in recipients:
            agreement: KeyAgreement = recipient.chosen
            for entry in agreement["recipient_encrypted_keys"]:
                if self._is_ours(entry["rid"]):
                    return self._unwrap(agreement, entry["encrypted_key"].native)
        raise ValueError("not for this certificate")

    def _is_ours(self, rid: RecipientId) -> bool:
        """Whether the recipient identifier names our certificate."""
        if rid.name == "issuer_and_serial_number":
            return bool(
                rid.chosen["issuer"].dump() == self._issuer  # byte for byte: names ignore case, evidence must not
                and rid.chosen["serial_number"].native == self._certificate.serial_number
            )
        return bool(rid.chosen["subject_key_identifier"].native == self._certificate.key_identifier)

    def _unwrap(self, agreement: KeyAgreement, wrapped: bytes) -> bytes:
        """RFC 5753 section 3.1.3."""
        algorithm = agreement["key_encryption_algorithm"]
        key_info = Algorithm.load(algorithm["parameters"].dump())
        if agreement["version"].native != 3 or key_info["algorithm"].native != _AES256_WRAP:
            raise ValueError("not AES-256 key wrap")
        digest = _KDFS[algorithm["algorithm"].native]
        originator = agreement["originator"].chosen
        if originator["algorithm"]["algorithm"].native != "1.2.840.10045.2.1":
            raise ValueError("not an elliptic ephemeral key")
        if originator["public_key"].contents[:1] != b"\0":
            raise ValueError("a point is whole bytes: no unused bits")
        public = primitives.load_point(self._key.curve, originator["public_key"].native)
        shared = _shared_info(key_info, agreement["ukm"].native)
        key = primitives.unwrap_key(primitives.agree_key(self._key, public, shared, digest), wrapped)
        if len(key) != primitives.KEY_BYTES:
            raise ValueError("not a 256-bit content key")
        return key


def _gcm_parameters(algorithm: Algorithm) -> GcmParameters:
    """AES-256-GCM with a 128-bit tag and a 96-bit nonce. Raises ValueError."""
    parameters: GcmParameters = GcmParameters.load(algorithm["parameters"].dump(), strict=True)
    if algorithm["algorithm"].native != _AES256_GCM or parameters["icv_length"].native != primitives.TAG_BYTES:
        raise ValueError("not AES-256-GCM with a full tag")
    return parameters


def _shared_info(key_info: Algorithm, ukm: bytes | None) -> bytes:
    """What the key derivation binds: the wrap algorithm and the key's length in bits."""
    fields: dict[str, object] = {"key_info": key_info, "key_bits": (8 * primitives.KEY_BYTES).to_bytes(4, "big")}
    if ukm is not None:
        fields["ukm"] = ukm
    return bytes(SharedInfo(fields).dump())


def _encode_point(key: ec.EllipticCurvePrivateKey) -> bytes:
    """The public key as an uncompressed point."""
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _refuse(message: str) -> NoReturn:
    """Raise DECRYPTION_FAILED; nothing of the content is repeated."""
    raise PrivityError(ErrorCode.DECRYPTION_FAILED, message, _MEND) from None
