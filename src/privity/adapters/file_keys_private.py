"""Private keys from PEM, certificate requests for them, whether a certificate belongs to a key. Decides no trust."""

from __future__ import annotations

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from privity.domain.errors import ErrorCode, PrivityError


def signing_request(key_pem: bytes, subject: str) -> bytes:
    """A PKCS #10 request (PEM) for the key, `subject` as common name. Raises PrivityError KEY_INVALID."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)])
    request = x509.CertificateSigningRequestBuilder().subject_name(name)
    return request.sign(load_private_key(key_pem), hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def load_private_key(key_pem: bytes) -> ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey:
    """An elliptic or RSA private key from PEM, not encrypted. Raises PrivityError KEY_INVALID."""
    try:
        key = serialization.load_pem_private_key(key_pem, password=None)
    except (ValueError, TypeError):
        key = None
    if isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        return key
    raise PrivityError(
        ErrorCode.KEY_INVALID,
        "the key file does not hold an unencrypted elliptic-curve or RSA private key in PEM",
        "Give the PEM file (PKCS #8) of the private key, without a passphrase.",
    ) from None


def check_certificate_fits(key_pem: bytes, chain: bytes) -> None:
    """The first certificate of the chain is for this key. Raises PrivityError CERTIFICATE_INVALID."""
    public = load_private_key(key_pem).public_key()
    try:
        leaf = x509.load_pem_x509_certificates(chain)[0]
        fits = leaf.public_key() == public
    except (ValueError, IndexError):
        fits = False
    if not fits:
        raise PrivityError(
            ErrorCode.CERTIFICATE_INVALID,
            "the certificate is not for this key",
            "Give the certificate that the authority issued for this key, in PEM, followed by its chain.",
        ) from None
