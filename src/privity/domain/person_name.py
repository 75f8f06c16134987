"""A person's name in comparable form. Built only by `privity.normalise.names`."""

from __future__ import annotations

from dataclasses import dataclass

from privity.domain.personal import Masked


@dataclass(frozen=True, slots=True, repr=False)
class PersonName(Masked):
    """Upper-case ASCII name parts; spelling variants that are equal by rule are already equal here.

    `family` holds every part of a double surname in the order given (particles folded into the part they belong to).
    """

    given: str
    middle: str  # whole middle names separated by one blank, or initials; "" for none
    family: tuple[str, ...]
    generation: str = ""  # "JR", "SR", "2", "3", ... or ""
