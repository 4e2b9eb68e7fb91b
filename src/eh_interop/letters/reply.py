"""A reply to the referrer: what to supply, without anything personal; as text, page or JSON.

The only thing that it repeats from the record is the referrer's own reference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Final

import orjson

from eh_interop.checks.record_report import RecordReport
from eh_interop.core.findings import Disposition, Severity
from eh_interop.core.pages import page
from eh_interop.letters.questions import SectionOfQuestions, form_title, questions
from eh_interop.reports import words
from eh_interop.standard.areas import Area

_ACTING: Final = (
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
_FIRST: Final = (
    "Please tell us at once, by telephone, whether anybody is at immediate risk: what you sent "
    "does not say. If you think so, call 999 or our front door now and do not wait for a form."
)
_LATER: Final = "When you can, please send what is listed below."
_WIDTH: Final = 78
_TITLE: Final = "What we still need from you"
_WEIGHT: Final = {Severity.ERROR: "Needed", Severity.WARNING: "Normally sent"}
_FACTS: Final = ("code", "severity", "ask", "where", "how", "document", "reasons")
_NOW: Final = "Do this now"


@dataclass(frozen=True, slots=True)
class Reply:
    """What to write back about one record.

    Attributes:
        reference: the referrer's own reference: the record's id.
        kind: what was sent, such as ``Multi-agency referral (MARF)``.
        do_now: what the area asks everybody to do at once.
        faults: why it could not be read; empty if it could.
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
    """Make a reply to whoever sent a record from the report on it."""
    act_now = report.disposition is Disposition.ACT_NOW
    readable = report.record_type is not None
    sections = questions(report, area) if readable else ()
    if act_now:
        opening = f"{_ACTING} {_LATER}" if sections or not readable else _ACTING
    elif not readable:
        opening = _UNREADABLE
    elif report.disposition is Disposition.ASK_FIRST:
        opening = f"{_FIRST} {_LATER}"
    else:
        opening = _MISSING if sections else _NOTHING
    return Reply(
        reference=report.record_id,
        kind=form_title(report.record_type),
        act_now=act_now,
        opening=opening,
        do_now=report.do_now,
        sections=sections,
        faults=() if readable else tuple(finding.message for finding in report.findings),
        sender=sender,
        # Nobody sets a day by which somebody in danger has to do paperwork.
        by=None if act_now else by,
    )


def _subject(reply: Reply) -> str:
    return f"{reply.kind}, your reference {reply.reference or 'not given'}"


def _deadline(reply: Reply) -> str:
    """Return by when answers are asked for; nothing if there is no day or nothing to ask."""
    return f"Please answer by {words.day(reply.by)}." if reply.by and reply.sections else ""


def write_replies(replies: Iterable[Reply], form: str) -> str:
    """Write replies in one of :data:`FORMS`."""
    return FORMS[form](list(replies))


def _text(replies: list[Reply]) -> str:
    return f"\n\n{'=' * _WIDTH}\n\n".join("".join(_letter(reply)) for reply in replies)


def _letter(reply: Reply) -> Iterator[str]:
    yield f"{_subject(reply)}\n\n"
    yield _paragraph(reply.opening)
    if reply.do_now:
        yield f"\n{_NOW}\n"
        yield from (_paragraph(line, "  * ") for line in reply.do_now)
    if reply.faults:
        yield "\n"
        yield from (_paragraph(fault, "  * ") for fault in reply.faults)
    number = 0
    for asked in reply.sections:
        yield f"\n{asked.title}\n"
        for question in asked.questions:
            number += 1
            yield _paragraph(question.ask, f" {number:>2}. ")
            yield _paragraph(
                f"{_WEIGHT[question.severity]}. Where: {'; '.join(question.where)}.", "     "
            )
            yield _paragraph(question.how, "     ")
    for line in (_deadline(reply), reply.sender):
        if line:
            yield f"\n{_paragraph(line)}"


def _paragraph(text: str, first: str = "") -> str:
    return words.wrap(text, first, " " * len(first), _WIDTH) + "\n"


def _html(replies: list[Reply]) -> str:
    return page(
        "letters/reply.jinja",
        title=_TITLE,
        replies=replies,
        subject=_subject,
        deadline=_deadline,
        now=_NOW,
        weight=_WEIGHT,
    )


def _json(replies: list[Reply]) -> str:
    plain = {"replies": [_plain(reply) for reply in replies]}
    return f"{orjson.dumps(plain, option=orjson.OPT_INDENT_2).decode()}\n"


def _plain(reply: Reply) -> dict[str, Any]:
    return {
        "reference": reply.reference,
        "kind": reply.kind,
        "actNow": reply.act_now,
        "opening": reply.opening,
        "doNow": list(reply.do_now),
        "unreadable": list(reply.faults),
        "answerBy": reply.by.isoformat() if reply.by and reply.sections else None,
        "from": reply.sender or None,
        "sections": [
            {
                "title": asked.title,
                "questions": [
                    {name: getattr(question, name) for name in _FACTS}
                    for question in asked.questions
                ],
            }
            for asked in reply.sections
        ],
    }


FORMS: Final[Mapping[str, Callable[[list[Reply]], str]]] = MappingProxyType(
    {"text": _text, "html": _html, "json": _json}
)
"""Every form that a reply can be written in."""
