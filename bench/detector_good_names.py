"""Families of good names and reasons, plain and unusual, that must all be admitted.

Written without reading the detectors' own lists.
"""

from __future__ import annotations

from random import Random

from bench.detector_games import decomposed
from bench.detector_lines import ADMITTED, FAMILY, GIVEN, TUNED, Drawn, family, named, phrases, sound
from privity.domain.request import SuppliedName

SURNAMES = phrases("SURNAMES")
SURNAMES_MORE = phrases("SURNAMES_MORE")


def _name(draw: Random, given: str, last: str) -> SuppliedName:
    if draw.random() < 0.5:
        return SuppliedName(given_name=given, family_name=last)
    return SuppliedName(
        full_name=draw.choice((f"{given} {last}", f"{last}, {given}", f"{given} {draw.choice('ABCDEJM')}. {last}"))
    )


@family(TUNED, ADMITTED)
def surname_like_a_placeholder(draw: Random) -> Drawn:
    return named(draw, _name(draw, draw.choice(GIVEN), draw.choice(SURNAMES)))


@family(TUNED, ADMITTED)
def surname_like_a_placeholder_other(draw: Random) -> Drawn:
    return named(draw, _name(draw, draw.choice(GIVEN), draw.choice(SURNAMES_MORE)))


@family(TUNED, ADMITTED)
def unusual_given_name(draw: Random) -> Drawn:
    given = [
        "Noah",
        "Nada",
        "Nil",
        "Unique",
        "Baby",
        "Precious",
        "Junior",
        "Prince",
        "Guy",
        "Son",
        "My",
        "Jesus",
        "Angel",
        "Nia",
        "An",
        "Yu",
        "Bo",
        "Ty",
        "Jo",
        "Wu",
        "Ali",
        "Noor",
        "Echo",
        "Christian",
        "Princess",
        "Major",
        "Judge",
        "Church",
        "Mercy",
        "Charity",
        "Trinity",
        "Nevada",
        "Dallas",
        "Paris",
        "King",
        "Royal",
        "Messiah",
        "Legend",
    ]
    return named(draw, _name(draw, draw.choice(given), draw.choice(FAMILY)))


@family(TUNED, ADMITTED)
def spanish_surnames(draw: Random) -> Drawn:
    given, (one, other) = draw.choice(GIVEN), draw.sample(FAMILY, 2)
    forms = (
        "{0} {1} {2}|{0} {1}-{2}|{0} de la {1}|{0} {1} de {2}|{0} del {1} y {2}|{1} {2}, {0}|{0} De Los {1}|"
        "{0} {1} y {2}"
    )
    return named(draw, draw.choice(forms.split("|")).format(given, one, other))


@family(TUNED, ADMITTED)
def names_of_the_world(draw: Random) -> Drawn:
    names = (
        "José Ñáñez|Zoë Brontë|Łukasz Żółć|Siobhán O'Néill|Đặng Thị Hồng|Søren Ørsted|"
        "Kaʻiulani Kamakawiwoʻole|Shaquille O’Neal|"
        "Leilani Keihanaikukauakahihuliheekahaunaele|Ng Xi|Vo Anh Thư|Ana-María D'Ángelo|"
        "Jean-Luc St. John|Mary Mc Donald|"
        "Abd al-Rahman Al-Masri|Björk Guðmundsdóttir|Ioannis Papadopoulos-Smith|Nguyễn Văn An|"
        "Oluwaseun Adébáyò|M'Baye N'Diaye|"
        "Ludwig van der Berg|Juan de la Cruz y Ortega|Wm Smith III|Robert Downey Jr|"
        "Chloé Saint-Exupéry|Ünal Çelik|Jiří Dvořák"
    )
    name = draw.choice(names.split("|"))
    return named(draw, decomposed(draw, name) if draw.random() < 0.3 else name)


@family(TUNED, ADMITTED)
def a_reason_of_its_own(draw: Random) -> Drawn:
    when, where = f"2025-0{draw.randint(1, 9)}-1{draw.randint(0, 9)}", draw.choice(FAMILY)
    forms = (
        "Failed to depart by {0} after the appeal was dismissed; employer {1} gave this flat as payroll address",
        "Absconded from supervision on {0}; sponsor {1} says he gets mail here",
        "Officer {1} served the warrant of removal on {0}, nobody opened",
        "Missed check-in on {0}; sister {1} named this house",
        "No se presentó el {0}; la señora {1} da esta dirección como la suya",
    )
    drawn = sound(draw)
    return Drawn(drawn.name, drawn.address, draw.choice(forms).format(when, where))
