"""Families of addresses that are none: parts of one, places without one, other things in its columns.

Written without reading the detectors' own lists; held-out families were not looked at while detectors were mended.
"""

from __future__ import annotations

from random import Random

from bench.detector_games import cased, punctuated
from bench.detector_lines import (
    FAMILY,
    GIVEN,
    HELD_BACK,
    RETURNED,
    STREETS,
    TUNED,
    Drawn,
    Place,
    at,
    family,
    in_state,
    instead_of_address,
    laid,
    person,
    place,
    street,
)
from privity.domain.request import SuppliedAddress, SuppliedName


def _empty_but(draw: Random, line1: str = "", city: str = "", state: str = "", code: str = "") -> Drawn:
    return Drawn(person(draw), SuppliedAddress(line1, "", city, state, code))


@family(TUNED, RETURNED)
def zip_only(draw: Random) -> Drawn:
    where = place(draw)
    texts = (where.code, f"{where.code}-{draw.randint(1000, 9999)}", f"ZIP {where.code}", f"{where.state} {where.code}")
    text = draw.choice(texts)
    columns = (SuppliedAddress(text), SuppliedAddress(postal_code=where.code), SuppliedAddress(address=text))
    more = (
        SuppliedAddress(text, "", where.city, where.state, where.code),
        SuppliedAddress(text, "", "", "", where.code),
    )
    return Drawn(person(draw), draw.choice(columns + more))


@family(TUNED, RETURNED)
def zip_only_other(draw: Random) -> Drawn:
    code = place(draw).code
    texts = (
        f"Zip Code: {code}",
        f"zipcode {code}",
        f"postal code {code}",
        f"C.P. {code}",
        f"{code} USA",
        f"Z.I.P. {code}",
    )
    return instead_of_address(draw, draw.choice(texts))


@family(TUNED, RETURNED)
def city_only(draw: Random) -> Drawn:
    where = place(draw)
    texts = (
        where.city,
        f"{where.city}, {where.state}",
        f"{where.city} {where.state} {where.code}",
        f"City of {where.city}",
    )
    text = cased(draw, draw.choice(texts))
    if draw.random() < 0.4:
        return Drawn(person(draw), SuppliedAddress(address=text))
    return (
        at(draw, text, "", where) if draw.random() < 0.5 else _empty_but(draw, "", where.city, where.state, where.code)
    )


@family(TUNED, RETURNED)
def somewhere_in_a_city(draw: Random) -> Drawn:
    where = place(draw)
    forms = (
        "Somewhere in {}|{} Area|Downtown {}|Lives in {}|Outside {}|Near {}|{} Metro Area|North Side of {}|{} County"
    )
    return at(draw, cased(draw, draw.choice(forms.split("|")).format(where.city)), "", where)


@family(TUNED, RETURNED)
def number_only(draw: Random) -> Drawn:
    number = draw.randint(1, 99999)
    return at(
        draw, draw.choice((str(number), f"#{number}", f"No. {number}", f"{number} {number}", f"{number}-{number}"))
    )


@family(TUNED, RETURNED)
def unit_only(draw: Random) -> Drawn:
    word = draw.choice(
        ["Apt", "Unit", "Suite", "Lot", "Room", "Floor", "Bldg", "Trailer", "Space", "Apartment", "Apto", "Depto"]
    )
    return at(draw, f"{word} {draw.choice((str(draw.randint(1, 400)), draw.choice('ABCD')))}")


@family(TUNED, RETURNED)
def street_without_number(draw: Random) -> Drawn:
    word = draw.choice(["Street", "Avenue", "Road", "Drive", "St", "Ave", "Rd", "Dr", "Ln"])
    lead = draw.choice(("", "", "N ", "West "))
    return at(draw, cased(draw, f"{lead}{draw.choice(STREETS)} {word}{draw.choice(('', '', ' Apt 4', ' #12'))}"))


@family(TUNED, RETURNED)
def road_without_number(draw: Random) -> Drawn:
    roads = (
        "Highway {0}|US Hwy {0}|Interstate {0}|County Road {0}|State Road {0}|FM {0}|Off Highway {0}|I-{0}|Route {0}"
    )
    more = "Exit {0}|Mile Marker {0}|Milepost {0} on the highway|Old Mill Rd|The Esplanade|Calle Luna|Avenida Central"
    return at(draw, draw.choice((roads + "|" + more).split("|")).format(draw.randint(2, 99)))


@family(TUNED, RETURNED)
def intersection(draw: Random) -> Drawn:
    one, other = draw.sample(STREETS, 2)
    forms = "{0} and {1}|{0} & {1}|{0} St & {1} Ave|5th and {0}|corner of {0} and {1}|{0} Ave at {1} St|{0} St / {1} St"
    return at(draw, cased(draw, draw.choice(forms.split("|")).format(one, other)))


@family(TUNED, RETURNED)
def intersection_other(draw: Random) -> Drawn:
    one, other = draw.sample(STREETS, 2)
    forms = (
        "{0} Rd @ {1} Rd|between {0} and {1}|12th & {0}|{0} y {1}|esquina de {0} y {1}|"
        "{0} St x {1} St|intersection of {0} "
        "St and {1} Ave|{0} near {1}|{0} St cross {1} St|NE corner {0}/{1}|entre {0} y {1}"
    )
    return at(draw, draw.choice(forms.split("|")).format(one, other))


@family(TUNED, RETURNED)
def beside_something(draw: Random) -> Drawn:
    what = draw.choice(("church", "Walmart", "school", "gas station", "river", "bridge", "park", "old mill", "store"))
    how = draw.choice(
        ("near the {}", "behind the {}", "across from the {}", "next to the {}", "by the {}", "under the {}")
    )
    return at(draw, cased(draw, how.format(what)))


@family(TUNED, RETURNED)
def beside_something_other(draw: Random) -> Drawn:
    forms = (
        "2 blocks north of the {}|down the road from {}|in front of the {}|past the {}|"
        "cerca de la {}|detras del {}|frente a "
        "la {}|al lado de la {}|close to the {}|opposite the {}|above the {}|5 miles from the {}|house by the {}"
    )
    what = draw.choice(
        ("church", "market", "school", "iglesia", "tienda", "escuela", "rio", "laundromat", "bus stop", "mall")
    )
    return at(draw, draw.choice(forms.split("|")).format(what))


@family(TUNED, RETURNED)
def block_of_a_street(draw: Random) -> Drawn:
    hundred, name = draw.randint(1, 99) * 100, draw.choice(STREETS)
    forms = ("{0} block of {1} St", "{0} Block {1} Street", "{0} blk of {1} Ave", "the {0} block of {1}")
    return at(draw, draw.choice(forms).format(hundred, name))


@family(TUNED, RETURNED)
def box_without_number(draw: Random) -> Drawn:
    forms = "PO Box|P.O. Box|Post Office Box|RR 2|R.R. 3|Rural Route 1|HC 63|Highway Contract 4|PO Box #|P O Box None"
    return at(draw, cased(draw, draw.choice(forms.split("|"))))


@family(TUNED, RETURNED)
def box_of_words(draw: Random) -> Drawn:
    forms = (
        "RFD|Star Route|PO Box N/A|PO Box Unknown|PO Box 0|PO Box XXXX|Mailbox|P.O. Box ___|RR|PMB 12|Apartado Postal"
    )
    return at(draw, draw.choice(forms.split("|")))


@family(TUNED, RETURNED)
def not_an_address_at_all(draw: Random) -> Drawn:
    given, last = draw.choice(GIVEN).lower(), draw.choice(FAMILY).lower()
    lat, long = round(draw.uniform(25, 48), 4), round(draw.uniform(-122, -70), 4)
    digits = f"{draw.randint(200, 989)}-{draw.randint(200, 989)}-{draw.randint(1000, 9999)}"
    texts = (f"{lat}, {long}", f"{lat} {long}", f"{given}.{last}@example.org", f"({digits[:3]}) {digits[4:]}", digits)
    return instead_of_address(draw, draw.choice(texts))


@family(TUNED, RETURNED)
def not_an_address_at_all_other(draw: Random) -> Drawn:
    number = draw.randint(10_000_000, 99_999_999)
    texts = (
        f"https://example.org/{number}",
        "www.example.com",
        "///filled.count.soap",
        "86HJW8PV+2Q",
        f"tel:+1{number}22",
        "32°46'45\"N 96°48'32\"W",
        f"@{draw.choice(GIVEN).lower()}{number}",
        f"lat {number % 48}.12 long -96.8",
        "N/A@example.org",
        f"+1 214 {number % 1000:03d} {number % 10000:04d}",
        f"cell {number}",
        f"1{number}00",
    )
    return instead_of_address(draw, draw.choice(texts))


@family(TUNED, RETURNED)
def identifier_in_address(draw: Random) -> Drawn:
    digits = draw.randint(100_000_000, 999_999_999)
    text = f"{digits:09d}"
    ssn = f"{text[:3]}-{text[3:5]}-{text[5:]}"
    return instead_of_address(draw, draw.choice((f"A{text}", f"A# {text}", ssn, f"SSN {ssn}", f"TIN {text}", text)))


@family(TUNED, RETURNED)
def identifier_in_address_other(draw: Random) -> Drawn:
    n = draw.randint(100_000_000, 999_999_999)
    t = str(n)
    texts = (
        f"A-{t[:3]}-{t[3:6]}-{t[6:]}",
        f"Alien No. {t}",
        f"DOB {draw.randint(1, 12):02d}/14/19{draw.randint(50, 99)}",
        f"ITIN 9{t[1:3]}-7{t[3]}-{t[5:]}",
        f"FBI #{t}",
        f"Case {t}",
        f"Social Security {t}",
        f"19{t[:2]}-04-12",
        f"EIN {t[:2]}-{t[2:]}",
    )
    return instead_of_address(draw, draw.choice(texts))


@family(TUNED, RETURNED)
def columns_shifted(draw: Random) -> Drawn:
    where, line, who = place(draw), street(draw), draw.choice(FAMILY)
    options = (
        SuppliedAddress(where.city, line, where.state, where.code, ""),
        SuppliedAddress("", line, line, where.city, where.state),
        SuppliedAddress(line, "", where.state, where.city, where.code),
        SuppliedAddress(line, "", where.city, where.code, where.state),
        SuppliedAddress(line, where.city, where.state, where.code, ""),
        SuppliedAddress(who, line, where.city, where.code, where.state),
    )
    return Drawn(person(draw), draw.choice(options))


@family(TUNED, RETURNED)
def columns_shifted_other(draw: Random) -> Drawn:
    where, line = place(draw), street(draw)
    options = (
        SuppliedAddress(where.code, line, "", where.city, where.state),
        SuppliedAddress(where.state, where.code, line, "", where.city),
        SuppliedAddress(line, "", where.code, where.state, where.city),
        SuppliedAddress("Maria", "Lopez", line, where.city, where.state),
        SuppliedAddress("2024", line, where.city, where.state, where.code),
        SuppliedAddress(where.city, "", line, where.state, where.code),
    )
    return Drawn(person(draw), draw.choice(options))


@family(TUNED, RETURNED)
def two_addresses(draw: Random) -> Drawn:
    one, other = street(draw), street(draw)
    forms = "{0} or {1}|{0} / {1}|{0}; {1}|{0} and {1}|{0} & {1}|{0} OR {1}"
    return at(draw, draw.choice(forms.split("|")).format(one, other))


@family(TUNED, RETURNED)
def two_addresses_other(draw: Random) -> Drawn:
    one, other = street(draw), street(draw)
    forms = "previously|formerly||also|alt|aka|moved to|then|now|(old)|+"
    if draw.random() < 0.3:
        return at(draw, one, other)
    return at(draw, f"{one} {draw.choice(forms.split('|'))} {other}")


@family(TUNED, RETURNED)
def zip_and_state_wrong(draw: Random) -> Drawn:
    where = place(draw)
    other = in_state(draw, "NY" if where.state not in ("NY", "CT", "NJ") else "CA")
    code = f"{draw.randint(501, 9999):04d}"
    wrong = draw.choice(
        (
            Place(where.city, where.state, other.code),
            Place(where.city, "ZZ", where.code),
            Place(where.city, where.state, code),
        )
    )
    return Drawn(person(draw), SuppliedAddress(street(draw), "", wrong.city, wrong.state, wrong.code))


@family(TUNED, RETURNED)
def zip_and_state_wrong_other(draw: Random) -> Drawn:
    where = place(draw)
    codes = ("00000", "99999x", "ABCDE", "1234", "123456", "7520!", "XXXXX", "12345-12", "O0210")
    states = ("XX", "QQ", "UU", "Unknown", "N/A", "T", "TXX", "??")
    wrong = draw.choice(
        (Place(where.city, where.state, draw.choice(codes)), Place(where.city, draw.choice(states), where.code))
    )
    return Drawn(person(draw), SuppliedAddress(street(draw), "", wrong.city, wrong.state, wrong.code))


@family(TUNED, HELD_BACK)
def general_delivery(draw: Random) -> Drawn:
    forms = ("General Delivery", "GENERAL DELIVERY", "Gen Delivery", "Gen Del", "General Deliv.")
    return at(draw, draw.choice(forms))


@family(TUNED, HELD_BACK)
def general_delivery_other(draw: Random) -> Drawn:
    forms = (
        "Poste Restante",
        "Lista de Correos",
        "General  Delivery",
        "general-delivery",
        "Hold for pickup",
        "Entrega General",
    )
    return at(draw, punctuated(draw, draw.choice(forms)) if draw.random() < 0.3 else draw.choice(forms))


@family(TUNED, HELD_BACK)
def abroad(draw: Random) -> Drawn:
    rows = (
        ("Calle Juárez 45", "Monterrey", "NL", "64000"),
        ("10 Downing St", "London", "England", "SW1A 2AA"),
        ("Av. Reforma 222", "Ciudad de México", "CDMX", "06600"),
        ("12 Rue de Rivoli", "Paris", "France", "75001"),
        ("350 Bay St", "Toronto", "ON", "M5H 2S6"),
        ("4a Avenida 5-55 Zona 14", "Guatemala", "Guatemala", "01014"),
    )
    line, city, state, code = draw.choice(rows)
    return Drawn(person(draw), SuppliedAddress(line, "", city, state, code))


@family(TUNED, RETURNED)
def formula_or_markup(draw: Random) -> Drawn:
    forms = '=HYPERLINK("http://x","{0}")|=1+1|+cmd|<b>{0}</b>|@SUM(1)|{0}\x07|{0}\x00|&lt;{0}&gt;|Ã¡ {0} Ã©|{0} ï¿½'
    return at(draw, draw.choice(forms.split("|")).format(street(draw)))


@family(TUNED, RETURNED)
def formula_or_markup_other(draw: Random) -> Drawn:
    forms = (
        "-1+1|=cmd|'!A1|{0}<script>alert(1)</script>|{{{{7*7}}}} {0}|{0}\u202e|{0}\ufffd|%20{0}%20|{0}\\n{0}|"
        "{0}\x1b[31m|\u200b{0}"
    )
    return at(draw, draw.choice(forms.split("|")).format(street(draw)))


@family(TUNED, RETURNED)
def zip_of_five_digits_and_words(draw: Random) -> Drawn:
    return Drawn(
        SuppliedName("Maria", "", "Lopez"), laid(draw, cased(draw, f"Don't Care {draw.randint(10000, 99999)}"))
    )
