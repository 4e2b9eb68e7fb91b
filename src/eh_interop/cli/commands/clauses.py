"""``eh-interop clauses``: the guidance, and what in the standard carries each clause."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from eh_interop.cli.options import area_option, format_option, json_text, no_such
from eh_interop.core.csv_injection import csv_line
from eh_interop.reports.words import plural, wrap

if TYPE_CHECKING:
    from eh_interop.standard.areas import Area


@click.command("clauses")
@area_option("Only the clauses of documents that this area follows, those of its own file too.")
@click.option("--document", metavar="KEY", help="Only the clauses of this document.")
@click.option("--uncarried", is_flag=True, help="Only clauses that nothing is said to carry.")
@format_option("text", "json", "csv")
def command(area: Area | None, document: str | None, form: str, *, uncarried: bool) -> None:
    """List the clauses of the guidance, in our words, with what carries each.

    A clause is carried by the checks that cite it, or by a part of the standard
    that the register names. Context is carried by nothing.
    """
    _check_document(document, area)
    rows = [
        row
        for row in _rows(area)
        if document in {None, row["document"]}
        and (area is None or row["document"] in area.follows)
        and not (uncarried and _carriers(row))
    ]
    if form == "json":
        click.echo(json_text(rows))
    elif form == "csv":
        click.echo("".join(_csv(rows)), nl=False)
    else:
        for row in rows:
            carriers = ", ".join(_carriers(row)) or "nothing"
            click.echo(wrap(f"{row['says']} [{carriers}]", f"{row['id']}  ", "       "))
        click.echo(f"{plural(len(rows), 'clause')}.", err=True)


def _check_document(document: str | None, area: Area | None) -> None:
    from eh_interop.standard.guidance import documents

    keys = {**documents(), **(area.documents if area else {})}
    if document is not None and document not in keys:
        error = no_such("document", keys)
        error.param_hint = "--document"
        raise error


def _rows(area: Area | None) -> list[dict[str, Any]]:
    from eh_interop.checks.catalogue import entries, entries_of
    from eh_interop.standard.guidance import clauses

    checks: dict[str, list[str]] = {}
    for entry in entries() if area is None else entries_of(area):
        for cite in entry.cites:
            checks.setdefault(cite, []).append(entry.code)
    return [
        {
            "id": clause.id,
            "document": clause.document,
            "kind": clause.kind,
            "says": clause.says,
            "carriedBy": clause.carried_by or None,
            "checks": checks.get(clause.id, []),
        }
        for clause in {**clauses(), **(area.clauses if area else {})}.values()
    ]


def _carriers(row: dict[str, Any]) -> list[str]:
    """Return what the register names and what cites the clause, each once."""
    named = (row["carriedBy"] or "").replace(";", ",").split(",")
    return list(dict.fromkeys([*filter(None, map(str.strip, named)), *row["checks"]]))


def _csv(rows: list[dict[str, Any]]) -> Iterator[str]:
    yield csv_line(("id", "document", "kind", "says", "carried_by", "checks"))
    for row in rows:
        *cells, checks = row.values()
        yield csv_line((*cells, "; ".join(checks)))
