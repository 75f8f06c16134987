"""One entry of the evidence log as bytes: canonical JSON with a closed list of events and fields.

Holds no personal data by construction: `domain.audit_events` names every field there can be.
"""

from __future__ import annotations

from datetime import UTC, datetime

from privity.domain.audit_events import FIELDS, AuditEntry, AuditEvent, Value
from privity.domain.errors import ErrorCode, PrivityError
from privity.ledger.tiles import MOST_ENTRY_BYTES
from privity.wire import canonical_json

ENTRY_VERSION = 1
_TIME = "%Y-%m-%dT%H:%M:%SZ"
_KEYS = {"v", "event", "time", "fields"}
_MOST_TEXT = 512
_MOST_NUMBER = 2**53 - 1


def encode_entry(entry: AuditEntry) -> bytes:
    """`{"event":…,"fields":{…},"time":…,"v":1}` in RFC 8785 form; the time in UTC, cut to whole seconds.

    Raises PrivityError INTERNAL where a value is too long, negative, or holds control characters.
    """
    if not all(_is_plain(value) for value in entry.fields.values()):
        raise PrivityError(ErrorCode.INTERNAL, f"an audit entry of kind {entry.event.value} holds an unusable value")
    data = canonical_json.encode(
        {
            "v": ENTRY_VERSION,
            "event": entry.event.value,
            "time": entry.time.astimezone(UTC).strftime(_TIME),
            "fields": dict(entry.fields),
        }
    )
    if len(data) > MOST_ENTRY_BYTES:
        raise PrivityError(ErrorCode.INTERNAL, "a log entry is longer than 65,535 bytes")
    return data


def decode_entry(data: bytes) -> AuditEntry:
    """The entry in these bytes. Raises PrivityError EVIDENCE_INVALID for any other spelling, event or field."""
    try:
        value = canonical_json.decode_strict(data)
        if not isinstance(value, dict) or set(value) != _KEYS or value["v"] != ENTRY_VERSION:
            raise ValueError
        fields = _read_fields(AuditEvent(str(value["event"])), value["fields"])
        moment = datetime.strptime(str(value["time"]), _TIME).replace(tzinfo=UTC)
        entry = AuditEntry(AuditEvent(str(value["event"])), moment, fields)
        if encode_entry(entry) != data:
            raise ValueError
    except (ValueError, PrivityError):
        raise PrivityError(ErrorCode.EVIDENCE_INVALID, "a log entry is malformed") from None
    return entry


def _read_fields(event: AuditEvent, value: object) -> dict[str, Value]:
    if not isinstance(value, dict) or not set(value) <= FIELDS[event]:
        raise ValueError
    if not all(_is_plain(item) for item in value.values()):
        raise ValueError
    return dict(value)


def _is_plain(value: object) -> bool:
    if isinstance(value, str):
        return len(value) <= _MOST_TEXT and value.isprintable()
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST_NUMBER
