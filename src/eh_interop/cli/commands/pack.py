"""``eh-interop pack``: build, check, show and unpack packs of records and papers."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from eh_interop.cli.exits import FAULT, FOUND, OK
from eh_interop.cli.options import (
    OptionType,
    OutputFile,
    area_option,
    as_of_option,
    check_code,
    format_option,
    json_text,
    out_option,
)
from eh_interop.cli.outputs import Target, chosen_targets, open_outputs, targets_option
from eh_interop.cli.sources import source_options
from eh_interop.core.errors import UnreadableInputError
from eh_interop.core.findings import Severity
from eh_interop.reports.words import wrap

if TYPE_CHECKING:
    from eh_interop.packs import AttachedFile, BuiltPack, PackReport
    from eh_interop.sources.formats import SourceOptions
    from eh_interop.standard.areas import Area

_TYPES = ("referral", "step-down")
"""The kinds of pack. A test compares them with the files that state them."""


def _paper(value: str) -> tuple[str, Path]:
    kind, equals, file = value.partition("=")
    if not equals or not file:
        raise click.BadParameter("write it as TYPE=FILE, such as genogram=genogram.pdf.")
    check_code("attachment-type", kind)
    return kind, Path(file)


_PAPER: Final = OptionType("TYPE=FILE", _paper)
"""A paper and what kind of paper it is."""

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
    type=_PAPER,
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
        kind=pack_kinds()[kind], to=to, purposes=purposes, area=area, minimise=minimise, on=as_of
    )
    built = build(request, open_sources(records, how), _read_papers(papers))
    if built.report.blocking:
        _print_blocking(built.report)
        return FOUND
    _print_built(built, _write_pack(built, out, encrypt_to))
    return OK


@command.command("check")
@_pack_argument
@area_option()
@_as_of_option
@_identity_option
@targets_option
def check_command(
    pack: Path, area: Area | None, as_of: date, identity: Path | None, targets: tuple[Target, ...]
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
        totals.faults += outputs.faults
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
    pack: Path, identity: Path | None, area: Area | None, as_of: date, form: str, out: OutputFile
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


def _read_papers(papers: Iterable[tuple[str, Path]]) -> Iterator[AttachedFile]:
    """Yield the papers that go with the records.

    Raises:
        UnreadableInputError: a file cannot be read, or is too large.
    """
    from eh_interop.packs import MAX_FILE_BYTES, AttachedFile

    for kind, path in papers:
        try:
            if path.stat().st_size > MAX_FILE_BYTES:
                raise UnreadableInputError(f"{path} is too large for a pack.")
            yield AttachedFile(kind, path.name, path.read_bytes())
        except OSError as problem:
            raise UnreadableInputError(f"{path} cannot be read: {problem.strerror}.") from None


def _write_pack(built: BuiltPack, out: Path | None, encrypt_to: str | None) -> Path:
    """Write a pack: as a zip file or a folder, by its name, or encrypted."""
    from eh_interop.core.atomic import new_file
    from eh_interop.packs.bag import write_folder, write_zip

    pack_id = built.description["packId"]
    target = out or Path(f"{pack_id}.zip" + (".age" if encrypt_to else ""))
    if encrypt_to:
        from eh_interop.packs.encryption import encrypt, recipient

        key = recipient(encrypt_to)
        plain = io.BytesIO()
        write_zip(built.files, plain, pack_id)
        plain.seek(0)
        with new_file(target) as file:
            encrypt(plain, file, key)
    elif target.suffix.lower() == ".zip":
        with new_file(target) as file:
            write_zip(built.files, file, pack_id)
    else:
        write_folder(built.files.items(), target)
    return target


def _print_blocking(report: PackReport) -> None:
    """Say why a pack was not made, and what to do."""
    click.echo("The pack was not made: something in it may not be shared as it is.", err=True)
    for finding in report.blocking:
        text = f"{finding.code} {finding.place}: {finding.message}"
        click.echo(wrap(text, "  ", "    "), err=True)
    for question in dict.fromkeys(finding.ask for finding in report.blocking if finding.ask):
        click.echo(wrap(f"→ {question}", "  ", "    "), err=True)
    click.echo(
        wrap(
            "Get consent, leave it out, or record in the main record why it is shared without "
            "consent (under consents: the reason for not asking or for going ahead, or the lawful "
            "basis with the legal power). First put right what could not be read."
        ),
        err=True,
    )


def _print_built(built: BuiltPack, target: Path) -> None:
    """Say what was made, what to do now, and what is still missing."""
    description, report = built.description, built.report
    records, papers = len(description["records"]), len(description.get("attachments", ()))
    click.echo(f"{target}: {records} records, {papers} other papers.")
    for line in report.own("").do_now:
        click.echo(wrap(line, "  → ", "    "))
    for place, why in built.withheld:
        click.echo(wrap(f"Left out: {place}. {why}", "  ", "    "))
    for item in description.get("leftOut", ()):
        if "cites" not in item:
            continue
        what = item.get("recordType") or item.get("type")
        click.echo(f"  Left out: {what} ({', '.join(item['cites'])}).")
    if "sharingLog" in description:
        click.echo("  What is shared without consent is listed in the pack's sharing log.")
    gaps: Iterable[dict[str, Any]] = description.get("gaps", ())
    questions = list(dict.fromkeys(gap.get("ask") or gap["message"] for gap in gaps))
    if questions:
        click.echo(f"  Still missing ({len(questions)}), and listed in the pack:")
        for question in questions:
            click.echo(wrap(question, "   - ", "     "))
