"""A reply to the referrer: what to supply, without anything personal.

The only thing that it repeats from the record is the referrer's own reference.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from eh_interop.checks.record_report import RecordReport
from eh_interop.core.findings import Disposition
from eh_interop.letters.replies.questions import SectionOfQuestions, questions
from eh_interop.reports import words
from eh_interop.standard.areas import Area
from eh_interop.standard.schemas import load_standard

ACTING: Final = (
    "Your referral says that somebody may be at immediate risk. It is being acted on now. "
    "Nothing waits for an answer to this letter."
)
_NOTHING: Final = "Nothing is missing. You need do nothing more."
_UNREADABLE: Final = (
    "What you sent could not be read. Please send it again. If a child may be at immediate risk, "
    "do not wait: telephone now."
)
_MISSING: Final = (
    "Thank you. It is being dealt with. Please send what is listed below, or say why it cannot "
    "be given: a reason is an answer too."
)
_LATER: Final = "When you can, please send what is listed below."


@dataclass(frozen=True, slots=True)
class Reply:
    """What to write back about one record.

    Attributes:
        reference: the referrer's own reference: the record's id; None if it has none.
        kind: what was sent, such as ``Multi-agency referral (MARF)``.
        act_now: somebody may be at immediate risk.
        opening: what stands first.
        do_now: what the area asks everybody to do at once.
        sections: the questions; empty if there are none.
        faults: why it could not be read; empty if it could.
        sender: who writes; empty if nobody was named.
        by: the day by which answers are asked for.
    """

    reference: str | None
    kind: str
    act_now: bool
    opening: str
    do_now: tuple[str, ...]
    sections: tuple[SectionOfQuestions, ...]
    faults: tuple[str, ...]
    sender: str
    by: date | None


def reply(
    report: RecordReport, *, area: Area | None = None, sender: str = "", by: date | None = None
) -> Reply:
    """Turn what a check found into a reply to whoever sent the record."""
    act_now = report.disposition is Disposition.ACT_NOW
    readable = report.record_type is not None
    sections = questions(report, area) if readable else ()
    if act_now:
        opening = f"{ACTING} {_LATER}" if sections or not readable else ACTING
    elif not readable:
        opening = _UNREADABLE
    else:
        opening = _MISSING if sections else _NOTHING
    return Reply(
        reference=report.record_id,
        kind=_kind(report),
        act_now=act_now,
        opening=opening,
        do_now=report.do_now,
        sections=sections,
        faults=() if readable else tuple(finding.message for finding in report.findings),
        sender=sender,
        # Nobody sets a day by which somebody in danger has to do paperwork.
        by=None if act_now else by,
    )


def _kind(report: RecordReport) -> str:
    if report.record_type is None:
        return "Record"
    return str(load_standard().record_schema(report.record_type)["title"])


def subject(reply: Reply) -> str:
    """Write the heading of a reply."""
    return f"{reply.kind}, your reference {reply.reference or 'not given'}"


def deadline(reply: Reply) -> str:
    """Say by when answers are asked for; nothing if there is no day or nothing to ask."""
    return f"Please answer by {words.day(reply.by)}." if reply.by and reply.sections else ""


def count(reply: Reply) -> int:
    """Count the questions."""
    return sum(len(section.questions) for section in reply.sections)
