"""L02: does a field say, in whatever words, that no address is given? English and Spanish.

Reads words, not whole phrases: see `lexicon`. A street name made of such words passes only where it is a known one.
"""

from __future__ import annotations

import re
from functools import lru_cache
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
from privity.policy.detect.streets import FIRST_WORDS, SUFFIX_WORDS
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
_KNOWN_PLACES: Final = frozenset({"CONOCIDO", "CONOCIDA"})
_SPELT_OUT: Final = 4  # so many letters apart may spell a word: see `folding.unmask`
_STATE_ROADS: Final = frozenset({"NC", "ND", "SD", "SE"})


def is_placeholder(text: str, words: tuple[str, ...] | None = None) -> bool:
    """Whether a whole street field stands for "no address". A blank field does too. `words`: its words, if at hand."""
    words = words_of(text) if words is None else words
    if not words:
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
    return is_canned("".join(letters)) or _speaks_of_nothing(plain, letters)


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
    if not STRONG.isdisjoint(words) or any_mashed(words):
        return True
    if not FAKE_STREETS.isdisjoint(words):
        last = max(place for place, word in enumerate(words) if word in SUFFIX_WORDS)
        core = [word for word in words[1:last] if not word.isdigit()]
        if core[:2] == ["NO", "NAME"]:
            return False  # No Name Road is a road in many counties
        if not FAKE_STREETS.isdisjoint(core) and all(word in FAKE_STREETS or word in FILLER for word in core):
            return True
    elif _is_made_of_tellings(words):
        return True
    return words[1] not in _KNOWN_PLACES and says_a_phrase(words)


def _is_made_of_tellings(words: tuple[str, ...]) -> bool:
    """Two and more words before the suffix, all telling or filler, that deny or refuse (`99 Cannot Locate Ave`)."""
    last = max(place for place, word in enumerate(words) if word in SUFFIX_WORDS)
    core = words[1:last]
    if len(core) < 2 or any(not kind_of(word) for word in core):
        return False
    return not _SAYINGS.isdisjoint(core)


def _speaks_of_nothing(plain: tuple[str, ...], letters: tuple[str, ...]) -> bool:
    """Every word is telling or filler; with a number beside them at least one must be telling."""
    kind = _all_known(letters)
    numbered = any(word.isdigit() for word in plain)
    if not kind:
        return False
    if kind == "filler" and numbered:
        return not _LABELS.isdisjoint(letters)
    if plain[0].isdigit() and len(letters) == 2 and letters[0] in FIRST_WORDS and letters[1] in _ROAD_NAMES:
        return False
    return not (numbered and len(letters) == 1 and letters[0] in WEAK) and not _is_numbered_road(plain)


def _is_numbered_road(plain: tuple[str, ...]) -> bool:
    """`1234 NC 49`: a number, a state's letters, a number."""
    return len(plain) >= 3 and plain[0].isdigit() and plain[1] in _STATE_ROADS and plain[2].isdigit()
