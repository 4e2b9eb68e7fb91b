"""``eh-interop mapping``: the tables that say whose column is which field."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from eh_interop.cli.exits import FOUND
from eh_interop.cli.options import (
    RECORD_TYPE,
    OutputFile,
    format_option,
    json_text,
    output_option,
    table,
)
from eh_interop.cli.options import show as show_as

if TYPE_CHECKING:
    from eh_interop.formats.partners import MappingTable
    from eh_interop.formats.partners.draft_questions import DraftQuestion


_FACTS: Final = ("mapping", "record", "format", "title")


@click.group("mapping")
def command() -> None:
    """Draft, check and show mappings of partner files."""


@command.command("list")
@format_option("text", "json")
def list_(form: str) -> None:
    """List the mappings that come with this toolkit."""
    from eh_interop.formats.partners import load_table, shipped_mappings

    tables = [load_table(name) for name in shipped_mappings()]
    facts = [{name: getattr(one, name) for name in _FACTS} for one in tables]
    show_as(form, facts, lambda: table(tuple(row.values()) for row in facts))


@command.command()
@click.argument("mapping", metavar="NAME|FILE.toml")
@format_option("text", "json")
def show(mapping: str, form: str) -> None:
    """Show which column, element or member of a file is which field."""
    from eh_interop.formats.partners import load_table

    shown = load_table(mapping)
    rows = list(_rows(shown))
    if form == "json":
        fields = [dict(zip(("theirs", "ours", "how"), row, strict=True)) for row in rows]
        lost = [{"theirs": row.theirs, "why": row.why} for row in shown.lost]
        facts = {name: getattr(shown, name) for name in ("mapping", "title", "record", "format")}
        click.echo(json_text({**facts, "fields": fields, "lost": lost}))
        return
    click.echo(f"{click.style(shown.mapping, bold=True)}  {shown.title}\nMakes {shown.record}.\n")
    click.echo(table(rows))
    for row in shown.lost:
        click.echo(f"\nNot taken over: {row.theirs}. {row.why}", nl=False)
    if shown.lost:
        click.echo()


def _rows(mapping: MappingTable) -> Iterator[tuple[str, str, str]]:
    yield from ((field.theirs, field.ours, _how(field)) for field in mapping.fields)
    for part in mapping.parts:
        below = f"{part.theirs}/" if part.theirs and mapping.format == "xml" else part.theirs
        for field in part.fields:
            yield f"{below}{field.theirs}", f"{part.items}/*{field.ours}", _how(field)


def _how(row: Any) -> str:
    words = (("codes", row.codes), ("via", row.via), ("dates", row.dates), ("split by", row.split))
    stated = [f"{word} {value}" for word, value in words if value]
    return ", ".join([*stated, *(["required"] if row.required else [])])


@command.command()
@click.argument("mapping", metavar="NAME|FILE.toml")
@click.option(
    "--file",
    "partner",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Compare its headings with the mapping, too.",
)
@format_option("text", "json")
def check(mapping: str, partner: Path | None, form: str) -> None:
    """Check a mapping against the standard, before any data is read.

    Every field, code, converter and entry that it names has to exist, nothing
    may be mapped twice, and no entry may lack what the standard requires of it.
    With a file it also says which share of the cells is read, and what is left.
    Exit code 1 if something has to be put right.
    """
    from eh_interop.formats.partners import check_table, headings_of, load_table

    checked = load_table(mapping)
    headings = headings_of(partner, checked) if partner else None
    problems = check_table(checked, headings)
    if form == "json":
        facts = [
            {"line": problem.line or None, "severity": problem.severity, "message": problem.message}
            for problem in problems
        ]
        click.echo(json_text({"mapping": checked.mapping, "problems": facts}))
    else:
        for problem in problems:
            where = f"{checked.origin}:{problem.line}" if problem.line else checked.origin
            click.echo(f"{where}: {problem.severity}: {problem.message}")
        errors = sum(problem.severity == "error" for problem in problems)
        counts = f"{_counted(errors, 'error')}, {_counted(len(problems) - errors, 'warning')}"
        click.echo(f"{checked.mapping}: {counts}.")
    if any(problem.severity == "error" for problem in problems):
        click.get_current_context().exit(FOUND)
    if partner is not None and form == "text":
        for line in _coverage(partner, checked):
            click.echo(line)


def _coverage(partner: Path, mapping: MappingTable) -> Iterator[str]:
    """Say which share of the cells is read, and what is left, by column."""
    from eh_interop.formats.partners import coverage

    columns = coverage(partner, mapping)
    filled = sum(column.filled for column in columns)
    if not filled:
        return
    read = sum(column.read for column in columns)
    yield f"{read / filled:.0%} of {filled:,} filled cells are read as the mapping says."
    for column in columns:
        if column.filled > column.read:
            left = f"{column.filled - column.read:,} of {column.filled:,}"
            what = "kept as written" if column.mapped else "not in the mapping: local data"
            yield f"  {column.heading}: {left} {what}"


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number or 'no'} {what}s"


@command.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--record", type=RECORD_TYPE, required=True, help="The record type to make.")
@click.option("--sheet", default="", help="The sheet of a workbook; else the first visible one.")
@click.option(
    "--header-row",
    type=click.IntRange(1, 1000),
    default=None,
    help="The row of the headings, from 1; found by looking if left out.",
)
@click.option(
    "--partner",
    "partner",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What this partner called things before: a file of mapping learn.",
)
@click.option("--interactive", is_flag=True, help="Ask about what the draft is not sure of.")
@output_option
def draft(
    file: Path,
    record: str,
    sheet: str,
    header_row: int | None,
    partner: Path | None,
    output: OutputFile,
    *,
    interactive: bool,
) -> None:
    """Propose a mapping for a table, to be edited by somebody who knows the data.

    Headings are read as people read them, and values are looked at for dates, identifiers
    and codes, and never shown: of each column, shapes such as 99/99/9999 are. A column of which
    the draft is not sure (below 90 of 100) has to be looked at by somebody who knows the data.
    """
    from eh_interop.formats.partners.draft import draft_mapping
    from eh_interop.formats.partners.partner_aliases import as_known, read_aliases

    drafted = draft_mapping(
        file,
        record,
        sheet=sheet,
        header_row=header_row or 0,
        ask=_asked if interactive else None,
        aliases=as_known(read_aliases(partner)) if partner else None,
    )
    output.write(drafted.text)
    rows = [
        (one.heading, one.place or "-", str(one.score or "-"), one.why, "  ".join(one.shapes))
        for one in drafted.columns
    ]
    click.echo(
        table([("column", "goes to", "sure", "because", "values look like"), *rows]), err=True
    )
    if not any(one.shapes for one in drafted.columns):
        click.echo("No row stands below the headings: nobody could look at values.", err=True)
    if drafted.dates:
        click.echo(f"Dates are read as {drafted.dates}. {drafted.dates_seen}", err=True)
    click.echo(
        f"{_counted(drafted.matched, 'column')} matched, {len(drafted.unmatched)} not.", err=True
    )


def _asked(question: DraftQuestion) -> int:
    """Ask a question in the terminal; no value stands in it."""
    click.echo(f"\n{click.style(question.text, bold=True)}", err=True)
    if question.shapes:
        click.echo(f"Its values look like  {'   '.join(question.shapes)}", err=True)
    for number, choice in enumerate(question.choices, 1):
        click.echo(f"  {number}  {choice}", err=True)
    last = len(question.choices)

    def read(answer: str) -> int:
        if answer.strip() not in map(str, range(1, last + 1)):
            raise click.BadParameter(f"Please write a number from 1 to {last}.")
        return int(answer) - 1

    return click.prompt("Your answer", value_proc=read, default="1", err=True)


@command.command()
@click.argument("mapping", metavar="FILE.toml")
@click.option(
    "--partner",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="The file of what this partner calls things. It is made, or added to.",
)
def learn(mapping: str, partner: Path) -> None:
    """Keep the headings and words of a mapping that you have put right, for the next file.

    mapping draft --partner knows them then: a heading that has changed a little is matched with the
    one of before, and the table on the screen says so. No value of a record is kept.
    """
    from eh_interop.core.atomic import replaced_file
    from eh_interop.formats.partners import load_table
    from eh_interop.formats.partners.partner_aliases import (
        aliases_of,
        learned,
        read_aliases,
        write_aliases,
    )

    before = read_aliases(partner) if partner.exists() else []
    after = learned(before, aliases_of(load_table(mapping)))
    with replaced_file(partner, "w", encoding="utf-8") as file:
        file.write(write_aliases(after))
    changed = len(set(after) - set(before))
    what = "headings and words for codes are known"
    click.echo(f"{partner.name}: {len(after)} {what}, {changed} of them new or changed.")
