"""Canonical JSON (RFC 8785), restricted to integers, strings, booleans, null, arrays and objects.

Floats are refused on both sides, so that number formatting (RFC 8785 section 3.2.2.3) never matters: an integer within
IEEE 754's exact range is written alike by everyone. One value has one form; `decode_strict` accepts only that.
This file knows nothing of what the values mean.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import NoReturn

from privity.domain.errors import ErrorCode, PrivityError

JsonValue = None | bool | int | str | Sequence["JsonValue"] | Mapping[str, "JsonValue"]

LARGEST_INTEGER = 2**53 - 1  # RFC 8785 section 3.2.2.3 with RFC 7493 section 2.2 (I-JSON)
DEPTH_LIMIT = 32
SIZE_LIMIT = 4 * 1024 * 1024

# A string that never ends is one token too: else each quote in it would be tried anew, in quadratic time.
_TOKENS = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|[\[{]+|[\]}]+', re.DOTALL)
_MEND = "Write the document as canonical JSON (RFC 8785), with whole numbers only."


def encode(value: JsonValue, *, depth_limit: int = DEPTH_LIMIT) -> bytes:
    """The canonical UTF-8 bytes of `value` (RFC 8785 section 3.2).

    Raises TypeError for a type outside the restricted set (a programmer's mistake), ValueError for an integer beyond
    plus or minus 2**53 - 1, a lone surrogate, or nesting deeper than `depth_limit`.
    """
    pieces: list[str] = []
    _write(value, pieces, depth_limit)
    return "".join(pieces).encode("utf-8")  # strict: UnicodeEncodeError (a ValueError) on lone surrogates


def decode_strict(
    document: bytes,
    *,
    size_limit: int = SIZE_LIMIT,
    depth_limit: int = DEPTH_LIMIT,
    code: ErrorCode = ErrorCode.FORMAT_INVALID,
) -> JsonValue:
    """The value of a canonical document; anything that is not byte for byte canonical is refused.

    Limits are applied before parsing. Raises PrivityError with `code`; the message never repeats the document.
    """
    if len(document) > size_limit:
        _refuse(code, f"the JSON document is larger than {size_limit} bytes")
    if _depth(document) > depth_limit:
        _refuse(code, f"the JSON document is nested deeper than {depth_limit} levels")
    try:
        value: JsonValue = json.loads(
            document.decode("utf-8"),
            object_pairs_hook=_unique,
            parse_float=_no_float,
            parse_constant=_no_float,
            parse_int=_bounded_integer,
        )
        canonical = encode(value, depth_limit=depth_limit)
    except (ValueError, RecursionError):
        _refuse(code, "the document is not JSON of the restricted kind (whole numbers, unique keys, UTF-8)")
    if canonical != document:
        _refuse(code, "the JSON document is not in canonical form")
    return value


def _write(value: JsonValue, pieces: list[str], depth: int) -> None:
    """Append the canonical text of `value`."""
    if value is None or isinstance(value, bool):
        pieces.append({None: "null", True: "true", False: "false"}[value])
    elif isinstance(value, int):
        if abs(value) > LARGEST_INTEGER:
            raise ValueError("an integer lies outside the range that JSON carries exactly")
        pieces.append(str(int(value)))
    elif isinstance(value, str):
        pieces.append(_string(value))
    elif depth <= 0:
        raise ValueError("the value is nested too deeply")
    elif isinstance(value, Mapping):
        _write_object(value, pieces, depth)
    elif isinstance(value, list | tuple):
        for place, item in enumerate(value):
            pieces.append("," if place else "[")
            _write(item, pieces, depth - 1)
        pieces.append("]" if value else "[]")
    else:
        raise TypeError(f"canonical JSON has no form for {type(value).__name__}")


def _write_object(value: Mapping[str, JsonValue], pieces: list[str], depth: int) -> None:
    """Append an object, its keys ordered by UTF-16 code units (RFC 8785 section 3.2.3)."""
    for key in value:
        if not isinstance(key, str):
            raise TypeError("canonical JSON objects have text keys only")
    for place, key in enumerate(sorted(value, key=lambda name: name.encode("utf-16-be"))):
        pieces.append("," if place else "{")
        pieces.append(_string(key))
        pieces.append(":")
        _write(value[key], pieces, depth - 1)
    pieces.append("}" if value else "{}")


def _string(text: str) -> str:
    """RFC 8785 section 3.2.2.2; Python's own escapes are the same (lower-case hex, short forms, nothing else)."""
    return json.dumps(str(text), ensure_ascii=False)


def _depth(document: bytes) -> int:
    """Greatest nesting of brackets outside strings, in one pass and without recursion."""
    deepest = current = 0
    for token in _TOKENS.finditer(document):
        first = document[token.start()]
        if first in b"[{":
            current += token.end() - token.start()
            deepest = max(deepest, current)
        elif first in b"]}":
            current -= token.end() - token.start()
    return deepest


def _unique(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    """An object; a key given twice is refused."""
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("duplicate key")
    return value


def _no_float(_text: str) -> NoReturn:
    """Refuse fractions, exponents, NaN and the infinities."""
    raise ValueError("not a whole number")


def _bounded_integer(text: str) -> int:
    """A whole number of at most 16 digits and a sign (longer ones cannot be within range)."""
    if len(text) > 17:
        raise ValueError("number too long")
    return int(text)


def _refuse(code: ErrorCode, message: str) -> NoReturn:
    """Raise without repeating anything of the document."""
    raise PrivityError(code, message, _MEND) from None
