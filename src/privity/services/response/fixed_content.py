"""The content that officers sign, fixed: its salted hash, and beside the salt what it was laid out under.

The salt is kept sealed with a digest of the persons withheld at that moment. So any change of withholdings starts the
approvals of every waiting request anew, whether or not a line of it was confirmed: the log, which is public, must not
show that a withheld person stood among the answers (C2, A09).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from privity.ports.stored import StoredRequest
from privity.ports.stores import WriteStore
from privity.services.gate import Gate
from privity.services.stored_lines import Sealer
from privity.wire.response_format import SALT_SIZE, content_hash


def fix_content(
    gate: Gate, write: WriteStore, sealer: Sealer, unsigned: Iterable[bytes], withheld: frozenset[bytes]
) -> str:
    """Draw a salt, store it sealed with the content's hash, and return the hash."""
    salt = gate.entropy.token(SALT_SIZE)
    content_sha256 = content_hash(salt, unsigned)
    write.set_content(sealer.request_id, content_sha256, sealer.seal("salt", salt + _digest(withheld)))
    return content_sha256


def content_stands(sealer: Sealer, request: StoredRequest, unsigned: Iterable[bytes]) -> bool:
    """Whether these bytes are the content whose hash is on record. Raises PrivityError DECRYPTION_FAILED."""
    salt = sealer.open("salt", request.sealed_salt)[:SALT_SIZE]
    return content_hash(salt, unsigned) == request.content_sha256


def withholdings_stand(sealer: Sealer, request: StoredRequest, withheld: frozenset[bytes]) -> bool:
    """Whether the same persons are withheld as when the content was fixed. Raises PrivityError DECRYPTION_FAILED.

    A request that goes back whole answers nothing, so that no withholding touches it.
    """
    kept = sealer.open("salt", request.sealed_salt)[SALT_SIZE:]
    return request.returned_whole or kept == _digest(withheld)


def _digest(withheld: frozenset[bytes]) -> bytes:
    """One digest of keyed references."""
    return hashlib.sha256(b"".join(hashlib.sha256(person).digest() for person in sorted(withheld))).digest()
