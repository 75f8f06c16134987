"""What a word or phrase tells of a field: telling, filler, or neither. Slips of one letter count in long words.

Tables and their reading; `placeholders` decides about whole fields.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import pairwise
from typing import Final

from privity.policy.detect.folding import squeeze
from privity.policy.detect.lexicon import FILLER, TELLING
from privity.policy.detect.spelling import one_edit
from privity.policy.detect.word_sets import word_set

STRONG: Final = word_set(
    """
    UNKNOWN UNKNOWNS UNKOWN UKNOWN UNKNWN UNKNOWM UNKNWON UNKN UNK REFUSED REFUSES DECLINED WITHHELD REDACTED
    HOMELESS TRANSIENT UNHOUSED UNAVAILABLE UNSPECIFIED UNDISCLOSED UNDETERMINED UNIDENTIFIED UNDELIVERABLE FAILED
    DESCONOCIDO DESCONOCIDA DESCONOCIDOS DESCONOSIDO DESCONOSIDA DONTKNOW DONTCARE DOESNT DIDNT WOULDNT
    PLACEHOLDER NOADDRESS NINGUNA NINGUNO TBD TBA REHUSO REHUSADO IGNORADO PROVIDED APPLICABLE WHEREABOUTS
    INDOCUMENTADO UNVERIFIED ABSCONDED DITTO ANYTOWN ANYSTREET UNSTATED UNLISTED UNCONFIRMED DECEASED
    """
)
"""Words that say it wherever they stand in the street field."""

WEAK: Final = word_set(
    """
    NC ND SD SN NR NA SE NO NON NAN SIN LOST BUSINESS CARE CARES BLANCO BLANCA ARRIBA NADA NOMAD MOVED NIL SAME
    NEVER ABOVE VOID TECHO MULTIPLE VARIOS IGUAL PRUEBA NEGRO RESTRICTED EXEMPT ERR FTP DK XX TEST NOT WITHOUT
    MISMO ANTERIOR BLANK EMPTY
    """
)
"""Telling words that a road with a number may bear: they tell nothing where a number stands before them alone."""

PHRASE: Final = re.compile(
    r"\b(?:NO (?:FIXED|KNOWN|PERMANENT|CURRENT|HOME|VALID|STREET|RESIDENCE|ADDRESS|ADDR|PLACE|FORWARDING|STABLE"
    r"|REGULAR|LONGER"
    r"|MAILING|PHYSICAL|HOUSE|INFO\w*|DATA|RECORD|SUCH|TIENE|SABE|HAY|DIO|QUISO|QUIERE|CONOCE|PROPORCION\w*"
    r"|DISPONIBLE|APLICA|ESPECIFIC\w*"
    r"|SE (?:SABE|CONOCE|PROPORCION\w*|INFORM\w*)|INFORM\w*|ESTA|CUENTA|RECUERDA|CONTEST\w*|RESPOND\w*|VIVE"
    r"|PROVE\w*|INDIC\w*|REGISTR\w*"
    r"|CONST\w*|DECLAR\w*|LOCALIZ\w*)"
    r"|NOT (?:KNOWN|GIVEN|PROVIDED|AVAILABLE|AVAIL|APPLICABLE|STATED|LISTED|ON|SURE|DISCLOSED|SPECIFIED|FOUND"
    r"|DETERMINED|RECORDED|VERIFIED"
    r"|REPORTED|IN|ENTERED|SUPPLIED|OBTAINED|SHOWN|COLLECTED|YET|AT|CONFIRMED|DELIVERABLE)"
    r"|(?:DO|DOES|DID|WOULD|COULD|WILL|CAN|HAS|IS|WAS) NOT|DONT (?:CARE|KNOW|HAVE|REMEMBER|WANT)"
    r"|SAME AS|SAME (?:ADDRESS|ADDR|PLACE)|AS (?:ABOVE|BEFORE|PREVIOUS\w*|STATED|LISTED)|SEE (?:ABOVE|BELOW"
    r"|FILE|ATTACHED|NOTES?|REMARKS|COMMENTS"
    r"|PREVIOUS|LINE|OTHER)"
    r"|SIN (?:DIRECCION|DOMICILIO|HOGAR|CASA|TECHO|CALLE|DATOS?|RESIDENCIA|INFORMACION|NUMERO|ESPECIFICAR|DOM)"
    r"|LA MISMA|EL MISMO"
    r"|MISMA (?:DIRECCION|CASA)|MISMO (?:DOMICILIO|QUE)|IGUAL (?:QUE|AL?)|VER ARRIBA|ARRIBA (?:MENCIONAD\w*"
    r"|INDICAD\w*)|TO BE (?:DETERMINED|ADDED|ADVISED|CONFIRMED"
    r"|ANNOUNCED|PROVIDED|UPDATED)|FAIL\w* TO|REFUS\w* TO|UNABLE TO|NONE (?:GIVEN|PROVIDED|KNOWN|LISTED"
    r"|AVAILABLE|OF)|ADDRESS (?:UNKNOWN|WITHHELD"
    r"|NEEDED|PENDING|REQUIRED|MISSING|HERE|LINE)|(?:ENTER|INSERT|YOUR|TYPE) (?:ADDRESS|STREET|HERE)|ANY ?TOWN"
    r"|ANY STREET|STREET (?:ADDRESS|NAME)"
    r"|LIVES (?:WITH|ON|AT|IN)|LIVING (?:ON|WITH|IN)|(?:EN|LA) LA CALLE|VIVE (?:EN|CON)|SE (?:DESCONOCE|IGNORA"
    r"|REHUSO|NEGO|NIEGA|MUDO)|NON APPLICABLE"
    r"|AT LARGE|IN CUSTODY|SITUACION DE CALLE|RETURN TO SENDER|(?:EN|PENDIENTE DE) TRAMITE"
    r"|COUCH SURF\w*|NO FIJ[AO]|DOMICILIO (?:FIJO|CONOCIDO)|CONOCID[AO])\b"
)
"""Short phrases that say it wherever they stand."""

_PHRASE_WORDS: Final = word_set(
    """
    NO NOT DO DOES DID WOULD COULD WILL CAN HAS IS WAS DONT SAME AS AT SEE SIN LA EL MISMA MISMO IGUAL VER ARRIBA TO
    FAIL FAILED FAILS FAILURE FAILING REFUSE REFUSED REFUSES REFUSAL
    REFUSING UNABLE NONE ADDRESS ENTER INSERT YOUR TYPE ANY
    ANYTOWN STREET LIVES LIVING RETURN IN SITUACION EN VIVE SE NON COUCH DOMICILIO CONOCIDO CONOCIDA
    """
)
"""A phrase has one of these words: without any of them the pattern need not run."""

_CANNED: Final = frozenset(
    map(
        squeeze,
        word_set(
            """
            NA NONE UNKNOWN UNK NULL NIL TBD TBA DK IDK NFA NKA XX XXX REFUSED FAILEDTOPROVIDE DONTCARE DONTKNOW
            SAMEASABOVE DESCONOCIDO DESCONOCIDA NOFIXEDADDRESS NOADDRESS NOTPROVIDED NOTAVAILABLE NOTAPPLICABLE NOTKNOWN
            NOTGIVEN UNKNOWNADDRESS ADDRESSUNKNOWN HOMELESS TRANSIENT SINDOMICILIO NINGUNO NINGUNA DITTO NOKNOWNADDRESS
            NOSABE NOAPLICA NODISPONIBLE SINDIRECCION REFUSEDTOPROVIDE REFUSEDTOANSWER DECLINEDTOPROVIDE DECLINED
            WITHHELD NOTONFILE ND SD SAA NOTSTATED NOTLISTED UNAVAILABLE NOPERMANENTADDRESS ADDRESSNOTKNOWN PENDING
            """
        ),
    )
)
_CANNED_RUN: Final = re.compile("(?:" + "|".join(sorted(_CANNED, key=len, reverse=True)) + "){2,}")
_CANNED_STARTS: Final = frozenset(word[:2] for word in _CANNED)
_MASHED: Final = re.compile(
    r"\bJKL\b|\bXYZ\b|ASDF|SDFG|DFGH|FGHJ|GHJK|HJKL|QWER|WERTY|UIOP|ZXCV|XCVB|CVBN|VBNM|LKJH|POIU|FDSA"
    r"|\b(?!I+\b)(?:([A-Z])\1{2,}|([A-Z]{2,3})\2{2,})\b"
    r"|(?:QAZ|WSX|EDC|RFV|TGB|YHN|UJM){2}|MNBV|NBVC|BVCX|VCXZ|KJHG|JHGF|HGFD|GFDS|IUYT|UYTR|YTREW|TREWQ"
    r"|(QWE|WER(?!E)|RTY|TYU|YUI|UIO|IOP|ASD|SDF|DFG|FGH|GHJ|HJK|JKL|ZXC|XCV|CVB|VBN|BNM|DSA|FDS|GFD|HGF|KJH|LKJ|EWQ)\3"
    r"|\b[BCDFGHJKLMNPQRSTVWXZ]{6,}\b|\bA[DFGHJKLS]{5,}\b"
)


_ROWS: Final = ("QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM")
_WALK: Final = 6  # letters: TREE and POP are words


def says_a_phrase(words: tuple[str, ...]) -> bool:
    """Whether the words hold a phrase that stands for "no address"."""
    return not _PHRASE_WORDS.isdisjoint(words) and bool(PHRASE.search(" ".join(words)))


def may_say_a_phrase(word: str) -> bool:
    """Whether a phrase that stands for "no address" may hold the word."""
    return word in _PHRASE_WORDS


@lru_cache(maxsize=1 << 16)
def is_mashed(word: str) -> bool:
    """Whether a word is a run on the keyboard, or one letter or syllable again and again (III is a numeral)."""
    return bool(_MASHED.search(word)) or (len(word) >= _WALK and _is_a_walk(word))


def _is_a_walk(word: str) -> bool:
    """Whether every letter lies beside or upon the one before it in one row of the keyboard (`ERTRTREW`)."""
    row = next((row for row in _ROWS if word[0] in row), "")
    places = [row.find(letter) for letter in word]
    return min(places) >= 0 and all(abs(one - other) <= 1 for one, other in pairwise(places))


def any_mashed(words: Iterable[str]) -> bool:
    """Whether any word that is no number is mashed."""
    return any(is_mashed(word) for word in words if not word.isdigit())


def is_canned(letters: str) -> bool:
    """Whether the letters alone, blanks gone, are a stock placeholder, once or repeated."""
    if letters.isalpha() and letters[0] + letters.lstrip(letters[0])[:1] not in _CANNED_STARTS:
        return False
    squeezed = squeeze(letters)
    return squeezed in _CANNED or bool(_CANNED_RUN.fullmatch(squeezed))


@lru_cache(maxsize=1 << 16)
def kind_of(word: str) -> str:
    """ "telling", "filler" or "" for one upper-case word; digits at its end are ignored."""
    bare = word.rstrip("0123456789")
    if word in TELLING or bare in TELLING:
        return "telling"
    if word in FILLER or bare in FILLER:
        return "filler"
    if len(bare) < 6 or not bare.isalpha():
        return ""
    found = {pair for form in _shorter(bare) for pair in _slips().get(form, ())}
    return next((kind for kind, known in sorted(found, reverse=True) if one_edit(bare, known)), "")


def _shorter(word: str) -> set[str]:
    return {word} | {word[:place] + word[place + 1 :] for place in range(len(word))}


@cache
def _slips() -> dict[str, list[tuple[str, str]]]:
    """Every long word of the lexicon under itself and under itself with one letter missing."""
    table: dict[str, list[tuple[str, str]]] = {}
    for kind, words in (("filler", FILLER), ("telling", TELLING)):
        for word in words:
            for form in _shorter(word) if len(word) >= 6 else ():
                table.setdefault(form, []).append((kind, word))
    return table
