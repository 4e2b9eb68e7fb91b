"""Building a pack: records and papers in, the files of a bag and a report on it out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import PurePath
from typing import Any, Final

import orjson

from eh_interop.checks.subject import area_of, speaks_of_immediate_risk
from eh_interop.core.errors import UnreadableInputError
from eh_interop.packs.bag import bag_files
from eh_interop.packs.consent_scope import ConsentScope
from eh_interop.packs.contents import (
    PackContents,
    PackedPaper,
    PackedRecord,
    PackRecipient,
    find_recipient,
    valid_entries,
)
from eh_interop.packs.judging import NEVER_SENT, PackReport, report_on
from eh_interop.packs.pack_json import ATTACHMENTS, PLACE, RECORDS, describe
from eh_interop.packs.safety import MAX_FILES
from eh_interop.packs.schema_checks import LOCAL_ID, check_description, is_valid_part
from eh_interop.packs.withholding import withheld
from eh_interop.protection import protections
from eh_interop.reading import SourceRecord
from eh_interop.standard.areas import Area
from eh_interop.standard.model import Attachment
from eh_interop.standard.pack_kinds import PackKind
from eh_interop.standard.schemas import load_standard

_NOT_NEEDED: Final = "not-needed"
_LONGEST_SUFFIX: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class PackRequest:
    """What somebody asks for when a pack is to be built.

    Attributes:
        kind: what kind of pack.
        to: the recipient, by local id or name.
        purposes: what it is shared for; by default what the kind of pack is for.
        area: whose guidance to use; by default that of the main record.
        minimise: leave out what the recipient does not need.
        on: the day on which it is shared.
    """

    kind: PackKind
    to: str
    purposes: tuple[str, ...] = ()
    area: Area | None = None
    minimise: bool = False
    on: date


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A paper as it was given. Its type is a code of ``attachment-type``; its name is a file's."""

    type: str
    name: str = field(repr=False)
    data: bytes = field(repr=False)

    @property
    def suffix(self) -> str:
        """The end of the file name if it is a plain one; the rest may hold a name."""
        suffix = PurePath(self.name).suffix.lower()
        plain = suffix[1:].isascii() and suffix[1:].isalnum() and len(suffix) <= _LONGEST_SUFFIX
        return suffix if plain else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltPack:
    """A pack that is ready to be written, unless it may not be shared.

    Attributes:
        files: the files of the bag; none if it holds what the recipient must never be told.
        description: what stands in ``data/pack.json``.
        report: what is said of it. If anything in it is ``blocking``, the pack is not written.
        withheld: the places that one of the family is not sent, and why: for the sender only.
    """

    files: Mapping[str, bytes] = field(repr=False)
    description: Mapping[str, Any] = field(repr=False)
    report: PackReport
    withheld: tuple[tuple[str, str], ...] = ()


def build(
    request: PackRequest, records: Iterable[SourceRecord], papers: Iterable[AttachedFile]
) -> BuiltPack:
    """Put a pack together.

    Args:
        request: what is asked for.
        records: the records, as they were read.
        papers: other files that go with them.

    Raises:
        UnreadableInputError: what was given is not a record of the standard, or is too much.
        UnknownRecipientError: the records do not list the recipient.
    """
    sources = _checked(records)
    answer = protections(sources)
    main = next((one for one in sources if _type_of(one) == request.kind.record), None)
    document = (main.document if main else None) or {}
    attached = _with_entries(papers, document)
    purposes = request.purposes or request.kind.purposes
    left_out: list[dict[str, Any]] = []
    if request.minimise:
        area = request.area or area_of(document)[0]
        sources, attached, left_out = _minimised(sources, attached, main, area, purposes)
    # Records lose the name of their file, which may hold that of a child.
    packed = [
        PackedRecord(path, replace(record, source=path))
        for number, record in enumerate(sources, 1)
        for path in [f"{RECORDS}{number:03d}-{_type_of(record)}.json"]
    ]
    about = next((one for one, record in zip(packed, sources, strict=True) if record is main), None)
    data = {record.path: _json_of(record.source) for record in packed}
    packed_papers = []
    for number, (paper, listed) in enumerate(attached, 1):
        path = f"{ATTACHMENTS}{number:03d}-{paper.type}{paper.suffix}"
        data[path] = paper.data
        packed_papers.append(PackedPaper(path=path, type=paper.type, listed=listed))
    contents = PackContents(
        kind=request.kind,
        main=about,
        records=tuple(packed),
        papers=tuple(packed_papers),
        recipient=_recipient(request, packed, about),
        purposes=purposes,
        on=request.on,
    )
    scope = ConsentScope(contents)
    keep = withheld(answer, contents, [record.document for record in packed])
    refusals = list(keep.findings(contents, data))
    contents = keep.shown(contents)
    data |= {record.path: _json_of(record.source) for record in contents.records}
    report = report_on(contents, scope, request.area, request.on, refusals)
    description = describe(
        contents, scope, report, data, [*left_out, *keep.left_out()], keep.marked()
    )
    if not keep.audience.is_agency:
        more = [*refusals, *keep.in_description(description)]
        if more != refusals:
            report = report_on(contents, scope, request.area, request.on, more)
    check_description(description)
    text = orjson.dumps(description, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    never_sent = any(finding.code == NEVER_SENT for finding in report.blocking)
    files = {} if never_sent else bag_files({PLACE: text, **data}, request.on)
    withheld_places = tuple(
        dict.fromkeys((one.place, one.why.words) for view in keep.views for one in view.left_out)
    )
    return BuiltPack(files=files, description=description, report=report, withheld=withheld_places)


def _json_of(record: SourceRecord) -> bytes:
    """Return a record byte for byte as it was given, or as JSON if it was in another format."""
    if record.text:
        return record.text
    return orjson.dumps(record.document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _type_of(record: SourceRecord) -> Any:
    return (record.document or {}).get("recordType")


def _checked(records: Iterable[SourceRecord]) -> list[SourceRecord]:
    record_types, sources = load_standard().record_types, list(records)
    for record in sources:
        if _type_of(record) not in record_types:
            why = record.findings[0].message if record.findings else "It is not a record."
            raise UnreadableInputError(f"{record.source} cannot go into a pack. {why}")
    if len(sources) > MAX_FILES:
        raise UnreadableInputError(f"A pack holds at most {MAX_FILES} files.")
    return sources


_Attached = tuple[AttachedFile, Attachment | None]
"""A paper, and its entry in the main record's list of documents."""


def _with_entries(papers: Iterable[AttachedFile], main: Mapping[str, Any]) -> list[_Attached]:
    """Find each paper on the main record's list of documents.

    A paper is the document of its type that is said to be attached and has its file name,
    or else the first of its type that no other paper is. A document that has the number of
    a record is that record.
    """
    entries = [
        entry
        for entry in valid_entries(main, "attachments", Attachment)
        if entry.status == "attached"
    ]
    attached: list[_Attached] = []
    for paper in papers:
        of_type = [entry for entry in entries if entry.type == paper.type]
        named = [entry for entry in of_type if entry.file_name == paper.name]
        listed = next(iter(named or of_type), None)
        if listed:
            entries.remove(listed)
        attached.append((paper, listed))
    return attached


def _recipient(
    request: PackRequest, packed: Sequence[PackedRecord], about: PackedRecord | None
) -> PackRecipient:
    """Find the recipient. At immediate risk one that no record lists is taken by its name."""
    main = about.document if about else {}
    others = [record.document for record in packed if record is not about]
    documents = [main, *others] if about else others
    return find_recipient(documents, request.to, by_name=speaks_of_immediate_risk(main))


def _minimised(
    records: Sequence[SourceRecord],
    papers: Sequence[_Attached],
    main: SourceRecord | None,
    area: Area,
    purposes: tuple[str, ...],
) -> tuple[list[SourceRecord], list[_Attached], list[dict[str, Any]]]:
    """Leave out what the recipient does not need. The main record always goes."""
    left_out: list[dict[str, Any]] = []
    needed, needed_papers = [], []
    for record in records:
        record_type = str(_type_of(record))
        cites = _not_needed(area, purposes, "records", record_type)
        if record is main or not cites:
            needed.append(record)
        else:
            record_id = (record.document or {}).get("recordId")
            identity = {"recordId": record_id} if is_valid_part(LOCAL_ID, record_id) else {}
            left_out.append({**identity, "recordType": record_type, "cites": list(cites)})
    for paper in papers:
        cites = _not_needed(area, purposes, "documents", paper[0].type)
        if cites:
            left_out.append({"type": paper[0].type, "cites": list(cites)})
        else:
            needed_papers.append(paper)
    return needed, needed_papers, left_out


def _not_needed(area: Area, purposes: Iterable[str], name: str, code: str) -> tuple[str, ...]:
    """Return the clauses on which something is left out; none if a purpose of the pack needs it.

    Args:
        area: whose declarations to use.
        purposes: what the pack is shared for.
        name: ``records`` or ``documents``.
        code: the type of record or document.
    """
    declared: Iterable[Mapping[str, Any]] = area.facts.get(_NOT_NEEDED, ())
    grounds: list[str] = []
    for purpose in purposes:
        cites = [
            cite
            for declaration in declared
            if purpose in declaration["purposes"] and code in declaration.get(name, ())
            for cite in declaration["cites"]
        ]
        if not cites:
            return ()
        grounds += cites
    return tuple(dict.fromkeys(grounds))
