"""Verifies hostile CMS in a child process with little memory and time: only the child can be exhausted or crash.

The child (`cms_isolated_child`) runs the same verifier and answers in JSON; it gets the trust store, the content and
the signature, and no key of the home. An answer that is not of the agreed form is a refusal. A child that lied could
do what a wrong verifier could: this isolates failures, it is no second opinion. Recipient certificates come from the
recorded office register and are checked in this process.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NoReturn

from privity.domain.errors import ErrorCode, PrivityError
from privity.ports.security import VerifiedSignature

CHILD_MODULE = "privity.adapters.cms_isolated_child"
WALL_SECONDS = 30
_LARGEST_ANSWER = 512 * 1024
_TOLD = {ErrorCode.SIGNATURE_INVALID.value, ErrorCode.CERTIFICATE_INVALID.value}


class IsolatedVerifier:
    """Implements ports SignatureVerifier; costs about a third of a second for each signature."""

    def __init__(
        self,
        anchors: Sequence[bytes],
        intermediates: Sequence[bytes] = (),
        crls: Sequence[bytes] = (),
        *,
        recipient_policies: Sequence[str] = (),
    ) -> None:
        """As `CmsVerifier`; the trust store is read once here too, so that its faults are told at the start."""
        from privity.adapters.cms_verify import CmsVerifier

        self._inner = CmsVerifier(anchors, intermediates, crls, recipient_policies=recipient_policies)
        self._trust = {
            "anchors": [_text(each) for each in anchors],
            "intermediates": [_text(each) for each in intermediates],
            "crls": [_text(each) for each in crls],
        }

    def verify(
        self, content: bytes, signature: bytes, *, at: datetime, policies: Sequence[str] = ()
    ) -> VerifiedSignature:
        """As `CmsVerifier.verify`. Raises PrivityError SIGNATURE_INVALID or CERTIFICATE_INVALID."""
        question = {
            **self._trust,
            "content": _text(content),
            "signature": _text(signature),
            "at": at.isoformat(),
            "policies": list(policies),
        }
        answer = _ask(json.dumps(question).encode("ascii"))
        if "refused" in answer:
            code = ErrorCode(answer["refused"]) if answer["refused"] in _TOLD else ErrorCode.SIGNATURE_INVALID
            raise PrivityError(code, str(answer["message"]), str(answer["mend"]))
        return VerifiedSignature(
            signer_fingerprint=str(answer["fingerprint"]),
            signer_certificate=base64.b64decode(answer["certificate"], validate=True),
            signing_time=datetime.fromisoformat(answer["signing_time"]),
            policies=tuple(str(each) for each in answer["policies"]),
        )

    def check_recipient(self, certificate_pem: str, *, at: datetime) -> bytes:
        """As `CmsVerifier.check_recipient`, in this process."""
        return self._inner.check_recipient(certificate_pem, at=at)


def _ask(question: bytes) -> dict[str, Any]:
    """The child's answer; whatever goes wrong with the child is one refusal."""
    command = [sys.executable, "-I", "-B", "-m", CHILD_MODULE]
    try:
        done = subprocess.run(  # noqa: S603 - fixed command; the hostile bytes go by standard input
            command, input=question, capture_output=True, check=False, timeout=WALL_SECONDS, env={}
        )
    except (subprocess.TimeoutExpired, OSError):
        _refuse()
    if done.returncode != 0 or len(done.stdout) > _LARGEST_ANSWER:
        _refuse()
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        _refuse()
    wanted = {"refused", "message", "mend"}, {"fingerprint", "certificate", "signing_time", "policies"}
    if not isinstance(answer, dict) or set(answer) not in wanted:
        _refuse()
    return answer


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _refuse() -> NoReturn:
    """The child was killed by its limits, crashed, or could not start."""
    raise PrivityError(
        ErrorCode.SIGNATURE_INVALID,
        "the signature could not be checked within the limits of memory and time",
        "Sign again with `privity request pack`; if that does not help, check that this machine can start processes.",
    ) from None
