"""Makes everything that exists before the walk begins: the PKI, offices, agreement, register, two requests.

Only the requester's and the authorities' files; the custodian's home is made by the commands themselves.
"""

from __future__ import annotations

import csv
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from demo.generate import RequestWriter, Terms, write_lines, write_register, write_truth
from demo.people import populate
from demo.pki import DemoPki, Identity, create_pki
from privity.domain.agreement import Agreement
from privity.wire.agreement_format import read_agreement

AGREEMENT = Path(__file__).resolve().parent.parent / "examples" / "agreements" / "tax-enforcement-2025.yaml"
SOUND_SHARE, SPOILT_SHARE = 0.035, 0.25  # defective lines of the first request, and of the one that goes back whole
LINES_AN_OFFICER = 45  # below the agreement's cap of open cases
FEWEST_OFFICERS = 100


@dataclass(frozen=True, slots=True)
class RequestFiles:
    """One request as the requester wrote it."""

    id: str
    lines: Path
    header: Path
    package: Path
    truth: Path


@dataclass(frozen=True, slots=True)
class Stage:
    """All files of the demonstration that lie outside the home."""

    folder: Path
    pki: DemoPki
    agreement: Path
    offices: Path
    extract: Path
    first: RequestFiles
    second: RequestFiles

    @property
    def outgoing(self) -> Path:
        """Where packages become visible."""
        return self.folder / "outgoing"

    def agreement_signers(self) -> dict[str, Identity]:
        """Who signs the agreement for each side: the holder of its first signing office; the custodian's counsel."""
        return {"requester": next(iter(self.pki.holders.values())), "custodian": self.pki.counsel}

    def named_officer(self) -> Identity:
        """The officer whom the first sound line of the first request names."""
        with self.first.truth.open(encoding="utf-8", newline="") as stream:
            sound = next(row["line_id"] for row in csv.DictReader(stream) if row["person_ref"])
        with self.first.lines.open(encoding="utf-8", newline="") as stream:
            named = next(row["officer"] for row in csv.DictReader(stream) if row["line_id"] == sound)
        return next(one for one in self.pki.officers if one.id == named)


def prepare(folder: Path, *, lines: int, register_rows: int, seed: int) -> Stage:
    """Write everything below `folder`."""
    now = datetime.now(UTC)
    requester = folder / "requester"
    requester.mkdir()
    agreement = requester / AGREEMENT.name
    shutil.copyfile(AGREEMENT, agreement)
    terms = read_agreement(agreement.read_bytes())
    small = max(lines // 20, 40)
    officers = max(FEWEST_OFFICERS, -(-lines // LINES_AN_OFFICER) + -(-small // LINES_AN_OFFICER))
    pki = create_pki(folder / "pki", at=now, offices=[one.id for one in terms.signing_offices], officers=officers)
    offices = folder / "offices.yaml"
    _write_yaml(offices, pki.offices(requester=terms.requester.id))

    population = populate(register_rows, seed, now.date())
    extract = folder / "register-extract.csv"
    write_register(population, extract)
    names = [one.id for one in pki.officers]
    for_second = -(-small // LINES_AN_OFFICER)
    stage = Stage(
        folder=folder,
        pki=pki,
        agreement=agreement,
        offices=offices,
        extract=extract,
        first=_files(requester, f"R-{now:%Y%m%d}-A"),
        second=_files(requester, f"R-{now:%Y%m%d}-B"),
    )
    for place, (files, count, share, roster) in enumerate(
        ((stage.first, lines, SOUND_SHARE, names[for_second:]), (stage.second, small, SPOILT_SHARE, names[:for_second]))
    ):
        writer = RequestWriter(population, Terms(terms.statutes, roster, now.date()), seed + place, "AB"[place])
        writer.fill(count, share)
        write_lines(writer, files.lines)
        write_truth(writer, files.truth)
        _write_yaml(files.header, header(terms, files.id, now))
    return stage


def header(agreement: Agreement, request_id: str, now: datetime) -> dict[str, object]:
    """A header that says what the agreement asks for."""
    attestations: list[str] = []
    for use in agreement.rules:
        wanted = use.parameters.get("attestations", ())
        attestations += wanted if isinstance(wanted, tuple) else []
    return {
        "format": "privity-header/1",
        "request_id": request_id,
        "agreement_id": agreement.id,
        "agreement_version": agreement.version,
        "agreement_digest": agreement.digest,
        "requester": agreement.requester.id,
        "office": agreement.signing_offices[-1].id,
        "request_type": "confirm_address",
        "statutes": list(agreement.statutes),
        "purpose": agreement.purposes[0],
        "attestations": attestations,
        "created_at": (now - timedelta(minutes=1)).replace(microsecond=0).isoformat(),
    }


def _files(folder: Path, request_id: str) -> RequestFiles:
    stem = folder / request_id
    return RequestFiles(
        request_id,
        stem.with_name(f"{request_id}-lines.csv"),
        stem.with_name(f"{request_id}-header.yaml"),
        stem.with_name(f"{request_id}.zip"),
        stem.with_name(f"{request_id}-truth.csv"),
    )


def _write_yaml(path: Path, document: object) -> None:
    from ruamel.yaml import YAML

    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.width = 4096
    with path.open("w", encoding="utf-8") as stream:
        yaml.dump(document, stream)
