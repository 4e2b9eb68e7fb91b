"""A resource in JSON form from the tree of its FHIR XML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from math import isfinite
from typing import Any, Final

from eh_interop.core.findings import Origin
from eh_interop.core.pointer import Steps
from eh_interop.formats.fhir.files.problems import FhirFault, FileProblem
from eh_interop.formats.fhir.files.r4 import (
    EXTRAS,
    RESOURCE,
    WHOLE,
    XHTML,
    R4Element,
    elements,
    is_resource,
)
from eh_interop.formats.fhir.files.xml_tree import XHTML_DIV, XmlNode
from eh_interop.reading import Fault

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,400})")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,4})?")
_BOOLEANS: Final = {"true": True, "false": False}
_NOT_IN_R4: Final = "FHIR R4 has no such element here. It is not read."
XML_SCHEMA: Final = "http://www.w3.org/2001/XMLSchema-instance "


@dataclass(frozen=True, slots=True)
class XmlResource:
    """What a tree says as FHIR JSON. Its ``repr`` shows nothing of the record.

    ``problems``: what could not be taken over, or not as it stands.
    """

    document: dict[str, Any] = field(repr=False)
    problems: list[FileProblem]


def from_tree(root: XmlNode) -> XmlResource:
    """Turn a tree whose root is a resource of R4 into FHIR JSON."""
    reader = _Reader()
    return XmlResource(reader.resource(root, ()), reader.problems)


def locate(root: XmlNode, places: Iterable[Steps]) -> dict[Steps, Origin]:
    """Find where the elements at ``places`` begin.

    A place that does not exist gets the origin of its nearest parent that does. The
    steps are those of the JSON form: ``("entry", 2, "resource", "_birthDate")``.
    """
    children: dict[XmlNode, dict[str, list[XmlNode]]] = {}
    return {place: _follow(root, place, children).origin for place in places}


def _follow(
    node: XmlNode, place: Steps, children: dict[XmlNode, dict[str, list[XmlNode]]]
) -> XmlNode:
    names = [index for index, step in enumerate(place) if isinstance(step, str)]
    for start in names:
        number = place[start + 1] if start + 1 < len(place) else 0
        holder = _held(node)
        if holder not in children:
            children[holder] = _by_name(holder)
        same = children[holder].get(str(place[start]).removeprefix("_"), [])
        index = number if isinstance(number, int) else 0
        if index >= len(same):
            return node
        node = same[index]
    return node


def _held(node: XmlNode) -> XmlNode:
    """Return the resource that an element holds, or the element."""
    only = node.children[0] if len(node.children) == 1 else None
    return only if only and only.name[:1].isupper() else node


def _by_name(node: XmlNode) -> dict[str, list[XmlNode]]:
    nodes: dict[str, list[XmlNode]] = {}
    for child in node.children:
        nodes.setdefault("div" if child.name == XHTML_DIV else child.name, []).append(child)
    return nodes


class _Reader:
    """Turns nodes into values and collects problems."""

    def __init__(self) -> None:
        self.problems: list[FileProblem] = []

    def resource(self, node: XmlNode, steps: Steps) -> dict[str, Any]:
        """Read a resource; of a type that R4 does not have, only the type."""
        document = {"resourceType": node.name}
        if is_resource(node.name):
            document.update(self._object(node, node.name, steps))
        return document

    def _object(
        self, node: XmlNode, type_name: str, steps: Steps, *, value: bool = False
    ) -> dict[str, Any]:
        """Read an object. ``value``: it stands beside a value, which is read elsewhere."""
        known = elements(type_name)
        members = dict(self._attributes(node, type_name, steps, value=value))
        if node.has_text:
            self._unknown("Text stands here outside of any value. It is not read.", steps)
        for name, children in _by_name(node).items():
            of = known.get(name)
            if of is None or (name == "div") != (children[0].div is not None):
                strange = (type_name, name) if of is None else None
                self._unknown(_NOT_IN_R4, steps, (name, 0), strange)
                continue
            if len(children) > 1 and not of.many:
                message = "An element stands twice that may stand once: only the last one was kept."
                self.problems.append(
                    FileProblem(Fault.DUPLICATE_FIELD, message, (*steps, name), (1,))
                )
            self._element(children, of, steps, members)
        return members

    def _attributes(
        self, node: XmlNode, type_name: str, steps: Steps, *, value: bool
    ) -> Iterator[tuple[str, str]]:
        allowed = () if is_resource(type_name) else ("id", "url")
        has_stray = False
        for name, text in node.attributes.items():
            if name in allowed and (name == "id" or type_name == "Extension"):
                yield name, text
            elif not (value and name == "value") and not name.startswith(XML_SCHEMA):
                has_stray = True
        if has_stray:
            self._unknown("An attribute stands here that FHIR R4 does not have.", steps)

    def _element(
        self, children: list[XmlNode], of: R4Element, steps: Steps, found: dict[str, Any]
    ) -> None:
        """Read one element, as often as it stands there, into ``found``."""
        places = [(*steps, of.name, index) if of.many else (*steps, of.name)
                  for index in range(len(children))]  # fmt: skip
        pairs = [self._one(*entry, of) for entry in zip(children, places, strict=True)]
        for name, entries in zip((of.name, f"_{of.name}"), zip(*pairs, strict=True), strict=True):
            if of.many and any(entry is not None for entry in entries):
                found[name] = list(entries)
            elif not of.many and entries[-1] is not None:
                found[name] = entries[-1]

    def _one(self, node: XmlNode, steps: Steps, of: R4Element) -> tuple[Any, Any]:
        """Return a value, and what stands beside it; None for either that is not there."""
        if of.type == XHTML:
            return node.div, None
        if of.primitive:
            return self._primitive(node, steps, of)
        if of.type == RESOURCE:
            return self._wrapped(node, steps), None
        return self._object(node, of.type, steps), None

    def _primitive(self, node: XmlNode, steps: Steps, of: R4Element) -> tuple[Any, Any]:
        extra = self._object(node, EXTRAS, steps, value=True) or None
        if "value" in node.attributes:
            return self._value(node.attributes["value"], of, steps), extra
        if extra is None:
            message = "This element holds nothing: leave it out."
            self.problems.append(FileProblem(FhirFault.WRONG_KIND, message, steps))
        return None, extra

    def _wrapped(self, node: XmlNode, steps: Steps) -> dict[str, Any] | None:
        if node.attributes or node.has_text:
            self._unknown("Only a resource belongs here. The rest is not read.", steps)
        if len(node.children) != 1:
            message = "Exactly one resource belongs here. None was read."
            self.problems.append(FileProblem(FhirFault.WRONG_KIND, message, steps))
            return None
        return self.resource(node.children[0], steps)

    def _value(self, text: str, of: R4Element, steps: Steps) -> Any:
        """Read a value; one that is not of its type stays a text, as it would in JSON."""
        if of.type == "boolean":
            return _BOOLEANS.get(text, text)
        if of.type in WHOLE or of.type == "decimal":
            if _INTEGER.fullmatch(text):
                return int(text)
            if of.type == "decimal" and _DECIMAL.fullmatch(text) and isfinite(float(text)):
                return self._decimal(text, steps)
        return text

    def _decimal(self, text: str, steps: Steps) -> float:
        number = float(text)
        if Decimal(text) != Decimal(repr(number)):
            message = "A number has more digits than can be kept: the nearest one was read."
            self.problems.append(FileProblem(FhirFault.NUMBER_CHANGED, message, steps))
        return number

    def _unknown(
        self,
        message: str,
        steps: Steps,
        within: Steps = (),
        strange: tuple[str, str] | None = None,
    ) -> None:
        fault = FhirFault.UNKNOWN_ELEMENT
        self.problems.append(FileProblem(fault, message, steps, within, strange=strange))
