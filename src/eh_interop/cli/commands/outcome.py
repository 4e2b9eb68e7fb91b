"""``eh-interop outcome``: the answer of the MASH to a referral, as a record."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from eh_interop.cli.exits import FAULT, FOUND, OK
from eh_interop.cli.options import (
    DAY,
    DAY_METAVAR,
    OptionType,
    OutputFile,
    area_option,
    as_of_option,
    json_text,
    no_such,
    out_option,
)
from eh_interop.cli.sources import source_options

if TYPE_CHECKING:
    from eh_interop.checks.record_report import RecordReport
    from eh_interop.sources.formats import SourceOptions
    from eh_interop.standard.areas import Area

F = TypeVar("F", bound=Callable[..., Any])


def _code_of(code_list: str) -> OptionType:
    """Return the type of a code of one code list of the standard."""

    def read(value: str) -> str:
        from eh_interop.standard.code_lists import titles

        if value not in titles(code_list):
            raise no_such("code", titles(code_list))
        return value

    return OptionType("CODE", read)


def _moment(value: str) -> datetime:
    """Read a date and time with its zone; without a zone it would mean two moments."""
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise click.BadParameter("write it like 2026-10-13T12:20+01:00.") from None
    if moment.tzinfo is None:
        raise click.BadParameter("give the time zone too, like 2026-10-13T12:20+01:00.")
    return moment


_MOMENT: Final = OptionType("YYYY-MM-DDThh:mm+hh:mm", _moment)


def _options(kind: str, **how: Any) -> Callable[[F], F]:
    """Add the options of one kind: name and help text of each stand in ``outcome.toml``."""
    stated = tomllib.loads(Path(__file__).with_name("outcome.toml").read_text("utf-8"))[kind]

    def add(command: F) -> F:
        for name, text in reversed(stated.items()):
            parameter = "record_id" if name == "id" else name.replace("-", "_")
            command = click.option(f"--{name}", parameter, help=text, **how)(command)
        return command

    return add


@click.command("outcome")
@click.argument("referral", metavar="MARF|-")
@source_options()
@click.option("--code", type=_code_of("mash-outcome"), required=True, help="What was decided.")
@click.option("--decided-at", type=_MOMENT, help="When. By default now.")
@click.option("--received-at", type=_MOMENT, help="When the referral arrived.")
@click.option("--decided-by-role", type=_code_of("practitioner-role"), help="Their role.")
@_options("texts", default="", metavar="TEXT")
@_options("days", type=DAY, metavar=DAY_METAVAR)
@click.option(
    "--told", "informed_role", type=_code_of("informed-role"), help="Who was told (G-116)."
)
@click.option(
    "--immediate-risk/--no-immediate-risk",
    default=None,
    help="Whether somebody is at immediate risk. By default what the referral says.",
)
@click.option(
    "--absent",
    multiple=True,
    metavar="FIELD=REASON",
    help="Why something is missing, where the standard accepts a reason.",
)
@area_option("Whose guidance to use. By default the referral names its area.")
@as_of_option("The day on which to judge what is overdue.")
@out_option
def command(
    referral: str,
    area: Area | None,
    as_of: date,
    decided_at: datetime | None,
    absent: tuple[str, ...],
    out: OutputFile,
    how: SourceOptions,
    **answers: Any,
) -> int:
    """Write what the MASH decided about a referral, as a record linked to it.

    The record is checked before it is written. What is still missing is asked
    for on stderr, with what can be put instead; nothing is made up. It is
    written in any case.

    \b
    Exit codes: 0 nothing at error level, 1 something has to be added,
    2 wrong options or arguments, 3 the referral could not be read,
    70 our own fault.
    """  # noqa: D301 (click wants the character itself)
    from eh_interop.api import check
    from eh_interop.cli.sources import only_record
    from eh_interop.letters.outcome import Answer, outcome_record

    answer = Answer(
        decided_at=decided_at or datetime.now().astimezone().replace(microsecond=0),
        absent=_reasons(absent),
        **{name: _plain(value) for name, value in answers.items() if value is not None},
    )
    record = outcome_record(only_record(referral, how), answer)
    report = check(record, area=area, as_of=as_of)
    _refuse_unaccepted(report, area, answer.absent)
    out.write(f"{json_text(record)}\n")
    _print_questions(report, area)
    if any(skipped.fault for skipped in report.not_run):
        return FAULT
    return FOUND if any(finding.severity == "error" for finding in report.findings) else OK


def _plain(value: Any) -> Any:
    """Turn the day that click reads as a moment into a day."""
    if isinstance(value, datetime) and value.tzinfo is None:
        return value.date()
    return value


def _reasons(absent: Iterable[str]) -> dict[str, str]:
    reasons: dict[str, str] = {}
    for pair in absent:
        name, equals, reason = pair.partition("=")
        if not equals:
            raise click.BadParameter(
                "write it like referrerToldOn=not-known.", param_hint="--absent"
            )
        reasons[name] = reason
    return reasons


def _refuse_unaccepted(report: RecordReport, area: Area | None, absent: Mapping[str, str]) -> None:
    """Take a reason only for what may be missing for that reason."""
    from eh_interop.letters.questions import accepted_reasons

    accepted = accepted_reasons(report, area)
    for name, reason in absent.items():
        reasons = accepted.get(name, ())
        if reason not in reasons:
            put = f"It takes: {', '.join(reasons)}." if reasons else "It takes no reason."
            raise click.BadParameter(
                f"this is not accepted for {name}. {put}", param_hint="--absent"
            )


def _print_questions(report: RecordReport, area: Area | None) -> None:
    """Print the questions that are left, and every finding with its code."""
    from eh_interop.letters.questions import questions

    for action in report.do_now:
        click.echo(f"  -> {action}", err=True)
    for section in questions(report, area):
        click.echo(f"{section.title}", err=True)
        for question in section.questions:
            where = "; ".join(question.where)
            click.echo(f"  {question.severity:<8} {question.code} {where}", err=True)
            click.echo(f"    {question.ask}", err=True)
            if question.reasons:
                click.echo(
                    f"    Or say why it is missing: {', '.join(question.reasons)}.", err=True
                )
