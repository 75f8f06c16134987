"""The walk: every step a real command, its numbers from the command's own JSON, checked against each other.

Expects nothing of its own: what does not add up between commands is what fails.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from demo.commands import Commands, DemoError
from demo.prepare import RequestFiles, Stage

Result = dict[str, Any]


class Walk:
    """One walk of two requests through one home."""

    def __init__(self, commands: Commands, stage: Stage) -> None:
        self.privity = commands
        self.stage = stage
        self.results: dict[str, Result] = {}

    def run(self) -> None:
        """All steps in order. Raises DemoError where a step ends otherwise than it must."""
        self.make_home()
        self.record_authority()
        self.build_register()
        self.send_requests()
        self.answer()
        self.release()
        self.open_as_officer()
        self.verify()

    def make_home(self) -> None:
        """Home, keys, certificates, trust."""
        privity, pki = self.privity, self.stage.pki
        privity.heading(1, "The custodian makes a home: keys, database, evidence log")
        privity.run("init", "--origin", "custodian.example/privity-log")
        requests = privity.run("keys", "csr", "--out", "certificate-requests")["requests"]
        privity.say("(the demonstration's authority signs both certificate requests)")
        chains = pki.certify_custodian_keys(
            {name: (self.stage.folder / path).read_bytes() for name, path in requests.items()}
        )
        for name, chain in chains.items():
            path = self.stage.folder / "certificate-requests" / f"{name}.pem"
            path.write_bytes(chain)
            privity.run("keys", "install", name, path)
        words: list[str | Path] = ["trust", "add"]
        for option, paths in (("--anchor", pki.anchors), ("--intermediate", pki.intermediates), ("--crl", pki.crls)):
            for path in paths:
                words += [option, path]
        privity.run(*words)

    def record_authority(self) -> None:
        """Offices, then the agreement, signed by both sides."""
        self.privity.heading(2, "Counsel records the office register, then the agreement that both sides signed")
        self.results["offices"] = offices = self.privity.run("office", "add", self.stage.offices)
        self.privity.say(f"{offices['holders']} office holders, {offices['officers']} named officers")
        words: list[str | Path] = ["agreement", "add", self.stage.agreement]
        for side, person in self.stage.agreement_signers().items():
            signature = self.stage.agreement.with_suffix(f".{side}.p7s")
            self.privity.run(
                *("agreement", "sign", self.stage.agreement, "--key", person.key, "--cert", person.chain),
                *("--out", signature),
            )
            words += ["--signature", signature]
        self.results["agreement"] = recorded = self.privity.run(*words)
        self.privity.say("in force: " + ", ".join(f"{one['office']} signed" for one in recorded["signatures"]))

    def build_register(self) -> None:
        """Blind index."""
        self.privity.heading(3, "The register becomes a blind index: keyed digests and sealed rows, no address")
        self.results["register"] = built = self.privity.run("register", "build", self.stage.extract)
        self.privity.say(f"{built['rows']:,} rows sealed, {built['refused_rows']} refused")

    def send_requests(self) -> None:
        """Lint, pack, receive: the first request, and one that is mostly defective."""
        self.privity.heading(4, "The requester lints, packs and signs; the custodian receives and admits")
        first, second = self.stage.first, self.stage.second
        words: list[str | Path] = ["request", "lint", first.lines, "--agreement", self.stage.agreement]
        lint = self.privity.run(*words, "--header", first.header, "--offices", self.stage.offices, ends_with=(0, 1))
        self.results["lint"] = lint
        self.privity.say(f"pre-flight: {lint['returned']} of {lint['lines']:,} lines would be returned")
        for files in (first, second):
            self._pack(files)
        self.results["received"] = self.privity.run("request", "receive", first.package)
        self._say_received(self.results["received"])
        self.privity.say("the second request has too many defects and goes back whole (exit code 1):")
        self.results["returned_whole"] = self.privity.run("request", "receive", second.package, ends_with=(1,))
        self._say_received(self.results["returned_whole"])

    def _pack(self, files: RequestFiles) -> None:
        holder = list(self.stage.pki.holders.values())[-1]
        custodian = self.stage.folder / "certificate-requests" / "request-recipient.pem"
        self.privity.run(
            *("request", "pack", files.lines, "--agreement", self.stage.agreement, "--header", files.header),
            *("--signer-key", holder.key, "--signer-cert", holder.chain),
            *("--recipient-cert", custodian, "--trust", self.trust, "--out", files.package),
        )

    def _say_received(self, received: Result) -> None:
        counts = ", ".join(f"{received[name]:,} {name}" for name in ("admitted", "returned", "referred"))
        self.privity.say(f"{received['lines']:,} lines: {counts}")

    def answer(self) -> None:
        """Match and review."""
        self.privity.heading(5, "Admitted lines are answered; an officer reviews counts, warnings and a sample")
        self._refer()
        self.results["matched"] = self.privity.run("request", "match", self.stage.first.id)
        self.results["review"] = review = self.privity.run("review", "show", self.stage.first.id)
        self.privity.say(f"{review['confirmed']:,} confirmed, {review['no_confirmation']:,} no confirmation")

    def _refer(self) -> None:
        """Lines that wait for a human: one is looked at, and admitted where it can be; the others go back."""
        if not self.results["received"]["referred"]:
            return
        request, officer = self.stage.first.id, self.stage.pki.disclosure_officers[0]
        key = ("--key", officer.key, "--cert", officer.chain)
        waiting = [one["ordinal"] for one in self.privity.run("referral", "list", request)["lines"]]
        shown = self.privity.run("referral", "show", request, "--line", str(waiting[0]))
        if shown["can_be_admitted"]:
            self.privity.run("referral", "decide", request, "--lines", str(waiting.pop(0)), "--admit", *key)
        if waiting:
            self.privity.run("referral", "decide", request, "--lines", "all", "--return", "REFERRED", *key)
        self.privity.say(f"an officer decided on {self.results['received']['referred']} lines before any look-up")

    def release(self) -> None:
        """Two approvals each, then delivery."""
        self.privity.heading(6, "Two officers sign the same content hash; only then may the response leave")
        first_officer, second_officer = self.stage.pki.disclosure_officers[:2]
        for files in (self.stage.first, self.stage.second):
            for officer in (first_officer, second_officer):
                self.privity.run("release", "approve", files.id, "--key", officer.key, "--cert", officer.chain)
            name = "delivered" if files is self.stage.first else "delivered_returned"
            self.results[name] = self.privity.run(
                "release", "deliver", files.id, "--out", self.stage.outgoing, "--wait", "60"
            )

    def open_as_officer(self) -> None:
        """One named officer opens what is theirs."""
        self.privity.heading(7, "A named officer opens the part that only their key opens")
        officer = self.stage.named_officer()
        self.results["opened"] = opened = self.privity.run(
            *("response", "open", self.response, "--key", officer.key, "--cert", officer.certificate),
            *("--trust", self.trust, "--out", self.stage.folder / "requester" / f"{officer.id}.csv"),
        )
        self.privity.say(f"{officer.id} reads {opened['lines']} lines")

    @property
    def response(self) -> Path:
        """The delivered package."""
        return self.stage.folder / str(self.results["delivered"]["path"])

    @property
    def trust(self) -> Path:
        """The gate's public trust file."""
        return self.stage.folder / "home" / "public" / "trust.json"

    def verify(self) -> None:
        """Export the log and the accounting; verify everything offline."""
        self.privity.heading(8, "An outsider verifies everything offline: packages, log, completeness")
        bundle = self.stage.folder / "evidence"
        (bundle / "packages").mkdir(parents=True)
        (bundle / "accounting").mkdir()
        self.results["log"] = self.privity.run("log", "export", bundle / "log")
        for name, files in (("accounted", self.stage.first), ("accounted_returned", self.stage.second)):
            export = bundle / "accounting" / f"{files.id}.jsonl"
            self.results[name] = self.privity.run("account", "request", files.id, "--export", export)
            shutil.copyfile(files.package, bundle / "packages" / files.package.name)
        for name in ("delivered", "delivered_returned"):
            path = self.stage.folder / str(self.results[name]["path"])
            shutil.copyfile(path, bundle / "packages" / path.name)
        self.results["verified"] = self.privity.run("verify", bundle, "--trust", self.trust)
        self.privity.say(f"verdict: {self.results['verified']['verdict']}")

    def check(self) -> list[str]:
        """What does not add up: lines in = answers out = accounting records, and a VALID verdict. Empty: all does."""
        results, wrong = self.results, []
        for arrived, delivered, accounted in (
            ("received", "delivered", "accounted"),
            ("returned_whole", "delivered_returned", "accounted_returned"),
        ):
            counts = {
                "lines in": results[arrived]["lines"],
                "answers out": results[delivered]["lines"],
                "accounting records": results[accounted]["records"],
                "sum of what was told": sum(results[accounted]["answers"].values()),
            }
            if len(set(counts.values())) != 1:
                wrong.append(f"{arrived}: " + ", ".join(f"{name} {count}" for name, count in counts.items()))
        review = results["review"]
        told = results["accounted"]["answers"]
        if (told.get("CONFIRMED", 0), told.get("NO_CONFIRMATION", 0)) != (
            review["confirmed"],
            review["no_confirmation"],
        ):
            wrong.append("the accounting tells other answers than the review")
        if results["verified"]["verdict"] != "VALID":
            wrong.append(f"the verifier says {results['verified']['verdict']}")
        return wrong


def need_consistency(walk: Walk) -> None:
    """Raise DemoError where the results do not add up."""
    wrong = walk.check()
    if wrong:
        raise DemoError("the numbers do not add up: " + "; ".join(wrong))
