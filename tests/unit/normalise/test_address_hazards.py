"""One table row per hazard of address reading: what must agree, what must stay apart, what must be refused."""

from __future__ import annotations

import pytest

from privity.domain.delivery_point import PointKind
from privity.domain.request import SuppliedAddress
from privity.normalise.addresses import ADDRESS_DEFECTS, ReadAddress, read_addresses
from privity.normalise.addresses.house_numbers import may_be_a_range
from privity.normalise.addresses.slips import DIRECTIONAL_SLIPS, SUFFIX_SLIPS
from privity.normalise.addresses.units import UNIT_WORDS
from privity.normalise.addresses.words import DIRECTIONALS, SUFFIXES

AMES = ("Ames", "IA", "50010")


def read(line1: str, line2: str = "", place: tuple[str, str, str] = AMES, *, opinion: bool = False) -> ReadAddress:
    return read_addresses([SuppliedAddress(line1, line2, *place)], second_opinion=opinion)[0]


def read_line(text: str) -> ReadAddress:
    return read_addresses([SuppliedAddress(address=text)], second_opinion=True)[0]


def core(line1: str, line2: str = "", place: tuple[str, str, str] = AMES) -> tuple[str, ...]:
    answer = read(line1, line2, place)
    assert answer.point is not None, answer.defects
    return answer.point.core


UNITS = [
    ("100 Main St Apt 4", "APT 4"),
    ("100 Main St Unit 4", "APT 4"),
    ("100 Main St #4", "APT 4"),
    ("100 Main St No 4", "APT 4"),
    ("100 Main St Apt. No. 4", "APT 4"),
    ("100 Main St #APT 000004", "APT 4"),
    ("100 Main St 4", "APT 4"),
    ("100 Main St Apt 4-B", "APT 4B"),
    ("100 Main St Apt 4 B", "APT 4B"),
    ("100 Main St Apt B-4", "APT B4"),
    ("100 Main St Apt 1-12", "APT 1-12"),
    ("100 Main St Apt 112", "APT 112"),
    ("100 Main St Apt C", "APT C"),
    ("100 Main St Apartment C", "APT C"),
    ("100 Main St PH04", "PH 4"),
    ("100 Main St Penthouse 4", "PH 4"),
    ("100 Main St PH", "PH"),
    ("100 Main St 3rd Floor", "FL 3"),
    ("100 Main St Fl 3", "FL 3"),
    ("100 Main St Third Floor", "FL 3"),
    ("100 Main St Ste 3", "STE 3"),
    ("100 Main St Suite 3", "STE 3"),
    ("100 Main St Lot 3", "LOT 3"),
    ("100 Main St Trlr 3", "TRLR 3"),
    ("100 Main St Bldg 3", "BLDG 3"),
    ("100 Main St Spc 3", "SPC 3"),
    ("100 Main St Rm 3", "RM 3"),
    ("100 Main St PMB 3", "PMB 3"),
    ("100 Main St Basement", "BSMT"),
    ("100 Main St Bsmt", "BSMT"),
    ("100 Main St Rear", "REAR"),
    ("100 Main St Upper", "UPPR"),
    ("100 Main St Lower", "LOWR"),
    ("100 Main St Front", "FRNT"),
    ("100 Main St Side", "SIDE"),
    ("100 Main St Apt Rear", "REAR"),
    ("100 Main St Apt 0", "APT 0"),
    ("100 Main St Bldg 3 Apt 4", "APT 4|BLDG 3"),
    ("100 Main St Apt 4 Bldg 3", "APT 4|BLDG 3"),
    ("100 Main St Apt 4B Fl 2", "APT 4B|FL 2"),
    ("100 Main St 2nd Fl Rear", "FL 2|REAR"),
    ("100 Main St Townhouse 4", "TWNHS 4"),
    ("100 Main St Cottage", "COTTAGE"),
    ("100 Main St Garage Apt", "GARAGE"),
    ("100 Main St", ""),
]


@pytest.mark.parametrize(("line", "unit"), UNITS)
def test_unit_keeps_class_and_never_vanishes(line: str, unit: str) -> None:
    assert core(line) == ("street", "50010", "100", unit, "MAIN")


@pytest.mark.parametrize(("line", "unit"), [row for row in UNITS if row[1]])
def test_unit_in_the_second_line_is_the_same_unit(line: str, unit: str) -> None:
    assert core("100 Main St", line.removeprefix("100 Main St "))[3] == unit


SECOND_LINES = [
    ("3rd Fl No 78", "APT 78|FL 3"),
    ("Floor 5 Number 10035", "APT 10035|FL 5"),
    ("U No 106 Floor No 1", "APT 106|FL 1"),
    ("8 Fl Unit 1", "APT 1|FL 8"),
    ("Apt 2 2 Fl", "APT 2|FL 2"),
    ("# 2 Flr", "FL 2"),
    ("# 8 Fl", "FL 8"),
    ("# 8 Fl 2", "APT 8|FL 2"),
    ("No 4 Floor", "FL 4"),
    ("Third Flr", "FL 3"),
    ("Ground Floor Apartment # 3020", "APT 3020|FL G"),
    ("8 Level", "LEVEL 8"),
    ("2nd Levl", "LEVEL 2"),
    ("Level # 8", "LEVEL 8"),
    ("Lvl 6 Aptmnt 601", "APT 601|LEVEL 6"),
    ("Ap Nbr 10086", "APT 10086"),
    ("Flat No 001", "APT 1"),
    ("Unt 1", "APT 1"),
    ("Un F", "APT F"),
    ("U 5", "APT 5"),
]


@pytest.mark.parametrize(("line2", "unit"), SECOND_LINES)
def test_second_line_of_units_in_any_order(line2: str, unit: str) -> None:
    assert core("100 Main St", line2)[3] == unit
    assert read("100 Main St", line2, opinion=True).second_opinion_agrees
    city, state, zip5 = AMES
    whole = read_line(f"100 Main St, {line2}, {city}, {state} {zip5}")
    assert whole.point is not None
    assert whole.point.core == core("100 Main St", line2)


def test_a_level_is_no_floor_and_no_apartment() -> None:
    cores = {core("100 Main St", line2) for line2 in ("Level 8", "Floor 8", "Apt 8", "Ste 8", "")}
    assert len(cores) == 5


FACES = [
    ("100 17th Avenue Sowest", ("", "AVE", "SW")),
    ("100 37th Court Nrthe", ("", "CT", "NE")),
    ("100 1st Ave Norhe", ("", "AVE", "NE")),
    ("100 6th Ave Sth", ("", "AVE", "S")),
    ("100 18th Avenue So", ("", "AVE", "S")),
    ("100 Line Road Sth West", ("", "RD", "SW")),
    ("100 Wst 85 Stree", ("W", "ST", "")),
    ("100 Sth Hendrix Cir", ("S", "CIR", "")),
    ("100 Wst St", ("", "ST", "")),
    ("100 Nort St", ("", "ST", "")),
]


@pytest.mark.parametrize(("line", "face"), FACES)
def test_sure_slips_in_a_face_are_put_right(line: str, face: tuple[str, str, str]) -> None:
    answer = read(line)
    assert answer.point is not None, answer.defects
    assert answer.point.face == face


def test_every_directional_slip_fits_one_directional_only() -> None:
    """A slip has letters of its directional in order, each half beginning with its own first letter."""
    halves = {"N": "NORTH", "S": "SOUTH", "E": "EAST", "W": "WEST"}

    def shortened(slip: str, word: str) -> bool:
        letters = iter(word)
        return slip[:1] == word[0] and all(letter in letters for letter in slip)

    def fits(slip: str, short: str) -> bool:
        if len(short) == 1:
            return shortened(slip, halves[short])
        first, second = (halves[letter] for letter in short)
        return any(shortened(slip[:cut], first) and shortened(slip[cut:], second) for cut in range(1, len(slip)))

    for slip, direction in DIRECTIONAL_SLIPS.items():
        assert {short for short in ("N", "S", "E", "W", "NE", "NW", "SE", "SW") if fits(slip, short)} == {direction}
        assert not {slip} & (DIRECTIONALS.keys() | SUFFIXES.keys() | UNIT_WORDS.keys())


def test_every_suffix_slip_is_no_spelling_of_its_own() -> None:
    for slip, suffix in SUFFIX_SLIPS.items():
        assert slip not in SUFFIXES
        assert suffix in SUFFIXES


@pytest.mark.parametrize("line2", ["Apt 4", "4", "#4", "Unit 4"])
def test_repeated_unit_counts_once(line2: str) -> None:
    assert core("100 Main St Apt 4", line2)[3] == "APT 4"


SAME_STREET = [
    ("100 Elm St", "% Robert Smith, 100 Elm St"),
    ("100 Elm St", "In care of Maria Torres, 100 Elm St"),
    ("PO Box 12", "P.O. Box No. 12"),
    ("PO Box 12", "POBox 12"),
    ("PO Box 12", "PO-Box 12"),
    ("PO Box 12", "Post  Office Box 12"),
    ("Unit 100 Box 3", "OMC Unit 100 Box 3"),
    ("Unit 100 Box 3", "UMR 100 Box 3"),
    ("Unit 100 Box 3", "USS Invented Unit 100 Box 3"),
    ("100 North Main Street", "100 N. Main St."),
    ("100 N E 5th St", "100 Northeast Fifth Street"),
    ("100 First Ave", "100 1st Avenue"),
    ("100 Twenty-First St", "100 21st Street"),
    ("100 St Johns Rd", "100 Saint John's Road"),
    ("100 Mt Vernon St", "100 Mount Vernon Street"),
    ("100 Ft Washington Ave", "100 Fort Washington Avenue"),
    ("100 Ave A", "100 Avenue A"),
    ("100 MLK Blvd", "100 Dr. Martin Luther King Jr. Boulevard"),
    ("100 Mc Donald Rd", "100 McDonald Road"),
    ("100 O'Brien Rd", "100 OBRIEN RD"),
    ("100 Old Mill Rdg Rd", "100 Old Mill Ridge Road"),
    ("100 Four Mile Rd", "100 4 Mile Road"),
    ("00100 Main St", "100 Main St"),
    ("One Main St", "1 Main St"),
    ("123-A Main St", "123A Main St"),
    ("123 A Main St", "123A Main St"),
    ("123 D Forest St", "123-D Forest Street"),
    ("123 B 102nd Pl NE", "123B 102nd Place NE"),
    ("123 A Route 22", "123A Route 22"),
    ("657 1 2 Laurel Dr", "657 1/2 Laurel Dr"),
    ("657 3 4 S Laurel Dr", "657 3/4 S Laurel Dr"),
    ("1 1 2 11th St", "1 1/2 11th Street"),
    ("5300 8 1 2 St SE", "5300 8 1/2 St SE"),
    ("No 1193 Matheis St", "1193 Matheis St"),
    ("64-34 Main St", "64-34 Main Street"),
    ("1875 C R 420", "1875 County Road 420"),
    ("1200 13 Mi Rd", "1200 13 Mile Rd"),
    ("100 Main Stree", "100 Main St"),
    ("100 102nd Stre", "100 102nd St"),
    ("100 Elm Avnu Apt 4", "100 Elm Ave Apt 4"),
    ("100 Avnu 45", "100 Avenue 45"),
    ("100 Hgwy 97 South", "100 Highway 97 South"),
    ("100 Main St - Apt 4", "100 Main St, Apt 4"),
    ("100 Main St (Rear)", "100 Main St Rear"),
    ("100 E 12 St", "100 East 12th Street"),
    ("100 US-1", "100 U.S. Highway 1"),
    ("100 SR 9", "100 State Road 9"),
    ("100 State Rte 9", "100 State Highway 9"),
    ("100 Co Rd K", "100 County Road K"),
    ("100 I-35", "100 Interstate 35"),
    ("100 FM 1960", "100 Farm to Market Road 1960"),
    ("100 Calle Luna", "100 CLL LUNA"),
    ("100 Avenida Luna", "100 Ave. Luna"),
    ("RR 2 Box 15", "Rural Route 2, Box 15"),
    ("PO Box 12", "P.O. Box 12"),
    ("PO Box 12", "Post Office Box 12"),
    ("PO Box 12", "POB 12"),
    ("PO Box A-12", "PO Box A12"),
]


@pytest.mark.parametrize(("one", "other"), SAME_STREET)
def test_spellings_of_one_address_agree(one: str, other: str) -> None:
    assert core(one) == core(other)


APART = [
    ("100 Old State Road 12", "100 Old State Rd Apt 12"),
    ("100 Private Road 12", "100 Private Rd # 12"),
    ("100 Old Route 9", "100 Route 9"),
    ("100 US Highway 1", "100 State Road 1"),
    ("100 State Road 1", "100 County Road 1"),
    ("100 County Road 1", "100 US Highway 1"),
    ("100 Highway 1", "100 US Highway 1"),
    ("100 Route 9", "100 Route 9W"),
    ("100 Interstate 35", "100 US Highway 35"),
    ("100 Main St Apt 3", "100 Main St Ste 3"),
    ("100 Main St Apt 3", "100 Main St Fl 3"),
    ("100 Main St PH 4", "100 Main St Apt 4"),
    ("100 Main St Lot 3", "100 Main St Trlr 3"),
    ("100 Main St Bldg 3", "100 Main St Apt 3"),
    ("100 Main St", "100 Main St Basement"),
    ("100 Main St", "100 Main St Apt 0"),
    ("100 Main St Upper", "100 Main St Lower"),
    ("100 Main St PMB 3", "100 Main St Apt 3"),
    ("100 Main St", "PO Box 100"),
    ("RR 2 Box 15", "RR 3 Box 15"),
    ("RR 2 Box 15", "HC 2 Box 15"),
    ("RR 2 Box 15", "PO Box 15"),
    ("100 Main St", "100A Main St"),
    ("100 Main St", "100 1/2 Main St"),
    ("100 E St", "100 East St"),
    ("500 N 300 W", "500 S 300 W"),
    ("500 N 300 W", "500 N 300 E"),
    ("500 N 300 W", "500 W 300 N"),
    ("500 N 300 W", "500 N 300"),
    ("100 1st St", "100 2nd St"),
    ("100 21st St", "100 1st St"),
    ("100 Avenue A", "100 Avenue B"),
    ("100 Calle A", "100 Calle B"),
    ("100 Main St Apt 1-12", "100 Main St Apt 112"),
    ("123 A Main St", "123 Main St Apt A"),
    ("123 A Main St", "123 Main St"),
    ("123 A Main St", "123 B Main St"),
    ("123 A St", "123 B St"),
    ("123 C Rd", "123 County Road C"),
    ("64-34 Main St", "64 Main St Apt 34"),
    ("64-34 Main St", "6434 Main St"),
    ("89-03 Main St", "89-3 Main St"),
    ("123 C Rd Apt 307", "123 County Road 307"),
    ("657 1 2 Laurel Dr", "657 Laurel Dr"),
    ("657 1 2 Laurel Dr", "657 1 4 Laurel Dr"),
    ("5300 8 1 2 St", "5300 8 St"),
    ("100 Stree Ln", "100 Street Ln"),
    ("100 Sth 21", "100 South 21st St"),
    ("100 Wst St", "100 West St"),
]


@pytest.mark.parametrize(("one", "other"), APART)
def test_different_addresses_stay_apart(one: str, other: str) -> None:
    assert core(one) != core(other)


REFUSED = [
    ("100 Avenue C 4th FL 5", "", "unit_unclear"),
    ("100 Main St 4th Floor 5", "", "unit_unclear"),
    ("5 Elm St % Bob Smith", "", "unreadable"),
    ("C/O Las Torres, 100 Elm St", "", "unparsed_rest"),
    ("100 Elm St C/O Torres 2", "", "unparsed_rest"),
    ("100 Elm Road 40 Oak Ave", "", "two_addresses"),
    ("100 Elm St moved to 40 Oak Ave", "", "two_addresses"),
    ("8590 RM 1717", "", "no_street"),
    ("", "", "empty"),
    (" ", "-", "empty"),
    ("-1 Bouton St", "", "number_unclear"),
    ("- 1 Bouton St", "", "number_unclear"),
    ("0 Main St", "", "number_unclear"),
    ("123 J Smith Rd", "", "number_unclear"),  # a person's initial
    ("123 C Bar Rd", "", "number_unclear"),  # a brand
    ("123 A Front St", "", "number_unclear"),  # a unit, or Front Street
    ("123 A Mountain Rd", "", "number_unclear"),
    ("123 B And O Rd", "", "number_unclear"),
    ("123 A Street Rd", "", "number_unclear"),
    ("219 C Route 22", "", "number_unclear"),  # county route, or 219C
    ("657 3 2 Laurel Dr", "", "number_unclear"),  # no fraction
    ("657 1 2 Apt 4", "", "number_unclear"),
    ("657 1 2", "", "number_unclear"),
    ("100 1 2 St", "", "number_unclear"),  # 100 1/2, or a street between two
    ("17 1 Neal Rd", "", "number_unclear"),
    ("123 C Rd F", "", "street_unclear"),  # county road F, or C Road, unit F
    ("123 C Rd 307", "", "street_unclear"),
    ("8500", "Fl 7", "no_street"),  # no Florida 7
    ("8500", "# 7 Floor", "no_street"),
    ("8500", "Apt 7", "no_street"),
    ("8500", "8 Level", "no_street"),
    ("No 4 100 Main St", "", "no_number"),
    ("10 0 Main St", "", "number_unclear"),
    ("100-102 Main St", "", "number_range"),
    ("100 - 102 Main St", "", "number_range"),
    ("58-94 Main St", "", "number_range"),
    ("132-6 Main St", "", "number_range"),  # 132 to 136
    ("1312-14 Main St", "", "number_range"),  # 1312 to 1314
    ("110-11 Main St", "", "number_range"),  # 110 to 111
    ("143-61 Main St", "", "number_range"),  # 143 to 161: one side of a street
    ("64 - 34 Main St", "", "number_range"),
    ("64-34-12 Main St", "", "number_range"),
    ("0-5 Main St", "", "number_unclear"),
    ("100 to 102 Main St", "", "number_range"),
    ("100 & 102 Main St", "", "number_range"),
    ("100/102 Main St", "", "number_range"),
    ("Main Street", "", "no_number"),
    ("near the church", "", "no_number"),
    ("RR 2", "", "no_box"),
    ("PSC 1650", "", "no_number"),
    ("5th and Main", "", "intersection"),
    ("Main St / Oak Ave", "", "intersection"),
    ("123 Main St / 456 Oak Ave", "", "two_addresses"),
    ("123 Main St and 456 Oak Ave", "", "two_addresses"),
    ("123 Main St", "456 Oak Ave", "two_addresses"),
    ("123 Main St", "PO Box 5", "two_addresses"),
    ("123 Main St AKA 125 Main St", "", "two_addresses"),
    ("123 Main St Unknown 5", "", "street_unclear"),
    ("123 Main St Apt 4 Box 12", "", "street_unclear"),
    ("123 Highway 5 5", "", "street_unclear"),
    ("123 Main St", "Lower Level 2", "unparsed_rest"),  # apartment 2 there, or the second such level
    ("123 Main St", "Level", "unparsed_rest"),
    ("123 Main St", "8 Fl No 2", "unparsed_rest"),  # apartment 8 on floor 2, or floor 8, number 2
    ("123 Main St", "Apt 8 Fl", "unit_without_number"),
    ("123 Main St", "1 2 Fl", "unparsed_rest"),
    ("123 Main St", "Platform 10", "unparsed_rest"),
    ("123 Main St Northest", "", "street_unclear"),  # northeast or northwest
    ("123 Main Ave Nrte", "", "street_unclear"),
    ("123 Ro 80", "", "street_unclear"),  # road, row or route
    ("123 St Apt 5", "", "no_street"),
    ("123 Main St Apt", "", "unit_without_number"),
    ("123 Main St Ste", "", "unit_without_number"),
    ("123 Main St Apt -4", "", "unit_unclear"),
    ("123 Main St -4B", "", "unit_unclear"),
    ("123 Main St Apt 3 & 4", "", "unit_unclear"),
    ("123 Main St Apt 4", "Apt 5", "unit_unclear"),
    ("123 Main St Unit 3 Apt 4", "", "unit_unclear"),
    ("123 Main St Fl 3 Apt", "", "unit_without_number"),
    ("123 Main St", "near the church", "unparsed_rest"),
    ("The Cove", "123 Main St", "unparsed_rest"),
    ("County Jail", "123 Main St", "unparsed_rest"),
    ("33.51234, -112.34567", "", "coordinates"),
    ("a@b.com", "", "email"),
    ("www.example.com", "", "email"),
    ('=HYPERLINK("x")', "", "unreadable"),
    ("123 Main St \u200b Apt 4", "", "unreadable"),
    ("123 Улица St", "", "unreadable"),
    ("1" * 400, "", "too_long"),
]


@pytest.mark.parametrize(("line1", "line2", "defect"), REFUSED)
def test_what_is_no_single_point_is_refused(line1: str, line2: str, defect: str) -> None:
    answer = read(line1, line2)
    assert answer.point is None
    assert answer.defects == (defect,)


PLACES = [
    (("", "", ""), "no_city"),
    (("", "", "50010"), "no_city"),
    (("Ames", "IA", "5001"), "zip_malformed"),
    (("Ames", "IA", "50010.0"), "zip_malformed"),
    (("Fall River", "MA", "2740"), "zip_malformed"),
    (("Ames", "ZZ", "50010"), "state_unknown"),
    (("Ames", "IA", "00000"), "zip_unknown"),
    (("Beverly Hills", "NY", "90210"), "zip_state_conflict"),
    (("Miami", "FL", ""), "no_zip"),
    (("Nosuchplace", "IA", ""), "no_zip"),
    (("Ames", "", ""), "no_state"),
    (("Toronto", "", "M5V 2T6"), "foreign"),
]


@pytest.mark.parametrize(("place", "defect"), PLACES)
def test_last_line_that_cannot_be_true_is_refused(place: tuple[str, str, str], defect: str) -> None:
    answer = read("100 Main St", place=place)
    assert (answer.point, answer.defects) == (None, (defect,))


def test_zip_is_completed_only_where_there_is_one() -> None:
    answer = read("100 Main St", place=("Adair", "IA", ""))
    assert answer.point is not None
    assert answer.point.zip5 == "50002"
    assert answer.zip_was_completed
    assert "zip_completed" in answer.defects
    assert not read("100 Main St", place=("Adair", "IA", "50002")).zip_was_completed


def test_zip_plus_four_and_state_names_are_accepted() -> None:
    assert core("100 Main St", place=("Ames", "Iowa", "50010-1234")) == core("100 Main St")
    assert core("100 Main St", place=("Ames", "ia", "500101234")) == core("100 Main St")


def test_missing_state_is_taken_from_the_zip() -> None:
    answer = read("100 Main St", place=("Ames", "", "50010"))
    assert answer.point is not None
    assert answer.point.state == "IA"
    assert answer.defects == ("state_completed",)


def test_ranch_roads_and_farm_roads_of_texas_have_several_spellings() -> None:
    texas = ("Marble Falls", "TX", "78654")
    assert core("8590 RM 1717", place=texas) == core("8590 Ranch Road 1717", place=texas)
    assert core("8590 FM Road 1717", place=texas) == core("8590 Farm to Market 1717", place=texas)
    assert core("8590 RM 1717", place=texas) != core("8590 FM 1717", place=texas)
    assert read("8590 RM 17", place=texas).point is None  # may be room 17 of a street that is not named


def test_a_quarter_of_puerto_rico_keeps_its_name_and_its_streets_apart() -> None:
    juan = ("San Juan", "PR", "00926")
    one = core("405 Calle 9", "Ext Villa Rica", juan)
    assert one == core("Ext Villa Rica", "405 Calle 9", juan) == core("405 Calle 9, Ext Villa Rica", place=juan)
    assert one != core("405 Calle 9", place=juan)
    assert one != core("405 Calle 9", "Villas de Castro", juan)
    assert read("Bo Obrero", place=juan).point is None


ONE_LINE = [
    "100 Main St Apt 4, Ames, IA 50010",
    "100 MAIN ST APT 4 AMES IA 50010",
    "100 main street, apartment 4, ames, iowa 50010-1234",
    "100 Main St\nApt 4\nAmes IA 50010",
    "100 Main St., #4, Ames, IA, 50010, USA",
    "Apt 4, 100 Main St, Ames IA 50010",
    "C/O John Smith, 100 Main St Apt 4, Ames, IA 50010",
    "100 Main St Apt 4, Ames 50010",
]


@pytest.mark.parametrize("text", ONE_LINE)
def test_one_line_and_split_agree(text: str) -> None:
    answer = read_line(text)
    assert answer.point is not None, answer.defects
    assert answer.point.core == core("100 Main St", "Apt 4")
    assert answer.second_opinion_agrees


ONE_LINE_REFUSED = [
    ("Dallas TX", "city_unclear"),
    ("123 Main St, Fall River MA 2740", "zip_malformed"),
    ("100 Main St, 50010", "city_unclear"),
    ("100 Main St", "no_state"),
    ("12 Rue de la Paix, Paris, France", "foreign"),
    ("100 Main St, Ames IA 50010; 200 Oak Ave, Ames IA 50010", "two_addresses"),
    ("349 George Street West Saint Paul MN 55107", "city_unclear"),
]


@pytest.mark.parametrize(("text", "defect"), ONE_LINE_REFUSED)
def test_one_line_that_cannot_be_cut_is_refused(text: str, defect: str) -> None:
    answer = read_line(text)
    assert answer.point is None
    assert answer.defects == (defect,)


def test_queens_and_hawaii_numbers_are_one_house() -> None:
    assert core("41-45 Main St", place=("Flushing", "NY", "11355"))[2] == "41-45"
    assert core("94-1234 Kaloli St", place=("Waipahu", "HI", "96797"))[2] == "94-1234"
    assert core("123-45 67th Ave", place=("Flushing", "NY", "11367"))[2:] == ("123-45", "", "67")


@pytest.mark.parametrize(
    ("number", "range_"),
    [
        ("123-125", True), ("58-94", True), ("132-6", True), ("1312-14", True), ("110-11", True), ("26-9", True),
        ("1500-2100", True), ("143-61", True), ("138-39", True),
        ("138-89", False), ("87-38", False), ("64-34", False), ("132-03", False), ("32-2", False), ("11-11", False),
    ],
)  # fmt: skip
def test_a_pair_is_a_range_unless_it_cannot_ascend(number: str, range_: bool) -> None:
    assert may_be_a_range(number) is range_
    answer = read(f"{number} Main St")
    assert (answer.point is None) is range_
    assert answer.point is None or answer.point.number == number


def test_grid_keeps_its_directionals_in_the_core() -> None:
    assert core("500 N 300 W", place=("Provo", "UT", "84601"))[4] == "N 300 W"
    assert core("500 North 300 West", place=("Provo", "UT", "84601"))[4] == "N 300 W"


def test_puerto_rico() -> None:
    place = ("San Juan", "PR", "00926")
    assert core("Urb Las Gladiolas", "150 Calle A", place) == core("150 Calle A Urb. Las Gladiolas", "", place)
    assert core("150 Calle A", "", place) != core("150 Calle A", "Urb Las Gladiolas", place)
    assert core("B-5 Calle 3", "", place)[2] == "B5"


def test_military_and_general_delivery() -> None:
    place = ("APO", "AE", "09096")
    assert core("PSC 1650 Box 10", "", place) == ("military", "09096", "10", "", "PSC 1650")
    assert core("PSC 1650 Box 10", "", ("", "AE", "09096")) == core("PSC 1650 Box 10", "", place)
    answer = read("General Delivery")
    assert answer.point is not None
    assert answer.point.kind is PointKind.GENERAL_DELIVERY
    assert answer.defects == ("general_delivery",)


def test_care_of_is_set_aside() -> None:
    for line1, line2 in (("C/O John Smith", "100 Main St Apt 4"), ("100 Main St Apt 4", "c/o John Smith")):
        answer = read(line1, line2)
        assert answer.point is not None
        assert answer.point.core == core("100 Main St Apt 4")
        assert answer.defects == ("care_of",)


def test_city_state_and_zip_repeated_in_the_line_do_no_harm() -> None:
    assert core("100 Main St, Ames IA 50010") == core("100 Main St")
    assert core("100 Main St Ames") == core("100 Main St")


def test_both_forms_must_say_the_same() -> None:
    same = SuppliedAddress("100 Main St", "Apt 4", *AMES, address="100 Main Street #4, Ames, IA 50010")
    other = SuppliedAddress("100 Main St", "Apt 5", *AMES, address="100 Main Street #4, Ames, IA 50010")
    first, second = read_addresses([same, other], second_opinion=False)
    assert first.point is not None
    assert second == ReadAddress(None, ("two_addresses",))


@pytest.mark.parametrize("line", [row[0] for row in UNITS] + [row[0] for row in SAME_STREET])
def test_second_opinion_is_fair_to_good_addresses(line: str) -> None:
    assert read(line, opinion=True).second_opinion_agrees


def test_second_opinion_vetoes_another_unit_number_or_zip(monkeypatch: pytest.MonkeyPatch) -> None:
    import fastaddress

    for labels in ({"OccupancyIdentifier": "5"}, {"AddressNumber": "101"}, {"ZipCode": "50011"}):
        monkeypatch.setattr(fastaddress, "tag_native", lambda _text, found=labels: (found, ""))
        assert not read("100 Main St Apt 4", opinion=True).second_opinion_agrees
    for labels in ({}, {"OccupancyIdentifier": "# 04"}, {"AddressNumber": "100"}, {"ZipCode": "50010-1234"}):
        monkeypatch.setattr(fastaddress, "tag_native", lambda _text, found=labels: (found, ""))
        assert read("100 Main St Apt 4", opinion=True).second_opinion_agrees


def test_every_word_used_here_is_in_the_closed_list() -> None:
    used = {row[2] for row in REFUSED} | {row[1] for row in PLACES} | {row[1] for row in ONE_LINE_REFUSED}
    assert used <= set(ADDRESS_DEFECTS)


def test_reading_prints_no_address() -> None:
    answer = read("100 Main St Apt 4")
    assert "MAIN" not in f"{answer} {answer!r} {answer.point} {answer.point!r}".upper()
