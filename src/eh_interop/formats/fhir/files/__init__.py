"""A FHIR file, JSON or XML, as a document with findings and origins.

Nothing that stands in a file makes reading raise, and nothing is fetched. *Fatal* is
what leaves no document, because nothing in it could be relied on:

* the file cannot be parsed: not JSON or XML, cut off, not UTF-8, too large (32 MiB),
  nested too deeply, with a DOCTYPE or an entity, with an XInclude;
* it is not FHIR, or of a resource type that R4 does not have;
* it is another version of FHIR;
* its Bundle has no entry, or more than ``MAX_ENTRIES``.

All else is a finding on a document that can still be read as far as it goes: no
Composition at the start of a document Bundle, references to nothing, a fullUrl that
stands twice, elements that R4 does not have, values of a wrong kind, wrong dates. XML
that says what R4 does not have is left out of the document; in JSON it stays there.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

import orjson

from eh_interop.core.findings import Finding, Origin
from eh_interop.core.lenient import items
from eh_interop.core.pointer import Steps, join
from eh_interop.formats.fhir.files import r4
from eh_interop.formats.fhir.files.problems import FhirFault, FileProblem
from eh_interop.reading import MAX_RECORD_BYTES, Fault, SourceRecord, locate, read_record
from eh_interop.reading.encodings import narrow_finding, wide_encoding, wide_finding
from eh_interop.reading.json_faults import MAX_REPEATS
from eh_interop.reading.json_records import too_large

MAX_ENTRIES: Final = 50_000
"""The most entries of a Bundle. A record with every paper of a large family has hundreds."""

FileForm = Literal["json", "xml"]
_Locate = Callable[[Iterable[Steps]], Mapping[Steps, Origin]]

_XML_OF_FHIR = re.compile(rb"""["']http://hl7\.org/fhir["']""")
_BEGINS_AS_FHIR = re.compile(rb"""\s*\{\s*"resourceType"\s*:""")


@dataclass(frozen=True, slots=True)
class FhirSource:
    """A FHIR file as it was read. Its ``repr`` shows nothing of the record.

    Attributes:
        source: where it came from: ``folder/file.xml``, or ``-`` for standard input.
        form: how it is written.
        document: the resource or Bundle in JSON form; None if it cannot be used.
        text: its bytes, without byte order mark; empty if it was too large.
        findings: what was wrong with the source, all of layer ``READING``. The place of each
            is a JSON Pointer into ``document``.
        first_line: the line of the source on which ``text`` begins.
    """

    source: str
    form: FileForm
    document: Mapping[str, Any] | None = field(repr=False)
    text: bytes = field(repr=False)
    findings: tuple[Finding, ...]
    first_line: int = 1

    def origins(self, places: Iterable[Steps]) -> dict[Steps, Origin]:
        """Find where elements stand in the source; the steps are those of ``document``.

        A place that does not exist gets the origin of its nearest parent that does. Each
        call reads the text once, so ask for all places at once. Empty if there is no document.
        """
        if self.document is None:
            return {}
        if self.form == "json":
            return locate(self.text.decode(), places, first_line=self.first_line)
        from eh_interop.formats.fhir.files import xml_reading, xml_tree

        located = xml_reading.locate(xml_tree.parse(self.text), places)
        return {
            steps: replace(origin, line=origin.line + self.first_line - 1)
            for steps, origin in located.items()
        }

    def known_steps(self, steps: Steps) -> Steps:
        """Return steps into ``document`` up to the first name that R4 does not have there."""
        return () if self.document is None else r4.known_steps(self.document, steps)

    def fhirpath(self, steps: Steps) -> str:
        """Write steps into ``document`` as FHIRPath; empty if there is no document."""
        return "" if self.document is None else r4.fhirpath(self.document, steps)


def looks_like_fhir(data: bytes | Mapping[str, Any]) -> bool:
    """Return whether something is meant to be FHIR. Cheap: no FHIR library is loaded.

    JSON is FHIR if its object has a ``resourceType``, XML if it has the namespace of FHIR.
    Broken JSON counts if it begins with that property.
    """
    if not isinstance(data, bytes):
        return isinstance(data.get("resourceType"), str)
    if is_xml(data) or b'"resourceType"' not in data:
        return broken_text_is_fhir(data)
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        document = orjson.loads(data)
    except orjson.JSONDecodeError:
        return broken_text_is_fhir(data)
    return isinstance(document, dict) and looks_like_fhir(document)


def broken_text_is_fhir(data: bytes) -> bool:
    """Return whether a text that is not JSON is meant to be FHIR: XML, or JSON that is broken."""
    return bool((_XML_OF_FHIR.search if is_xml(data) else _BEGINS_AS_FHIR.match)(data))


def is_xml(data: bytes) -> bool:
    """Return whether a text begins as XML does, in UTF-8 or UTF-16."""
    # The zero bytes of UTF-16 stand between the characters.
    return data[:64].lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").startswith(b"<")


def read_fhir(data: bytes, source: str) -> FhirSource:
    """Read a FHIR file. Nothing that stands in ``data`` makes this raise.

    Args:
        data: the whole file.
        source: what ``FhirSource.source`` should be.
    """
    form: FileForm = "xml" if is_xml(data) else "json"
    if len(data) > MAX_RECORD_BYTES:
        return FhirSource(source, form, None, b"", too_large(source, 1).findings)
    return _read_xml(data, source, 1) if form == "xml" else _of_json(read_record(data, source))


def fhir_of(record: SourceRecord) -> FhirSource:
    """Take a record that was read as JSON for FHIR, without reading the JSON again.

    What is XML instead is read here. Nothing that stands in the record makes this raise.
    """
    if record.document is None and is_xml(record.text):
        read = _read_xml(record.text, record.source, record.line)
        marks = (
            finding for finding in record.findings if finding.code == Fault.BYTE_ORDER_MARK.code
        )
        return replace(read, findings=(*marks, *read.findings))
    return _of_json(record)


def _of_json(record: SourceRecord) -> FhirSource:
    read = FhirSource(
        record.source, "json", record.document, record.text, record.findings, record.line
    )
    if record.document is None:
        return read
    problems = _checked(record.document)
    return replace(
        read,
        document=None if any(problem.fatal for problem in problems) else record.document,
        findings=(*record.findings, *_findings(problems, read.origins)),
    )


def _read_xml(data: bytes, source: str, first_line: int) -> FhirSource:
    from eh_interop.formats.fhir.files import xml_reading, xml_tree

    findings: list[Finding] = []

    def without_document(finding: Finding) -> FhirSource:
        return FhirSource(source, "xml", None, data, (*findings, finding), first_line)

    if data.startswith(codecs.BOM_UTF8):
        data = data.removeprefix(codecs.BOM_UTF8)
        message = "A byte order mark stands before the record. It was skipped."
        findings.append(Fault.BYTE_ORDER_MARK.finding(message, Origin(1, 1)))
    wide = wide_encoding(data)
    if refused := wide_finding(wide, 1) if wide else narrow_finding(data, 1, "file"):
        return without_document(refused)
    try:
        root = xml_tree.parse(data)
    except xml_tree.RefusedXmlError as error:
        return without_document(error.finding)
    if " " in root.name:
        message = "This is XML and not FHIR: its first element is not in FHIR's namespace."
        return without_document(FhirFault.NOT_FHIR.finding(message, root.origin))
    if too_many := _too_many(sum(child.name == "entry" for child in root.children)):
        return without_document(too_many.fault.finding(too_many.message, root.origin, "/entry"))
    converted = xml_reading.from_tree(root)
    location = root.attributes.get(f"{xml_reading.XML_SCHEMA}schemaLocation", "")
    problems = _checked(converted.document, converted.problems, location)
    findings += _findings(problems, lambda places: xml_reading.locate(root, places))
    is_fatal = any(problem.fatal for problem in problems)
    document = None if is_fatal else converted.document
    return FhirSource(source, "xml", document, data, tuple(findings), first_line)


def _checked(
    document: Mapping[str, Any], problems: Iterable[FileProblem] = (), schema_location: str = ""
) -> list[FileProblem]:
    """Return what is wrong with a document; if one thing is fatal, that alone."""
    if not looks_like_fhir(document):
        message = "This is JSON and not FHIR: it has no resourceType."
        return [FileProblem(FhirFault.NOT_FHIR, message, (), fatal=True)]
    if too_many := _too_many(len(items(document.get("entry")))):
        return [too_many]
    # These need the FHIR library, which is large.
    from eh_interop.formats.fhir.files import document_checks
    from eh_interop.formats.fhir.files.inspection import inspect

    inspection = inspect(document)
    all_problems = [*problems, *inspection.problems]
    if other := document_checks.other_version(document, all_problems, schema_location):
        return [other]
    all_problems += document_checks.problems_of(document)
    if fatal := [problem for problem in all_problems if problem.fatal]:
        return fatal[:1]
    all_problems += document_checks.duplicates(document, inspection.bundles)
    all_problems += document_checks.dangling(document, inspection)
    return all_problems


def _too_many(entries: int) -> FileProblem | None:
    if entries <= MAX_ENTRIES:
        return None
    message = f"The Bundle has more than {MAX_ENTRIES:,} entries, the most that is read."
    return FileProblem(FhirFault.TOO_MANY_ENTRIES, message, ("entry",), fatal=True)


def _findings(problems: Iterable[FileProblem], locator: _Locate) -> Iterator[Finding]:
    """Turn problems into findings, at most ``MAX_REPEATS`` of one fault and a word on the rest."""
    count: Counter[Fault | FhirFault] = Counter()
    kept = []
    for problem in problems:
        count[problem.fault] += 1
        if count[problem.fault] <= MAX_REPEATS:
            kept.append(problem)
    if not kept:
        return
    origins = locator({problem.steps for problem in kept})
    for problem in kept:
        yield problem.fault.finding(problem.message, origins[problem.steps], join(problem.at))
    for fault, number in count.items():
        if number > MAX_REPEATS:
            yield fault.finding("There is more of this than is listed.")
