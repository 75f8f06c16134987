"""Names and addresses to one comparable form. Pure, table-driven, versioned together as one rule set.

Does: turn what a register row or a request line says into `PersonName` and `DeliveryPoint`, or say why not.
Does not: judge whether a line is lawful (policy), nor compare two persons or two points (matching).
"""

from __future__ import annotations

from typing import Final

RULE_SET_VERSION: Final = "n5"
"""One version for names, addresses and places. Any change of any output is a new version: digests made under another
version do not compare. `tests/vectors/normalise_golden.json` fails where outputs change and the version does not."""
