"""Bad input at the door: each ends in a clear error with its codes, or in returned lines, and nothing is lost."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from tests.builders.finished_demo import Ended, FinishedDemo, finished_demo, now, privity, started_privity


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> FinishedDemo:
    return finished_demo(tmp_path_factory)


def need_clear(ended: Ended, code: str, exit_code: int) -> None:
    """One sentence, one mend sentence, the right codes, no traceback."""
    assert (ended.error, ended.code) == (code, exit_code), ended.out + ended.err
    assert ended.err.splitlines()[-1].startswith(f"error {code}: ")
    assert "Mend: " in ended.err
    assert "Traceback" not in ended.err


def states(demo: FinishedDemo) -> dict[str, str]:
    return {row["request_id"]: row["state"] for row in demo.run("request", "list").data["requests"]}


# Packages


def test_an_empty_package(demo: FinishedDemo, tmp_path: Path) -> None:
    package = tmp_path / "empty.zip"
    package.write_bytes(b"")
    need_clear(demo.run("request", "receive", package), "PACKAGE_INVALID", 4)


def test_a_gigabyte_of_zeros_in_a_zip_is_refused_in_little_memory(demo: FinishedDemo, tmp_path: Path) -> None:
    package = tmp_path / "bomb.zip"
    with (
        zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as bomb,
        bomb.open("manifest.json", "w") as stream,
    ):
        for _ in range(1024):
            stream.write(bytes(1024 * 1024))
    process = started_privity("request", "receive", package, "--home", demo.home, "--json")
    assert process.stdout is not None
    assert process.stderr is not None
    out, err = process.stdout.read(), process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    need_clear(Ended(process.returncode, out, err), "PACKAGE_INVALID", 4)
    assert used.ru_maxrss < 600_000, "kilobytes"


def test_a_truncated_package(demo: FinishedDemo, tmp_path: Path) -> None:
    whole = demo.request("A", "").read_bytes()
    for size in (1, len(whole) // 2, len(whole) - 1):
        package = tmp_path / f"{size}.zip"
        package.write_bytes(whole[:size])
        need_clear(demo.run("request", "receive", package), "PACKAGE_INVALID", 4)


@pytest.mark.parametrize("extra", [True, False])
def test_a_package_zipped_again(demo: FinishedDemo, tmp_path: Path, extra: bool) -> None:
    """With an extra file, and even with the same files: a container has one byte form."""
    package = tmp_path / "again.zip"
    with zipfile.ZipFile(demo.request("A", "")) as old, zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        if extra:
            new.writestr("parts/extra.p7m", b"unnamed")
    need_clear(demo.run("request", "receive", package), "PACKAGE_INVALID", 4)


def test_a_changed_byte(demo: FinishedDemo, tmp_path: Path) -> None:
    changed = bytearray(demo.request("A", "").read_bytes())
    changed[len(changed) // 2] ^= 1
    package = tmp_path / "changed.zip"
    package.write_bytes(changed)
    need_clear(demo.run("request", "receive", package), "PACKAGE_INVALID", 4)


def test_a_replayed_package_is_refused_and_nothing_changes(demo: FinishedDemo) -> None:
    before = states(demo)
    need_clear(demo.run("request", "receive", demo.request("A", "")), "STALE_OR_REPLAYED", 1)
    assert states(demo) == before


def test_a_package_that_does_not_exist(demo: FinishedDemo, tmp_path: Path) -> None:
    need_clear(demo.run("request", "receive", tmp_path / "nowhere.zip"), "NOT_FOUND", 4)


# Keys, certificates, offices


def pack_with(demo: FinishedDemo, folder: Path, key: Path, chain: Path, recipient: Path) -> Ended:
    return privity(
        *("request", "pack", demo.few_lines(folder), "--agreement", demo.agreement),
        *("--header", demo.header(folder, "R-wrong"), "--signer-key", key, "--signer-cert", chain),
        *("--recipient-cert", recipient, "--out", folder / "wrong.zip", "--json"),
    )


def test_a_key_that_is_not_the_certificates(demo: FinishedDemo, tmp_path: Path) -> None:
    key, _ = demo.person("holder-department-secretary")
    _, chain = demo.person("holder-enforcement-director")
    ended = pack_with(demo, tmp_path, key, chain, demo.custodian)
    assert ended.code == 6
    assert ended.error in {"KEY_INVALID", "CERTIFICATE_INVALID"}
    assert not (tmp_path / "wrong.zip").exists()


def test_a_request_encrypted_to_another_recipient(demo: FinishedDemo, tmp_path: Path) -> None:
    key, chain = demo.person("holder-enforcement-director")
    other = demo.folder / "pki" / "people" / "officer-001.pem"
    assert pack_with(demo, tmp_path, key, chain, other).code == 0
    need_clear(demo.run("request", "receive", tmp_path / "wrong.zip"), "DECRYPTION_FAILED", 6)


def open_response(demo: FinishedDemo, name: str, out: Path, package: Path | None = None) -> Ended:
    key, _ = demo.person(name)
    certificate = demo.folder / "pki" / "people" / f"{name}.pem"
    return privity(
        *("response", "open", package or demo.response("A"), "--key", key, "--cert", certificate),
        *("--trust", demo.trust, "--out", out, "--json"),
    )


def test_a_response_opened_by_someone_it_does_not_name(demo: FinishedDemo, tmp_path: Path) -> None:
    out = tmp_path / "mine.csv"
    need_clear(open_response(demo, "disclosure-1", out), "RECEIVER_UNLISTED", 1)
    assert not out.exists()


def test_a_changed_response_is_not_written(demo: FinishedDemo, tmp_path: Path) -> None:
    changed = bytearray(demo.response("A").read_bytes())
    changed[len(changed) // 2] ^= 1
    package, out = tmp_path / "changed.zip", tmp_path / "mine.csv"
    package.write_bytes(changed)
    ended = open_response(demo, "officer-001", out, package)
    assert ended.code in {1, 4, 6}
    assert not out.exists()


def test_an_expired_certificate(demo: FinishedDemo, tmp_path: Path) -> None:
    demo.signer("expired-holder", at=now() - timedelta(days=40), days=20)
    package = demo.pack(tmp_path, "R-expired", signer="expired-holder")
    need_clear(demo.run("request", "receive", package), "CERTIFICATE_INVALID", 6)


def test_a_revoked_certificate(demo: FinishedDemo, tmp_path: Path) -> None:
    identity = demo.signer("revoked-holder", at=now(), days=100)
    package = demo.pack(tmp_path, "R-revoked", signer="revoked-holder")
    authority = demo.authority("requester")
    authority.revoke(x509.load_pem_x509_certificate(identity.certificate.read_bytes()), at=now() - timedelta(hours=1))
    newer = tmp_path / "newer.crl"
    newer.write_bytes(authority.revocation_list(at=now()).public_bytes(Encoding.PEM))
    assert demo.run("trust", "add", "--crl", newer).code == 0
    need_clear(demo.run("request", "receive", package), "CERTIFICATE_INVALID", 6)


def test_a_revocation_list_is_never_replaced_by_an_older_one(demo: FinishedDemo, tmp_path: Path) -> None:
    older = tmp_path / "older.crl"
    listing = demo.authority("custodian").revocation_list(at=now() - timedelta(days=9))
    older.write_bytes(listing.public_bytes(Encoding.PEM))
    need_clear(demo.run("trust", "add", "--crl", older), "STATE_CONFLICT", 5)


def test_a_valid_signature_by_a_person_who_does_not_hold_the_office(demo: FinishedDemo, tmp_path: Path) -> None:
    demo.signer("former-holder", at=now(), days=100)
    package = demo.pack(tmp_path, "R-former", signer="former-holder")
    ended = demo.run("request", "receive", package)
    assert ended.code == 1
    assert ended.data["returned_whole"] is True
    assert "SIGNER_UNAUTHORISED" in {finding["code"] for finding in ended.data["findings"]}
    assert ended.data["admitted"] == 0


def test_an_unknown_agreement(demo: FinishedDemo, tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    other.write_text(demo.agreement.read_text(encoding="utf-8").replace("id: tax-enforcement-2025", "id: other-2025"))
    header = demo.header(tmp_path, "R-unknown", agreement_id="other-2025", agreement_digest="''")
    key, chain = demo.person("holder-enforcement-director")
    out = tmp_path / "unknown.zip"
    packed = privity(
        *("request", "pack", demo.few_lines(tmp_path), "--agreement", other, "--header", header),
        *("--signer-key", key, "--signer-cert", chain, "--recipient-cert", demo.custodian, "--out", out),
    )
    assert packed.code == 0, packed.err
    need_clear(demo.run("request", "receive", out), "AGREEMENT_NOT_IN_FORCE", 1)


# Files of lines


def lint(demo: FinishedDemo, path: Path) -> Ended:
    return privity("request", "lint", path, "--agreement", demo.agreement, "--json")


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda text: b"\xef\xbb\xbf" + text.encode(), id="byte order mark"),
        pytest.param(lambda text: text.replace("\n", "\r\n").encode(), id="CRLF"),
        pytest.param(lambda text: text.rstrip("\n").encode(), id="no last line end"),
    ],
)
def test_lines_that_may_look_different(demo: FinishedDemo, tmp_path: Path, change: Callable[[str], bytes]) -> None:
    path = demo.few_lines(tmp_path)
    path.write_bytes(change(path.read_text(encoding="utf-8")))
    ended = lint(demo, path)
    assert (ended.code, ended.data["returned"], ended.data["lines"]) == (0, 0, 5)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param(lambda text: text.encode("utf-16"), "UTF-16", id="UTF-16"),
        pytest.param(lambda _: b"", "empty", id="empty"),
        pytest.param(lambda text: text.split("\n")[0].encode(), "no lines", id="a header alone"),
        pytest.param(lambda text: text.replace("periods", "period").encode(), "'period'", id="unknown column"),
        pytest.param(lambda text: text.replace("periods", "birth_date").encode(), "periods", id="missing column"),
        pytest.param(lambda text: text.replace("middle_name", "given_name").encode(), "twice", id="repeated column"),
        pytest.param(lambda text: text.encode() + b'A-9,"unclosed', "CSV", id="unclosed quote"),
        pytest.param(lambda text: text.encode() + b"\xff\xfe\xfd,\n", "UTF-8", id="not UTF-8"),
    ],
)
def test_lines_that_cannot_be_read(
    demo: FinishedDemo, tmp_path: Path, change: Callable[[str], bytes], said: str
) -> None:
    path = demo.few_lines(tmp_path)
    path.write_bytes(change(path.read_text(encoding="utf-8")))
    ended = lint(demo, path)
    need_clear(ended, "FORMAT_INVALID", 4)
    assert said in ended.err


def test_duplicate_line_ids_are_returned_lines(demo: FinishedDemo, tmp_path: Path) -> None:
    path = demo.few_lines(tmp_path)
    text = path.read_text(encoding="utf-8")
    first = text.splitlines()[1].split(",")[0]
    path.write_text(text + text.splitlines()[2].replace(text.splitlines()[2].split(",")[0], first) + "\n")
    ended = lint(demo, path)
    assert ended.code == 1
    assert ended.data["returned"] >= 1
    assert sum(ended.data["codes"].values()) == ended.data["returned"]


def test_an_ending_that_says_nothing(demo: FinishedDemo, tmp_path: Path) -> None:
    path = tmp_path / "lines.txt"
    path.write_text("x")
    need_clear(lint(demo, path), "USAGE", 2)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("agreement", "check"), "AGREEMENT_INVALID"),
        (("office", "check"), "OFFICES_INVALID"),
        (("register", "build"), "REGISTER_INVALID"),
    ],
)
@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"a: [1\n", "naïve: ü\n".encode("latin-1")])
def test_documents_that_are_none(
    demo: FinishedDemo, tmp_path: Path, words: tuple[str, str], code: str, content: bytes
) -> None:
    path = tmp_path / "document.csv"
    path.write_bytes(content)
    more = ("--home", demo.home) if words[0] == "register" else ()
    need_clear(privity(*words, path, *more, "--json"), code, 4)


def test_bad_register_rows_in_the_middle_are_listed_by_number_and_code(demo: FinishedDemo) -> None:
    ended = demo.run("register", "build", demo.folder / "register-extract.csv")
    assert ended.code == 0
    assert ended.data["refused_rows"] == len(ended.data["refused"]) > 0
    for row in ended.data["refused"]:
        assert set(row) == {"row", "code"}
        assert 1 < row["row"] < ended.data["rows"]
    plain = privity("register", "status", "--home", demo.home)
    assert "Backwards" not in ended.out + ended.err + plain.out


# Disk, permissions, processes


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of two megabytes."""
    place = tmp_path / "small"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", place], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("a small file system cannot be mounted here (needs root)")
    yield place
    subprocess.run(["umount", place], check=True)


def test_a_full_disk_ends_clearly_and_the_same_command_goes_on(demo: FinishedDemo, small_disk: Path) -> None:
    """Delivery to a full disk: nothing half-written is visible; with room, the same bytes come."""
    filler = small_disk / "filler"
    with filler.open("wb") as stream:
        stream.write(bytes(2 * 1024 * 1024 - 16 * 1024))
    need_clear(demo.run("release", "deliver", demo.request_id("A"), "--out", small_disk), "STORAGE_FAILED", 7)
    assert [path.name for path in small_disk.iterdir()] == ["filler"]
    filler.unlink()
    ended = demo.run("release", "deliver", demo.request_id("A"), "--out", small_disk)
    assert ended.code == 0
    assert Path(ended.data["path"]).read_bytes() == demo.response("A").read_bytes()


def test_a_disk_that_fills_while_receiving_loses_nothing(demo: FinishedDemo, tmp_path: Path) -> None:
    """No file may grow beyond 100 kB, the database neither: the receipt fails, and succeeds when there is room."""
    package = demo.pack(tmp_path, "R-full-disk")
    ended = demo.run("request", "receive", package, largest_file=100_000)
    need_clear(ended, "STORAGE_FAILED", 7)
    assert "R-full-disk" not in states(demo)
    assert demo.run("request", "receive", package).data["lines"] == 5
    assert demo.run("home", "status").data["database_findings"] == 0


def test_a_folder_that_is_no_home_and_a_folder_that_is_not_empty(demo: FinishedDemo, tmp_path: Path) -> None:
    need_clear(privity("request", "list", "--home", tmp_path, "--json"), "HOME_INVALID", 4)
    (tmp_path / "something").write_text("here")
    need_clear(privity("init", "--home", tmp_path, "--json"), "HOME_INVALID", 4)
    assert [path.name for path in tmp_path.iterdir()] == ["something"]
    need_clear(privity("init", "--home", demo.home, "--json"), "HOME_INVALID", 4)


def test_a_read_only_home(demo: FinishedDemo, tmp_path: Path) -> None:
    """Bound read-only: whatever must be written fails clearly, and the home is whole afterwards."""
    place = tmp_path / "read-only"
    place.mkdir()
    if subprocess.run(["mount", "--bind", demo.home, place], capture_output=True, check=False).returncode:
        pytest.skip("a read-only file system cannot be mounted here (needs root)")
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", place], check=True)
        package = demo.pack(tmp_path, "R-read-only")
        ended = privity("request", "receive", package, "--home", place, "--json")
        need_clear(ended, "STORAGE_FAILED", 7)
    finally:
        subprocess.run(["umount", place], check=True)
    assert demo.run("request", "receive", package).code == 0


def test_a_second_process_on_one_home_waits_and_then_says_so(demo: FinishedDemo, tmp_path: Path) -> None:
    package = demo.pack(tmp_path, "R-busy")
    with (demo.home / "lock").open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        need_clear(demo.run("request", "receive", package), "HOME_BUSY", 5)
        assert demo.run("hold", "list").code == 0, "looking needs no lock"
    assert demo.run("request", "receive", package).code == 0


def test_two_processes_at_once_both_succeed_or_say_busy(demo: FinishedDemo, tmp_path: Path) -> None:
    packages = [demo.pack(tmp_path, name) for name in ("R-left", "R-right")]
    running = [started_privity("request", "receive", package, "--home", demo.home) for package in packages]
    codes = [(process.communicate(timeout=60), process.returncode)[1] for process in running]
    assert set(codes) <= {0, 5}
    for package, code in zip(packages, codes, strict=True):
        if code:
            assert demo.run("request", "receive", package).code == 0
    assert {"R-left", "R-right"} <= set(states(demo))


def test_an_interruption_says_how_to_go_on(demo: FinishedDemo, tmp_path: Path) -> None:
    """Ctrl-C while waiting for a busy home: 130, one sentence, no traceback; afterwards all is well."""
    package = demo.pack(tmp_path, "R-interrupted")
    with (demo.home / "lock").open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        process = started_privity("request", "receive", package, "--home", demo.home)
        until_waiting(process)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert said.startswith("error INTERRUPTED: ")
    assert "Run the same command again" in said
    assert "Traceback" not in said
    assert demo.run("request", "receive", package).code == 0


def until_waiting(process: subprocess.Popen[str]) -> None:
    """Until the process has opened the lock file it will wait for."""
    import time

    folder = Path(f"/proc/{process.pid}/fd")
    if not folder.exists():
        pytest.skip("this system does not show open files")
    for _ in range(600):
        links = [os.readlink(link) for link in folder.iterdir() if link.is_symlink()]
        if any(link.endswith("/home/lock") for link in links):
            return
        time.sleep(0.05)
    pytest.fail("the process never came to its lock")


# Holds, second approvals, states


def test_a_hold_stops_delivery_and_lifting_it_lets_it_go(demo: FinishedDemo, tmp_path: Path) -> None:
    held = demo.run("hold", "place", "everything", "--kind", "court_order", "--docket", "docket 25-1")
    assert held.code == 0
    need_clear(demo.run("release", "deliver", demo.request_id("A"), "--out", tmp_path), "ON_HOLD", 5)
    assert not list(tmp_path.iterdir())
    need_clear(demo.run("hold", "lift", held.data["hold_id"], "--role", "disclosure_officer"), "ROLE_FORBIDDEN", 6)
    assert demo.run("hold", "lift", held.data["hold_id"]).code == 0
    assert demo.run("release", "deliver", demo.request_id("A"), "--out", tmp_path).code == 0


def test_the_same_person_cannot_approve_twice_and_one_approval_is_not_enough(
    demo: FinishedDemo, tmp_path: Path
) -> None:
    assert demo.run("request", "receive", demo.pack(tmp_path, "R-twice")).code == 0
    key, chain = demo.person("disclosure-1")
    words = ("release", "approve", "R-twice", "--key", key, "--cert", chain)
    need_clear(demo.run(*words), "STATE_CONFLICT", 5)
    assert demo.run("request", "match", "R-twice").code == 0
    assert demo.run(*words).data["verdicts_recorded"] == 1
    need_clear(demo.run(*words), "SAME_PERSON", 6)
    need_clear(
        demo.run("release", "deliver", "R-twice", "--out", tmp_path / "out", "--wait", "60"), "RELEASE_UNAPPROVED", 5
    )
    assert not (tmp_path / "out").exists()


def test_an_outsider_cannot_approve(demo: FinishedDemo, tmp_path: Path) -> None:
    assert demo.run("request", "receive", demo.pack(tmp_path, "R-outsider")).code == 0
    assert demo.run("request", "match", "R-outsider").code == 0
    key, chain = demo.person("holder-enforcement-director")
    ended = demo.run("release", "approve", "R-outsider", "--key", key, "--cert", chain)
    assert ended.code == 6
    assert ended.error in {"CERTIFICATE_INVALID", "ROLE_FORBIDDEN", "SIGNER_UNAUTHORISED"}


@pytest.mark.parametrize(
    "words",
    [("request", "show"), ("request", "match"), ("review", "show"), ("account", "request"), ("agreement", "show")],
)
def test_an_unknown_id(demo: FinishedDemo, words: tuple[str, str]) -> None:
    need_clear(demo.run(*words, "R-nowhere"), "NOT_FOUND", 4)


# Verification


def test_verify_passes_the_verifiers_verdict_through(demo: FinishedDemo, tmp_path: Path) -> None:
    valid = demo.run("verify", demo.response("A"))
    assert (valid.code, valid.data["verdict"]) == (0, "VALID")
    changed = tmp_path / "changed.zip"
    changed.write_bytes(demo.response("A").read_bytes() + b"x")
    invalid = demo.run("verify", changed)
    assert (invalid.code, invalid.data["verdict"]) == (1, "INVALID")
    unknown = privity("verify", demo.response("A"), "--json", cwd=tmp_path, env={"PRIVITY_HOME": "nowhere"})
    assert (unknown.code, unknown.data["verdict"]) == (3, "INCOMPLETE")
    assert privity("verify", tmp_path / "nowhere.zip", cwd=tmp_path).code in {2, 3}


def test_output_never_overwrites(demo: FinishedDemo, tmp_path: Path) -> None:
    out = tmp_path / "mine.csv"
    out.write_text("precious")
    need_clear(open_response(demo, "officer-001", out), "USAGE", 2)
    assert out.read_text() == "precious"
