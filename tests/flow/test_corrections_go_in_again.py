"""What went back is corrected in one file and sent again: the round trip, at both desks and through the commands."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from demo.prepare import RequestFiles
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.mending import MEND
from privity.interfaces.cli.application import run
from privity.services.requester.correct_request import correct_request
from privity.wire.agreement_format import read_agreement
from privity.wire.corrections_format import COMMENTS, without_comments
from tests.builders.custodian_home import Desk, fresh
from tests.builders.referred_lines import with_addresses

BAD = {4: {"address_line1": "Failed to Provide", "address_line2": ""}, 9: {"postal_code": "90210"}}


def answered(folder: Path) -> tuple[Desk, RequestFiles, Path, Path]:
    """A request of which two lines went back: its files, the response package, the lines as packed."""
    desk = fresh(folder)
    lines = folder / "lines.csv"
    lines.write_bytes(with_addresses(desk.stage.first.lines, BAD))
    files = replace(desk.stage.first, lines=lines)
    received, delivered = desk.walk(desk.pack(files))
    assert received.codes == {"ADDRESS_INCONSISTENT": 1, "ADDRESS_PLACEHOLDER": 1}
    return desk, files, Path(delivered.path), lines


def sent_again(desk: Desk, files: RequestFiles, corrected: Path) -> object:
    """The corrected file under a header with an id of its own."""
    head = YAML(typ="safe", pure=True).load(files.header.read_text(encoding="utf-8"))
    header = corrected.with_name("again.yaml")
    with header.open("w", encoding="utf-8") as stream:
        YAML(typ="safe", pure=True).dump(head | {"request_id": f"{files.id}-2"}, stream)
    document = without_comments(corrected.read_bytes(), "csv")
    return desk.receive(desk.pack(replace(files, id=f"{files.id}-2", header=header), lines=document))


def rows_of(document: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(document.decode("utf-8"))))


def corrected(document: bytes, original: bytes) -> bytes:
    """The comment columns left where they are, the bad cells mended."""
    rows, sound = rows_of(document), {row["line_id"]: row for row in rows_of(original)}
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows({**row, **sound[row["line_id"]]} for row in rows)
    return out.getvalue().encode()


def test_the_round_trip_through_the_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    desk, files, package, lines = answered(tmp_path)
    holder = desk.stage.pki.holders[next(iter(desk.stage.pki.holders))]
    for one in desk.stage.pki.holders.values():
        if one.fingerprint == signer(desk, files):
            holder = one
    mine, corrections = tmp_path / "mine.csv", tmp_path / "corrections.csv"
    opening = ["response", "open", str(package), "--key", str(holder.key), "--cert", str(holder.certificate)]
    opening += ["--trust", str(desk.home / "public" / "trust.json"), "--out", str(mine), "--json"]
    assert run([*opening, "--lines", str(lines), "--corrections", str(corrections)]) == 0
    assert json.loads(capsys.readouterr().out)["corrections"] == str(corrections)
    rows = rows_of(corrections.read_bytes())
    assert [row["returned_code"] for row in rows] == ["ADDRESS_PLACEHOLDER", "ADDRESS_INCONSISTENT"]
    assert rows[0]["address_line1"] == "Failed to Provide"
    assert rows[0]["returned_mend"] == MEND[ErrorCode.ADDRESS_PLACEHOLDER]
    assert corrections.stat().st_mode & 0o777 == 0o600

    named = tmp_path / "named.csv"
    again = ["request", "correct", str(lines), "--answer", str(mine), "--out", str(named)]
    assert run([*again, "--agreement", str(desk.stage.agreement)]) == 0
    columns = {
        row["returned_code"]: (row["returned_column"], row["returned_because"]) for row in rows_of(named.read_bytes())
    }
    assert columns["ADDRESS_PLACEHOLDER"][0] == "address_line1"
    assert all(because for _, because in columns.values())

    lint = ["request", "lint", str(named), "--agreement", str(desk.stage.agreement), "--json"]
    capsys.readouterr()
    assert run(lint) == 1
    assert json.loads(capsys.readouterr().out)["returned"] == 2
    mended = tmp_path / "mended.csv"
    mended.write_bytes(corrected(named.read_bytes(), desk.stage.first.lines.read_bytes()))
    assert run(["request", "lint", str(mended), "--agreement", str(desk.stage.agreement)]) == 0
    received = sent_again(desk, files, mended)
    assert (received.state, received.admitted, received.returned) == ("ADMITTED", 2, 0)  # type: ignore[attr-defined]


def signer(desk: Desk, files: RequestFiles) -> str:
    from privity.wire.request_header import read_header

    return desk.stage.pki.holders[read_header(files.header.read_bytes()).office].fingerprint


def test_a_request_returned_whole_is_corrected_in_the_same_way(tmp_path: Path) -> None:
    desk = fresh(tmp_path)
    received, delivered = desk.walk(desk.pack(desk.stage.second))
    opened = desk.open_all(Path(delivered.path).read_bytes())
    answer = "ordinal,line_id,answer,code\n" + "".join(
        f"{one.ordinal},{one.line_id.reveal()},RETURNED,{one.code}\n" for one in opened.lines
    )
    agreement = read_agreement(desk.stage.agreement.read_bytes())
    lines = desk.stage.second.lines.read_bytes()
    made = correct_request(lines, "csv", answer.encode(), agreement, None, desk.clock.now())
    assert (made.lines, made.codes) == (received.lines, received.codes)
    assert without_comments(made.csv, "csv").decode().splitlines() == lines.decode().splitlines()


def refused(code: ErrorCode, *given: object) -> None:
    with pytest.raises(PrivityError) as raised:
        correct_request(*given, None, None, None)  # type: ignore[arg-type]
    assert raised.value.code is code


LINES = b"line_id,given_name,family_name,address_line1,city,state,postal_code,periods\nL-1,A,B,1 C St,D,TX,75201,2024\n"
HEAD = b"ordinal,line_id,answer,code\n"


def test_an_answer_to_other_lines_is_joined_to_none() -> None:
    refused(ErrorCode.FORMAT_INVALID, LINES, "csv", HEAD + b"1,L-2,RETURNED,NAME_INVALID\n")
    refused(ErrorCode.FORMAT_INVALID, LINES, "csv", HEAD + b"2,L-1,RETURNED,NAME_INVALID\n")
    refused(ErrorCode.FORMAT_INVALID, LINES, "csv", b"line_id,code\nL-1,NAME_INVALID\n")
    refused(ErrorCode.FORMAT_INVALID, LINES, "csv", HEAD + b"1,L-1,RETURNED,NO_SUCH_CODE\n")
    refused(ErrorCode.FORMAT_INVALID, LINES, "csv", HEAD + b"one,L-1,RETURNED,NAME_INVALID\n")
    refused(ErrorCode.USAGE, LINES, "csv", HEAD + b"1,L-1,CONFIRMED,\n")


def test_comment_columns_are_left_out_and_nothing_else() -> None:
    assert without_comments(LINES, "csv") is LINES
    made = correct_request(LINES, "csv", HEAD + b"1,L-1,RETURNED,NAME_INVALID\n", None, None, None)  # type: ignore[arg-type]
    assert made.csv.splitlines()[0].endswith(",".join(COMMENTS).encode())
    assert without_comments(made.csv, "csv") == LINES
    assert without_comments(b"\xef\xbb\xbf" + made.csv, "csv") == LINES
    assert without_comments(made.csv, "jsonl") is made.csv
    for broken in (made.csv.replace(b"1 C St", b"1 C St,x"), made.csv + b'"', made.csv + b"\xff"):
        with pytest.raises(PrivityError) as raised:
            without_comments(broken, "csv")
        assert raised.value.code is ErrorCode.FORMAT_INVALID
    value = LINES.replace(b"A,B", b"A,returned_code")  # a value, not a column
    assert without_comments(value, "csv") is value


def test_lines_of_other_formats_become_csv() -> None:
    line = {"line_id": "L-1", "full_name": "A B", "address": "1 C St, D TX 75201", "periods": ["2024", "2023"]}
    document = json.dumps(line).encode() + b"\n"
    made = correct_request(document, "jsonl", HEAD + b"1,L-1,RETURNED,NAME_INVALID\n", None, None, None)  # type: ignore[arg-type]
    (row,) = rows_of(made.csv)
    assert (row["full_name"], row["periods"], row["returned_code"]) == ("A B", "2024;2023", "NAME_INVALID")
