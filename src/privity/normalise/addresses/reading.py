"""Supplied addresses to delivery points, a batch at a time (first version)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import doorplate

from privity.domain.delivery_point import DeliveryPoint, PointKind
from privity.domain.personal import Masked
from privity.domain.request import SuppliedAddress
from privity.normalise import places
from privity.normalise.text import fold


@dataclass(frozen=True, slots=True, repr=False)
class ReadAddress(Masked):
    """What one supplied address says. `defects` holds words of `ADDRESS_DEFECTS` only.

    `second_opinion_agrees` is False where the other parser gives another number, unit or ZIP: do not confirm.
    """

    point: DeliveryPoint | None
    defects: tuple[str, ...]
    zip_was_completed: bool = False
    second_opinion_agrees: bool = True


def read_addresses(addresses: Sequence[SuppliedAddress], *, second_opinion: bool) -> list[ReadAddress]:
    """One `ReadAddress` per address, in order. Never raises on text."""
    return [_read_one(address) for address in addresses]


def _read_one(address: SuppliedAddress) -> ReadAddress:
    try:
        if address.address:
            parsed = doorplate.parse(fold(address.address))
        else:
            parsed = doorplate.parse_fields(
                fold(address.address_line1),
                fold(address.address_line2),
                fold(address.city),
                fold(address.state),
                fold(address.postal_code),
            )
    except ValueError:
        return ReadAddress(None, ("empty",))
    state = places.state_code(parsed.state or "")
    if parsed.po_box:
        kind, number, street = PointKind.PO_BOX, parsed.po_box, ""
    else:
        kind, number, street = PointKind.STREET, parsed.street_number or "", parsed.street_name or ""
        if parsed.highway:
            street = parsed.highway["name"]
    if not number:
        return ReadAddress(None, ("no_number",))
    if not parsed.zip5:
        return ReadAddress(None, ("no_zip",))
    if not places.zip_prefix_agrees(parsed.zip5, state):
        return ReadAddress(None, ("zip_state_conflict",))
    unit = " ".join(filter(None, (parsed.unit_type or ("APT" if parsed.unit_number else ""), parsed.unit_number)))
    return ReadAddress(
        DeliveryPoint(
            kind, parsed.zip5, number, street, unit, parsed.street_dir_prefix or "", parsed.street_suffix or "",
            parsed.street_dir_suffix or "", places.city_key(parsed.city or ""), state,
        ),
        (),
    )  # fmt: skip
