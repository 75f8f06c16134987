"""L01: does a name name a business, an agency or several people instead of one person? Tables and their reading.

No word here is a family name of the 2020 Census's surname table (100 bearers and more), unless a second word beside it
is asked for; so Church, Bank, Temple, Parish and Market pass alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from privity.normalise.names import is_known_given_name
from privity.policy.detect.facility_words import PHRASES
from privity.policy.detect.word_sets import word_set

BUSINESS_WORDS: Final = word_set(
    """
    RESTAURANT RESTAURANTE LANDSCAPING ROOFING CONSTRUCTION CONSTRUCCION UNIVERSITY UNIVERSIDAD APARTMENTS APTS
    FOUNDATION ASSOCIATES PROPERTIES LOGISTICS PLUMBING TRUCKING STAFFING CLEANING DRYWALL FLOORING CATERING
    BAKERY CLINIC CLINICA INSURANCE INSTITUTE AUTHORITY ASSOCIATION ASSN PARTNERS PARTNERSHIP INDUSTRIES GMBH LP
    LLP PLLC MINISTRIES MINISTRY DISTRICT SUPERMARKET TAQUERIA PANADERIA PHARMACY REPAIR MOTORS ELECTRIC
    ELECTRICAL REALTY CONTRACTORS CONTRACTING CONSULTING SOLUTIONS SYSTEMS TECHNOLOGIES PRODUCTS WHOLESALE
    IMPORTS DISTRIBUTORS MANAGEMENT DEVELOPMENT INVESTMENTS RENTALS TRANSPORT TRANSPORTATION TOWING MASONRY
    PAVING EXCAVATING EXCAVATION REMODELING RENOVATIONS UPHOLSTERY HOTEL SUITES DETENTION CORRECTIONAL
    CORRECTIONS PENITENTIARY OFFICES COURTHOUSE INTERNATIONAL VENTURES MANUFACTURING MFG RECYCLING HVAC PAINTERS
    CABINETS PRODUCE NURSERY POULTRY PACKING PROCESSING WAREHOUSE STORAGE FREIGHT DELIVERY TAXI AUTOMOTIVE
    COLLISION DEALERSHIP LAUNDROMAT CLEANERS BARBERSHOP SPA FITNESS GYM DAYCARE PRESCHOOL ACADEMY SEMINARY
    CATHEDRAL SYNAGOGUE MOSQUE TABERNACLE CONGREGATION DIOCESE HOSPICE NURSING REHABILITATION HEALTHCARE HEALTH
    MEDICAL DENTAL PHYSICIANS THERAPY COOPERATIVE COMMITTEE COMMISSION DIVISION MUNICIPALITY TOWNSHIP GOVERNMENT
    SHERIFFS CONSULATE EMBASSY LIBRARY MUSEUM THEATER CLUB SOCIETY NETWORK BROADCASTING PUBLISHING PRINTING
    STUDIOS BOUTIQUE JEWELERS FLORIST FURNITURE LUMBER SUPPLY SUPPLIES EQUIPMENT RENTAL GROCERY PIZZERIA BREWERY
    WINERY LIQUOR TAVERN FINANCIAL BANCORP MORTGAGE LENDING VILLAGE CONDOMINIUMS CONDOMINIUM HOMEOWNERS
    SERVICIOS COMPANIA EMPRESA EMPRESAS SOCIEDAD ABARROTES CARNICERIA MUEBLERIA ESCUELA
    """
)
"""Words that make the whole a business, an office or a building, wherever they stand."""
_NOT_BESIDE_A_GIVEN_NAME: Final = word_set("JAIL PRISON HOSPITAL CAPITAL EQUITY")
"""Such words that a family may after all be called: not where a known given name stands before them alone."""
_OF: Final = word_set(
    "CITY COUNTY STATE TOWN VILLAGE BANK OFFICE OFFICES DEPT UNIVERSITY COLLEGE CHURCH DIOCESE PARENTS PARENT"
)
_PAIRS: Final = frozenset(
    {
        ("LAW", "OFFICE"),
        ("HOME", "CARE"),
        ("FARMS", "CO"),
        ("AND", "SONS"),
        ("AND", "CO"),
        ("C", "V"),
        ("DE", "CV"),
        ("SENIOR", "LIVING"),
        ("ASSISTED", "LIVING"),
    }
)
_MEXICAN: Final = re.compile(r"\bS ?A DE C\b|\bS DE R\b")
"""S.A. de C.V. and S. de R.L.; the V is read as a generation before."""
_SEVERAL: Final = re.compile(r"\bOR [A-Z]{2,}|\bAND (?:SON|SONS|DAUGHTER|CHILDREN|BROTHERS?|SISTERS?)\b")


def is_organisation(words: Sequence[str], *, one_field: bool) -> bool:
    """Whether the words of a whole name are a business's, an agency's or a building's.

    `one_field`: the name was not given in columns; "Brown Hospital" is a building then, "Joy" and "Hospital" a person.
    """
    if not BUSINESS_WORDS.isdisjoint(words) or (one_field and "HOSPITAL" in words) or words[0] == "IGLESIA":
        return True
    if not _NOT_BESIDE_A_GIVEN_NAME.isdisjoint(words):
        return not (sum(len(word) > 1 for word in words) == 2 and is_known_given_name(words[0]))
    if len(words) < 3:
        return False
    if (words[1] == "OF" and words[0] in _OF) or _MEXICAN.search(" ".join(words)):
        return True
    return any(
        pair in _PAIRS or (pair[1] in PHRASES and pair[1] not in _JOINING and pair[0] in PHRASES[pair[1]])
        for pair in pairwise(words)
    )


_JOINING: Final = frozenset({"OF", "DE", "PARK", "POST", "ENTRY", "FIELD"})


def is_several(words: Sequence[str], text: str) -> bool:
    """Whether the name is of two people: given names joined by Y, two whole names with one family name, "or" somebody.

    `words`: the words of the whole name in their order; `text`: the one-field name, or "".
    """
    joined = (
        len(words) > 3 and words[1] in ("Y", "E") and is_known_given_name(words[0]) and is_known_given_name(words[2])
    )
    if joined and (words[1] == "Y" or not text or (" e " in text and text != text.lower())):
        return True  # an E is a middle initial far oftener than a Portuguese "and": Nova E Lopez Wickersham
    before, comma, behind = text.upper().partition(",")
    first, second = before.split(), behind.split()
    if comma and len(first) > 1 and len(second) > 1 and first[-1] == second[-1] and is_known_given_name(first[0]):
        return True
    return len(words) > 2 and bool(_SEVERAL.search(" ".join(words[1:])))
