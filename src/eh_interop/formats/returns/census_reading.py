"""Reading a children in need census: every child and every CINdetails as cells by their path."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from lxml import etree

from eh_interop.core.errors import UnreadableInputError
from eh_interop.formats.returns.tables import Return, Table

Cells = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Details:
    """A CINdetails element of a child.

    Attributes:
        line: where it begins in the file.
        child: the cells of the child.
        cells: its own cells.
        unread: paths of elements that the return's table does not have, or does not read.
    """

    line: int
    child: Cells
    cells: Cells
    unread: tuple[str, ...]


def read_census(whole: Return, path: Path) -> Iterator[Details]:
    """Yield every CINdetails of a census, whichever namespace it is in.

    Raises:
        UnreadableInputError: it is not XML that can be read safely.
    """
    try:
        with path.open("rb") as file:
            yield from _details(whole, file)
    except etree.XMLSyntaxError as error:
        where = f" at line {error.lineno}" if error.lineno else ""
        raise UnreadableInputError(f"{path.name} is not well-formed XML{where}.") from None
    except OSError:
        raise UnreadableInputError(f"{path.name} cannot be opened.") from None


def _details(whole: Return, file: IO[bytes]) -> Iterator[Details]:
    children, details = whole.tables
    parsing = etree.iterparse(
        file,
        tag="{*}Child",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
    )
    for _, element in parsing:
        if element.getroottree().docinfo.doctype:
            raise UnreadableInputError("The file has a document type, so it is not read.")
        yield from _child(element, children, details)
        _forget(element)


def _forget(element: Any) -> None:
    """Give back the memory of a child that was read, and of what stands before it."""
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]


def _child(element: Any, children: Table, details: Table) -> Iterator[Details]:
    child: Cells = {}
    unread: list[str] = []
    for part in element.iterchildren("{*}ChildIdentifiers", "{*}ChildCharacteristics"):
        for inner in part.iterchildren(tag=etree.Element):
            _take(children, f"{_name(part)}/{_name(inner)}", inner, child, unread)
    for part in element.iterchildren("{*}CINdetails"):
        cells: Cells = {}
        more = list(unread)
        for inner in part.iterchildren(tag=etree.Element):
            _take(details, _name(inner), inner, cells, more)
        yield Details(part.sourceline or 0, child, cells, tuple(dict.fromkeys(more)))


def _take(table: Table, path: str, element: Any, cells: Cells, unread: list[str]) -> None:
    """Take the cell or cells of one element."""
    for column in table.columns:
        names = (column.heading, *column.aliases)
        if path in names and column.form == "plans":
            days = tuple(_text(each) or None for each in element.iterchildren(tag=etree.Element))
            cells.setdefault(column.heading, []).append((*days, None, None)[:2])
            return
        if path in names and not column.unfilled:
            cells.setdefault(column.heading, _text(element))
            return
        if column.form == "list" and column.heading.startswith(f"{path}/"):
            inner = [_text(each) for each in element.iterchildren(tag=etree.Element)]
            cells.setdefault(column.heading, []).extend(filter(None, inner))
            return
    unread.append(path)


def _name(element: Any) -> str:
    return str(etree.QName(element).localname)


def _text(element: Any) -> str:
    return (element.text or "").strip()
