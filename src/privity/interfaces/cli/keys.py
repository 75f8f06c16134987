"""`privity keys` and `privity trust`: the home's own certificates, and the authorities it believes.

Private keys never pass here: requests for certificates go out, certificates come in.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from privity.domain.errors import ErrorCode, PrivityError
from privity.interfaces.cli.door import (
    HomeOption,
    door,
    example,
    group,
    known_home,
    read_input,
    write_output,
)
from privity.interfaces.cli.presentation import Report, Sheet, as_facts, as_object

keys = group("keys", "The home's certificates: request, install.")
trust = group("trust", "Trust anchors, revocation lists, public trust file.")


def attach(app: typer.Typer) -> None:
    """Add the groups to the command tree."""
    app.add_typer(keys)
    app.add_typer(trust)


@keys.command("csr", epilog=example("privity keys csr --out ./requests --subject 'Custodian gate'"))
@door
def csr(
    out: Annotated[Path, typer.Option("--out", help="Folder for the certificate requests (PKCS #10, PEM).")],
    subject: Annotated[str, typer.Option("--subject", help="Common name of the certificates.")] = "Privity gate",
    home: HomeOption = None,
) -> Report:
    """Write one certificate request for each key that needs a certificate: signing responses, receiving requests."""
    from privity.bootstrap.wiring.trust import home_keys

    written = {}
    for name, request in home_keys(known_home(home)).signing_requests(subject).items():
        path = out / f"{name}.csr"
        write_output(path, request)
        written[name] = str(path)
    return Report({"requests": written}, "Certificate requests written.", list(written.items()))


@keys.command("install", epilog=example("privity keys install response-signing response-signing.pem"))
@door
def install(
    name: Annotated[str, typer.Argument(help="response-signing or request-recipient.")],
    certificate: Annotated[Path, typer.Argument(metavar="FILE", help="Certificate and chain (PEM, own first).")],
    home: HomeOption = None,
) -> Report:
    """Install a certificate for one of the home's keys. It must fit the key."""
    from privity.bootstrap.wiring.trust import home_keys

    chain = read_input(certificate, "FILE")
    folder = known_home(home)
    home_keys(folder).install_certificate(name, chain)
    _publish(folder)
    return Report({"installed": name}, f"Certificate installed for {name}.")


@trust.command("add", epilog=example("privity trust add --anchor root.pem --intermediate ca.pem --crl ca.crl"))
@door
def add(
    anchor: Annotated[list[Path] | None, typer.Option("--anchor", help="A root certificate (PEM).")] = None,
    intermediate: Annotated[list[Path] | None, typer.Option("--intermediate", help="An intermediate (PEM).")] = None,
    crl: Annotated[list[Path] | None, typer.Option("--crl", help="A revocation list (PEM or DER).")] = None,
    home: HomeOption = None,
) -> Report:
    """Add authorities and revocation lists. A newer revocation list of the same authority replaces the older one."""
    from privity.bootstrap.wiring.trust import add_trust

    groups = {"--anchor": anchor, "--intermediate": intermediate, "--crl": crl}
    if not any(groups.values()):
        raise PrivityError(ErrorCode.USAGE, "nothing was given to add", "Give --anchor, --intermediate or --crl.")
    documents = {option: [read_input(path, option) for path in paths or ()] for option, paths in groups.items()}
    data = as_object(
        add_trust(known_home(home), documents["--anchor"], documents["--intermediate"], documents["--crl"])
    )
    return Report(data, "Trust recorded.", as_facts(data))


@trust.command("show", epilog=example("privity trust show --json > trust.json"))
@door
def show(home: HomeOption = None) -> Report:
    """Show the public trust file: what an outsider needs to verify this gate's packages and log."""
    import json

    from privity.bootstrap.wiring.trust import public_trust_file

    document = json.loads(read_input(public_trust_file(known_home(home)), "the home's public trust file"))
    rows = [(name, len(value) if isinstance(value, list) else value) for name, value in document.items()]
    return Report(document, sheets=[Sheet("Public trust", ("part", "value or count"), rows)])


def _publish(folder: Path) -> None:
    """Bring the public trust file up to date where the home has anchors already."""
    from privity.bootstrap.wiring.trust import publish_trust

    publish_trust(folder)
