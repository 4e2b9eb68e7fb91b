"""Writing ``data/pack.json`` from what a pack holds and what is said of it."""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from eh_interop.core.findings import Finding, Severity
from eh_interop.packs.consents import bases
from eh_interop.packs.contents import Contents, Held, Paper, marks_of_paper, marks_of_record
from eh_interop.packs.judging import Judgement
from eh_interop.packs.log import ENTRY, sharing_log
from eh_interop.packs.parties import Party, entries, sender_of
from eh_interop.packs.scope import Basis, Decision, Scope
from eh_interop.packs.sound import ATTACHMENT, LOCAL_ID, ORGANISATION, is_sound
from eh_interop.standard.schemas import CURRENT

_FACTS: Final = ("title", "description", "date", "author", "confidential")


def describe(
    contents: Contents,
    scope: Scope,
    judgement: Judgement,
    data: Mapping[str, bytes],
    left_out: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    """Return the description of a pack.

    Args:
        contents: what is in the pack.
        scope: what its consents cover.
        judgement: what is said of it.
        data: what is in each file, by its path.
        left_out: what was given and left out.
    """
    decisions = iter(scope.decisions)
    records = [_record(record, next(decisions), data[record.path]) for record in contents.records]
    papers = [
        _paper(number, each, next(decisions), data[each.path], contents)
        for number, each in enumerate(contents.papers, 1)
    ]
    about = contents.main.document if contents.main else {}
    used = [rest for decision in scope.decisions for rest in decision.rests_on]
    description: dict[str, Any] = {
        "packId": _pack_id(contents),
        "standardVersion": CURRENT,
        "packType": contents.kind.key,
        "createdOn": contents.on.isoformat(),
        "area": judgement.area.key,
        "immediateRisk": judgement.at_risk,
        "about": _about(contents.main) if contents.main else None,
        "sender": _sound_party(sender_of(about)),
        "recipient": _recipient(contents.recipient),
        "purposes": list(contents.purposes),
        **bases(used, scope.logged),
        "records": records,
        "attachments": papers,
        "leftOut": list(left_out),
        "gaps": list(_gaps(contents, judgement)),
        "sharingLog": sharing_log(contents, scope),
    }
    return {
        name: value
        for name, value in description.items()
        if value not in (None, [], {}) or name == "recipient"
    }


def _pack_id(contents: Contents) -> str:
    """Name a pack after its kind and its main record."""
    about = _about(contents.main) if contents.main else {}
    return f"{contents.kind.key}-{about.get('recordId', 'pack')}"[:64]


def _about(held: Held) -> dict[str, Any]:
    about: dict[str, Any] = {"recordType": held.record_type}
    if is_sound(LOCAL_ID, held.document.get("recordId")):
        about["recordId"] = held.document["recordId"]
    return about


def _record(held: Held, decision: Decision, data: bytes) -> dict[str, Any]:
    return _about(held) | _file(held.path, data, marks_of_record(held.document), decision)


def _paper(
    number: int, paper: Paper, decision: Decision, data: bytes, contents: Contents
) -> dict[str, Any]:
    listed = paper.listed
    facts: dict[str, Any] = {"id": f"paper-{number}"}
    if listed and is_sound(LOCAL_ID, listed.id):
        facts = {"id": listed.id, "listed": True}
        stated = next(
            each
            for each in entries(contents.main.document if contents.main else {}, "attachments")
            if each.get("id") == listed.id
        )
        entry = {"id": listed.id, "type": listed.type, "status": "attached"}
        for name in _FACTS:
            if name in stated and is_sound(ATTACHMENT, entry | {name: stated[name]}):
                facts[name] = stated[name]
    kind, _ = mimetypes.guess_type(paper.path)
    return (
        facts
        | {"type": paper.type, "mediaType": kind or "application/octet-stream"}
        | _file(paper.path, data, marks_of_paper(listed), decision)
    )


def _file(path: str, data: bytes, marks: list[str], decision: Decision) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "path": path,
        "sizeBytes": len(data),
        "sha512": hashlib.sha512(data).hexdigest(),
        "sharing": _sharing(decision),
    }
    return facts | ({"marks": marks} if marks else {})


def _sharing(decision: Decision) -> dict[str, Any]:
    found: dict[str, Any] = {"basis": decision.basis.value}
    references = [
        rest.reference
        for rest in decision.rests_on
        if all(is_sound(LOCAL_ID, part) for part in rest.reference.values())
    ]
    if references:
        found["consents"] = references
    if decision.basis is not Basis.CONSENT:
        found["logEntry"] = ENTRY
    return found


def _recipient(party: Party) -> dict[str, Any]:
    if party.person is not None:
        return {"person": party.person} if is_sound(LOCAL_ID, party.person) else {}
    return _sound_party({"organisation": dict(party.organisation or {})})


def _sound_party(party: dict[str, Any]) -> dict[str, Any]:
    """Leave out of an organisation what is not sound: nothing may keep a pack from being sent."""
    if not is_sound(LOCAL_ID, party.get("practitioner", "w1")):
        party = {name: value for name, value in party.items() if name != "practitioner"}
    organisation = party.get("organisation")
    if organisation is None or is_sound(ORGANISATION, organisation):
        return party
    kept = {
        name: value
        for name, value in organisation.items()
        if is_sound(ORGANISATION, {"id": "o1", name: value})
    }
    return {**party, "organisation": {"id": "o1", **kept}}


def _gaps(contents: Contents, judgement: Judgement) -> Iterator[dict[str, Any]]:
    """Yield what there is to ask for: about the pack first, then about each record."""
    paths = {record.raw.source: record.path for record in contents.records}
    for finding in judgement.findings:
        if finding.severity is not Severity.INFO:
            yield _gap(finding)
    for report in judgement.reports:
        for finding in report.findings:
            if finding.severity is not Severity.INFO:
                yield _gap(finding) | {"in": paths[report.source]}


def _gap(finding: Finding) -> dict[str, Any]:
    facts = {
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity.value,
        "place": finding.place,
        "message": finding.message,
        "ask": finding.ask,
        "cites": list(finding.cites),
    }
    return {name: value for name, value in facts.items() if value is not None}
