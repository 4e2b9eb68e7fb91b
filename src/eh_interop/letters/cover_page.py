"""The cover page: one page of HTML to print or to send on, without scripts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from html import escape
from pathlib import Path
from typing import Final

from eh_interop.core.lenient import Record, day, inner, objects, text, texts
from eh_interop.genogram import draw, read_family
from eh_interop.genogram.description import (
    described,
    homes,
    parental_responsibility,
    people,
    relationships,
)
from eh_interop.genogram.family import join_names, members
from eh_interop.letters import protected
from eh_interop.letters.cover import Cover, CoverPaper, coded
from eh_interop.letters.cover_history import chart, histories, record_day, record_title, timeline
from eh_interop.letters.cover_people import consent_rows, directory, whole_name
from eh_interop.reports.html_report import END_OF_PAGE, beginning, bullets, section, table
from eh_interop.reports.words import day as in_words
from eh_interop.reports.words import plural
from eh_interop.standard.code_lists import titles

ASK_FIRST_HEADING: Final = "Ask first: nobody has said whether anybody is at immediate risk"
ACT_NOW: Final = "Act now: somebody may be at immediate risk"
_INCOMPLETE: Final = "This was sent at once, complete or not. Do not wait for what is missing."

_CONSENT: Final = ("Whose information", "For what", "Decision", "With whom", "Limits and reasons")


def cover_page(cover: Cover) -> str:
    """Write the page. The same cover always gives the same page.

    Raises:
        ProtectedError: it would disclose what the records protect.
    """
    return page_of(protected.shown_to_reader(cover))


def page_of(shown: protected.Shown) -> str:
    """Write the page of a cover from which everything is gone that its reader may not see."""
    return "".join(_page(shown.cover))


def _page(cover: Cover) -> Iterator[str]:
    title = f"{record_title(cover.leading)}: cover page"
    style = Path(__file__).with_name("cover.css").read_text(encoding="utf-8")
    yield beginning(title, style)
    yield from _act_now(cover)
    yield from _notes("Safety warnings", "warning", protected.safety_warnings(cover))
    yield from _notes("Keep from the people named here", "keep", protected.withheld(cover))
    yield from _marks(cover)
    for heading, parts in (
        ("Who, what and why", _facts(cover)),
        ("Consent at a glance", _consent(cover)),
        ("Records and documents", _documents(cover)),
        ("What is missing", _gaps(cover)),
        ("Level of need", _levels(cover)),
        ("Household and relationships", _family(cover)),
        ("Plans and reviews", _timeline(cover)),
    ):
        yield from section(heading, parts)
    yield END_OF_PAGE


def _act_now(cover: Cover) -> Iterator[str]:
    if protected.shows_immediate_risk(cover):
        yield f'<div class="do-now" role="alert">\n<h2>{ACT_NOW}</h2>\n'
        yield from bullets(cover.do_now)
        yield f"<p>{_INCOMPLETE}</p>\n</div>\n"
    elif cover.do_now and not cover.for_family:
        yield f'<div class="do-now" role="alert">\n<h2>{ASK_FIRST_HEADING}</h2>\n'
        yield from bullets(cover.do_now)
        yield "</div>\n"


def _facts(cover: Cover) -> Iterator[str]:
    yield '<dl class="facts">\n'
    for name, value in _who_what_why(cover):
        yield f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>\n"
    yield "</dl>\n"


def _who_what_why(cover: Cover) -> Iterator[tuple[str, str]]:
    """Yield who it is about, who sends it to whom, why, and what."""
    yield "About", _children(cover)
    yield "From", cover.sender or _sender(cover)
    yield "To", cover.recipient or "Not said"
    yield "Why", cover.purpose or _purpose(cover.leading)
    if cover.lawful_basis:
        yield "Lawful basis", cover.lawful_basis
    yield "What", _counts(cover)
    yield "Reference", text(cover.leading, "recordId") or "None"
    yield "Date", _day(record_day(cover.leading))
    yield "Page made on", in_words(cover.as_of)


def _children(cover: Cover) -> str:
    """Return whom it is about: name, age, and date of birth."""
    who = members(cover.leading, cover.names, cover.as_of)
    children: list[str] = []
    for child in objects(cover.leading, "children"):
        member = who.get(text(child, "id"))
        if member is None:
            continue
        name = member.name if cover.names == "initials" else whole_name(child) or member.name
        born = day(child, "dateOfBirth")
        birth = f"born {in_words(born)}" if born and cover.names == "first" else ""
        due = day(child, "expectedDateOfBirth") if member.unborn else None
        parts = [*described(member), birth, f"due {in_words(due)}" if due else ""]
        children.append(f"{name} ({', '.join(filter(None, parts))})")
    return "; ".join(children) or "Not said"


def _sender(cover: Cover) -> str:
    """Name the referrer, unless they want to stay unknown."""
    record = cover.leading
    if protected.referrer_is_anonymous(record):
        return "Somebody who wants to stay anonymous"
    who = directory(record, cover)
    referrer = inner(record, "referrer")
    named = who.name(text(referrer, "practitioner")) or who.name(text(referrer, "person"))
    for name in ("handedOverBy", "decidedBy", "createdBy"):
        named = named or who.name(text(record, name))
    return named or "Not said"


def _purpose(record: Record) -> str:
    """Return why it is sent, by the codes of the record."""

    def all_of(name: str, code_list: str) -> list[str]:
        return [titles(code_list).get(code, "") for code in texts(record, name)]

    asked = [*all_of("requestTypes", "referral-request"), *all_of("reasons", "step-down-reason")]
    trigger = coded(record, "trigger", "referral-trigger")
    grounds = all_of("statutoryBasis", "statutory-basis")
    parts = [join_names(filter(None, asked)), trigger, join_names(filter(None, grounds))]
    return ". ".join(filter(None, parts)) or "Not said"


def _counts(cover: Cover) -> str:
    counted = plural(len(cover.records), "record")
    present = sum(paper.present for paper in cover.papers)
    return f"{counted} and {plural(present, 'document')}" if present else counted


def _notes(title: str, kind: str, notes: Sequence[protected.SafetyNote]) -> Iterator[str]:
    def items() -> Iterator[str]:
        for note in notes:
            who = escape(note.keep_from)
            keep = f" <strong>Keep from {who}.</strong>" if who else ""
            what = escape(note.what_to_do)
            yield f"<li><strong>{escape(note.title)}.</strong> {what}{keep}</li>\n"

    if notes:
        yield from section(title, ("<ul>\n", *items(), "</ul>\n"), f' class="{kind}"')


def _marks(cover: Cover) -> Iterator[str]:
    """Say what must not be passed on, to whom and why."""
    if cover.marks:
        yield '<section class="keep">\n<h2>Do not disclose</h2>\n<ul>\n'
        for mark in cover.marks:
            where = escape(". ".join(mark.where))
            words, why = escape(mark.words), escape(mark.why)
            yield f"<li><strong>{words}</strong> {why} It stands here: {where}.</li>\n"
        yield "</ul>\n</section>\n"


def _consent(cover: Cover) -> Iterator[str]:
    consents = protected.shown_consents(cover, consent_rows(cover))
    in_full = protected.shows_limits_of_consent(cover)
    columns = _CONSENT if in_full else _CONSENT[:3]
    rows = []
    for consent in consents:
        decision = escape(consent.decision)
        cells = (
            escape(consent.whose),
            escape(consent.purposes),
            decision if consent.given else f'<span class="no">{decision}</span>',
            _lines(consent.recipients) or "Not said",
            _lines((*consent.limits, *consent.grounds)) or "None recorded",
        )
        rows.append(cells[: len(columns)])
    if rows:
        yield from table("Each consent that the records hold", columns, rows)
    elif in_full:
        yield "<p>The records hold no consent.</p>\n"


def _lines(items: Iterable[str]) -> str:
    several = list(items)
    return "".join(bullets(several)) if len(several) > 1 else escape("".join(several))


def _documents(cover: Cover) -> Iterator[str]:
    records = [
        (escape(record_title(record)), escape(text(record, "recordId")), _day(record_day(record)))
        for record in cover.records
    ]
    yield from table("Records", ("Record", "Reference", "Date"), records)
    here = [
        (_titled(paper), escape(paper.kind), _day(paper.on), escape(paper.status))
        for paper in protected.papers_here(cover)
    ]
    if here:
        columns = ("Document", "Type", "Date", "How")
        yield from table("Documents that are here", columns, here)
    missing = [
        (
            _titled(paper),
            escape(paper.kind),
            f'<span class="no">{escape(paper.status)}</span>',
            escape(". ".join(filter(None, (paper.reason, paper.note)))) or "No reason given",
        )
        for paper in protected.papers_missing(cover)
    ]
    if missing:
        columns = ("Document", "Type", "Status", "Reason")
        yield from table("Documents that are missing", columns, missing)


def _day(on: date | None) -> str:
    return in_words(on) if on else "Not said"


def _titled(paper: CoverPaper) -> str:
    mark = ' <strong class="no">Keep from the family</strong>' if paper.confidential else ""
    return f"{escape(paper.title)}{mark}"


def _gaps(cover: Cover) -> Iterator[str]:
    columns = ("Record", "Where", "What is asked", "How much it matters")
    rows = [
        (
            *map(escape, (gap.record, gap.where, gap.ask)),
            "Needed" if gap.serious else "Normally there",
        )
        for gap in protected.shown_gaps(cover)
    ]
    if rows:
        yield from table("Gaps in the records", columns, rows)


def _levels(cover: Cover) -> Iterator[str]:
    for number, history in enumerate(histories(cover)):
        yield f"<h3>{escape(history.children)}</h3>\n"
        yield chart(history, f"levels-{number}", cover.as_of)
        rows = [
            (
                in_words(decision.on),
                escape(f"{decision.level} {decision.label}".strip()),
                escape(decision.change) or "Not said",
            )
            for decision in history.decisions
        ]
        caption = f"Decisions about {history.children}"
        yield from table(caption, ("Date", "Level", "Change"), rows)


def _family(cover: Cover) -> Iterator[str]:
    record = _family_record(cover)
    family = read_family(record, names=cover.names, as_of=cover.as_of)
    if not family.members:
        return
    yield draw(family, title="Genogram of the family")
    yield "<h3>The same in words</h3>\n"
    yield from bullets(people(family))
    sentences = [*relationships(family), *parental_responsibility(family), *homes(family)]
    if sentences:
        yield from bullets(sentences)


def _family_record(cover: Cover) -> Record:
    """Choose the record that knows the family best: the leading one, if it knows it at all."""
    leading = cover.leading
    if list(objects(leading, "relationships")):
        return leading
    records = [leading, *cover.records]
    return max(records, key=lambda record: len(list(objects(record, "relationships"))))


def _timeline(cover: Cover) -> Iterator[str]:
    events = timeline(cover)
    if events:
        yield '<ol class="timeline">\n'
    for event in events:
        kind, due = (' class="due"', " (still to come)") if event.due else ("", "")
        yield (
            f'<li{kind}><time datetime="{event.on}">{in_words(event.on)}</time> '
            f"{escape(event.what)}{due}</li>\n"
        )
    if events:
        yield "</ol>\n"
