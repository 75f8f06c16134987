"""The custodian's certificate, before a requester encrypts to it: against anchors, or failing these, in itself.

In itself means what needs nobody else's word: one readable end-entity certificate, valid now, whose key and key usage
allow receiving. That it is the custodian's, and that it is not revoked, only anchors and revocation lists can say.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from asn1crypto import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from privity.adapters.cms_certificates import load_certificates, public_key_of, refuse
from privity.adapters.cms_der import UNREADABLE
from privity.adapters.cms_paths import RECEIVING_USES, CertificatePaths, check_usage


def check_against_anchors(
    chain: bytes,
    anchors: Sequence[bytes],
    intermediates: Sequence[bytes],
    crls: Sequence[bytes],
    *,
    at: datetime,
    policies: Sequence[str],
) -> None:
    """The first certificate of `chain` (PEM, own first, or one DER): path, policies, usage, revocation, all at `at`.

    What follows it in the chain only helps to find the path. Raises PrivityError CERTIFICATE_INVALID.
    """
    certificate, *issuers = load_certificates([chain])
    _need_agreement(certificate)
    helping = [*intermediates, *(bytes(one.dump()) for one in issuers)]
    CertificatePaths(anchors, helping, crls).check(certificate, at=at, uses=RECEIVING_USES, policies=policies)


def check_in_itself(chain: bytes, *, at: datetime) -> None:
    """The first certificate's own dates, key and usage. Raises PrivityError CERTIFICATE_INVALID."""
    certificate = load_certificates([chain])[0]
    _need_agreement(certificate)
    try:
        check_usage(certificate, RECEIVING_USES)
        since, until = certificate.not_valid_before, certificate.not_valid_after
    except UNREADABLE:
        refuse("the recipient's certificate cannot be read", "Ask the custodian for its present certificate.")
    if not since <= at <= until:
        refuse(
            "the recipient's certificate has expired, or is not valid yet",
            "Ask the custodian for its present certificate, and check the clock of this machine.",
        )


def _need_agreement(certificate: x509.Certificate) -> None:
    if isinstance(public_key_of(certificate), rsa.RSAPublicKey):
        refuse(
            "the recipient's certificate has an RSA key, which cannot receive",
            "Use a certificate with a P-256 or P-384 key that allows key agreement.",
        )
