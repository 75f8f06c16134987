"""L02: does a field say, in whatever words, that no address is given? English and Spanish.

Reads words, not whole phrases: see `lexicon`. A street name made of such words passes only where it is a known one.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from privity.policy.detect.folding import squeeze, unmask, words_of
from privity.policy.detect.lexicon import FAKE_STREETS, FILLER, TELLING
from privity.policy.detect.spelling import one_edit
from privity.policy.detect.streets import SUFFIX_WORDS
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

_PHRASE: Final = re.compile(
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
    r"|COUCH SURF\w*|NO FIJ[AO]|DOMICILIO (?:FIJO|CONOCIDO)|CONOCID[AO])\b"
)
_CANNED: Final = frozenset(
    squeeze(one)
    for one in [
        "NA",
        "NONE",
        "UNKNOWN",
        "UNK",
        "NULL",
        "NIL",
        "TBD",
        "TBA",
        "DK",
        "IDK",
        "NFA",
        "NKA",
        "XX",
        "XXX",
        "REFUSED",
        "FAILEDTOPROVIDE",
        "DONTCARE",
        "DONTKNOW",
        "SAMEASABOVE",
        "DESCONOCIDO",
        "DESCONOCIDA",
        "NOFIXEDADDRESS",
        "NOADDRESS",
        "NOTPROVIDED",
        "NOTAVAILABLE",
        "NOTAPPLICABLE",
        "NOTKNOWN",
        "NOTGIVEN",
        "UNKNOWNADDRESS",
        "ADDRESSUNKNOWN",
        "HOMELESS",
        "TRANSIENT",
        "SINDOMICILIO",
        "NINGUNO",
        "NINGUNA",
        "DITTO",
        "NOKNOWNADDRESS",
        "NOSABE",
        "NOAPLICA",
        "NODISPONIBLE",
        "SINDIRECCION",
        "REFUSEDTOPROVIDE",
        "REFUSEDTOANSWER",
        "DECLINEDTOPROVIDE",
        "DECLINED",
        "WITHHELD",
        "NOTONFILE",
        "ND",
        "SD",
        "SAA",
    ]
)
_MASHED: Final = re.compile(r"ASDF|SDFG|DFGH|FGHJ|GHJK|HJKL|QWER|WERT(?!H|Z)|UIOP|ZXCV|XCVB|CVBN|VBNM|LKJH|POIU|FDSA")
_REPEATED: Final = re.compile(r"([A-Z])\1{2,}|([A-Z]{2,3})\2{2,}")
_SAME_DIGIT: Final = re.compile(r"(\d)\1{3,}\Z")


def is_placeholder(text: str) -> bool:
    """Whether a whole street field (or city) stands for "no address". A blank field does too."""
    words = words_of(text)
    if not words:
        return True
    if _starts_as_street(words):
        spelled = words_of(unmask(" ".join(words)))
        return _is_fake_street(spelled if _starts_as_street(spelled) else words)
    folded = unmask(" ".join(words_of(unmask(text.upper())))) if not text.isalpha() else text.upper()
    plain = words_of(folded)
    letters = [word for word in plain if not word.isdigit()]
    if not letters:
        return bool(_SAME_DIGIT.match("".join(words)))
    if any(_is_telling_anywhere(word) for word in letters) or _PHRASE.search(" ".join(letters)):
        return True
    if squeeze("".join(letters)) in _CANNED or _is_canned_run(squeeze("".join(letters))):
        return True
    return _speaks_of_nothing(plain, letters)


def says_nothing(text: str) -> bool:
    """Whether a text that is no address (a reason, an officer, a case id) is blank or made of placeholder"
    " words alone."""
    plain = words_of(unmask(text.upper()))
    letters = [word for word in plain if not word.isdigit()]
    if not letters:
        return not plain
    squeezed = squeeze("".join(letters))
    if squeezed in _CANNED or _is_canned_run(squeezed) or all(_is_repeated(word) for word in letters):
        return True
    kinds = [_kind(word) for word in letters]
    return "" not in kinds and "telling" in kinds and not (len(letters) == 1 and letters[0] in WEAK and len(plain) > 1)


def _starts_as_street(words: tuple[str, ...]) -> bool:
    return words[0][0].isdigit() and any(word in SUFFIX_WORDS for word in words[2:])


def _is_fake_street(words: tuple[str, ...]) -> bool:
    """Number, suffix, and between them nothing but words that name no street; or a telling word anywhere."""
    if not STRONG.isdisjoint(words):
        return True
    if any(_MASHED.search(word) or _is_repeated(word) for word in words if len(word) > 2):
        return True
    last = max(place for place, word in enumerate(words) if word in SUFFIX_WORDS)
    core = [word for word in words[1:last] if not word.isdigit()]
    if core and (words[1:3] == ("NO", "NAME") or words[1:2] == ("NONAME",)):
        return False  # No Name Road is a road in many counties
    fake = bool(core) and any(word in FAKE_STREETS for word in core)
    if fake and all(word in FAKE_STREETS or word in FILLER for word in core):
        return True
    return bool(_PHRASE.search(" ".join(words))) and not _PHRASE_ROADS.search(" ".join(words))


_PHRASE_ROADS: Final = re.compile(r"\d+ (?:[NSEW]{1,2} )?CONOCID[AO] ")


def _is_telling_anywhere(word: str) -> bool:
    return word in STRONG or bool(_MASHED.search(word)) or _is_repeated(word)


def _is_repeated(word: str) -> bool:
    """XXXX, aaaa, ZZZZZ, blahblahblah: one letter or syllable again and again (III is a numeral)."""
    found = _REPEATED.match(word)
    return bool(found) and found is not None and found.end() == len(word) and set(word) != {"I"}


@cache
def _canned_pattern() -> re.Pattern[str]:
    return re.compile("(?:" + "|".join(sorted(_CANNED, key=len, reverse=True)) + "){2,}")


def _is_canned_run(letters: str) -> bool:
    return bool(_canned_pattern().fullmatch(letters))


def _speaks_of_nothing(plain: tuple[str, ...], letters: list[str]) -> bool:
    """Every word is telling or filler, at least one telling; spelling slips of one letter count in long words."""
    kinds = [_kind(word) for word in letters]
    numbered = any(word.isdigit() for word in plain)
    if "" in kinds or ("telling" not in kinds and numbered):
        return False
    return not (numbered and len(letters) == 1 and letters[0] in WEAK) and not _is_numbered_road(plain)


def _is_numbered_road(plain: tuple[str, ...]) -> bool:
    """`1234 NC 49`: a number, a state's letters, a number."""
    return len(plain) >= 3 and plain[0].isdigit() and plain[1] in ("NC", "ND", "SD", "SE") and plain[2].isdigit()


def _kind(word: str) -> str:
    bare = word.rstrip("0123456789")
    if word in TELLING or bare in TELLING:
        return "telling"
    if word in FILLER or bare in FILLER:
        return "filler"
    if len(bare) < 6:
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
