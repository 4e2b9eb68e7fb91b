"""XML text as a tree of nodes, each with its line and column.

Read with expat, the standard library's parser, and not with lxml: expat tells
columns, has no limit of its own on a text (a base64 attachment in an attribute may
be as large as the file), opens nothing by itself, and calls us at a DOCTYPE before
anything in it is read. There we stop, so no entity is ever declared or expanded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from eh_interop.core.findings import Finding, Origin
from eh_interop.formats.fhir.files.problems import FhirFault
from eh_interop.reading import Fault

NAMESPACE: Final = "http://hl7.org/fhir"
XHTML_DIV: Final = "http://www.w3.org/1999/xhtml div"
MAX_DEPTH: Final = 128
"""Elements inside each other. A form of FHIR has a few dozen."""

MAX_ELEMENTS: Final = 1_000_000
"""Elements of a file. In 32 MiB of FHIR there are some 700,000; each takes memory."""

_PREFIX: Final = f"{NAMESPACE} "
_INCLUSION: Final = "http://www.w3.org/2001/XInclude "
_UTF8: Final = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})
_START_TAG = re.compile(rb"<([^\s>/]+)(?:[^>\"']|\"[^\"]*\"|'[^']*')*>")
_PREFIXES = re.compile(r"(?<=[<\s/])([^\s<>/:=\"']+):")
_CUT_OFF: Final = frozenset(
    {
        expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS],
        expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_TOKEN],
        expat.errors.codes[expat.errors.XML_ERROR_PARTIAL_CHAR],
        expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION],
    }
)
_HINTS: Final = {
    expat.errors.XML_ERROR_TAG_MISMATCH: "the end tag here is not that of the element it ends.",
    expat.errors.XML_ERROR_DUPLICATE_ATTRIBUTE: "an attribute stands twice in this element.",
    expat.errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT: "something follows the end of the record.",
    expat.errors.XML_ERROR_UNBOUND_PREFIX: "the prefix of a name here stands for no namespace.",
    expat.errors.XML_ERROR_BAD_CHAR_REF: "a character stands here that XML does not allow.",
}
_NO_HINT: Final = "it cannot be understood from here on."
_BY_CODE: Final = {expat.errors.codes[words]: hint for words, hint in _HINTS.items()}


class RefusedXmlError(Exception):
    """The text is not XML that is read here; ``finding`` says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


@dataclass(slots=True, eq=False)
class XmlNode:
    """One element. Its ``repr`` shows nothing of the record.

    Attributes:
        name: its name; one that is not FHIR's has its namespace, if any, and a blank before it.
        attributes: their values; names with a namespace have it and a blank before them.
        line: the line of its start tag, from 1.
        column: the column there, in characters, from 1.
        children: the elements in it; of a narrative ``div`` none.
        div: a narrative, exactly as it is spelt in the file.
        has_text: text stands in it beside its children.
    """

    name: str = field(repr=False)
    attributes: Mapping[str, str] = field(repr=False)
    line: int
    column: int
    children: list[XmlNode] = field(default_factory=list, repr=False)
    div: str | None = field(default=None, repr=False)
    has_text: bool = False

    @property
    def origin(self) -> Origin:
        """Where its start tag begins."""
        return Origin(self.line, self.column)


def parse(data: bytes) -> XmlNode:
    """Read XML in UTF-8, without byte order mark, and return its root.

    Raises:
        RefusedXmlError: it is not well-formed, or has a DOCTYPE, an XInclude, another declared
            encoding, more than ``MAX_DEPTH`` elements inside each other or ``MAX_ELEMENTS`` in all.
    """
    return _Builder(data).build()


class _Builder:
    """Follows expat's calls and builds the tree."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._top = XmlNode("", {}, 0, 0)
        self._open = [self._top]
        self._count = 0
        self._div_depth = 0  # elements open in the narrative being passed over
        self._div_start = 0
        self._namespaces: dict[str, list[str]] = {}  # by prefix, the one in scope last
        self._parser = expat.ParserCreate("utf-8", " ")
        self._parser.buffer_text = True
        self._parser.XmlDeclHandler = self._declaration
        self._parser.StartDoctypeDeclHandler = self._document_type
        self._parser.StartNamespaceDeclHandler = self._namespace
        self._parser.EndNamespaceDeclHandler = self._end_of_namespace
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text

    def build(self) -> XmlNode:
        try:
            self._parser.Parse(self._data, True)  # noqa: FBT003 - the only way expat has it
        except expat.ExpatError as error:
            raise RefusedXmlError(_why(error)) from None
        return self._top.children[0]

    def _here(self) -> Origin:
        return Origin(self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber + 1)

    def _declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.lower() not in _UTF8:
            message = "The file says that it is in another encoding than UTF-8: save it as UTF-8."
            raise RefusedXmlError(Fault.WRONG_ENCODING.finding(message, Origin(1, 1)))

    def _document_type(self, *_declared: object) -> None:
        message = "A document type declaration (DOCTYPE) stands here. FHIR forbids it: remove it."
        raise RefusedXmlError(FhirFault.DOCUMENT_TYPE.finding(message, self._here()))

    def _namespace(self, prefix: str | None, uri: str | None) -> None:
        if not self._div_depth:
            self._namespaces.setdefault(prefix or "", []).append(uri or "")

    def _end_of_namespace(self, prefix: str | None) -> None:
        if not self._div_depth:
            self._namespaces[prefix or ""].pop()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name.startswith(_INCLUSION):
            message = "The XML asks for another file to be included here. Put its content here."
            raise RefusedXmlError(FhirFault.INCLUSION.finding(message, self._here()))
        if len(self._open) + self._div_depth > MAX_DEPTH:
            message = "Elements stand too deep inside each other here."
            raise RefusedXmlError(Fault.NESTED_TOO_DEEPLY.finding(message, self._here()))
        self._count += 1
        if self._count > MAX_ELEMENTS:
            message = f"The file has more than {MAX_ELEMENTS:,} elements, the most that is read."
            raise RefusedXmlError(Fault.TOO_LARGE.finding(message, self._here()))
        if self._div_depth:
            self._div_depth += 1
            return
        line, column = self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber + 1
        node = XmlNode(_named(name), attributes, line, column)
        self._open[-1].children.append(node)
        self._open.append(node)
        if name == XHTML_DIV:
            self._div_depth = 1
            self._div_start = self._parser.CurrentByteIndex

    def _end(self, _name: str) -> None:
        if self._div_depth:
            self._div_depth -= 1
            if self._div_depth:
                return
            self._open[-1].div = self._narrative()
        self._open.pop()

    def _text(self, text: str) -> None:
        if not self._div_depth and not text.isspace():
            self._open[-1].has_text = True

    def _narrative(self) -> str:
        """Return the narrative as it is spelt, with the namespaces that it takes from around it."""
        tag = _START_TAG.match(self._data, self._div_start)
        end = self._data.index(b">", self._parser.CurrentByteIndex) + 1
        if tag is None or (end := max(end, tag.end())) == tag.end():
            return self._data[self._div_start : end].decode()
        name = tag[1].decode()
        head, rest = tag[0].decode(), self._data[tag.end() : end].decode()
        missing = "".join(
            f" {declaration}" for declaration in self._missing(name, head, head + rest)
        )
        return f"<{name}{missing}{head[len(name) + 1 :]}{rest}"

    def _missing(self, name: str, head: str, text: str) -> Iterator[str]:
        """Yield the declarations from around a narrative without which it is not whole."""
        prefixes = set(_PREFIXES.findall(text)) | ({""} if ":" not in name else set())
        for prefix in sorted(prefixes):
            declared = f"xmlns:{prefix}" if prefix else "xmlns"
            if (stated := self._namespaces.get(prefix)) and not re.search(
                rf"\s{re.escape(declared)}\s*=", head
            ):
                yield f"{declared}={_quoted(stated[-1])}"


def _named(name: str) -> str:
    if name.startswith(_PREFIX):
        return name[len(_PREFIX) :]
    return name if " " in name else f" {name}"


def _quoted(uri: str) -> str:
    return '"' + uri.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;") + '"'


def _why(error: expat.ExpatError) -> Finding:
    origin = Origin(error.lineno, error.offset + 1)
    if error.code in _CUT_OFF:
        return Fault.TRUNCATED.finding("The file ends before the record is complete.", origin)
    if error.code == expat.errors.codes[expat.errors.XML_ERROR_UNDEFINED_ENTITY]:
        message = "A character is written as a name, such as &nbsp;, which XML does not know here."
        return FhirFault.DOCUMENT_TYPE.finding(f"{message} Write the character itself.", origin)
    hint = _BY_CODE.get(error.code, _NO_HINT)
    return FhirFault.NOT_XML.finding(f"This is not XML: {hint}", origin)
