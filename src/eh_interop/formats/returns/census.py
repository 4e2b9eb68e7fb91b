"""The children in need (CIN) census: a fragment of its XML, written and read element by element."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import orjson
from lxml import etree

from eh_interop.core.errors import UnreadableInputError
from eh_interop.formats.returns.row_store import Cells
from eh_interop.formats.returns.spec import ReturnSpec, ReturnTable
from eh_interop.reading.streams import RefusedError
from eh_interop.reading.xml import free, safe_iterparse
from eh_interop.version import __version__

CellsByHeading = dict[str, Any]

_YEAR_ENDS: Final = (3, 31)
"""A census year ends on 31 March; it is named for the year in which it ends. Census rule 100."""
_DIGITS: Final = 32
_PLAN: Final = ("CINPlanStartDate", "CINPlanEndDate")


@dataclass(frozen=True, slots=True)
class CensusHeader:
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
        _add(collection, "Collection", "CIN")
        _add(collection, "Year", str(self.year))
        _add(collection, "ReferenceDate", date(self.year, *_YEAR_ENDS).isoformat())
        source = etree.SubElement(header, "Source")
        _add(source, "SourceLevel", "L")
        if self.authority:
            _add(source, "LEA", self.authority)
        _add(source, "SoftwareCode", "eh-interop")
        _add(source, "Release", __version__)
        _add(source, "SerialNo", "001")
        _add(source, "DateTime", f"{self.as_of.isoformat()}T00:00:00")
        return header


def write_census(
    path: Path,
    spec: ReturnSpec,
    header: CensusHeader,
    rows: Iterable[tuple[Cells, Iterable[Cells]]],
) -> None:
    """Write the fragment, one child after the other; each child with the rows of its details."""
    children, details = spec.tables
    with etree.xmlfile(str(path), encoding="UTF-8") as file:
        file.write_declaration()
        with file.element("Message"):
            file.write("\n", header.elements(), "\n")
            with file.element("Children"):
                for cells, inner_rows in rows:
                    child = _filled(etree.Element("Child"), children, cells)
                    for inner in inner_rows:
                        child.append(_filled(etree.Element("CINdetails"), details, inner))
                    if child.find("CINdetails") is not None:
                        file.write("\n", child)
                file.write("\n")
            file.write("\n")


def _filled(holder: etree._Element, table: ReturnTable, cells: Cells) -> etree._Element:
    for column, value in zip(table.columns, cells, strict=True):
        if value is None:
            continue
        *above, name = column.heading.split("/")
        inner = holder
        for step in above:
            child = inner.find(step)
            inner = child if child is not None else etree.SubElement(inner, step)
        for entry in value if isinstance(value, list) else [value]:
            if isinstance(entry, list):
                plan = etree.SubElement(inner, name)
                for element, day in zip(_PLAN, entry, strict=False):
                    _add(plan, element, day)
            else:
                _add(inner, name, str(entry))
    return holder


def _add(holder: etree._Element, name: str, text: str) -> None:
    etree.SubElement(holder, name).text = text


@dataclass(frozen=True, slots=True)
class CensusDetails:
    """A CINdetails element of a child, read.

    ``unread``: paths of elements that the return does not have, or that are not read.
    """

    line: int
    child_line: int
    child: CellsByHeading
    cells: CellsByHeading
    unread: tuple[str, ...]

    def digest(self) -> str:
        """Return 128 bits that are the same for the same content, and show nothing of it."""
        content = orjson.dumps([self.child, self.cells], option=orjson.OPT_SORT_KEYS)
        return hashlib.sha256(content).hexdigest()[:_DIGITS]


def read_census(spec: ReturnSpec, path: Path) -> Iterator[CensusDetails]:
    """Yield every CINdetails of a census, whichever namespace it is in.

    Raises:
        UnreadableInputError: it is not XML that can be read safely.
    """
    children, details = spec.tables
    try:
        with path.open("rb") as file:
            for _, element in safe_iterparse(file, tag="{*}Child"):
                yield from _details_of(element, children, details)
                free(element)
    except RefusedError as error:
        raise error.in_file(path.name) from None
    except OSError:
        raise UnreadableInputError(f"{path.name} cannot be opened.") from None


def _details_of(
    element: etree._Element, children: ReturnTable, details: ReturnTable
) -> Iterator[CensusDetails]:
    child: CellsByHeading = {}
    unread: list[str] = []
    for part in element.iterchildren("{*}ChildIdentifiers", "{*}ChildCharacteristics"):
        for inner in part.iterchildren(tag=etree.Element):
            _take(children, f"{_name(part)}/{_name(inner)}", inner, child, unread)
    for part in element.iterchildren("{*}CINdetails"):
        cells: CellsByHeading = {}
        more = list(unread)
        for inner in part.iterchildren(tag=etree.Element):
            _take(details, _name(inner), inner, cells, more)
        lines = (part.sourceline or 0, element.sourceline or 0)
        yield CensusDetails(*lines, child, cells, tuple(dict.fromkeys(more)))


def _take(
    table: ReturnTable, path: str, element: etree._Element, cells: CellsByHeading, unread: list[str]
) -> None:
    inner = [_text(entry) for entry in element.iterchildren(tag=etree.Element)]
    for column in table.columns:
        is_here = path in (column.heading, *column.aliases)
        if is_here and column.form == "plans":
            days = [day or None for day in inner]
            cells.setdefault(column.heading, []).append((*days, None, None)[:2])
            return
        if is_here and not column.unfilled:
            cells.setdefault(column.heading, _text(element))
            return
        if column.form == "list" and column.heading.startswith(f"{path}/"):
            cells.setdefault(column.heading, []).extend(filter(None, inner))
            return
    unread.append(path)


def _name(element: etree._Element) -> str:
    return str(etree.QName(element).localname)


def _text(element: etree._Element) -> str:
    return (element.text or "").strip()
