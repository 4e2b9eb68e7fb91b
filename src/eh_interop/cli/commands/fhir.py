"""``eh-interop fhir``: the FHIR side of the standard."""

from __future__ import annotations

from pathlib import Path

import click


@click.group("fhir")
def command() -> None:
    """Work with FHIR R4 (4.0.1) and UK Core."""


@command.command()
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help='Where the folder "package" goes. An older one of ours there is replaced.',
)
def ig(out: Path) -> None:
    """Write the implementation guide as a FHIR package.

    It holds a Questionnaire and a logical model for each record type, every
    code list, and the profiles, extensions, code maps and identifier systems
    of ours: what a FHIR server or validator needs to understand our Bundles.
    """
    from eh_interop.formats.fhir.guide import make_package, write_package
    from eh_interop.formats.fhir.guide.inputs import load_inputs

    package = make_package(load_inputs())
    target = write_package(package, out)
    click.echo(
        f"{target}: {len(package.definitions)} definitions, {len(package.examples)} examples."
    )
