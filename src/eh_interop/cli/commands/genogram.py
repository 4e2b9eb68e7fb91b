"""``eh-interop genogram``: the family of a record, drawn."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, cast

import click

from eh_interop.cli.options import OutputFile, as_of_option, names_option, out_option
from eh_interop.cli.sources import source_options

if TYPE_CHECKING:
    from eh_interop.genogram import Names
    from eh_interop.sources.formats import SourceOptions


@click.command("genogram")
@click.argument("record", metavar="RECORD|-")
@source_options()
@names_option("What to write below each symbol.")
@as_of_option("The day on which ages are counted.")
@out_option
def command(record: str, names: str, as_of: date, out: OutputFile, how: SourceOptions) -> None:
    """Draw the family of a record as SVG, with the usual symbols of a genogram.

    It shows what the record says: people, couples, children in order of birth,
    parental responsibility and who lives together. The same is said in words
    for people who do not see it. It holds personal data, like the record.
    """
    from eh_interop.cli.sources import only_record
    from eh_interop.genogram import genogram

    out.write(genogram(only_record(record, how), as_of=as_of, names=cast("Names", names)))
