"""What a cell of a return means for a record: the way back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import orjson

from eh_interop.core.pointer import split
from eh_interop.formats.returns.codes import codes
from eh_interop.formats.returns.days import day_in
from eh_interop.formats.returns.draft import Draft
from eh_interop.formats.returns.tables import Column
from eh_interop.formats.returns.ways import WAYS
from eh_interop.standard.fields import fields_of


def understand(column: Column, value: Any, draft: Draft) -> None:
    """Put what a cell says into a record in the making."""
    draft.heading = column.heading
    pointer = _home(column, draft.record["recordType"])
    if column.form == "list":
        _many(column, value, draft)
    elif column.via and column.codes:
        if found := _clear(column, str(value), draft):
            WAYS[column.via].back(draft, found)
    elif column.via and not column.ours:
        WAYS[column.via].back(draft, value)
    elif pointer is None:
        known = codes(column.codes, column.code_list) if column.codes else None
        draft.keep(known.same(str(value)) if known else value)
    elif column.form == "date":
        day = day_in(value)
        draft.set(pointer, day.isoformat()) if day else draft.keep(value, "RET-023")
    elif column.codes:
        _code(column, pointer, value, draft)
    else:
        draft.line(pointer, str(value))


def _home(column: Column, record_type: str) -> str | None:
    """Return where a record of this type has what the column says, if it has it."""
    known = fields_of(record_type)
    for pointer in column.ours:
        steps = [step for step in split(pointer) if step != "*"]
        held = known
        for step in steps:
            inner = [field for field in held.fields if field.name == step]
            if not inner:
                break
            held = inner[0]
        else:
            return pointer
    return None


def _code(column: Column, pointer: str, value: Any, draft: Draft) -> None:
    for said in _flags(value) if column.form == "flags" else (str(value),):
        if found := _clear(column, said, draft):
            draft.set(pointer, found)


def _clear(column: Column, said: str, draft: Draft) -> str | None:
    """Return our code for what is said; keep a text that has none, or that is not clear."""
    known = codes(column.codes, column.code_list)
    found = known.back(said)
    if found is None:
        draft.keep(said, "RET-028" if said.strip() in known.written else "RET-022")
    return found


def _flags(value: Any) -> tuple[str, ...]:
    """Return the flags that are raised, in JSON or in the looser form of some databases."""
    try:
        said = orjson.loads(str(value))
    except orjson.JSONDecodeError:
        said = dict(re.findall(r"\"?([A-Z_]+)\"?\s*:\s*\"?([A-Za-z0-9]*)\"?", str(value)))
    if not isinstance(said, Mapping):
        return (str(value),)
    return tuple(
        name
        for name, flag in said.items()
        if str(flag).strip().upper() in {"Y", "1", "TRUE", "YES"}
    )


def _many(column: Column, value: Any, draft: Draft) -> None:
    found = [_clear(column, str(each), draft) for each in value]
    if clear := [code for code in found if code]:
        WAYS[column.via].back(draft, list(dict.fromkeys(clear)))
