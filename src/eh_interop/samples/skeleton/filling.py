"""Putting in what is required, and what that requires in turn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from eh_interop.checks.engine import Engine, Violation
from eh_interop.core.pointer import Steps, resolve, split
from eh_interop.samples.skeleton.blanks import Json, placeholders
from eh_interop.samples.skeleton.builder import Builder
from eh_interop.standard.requirements import Requirement

_ROUNDS: Final = 50
"""No record is so deep. Requirements that contradict each other would never be done."""


def complete(
    builder: Builder, engine: Engine, requirements: tuple[Requirement, ...], record: Json
) -> None:
    """Put in what is required, then what that requires, until nothing is missing."""
    for _ in range(_ROUNDS):
        missing = list(_missing(engine, requirements, record))
        for steps, name, requirement in missing:
            _require(builder, record, steps, name, requirement)
        if not missing:
            return


def _missing(
    engine: Engine, requirements: tuple[Requirement, ...], record: Json
) -> Iterator[tuple[Steps, str, Requirement]]:
    """Yield what a requirement asks for that is not there: the group, the name and who asks."""
    seen = set()
    for violation in engine.violations(record):
        if violation.requirement is None:
            continue
        requirement = requirements[violation.requirement]
        place = _place(requirement, violation)
        if (place, requirement.code) not in seen:
            seen.add((place, requirement.code))
            yield place[:-1], str(place[-1]), requirement


def _place(requirement: Requirement, violation: Violation) -> Steps:
    *parents, last = split(requirement.place)
    return (*violation.steps[: len(parents)], last)


def _require(
    builder: Builder, record: Json, steps: Steps, name: str, requirement: Requirement
) -> None:
    """Put in what a requirement asks for."""
    group = resolve(record, steps)
    here = (*steps, name)
    if requirement.values:
        group[name] = requirement.values[0]
    elif requirement.document or requirement.entry:
        entries = group.setdefault(name, [])
        asked = _asked_of_entry(builder, here, requirement)
        open_ones = [entry for entry in entries if _is_open(entry, asked)]
        if not open_ones:
            open_ones = [builder.entry(here, len(entries))]
            entries += open_ones
        open_ones[0] |= asked
    else:
        group[name] = builder.value(here)


def _is_open(entry: Json, asked: Json) -> bool:
    """Tell whether an entry has nothing settled yet of what another one is asked to have."""
    settled = (each for name, each in entry.items() if name in asked)
    return all(next(placeholders(each), None) is not None for each in settled)


def _asked_of_entry(builder: Builder, here: Steps, requirement: Requirement) -> Json:
    """Return what an entry must be like: the first value that is enough, or a placeholder."""
    if requirement.document:
        return {"type": requirement.document, "status": "attached"}
    found: Json = {}
    for key, want in requirement.entry.items():
        name, *rest = split(f"/{key}")
        if want == "present":
            found[name] = builder.value((*here, 0, name))
        elif want != "missing":
            found[name] = [want[0]] if rest else want[0]
    return found
