"""Children in need census: a fragment of its XML, element by element in the order of its schema."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from lxml import etree

from eh_interop.formats.returns.output import Finisher
from eh_interop.formats.returns.spool import Cells
from eh_interop.formats.returns.tables import Return, Table
from eh_interop.version import __version__

_YEAR_ENDS: Final = (3, 31)
"""A census year ends on 31 March; it is named for the year in which it ends. Census rule 100."""
_PLAN: Final = ("CINPlanStartDate", "CINPlanEndDate")


@dataclass(frozen=True, slots=True)
class Header:
    """What the header says.

    Attributes:
        as_of: the given day; it decides the census year.
        authority: the council's three digits; empty if it was not given.
    """

    as_of: date
    authority: str

    @property
    def year(self) -> int:
        """The census year in which the given day lies."""
        return self.as_of.year + ((self.as_of.month, self.as_of.day) > _YEAR_ENDS)

    def elements(self) -> etree._Element:
        """Return the header."""
        header = etree.Element("Header")
        collection = etree.SubElement(header, "CollectionDetails")
        _say(collection, "Collection", "CIN")
        _say(collection, "Year", str(self.year))
        _say(collection, "ReferenceDate", date(self.year, *_YEAR_ENDS).isoformat())
        source = etree.SubElement(header, "Source")
        _say(source, "SourceLevel", "L")
        if self.authority:
            _say(source, "LEA", self.authority)
        _say(source, "SoftwareCode", "eh-interop")
        _say(source, "Release", __version__)
        _say(source, "SerialNo", "001")
        _say(source, "DateTime", f"{self.as_of.isoformat()}T00:00:00")
        return header


def write_census(path: Path, whole: Return, finisher: Finisher, header: Header) -> None:
    """Write the fragment, one child after the other."""
    children, details = whole.tables
    with etree.xmlfile(str(path), encoding="UTF-8") as file:
        file.write_declaration()
        with file.element("Message"):
            file.write("\n", header.elements(), "\n")
            with file.element("Children"):
                for row, cells in finisher.rows_of(children):
                    child = _filled(etree.Element("Child"), children, cells)
                    for _, inner in finisher.rows_of(details, row.child):
                        child.append(_filled(etree.Element("CINdetails"), details, inner))
                    if child.find("CINdetails") is not None:
                        file.write("\n", child)
                file.write("\n")
            file.write("\n")


def _filled(holder: etree._Element, table: Table, cells: Cells) -> etree._Element:
    for column, value in zip(table.columns, cells, strict=True):
        if value is None:
            continue
        *above, name = column.heading.split("/")
        inner = holder
        for step in above:
            found = inner.find(step)
            inner = found if found is not None else etree.SubElement(inner, step)
        for each in _each(value):
            _put(inner, name, each)
    return holder


def _each(value: Any) -> Iterator[Any]:
    if isinstance(value, list):
        yield from value
    else:
        yield value


def _put(holder: etree._Element, name: str, value: Any) -> None:
    if not isinstance(value, list):
        _say(holder, name, str(value))
        return
    plan = etree.SubElement(holder, name)
    for element, day in zip(_PLAN, value, strict=False):
        _say(plan, element, day)


def _say(holder: etree._Element, name: str, text: str) -> None:
    etree.SubElement(holder, name).text = text
