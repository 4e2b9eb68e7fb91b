"""HTML: one page that stands by itself, for reading, printing and screen readers.

It has no scripts and loads nothing. The counts come last, because they are
known only then; the top of the page links to them.

The parts of a page (head, lists and tables) are used by letters too. Styles are in
``page.css``. On a narrow screen a table is shown as a list of cards. Some browsers then
forget that it is a table, so every part states its role.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from pathlib import Path
from typing import Final

from eh_interop.checks.record_report import RecordReport
from eh_interop.core.findings import Disposition, Finding, Origin, Severity
from eh_interop.reports import words
from eh_interop.reports.writer import Run, Totals, Writer
from eh_interop.standard.guidance import clauses, documents

TITLE: Final = "Early Help records: what was found"
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"
_COLUMNS: Final = ("Severity", "Code", "Where", "Line and column", "What was found", "Guidance")


def beginning(title: str, more_style: str = "", below: str = "") -> str:
    """Write the beginning of a page, up to its main part.

    Args:
        title: what it is headed.
        more_style: styles beside those of ``page.css``.
        below: HTML that stands below the heading.
    """
    style = Path(__file__).with_name("page.css").read_text(encoding="utf-8")
    return (
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>\n{style}{more_style}</style>\n</head>\n<body>\n"
        '<a class="skip" href="#main">Skip to main content</a>\n'
        f"<header>\n<h1>{escape(title)}</h1>\n{below}</header>\n"
        '<main id="main" tabindex="-1">\n'
    )


END_OF_PAGE: Final = "</main>\n</body>\n</html>\n"


def section(heading: str, parts: Iterable[str], attributes: str = "") -> Iterator[str]:
    """Yield a section with its heading; nothing if it has no parts."""
    content = list(parts)
    if content:
        yield f"<section{attributes}>\n<h2>{escape(heading)}</h2>\n"
        yield from content
        yield "</section>\n"


def bullets(items: Iterable[str], kind: str = "ul") -> Iterator[str]:
    """Yield a list of plain texts. ``kind`` is ``ul`` or ``ol``."""
    yield f"<{kind}>\n"
    for item in items:
        yield f"<li>{escape(item)}</li>\n"
    yield f"</{kind}>\n"


def table(
    caption: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    kind: str = "plain",
    *,
    anchored: bool = False,
) -> Iterator[str]:
    """Yield a table with a caption and a heading for each column.

    Each cell knows its column's heading, for screens where the headings are not shown.

    Args:
        caption: what the table shows.
        columns: the headings.
        rows: cells, which are HTML already.
        kind: names its style.
        anchored: links can lead to a row, by what is in its first cell.
    """
    heads = "".join(
        f'<th scope="col" role="columnheader">{escape(column)}</th>' for column in columns
    )
    yield (
        f'<table role="table" class="{kind}">\n<caption>{escape(caption)}</caption>\n'
        f'<thead role="rowgroup"><tr role="row">{heads}</tr></thead>\n<tbody role="rowgroup">\n'
    )
    for row in rows:
        anchor = f' id="{row[0]}"' if anchored else ""
        cells = "".join(
            f'<td role="cell" data-column="{escape(column)}">{cell}</td>'
            for column, cell in zip(columns, row, strict=True)
        )
        yield f'<tr role="row"{anchor}>{cells}</tr>\n'
    yield "</tbody>\n</table>\n"


class HtmlReport(Writer):
    """One accessible page. It remembers which clauses it has to explain, and no record."""

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self._act_now = 0
        self._cited: set[str] = set()
        self._clauses = {**clauses(), **run.clauses}

    def begin(self) -> Iterator[str]:
        """Yield the head of the page and the facts about the run."""
        run = self._run
        area = words.area_title(run.area) if run.area else "the one that each record names"
        facts = (
            f"Judged as of {words.day(run.as_of)}.",
            f"Area: {area}.",
            f"Made with {run.tool} for standard version {run.standard}.",
        )
        below = (
            f"<p>{escape(' '.join(facts))}</p>\n"
            '<p><a href="#summary">Go to the summary at the end</a></p>\n'
        )
        yield beginning(TITLE, below=below)
        yield (
            '<p class="alarm"><a href="#act-now-1">At least one record here says that a child may '
            "be at immediate risk. Go to the first of them.</a></p>\n"
        )

    def record(self, report: RecordReport) -> Iterator[str]:
        """Yield one section of the page."""
        if words.only_says_not_compared(report):
            return
        mark = ""
        if report.disposition is Disposition.ACT_NOW:
            self._act_now += 1
            mark = f' id="act-now-{self._act_now}"'
        yield f'<section class="{report.disposition}"{mark}>\n'
        yield from _heading(report)
        yield from _do_now(report)
        yield from _list(words.asks_heading(report), words.asks(report), "ol")
        yield from self._findings(report)
        yield from _list("Not reported", words.not_run(report))
        yield "</section>\n"

    def _findings(self, report: RecordReport) -> Iterator[str]:
        if report.findings:
            yield "<h3>Findings</h3>\n"
        for section, findings in words.sections(report):
            rows = [self._row(report, finding) for finding in findings]
            yield from table(section, _COLUMNS, rows, "findings")

    def _row(self, report: RecordReport, finding: Finding) -> tuple[str, ...]:
        self._cited.update(finding.cites)
        origin = finding.origin
        return (
            f'<strong class="{finding.severity}">{finding.severity.capitalize()}</strong>',
            escape(finding.code),
            escape(words.where(report, finding)),
            escape(_stood_at(origin)) if origin else "not known",
            escape(words.format_message(finding)),
            ", ".join(map(self._cite, finding.cites)) or "none",
        )

    def end(self, totals: Totals) -> Iterator[str]:
        """Yield the clauses that were cited and the summary, and close the page."""
        yield from section("Guidance", self._guidance(sorted(self._cited)))
        yield from section("Summary", _summary(totals), ' id="summary"')
        yield END_OF_PAGE

    def _cite(self, clause: str) -> str:
        text = escape(clause)
        return f'<a href="#{text}">{text}</a>' if clause in self._clauses else text

    def _guidance(self, cited: Iterable[str]) -> Iterator[str]:
        titles = {**documents(), **self._run.documents}
        rows = [
            tuple(map(escape, (clause.id, titles[clause.document].title, clause.says)))
            for clause in (self._clauses[key] for key in cited if key in self._clauses)
        ]
        if rows:
            caption = "The clauses that the findings rest on, in our words"
            columns = ("Clause", "Document", "What it asks")
            yield from table(caption, columns, rows, anchored=True)


def _heading(report: RecordReport) -> Iterator[str]:
    disposition = words.disposition_heading(report).capitalize()
    if report.across:
        disposition = f"{words.ACROSS}: {disposition}" if report.instead_of else words.ACROSS
    source, facts = words.format_record_source(report), words.facts(report)
    subject = " ".join(facts[:2]) if facts else source
    yield f"<h2>{escape(disposition)} <span>{escape(subject)}</span></h2>\n"
    if facts:
        text = " · ".join(filter(None, (source, facts[2])))
        yield f'<p class="source">{escape(text)}</p>\n'


def _do_now(report: RecordReport) -> Iterator[str]:
    if report.do_now:
        yield '<div class="do-now">\n'
        yield from _list("Do this now", report.do_now)
        yield "</div>\n"


def _list(heading: str, items: Iterable[str], kind: str = "ul") -> Iterator[str]:
    texts = list(items)
    if texts:
        yield f"<h3>{heading}</h3>\n"
        yield from bullets(texts, kind)


def _summary(totals: Totals) -> Iterator[str]:
    yield f"<p>{escape(words.counts(totals))}</p>\n"
    if words.without_figure(totals):
        yield f"<p>{escape(words.without_figure(totals))}</p>\n"
    for reason in words.not_compared(totals):
        yield f"<p>{escape(reason)}</p>\n"
    if totals.dispositions[Disposition.ACT_NOW]:
        yield '<p><a href="#act-now-1">Go to the first record to act on now</a></p>\n'
    records = {
        words.HEADINGS[kind].split(":")[0].capitalize(): totals.dispositions[kind]
        for kind in Disposition
    }
    findings = {severity.capitalize(): totals.severities[severity] for severity in Severity}
    for caption, kind, counts in (
        ("Records", "What to do", records),
        ("Findings", "Severity", findings),
    ):
        rows = [(name, f"{count:,}") for name, count in counts.items()]
        yield from table(caption, (kind, "How many"), rows)


def _stood_at(origin: Origin) -> str:
    """Write line and column as ``7:3``, and what else is known in words."""
    if not (origin.line and origin.column) or words.beyond_line(origin):
        return words.format_origin(origin)
    path = f" {words.printable(origin.path)}" if origin.path else ""
    return f"{origin.line}:{origin.column}{path}"
