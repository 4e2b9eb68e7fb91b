"""Converters of returns: between a record and a cell, for what no pointer can say, both ways.

``to_target`` returns the value of the record for a column, and None if it has none;
``from_target`` puts the value of a cell into a record draft. A child's number is the council's own,
or a pseudonym that stays the same.
"""

from __future__ import annotations

import re
from base64 import b32encode
from collections.abc import Callable, Mapping
from hashlib import blake2b
from typing import Any, Final

from eh_interop.checks.rules._help import age_on
from eh_interop.core.identifiers import is_la_child_id
from eh_interop.core.lenient import by_id
from eh_interop.formats._shared.converters import Converter
from eh_interop.formats.returns.code_map import return_code_map
from eh_interop.formats.returns.column_context import ColumnContext, RecordDraft
from eh_interop.standard.code_lists import titles

ISSUER: Final = "eh-interop stand-in"
"""The issuer of a pseudonym, in a record that was read from a return."""

_PSEUDONYM: Final = re.compile(r"EH[A-Z2-7]{18}")
_BYTES: Final = 11
"""88 bits: with a million children, two have the same pseudonym with a chance of 1 in 10^14."""


def numbers(person: Mapping[str, Any], kind: str, issuer: str | None = None) -> list[str]:
    """Return the numbers of one kind that somebody has, of one issuer if one is named."""
    return [
        identifier["value"]
        for identifier in person.get("identifiers", ())
        if identifier.get("type") == kind
        and "value" in identifier
        and (issuer is None or identifier.get("issuer") == issuer)
    ]


def child_number(context: ColumnContext) -> str:
    """Return the council's number of a child, or a pseudonym."""
    place = f"/children/{context.child_index}/identifiers"
    own = numbers(context.child, "la-child-id")
    if not own:
        context.report("RET-006", place)
        return pseudonym(context)
    if len(set(own)) > 1:
        context.report("RET-012", place)
    if not is_la_child_id(own[0]):
        context.report("RET-011", place)
    return own[0]


def pseudonym(context: ColumnContext) -> str:
    """Return a number of 20 letters and digits that is the same for the same child.

    It is made from the most certain that the record has: NHS number, unique pupil
    number, name with birth date, or the record's own id. Without a key, anybody
    who knows these can make it too.
    """
    earlier = numbers(context.child, "other", ISSUER)
    if earlier and _PSEUDONYM.fullmatch(earlier[0]):
        return earlier[0]
    text = "\0".join("".join(part.casefold().split()) for part in _identity(context))
    digest = blake2b(text.encode(errors="surrogatepass"), key=context.key, digest_size=_BYTES)
    return f"EH{b32encode(digest.digest()).decode('ascii').rstrip('=')}"


def _identity(context: ColumnContext) -> tuple[str, ...]:
    child = context.child
    for kind in ("nhs-number", "upn"):
        if own := numbers(child, kind):
            return kind, own[0]
    name = child.get("name", {})
    full = name.get("full") or f"{name.get('given', '')} {name.get('family', '')}"
    born = child.get("dateOfBirth") or child.get("expectedDateOfBirth")
    if born and full.strip():
        return "name", full, born
    return "record", context.record["recordId"], context.child_id


def identifier_of(value: str) -> dict[str, str]:
    """Return the identifier that a child number in a return stands for."""
    if _PSEUDONYM.fullmatch(value):
        return {"type": "other", "value": value, "issuer": ISSUER}
    return {"type": "la-child-id", "value": value}


UNBORN: Final = -1
"""What a return says instead of the age of a child who is not born yet."""
_OLDEST: Final = 200
"""A number of years beyond this, either way, is not an age."""


def _number_from(draft: RecordDraft, value: Any) -> None:
    draft.add_identifier(**identifier_of(str(value).strip()))


def _birth_to(context: ColumnContext) -> str | None:
    child = context.child
    born = child.get("expectedDateOfBirth" if child.get("unborn") else "dateOfBirth")
    return str(born) if born else None


def _birth_from(draft: RecordDraft, value: Any) -> None:
    draft.set_day("/children/*/dateOfBirth", value)


def _age_to(context: ColumnContext) -> int | None:
    child = context.child
    if child.get("unborn"):
        return UNBORN
    born = context.day(("/children/*/dateOfBirth",))
    if born is None:
        estimated = child.get("estimatedAge")
        return None if estimated is None else int(estimated)
    if born > context.as_of:
        context.report("RET-013", f"/children/{context.child_index}/dateOfBirth")
        return None
    return age_on(born, context.as_of)


def _age_from(draft: RecordDraft, value: Any) -> None:
    """Read an age: it matters only for the unborn, and where there is no date of birth."""
    try:
        years = UNBORN if re.match(r"(?i)\s*unborn", str(value)) else float(value)
    except (TypeError, ValueError):
        years = float("nan")
    if not -_OLDEST < years < _OLDEST:
        draft.keep_as_local_data(value, "RET-025")
        return
    if years < 0:
        draft.set("/children/*/unborn", value=True)
        if "dateOfBirth" in draft.child:
            draft.child["expectedDateOfBirth"] = draft.child.pop("dateOfBirth")
    elif "dateOfBirth" not in draft.child:
        draft.set("/children/*/estimatedAge", int(years))


def _lead(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the practitioner who leads: who does so now, the last who did, or the author."""
    leads = record.get("leads", ())
    now = [lead for lead in leads if "to" not in lead] or leads[-1:]
    ids = [lead.get("practitioner") for lead in now] or list(record.get("authors", ()))
    return by_id(record, "practitioners", ids[0] if ids else None)


def _organisation_to(context: ColumnContext) -> str | None:
    lead = _lead(context.record)
    return by_id(context.record, "organisations", lead.get("organisation")).get("name")


def _organisation_from(draft: RecordDraft, value: Any) -> None:
    draft.record["organisations"] = [{"id": "o1"}]
    draft.lead_practitioner()["organisation"] = "o1"
    draft.set_line("/organisations/0/name", str(value))


def _worker_to(context: ColumnContext) -> str | None:
    lead = _lead(context.record)
    for kind in ("own-agency-reference", "social-work-england-number"):
        if own := numbers(lead, kind):
            return own[0]
    return None


def _worker_from(draft: RecordDraft, value: Any) -> None:
    identifiers = draft.lead_practitioner().setdefault("identifiers", [])
    identifiers.append({"type": "own-agency-reference", "value": str(value).strip()})
    draft.filled("/practitioners/0/identifiers/0")


def _row_to(context: ColumnContext) -> str:
    return f"{context.record['recordId']}-{context.child_id}"


def _row_from(draft: RecordDraft, value: Any) -> None:
    text = str(value).strip()
    if re.fullmatch(r"[A-Za-z0-9.-]{1,64}", text):
        draft.record["recordId"] = text
        draft.filled("/recordId")
    else:
        draft.keep_as_local_data(value)


def _source_to(context: ColumnContext) -> str | None:
    codes = context.values("/requester/source")
    return titles("referral-source").get(codes[0]) if codes else None


def _source_from(draft: RecordDraft, value: Any) -> None:
    if "source" in draft.record.get("requester", {}):
        return
    code = return_code_map("cin-referral-source", "referral-source").to_ours(str(value))
    if code:
        draft.set("/requester/source", code)
    else:
        draft.keep_as_local_data(value, "RET-022")


def _identifier_pair(kind: str) -> tuple[Callable[..., Any], Callable[..., None]]:
    def to_target(context: ColumnContext) -> str | None:
        own = numbers(context.child, kind)
        if len(set(own)) > 1:
            context.report("RET-012", f"/children/{context.child_index}/identifiers")
        return "".join(own[0].split()) if own else None

    def from_target(draft: RecordDraft, value: Any) -> None:
        draft.add_identifier(type=kind, value="".join(str(value).split()))

    return to_target, from_target


def _unknown_to(context: ColumnContext) -> str | None:
    if numbers(context.child, "upn"):
        return None
    reasons = (
        identifier.get("missingReason")
        for identifier in context.child.get("identifiers", ())
        if identifier.get("type") == "upn"
    )
    return next(filter(None, reasons), None)


def _unknown_from(draft: RecordDraft, value: Any) -> None:
    draft.add_identifier(type="upn", missingReason=str(value))


def _disabilities_to(context: ColumnContext) -> list[str] | None:
    child = context.child
    codes = list(dict.fromkeys(child.get("disabilities", ())))
    if codes and ("NONE" in codes) != (codes == ["NONE"]):
        context.report("RET-009", f"/children/{context.child_index}/disabilities")
        return None
    if not codes and child.get("disability") == "no":
        return ["NONE"]
    return codes or None


def _disabilities_from(draft: RecordDraft, value: Any) -> None:
    draft.set("/children/*/disabilities", list(value))
    draft.set("/children/*/disability", "no" if list(value) == ["NONE"] else "yes")


def _plans_to(context: ColumnContext) -> list[list[str]] | None:
    child_id = context.child_id
    plans = [
        [plan["from"], plan["to"]] if "to" in plan else [plan["from"]]
        for plan in context.record.get("statutoryPlans", ())
        if plan.get("type") == "child-in-need-plan"
        and "from" in plan
        and child_id in plan.get("children", [child_id])
    ]
    return sorted(plans) or None


def _plans_from(draft: RecordDraft, value: Any) -> None:
    for number, (begin, end) in enumerate(value, 1):
        days = {"from": begin, "to": end}
        plan = {"id": f"sp{number}", "type": "child-in-need-plan", "children": ["c1"]}
        draft.set("/statutoryPlans/*", {**plan, **{k: v for k, v in days.items() if v}})


def _referral_to(context: ColumnContext) -> str | None:
    """Return the day of the MARF that a step-down names: with it the case began."""
    days = (
        related.get("date")
        for related in context.record.get("relatedRecords", ())
        if related.get("recordType") == "marf"
    )
    return min(filter(None, days), default=None)


def _calculated(draft: RecordDraft, value: Any) -> None:
    """Leave out what is calculated again whenever it is written."""
    del draft, value


_PAIRS: Final[Mapping[str, tuple[Callable[..., Any], Callable[..., None]]]] = {
    "child-id": (child_number, _number_from),
    "birth": (_birth_to, _birth_from),
    "age": (_age_to, _age_from),
    "count": (lambda _: None, _calculated),
    "organisation": (_organisation_to, _organisation_from),
    "worker-id": (_worker_to, _worker_from),
    "row-id": (_row_to, _row_from),
    "source-title": (_source_to, _source_from),
    "nhs-number": _identifier_pair("nhs-number"),
    "upn": _identifier_pair("upn"),
    "former-upn": _identifier_pair("former-upn"),
    "upn-unknown": (_unknown_to, _unknown_from),
    "disabilities": (_disabilities_to, _disabilities_from),
    "referral-day": (_referral_to, _calculated),
    "cin-plans": (_plans_to, _plans_from),
}
CONVERTERS: Final[Mapping[str, Converter]] = {
    name: Converter(name=name, to_target=to_target, from_target=from_target)
    for name, (to_target, from_target) in _PAIRS.items()
}
"""Every converter, by the name that a specification uses (``via``)."""


def _allocated(record: Mapping[str, Any]) -> Mapping[str, Any]:
    worker = record.get("singleAssessment", {}).get("socialWorker")
    return by_id(record, "practitioners", worker)


def _team(record: Mapping[str, Any]) -> str | None:
    organisation = by_id(record, "organisations", _allocated(record).get("organisation"))
    return organisation.get("service") or organisation.get("name")


def _worker(record: Mapping[str, Any]) -> str | None:
    name = _allocated(record).get("name", {})
    both = " ".join(filter(None, (name.get("given"), name.get("family"))))
    return name.get("full") or both or None


ANSWERS: Final[Mapping[str, Callable[[Mapping[str, Any]], str | None]]] = {
    "@team": _team,
    "@worker": _worker,
}
"""Functions that a specification names (``joined``) for what an answering record says."""
