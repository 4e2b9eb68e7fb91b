"""``eh-interop pack``: build, check, show and unpack packs of records and papers."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from eh_interop.cli.exits import FAULT, FOUND, OK
from eh_interop.cli.options import (
    OutputFile,
    area_option,
    as_of_option,
    check_code,
    format_option,
    json_text,
    out_option,
    wrap,
)
from eh_interop.cli.outputs import Target, chosen_targets, open_outputs, targets_option
from eh_interop.cli.packing import (
    PAPER,
    print_blocking,
    print_built,
    read_papers,
    write_pack,
)
from eh_interop.cli.sources import source_options
from eh_interop.core.findings import Severity

if TYPE_CHECKING:
    from eh_interop.sources.formats import SourceOptions
    from eh_interop.standard.areas import Area

_TYPES = ("referral", "step-down")
"""The kinds of pack. A test compares them with the files that state them."""

_as_of_option = as_of_option("The day on which to judge, and on which a pack is made.")
_identity_option = click.option(
    "--identity",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The file of the key that opens an encrypted pack.",
)
_pack_argument = click.argument("pack", type=click.Path(path_type=Path))


@click.group("pack")
def command() -> None:
    """Build, check, show and unpack packs: records and papers that travel together."""


@command.command("build")
@click.argument("records", metavar="RECORD...", nargs=-1, required=True)
@source_options()
@click.option(
    "--attach",
    "papers",
    type=PAPER,
    multiple=True,
    help="A paper that goes with the records. Give it several times for several.",
)
@click.option("--type", "kind", type=click.Choice(_TYPES), required=True, help="What kind of pack.")
@click.option(
    "--to",
    required=True,
    metavar="ORGANISATION",
    help="The recipient: its local id in the main record, or its name.",
)
@click.option(
    "--purpose",
    "purposes",
    multiple=True,
    metavar="CODE",
    help="What it is shared for (consent-purpose). By default what the kind of pack is for.",
)
@area_option()
@_as_of_option
@click.option(
    "--minimise", is_flag=True, help="Leave out what the recipient does not need, and list it."
)
@click.option(
    "--encrypt-to",
    metavar="KEY",
    help="Encrypt with age for this public key (age1..., or an SSH key). Needs the extra encrypt.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="The pack to make: a name that ends in .zip, or a folder. By default PACK-ID.zip here.",
)
def build_command(
    records: tuple[str, ...],
    papers: tuple[tuple[str, Path], ...],
    kind: str,
    to: str,
    purposes: tuple[str, ...],
    area: Area | None,
    as_of: date,
    minimise: bool,
    encrypt_to: str | None,
    out: Path | None,
    how: SourceOptions,
) -> int:
    """Build a pack from records and papers.

    A pack can always be made incomplete: what is missing is listed in it and printed. It is
    not made if something in it may not be shared with the recipient, and then the command
    says what to do; at immediate risk it is made all the same.

    \b
    Exit codes: 0 made, 1 not made, 2 wrong options or arguments,
    3 something could not be read, 74 it cannot be written.
    """  # noqa: D301 (click wants the character itself)
    from eh_interop.packs import PackRequest, build
    from eh_interop.sources.opening import open_sources
    from eh_interop.standard.pack_kinds import pack_kinds

    for code in purposes:
        check_code("consent-purpose", code, "--purpose")
    request = PackRequest(
        kind=pack_kinds()[kind],
        to=to,
        purposes=purposes,
        area=area,
        minimise=minimise,
        on=as_of,
    )
    built = build(request, open_sources(records, how), read_papers(papers))
    if built.report.blocking:
        print_blocking(built.report)
        return FOUND
    print_built(built, write_pack(built, out, encrypt_to))
    return OK


@command.command("check")
@_pack_argument
@area_option()
@_as_of_option
@_identity_option
@targets_option
def check_command(
    pack: Path,
    area: Area | None,
    as_of: date,
    identity: Path | None,
    targets: tuple[Target, ...],
) -> int:
    """Check a pack: is it whole and unaltered, is everything in it, and may it be shared.

    \b
    Exit codes: 0 no errors, 1 errors, 3 it is not a pack, not safe or not whole.
    """  # noqa: D301 (click wants the character itself)
    from eh_interop.packs import check_pack, opened_pack, pack_source
    from eh_interop.reports import Run, Totals

    chosen = chosen_targets(targets, None, show_values=False)
    with opened_pack(pack, identity=identity) as opened:
        pack_report = check_pack(opened, area=area, as_of=as_of)
        source, pack_id = pack_source(opened), opened.description["packId"]
    totals = Totals(has_baseline=False)
    with open_outputs(chosen, Run(area=area.key if area else None, as_of=as_of)) as outputs:
        for report in (pack_report.own(source, pack_id), *pack_report.reports):
            totals.add(report)
            outputs.record(report)
        outputs.end(totals)
    if totals.faults:
        return FAULT
    return FOUND if totals.severities[Severity.ERROR] else OK


@command.command("show")
@_pack_argument
@_identity_option
@area_option()
@_as_of_option
@format_option("text", "json", "html")
@out_option
def show_command(
    pack: Path,
    identity: Path | None,
    area: Area | None,
    as_of: date,
    form: str,
    out: OutputFile,
) -> None:
    """Show what a pack says of itself: who, what, why, and what is missing.

    As HTML it is a cover page to print, with the genogram and the levels of need.
    """
    from eh_interop.packs import opened_pack

    with opened_pack(pack, identity=identity) as opened:
        description = opened.description
        if form == "html":
            from eh_interop.letters.cover import cover_of_pack
            from eh_interop.letters.cover_page import cover_page

            out.write(cover_page(cover_of_pack(opened, as_of=as_of, area=area)))
            return
    if form == "json":
        out.write(f"{json_text(description)}\n")
        return
    from eh_interop.packs.summary_text import summary_lines

    for line in summary_lines(description):
        indent = " " * (len(line) - len(line.lstrip()) + 2)
        out.write(f"{wrap(line, rest=indent) if line else ''}\n")


@command.command("unpack")
@_pack_argument
@_identity_option
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    metavar="DIR",
    help="The folder to make. It must not be there yet.",
)
def unpack_command(pack: Path, identity: Path | None, out: Path) -> None:
    """Unpack a pack into a new folder, once all of it has been found safe, whole and unaltered."""
    from eh_interop.packs import opened_pack, unpack

    with opened_pack(pack, identity=identity) as opened:
        unpack(opened, out)
        count = len(opened.bag.digests)
    click.echo(f"{out}: {count} files.", err=True)
