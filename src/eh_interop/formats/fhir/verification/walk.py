"""One walk over a resource, for what takes more than a schema: references, narratives, UK Core.

The walk goes only where an element can be and can matter; text, numbers and codes
cost one look at a table. The tables are made once for each definition.

References: what they point to has to be there, and of a type that may stand there. UK Core:
profiles that exist, and extensions that stand where they may and hold what they may. What else UK
Core asks of an instance is written as invariants, in ``schemas/fhir-r4/invariants.json``. Resources
that UK Core has no profile for are plain R4.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from functools import cache
from typing import Final

from eh_interop.core.findings import Severity
from eh_interop.core.pointer import Steps
from eh_interop.formats.fhir.files.r4 import ElementCursor
from eh_interop.formats.fhir.verification import invariants, narrative, r4
from eh_interop.formats.fhir.verification.invariants import (
    Element,
    LookupScope,
    is_reference,
    type_in,
)
from eh_interop.formats.fhir.verification.issues import IssueKind, LocalIssue

Link = tuple["Link | None", str, int]
"""The way from a resource to an element, last step first; -1 where there is no list."""

Look = Callable[[Element, frozenset[str], LookupScope], "LocalIssue | None"]
"""Looks at an element, at what it may point to, and at what may be looked up."""


class ElementChecks:
    """What to do at one kind of element.

    Attributes:
        quiet: none of these; only what is inside may matter.
        inside: each property that is an element: its table, and what it may point to.
    """

    __slots__ = ("extends", "inside", "invariants", "look", "quiet")

    def __init__(self, name: str) -> None:
        """Make a table without its properties: tables refer to each other."""
        self.invariants = invariants.of(name)
        self.look = _LOOKS.get(name)
        self.extends = name == "Extension"
        self.quiet = not (self.invariants or self.look or self.extends)
        self.inside: dict[str, tuple[ElementChecks, frozenset[str]]] = {}

    def matters(self, node: Element) -> bool:
        """Return whether to go there: most elements are codes and names, with nothing inside."""
        return not (self.quiet and self.inside.keys().isdisjoint(node))


@cache
def tables() -> dict[str, ElementChecks]:
    """Return the table of each definition."""
    names = [name for name, definition in r4.definitions().items() if "properties" in definition]
    checks_of = {name: ElementChecks(name) for name in names}
    allowed = r4.elements()["targets"]
    for name, checks in checks_of.items():
        targets = allowed.get(name, {})
        checks.inside = {
            key: (checks_of[held], frozenset(targets.get(key, ())))
            for key, held in r4.held_by(name).items()
            if held != r4.RESOURCE  # other resources have a walk of their own
        }
    return checks_of


def walk(resource: Element, steps: Steps, scope: LookupScope) -> list[LocalIssue]:
    """Return what is wrong inside a resource; ``steps`` lead to it."""
    name = r4.type_of(resource)
    if not name:
        return []
    issues = _profiles(resource)
    waiting: list[tuple[Element, ElementChecks, frozenset[str], Link | None]] = []
    waiting.append((resource, tables()[name], frozenset(), None))
    while waiting:
        node, table, targets, link = waiting.pop()
        if not table.quiet:
            here = _issues_of(node, table, targets, scope)
            if table.extends and _is_uk_core(node.get("url")):
                here += _extension(node, resource, _way(link))
            issues += [issue.below(_way(link)) for issue in here]
        inside = table.inside
        for key, value in node.items():
            if key not in inside:
                continue
            then, allowed = inside[key]
            for index, element in enumerate(value) if isinstance(value, list) else ((-1, value),):
                if isinstance(element, dict) and then.matters(element):
                    waiting.append((element, then, allowed, (link, key, index)))
    return [issue.below(steps) for issue in issues]


def _issues_of(
    node: Element, table: ElementChecks, targets: frozenset[str], scope: LookupScope
) -> list[LocalIssue]:
    issues = [
        invariant.broken for invariant in table.invariants if not invariant.holds(node, scope)
    ]
    if table.look and (issue := table.look(node, targets, scope)):
        issues.append(issue)
    return issues


def _way(link: Link | None) -> Steps:
    steps: list[str | int] = []
    while link is not None:
        link, key, index = link
        steps += [key] if index < 0 else [index, key]
    return tuple(reversed(steps))


_FEW = 8
_SELF_CONTAINED = frozenset({"document", "message"})
"""Types of Bundle that have to hold what they refer to by a relative address."""


def _fault(message: str, rule: str, severity: Severity = Severity.ERROR) -> LocalIssue:
    return LocalIssue(("reference",), message, IssueKind.REFERENCE, rule, severity)


_NO_REFERENCE = _fault(
    "This is not a reference: it is neither a URL, a type with an id, nor a URN.", "reference-form"
)
_NOT_CONTAINED = _fault("This points to a contained resource that is not there (ref-1).", "ref-1")
_NOT_BUNDLED = _fault("This points to a resource that is not in the Bundle.", "dangling")
_MAYBE_ELSEWHERE = replace(_NOT_BUNDLED, severity=Severity.WARNING)
_OTHER_TYPE = _fault(
    "This points to another type of resource than the reference says.", "reference-type"
)


def _reference_issue(
    reference: Element, targets: Collection[str], scope: LookupScope
) -> LocalIssue | None:
    """Return what is wrong with a reference; nothing if it is in order.

    ``targets`` are the types it may point to; none means any.
    """
    text, stated = reference.get("reference"), reference.get("type")
    if not isinstance(text, str):
        return None
    target = scope.bundled.by_url.get(text) or scope.find(text)
    if target is None:
        if not is_reference(text):
            return _NO_REFERENCE
        if missing := _missing(text, scope):
            return missing
    name = target.get("resourceType") if target else type_in(text) or stated
    if not name:
        return None
    if isinstance(stated, str) and stated != name:
        return _OTHER_TYPE
    return _wrong_target(targets) if targets and name not in targets else None


def _missing(text: str, scope: LookupScope) -> LocalIssue | None:
    if text.startswith("#"):
        return _NOT_CONTAINED
    if not scope.bundled.kind or text.startswith("http"):
        return None  # it may be on a server
    if text.startswith("urn:") or scope.bundled.kind in _SELF_CONTAINED:
        return _NOT_BUNDLED
    return _MAYBE_ELSEWHERE


def _wrong_target(targets: Collection[str]) -> LocalIssue:
    known = f": {', '.join(sorted(targets))}" if len(targets) <= _FEW else ""
    return _fault(
        f"This points to a type of resource that may not stand here{known}.", "target-type"
    )


_BASE: Final = "https://fhir.hl7.org.uk/StructureDefinition/"
_ANYWHERE: Final = frozenset({"Element", "Resource", "DomainResource"})


def _is_uk_core(url: object) -> bool:
    return isinstance(url, str) and url.startswith(_BASE)


def _profiles(resource: Element) -> list[LocalIssue]:
    """Return each profile of UK Core that does not exist or is for another type of resource."""
    meta = resource.get("meta")
    claimed = meta.get("profile") if isinstance(meta, dict) else None
    if not isinstance(claimed, list):
        return []
    known, name = r4.uk_core()["profiles"], resource["resourceType"]
    return [
        _profile(index, known.get(url.partition("|")[0]))
        for index, url in enumerate(claimed)
        if _is_uk_core(url) and known.get(url) != name and known.get(url.partition("|")[0]) != name
    ]


def _profile(index: int, about: str | None) -> LocalIssue:
    fault = "is for another type of resource" if about else "does not exist"
    message = f"This profile of UK Core {fault}."
    return LocalIssue(("meta", "profile", index), message, IssueKind.EXTENSION, "profile")


def _extension(node: Element, resource: Element, way: Steps) -> Iterator[LocalIssue]:
    """Yield what is wrong with an extension of UK Core. ``way`` leads to it in its resource."""
    known = r4.uk_core()["extensions"].get(node["url"])
    if known is None:
        message = "UK Core has no extension of this name."
        yield LocalIssue(("url",), message, IssueKind.EXTENSION, "extension-name")
        return
    if not _ANYWHERE.intersection(known["on"]) and not _stands_at(resource, way) & {*known["on"]}:
        message = f"This extension may stand only on {' or '.join(known['on'])}."
        yield LocalIssue((), message, IssueKind.EXTENSION, "extension-place")
    held = {f"value{kind[0].upper()}{kind[1:]}" for kind in known["holds"]} or {"extension"}
    if not held & node.keys():
        wanted = " or ".join(known["holds"]) or "extensions"
        message = f"This extension should hold {wanted}."
        yield LocalIssue((), message, IssueKind.EXTENSION, "extension-value")


def _stands_at(resource: Element, way: Steps) -> set[str]:
    """Return the names by which the place of an extension may be known.

    They are its path in the resource, its definition, and its path in the data type.
    """
    at = ElementCursor(resource)
    path: list[tuple[str, str]] = []
    for step in way:
        if isinstance(step, str):
            element = at.element(step)
            path.append((at.type, element.path if element else step))
        at.follow(step)
    *above, (holder, _) = path
    places = {".".join([resource["resourceType"], *(name for _, name in above)]), holder}
    return places | {".".join(step) for step in above[-1:]}


_LOOKS: Final[dict[str, Look]] = {"Reference": _reference_issue, "Narrative": narrative.issue}
