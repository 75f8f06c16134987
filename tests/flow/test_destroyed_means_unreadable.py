"""C9: after its destruction no key that the home still has reads anything of a request, and every proof still holds.

The thief of `tests.builders.every_key` has the whole home. What lies under the accounting key is the one exception; it
is named here, column by column, and a new column is not excepted by itself.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import privity_verify
from privity.adapters.home_files import HomeFolder
from privity.domain.certificate_policies import RESPONSE_SIGNING
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.holds import HoldScope
from privity.domain.offices import CustodianRole
from privity.domain.request import RequestId, SuppliedName
from privity.ledger.check import check_inclusion
from privity.ledger.tree import leaf_hash
from privity.ports.stored import Verdict
from privity.services.accounting.account_for_person import account_for_name, account_for_request
from privity.services.admission.show_request import list_requests, show_request
from privity.services.holds.declare_class import add_to_class
from privity.services.holds.place_hold import lift_hold, place_hold
from privity.services.home.apply_retention import Destroyed, destroy_request
from privity.services.home.reconfirm_home import freeze_if_copied
from privity.services.release.review_request import review_request
from tests.builders.custodian_home import Desk, fresh
from tests.builders.every_key import Blob, blobs_of, by_force, keys_of, readers
from tests.flow.test_verifier_on_real_homes import bundle_of

AUDITOR, COUNSEL = CustodianRole.AUDITOR, CustodianRole.COUNSEL
MARKERS = ("LINEMARKDX", "CASEMARKDX", "reasonmarkdx", "Destructa", "Qvrtlgone")
KEPT = {  # not under the request's key: the permanent accounting, and digests of fixed length that hold no value
    ("accounting", "sealed"),
    ("accounting", "leaf"),
    ("accounting_filings", "digest"),
    ("approvals", "sealed"),
    ("questions", "person"),
    ("questions", "question"),
    ("officer_cases", "officer"),
    ("officer_cases", "case"),
}


def marked_lines(desk: Desk) -> bytes:
    """The stage's request, with markers in what identifies lines, and one line about a person of marked name."""
    with desk.stage.first.lines.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for place, row in enumerate(rows):
        row |= {"line_id": f"{MARKERS[0]}-{place}", "case_id": f"{row['case_id']}-{MARKERS[1]}"}
        row["reason"] += f" {MARKERS[2]}"
    rows[0] |= {"given_name": MARKERS[3], "middle_name": "", "family_name": MARKERS[4], "full_name": ""}
    output = io.StringIO()
    writer = csv.DictWriter(output, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return output.getvalue().encode()


def destroy(desk: Desk, request_id: str, days: int = 90, **options: Any) -> Destroyed:
    expire = options.pop("backups_expire", desk.clock.now().date() + timedelta(days=days))
    return destroy_request(desk.gate, request_id, backups_expire=expire, **options)


def refused(action: Callable[[], object], code: ErrorCode) -> PrivityError:
    with pytest.raises(PrivityError) as raised:
        action()
    assert raised.value.code is code
    return raised.value


def entries(desk: Desk, event: str = "") -> list[dict[str, Any]]:
    with desk.store.reading() as read:
        rows = [json.loads(row) for row in read.log_rows(0, 10_000)]
    return [row for row in rows if event in ("", row["event"])]


@dataclass
class Ended:
    """A home with two ended requests, the first of them destroyed; and what was known before that."""

    desk: Desk
    request_id: str
    other_id: str
    packages: list[bytes]
    before: list[Blob]
    readers_before: dict[tuple[str, str, int], set[str]]
    key: bytes
    key_files: list[bytes]
    done: Destroyed


def database_blobs(desk: Desk, request_id: str) -> list[Blob]:
    """What is stored of the request and is not on the list of exceptions."""
    found = [blob for blob in blobs_of(desk.folder.database) if blob.request_id == request_id]
    return [blob for blob in found if (blob.table, blob.column) not in KEPT]


def name_of(blob: Blob) -> tuple[str, str, int]:
    return blob.table, blob.column, blob.row


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ended]:
    desk = fresh(tmp_path_factory.mktemp("destroyed"))
    first, second = desk.pack(desk.stage.first, lines=marked_lines(desk)), desk.pack(desk.stage.second)
    received, delivered = desk.walk(first)
    other, sent_back = desk.walk(second)
    ids = [received.request_id, other.request_id]
    keys = keys_of(desk.home, ids)
    before = database_blobs(desk, received.request_id)
    found = {name_of(blob): readers(blob, keys, ids) for blob in before}
    key_files = [path.read_bytes() for path in (desk.home / "request-keys").glob("*.key")]
    packages = [first, second, Path(delivered.path).read_bytes(), Path(sent_back.path).read_bytes()]
    done = destroy(desk, received.request_id)
    key = keys[f"key of {received.request_id}"]
    yield Ended(desk, *ids, packages, before, found, key, key_files, done)
    desk.store.close()


def test_before_all_of_it_opened_with_the_requests_key_and_with_no_other(ended: Ended) -> None:
    """The search finds what there is to find: otherwise finding nothing afterwards would prove nothing."""
    assert {blob.table for blob in ended.before} == {"requests", "line_chunks", "decision_chunks", "packages"}
    assert len(ended.before) == ended.done.blobs >= 7
    assert set(map(frozenset, ended.readers_before.values())) == {frozenset({f"key of {ended.request_id}"})}


def test_no_key_of_the_home_reads_anything_of_it(ended: Ended) -> None:
    ids = [ended.request_id, ended.other_id]
    keys = keys_of(ended.desk.home, ids)
    assert f"key of {ended.other_id}" in keys
    assert len(keys) >= 10
    after = database_blobs(ended.desk, ended.request_id)
    assert {name_of(blob) for blob in after} == set(ended.readers_before)
    read = {name_of(blob): readers(blob, keys, ids) for blob in after}
    assert not {name: who for name, who in read.items() if who}
    others = database_blobs(ended.desk, ended.other_id)
    assert all(readers(blob, keys, ids) == {f"key of {ended.other_id}"} for blob in others)


def test_a_thief_of_the_whole_home_finds_no_value_outside_the_accounting(ended: Ended) -> None:
    """Every key on every blob of every table, by force; then every file, as it lies and by force."""
    keys = list(keys_of(ended.desk.home, [ended.request_id, ended.other_id]).values())
    plain = {}
    for blob in blobs_of(ended.desk.folder.database):
        texts = [blob.content, *(by_force(key, blob.content) for key in keys)]
        if any(marker.lower().encode() in text.lower() for marker in MARKERS for text in texts):
            plain[blob.table, blob.column] = blob
    assert set(plain) == {("accounting", "sealed")}
    for path in (one for one in ended.desk.home.rglob("*") if one.is_file()):
        content = path.read_bytes()
        for text in (content, *(by_force(key, content) for key in keys)):
            assert not [marker for marker in MARKERS if marker.lower().encode() in text.lower()], path.name


def test_the_key_is_nowhere_in_the_home(ended: Ended) -> None:
    wrapped = {word for content in ended.key_files for word in content.split() if len(word) >= 64}
    present = {word for path in (ended.desk.home / "request-keys").glob("*.key") for word in path.read_bytes().split()}
    gone = wrapped - present
    assert len(gone) == 1
    looked_for = [ended.key, ended.key.hex().encode(), *gone, bytes.fromhex(gone.pop().decode())]
    for path in (one for one in ended.desk.home.rglob("*") if one.is_file()):
        content = path.read_bytes()
        assert not any(one in content for one in looked_for), path.name


def test_the_accounting_still_answers_with_a_valid_proof(ended: Ended) -> None:
    name = SuppliedName(given_name=MARKERS[3], family_name=MARKERS[4])
    found = account_for_name(ended.desk.gate, name, role=AUDITOR, reason_code="audit")
    assert [entry.record["line_id"] for entry in found.entries] == [f"{MARKERS[0]}-0"]
    whole = account_for_request(ended.desk.gate, ended.request_id, role=AUDITOR, reason_code="audit")
    assert whole.root_recomputed_agrees
    assert whole.records == show_request(ended.desk.gate, ended.request_id).row.lines
    (entry,) = found.entries
    path = [bytes.fromhex(one) for one in entry.leaf_proof]
    leaf = leaf_hash(bytes.fromhex(entry.leaf))
    check_inclusion(entry.ordinal - 1, whole.records, leaf, path, bytes.fromhex(whole.root))
    with pytest.raises(PrivityError):
        check_inclusion(entry.ordinal, whole.records, leaf, path, bytes.fromhex(whole.root))


@pytest.mark.skipif(shutil.which("openssl") is None, reason="stock openssl is not installed")
def test_log_and_packages_still_verify_and_the_recipients_still_open(ended: Ended, tmp_path: Path) -> None:
    accounted = {ended.request_id: False, ended.other_id: True}
    place = bundle_of(ended.desk, tmp_path / "bundle", ended.packages, accounted)
    report = privity_verify.verify(place, ended.desk.home / "public" / "trust.json")
    assert report.verdict == "VALID", privity_verify.to_text(report, place)
    assert len([one for one in report.findings if one.check == "completeness"]) == 2
    opened = ended.desk.open_all(ended.packages[2])
    assert any(row.line_id.reveal() == f"{MARKERS[0]}-0" for row in opened.lines)


def test_the_certificate_says_what_happened_and_is_the_custodians(ended: Ended) -> None:
    done, files = ended.done, ended.done.certificate
    said = json.loads(files.document)
    assert said["covered"] == dict(done.covered)
    assert said["blobs"] == sum(said["covered"].values()) == len(ended.before)
    assert (said["request_id"], said["key_id"]) == (ended.request_id, done.key_id)
    assert said["backups_expire"] == done.backups_expire.isoformat()
    assert ended.key.hex() not in files.document.decode()
    verified = ended.desk.verifier.verify(
        files.document, files.signature, at=ended.desk.clock.now(), policies=(RESPONSE_SIGNING,)
    )
    assert RESPONSE_SIGNING in verified.policies
    refused(
        lambda: ended.desk.verifier.verify(files.document + b" ", files.signature, at=ended.desk.clock.now()),
        ErrorCode.SIGNATURE_INVALID,
    )
    assert files.entry == ended.desk.gate.log.entry(done.log_index)
    outcome = json.loads(files.entry)
    assert outcome["event"] == "REQUEST_DESTROYED"
    assert outcome["fields"]["key_id"] == done.key_id
    assert outcome["fields"]["blobs"] == done.blobs
    assert outcome["fields"]["finding"] == "destroyed"
    assert f"\n{said['checkpoint']['size']}\n" in files.proof.decode()
    assert not [marker for marker in MARKERS if marker in files.document.decode() + files.entry.decode()]


def test_afterwards_every_step_says_that_it_was_destroyed(ended: Ended) -> None:
    desk, request_id = ended.desk, ended.request_id
    for step in (
        lambda: review_request(desk.gate, request_id),
        lambda: desk.match(request_id),
        lambda: desk.approve(request_id),
        lambda: desk.deliver(request_id),
    ):
        assert "destroyed" in refused(step, ErrorCode.STATE_CONFLICT).message
    view = show_request(desk.gate, request_id)
    assert view.key_destroyed
    assert view.row.destroyed_at == ended.done.destroyed_at
    assert (dict(view.codes), view.findings, view.warnings) == ({}, (), ())
    rows = {row.request_id: row.destroyed_at for row in list_requests(desk.gate)}
    assert rows == {request_id: ended.done.destroyed_at, ended.other_id: None}
    again = desk.gate.keys.create_request_key
    refused(lambda: again(RequestId(request_id)), ErrorCode.STATE_CONFLICT)
    refused(lambda: desk.receive(ended.packages[0]), ErrorCode.STALE_OR_REPLAYED)


def test_the_database_takes_nothing_more_of_it_and_forgets_nothing(ended: Ended) -> None:
    connection = sqlite3.connect(ended.desk.folder.database)
    for statement in (
        f"INSERT INTO packages VALUES ('{ended.request_id}', 'sealed', x'00')",
        f"INSERT INTO line_chunks VALUES ('{ended.request_id}', 99, 1, 1, 'h', x'00')",
        f"INSERT INTO decision_chunks VALUES ('{ended.request_id}', 99, 'DONE', 's', 'h', 'h', x'00')",
        "DELETE FROM destructions",
        "UPDATE destructions SET destroyed_at = NULL, log_index = NULL",
        "UPDATE destructions SET backups_expire = '2020-01-01'",
    ):
        with pytest.raises(sqlite3.IntegrityError, match="privity: "):
            connection.execute(statement)
    connection.close()


def test_asked_again_it_certifies_the_same_destruction(ended: Ended) -> None:
    before = len(entries(ended.desk))
    again = destroy(ended.desk, ended.request_id)
    assert again.already_destroyed
    assert not ended.done.already_destroyed
    assert replace(again, certificate=ended.done.certificate, already_destroyed=False) == ended.done
    assert len(entries(ended.desk)) == before
    other_date = refused(lambda: destroy(ended.desk, ended.request_id, days=91), ErrorCode.STATE_CONFLICT)
    assert ended.done.backups_expire.isoformat() in other_date.message


# --- What it takes, and what stops it -------------------------------------------------------------------------------


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = fresh(tmp_path)
    yield made
    made.store.close()


def returned(desk: Desk) -> str:
    """A request that ended quickly: sent back whole, its notice delivered."""
    return desk.walk(desk.pack(desk.stage.second))[0].request_id


def untouched(desk: Desk, request_id: str) -> None:
    desk.gate.keys.request_storage(RequestId(request_id))
    assert not entries(desk, "REQUEST_DESTROYED")
    assert show_request(desk.gate, request_id).row.destroyed_at is None


@pytest.mark.parametrize("scope", list(HoldScope))
def test_a_hold_overrides(desk: Desk, scope: HoldScope) -> None:
    request_id = returned(desk)
    with desk.store.reading() as read:
        agreement, requester = read.requests()[0].agreement_id, read.requests()[0].requester
    add_to_class(desk.gate, "plaintiffs", ["P-1"])
    target = {
        HoldScope.EVERYTHING: "",
        HoldScope.AGREEMENT: agreement,
        HoldScope.REQUESTER: requester,
        HoldScope.REQUEST: request_id,
        HoldScope.CLASS: "plaintiffs",
    }[scope]
    hold = place_hold(desk.gate, scope, target, "litigation", "docket", role=COUNSEL).hold_id
    refused(lambda: destroy(desk, request_id), ErrorCode.ON_HOLD)
    assert not entries(desk, "DESTRUCTION_INTENDED")
    untouched(desk, request_id)
    lift_hold(desk.gate, hold, role=COUNSEL)
    assert destroy(desk, request_id).blobs > 0


def test_a_hold_that_comes_after_the_intent_still_saves_the_key(desk: Desk) -> None:
    request_id = returned(desk)

    def hold_now(_: str, done: int, __: int) -> None:
        if done == 1:
            place_hold(desk.gate, HoldScope.REQUEST, request_id, "litigation", "docket", role=COUNSEL)

    refused(lambda: destroy(desk, request_id, progress=hold_now), ErrorCode.ON_HOLD)
    assert len(entries(desk, "DESTRUCTION_INTENDED")) == 1
    untouched(desk, request_id)
    assert review_request(desk.gate, request_id).returned_whole  # what is held can still be read


def test_only_counsel_only_an_ended_request_only_a_day_to_come(desk: Desk) -> None:
    request_id = desk.receive(desk.pack(desk.stage.second)).request_id
    for role in set(CustodianRole) - {COUNSEL}:
        refused(lambda role=role: destroy(desk, request_id, role=role), ErrorCode.ROLE_FORBIDDEN)
    refused(lambda: destroy(desk, "R-unknown"), ErrorCode.NOT_FOUND)
    for step in (lambda: None, lambda: desk.approve_twice(request_id), lambda: desk.clock.advance(60)):
        step()
        refused(lambda: destroy(desk, request_id), ErrorCode.STATE_CONFLICT)
    desk.deliver(request_id)
    refused(lambda: destroy(desk, request_id, days=-1), ErrorCode.USAGE)
    untouched(desk, request_id)
    assert destroy(desk, request_id, days=0).key_id


def test_a_rejected_request_is_destroyed_too(desk: Desk) -> None:
    request_id = desk.receive(desk.pack(desk.stage.second)).request_id
    desk.approve(request_id, 0)
    desk.approve(request_id, 1, Verdict.REFUSE)
    done = destroy(desk, request_id)
    assert done.covered["packages"] == 1
    report = privity_verify.verify(desk.home / "log", desk.home / "public" / "trust.json")
    assert report.verdict == "VALID", privity_verify.to_text(report, desk.home / "log")


def test_a_frozen_home_destroys_nothing(desk: Desk, tmp_path: Path) -> None:
    request_id = returned(desk)
    shutil.copytree(desk.home, tmp_path / "copy")
    copy = Desk(tmp_path / "copy", desk.stage, desk.clock)
    assert freeze_if_copied(copy.gate, copy.folder)
    refused(lambda: destroy(copy, request_id), ErrorCode.HOME_FROZEN)
    untouched(copy, request_id)
    copy.store.close()


# --- Crashes --------------------------------------------------------------------------------------------------------


class PowerCutError(Exception):
    """As if the process had gone."""


@dataclass
class FailingKeys:
    """The real key store, except that destroying ends as told."""

    real: Any
    end: Callable[[Any, RequestId], None]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)

    def destroy_request_key(self, request_id: RequestId) -> None:
        self.end(self.real, request_id)


def cut_before(_: Any, __: RequestId) -> None:
    raise PowerCutError


def cut_after(real: Any, request_id: RequestId) -> None:
    real.destroy_request_key(request_id)
    raise PowerCutError


def cut_between(real: Any, request_id: RequestId) -> None:
    """The wrapped key is overwritten; the mark is not yet there."""
    place = real._request_file(request_id)
    place.write_bytes(b"\x7f" * place.stat().st_size)
    raise PowerCutError


@pytest.mark.parametrize(
    ("end", "finding"), [(cut_before, "destroyed"), (cut_between, "destroyed"), (cut_after, "found_destroyed")]
)
def test_cut_off_between_intent_and_outcome_it_goes_on(
    desk: Desk, end: Callable[[Any, RequestId], None], finding: str
) -> None:
    request_id = returned(desk)
    broken = replace(desk.gate, keys=FailingKeys(desk.keys, end))
    expire = desk.clock.now().date()
    with pytest.raises(PowerCutError):
        destroy_request(broken, request_id, backups_expire=expire)
    assert len(entries(desk, "DESTRUCTION_INTENDED")) == 1
    assert not entries(desk, "REQUEST_DESTROYED")  # nothing is claimed before it is found to be so
    assert show_request(replace(desk.gate, keys=desk.keys), request_id).row.destroyed_at is None
    done = destroy(desk, request_id, backups_expire=expire)
    assert [one["fields"]["finding"] for one in entries(desk, "REQUEST_DESTROYED")] == [finding]
    assert len(entries(desk, "DESTRUCTION_INTENDED")) == 1
    assert not done.already_destroyed
    ids = [request_id]
    assert not any(readers(one, keys_of(desk.home, ids), ids) for one in database_blobs(desk, request_id))
    assert privity_verify.verify(desk.home / "log", desk.home / "public" / "trust.json").verdict == "VALID"


def test_cut_off_at_each_durable_step_of_the_database_it_goes_on(tmp_path: Path) -> None:
    """At the n-th step, for every n: never an outcome while the key opens, and the next run completes."""
    made = fresh(tmp_path)
    request_id = returned(made)
    made.store.close()
    for count in range(1, 100):
        home = tmp_path / f"copy-{count}"
        shutil.copytree(made.home, home)
        left = [count]

        def reach(_: str, left: list[int] = left) -> None:
            left[0] -= 1
            if left[0] == 0:
                raise PowerCutError

        HomeFolder(home).bind()
        desk = Desk(home, made.stage, made.clock, reach=reach)
        expire = desk.clock.now().date()
        try:
            destroy(desk, request_id, backups_expire=expire)
            break
        except (PowerCutError, PrivityError):
            pass
        finally:
            desk.store.close()
        later = Desk(home, made.stage, made.clock)
        if entries(later, "REQUEST_DESTROYED"):
            refused(lambda later=later: later.keys.request_storage(RequestId(request_id)), ErrorCode.NOT_FOUND)
        destroy(later, request_id, backups_expire=expire)
        assert [len(entries(later, f"{e}")) for e in ("DESTRUCTION_INTENDED", "REQUEST_DESTROYED")] == [1, 1]
        refused(lambda later=later: later.keys.request_storage(RequestId(request_id)), ErrorCode.NOT_FOUND)
        later.store.close()
    assert count >= 8


def test_a_destruction_that_did_happen_is_recorded_in_spite_of_a_later_hold(desk: Desk) -> None:
    request_id = returned(desk)
    broken = replace(desk.gate, keys=FailingKeys(desk.keys, cut_after))
    expire = desk.clock.now().date()
    with pytest.raises(PowerCutError):
        destroy_request(broken, request_id, backups_expire=expire)
    place_hold(desk.gate, HoldScope.EVERYTHING, "", "litigation", "docket", role=COUNSEL)
    destroy(desk, request_id, backups_expire=expire)
    assert entries(desk, "REQUEST_DESTROYED")[0]["fields"]["finding"] == "found_destroyed"
    assert privity_verify.verify(desk.home / "log", desk.home / "public" / "trust.json").verdict == "VALID"


def test_a_key_store_that_only_says_so_is_not_believed(desk: Desk) -> None:
    request_id = returned(desk)
    lying = replace(desk.gate, keys=FailingKeys(desk.keys, lambda _, __: None))
    refused(
        lambda: destroy_request(lying, request_id, backups_expire=desk.clock.now().date()), ErrorCode.STORAGE_FAILED
    )
    untouched(desk, request_id)


def test_a_key_that_a_backup_brings_back_is_of_no_use_and_goes_again(desk: Desk) -> None:
    request_id = returned(desk)
    (place,) = (desk.home / "request-keys").glob("*.key")
    kept = place.read_bytes()
    destroy(desk, request_id)
    place.write_bytes(kept)
    key_id = desk.keys.request_key_id(RequestId(request_id))
    assert key_id == entries(desk, "REQUEST_DESTROYED")[0]["fields"]["key_id"]  # recognised by its id
    refused(lambda: review_request(desk.gate, request_id), ErrorCode.STATE_CONFLICT)
    refused(lambda: desk.deliver(request_id), ErrorCode.STATE_CONFLICT)
    assert not show_request(desk.gate, request_id).codes
    hold = place_hold(desk.gate, HoldScope.EVERYTHING, "", "litigation", "docket", role=COUNSEL).hold_id
    refused(lambda: destroy(desk, request_id), ErrorCode.ON_HOLD)
    lift_hold(desk.gate, hold, role=COUNSEL)
    assert destroy(desk, request_id).already_destroyed
    refused(lambda: desk.keys.request_storage(RequestId(request_id)), ErrorCode.NOT_FOUND)
    assert len(entries(desk, "REQUEST_DESTROYED")) == 1


# --- The door -------------------------------------------------------------------------------------------------------


def test_the_command_destroys_and_writes_what_openssl_verifies(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from privity.interfaces.cli import main

    request_id = returned(desk)
    out, day = tmp_path / "certificate", desk.clock.now().date().isoformat()
    words = ["retention", "destroy", request_id, "--home", str(desk.home), "--json", "--out", str(out)]
    assert main([*words, "--backups-expire", "soon"]) == 2
    untouched(desk, request_id)
    capsys.readouterr()
    assert main([*words, "--backups-expire", day]) == 0
    said = json.loads(capsys.readouterr().out)
    assert {path.name for path in out.iterdir()} == {"certificate.json", "certificate.p7s", "proof.txt", "entry.json"}
    document = json.loads((out / "certificate.json").read_bytes())
    assert said["key_id"] == document["key_id"]
    assert said["checkpoint_root"] == document["checkpoint"]["root"]
    assert main([*words, "--backups-expire", day]) == 2  # certificates are never overwritten
    capsys.readouterr()
    assert main(["request", "show", request_id, "--home", str(desk.home)]) == 0
    assert "destroyed" in capsys.readouterr().out
    assert main(["request", "list", "--home", str(desk.home), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["requests"][0]["destroyed_at"]
    if shutil.which("openssl") is None:
        pytest.skip("stock openssl is not installed: the certificate's signature was not checked by it")
    trust = json.loads((desk.home / "public" / "trust.json").read_bytes())
    (tmp_path / "anchors").write_text("".join([*trust["anchors"], *trust["intermediates"]]))
    command = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", out / "certificate.p7s", "-purpose"]
    command += ["any", "-content", out / "certificate.json", "-CAfile", tmp_path / "anchors", "-out", "/dev/null"]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    (out / "certificate.json").write_bytes(b" " + (out / "certificate.json").read_bytes())
    assert subprocess.run(command, capture_output=True, check=False).returncode != 0
