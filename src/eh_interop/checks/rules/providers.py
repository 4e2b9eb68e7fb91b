"""Providers: services that help children of some ages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from eh_interop.checks.rules._days import age_on
from eh_interop.checks.rules._help import record_day
from eh_interop.checks.rules.engine import Context, Problem, rule
from eh_interop.core.findings import Severity
from eh_interop.standard.model import Child, Plan

_CENTRE: Final = {"id": "a1", "service": "children-and-family-centre", "startedOn": "2026-06-01"}
_BORN: Final = {"id": "c1", "name": {"given": "Rowan"}}


@rule(
    "PRV-001",
    looks_at=Plan,
    severity=Severity.INFO,
    cites=("G-072", "O-004"),
    needs=("provider",),
    passes={
        "children": [_BORN | {"dateOfBirth": "2014-06-02"}],
        "actions": [_CENTRE | {"for": ["c1"]}],
    },
    fails={
        "children": [_BORN | {"dateOfBirth": "2014-06-01"}],
        "actions": [_CENTRE | {"for": ["c1"]}],
    },
)
def service_for_other_ages(part: Plan, context: Context) -> Iterator[Problem]:
    """A service is to help a child who is older or younger than those it is there for.

    The place may be refused, and the family waits for nothing. Services make
    exceptions: this is only a prompt. An action for the whole family is looked
    at only if no child of the plan has the age.
    """
    ranges = {provider["code"]: provider for provider in context.facts["provider"]}
    for number, action in enumerate(part.actions):
        provider = ranges.get(action.service or "")
        if provider is None:
            continue
        day = action.started_on or record_day(context)
        outside = {
            child.id: _is_outside(child, provider, day)
            for child in part.children
            if not action.for_ or child.id in action.for_
        }
        if any(outside.values()) if action.for_ else outside and all(outside.values()):
            message = "The area's guidance says that this service is for other ages."
            yield Problem(f"/actions/{number}/service", message)


def _is_outside(child: Child, provider: Mapping[str, Any], day: date) -> bool:
    """Tell whether a child is known to have another age than a service is for."""
    if child.unborn or (child.date_of_birth and child.date_of_birth > day):
        return provider.get("unborn") is False
    youngest, oldest = provider["ages"]
    age = age_on(child.date_of_birth, day) if child.date_of_birth else child.estimated_age
    return age is not None and not youngest <= int(age) <= oldest
