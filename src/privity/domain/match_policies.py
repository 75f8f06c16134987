"""The names of the shipped match policies and the levels each one turns on, in order.

Words only: what a level means is in `privity.matching.levels`, which a test holds to this list.
"""

from __future__ import annotations

from collections.abc import Mapping

_STANDARD = ("exact", "face_open", "double_surname", "surname_typo", "given_typo", "street_typo")

POLICY_LEVELS: Mapping[str, tuple[str, ...]] = {
    "exact": ("exact",),
    "standard": _STANDARD,
    "extended": (*_STANDARD, "zip_digit", "nickname"),
}
