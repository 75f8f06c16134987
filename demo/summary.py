"""The last page: what happened in numbers (all from the commands), where the files lie, what to try next."""

from __future__ import annotations

from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from demo.walk import Walk


def show_summary(console: Console, walk: Walk, seconds: float) -> None:
    """Print the table, the files and the commands to try."""
    console.print()
    console.print(_numbers(walk, seconds))
    console.print(_times(walk))
    console.print(_files(walk))
    _next(console, walk)


def _numbers(walk: Walk, seconds: float) -> Table:
    results = walk.results
    table = Table(title="What happened", title_justify="left", box=box.SIMPLE_HEAD, title_style="bold")
    for column in ("", "first request", "second request"):
        table.add_column(column, justify="right" if column else "left")
    answers = (results["accounted"]["answers"], results["accounted_returned"]["answers"])
    arrived = (results["received"], results["returned_whole"])
    _row(table, "lines in", [one["lines"] for one in arrived])
    _row(table, "admitted", [0 if one["returned_whole"] else one["admitted"] for one in arrived])
    codes = sorted({code for one in arrived for code in one["codes"]})
    for code in codes:
        _row(table, f"  returned or referred: {code}", [one["codes"].get(code, 0) for one in arrived])
    for finding in results["returned_whole"]["findings"]:
        table.add_row("  returned whole", "", finding["code"])
    _row(table, "CONFIRMED", [one.get("CONFIRMED", 0) for one in answers])
    _row(table, "NO_CONFIRMATION", [one.get("NO_CONFIRMATION", 0) for one in answers])
    delivered = (results["delivered"], results["delivered_returned"])
    _row(table, "answers out", [one["lines"] for one in delivered])
    _row(table, "accounted", [results[name]["records"] for name in ("accounted", "accounted_returned")])
    _row(table, "response package, bytes", [one["size"] for one in delivered])
    table.add_section()
    table.add_row("register rows sealed", f"{results['register']['rows']:,}", "")
    log = results["log"]
    table.add_row("evidence log", f"{log['size']:,} entries, {log['files']} files, {log['bytes']:,} bytes", "")
    table.add_row("offline verdict", str(results["verified"]["verdict"]), "")
    table.add_row("all steps, seconds", f"{seconds:.1f}", "")
    return table


def _row(table: Table, name: str, values: list[int]) -> None:
    table.add_row(name, *(f"{value:,}" for value in values))


def _times(walk: Walk) -> Table:
    table = Table(
        title="Seconds by command",
        title_justify="left",
        box=box.SIMPLE_HEAD,
        title_style="bold",
    )
    table.caption = "(libraries loaded once; alone, each takes about a second to start)"
    table.caption_justify = "left"
    table.add_column("command")
    table.add_column("seconds", justify="right")
    for name, seconds in walk.privity.seconds.items():
        table.add_row(f"privity {name}", f"{seconds:.1f}")
    return table


def _files(walk: Walk) -> Table:
    folder = walk.stage.folder
    table = Table(title=f"Files in {folder}", title_justify="left", box=box.SIMPLE_HEAD, title_style="bold")
    table.add_column("file")
    table.add_column("what it is")
    lines = (
        (folder / "home", "the custodian's home: keys, state, blind index, log"),
        (folder / "home" / "public" / "trust.json", "what an outsider needs to verify"),
        (folder / "requester", "the requester's lines, headers, packages, the opened answer"),
        (folder / "outgoing", "the response packages"),
        (folder / "evidence", "log, packages and accounting for an auditor"),
        (folder / "pki", "the demonstration's authorities and people (unprotected keys: never use them elsewhere)"),
    )
    for path, meaning in lines:
        table.add_row(str(path.relative_to(folder)), meaning)
    return table


def _next(console: Console, walk: Walk) -> None:
    stage = walk.stage
    privity = Path(".venv/bin/privity")
    home = f"--home {stage.folder / 'home'}"
    person = _someone(stage.first.truth)
    refused, _ = stage.pki.disclosure_officers[:2]
    commands = (
        f"{privity} account person {person} {home} --reason subject_request",
        f"{privity} hold place everything --kind court_order --docket 'docket 25-1' {home}",
        f"{privity} release deliver {stage.first.id} --out /tmp/again {home}   # refused: on hold",
        f"{privity} evaluate --register {stage.extract} --requests {stage.first.lines} --truth {stage.first.truth}",
        f"printf x >> {walk.response} && {privity} verify {walk.response} {home}   # tampering is seen",
        f"{privity} release approve {stage.second.id} --key {refused.key} --cert {refused.chain} {home}",
    )
    console.print(Text("Try next, from the checkout:", style="bold"))
    for command in commands:
        console.print(Text("  " + command), soft_wrap=True)


def _someone(truth: Path) -> str:
    """A person reference that the register holds."""
    for row in truth.read_text(encoding="utf-8").splitlines()[1:]:
        reference = row.split(",")[1]
        if reference:
            return reference
    return "P0000001"
