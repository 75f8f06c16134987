"""`privity agreement`: check, sign, record, list and show data-sharing agreements.

Decisions on recorded ones are in `agreement_decisions`, comparisons and outlooks in `agreement_outlook`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from privity.interfaces.cli.door import (
    HomeOption,
    RoleOption,
    custodian_role,
    door,
    example,
    group,
    joined,
    known_home,
    read_input,
    refuse_existing,
    write_output,
)
from privity.interfaces.cli.presentation import Report, Sheet, as_data, as_facts, as_object

if TYPE_CHECKING:
    from privity.domain.agreement import Agreement
    from privity.services.agreements.agreement_signatures import AgreementSignature

agreements = group("agreement", "Data-sharing agreements: check, sign, record, put in force, compare, suspend, end.")

FileArgument = Annotated[Path, typer.Argument(metavar="FILE", help="The agreement (YAML).")]


def attach(app: typer.Typer) -> None:
    """Add the group to the command tree."""
    from privity.interfaces.cli import agreement_decisions, agreement_outlook, agreement_simulate

    agreement_decisions.attach(agreements)
    agreement_outlook.attach(agreements)
    agreement_simulate.attach(agreements)
    app.add_typer(agreements)


@agreements.command("check", epilog=example("privity agreement check examples/agreements/tax-enforcement-2025.yaml"))
@door
def check(file: FileArgument) -> Report:
    """Validate an agreement; errors name the line. Needs no home."""
    from privity.wire.agreement_format import read_agreement

    return _shown(read_agreement(read_input(file, "FILE")), "The agreement is valid.")


@agreements.command("schema", epilog=example("privity agreement schema --out agreement.schema.json"))
@door
def schema(
    out: Annotated[Path | None, typer.Option("--out", help="Write it to a new file instead of showing it.")] = None,
) -> Report:
    """Show the JSON Schema of agreement documents, for completion in editors. Needs no home."""
    from privity.wire.agreement_schema import agreement_schema, schema_text

    if out is None:
        return Report(agreement_schema(), notes=(schema_text().rstrip(),))
    write_output(out, schema_text().encode())
    data: dict[str, object] = {"schema": str(out)}
    return Report(data, "Schema written.", as_facts(data))


@agreements.command(
    "sign", epilog=example("privity agreement sign agreement.yaml --key me.key --cert me.pem --out agreement.p7s")
)
@door
def sign(
    file: FileArgument,
    *,
    key: Annotated[Path, typer.Option("--key", help="Your private key (PEM).")],
    cert: Annotated[Path, typer.Option("--cert", help="Your certificate and chain (PEM, own first).")],
    out: Annotated[Path, typer.Option("--out", help="The signature to write (a new file).")],
) -> Report:
    """Sign an agreement's very bytes for your side: a detached CMS signature. Needs no home."""
    from privity.bootstrap.wiring.requester import signer_of, system_clock
    from privity.wire.agreement_format import read_agreement

    refuse_existing(out, "--out")
    document = read_input(file, "FILE")
    agreement = read_agreement(document)
    signer = signer_of(read_input(key, "--key"), read_input(cert, "--cert"))
    at = system_clock().now().replace(microsecond=0)
    write_output(out, signer.sign(document, at=at))
    data: dict[str, object] = {
        "signature": str(out),
        "agreement_id": agreement.id,
        "version": agreement.version,
        "digest": agreement.digest,
        "signed_at": at.isoformat(),
    }
    return Report(data, "Agreement signed.", as_facts(data))


@agreements.command(
    "add", epilog=example("privity agreement add agreement.yaml --signature requester.p7s --signature counsel.p7s")
)
@door
def add(
    file: FileArgument,
    signature: Annotated[
        list[Path] | None, typer.Option("--signature", help="One side's signature; may be given several times.")
    ] = None,
    role: RoleOption = "counsel",
    home: HomeOption = None,
) -> Report:
    """Record an agreement with its digest and the parties' signatures.

    It is in force only where both sides signed; signatures may be added later, with the same FILE. The first version
    that both signed is put in force at once, a later one by `agreement activate`. Recording the same document again
    changes nothing.
    """
    from privity.bootstrap.wiring.custodian import open_gate
    from privity.services.agreements.record_agreement import record_agreement

    document = read_input(file, "FILE")
    signatures = [read_input(path, "--signature") for path in signature or ()]
    gate = open_gate(known_home(home), hostile=True).gate
    recorded = record_agreement(gate, document, signatures=signatures, role=custodian_role(role))
    data = as_object(recorded)
    notes = () if recorded.signed_by_both else ("Not in force: `privity agreement sign` for the side that is missing.",)
    return Report(data, "Agreement recorded.", as_facts(data), [_signatures(recorded.signatures)], notes)


@agreements.command("list", epilog=example("privity agreement list --home ./home"))
@door
def list_(home: HomeOption = None) -> Report:
    """List the recorded agreements, all versions, with the sides that signed."""
    from privity.bootstrap.wiring.custodian import open_gate
    from privity.services.agreements.record_agreement import list_agreements

    rows = list_agreements(open_gate(known_home(home)).gate)
    cells = [
        (r.agreement_id, str(r.version), r.title, r.effective, r.expires, _sides(r.signatures), r.digest[:16])
        for r in rows
    ]
    columns = ("agreement", "version", "title", "effective", "expires", "signed by", "digest")
    return Report({"agreements": as_data(rows)}, sheets=[Sheet("Agreements", columns, cells)])


@agreements.command("show", epilog=example("privity agreement show tax-enforcement-2025"))
@door
def show(
    agreement_id: Annotated[str, typer.Argument(metavar="ID", help="The agreement's id.")],
    version: Annotated[int | None, typer.Option("--version", help="One version. Default: the newest.")] = None,
    home: HomeOption = None,
) -> Report:
    """Show a recorded agreement: parties, who signed, offices, rules with clauses and parameters, match policy."""
    from privity.bootstrap.wiring.custodian import open_gate
    from privity.services.agreements.record_agreement import show_agreement, show_signatures

    gate = open_gate(known_home(home)).gate
    agreement = show_agreement(gate, agreement_id, version)
    return _shown(agreement, "Agreement", show_signatures(gate, agreement))


def _shown(agreement: Agreement, title: str, signatures: Sequence[AgreementSignature] | None = None) -> Report:
    data = as_object(agreement)
    facts = [
        *as_facts(data),
        ("custodian", agreement.custodian.name),
        ("requester", agreement.requester.name),
        ("statutes", "; ".join(agreement.statutes)),
        ("purposes", "; ".join(agreement.purposes)),
        ("match policy", f"{agreement.match_policy.name}: {', '.join(agreement.match_policy.levels)}"),
    ]
    offices = [(one.id, one.title, one.clause) for one in agreement.signing_offices]
    rules = [(use.rule, use.clause, _parameters(use.parameters)) for use in agreement.rules]
    sheets = [
        Sheet("Offices that may sign", ("office", "title", "clause"), offices),
        Sheet("Rules", ("rule", "clause", "parameters"), rules),
        *_terms(agreement),
    ]
    if signatures is not None:
        data["signatures"] = as_data(signatures)
        facts.append(("signed by", _sides(signatures)))
        sheets.insert(0, _signatures(signatures))
    return Report(data, title, facts, sheets)


def _terms(agreement: Agreement) -> list[Sheet]:
    """What an agreement may say beside its rules, where it says it."""
    population = [(one.id, one.text, one.rule) for one in agreement.population]
    duties = [(one.id, one.text) for one in agreement.recipient_duties]
    findings = [(one.id, one.plan_due) for one in agreement.safeguard_findings]
    reports = [(one.id, one.text, one.owed_by, one.after, one.within_days) for one in agreement.reporting]
    sheets = [
        Sheet("Who may be asked about", ("condition", "in words", "enforced by"), population),
        Sheet("What recipients owe", ("duty", "in words"), duties),
        Sheet("Safeguard findings open at signing", ("finding", "plan due"), findings),
        Sheet("Reports owed", ("report", "in words", "owed by", "after", "days"), reports),
    ]
    return [sheet for sheet in sheets if sheet.rows]


def _signatures(signatures: Sequence[AgreementSignature]) -> Sheet:
    rows = [(one.side, one.office, one.signed_at, one.recorded_at) for one in signatures]
    return Sheet("Signatures", ("side", "office or role", "signed", "recorded"), rows)


def _sides(signatures: Sequence[AgreementSignature]) -> str:
    return joined(sorted({one.side for one in signatures}))


def _parameters(parameters: object) -> str:
    plain = as_data(parameters)
    return ", ".join(f"{key}={value}" for key, value in plain.items()) if isinstance(plain, dict) else ""
