"""What the files and sheets of a set of tables are called."""

from __future__ import annotations

from eh_interop.formats.tables.layout import Layout, Table


def csv_name(layout: Layout, table: Table) -> str:
    """Return the name of the file of a table, such as ``marf.children.csv``."""
    return ".".join(filter(None, (layout.record_type, table.name, "csv")))


def metadata_name(layout: Layout) -> str:
    """Return the name of the file that describes the tables."""
    return f"{layout.record_type}-metadata.json"


def sheet_name(layout: Layout, table: Table) -> str:
    """Return the name of the sheet of a table. A test holds that none is too long."""
    return table.name or layout.record_type
