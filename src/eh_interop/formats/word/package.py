"""The zip file of a Word document, opened with limits, and its XML with nothing from outside."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final, TypeAlias

from lxml import etree

from eh_interop.reading.faults import DocumentFault
from eh_interop.reading.streams import MIB, RefusedError

Element: TypeAlias = Any
"""An element of lxml, which has no types of its own."""
MOST_BYTES: Final = 64 * MIB
"""The most that one part of a document may unpack to."""
MOST_PARTS: Final = 5_000
_NOT_FOLLOWED: Final = {
    "vbaproject": "macros",
    "embeddings/": "embedded files",
    "activex/": "ActiveX controls",
}
DAMAGED: Final = "It is damaged or was cut off. Ask for it to be sent again."


class Package:
    """The parts of a Word document."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.names = frozenset(archive.namelist())

    def part(self, name: str) -> Element | None:
        """Return the XML of a part; None if there is no such part.

        Raises:
            RefusedError: it is damaged, or too large.
        """
        if name not in self.names:
            return None
        try:
            with self._archive.open(name) as file:
                data = file.read(MOST_BYTES + 1)
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError):
            raise RefusedError(DocumentFault.DAMAGED, DAMAGED) from None
        if len(data) > MOST_BYTES:
            raise RefusedError(
                DocumentFault.TOO_LARGE,
                "Something in it grows beyond what a form needs when unpacked.",
            )
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False
        )
        try:
            return etree.fromstring(data, parser)
        except etree.XMLSyntaxError:
            raise RefusedError(DocumentFault.DAMAGED, DAMAGED) from None

    def not_followed(self) -> Iterator[str]:
        """Yield what is in the document that is never opened."""
        for part, what in _NOT_FOLLOWED.items():
            if any(part in name.lower() for name in self.names):
                yield what

    def relations(self, name: str) -> Element | None:
        """Return the relations of a part."""
        folder, _, file = name.rpartition("/")
        return self.part(f"{folder}/_rels/{file}.rels")


@contextmanager
def opened(source: Path | BinaryIO) -> Iterator[Package]:
    """Open a Word document.

    Raises:
        RefusedError: it is damaged.
    """
    try:
        archive = zipfile.ZipFile(source)
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise RefusedError(DocumentFault.DAMAGED, DAMAGED) from None
    with archive:
        if len(archive.infolist()) > MOST_PARTS:
            raise RefusedError(DocumentFault.TOO_LARGE, "It has more parts than a form needs.")
        yield Package(archive)


def local(element: Element) -> str:
    """Return the name of an element without its namespace; empty for a comment."""
    return str(element.tag).rpartition("}")[2] if isinstance(element.tag, str) else ""


def attribute(element: Element | None, name: str, default: str = "") -> str:
    """Return an attribute whatever its namespace: strict and transitional files differ in it."""
    if element is None:
        return default
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return default


def child(element: Element | None, name: str) -> Element | None:
    """Return the first child of a name; None if there is none."""
    return None if element is None else next((one for one in element if local(one) == name), None)


def is_on(properties: Element | None, name: str) -> bool:
    """Return whether a switch such as ``w:b`` is on: it is if it is there and not called off."""
    switch = child(properties, name)
    return switch is not None and attribute(switch, "val", "true").lower() not in {
        "0", "false", "off", "none",
    }  # fmt: skip
