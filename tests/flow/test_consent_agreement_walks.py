"""The second shipped agreement end to end: a bank, consents, JSON Lines; nothing of the first agreement in it.

Lint, pack, receive, match, two approvals, deliver, open, account, verify: with the signed consent of the person as the
ground, and every line that has none sent back.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from ruamel.yaml import YAML

import privity_verify
from demo.generate import RequestWriter, Terms, write_register
from demo.people import populate
from demo.pki import create_pki
from demo.prepare import RequestFiles, Stage, header
from privity.adapters.cms import CmsEncryptor
from privity.domain.answer import Answer
from privity.domain.offices import CustodianRole
from privity.services.accounting.account_for_person import account_for_request
from privity.services.duties.agreement_inventory import IN_FORCE, take_inventory
from privity.services.requester.lint_request import lint_request
from privity.services.requester.pack_request import pack_request
from privity.wire.agreement_format import read_agreement
from privity.wire.offices_format import read_offices
from privity.wire.request_header import read_header
from tests.builders.admission import EXAMPLES
from tests.builders.custodian_home import Desk, make_home, signer_of

AGREEMENT = EXAMPLES / "agreements" / "consent-based-verification.yaml"
SOUND = 24
Line = dict[str, str]


def no_consent(line: Line, today: date) -> None:
    line["attestations"] = ""


def stale_consent(line: Line, today: date) -> None:
    line["order_date"] = (today - timedelta(days=91)).isoformat()


def consent_from_tomorrow(line: Line, today: date) -> None:
    line["order_date"] = (today + timedelta(days=2)).isoformat()


def no_address(line: Line, today: date) -> None:
    line.update(address_line1="Unknown Address", address_line2="")


def no_reference(line: Line, today: date) -> None:
    line["case_id"] = ""


SPOILT: tuple[tuple[Callable[[Line, date], None], str], ...] = (
    (no_consent, "OFFENCE_UNSUPPORTED"),
    (stale_consent, "ORDER_DATE_INVALID"),
    (consent_from_tomorrow, "ORDER_DATE_INVALID"),
    (no_address, "ADDRESS_PLACEHOLDER"),
    (no_reference, "CASE_MISSING"),
)


@dataclass(frozen=True)
class Bank:
    """The requester's side: files, and what is expected of each line."""

    desk: Desk
    lines: bytes
    header: Path
    codes: dict[int, str]  # ordinal -> code of a line that must come back
    true: set[int]  # ordinals that the register bears out

    def pack(self) -> bytes:
        head = read_header(self.header.read_bytes())
        certificate = (self.desk.home / "certs" / "request-recipient.pem").read_bytes()
        signer = signer_of(self.desk.stage.pki.holders[head.office])
        terms = read_agreement(AGREEMENT.read_bytes())
        return pack_request(self.lines, "jsonl", head, terms, signer, CmsEncryptor(), certificate, self.desk.clock)


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Bank:
    folder = tmp_path_factory.mktemp("bank")
    now = datetime.now(UTC)
    terms = read_agreement(AGREEMENT.read_bytes())
    pki = create_pki(folder / "pki", at=now, offices=[one.id for one in terms.signing_offices], officers=4)
    offices, extract, head = folder / "offices.yaml", folder / "extract.csv", folder / "header.yaml"
    write_yaml(offices, pki.offices(requester=terms.requester.id))
    population = populate(400, 11, now.date())
    write_register(population, extract)
    writer = RequestWriter(population, Terms(("",), [one.id for one in pki.officers], now.date()), 11, "B")
    writer.fill(SOUND, 0.0)
    files = RequestFiles("B-2026-1", folder / "lines.jsonl", head, folder / "package.zip", folder / "truth.csv")
    write_yaml(head, header(terms, files.id, now))
    stage = Stage(folder, pki, AGREEMENT, offices, extract, files, files)
    lines, codes = written(writer, now.date())
    true = {place for place, (_, ref, _) in enumerate(writer.truth, start=1) if ref and place not in codes}
    return Bank(make_home(folder / "home", stage), lines, head, codes, true)


def write_yaml(path: Path, document: object) -> None:
    with path.open("w", encoding="utf-8") as stream:
        YAML(typ="safe", pure=True).dump(document, stream)


def written(writer: RequestWriter, today: date) -> tuple[bytes, dict[int, str]]:
    """The lines as the bank writes them: consents of the last weeks, its own references, no statute, no reason."""
    chance, codes, rows = random.Random(5), {}, []
    for place, line in enumerate(writer.lines, start=1):
        bare = {key: value for key, value in line.items() if value and key not in ("statute", "reason")}
        bare |= {"order_date": (today - timedelta(days=chance.randrange(1, 89))).isoformat()}
        bare |= {"attestations": "signed_consent", "case_id": f"KYC-2026-{88_000 + place}"}
        if place <= len(SPOILT):
            spoil, codes[place] = SPOILT[place - 1]
            spoil(bare, today)
        rows.append(json.dumps(bare))
    return "\n".join(rows).encode() + b"\n", codes


def test_lint_says_beforehand_what_the_gate_will_say(bank: Bank) -> None:
    terms = read_agreement(AGREEMENT.read_bytes())
    head, register = read_header(bank.header.read_bytes()), read_offices(bank.desk.stage.offices.read_bytes())
    report = lint_request(bank.lines, "jsonl", terms, head, register, bank.desk.clock.now())
    assert [one.code.value for one in report.findings] == list(bank.codes.values())
    assert [one.code.value for one in report.request_findings] == ["TOO_MANY_DEFECTS"]
    assert 100 * len(bank.codes) / SOUND > 20, "one in five may be defective under these terms, and more are"


def test_a_file_with_too_many_lines_without_consent_goes_back_whole(bank: Bank) -> None:
    received = bank.desk.receive(bank.pack())
    assert received.returned_whole
    assert [one.code for one in received.findings] == ["TOO_MANY_DEFECTS"]
    bank.desk.approve_twice(received.request_id)
    bank.desk.clock.advance(120)
    delivered = bank.desk.deliver(received.request_id)
    opened = bank.desk.open_all(Path(delivered.path).read_bytes())
    assert {line.answer for line in opened.lines} == {None}
    told = {int(line.ordinal): line.code.value for line in opened.lines if line.code}
    assert {place: told[place] for place in bank.codes} == bank.codes


def test_the_whole_walk_on_consent(bank: Bank) -> None:
    """With two of the bad lines mended the file is answered; the others come back, each with its own code."""
    rows = bank.lines.decode().splitlines()
    mended = json.loads(rows[0]) | {"attestations": "signed_consent"}
    rows[0] = json.dumps(mended)
    rows[1] = json.dumps(json.loads(rows[1]) | {"order_date": json.loads(rows[20])["order_date"]})
    head = bank.header.with_name("second.yaml")
    head.write_text(bank.header.read_text(encoding="utf-8").replace("B-2026-1", "B-2026-2"), encoding="utf-8")
    again = replace(bank, lines="\n".join(rows).encode() + b"\n", header=head)
    desk = bank.desk
    received = desk.receive(again.pack())
    assert (received.state, received.returned, received.referred) == ("ADMITTED", len(SPOILT) - 2, 0), received
    desk.match(received.request_id)
    desk.approve_twice(received.request_id)
    desk.clock.advance(120)
    delivered = desk.deliver(received.request_id)
    opened = desk.open_all(Path(delivered.path).read_bytes())
    codes = {int(line.ordinal): line.code.value for line in opened.lines if line.code}
    assert codes == {place: code for place, code in bank.codes.items() if place > 2}
    confirmed = {int(line.ordinal) for line in opened.lines if line.answer is Answer.CONFIRMED}
    assert bank.true <= confirmed, "every line that the register bears out, with a consent, is confirmed"
    assert confirmed - bank.true <= {1, 2}, "no other is; the two that were mended may be true as well"
    account = account_for_request(desk.gate, received.request_id, role=CustodianRole.AUDITOR, reason_code="audit")
    assert account.records == SOUND
    assert account.root_recomputed_agrees
    report = privity_verify.verify(Path(delivered.path))
    assert not [one.reason for one in report.findings if one.outcome == "fail"]
    assert not [one.reason for one in privity_verify.verify(desk.home / "log").findings if one.outcome == "fail"]


def test_it_is_the_only_agreement_in_force_here(bank: Bank) -> None:
    [row] = take_inventory(bank.desk.gate, {AGREEMENT.name: AGREEMENT.read_bytes()}).agreements
    assert (row.agreement_id, row.standing) == ("consent-based-verification", IN_FORCE)
