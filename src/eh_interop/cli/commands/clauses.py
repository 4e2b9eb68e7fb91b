"""``eh-interop clauses``: the guidance, and what in the standard carries each clause."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import click

from eh_interop.cli.options import AreaType, format_option, json_text, wrapped

if TYPE_CHECKING:
    from eh_interop.standard.areas import Area


@click.command("clauses")
@click.option(
    "--area",
    type=AreaType(),
    help="Only the clauses of documents that this area follows, those of its own file too.",
)
@click.option("--document", metavar="KEY", help="Only the clauses of this document.")
@click.option("--uncarried", is_flag=True, help="Only clauses that nothing is said to carry.")
@format_option("text", "json", "csv")
def command(area: Area | None, document: str | None, form: str, *, uncarried: bool) -> None:
    """List the clauses of the guidance, in our words, with what carries each.

    A clause is carried by the checks that cite it, or by a part of the standard
    that the register names. Context is carried by nothing.
    """
    _known(document, area)
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
        click.echo(_csv(rows), nl=False)
    else:
        for row in rows:
            told = ", ".join(_carriers(row)) or "nothing"
            click.echo(wrapped(f"{row['says']} [{told}]", f"{row['id']}  ", "       "))
        click.echo(f"{len(rows)} clause{'' if len(rows) == 1 else 's'}.", err=True)


def _known(document: str | None, area: Area | None) -> None:
    from eh_interop.standard.guidance import documents

    own = area.documents if area else {}
    if document is not None and document not in {**documents(), **own}:
        known = ", ".join((*documents(), *own))
        raise click.BadParameter(
            f"there is no such document. The documents are: {known}.", param_hint="--document"
        )


def _rows(area: Area | None) -> list[dict[str, Any]]:
    from eh_interop.checks.catalogue import entries, entries_of
    from eh_interop.standard.guidance import clauses

    checks: dict[str, list[str]] = {}
    for entry in entries() if area is None else entries_of(area):
        for cite in entry.cites:
            checks.setdefault(cite, []).append(entry.code)
    return [
        {
            "id": each.id,
            "document": each.document,
            "kind": each.kind,
            "says": each.says,
            "carriedBy": each.carried_by or None,
            "checks": checks.get(each.id, []),
        }
        for each in {**clauses(), **(area.clauses if area else {})}.values()
    ]


def _carriers(row: dict[str, Any]) -> list[str]:
    """Return what the register names and what cites the clause, each once."""
    named = (row["carriedBy"] or "").replace(";", ",").split(",")
    return list(dict.fromkeys([*(each.strip() for each in named if each.strip()), *row["checks"]]))


def _csv(rows: list[dict[str, Any]]) -> str:
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\n").writerow
    write(["id", "document", "kind", "says", "carried_by", "checks"])
    for row in rows:
        *cells, checks = row.values()
        write([*cells, "; ".join(checks)])
    return out.getvalue()
