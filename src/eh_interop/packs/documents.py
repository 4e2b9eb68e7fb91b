"""The papers that a pack needs: whether they are in it, and whether they are the right ones.

The requirements of a kind of pack are asked of the main record as it would be if its
list of documents held what is really in the pack.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from eh_interop.checks.completeness import compile_requirement, in_words
from eh_interop.core import lenient
from eh_interop.core.findings import Finding, Layer
from eh_interop.packs.contents import PackContents, PackedRecord
from eh_interop.standard.areas import Area
from eh_interop.standard.finding_codes import finding_codes
from eh_interop.standard.requirements import Requirement

_ATTACHED: Final = "attached"
_MINUTES: Final = "taf-review-minutes"
_TOOLS: Final = frozenset(
    {"neglect-toolkit", "exploitation-screening", "disability-screening", "other-screening-tool"}
)
_PAPERS: Final[Mapping[str, str]] = {
    "early-help-assessment": "early-help-assessment",
    "marf": "multi-agency-referral-form",
    "consent-record": "consent-form",
}


def document_findings(contents: PackContents, area: Area) -> Iterator[Finding]:
    """Yield what is missing from a pack, or is not the right paper."""
    checks = finding_codes()
    if contents.main is None:
        yield checks["PCK-201"].at("/about")
        return
    in_pack = _in_pack(contents)
    document = _as_packed(contents.main, in_pack)
    for requirement in contents.kind.requirements:
        if area.follows_any(requirement.cites) and not _validator(requirement).is_valid(document):
            yield _missing(requirement)
    yield from _not_there(contents)
    for number, paper in enumerate(contents.papers):
        if paper.listed is None:
            yield checks["PCK-203"].at(f"/attachments/{number}")
        if paper.type in _TOOLS and not (paper.listed and paper.listed.date):
            yield checks["PCK-205"].at(f"/attachments/{number}")
    sent = [entry["date"] for entry in in_pack if entry["type"] == _MINUTES and "date" in entry]
    latest = _latest_review(contents)
    if sent and latest and max(sent) < latest:
        yield checks["PCK-204"].at("/attachments")


def paper_of(record: PackedRecord) -> str | None:
    """Return what kind of paper a record stands for; None if it stands for none."""
    kind, document = record.record_type, record.document
    if kind == "plan":
        return str(document.get("planType", "")) or None
    if kind == "meeting":
        return _MINUTES if document.get("meetingType") == "taf-review" else "meeting-minutes"
    return _PAPERS.get(kind)


def _in_pack(contents: PackContents) -> list[dict[str, Any]]:
    """Return what is really in the pack, as entries of a list of documents."""
    entries: list[dict[str, Any]] = []
    for paper in contents.papers:
        day = paper.listed.date if paper.listed else None
        entries.append({"type": paper.type} | ({"date": day.isoformat()} if day else {}))
    for record in contents.records:
        kind, on = paper_of(record), record.document.get("on")
        if kind and record is not contents.main:
            entries.append({"type": kind} | ({"date": on} if isinstance(on, str) else {}))
    return [entry | {"status": _ATTACHED} for entry in entries]


def _as_packed(main: PackedRecord, in_pack: list[dict[str, Any]]) -> Mapping[str, Any]:
    elsewhere = [
        entry
        for entry in lenient.objects(main.document, "attachments")
        if entry.get("status") != _ATTACHED
    ]
    return {**main.document, "attachments": [*in_pack, *elsewhere]}


def _validator(requirement: Requirement) -> Any:
    import jsonschema_rs

    return jsonschema_rs.Draft202012Validator(compile_requirement(requirement))


def _missing(requirement: Requirement) -> Finding:
    return Finding(
        code=requirement.code,
        name=requirement.name,
        layer=Layer.PACK,
        severity=requirement.severity,
        place="/attachments",
        message=f"{in_words(requirement.name)}.",
        cites=requirement.cites,
        ask=requirement.ask,
    )


def _not_there(contents: PackContents) -> Iterator[Finding]:
    """Yield the documents that the main record says are sent with it, and that are not there."""
    papers = {paper.listed.id for paper in contents.papers if paper.listed}
    records = [record.document.get("recordId") for record in contents.records]
    kinds = {paper_of(record) for record in contents.records if record is not contents.main}
    for number, entry in enumerate(contents.listed, 1):
        as_record = entry.record_id in records if entry.record_id else entry.type in kinds
        if entry.status == _ATTACHED and entry.id not in papers and not as_record:
            message = (
                f"The main record says that document {number} on its list is sent with it, and it "
                "is not in the pack."
            )
            yield finding_codes()["PCK-202"].at("/attachments", message)


def _latest_review(contents: PackContents) -> str | None:
    """Return the day of the latest review of the team that the main record or a plan states."""
    main = contents.about
    reviews = (
        record.document.get("on")
        for record in contents.records
        if paper_of(record) == _MINUTES and record.document.get("held") is not False
    )
    limit = main.get("referredOn", date.max.isoformat())
    days = [day for day in (main.get("latestReviewOn"), *reviews) if isinstance(day, str)]
    return max((day for day in days if not isinstance(limit, str) or day <= limit), default=None)
