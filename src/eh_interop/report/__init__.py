"""Reports: what a check found, for a person or a machine."""

from eh_interop.report.github import GithubReport
from eh_interop.report.html_report import HtmlReport
from eh_interop.report.json_report import JsonReport, NdjsonReport
from eh_interop.report.junit import JunitReport
from eh_interop.report.outcome import OutcomeReport
from eh_interop.report.quality import QualityReport, QualityTable
from eh_interop.report.sarif import SarifReport
from eh_interop.report.selection import Selection, select
from eh_interop.report.text import TextReport
from eh_interop.report.totals import Totals
from eh_interop.report.writer import Run, Writer

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
