"""A decoy's line as bytes, for sealing; and the file of decoys that `register decoys make` writes.

The file has the columns of a request file; `reason` says which kind of decoy a row is. Judges nothing.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Final

from privity.domain.decoys import DecoyKind
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.personal import Personal
from privity.domain.request import LineContent, Ordinal, RequestLine, SuppliedAddress, SuppliedName
from privity.wire.request_format import ADDRESS_COLUMNS, NAME_COLUMNS

COLUMNS: Final = ("line_id", *NAME_COLUMNS, *ADDRESS_COLUMNS, "periods", "reason")


def kind_of(line: RequestLine) -> DecoyKind:
    """What the row says under `reason`. Raises PrivityError FORMAT_INVALID, naming the row by number."""
    word = line.content.reveal().reason.strip().lower()
    try:
        return DecoyKind(word) if word else DecoyKind.OTHER
    except ValueError:
        raise PrivityError(
            ErrorCode.FORMAT_INVALID,
            f"row {line.ordinal} has a reason that is no kind of decoy",
            f"Use one of: {', '.join(kind.value for kind in DecoyKind)}.",
        ) from None


def encode_decoy(line: RequestLine) -> bytes:
    """The line's content, every field as supplied."""
    return json.dumps(asdict(line.content.reveal()), ensure_ascii=False, separators=(",", ":")).encode()


def decode_decoy(encoded: bytes, ordinal: int) -> RequestLine:
    """The inverse; `ordinal` is the decoy's place among those asked."""
    fields = json.loads(encoded)
    name, address = SuppliedName(**fields.pop("name")), SuppliedAddress(**fields.pop("address"))
    return RequestLine(Ordinal(ordinal), Personal(LineContent(name=name, address=address, **fields)))


def write_decoys(rows: Sequence[Mapping[str, str]]) -> bytes:
    """The file of derived decoys: UTF-8 CSV."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="", extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
