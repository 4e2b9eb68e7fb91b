"""``eh-interop cover``: a cover page for records that travel together."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

import click

from eh_interop.cli.options import OutputFile, area_option, as_of_option, names_option, out_option
from eh_interop.cli.sources import source_options

if TYPE_CHECKING:
    from eh_interop.sources.formats import SourceOptions
    from eh_interop.standard.areas import Area

_MIND: Final = (
    "Some of this must be kept from somebody, or warns workers. It was left out. "
    "Think about who may see the page, and whether sending it is safe."
)


@click.command("cover")
@click.argument("sources", metavar="RECORD...", nargs=-1, required=True)
@source_options()
@area_option()
@click.option("--to", "recipient", default="", metavar="TEXT", help="Who gets it.")
@click.option("--from", "sender", default="", metavar="TEXT", help="Who sends it.")
@click.option("--purpose", default="", metavar="TEXT", help="Why it is sent.")
@click.option("--lawful-basis", default="", metavar="TEXT", help="The lawful basis of sharing.")
@click.option(
    "--family",
    "for_family",
    is_flag=True,
    help="It is for somebody of the family: leave out what must be kept from them.",
)
@names_option("How children and family are called.")
@as_of_option("The day of the page.")
@out_option
def command(
    sources: tuple[str, ...],
    area: Area | None,
    recipient: str,
    sender: str,
    purpose: str,
    lawful_basis: str,
    names: str,
    as_of: date,
    out: OutputFile,
    how: SourceOptions,
    *,
    for_family: bool,
) -> None:
    """Write a cover page (HTML) for records that travel together.

    It says who, what and why; immediate risk and safety warnings first; then
    consent, documents present and missing, gaps, levels of need, the genogram,
    plans and reviews. It is one page without scripts, to print or to send on.
    It holds personal data, like the records.
    """
    from eh_interop.cli.sources import readable
    from eh_interop.letters.cover import cover_of
    from eh_interop.letters.cover_page import cover_page
    from eh_interop.letters.protected import keeps_secrets

    cover = cover_of(
        [document for _, document in readable(sources, how)],
        as_of=as_of,
        area=area,
        recipient=recipient,
        sender=sender,
        purpose=purpose,
        lawful_basis=lawful_basis,
        for_family=for_family,
        names=names,
    )
    out.write(cover_page(cover))
    if for_family and keeps_secrets(cover):
        click.echo(_MIND, err=True)
