"""Partner files: CSV, workbooks, XML and JSON as records, by a mapping table.

``read_partner`` gives one record at a time, with where each value came from, what
was wrong with it, and the partner's own rows. Half-filled records are given too:
the checks of the standard say what is missing.
"""

from eh_interop.formats.partners.checking import check_table
from eh_interop.formats.partners.places import PartnerFinding, SourcePlace
from eh_interop.formats.partners.plan import Problem
from eh_interop.formats.partners.reading import PartnerRecord, RawRow, Reading, read_partner
from eh_interop.formats.partners.tables import Table, load_table, parse_table, shipped_mappings

__all__ = [
    "PartnerFinding",
    "PartnerRecord",
    "Problem",
    "RawRow",
    "Reading",
    "SourcePlace",
    "Table",
    "check_table",
    "load_table",
    "parse_table",
    "read_partner",
    "shipped_mappings",
]
