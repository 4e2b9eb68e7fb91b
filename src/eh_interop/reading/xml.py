"""XML that is safe to read: no document type, no entities, nothing fetched, and with limits.

Who reads XML of other people reads it with these. (FHIR has a tree of its own, from expat:
its findings need the column of each element.)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, Protocol
from xml.parsers import expat

from lxml import etree

from eh_interop.reading.faults import Fault, PartnerFault
from eh_interop.reading.streams import RefusedError

MAX_DEPTH: Final = 100
"""Elements inside each other."""
MAX_ATTRIBUTES: Final = 1_000
"""Attributes of one element."""
MAX_ELEMENTS: Final = 500_000
"""Elements of one record, and of all that is not a record."""

_CHUNK: Final = 64 * 1024
_SAFE: Final = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}


def safe_parse(text: bytes) -> Any:
    """Return the root element of a small document.

    Raises:
        RefusedError: it is not XML, or has a document type.
    """
    parser = etree.XMLParser(**_SAFE)
    try:
        root = etree.fromstring(text, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _not_xml(getattr(error, "lineno", 0)) from None
    if root.getroottree().docinfo.doctype:
        raise _document_type(1)
    return root


class ReadableTwice(Protocol):
    """What an open file has, as far as XML needs it."""

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes."""
        ...

    def seek(self, offset: int, /) -> int:
        """Go back."""
        ...


def safe_iterparse(
    file: ReadableTwice, *, tag: str | Sequence[str] | None = None, events: Sequence[str] = ("end",)
) -> Iterator[tuple[str, Any]]:
    """Yield events and elements, as :func:`lxml.etree.iterparse` does.

    Reading stops before a document type, wherever the names in it would lead.

    Args:
        file: an open file at its beginning, which can be read twice.
        tag: names of the elements that are wanted, ``{*}name`` for any namespace.
        events: ``start``, ``end`` or both.

    Raises:
        RefusedError: it is not XML, or has a document type.
    """
    refuse_document_type(file)
    try:
        yield from etree.iterparse(file, events=events, tag=tag, dtd_validation=False, **_SAFE)
    except etree.XMLSyntaxError as error:
        raise _not_xml(error.lineno or 0) from None


def safe_records(file: ReadableTwice, path: Sequence[str]) -> Iterator[tuple[int, Any]]:
    """Yield each element at a path of names, with its number from 1; prefixes do not count.

    Memory holds one record at a time, and what is not a record. An element is empty when the
    next one is asked for.

    Args:
        file: an open file at its beginning, which can be read twice.
        path: names from the root down to the record.

    Raises:
        RefusedError: it is not XML, has a document type, or is larger or deeper than is read.
    """
    wanted = tuple(path)
    stack: list[str] = []
    inside = outside = number = 0
    for event, element in safe_iterparse(file, events=("start", "end")):
        if event == "start":
            stack.append(etree.QName(element).localname)
            if tuple(stack[: len(wanted)]) == wanted:
                inside += 1
            else:
                outside += 1
            _refuse_too_much(element, len(stack), max(inside, outside))
            continue
        if tuple(stack) == wanted:
            number += 1
            yield number, element
            inside = 0
            free(element)
        stack.pop()


def free(element: Any) -> None:
    """Free the memory of an element that was read, and the empty shell of the one before."""
    element.clear()
    before = element.getprevious()
    if before is not None and before.tag == element.tag:
        element.getparent().remove(before)


def _refuse_too_much(element: Any, depth: int, elements: int) -> None:
    line = element.sourceline or 0
    if depth > MAX_DEPTH:
        message = f"Elements stand more than {MAX_DEPTH} deep inside each other here."
        raise RefusedError(Fault.NESTED_TOO_DEEPLY, message, line=line)
    if len(element.attrib) > MAX_ATTRIBUTES:
        message = f"An element has more than {MAX_ATTRIBUTES:,} attributes, the most that is read."
        raise RefusedError(PartnerFault.TOO_LARGE, message, line=line)
    if elements > MAX_ELEMENTS:
        message = f"A record, or what is not a record, has more than {MAX_ELEMENTS:,} elements."
        raise RefusedError(PartnerFault.TOO_LARGE, message, line=line)


class _RootSeenError(Exception):
    """The root has begun: no document type can follow."""


def refuse_document_type(file: ReadableTwice) -> None:
    """Look at what stands before the root, with a parser that stops at a document type.

    The file stands at its beginning afterwards.

    Raises:
        RefusedError: it has a document type, no element, or is not XML.
    """
    parser = expat.ParserCreate()

    def document_type(*_declared: object) -> None:
        raise _document_type(parser.CurrentLineNumber)

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
        line = parser.ErrorLineNumber or 1
        raise RefusedError(PartnerFault.NOT_READABLE, "This is not XML.", line=line) from None
    file.seek(0)


def _document_type(line: int) -> RefusedError:
    message = "A document type declaration (DOCTYPE) stands here. Remove it."
    return RefusedError(PartnerFault.DOCTYPE, message, line=line)


def _not_xml(line: int) -> RefusedError:
    message = "This is not XML, or it is cut off: it cannot be understood from here on."
    return RefusedError(PartnerFault.NOT_READABLE, message, line=int(line or 0))
