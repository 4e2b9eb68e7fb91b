"""``eh-interop template``: tables or a record to fill in."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from eh_interop.cli.options import RECORD_TYPE, area_option, json_text
from eh_interop.core.atomic import output_errors, replaced_file

if TYPE_CHECKING:
    from eh_interop.standard.areas import Area

_SCREEN: Final = Path("-")


@click.command("template")
@click.argument("record_type", type=RECORD_TYPE)
@click.option(
    "--to",
    "form",
    type=click.Choice(["xlsx", "csv", "json", "docx"]),
    required=True,
    help="A workbook, a folder of CSV files, one JSON record, or a Word form.",
)
@area_option(
    "Whose requirements to meet, and whose words to use. By default national guidance alone."
)
@click.option(
    "--view",
    type=click.Choice(["core", "full"]),
    default="core",
    show_default=True,
    help="For a Word form: how much it asks.",
)
@click.option(
    "--output",
    "--out",
    type=click.Path(path_type=Path),
    default=_SCREEN,
    metavar="FILE|FOLDER",
    help="Where to write it. Only JSON can go to the screen.",
)
def command(record_type: str, form: str, area: Area | None, view: str, output: Path) -> None:
    """Write a template to fill in, with everything that an area always requires.

    The columns of a workbook or of CSV files are those of the standard, so what
    you fill in is read back without a mapping. The second row says what to write
    in each column; rows that are always needed are begun already. The first
    columns of a sheet are numbers that say what a row belongs to.

    In a workbook you choose codes from lists, with the words of the area.

    A Word form is for people to publish and fill in. Its core asks what is
    required, protects somebody or is usual; "check" reads it back.
    """
    from eh_interop.standard.areas import NEUTRAL, load_area
    from eh_interop.standard.schemas import load_standard

    chosen, standard = area or load_area(NEUTRAL), load_standard()
    if form == "json":
        from eh_interop.samples.skeleton import skeleton

        _show(f"{json_text(skeleton(standard, record_type, chosen))}\n", output)
        return
    if output == _SCREEN:
        raise click.UsageError(f"Say with --output where to write the {form} template.")
    if form == "docx":
        from eh_interop.formats._shared.printed import build_form
        from eh_interop.formats.word import to_word
        from eh_interop.standard.views import ViewLevel

        with output_errors(output.name), replaced_file(output, "wb") as file:
            file.write(to_word(build_form(record_type, chosen, ViewLevel(view))))
        return
    from eh_interop.formats.tables import templates

    write = {"csv": templates.write_csv_template, "xlsx": templates.write_xlsx_template}[form]
    with output_errors(output.name):
        write(standard, record_type, chosen, output)


def _show(text: str, output: Path) -> None:
    if output == _SCREEN:
        sys.stdout.write(text)
        return
    with replaced_file(output, "w", encoding="utf-8") as file:
        file.write(text)
