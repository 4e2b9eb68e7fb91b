"""``eh-interop chase``: a reply to the referrer that lists what to supply."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from eh_interop.cli.exits import FAULT, OK, UNREADABLE
from eh_interop.cli.options import (
    DAY,
    DAY_METAVAR,
    OutputFile,
    area_option,
    as_of_option,
    format_option,
    out_option,
)
from eh_interop.cli.sources import has_pack, source_options
from eh_interop.core.fence import fenced

if TYPE_CHECKING:
    from eh_interop.checks.record_report import RecordReport
    from eh_interop.sources.formats import SourceOptions
    from eh_interop.standard.areas import Area


@click.command("chase")
@click.argument("sources", metavar="FILE|FOLDER|-...", nargs=-1, required=True)
@format_option("text", "html", "json", flag="--to")
@source_options()
@area_option()
@click.option("--from", "sender", default="", metavar="TEXT", help="Who writes, and how to answer.")
@click.option(
    "--reply-by",
    type=DAY,
    metavar=DAY_METAVAR,
    help="The day by which answers are asked for. Left out where somebody may be at risk now.",
)
@as_of_option("The day on which to judge what is overdue.")
@out_option
def command(
    sources: tuple[str, ...],
    form: str,
    area: Area | None,
    sender: str,
    reply_by: datetime | None,
    as_of: date,
    out: OutputFile,
    how: SourceOptions,
) -> int:
    """Write a reply to the referrer: what to supply, in plain English.

    It follows the sections of the form, the most serious first, and says how
    each question can be answered. It holds nothing personal: only the
    referrer's own reference. If somebody may be at immediate risk, it says
    first that the referral is being acted on and that nothing waits.

    \b
    Exit codes: 0 written, 3 something could not be read (the reply says so),
    70 our own fault.
    """  # noqa: D301 (click wants the character itself)
    from eh_interop.letters.reply import Reply, reply, write_replies

    reports = [report for source in sources for report in _reports(source, how, area, as_of)]
    by = reply_by.date() if reply_by else None
    replies, failed = list[Reply](), list[str]()
    for report in reports:
        with fenced(failed.append):
            replies.append(reply(report, area=area, sender=sender, by=by))
    for why in failed:
        click.echo(f"A reply could not be written. {why}", err=True)
    out.write(write_replies(replies, form))
    if failed or any(report.has_fault for report in reports):
        return FAULT
    return OK if reports and all(report.record_type for report in reports) else UNREADABLE


def _reports(source: str, how: SourceOptions, area: Area | None, day: date) -> list[RecordReport]:
    """Check the records of a source. What a pack lacks is asked for with its main record."""
    from eh_interop.checks.record import check_record
    from eh_interop.protection import half_said_alone
    from eh_interop.sources.opening import open_sources

    if not has_pack([source]):
        return [
            check_record(record, area=area, as_of=day, more=half_said_alone)
            for record in open_sources([source], how)
        ]
    from eh_interop.packs import check_pack, opened_pack

    with opened_pack(Path(source)) as pack:
        pack_report = check_pack(pack, area=area, as_of=day)
        about = pack.description.get("about", {}).get("recordId")
    own = [report for report in pack_report.reports if not report.across]
    main = [report for report in own if report.record_id == about][:1]
    others = [report for report in own if report not in main and report.asks]
    return [
        replace(report, findings=(*pack_report.findings, *report.findings)) for report in main
    ] + others
