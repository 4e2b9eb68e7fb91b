"""``eh-interop genogram``: the family of a record, drawn."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final, cast

import click

from eh_interop.cli.options import OutputFile, as_of_option, names_option, out_option
from eh_interop.cli.sources import source_options

if TYPE_CHECKING:
    from eh_interop.genogram import Names
    from eh_interop.sources.formats import SourceOptions

_MIND: Final = (
    "The record protects somebody. The drawing says so, and is for agencies only: for the "
    "family use --family."
)
_LEFT_OUT: Final = (
    "The record protects somebody. What is protected was left out. Think about who may see the "
    "drawing, and whether sending it is safe."
)


@click.command("genogram")
@click.argument("record", metavar="RECORD|-")
@source_options()
@names_option("What to write below each symbol.")
@click.option(
    "--family",
    "for_family",
    is_flag=True,
    help="It is for somebody of the family: leave out what must be kept from any of them, or "
    "draw nothing if that cannot be done.",
)
@as_of_option("The day on which ages are counted.")
@out_option
def command(
    record: str, names: str, as_of: date, out: OutputFile, how: SourceOptions, *, for_family: bool
) -> None:
    """Draw the family of a record as SVG, with the usual symbols of a genogram.

    It shows what the record says: people, couples, children in order of birth,
    parental responsibility and who lives together. The same is said in words
    for people who do not see it. It holds personal data, like the record.
    """
    from eh_interop.cli.sources import record_and_others
    from eh_interop.genogram import genogram
    from eh_interop.protection import Audience, protections

    given = record_and_others(record, how)
    main = given[0].document or {}
    drawing = genogram(
        main, as_of=as_of, names=cast("Names", names), for_family=for_family, given=given
    )
    out.write(drawing)
    view = protections(given).view(main, Audience.FAMILY if for_family else Audience.AGENCY)
    if view.marks or view.left_out:
        click.echo(_LEFT_OUT if for_family else _MIND, err=True)
