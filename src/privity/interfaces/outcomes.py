"""One table from error code to the outside: the exit code of a command (later also HTTP problem and page message).

Every door uses this table and no other. What is not a `PrivityError` becomes INTERNAL with its detail stripped:
an unexpected exception may carry personal data in its text, so neither the text nor a traceback ever leaves (C8).
"""

from __future__ import annotations

import errno
from collections.abc import Mapping
from enum import IntEnum

from privity.domain.errors import ErrorCode, PrivityError


class ExitCode(IntEnum):
    """How a command ends. The classes are few, so that a script can act on them; the error code says the rest."""

    OK = 0
    REFUSED = 1  # a negative verdict: a rule refused the request, or the evidence does not hold
    USAGE = 2  # the command line itself
    INCOMPLETE = 3  # no verdict: something needed to reach one is missing
    BAD_INPUT = 4  # a file or an identifier that was handed in is wrong
    STATE = 5  # right command, wrong moment: hold, freeze, missing approval, another process
    SECURITY = 6  # signature, certificate, key, role
    STORAGE = 7  # disk, permissions of the file system, log or accounting not writable
    INTERNAL = 70
    INTERRUPTED = 130


MEANINGS: Mapping[ExitCode, str] = {
    ExitCode.OK: "done",
    ExitCode.REFUSED: "a negative verdict: a rule refused the request, or the evidence does not hold",
    ExitCode.USAGE: "the command or its options are wrong",
    ExitCode.INCOMPLETE: "no verdict: something needed to reach one is missing",
    ExitCode.BAD_INPUT: "a file or an identifier that was handed in is wrong",
    ExitCode.STATE: "the right command at the wrong moment: hold, frozen home, missing approval, another process",
    ExitCode.SECURITY: "a signature, certificate, key or role does not allow it",
    ExitCode.STORAGE: "the disk, the log or the accounting cannot be written",
    ExitCode.INTERNAL: "a defect of Privity",
    ExitCode.INTERRUPTED: "interrupted; run the same command again to continue",
}

_E = ErrorCode
_X = ExitCode

EXIT_CODES: Mapping[ErrorCode, ExitCode] = {
    _E.SIGNER_UNAUTHORISED: _X.SECURITY,
    _E.SIGNATURE_INVALID: _X.SECURITY,
    _E.AGENCY_UNRECOGNISED: _X.REFUSED,
    _E.OUT_OF_SCOPE: _X.REFUSED,
    _E.STATUTE_NOT_DESIGNATED: _X.REFUSED,
    _E.PURPOSE_NOT_ALLOWED: _X.REFUSED,
    _E.AGREEMENT_NOT_IN_FORCE: _X.REFUSED,
    _E.SAFEGUARDS_UNMET: _X.REFUSED,
    _E.ON_HOLD: _X.STATE,
    _E.FORMAT_INVALID: _X.BAD_INPUT,
    _E.STALE_OR_REPLAYED: _X.REFUSED,
    _E.OFFICER_IMPLAUSIBLE: _X.REFUSED,
    _E.TOO_MANY_DEFECTS: _X.REFUSED,
    _E.VOLUME_EXCEEDED: _X.REFUSED,
    _E.DUTIES_OVERDUE: _X.REFUSED,
    _E.NAME_INVALID: _X.REFUSED,
    _E.ADDRESS_PLACEHOLDER: _X.REFUSED,
    _E.ADDRESS_INCOMPLETE: _X.REFUSED,
    _E.ADDRESS_INCONSISTENT: _X.REFUSED,
    _E.ADDRESS_INSTITUTION: _X.REFUSED,
    _E.PERIOD_INVALID: _X.REFUSED,
    _E.STATUTE_MISSING: _X.REFUSED,
    _E.ORDER_DATE_INVALID: _X.REFUSED,
    _E.OFFENCE_UNSUPPORTED: _X.REFUSED,
    _E.REASON_GENERIC: _X.REFUSED,
    _E.CASE_MISSING: _X.REFUSED,
    _E.OFFICER_MISSING: _X.REFUSED,
    _E.IDENTIFIER_ONLY: _X.REFUSED,
    _E.ADDRESS_GUESSING: _X.REFUSED,
    _E.LINE_MALFORMED: _X.REFUSED,
    _E.REFERRED: _X.REFUSED,
    _E.RELEASE_UNAPPROVED: _X.STATE,
    _E.RECEIVER_UNLISTED: _X.REFUSED,
    _E.RECEIVER_CONTRACTOR: _X.REFUSED,
    _E.ACCOUNTING_UNAVAILABLE: _X.STORAGE,
    _E.LOG_UNAVAILABLE: _X.STORAGE,
    _E.USAGE: _X.USAGE,
    _E.NOT_FOUND: _X.BAD_INPUT,
    _E.HOME_INVALID: _X.BAD_INPUT,
    _E.HOME_BUSY: _X.STATE,
    _E.HOME_FROZEN: _X.STATE,
    _E.STORAGE_FAILED: _X.STORAGE,
    _E.STATE_CONFLICT: _X.STATE,
    _E.ROLE_FORBIDDEN: _X.SECURITY,
    _E.SAME_PERSON: _X.SECURITY,
    _E.TOO_EARLY: _X.STATE,
    _E.KEY_INVALID: _X.SECURITY,
    _E.CERTIFICATE_INVALID: _X.SECURITY,
    _E.PACKAGE_INVALID: _X.BAD_INPUT,
    _E.DECRYPTION_FAILED: _X.SECURITY,
    _E.AGREEMENT_INVALID: _X.BAD_INPUT,
    _E.OFFICES_INVALID: _X.BAD_INPUT,
    _E.REGISTER_INVALID: _X.BAD_INPUT,
    _E.REGISTER_ROW_REFUSED: _X.BAD_INPUT,
    _E.REGISTER_MISSING: _X.STATE,
    _E.RULE_SET_CHANGED: _X.STATE,
    _E.DECOY_CONFIRMED: _X.STATE,
    _E.TRUTH_INVALID: _X.BAD_INPUT,
    _E.EVIDENCE_INVALID: _X.REFUSED,
    _E.EVIDENCE_INCOMPLETE: _X.INCOMPLETE,
    _E.INTERRUPTED: _X.INTERRUPTED,
    _E.INTERNAL: _X.INTERNAL,
}

TITLES: Mapping[ErrorCode, str] = {
    _E.SIGNER_UNAUTHORISED: "the signer does not hold an office that may sign (R01)",
    _E.SIGNATURE_INVALID: "the signature does not verify (R02)",
    _E.AGENCY_UNRECOGNISED: "the requester is no party of the agreement (R03)",
    _E.OUT_OF_SCOPE: "more than a confirmation is asked (R04)",
    _E.STATUTE_NOT_DESIGNATED: "the statute is not one the agreement designates (R05)",
    _E.PURPOSE_NOT_ALLOWED: "the purpose or an attestation is missing or not allowed (R06)",
    _E.AGREEMENT_NOT_IN_FORCE: "no such agreement is in force (R07)",
    _E.SAFEGUARDS_UNMET: "the recipient's safeguards are not current (R08)",
    _E.ON_HOLD: "a hold covers the request (R09)",
    _E.FORMAT_INVALID: "a file does not have the prescribed form (R10)",
    _E.STALE_OR_REPLAYED: "the request is too old, or was sent before (R11)",
    _E.OFFICER_IMPLAUSIBLE: "an officer is named in more cases than plausible (R12)",
    _E.TOO_MANY_DEFECTS: "too many lines have defects: the file goes back whole (R13)",
    _E.VOLUME_EXCEEDED: "more lines than the agreement allows (R14)",
    _E.DUTIES_OVERDUE: "an earlier duty of the requester is overdue (R15)",
    _E.NAME_INVALID: "no real full name (L01)",
    _E.ADDRESS_PLACEHOLDER: "words where an address belongs (L02)",
    _E.ADDRESS_INCOMPLETE: "not a delivery point (L03)",
    _E.ADDRESS_INCONSISTENT: "ZIP, state and city do not agree (L04)",
    _E.ADDRESS_INSTITUTION: "an institution is no home (L05)",
    _E.PERIOD_INVALID: "no named, closed, past period (L06)",
    _E.STATUTE_MISSING: "the line's statute is not one of the header (L07)",
    _E.ORDER_DATE_INVALID: "the order date is missing, unreal or too late (L08)",
    _E.OFFENCE_UNSUPPORTED: "an attestation that supports the offence is missing (L09)",
    _E.REASON_GENERIC: "the reason is empty, generic or repeated (L10)",
    _E.CASE_MISSING: "no real case, or one case for several persons (L11)",
    _E.OFFICER_MISSING: "no current officer of the roster is named (L12)",
    _E.IDENTIFIER_ONLY: "an identifier stands in place of name or address (L13)",
    _E.ADDRESS_GUESSING: "several questions about one person (L14)",
    _E.LINE_MALFORMED: "the line's data are not clean (L15)",
    _E.REFERRED: "the line waits for a human (L16)",
    _E.RELEASE_UNAPPROVED: "two different people have not approved this content (A08)",
    _E.RECEIVER_UNLISTED: "the receiver is not one the request named (V01)",
    _E.RECEIVER_CONTRACTOR: "the receiver is a contractor without safeguards (V02)",
    _E.ACCOUNTING_UNAVAILABLE: "the accounting cannot be written: nothing leaves (C01)",
    _E.LOG_UNAVAILABLE: "the evidence log cannot be written: nothing leaves (C04)",
    _E.USAGE: "the command or its options are wrong",
    _E.NOT_FOUND: "a file, request, hold or agreement does not exist",
    _E.HOME_INVALID: "the folder is no home, is not empty, or cannot be written",
    _E.HOME_BUSY: "another process works on the home",
    _E.HOME_FROZEN: "the home was restored or copied: two people must reconfirm it",
    _E.STORAGE_FAILED: "disk full, read-only, or an input/output error",
    _E.STATE_CONFLICT: "the request is not in a state that allows this",
    _E.ROLE_FORBIDDEN: "the role may not do this",
    _E.SAME_PERSON: "the same person or certificate signed before",
    _E.TOO_EARLY: "the answer's earliest time has not come",
    _E.KEY_INVALID: "a key file cannot be used",
    _E.CERTIFICATE_INVALID: "a certificate's path, validity, revocation or usage does not hold",
    _E.PACKAGE_INVALID: "the container, its manifest or a hash does not hold",
    _E.DECRYPTION_FAILED: "the bytes were not encrypted to this key, or were changed",
    _E.AGREEMENT_INVALID: "the agreement document is not valid",
    _E.OFFICES_INVALID: "the office register is not valid",
    _E.REGISTER_INVALID: "the register extract as a whole cannot be used",
    _E.REGISTER_ROW_REFUSED: "a row of the extract cannot be used (listed, never raised)",
    _E.REGISTER_MISSING: "no register snapshot is active",
    _E.RULE_SET_CHANGED: "made under another version of the normalisation rules",
    _E.DECOY_CONFIRMED: "a planted line that must not be confirmed was confirmed: nothing of the run leaves",
    _E.TRUTH_INVALID: "the truth file of `evaluate` is not valid",
    _E.EVIDENCE_INVALID: "verification found tampering",
    _E.EVIDENCE_INCOMPLETE: "verification could not be completed",
    _E.INTERRUPTED: "the command was interrupted",
    _E.INTERNAL: "a defect of Privity; its detail is withheld",
}

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_CLOSED = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})

RESUME = "Run the same command again: it continues where it stopped, and nothing is done twice."


def exit_code(code: ErrorCode) -> ExitCode:
    """The exit code of a command that ends with this error."""
    return EXIT_CODES[code]


def as_privity_error(error: BaseException) -> PrivityError:
    """Whatever was raised, as an error that may be shown: own vocabulary kept, everything else stripped.

    The text of a foreign exception is never used: only its class and, for system errors, its number decide.
    """
    if isinstance(error, PrivityError):
        return error
    if isinstance(error, KeyboardInterrupt):
        return PrivityError(ErrorCode.INTERRUPTED, "the command was interrupted", RESUME)
    if isinstance(error, OSError):
        return _system_error(error)
    if isinstance(error, MemoryError):
        return PrivityError(ErrorCode.STORAGE_FAILED, "there is not enough memory for this step", _ROOM)
    return PrivityError(
        ErrorCode.INTERNAL,
        "an unexpected fault stopped the command; its detail is withheld because it may hold personal data",
        "Run the command again. If it fails the same way, report the command, the version and this code.",
        {"fault": type(error).__name__},
    )


_ROOM = "Make room on the machine, then run the same command again."


def _system_error(error: OSError) -> PrivityError:
    """A system error by its number. File names stay out: they may hold anything."""
    if error.errno in _FULL:
        return PrivityError(ErrorCode.STORAGE_FAILED, "the disk is full; nothing was released or lost", _ROOM)
    if error.errno in _CLOSED:
        return PrivityError(
            ErrorCode.STORAGE_FAILED,
            "a file or folder may not be read or written by this user",
            "Check owner, permissions and whether the file system is mounted read-only.",
        )
    if isinstance(error, FileNotFoundError):
        return PrivityError(ErrorCode.NOT_FOUND, "a file or folder that is needed does not exist", "Check the paths.")
    if isinstance(error, IsADirectoryError | NotADirectoryError):
        return PrivityError(
            ErrorCode.NOT_FOUND, "a folder stands where a file is needed, or the reverse", "Check the paths."
        )
    return PrivityError(
        ErrorCode.STORAGE_FAILED,
        "the system refused to read or write",
        "Check the disk, then run the same command again.",
        {"errno": error.errno or 0},
    )
