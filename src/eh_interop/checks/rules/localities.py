"""Localities and teams: names that the area's guidance gives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from eh_interop.checks.rules.engine import Context, Problem, rule
from eh_interop.core.findings import Severity
from eh_interop.standard.model import Meeting, Notification


def _hint(wrong: str, known: Iterable[str]) -> str:
    """Name the nearest of the area's own names, if one is near. The record's stays unsaid."""
    names = {name.casefold(): name for name in known}
    near = get_close_matches(wrong.casefold(), names, 1)
    return f" The nearest is {names[near[0]]}." if near else ""


def _is_one_of(given: str, known: Iterable[str]) -> bool:
    return " ".join(given.split()).casefold() in {name.casefold() for name in known}


@rule(
    "PLC-001",
    looks_at=Meeting,
    severity=Severity.INFO,
    cites=("O-002",),
    needs=("locality",),
    passes={"locality": "stroud and Cotswolds"},
    fails={"locality": "Stroud"},
)
def unknown_locality(part: Meeting, context: Context) -> Iterator[Problem]:
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


@rule(
    "PLC-002",
    looks_at=Notification,
    severity=Severity.INFO,
    cites=("G-025", "G-152"),
    needs=("team",),
    passes={"to": "Stroud early help team"},
    fails={"to": "Strood early help team"},
)
def unknown_team(part: Notification, context: Context) -> Iterator[Problem]:
    """A note about a plan went to a team that the area's guidance does not name.

    If the note went astray, the plan is not on the register, and the next
    practitioner who asks is told that there is none.
    """
    known = _teams(context.facts)
    if part.to and not _is_one_of(part.to, known):
        message = f"The area's guidance names no such team.{_hint(part.to, known)}"
        yield Problem("/to", message)
