"""Comparable forms of codes and citations (statutes, case ids, officers). Says nothing of what they mean."""

from __future__ import annotations

import re

_CITATION_NOISE = re.compile(r"[\s.§,]+|\bSECTION\b|\bSEC\b")


def statute_key(citation: str) -> str:
    """A citation without blanks, dots and section signs, upper case: `8 U.S.C. § 1253(a)(1)` -> `8USC1253(A)(1)`."""
    return _CITATION_NOISE.sub("", citation.upper())


def code_key(text: str) -> str:
    """A code (case id, officer id, identifier) in upper case without blanks and separators: `a-12 / 3` -> `A123`."""
    upper = text.upper()
    return upper if upper.isalnum() else "".join(filter(str.isalnum, upper))
