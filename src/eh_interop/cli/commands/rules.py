"""``eh-interop rules``: the list of all checks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from eh_interop.cli.options import AreaType, RecordType, format_option, json_text, table
from eh_interop.core.findings import Layer, Severity

if TYPE_CHECKING:
    from eh_interop.checks.catalogue import CatalogueEntry
    from eh_interop.standard.areas import Area


@click.command("rules")
@click.option("--area", type=AreaType(), help="Only what applies there, with the severity there.")
@click.option("--record", type=RecordType(), help="Only what can be found in this record type.")
@click.option(
    "--layer", type=click.Choice([each.value for each in Layer]), help="Only this kind of check."
)
@click.option(
    "--severity",
    type=click.Choice([each.value for each in Severity]),
    help="Only what matters so much.",
)
@click.option("--cites", metavar="CLAUSE", help="Only what rests on this clause, such as G-107.")
@format_option("text", "json")
def command(
    area: Area | None,
    record: str | None,
    layer: str | None,
    severity: str | None,
    cites: str | None,
    form: str,
) -> None:
    """List all checks: code, severity, layer and fault. Options narrow the list."""
    from eh_interop.checks.catalogue import entries, entries_of

    found = [
        entry
        for entry in (entries() if area is None else entries_of(area))
        if (record is None or record in entry.records or not entry.records)
        and (layer is None or entry.layer == layer)
        and (severity is None or entry.severity == severity)
        and (cites is None or cites.upper() in entry.cites)
    ]
    if form == "json":
        click.echo(json_text([_facts(each) for each in found]))
        return
    if found:
        click.echo(table((each.code, each.severity, each.layer, each.title) for each in found))
    click.echo(f"{len(found)} check{'' if len(found) == 1 else 's'}.", err=True)


def _facts(entry: CatalogueEntry) -> dict[str, Any]:
    return {
        "code": entry.code,
        "name": entry.name,
        "layer": entry.layer,
        "severity": entry.severity,
        "title": entry.title,
        "why": entry.why,
        "ask": entry.ask,
        "cites": list(entry.cites),
        "records": list(entry.records),
        "areas": dict(entry.areas),
        "since": entry.since,
    }
