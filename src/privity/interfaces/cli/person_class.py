"""`privity withhold class`: classes of persons that an order may name, declared by the register's references."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Annotated

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
)
from privity.interfaces.cli.presentation import Report, Sheet, as_data, as_facts, as_object

classes = group("class", "Classes of persons that an order may name: add, remove, list.")


@classes.command("add", epilog=example("privity withhold class add plaintiffs-25-677 references.txt"))
@door
def add_to_class(
    word: Annotated[str, typer.Argument(help="The class's word: it names nobody. It stands in the log.")],
    references: Annotated[Path, typer.Argument(metavar="FILE", help="The register's references, one a line.")],
    role: RoleOption = "counsel",
    home: HomeOption = None,
) -> Report:
    """Declare a class, or add persons to it. Only keyed digests are kept; nobody is looked up.

    To be of a class changes nothing until an order is placed on it: `privity hold place class WORD`.
    """
    from privity.bootstrap.wiring.custodian import open_gate
    from privity.services.holds.declare_class import add_to_class as add

    lines = _lines(references)
    data = as_object(add(open_gate(known_home(home)).gate, word, lines, role=custodian_role(role)))
    return Report(data, "Class changed.", as_facts(data))


@classes.command("remove", epilog=example("privity withhold class remove plaintiffs-25-677 references.txt"))
@door
def remove_from_class(
    word: Annotated[str, typer.Argument(help="The class's word.")],
    references: Annotated[Path, typer.Argument(metavar="FILE", help="The register's references, one a line.")],
    role: RoleOption = "counsel",
    home: HomeOption = None,
) -> Report:
    """Remove persons from a class. Warns where nobody is left and orders lie on it: they stay in force."""
    from privity.bootstrap.wiring.custodian import open_gate
    from privity.services.holds.declare_class import remove_from_class as remove

    lines = _lines(references)
    changed = remove(open_gate(known_home(home)).gate, word, lines, role=custodian_role(role))
    over = joined(changed.orders_over_nobody)
    notes = (f"Nobody is of this class now, and these orders stay in force over nobody: {over}",) if over else ()
    data = as_object(changed)
    return Report(data, "Class changed.", as_facts(data), notes=notes)


@classes.command("list", epilog=example("privity withhold class list"))
@door
def list_classes(home: HomeOption = None) -> Report:
    """List the declared classes and how many persons each has. No person can be read from it."""
    from privity.bootstrap.wiring.custodian import open_gate
    from privity.services.holds.declare_class import list_classes as listed

    rows = listed(open_gate(known_home(home)).gate)
    cells = [(row.word, row.members, row.declared_at) for row in rows]
    return Report({"classes": as_data(rows)}, sheets=[Sheet("Classes", ("word", "persons", "declared"), cells)])


def _lines(references: Path) -> list[str]:
    from privity.domain.errors import ErrorCode, PrivityError

    try:
        text = read_input(references, "FILE").decode("utf-8-sig")  # editors put a mark before the first person
    except UnicodeDecodeError:
        raise PrivityError(ErrorCode.FORMAT_INVALID, "the file of references is not UTF-8", "Save it so.") from None
    return list(io.StringIO(text, newline=None))  # no other character ends a line: it would cut a reference in two
