"""L10: is the reason a reason of this case's own? Generic phrases, and the masked form by which repeats are counted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Final

from privity.normalise.text import fold
from privity.policy.detect.folding import words_of
from privity.policy.detect.placeholders import says_nothing
from privity.policy.detect.spelling import one_edit
from privity.policy.detect.word_sets import word_set

GENERIC: Final = word_set(
    """
    FAILURE FAILED FAIL DEPART DEPARTED DEPARTURE WILFUL WILLFUL WILFULLY WILLFULLY ORDERED REMOVED REMOVE AFTER FINES
    PROPOSITOS MOTIVOS MIGRATORIO MIGRATORIOS ASUNTO ASUNTOS LEGALES CRIMINALES SUSPECTED TARGETED OPERATIVE ACTION
    A AN THE OF FOR TO IN ON BY WITH AND OR AS IS ARE BE THIS THAT IT ITS OUR AT FROM UNDER PER ANY ALL
    IMMIGRATION ENFORCEMENT LAW LAWS LEGAL CRIMINAL CRIME CRIMES INVESTIGATION INVESTIGATIONS INVESTIGATIVE
    INVESTIGATING PURPOSE PURPOSES REASON REASONS OFFICIAL USE USES BUSINESS DUTY DUTIES AGENCY GOVERNMENT FEDERAL
    NATIONAL PUBLIC SECURITY SAFETY INTEREST MATTER MATTERS CASE CASES FILE OPERATION OPERATIONS OPERATIONAL
    ADMINISTRATIVE CIVIL ROUTINE GENERAL STANDARD NORMAL NEEDED NEED NEEDS REQUIRED REQUIRES REQUEST REQUESTED
    REQUESTING INFORMATION DATA RECORDS RECORD ADDRESS ADDRESSES LOCATE LOCATION LOCATING FIND CONFIRM
    CONFIRMATION VERIFY VERIFICATION VERIFYING CHECK CHECKING MATCH UPDATE REMOVAL REMOVALS DEPORTATION DEPORT
    DEPORTABLE DETENTION ARREST ARRESTS APPREHENSION APPREHEND ALIEN ALIENS ILLEGAL UNDOCUMENTED IMMIGRANT
    IMMIGRANTS PERSON PERSONS SUBJECT SUBJECTS INDIVIDUAL INDIVIDUALS TARGET SUSPECT FUGITIVE FUGITIVES WANTED ICE
    ERO DHS HSI IRS ACTIVE ONGOING CURRENT PENDING VARIOUS SEE ATTACHED ABOVE BELOW SAME OTHER MISC MISCELLANEOUS
    ORDER ORDERS FINAL STATUTE STATUTORY AUTHORITY AUTHORIZED PURSUANT SECTION CODE USC TITLE ACT WORK JOB TASK
    PROJECT INQUIRY ENQUIRY RESEARCH REVIEW PROCESSING PROCESS SUPPORT ASSIST ASSISTANCE MISSION COMPLIANCE
    VIOLATION VIOLATIONS OFFENSE OFFENCE OFFENSES PROSECUTION PROCEEDING PROCEEDINGS JUDICIAL COURT EXECUTION
    INMIGRACION MIGRACION INVESTIGACION CUMPLIMIENTO LEY ORDEN MOTIVO RAZON PROPOSITO OFICIAL USO POR PARA DE LA
    WEEKLY DAILY MONTHLY YEARLY LIST LISTS BATCH QUEUE TARGETS TASKING
    EL DEPORTACION VERIFICACION DIRECCION CASO LOS LAS DEL
    """
)
"""A reason made of these words alone could stand on any line."""

MINIMUM_OWN_WORDS: Final = 2
LONG_WORD: Final = 6  # longer words are generic one letter away too

_DIGITS: Final = re.compile(r"\d+")
_MONTHS: Final = word_set(
    """
    JAN JANUARY FEB FEBRUARY MAR MARCH APR APRIL MAY JUN JUNE JUL JULY AUG AUGUST SEP SEPT SEPTEMBER OCT OCTOBER
    NOV NOVEMBER DEC DECEMBER MONDAY TUESDAY WEDNESDAY THURSDAY FRIDAY SATURDAY SUNDAY
    """
)


def is_generic(reason: str) -> bool:
    """Whether the reason is empty, a placeholder, or says nothing beyond generic words."""
    words = words_of(reason)
    own, longest = 0, 0
    for word in words:
        if len(word) > 1 and not word.isdigit() and not _is_generic_word(word):
            own, longest = own + 1, max(longest, len(word))
            if own >= MINIMUM_OWN_WORDS and longest > 3:
                return says_nothing(reason, words)
    return True


@lru_cache(maxsize=1 << 16)
def _is_generic_word(word: str) -> bool:
    """Whether a word stands in the list, or is one letter away from a long word that does."""
    if word in GENERIC or word in _MONTHS:
        return True
    if len(word) <= LONG_WORD:
        return False
    near = {known for form in _with_one_letter_less(word) for known in _long_words().get(form, ())}
    return any(one_edit(word, known) for known in near)


@cache
def _long_words() -> Mapping[str, Sequence[str]]:
    """Every long word of the list under itself and under itself with one letter missing."""
    table: dict[str, list[str]] = {}
    for word in GENERIC:
        for form in _with_one_letter_less(word) if len(word) > LONG_WORD else ():
            table.setdefault(form, []).append(word)
    return table


def _with_one_letter_less(word: str) -> set[str]:
    """Two words one edit apart have one of these in common."""
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}


def masked(reason: str, own_words: Iterable[str]) -> str:
    """The reason with digits, dates, and the line's own words (names, address, case, officer) masked."""
    words = list(map(_bare, _DIGITS.sub("#", fold(reason)).replace("'", "").split()))
    own = set(words).intersection(own_words)
    if own:
        words = ["*" if len(word) > 1 and word in own else word for word in words]
    if words.count("*") + words.count("#") > 1:
        return " ".join(_once_in_a_row(words))
    return " ".join(filter(None, words))


@lru_cache(maxsize=1 << 16)
def _bare(word: str) -> str:
    """A word of a reason without the signs around it; a month is masked, and so is what had a digit."""
    bare = word if word.isalpha() else word.strip('.,;:()"-/')
    if bare in _MONTHS:
        return "*"
    return "#" if "#" in bare else bare


def _once_in_a_row(words: Iterable[str]) -> Iterable[str]:
    """The words, of equal masks that follow one another only the first."""
    before = ""
    for word in filter(None, words):
        if word != before or word not in ("*", "#"):
            yield word
        before = word
