"""The certificate of a destruction: what was destroyed, when, under which head of the log, and until when backups live.

Canonical JSON, signed by the custodian as responses are (detached CMS), with the log's proof that the destruction is
recorded. It says what stays, too. It names the key by an id that reveals nothing of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from privity.ports.stored import StoredDestruction, StoredRequest
from privity.services.accounting.account_lines import rfc3339
from privity.services.gate import Gate
from privity.wire.canonical_json import encode

CERTIFICATE_FORMAT = "privity-destruction/1"
KEPT = (
    "accounting records and filings, under the accounting key",
    "officers' approvals, under the accounting key",
    "hashes, counts, states and times of the request",
    "keyed digests of questions and open cases",
    "the evidence log",
)


@dataclass(frozen=True, slots=True)
class Certificate:
    """The certificate's files: JSON, its CMS signature, the log proof of the destruction, the log entry."""

    document: bytes
    signature: bytes
    proof: bytes
    entry: bytes
    checkpoint_size: int
    checkpoint_root: str


def certify(
    gate: Gate, request: StoredRequest, order: StoredDestruction, covered: Mapping[str, int], log_index: int
) -> Certificate:
    """Sign a certificate under the log's present head; another one may be signed later, under a later head.

    `order` has been carried out. Raises PrivityError LOG_UNAVAILABLE, KEY_INVALID, CERTIFICATE_INVALID (signing key).
    """
    at = gate.clock.now().replace(microsecond=0)
    with gate.locks.sequencer():  # one head for the proof and the document
        head = gate.log.checkpoint()
        proof, entry = gate.log.inclusion_proof(log_index), gate.log.entry(log_index)
    document = encode(
        {
            "format": CERTIFICATE_FORMAT,
            "request_id": request.request_id,
            "agreement": {
                "id": request.agreement_id,
                "version": request.agreement_version,
                "digest": request.agreement_digest,
            },
            "request_manifest_sha256": request.manifest_sha256,
            "key_id": order.key_id,
            "covered": dict(covered),
            "blobs": sum(covered.values()),
            "kept": list(KEPT),
            "intended_at": rfc3339(order.intended_at),
            "intent_index": order.intent_index,
            "destroyed_at": rfc3339(order.destroyed_at or at),
            "log_index": log_index,
            "checkpoint": {"origin": gate.log.origin, "size": head.size, "root": head.root.hex()},
            "backups_expire": order.backups_expire.isoformat(),
            "certified_at": rfc3339(at),
        }
    )
    signature = gate.keys.response_signer().sign(document, at=at)
    return Certificate(document, signature, proof, entry, head.size, head.root.hex())
