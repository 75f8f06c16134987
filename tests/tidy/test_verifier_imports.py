"""The verifier is another house (C10): one file, standard library and `cryptography` alone, no `assert`, no network.

Its own copies of the gate's closed lists must stay equal to the gate's; only this test may know both.
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import privity_verify
from privity.domain.audit_events import FIELDS, AuditEvent
from privity.wire import accounting_format, notice_manifest, package, package_manifest, response_format

SOURCE = Path(__file__).parents[2] / "src" / "privity_verify.py"
TREE = ast.parse(SOURCE.read_text(encoding="utf-8"))
FORBIDDEN = {"socket", "ssl", "http", "urllib", "ftplib", "smtplib", "xmlrpc", "pickle", "marshal", "ctypes", "zipfile"}


def imported() -> set[str]:
    """Top-level names of everything that the file imports, wherever the import stands."""
    found = set()
    for node in ast.walk(TREE):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            found.add(str(node.module).split(".")[0])
    return found


def test_it_imports_only_the_standard_library_and_cryptography() -> None:
    outside = imported() - set(sys.stdlib_module_names)
    assert outside == {"cryptography"}
    assert not imported() & FORBIDDEN


def test_it_does_not_load_the_gate_by_other_means() -> None:
    names = {node.id for node in ast.walk(TREE) if isinstance(node, ast.Name)}
    assert not names & {"__import__", "eval", "exec", "compile", "importlib", "runpy"}


def test_it_never_asserts() -> None:
    assert not [node.lineno for node in ast.walk(TREE) if isinstance(node, ast.Assert)]


def test_its_functions_stay_small() -> None:
    functions = [node for node in ast.walk(TREE) if isinstance(node, ast.FunctionDef)]
    assert max(int(node.end_lineno or 0) - node.lineno + 1 for node in functions) <= 60


def test_its_closed_list_of_events_is_the_gates() -> None:
    assert {event.value: FIELDS[event] for event in AuditEvent} == privity_verify.EVENTS
    assert set().union(*privity_verify.EVENTS.values()) >= privity_verify.NUMBERS | privity_verify.HASHES
    steps = {name for name, fields in privity_verify.EVENTS.items() if {"request_id", "agreement_id"} <= fields}
    assert steps == set(privity_verify.STEPS) | privity_verify.NOTICES


def test_its_formats_are_the_gates() -> None:
    assert privity_verify.ROW_BYTES == response_format.ROW_BYTES
    assert (privity_verify.PROOF_FILE, privity_verify.ENTRY_FILE) == package_manifest.UNHASHED
    assert privity_verify.AGREEMENT_SHAPE["id"].pattern == package_manifest.WORD.pattern
    assert privity_verify.REQUEST_ID.pattern == package_manifest.REQUEST_ID.pattern
    assert (privity_verify.PROOF_FILE, privity_verify.NOTICE_ENTRY_FILE) == notice_manifest.UNHASHED
    assert privity_verify.NOTICE_ID.pattern == notice_manifest.NOTICE_ID.pattern
    said = (
        notice_manifest.KEEP,
        notice_manifest.SEND_BACK,
        notice_manifest.SEND_BACK_OR_DESTROY,
        notice_manifest.LIFTED,
    )
    assert tuple(privity_verify.DEMANDS.values()) == said
    assert privity_verify.ACCOUNTING_SHAPE["format"].fullmatch(accounting_format.FORMAT)
    limits = package.Limits()
    assert limits.total_bytes <= privity_verify.MOST_PACKAGE_BYTES
    assert limits.files <= privity_verify.MOST_PACKAGE_FILES
    assert limits.manifest_bytes <= privity_verify.MOST_MANIFEST_BYTES
    assert limits.signature_bytes <= privity_verify.MOST_SIGNATURE_BYTES
