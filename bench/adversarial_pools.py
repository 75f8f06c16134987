"""Households of a region by what can be asked about them: each class draws from one of these pools."""

from __future__ import annotations

from bench import adversarial_tables as tables
from bench.adversarial_forbidden import NEGATIVE
from bench.adversarial_lines import POSITIVE, QUARTERS
from bench.adversarial_places import neighbours
from bench.adversarial_population import Household


def pools(households: list[Household]) -> dict[str, list[Household]]:
    """Households by what can be asked about them."""
    found: dict[str, list[Household]] = {name: [] for _, name, _ in (*POSITIVE.values(), *NEGATIVE.values())}
    for home in households:
        address, persons = home.address, home.persons
        if home.kind == QUARTERS:
            found["quarters"].append(home)
            found["any"] += [home] * (len(persons) // 3)
            continue
        for name, fits in (
            ("any", True), ("double", any(len(one.family) > 1 for one in persons)), ("alias", bool(home.town.aliases)),
            ("direction", bool(address.pre)), ("no_suffix", bool(address.street) and not address.suffix),
            ("moved", bool(home.before)), ("unit", bool(address.unit)), ("departed", bool(home.departed)),
            ("absent", any(not one.recorded and not one.generation for one in persons)),
            ("junior", any(one.generation == "JR" for one in persons)), ("twin", home.twin is not None),
            ("near", address.street in neighbours()),
            ("letter", any(len(word) == 1 for word in address.street.split())),
            ("spacing", _can_be_opened(home)),
        ):  # fmt: skip
            if fits:
                found[name].append(home)
    return found


def _can_be_opened(home: Household) -> bool:
    family = home.persons[0].family[0]
    starts = tuple(start for start, _ in tables.OPEN_UP)
    return family in tables.IRISH or family.startswith(starts) or home.address.street in tables.TWO_WORDS
