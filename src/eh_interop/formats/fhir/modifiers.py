"""Elements that change what a resource means: understood, or kept and told. Never ornaments.

A request that is withdrawn, a patient entry that is replaced, an exception to a consent: whoever
passes over such an element reads the opposite of what was said. FHIR calls them modifiers; which
there are, and which of their values change nothing, is data (``mappings/fhir-r4/modifiers.csv``).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import orjson

from eh_interop.core.lenient import inner, objects
from eh_interop.core.pointer import Steps, resolve
from eh_interop.core.resources import folder
from eh_interop.formats.fhir.record_from_bundle import Unmapped

_FHIR: Final = "fhir"
"""Whose facts these are, in the local data."""
REQUEST: Final = "ServiceRequest"
"""The resource that asks for something to be done."""
_RESTORED: Final = frozenset({"status", "doNotPerform"})
_STATUSES: Final = frozenset({"draft", "on-hold", "revoked", "entered-in-error"})


@dataclass(frozen=True, slots=True)
class Modifier:
    """An element that changes the meaning of what it stands in.

    Attributes:
        element: its path in the resource.
        harmless: its values that change nothing.
        says: what it means if it has another one.
    """

    element: str
    harmless: frozenset[str]
    says: str


_IN_ERROR: Final = Modifier(
    "entered in error",
    frozenset(),
    "The sender says that this was entered in error, so it was not read.",
)


@cache
def modifiers() -> Mapping[tuple[str, str], Modifier]:
    """Return the modifiers by type of resource, empty for any, and element."""
    with (folder("mappings") / "fhir-r4" / "modifiers.csv").open(encoding="utf-8") as file:
        return {
            (row["type"], row["element"]): Modifier(
                row["element"], frozenset(row["harmless"].split()), row["says"]
            )
            for row in csv.DictReader(file)
        }


def keep_modifiers(
    document: Mapping[str, Any], record: dict[str, Any], unmapped: Iterable[Unmapped]
) -> tuple[dict[str, Any], dict[Steps, str]]:
    """Return a record with the modifiers that it has no field for, in its local data.

    Args:
        document: a resource or Bundle.
        record: what was read of it.
        unmapped: what was not read.

    Returns:
        The record, and what is said of each place where a modifier stands.
    """
    kept: dict[str, Any] = {}
    says: dict[Steps, str] = {}
    resources: dict[str, list[Steps]] = {}
    for one in unmapped:
        at = _resource_at(one.steps)
        resource = resolve(document, at)
        modifier = _IN_ERROR if one.kind == "entered-in-error" else None
        modifier = modifier or _modifier_at(resource, one.steps[len(at) :])
        if modifier is not None:
            kind = str(resource["resourceType"])
            alike = resources.setdefault(kind, [])
            if at not in alike:
                alike.append(at)
            says[one.steps] = modifier.says
            # Names in local data have no dots.
            name = f"{kind} {alike.index(at) + 1} {modifier.element}".replace(".", " ")
            kept[name] = modifier is _IN_ERROR or _plain(_value(resource, modifier.element))
    if not kept:
        return record, says
    local = inner(record, "localData")
    return {**record, "localData": {**local, _FHIR: {**inner(local, _FHIR), **kept}}}, says


def restore_modifiers(record: Mapping[str, Any], requests: Iterable[dict[str, Any]]) -> None:
    """Let no request be sent on as in force that its sender had withdrawn, paused or forbidden."""
    for name, value in inner(inner(record, "localData"), _FHIR).items():
        kind, _, element = name.partition(" ")
        element = element.lstrip("0123456789 ")
        if kind == REQUEST and element in _RESTORED:
            for request in requests:
                known = element != "status" or str(value) in _STATUSES
                request[element] = value if known else "unknown"


def _resource_at(steps: Steps) -> Steps:
    """Return the steps to the resource in which something stands."""
    at: Steps = ()
    for number, step in enumerate(steps):
        if step in {"resource", "contained"}:
            at = steps[: number + (2 if step == "contained" else 1)]
    return at


def _modifier_at(resource: Mapping[str, Any], steps: Steps) -> Modifier | None:
    """Return the modifier at, above or below a place that nobody read, unless it is harmless."""
    place = [str(step) for step in steps if isinstance(step, str)]
    for (kind, element), modifier in modifiers().items():
        names = element.split(".")
        shorter = min(len(names), len(place))
        if kind in ("", resource.get("resourceType")) and names[:shorter] == place[:shorter]:
            value = _value(resource, element)
            if place and value is not None and not _codes(value) <= modifier.harmless:
                return modifier
    return None


def _value(resource: Any, element: str) -> Any:
    value = resource
    for name in element.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _codes(value: Any) -> set[str]:
    """Return what a value says as codes: of a concept its codes, of others the value itself."""
    if isinstance(value, Mapping):
        return {str(coding.get("code")) for coding in objects(value, "coding")} or {""}
    return {str(value).lower() if isinstance(value, bool) else str(value)}


def _plain(value: Any) -> Any:
    """Return a value as local data can hold it: what is no simple value becomes JSON."""
    if isinstance(value, str | bool | int | float):
        return value
    return orjson.dumps(value, default=str).decode()
