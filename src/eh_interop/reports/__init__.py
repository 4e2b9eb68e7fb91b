"""Reports: what a check found, for a person or a machine."""

from eh_interop.reports.github import GithubReport
from eh_interop.reports.html_report import HtmlReport
from eh_interop.reports.json_report import JsonReport, NdjsonReport
from eh_interop.reports.junit import JunitReport
from eh_interop.reports.outcome import OutcomeReport
from eh_interop.reports.quality import QualityReport, QualityTable
from eh_interop.reports.sarif import SarifReport
from eh_interop.reports.text import TextReport
from eh_interop.reports.writer import Run, Selection, Totals, Writer, select

FORMATS: dict[str, type[Writer]] = {
    "text": TextReport,
    "html": HtmlReport,
    "json": JsonReport,
    "ndjson": NdjsonReport,
    "junit": JunitReport,
    "sarif": SarifReport,
    "github": GithubReport,
    "outcome": OutcomeReport,
    "quality": QualityReport,
    "quality-csv": QualityTable,
}
"""Every format that ``--format`` knows. Adding one is one class and one row."""
FINGERPRINTED = frozenset({"sarif"})
"""Formats that tell findings apart from one run to the next."""

__all__ = ["FINGERPRINTED", "FORMATS", "Run", "Selection", "Totals", "Writer", "select"]
