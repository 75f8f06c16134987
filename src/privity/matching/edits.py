"""One-edit comparison of two words: a letter changed, missing, extra, or two neighbours swapped. Nothing fuzzier."""

from __future__ import annotations


def one_edit(left: str, right: str) -> bool:
    """Whether exactly one edit (optimal string alignment) turns `left` into `right`. Equal words are not."""
    shorter, longer = (left, right) if len(left) <= len(right) else (right, left)
    gap = len(longer) - len(shorter)
    if gap > 1 or left == right:
        return False
    if ends_differ(left, right):
        return False
    same = 0
    while same < len(shorter) and shorter[same] == longer[same]:
        same += 1
    if gap == 1:
        return shorter[same:] == longer[same + 1 :]
    if shorter[same + 1 :] == longer[same + 1 :]:
        return True
    swapped = shorter[same : same + 2] == longer[same : same + 2][::-1]
    return swapped and shorter[same + 2 :] == longer[same + 2 :]


def ends_differ(left: str, right: str) -> bool:
    """Whether both the first and the last letters differ, in words of three letters or more.

    Then no single edit makes them equal, and neither begins the other: most pairs of names end here.
    """
    return len(left) > 2 and len(right) > 2 and left[0] != right[0] and left[-1] != right[-1]
