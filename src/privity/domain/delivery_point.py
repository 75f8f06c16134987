"""A delivery point: the one comparable form of an address (design: a place where mail or a person is found).

Built only by `privity.normalise.addresses`. Says nothing of who lives there.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from privity.domain.personal import Masked


class PointKind(StrEnum):
    """What sort of place the address names. Each kind has its own number space."""

    STREET = "street"
    PO_BOX = "po_box"
    RURAL_ROUTE = "rural_route"
    HIGHWAY_CONTRACT = "highway_contract"
    MILITARY = "military"
    GENERAL_DELIVERY = "general_delivery"


@dataclass(frozen=True, slots=True, repr=False)
class DeliveryPoint(Masked):
    """The comparable parts of one address, upper-case ASCII throughout.

    The *core* (kind, zip5, number, unit, street) is compared for equality, never fuzzily in number and unit.
    The *face* (predirectional, suffix, postdirectional) may be missing on one side but never conflict.
    """

    kind: PointKind
    zip5: str  # "" where the address gives none: such a point never enters an index
    number: str  # primary number, or the box number
    street: str  # street core: name without directionals and suffix; route identity for routes and highways
    unit: str  # canonical "CLASS VALUE" (for example "APT 4", "FL 3", "BSMT"), several joined by "|"; "" for none
    predirectional: str = ""
    suffix: str = ""
    postdirectional: str = ""
    city: str = ""
    state: str = ""

    @property
    def core(self) -> tuple[str, str, str, str, str]:
        """The parts that the point digest covers."""
        return (self.kind.value, self.zip5, self.number, self.unit, self.street)

    @property
    def face(self) -> tuple[str, str, str]:
        """The parts that lie sealed beside the persons at the point."""
        return (self.predirectional, self.suffix, self.postdirectional)
