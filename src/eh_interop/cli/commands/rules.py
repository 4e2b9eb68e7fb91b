"""``eh-interop rules``: the list of all checks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from eh_interop.cli.options import RECORD_TYPE, area_option, format_option, json_text, table
from eh_interop.core.findings import Layer, Severity

if TYPE_CHECKING:
    from eh_interop.standard.areas import Area

_FACTS: Final = (
    *("code", "name", "layer", "severity", "title", "why"),
    *("ask", "cites", "records", "areas", "since"),
)


@click.command("rules")
@area_option("Only what applies there, with the severity there.")
@click.option("--record", type=RECORD_TYPE, help="Only what can be found in this record type.")
@click.option(
    "--layer", type=click.Choice([layer.value for layer in Layer]), help="Only this kind of check."
)
@click.option(
    "--severity",
    type=click.Choice([severity.value for severity in Severity]),
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
    from eh_interop.reports.words import plural

    chosen = [
        entry
        for entry in (entries() if area is None else entries_of(area))
        if (record is None or record in entry.records or not entry.records)
        and (layer is None or entry.layer == layer)
        and (severity is None or entry.severity == severity)
        and (cites is None or cites.upper() in entry.cites)
    ]
    if form == "json":
        facts = [
            {name: getattr(entry, name) for name in _FACTS} | {"areas": dict(entry.areas)}
            for entry in chosen
        ]
        click.echo(json_text(facts))
        return
    if chosen:
        rows = [(entry.code, entry.severity, entry.layer, entry.title) for entry in chosen]
        click.echo(table(rows))
    click.echo(f"{plural(len(chosen), 'check')}.", err=True)
