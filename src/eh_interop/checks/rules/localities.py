"""Localities, teams and services: what the area's guidance says of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from difflib import get_close_matches
from typing import Any, Final

from eh_interop.checks.rules._help import age_on, record_day
from eh_interop.checks.rules.engine import Context, Problem, Problems, fails, on, passes, rule
from eh_interop.core.findings import Severity
from eh_interop.core.folding import letters_of
from eh_interop.standard.model import Child, Meeting, Notification, Plan


def _hint(wrong: str, known: Iterable[str]) -> str:
    """Name the nearest of the area's own names, if one is near. The record's stays unsaid."""
    names = {letters_of(name): name for name in known}
    near = get_close_matches(letters_of(wrong), names, 1)
    return f" The nearest is {names[near[0]]}." if near else ""


def _is_one_of(given: str, known: Iterable[str]) -> bool:
    return letters_of(given) in {letters_of(name) for name in known}


@rule("PLC-001", Severity.INFO, cites=("O-002",))
@on(needs=("locality",))
@passes(locality="stroud and Cotswolds")
@fails(locality="Stroud")
def unknown_locality(part: Meeting, context: Context) -> Problems:
    """The locality of a meeting is not one of the area's.

    Meetings are counted by locality. Often a district stands there instead of
    the locality that it is in.
    """
    localities = context.facts["locality"]
    titles = {locality["code"]: locality["title"] for locality in localities}
    if part.locality and not _is_one_of(part.locality, (*titles, *titles.values())):
        hint = _hint(part.locality, titles.values())
        for district in context.facts.get("district", ()):
            if (
                _is_one_of(part.locality, (district["code"], district["title"]))
                and "locality" in district
            ):
                hint = f" This is a district of {titles[district['locality']]}."
        yield Problem("/locality", f"The area has no locality of this name.{hint}")


def _teams(facts: Mapping[str, Any]) -> list[str]:
    """Return every name of a team that the area states."""
    teams = [name for team in facts["team"] for name in (team["title"], *team.get("aliases", ()))]
    return teams + [
        district["team"] for district in facts.get("district", ()) if "team" in district
    ]


@rule("PLC-002", Severity.INFO, cites=("G-025", "G-152"))
@on(needs=("team",))
@passes(to="Stroud early help team")
@fails(to="Strood early help team")
def unknown_team(part: Notification, context: Context) -> Problems:
    """A note about a plan went to a team that the area's guidance does not name.

    If the note went astray, the plan is not on the register, and the next
    practitioner who asks is told that there is none.
    """
    known = _teams(context.facts)
    if part.to and not _is_one_of(part.to, known):
        message = f"The area's guidance names no such team.{_hint(part.to, known)}"
        yield Problem("/to", message)


_CENTRE: Final = {"id": "a1", "service": "children-and-family-centre", "startedOn": "2026-06-01"}
_BORN: Final = {"id": "c1", "name": {"given": "Rowan"}}


@rule("PRV-001", Severity.INFO, cites=("G-072", "O-004"), family="providers")
@on(needs=("provider",))
@passes(children=[_BORN | {"dateOfBirth": "2014-06-02"}], actions=[_CENTRE | {"for": ["c1"]}])
@fails(children=[_BORN | {"dateOfBirth": "2014-06-01"}], actions=[_CENTRE | {"for": ["c1"]}])
def service_for_other_ages(part: Plan, context: Context) -> Problems:
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
    """Return whether a child is known to have another age than a service is for."""
    if child.unborn or (child.date_of_birth and child.date_of_birth > day):
        return provider.get("unborn") is False
    youngest, oldest = provider["ages"]
    age = age_on(child.date_of_birth, day) if child.date_of_birth else child.estimated_age
    return age is not None and not youngest <= int(age) <= oldest
