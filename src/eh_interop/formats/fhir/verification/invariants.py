"""What must hold between values, where JSON Schema has no words for it.

One function for each, named as HL7 names the invariant (``per_1`` is per-1), with
the definition it belongs to. It is given the element and its scope and returns
whether the invariant holds. The docstring's first line is the message. A function
with :func:`on` is found by its mark; there is no list to extend. The other
invariants are in ``schemas/fhir-r4/invariants.json``.

:class:`LookupScope` is what an invariant may look up beyond its element: the resource, those in it,
the Bundle.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final, NamedTuple

from eh_interop.core.lenient import inner, objects
from eh_interop.formats.fhir.values import is_later
from eh_interop.formats.fhir.verification import r4
from eh_interop.formats.fhir.verification.issues import IssueKind, LocalIssue, sentence
from eh_interop.formats.fhir.verification.r4 import Document

Element = dict[str, Any]

_RELATIVE: Final = re.compile(
    r"(?P<type>[A-Z][A-Za-z]+)/(?P<id>[A-Za-z0-9\-.]{1,64})(/_history/[A-Za-z0-9\-.]{1,64})?"
)
_ABSOLUTE: Final = re.compile(rf"(?P<base>https?://\S+/)(?P<relative>{_RELATIVE.pattern})")
_OTHER: Final = re.compile(r"(https?://|urn:(uuid|oid):)\S+")


@dataclass(frozen=True, slots=True)
class BundleIndex:
    """Every resource of a Bundle, by the names that references use.

    ``kind``: the type of the Bundle; empty if there is no Bundle.
    """

    kind: str = ""
    by_url: dict[str, Element] = field(default_factory=dict)
    by_id: dict[tuple[str, str], Element] = field(default_factory=dict)


class LookupScope(NamedTuple):
    """Where a check stands.

    Attributes:
        resource: the resource that is looked at; for a contained one, the one around it.
        base: how the ``fullUrl`` of its entry begins, if it is that of a server.
    """

    resource: Element
    bundled: BundleIndex
    base: str = ""

    def find(self, reference: str) -> Element | None:
        """Return what a reference points to, if it is in the resource or the Bundle."""
        if reference.startswith("#"):
            return self._contained(reference[1:])
        address = reference.partition("#")[0].partition("/_history/")[0]
        resource = self.bundled.by_url.get(address) or self.bundled.by_url.get(self.base + address)
        relative = None if resource else _RELATIVE.fullmatch(address)
        return self.bundled.by_id.get((relative["type"], relative["id"])) if relative else resource

    def _contained(self, name: str) -> Element | None:
        held = objects(self.resource, "contained")
        return (
            next((entry for entry in held if entry.get("id") == name), None)
            if name
            else self.resource
        )


def bundled(document: Document) -> BundleIndex:
    """Index the resources of a Bundle; nothing for any other resource."""
    if document.get("resourceType") != "Bundle":
        return BundleIndex()
    by_url, by_id = {}, {}
    for entry in objects(document, "entry"):
        resource = entry.get("resource")
        if not isinstance(resource, dict):
            continue
        url, name, own = entry.get("fullUrl"), resource.get("resourceType"), resource.get("id")
        if isinstance(url, str):
            by_url[url] = resource
        if isinstance(name, str) and isinstance(own, str):
            by_id[name, own] = resource
    return BundleIndex(str(document.get("type", "")), by_url, by_id)


def base_of(url: object) -> str:
    """Return the address of the server in a ``fullUrl``; empty for a URN."""
    match = _ABSOLUTE.fullmatch(url) if isinstance(url, str) and url[:4] == "http" else None
    return match["base"] if match else ""


def type_in(reference: str) -> str:
    """Return the resource type that a reference names; empty if it names none."""
    match = _RELATIVE.fullmatch(reference) or _ABSOLUTE.fullmatch(reference)
    return match["type"] if match else ""


def is_reference(reference: str) -> bool:
    """Return whether a text is in one of the forms that a reference can have."""
    return reference.startswith("#") or bool(
        _RELATIVE.fullmatch(reference) or _OTHER.fullmatch(reference)
    )


Holds = Callable[[Element, LookupScope], bool]


@dataclass(frozen=True, slots=True)
class Invariant:
    """One function of this module.

    Attributes:
        key: HL7's name for it.
        broken: what to say where it does not hold.
    """

    key: str
    definition: str
    broken: LocalIssue
    holds: Holds


def on(definition: str) -> Callable[[Holds], Invariant]:
    """Mark a function as an invariant of an element."""

    def mark(function: Holds) -> Invariant:
        says = (function.__doc__ or "").splitlines()[0].rstrip(".")
        key = function.__name__.replace("_", "-")
        broken = LocalIssue((), sentence(says, key), IssueKind.INVARIANT, key)
        return Invariant(key, definition, broken, function)

    return mark


@cache
def of(definition: str) -> tuple[Invariant, ...]:
    """Return the invariants of an element, in the order of this module."""
    can_contain = "contained" in r4.definitions()[definition].get("properties", ())
    wanted = {definition, r4.CONTAINED} if can_contain else {definition}
    every = [invariant for invariant in globals().values() if isinstance(invariant, Invariant)]
    return tuple(invariant for invariant in every if invariant.definition in wanted)


@on("Period")
def per_1(period: Element, _: LookupScope) -> bool:
    """A period does not end before it starts."""
    return not is_later(period.get("start"), period.get("end"))


@on("Task")
def inv_1(task: Element, _: LookupScope) -> bool:
    """A task is not changed before it is written."""
    return not is_later(task.get("authoredOn"), task.get("lastModified"))


@on("Range")
def rng_2(extent: Element, _: LookupScope) -> bool:
    """The low end of a range is not above its high end."""
    low, high = (_number(extent.get(end)) for end in ("low", "high"))
    return low is None or high is None or low <= high


@on("Bundle")
def bdl_7(bundle: Element, _: LookupScope) -> bool:
    """Each fullUrl stands only once in a Bundle, or else with another version."""
    if bundle.get("type") == "history":
        return True
    named = [
        (entry["fullUrl"], _version(entry.get("resource")))
        for entry in objects(bundle, "entry")
        if isinstance(entry.get("fullUrl"), str)
    ]
    return len(named) == len(set(named))


@on("CareTeam_Participant")
def ctm_1(participant: Element, scope: LookupScope) -> bool:
    """Only a practitioner takes part on behalf of an organisation."""
    member = participant.get("member")
    if "onBehalfOf" not in participant or not isinstance(member, dict):
        return True
    resource = scope.find(str(member.get("reference", "")))
    return resource is None or resource.get("resourceType") == "Practitioner"


@on("Observation")
def obs_7(observation: Element, _: LookupScope) -> bool:
    """An observation with a value has no component with the same code."""
    if not any(key.startswith("value") for key in observation):
        return True
    own = _codings(observation)
    return not any(own & _codings(entry) for entry in objects(observation, "component"))


@on("Questionnaire")
def que_2(questionnaire: Element, _: LookupScope) -> bool:
    """Each linkId stands only once in a Questionnaire."""
    links = list(_link_ids(questionnaire))
    return len(links) == len(set(links))


@on(r4.CONTAINED)
def dom_3(resource: Element, _: LookupScope) -> bool:
    """A contained resource is referred to by the resource around it, or refers to it."""
    if "contained" not in resource:
        return True
    texts = set(_texts(resource))
    return all(
        f"#{entry.get('id', '')}" in texts or "#" in set(_texts(entry))
        for entry in objects(resource, "contained")
    )


# --------------------------------------------------------------------------------- what they share


def _number(quantity: Any) -> float | None:
    value = quantity.get("value") if isinstance(quantity, dict) else None
    return value if isinstance(value, int | float) else None


def _version(resource: Any) -> str:
    return str(inner(resource, "meta").get("versionId", "")) if isinstance(resource, dict) else ""


def _codings(element: Element) -> set[tuple[str, str]]:
    held = objects(inner(element, "code"), "coding")
    return {(str(coding.get("system", "")), str(coding.get("code", ""))) for coding in held}


def _link_ids(questionnaire: Element) -> Iterator[object]:
    waiting = [questionnaire]
    while waiting:
        for item in objects(waiting.pop(), "item"):
            yield str(item.get("linkId"))
            waiting.append(item)


def _texts(node: Any) -> Iterator[str]:
    waiting = [node]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
        elif isinstance(value, str):
            yield value
