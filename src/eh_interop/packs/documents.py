"""The papers that a pack needs: whether they are in it, and whether they are the right ones.

The requirements of a kind of pack are asked of the main record as it would be if its
list of documents held what is really in the pack.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from eh_interop.checks.completeness import compile_requirement, in_words
from eh_interop.core.findings import Finding, Layer
from eh_interop.packs.contents import Contents, Held
from eh_interop.packs.parties import entries
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


def document_findings(contents: Contents, area: Area) -> Iterator[Finding]:
    """Yield what is missing from a pack, or is not the right paper."""
    checks = finding_codes()
    if contents.main is None:
        yield checks["PCK-201"].at("/about")
        return
    in_pack = _in_pack(contents)
    document = _as_packed(contents.main, in_pack)
    for requirement in contents.kind.requirements:
        if area.cares_about(requirement.cites) and not _validator(requirement).is_valid(document):
            yield _missing(requirement)
    yield from _not_there(contents)
    for number, paper in enumerate(contents.papers):
        if paper.listed is None:
            yield checks["PCK-203"].at(f"/attachments/{number}")
        if paper.type in _TOOLS and not (paper.listed and paper.listed.date):
            yield checks["PCK-205"].at(f"/attachments/{number}")
    sent = [each["date"] for each in in_pack if each["type"] == _MINUTES and "date" in each]
    latest = _latest_review(contents)
    if sent and latest and max(sent) < latest:
        yield checks["PCK-204"].at("/attachments")


def paper_of(held: Held) -> str | None:
    """Return what kind of paper a record stands for; None if it stands for none."""
    kind = held.record_type
    if kind == "plan":
        return str(held.document.get("planType", "")) or None
    if kind == "meeting":
        return _MINUTES if held.document.get("meetingType") == "taf-review" else "meeting-minutes"
    return _PAPERS.get(kind)


def _in_pack(contents: Contents) -> list[dict[str, Any]]:
    """Return what is really in the pack, as entries of a list of documents."""
    found = []
    for paper in contents.papers:
        day = paper.listed.date if paper.listed else None
        found.append({"type": paper.type} | ({"date": day.isoformat()} if day else {}))
    for held in contents.records:
        kind, day = paper_of(held), held.document.get("on")
        if kind and held is not contents.main:
            found.append({"type": kind} | ({"date": day} if isinstance(day, str) else {}))
    return [each | {"status": _ATTACHED} for each in found]


def _as_packed(main: Held, in_pack: list[dict[str, Any]]) -> Mapping[str, Any]:
    elsewhere = [
        entry for entry in entries(main.document, "attachments") if entry.get("status") != _ATTACHED
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


def _not_there(contents: Contents) -> Iterator[Finding]:
    """Yield the documents that the main record says are sent with it, and that are not there."""
    papers = {paper.listed.id for paper in contents.papers if paper.listed}
    records = [record.document.get("recordId") for record in contents.records]
    kinds = {paper_of(record) for record in contents.records if record is not contents.main}
    for number, each in enumerate(contents.listed, 1):
        as_record = each.record_id in records if each.record_id else each.type in kinds
        if each.status == _ATTACHED and each.id not in papers and not as_record:
            message = (
                f"The main record says that document {number} on its list is sent with it, and it "
                "is not in the pack."
            )
            yield finding_codes()["PCK-202"].at("/attachments", message)


def _latest_review(contents: Contents) -> str | None:
    """Return the day of the latest review of the team that the main record or a plan knows."""
    main = contents.main.document if contents.main else {}
    held = (
        record.document.get("on")
        for record in contents.records
        if paper_of(record) == _MINUTES and record.document.get("held") is not False
    )
    limit = main.get("referredOn", date.max.isoformat())
    known = [each for each in (main.get("latestReviewOn"), *held) if isinstance(each, str)]
    return max(
        (each for each in known if not isinstance(limit, str) or each <= limit), default=None
    )
