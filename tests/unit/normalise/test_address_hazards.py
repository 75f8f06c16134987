"""One table row per hazard of address reading: what must agree, what must stay apart, what must be refused."""

from __future__ import annotations

import pytest

from privity.domain.delivery_point import PointKind
from privity.domain.request import SuppliedAddress
from privity.normalise.addresses import ADDRESS_DEFECTS, ReadAddress, read_addresses

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


@pytest.mark.parametrize("line2", ["Apt 4", "4", "#4", "Unit 4"])
def test_repeated_unit_counts_once(line2: str) -> None:
    assert core("100 Main St Apt 4", line2)[3] == "APT 4"


SAME_STREET = [
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
]


@pytest.mark.parametrize(("one", "other"), APART)
def test_different_addresses_stay_apart(one: str, other: str) -> None:
    assert core(one) != core(other)


REFUSED = [
    ("", "", "empty"),
    (" ", "-", "empty"),
    ("-1 Bouton St", "", "number_unclear"),
    ("- 1 Bouton St", "", "number_unclear"),
    ("0 Main St", "", "number_unclear"),
    ("123 A Main St", "", "number_unclear"),
    ("10 0 Main St", "", "number_unclear"),
    ("100-102 Main St", "", "number_range"),
    ("100 - 102 Main St", "", "number_range"),
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
    ("123 Main St Lower Level", "", "street_unclear"),
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
