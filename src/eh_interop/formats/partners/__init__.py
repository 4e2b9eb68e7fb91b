"""Partner files: CSV, workbooks, XML and JSON as records, by a mapping table.

``read`` gives one record at a time, with where each value came from, what was wrong
with it, and the partner's own rows. Half-filled records are given too: the checks of
the standard say what is missing.
"""

from eh_interop.formats.partners.compiled import MappingProblem
from eh_interop.formats.partners.entry_values import FileSummary, ValueSource, lineage
from eh_interop.formats.partners.mapping_checks import ColumnCoverage, check_table, coverage
from eh_interop.formats.partners.mapping_table import (
    MappingTable,
    load_table,
    parse_table,
    shipped_mappings,
)
from eh_interop.formats.partners.reader import PartnerFile, headings_of, partner_files, read

read_partner = read
"""The name of :func:`read` before rooms had one of their own."""

__all__ = [
    "ColumnCoverage",
    "FileSummary",
    "MappingProblem",
    "MappingTable",
    "PartnerFile",
    "ValueSource",
    "check_table",
    "coverage",
    "headings_of",
    "lineage",
    "load_table",
    "parse_table",
    "partner_files",
    "read",
    "read_partner",
    "shipped_mappings",
]
