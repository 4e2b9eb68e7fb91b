"""What the command ``pack build`` reads, writes and prints."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from eh_interop.cli.options import OptionType, check_code, wrap
from eh_interop.core.errors import UnreadableInputError

if TYPE_CHECKING:
    from eh_interop.packs import AttachedFile, BuiltPack, PackReport


def _paper(value: str) -> tuple[str, Path]:
    kind, equals, file = value.partition("=")
    if not equals or not file:
        raise click.BadParameter("write it as TYPE=FILE, such as genogram=genogram.pdf.")
    check_code("attachment-type", kind)
    return kind, Path(file)


PAPER: Final = OptionType("TYPE=FILE", _paper)
"""A paper and what kind of paper it is."""


def read_papers(papers: Iterable[tuple[str, Path]]) -> Iterator[AttachedFile]:
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


def write_pack(built: BuiltPack, out: Path | None, encrypt_to: str | None) -> Path:
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


def print_blocking(report: PackReport) -> None:
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
            "consent (under consents: the exemption or the reason for going ahead)."
        ),
        err=True,
    )


def print_built(built: BuiltPack, target: Path) -> None:
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
