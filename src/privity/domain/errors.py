"""The one error vocabulary: every failure inside the gate carries one of these codes.

`interfaces/outcomes` is the one table from code to exit code, HTTP problem and page message.
Messages and `mend` sentences never repeat a supplied or stored value (C8).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class ErrorCode(StrEnum):
    """Closed list. The first three groups may be told to a requester; the last stays at the custodian."""

    # R: the whole request (design RULES)
    SIGNER_UNAUTHORISED = "SIGNER_UNAUTHORISED"
    SIGNATURE_INVALID = "SIGNATURE_INVALID"
    AGENCY_UNRECOGNISED = "AGENCY_UNRECOGNISED"
    OUT_OF_SCOPE = "OUT_OF_SCOPE"
    STATUTE_NOT_DESIGNATED = "STATUTE_NOT_DESIGNATED"
    PURPOSE_NOT_ALLOWED = "PURPOSE_NOT_ALLOWED"
    AGREEMENT_NOT_IN_FORCE = "AGREEMENT_NOT_IN_FORCE"
    SAFEGUARDS_UNMET = "SAFEGUARDS_UNMET"
    ON_HOLD = "ON_HOLD"
    FORMAT_INVALID = "FORMAT_INVALID"
    STALE_OR_REPLAYED = "STALE_OR_REPLAYED"
    OFFICER_IMPLAUSIBLE = "OFFICER_IMPLAUSIBLE"
    TOO_MANY_DEFECTS = "TOO_MANY_DEFECTS"
    VOLUME_EXCEEDED = "VOLUME_EXCEEDED"
    DUTIES_OVERDUE = "DUTIES_OVERDUE"
    # L: one line
    NAME_INVALID = "NAME_INVALID"
    ADDRESS_PLACEHOLDER = "ADDRESS_PLACEHOLDER"
    ADDRESS_INCOMPLETE = "ADDRESS_INCOMPLETE"
    ADDRESS_INCONSISTENT = "ADDRESS_INCONSISTENT"
    ADDRESS_INSTITUTION = "ADDRESS_INSTITUTION"
    PERIOD_INVALID = "PERIOD_INVALID"
    STATUTE_MISSING = "STATUTE_MISSING"
    ORDER_DATE_INVALID = "ORDER_DATE_INVALID"
    OFFENCE_UNSUPPORTED = "OFFENCE_UNSUPPORTED"
    REASON_GENERIC = "REASON_GENERIC"
    CASE_MISSING = "CASE_MISSING"
    OFFICER_MISSING = "OFFICER_MISSING"
    IDENTIFIER_ONLY = "IDENTIFIER_ONLY"
    ADDRESS_GUESSING = "ADDRESS_GUESSING"
    LINE_MALFORMED = "LINE_MALFORMED"
    REFERRED = "REFERRED"
    # A, V, C: answers, recipients, aftermath
    RELEASE_UNAPPROVED = "RELEASE_UNAPPROVED"
    RECEIVER_UNLISTED = "RECEIVER_UNLISTED"
    RECEIVER_CONTRACTOR = "RECEIVER_CONTRACTOR"
    ACCOUNTING_UNAVAILABLE = "ACCOUNTING_UNAVAILABLE"
    LOG_UNAVAILABLE = "LOG_UNAVAILABLE"
    # Inside the custodian's house, and at the requester's own desk
    USAGE = "USAGE"  # the command or its arguments
    NOT_FOUND = "NOT_FOUND"
    HOME_INVALID = "HOME_INVALID"  # not a home, not empty, not writable
    HOME_BUSY = "HOME_BUSY"  # another process holds the home
    HOME_FROZEN = "HOME_FROZEN"  # restored or copied: two people must reconfirm its holds
    STORAGE_FAILED = "STORAGE_FAILED"  # disk full, read-only, input/output error
    STATE_CONFLICT = "STATE_CONFLICT"  # the request is not in a state that allows this action
    ROLE_FORBIDDEN = "ROLE_FORBIDDEN"
    SAME_PERSON = "SAME_PERSON"  # a second approval by the same person or certificate
    TOO_EARLY = "TOO_EARLY"  # the answer's earliest time has not come
    KEY_INVALID = "KEY_INVALID"
    CERTIFICATE_INVALID = "CERTIFICATE_INVALID"  # path, validity, revocation, usage
    PACKAGE_INVALID = "PACKAGE_INVALID"  # container, manifest, hashes
    DECRYPTION_FAILED = "DECRYPTION_FAILED"
    AGREEMENT_INVALID = "AGREEMENT_INVALID"
    OFFICES_INVALID = "OFFICES_INVALID"
    REGISTER_INVALID = "REGISTER_INVALID"  # the extract as a whole
    REGISTER_ROW_REFUSED = "REGISTER_ROW_REFUSED"
    REGISTER_MISSING = "REGISTER_MISSING"  # no active snapshot
    RULE_SET_CHANGED = "RULE_SET_CHANGED"  # index or admitted lines made under another rule-set version
    DECOY_CONFIRMED = "DECOY_CONFIRMED"
    TRUTH_INVALID = "TRUTH_INVALID"  # the truth file of `evaluate`
    EVIDENCE_INVALID = "EVIDENCE_INVALID"  # verification found tampering
    EVIDENCE_INCOMPLETE = "EVIDENCE_INCOMPLETE"  # verification could not be completed
    INTERRUPTED = "INTERRUPTED"
    INTERNAL = "INTERNAL"


class PrivityError(Exception):
    """A failure with a stable code, a sentence that says what is wrong, and one that says what to mend.

    `details` holds machine-readable facts (counts, ordinals, rule ids), never personal data.
    """

    def __init__(
        self,
        code: ErrorCode,
        message: str,
        mend: str = "",
        details: Mapping[str, str | int | bool] | None = None,
    ) -> None:
        super().__init__(f"{code.value}: {message}")
        self.code = code
        self.message = message
        self.mend = mend
        self.details: Mapping[str, str | int | bool] = dict(details or {})

    def __reduce__(self) -> tuple[type[PrivityError], tuple[ErrorCode, str, str, Mapping[str, str | int | bool]]]:
        """Pickles whole: a worker process hands its failure to the process that waits for it."""
        return (type(self), (self.code, self.message, self.mend, self.details))
