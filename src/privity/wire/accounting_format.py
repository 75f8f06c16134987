"""The permanent record of one line, as canonical JSON; how records are stored, filed and exported.

A record says when, to whom, under which authority, agreement, purpose and case, and what was answered; it carries the
supplied name, so that the person it speaks of can be found. It never carries an address. Pure: no keys here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from json.encoder import encode_basestring

from privity.domain.answer import Answer
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.personal import Masked
from privity.domain.request import SuppliedName
from privity.wire.canonical_json import JsonValue, decode_strict, encode

FORMAT = "privity-accounting/1"
RECORD_VERSION = 1
NONCE_SIZE = 32
_WORD = re.compile(r"[^\W\d_]+")
_text = encode_basestring  # RFC 8785 section 3.2.2.2, as `canonical_json` writes strings


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """What every record of one request shares. Moments are RFC 3339 text, UTC, whole seconds."""

    request_id: str
    agreement_id: str
    agreement_version: int
    agreement_digest: str
    requester: str
    office: str
    signer: str  # SHA-256 of the signatory's certificate, hex
    authority: str
    statutes: tuple[str, ...]
    purpose: str
    received_at: str
    accounted_at: str


@dataclass(frozen=True, slots=True, repr=False)
class LineFacts(Masked):
    """What one record adds."""

    ordinal: int
    line_id: str
    name: SuppliedName
    birth_date: str
    identifier: str
    case_id: str
    officer: str
    recipient: str  # SHA-256 of the certificate the row was encrypted to, hex; "" where nothing was sent
    answer: Answer | None
    code: ErrorCode | None
    person: str  # hex of the confirmed person's keyed reference; ""


def record_bytes(request: RequestFacts, line: LineFacts) -> bytes:
    """The canonical record of one line (RFC 8785)."""
    return RecordForm(request).fill(line)


class RecordForm:
    """The canonical record of each line of one request: what all share is encoded once, here."""

    def __init__(self, request: RequestFacts) -> None:
        shared: dict[str, JsonValue] = {
            "v": RECORD_VERSION,
            "request_id": request.request_id,
            "agreement": {
                "id": request.agreement_id,
                "version": request.agreement_version,
                "digest": request.agreement_digest,
            },
            "requester": request.requester,
            "office": request.office,
            "signer": request.signer,
            "authority": request.authority,
            "statutes": list(request.statutes),
            "purpose": request.purpose,
            "received_at": request.received_at,
            "accounted_at": request.accounted_at,
        }
        members = {key: encode({key: value})[1:-1].decode() for key, value in shared.items()}
        members |= {key: f"{_text(key)}:%s" for key in _OWN}
        escaped = {key: member if key in _OWN else member.replace("%", "%%") for key, member in members.items()}
        self._form = "{" + ",".join(escaped[key] for key in sorted(escaped)) + "}"  # ASCII keys: RFC 8785 order

    def fill(self, line: LineFacts) -> bytes:
        """The record of one line."""
        values = (
            _text("" if line.answer is None else line.answer.value),
            _text(_sound(line.birth_date)),
            _text(_sound(line.case_id)),
            _text("" if line.code is None else line.code.value),
            _text(_sound(line.identifier)),
            _text(_sound(line.line_id)),
            _name_text(line.name),
            _text(_sound(line.officer)),
            line.ordinal,
            _text(line.person),
            _text(line.recipient),
        )
        return (self._form % values).encode("utf-8")


_OWN = ("answer", "birth_date", "case_id", "code", "identifier", "line_id", "name", "officer", "ordinal", "person",
        "recipient")  # fmt: skip
"""What each line adds, in canonical order: `RecordForm.fill` gives the values in this order."""


def _name_text(name: SuppliedName) -> str:
    parts = (
        ("family_name", name.family_name),
        ("full_name", name.full_name),
        ("generation", name.generation),
        ("given_name", name.given_name),
        ("middle_name", name.middle_name),
    )  # canonical order
    return "{" + ",".join([f'"{key}":{_text(_sound(text))}' for key, text in parts if text]) + "}"


def read_record(record: bytes) -> Mapping[str, JsonValue]:
    """The record's fields. Raises PrivityError ACCOUNTING_UNAVAILABLE where they are not canonical JSON."""
    value = decode_strict(record, code=ErrorCode.ACCOUNTING_UNAVAILABLE)
    if not isinstance(value, Mapping):
        raise PrivityError(ErrorCode.ACCOUNTING_UNAVAILABLE, "an accounting record is not an object")
    return value


def name_keys(name: SuppliedName) -> tuple[str, ...]:
    """Comparable forms of a supplied name, to file and to find "someone of this name"; () where there is no letter.

    Letters only, upper case, without accents; words sorted, so that order and split do not matter. One form with every
    word of two letters and more, one with the first given word and the family words alone.
    """
    parts = (name.given_name, name.middle_name, name.family_name, name.full_name)
    words = sorted({word for part in parts if part for word in _words(part)})
    long = [word for word in words if len(word) > 1] or words
    keys = ["|".join(long)] if long else []
    short = sorted({*_words(name.given_name)[:1], *_words(name.family_name)} or _ends_of(_words(name.full_name)))
    if short and "|".join(short) not in keys:
        keys.append("|".join(short))
    return tuple(keys)


def export_head(request_id: str, lines: int, root: str, log_index: int) -> bytes:
    """First line of an export."""
    head: dict[str, JsonValue] = {
        "format": FORMAT,
        "request_id": request_id,
        "lines": lines,
        "root": root,
        "log_index": log_index,
    }
    return encode(head) + b"\n"


def export_record(ordinal: int, nonce: bytes, record: bytes) -> bytes:
    """One line of an export, with its record: {"nonce":…,"ordinal":…,"record":…}, canonical."""
    start = b'{"nonce":"%s","ordinal":%d,"record":' % (nonce.hex().encode(), ordinal)
    return start + record + b"}\n"


def export_blind(ordinal: int, leaf: bytes) -> bytes:
    """One line of an export that holds the record back and leaves no gap in the numbering."""
    return encode({"ordinal": ordinal, "leaf": leaf.hex()}) + b"\n"


@lru_cache(maxsize=1 << 15)
def _words(text: str) -> Sequence[str]:
    if not text.isascii():
        plain = unicodedata.normalize("NFKD", text)
        text = "".join(mark for mark in plain if not unicodedata.combining(mark)).replace("’", "")
    return tuple(_WORD.findall(text.upper().replace("'", "")))


def _ends_of(words: Sequence[str]) -> set[str]:
    return {words[0], words[-1]} if words else set()


def _sound(text: str) -> str:
    """Text that UTF-8 can hold: lone surrogates become the replacement character."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
