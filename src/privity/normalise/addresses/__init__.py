"""Addresses to delivery points, or the words that say why not. `read_addresses` is the one entrance."""

from privity.normalise.addresses.defects import ADDRESS_DEFECTS, FATAL_DEFECTS, REMARKS
from privity.normalise.addresses.reading import ReadAddress, read_addresses

__all__ = ["ADDRESS_DEFECTS", "FATAL_DEFECTS", "REMARKS", "ReadAddress", "read_addresses"]
