"""L02: does a field say, in whatever words, that no address is given? English and Spanish.

Reads words, not whole phrases: see `lexicon`. A street name made of such words passes only where it is a known one.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import Final

from privity.policy.detect.folding import unmask, words_of
from privity.policy.detect.lexicon import FAKE_STREETS, FILLER
from privity.policy.detect.placeholder_words import (
    STRONG,
    WEAK,
    any_mashed,
    is_canned,
    is_mashed,
    kind_of,
    says_a_phrase,
)
from privity.policy.detect.streets import DIRECTIONS, FIRST_WORDS, SUFFIX_WORDS, UNIT_WORDS
from privity.policy.detect.word_sets import word_set

_SAME_DIGIT: Final = re.compile(r"(\d)\1{3,}\Z")
_LABELS: Final = word_set(
    """
    ADDRESS ADDRESSES ADRESS ADDRES ADDR HOUSE HOME RESIDENCE DOMICILE DWELLING LOCATION CITY ZIP ZIPCODE COUNTRY NAME
    NUMBER DOMICILIO DIRECCION DIRECION CIUDAD VIVIENDA HOGAR RESIDENCIA NUMERO NOMBRE CASA
    """
)
"""What a form calls its fields: a number beside them is no address (`1 House`)."""
_ROAD_NAMES: Final = WEAK | word_set("PERDIDA PERDIDO RESERVADO VACIO VACIA CASA")
"""Telling words that name real roads, in Spanish above all (`1800 Calle Perdida`)."""
_SAYINGS: Final = word_set(
    """
    CANNOT CANT UNABLE NOT DONT DOESNT DIDNT WONT WOULDNT COULDNT ISNT WASNT NEVER NONE NEITHER WITHOUT LACKS LACK
    FAILED FAILS FAIL REFUSED REFUSES DECLINED DECLINES DENIED DENIES WITHHELD OMITTED REMEMBER RECALL PENDING UNKNOWN
    FORGOT IGNORA IGNORO REHUSO NEGO NIEGA SABE RECUERDA APLICA DISPONIBLE PROPORCIONO
    """
)
"""Telling words of saying and denying; others (Vacant, Lost, Moved) may describe the land a road runs through."""
_SENTENCE: Final = word_set(
    """
    TO WILL WITH FOR WAS WERE HAS HAVE HAD DO DOES DID CAN COULD WOULD SHOULD PROVIDE GIVE SAY TELL LATER RETURN FOLLOW
    FRIENDS STAYS SOON ASKED FOUND LOCATED SUPPLIED GIVEN ENTERED LISTED QUIERE QUISO DIJO DIO TIENE CONFIRMAR VIVE
    ACUERDA CHOSE LEFT CONOCE CONTESTA CONTESTO INFORMO ENTREGO
    """
)
"""Filler that only a sentence has: two such words beside a number name no road (`123 To Follow`)."""
_GRAMMAR: Final = word_set(
    """
    NO NOT AS SEE PER CON POR SU SUS QUE MISMA MISMO
    CANT CANNOT WONT DOES DOESNT DID DIDNT HAS HAVE WAS IS ARE WILL WOULD
    COULD JUST STILL NEVER HE SHE THEY HIS HER THEIR WITH WITHOUT BETWEEN UNTIL WHEN WHERE BECAUSE SUBJECT ALIEN KEPT
    """
)
"""Words that bind a sentence; a road that bears one has a word for its kind behind it (`12 No Name Rd`)."""
_NO_ROADS: Final = word_set(
    "SAME TEST NOT WITHOUT VOID VARIOUS MULTIPLE IGUAL PRUEBA EXEMPT RESTRICTED BLANK EMPTY ABOVE"
)
"""Telling words that no road bears without a word for its kind (`123 Test`; but `123 Test Rd`)."""
_BORNE: Final = word_set("UNKNOWN NONE NULL NIL TEST NOWHERE ANYWHERE SOMEWHERE EXAMPLE FALSE")
"""Words that a few real roads bear (Unknown Rd, Null Ln): with a house number that nobody makes up, they pass."""
_MADE_UP: Final = re.compile(r"0*(?:1|12|123|1234|12345|123456|(\d)\1*|[1-9]0{2,}|0|999\d*)\Z")
_MIXED: Final = re.compile(r"[A-Z][0-9]+[A-Z]|^[0-9]+[A-Z]+[0-9]+$|^[0-9][A-Z]{3,}|^[A-Z]{2,}[0-9]+$|^[A-Z][0-9]{2,3}$")
_SHORT_MIXED: Final = re.compile(r"[0-9]{1,2}[A-Z]{1,3}")
_LETTERS: Final = str.maketrans("0345789", "OEASTBG")
_KNOWN_PLACES: Final = frozenset({"CONOCIDO", "CONOCIDA"})
_SPELT_OUT: Final = 4  # so many letters apart may spell a word: see `folding.unmask`
_STATE_ROADS: Final = frozenset({"NC", "ND", "SD", "SE"})


def is_placeholder(text: str, words: tuple[str, ...] | None = None) -> bool:
    """Whether a whole street field stands for "no address". A blank field does too. `words`: its words, if at hand."""
    words = words_of(text) if words is None else words
    if not words or is_told_in_digits(words):
        return True
    if _starts_as_street(words):
        if sum(len(word) == 1 for word in words) < _SPELT_OUT and all(map(_is_innocent, words)):
            return words[1] not in _KNOWN_PLACES and says_a_phrase(words)
        joined = " ".join(words)
        unmasked = unmask(joined)
        spelled = words if unmasked == joined else words_of(unmasked)
        return _is_fake_street(spelled if _starts_as_street(spelled) else words)
    plain = words_of(unmask(" ".join(words_of(unmask(text.upper())))))
    letters = tuple(word for word in plain if not word.isdigit())
    if not letters:
        return bool(_SAME_DIGIT.match("".join(words)))
    if not STRONG.isdisjoint(letters) or any_mashed(letters) or says_a_phrase(letters):
        return True
    return is_canned("".join(letters)) or _speaks_of_nothing(plain, letters) or _is_a_sentence(words)


@lru_cache(maxsize=1 << 16)
def _is_innocent(word: str) -> bool:
    """Whether a word can make no street a placeholder, other than by a phrase: it plays no game and tells nothing."""
    if word.isdigit():
        return True
    telling = word in STRONG or word in FAKE_STREETS or is_mashed(word) or kind_of(word)
    return not telling and unmask(word) == word


def says_nothing(text: str, words: tuple[str, ...] | None = None) -> bool:
    """Whether a text that is no street (a city, a reason, an officer) is blank or made of placeholder words.

    `words`: its words, if at hand.
    """
    upper = text.upper()
    unmasked = unmask(upper)
    plain = words if words is not None and unmasked == upper and text.isascii() else words_of(unmasked)
    letters = [word for word in plain if not word.isdigit()]
    if not letters:
        return not plain
    if is_canned("".join(letters)) or all(map(is_mashed, letters)):
        return True
    return _all_known(letters) == "telling" and not (len(plain) > 1 and len(letters) == 1 and letters[0] in WEAK)


def _all_known(letters: list[str] | tuple[str, ...]) -> str:
    """ "telling" or "filler" where every word is known and the first kind does or does not occur; else ""."""
    found = "filler"
    for word in letters:
        kind = kind_of(word)
        if not kind:
            return ""
        if kind == "telling":
            found = kind
    return found


def _starts_as_street(words: tuple[str, ...]) -> bool:
    return words[0][0].isdigit() and not SUFFIX_WORDS.isdisjoint(words[2:])


def _is_fake_street(words: tuple[str, ...]) -> bool:
    """Number, suffix, and between them nothing but words that name no street; or a telling word anywhere."""
    if any_mashed(words):
        return True
    if _is_a_real_road(words):
        return False
    if not STRONG.isdisjoint(words) or _is_named_for_nothing(words):
        return True
    return words[1] not in _KNOWN_PLACES and says_a_phrase(words)


def _is_named_for_nothing(words: tuple[str, ...]) -> bool:
    """Whether the street's name is made of words that name no street."""
    if FAKE_STREETS.isdisjoint(words):
        return _is_made_of_tellings(words)
    last = max(place for place, word in enumerate(words) if word in SUFFIX_WORDS)
    core = [word for word in words[1:last] if not word.isdigit()]
    if core[:2] == ["NO", "NAME"] or FAKE_STREETS.isdisjoint(core):
        return False  # No Name Road is a road in many counties
    return all(word in FAKE_STREETS or word in FILLER for word in core)


def _is_a_real_road(words: tuple[str, ...]) -> bool:
    """A number that nobody makes up, one of the words that roads do bear, its kind, and a unit at most.

    With another word beside it (`45 Unknown Soldier Ln`) that one must be a name: neither telling nor filler.
    """
    if _MADE_UP.match(words[0]) or words[1] not in _BORNE:
        return False
    others = [word for word in words[2:] if word not in SUFFIX_WORDS]
    if words[2] in SUFFIX_WORDS:
        return all(word in UNIT_WORDS or word in DIRECTIONS or len(word) < 4 for word in others) or not others
    return not kind_of(words[2]) and len(words) > 3 and words[3] in SUFFIX_WORDS


def _is_made_of_tellings(words: tuple[str, ...]) -> bool:
    """Two and more words before the suffix, all telling or filler, that deny or refuse (`99 Cannot Locate Ave`)."""
    last = max(place for place, word in enumerate(words) if word in SUFFIX_WORDS)
    core = words[1:last]
    if len(core) < 2 or any(not kind_of(word) for word in core):
        return False
    return not _SAYINGS.isdisjoint(core)


def is_told_in_digits(words: tuple[str, ...]) -> bool:
    """Whether the words say it once digits are read as letters: `N07 G1V3N`, `533 F1L3`, `7BD`."""
    if not any(map(_MIXED.search, words)) and not (len(words) == 1 and _SHORT_MIXED.fullmatch(words[0])):
        return False
    for one in "IL":
        spelt = tuple(word.translate(_LETTERS).replace("1", one) for word in words)
        if not STRONG.isdisjoint(spelt) or says_a_phrase(spelt) or is_canned("".join(spelt)):
            return True
        if _all_known(spelt) == "telling" or (_all_known(spelt) and not _SENTENCE.isdisjoint(spelt)):
            return True
    return False


def _is_a_sentence(words: tuple[str, ...]) -> bool:
    """A number, no word for a road's kind, and a word that only sentences have (`4821 Not Furnished`)."""
    if not words[0].isdigit() or len(words) < 3 or words[1] in FIRST_WORDS or not SUFFIX_WORDS.isdisjoint(words):
        return False
    return any(word in _GRAMMAR and after.isalpha() and len(after) > 1 for word, after in pairwise(words[1:]))


def _speaks_of_nothing(plain: tuple[str, ...], letters: tuple[str, ...]) -> bool:
    """Every word is telling or filler; with a number beside them at least one must be telling."""
    kind = _all_known(letters)
    numbered = any(word.isdigit() for word in plain)
    if not kind:
        return False
    if kind == "filler" and numbered:
        return not _LABELS.isdisjoint(letters) or (len(letters) > 1 and not _SENTENCE.isdisjoint(letters))
    if plain[0].isdigit() and len(letters) == 2 and letters[0] in FIRST_WORDS and letters[1] in _ROAD_NAMES:
        return False
    if numbered and len(letters) == 1 and letters[0] in WEAK:
        return len(plain) == 2 and plain[1] in _NO_ROADS
    return not _is_numbered_road(plain)


def _is_numbered_road(plain: tuple[str, ...]) -> bool:
    """`1234 NC 49`: a number, a state's letters, a number."""
    return len(plain) >= 3 and plain[0].isdigit() and plain[1] in _STATE_ROADS and plain[2].isdigit()
