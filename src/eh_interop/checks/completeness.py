"""Completeness: requirements become JSON Schema conditionals.

Each requirement becomes one schema, and all of them together one ``allOf``
beside the shape, so that a single compiled validator sees everything, and so
that the exported bundle says the same on any platform. No expression language,
and no correlation between the entries of two lists, is needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from eh_interop.core.findings import Finding, Layer
from eh_interop.core.pointer import Steps, join, split
from eh_interop.standard.requirements import Conditions, Requirement, Wanted

JsonSchema = dict[str, Any]

MET_BY = ("attached", "sent-separately")
"""Attachment statuses that mean the document is there."""
EXCUSED = ("not-attached", "to-follow")
"""Attachment statuses that meet a requirement only with an accepted reason."""


BESIDE, ONE_UP, ROOT = "", "^", "/"
"""How the key of a condition begins: relative to the object that should hold the
missing thing, to the object that this one is in, or to the whole record."""


def compile_requirement(requirement: Requirement) -> JsonSchema:
    """Turn one requirement into a schema for the whole record.

    The walk goes from the missing thing outwards: a name becomes
    ``properties``, ``*`` becomes ``items``, and each condition stands at the
    object that it is about.
    """
    *parents, last = split(requirement.place)
    schema = _guarded(_met(requirement, last), requirement, BESIDE)
    outwards = 0
    for step in reversed(parents):
        if step == "*":
            schema = {"items": schema}
            continue
        schema = {"properties": {step: schema}}
        outwards += 1
        if outwards == 1:
            schema = _guarded(schema, requirement, ONE_UP)
    return _guarded(schema, requirement, ROOT)


def _met(requirement: Requirement, name: str) -> JsonSchema:
    """Say how the requirement is met, in the object that should hold ``name``."""
    ways = [
        _there(name, _value(requirement)),
        *(_there(alternative, {}) for alternative in requirement.alternatives),
    ]
    if requirement.accepts and requirement.document is None:
        ways.append(_there("absent", _there(name, {"enum": list(requirement.accepts)})))
    return ways[0] if len(ways) == 1 else {"anyOf": ways}


def _value(requirement: Requirement) -> JsonSchema:
    if requirement.document is not None:
        return _some(_document(requirement))
    if requirement.entry:
        return _some(
            {"allOf": [condition(split_key(key), want) for key, want in requirement.entry.items()]}
        )
    if requirement.values:
        return {"enum": list(requirement.values)}
    return {}


def _document(requirement: Requirement) -> JsonSchema:
    there = _there("status", {"enum": list(MET_BY)})
    excused = {
        "allOf": [
            _there("status", {"enum": list(EXCUSED)}),
            _there("reason", {"enum": list(requirement.accepts)}),
        ]
    }
    return {
        "allOf": [
            _there("type", {"enum": [requirement.document]}),
            {"anyOf": [there, excused]} if requirement.accepts else there,
        ]
    }


def _some(schema: JsonSchema) -> JsonSchema:
    return {"type": "array", "contains": schema}


def _there(name: str, schema: JsonSchema) -> JsonSchema:
    held: JsonSchema = {"type": "object", "required": [name]}
    return {**held, "properties": {name: schema}} if schema else held


def condition(steps: Iterable[str], want: Wanted) -> JsonSchema:
    """Turn a condition on the value at ``steps`` into a schema. ``*`` means any entry."""
    if want == "missing":
        return {"not": condition(steps, "present")}
    head, *rest = steps
    inner: JsonSchema = {}
    if rest:
        inner = condition(rest, want)
    elif want != "present":
        inner = {"enum": list(want)}
    return _some(inner) if head == "*" else _there(head, inner)


def split_key(key: str) -> tuple[str, ...]:
    """Read the key of a condition: ``a/b``, ``^a`` and ``/a/b`` give their names."""
    return split("/" + key.lstrip("/^"))


def _guarded(schema: JsonSchema, requirement: Requirement, mark: str) -> JsonSchema:
    """Let ``schema`` hold only where the conditions with this mark do."""
    tests = [
        *(condition(split_key(key), want) for key, want in _marked(requirement.when, mark)),
        *(
            {"not": condition(split_key(key), want)}
            for key, want in _marked(requirement.unless, mark)
        ),
    ]
    return {"if": {"allOf": tests}, "then": schema} if tests else schema


def _marked(conditions: Conditions, mark: str) -> Iterator[tuple[str, Wanted]]:
    for key, want in conditions.items():
        if (key[0] if key[0] in {ROOT, ONE_UP} else BESIDE) == mark:
            yield key, want


def requirement_finding(requirement: Requirement, steps: Steps) -> Finding:
    """Say that a requirement is not met in the object at ``steps`` (or further in)."""
    *parents, last = split(requirement.place)
    return Finding(
        code=requirement.code,
        name=requirement.name,
        layer=Layer.COMPLETENESS,
        severity=requirement.severity,
        place=join((*steps[: len(parents)], last)),
        message=f"{in_words(requirement.name)}.",
        cites=requirement.cites,
        ask=requirement.ask,
    )


_CAPITALS = {"cse", "dsl", "eha", "ehcp", "gp", "marf", "mash", "nhs", "sen", "smart", "taf", "upn"}


_OWN_NAMES = {"my plan plus": "My Plan+", "my plan": "My Plan", "my profile": "My Profile"}


def in_words(name: str) -> str:
    """Turn a fault's name into words: ``no-my-plan-plus`` becomes ``No My Plan+``."""
    words = " ".join(word.upper() if word in _CAPITALS else word for word in name.split("-"))
    for plain, own in _OWN_NAMES.items():
        words = words.replace(plain, own)
    return words[0].upper() + words[1:]
