"""Reports: what a check found, for a person or a machine."""

from eh_interop.report.json_report import JsonReport, NdjsonReport
from eh_interop.report.text import TextReport
from eh_interop.report.totals import Totals
from eh_interop.report.writer import Run, Writer

FORMATS: dict[str, type[Writer]] = {
    "text": TextReport,
    "json": JsonReport,
    "ndjson": NdjsonReport,
}
"""Every format that ``--format`` knows. Adding one is one class and one row."""

__all__ = ["FORMATS", "Run", "Totals", "Writer"]
