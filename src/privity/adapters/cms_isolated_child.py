"""The child process of `cms_isolated`: limits itself, reads one question, writes one answer. No keys, no files."""

from __future__ import annotations

import base64
import json
import resource
import sys
from datetime import datetime
from typing import Any

MEMORY_BYTES = 1024 * 1024 * 1024
CPU_SECONDS = 20
LARGEST_QUESTION = 64 * 1024 * 1024


def main() -> int:
    """Exit status 0 with an answer on standard output; anything else is a refusal to the parent."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # writes no file, a pipe is none
    question = sys.stdin.buffer.read(LARGEST_QUESTION + 1)
    if len(question) > LARGEST_QUESTION:
        return 1
    sys.stdout.write(json.dumps(_answer(json.loads(question))))
    sys.stdout.flush()
    return 0


def _answer(question: dict[str, Any]) -> dict[str, Any]:
    """The verified signature, or the refusal."""
    from privity.adapters.cms_verify import CmsVerifier
    from privity.domain.errors import PrivityError

    def data(name: str) -> list[bytes]:
        return [base64.b64decode(each) for each in question[name]]

    try:
        verifier = CmsVerifier(data("anchors"), data("intermediates"), data("crls"))
        seen = verifier.verify(
            base64.b64decode(question["content"]),
            base64.b64decode(question["signature"]),
            at=datetime.fromisoformat(question["at"]),
            policies=question["policies"],
        )
    except PrivityError as refusal:
        return {"refused": refusal.code.value, "message": refusal.message, "mend": refusal.mend}
    return {
        "fingerprint": seen.signer_fingerprint,
        "certificate": base64.b64encode(seen.signer_certificate).decode("ascii"),
        "signing_time": seen.signing_time.isoformat(),
        "policies": list(seen.policies),
    }


if __name__ == "__main__":
    sys.exit(main())
