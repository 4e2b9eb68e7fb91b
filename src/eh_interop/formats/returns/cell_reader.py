"""The cell reader: what a cell of a return means for a record."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import orjson

from eh_interop.core.pointer import split
from eh_interop.formats.returns.code_map import return_code_map
from eh_interop.formats.returns.column_context import RecordDraft
from eh_interop.formats.returns.converters import CONVERTERS
from eh_interop.formats.returns.spec import ReturnColumn
from eh_interop.standard.fields import fields_of


def read_cell(column: ReturnColumn, value: Any, draft: RecordDraft) -> None:
    """Put a cell into a record draft: text, a day, or a list where a census repeats an element."""
    pointer = _field(column.ours, draft.record["recordType"])
    if column.via and column.codes:
        _convert_codes(column, value, draft)
    elif column.via and not column.ours:
        CONVERTERS[column.via].from_target(draft, value)
    elif pointer is None:
        if column.codes:
            value = return_code_map(column.codes, column.code_list).spelled(str(value))
        draft.keep_as_local_data(value)
    elif column.form == "date":
        draft.set_day(pointer, value)
    elif column.codes:
        for text in _flags(value) if column.form == "flags" else (str(value),):
            if code := _our_code(column, text, draft):
                draft.set(pointer, code)
    else:
        draft.set_line(pointer, str(value))


def _convert_codes(column: ReturnColumn, value: Any, draft: RecordDraft) -> None:
    texts = value if column.form == "list" else [value]
    codes = [_our_code(column, str(text), draft) for text in texts]
    if clear := list(dict.fromkeys(filter(None, codes))):
        CONVERTERS[column.via].from_target(draft, clear if column.form == "list" else clear[0])


@cache
def _field(pointers: tuple[str, ...], record_type: str) -> str | None:
    """Return the first pointer of a column that a record of this type has a field for, if any."""
    for pointer in pointers:
        fields = [fields_of(record_type)]
        for step in split(pointer):
            if step != "*":
                fields = [field for field in fields[0].fields if field.name == step]
            if not fields:
                break
        else:
            return pointer
    return None


def _our_code(column: ReturnColumn, text: str, draft: RecordDraft) -> str | None:
    """Return our code for a text; keep a text that has none, or that is not clear."""
    code_map = return_code_map(column.codes, column.code_list)
    code = code_map.to_ours(text)
    if code is None:
        draft.keep_as_local_data(text, "RET-028" if text.strip() in code_map.codes else "RET-022")
    return code


def _flags(value: Any) -> tuple[str, ...]:
    """Return the flags that are raised, in JSON or in the looser form of some databases."""
    try:
        flags = orjson.loads(str(value))
    except orjson.JSONDecodeError:
        flags = dict(re.findall(r"\"?([A-Z_]+)\"?\s*:\s*\"?([A-Za-z0-9]*)\"?", str(value)))
    if not isinstance(flags, Mapping):
        return (str(value),)
    raised = {"Y", "1", "TRUE", "YES"}
    return tuple(name for name, flag in flags.items() if str(flag).strip().upper() in raised)
