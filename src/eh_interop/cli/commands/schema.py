"""``eh-interop schema``: the JSON Schemas of the standard, and one file for each record type."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from eh_interop.cli.options import (
    RECORD_TYPE,
    OutputFile,
    area_option,
    json_text,
    output_option,
    table,
    unknown_name,
)

if TYPE_CHECKING:
    from pathlib import Path

    from eh_interop.standard.areas import Area

_END = ".schema.json"


@click.group("schema")
def command() -> None:
    """List and print the JSON Schemas (draft 2020-12) of the standard."""


@command.command("list")
def list_schemas() -> None:
    """List the schemas: record types first, then the parts that they share."""
    import orjson

    click.echo(
        table(
            (name, path.parent.name, orjson.loads(path.read_bytes())["title"])
            for name, path in _files().items()
        )
    )


@command.command()
@click.argument("name")
@output_option
def show(name: str, output: OutputFile) -> None:
    """Print one schema as it is published. It refers to others by their names."""
    files = _files()
    if name not in files:
        unknown_name("schema", name, files, "Try: eh-interop schema list", "NAME")
    output.write(files[name].read_text(encoding="utf-8"))


@command.command()
@click.argument("record_type", type=RECORD_TYPE)
@area_option("Whose requirements to take.", required=True)
@click.option(
    "--severity",
    type=click.Choice(["error", "warning", "info"]),
    default="info",
    show_default=True,
    help="Leave out requirements that matter less than this.",
)
@click.option("--keep-own", is_flag=True, help="Keep the keywords of our own, such as x-personal.")
@output_option
def bundle(
    record_type: str, area: Area, severity: str, *, keep_own: bool, output: OutputFile
) -> None:
    """Print ONE schema with shape and completeness of a record type in an area.

    It refers to nothing outside itself, so that any JSON Schema validator can
    use it. Each member of allOf is a requirement: its $comment begins with the
    code, and gives the question to ask. Turn on the checking of formats.
    """
    from eh_interop.checks.bundle import bundle as make
    from eh_interop.core.findings import Severity
    from eh_interop.standard.schemas import load_standard

    made = make(load_standard(), record_type, area, least=Severity(severity), keep_own=keep_own)
    output.write(f"{json_text(made)}\n")


def _files() -> dict[str, Path]:
    """Return every published schema, by name."""
    from eh_interop.standard.schemas import load_standard

    root = load_standard().root
    paths = [path for part in ("records", "types", ".") for path in sorted(root.glob(f"{part}/*"))]
    return {path.name.removesuffix(_END): path for path in paths if path.name.endswith(_END)}
