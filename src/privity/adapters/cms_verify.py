"""Verification of detached CMS signatures, in the order: limits, shape, digest, signature, certificate.

Strict: one signer, one spelling of each required attribute, no unsigned attributes, no certificate off the path. What a
partner signs with `openssl cms -sign -cades -binary -outform DER` is accepted. Refusals say SIGNATURE_INVALID for the
signature itself and CERTIFICATE_INVALID for the signer's certificate. Who may sign what is decided in `policy`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NoReturn

from asn1crypto import algos, cms, core, tsp, x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from privity.adapters import primitives
from privity.adapters.cms_certificates import fingerprint, load_certificates, public_key_of, refuse
from privity.adapters.cms_der import SIGNATURE_LIMITS, UNREADABLE, DerError, check_der
from privity.adapters.cms_paths import RECEIVING_USES, SIGNING_USES, CertificatePaths
from privity.domain.errors import ErrorCode, PrivityError
from privity.ports.security import VerifiedSignature

_DIGESTS = ("sha256", "sha384", "sha512")
_REQUIRED = ("content_type", "message_digest", "signing_time", "signing_certificate_v2")
_CLOCK_TOLERANCE = timedelta(minutes=5)
_MOST_CERTIFICATES = 6  # cross-certificates of strangers multiply the paths to try
_MEND = "Sign the package again with `privity request pack`, and send it unchanged."


@dataclass(frozen=True, slots=True)
class _Signed:
    """A signature in its parts, its shape checked, nothing verified."""

    signer: cms.SignerInfo
    digest: str
    attributes: dict[str, core.Asn1Value]
    signed_bytes: bytes
    certificate: x509.Certificate
    certificate_der: bytes  # as it came: reading values may make asn1crypto encode anew
    embedded: tuple[x509.Certificate, ...]


class CmsVerifier:
    """Implements ports SignatureVerifier."""

    def __init__(
        self,
        anchors: Sequence[bytes],
        intermediates: Sequence[bytes] = (),
        crls: Sequence[bytes] = (),
        *,
        recipient_policies: Sequence[str] = (),
    ) -> None:
        """Certificates and revocation lists in PEM or DER. `recipient_policies`: what every recipient must carry."""
        self._paths = CertificatePaths(anchors, intermediates, crls)
        self._recipient_policies = tuple(recipient_policies)

    def verify(
        self, content: bytes, signature: bytes, *, at: datetime, policies: Sequence[str] = ()
    ) -> VerifiedSignature:
        """Verify the signature, then the signer's path, usage, policies (all of them) and revocation at `at`.

        Raises PrivityError SIGNATURE_INVALID or CERTIFICATE_INVALID.
        """
        signed, signing_time = _check_signature(content, signature, at)
        found = self._paths.check(
            signed.certificate, at=at, uses=SIGNING_USES, policies=policies, embedded=signed.embedded
        )
        if not signed.certificate.not_valid_before <= signing_time <= signed.certificate.not_valid_after:
            refuse(
                "the certificate was not valid at the claimed signing time",
                "Sign again, with a correct clock and a valid certificate.",
            )
        return VerifiedSignature(
            signer_fingerprint=hashlib.sha256(signed.certificate_der).hexdigest(),
            signer_certificate=signed.certificate_der,
            signing_time=signing_time,
            policies=found,
        )

    def check_recipient(self, certificate_pem: str, *, at: datetime) -> bytes:
        """The DER of one recipient certificate whose path, validity, usage and revocation hold at `at`.

        Raises PrivityError CERTIFICATE_INVALID.
        """
        certificates = load_certificates([certificate_pem.encode("utf-8")])
        if len(certificates) != 1:
            refuse("a recipient has more than one certificate", "Give exactly one certificate for each recipient.")
        certificate = certificates[0]
        der = bytes(certificate.dump())
        if isinstance(public_key_of(certificate), rsa.RSAPublicKey):
            refuse(
                "a recipient's certificate has an RSA key, which cannot receive",
                "Use a certificate with a P-256 or P-384 key that allows key agreement.",
            )
        self._paths.check(certificate, at=at, uses=RECEIVING_USES, policies=self._recipient_policies)
        return der


def _check_signature(content: bytes, signature: bytes, at: datetime) -> tuple[_Signed, datetime]:
    """Limits, shape, digest, signature, claimed time: everything but the certificate's path.

    asn1crypto reads lazily, so whatever it raises on bad input may come at any access: all of it is one refusal.
    """
    try:
        check_der(signature, SIGNATURE_LIMITS)
        signed = _take_apart(signature)
        if signed.attributes["message_digest"].native != hashlib.new(signed.digest, content).digest():
            _refuse("the signature is over other content")
        _verify_bytes(signed)
        return signed, _signing_time(signed, at)
    except (DerError, *UNREADABLE):
        _refuse("the signature is not CMS in the form that is accepted")


def _take_apart(signature: bytes) -> _Signed:
    """RFC 5652 section 5, narrowed: detached, one signer, no unsigned attributes, no lists inside.

    The signed bytes are taken from a parse of their own: reading values may make asn1crypto encode anew.
    """
    content = cms.ContentInfo.load(signature, strict=True)
    if content["content_type"].native != "signed_data":
        _refuse("the signature is CMS, but not signed data")
    data: cms.SignedData = content["content"]
    inner = data["encap_content_info"]
    if inner["content_type"].native != "data" or inner["content"].native is not None:
        _refuse("the signature is not detached, or is over something else than plain data")
    if len(data["signer_infos"]) != 1:
        _refuse("the signature does not have exactly one signer")
    signer: cms.SignerInfo = data["signer_infos"][0]
    by_issuer = signer["sid"].name == "issuer_and_serial_number"
    if not data["version"].native == signer["version"].native == ("v1" if by_issuer else "v3"):
        _refuse("the signature's version does not fit its signer")
    digest = _digest_name(signer["digest_algorithm"])
    if [_digest_name(each) for each in data["digest_algorithms"]] != [digest]:
        _refuse("the signature names other digests than its signer")
    if len(signer["unsigned_attrs"]) or len(data["crls"]):
        _refuse("the signature carries unsigned attributes or revocation lists")
    attributes = _attributes(signer)
    embedded = _embedded(data)
    certificate, der = _signing_certificate(signer, attributes, embedded)
    untouched = cms.ContentInfo.load(signature)["content"]["signer_infos"][0]["signed_attrs"]
    return _Signed(signer, digest, attributes, untouched.untag().dump(), certificate, der, embedded)


def _attributes(signer: cms.SignerInfo) -> dict[str, core.Asn1Value]:
    """Signed attributes by name, each once with one value; the four required ones present, content type plain data."""
    found: dict[str, core.Asn1Value] = {}
    for attribute in signer["signed_attrs"]:
        kind = attribute["type"].native
        if kind in found or len(attribute["values"]) != 1:
            _refuse("a signed attribute is given twice")
        found[kind] = attribute["values"][0]
    if any(name not in found for name in _REQUIRED):
        _refuse("the signature lacks a signed attribute: content type, digest, signing time and certificate are needed")
    if found["content_type"].native != "data":
        _refuse("the signature is over something else than plain data")
    protection = found.get("cms_algorithm_protection")
    if protection is not None and (
        protection["digest_algorithm"].native != signer["digest_algorithm"].native
        or protection["signature_algorithm"].native != signer["signature_algorithm"].native
    ):
        _refuse("the signature's algorithms are not the ones that it protects")
    return found


def _embedded(data: cms.SignedData) -> tuple[x509.Certificate, ...]:
    """The certificates that came along: X.509 only, each once, a few at most."""
    choices = list(data["certificates"])
    if len(choices) > _MOST_CERTIFICATES or any(each.name != "certificate" for each in choices):
        _refuse("the signature carries too many certificates, or other things in their place")
    certificates = load_certificates([each.chosen.untag().dump() for each in choices])
    if len({fingerprint(each) for each in certificates}) != len(certificates):
        _refuse("the signature carries a certificate twice")
    return tuple(certificates)


def _signing_certificate(
    signer: cms.SignerInfo, attributes: dict[str, core.Asn1Value], embedded: Sequence[x509.Certificate]
) -> tuple[x509.Certificate, bytes]:
    """The one certificate, and its DER, that the signer identifier and the signed reference (RFC 5035) both name."""
    sid = signer["sid"]
    reference = tsp.SigningCertificateV2.load(attributes["signing_certificate_v2"].dump())["certs"][0]
    digest = _digest_name(reference["hash_algorithm"])
    expected = reference["cert_hash"].native
    encoded = [(each, bytes(each.dump())) for each in embedded]
    matching = [(each, der) for each, der in encoded if hashlib.new(digest, der).digest() == expected]
    if not matching:
        _refuse("the signature does not carry the certificate that it refers to")
    certificate, der = matching[0]
    if sid.name == "issuer_and_serial_number":
        # Byte for byte: RFC 5280's name comparison ignores case, and these bytes lie outside the signature.
        named = sid.chosen["issuer"].dump() == certificate.issuer.dump()
        named = named and sid.chosen["serial_number"].native == certificate.serial_number
    else:
        named = sid.chosen.native == certificate.key_identifier
    if not named:
        _refuse("the signature does not carry the certificate that it refers to")
    return certificate, der


def _verify_bytes(signed: _Signed) -> None:
    """The signature over the signed attributes (RFC 5652 section 5.6), with the certificate's key."""
    key = public_key_of(signed.certificate)
    algorithm: algos.SignedDigestAlgorithm = signed.signer["signature_algorithm"]
    value = signed.signer["signature"].native
    try:
        kind = algorithm.signature_algo
        if kind == "rsassa_pss":
            _check_pss(algorithm["parameters"], signed.digest)
        elif kind != "rsassa_pkcs1v15" and algorithm.hash_algo != signed.digest:
            _refuse("the signature's algorithm does not fit its digest")
        if isinstance(key, ec.EllipticCurvePublicKey) and kind == "ecdsa":
            primitives.verify_ecdsa(key, value, signed.signed_bytes, signed.digest)
            return
        if isinstance(key, rsa.RSAPublicKey) and kind in {"rsassa_pkcs1v15", "rsassa_pss"}:
            primitives.verify_rsa(key, value, signed.signed_bytes, signed.digest, pss=kind == "rsassa_pss")
            return
    except primitives.PrimitiveError:
        _refuse("the signature does not verify: the content or the signature was changed after signing")
    _refuse("the signature's algorithm does not fit the certificate's key")


def _check_pss(parameters: algos.RSASSAPSSParams, digest: str) -> None:
    """RFC 4055: one digest throughout, the salt as long as it."""
    mask = parameters["mask_gen_algorithm"]
    if (
        parameters["hash_algorithm"]["algorithm"].native != digest
        or mask["algorithm"].native != "mgf1"
        or mask["parameters"]["algorithm"].native != digest
        or parameters["salt_length"].native != hashlib.new(digest).digest_size
    ):
        _refuse("the signature's parameters do not fit its digest")


def _signing_time(signed: _Signed, at: datetime) -> datetime:
    """The claimed time, not after `at` by more than five minutes."""
    claimed: datetime = signed.attributes["signing_time"].native
    claimed = claimed.astimezone(UTC)
    if claimed > at + _CLOCK_TOLERANCE:
        _refuse("the claimed signing time lies in the future")
    return claimed


def _digest_name(algorithm: algos.DigestAlgorithm) -> str:
    """The digest's name; SHA-1 and everything else short is refused, parameters are absent or null."""
    name = str(algorithm["algorithm"].native)
    if name not in _DIGESTS or algorithm["parameters"].native is not None:
        _refuse("the signature uses a digest that is not accepted; SHA-256, SHA-384 and SHA-512 are")
    return name


def _refuse(message: str) -> NoReturn:
    """Raise SIGNATURE_INVALID; nothing of the signature is repeated."""
    raise PrivityError(ErrorCode.SIGNATURE_INVALID, message, _MEND) from None
