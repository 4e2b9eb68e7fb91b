"""What is done to a record when all its cells are in.

Signals in its rows make it urgent, or protect somebody: nothing is taken away, since what was
written stands in a safety warning as well. And what one cell says of two fields goes to both: a
postcode at the end of an address, a baby not yet born.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from eh_interop.checks.subject import AT_RISK
from eh_interop.core.findings import Finding
from eh_interop.core.lenient import objects, text
from eh_interop.core.pointer import Steps, join
from eh_interop.formats._shared.cells import words_for
from eh_interop.formats._shared.code_maps import fold_label
from eh_interop.formats._shared.signals import About
from eh_interop.formats.partners.entry_values import ValueSource
from eh_interop.reading.faults import PartnerFault
from eh_interop.standard.fields import Field
from eh_interop.standard.schemas import CURRENT

_WARNINGS: Final = "safetyWarnings"
_LONGEST: Final = 500
"""A longer text is not said again in a warning: it stands where it stood."""
_TYPES: Final = {
    About.ADDRESS: "address-must-not-be-disclosed",
    About.CONTACT: "contact-unsafe",
}
_NO_CONTACT = re.compile(
    r"\b(?:no|not|never|unsafe|don't|safe to)\b[^.;]*"
    r"\b(?:contact|call|phone|text|write|tell|inform)"
)
_KEPT: Final = (
    r"\b(?:from|to|by|tell|inform|contact|contacting|with)"
    r"(?: (?:the|his|her|their|child's|birth|a))* {role}\b"
    r"|\b{role}\b[^.;]{{0,20}}\b(?:no|not|must not|mustn't|cannot|can't|never)\b"
)
_RISK: Final = (
    "This cell speaks of immediate risk. The record counts as urgent until somebody has looked."
)
_ADDRESS: Final = (
    "This cell says that an address must not be disclosed. The address is protected, and there "
    "is a safety warning. Look at it, and say from whom it is kept."
)
_CONTACT: Final = (
    "This cell speaks of a court order, or of somebody who must not be contacted. It became a "
    "safety warning. Look at it, and say whom it is about."
)
_SEEN: Final = {
    About.RISK: (PartnerFault.RISK_SEEN, _RISK),
    About.ADDRESS: (PartnerFault.PROTECTION_SEEN, _ADDRESS),
    About.CONTACT: (PartnerFault.PROTECTION_SEEN, _CONTACT),
}


@dataclass(frozen=True, slots=True)
class Sighting:
    """A signal in one cell.

    Attributes:
        text: what is said in a warning.
        person: the id of the child or person it is about; empty for all children.
        number: which child, by the number in the heading; 0 if there is none.
        expected: the mapping looks for it there, so that nobody need be told.
    """

    about: About
    text: str = field(repr=False)
    source: ValueSource
    person: str = ""
    number: int = 0
    expected: bool = False


def protect(
    values: dict[str, Any], sources: dict[Steps, ValueSource], sightings: Sequence[Sighting],
    root: Field,
) -> Iterator[Finding]:  # fmt: skip
    """Change a record as the signals in its rows ask, and yield what somebody has to look at."""
    known = {inner.name for inner in root.fields} if sightings else set()
    for sighting in sightings:
        place: Steps = ()
        if sighting.about is About.RISK:
            if AT_RISK in known:
                place = _mark_risk(values, sources, sighting)
        elif _WARNINGS in known:
            place = _protect_person(values, sources, sighting)
        if not sighting.expected:
            fault, message = _SEEN[sighting.about]
            yield fault.finding(message, sighting.source.origin, join(place))


def _mark_risk(
    values: dict[str, Any], sources: dict[Steps, ValueSource], sighting: Sighting
) -> Steps:
    """Of all answers the dangerous one counts."""
    if values.get(AT_RISK) is not True:
        values[AT_RISK] = True
        sources[AT_RISK,] = sighting.source
    return (AT_RISK,)


def _protect_person(
    values: dict[str, Any], sources: dict[Steps, ValueSource], sighting: Sighting
) -> Steps:
    people = list(_concerned(values, sighting))
    if sighting.about is About.ADDRESS:
        for place, person in people:
            _close_addresses(place, person, sources, sighting.source)
    return _warn(values, sources, sighting, [str(person["id"]) for _, person in people])


def _concerned(
    values: dict[str, Any], sighting: Sighting
) -> Iterator[tuple[Steps, dict[str, Any]]]:
    """Yield whom a signal is about: the one in whose columns it stands, all children, or all."""
    listed = [
        ((name, index), person)
        for name in ("children", "people")
        for index, person in enumerate(values.get(name, ()))
    ]
    children = [(place, person) for place, person in listed if place[0] == "children"]
    own = [held for held in listed if held[1]["id"] == sighting.person]
    numbered = [held for held in children if str(held[1]["id"]).endswith(f"-{sighting.number}")]
    yield from own or numbered or children or listed


def _close_addresses(
    place: Steps, person: dict[str, Any], sources: dict[Steps, ValueSource], source: ValueSource
) -> None:
    addresses = person.setdefault("addresses", [])
    if not addresses:
        addresses.append({"kind": "home"})
    for index, address in enumerate(addresses):
        if address.get("confidential") is not True:
            address["confidential"] = True
            sources[*place, "addresses", index, "confidential"] = source


def _warn(
    values: dict[str, Any],
    sources: dict[Steps, ValueSource],
    sighting: Sighting,
    about: Sequence[str],
) -> Steps:
    """Put a safety warning into the record; the same one only once."""
    warnings: list[dict[str, Any]] = values.setdefault(_WARNINGS, [])
    words = fold_label(sighting.text)
    kind = _TYPES[sighting.about]
    if sighting.about is About.CONTACT and not _NO_CONTACT.search(words):
        kind = "other"
    keep_from = _kept_from(values, words)
    warning: dict[str, Any] = {
        "id": f"warning-from-file-{len(warnings) + 1}",
        "type": kind,
        **({"about": list(about)} if about else {}),
        **({"keepFrom": keep_from} if keep_from else {}),
        "description": sighting.text,
    }
    for index, other in enumerate(warnings):
        if {**other, "id": ""} == {**warning, "id": ""}:
            return (_WARNINGS, index)
    warnings.append(warning)
    place: Steps = (_WARNINGS, len(warnings) - 1)
    sources[*place, "description"] = sighting.source
    return place


def described(heading: str, text: str) -> str:
    """Return what a warning says: the heading and the answer, or where to look."""
    text = " ".join(text.split())
    if len(text) > _LONGEST:
        text = "There is a long text in this column: look there."
    return f"{heading}: {text}" if heading else text


def _kept_from(values: dict[str, Any], words: str) -> list[str]:
    """Return the people of the record from whom a text plainly says that something is kept."""
    kinds: dict[str, list[str]] = {}
    for relation in objects(values, "relationships"):
        kinds.setdefault(text(relation, "type"), []).append(text(relation, "person"))
    for person in objects(values, "people"):
        kinds.setdefault(text(person, "id"), []).append(text(person, "id"))
    kept = [person for kind in _roles_kept_from(words) for person in kinds.get(kind, ())]
    return list(dict.fromkeys(filter(None, kept)))


def _roles_kept_from(words: str) -> Iterator[str]:
    for role in dict.fromkeys(match[1] for match in _roles().finditer(words)):
        if re.search(_KEPT.format(role=re.escape(role)), words):
            yield words_for("relationship-type", CURRENT)[role]


@cache
def _roles() -> re.Pattern[str]:
    roles = sorted(words_for("relationship-type", CURRENT), key=len, reverse=True)
    return re.compile(rf"\b({'|'.join(map(re.escape, roles))})\b")


# What one cell says of two fields

_POSTCODE = re.compile(
    r"(?:^|[\s,])(?P<out>[A-Z]{1,2}[0-9][0-9A-Z]?)\s?(?P<inward>[0-9][A-Z]{2})\W*$", re.IGNORECASE
)
_UNBORN = re.compile(r"\b(?:unborn|bump|foetus|fetus)\b", re.IGNORECASE)
_LISTS: Final = ("children", "people")


def complete_people(record: dict[str, Any], sources: dict[Steps, ValueSource]) -> None:
    """Put the postcode at the end of an address in its field, and say that a baby is unborn."""
    for place, person in _people(record):
        for index, address in enumerate(person.get("addresses", ())):
            _take_postcode(address, (*place, "addresses", index), sources)
        if place[0] == "children" and "expectedDateOfBirth" in person and _is_unborn(person):
            person.setdefault("unborn", True)


def _people(record: dict[str, Any]) -> Iterator[tuple[Steps, dict[str, Any]]]:
    for name in _LISTS:
        for index, person in enumerate(record.get(name, ())):
            yield (name, index), person


def _is_unborn(child: dict[str, Any]) -> bool:
    names = child.get("name", {})
    texts = [text for text in names.values() if isinstance(text, str)]
    return "dateOfBirth" not in child and any(map(_UNBORN.search, texts))


def _take_postcode(
    address: dict[str, Any], place: Steps, sources: dict[Steps, ValueSource]
) -> None:
    lines = address.get("lines")
    if not lines or "postcode" in address or not isinstance(lines[-1], str):
        return
    match = _POSTCODE.search(lines[-1])
    if match is None:
        return
    address["postcode"] = f"{match['out']} {match['inward']}".upper()
    source = sources.get((*place, "lines", len(lines) - 1))
    if source is not None:
        sources[*place, "postcode"] = source
    rest = lines[-1][: match.start()].rstrip(" ,")
    if rest:
        lines[-1] = rest
    elif len(lines) > 1:
        lines.pop()
        sources.pop((*place, "lines", len(lines)), None)
    else:
        del address["lines"]
        sources.pop((*place, "lines", 0), None)
