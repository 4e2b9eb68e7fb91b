"""The cover page: one page of HTML to print or to send on, without scripts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path
from typing import Final

from eh_interop.genogram import draw, read_family
from eh_interop.genogram.reading import Record, entries, text
from eh_interop.genogram.words import homes, parental_responsibility, people, relationships
from eh_interop.letters.cover.consents import consent_rows
from eh_interop.letters.cover.contents import Cover, Paper
from eh_interop.letters.cover.heading import facts, page_title
from eh_interop.letters.cover.levels import chart, histories
from eh_interop.letters.cover.timeline import record_day, record_title, timeline
from eh_interop.letters.cover.warnings import (
    Warned,
    safety_warnings,
    to_keep,
    without_secret_homes,
)
from eh_interop.reports.html_report import bullets, head, row, table
from eh_interop.reports.words import day as in_words

ACT_NOW: Final = "Act now: somebody may be at immediate risk"
_INCOMPLETE: Final = "This was sent at once, complete or not. Do not wait for what is missing."

_CONSENT: Final = ("Whose information", "For what", "Decision", "With whom", "Limits and reasons")


def cover_page(cover: Cover) -> str:
    """Write the page. The same cover always gives the same page."""
    return "".join(_page(cover))


def _page(cover: Cover) -> Iterator[str]:
    title = page_title(cover)
    style = Path(__file__).with_name("cover.css").read_text(encoding="utf-8")
    yield head(title, style)
    yield f'<header>\n<h1>{escape(title)}</h1>\n</header>\n<main id="main" tabindex="-1">\n'
    if not cover.for_family:
        yield from _act_now(cover)
        yield from _warnings("Safety warnings", "warning", safety_warnings(cover))
        yield from _warnings("Keep from the people named here", "keep", to_keep(cover))
    yield from _facts(cover)
    yield from _consent(cover)
    yield from _documents(cover)
    if not cover.for_family:
        yield from _gaps(cover)
    yield from _levels(cover)
    yield from _family(cover)
    yield from _timeline(cover)
    yield "</main>\n</body>\n</html>\n"


def _act_now(cover: Cover) -> Iterator[str]:
    if cover.act_now:
        yield f'<div class="do-now" role="alert">\n<h2>{ACT_NOW}</h2>\n'
        yield from bullets(cover.do_now)
        yield f"<p>{_INCOMPLETE}</p>\n</div>\n"


def _facts(cover: Cover) -> Iterator[str]:
    yield '<section>\n<h2>Who, what and why</h2>\n<dl class="facts">\n'
    for name, told in facts(cover):
        yield f"<dt>{escape(name)}</dt><dd>{escape(told)}</dd>\n"
    yield "</dl>\n</section>\n"


def _warnings(title: str, kind: str, warned: list[Warned]) -> Iterator[str]:
    if warned:
        yield f'<section class="{kind}">\n<h2>{escape(title)}</h2>\n<ul>\n'
        for each in warned:
            keep = (
                f" <strong>Keep from {escape(each.keep_from)}.</strong>" if each.keep_from else ""
            )
            yield f"<li><strong>{escape(each.title)}.</strong> {escape(each.told)}{keep}</li>\n"
        yield "</ul>\n</section>\n"


def _consent(cover: Cover) -> Iterator[str]:
    rows = consent_rows(cover)
    if not rows and cover.for_family:
        return
    shown = _CONSENT[:3] if cover.for_family else _CONSENT
    told = []
    for each in rows:
        mark = escape(each.decision)
        cells = (
            escape(each.whose),
            escape(each.purposes),
            mark if each.given else f'<span class="no">{mark}</span>',
            _lines(each.recipients) or "Not said",
            _lines((*each.limits, *each.grounds)) or "None recorded",
        )
        told.append(row(shown, cells[: len(shown)]))
    yield "<section>\n<h2>Consent at a glance</h2>\n"
    if told:
        yield from table("Each consent that the records hold", shown, told)
    else:
        yield "<p>The records hold no consent.</p>\n"
    yield "</section>\n"


def _lines(items: Iterable[str]) -> str:
    several = list(items)
    return "".join(bullets(several)) if len(several) > 1 else escape("".join(several))


def _documents(cover: Cover) -> Iterator[str]:
    yield "<section>\n<h2>Records and documents</h2>\n"
    columns = ("Record", "Reference", "Date")
    rows = [
        row(columns, (escape(record_title(record)), escape(text(record, "recordId")), _day(record)))
        for record in cover.records
    ]
    yield from table("Records", columns, rows)
    shown = [paper for paper in cover.papers if paper.present]
    if cover.for_family:
        shown = [each for each in shown if not each.confidential]
    present = ("Document", "Type", "Date", "How")
    rows = [row(present, tuple(_paper(each))) for each in shown]
    if rows:
        yield from table("Documents that are here", present, rows)
    missing = [paper for paper in cover.papers if not paper.present and not cover.for_family]
    absent = ("Document", "Type", "Status", "Reason")
    rows = [row(absent, tuple(_missing(each))) for each in missing]
    if rows:
        yield from table("Documents that are missing", absent, rows)
    yield "</section>\n"


def _day(record: Record) -> str:
    on = record_day(record)
    return in_words(on) if on else "Not said"


def _paper(paper: Paper) -> Iterator[str]:
    yield _titled(paper)
    yield escape(paper.kind)
    yield in_words(paper.on) if paper.on else "Not said"
    yield escape(paper.status)


def _missing(paper: Paper) -> Iterator[str]:
    yield _titled(paper)
    yield escape(paper.kind)
    yield f'<span class="no">{escape(paper.status)}</span>'
    yield escape(". ".join(filter(None, (paper.reason, paper.note)))) or "No reason given"


def _titled(paper: Paper) -> str:
    mark = ' <strong class="no">Keep from the family</strong>' if paper.confidential else ""
    return f"{escape(paper.title)}{mark}"


def _gaps(cover: Cover) -> Iterator[str]:
    if not cover.gaps:
        return
    columns = ("Record", "Where", "What is asked", "How much it matters")
    rows = [
        row(
            columns,
            (
                escape(gap.record),
                escape(gap.where),
                escape(gap.ask),
                "Needed" if gap.serious else "Normally there",
            ),
        )
        for gap in cover.gaps
    ]
    yield "<section>\n<h2>What is missing</h2>\n"
    yield from table("Gaps in the records", columns, rows)
    yield "</section>\n"


def _levels(cover: Cover) -> Iterator[str]:
    found = histories(cover)
    if not found:
        return
    columns = ("Date", "Level", "Change")
    yield "<section>\n<h2>Level of need</h2>\n"
    for number, each in enumerate(found):
        yield f"<h3>{escape(each.children)}</h3>\n{chart(each, f'levels-{number}', cover.as_of)}"
        rows = [
            row(
                columns,
                (
                    in_words(one.on),
                    escape(f"{one.level} {one.label}".strip()),
                    escape(one.change) or "Not said",
                ),
            )
            for one in each.decisions
        ]
        yield from table(f"Decisions about {each.children}", columns, rows)
    yield "</section>\n"


def _family(cover: Cover) -> Iterator[str]:
    record = family_record(cover)
    family = read_family(record, names=cover.names, as_of=cover.as_of)
    if cover.for_family:
        family = without_secret_homes(family, record)
    if not family.members:
        return
    yield "<section>\n<h2>Household and relationships</h2>\n"
    yield draw(family, title="Genogram of the family")
    yield "<h3>The same in words</h3>\n"
    yield from bullets(people(family))
    told = [*relationships(family), *parental_responsibility(family), *homes(family)]
    if told:
        yield from bullets(told)
    yield "</section>\n"


def family_record(cover: Cover) -> Record:
    """Choose the record that knows the family best: the leading one, if it knows it at all."""
    leading = cover.leading
    if list(entries(leading, "relationships")):
        return leading
    return max(
        [leading, *cover.records], key=lambda each: len(list(entries(each, "relationships")))
    )


def _timeline(cover: Cover) -> Iterator[str]:
    events = timeline(cover)
    if not events:
        return
    yield '<section>\n<h2>Plans and reviews</h2>\n<ol class="timeline">\n'
    for event in events:
        kind, due = (' class="due"', " (still to come)") if event.due else ("", "")
        yield (
            f'<li{kind}><time datetime="{event.on}">{in_words(event.on)}</time> '
            f"{escape(event.what)}{due}</li>\n"
        )
    yield "</ol>\n</section>\n"
