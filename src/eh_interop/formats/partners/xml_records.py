"""XML, one record element at a time. No entities, no document types, nothing fetched."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from typing import Any, BinaryIO, Final

from lxml import etree

from eh_interop.core.findings import Finding
from eh_interop.formats._shared.code_maps import fold_label
from eh_interop.formats.partners.mapping_table import MappingTable
from eh_interop.formats.partners.tree_records import TreeValue
from eh_interop.reading.xml import safe_records

_ELEMENT: Final = type(etree.Element("x"))
_NAME = re.compile(r"(?<![@\w.:$-])([A-Za-z_][\w.-]*)(?![\w.-]*(?:\(|:))")
_OPERATORS: Final = frozenset({"and", "or", "div", "mod"})
_CALLS = re.compile(r"([\w-]+)\s*\(")
_ALLOWED: Final = frozenset({"text", "position", "last", "not"})
_INSTANCE: Final = "{http://www.w3.org/2001/XMLSchema-instance}"


def xpath_problem(path: str, namespaces: Mapping[str, str]) -> str:
    """Return what is wrong with an XPath; nothing if it is right."""
    unquoted = re.sub(r"'[^']*'|\"[^\"]*\"", "", path)
    if set(_CALLS.findall(unquoted)) - _ALLOWED:
        return "functions cannot be used: a path says only where something stands."
    try:
        _compiled(path, tuple(sorted(namespaces.items())))
    except (etree.XPathSyntaxError, ValueError):
        return "it is not an XPath."
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

    def __init__(
        self,
        element: Any,
        top: Any,
        base: str,
        namespaces: tuple[tuple[str, str], ...],
        read: set[Any],
    ) -> None:
        self._element, self._top, self._base = element, top, base
        self._namespaces, self._read = namespaces, read

    def values(self, path: str) -> list[TreeValue]:
        """Return the texts at an XPath."""
        return [self._value(node, path) for node in self._nodes(path)]

    def items(self, path: str) -> list[XmlItem]:
        """Return the elements at an XPath."""
        around = (self._top, self._base, self._namespaces, self._read)
        return [XmlItem(node, *around) for node in self._nodes(path) if isinstance(node, _ELEMENT)]

    def holds(self, path: str, words: Collection[str]) -> bool:
        """Return whether one of some folded words stands at an XPath; it is not read by that."""
        texts = (
            "".join(node.itertext()) if isinstance(node, _ELEMENT) else str(node)
            for node in self._nodes(path)
        )
        return any(fold_label(text) in words for text in texts)

    def _nodes(self, path: str) -> list[Any]:
        nodes = _compiled(path, self._namespaces)(self._element)
        return nodes if isinstance(nodes, list) else []

    def _value(self, node: Any, path: str) -> TreeValue:
        if isinstance(node, _ELEMENT):
            self._read.add(node)
            return TreeValue("".join(node.itertext()), self._path(node), node.sourceline or 0, path)
        parent = node.getparent()
        if node.is_attribute:
            self._read.add((parent, node.attrname))
            name = f"/@{etree.QName(node.attrname).localname}"
            return TreeValue(str(node), self._path(parent) + name, parent.sourceline or 0, path)
        self._read.add(parent)
        return TreeValue(str(node), self._path(parent), parent.sourceline or 0, path)

    def _path(self, element: Any) -> str:
        """Return where an element stands. The tree itself no longer holds earlier records."""
        steps: list[str] = []
        while element is not None and element is not self._top:
            steps.append(_step(element))
            element = element.getparent()
        base = self._base if element is self._top else ""
        return "/".join([base, *reversed(steps)])

    def unread(self, dropped: tuple[str, ...]) -> Iterator[TreeValue]:
        """Yield the texts and attributes that nobody has asked for."""
        for path in dropped:
            for node in self._nodes(path):
                if isinstance(node, _ELEMENT):
                    self._read.update(node.iter())
                    self._read.update((inner, key) for inner in node.iter() for key in inner.attrib)
                else:
                    self._value(node, path)
        for element in self._element.iter(etree.Element):
            name = self._name(element)
            if not len(element) and element not in self._read and (element.text or "").strip():
                yield TreeValue(element.text, self._path(element), element.sourceline or 0, name)
            for key, value in element.items():
                if (element, key) not in self._read and not key.startswith(_INSTANCE):
                    own = f"{name}/@{etree.QName(key).localname}"
                    place = f"{self._path(element)}/@{etree.QName(key).localname}"
                    yield TreeValue(value, place, element.sourceline or 0, own)

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
    def path(self) -> str:
        """Where the element is in the file."""
        return self._path(self._element)

    @property
    def line(self) -> int:
        """The line on which the element begins."""
        return self._element.sourceline or 0


def _step(element: Any) -> str:
    name = etree.QName(element).localname
    parent = element.getparent()
    if parent is None:
        return str(name)
    same = [sibling for sibling in parent if sibling.tag == element.tag]
    return f"{name}[{same.index(element) + 1}]" if len(same) > 1 else str(name)


def xml_records(file: BinaryIO, table: MappingTable) -> Iterator[XmlItem]:
    """Yield the records of an XML file. Memory holds one at a time, and what is not a record.

    Raises:
        RefusedError: it is not XML, has a document type, or is built to do harm.
    """
    names = [step.rpartition(":")[2] for step in table.record_at.strip("/").split("/")]
    namespaces = tuple(sorted(table.namespaces.items()))
    for number, element in safe_records(file, names):
        yield XmlItem(element, element, f"/{'/'.join(names)}[{number}]", namespaces, set())
