"""Replies as text, as a page, and as JSON."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from html import escape
from types import MappingProxyType
from typing import Any, Final

import orjson

from eh_interop.core.findings import Severity
from eh_interop.letters.replies.chase import Reply, deadline, subject
from eh_interop.letters.replies.questions import Question
from eh_interop.reports.html_report import bullets, head

_WIDTH: Final = 78
_TITLE: Final = "What we still need from you"
_WEIGHT: Final = {Severity.ERROR: "Needed", Severity.WARNING: "Normally sent"}
_NOW: Final = "Do this now"


def write_replies(replies: Iterable[Reply], form: str) -> str:
    """Write replies in one of :data:`FORMS`."""
    return FORMS[form](list(replies))


def weight(question: Question) -> str:
    """Say how much an answer matters."""
    return _WEIGHT.get(question.severity, "")


def _text(replies: list[Reply]) -> str:
    return f"\n\n{'=' * _WIDTH}\n\n".join("".join(_letter(reply)) for reply in replies)


def _letter(reply: Reply) -> Iterator[str]:
    yield f"{subject(reply)}\n\n"
    yield _paragraph(reply.opening)
    if reply.do_now:
        yield f"\n{_NOW}\n"
        yield from (_paragraph(each, "  * ") for each in reply.do_now)
    if reply.faults:
        yield "\n"
        yield from (_paragraph(fault, "  * ") for fault in reply.faults)
    number = 0
    for section in reply.sections:
        yield f"\n{section.title}\n"
        for question in section.questions:
            number += 1
            yield _paragraph(question.ask, f" {number:>2}. ")
            yield _paragraph(f"{weight(question)}. Where: {'; '.join(question.where)}.", "     ")
            yield _paragraph(question.how, "     ")
    for line in (deadline(reply), reply.sender):
        if line:
            yield f"\n{_paragraph(line)}"


def _paragraph(text: str, first: str = "") -> str:
    rest = " " * len(first)
    return f"{textwrap.fill(text, _WIDTH, initial_indent=first, subsequent_indent=rest)}\n"


def _html(replies: list[Reply]) -> str:
    parts = [
        head(_TITLE),
        f'<header>\n<h1>{_TITLE}</h1>\n</header>\n<main id="main" tabindex="-1">\n',
    ]
    for reply in replies:
        parts += _section(reply)
    return "".join([*parts, "</main>\n</body>\n</html>\n"])


def _section(reply: Reply) -> Iterator[str]:
    kind = ' class="act-now"' if reply.act_now else ""
    yield f"<section{kind}>\n<h2>{escape(subject(reply))}</h2>\n"
    alarm = ' class="do-now"' if reply.act_now else ""
    yield f"<p{alarm}>{escape(reply.opening)}</p>\n"
    if reply.do_now:
        yield f'<div class="do-now">\n<h3>{_NOW}</h3>\n'
        yield from bullets(reply.do_now)
        yield "</div>\n"
    yield from bullets(reply.faults) if reply.faults else ()
    number = 1
    for section in reply.sections:
        yield f'<h3>{escape(section.title)}</h3>\n<ol start="{number}">\n'
        number += len(section.questions)
        yield from map(_item, section.questions)
        yield "</ol>\n"
    for line in filter(None, (deadline(reply), reply.sender)):
        yield f"<p>{escape(line)}</p>\n"
    yield "</section>\n"


def _item(question: Question) -> str:
    where = escape("; ".join(question.where))
    return (
        f"<li><p>{escape(question.ask)}</p>\n"
        f'<p class="source"><strong>{weight(question)}.</strong> Where: {where}.<br>'
        f"{escape(question.how)}</p></li>\n"
    )


def _json(replies: list[Reply]) -> str:
    told = {"replies": [_plain(reply) for reply in replies]}
    return f"{orjson.dumps(told, option=orjson.OPT_INDENT_2).decode()}\n"


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
            {"title": section.title, "questions": list(map(_plain_question, section.questions))}
            for section in reply.sections
        ],
    }


def _plain_question(question: Question) -> dict[str, Any]:
    return {
        "code": question.code,
        "severity": question.severity.value,
        "ask": question.ask,
        "where": list(question.where),
        "how": question.how,
        "document": question.document,
        "reasons": list(question.reasons),
    }


FORMS: Final[Mapping[str, Callable[[list[Reply]], str]]] = MappingProxyType(
    {"text": _text, "html": _html, "json": _json}
)
"""Every form that a reply can be written in."""
