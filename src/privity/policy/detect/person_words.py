"""L01: is the name a real, full one? Placeholders, FNU/LNU, John Doe, initials alone, digits, companies.

Looks at given and family name together: "Null" and "Test" are family names that people bear; "Null Null" is nobody's.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from privity.domain.request import SuppliedName
from privity.normalise.names import is_known_given_name
from privity.normalise.text import fold
from privity.policy.detect.folding import squeeze_word, unmask
from privity.policy.detect.lexicon import NAME_TELLING, NEVER_A_NAME, NEVER_GIVEN, TELLING
from privity.policy.detect.organisations import BUSINESS_WORDS, is_organisation, is_several
from privity.policy.detect.placeholder_words import kind_of, may_say_a_phrase, says_a_phrase
from privity.policy.detect.word_sets import word_set

_WORD: Final = re.compile(r"[A-Z0-9]+")
_GENERATION: Final = word_set("JR SR JNR SNR II III IV V 2ND 3RD 4TH 5TH")
_DOES: Final = word_set("DOE ROE DOUGH SMITHDOE")
_DOE_GIVEN: Final = word_set("JOHN JANE JON JANIE JOHNNY JAMES BABY RICHARD MARY JOHNATHAN")
_INVENTED: Final = frozenset(
    one.strip()
    for line in """
    MICKEY MOUSE|DONALD DUCK|SANTA CLAUS|BUGS BUNNY|JOE BLOGGS|JOHN Q PUBLIC|JOE SCHMOE|JOE BLOW|FULANO DE TAL
    JUAN NADIE
    FULANA DE TAL|JUAN DE TAL|DON NADIE|MINNIE MOUSE|SPIDER MAN|BAT MAN|SUPER MAN|FIRST LAST
    LAST FIRST|FIRST NAME|LAST NAME|FULL NAME|FIRST NAME LAST NAME|NO NAME|SIN NOMBRE|SIN APELLIDO|NOMBRE APELLIDO
    NOT PROVIDED|NOT AVAILABLE|NOT GIVEN|NOT KNOWN|NOT APPLICABLE|BABY BOY|BABY GIRL|TEST PERSON|TEST USER|TEST CASE
    TO BE DETERMINED|NO LAST NAME|NO FIRST NAME|NO GIVEN NAME|NO MIDDLE NAME|SAME AS ABOVE|SEE ABOVE|SEE BELOW|N N|N A
    NO APELLIDO|NO SABE|NO TIENE|NO DATA|DO NOT KNOW|DONT KNOW|ON FILE|COURTESY OF|ADULT MALE|ADULT FEMALE|MALE SUBJECT
    MINOR CHILD|SOME GUY|SOME PERSON|NO BODY|THE PERSON|LOREM IPSUM|FOO BAR|TRUE FALSE|YES NO|WHO KNOWS|NAME HERE
    FEMALE SUBJECT|CURRENT RESIDENT|CURRENT OCCUPANT|OR CURRENT RESIDENT|GIVEN NAME|FAMILY NAME|YOUR NAME|NAME UNKNOWN
    REAL NAME|SOME ONE|NO ONE|ANY ONE|AS ABOVE|VER ARRIBA|EL MISMO|LA MISMA|POR DETERMINAR|TO FOLLOW
    """.strip().splitlines()
    for one in line.split("|")
)
"""Whole names that are nobody's."""

_BABY: Final = re.compile(
    r"\b(?:BABY (?:BOY|GIRL)|INFANT (?:BOY|GIRL|MALE|FEMALE|OF)|(?:SON|DAUGHTER|WIFE|HUSBAND|CHILD|MOTHER"
    r"|BROTHER) OF|ESTATE OF|A K A|AKA|ALSO KNOWN AS|ALIAS|THE ESTATE|ET AL|AND WIFE|AND FAMILY|FAMILY OF|NO"
    r" (?:LAST|FIRST|GIVEN|FAMILY|MIDDLE|SUR)\s?NAME|SIN (?:NOMBRE|APELLIDO)|DE TAL)\b"
)
_DESCRIPTORS: Final = word_set(
    """
    ALIEN ALIENS ILLEGAL UNDOCUMENTED IMMIGRANT MIGRANT NATIONAL CITIZEN FOREIGN FOREIGNER REFUGEE ASYLUM SEEKER
    DEPORTEE UNACCOMPANIED MINOR JUVENILE ADULT CHILD MALE FEMALE MAN WOMAN BOY GIRL HISPANIC LATINO LATINA MEXICAN
    GUATEMALAN HONDURAN SALVADORAN NICARAGUAN CUBAN HAITIAN COLOMBIAN VENEZUELAN ECUADORIAN PERUVIAN BRAZILIAN
    DOMINICAN ICE CBP DHS ERO HSI BORDER PATROL CROSSER OFFICER AGENT DEPUTY SUPERVISOR CASE FILE NUMBER ORDER REMOVAL
    FINAL WARRANT TARGET PRIMARY SUBJECT PRISONER PATIENT WITNESS OFFENDER FELON CRIMINAL GANG MEMBER DRIVER PASSENGER
    HOMBRE MUJER MEXICANO MEXICANA EXTRANJERO EXTRANJERA MENOR ADULTO OFICIAL AGENTE
    """
)
"""A name made of these words alone describes somebody; each of them alone may be a family name."""

_FAMILIES_OF_NA: Final = word_set(
    """
    LI WANG ZHANG LIU CHEN YANG HUANG ZHAO WU ZHOU XU SUN MA ZHU HU GUO HE LIN GAO LUO ZHENG LIANG XIE TANG XUAN FENG
    DENG CAO PENG ZENG XIAO TIAN DONG PAN YUAN CAI JIANG YU DU YE CHENG WEI SU LU DING REN SHEN YAO SONG HAN
    """
)
"""Chinese family names beside which NA is a given name, not "not applicable"."""

_SPLIT_UP: Final = word_set(
    "UNKNOWN UNKNOWNUNKNOWN FNULNU LNUFNU NFNNLN DESCONOCIDO DESCONOCIDA ANONYMOUS ANONIMO UNNAMED REFUSED WITHHELD"
)
"""Words that no name spells when the blanks between its parts are taken away."""

_STATE_CODES: Final = word_set("TX NC ND NH NJ NM CT DC MN MS MT SC SD TN VT KS")
"""States' letters without a vowel: a shifted column, never a family name."""

_BUSINESS_FIRST: Final = word_set("IGLESIA JAIL PRISON HOSPITAL CAPITAL EQUITY")

_PARTICLES: Final = word_set("DE LA DEL LAS LOS Y VAN VON DER DI DA DOS")

_MASHED: Final = re.compile(r"ASDF|SDFG|FGHJ|GHJK|HJKL|QWERT|ZXCV|XCVB|QAZWSX|ABCDE|POIUY|LKJH")
_BUSINESS: Final = re.compile(
    r"\b(?:LLC|L L C|INC|CORP|CORPORATION|COMPANY|LTD|TRUSTEE|ENTERPRISES|HOLDINGS|SERVICES|DBA|BANK OF"
    r"|DEPARTMENT|AGENCY)\b"
)

_PHRASE_WORDS: Final = word_set(
    """
    BABY INFANT OF ESTATE K AKA ALSO ALIAS ET AND NO SIN TAL LLC L INC CORP CORPORATION COMPANY LTD TRUSTEE ENTERPRISES
    HOLDINGS SERVICES DBA BANK DEPARTMENT AGENCY
    """
)
"""Each phrase above has one of these words: without any of them the patterns need not run."""


def name_defect(name: SuppliedName) -> str:
    """What makes the supplied name no real full name, in words without the value; "" where nothing does."""
    if _is_plainly_a_name(name.given_name, name.middle_name, name.family_name, name.full_name):
        return ""
    if name.full_name.strip():
        given, family, every = _split_full(name.full_name)
    else:
        given, family = _words(name.given_name), _words(name.family_name)
        every = given + _words(name.middle_name) + family
    if not given or not family:
        return _lacking(every, given)
    for check in (_placeholder, _initials, _not_letters):
        defect = check(given, family, every)
        if defect:
            return defect
    if is_organisation(every, one_field=bool(name.full_name.strip())):
        return "a business or an office stands where a name belongs"
    in_order = _words(name.full_name.replace(",", " ")) if name.full_name.strip() else every
    if len(name.middle_name.strip(" .")) == 1:
        in_order = given + family  # Grace Y Grant Nelson: a middle initial before a double name joins nobody
    return "more than one person" if is_several(in_order, name.full_name) else ""


def _is_plainly_a_name(given: str, middle: str, family: str, full_name: str) -> bool:
    """One word in each column that none of the checks below could object to: so are most names."""
    if full_name or not (_is_plain(given) and _is_plain(family) and (not middle or _is_plain(middle, least=1))):
        return False
    given, middle, family = given.upper(), middle.upper(), family.upper()
    if given == family or f"{given} {family}" in _INVENTED or f"{given} {middle} {family}" in _INVENTED:
        return False
    return given + middle + family not in _SPLIT_UP


@lru_cache(maxsize=1 << 16)
def _is_plain(text: str, least: int = 2) -> bool:
    """Whether a column is one word that stands in no table, and plays no game, that the checks of a name look for."""
    if not (text.isascii() and text.isalpha() and len(text) >= least):
        return False
    word = text.upper()
    if any(word in table for table in _TELLING_TABLES) or squeeze_word(word) in NEVER_A_NAME or may_say_a_phrase(word):
        return False
    if len(word) == 1:
        return True
    return not (kind_of(word) or _is_repeated(word) or _MASHED.search(word) or _is_alphabet(word)) and not (
        _VOWELS.isdisjoint(word)
    )


def _lacking(every: list[str], given: list[str]) -> str:
    if not every:
        return "no name is given"
    return "no family name is given" if given else "no given name is given"


def _words(text: str) -> list[str]:
    if text.isascii() and text.isalpha():
        word = text.upper()
        return [] if word in _GENERATION else [word]
    plain = unmask(fold(text).replace("'", "").replace(".", " "))
    return [word for word in _WORD.findall(plain) if word not in _GENERATION]


def _split_full(text: str) -> tuple[list[str], list[str], list[str]]:
    """Given, family and all words of a one-field name: "FAMILY, GIVEN" or "GIVEN ... FAMILY"."""
    if "," in text:
        family, _, rest = text.partition(",")
        first, second = _words(rest), _words(family)
        if first or not second:
            return first, second, first + second
        words = second
    else:
        words = _words(text)
    return words[:1], words[1:][-2:] if len(words) > 3 else words[1:][-1:], words


def _placeholder(given: list[str], family: list[str], every: list[str]) -> str:
    if _is_placeholder(given, family, every):
        return "a placeholder stands where a name belongs"
    if _is_description(given, family, every):
        return "a description stands where a name belongs"
    return "a name that no one bears" if _is_nobodys(given, family) else ""


def _is_placeholder(given: list[str], family: list[str], every: list[str]) -> bool:
    joined = " ".join(every)
    plain = {squeezed for squeezed in map(squeeze_word, every) if len(squeezed) > 4} | set(every)
    if not NEVER_A_NAME.isdisjoint(plain) or joined in _INVENTED or " ".join(given + family) in _INVENTED:
        return True
    if all(word in NAME_TELLING for word in given + family) or "".join(every) in _SPLIT_UP:
        return True
    if (family[-1] in _DOES and _is_johns(given[0])) or (given[0] in _DOES and _is_johns(family[-1])):
        return True
    return _says_nothing(tuple(every)) and not (family == ["GIVEN"] and _bears_given(given))


def _is_description(given: list[str], family: list[str], every: list[str]) -> bool:
    joined = " ".join(every)
    if _is_never_given(given[0], family):
        return True
    if not _PHRASE_WORDS.isdisjoint(every) and (_BABY.search(joined) or _BUSINESS.search(joined)):
        return True
    if family[-1] in NEVER_FAMILY or (family == ["GIVEN"] and not _bears_given(given)):
        return True
    return all(word in _DESCRIPTORS for word in every)


def _is_never_given(word: str, family: list[str]) -> bool:
    return word in NEVER_GIVEN and not (word == "NA" and family[-1] in _FAMILIES_OF_NA)


def _bears_given(given: list[str]) -> bool:
    """Whether GIVEN, a family name that some bear, stands beside a given name (not: Never Given, Name Given)."""
    return not kind_of(given[0]) and is_known_given_name(given[0])


def _is_johns(word: str) -> bool:
    """John and Jane as they stand before Doe, or a swap of their letters (Jonh) that is no name of its own."""
    return word in _DOE_GIVEN or (sorted(word) in _JOHNS_LETTERS and word[:1] == "J" and word != "JEAN")


def _says_nothing(words: tuple[str, ...]) -> bool:
    """Whether the whole name is a phrase of placeholder words: Not Provided, Se Desconoce, Would Not Say."""
    if says_a_phrase(words):
        return True
    if not all(map(kind_of, words)):
        return False
    if is_known_given_name(words[0]) and words[0] not in TELLING:
        return False  # DENISE is no slip of DENIES
    kinds = [kind_of(word) for word in words]
    telling = any(kind == "telling" and len(word) > 2 for kind, word in zip(kinds, words, strict=True))
    return telling and len(words) > 1


def _is_nobodys(given: list[str], family: list[str]) -> bool:
    """Keyboard runs, one letter again and again, the alphabet, no vowel anywhere, one invented word twice."""
    words = given + family
    if family[-1] in _STATE_CODES or all(word in _PARTICLES for word in words):
        return True
    if any(_is_repeated(word) or _MASHED.search(word) or _is_alphabet(word) for word in words):
        return True
    bare = [word for word in words if _VOWELS.isdisjoint(word)]
    if len(bare) == len(words) or any(len(word) > 4 for word in bare):
        return True
    return given == family and not is_known_given_name(given[0])


def _is_alphabet(word: str) -> bool:
    """Abc, Defg: a run of the alphabet that no one is called (Stu is a name)."""
    return len(word) > 2 and word in _ALPHABET and not is_known_given_name(word)


_JOHNS_LETTERS: Final = (sorted("JOHN"), sorted("JANE"))
_ALPHABET: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_VOWELS: Final = frozenset("AEIOUY")
NEVER_FAMILY: Final = word_set("FAMILY FAMILIA NAME ESTATE TRUST HOUSEHOLD ET DEMO PROVIDED")
"""Words that no one bears as a family name."""


def _is_repeated(word: str) -> bool:
    return len(word) >= 3 and len(set(word)) == 1 and word != "III"


def _initials(given: list[str], family: list[str], every: list[str]) -> str:
    if all(len(word) == 1 for word in given) and any(
        len(word) > 2 and is_known_given_name(word) for word in every[len(given) : -len(family)]
    ):
        given = every  # F. Scott Fitzgerald: the name in full stands second
    if all(len(word) == 1 for word in given) or (all(len(word) == 1 for word in family) and family != ["O"]):
        return "initials do not make a full name"
    return ""


def _not_letters(given: list[str], family: list[str], every: list[str]) -> str:
    del given, family
    if any(any(letter.isdigit() for letter in word) for word in every):
        return "a name with digits"
    return ""


_TELLING_TABLES: Final = (
    BUSINESS_WORDS,
    _BUSINESS_FIRST,
    frozenset({"GIVEN"}),
    _GENERATION,
    _DOES,
    _DESCRIPTORS,
    _PHRASE_WORDS,
    _STATE_CODES,
    _PARTICLES,
    NAME_TELLING,
    NEVER_A_NAME,
    NEVER_FAMILY,
    NEVER_GIVEN,
)
"""A name of words from none of these is judged by whole names alone (`_INVENTED`, `_SPLIT_UP`)."""
