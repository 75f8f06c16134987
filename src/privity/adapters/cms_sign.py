"""Detached CMS signatures, CAdES baseline B (ETSI EN 319 122-1): made with one private key.

What stock tools verify with `openssl cms -verify -inform DER -content FILE`. Not here: verification (`cms_verify`).
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

from asn1crypto import algos, cms, core, tsp, x509

from privity.adapters import primitives
from privity.adapters.cms_certificates import load_certificates, public_key_of
from privity.adapters.file_keys_private import check_certificate_fits, load_private_key
from privity.domain.errors import ErrorCode, PrivityError


class CmsSigner:
    """Implements ports Signer."""

    def __init__(self, key_pem: bytes, certificate_pem: bytes, chain_pem: bytes = b"") -> None:
        """A private key (PEM) with its certificate; further certificates after it, or in `chain_pem`, are sent along.

        The anchor itself is left out by the caller. Raises PrivityError KEY_INVALID, CERTIFICATE_INVALID.
        """
        self._key = load_private_key(key_pem)
        check_certificate_fits(key_pem, certificate_pem)
        self._chain = load_certificates([certificate_pem, chain_pem] if chain_pem else [certificate_pem])
        self._der = bytes(self._chain[0].dump())  # before anything reads values
        try:
            self._digest = primitives.hash_for(self._key)
        except primitives.PrimitiveError as refusal:
            raise PrivityError(
                ErrorCode.KEY_INVALID, f"the signing key cannot be used: {refusal}", "Use a P-256 or P-384 key."
            ) from None
        public_key_of(self._chain[0])

    @property
    def certificate(self) -> bytes:
        """DER of the signer's certificate."""
        return self._der

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate's DER, hex."""
        return hashlib.sha256(self.certificate).hexdigest()

    def sign(self, content: bytes, *, at: datetime) -> bytes:
        """DER of a detached CMS SignedData over `content`, signing time `at` (aware; whole seconds are kept)."""
        if at.tzinfo is None:
            raise ValueError("a signing time carries its time zone")
        attributes = self._signed_attributes(content, at.astimezone(UTC).replace(microsecond=0))
        signature = primitives.sign(self._key, attributes.dump())
        return self._signed_data(attributes, signature)

    def _signed_attributes(self, content: bytes, at: datetime) -> cms.CMSAttributes:
        """RFC 5652 section 5.3 and RFC 5035: content type, digest, time, and which certificate signs."""
        leaf = self._chain[0]
        reference = tsp.ESSCertIDv2(
            {
                "cert_hash": hashlib.sha256(self.certificate).digest(),
                "issuer_serial": {
                    "issuer": [x509.GeneralName("directory_name", leaf.issuer)],
                    "serial_number": leaf.serial_number,
                },
            }
        )
        values: list[tuple[str, Any]] = [
            ("content_type", "data"),
            ("message_digest", hashlib.new(self._digest, content).digest()),
            ("signing_time", _time(at)),
            ("signing_certificate_v2", tsp.SigningCertificateV2({"certs": [reference]})),
        ]
        return cms.CMSAttributes([cms.CMSAttribute({"type": kind, "values": [value]}) for kind, value in values])

    def _signed_data(self, attributes: cms.CMSAttributes, signature: bytes) -> bytes:
        """RFC 5652 section 5.1, one signer."""
        leaf = self._chain[0]
        digest = algos.DigestAlgorithm({"algorithm": self._digest})
        family = "rsa" if leaf.public_key.algorithm == "rsa" else "ecdsa"
        signer = cms.SignerInfo(
            {
                "version": "v1",
                "sid": cms.SignerIdentifier(
                    "issuer_and_serial_number",
                    {"issuer": leaf.issuer, "serial_number": leaf.serial_number},
                ),
                "digest_algorithm": digest,
                "signed_attrs": attributes,
                "signature_algorithm": {"algorithm": f"{self._digest}_{family}"},
                "signature": signature,
            }
        )
        signed = cms.SignedData(
            {
                "version": "v1",
                "digest_algorithms": [digest],
                "encap_content_info": {"content_type": "data"},
                "certificates": [cms.CertificateChoices("certificate", each) for each in self._chain],
                "signer_infos": [signer],
            }
        )
        return bytes(cms.ContentInfo({"content_type": "signed_data", "content": signed}).dump())


def _time(at: datetime) -> cms.Time:
    """UTCTime until 2049, then GeneralizedTime (RFC 5652 section 11.3)."""
    if at.year < 2050:
        return cms.Time("utc_time", core.UTCTime(at))
    return cms.Time("general_time", core.GeneralizedTime(at))
