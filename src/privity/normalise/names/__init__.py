"""Names of people to one comparable form. `read_name` and `is_known_given_name` are the entrances."""

from privity.normalise.names.given import is_known_given_name
from privity.normalise.names.reading import FATAL_NAME_DEFECTS, NAME_DEFECTS, NAME_REMARKS, ReadName, read_name

__all__ = ["FATAL_NAME_DEFECTS", "NAME_DEFECTS", "NAME_REMARKS", "ReadName", "is_known_given_name", "read_name"]
