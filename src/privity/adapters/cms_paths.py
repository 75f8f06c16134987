"""Whether a certificate may be trusted for a purpose at a moment: path, validity, policy, usage, revocation.

By pyhanko-certvalidator (RFC 5280 section 6), offline, with a revocation list required for every certificate of the
path. Each cause of refusal has its own sentence, all under CERTIFICATE_INVALID. Sentences name no subject.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, NoReturn

from asn1crypto import x509

from privity.adapters.cms_certificates import (
    fingerprint,
    load_certificates,
    load_revocation_lists,
    public_key_of,
    refuse,
)
from privity.adapters.cms_der import UNREADABLE
from privity.adapters.primitives import SmallestRsa

SIGNING_USES = ("digital_signature", "non_repudiation")
RECEIVING_USES = ("key_agreement",)
_WEAK_HASHES = frozenset({"md2", "md4", "md5", "sha1", "sha224"})
_WEAK_SIGNATURES = frozenset({"dsa", "ed25519", "ed448"})


class CertificatePaths:
    """Trust anchors, intermediates and revocation lists, read once; questions asked at a moment."""

    def __init__(
        self, anchors: Sequence[bytes], intermediates: Sequence[bytes] = (), crls: Sequence[bytes] = ()
    ) -> None:
        """PEM or DER each. Raises PrivityError CERTIFICATE_INVALID where one cannot be read or no anchor is given."""
        self._anchors = load_certificates(anchors)
        self._intermediates = load_certificates(intermediates) if intermediates else []
        self._crls = load_revocation_lists(crls)
        self._shared: tuple[datetime, Any] | None = None  # see `_context`

    def check(
        self,
        certificate: x509.Certificate,
        *,
        at: datetime,
        uses: Sequence[str],
        policies: Sequence[str] = (),
        embedded: Sequence[x509.Certificate] = (),
    ) -> tuple[str, ...]:
        """The policy OIDs valid along the path (user domain, sorted) of a certificate that holds at `at`.

        `uses`: one of these key usages must be present. `policies`: all of these must be valid along the path.
        `embedded`: certificates that came along; each must lie on the path. Raises PrivityError CERTIFICATE_INVALID.
        """
        public_key_of(certificate)
        try:
            check_usage(certificate, uses)
        except UNREADABLE:
            refuse("the certificate's extensions cannot be read", "Have the certificate issued anew by its authority.")
        path = _run(self._validate(certificate, at, embedded))
        if path.leaf is None or fingerprint(path.leaf) != fingerprint(certificate):
            # Whatever is remembered of other certificates in this context, the path must end in this one.
            refuse("the certificate's path does not verify", "Have the certificate issued anew by its authority.")
        on_path = {fingerprint(each) for each in path.iter_certs(include_root=True)}
        if any(fingerprint(each) not in on_path for each in embedded):
            refuse(
                "the signature carries a certificate that is not part of the signer's path",
                "Send the signer's certificate and its issuers only.",
            )
        found = _policies(path)
        if not set(policies) <= set(found):
            refuse(
                "the certificate's path does not carry the certificate policy that this use requires",
                "Use a certificate issued for this purpose, under the policy that the agreement names.",
            )
        return found

    async def _validate(
        self, certificate: x509.Certificate, at: datetime, embedded: Sequence[x509.Certificate]
    ) -> Any:  # pyhanko_certvalidator.path.ValidationPath
        """Path building and validation; every failure of the library becomes one of our sentences."""
        from cryptography.exceptions import UnsupportedAlgorithm
        from pyhanko_certvalidator import CertificateValidator, errors

        try:
            return await CertificateValidator(
                certificate, validation_context=self._context(at, embedded)
            ).async_validate_path()
        except (errors.PathError, errors.ValidationError) as failure:
            _translate(failure, errors)
        except (*UNREADABLE, UnsupportedAlgorithm):
            refuse("the certificate's path cannot be read", "Have the certificate issued anew by its authority.")

    def _context(self, at: datetime, embedded: Sequence[x509.Certificate]) -> Any:
        """What is trusted, offline, at the moment; nothing is fetched, revocation is required.

        One context serves every certificate of one moment that brings no others along: revocation lists and issuers
        are read and verified once, not once for each of a response's thousands of recipients.
        """
        if embedded:
            return self._new_context(at, embedded)
        if self._shared is None or self._shared[0] != at:
            self._shared = (at, self._new_context(at, ()))
        return self._shared[1]

    def _new_context(self, at: datetime, embedded: Sequence[x509.Certificate]) -> Any:
        from pyhanko_certvalidator import ValidationContext
        from pyhanko_certvalidator.policy_decl import DisallowWeakAlgorithmsPolicy

        _silence()
        weak = DisallowWeakAlgorithmsPolicy(  # type: ignore[no-untyped-call]
            _WEAK_HASHES, _WEAK_SIGNATURES, SmallestRsa
        )
        return ValidationContext(
            trust_roots=list(self._anchors),
            other_certs=[*self._intermediates, *embedded],
            moment=at,
            allow_fetching=False,
            crls=list(self._crls),
            revocation_mode="require",
            algorithm_usage_policy=weak,
        )


def check_usage(certificate: x509.Certificate, uses: Sequence[str]) -> None:
    """Key usage present and right; never a certification authority's own certificate.

    Raises PrivityError CERTIFICATE_INVALID, and what asn1crypto raises on unreadable extensions (UNREADABLE).
    """
    usage = certificate.key_usage_value
    if certificate.ca:
        refuse(
            "the certificate is a certification authority's, not a person's or a system's",
            "Use an end-entity certificate.",
        )
    if usage is None or not set(uses) & set(usage.native):
        refuse(
            "the certificate's key usage does not allow what it is used for",
            "Use a signing certificate to sign, and a key-agreement certificate to receive.",
        )


def _translate(failure: Exception, errors: Any) -> NoReturn:
    """One sentence for each cause."""
    table: tuple[tuple[type[Exception], str, str], ...] = (
        (errors.RevokedError, "a certificate of the path is revoked", "Obtain a new certificate from the authority."),
        (errors.ExpiredError, "a certificate of the path has expired", "Renew the certificate."),
        (
            errors.NotYetValidError,
            "a certificate of the path is not valid yet",
            "Wait until it is valid, and check the clock of this machine.",
        ),
        (
            errors.DisallowedAlgorithmError,
            "a certificate of the path uses an algorithm or key length that is not accepted",
            "Have the certificates issued with P-256, P-384 or RSA of at least 3072 bits, and SHA-256 or longer.",
        ),
        (
            errors.InsufficientRevinfoError,
            "no current revocation list covers each certificate of the path",
            "Fetch the authorities' current revocation lists and add them to the trust store.",
        ),
        (
            errors.PathBuildingError,
            "the certificate was not issued below a trust anchor of this gate",
            "Use a certificate of the agreed authority, or have its anchor added by the gate's registrar.",
        ),
    )
    for kind, message, mend in table:
        if isinstance(failure, kind):
            refuse(message, mend)
    refuse("the certificate's path does not verify", "Have the certificate checked by the authority that issued it.")


def _policies(path: Any) -> tuple[str, ...]:
    """User-domain policy OIDs that qualify; "any policy" qualifies for none by itself."""
    qualified = path.qualified_policies() or ()
    found = {each.user_domain_policy_id for each in qualified}
    return tuple(sorted(each for each in found if each != "any_policy"))


def _run(task: Coroutine[Any, Any, Any]) -> Any:
    """Run to the end, also where the caller itself runs inside an event loop (a web door)."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(task)
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(asyncio.run, task).result()


def _silence() -> None:
    """The library's log lines name certificate subjects, who are people: they go nowhere (C8)."""
    for name in ("pyhanko", "pyhanko_certvalidator"):
        logger = logging.getLogger(name)
        logger.propagate = False
        logger.handlers = [logging.NullHandler()]
