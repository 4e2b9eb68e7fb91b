"""The XML of a Word document: paragraphs, tables and content controls.

Built with lxml, which we have: python-docx has no content controls, so all that matters here would
have to be written as XML beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import count
from typing import Final

from lxml import etree

from eh_interop.formats.word.package import Element

W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W14: Final = "http://schemas.microsoft.com/office/word/2010/wordml"
W15: Final = "http://schemas.microsoft.com/office/word/2012/wordml"
MC: Final = "http://schemas.openxmlformats.org/markup-compatibility/2006"
NAMESPACES: Final = {"w": W, "w14": W14, "w15": W15, "mc": MC}
_TICKED, _EMPTY = "\N{BALLOT BOX WITH X}", "\N{BALLOT BOX}"
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LONGEST: Final = 64
"""Word takes titles and tags of no more characters."""


def element(name: str, *children: Element, **attributes: str | int) -> Element:
    """Return an element of Word; ``w14_checkbox`` is one of a later edition."""
    made = etree.Element(_qualified(name), {_qualified(k): str(v) for k, v in attributes.items()})
    made.extend(children)
    return made


def _qualified(name: str) -> str:
    prefix, _, rest = name.rpartition("_")
    return f"{{{NAMESPACES[prefix or 'w']}}}{rest}"


def run(text: str, style: str = "") -> Element:
    """Return a run of text, line breaks included. What XML cannot hold becomes a question mark."""
    made = element("r", element("rPr", element("rStyle", val=style))) if style else element("r")
    for number, line in enumerate(_NOT_XML.sub("?", text).split("\n")):
        if number:
            made.append(element("br"))
        words = element("t")
        words.text = line
        words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        made.append(words)
    return made


def paragraph(*runs: Element, style: str = "") -> Element:
    """Return a paragraph."""
    if style:
        return element("p", element("pPr", element("pStyle", val=style)), *runs)
    return element("p", *runs)


class Controls:
    """Makes content controls, each with a number of its own."""

    def __init__(self) -> None:
        """Start to count."""
        self._numbers = count(1)

    def control(self, kind: Element, content: Iterable[Element], tag: str, title: str) -> Element:
        """Return a control around content, with the place as its tag."""
        return self._sdt([*self._named(tag, title), kind], content)

    def blank(self, kind: Element, hint: str, tag: str, title: str) -> Element:
        """Return a control in which nothing stands but a hint."""
        named = [*self._named(tag, title), element("showingPlcHdr"), kind]
        return self._sdt(named, [run(hint, "PlaceholderText")])

    def box(self, tag: str, title: str, *, ticked: bool) -> Element:
        """Return a box to tick."""
        kind = element(
            "w14_checkbox",
            element("w14_checked", w14_val=int(ticked)),
            element("w14_checkedState", w14_val="2612", w14_font="MS Gothic"),
            element("w14_uncheckedState", w14_val="2610", w14_font="MS Gothic"),
        )
        mark = run(_TICKED if ticked else _EMPTY, "Box")
        return self._sdt([*self._named(tag, title), kind], [mark])

    def repeating(self, title: str, items: Iterable[Iterable[Element]]) -> Element:
        """Return a section of which Word adds another item with a click."""
        inner = [self._sdt([element("w15_repeatingSectionItem")], one) for one in items]
        kind = element("w15_repeatingSection", element("w15_sectionTitle", w15_val=title))
        return self._sdt([kind], inner)

    def _named(self, tag: str, title: str) -> Iterator[Element]:
        yield element("alias", val=title[:_LONGEST])
        yield element("tag", val=tag)

    def _sdt(self, properties: Iterable[Element], content: Iterable[Element]) -> Element:
        named = list(properties)
        # The schema wants alias and tag, then the number, then the rest.
        at = sum(one.tag in {_qualified("alias"), _qualified("tag")} for one in named)
        named.insert(at, element("id", val=next(self._numbers)))
        return element("sdt", element("sdtPr", *named), element("sdtContent", *content))


def cell(content: Iterable[Element], width: int, span: int = 1, fill: str = "") -> Element:
    """Return a cell of a table."""
    properties = element("tcPr", element("tcW", w=width, type="dxa"))
    if span > 1:
        properties.append(element("gridSpan", val=span))
    if fill:
        properties.append(element("shd", val="clear", color="auto", fill=fill))
    return element("tc", properties, *content)


def table(rows: Iterable[Element], widths: Iterable[int], description: str) -> Element:
    """Return a table over the whole width, with a description for those who hear it."""
    widths = list(widths)
    return element(
        "tbl",
        element(
            "tblPr",
            element("tblStyle", val="Answers"),
            element("tblW", w=sum(widths), type="dxa"),
            element("tblLayout", type="fixed"),
            element("tblCaption", val=description),
        ),
        element("tblGrid", *(element("gridCol", w=width) for width in widths)),
        *rows,
    )
