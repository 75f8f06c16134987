"""Reading certificates and revocation lists from PEM or DER, and which public keys are accepted at all.

Decides nothing of trust: that is `cms_paths`.
"""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Sequence
from typing import NoReturn

from asn1crypto import crl, pem, x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key
from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509 import (
    DuplicateExtension,
    InvalidVersion,
    UnsupportedGeneralNameType,
    load_der_x509_certificate,
)

from privity.adapters import primitives
from privity.adapters.cms_der import CERTIFICATE_LIMITS, UNREADABLE, DerError, DerLimits, check_der
from privity.domain.errors import ErrorCode, PrivityError

_CRL_LIMITS = DerLimits(size=16 * 1024 * 1024, elements=2_000_000)
_STRICT_REFUSALS = (
    DuplicateExtension,
    InvalidVersion,
    UnsupportedGeneralNameType,
    UnsupportedAlgorithm,
    CryptographyDeprecationWarning,
)
_MEND = "Give certificates and revocation lists as the authority issued them, in PEM or DER."


def load_certificates(sources: Sequence[bytes]) -> list[x509.Certificate]:
    """Every certificate of the sources, in order; a source is one DER or any number of PEM blocks.

    Raises PrivityError CERTIFICATE_INVALID.
    """
    certificates = []
    for der in _blocks(sources, "CERTIFICATE"):
        try:
            check_der(der, CERTIFICATE_LIMITS)
            _parse_strictly(der)
            certificate = x509.Certificate.load(der, strict=True)
        except (DerError, *UNREADABLE, *_STRICT_REFUSALS):
            refuse("a certificate cannot be read", _MEND)
        certificates.append(certificate)
    if not certificates:
        refuse("there is no certificate where one is needed", _MEND)
    return certificates


def _parse_strictly(der: bytes) -> None:
    """A strict parser first: asn1crypto is lazy and lenient. What it only warns of (serial number 0) is refused too."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", CryptographyDeprecationWarning)
        _ = load_der_x509_certificate(der).extensions


def load_revocation_lists(sources: Sequence[bytes]) -> list[crl.CertificateList]:
    """Every CRL of the sources. Raises PrivityError CERTIFICATE_INVALID."""
    lists = []
    for der in _blocks(sources, "X509 CRL"):
        try:
            check_der(der, _CRL_LIMITS)
            revoked = crl.CertificateList.load(der, strict=True)
            _ = revoked.issuer.native, revoked["signature_algorithm"].native
        except (DerError, *UNREADABLE):
            refuse("a certificate revocation list cannot be read", _MEND)
        lists.append(revoked)
    return lists


def public_key_of(certificate: x509.Certificate) -> ec.EllipticCurvePublicKey | rsa.RSAPublicKey:
    """The certificate's key, if it is P-256, P-384, or RSA of 3072 bits and more.

    Raises PrivityError CERTIFICATE_INVALID; Ed25519 alone is not accepted (FIPS profile of this gate).
    """
    try:
        key = load_der_public_key(certificate.public_key.dump())
    except (*UNREADABLE, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey) or not primitives.is_accepted(key):
        refuse(
            "the certificate's key is of a kind or length that is not accepted",
            "Use a certificate with a P-256 or P-384 key, or for signatures RSA of at least 3072 bits.",
        )
    return key


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of the DER, hex."""
    return hashlib.sha256(certificate.dump()).hexdigest()


def _blocks(sources: Sequence[bytes], label: str) -> list[bytes]:
    """DER of each block with the label; other PEM blocks are refused, never skipped."""
    blocks = []
    for source in sources:
        if source[:1] == b"\x30":  # a DER sequence
            blocks.append(source)
            continue
        try:
            for kind, _, der in pem.unarmor(source, multiple=True):
                if kind != label:
                    refuse(f"a PEM file holds something else than {label}", _MEND)
                blocks.append(der)
        except (ValueError, TypeError):
            refuse("a PEM file cannot be read", _MEND)
    return blocks


def refuse(message: str, mend: str) -> NoReturn:
    """Raise CERTIFICATE_INVALID; subjects and serial numbers are never repeated."""
    raise PrivityError(ErrorCode.CERTIFICATE_INVALID, message, mend) from None
