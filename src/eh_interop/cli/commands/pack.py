"""``eh-interop pack``: build, check, show and unpack packs of records and papers."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from eh_interop.cli.exits import FAULT, FOUND, OK
from eh_interop.cli.options import AreaType, format_option, json_text, out_option, wrapped
from eh_interop.cli.outputs import Target, TargetType, chosen_targets, open_outputs
from eh_interop.cli.packing import PaperType, known_code, tell_built, tell_stops, write_pack
from eh_interop.core.findings import Severity

if TYPE_CHECKING:
    from eh_interop.standard.areas import Area

_TYPES = ("referral", "step-down")
"""The kinds of pack. A test compares them with the files that state them."""

_day_option = click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="The day on which to judge, and on which a pack is made. By default today.",
)
_area_option = click.option(
    "--area", type=AreaType(), help="Whose guidance to use. By default each record names its area."
)
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
@click.argument(
    "records", metavar="RECORD...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option(
    "--attach",
    "papers",
    type=PaperType(),
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
@_area_option
@_day_option
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
    records: tuple[Path, ...],
    papers: tuple[tuple[str, Path], ...],
    kind: str,
    to: str,
    purposes: tuple[str, ...],
    area: Area | None,
    as_of: datetime | None,
    minimise: bool,
    encrypt_to: str | None,
    out: Path | None,
) -> int:
    """Build a pack from records and papers.

    A pack can always be made incomplete: what is missing stands in it and is told. It is
    not made if something in it may not be shared with the recipient, and then you are told
    what to do; at immediate risk it is made all the same.

    \b
    Exit codes: 0 made, 1 not made, 2 not given right, 3 something could not be read.
    """  # noqa: D301 (click wants the character itself)
    from eh_interop.packs import Wish, build
    from eh_interop.standard.pack_kinds import pack_kinds

    for code in purposes:
        known_code("consent-purpose", code, _bad("--purpose"))
    wish = Wish(
        records=records,
        papers=papers,
        kind=pack_kinds()[kind],
        to=to,
        purposes=purposes,
        area=area,
        minimise=minimise,
        on=_day(as_of),
    )
    built = build(wish)
    if built.judgement.stops:
        tell_stops(built.judgement)
        return FOUND
    target = write_pack(built, out, encrypt_to)
    tell_built(built, target)
    return OK


@command.command("check")
@_pack_argument
@_area_option
@_day_option
@_identity_option
@click.option(
    "--format",
    "targets",
    type=TargetType(),
    multiple=True,
    help="How to report. Give it several times for several reports. By default text.",
)
def check_command(
    pack: Path,
    area: Area | None,
    as_of: datetime | None,
    identity: Path | None,
    targets: tuple[Target, ...],
) -> int:
    """Check a pack: is it whole and unaltered, is everything in it, and may it be shared.

    \b
    Exit codes: 0 no errors, 1 errors, 3 it is not a pack, not safe or not whole.
    """  # noqa: D301 (click wants the character itself)
    from eh_interop.packs import check_pack, opened_pack, pack_source
    from eh_interop.reports import Run, Totals

    day = _day(as_of)
    chosen = chosen_targets(targets, None, show_values=False)
    with opened_pack(pack, identity=identity) as opened:
        judgement = check_pack(opened, area=area, as_of=day)
        source, pack_id = pack_source(opened), opened.description["packId"]
    totals = Totals(has_baseline=False)
    with open_outputs(chosen, Run(area=area.key if area else None, as_of=day)) as outputs:
        for report in (judgement.report(source, pack_id), *judgement.reports):
            totals.add(report)
            outputs.record(report)
        outputs.end(totals)
    if totals.faults:
        return FAULT
    return FOUND if totals.severities[Severity.ERROR] else OK


@command.command("show")
@_pack_argument
@_identity_option
@_area_option
@_day_option
@format_option("text", "json", "html")
@out_option
def show_command(
    pack: Path,
    identity: Path | None,
    area: Area | None,
    as_of: datetime | None,
    form: str,
    out: IO[str],
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

            out.write(cover_page(cover_of_pack(opened, as_of=_day(as_of), area=area)))
            return
    if form == "json":
        out.write(f"{json_text(description)}\n")
        return
    from eh_interop.packs.showing import lines

    for line in lines(description):
        told = wrapped(line, rest=" " * (len(line) - len(line.lstrip()) + 2)) if line else ""
        out.write(f"{told}\n")


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


def _day(as_of: datetime | None) -> date:
    return (as_of or datetime.now().astimezone()).date()


def _bad(option: str) -> Any:
    def fail(told: str) -> None:
        raise click.BadParameter(told, param_hint=option)

    return fail
