"""Writes docs/rules.md: every rule with its clause, parameters, code, functions and examples, judged as it is written.

`python tools/write_rules.py` writes; a test compares. The words come from the code; an example that the code no longer
judges as the page says stops the writing.
"""

from __future__ import annotations

import importlib
import inspect
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from privity.domain.agreement import Agreement  # noqa: E402
from privity.domain.rules import RULES, Parameter, RuleSpec  # noqa: E402
from privity.policy.admission.table import RULE_TABLE  # noqa: E402
from privity.wire.agreement_format import read_agreement  # noqa: E402
from tools.rule_examples import EXAMPLES, Example  # noqa: E402

PAGE = ROOT / "docs" / "rules.md"
AGREEMENTS = ("tax-enforcement-2025", "consent-based-verification")

OPENING = """# Rules

Written by `python tools/write_rules.py` from the code; a test keeps it true, and every example below was judged by the
code when the page was written, under [tax-enforcement-2025](../examples/agreements/tax-enforcement-2025.yaml).

An agreement names the rules it uses, the clause that each serves, and its parameters. R rules send the whole request
back, L rules one line (L16 lets it wait for a human), both before anything is looked up; V01 is asked at admission and
again at release. A code never depends on the register. How the rules follow each other is in
[procedures/admit.md](procedures/admit.md); who decides about agreements in [guides/counsel.md](guides/counsel.md).
"""

# The rules without parameters: what answers, recipients and the aftermath are held to, and the code that holds them.
AFTERWARDS: Sequence[tuple[str, str, str, tuple[str, ...]]] = (
    ("A01-A07", "Two answers, one look; name, address and period together; a placeholder on the record's side never "
     "matches; identifiers that both sides have agree where the agreement says so", "-",
     ("privity.matching.decide:decide",)),
    ("A08", "Two different people release the same content; any change starts anew", "RELEASE_UNAPPROVED",
     ("privity.policy.release:judge_release", "privity.policy.verdicts:outcome",
      "privity.services.release.release_response:release_response")),
    ("A09", "A person whom counsel withheld, or of a declared class on which an order lies, is NO_CONFIRMATION, like "
     "any other", "-",
     ("privity.services.holds.withhold_person:withhold_person", "privity.services.holds.declare_class:add_to_class")),
    ("V01", "To named officers of the roster alone, to no contractor unless safeguarded",
     "RECEIVER_UNLISTED, RECEIVER_CONTRACTOR", ("privity.policy.recipients:judge_recipients",)),
    ("V02", "Each officer's lines are encrypted to that officer alone", "CERTIFICATE_INVALID",
     ("privity.services.release.seal_response:seal_response",
      "privity.services.release.check_release:check_recipients")),
    ("V03", "Marked against onward sharing", "-", ("privity.policy.verdicts:MARKING",)),
    ("V04", "Destroyed by a date, tracked to its certificate; what is overdue blocks the next request (R15)",
     "DUTIES_OVERDUE", ("privity.services.release.track_duties:discharge_duty",)),
    ("V05", "Holds stop what is in flight and what is delivered again; the stricter of several orders governs; recall "
     "and freeze notices on what was delivered ask for receipts, and block the next request until then (R15)",
     "ON_HOLD, DUTIES_OVERDUE",
     ("privity.services.holds.place_hold:place_hold", "privity.policy.holds:governing",
      "privity.services.holds.issue_notices:issue_notices", "privity.services.holds.record_receipt:record_receipt")),
    ("C01", "Accounting for every line, refused ones too, in the answer's transaction", "ACCOUNTING_UNAVAILABLE",
     ("privity.services.accounting.account_lines:write_accounting",)),
    ("C02", "Permanent: no change and no deletion, by the database itself", "-",
     ("privity.adapters.sql_store.guards:sqlite_triggers",)),
    ("C04", "A tamper-evident log; where it cannot be written, nothing leaves", "LOG_UNAVAILABLE",
     ("privity.services.publish_log:publish_pending",)),
)  # fmt: skip


def page() -> str:
    """The whole page. Raises ValueError where an example is not judged as it is shown."""
    agreements = {name: _agreement(name) for name in AGREEMENTS}
    parts = [OPENING, _overview()]
    parts += [_rule(spec, agreements) for spec in RULES.values()]
    parts += [_afterwards()]
    return "\n".join(parts)


def _agreement(name: str) -> Agreement:
    return read_agreement((ROOT / "examples" / "agreements" / f"{name}.yaml").read_bytes(), source=name)


def _overview() -> str:
    rows = [
        f"| [{spec.id}](#{_anchor(spec)}) | {spec.title} | `{spec.code.value}` | {'no' if spec.mandatory else 'yes'} |"
        for spec in RULES.values()
    ]
    return "\n".join(["| rule | says | code | may be left out |", "|---|---|---|---|", *rows, ""])


def _anchor(spec: RuleSpec) -> str:
    return re.sub(r"[^a-z0-9 -]", "", f"{spec.id} {spec.title}".lower()).replace(" ", "-")


def _rule(spec: RuleSpec, agreements: Mapping[str, Agreement]) -> str:
    lines = [f"## {spec.id} {spec.title}", "", f"Code `{spec.code.value}`. {_optional(spec)}", ""]
    for function in RULE_TABLE[spec.id]:
        lines.append(f"* `{function.__module__}.{function.__qualname__}`: {_sentence(function)}")
    lines += ["", "| agreement | clause |", "|---|---|"]
    lines += [f"| {name} | {_clause(agreement, spec)} |" for name, agreement in agreements.items()]
    if spec.parameters:
        lines += ["", f"| parameter | what it sets | default | bounds | {' | '.join(agreements)} |"]
        lines += ["|---|---|---|---|---|---|"]
        lines += [_parameter(spec, one, agreements) for one in spec.parameters]
    lines += ["", "| accepted | sent back |", "|---|---|"]
    lines += [f"| {good} | {bad} |" for good, bad in _side_by_side(spec)]
    return "\n".join([*lines, ""])


def _optional(spec: RuleSpec) -> str:
    return "No agreement may leave it out." if spec.mandatory else "An agreement may leave it out."


def _sentence(function: object) -> str:
    """The first sentence of what the code says of itself."""
    text = " ".join((inspect.getdoc(function) or "").split())
    first = re.split(r"(?<=[.!?])\s", text, maxsplit=1)[0]
    said = re.sub(r"^[RLV]\d\d(, [^:]*)?: ", "", first).replace("|", "\\|")
    return said[:1].upper() + said[1:]


def _clause(agreement: Agreement, spec: RuleSpec) -> str:
    use = agreement.rule(spec.id)
    return use.clause.replace("|", "\\|") if use else "not used"


def _parameter(spec: RuleSpec, one: Parameter, agreements: Mapping[str, Agreement]) -> str:
    bounds = "-"
    if isinstance(one.default, int) and not isinstance(one.default, bool):
        bounds = f"{one.minimum:,} to {one.maximum:,}"
    set_to = []
    for agreement in agreements.values():
        use = agreement.rule(spec.id)
        set_to.append(_value(use.parameters[one.name]) if use else "-")
    return f"| `{one.name}` | {one.meaning} | {_value(one.default)} | {bounds} | {' | '.join(set_to)} |"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(value) or "none"
    return f"{value:,}"


def _side_by_side(spec: RuleSpec) -> Iterator[tuple[str, str]]:
    good = [_judged(spec, one) for one in EXAMPLES[spec.id] if one.accepted]
    bad = [_judged(spec, one) for one in EXAMPLES[spec.id] if not one.accepted]
    for place in range(max(len(good), len(bad))):
        yield (good[place] if place < len(good) else ""), (bad[place] if place < len(bad) else "")


def _judged(spec: RuleSpec, example: Example) -> str:
    """The example as the page shows it, once the code has judged it so."""
    codes = list(example.judge())
    wanted = codes == [] if example.accepted else codes in ([spec.code.value], ["RECEIVER_CONTRACTOR"])
    if not wanted:
        raise ValueError(f"{spec.id}: the code judges {example.shown!r} otherwise than the page says: {codes}")
    return example.shown.replace("|", "\\|").replace("\u200b", "").replace("\u0435", "e")


def _afterwards() -> str:
    lines = ["## Answers, recipients, aftermath", "", "Not set by an agreement: every answer is held to these.", ""]
    lines += ["| rule | says | code | held by |", "|---|---|---|---|"]
    for rule, says, code, held in AFTERWARDS:
        for name in held:
            module, _, attribute = name.partition(":")
            getattr(importlib.import_module(module), attribute)  # a name that is gone stops the writing
        codes = ", ".join(f"`{one}`" for one in code.split(", ")) if code != "-" else "-"
        names = ", ".join("`" + one.replace(":", ".") + "`" for one in held)
        lines.append(f"| {rule} | {says} | {codes} | {names} |")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"wrote {PAGE}\n")
