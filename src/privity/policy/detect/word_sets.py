"""One way to write a word table: a set from words with blanks between."""

from __future__ import annotations


def word_set(words: str) -> frozenset[str]:
    """The set of the blank-separated words."""
    return frozenset(words.split())
