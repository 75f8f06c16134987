"""Planted decoys in a whole walk: no trace where none is confirmed; where one is, nothing leaves until two decide."""

from __future__ import annotations

import csv
import io
import json
import re
import stat
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from demo.pki import Identity
from privity.adapters import primitives
from privity.adapters.duckdb_index import DuckDbIndexEngine
from privity.domain.answer import Answer, Decision
from privity.domain.decoys import ClearingFinding, DecoyKind
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.lifecycle import RequestState
from privity.domain.offices import CustodianRole
from privity.domain.personal import Personal
from privity.domain.request import AdmittedLine, RequestId
from privity.interfaces.cli.application import run
from privity.services.admission.show_request import show_request
from privity.services.agreements.record_offices import current_offices
from privity.services.answering import match_request as matching
from privity.services.answering.answer_lines import answer_lines
from privity.services.decoys import plant_decoys as planting
from privity.services.decoys.ask_decoys import decoys_to_ask
from privity.services.decoys.clear_decoy_stop import StopCleared, clear_decoy_stop, list_stops
from privity.services.decoys.decoy_truth import Extract
from privity.services.decoys.make_decoys import make_decoys
from privity.services.decoys.plant_decoys import DecoysPlanted, check_decoys, list_decoys, plant_decoys, remove_decoys
from privity.services.holds.place_hold import lift_hold, list_holds
from privity.services.register.activate_register import activate_register
from privity.services.response.build_response import build_content, roster_of
from privity.services.stored_lines import Sealer
from privity.wire.decoy_format import write_decoys
from privity.wire.request_format import read_lines
from tests.builders.custodian_home import Desk, fresh, signer_of
from tests.builders.every_key import by_force, keys_of

COUNT = 24


def derived(desk: Desk, count: int = COUNT) -> list[dict[str, str]]:
    return make_decoys(Extract(desk.stage.extract), count, seed=3, year=2025)


def plant(desk: Desk, rows: Sequence[dict[str, str]]) -> DecoysPlanted:
    return plant_decoys(desk.gate, list(read_lines(write_decoys(rows), "csv")))


def true_line(desk: Desk) -> dict[str, str]:
    """A line that the register confirms: planted, it is a decoy at fault; the matcher cannot know."""
    with desk.stage.extract.open(encoding="utf-8") as file:
        row = next(row for row in csv.DictReader(file) if not row["valid_to"])
    return {**row, "line_id": "t", "periods": "2025", "reason": "other"}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return fresh(tmp_path)


def received(desk: Desk) -> str:
    return desk.receive(desk.pack(desk.stage.first)).request_id


def events(desk: Desk) -> list[tuple[str, dict[str, object]]]:
    with desk.store.reading() as read:
        rows = [json.loads(row) for row in read.log_rows(0, 10_000)]
    return [(row["event"], row["fields"]) for row in rows]


def unsigned(desk: Desk, request_id: str) -> bytes:
    """What officers sign, without the salt."""
    with desk.store.reading() as read:
        request = read.request(RequestId(request_id))
        assert request is not None
        sealer = Sealer(request.request_id, desk.gate.keys.request_storage(request.request_id))
        roster = roster_of(current_offices(read, desk.gate.keys))
        return build_content(read, sealer, request, sealer.open_file(request), roster).unsigned


def test_derived_decoys_are_of_every_kind_and_none_of_them_is_in_the_extract(desk: Desk) -> None:
    rows = derived(desk)
    assert len(rows) == COUNT
    assert {row["reason"] for row in rows} == {kind.value for kind in DecoyKind} - {"other"}
    assert rows == derived(desk), "the seed derives the same lines"
    with desk.stage.extract.open(encoding="utf-8") as file:
        known = {
            (r["given_name"], r["family_name"], r["address_line1"], r["address_line2"]) for r in csv.DictReader(file)
        }
    told = [(r["given_name"], r["family_name"], r["address_line1"], r["address_line2"]) for r in rows]
    for row, one in zip(rows, told, strict=True):
        assert (one in known) == (row["reason"] == "wrong_period")


def test_decoys_leave_no_trace_in_the_answer_the_accounting_or_the_log(tmp_path: Path) -> None:
    """C2: the same request in two equal homes, with and without decoys, on one matcher."""
    without, guarded = fresh(tmp_path / "a"), fresh(tmp_path / "b")
    package = without.pack(without.stage.first)
    assert plant(guarded, derived(guarded)).planted == COUNT
    seen = {}
    for desk in (without, guarded):
        request_id = desk.receive(package).request_id
        matched = desk.match(request_id)
        assert matched.decoys_asked == (COUNT if desk is guarded else 0)
        content = unsigned(desk, request_id)
        desk.approve_twice(request_id)
        desk.clock.advance(60)
        delivered = desk.deliver(request_id)
        package_out = Path(delivered.path).read_bytes()
        opened = desk.open_all(package_out)
        with zipfile.ZipFile(io.BytesIO(package_out)) as container:
            files = [one.filename for one in container.infolist()]
            parts = [one.file_size for one in container.infolist() if one.filename.startswith("parts/")]
        with desk.store.reading() as read:
            records = len(list(read.accounting(RequestId(request_id))))
            stored = read.request(RequestId(request_id))
            chunks = [read.decision_chunk(RequestId(request_id), n) for n in range(stored.chunks)] if stored else []
        told = [event for event, _ in events(desk) if event != "DECOYS_CHANGED"]
        sizes = (files, parts, delivered.lines, [len(chunk.sealed) for chunk in chunks])
        answers = [(line.ordinal, line.answer, line.code) for line in opened.lines]
        seen[desk.home] = (content, records, told, sizes, answers)
    first, second = seen.values()
    assert first == second
    assert ("DECOYS_CHANGED", {"change": "planted"}) in events(guarded)


def confirming(decoys: int) -> matching.AnswerLines:
    """The real matcher, with a mistake: the first `decoys` lines that name no officer are confirmed."""

    def answer(lines: Sequence[AdmittedLine], *rest: object) -> list[Decision]:
        wrong = [place for place, line in enumerate(lines) if not line.officer][:decoys]
        decisions = answer_lines(lines, *rest)  # type: ignore[arg-type]
        for place in wrong:
            found = decisions[place]
            decisions[place] = Decision(found.ordinal, Answer.CONFIRMED, "exact", 1, 0, "", Personal(b"p" * 16))
        return decisions

    return answer


def stopped(desk: Desk, request_id: str, **options: object) -> PrivityError:
    with pytest.raises(PrivityError) as problem:
        desk.match(request_id, **options)
    return problem.value


def clear(
    desk: Desk, request_id: str, who: Identity, finding: ClearingFinding | str = "register_corrected"
) -> StopCleared:
    return clear_decoy_stop(desk.gate, request_id, str(finding), signer_of(who))


def test_a_confirmed_decoy_stops_the_run_and_the_log_shows_a_hold_like_any_other(desk: Desk) -> None:
    plant(desk, derived(desk))
    request_id = received(desk)
    problem = stopped(desk, request_id, answer=confirming(1))
    assert problem.code is ErrorCode.DECOY_CONFIRMED
    with desk.store.reading() as read:
        request = read.request(RequestId(request_id))
        assert request is not None
        assert (request.state, request.content_sha256, request.snapshot_id) == (RequestState.ADMITTED, "", "")
        assert not read.decided_chunks(RequestId(request_id)), "the run's answers are gone"
    [stop] = list_stops(desk.gate)
    assert [(kind, level) for _, kind, level in stop.confirmed] == [(stop.confirmed[0][1], "exact")]
    event, fields = events(desk)[-1]
    assert (event, fields) == (
        "HOLD_PLACED",
        {"hold_id": stop.hold_id, "scope": "request", "target": request_id, "kind": "incident"},
    )
    assert "decoy" not in json.dumps([one for one in events(desk) if one[0] != "DECOYS_CHANGED"]).lower()
    with pytest.raises(PrivityError):
        desk.approve(request_id)
    with pytest.raises(PrivityError):
        desk.deliver(request_id)
    assert not desk.out.exists()


def test_nothing_but_two_officers_and_another_register_brings_the_request_on(desk: Desk) -> None:
    plant(desk, derived(desk))
    request_id = received(desk)
    stopped(desk, request_id, answer=confirming(2))
    assert stopped(desk, request_id).code is ErrorCode.DECOY_CONFIRMED
    [hold] = list_holds(desk.gate)
    lift_hold(desk.gate, hold.hold_id)  # counsel alone does not clear it
    again = Desk(desk.home, desk.stage)  # nor does another process
    assert stopped(again, request_id).code is ErrorCode.DECOY_CONFIRMED

    counsel, officers = desk.stage.pki.counsel, desk.stage.pki.disclosure_officers
    assert not clear(desk, request_id, officers[0]).cleared
    for problem, who, finding in (
        (ErrorCode.SAME_PERSON, officers[0], "register_corrected"),
        (ErrorCode.ROLE_FORBIDDEN, officers[1], "register_corrected"),  # two disclosure officers: no counsel
        (ErrorCode.STATE_CONFLICT, counsel, "decoy_was_true"),  # another finding
        (ErrorCode.USAGE, counsel, "never_mind"),
        (ErrorCode.ROLE_FORBIDDEN, desk.stage.pki.registrar, "register_corrected"),
    ):
        with pytest.raises(PrivityError) as refused:
            clear(desk, request_id, who, finding)
        assert refused.value.code is problem
    assert stopped(desk, request_id).code is ErrorCode.DECOY_CONFIRMED
    cleared = clear(desk, request_id, counsel)
    assert (cleared.cleared, cleared.signatures) == (True, 2)
    same = stopped(desk, request_id)
    assert (same.code, "the same register" in same.message) == (ErrorCode.DECOY_CONFIRMED, True)

    activate_register(desk.gate, desk.stage.extract, desk.home / "register", DuckDbIndexEngine(), processes=1)
    matched = desk.match(request_id)
    assert matched.decoys_asked == COUNT
    desk.approve_twice(request_id)
    desk.clock.advance(60)
    assert desk.deliver(request_id).lines == matched.lines
    assert list_stops(desk.gate)[0].cleared_at is not None


def test_another_software_may_match_the_same_register_after_the_decision(desk: Desk) -> None:
    plant(desk, derived(desk, 4))
    request_id = received(desk)
    stopped(desk, request_id, answer=confirming(1))
    clear(desk, request_id, desk.stage.pki.counsel, ClearingFinding.SOFTWARE_CORRECTED)
    assert clear(desk, request_id, desk.stage.pki.disclosure_officers[0], "software_corrected").cleared
    assert list_holds(desk.gate)[0].in_force is False, "the hold goes with the decision"
    desk.gate = replace(desk.gate, software="privity corrected")
    assert desk.match(request_id).state == "AWAITING_REVIEW"
    started = [fields for event, fields in events(desk) if event == "MATCHING_STARTED"]
    assert len(started) == 2, "the run started anew, on record"


def test_a_decoy_that_became_true_stops_too_and_a_check_retires_it(desk: Desk) -> None:
    plant(desk, [true_line(desk), *derived(desk, 3)])
    request_id = received(desk)
    assert stopped(desk, request_id).code is ErrorCode.DECOY_CONFIRMED  # the real matcher confirms what is true
    [stop] = list_stops(desk.gate)
    checked = check_decoys(desk.gate, desk.stage.extract, snapshot_id="snap")
    assert (checked.checked, checked.retired, checked.active) == (4, (stop.confirmed[0][0],), 3)
    gone = next(row for row in list_decoys(desk.gate) if row.decoy_id == stop.confirmed[0][0])
    assert gone.retired_reason == "may_be_true"
    with desk.store.reading() as read:
        assert [one.sealed for one in read.decoys() if one.retired_at] == [b""]
        assert len(decoys_to_ask(desk.gate, read).asked) == 3


def test_a_resumed_run_asks_every_decoy_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(desk, derived(desk))
    request_id = received(desk)

    def interrupted(*_: object) -> str:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(matching, "_finish", interrupted)
        with pytest.raises(KeyboardInterrupt):
            desk.match(request_id)
    with desk.store.reading() as read:
        assert read.decided_chunks(RequestId(request_id)), "every answer is kept, the content is not yet fixed"
    asked: list[int] = []

    def counting(lines: Sequence[AdmittedLine], *rest: object) -> list[Decision]:
        asked.append(len(lines))
        return answer_lines(lines, *rest)  # type: ignore[arg-type]

    assert desk.match(request_id, answer=counting).state == "AWAITING_REVIEW"
    assert asked == [COUNT]


def test_only_the_registrar_plants_and_only_what_can_be_asked(desk: Desk) -> None:
    rows = derived(desk, 2)
    for act in (
        lambda: plant_decoys(desk.gate, [], role=CustodianRole.DISCLOSURE_OFFICER),
        lambda: list_decoys(desk.gate, role=CustodianRole.COUNSEL),
        lambda: remove_decoys(desk.gate, [], role=CustodianRole.AUDITOR),
        lambda: check_decoys(desk.gate, desk.stage.extract, role=CustodianRole.COUNSEL),
        lambda: list_stops(desk.gate, role=CustodianRole.REGISTRAR),
    ):
        with pytest.raises(PrivityError) as refused:
            act()
        assert refused.value.code is ErrorCode.ROLE_FORBIDDEN
    bad = {**rows[0], "address_line1": "Unknown Address", "line_id": "x"}
    planted = plant(desk, [*rows, bad])
    assert (planted.planted, [one.row for one in planted.refused]) == (2, [3])
    with pytest.raises(PrivityError) as refused:
        plant(desk, [{**rows[0], "reason": "because"}])
    assert refused.value.code is ErrorCode.FORMAT_INVALID
    ids = [row.decoy_id for row in list_decoys(desk.gate)]
    assert remove_decoys(desk.gate, ids).active == 0
    with pytest.raises(PrivityError) as refused:
        remove_decoys(desk.gate, ids[:1])
    assert refused.value.code is ErrorCode.NOT_FOUND
    assert desk.match(received(desk)).decoys_asked == 0


def test_nothing_a_decoy_says_lies_readable_in_the_home(desk: Desk) -> None:
    rows = [{**row, "family_name": "Qvrtlmarker"} for row in derived(desk, 4)]
    plant(desk, rows)
    stopped(desk, received(desk), answer=confirming(1))
    for path in desk.home.rglob("*"):
        if path.is_file():
            assert b"qvrtlmarker" not in path.read_bytes().lower(), path.name
    said = io.StringIO()
    print(list_stops(desk.gate), list_decoys(desk.gate), list_holds(desk.gate), file=said)
    assert "qvrtlmarker" not in said.getvalue().lower()


def test_planting_looks_nothing_up(desk: Desk) -> None:
    """C1: no door by which somebody could ask the register without a request. It works where no register is."""
    rows = [true_line(desk), *derived(desk, 2)]
    (desk.home / "register").rename(desk.home.parent / "register-away")
    assert plant(desk, rows).planted == 3, "what is planted is taken as it is, true or not"
    rooms = ("plant_decoys", "decoy_truth", "make_decoys", "clear_decoy_stop")
    for room in rooms:
        source = (Path(matching.__file__).parents[1] / "decoys" / f"{room}.py").read_text(encoding="utf-8")
        forbidden = r"from privity\.(matching|normalise|ports\.register_index|services\.(answering|register))"
        assert not re.search(forbidden, source)


def test_officers_see_that_a_request_was_stopped(desk: Desk) -> None:
    plant(desk, derived(desk, 2))
    request_id = received(desk)
    assert show_request(desk.gate, request_id).row.stopped_by_decoy is False
    stopped(desk, request_id, answer=confirming(1))
    shown = show_request(desk.gate, request_id).row
    assert (shown.state, shown.on_hold, shown.stopped_by_decoy) == ("ADMITTED", True, True)


def test_the_commands_walk_the_procedure(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """docs/procedures/decoys.md by the commands: make, plant, list, check, stop, clear by two, remove."""
    staged, out = desk.stage, desk.home.parent / "decoys.csv"
    home = ["--home", str(desk.home), "--json"]

    def told(*words: object, code: int = 0) -> dict[str, Any]:
        assert run([*map(str, words)]) == code
        found: dict[str, Any] = json.loads(capsys.readouterr().out)
        return found

    made = told("register", "decoys", "make", staged.extract, "--count", 8, "--seed", 5, "--out", out, "--json")
    assert (made["made"], stat.S_IMODE(out.stat().st_mode)) == (8, 0o600)
    assert told("register", "decoys", "plant", out, *home)["planted"] == 8
    listed = told("register", "decoys", "list", *home)
    assert (listed["active"], listed["due_for_check"]) == (8, 0)
    checked = told("register", "decoys", "check", staged.extract, *home)
    assert (checked["checked"], checked["retired"]) == (8, [])

    plant(desk, [true_line(desk)])
    request_id = received(desk)
    assert told("request", "match", request_id, *home, code=5)["error"]["code"] == "DECOY_CONFIRMED"
    [stop] = told("register", "decoys", "stops", *home)["stops"]
    [[decoy, kind, level]] = stop["confirmed"]
    assert (kind, level) == ("other", "exact")
    assert told("register", "decoys", "check", staged.extract, *home)["retired"] == [decoy]
    for who, signatures in ((staged.pki.counsel, 1), (staged.pki.disclosure_officers[0], 2)):
        words = ["register", "decoys", "clear", request_id, "--finding", "decoy_was_true"]
        signed = told(*words, "--key", who.key, "--cert", who.chain, *home)
        assert (signed["signatures"], signed["cleared"]) == (signatures, signatures == 2)
    assert told("request", "match", request_id, *home, code=5)["error"]["code"] == "DECOY_CONFIRMED"
    told("register", "build", staged.extract, *home)
    matched = told("request", "match", request_id, *home)
    assert (matched["state"], matched["decoys_asked"]) == ("AWAITING_REVIEW", 8)
    assert told("register", "decoys", "remove", listed["decoys"][0]["decoy_id"], *home)["active"] == 7


def said_by(desk: Desk, sealed: bytes, decoy_id: str) -> set[str]:
    """Names of the keys of the whole home that read a decoy's bytes, by force where need be."""
    names = [f"decoy {decoy_id}"]
    keys = keys_of(desk.home, names)
    keys["decoy storage"] = primitives.derive_key(keys["index-person"], b"privity decoys", b"")
    return {name for name, key in keys.items() if b'"line_id"' in by_force(key, sealed)}


def test_a_retired_decoy_is_unreadable_wherever_its_bytes_still_lie(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Free pages, the write-ahead log, a copy of the database: they are under a key that is gone (C9)."""
    plant(desk, derived(desk, 4))
    with desk.store.reading() as read:
        kept = {one.decoy_id: one.sealed for one in read.decoys()}
    first, second, third, last = kept
    assert said_by(desk, kept[first], first) == {f"key of decoy {first}"}, "the test sees what can be read"
    remove_decoys(desk.gate, [first])
    assert said_by(desk, kept[first], first) == set()

    with monkeypatch.context() as patched:  # killed after the database knows, before the key is gone
        patched.setattr(planting, "_destroy_keys", lambda _gate: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            remove_decoys(desk.gate, [second])
    assert said_by(desk, kept[second], second)
    remove_decoys(desk.gate, [third])
    assert [said_by(desk, kept[one], one) for one in (second, third)] == [set(), set()]
    assert said_by(desk, kept[last], last)
    with desk.store.reading() as read:
        assert len(decoys_to_ask(desk.gate, read).asked) == 1


def test_a_decoy_whose_key_is_lost_stops_the_run_and_can_be_removed(desk: Desk) -> None:
    plant(desk, derived(desk, 2))
    request_id = received(desk)
    lost, other = (row.decoy_id for row in list_decoys(desk.gate))
    desk.gate.keys.destroy_decoy_key(lost)
    with pytest.raises(PrivityError) as problem:
        desk.match(request_id)
    assert problem.value.code is ErrorCode.DECRYPTION_FAILED
    assert "remove" in problem.value.mend
    remove_decoys(desk.gate, [lost])
    assert desk.match(request_id).decoys_asked == 1
    assert [row.decoy_id for row in list_decoys(desk.gate) if row.retired_at is None] == [other]


def test_decoys_do_not_change_while_a_run_asks_them(desk: Desk) -> None:
    plant(desk, derived(desk, 2))
    before = list_decoys(desk.gate)
    with desk.gate.locks.work():
        for act in (
            lambda: remove_decoys(desk.gate, [before[0].decoy_id]),
            lambda: plant(desk, derived(desk, 1)),
            lambda: check_decoys(desk.gate, desk.stage.extract),
        ):
            with pytest.raises(PrivityError) as problem:
                act()
            assert problem.value.code is ErrorCode.HOME_BUSY
    assert list_decoys(desk.gate) == before


def test_decoys_planted_before_they_had_keys_of_their_own_are_still_asked(desk: Desk) -> None:
    plant(desk, derived(desk, 2))
    with desk.store.reading() as read:
        one = read.decoys()[0]
    said = desk.gate.keys.decoy_key(one.decoy_id).open(one.sealed, f"decoy/{one.decoy_id}".encode())
    other = replace(one, decoy_id="00ff00ff00ff00ff")
    older = desk.gate.keys.decoy_storage().seal(said, f"decoy/{other.decoy_id}".encode())
    with desk.store.writing() as write:
        write.add_decoy(replace(other, sealed=older))
    with desk.store.reading() as read:
        assert len(decoys_to_ask(desk.gate, read).asked) == 3
