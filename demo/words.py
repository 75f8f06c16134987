"""Words from which the demonstration's people, streets, cities and reasons are put together.

Given and family names: frequent names of the United States Census name counts (public domain). Cities are real; their
ZIP codes come from `privity.normalise.places`. Every person put together from these words is invented.
"""

from __future__ import annotations


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


GIVEN = _words(
    """James Mary Robert Patricia John Jennifer Michael Linda David Elizabeth William Barbara Richard Susan Joseph
    Jessica Thomas Sarah Christopher Karen Charles Lisa Daniel Nancy Matthew Betty Anthony Margaret Mark Sandra Donald
    Ashley Steven Kimberly Paul Emily Andrew Donna Joshua Michelle Kenneth Carol Kevin Amanda Brian Dorothy George
    Melissa Timothy Deborah Ronald Stephanie Edward Rebecca Jason Sharon Jeffrey Laura Ryan Cynthia Jacob Kathleen Gary
    Amy Nicholas Angela Eric Shirley Jonathan Anna Stephen Brenda Larry Pamela Justin Emma Scott Nicole Brandon Helen
    Benjamin Samantha Samuel Katherine Gregory Christine Alexander Debra Frank Rachel Patrick Carolyn Raymond Janet Jack
    Catherine Dennis Maria Jerry Heather Tyler Diane Aaron Ruth Jose Julie Adam Olivia Nathan Joyce Henry Virginia
    Douglas Victoria Zachary Kelly Peter Lauren Kyle Christina Ethan Joan Walter Evelyn Noah Judith Jeremy Megan
    Christian Andrea Keith Cheryl Roger Hannah Terry Jacqueline Gerald Martha Harold Gloria Sean Teresa Austin Ann Carl
    Sara Arthur Madison Lawrence Frances Dylan Kathryn Jesse Janice Jordan Jean Bryan Abigail Billy Alice Joe Julia
    Bruce Judy Gabriel Sophia Logan Grace Albert Denise Willie Amber Alan Doris Juan Marilyn Wayne Danielle Elijah
    Beverly Randy Isabella Roy Theresa Vincent Diana Ralph Natalie Eugene Brittany Russell Charlotte Bobby Marie Mason
    Kayla Philip Alexis Louis Lori Luis Rosa Carlos Carmen Miguel Guadalupe Antonio Lucia Francisco Yolanda Manuel
    Esperanza Ricardo Marisol Fernando Consuelo Eduardo Graciela Wei Mei Ling Minh Linh Hiroshi Yuki Arjun Priya Omar
    Fatima Ibrahim Amina Igor Svetlana Pavel Olga Kofi Abena"""
)

FAMILY = _words(
    """Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez Lopez Gonzalez Wilson
    Anderson Thomas Taylor Moore Jackson Martin Lee Perez Thompson White Harris Sanchez Clark Ramirez Lewis Robinson
    Walker Young Allen King Wright Scott Torres Nguyen Hill Flores Green Adams Nelson Baker Hall Rivera Campbell
    Mitchell Carter Roberts Gomez Phillips Evans Turner Diaz Parker Cruz Edwards Collins Reyes Stewart Morris Morales
    Murphy Cook Rogers Gutierrez Ortiz Morgan Cooper Peterson Bailey Reed Kelly Howard Ramos Kim Cox Ward Richardson
    Watson Brooks Chavez Wood James Bennett Gray Mendoza Ruiz Hughes Price Alvarez Castillo Sanders Patel Myers Long
    Ross Foster Jimenez Powell Jenkins Perry Russell Sullivan Bell Coleman Butler Henderson Barnes Gonzales Fisher
    Vasquez Simmons Romero Jordan Patterson Alexander Hamilton Graham Reynolds Griffin Wallace Moreno West Cole Hayes
    Bryant Herrera Gibson Ellis Tran Medina Aguilar Stevens Murray Ford Castro Marshall Owens Harrison Fernandez
    Mcdonald Woods Washington Kennedy Wells Vargas Henry Chen Freeman Webb Tucker Guzman Burns Crawford Olson Simpson
    Porter Hunter Gordon Mendez Silva Shaw Snyder Mason Dixon Munoz Hunt Hicks Holmes Palmer Wagner Black Robertson
    Boyd Rose Stone Salazar Fox Warren Mills Meyer Rice Schmidt Garza Daniels Ferguson Nichols Stephens Soto Weaver Ryan
    Gardner Payne Grant Dunn Kelley Spencer Hawkins Arnold Pierce Hansen Peters Santos Hart Bradley Knight Elliott
    Cunningham Duncan Armstrong Hudson Carroll Lane Riley Andrews Alvarado Ray Delgado Berry Perkins Hoffman Johnston
    Matthews Pena Richards Contreras Willis Carpenter Lawrence Sandoval Guerrero Chapman Rios Estrada Ortega Watkins
    Greene Nunez Wheeler Valdez Harper Burke Larson Santiago Maldonado Morrison Franklin Carlson Austin Dominguez Carr
    Lawson Jacobs OBrien Lynch Singh Vega Bishop Montgomery Oliver Jensen Harvey Williamson Gilbert Dean Sims Espinoza
    Howell Li Wong Reid Hanson Le Mccoy Garrett Burton Fuller Wang Weber Welch Rojas Lucas Marquez Fields Park Yang
    Little Banks Padilla Day Walsh Bowman Schultz Luna Fowler Mejia Kowalski Novak Petrov Haddad Okafor Mensah Tanaka
    Yamamoto Chowdhury Kaur"""
)

STREETS = _words(
    """Maple Oak Cedar Pine Elm Walnut Willow Birch Hickory Chestnut Sycamore Magnolia Juniper Dogwood Laurel Aspen
    Lincoln Jefferson Madison Monroe Jackson Franklin Adams Harrison Cleveland Garfield Grant Roosevelt Wilson
    Highland Prospect Sunset Meadow Ridgeview Fairview Lakeview Hillcrest Woodland Riverside Brookside Parkside
    Church School College Market Mill Bridge Spring Orchard Garden Harbor Quarry Railroad Depot Liberty Union Columbia
    Windsor Cambridge Oxford Kensington Sheridan Delaware Dearborn Wabash Kenwood Ashland Belmont Clifton Dalton Emerson
    Fulton Glendale Hamlin Irving Jerome Kimball Larkin Mayfield Norwood Oakdale Pembroke Quincy Raleigh Sherman Tilden
    Vernon Wheaton Yorktown Amber Bluebird Canary Deerfield Eagle Falcon Heron Kingfisher Meadowlark Nightingale Osprey
    Partridge Redwing Sparrow Teal Wren"""
)
NUMBERED = tuple(f"{n}{'th' if 10 < n < 14 else {1: 'st', 2: 'nd', 3: 'rd'}.get(n % 10, 'th')}" for n in range(1, 60))
SUFFIXES = (("Street", "St"), ("Avenue", "Ave"), ("Road", "Rd"), ("Drive", "Dr"), ("Lane", "Ln"), ("Court", "Ct"),
            ("Boulevard", "Blvd"), ("Place", "Pl"), ("Way", "Way"), ("Terrace", "Ter"), ("Circle", "Cir"))  # fmt: skip
DIRECTIONS = (("North", "N"), ("South", "S"), ("East", "E"), ("West", "W"))

CITIES = tuple(
    (place.rsplit(" ", 1)[0], place.rsplit(" ", 1)[1])
    for place in """Birmingham AL|Montgomery AL|Huntsville AL|Anchorage AK|Phoenix AZ|Tucson AZ|Mesa AZ|Little Rock AR
    Los Angeles CA|San Diego CA|Fresno CA|Sacramento CA|Oakland CA|Bakersfield CA|Riverside CA|Denver CO|Aurora CO
    Colorado Springs CO|Hartford CT|Bridgeport CT|New Haven CT|Wilmington DE|Washington DC|Jacksonville FL|Miami FL
    Tampa FL|Orlando FL|Tallahassee FL|Atlanta GA|Augusta GA|Savannah GA|Honolulu HI|Boise ID|Chicago IL|Rockford IL
    Springfield IL|Peoria IL|Indianapolis IN|Fort Wayne IN|Evansville IN|Des Moines IA|Cedar Rapids IA|Wichita KS
    Topeka KS|Louisville KY|Lexington KY|New Orleans LA|Baton Rouge LA|Shreveport LA|Portland ME|Baltimore MD
    Boston MA|Worcester MA|Springfield MA|New Bedford MA|Detroit MI|Grand Rapids MI|Lansing MI|Minneapolis MN
    Saint Paul MN|Rochester MN|Jackson MS|Biloxi MS|Kansas City MO|Saint Louis MO|Springfield MO|Billings MT|Omaha NE
    Lincoln NE|Las Vegas NV|Reno NV|Manchester NH|Nashua NH|Newark NJ|Jersey City NJ|Trenton NJ|Albuquerque NM
    Santa Fe NM|Albany NY|Buffalo NY|Rochester NY|Syracuse NY|Yonkers NY|Charlotte NC|Raleigh NC|Greensboro NC|Durham NC
    Fargo ND|Bismarck ND|Columbus OH|Cleveland OH|Cincinnati OH|Toledo OH|Akron OH|Dayton OH|Oklahoma City OK|Tulsa OK
    Portland OR|Salem OR|Eugene OR|Philadelphia PA|Pittsburgh PA|Allentown PA|Erie PA|Providence RI|Charleston SC
    Columbia SC|Greenville SC|Sioux Falls SD|Rapid City SD|Memphis TN|Nashville TN|Knoxville TN|Houston TX
    San Antonio TX|Dallas TX|Austin TX|El Paso TX|Laredo TX|Lubbock TX|Salt Lake City UT|Ogden UT|Burlington VT
    Richmond VA|Norfolk VA|Seattle WA|Spokane WA|Tacoma WA|Charleston WV|Huntington WV|Milwaukee WI|Madison WI
    Green Bay WI|Cheyenne WY|Casper WY""".replace("\n", "|").split("|")
    for place in [place.strip()]
)

REASON_ACTS = (
    "locating the person for service of", "confirming the address stated in", "preparing execution of",
    "establishing residence for", "arranging the hearing under", "verifying the return address in",
    "completing the affidavit attached to", "resolving the discrepancy noted in", "planning the interview ordered in",
    "supporting the arrest warrant issued with", "answering the court's inquiry about", "updating the case file after",
)  # fmt: skip
REASON_PAPERS = (
    "the criminal complaint", "the indictment", "the removal order", "the warrant of arrest", "the grand jury subpoena",
    "the plea agreement", "the order to show cause", "the supervised release report", "the bail revocation motion",
    "the sentencing memorandum", "the fugitive report", "the extradition request",
)  # fmt: skip
REASON_PLACES = (
    "before the district court of the northern division", "before the district court of the southern division",
    "before the eastern magistrate", "before the western magistrate", "at the border field office",
    "at the central field office", "with the coastal task force", "with the interior task force",
)  # fmt: skip
REASON_MATTERS = (
    "failure to depart after the final order", "obstruction of departure", "false statement about residence",
    "evasion of inspection on re-entry", "refusal to apply for travel papers", "absconding from supervision",
    "use of an assumed residence", "breach of release conditions",
)  # fmt: skip
