"""``eh-interop cover``: a cover page for records that travel together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from eh_interop.cli.options import OutputFile, area_option, as_of_option, names_option, out_option
from eh_interop.cli.sources import source_options

if TYPE_CHECKING:
    from eh_interop.sources.formats import SourceOptions

_MIND: Final = (
    "Some of this must be kept from somebody, or warns workers. It was left out: {places}. "
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
    help="It is for somebody of the family: leave out what must be kept from any of them, or "
    "make no page if that cannot be done.",
)
@names_option("How children and family are called.")
@as_of_option("The day of the page.")
@out_option
def command(sources: tuple[str, ...], out: OutputFile, how: SourceOptions, **facts: Any) -> None:
    """Write a cover page (HTML) for records that travel together.

    It says who, what and why; immediate risk and safety warnings first; then
    consent, documents present and missing, gaps, levels of need, the genogram,
    plans and reviews. It is one page without scripts, to print or to send on.
    It holds personal data, like the records.
    """
    from eh_interop.cli.sources import readable
    from eh_interop.letters.cover import cover_of
    from eh_interop.letters.cover_page import page_of
    from eh_interop.letters.protected import shown_to_reader
    from eh_interop.reports.words import plural

    cover = cover_of([record for record, _ in readable(sources, how)], **facts)
    shown = shown_to_reader(cover)
    out.write(page_of(shown))
    if shown.protects:
        click.echo(_MIND.format(places=plural(shown.protects, "place")), err=True)
    if shown.unnamed:
        click.echo(f"Left out since it holds a name: {plural(shown.unnamed, 'place')}.", err=True)
