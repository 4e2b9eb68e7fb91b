"""``eh-interop clauses``: the guidance, and what in the standard carries each clause."""

from __future__ import annotations

import csv
import io
from typing import Any

import click

from eh_interop.cli.options import format_option, json_text, wrapped


@click.command("clauses")
@click.option("--document", metavar="KEY", help="Only the clauses of this document.")
@click.option("--uncarried", is_flag=True, help="Only clauses that nothing is said to carry.")
@format_option("text", "json", "csv")
def command(document: str | None, form: str, *, uncarried: bool) -> None:
    """List the clauses of the guidance, in our words, with what carries each.

    A clause is carried by the checks that cite it, or by a part of the standard
    that the register names. Context is carried by nothing.
    """
    _known(document)
    rows = [
        each
        for each in _rows()
        if document in {None, each["document"]} and not (uncarried and _carriers(each))
    ]
    if form == "json":
        click.echo(json_text(rows))
    elif form == "csv":
        click.echo(_csv(rows), nl=False)
    else:
        for each in rows:
            told = ", ".join(_carriers(each)) or "nothing"
            click.echo(wrapped(f"{each['says']} [{told}]", f"{each['id']}  ", "       "))
        click.echo(f"{len(rows)} clause{'' if len(rows) == 1 else 's'}.", err=True)


def _known(document: str | None) -> None:
    from eh_interop.guidance import documents  # noqa: PLC0415 (help needs no guidance)

    if document is not None and document not in documents():
        known = ", ".join(documents())
        raise click.BadParameter(
            f"there is no such document. The documents are: {known}.", param_hint="--document"
        )


def _rows() -> list[dict[str, Any]]:
    from eh_interop.catalogue import entries  # noqa: PLC0415 (help needs no catalogue)
    from eh_interop.guidance import clauses  # noqa: PLC0415 (help needs no guidance)

    checks: dict[str, list[str]] = {}
    for entry in entries():
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
        for each in clauses().values()
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
