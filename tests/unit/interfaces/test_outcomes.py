"""The one table from error code to the outside: complete, few classes, and silent about foreign exceptions."""

from __future__ import annotations

import errno

import pytest

from privity.domain.errors import ErrorCode, PrivityError
from privity.interfaces.outcomes import EXIT_CODES, MEANINGS, RESUME, TITLES, ExitCode, as_privity_error, exit_code

MARKER = "Jane Q. Marker, 12 Secret Street"


def test_every_error_code_has_an_exit_code_and_none_is_success() -> None:
    assert set(EXIT_CODES) == set(ErrorCode) == set(TITLES)
    assert ExitCode.OK not in EXIT_CODES.values()


def test_every_exit_code_has_a_meaning_and_is_reachable() -> None:
    assert set(MEANINGS) == set(ExitCode)
    assert set(EXIT_CODES.values()) | {ExitCode.OK} == set(ExitCode)


def test_the_first_four_agree_with_the_independent_verifier() -> None:
    assert [int(exit_code(code)) for code in (ErrorCode.EVIDENCE_INVALID, ErrorCode.USAGE)] == [1, 2]
    assert exit_code(ErrorCode.EVIDENCE_INCOMPLETE) == 3


def test_own_errors_pass_unchanged() -> None:
    error = PrivityError(ErrorCode.ON_HOLD, "held", "wait", {"holds": 1})
    assert as_privity_error(error) is error


@pytest.mark.parametrize(
    "foreign", [ValueError(MARKER), KeyError(MARKER), RuntimeError(MARKER, 1), AssertionError(MARKER)]
)
def test_the_unknown_becomes_internal_and_its_text_is_gone(foreign: Exception) -> None:
    shaped = as_privity_error(foreign)
    assert shaped.code is ErrorCode.INTERNAL
    assert MARKER not in f"{shaped} {shaped.message} {shaped.mend} {dict(shaped.details)}"
    assert shaped.details == {"fault": type(foreign).__name__}


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, ErrorCode.STORAGE_FAILED),
        (errno.EFBIG, ErrorCode.STORAGE_FAILED),
        (errno.EROFS, ErrorCode.STORAGE_FAILED),
        (errno.EACCES, ErrorCode.STORAGE_FAILED),
        (errno.EIO, ErrorCode.STORAGE_FAILED),
        (errno.ENOENT, ErrorCode.NOT_FOUND),
        (errno.EISDIR, ErrorCode.NOT_FOUND),
    ],
)
def test_system_errors_are_told_by_number_and_name_no_file(number: int, code: ErrorCode) -> None:
    shaped = as_privity_error(OSError(number, "text of the system", MARKER))
    assert shaped.code is code
    assert shaped.mend
    assert MARKER not in f"{shaped}{shaped.mend}{dict(shaped.details)}"


def test_an_interruption_says_how_to_go_on() -> None:
    shaped = as_privity_error(KeyboardInterrupt())
    assert (shaped.code, shaped.mend, exit_code(shaped.code)) == (ErrorCode.INTERRUPTED, RESUME, 130)
