"""How far two spellings lie apart. (Matching has its own comparisons; policy never imports it.)"""

from __future__ import annotations


def one_edit(one: str, two: str) -> bool:
    """Whether one insertion, deletion, replacement or swap of neighbours leads from one text to the other."""
    if abs(len(one) - len(two)) > 1 or one == two:
        return one == two
    start = 0
    while start < min(len(one), len(two)) and one[start] == two[start]:
        start += 1
    a, b = one[start:], two[start:]
    if len(a) == len(b):
        return a[1:] == b[1:] or (len(a) > 1 and a[0] == b[1] and a[1] == b[0] and a[2:] == b[2:])
    return a[1:] == b if len(a) > len(b) else a == b[1:]
