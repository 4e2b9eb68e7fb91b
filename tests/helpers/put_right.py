"""Puts an invalid example right: it fills in the least that meets its requirement."""

from __future__ import annotations

import copy
from typing import Any

from tests.helpers.support import AS_OF

from eh_interop.core.pointer import Steps, resolve, steps_of
from eh_interop.standard.requirements import Requirement
from eh_interop.standard.schemas import load_standard

STANDARD = load_standard()
WORDS = "Written down so that it is there."
NEW = "x1"
"""The id of an entry that was not there."""
FORMATS = {"date": AS_OF.isoformat(), "date-time": f"{AS_OF.isoformat()}T09:00:00Z"}


def put_right(record: dict[str, Any], requirement: Requirement, place: str) -> dict[str, Any]:
    """Fill in what a requirement misses at a place."""
    record = copy.deepcopy(record)
    steps = steps_of(place)
    holder = resolve(record, steps[:-1])
    if requirement.document is not None:
        entry = _value(record, (*steps, 0))
        holder.setdefault("attachments", []).append(
            {**entry, "type": requirement.document, "status": "attached"}
        )
    elif requirement.entry:
        entry = _value(record, (*steps, 0))
        for key, want in requirement.entry.items():
            entry[key] = _value(record, (*steps, 0, key)) if want == "present" else want[0]
        holder.setdefault(steps[-1], []).append(entry)
    else:
        holder[steps[-1]] = (requirement.values or [_value(record, steps)])[0]
    return record


def _value(record: dict[str, Any], steps: Steps) -> Any:
    """Return the least that can stand at a place."""
    *_, (_, stated, schema) = STANDARD.fields(record["recordType"], steps)
    kind = schema.get("type")
    if lists := stated.get("x-refersTo", schema.get("x-refersTo")):
        return _somebody(record, lists)
    if steps[-1] == "id" or "enum" in schema:
        return NEW if steps[-1] == "id" else schema["enum"][0]
    if kind == "array":
        return [_value(record, (*steps, 0))]
    if kind == "object":
        needed = schema.get("required") or list(schema["properties"])[:1]
        return {name: _value(record, (*steps, name)) for name in needed}
    simple = {"boolean": True, "integer": 1, "number": 1}
    return simple.get(kind) or FORMATS.get(schema.get("format", ""), WORDS)


def _somebody(record: dict[str, Any], lists: list[str]) -> str:
    """Return the id of an entry of one of the lists, which is put there if there is none."""
    known = [entry["id"] for name in lists for entry in record.get(name, ())]
    if not known:
        entry = _value(record, (lists[0], 0))
        record[lists[0]] = [entry]
        known = [entry["id"]]
    return str(known[0])
