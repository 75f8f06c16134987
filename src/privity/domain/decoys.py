"""Planted decoys: lines that only the custodian knows, and of which it knows that they must not be confirmed.

Words only. What a decoy says is sealed; asking them is `services/decoys/ask_decoys`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

MOST_DECOYS: Final = 10_000  # they are asked with every request


class DecoyKind(StrEnum):
    """Why a planted line must not be confirmed. Closed list; stands in the column `reason` of the file."""

    WRONG_UNIT = "wrong_unit"
    WRONG_NUMBER = "wrong_number"
    WRONG_PERIOD = "wrong_period"
    SIBLING = "sibling"
    OTHER = "other"


class ClearingFinding(StrEnum):
    """What two officers found after a decoy was confirmed. Closed list."""

    DECOY_WAS_TRUE = "decoy_was_true"  # the planted line had become true: the decoy was at fault
    REGISTER_CORRECTED = "register_corrected"
    SOFTWARE_CORRECTED = "software_corrected"
