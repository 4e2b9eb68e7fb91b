"""Draft a mapping for JSON: which list holds the records, and what stands in them several times."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any, Final

from eh_interop.core.pointer import Steps, join
from eh_interop.formats.partners.draft_grammar import meanings
from eh_interop.formats.partners.draft_trees import Branch, sketch_tree
from eh_interop.formats.partners.draft_writing import MappingSketch
from eh_interop.formats.partners.json_records import MAX_DEPTH, json_records
from eh_interop.formats.partners.mapping_table import MappingTable
from eh_interop.reading.faults import PartnerFault
from eh_interop.reading.streams import RefusedError

_SAMPLE: Final = 1_000
_DEEPEST: Final = 4
_IS_A_RECORD: Final = 3
"""So many known names of its own make an object a record, and no envelope of a list."""


def sketch_json(path: Path, table: MappingTable) -> MappingSketch:
    """Sketch a mapping for a JSON or NDJSON file.

    Raises:
        RefusedError: it cannot be read, is too large, or holds no records.
    """
    with path.open("rb") as file:
        records = [item.value for item in islice(json_records(file, table), _SAMPLE)]
    record_at = ""
    if len(records) == 1:
        record_at, records = _records(records[0], ())
    if not records:
        raise RefusedError(PartnerFault.NO_HEADINGS, "There are no records in this JSON.")
    branches: dict[str, Branch] = {"": Branch("")}
    for record in records[:_SAMPLE]:
        _collect(record, (), branches[""], (), branches)
    return sketch_tree(replace(table, record_at=record_at), list(branches.values()))


def _records(document: dict[str, Any], steps: Steps) -> tuple[str, list[Any]]:
    """Return where the records stand: in the only list of objects, if an envelope is around it."""
    names = [name for name, value in document.items() if not isinstance(value, dict | list)]
    known = sum(one is not None and bool(one.attribute) for one in meanings(names))
    lists = {
        name: value
        for name, value in document.items()
        if isinstance(value, list) and value and all(isinstance(one, dict) for one in value)
    }
    if known < _IS_A_RECORD and len(lists) == 1:
        name, entries = next(iter(lists.items()))
        return join((*steps, name)), entries
    inner = {name: value for name, value in document.items() if isinstance(value, dict)}
    if not lists and not known and len(inner) == 1 and len(steps) < _DEEPEST:
        name, value = next(iter(inner.items()))
        return _records(value, (*steps, name))
    return join(steps), [document]


def _collect(
    value: Any, whole: Steps, branch: Branch, own: Steps, branches: dict[str, Branch]
) -> None:
    """Look at a value. ``whole``: its steps below the record; ``own``: those below its branch."""
    if len(whole) > MAX_DEPTH:
        return
    if isinstance(value, dict):
        for name, inner in value.items():
            _collect(inner, (*whole, name), branch, (*own, name), branches)
    elif isinstance(value, list) and any(isinstance(one, dict) for one in value):
        nested = bool(branch.path)
        path = join(whole)
        below = branch if nested else branches.setdefault(path, Branch(path))
        for inner in value:
            _collect(inner, (*whole, "*"), below, (*own, "*") if nested else (), branches)
    elif isinstance(value, list):
        for inner in value:
            _collect(inner, whole, branch, own, branches)
    elif value is not None and own:
        branch.add(join(own), str(own[-1]), value)
