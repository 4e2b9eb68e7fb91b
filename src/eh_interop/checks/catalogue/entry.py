"""One check as the catalogue lists it, and its example, cut down to what matters."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson

from eh_interop.checks.across.records import ChildRecords
from eh_interop.checks.completeness import split_key
from eh_interop.checks.rules.engine import Rule
from eh_interop.core.errors import StandardError
from eh_interop.core.findings import Layer, Severity
from eh_interop.core.pointer import Steps, join, resolve, split, steps_of
from eh_interop.core.resources import folder
from eh_interop.standard.requirements import Requirement


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueEntry:
    """One check.

    Attributes:
        code: stable code, never reused.
        name: the fault in words joined by hyphens.
        layer: which kind of check it is.
        severity: how much it matters, where no area says otherwise.
        title: the fault in a sentence, without full stop.
        why: why it matters.
        ask: the question to send back, if there is one.
        cites: the guidance clauses that it rests on.
        records: the record types in which it can be found; empty for every file.
        areas: the areas in which it applies, with the severity there.
        since: the first version of the standard that has it.
        source: the requirement or the rule; None for shape and reading.
    """

    code: str
    name: str
    layer: Layer
    severity: Severity
    title: str
    why: str
    ask: str | None = None
    cites: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    areas: Mapping[str, Severity]
    since: str
    source: Requirement | Rule | None = None

    @property
    def order(self) -> int:
        """The position of its layer: a record is read first and compared last."""
        return list(Layer).index(self.layer)


_MISSING: Final = object()
_CUT: Final = "…"
_LONGEST: Final = 60
_DEEPEST: Final = 2

Fragment = Mapping[str, Any]
"""Places, and what stands there. What is missing is not there."""


@dataclass(frozen=True, slots=True)
class CheckExample:
    """What passes and what fails.

    Attributes:
        of: the example record that both are taken from.
        passes: for each place, the part of it that matters, where the check is content.
        fails: the same places, where it is not.
        missing: the places at which nothing stands any more.
    """

    of: str
    passes: Fragment
    fails: Fragment
    missing: tuple[str, ...] = ()


def example_of(entry: CatalogueEntry) -> CheckExample | None:
    """Return the example of a check; None for shape and reading, which have none."""
    match entry.source:
        case Requirement(example=Mapping() as how):
            return _of_requirement(entry.source, how)
        case Rule(looks_at=looks_at, passes=passes, fails=fails) if looks_at is ChildRecords:
            return CheckExample(" and ".join(fails), dict(passes), dict(fails))
        case Rule(of=of, passes=passes, fails=fails):
            kind = entry.source.looks_at.__name__
            return CheckExample(of or "minimal", {kind: dict(passes)}, {kind: dict(fails)})
        case _:
            return None


def _of_requirement(requirement: Requirement, how: Mapping[str, Any]) -> CheckExample | None:
    sound = _document(how["of"])
    if sound is None:
        return None
    broken = break_as_told(sound, how)
    places = [*how.get("remove", ()), *how.get("set", {})]
    wanted = _steps(split(requirement.place), places)
    shown = [steps_of(place) for place in places]
    listed = _kept(requirement)
    if listed:
        shown = [steps for steps in shown if steps[: len(wanted)] != wanted]
    elif not any(steps[: len(wanted)] == wanted for steps in shown):
        shown.append(wanted)
    passes, fails = _fragment(sound, shown), _fragment(broken, shown)
    missing = [join(steps) for steps in shown if _at(broken, steps) is _MISSING]
    if listed:
        there, left = (_entries(document, wanted, listed) for document in (sound, broken))
        passes[join(wanted)] = [entry for entry in there if entry not in left]
        fails[join(wanted)] = [entry for entry in left if entry not in there]
        missing.append(join((*wanted, "*")))
    return CheckExample(how["of"], passes, fails, tuple(missing))


def _kept(requirement: Requirement) -> tuple[str, ...]:
    """Return which properties of an entry matter, if the requirement is about entries."""
    if requirement.document is not None:
        return ("type", "status", "reason")
    return tuple(split_key(key)[0] for key in requirement.entry)


def break_as_told(document: Mapping[str, Any], how: Mapping[str, Any]) -> dict[str, Any]:
    """Break a sound record as the ``example`` of a requirement says."""
    broken: dict[str, Any] = copy.deepcopy(dict(document))
    for place, value in how.get("set", {}).items():
        *parents, last = steps_of(place)
        resolve(broken, parents)[last] = copy.deepcopy(value)
    for place in sorted(how.get("remove", ()), key=steps_of, reverse=True):
        *parents, last = steps_of(place)
        del resolve(broken, parents)[last]
    return broken


def record_type_of(name: str) -> str | None:
    """Return the type of an example record; a second copy of it is ``name#2``."""
    document = _document(name.partition("#")[0])
    return document["recordType"] if document else None


def _document(name: str) -> dict[str, Any] | None:
    try:
        path = folder("examples") / f"{name}.json"
    except StandardError:
        return None
    document: dict[str, Any] = orjson.loads(path.read_bytes())
    return document


def _steps(pattern: Iterable[str], places: Iterable[str]) -> Steps:
    """Give each ``*`` of a pattern the number that it has in the example."""
    shown = [steps_of(place) for place in places]
    steps: list[str | int] = []
    for position, step in enumerate(pattern):
        numbers = [
            others[position]
            for others in shown
            if len(others) > position and list(others[:position]) == steps and step == "*"
        ]
        steps.append(next(iter(numbers), 0) if step == "*" else step)
    return tuple(steps)


def _at(document: Any, steps: Steps) -> Any:
    try:
        return resolve(document, steps)
    except LookupError:
        return _MISSING


def _fragment(document: Any, shown: Iterable[Steps]) -> dict[str, Any]:
    """Show what stands at some places, by the group that it is in."""
    fragment: dict[str, Any] = {}
    for *parents, last in shown:
        group = fragment.setdefault(join(parents), {})
        value = _at(document, (*parents, last))
        if value is not _MISSING:
            group[str(last)] = _short(value)
    return fragment


def _entries(document: Any, steps: Steps, kept: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return what matters in each entry of a list."""
    entries = _at(document, steps)
    return [
        {name: _short(entry[name]) for name in kept if name in entry}
        for entry in (entries if isinstance(entries, list) else ())
    ]


def _short(value: Any, depth: int = 0) -> Any:
    """Cut what is long, so that the fragment stays small."""
    if isinstance(value, str):
        return value if len(value) <= _LONGEST else f"{value[:_LONGEST].rstrip()}{_CUT}"
    if isinstance(value, dict):
        if depth >= _DEEPEST:
            return _CUT
        return {name: _short(inner, depth + 1) for name, inner in value.items()}
    if isinstance(value, list):
        head = [_short(inner, depth + 1) for inner in value[:1]]
        return [*head, _CUT] if len(value) > 1 else head
    return value
