"""Forms of address beyond number, street and unit: complexes, towers, named levels, care of, Puerto Rico, roads.

Each table stands beside the traps next to it: a form is read where one reading alone is possible, else refused.
"""

from __future__ import annotations

import pytest

from privity.domain.request import SuppliedAddress
from privity.normalise.addresses import ReadAddress, read_addresses
from privity.normalise.addresses.care_of import may_be_set_aside

STREET = "street"
PLACES = {
    "IA": ("Ames", "IA", "50010"), "PR": ("San Juan", "PR", "00926"), "MI": ("Ann Arbor", "MI", "48103"),
    "TX": ("Houston", "TX", "77001"), "WI": ("Jackson", "WI", "53037"), "OH": ("Akron", "OH", "44301"),
    "CT": ("West Hartford", "CT", "06117"), "LA": ("Monroe", "LA", "71201"),
}  # fmt: skip
Row = tuple[str, str, str, tuple[str, str, str]]


def supplied(line1: str, line2: str, state: str) -> SuppliedAddress:
    return SuppliedAddress(line1, line2, *PLACES[state])


def read(line1: str, line2: str = "", state: str = "IA") -> ReadAddress:
    return read_addresses([supplied(line1, line2, state)], second_opinion=True)[0]


def core(line1: str, line2: str = "", state: str = "IA") -> tuple[str, ...] | None:
    answer = read(line1, line2, state)
    return answer.point.core if answer.point else None


FORMS: list[Row] = [
    # a complex beside number, street and unit adds nothing
    ("Sunset Apartments", "100 Elm St Apt 4", "IA", ("100", "APT 4", "ELM")),
    ("Sunset Apartments 100 Elm St Apt 4", "", "IA", ("100", "APT 4", "ELM")),
    ("100 Elm St Apt 4 Sunset Apts", "", "IA", ("100", "APT 4", "ELM")),
    ("100 Elm St Apt 4", "Sunset Apts", "IA", ("100", "APT 4", "ELM")),
    ("100 Elm St #4", "The Villas at Oak Hill Condominiums", "IA", ("100", "APT 4", "ELM")),
    ("Sunset Apartments Apt 4", "100 Elm St", "IA", ("100", "APT 4", "ELM")),
    ("Sunset Apartments", "100 Elm St Bldg 3 Apt 4", "IA", ("100", "APT 4|BLDG 3", "ELM")),
    ("Shady Acres Trailer Park Lot 12", "55 Mill Rd", "IA", ("55", "LOT 12", "MILL")),
    ("55 Mill Rd Lot 12", "Shady Acres Trailer Park", "IA", ("55", "LOT 12", "MILL")),
    ("Lot 12 Oak Park MHP", "55 Mill Rd", "IA", ("55", "LOT 12", "MILL")),
    ("Oak Park Mobile Home Park", "55 Mill Rd Spc 12", "IA", ("55", "SPC 12", "MILL")),
    # but in Puerto Rico it tells quarters apart, unless an urbanization does
    ("Cond El Monte", "165 Ave Hostos Apt 5", "PR", ("165", "APT 5", "AVENUE HOSTOS COND EL MONTE")),
    ("Cond El Monte 165 Ave Hostos Apt 5", "", "PR", ("165", "APT 5", "AVENUE HOSTOS COND EL MONTE")),
    ("77 Calle 3 Apt 4", "Condominio El Monte", "PR", ("77", "APT 4", "CALLE 3 COND EL MONTE")),
    ("77 Calle 3 Apt 4", "El Monte Apartments", "PR", ("77", "APT 4", "CALLE 3 COND EL MONTE")),
    ("Urb Santa Rosa, 77 Calle 3 Apt 4", "Cond El Monte", "PR", ("77", "APT 4", "CALLE 3 URB SANTA ROSA")),
    # towers, levels and other designators
    ("100 Elm St", "Tower B Apt 4", "IA", ("100", "APT 4|TOWER B", "ELM")),
    ("100 Elm St Tower B Apt 4", "", "IA", ("100", "APT 4|TOWER B", "ELM")),
    ("100 Elm St", "Apt 4 Tower B", "IA", ("100", "APT 4|TOWER B", "ELM")),
    ("100 Elm St Twr 2", "", "IA", ("100", "TOWER 2", "ELM")),
    ("100 Elm St", "Tower Two", "IA", ("100", "TOWER 2", "ELM")),
    ("100 Elm St", "Bldg 3 Tower 2 Apt 4", "IA", ("100", "APT 4|BLDG 3|TOWER 2", "ELM")),
    ("100 Calle Luna", "Torre A Apto 5", "PR", ("100", "APT 5|TOWER A", "CALLE LUNA")),
    ("100 Elm St Dpto 4", "", "IA", ("100", "APT 4", "ELM")),
    ("100 Elm St", "Depto 4", "IA", ("100", "APT 4", "ELM")),
    ("100 Elm St Lower Level", "", "IA", ("100", "LEVEL LOW", "ELM")),
    ("100 Elm St", "Lower Level", "IA", ("100", "LEVEL LOW", "ELM")),
    ("100 Elm St", "Garden Level Apt 2", "IA", ("100", "APT 2|LEVEL GARDEN", "ELM")),
    ("100 Elm St Ground Floor", "", "IA", ("100", "FL G", "ELM")),
    ("100 Elm St 2 Floor", "", "IA", ("100", "FL 2", "ELM")),
    ("1114 Avenue of the Americas 27th Fl", "", "IA", ("1114", "FL 27", "AVENUE OF THE AMERICAS")),
    ("100 Elm St, Unit508", "", "IA", ("100", "APT 508", "ELM")),
    ("100 Elm St", "Unit508", "IA", ("100", "APT 508", "ELM")),
    ("100 Elm St Suite100", "", "IA", ("100", "STE 100", "ELM")),
    ("111 W Monroe, 12C", "", "IA", ("111", "APT 12C", "MONROE")),
    # in care of
    ("C/O John Smith 100 Elm St Apt 4", "", "IA", ("100", "APT 4", "ELM")),
    ("In care of John Smith 100 Elm St Apt 4", "", "IA", ("100", "APT 4", "ELM")),
    ("100 Elm St Apt 4 in care of John Smith", "", "IA", ("100", "APT 4", "ELM")),
    ("100 Elm St Apt 4", "In Care Of John Smith", "IA", ("100", "APT 4", "ELM")),
    ("Care of John Smith", "100 Elm St Apt 4", "IA", ("100", "APT 4", "ELM")),
    ("100 Elm St Apt 4", "% Mr and Mrs John Smith Jr", "IA", ("100", "APT 4", "ELM")),
    ("100 Elm St Apt 4", "Attn: Maria de la Cruz", "IA", ("100", "APT 4", "ELM")),
    # Puerto Rico
    ("Urb Villa Carolina 4ta Secc", "12-15 Calle 4", "PR", ("12-15", "", "CALLE 4 URB VILLA CAROLINA 4TA SECC")),
    ("150 Calle A", "Apt 5 Urb Las Gladiolas", "PR", ("150", "APT 5", "CALLE A URB LAS GLADIOLAS")),
    ("Carr 2 Km 14.2", "", "PR", ("KM 14.2", "", "CARR 2")),
    ("PR-2, Km 14 Hm 2", "", "PR", ("KM 14.2", "", "CARR 2")),
    ("Carretera 102 Km 5.3 Interior", "", "PR", ("KM 5.3 INT", "", "CARR 102")),
    ("Bo Espinosa", "Carr 2 Km 27.4", "PR", ("KM 27.4", "", "CARR 2 BO ESPINOSA")),
    ("Res Luis Llorens Torres", "Edif 5 Apt 50", "PR", ("EDIF 5", "APT 50|BLDG 5", "RES LUIS LLORENS TORRES")),
    ("Residencial Luis Llorens Torres Edificio 5 Apto 50", "", "PR",
     ("EDIF 5", "APT 50|BLDG 5", "RES LUIS LLORENS TORRES")),
    # roads
    ("100 Beltway 8", "", "TX", ("100", "", "BELTWAY 8")),
    ("100 W Beltway 8 Apt 3", "", "TX", ("100", "APT 3", "BELTWAY 8")),
    ("100 M-25", "", "MI", ("100", "", "STATE 25")),
    ("100 Business 83", "", "TX", ("100", "", "BUSINESS 83")),
    ("100 Bus 83", "", "TX", ("100", "", "BUSINESS 83")),
    ("100 US Business 83", "", "TX", ("100", "", "US 83 BUSINESS")),
    ("100 Loop 410", "", "TX", ("100", "", "LOOP 410")),
    ("100 Old Hwy 5", "", "IA", ("100", "", "OLD HIGHWAY 5")),
    ("904 US Highway 17 Byp", "", "IA", ("904", "", "US 17 BYPASS")),
    ("904 US 17 Bypass Apt 3", "", "IA", ("904", "APT 3", "US 17 BYPASS")),
    ("904 Co Rd 17 Loop", "", "IA", ("904", "", "COUNTY 17 LOOP")),
    ("100 N Old Rt 66 Ste 3", "", "IA", ("100", "STE 3", "OLD ROUTE 66")),
    ("W148 N9748 Tree Tops Dr", "", "WI", ("W148N9748", "", "TREE TOPS")),
    ("2928 N 2900 E Road", "", "IA", ("2928", "", "2900 EAST")),
    # a landscape's suffix belongs to the name, with or without a road's suffix behind it
    ("100 Rolling Hills", "", "IA", ("100", "", "ROLLING HILLS")),
    ("100 Rolling Hills Rd", "", "IA", ("100", "", "ROLLING HILLS")),
    ("100 Fox Holw", "", "IA", ("100", "", "FOX HOLLOW")),
    ("100 E Summit", "", "IA", ("100", "", "SUMMIT")),
    ("100 Rolling Hills Ct", "", "CT", ("100", "", "ROLLING HILLS")),  # Court, not Connecticut
    # directionals inside a name, Saint and Street
    ("100 West End Ave", "", "IA", ("100", "", "WEST END")),
    ("100 North Ave", "", "IA", ("100", "", "NORTH")),
    ("100 E North St", "", "IA", ("100", "", "NORTH")),
    ("100 St Francis St", "", "IA", ("100", "", "SAINT FRANCIS")),
]  # fmt: skip


@pytest.mark.parametrize(("line1", "line2", "state", "parts"), FORMS)
def test_form_has_its_one_point(line1: str, line2: str, state: str, parts: tuple[str, str, str]) -> None:
    answer = read(line1, line2, state)
    assert answer.point is not None, answer.defects
    assert answer.point.core == (STREET, PLACES[state][2], *parts)
    assert answer.second_opinion_agrees


@pytest.mark.parametrize(("line1", "line2", "state", "parts"), FORMS)
def test_one_line_form_gives_the_same_point(line1: str, line2: str, state: str, parts: tuple[str, str, str]) -> None:
    city, code, zip5 = PLACES[state]
    text = ", ".join(part for part in (line1, line2, city, f"{code} {zip5}") if part)
    whole = read_addresses([SuppliedAddress(address=text)], second_opinion=True)[0]
    assert whole.point is not None, whole.defects
    assert whole.point.core[2:] == parts


BOXES = [
    ("HC-03 Box 1234", "PR", ("highway_contract", "1234", "HC 3")),
    ("HC03 Box 1234", "IA", ("highway_contract", "1234", "HC 3")),
    ("HC 3 Buzon 1234", "PR", ("highway_contract", "1234", "HC 3")),
    ("RR-1 Box 12", "IA", ("rural_route", "12", "RR 1")),
    ("RR 1 Buzon 12", "PR", ("rural_route", "12", "RR 1")),
]


@pytest.mark.parametrize(("line", "state", "parts"), BOXES)
def test_rural_boxes(line: str, state: str, parts: tuple[str, str, str]) -> None:
    kind, number, route = parts
    assert core(line, "", state) == (kind, PLACES[state][2], number, "", route)


STILL_REFUSED = [
    ("Sunset Apartments", "100 Elm St", "IA", "unparsed_rest"),  # no unit remains: whose flat?
    ("Sunset Apartments 4", "100 Elm St", "IA", "two_addresses"),
    ("Sunset Apartments Apt 4", "100 Elm St Apt 5", "IA", "unit_unclear"),
    ("Sunset Apartments", "Moonrise Apartments", "IA", "unparsed_rest"),
    ("Sunset Apartments", "PO Box 5", "IA", "unparsed_rest"),
    ("Sunset Apartments II", "100 Elm St Apt 4", "IA", "unparsed_rest"),
    ("Sunset Apartments East", "100 Elm St Apt 4", "IA", "unparsed_rest"),
    ("East Sunset Apartments", "100 Elm St Apt 4", "IA", "unparsed_rest"),
    ("Phase 2 Sunset Apartments", "100 Elm St Apt 4", "IA", "two_addresses"),
    ("Upstairs Apartments", "100 Elm St Apt 4", "IA", "unparsed_rest"),
    ("Back Apartments", "100 Elm St Apt 4", "IA", "unparsed_rest"),
    ("Sunset Northside Apartments", "100 Elm St Apt 4", "IA", "unparsed_rest"),
    ("Cond Dos Torres", "165 Ave Hostos Apt 5", "PR", "unparsed_rest"),
    ("Eleven Apartments", "100 Elm St Apt 4", "IA", "unparsed_rest"),
    ("100 PR 5101", "", "TX", "street_unclear"),  # a private road of Texas is no state road 5101
    ("100 CO 10", "", "OH", "street_unclear"),  # the county's, or Colorado's
    ("100 KS Hwy 5", "", "OH", "street_unclear"),  # no road of Ohio
    ("100 Forest Rd N 5", "", "IA", "street_unclear"),  # a flat in Forest Rd N, or Forest Road 5 N
    ("North Tower", "100 Elm St Apt 4", "IA", "unparsed_rest"),
    ("Kingston Building", "100 Elm St Apt 4", "IA", "unparsed_rest"),
    ("Sunset Building Apartments", "100 Elm St Apt 4", "IA", "unparsed_rest"),
    ("Plaza Tower Condominiums", "100 Elm St Apt 4", "IA", "unparsed_rest"),
    ("Cond El Monte Norte", "165 Ave Hostos Apt 5", "PR", "unparsed_rest"),
    ("Cond El Monte", "165 Ave Hostos Apt 5", "IA", "unparsed_rest"),
    ("100 Elm St Sunset Apartments Apt 4", "", "IA", "street_unclear"),  # where does the street end?
    ("100 Elm St", "Tower North", "IA", "unparsed_rest"),
    ("100 Elm St", "Lower Level 2", "IA", "unparsed_rest"),
    ("100 Elm St", "Mezzanine", "IA", "unparsed_rest"),
    ("100 Elm St Apt 4 C/O John Smith Rear", "", "IA", "unparsed_rest"),  # a unit would vanish with the name
    ("100 Elm St", "C/O Smith Upper", "IA", "unparsed_rest"),
    ("C/O Smith Basement", "100 Elm St", "IA", "unparsed_rest"),
    ("100 Elm St C/O Smith B", "", "IA", "unparsed_rest"),
    ("100 Elm St", "C/O Smith Upstairs", "IA", "unparsed_rest"),  # UP and DOWN are units, in every spelling
    ("100 Elm St", "C/O Smith Downstairs", "IA", "unparsed_rest"),
    ("C/O Smith Second", "100 Elm St", "IA", "unparsed_rest"),
    ("100 Elm St C/O Smith Loft", "", "IA", "unparsed_rest"),
    ("100 Elm St", "C/O Smith Box Twelve", "IA", "unparsed_rest"),
    ("C/O 3 Kings", "100 Elm St", "IA", "two_addresses"),
    ("100 Elm St", "C/O Smith Gazebo", "IA", "unparsed_rest"),  # only words that are names may vanish
    ("100 Elm St", "C/O Acme Property", "IA", "unparsed_rest"),
    ("100 Elm St", "Attn Smith Barn", "IA", "unparsed_rest"),
    ("100 Elm St", "C/O the Family", "IA", "unparsed_rest"),
    *(
        (f"{mark} {word}, 100 Elm St", "", "IA", "unparsed_rest")
        for mark, word in (
            ("%", "ADU"),
            ("%", "Mainhouse"),
            ("%", "Smith Shed"),
            ("C/O", "Smith Barn"),
            ("C/O", "Camper"),
            ("C/O", "Dormitory"),
            ("C/O", "Hall"),
            ("C/O", "Outbuilding"),
            ("C/O", "Smith RV"),
            ("C/O", "Smith Porch"),
        )
    ),
    ("22 Calle Paloma", "C/O Perez Bajos", "PR", "unparsed_rest"),
    ("22 Calle Paloma", "% Perez Altos", "PR", "unparsed_rest"),
    ("Box 77", "", "IA", "no_box"),  # of the post office, or of a rural route?
    ("Bx 77", "", "IA", "no_box"),
    ("Box #77", "", "IA", "no_box"),
    ("Box 77", "C/O John Smith", "IA", "no_box"),
    ("904 US Highway 17 Loop 5", "", "IA", "street_unclear"),
    ("Carr 2 Km 14.2 Apt 3", "", "PR", "no_number"),
    ("Carr 2", "", "PR", "no_number"),
    ("Carr 2 Km 14.2", "", "IA", "no_number"),
    ("Res Luis Llorens Torres Apt 50", "", "PR", "no_number"),
    ("100 M 25", "", "MI", "number_unclear"),  # M Street, or the trunkline
    ("100 M-25", "", "OH", "street_unclear"),
    ("100 Scenic Hwy 98", "", "IA", "street_unclear"),  # Scenic Highway, unit 98
    ("100 Country Road 183", "", "IA", "unparsed_rest"),  # Country Road, unit 183
    ("100 12 E Road", "", "IA", "number_unclear"),
    ("100 N 2900 N Road", "", "IA", "number_unclear"),
]


@pytest.mark.parametrize(("line1", "line2", "state", "defect"), STILL_REFUSED)
def test_what_could_be_two_places_stays_refused(line1: str, line2: str, state: str, defect: str) -> None:
    answer = read(line1, line2, state)
    assert (answer.point, answer.defects) == (None, (defect,))


KEPT_APART = [
    ("100 Elm St Tower B Apt 4", "100 Elm St Apt 4", "IA"),
    ("100 Elm St Tower B Apt 4", "100 Elm St Tower C Apt 4", "IA"),
    ("100 Elm St Tower B", "100 Elm St Bldg B", "IA"),
    ("100 Elm St Tower B", "100 Elm St Apt B", "IA"),
    ("100 Elm St Lower Level", "100 Elm St Lower", "IA"),
    ("100 Elm St Lower Level", "100 Elm St Upper Level", "IA"),
    ("100 Elm St Lower Level", "100 Elm St Basement", "IA"),
    ("100 Elm St Ground Floor", "100 Elm St Fl 1", "IA"),
    ("100 Elm St Dpto 4", "100 Elm St Dept 4", "IA"),
    ("Sunset Apartments Bldg 3, 100 Elm St Apt 4", "100 Elm St Apt 4", "IA"),
    ("100 Beltway 8", "100 Highway 8", "TX"),
    ("100 Beltway 8", "100 Loop 8", "TX"),
    ("100 Business 83", "100 US Business 83", "TX"),
    ("100 Business 83", "100 Highway 83", "TX"),
    ("100 US Business 83", "100 US 83", "TX"),
    ("100 M-25", "100 US 25", "MI"),
    ("100 Old Hwy 5", "100 Old Hwy Apt 5", "IA"),
    ("100 Old Hwy 5", "100 Highway 5", "IA"),
    ("904 US Highway 17 Bypass", "904 US Highway 17", "IA"),
    ("904 State Route 17 Spur", "904 State Route 17", "IA"),
    ("904 County Road 17 Loop", "904 County Road 17", "IA"),
    ("904 County Road 17 Ln", "904 County Road 17 Ct", "IA"),
    ("904 US 17 Expy", "904 US 17 Ext", "IA"),
    ("904 US 17 Business Loop", "904 US 17 Business", "IA"),
    ("904 Old Highway 17 Bypass", "904 Old Highway 17", "IA"),
    ("904 Forest Road 17 Spur", "904 Forest Road 17", "IA"),
    ("22 Calle Paloma, C/O Perez Bajos", "22 Calle Paloma, C/O Perez Altos", "PR"),
    ("100 Elm St, C/O Smith Barn", "100 Elm St, % Smith Shed", "IA"),
    ("Cond El Monte, 77 Calle 3 Apt 4", "Cond La Sierra, 77 Calle 3 Apt 4", "PR"),
    ("Cond El Monte, 77 Calle 3 Apt 4", "77 Calle 3 Apt 4", "PR"),
    ("Box 77", "PO Box 77", "IA"),
    ("Carr 2 Km 14.2", "Carr 2 Km 14.3", "PR"),
    ("Carr 2 Km 14.2", "Carr 2 Km 1.42", "PR"),
    ("Carr 2 Km 14.2", "Carr 22 Km 14.2", "PR"),
    ("Carr 2 Km 14.2", "Carr 2 Km 14.2 Int", "PR"),
    ("Bo Espinosa, Carr 2 Km 27.4", "Bo Maguayo, Carr 2 Km 27.4", "PR"),
    ("Res Luis Llorens Torres Edif 5 Apt 50", "Res Luis Llorens Torres Edif 6 Apt 50", "PR"),
    ("Urb Villa Carolina 4ta Secc, 12 Calle 4", "Urb Villa Carolina 3ra Secc, 12 Calle 4", "PR"),
    ("HC 3 Box 12", "HC 33 Box 12", "PR"),
    ("W148 N9748 Tree Tops Dr", "W148 N9749 Tree Tops Dr", "WI"),
    ("2928 N 2900 E Road", "2928 N 2900 W Road", "IA"),
    ("100 West End Ave", "100 End Ave", "IA"),
]


@pytest.mark.parametrize(("one", "other", "state"), KEPT_APART)
def test_places_that_differ_never_share_a_key(one: str, other: str, state: str) -> None:
    first, second = core(one, "", state), core(other, "", state)
    assert first != second or first is None


def test_a_suffix_that_is_the_state_too_is_not_lost() -> None:
    """8516 Rolling Hills Ct in Connecticut lost its Court to the state, and then agreed with Rolling Hills Way."""
    for line, state, suffix in (
        ("8516 Rolling Hills Ct", "CT", "CT"), ("8516 Rolling Hills Way", "CT", "WAY"), ("8516 Elm Ct", "CT", "CT"),
        ("8516 Rolling Hills La", "LA", "LN"),
    ):  # fmt: skip
        point = read(line, "", state).point
        assert point is not None
        assert point.suffix == suffix


@pytest.mark.parametrize(
    "line", ["PO Box 77", "P O Box 77", "P.O. Bx 77", "POB 77", "Post Office Box 77", "Drawer 77", "Lock Box 77"]
)
def test_a_box_said_to_be_the_post_offices_is_read(line: str) -> None:
    """A bare BOX is refused, because it may stand on a rural route."""
    assert core(line, "", "IA") == core("PO Box 77", "", "IA") == ("po_box", "50010", "77", "", "")


def test_a_name_in_care_of_is_remarked_and_may_hide_nothing() -> None:
    assert read("100 Elm St Apt 4 in care of John Smith").defects == ("care_of",)
    assert may_be_set_aside(["JOHN", "SMITH"])
    assert may_be_set_aside(["DR", "MARIA", "B", "DE", "LA", "CRUZ"])
    for words in (
        [],
        ["JOHN", "REAR"],
        ["NORTH"],
        ["JOHN", "B"],
        ["JOHN", "2"],
        ["SMITH", "UPPER"],
        ["FLOOR", "TWO"],
        ["JOHN", "GAZEBO"],
        ["THE"],
        ["THE", "FAMILY"],
        ["VAN"],
        ["JOHN", "VAN"],
        ["HALL"],
        ["ACME", "PROPERTY"],
        ["JOHN"] * 7,
    ):
        assert not may_be_set_aside(words)


@pytest.mark.parametrize("line1", ["4245 Orchard Ct", "7509 VALLEY CT", "7509 Valley Ct Apt 3"])
def test_a_court_is_never_lost_to_the_state_after_a_landscape_word(line1: str) -> None:
    """Valley Ct in Connecticut was Valley before a state, and then agreed with Valley Blvd: better refused."""
    answer = read(line1, "", "CT")
    assert answer.point is None or answer.point.suffix == "CT"
    assert read(line1, "", "IA").point is not None
