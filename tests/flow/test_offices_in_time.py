"""Who may sign, on a real home with real signatures: succession, gaps, acting holders, a revoked certificate."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from ruamel.yaml import YAML

from demo.pki import Identity
from privity.adapters.trust_files import TrustFiles
from privity.domain.errors import ErrorCode, PrivityError
from privity.services.agreements.record_offices import record_offices
from tests.builders.custodian_home import Desk, fresh, make_home, stage

DIRECTOR = "enforcement-director"
HOUR = timedelta(hours=1)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return fresh(tmp_path)


def director(desk: Desk) -> Identity:
    return desk.stage.pki.holders[DIRECTOR]


def successor(desk: Desk) -> Identity:
    """Another person with a certificate for signing requests: the secretary takes the director's office over."""
    return desk.stage.pki.holders["department-secretary"]


def tenure(who: Identity, since: datetime, until: datetime | None = None, *, acting: bool = False) -> dict[str, Any]:
    held = {
        "office": DIRECTOR,
        "party": "enforcement-agency",
        "name": who.name,
        "since": since.isoformat(),
        "acting": acting,
        "certificates": [who.fingerprint],
    }
    return held | ({} if until is None else {"until": until.isoformat()})


def record(desk: Desk, *tenures: dict[str, Any]) -> None:
    yaml = YAML(typ="safe", pure=True)
    register = yaml.load(desk.stage.offices.read_text(encoding="utf-8"))
    register["holders"] = list(tenures)
    path = desk.home.parent / "offices.yaml"
    with path.open("w", encoding="utf-8") as stream:
        yaml.dump(register, stream)
    record_offices(desk.gate, path.read_bytes())


def findings(desk: Desk, who: Identity, *, second: bool = False) -> list[str]:
    files = desk.stage.second if second else desk.stage.first
    received = desk.receive(desk.pack(files, signer=who))
    return [f"{one.rule} {one.message}" for one in received.findings if one.rule.startswith("R0")]


def test_at_a_succession_the_successor_signs_and_the_former_holder_does_not(desk: Desk) -> None:
    now = desk.clock.now()
    record(desk, tenure(director(desk), now - 100 * HOUR, now - HOUR), tenure(successor(desk), now - HOUR))
    assert findings(desk, director(desk), second=True) == [
        "R01 the signer did not hold the office at signing time and at receipt"
    ]
    assert findings(desk, successor(desk)) == []


def test_in_a_gap_nobody_signs(desk: Desk) -> None:
    now = desk.clock.now()
    record(desk, tenure(director(desk), now - 100 * HOUR, now - HOUR))
    assert findings(desk, successor(desk)) == ["R01 nobody holds the office at signing time and at receipt"]


def test_a_request_signed_in_office_that_arrives_a_minute_after_the_term_is_refused(desk: Desk) -> None:
    package = desk.pack(desk.stage.first)
    now = desk.clock.now()
    record(desk, tenure(director(desk), now - 100 * HOUR, now + timedelta(seconds=30)))
    desk.clock.advance(60)
    assert [one.rule for one in desk.receive(package).findings] == ["R01"]


def test_two_acting_holders_bind_nobody_until_one_tenure_ends(desk: Desk) -> None:
    now = desk.clock.now()
    both = (tenure(director(desk), now - HOUR, acting=True), tenure(successor(desk), now - HOUR, acting=True))
    record(desk, *both)
    assert findings(desk, director(desk), second=True) == [
        "R01 two people act in the office at once: who may sign is not clear"
    ]
    record(desk, both[0])
    assert findings(desk, director(desk)) == []


def test_a_holder_whose_certificate_was_revoked_does_not_sign(tmp_path: Path) -> None:
    """In office still, by the register; but the certificate says nothing any more."""
    desk = make_home(tmp_path / "home", stage(tmp_path / "stage", lines=24, register_rows=300, seed=3))
    package = desk.pack(desk.stage.first)
    desk.clock.advance(60)
    pki, moment = desk.stage.pki, desk.clock.now() - timedelta(seconds=30)
    certificate = x509.load_pem_x509_certificate(director(desk).certificate.read_bytes())
    pki.requester_authority.revoke(certificate, at=moment)
    pki.write_revocation_lists(at=moment)
    TrustFiles(desk.home).add([], [], [path.read_bytes() for path in pki.crls])
    with pytest.raises(PrivityError) as refused:
        Desk(desk.home, desk.stage, desk.clock).receive(package)
    assert refused.value.code is ErrorCode.CERTIFICATE_INVALID
