"""``data/pack.json``, what a pack says of itself: written from its contents, read and compared."""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from eh_interop.core import lenient
from eh_interop.core.findings import Finding, Severity
from eh_interop.packs.bag import PAYLOAD, Bag
from eh_interop.packs.consent_scope import (
    ENTRY,
    ConsentScope,
    SharingBasis,
    SharingDecision,
    sharing_log,
    stated_bases,
)
from eh_interop.packs.contents import (
    PackContents,
    PackedPaper,
    PackedRecord,
    PackRecipient,
    marks_of_paper,
    marks_of_record,
    sender_of,
)
from eh_interop.packs.judging import PackReport
from eh_interop.packs.safety import MAX_LIST_BYTES, refuse
from eh_interop.packs.schema_checks import (
    ATTACHMENT,
    LOCAL_ID,
    ORGANISATION,
    check_description,
    is_valid_part,
)
from eh_interop.reading import MAX_RECORD_BYTES, SourceRecord, read_record
from eh_interop.standard.schemas import CURRENT

PLACE: Final = "data/pack.json"
RECORDS: Final = "data/records/"
ATTACHMENTS: Final = "data/attachments/"
_IDENTITY: Final = ("recordId", "recordType")
_FACTS: Final = ("title", "description", "date", "author", "confidential")
_GAP_FACTS: Final = ("code", "name", "severity", "place", "message", "ask", "cites")

Description = Mapping[str, Any]
"""What stands in ``data/pack.json``."""


def describe(
    contents: PackContents,
    scope: ConsentScope,
    report: PackReport,
    data: Mapping[str, bytes],
    left_out: Sequence[Mapping[str, Any]],
    protected: Sequence[Sequence[str]] = (),
) -> dict[str, Any]:
    """Return the description of a pack.

    Args:
        contents: what is in the pack.
        scope: what its consents cover.
        report: what is said of it.
        data: what is in each file, by its path.
        left_out: what was given and left out.
        protected: for each record the places that must not be passed on.
    """
    decisions = iter(scope.decisions)
    records = [
        _identity(record)
        | _file(record.path, data, marks_of_record(record.document), next(decisions))
        for record in contents.records
    ]
    for record, places in zip(records, protected, strict=False):
        record.update({"protectedPlaces": list(places)} if places else {})
    papers = [
        _paper(number, paper, contents)
        | _file(paper.path, data, marks_of_paper(paper.listed), next(decisions))
        for number, paper in enumerate(contents.papers, 1)
    ]
    about = _identity(contents.main) if contents.main else {}
    description: dict[str, Any] = {
        "packId": f"{contents.kind.key}-{about.get('recordId', 'pack')}"[:64],
        "standardVersion": CURRENT,
        "packType": contents.kind.key,
        "createdOn": contents.on.isoformat(),
        "area": report.area.key,
        "immediateRisk": report.at_risk,
        "about": about,
        "sender": _valid_party(sender_of(contents.about)),
        "recipient": _recipient(contents.recipient),
        "purposes": list(contents.purposes),
        **stated_bases(scope.used, scope.logged),
        "records": records,
        "attachments": papers,
        "leftOut": list(left_out),
        "gaps": list(_gaps(contents, report)),
        "sharingLog": sharing_log(contents, scope),
    }
    return {
        name: value
        for name, value in description.items()
        if value not in (None, [], {}) or name == "recipient"
    }


def _identity(record: PackedRecord) -> dict[str, Any]:
    identity: dict[str, Any] = {"recordType": record.record_type}
    if is_valid_part(LOCAL_ID, record.document.get("recordId")):
        identity["recordId"] = record.document["recordId"]
    return identity


def _paper(number: int, paper: PackedPaper, contents: PackContents) -> dict[str, Any]:
    listed = paper.listed
    facts: dict[str, Any] = {"id": f"paper-{number}"}
    if listed and is_valid_part(LOCAL_ID, listed.id):
        facts = {"id": listed.id, "listed": True}
        stated = lenient.by_id(contents.about, "attachments", listed.id)
        entry = {"id": listed.id, "type": listed.type, "status": "attached"}
        for name in _FACTS:
            if name in stated and is_valid_part(ATTACHMENT, entry | {name: stated[name]}):
                facts[name] = stated[name]
    media_type, _ = mimetypes.guess_type(paper.path)
    return facts | {"type": paper.type, "mediaType": media_type or "application/octet-stream"}


def _file(
    path: str, data: Mapping[str, bytes], marks: list[str], decision: SharingDecision
) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "path": path,
        "sizeBytes": len(data[path]),
        "sha512": hashlib.sha512(data[path]).hexdigest(),
        "sharing": _sharing(decision),
    }
    return facts | ({"marks": marks} if marks else {})


def _sharing(decision: SharingDecision) -> dict[str, Any]:
    sharing: dict[str, Any] = {"basis": decision.basis.value}
    references = [
        consent.reference
        for consent in decision.rests_on
        if all(is_valid_part(LOCAL_ID, part) for part in consent.reference.values())
    ]
    if references:
        sharing["consents"] = references
    if decision.basis is not SharingBasis.CONSENT:
        sharing["logEntry"] = ENTRY
    return sharing


def _recipient(recipient: PackRecipient) -> dict[str, Any]:
    if recipient.person is not None:
        person = recipient.person
        return {"person": person} if is_valid_part(LOCAL_ID, person) else {}
    return _valid_party({"organisation": dict(recipient.organisation or {})})


def _valid_party(party: dict[str, Any]) -> dict[str, Any]:
    """Leave out of a party what is not valid: nothing may keep a pack from being sent."""
    if not is_valid_part(LOCAL_ID, party.get("practitioner", "w1")):
        party = {name: value for name, value in party.items() if name != "practitioner"}
    organisation = party.get("organisation")
    if organisation is None or is_valid_part(ORGANISATION, organisation):
        return party
    valid = {
        name: value
        for name, value in organisation.items()
        if is_valid_part(ORGANISATION, {"id": "o1", name: value})
    }
    return {**party, "organisation": {"id": "o1", **valid}}


def _gaps(contents: PackContents, report: PackReport) -> Iterator[dict[str, Any]]:
    """Yield what there is to ask for: about the pack first, then about each record."""
    paths = {record.source.source: record.path for record in contents.records}
    findings: list[tuple[Finding, dict[str, Any]]] = [
        *((finding, {}) for finding in report.findings),
        *(
            (finding, {"in": paths[of_record.source]})
            for of_record in report.reports
            for finding in of_record.findings
        ),
    ]
    for finding, place in findings:
        if finding.severity is not Severity.INFO:
            facts = {name: getattr(finding, name) for name in _GAP_FACTS}
            facts |= {"severity": finding.severity.value, "cites": list(finding.cites)}
            yield {name: value for name, value in facts.items() if value is not None} | place


def read_description(bag: Bag) -> Description:
    """Read the description of a pack.

    Raises:
        PackError: it is not there, not JSON, or not as its schema says.
    """
    if PLACE not in bag.digests:
        refuse("PCK-001", "This is not a pack: it is a BagIt bag without data/pack.json.")
    read = read_record(bag.read(PLACE, MAX_LIST_BYTES), PLACE)
    if read.document is None or read.findings:
        refuse("PCK-010")
    check_description(read.document)
    return read.document


def read_records(bag: Bag, description: Description, source: str) -> dict[str, SourceRecord]:
    """Read the records of a pack, by their path, and compare them with the description.

    Raises:
        PackError: the description names what is not there, or says something else of it.
    """
    _check_listed(bag, description)
    records = {}
    for listed in description["records"]:
        path = listed["path"]
        record = read_record(bag.read(path, MAX_RECORD_BYTES), f"{source}!{path}")
        document = record.document or {}
        if any(document.get(name) != listed[name] for name in _IDENTITY if name in listed):
            refuse("PCK-011")
        records[path] = record
    _check_main(description, [record.document or {} for record in records.values()])
    return records


def is_about(description: Description, document: Mapping[str, Any]) -> bool:
    """Return whether a record is the main one of a pack, as its description names it."""
    about = description.get("about", {})
    return bool(about) and all(document.get(name) == about[name] for name in about)


def _check_listed(bag: Bag, description: Description) -> None:
    files = [*description["records"], *description.get("attachments", ())]
    listed = {file["path"]: file["sha512"] for file in files}
    payload = {
        name: digest
        for name, digest in bag.digests.items()
        if name.startswith(PAYLOAD) and name != PLACE
    }
    if len(listed) != len(files) or listed != payload:
        refuse("PCK-011")
    if any(file["sizeBytes"] != bag.sizes[file["path"]] for file in files):
        refuse("PCK-011")
    for name, start in (("records", RECORDS), ("attachments", ATTACHMENTS)):
        if not all(file["path"].startswith(start) for file in description.get(name, ())):
            refuse("PCK-011")


def _check_main(description: Description, documents: Sequence[Mapping[str, Any]]) -> None:
    """Compare what the description says of the main record and its papers with that record."""
    if description.get("about") is None:
        return
    main = next((document for document in documents if is_about(description, document)), None)
    if main is None:
        refuse("PCK-011")
    if bool(description.get("immediateRisk")) != (main.get("immediateRisk", False) is not False):
        refuse("PCK-011", "The pack and its main record do not agree about immediate risk.")
    papers = {
        entry["id"]: entry.get("type")
        for entry in lenient.objects(main, "attachments")
        if isinstance(entry.get("id"), str)
    }
    for attachment in description.get("attachments", ()):
        if attachment.get("listed") and papers.get(attachment["id"]) != attachment["type"]:
            refuse("PCK-011", "The pack lists a paper otherwise than its main record does.")
