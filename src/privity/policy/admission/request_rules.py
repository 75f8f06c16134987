"""R01-R11, R14, R15: rules on the request as a whole that need nothing of its lines. Small pure functions in a table.

Each returns a sentence that says what is wrong, or "" where the request passes. Source: RULES, R rules. R12 and R13
need the lines (`file_rules`); R02 is verified by the CMS adapter before, its result checked here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from privity.domain.agreement import Agreement, AgreementSide
from privity.domain.offices import OfficeRegister
from privity.domain.request import RequestFinding, RequestHeader
from privity.domain.rules import CONFIRM_ADDRESS, RULES
from privity.policy.admission.context import RequestContext, SignatureFacts, parameter
from privity.policy.detect.words import statute_key
from privity.policy.office_authority import authority_gap

CLOCK_SKEW = timedelta(minutes=5)  # how far a requester's clock may run ahead of ours


@dataclass(frozen=True, slots=True)
class RequestView:
    """The request as the R rules see it."""

    header: RequestHeader
    manifest_agreement: tuple[str, int, str]  # id, version, digest the signed manifest names
    signature: SignatureFacts
    context: RequestContext

    @property
    def agreement(self) -> Agreement:
        """The agreement it is judged under."""
        return self.context.agreement

    def number(self, rule_id: str, name: str) -> int:
        """A numeric parameter of the agreement."""
        return int(str(parameter(self.agreement, rule_id, name)))


def judge_request(
    header: RequestHeader,
    manifest_agreement: tuple[str, int, str],
    signature: SignatureFacts,
    context: RequestContext,
    *,
    only: Collection[str] = (),
) -> tuple[RequestFinding, ...]:
    """Step 6: every defect of the whole request under the rules its agreement uses, in their order. Empty: passes.

    `only`: these rules alone (the requester's lint has neither signature nor history).
    """
    view = RequestView(header, manifest_agreement, signature, context)
    findings = []
    for rule_id, (rule, mend) in REQUEST_RULES.items():
        if context.agreement.rule(rule_id) is None or (only and rule_id not in only):
            continue
        message = rule(view)
        if message:
            findings.append(RequestFinding(RULES[rule_id].code, rule_id, message, mend))
    return tuple(findings)


def signatory_holds_office(view: RequestView) -> str:
    """R01: the office may sign, and who signed held it (or acted in it) at signing time and again at receipt."""
    moments = (view.signature.signing_time, view.signature.received_at)
    return authority_gap(view.agreement, view.context.offices, view.header.office, view.signature.fingerprint, moments)


def signature_is_sound(view: RequestView) -> str:
    """R02: the verified signature carries a policy the agreement accepts, and is not from the future."""
    if not set(view.agreement.certificate_policies) <= set(view.signature.policies):
        return "the signer's certificate does not carry every policy the agreement asks for"
    if view.signature.signing_time > view.signature.received_at + CLOCK_SKEW:
        return "the signature claims a time later than its receipt"
    return ""


def requester_is_known(view: RequestView) -> str:
    """R03: the requester is the agreement's party, and the office that signs is that party's."""
    party = view.agreement.requester.id
    if view.header.requester != party:
        return "the requester is not the party of the agreement"
    held = [one for one in view.context.offices.holdings if view.signature.fingerprint in one.certificates]
    if held and all(one.party != party for one in held):
        return "the signer belongs to another party"
    return ""


def asks_confirmation_only(view: RequestView) -> str:
    """R04: confirmation of an address, nothing wider. A wider request goes to counsel's queue."""
    return "" if view.header.request_type == CONFIRM_ADDRESS else "the request asks for more than a confirmation"


def statutes_are_designated(view: RequestView) -> str:
    """R05: every statute the header names is on the agreement's list, and there is at least one."""
    if not view.header.statutes:
        return "the header names no statute"
    allowed = {statute_key(statute) for statute in view.agreement.statutes}
    if any(statute_key(statute) not in allowed for statute in view.header.statutes):
        return "the header names a statute the agreement does not designate"
    return ""


def purpose_is_allowed(view: RequestView) -> str:
    """R06: the purpose code is on the list and the attestations that go with it are given."""
    if view.header.purpose not in view.agreement.purposes:
        return "the purpose is not one the agreement allows"
    wanted = parameter(view.agreement, "R06", "attestations")
    missing = [word for word in wanted if word not in view.header.attestations] if isinstance(wanted, tuple) else []
    return f"the header lacks attestations: {', '.join(missing)}" if missing else ""


def agreement_is_in_force(view: RequestView) -> str:
    """R07: header and manifest name this agreement, version and digest; both sides signed it; it is not out of date."""
    agreement = view.agreement
    if view.manifest_agreement != (agreement.id, agreement.version, agreement.digest):
        return "the signed manifest names another agreement, version or digest"
    named = (view.header.agreement_id, view.header.agreement_version)
    if named != (agreement.id, agreement.version) or view.header.agreement_digest not in ("", agreement.digest):
        return "the header names another agreement, version or digest"
    days = (view.signature.signing_time.date(), view.context.at.date())
    if any(not agreement.effective <= day <= agreement.expires for day in days):
        return "the agreement is not in force at signing and at receipt"
    return unsigned(view.context.agreement_signed_by) or view.context.agreement_stopped


def unsigned(signed_by: frozenset[AgreementSide]) -> str:
    """Whose signature the agreement lacks, or "" (asked again before each batch of lines and at release)."""
    missing = [side.value for side in AgreementSide if side not in signed_by]
    return f"the agreement is not signed by the {' and the '.join(missing)}" if missing else ""


def safeguards_are_current(view: RequestView) -> str:
    """R08: a review within its validity, and each open finding with a plan that is not overdue."""
    return safeguards_unmet(view.agreement, view.context.offices, view.context.at.date())


def safeguards_unmet(agreement: Agreement, offices: OfficeRegister, today: date) -> str:
    """Why the requester's safeguards do not hold on `today`, or "" (asked again at release).

    Findings that the agreement lists count as open until the office register closes them under the same number, and
    no review older than the one the parties relied on will do.
    """
    review = next((one for one in offices.safeguards if one.party == agreement.requester.id), None)
    if review is None or review.reviewed_on > today:
        return "no safeguard review of the recipient is on record"
    if agreement.safeguards_reviewed_on and review.reviewed_on < agreement.safeguards_reviewed_on:
        return "the safeguard review on record is older than the one the agreement rests on"
    if today - review.reviewed_on > timedelta(days=int(str(parameter(agreement, "R08", "review_valid_days")))):
        return "the recipient's safeguard review is out of date"
    known = {one.id for one in review.findings}
    findings = (*review.findings, *(one for one in agreement.safeguard_findings if one.id not in known))
    unmet = [
        one
        for one in findings
        if (one.closed_on is None or one.closed_on > today) and (one.plan_due is None or one.plan_due < today)
    ]
    return f"{len(unmet)} open safeguard findings have no plan, or one overdue" if unmet else ""


def no_hold(view: RequestView) -> str:
    """R09: no hold on the agreement or on everything. (Asked again before each chunk and at release.)"""
    return "requests of this kind are on hold" if view.context.holds else ""


def form_is_prescribed(view: RequestView) -> str:
    """R10: the header is coherent with the signature: made before it was signed, signed before it arrived."""
    if view.header.created_at > view.signature.signing_time + CLOCK_SKEW:
        return "the header says it was made after it was signed"
    return ""


def fresh_and_once(view: RequestView) -> str:
    """R11: request id and nonce unseen, and neither making nor signing longer ago than the agreement allows."""
    if view.context.seen_before:
        return "this request, or its nonce, was received before"
    oldest = min(view.header.created_at, view.signature.signing_time)
    if view.context.at - oldest > timedelta(days=view.number("R11", "max_age_days")):
        return "the request is older than the agreement allows"
    return ""


def duties_are_done(view: RequestView) -> str:
    """R15: no destruction certificate or recall receipt of the requester is overdue."""
    overdue = view.context.overdue_duties
    return f"{overdue} destruction certificates or recall receipts are overdue" if overdue else ""


RequestRule = Callable[[RequestView], str]

REQUEST_RULES: Mapping[str, tuple[RequestRule, str]] = {
    "R01": (signatory_holds_office, "have the holder of a named office sign, with the certificate on record"),
    "R02": (signature_is_sound, "sign with a certificate of the policy the agreement names, with a correct clock"),
    "R03": (requester_is_known, "send the request under the agreement of your own agency"),
    "R04": (asks_confirmation_only, "ask for confirm_address; counsel decides anything wider"),
    "R05": (statutes_are_designated, "name only statutes the agreement designates"),
    "R06": (purpose_is_allowed, "use a purpose code of the agreement and attest what it asks"),
    "R07": (agreement_is_in_force, "name the agreement version in force, by its digest"),
    "R08": (safeguards_are_current, "bring the safeguard review and its open findings up to date"),
    "R09": (no_hold, "wait until the hold is lifted"),
    "R10": (form_is_prescribed, "make the header before signing it"),
    "R11": (fresh_and_once, "make and sign a new request"),
    "R15": (duties_are_done, "send the overdue certificates and receipts"),
}
