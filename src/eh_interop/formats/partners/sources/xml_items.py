"""XML, one record element at a time. No entities, no document types, nothing fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, BinaryIO, Final
from xml.parsers import expat

from lxml import etree

from eh_interop.core.findings import Finding
from eh_interop.formats.partners.sources.trees import Found
from eh_interop.formats.partners.tables import Table
from eh_interop.reading.faults import Fault
from eh_interop.reading.partner_faults import PartnerFault
from eh_interop.reading.refused import RefusedError
from eh_interop.reading.xml import MAX_DEPTH

MAX_ELEMENTS: Final = 500_000
"""Elements of one record, and of all that is no record."""

_ELEMENT: Final = type(etree.Element("x"))
_CHUNK: Final = 64 * 1024
_NAME = re.compile(r"(?<![@\w.:$-])([A-Za-z_][\w.-]*)(?![\w.-]*(?:\(|:))")
_OPERATORS: Final = frozenset({"and", "or", "div", "mod"})
_CALLS = re.compile(r"([\w-]+)\s*\(")
_ALLOWED: Final = frozenset({"text", "position", "last", "not"})
_INSTANCE: Final = "{http://www.w3.org/2001/XMLSchema-instance}"


def xpath_problem(path: str, namespaces: Mapping[str, str]) -> str:
    """Say what is wrong with an XPath; nothing if it is right."""
    unquoted = re.sub(r"'[^']*'|\"[^\"]*\"", "", path)
    if set(_CALLS.findall(unquoted)) - _ALLOWED:
        return "functions cannot be used: a path says only where something stands."
    try:
        _compiled(path, tuple(sorted(namespaces.items())))
    except (etree.XPathSyntaxError, ValueError):
        return "it is no XPath."
    return ""


@lru_cache(maxsize=2048)
def _compiled(path: str, namespaces: tuple[tuple[str, str], ...]) -> Any:
    if not namespaces:
        path = _any_namespace(path)
    return etree.XPath(path, namespaces=dict(namespaces) or None)


def _any_namespace(path: str) -> str:
    """Let the names of a path mean elements of any namespace, since the mapping declares none."""
    pieces = re.split(r"('[^']*'|\"[^\"]*\")", path)
    return "".join(
        piece if index % 2 else _NAME.sub(_local_name, piece) for index, piece in enumerate(pieces)
    )


def _local_name(match: re.Match[str]) -> str:
    return match[1] if match[1] in _OPERATORS else f"*[local-name()='{match[1]}']"


class XmlItem:
    """One element that is a record, or an entry of one."""

    def __init__(self, element: Any, top: Any, base: str, table: Table, read: set[Any]) -> None:
        self._element, self._top, self._base = element, top, base
        self._namespaces = tuple(sorted(table.namespaces.items()))
        self._read = read

    def values(self, path: str) -> list[Found]:
        """Return the texts at an XPath."""
        return [self._found(node, path) for node in self._nodes(path)]

    def items(self, path: str) -> list[XmlItem]:
        """Return the elements at an XPath."""
        return [self._inner(node) for node in self._nodes(path) if isinstance(node, _ELEMENT)]

    def _inner(self, element: Any) -> XmlItem:
        inner = object.__new__(XmlItem)
        inner._element, inner._top, inner._base = element, self._top, self._base
        inner._namespaces, inner._read = self._namespaces, self._read
        return inner

    def _nodes(self, path: str) -> list[Any]:
        found = _compiled(path, self._namespaces)(self._element)
        return found if isinstance(found, list) else []

    def _found(self, node: Any, path: str) -> Found:
        if isinstance(node, _ELEMENT):
            self._read.add(node)
            return Found(_text(node), self._path(node), node.sourceline or 0, path)
        parent = node.getparent()
        if node.is_attribute:
            self._read.add((parent, node.attrname))
            name = f"/@{etree.QName(node.attrname).localname}"
            return Found(str(node), self._path(parent) + name, parent.sourceline or 0, path)
        self._read.add(parent)
        return Found(str(node), self._path(parent), parent.sourceline or 0, path)

    def _path(self, element: Any) -> str:
        """Return where an element stands. The tree itself no longer holds earlier records."""
        steps: list[str] = []
        while element is not None and element is not self._top:
            steps.append(_step(element))
            element = element.getparent()
        base = self._base if element is self._top else ""
        return "/".join([base, *reversed(steps)])

    def unread(self, given_up: tuple[str, ...]) -> Iterator[Found]:
        """Yield the texts and attributes that nobody has asked for."""
        for path in given_up:
            for node in self._nodes(path):
                if isinstance(node, _ELEMENT):
                    self._read.update(node.iter())
                    self._read.update((each, key) for each in node.iter() for key in each.attrib)
                else:
                    self._found(node, path)
        for element in self._element.iter(etree.Element):
            name = self._name(element)
            if not len(element) and element not in self._read and (element.text or "").strip():
                yield Found(element.text, self._path(element), element.sourceline or 0, name)
            for key, value in element.items():
                if (element, key) not in self._read and not key.startswith(_INSTANCE):
                    own = f"{name}/@{etree.QName(key).localname}"
                    place = f"{self._path(element)}/@{etree.QName(key).localname}"
                    yield Found(value, place, element.sourceline or 0, own)

    def _name(self, element: Any) -> str:
        names: list[str] = []
        while element is not self._top:
            names.append(etree.QName(element).localname)
            element = element.getparent()
        return "/".join(reversed(names)) or etree.QName(self._top).localname

    def raw(self) -> str:
        """Return the element as XML."""
        return str(etree.tostring(self._element, encoding="unicode", with_tail=False))

    def notes(self) -> tuple[Finding, ...]:
        """Return nothing: faults of XML stop the reading."""
        return ()

    @property
    def line(self) -> int:
        """The line on which the element begins."""
        return self._element.sourceline or 0


def _text(element: Any) -> str:
    return "".join(element.itertext())


def _step(element: Any) -> str:
    name = etree.QName(element).localname
    parent = element.getparent()
    if parent is None:
        return str(name)
    same = [each for each in parent if each.tag == element.tag]
    return f"{name}[{same.index(element) + 1}]" if len(same) > 1 else str(name)


def xml_items(file: BinaryIO, table: Table) -> Iterator[XmlItem]:
    """Yield the records of an XML file. Memory holds one at a time, and what is no record.

    Raises:
        RefusedError: it is no XML, has a document type, or is built to do harm.
    """
    _refuse_document_type(file)
    wanted = tuple(_plain(part) for part in table.record_at.strip("/").split("/"))
    events = etree.iterparse(
        file,
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        yield from _records(events, wanted, table)
    except etree.XMLSyntaxError as error:
        raise RefusedError(
            PartnerFault.NOT_READABLE,
            "This is not XML, or it is cut off: it cannot be understood from here on.",
            line=int(error.lineno or 0),
        ) from None


def _plain(step: str) -> str:
    """Return the name in a step of ``record-at``, without prefix."""
    return step.rpartition(":")[2]


def _records(events: Any, wanted: tuple[str, ...], table: Table) -> Iterator[XmlItem]:
    stack: list[str] = []
    inside = outside = number = 0
    for event, element in events:
        if event == "start":
            stack.append(etree.QName(element).localname)
            if tuple(stack[: len(wanted)]) == wanted:
                inside += 1
            else:
                outside += 1
            if max(inside, outside) > MAX_ELEMENTS or len(stack) > MAX_DEPTH:
                raise _too_much(len(stack) > MAX_DEPTH, element)
            continue
        if tuple(stack) == wanted:
            number += 1
            base = f"/{'/'.join(stack)}[{number}]"
            yield XmlItem(element, element, base, table, set())
            inside = 0
            _forget(element)
        stack.pop()


def _forget(element: Any) -> None:
    """Free a record that was read, and the empty shell of the one before."""
    element.clear()
    before = element.getprevious()
    if before is not None and before.tag == element.tag:
        element.getparent().remove(before)


def _too_much(deep: bool, element: Any) -> RefusedError:
    if deep:
        message = "Elements stand too deep inside each other here."
        return RefusedError(Fault.NESTED_TOO_DEEPLY, message, line=element.sourceline or 0)
    message = f"A record, or what is no record, has more than {MAX_ELEMENTS:,} elements."
    return RefusedError(PartnerFault.TOO_LARGE, message, line=element.sourceline or 0)


class _RootSeenError(Exception):
    """The root has begun: no document type can follow."""


def _refuse_document_type(file: BinaryIO) -> None:
    """Look at what stands before the root, with a parser that stops at a document type."""
    parser = expat.ParserCreate()

    def document_type(*_declared: object) -> None:
        raise RefusedError(
            PartnerFault.DOCTYPE,
            "A document type declaration (DOCTYPE) stands here. Remove it.",
            line=parser.CurrentLineNumber,
        )

    def root(*_seen: object) -> None:
        raise _RootSeenError

    parser.StartDoctypeDeclHandler = document_type
    parser.StartElementHandler = root
    try:
        while chunk := file.read(_CHUNK):
            parser.Parse(chunk)
        raise RefusedError(Fault.EMPTY, "There is no element in the file.")
    except _RootSeenError:
        pass
    except (expat.ExpatError, ValueError, LookupError):
        raise RefusedError(
            PartnerFault.NOT_READABLE, "This is not XML.", line=parser.ErrorLineNumber or 1
        ) from None
    file.seek(0)
