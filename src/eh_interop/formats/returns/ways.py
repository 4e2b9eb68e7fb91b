"""Named ways between a record and a cell that no pointer can say, there and back.

Each way is a pair. ``there`` returns what the record says, and None if it says
nothing; ``back`` puts what a cell says into a record in the making.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from eh_interop.checks.rules._help import age_on
from eh_interop.formats.returns.codes import codes
from eh_interop.formats.returns.days import day_in, day_of
from eh_interop.formats.returns.draft import Draft
from eh_interop.formats.returns.identity import child_number, identifier, numbers
from eh_interop.formats.returns.scene import Scene
from eh_interop.standard.code_lists import titles

UNBORN: Final = -1
"""What a return says instead of the age of a child who is not born yet."""


@dataclass(frozen=True, slots=True)
class Way:
    """A pair of functions, there and back."""

    there: Callable[[Scene], Any]
    back: Callable[[Draft, Any], None]


def _number_back(draft: Draft, value: Any) -> None:
    draft.identify(**identifier(str(value).strip()))


def _birth_there(scene: Scene) -> str | None:
    child = scene.child
    found = child.get("expectedDateOfBirth" if child.get("unborn") else "dateOfBirth")
    return str(found) if found else None


def _birth_back(draft: Draft, value: Any) -> None:
    day = day_in(value)
    if day is None:
        draft.keep(value, "RET-023")
    else:
        draft.set("/children/*/dateOfBirth", day.isoformat())


def _age_there(scene: Scene) -> int | None:
    child = scene.child
    if child.get("unborn"):
        return UNBORN
    born = day_of(child.get("dateOfBirth"))
    if born is None:
        estimated = child.get("estimatedAge")
        return None if estimated is None else int(estimated)
    if born > scene.as_of:
        scene.say("RET-013", f"/children/{scene.at}/dateOfBirth")
        return None
    return age_on(born, scene.as_of)


def _age_back(draft: Draft, value: Any) -> None:
    """Read an age: it matters only for the unborn, and where there is no date of birth."""
    if re.match(r"(?i)\s*unborn", str(value)):
        years: float = UNBORN
    else:
        try:
            years = float(value)
        except ValueError:
            draft.keep(value, "RET-025")
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
    ids = [each.get("practitioner") for each in now] or list(record.get("authors", ()))
    return next(_named(record, "practitioners", ids[0] if ids else None), {})


def _named(record: Mapping[str, Any], part: str, local_id: Any) -> Iterator[Mapping[str, Any]]:
    yield from (each for each in record.get(part, ()) if each["id"] == local_id)


def _organisation_there(scene: Scene) -> str | None:
    lead = _lead(scene.record)
    organisation = next(_named(scene.record, "organisations", lead.get("organisation")), {})
    return organisation.get("name")


def _organisation_back(draft: Draft, value: Any) -> None:
    draft.record["organisations"] = [{"id": "o1"}]
    draft.worker()["organisation"] = "o1"
    draft.line("/organisations/0/name", str(value))


def _worker_there(scene: Scene) -> str | None:
    lead = _lead(scene.record)
    for kind in ("own-agency-reference", "social-work-england-number"):
        if found := numbers(lead, kind):
            return found[0]
    return None


def _worker_back(draft: Draft, value: Any) -> None:
    known = draft.worker().setdefault("identifiers", [])
    known.append({"type": "own-agency-reference", "value": str(value).strip()})
    draft.origins["/practitioners/0/identifiers/0"] = draft.heading


def _row_there(scene: Scene) -> str:
    return f"{scene.record['recordId']}-{scene.child['id']}"


def _row_back(draft: Draft, value: Any) -> None:
    text = str(value).strip()
    if re.fullmatch(r"[A-Za-z0-9.-]{1,64}", text):
        draft.record["recordId"] = text
        draft.origins["/recordId"] = draft.heading
    else:
        draft.keep(value)


def _source_there(scene: Scene) -> str | None:
    known = scene.values("/requester/source")
    return titles("referral-source").get(known[0]) if known else None


def _source_back(draft: Draft, value: Any) -> None:
    if "source" in draft.record.get("requester", {}):
        return
    found = codes("cin-referral-source", "referral-source").back(str(value))
    if found:
        draft.set("/requester/source", found)
    else:
        draft.keep(value, "RET-022")


def _identified(kind: str) -> Way:
    def there(scene: Scene) -> str | None:
        found = numbers(scene.child, kind)
        if len(set(found)) > 1:
            scene.say("RET-012", f"/children/{scene.at}/identifiers")
        return "".join(found[0].split()) if found else None

    def back(draft: Draft, value: Any) -> None:
        draft.identify(type=kind, value="".join(str(value).split()))

    return Way(there, back)


def _unknown_there(scene: Scene) -> str | None:
    if numbers(scene.child, "upn"):
        return None
    said = (
        each.get("missingReason")
        for each in scene.child.get("identifiers", ())
        if each.get("type") == "upn"
    )
    return next(filter(None, said), None)


def _unknown_back(draft: Draft, value: Any) -> None:
    draft.identify(type="upn", missingReason=str(value))


def _disabilities_there(scene: Scene) -> list[str] | None:
    child = scene.child
    found = list(dict.fromkeys(child.get("disabilities", ())))
    if found and ("NONE" in found) != (found == ["NONE"]):
        scene.say("RET-009", f"/children/{scene.at}/disabilities")
        return None
    if not found and child.get("disability") == "no":
        return ["NONE"]
    return found or None


def _disabilities_back(draft: Draft, value: Any) -> None:
    draft.set("/children/*/disabilities", list(value))
    draft.set("/children/*/disability", "no" if list(value) == ["NONE"] else "yes")


def _plans_there(scene: Scene) -> list[list[str]] | None:
    """Return begin and end of each child in need plan of the child."""
    found = [
        [statutory_plan["from"], *([statutory_plan["to"]] if "to" in statutory_plan else [])]
        for statutory_plan in scene.record.get("statutoryPlans", ())
        if statutory_plan["type"] == "child-in-need-plan"
        and "from" in statutory_plan
        and scene.child["id"] in statutory_plan.get("children", [scene.child["id"]])
    ]
    return sorted(found) or None


def _plans_back(draft: Draft, value: Any) -> None:
    for number, (begin, end) in enumerate(value, 1):
        days = {"from": begin, "to": end}
        plan = {"id": f"sp{number}", "type": "child-in-need-plan", "children": ["c1"]}
        draft.set("/statutoryPlans/*", {**plan, **{k: v for k, v in days.items() if v}})


def _referral_there(scene: Scene) -> str | None:
    """Return the day of the MARF that a step-down names: with it the case began."""
    named = (
        related_record.get("date")
        for related_record in scene.record.get("relatedRecords", ())
        if related_record.get("recordType") == "marf"
    )
    return min(filter(None, named), default=None)


def _nothing(scene: Scene) -> None:
    del scene


def _reckoned(draft: Draft, value: Any) -> None:
    """Leave out what is reckoned again whenever it is written."""
    del draft, value


WAYS: Final[Mapping[str, Way]] = MappingProxyType(
    {
        "child-id": Way(child_number, _number_back),
        "birth": Way(_birth_there, _birth_back),
        "age": Way(_age_there, _age_back),
        "count": Way(_nothing, _reckoned),
        "organisation": Way(_organisation_there, _organisation_back),
        "worker-id": Way(_worker_there, _worker_back),
        "row-id": Way(_row_there, _row_back),
        "source-title": Way(_source_there, _source_back),
        "nhs-number": _identified("nhs-number"),
        "upn": _identified("upn"),
        "former-upn": _identified("former-upn"),
        "upn-unknown": Way(_unknown_there, _unknown_back),
        "disabilities": Way(_disabilities_there, _disabilities_back),
        "referral-day": Way(_referral_there, _reckoned),
        "cin-plans": Way(_plans_there, _plans_back),
    }
)
"""Every way by the name that a table uses."""


def answered_team(record: Mapping[str, Any]) -> str | None:
    """Return the team of the social worker to whom a referral was given."""
    worker = _allocated(record)
    organisation = next(_named(record, "organisations", worker.get("organisation")), {})
    return organisation.get("service") or organisation.get("name")


def answered_worker(record: Mapping[str, Any]) -> str | None:
    """Return the name of the social worker to whom a referral was given."""
    name = _allocated(record).get("name", {})
    both = " ".join(filter(None, (name.get("given"), name.get("family"))))
    return name.get("full") or both or None


def _allocated(record: Mapping[str, Any]) -> Mapping[str, Any]:
    worker = record.get("singleAssessment", {}).get("socialWorker")
    return next(_named(record, "practitioners", worker), {})


WORDS: Final[Mapping[str, Callable[[Mapping[str, Any]], str | None]]] = MappingProxyType(
    {"@team": answered_team, "@worker": answered_worker}
)
"""Words of a table for what an answering record says."""
