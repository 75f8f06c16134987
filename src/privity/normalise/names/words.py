"""Word tables for names: generations, titles, what follows a name, particles.

Does: map spellings to one form. Does not: decide where a word stands (that is `reading` and `family`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

GENERATIONS: Final[Mapping[str, str]] = {
    "JR": "JR", "JNR": "JR", "JUNIOR": "JR", "JUN": "JR", "SR": "SR", "SNR": "SR", "SENIOR": "SR", "SEN": "SR",
    "1ST": "1", "I": "1", "2ND": "2", "II": "2", "2": "2", "3RD": "3", "III": "3", "3": "3", "4TH": "4", "IV": "4",
    "4": "4", "5TH": "5", "V": "5", "5": "5", "6TH": "6", "VI": "6", "6": "6", "1": "1",
}  # fmt: skip
"""Spelling in a generation column -> JR, SR or the number."""

CLOSING_GENERATIONS: Final = frozenset(GENERATIONS) - {"I", "V", "VI", "1", "2", "3", "4", "5", "6", "JUN", "SEN"}
"""Spellings that are a generation wherever they close a name; the others could be an initial or a name."""

TITLES: Final = frozenset("MR MRS MS MISS MX DR PROF REV HON SRA SRTA DON DONA".split())  # noqa: SIM905
LEADING_TITLES: Final = TITLES - {"DON", "DONA"}
"""Words before a name that are no part of it. DON and DONA are given names too and stay."""

AFTER_NAME: Final = frozenset({"MD", "PHD", "ESQ", "DDS", "CPA", "RN", "DVM", "JD", "MBA", "ESQUIRE", "PE", "RET"})
"""Letters after a name that are no part of it."""

NO_MIDDLE: Final = frozenset({"NMN", "NMI", "NONE", "NA"})
"""Ways to write that there is no middle name."""

PARTICLES: Final = frozenset(
    {
        "DE", "LA", "LAS", "LOS", "DEL", "DELA", "DELLA", "DELLO", "DI", "DA", "DU", "DOS", "DAS", "DES", "VAN", "VON",
        "DER", "DEN", "TEN", "TER", "ZU", "ZUM", "ST", "SAINT", "STE", "SAN", "SANTA", "MC", "MAC", "BIN", "IBN", "ABU",
        "EL", "VANDER", "VANDEN", "FITZ",
    }
)  # fmt: skip
"""Words folded into the family name that follows, wherever they stand before it."""

COLUMN_PARTICLES: Final = PARTICLES | {"AL", "BEN", "LE", "LO", "D", "O", "L", "A", "T"}
"""In a family-name column also these, which elsewhere may be initials or given names."""

GIVEN_PARTICLES: Final = frozenset({"DE", "LA", "LE", "DA", "DU"})
"""DE ANDRE, LA TOYA: folded into the given name that follows."""

LINKS: Final = frozenset({"Y", "E"})
"""Between two family names: GARCIA Y LOPEZ."""
