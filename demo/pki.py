"""A demonstration public-key infrastructure: root, two issuing authorities, revocation lists, everybody's certificates.

For demonstrations and tests only: private keys lie unprotected in a folder. It is built as a real one would be: path of
three, certificate policies, key usages, a revocation list for every authority. Names are invented.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from privity.domain.certificate_policies import CUSTODIAN_OFFICER, RECIPIENT, REQUEST_SIGNING, RESPONSE_SIGNING

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey
PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey | ed25519.Ed25519PublicKey
SIGN, AGREE = "sign", "agree"

_GIVEN = ("Avery", "Blair", "Casey", "Devon", "Emery", "Finley", "Gray", "Harper", "Indigo", "Jules", "Kit", "Logan")
_FAMILY = (
    "Alder",
    "Birch",
    "Cedar",
    "Elder",
    "Fir",
    "Hazel",
    "Juniper",
    "Larch",
    "Maple",
    "Oak",
    "Pine",
    "Rowan",
    "Yew",
)


@dataclass(frozen=True, slots=True)
class Identity:
    """One certified person or system: id, name, and where the key and certificates lie."""

    id: str
    name: str
    key: Path  # PEM, unprotected; a system whose key lies elsewhere has a path that does not exist
    certificate: Path  # PEM, the certificate alone
    chain: Path  # PEM, the certificate and its issuing authority: what a signer sends along

    @property
    def certificate_pem(self) -> str:
        """The certificate alone."""
        return self.certificate.read_text(encoding="ascii")

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate's DER, hex."""
        return fingerprint(x509.load_pem_x509_certificate(self.certificate.read_bytes()))


class Authority:
    """One certification authority: issues certificates and revocation lists. Its key stays in memory and its file."""

    def __init__(
        self, name: str, key: PrivateKey, certificate: x509.Certificate, parent: Authority | None = None
    ) -> None:
        self.name, self.key, self.certificate, self.parent = name, key, certificate, parent
        self.revoked: list[tuple[int, datetime]] = []

    @classmethod
    def root(cls, name: str, *, at: datetime, key: PrivateKey | None = None) -> Authority:
        """A self-signed trust anchor."""
        key = key or ec.generate_private_key(ec.SECP384R1())
        builder = _certificate(name, name, key.public_key(), at, timedelta(days=20 * 365))
        builder = _as_authority(builder, path_length=1)
        return cls(name, key, builder.sign(key, _digest(key)))

    def subordinate(self, name: str, policies: Sequence[str], *, at: datetime) -> Authority:
        """An issuing authority below this one, for these policies alone."""
        key = ec.generate_private_key(ec.SECP256R1())
        builder = _certificate(name, self.name, key.public_key(), at, timedelta(days=10 * 365))
        builder = _as_authority(builder, path_length=0)
        builder = builder.add_extension(_policies(policies), critical=True)
        return Authority(name, key, builder.sign(self.key, _digest(self.key)), self)

    def issue(
        self,
        name: str,
        public_key: PublicKey,
        *,
        policies: Sequence[str],
        uses: Sequence[str],
        at: datetime,
        days: int = 730,
    ) -> x509.Certificate:
        """An end-entity certificate, valid from a day before `at` for `days`. `uses`: SIGN, AGREE or both."""
        builder = _certificate(name, self.name, public_key, at - timedelta(days=1), timedelta(days=days))
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        builder = builder.add_extension(_usage(SIGN in uses, AGREE in uses), critical=True)
        if policies:
            builder = builder.add_extension(_policies(policies), critical=False)
        return builder.sign(self.key, _digest(self.key))

    def revoke(self, certificate: x509.Certificate, *, at: datetime) -> None:
        """Put a certificate on the next revocation list."""
        self.revoked.append((certificate.serial_number, at))

    def revocation_list(self, *, at: datetime, days: int = 30) -> x509.CertificateRevocationList:
        """The list as of `at`, good for `days`."""
        builder = x509.CertificateRevocationListBuilder().issuer_name(_name(self.name))
        builder = builder.last_update(at - timedelta(days=1)).next_update(at + timedelta(days=days))
        for serial, moment in self.revoked:
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(moment)
            builder = builder.add_revoked_certificate(entry.build())
        builder = builder.add_extension(x509.CRLNumber(len(self.revoked) + 1), critical=False)
        return builder.sign(self.key, _digest(self.key))


@dataclass(frozen=True, slots=True)
class DemoPki:
    """Everything that was made, by role; all files lie below `folder`."""

    folder: Path
    at: datetime
    root: Authority
    requester_authority: Authority
    custodian_authority: Authority
    holders: Mapping[str, Identity]  # office id -> who holds it
    officers: tuple[Identity, ...]
    disclosure_officers: tuple[Identity, ...]
    counsel: Identity
    registrar: Identity
    auditor: Identity

    @property
    def anchors(self) -> tuple[Path, ...]:
        """Trust anchors, PEM."""
        return (self.folder / "trust" / "anchors" / "root.pem",)

    @property
    def intermediates(self) -> tuple[Path, ...]:
        """Issuing authorities' certificates, PEM."""
        return tuple(sorted((self.folder / "trust" / "intermediates").glob("*.pem")))

    @property
    def crls(self) -> tuple[Path, ...]:
        """Revocation lists, PEM: one for each authority."""
        return tuple(sorted((self.folder / "trust" / "crls").glob("*.pem")))

    def certify_custodian_keys(self, requests: Mapping[str, bytes]) -> dict[str, bytes]:
        """Certificates with chain (PEM) for the home's own keys, from PKCS #10 requests by FileKeys' names."""
        uses = {"response-signing": (RESPONSE_SIGNING, SIGN), "request-recipient": (RECIPIENT, AGREE)}
        chains = {}
        for name, pem in requests.items():
            policy, use = uses[name]
            request = x509.load_pem_x509_csr(pem)
            if not request.is_signature_valid:
                raise ValueError("a certificate request is not signed by its own key")
            public = request.public_key()
            if not isinstance(public, ec.EllipticCurvePublicKey):
                raise ValueError("the custodian's keys are elliptic")
            certificate = self.custodian_authority.issue(
                f"Custodian {name}", public, policies=[policy], uses=[use], at=self.at
            )
            chains[name] = _chain(certificate, self.custodian_authority)
        return chains

    def write_revocation_lists(self, *, at: datetime) -> None:
        """Publish every authority's list anew, as of `at`."""
        for authority in (self.root, self.requester_authority, self.custodian_authority):
            path = self.folder / "trust" / "crls" / f"{_file_name(authority.name)}.pem"
            path.write_bytes(authority.revocation_list(at=at).public_bytes(Encoding.PEM))

    def offices(self, *, requester: str, custodian_since: datetime | None = None) -> dict[str, object]:
        """The people as data for an office register document (`privity-offices/1`); the caller writes it as YAML.

        `requester`: party id. Everybody holds their place since a year before the infrastructure was made.
        """
        since = (self.at - timedelta(days=365)).replace(microsecond=0).isoformat()
        inside = (custodian_since or self.at - timedelta(days=365)).replace(microsecond=0).isoformat()
        staff = [(one, "disclosure_officer") for one in self.disclosure_officers]
        staff += [(self.counsel, "counsel"), (self.registrar, "registrar"), (self.auditor, "auditor")]
        return {
            "format": "privity-offices/1",
            "holders": [
                {
                    "office": office,
                    "party": requester,
                    "name": one.name,
                    "since": since,
                    "acting": False,
                    "certificates": [one.fingerprint],
                }
                for office, one in self.holders.items()
            ],
            "officers": [
                {"id": one.id, "party": requester, "name": one.name, "since": since, "certificate": one.certificate_pem}
                for one in self.officers
            ],
            "custodian_officers": [
                {"id": one.id, "name": one.name, "role": role, "since": inside, "certificates": [one.fingerprint]}
                for one, role in staff
            ],
            "safeguards": [
                {"party": requester, "reviewed_on": (self.at - timedelta(days=60)).date().isoformat(), "findings": []}
            ],
        }


def create_pki(folder: Path, *, at: datetime, offices: Sequence[str], officers: int = 100) -> DemoPki:
    """Make the whole infrastructure in `folder` (created, 0700) as of `at` (aware).

    `offices`: ids of the requester's offices that may sign; each gets a holder. Officers' ids are "officer-001" and on.
    """
    at = at.astimezone(UTC).replace(microsecond=0)
    for part in ("authorities", "people", "trust/anchors", "trust/intermediates", "trust/crls"):
        (folder / part).mkdir(parents=True, exist_ok=True, mode=0o700)
    born = at - timedelta(days=2)
    root = Authority.root("Demonstration Root", at=born)
    requester = root.subordinate("Demonstration Requester Authority", [REQUEST_SIGNING, RECIPIENT], at=born)
    custodian = root.subordinate(
        "Demonstration Custodian Authority", [RESPONSE_SIGNING, CUSTODIAN_OFFICER, RECIPIENT], at=born
    )
    for authority in (root, requester, custodian):
        _write_authority(folder, authority)
    people = _People(folder / "people", at)
    pki = DemoPki(
        folder=folder,
        at=at,
        root=root,
        requester_authority=requester,
        custodian_authority=custodian,
        holders={
            office: people.make(requester, f"holder-{office}", [REQUEST_SIGNING, RECIPIENT], [SIGN, AGREE])
            for office in offices
        },
        officers=tuple(
            people.make(requester, f"officer-{number:03d}", [RECIPIENT], [AGREE]) for number in range(1, officers + 1)
        ),
        disclosure_officers=tuple(
            people.make(custodian, f"disclosure-{number}", [CUSTODIAN_OFFICER], [SIGN]) for number in (1, 2, 3)
        ),
        counsel=people.make(custodian, "counsel-1", [CUSTODIAN_OFFICER], [SIGN]),
        registrar=people.make(custodian, "registrar-1", [CUSTODIAN_OFFICER], [SIGN]),
        auditor=people.make(custodian, "auditor-1", [CUSTODIAN_OFFICER], [SIGN]),
    )
    pki.write_revocation_lists(at=at)
    return pki


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of the DER, hex."""
    return hashlib.sha256(certificate.public_bytes(Encoding.DER)).hexdigest()


class _People:
    """Gives each new person an invented name, a key and a certificate, and writes their files."""

    def __init__(self, folder: Path, at: datetime) -> None:
        self._folder, self._at, self._count = folder, at, 0

    def make(self, authority: Authority, ident: str, policies: Sequence[str], uses: Sequence[str]) -> Identity:
        """One person with a P-256 key."""
        place = self._count
        self._count += 1
        name = f"{_GIVEN[place % len(_GIVEN)]} {_FAMILY[place // len(_GIVEN) % len(_FAMILY)]}"
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = authority.issue(f"{name} ({ident})", key.public_key(), policies=policies, uses=uses, at=self._at)
        return write_identity(self._folder, ident, name, key=key, certificate=certificate, authority=authority)


def write_identity(
    folder: Path, ident: str, name: str, *, key: PrivateKey, certificate: x509.Certificate, authority: Authority
) -> Identity:
    """The files of one certified person: key (0600), certificate, chain."""
    identity = Identity(ident, name, folder / f"{ident}.key", folder / f"{ident}.pem", folder / f"{ident}-chain.pem")
    _write_key(identity.key, key)
    identity.certificate.write_bytes(certificate.public_bytes(Encoding.PEM))
    identity.chain.write_bytes(_chain(certificate, authority))
    return identity


def _chain(certificate: x509.Certificate, authority: Authority) -> bytes:
    """The certificate and its issuers below the root, PEM."""
    chain = certificate.public_bytes(Encoding.PEM)
    issuer: Authority | None = authority
    while issuer is not None and issuer.parent is not None:
        chain += issuer.certificate.public_bytes(Encoding.PEM)
        issuer = issuer.parent
    return chain


def _write_authority(folder: Path, authority: Authority) -> None:
    """The authority's key and certificate."""
    name = _file_name(authority.name)
    _write_key(folder / "authorities" / f"{name}.key", authority.key)
    place = "trust/anchors/root.pem" if authority.parent is None else f"trust/intermediates/{name}.pem"
    (folder / place).write_bytes(authority.certificate.public_bytes(Encoding.PEM))


def _write_key(path: Path, key: PrivateKey) -> None:
    """A private key, readable by its owner alone."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def _certificate(
    subject: str, issuer: str, public_key: PublicKey, since: datetime, lasting: timedelta
) -> x509.CertificateBuilder:
    """What every certificate has."""
    return (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(since + lasting)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
    )


def _as_authority(builder: x509.CertificateBuilder, *, path_length: int) -> x509.CertificateBuilder:
    """Extensions of an authority's certificate."""
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=path_length), critical=True)
    return builder.add_extension(_usage(False, False, authority=True), critical=True)


def _usage(sign: bool, agree: bool, *, authority: bool = False) -> x509.KeyUsage:
    """Key usage (RFC 5280 section 4.2.1.3)."""
    return x509.KeyUsage(
        digital_signature=sign,
        content_commitment=sign,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=agree,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def _policies(policies: Sequence[str]) -> x509.CertificatePolicies:
    """Certificate policies without qualifiers."""
    return x509.CertificatePolicies([x509.PolicyInformation(x509.ObjectIdentifier(each), None) for each in policies])


def _name(text: str) -> x509.Name:
    """A distinguished name of the demonstration."""
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Privity demonstration"),
            x509.NameAttribute(NameOID.COMMON_NAME, text),
        ]
    )


def _digest(key: PrivateKey) -> hashes.SHA256 | None:
    """Ed25519 (used only to test that it is refused) takes no digest."""
    return None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256()


def _file_name(name: str) -> str:
    """An authority's file name."""
    return name.lower().replace(" ", "-")
