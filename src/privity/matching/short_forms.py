"""Short forms of given names that mean one name alone: what a nickname is evidence of, where little else is.

Narrower than `normalise.names.nicknames`, which says whether a short form *can* stand for a name: EDDIE can stand for
EDWARD, and for EDWIN, EDUARDO and EDGAR. Twins share birth date, address, family name and often a middle initial, and
one of them may be unrecorded, so that only a form which no other name has may confirm without an identifier. Written
for this project by hand: each form was held against the 3,000 most frequent first names of men and of women (Census
2020) that begin like it, and left out in doubt: PATTY may be PATRICE, GABE's sister GABRIELA, DORE a DORIS.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_PET_FORMS: Final = """
ALFONSO: PONCHO
ANDREA: DREA
ANTONIO: TONO
ARMANDO: MANDO
ARTURO: TURO
BARBARA: BABS BARB BARBIE
BENJAMIN: BENJI BENJY
BEVERLY: BEV
CARLOS: CARLITOS
CHARLES: CHUCK
CHRISTOPHER: TOPHER
CONCEPCION: CONCHA
DAVID: DAVE DAVEY DAVY
DOROTHY: DOT DOTTIE
ENRIQUE: KIKE QUIQUE
FRANCISCO: CISCO PACO PANCHO
GREGORIO: GOYO
GUADALUPE: LUPITA
GUILLERMO: MEMO
HARVEY: HARV
HENRY: HANK
HERBERT: HERBIE
HOWARD: HOWIE
IGNACIO: NACHO
ISABEL: CHABELA
JACQUELINE: JACQUI
JAMES: JIM
JAVIER: JAVI
JESUS: CHUCHO CHUY
JOSE: CHEPE PEPE
JUAN: JUANITO
KEVIN: KEV
LINCOLN: LINC
MANUEL: MANOLO
MARGARITA: MAGO
MIGUEL: MIGUELITO
MILTON: MILT
PAMELA: PAMMY
PATRICK: PADDY
PEDRO: PERICO
RAUL: RAULITO
REBECCA: BECCA BECKI
RICHARD: DICK DICKIE RICH
ROGER: RODGE
ROSARIO: CHARO
RUSSELL: RUSS
SALVADOR: CHAVA
SANTIAGO: CHAGO
SEBASTIAN: SEB SEBAS
SERGIO: CHECO
SHERMAN: SHERM
SHIRLEY: SHIRL
STEPHANIE: STEFFI STEFFIE
TABITHA: TABBY
THOMAS: THOM
TIFFANY: TIFF TIFFIE
TIMOTHY: TIMMY
TRAVIS: TRAV
VERONICA: VERO
VICENTE: CHENTE
WALTER: WALT
YOLANDA: YOLI YOLIE
"""
"""A name and the forms that stand for it alone and are hardly anybody's registered name."""

_ONE_NAME_IN_ITS_SPELLINGS: Final = """
ABIGAIL: ABBY
CONSTANCE: CONNIE
CURTIS: CURT
DEBORAH DEBRA: DEB DEBBIE
DOUGLAS: DOUG
GREGORIO GREGORY: GREG
GUADALUPE: LUPE
JAIME JAMES: JIMMY
JUDITH: JUDY
KIMBERLY: KIM
LAURENCE LAWRENCE: LARRY
MARGARET: PEGGY
MATHEW MATTHEW: MATT
MICHAEL MIGUEL: MIKE
MITCHELL: MITCH
PAMELA: PAM
PEDRO PETER: PETE
PENELOPE: PENNY
PHILIP PHILLIP: PHIL
REBECCA: BECKY
ROBERT ROBERTO: BOB BOBBY
SIDNEY: SID
STEPHEN STEVEN: STEVE
SUSAN SUSANA SUSANNAH SUZANNE: SUE SUSIE
THOMAS: TOM TOMMY
TIMOTHY: TIM
VICTORIA: VICKI VICKY
"""
"""Names that are one name in several spellings or languages, and forms that stand for these alone.

A father TOM and a son THOMAS are common, and so these say nothing without a birth date; but no parents call twins
THOMAS and TOM, or STEVEN and STEPHEN.
"""


def _read(rows: str) -> dict[str, frozenset[str]]:
    """Short form -> the names that it stands for."""
    found = {}
    for row in rows.split("\n"):
        names, _, forms = row.partition(":")
        found.update(dict.fromkeys(forms.split(), frozenset(names.split())))
    return found


PET_FORMS: Final[Mapping[str, frozenset[str]]] = _read(_PET_FORMS)
"""Form -> the one name it stands for, by itself no registered name."""

FORMS_OF_ONE_NAME: Final[Mapping[str, frozenset[str]]] = {**PET_FORMS, **_read(_ONE_NAME_IN_ITS_SPELLINGS)}
"""Form -> the spellings of the one name it stands for."""


def is_pet_form(left: str, right: str) -> bool:
    """Whether one given name is a short form of the other, of no other name, and hardly ever registered itself."""
    return right in PET_FORMS.get(left, ()) or left in PET_FORMS.get(right, ())


def is_form_of_one_name(left: str, right: str) -> bool:
    """Whether one given name is a short form of the other, and of nothing but further spellings of it."""
    return right in FORMS_OF_ONE_NAME.get(left, ()) or left in FORMS_OF_ONE_NAME.get(right, ())
