"""FHIR XML from a resource in JSON form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from itertools import zip_longest
from math import isfinite
from typing import Any, Final

from eh_interop.core.errors import UnreadableInputError
from eh_interop.core.pointer import Steps
from eh_interop.formats.fhir.files.problems import FhirFault
from eh_interop.formats.fhir.files.r4 import (
    EXTRAS,
    RESOURCE,
    WHOLE,
    XHTML,
    R4Element,
    elements,
    fhirpath,
    is_resource,
)
from eh_interop.formats.fhir.files.xml_tree import (
    MAX_DEPTH,
    NAMESPACE,
    XHTML_DIV,
    RefusedXmlError,
    parse,
)

_DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_ESCAPES: Final = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;",
     "\r": "&#13;"}
)  # fmt: skip
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NOTHING: Final = "nothing stands here: FHIR leaves out what is empty"


def to_xml(resource: Mapping[str, Any], *, pretty: bool = False) -> bytes:
    """Write a resource, such as a Bundle, as FHIR XML in UTF-8.

    Args:
        resource: FHIR R4 as a plain dict.
        pretty: put each element on a line of its own.

    Raises:
        UnreadableInputError: XML could not give the same resource back: something is not an
            element of R4 in its place, is of another kind, is empty or null, or holds a
            character that XML does not have. The message says where, and no value.
    """
    writer = _Writer("\n" if pretty else "")
    try:
        writer.resource(resource, (), "")
    except _Unwritable as error:
        path = fhirpath(resource, error.steps)
        where = f" at {path}" if path else ""
        raise UnreadableInputError(f"this cannot be written as FHIR XML{where}: {error}") from None
    return "".join((_DECLARATION, *writer.pieces, "\n")).encode()


class _Unwritable(Exception):  # noqa: N818 - it never leaves this module
    def __init__(self, message: str, steps: Steps) -> None:
        super().__init__(message)
        self.steps = steps


class _Writer:
    def __init__(self, line_break: str) -> None:
        self.pieces: list[str] = []
        self._line_break = line_break
        self._blanks = "  " if line_break else ""

    def resource(self, value: Any, steps: Steps, before: str) -> None:
        """Write a whole resource."""
        name = value.get("resourceType") if isinstance(value, Mapping) else None
        if not isinstance(name, str) or not is_resource(name):
            raise _Unwritable("this is not a resource of R4", steps)
        tag = name if steps else f'{name} xmlns="{NAMESPACE}"'
        self._object(value, name, (tag, name), steps, before)

    def _object(
        self, value: Any, type_name: str, tags: tuple[str, str], steps: Steps, before: str
    ) -> None:
        """Write an object: its ids as attributes, its other elements in order inside it."""
        if not isinstance(value, Mapping):
            raise _Unwritable("an object belongs here", steps)
        if len(steps) > 2 * MAX_DEPTH:
            raise _Unwritable("objects stand too deep inside each other", steps)
        inside = _in_order(value, type_name, steps)
        attributes = "".join(
            f' {element.name}="{_text(value[element.name], element, (*steps, element.name))}"'
            for element in inside
            if _is_attribute(element, type_name)
        )
        inside = [element for element in inside if not _is_attribute(element, type_name)]
        self._open(tags, attributes, before, is_empty=not inside)
        for element in inside:
            self._element(value, element, steps, before + self._blanks)
        if inside:
            self._close(tags[1], before)

    def _element(self, parent: Mapping[str, Any], of: R4Element, steps: Steps, before: str) -> None:
        """Write one element, as often as it stands there."""
        beside = f"_{of.name}"
        if not of.many:
            for name in (of.name, beside):
                if name in parent and parent[name] is None:
                    raise _Unwritable(_NOTHING, (*steps, name))
            self._one(parent.get(of.name), parent.get(beside), of, (*steps, of.name), before)
            return
        values = _entries(parent, of.name, steps)
        extras = _entries(parent, beside, steps)
        for index, (value, extra) in enumerate(zip_longest(values, extras)):
            self._one(value, extra, of, (*steps, of.name, index), before)

    def _one(self, value: Any, extra: Any, of: R4Element, steps: Steps, before: str) -> None:
        if of.primitive:
            self._primitive(value, extra, of, steps, before)
        elif of.type == RESOURCE:
            self._open((of.name, of.name), "", before, is_empty=False)
            self.resource(value, steps, before + self._blanks)
            self._close(of.name, before)
        else:
            self._object(value, of.type, (of.name, of.name), steps, before)

    def _primitive(self, value: Any, extra: Any, of: R4Element, steps: Steps, before: str) -> None:
        if of.type == XHTML:
            self._start_line(before)
            self.pieces.append(_narrative(value, extra, steps))
            return
        if value is None and not extra:
            raise _Unwritable(_NOTHING, steps)
        stated = "" if value is None else f' value="{_text(value, of, steps)}"'
        if extra is None:
            self._open((of.name, of.name), stated, before, is_empty=True)
        else:
            self._object(extra, EXTRAS, (of.name + stated, of.name), steps, before)

    def _open(self, tags: tuple[str, str], attributes: str, before: str, *, is_empty: bool) -> None:
        self._start_line(before)
        self.pieces.append(f"<{tags[0]}{attributes}{'/' if is_empty else ''}>")

    def _close(self, name: str, before: str) -> None:
        self._start_line(before)
        self.pieces.append(f"</{name}>")

    def _start_line(self, before: str) -> None:
        if self._line_break and self.pieces:
            self.pieces.append(self._line_break + before)


def _in_order(value: Mapping[str, Any], type_name: str, steps: Steps) -> list[R4Element]:
    """Return the elements that an object has, in the order of R4."""
    known, present = elements(type_name), set()
    is_whole = is_resource(type_name)
    for name in value:
        if name == "resourceType" and is_whole:
            continue
        element = known.get(name.removeprefix("_"))
        if element is None or (name.startswith("_") and not _has_extras(element, type_name)):
            raise _Unwritable("R4 does not have what stands here", steps)
        present.add(element)
    return sorted(present, key=lambda element: element.rank)


def _is_attribute(element: R4Element, type_name: str) -> bool:
    """Return whether it is written as an attribute: ids inside a resource, an extension's URL."""
    if element.name == "id":
        return not is_resource(type_name)
    return element.name == "url" and type_name == "Extension"


def _has_extras(element: R4Element, type_name: str) -> bool:
    return element.primitive and element.name != "id" and not _is_attribute(element, type_name)


def _entries(parent: Mapping[str, Any], name: str, steps: Steps) -> Iterable[Any]:
    if name not in parent:
        return ()
    entries = parent[name]
    if not isinstance(entries, list) or all(entry is None for entry in entries):
        raise _Unwritable("a list that holds something belongs here", (*steps, name))
    return entries


def _text(value: Any, of: R4Element, steps: Steps) -> str:
    """Spell a value in such a way that reading it gives the same value back."""
    match value:
        case bool() if of.type == "boolean":
            return "true" if value else "false"
        case str() if of.type not in WHOLE and of.type not in {"boolean", "decimal"}:
            if _NOT_IN_XML.search(value):
                raise _Unwritable("a text holds a character that XML does not have", steps)
            return value.translate(_ESCAPES)
        case int() if not isinstance(value, bool) and of.type in WHOLE | {"decimal"}:
            return str(value)
        case float() if of.type == "decimal" and isfinite(value):
            return repr(value)
        case Decimal() if of.type == "decimal" and value.is_finite():
            return str(value)
        case _:
            raise _Unwritable(f"a value of the type {of.type} belongs here", steps)


def _narrative(value: Any, extra: Any, steps: Steps) -> str:
    """Check that a narrative is one ``div`` and nothing else, and return it as it is spelt."""
    message = "a narrative is one div element of XHTML, with nothing before or after it"
    if not isinstance(value, str) or extra is not None or _NOT_IN_XML.search(value):
        raise _Unwritable(message, steps)
    try:
        root = parse(value.encode())
    except RefusedXmlError as error:
        if error.finding.code == FhirFault.DOCUMENT_TYPE.code:
            raise _Unwritable("a narrative has no DOCTYPE and no named characters", steps) from None
        raise _Unwritable(message, steps) from None
    if root.name != XHTML_DIV or root.div != value:
        raise _Unwritable(message, steps)
    return value
