"""`privity agreement sign`, `add`, `list`, `show` as commands; a signature by stock OpenSSL is as good as ours."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.builders.finished_demo import FinishedDemo, finished_demo, privity


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> FinishedDemo:
    return finished_demo(tmp_path_factory)


def next_version(demo: FinishedDemo, folder: Path, number: int) -> Path:
    """The demonstration's agreement under another version number: recorded beside the first, used by nobody."""
    path = folder / f"agreement-{number}.yaml"
    path.write_bytes(demo.agreement.read_bytes().replace(b"\nversion: 1\n", f"\nversion: {number}\n".encode()))
    return path


def sign(demo: FinishedDemo, file: Path, person: str, out: Path) -> Path:
    key, chain = demo.person(person)
    done = privity("agreement", "sign", file, "--key", key, "--cert", chain, "--out", out, "--json")
    assert done.code == 0, done.err
    assert done.data["digest"]
    return out


def test_show_and_list_say_which_sides_signed_and_name_nobody(demo: FinishedDemo) -> None:
    shown = demo.run("agreement", "show", "tax-enforcement-2025", "--version", "1")
    assert [(one["side"], one["office"]) for one in shown.data["signatures"]] == [
        ("requester", "department-secretary"),
        ("custodian", "counsel"),
    ]
    assert {"side", "office", "signed_at", "recorded_at"} == set(shown.data["signatures"][0])
    listed = privity("agreement", "list", "--home", demo.home)
    assert "custodian, requester" in listed.out


def test_signing_needs_no_home_reads_the_document_and_overwrites_nothing(demo: FinishedDemo, tmp_path: Path) -> None:
    signature = sign(demo, demo.agreement, "counsel-1", tmp_path / "counsel.p7s")
    key, chain = demo.person("counsel-1")
    words = ("--key", key, "--cert", chain, "--out", signature, "--json")
    assert privity("agreement", "sign", demo.agreement, *words).error == "USAGE"
    (tmp_path / "no-agreement.yaml").write_text("format: something\n")
    again = ("--key", key, "--cert", chain, "--out", tmp_path / "x.p7s", "--json")
    assert privity("agreement", "sign", tmp_path / "no-agreement.yaml", *again).error == "AGREEMENT_INVALID"
    assert not (tmp_path / "x.p7s").exists()


def test_signatures_may_come_later_and_a_wrong_one_changes_nothing(demo: FinishedDemo, tmp_path: Path) -> None:
    second = next_version(demo, tmp_path, 2)
    first = demo.run("agreement", "add", second)
    assert (first.code, first.data["signed_by_both"]) == (0, False)
    of_version_one = sign(demo, demo.agreement, "counsel-1", tmp_path / "one.p7s")
    assert demo.run("agreement", "add", second, "--signature", of_version_one).error == "SIGNATURE_INVALID"
    officer = sign(demo, second, "disclosure-1", tmp_path / "officer.p7s")
    refused = demo.run("agreement", "add", second, "--signature", officer)
    assert (refused.code, refused.error) == (6, "SIGNER_UNAUTHORISED")
    (tmp_path / "hostile.p7s").write_bytes(b"\x30\x84\xff\xff\xff\xff" + b"\x30" * 1000)
    assert demo.run("agreement", "add", second, "--signature", tmp_path / "hostile.p7s").error == "SIGNATURE_INVALID"
    assert demo.run("agreement", "show", "tax-enforcement-2025", "--version", "2").data["signatures"] == []
    both = [sign(demo, second, name, tmp_path / f"{name}.p7s") for name in ("holder-enforcement-director", "counsel-1")]
    added = demo.run("agreement", "add", second, "--signature", both[0], "--signature", both[1])
    assert (added.data["signatures_added"], added.data["signed_by_both"]) == (2, True)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="stock openssl is not installed")
def test_a_partner_signs_with_stock_openssl(demo: FinishedDemo, tmp_path: Path) -> None:
    third = next_version(demo, tmp_path, 3)
    key, _ = demo.person("holder-department-secretary")
    authority = demo.folder / "pki" / "trust" / "intermediates" / "demonstration-requester-authority.pem"
    subprocess.run(
        [
            *(
                "openssl",
                "cms",
                "-sign",
                "-cades",
                "-binary",
                "-md",
                "sha256",
                "-in",
                third,
                "-signer",
                key.with_suffix(".pem"),
            ),
            *("-inkey", key, "-certfile", authority, "-outform", "DER", "-out", tmp_path / "openssl.p7s"),
        ],
        check=True,
        capture_output=True,
    )
    added = demo.run("agreement", "add", third, "--signature", tmp_path / "openssl.p7s")
    assert [one["side"] for one in added.data["signatures"]] == ["requester"]


def test_packing_says_whether_anybody_vouched_for_the_custodians_certificate(
    demo: FinishedDemo, tmp_path: Path
) -> None:
    key, chain = demo.person("holder-enforcement-director")
    words = (
        *("request", "pack", demo.few_lines(tmp_path), "--agreement", demo.agreement),
        *("--header", demo.header(tmp_path, "R-vouched"), "--signer-key", key, "--signer-cert", chain),
    )
    unverified = privity(*words, "--recipient-cert", demo.custodian, "--out", tmp_path / "a.zip")
    assert unverified.code == 0
    assert "not verified against an anchor" in unverified.out
    trusted = ("--trust", demo.trust, "--json")
    verified = privity(*words, "--recipient-cert", demo.custodian, *trusted, "--out", tmp_path / "b.zip")
    assert verified.data["recipient_verified"] is True
    another_use = privity(
        *words, "--recipient-cert", demo.person("counsel-1")[1], *trusted, "--out", tmp_path / "c.zip"
    )
    assert another_use.error == "CERTIFICATE_INVALID"
    own_officer = privity(
        *words, "--recipient-cert", demo.person("officer-001")[1], "--json", "--out", tmp_path / "d.zip"
    )
    assert own_officer.data["recipient_verified"] is False
    lists_alone = privity(
        *words, "--recipient-cert", demo.custodian, "--crl", key, "--json", "--out", tmp_path / "e.zip"
    )
    assert lists_alone.error == "USAGE"
    assert not (tmp_path / "c.zip").exists()
