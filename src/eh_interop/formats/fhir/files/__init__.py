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
# DOC files.source: A FHIR file as it was read: the document, what was wrong with it, and where things stood.

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import orjson

from eh_interop.core.findings import Finding, Origin
from eh_interop.core.pointer import Steps, join
from eh_interop.formats.fhir.files.problems import FhirFault, Problem
from eh_interop.reading import MAX_RECORD_BYTES, Fault, locate, read_record
from eh_interop.reading.encodings import narrow_finding, wide_encoding, wide_finding
from eh_interop.reading.json_records import too_large
from eh_interop.reading.losses import MAX_REPEATS

MAX_ENTRIES: Final = 50_000
"""The most entries of a Bundle. A record with every paper of a large family has hundreds."""

__all__ = ["MAX_ENTRIES", "FhirSource", "Form", "looks_like_fhir", "read_fhir"]

_Locator = Callable[[Iterable[Steps]], Mapping[Steps, Origin]]

_XML_OF_FHIR = re.compile(rb"""["']http://hl7\.org/fhir["']""")
_BEGINS_AS_FHIR = re.compile(rb"""\s*\{\s*"resourceType"\s*:""")


def looks_like_fhir(data: bytes | Mapping[str, Any]) -> bool:
    """Say whether something is meant to be FHIR. Cheap: no FHIR library is loaded.

    JSON is FHIR if its object has a ``resourceType``, XML if it has the namespace of FHIR.
    Broken JSON counts if it begins with that property.
    """
    if not isinstance(data, bytes):
        return isinstance(data.get("resourceType"), str)
    if _is_xml(data):
        return bool(_XML_OF_FHIR.search(data))
    if b'"resourceType"' not in data:
        return False
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        document = orjson.loads(data)
    except orjson.JSONDecodeError:
        return bool(_BEGINS_AS_FHIR.match(data))
    return isinstance(document, dict) and looks_like_fhir(document)


def read_fhir(data: bytes, source: str) -> FhirSource:
    """Read a FHIR file. Nothing that stands in ``data`` makes this raise.

    Args:
        data: the whole file.
        source: what ``FhirSource.source`` should be.
    """
    form: Form = "xml" if _is_xml(data) else "json"
    if len(data) > MAX_RECORD_BYTES:
        return FhirSource(source, form, None, b"", too_large(source, 1).findings)
    return _read_xml(data, source) if form == "xml" else _read_json(data, source)


def _is_xml(data: bytes) -> bool:
    # The zero bytes of UTF-16 stand between the characters.
    return data[:64].lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").startswith(b"<")


def _read_json(data: bytes, source: str) -> FhirSource:
    raw = read_record(data, source)
    found, document, text = list(raw.findings), raw.document, raw.text

    def places(wanted: Iterable[Steps]) -> Mapping[Steps, Origin]:
        return locate(text.decode(), wanted)

    if document is not None:
        problems = _checked(document)
        found += _findings(problems, places)
        if any(problem.fatal for problem in problems):
            document = None
    return FhirSource(source, "json", document, text, tuple(found))


def _read_xml(data: bytes, source: str) -> FhirSource:
    from eh_interop.formats.fhir.files import xml

    found: list[Finding] = []
    if data.startswith(codecs.BOM_UTF8):
        data = data.removeprefix(codecs.BOM_UTF8)
        message = "A byte order mark stands before the record. It was skipped."
        found.append(Fault.BYTE_ORDER_MARK.finding(message, Origin(1, 1)))
    if refused := _not_utf8(data):
        return FhirSource(source, "xml", None, data, (*found, refused))
    try:
        root = xml.parse(data)
    except xml.RefusedXmlError as error:
        return FhirSource(source, "xml", None, data, (*found, error.finding))
    if " " in root.name:
        message = "This is XML and not FHIR: its first element is not in FHIR's namespace."
        refused = FhirFault.NOT_FHIR.finding(message, root.origin)
        return FhirSource(source, "xml", None, data, (*found, refused))
    if too_many := _too_many(sum(child.name == "entry" for child in root.children)):
        refused = FhirFault.TOO_MANY_ENTRIES.finding(too_many.message, root.origin, "/entry")
        return FhirSource(source, "xml", None, data, (*found, refused))
    converted = xml.from_tree(root)
    location = root.attributes.get(f"{xml.XML_SCHEMA}schemaLocation", "")
    problems = _checked(converted.document, converted.problems, location)
    found += _findings(problems, lambda wanted: xml.locate(root, wanted))
    is_fatal = any(problem.fatal for problem in problems)
    return FhirSource(source, "xml", None if is_fatal else converted.document, data, tuple(found))


def _not_utf8(data: bytes) -> Finding | None:
    if wide := wide_encoding(data):
        return wide_finding(wide, 1)
    return narrow_finding(data, 1, "file")


def _checked(
    document: dict[str, Any], problems: Iterable[Problem] = (), schema_location: str = ""
) -> list[Problem]:
    """Return what is wrong with a document; if one thing is fatal, that alone."""
    if not isinstance(document.get("resourceType"), str):
        message = "This is JSON and not FHIR: it has no resourceType."
        return [Problem(FhirFault.NOT_FHIR, message, (), fatal=True)]
    entries = document.get("entry")
    if too_many := _too_many(len(entries) if isinstance(entries, list) else 0):
        return [too_many]
    # These need the FHIR library, which is large.
    from eh_interop.formats.fhir.files import bundles, references, versions
    from eh_interop.formats.fhir.files.inspection import inspect

    seen = inspect(document)
    found = [*problems, *seen.problems]
    if other := versions.other_version(document, found, schema_location):
        return [other]
    found += bundles.problems_of(document)
    if fatal := [problem for problem in found if problem.fatal]:
        return fatal[:1]
    found += references.duplicates(document, seen.bundles)
    found += references.dangling(document, seen)
    return found


def _too_many(entries: int) -> Problem | None:
    if entries <= MAX_ENTRIES:
        return None
    message = f"The Bundle has more than {MAX_ENTRIES:,} entries, the most that is read."
    return Problem(FhirFault.TOO_MANY_ENTRIES, message, ("entry",), fatal=True)


def _findings(problems: Iterable[Problem], locator: _Locator) -> Iterator[Finding]:
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


Form = Literal["json", "xml"]


@dataclass(frozen=True, slots=True)
class FhirSource:
    """A FHIR file as it was read. Its ``repr`` shows nothing of the record.

    Attributes:
        source: where it came from: ``folder/file.xml``, or ``-`` for standard input.
        form: how it is written.
        document: the resource or Bundle in JSON form; nothing, if it cannot be used.
        text: its bytes, without byte order mark; empty if it was too large.
        findings: what was wrong with the source, all of layer ``READING``. The place of each
            is a JSON Pointer into ``document``.
    """

    source: str
    form: Form
    document: dict[str, Any] | None = field(repr=False)
    text: bytes = field(repr=False)
    findings: tuple[Finding, ...]

    def origins(self, places: Iterable[Steps]) -> dict[Steps, Origin]:
        """Find where elements stand in the source; the steps are those of ``document``.

        A place that does not exist gets the origin of its nearest parent that does. Each
        call reads the text once, so ask for all places at once. Empty if there is no document.
        """
        if self.document is None:
            return {}
        if self.form == "json":
            return locate(self.text.decode(), places)
        from eh_interop.formats.fhir.files import xml

        return xml.locate(xml.parse(self.text), places)

    def origins_of_paths(self, paths: Iterable[str]) -> dict[str, Origin]:
        """Find where elements stand, named as in ``Bundle.entry[2].resource.name[0]``.

        Raises:
            ValueError: a path is not FHIRPath in its simple form, or not of this document.
        """
        if self.document is None:
            return {}
        from eh_interop.formats.fhir.files.r4 import steps_of_fhirpath

        steps = {path: steps_of_fhirpath(self.document, path) for path in paths}
        found = self.origins(steps.values())
        return {path: found[place] for path, place in steps.items()}

    def fhirpath(self, steps: Steps) -> str:
        """Write steps into ``document`` as FHIRPath; empty if there is no document."""
        if self.document is None:
            return ""
        from eh_interop.formats.fhir.files.r4 import fhirpath

        return fhirpath(self.document, steps)
