"""Names of people to one comparable form. `read_name` is the entrance; lists of usual names stand beside it."""

from privity.normalise.names.given import is_known_given_name, is_misspelling
from privity.normalise.names.nicknames import name_in_full, other_forms
from privity.normalise.names.reading import FATAL_NAME_DEFECTS, NAME_DEFECTS, NAME_REMARKS, ReadName, read_name
from privity.normalise.names.surnames import is_frequent_surname

__all__ = [
    "FATAL_NAME_DEFECTS",
    "NAME_DEFECTS",
    "NAME_REMARKS",
    "ReadName",
    "is_frequent_surname",
    "is_known_given_name",
    "is_misspelling",
    "name_in_full",
    "other_forms",
    "read_name",
]
