"""What to mend where a line, or a whole request, went back with a code: one sentence for each, for the requester.

Words only, without values. Every code that a requester can be told has one (a test holds this list to the rules).
"""

from __future__ import annotations

from collections.abc import Mapping

from privity.domain.errors import ErrorCode

_E = ErrorCode

MEND: Mapping[ErrorCode, str] = {
    _E.SIGNER_UNAUTHORISED: "Have the present holder of an office that the agreement names sign the request.",
    _E.SIGNATURE_INVALID: "Sign the request again with a certificate that is valid now, and pack it as its signer.",
    _E.AGENCY_UNRECOGNISED: "Send it as the party that the agreement names.",
    _E.OUT_OF_SCOPE: "Ask for confirmation only: anything wider goes to the custodian's counsel.",
    _E.STATUTE_NOT_DESIGNATED: "Name statutes that the agreement designates, and no other.",
    _E.PURPOSE_NOT_ALLOWED: "Name a purpose that the agreement allows, with the attestations it asks for.",
    _E.AGREEMENT_NOT_IN_FORCE: "Ask the custodian which version of the agreement is in force; then send it anew.",
    _E.SAFEGUARDS_UNMET: "Bring the safeguard review and its open findings up to date first.",
    _E.ON_HOLD: "Wait: an order stops answers at present.",
    _E.FORMAT_INVALID: "Bring the file into the prescribed form: columns, encoding, one row for each line.",
    _E.STALE_OR_REPLAYED: "Make a new request, with a new id, and send it in time.",
    _E.OFFICER_IMPLAUSIBLE: "Name on each line the officer who is really engaged in that case.",
    _E.TOO_MANY_DEFECTS: "Correct the lines that have a code of their own, then send the whole file again.",
    _E.VOLUME_EXCEEDED: "Split the request, or wait for the next year.",
    _E.DUTIES_OVERDUE: "Do first what is overdue: certificates of destruction, receipts of recalls.",
    _E.NAME_INVALID: "Give the person's real given and family name. A placeholder or an initial alone is no name.",
    _E.ADDRESS_PLACEHOLDER: "Give the address you want confirmed. Words that say that none is known are no address.",
    _E.ADDRESS_INCOMPLETE: "Complete it: number and street, or a box; city and state, or a ZIP with the city.",
    _E.ADDRESS_INCONSISTENT: "Compare state, city and ZIP: they contradict each other, or one has lost a digit.",
    _E.ADDRESS_INSTITUTION: "Give a home or mailing address. A jail, court, hospital, office, station or shop is none.",
    _E.PERIOD_INVALID: "Name closed periods in the past, within the years that the agreement allows.",
    _E.STATUTE_MISSING: "Name on the line a statute that stands in the header.",
    _E.ORDER_DATE_INVALID: "Give the date of the order or consent; it must be real and fit the agreement's terms.",
    _E.OFFENCE_UNSUPPORTED: "Give the attestations that the agreement asks for.",
    _E.REASON_GENERIC: "Say in a sentence of its own why this person's address is needed in this case.",
    _E.CASE_MISSING: "Give a well-formed case id that belongs to this one person.",
    _E.OFFICER_MISSING: "Name an officer who is on the roster now.",
    _E.IDENTIFIER_ONLY: "Give name and address: an identifier never stands in for them.",
    _E.ADDRESS_GUESSING: "Ask one question about one person. Several addresses for one person are not answered.",
    _E.LINE_MALFORMED: "Look for shifted columns, doubled line ids, two addresses in a cell, strange letters.",
    _E.REFERRED: "A human did not admit it in time. Send it again with a plain home address, or leave it out.",
    _E.RELEASE_UNAPPROVED: "The custodian's officers refused to release the answer: ask them.",
    _E.RECEIVER_UNLISTED: "Name officers who stand on the roster with a certificate.",
    _E.RECEIVER_CONTRACTOR: "Name employees of the agency, or contractors whose safeguards are on record.",
}
