"""ASN.1 types of AuthEnvelopedData with an elliptic recipient, which asn1crypto lacks. Declarations only.

Narrower than the standards where a part would lie outside the authentication tag: such a part does not parse.
"""

from __future__ import annotations

from typing import Any, ClassVar

from asn1crypto import cms, core


class Algorithm(core.Sequence):  # type: ignore[misc]
    """AlgorithmIdentifier without asn1crypto's fixed names."""

    _fields: ClassVar[Any] = [("algorithm", core.ObjectIdentifier), ("parameters", core.Any, {"optional": True})]


class GcmParameters(core.Sequence):  # type: ignore[misc]
    """RFC 5084 section 3.2."""

    _fields: ClassVar[Any] = [("nonce", core.OctetString), ("icv_length", core.Integer, {"default": 12})]


class OriginatorKey(core.Sequence):  # type: ignore[misc]
    """OriginatorPublicKey (RFC 5652 section 6.2.2)."""

    _fields: ClassVar[Any] = [("algorithm", Algorithm), ("public_key", core.OctetBitString)]


class Originator(core.Choice):  # type: ignore[misc]
    """OriginatorIdentifierOrKey: an ephemeral key is the only one accepted."""

    _alternatives: ClassVar[Any] = [("originator_key", OriginatorKey, {"implicit": 1})]


class RecipientId(core.Choice):  # type: ignore[misc]
    """KeyAgreeRecipientIdentifier."""

    _alternatives: ClassVar[Any] = [
        ("issuer_and_serial_number", cms.IssuerAndSerialNumber),
        ("r_key_id", cms.RecipientKeyIdentifier, {"implicit": 0}),
    ]


class EncryptedKey(core.Sequence):  # type: ignore[misc]
    """RecipientEncryptedKey."""

    _fields: ClassVar[Any] = [("rid", RecipientId), ("encrypted_key", core.OctetString)]


class EncryptedKeys(core.SequenceOf):  # type: ignore[misc]
    """RecipientEncryptedKeys."""

    _child_spec: ClassVar[Any] = EncryptedKey


class KeyAgreement(core.Sequence):  # type: ignore[misc]
    """KeyAgreeRecipientInfo (RFC 5652 section 6.2.2)."""

    _fields: ClassVar[Any] = [
        ("version", core.Integer),
        ("originator", Originator, {"explicit": 0}),
        ("ukm", core.OctetString, {"explicit": 1, "optional": True}),
        ("key_encryption_algorithm", Algorithm),
        ("recipient_encrypted_keys", EncryptedKeys),
    ]


class Recipient(core.Choice):  # type: ignore[misc]
    """RecipientInfo: key agreement only."""

    _alternatives: ClassVar[Any] = [("kari", KeyAgreement, {"implicit": 1})]


class Recipients(core.SetOf):  # type: ignore[misc]
    """RecipientInfos."""

    _child_spec: ClassVar[Any] = Recipient


class EncryptedContent(core.Sequence):  # type: ignore[misc]
    """EncryptedContentInfo."""

    _fields: ClassVar[Any] = [
        ("content_type", core.ObjectIdentifier),
        ("algorithm", Algorithm),
        ("encrypted_content", core.OctetString, {"implicit": 0}),
    ]


class AuthEnveloped(core.Sequence):  # type: ignore[misc]
    """AuthEnvelopedData (RFC 5083 section 2.1) without the parts that would lie outside the tag."""

    _fields: ClassVar[Any] = [
        ("version", core.Integer),
        ("recipient_infos", Recipients),
        ("content", EncryptedContent),
        ("mac", core.OctetString),
    ]


class Envelope(core.Sequence):  # type: ignore[misc]
    """ContentInfo of AuthEnvelopedData."""

    _fields: ClassVar[Any] = [("content_type", core.ObjectIdentifier), ("content", AuthEnveloped, {"explicit": 0})]


class SharedInfo(core.Sequence):  # type: ignore[misc]
    """ECC-CMS-SharedInfo (RFC 5753 section 7.2)."""

    _fields: ClassVar[Any] = [
        ("key_info", Algorithm),
        ("ukm", core.OctetString, {"explicit": 0, "optional": True}),
        ("key_bits", core.OctetString, {"explicit": 2}),
    ]
