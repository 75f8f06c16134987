"""The shape of an agreement document, element by element, for reading, for the published schema and for `diff`.

Shape only: what elements mean together is checked in `agreement_format`, the rules' parameters are
`privity.domain.rules`'s. Every element that says something cites the clause it serves.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, StringConstraints

FORMAT = "privity-agreement/1"

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Oid = Annotated[str, StringConstraints(pattern=r"^[0-2](\.(0|[1-9][0-9]*)){1,30}$")]
RuleId = Annotated[str, StringConstraints(pattern=r"^[RLV][0-9]{2}$")]
Carried = Literal["name", "address", "periods", "statute", "order_date", "attestations", "reason", "case_id", "officer"]
RecipientDutyId = Literal[
    "destroy_by_due_date",
    "certify_destruction",
    "named_officers_only",
    "no_onward_sharing",
    "no_unsafeguarded_contractors",
    "obey_recall_and_freeze",
    "report_incidents",
]


class Strict(BaseModel):
    """Closed: a key that is not named here is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Cited(Strict):
    """An element that cites its clause."""

    clause: Sentence = Field(description="The clause of the law or of the agreement that this element serves.")


class PartyElement(Cited):
    """One party."""

    id: Identifier = Field(description="Short name of the party, as requests and the office register use it.")
    name: Sentence = Field(description="The party's full name.")


class PartiesElement(Strict):
    """Both parties."""

    custodian: PartyElement = Field(description="The agency that keeps the records and answers.")
    requester: PartyElement = Field(description="The agency that asks.")


class AuthorityElement(Cited):
    """The legal authority."""

    text: Sentence = Field(description="The statute or consent under which anything may be confirmed.")


class TermElement(Cited):
    """Effective dates, both days included."""

    effective: date = Field(description="First day on which it is in force (YYYY-MM-DD).")
    expires: date = Field(description="Last day on which it is in force (YYYY-MM-DD).")


class OfficeElement(Cited):
    """An office, never a person."""

    id: Identifier = Field(description="The office's id, as the office register names it.")
    title: Sentence = Field(description="The office's title.")


class AllowedElement(Cited):
    """Whether something is allowed."""

    allowed: StrictBool = Field(description="true or false.")


class SuccessionElement(Cited):
    """What the parties say about succession; who succeeded whom, and when, is in the office register."""

    text: Sentence = Field(description="How an office passes from one holder to the next.")


class OfficesElement(Strict):
    """Offices, not people."""

    signing: Annotated[list[OfficeElement], Field(min_length=1, max_length=100)] = Field(
        description="Offices of the requester that may sign requests."
    )
    custodian: Annotated[list[OfficeElement], Field(min_length=1, max_length=100)] = Field(
        description="Offices of the custodian that review, release and decide."
    )
    delegates: AllowedElement = Field(description="Whether a delegate of an office may sign (R01).")
    acting: AllowedElement | None = Field(
        default=None, description="Whether an acting holder may sign (R01). Default: yes."
    )
    succession: SuccessionElement | None = Field(default=None, description="How offices pass on.")


class PoliciesElement(Cited):
    """Certificate policies of those who sign requests."""

    oids: Annotated[list[Oid], Field(min_length=1, max_length=20)] = Field(
        description="Every policy OID that a request signer's certificate path must carry."
    )


class CitationElement(Cited):
    """A designated statute, or an allowed purpose."""

    id: Sentence = Field(description="As request headers name it.")
    text: Sentence = Field(description="In words.")


class LinesElement(Cited):
    """What each line must carry: held to the rules that ask for it."""

    must_carry: Annotated[list[Carried], Field(min_length=1)] = Field(
        description="What every line must give; exactly what the rules below ask for."
    )


class PopulationElement(Cited):
    """A condition on who may be asked about."""

    id: Identifier = Field(description="Short name of the condition.")
    text: Sentence = Field(description="The condition in words.")
    rule: RuleId = Field(description="The rule below that enforces it.")


class AnswerElement(Cited):
    """The permitted answer, and from when it may be seen."""

    permitted: Literal["confirm_address"] = Field(description="The only answer there is: CONFIRMED or not.")
    after_seconds: Annotated[StrictInt, Field(ge=0, le=31_536_000)] = Field(
        description="Seconds from admission before which no answer is visible."
    )
    after_seconds_per_thousand_lines: Annotated[StrictInt, Field(ge=0, le=86_400)] = Field(
        default=0, description="Seconds more for each thousand lines."
    )


MatchLevel = Literal[
    "face_open", "double_surname", "surname_typo", "given_typo", "street_typo", "zip_digit", "nickname"
]
"""Levels that an agreement may switch off; a test holds them to those of the policies."""


class MatchElement(Cited):
    """The match policy."""

    policy: Literal["exact", "standard", "extended"] = Field(description="Which levels may confirm.")
    crowded_over: Annotated[StrictInt, Field(ge=1, le=1000)] = Field(
        default=12, description="Persons at a point above which one-edit levels are off."
    )
    identifier_must_agree: StrictBool = Field(
        default=True, description="Whether an identifier that both sides have must agree."
    )
    without: list[MatchLevel] = Field(
        default_factory=list, description="Levels of the policy that are switched off; `exact` always stays."
    )


class RetentionElement(Cited):
    """When the recipient must have destroyed what it received."""

    destruction_due_days: Annotated[StrictInt, Field(ge=1, le=36_600)] = Field(
        description="Days from release to the day by which everything received is destroyed (V04)."
    )


class DutyElement(Cited):
    """A duty of those who receive."""

    id: RecipientDutyId = Field(description="Which duty.")
    text: Sentence = Field(description="The duty in words.")


class FindingElement(Cited):
    """A safeguard finding that was open when the parties signed."""

    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")] = Field(
        description="The finding's number; the office register closes it under the same one."
    )
    text: Sentence = Field(description="The finding in words.")
    plan_due: date = Field(description="The day by which its plan is carried out (YYYY-MM-DD).")


class SafeguardsElement(Cited):
    """The safeguard review on which the parties relied; later reviews are in the office register (R08)."""

    standard: Sentence = Field(description="The standard that the recipient is reviewed against.")
    reviewed_on: date = Field(description="The latest review when the parties signed (YYYY-MM-DD).")
    findings: Annotated[list[FindingElement], Field(max_length=200)] = Field(
        default_factory=list, description="Findings open at signing; each counts as open until the register closes it."
    )


class ReportElement(Cited):
    """A report that one party owes."""

    id: Identifier = Field(description="Short name of the report.")
    text: Sentence = Field(description="What it says, and to whom.")
    owed_by: Literal["custodian", "requester"] = Field(description="Who owes it.")
    after: Literal["year_end", "incident"] = Field(description="What it follows.")
    within_days: Annotated[StrictInt, Field(ge=1, le=366)] = Field(description="Days in which it is due.")


class AccountingElement(Cited):
    """Whether the person concerned may see the accounting."""

    open_to_person: StrictBool = Field(description="true where the person may be told who asked.")


class RuleElement(Cited):
    """One rule that the agreement uses, with what it sets."""

    parameters: dict[str, Any] = Field(default_factory=dict, description="What the agreement sets; else the default.")


class AgreementDocument(Strict):
    """A data-sharing agreement (privity-agreement/1)."""

    format: Literal["privity-agreement/1"] = Field(description="The format of this document.")
    id: Identifier = Field(description="The agreement's id: the same in every version.")
    version: Annotated[StrictInt, Field(ge=1, le=1_000_000)] = Field(description="Any change is a new version.")
    title: Sentence = Field(description="One line that says what it is.")
    parties: PartiesElement
    authority: AuthorityElement
    term: TermElement
    offices: OfficesElement
    certificate_policies: PoliciesElement
    statutes: Annotated[list[CitationElement], Field(max_length=100)] = Field(
        description="Designated statutes (R05, L07); empty where the ground is another."
    )
    purposes: Annotated[list[CitationElement], Field(min_length=1, max_length=100)] = Field(
        description="Allowed purposes (R06)."
    )
    lines: LinesElement | None = Field(default=None, description="What each line must carry.")
    population: Annotated[list[PopulationElement], Field(max_length=50)] = Field(
        default_factory=list, description="Who may be asked about, each condition with the rule that enforces it."
    )
    answer: AnswerElement
    match: MatchElement
    retention: RetentionElement
    duties: Annotated[list[DutyElement], Field(max_length=20)] = Field(
        default_factory=list, description="What the recipients owe."
    )
    safeguards: SafeguardsElement | None = Field(default=None, description="The review the parties relied on.")
    reporting: Annotated[list[ReportElement], Field(max_length=20)] = Field(
        default_factory=list, description="Reports that a party owes."
    )
    accounting: AccountingElement
    rules: Annotated[dict[str, RuleElement], Field(min_length=1)] = Field(
        description="Every rule the agreement uses, with its clause and parameters."
    )
