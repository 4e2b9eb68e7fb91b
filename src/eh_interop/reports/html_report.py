"""HTML: one page that stands by itself, for reading, printing and screen readers.

It has no scripts and loads nothing. The counts come last, because they are
known only then; the top of the page links to them.

The page itself stands in ``html_report.jinja``. The parts of it (head, lists and tables) are in
``page.jinja`` and used by letters too. Styles are in ``page.css``. On a narrow screen a table is
shown as a list of cards. Some browsers then forget that it is a table, so every part states its
role.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from eh_interop.checks.record_report import RecordReport
from eh_interop.core.findings import Disposition, Origin, Severity
from eh_interop.core.pages import parts
from eh_interop.reports import words
from eh_interop.reports.writer import Run, Totals, Writer
from eh_interop.standard.guidance import clauses, documents

TITLE: Final = "Early Help records: what was found"
_TEMPLATE: Final = "reports/html_report.jinja"


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
        yield str(parts(_TEMPLATE).begin(TITLE, " ".join(facts)))

    def record(self, report: RecordReport) -> Iterator[str]:
        """Yield one section of the page."""
        if words.only_says_not_compared(report):
            return
        acts_now = report.disposition is Disposition.ACT_NOW
        self._act_now += acts_now
        self._cited.update(cite for finding in report.findings for cite in finding.cites)
        number = self._act_now if acts_now else 0
        yield str(parts(_TEMPLATE).record(report, number, words, _stood_at, self._clauses))

    def end(self, totals: Totals) -> Iterator[str]:
        """Yield the clauses that were cited and the summary, and close the page."""
        titles = {**documents(), **self._run.documents}
        cited = [self._clauses[key] for key in sorted(self._cited) if key in self._clauses]
        guidance = [(clause.id, titles[clause.document].title, clause.says) for clause in cited]
        acts_now = totals.dispositions[Disposition.ACT_NOW]
        yield str(parts(_TEMPLATE).end(totals, words, guidance, list(_counts(totals)), acts_now))


def _counts(totals: Totals) -> Iterator[tuple[str, str, list[tuple[str, str]]]]:
    """Yield the tables of counts: caption, heading, and rows."""
    records = {
        words.HEADINGS[kind].split(":")[0].capitalize(): totals.dispositions[kind]
        for kind in Disposition
    }
    findings = {severity.capitalize(): totals.severities[severity] for severity in Severity}
    for caption, kind, counts in (
        ("Records", "What to do", records),
        ("Findings", "Severity", findings),
    ):
        yield caption, kind, [(name, f"{count:,}") for name, count in counts.items()]


def _stood_at(origin: Origin) -> str:
    """Write line and column as ``7:3``, and what else is known in words."""
    if not (origin.line and origin.column) or words.beyond_line(origin):
        return words.format_origin(origin)
    path = f" {words.printable(origin.path)}" if origin.path else ""
    return f"{origin.line}:{origin.column}{path}"
