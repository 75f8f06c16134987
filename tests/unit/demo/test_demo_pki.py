"""The demonstration's people: certificates that the gate accepts, and an office register document that reads."""

from __future__ import annotations

import io
import stat
import time
from pathlib import Path

from ruamel.yaml import YAML

from demo.pki import create_pki
from privity.domain.certificate_policies import CUSTODIAN_OFFICER, RECIPIENT, REQUEST_SIGNING
from privity.domain.offices import CustodianRole
from privity.wire.offices_format import read_offices
from tests.builders.pki import AT, OFFICES, pki, signer_of, verifier


def test_a_hundred_officers_take_seconds_and_have_distinct_certificates(tmp_path: Path) -> None:
    begin = time.perf_counter()
    made = create_pki(tmp_path, at=AT, offices=OFFICES)
    assert time.perf_counter() - begin < 10
    everybody = [*made.officers, *made.holders.values(), *made.disclosure_officers, made.counsel]
    assert len(made.officers) == 100
    assert len({one.fingerprint for one in everybody}) == len(everybody)
    assert len({one.name for one in everybody}) == len(everybody)
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.rglob("*.key")} == {0o600}


def test_the_office_register_document_reads(tmp_path: Path) -> None:
    data = pki().offices(requester="enforcement-agency")
    text = io.StringIO()
    YAML(typ="safe", pure=True).dump(data, text)
    register = read_offices(text.getvalue().encode())
    assert [one.office for one in register.holdings] == list(OFFICES)
    assert register.holdings[0].certificates == (pki().holders[OFFICES[0]].fingerprint,)
    assert register.holdings[0].holds_at(AT)
    assert [one.id for one in register.officers] == [one.id for one in pki().officers]
    roles = [one.role for one in register.custodian_officers]
    assert roles.count(CustodianRole.DISCLOSURE_OFFICER) >= 2
    assert set(roles) == set(CustodianRole)
    for officer in register.officers:
        assert verifier().check_recipient(officer.certificate_pem, at=AT)


def test_each_role_has_its_policy() -> None:
    checker = verifier()
    holder, officer = pki().holders[OFFICES[0]], pki().disclosure_officers[0]
    seen = checker.verify(b"x", signer_of(holder).sign(b"x", at=AT), at=AT)
    assert set(seen.policies) == {REQUEST_SIGNING, RECIPIENT}
    seen = checker.verify(b"x", signer_of(officer).sign(b"x", at=AT), at=AT, policies=[CUSTODIAN_OFFICER])
    assert seen.policies == (CUSTODIAN_OFFICER,)
    assert checker.check_recipient(holder.certificate_pem, at=AT)
