"""A public-key infrastructure for tests, made once a session, and certificates that must be refused."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec, rsa

from demo.pki import (
    AGREE,
    SIGN,
    Authority,
    DemoPki,
    Identity,
    PrivateKey,
    create_pki,
    write_identity,
)
from privity.adapters.cms import CmsDecryptor, CmsEncryptor, CmsSigner, CmsVerifier
from privity.domain.certificate_policies import RECIPIENT, REQUEST_SIGNING

AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)  # the infrastructure's birthday: nothing here depends on today
OFFICES = ("department-secretary", "enforcement-director")


@cache
def pki() -> DemoPki:
    """The infrastructure that all tests of one process share. Nothing in it is ever revoked."""
    folder = Path(tempfile.mkdtemp(prefix="privity-test-pki-"))
    return create_pki(folder, at=AT, offices=OFFICES, officers=5)


def verifier(demo: DemoPki | None = None, *, crls: bool = True, intermediates: bool = True) -> CmsVerifier:
    """A verifier that trusts the infrastructure."""
    demo = demo or pki()
    return CmsVerifier(
        [path.read_bytes() for path in demo.anchors],
        [path.read_bytes() for path in demo.intermediates] if intermediates else [],
        [path.read_bytes() for path in demo.crls] if crls else [],
    )


def signer_of(identity: Identity) -> CmsSigner:
    """A signer with the identity's key and chain."""
    return CmsSigner(identity.key.read_bytes(), identity.chain.read_bytes())


def decryptor_of(identity: Identity) -> CmsDecryptor:
    """A decryptor with the identity's key and certificate."""
    return CmsDecryptor(identity.key.read_bytes(), identity.certificate.read_bytes())


def encrypt_to(identity: Identity, plaintext: bytes) -> bytes:
    """AuthEnvelopedData for the identity."""
    return CmsEncryptor().encrypt(plaintext, identity.certificate.read_bytes())


@dataclass(frozen=True)
class Odd:
    """What is unusual about a certificate; the defaults make a good one."""

    policies: tuple[str, ...] = (REQUEST_SIGNING, RECIPIENT)
    uses: tuple[str, ...] = (SIGN, AGREE)
    at: datetime = AT
    days: int = 730
    key: str = "p256"


def odd_identity(folder: Path, odd: Odd, *, authority: Authority | None = None, name: str = "odd") -> Identity:
    """A signer of the requester whose certificate is odd in the given ways."""
    authority = authority or pki().requester_authority
    key = make_key(odd.key)
    certificate = authority.issue(
        "Odd Person", key.public_key(), policies=odd.policies, uses=odd.uses, at=odd.at, days=odd.days
    )
    return write_identity(folder, name, "Odd Person", key=key, certificate=certificate, authority=authority)


@cache
def _rsa(bits: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def make_key(kind: str) -> PrivateKey:
    """A private key: p256, p384, p521, rsa2048, rsa3072."""
    if kind.startswith("rsa"):
        return _rsa(int(kind[3:]))
    curves = {"p256": ec.SECP256R1(), "p384": ec.SECP384R1(), "p521": ec.SECP521R1()}
    return ec.generate_private_key(curves[kind])


EXPIRED = Odd(at=AT - timedelta(days=400), days=365)
NOT_YET_VALID = Odd(at=AT + timedelta(days=30))
WRONG_POLICY = Odd(policies=(RECIPIENT,))
WRONG_USE = Odd(uses=(AGREE,))
