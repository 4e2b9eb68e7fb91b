"""What a column says about a record and a child."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from eh_interop.formats.returns.codes import codes
from eh_interop.formats.returns.days import day_of
from eh_interop.formats.returns.scene import Scene
from eh_interop.formats.returns.tables import Column
from eh_interop.formats.returns.ways import WAYS, WORDS


def cell(column: Column, scene: Scene) -> Any:
    """Return what a column says: text, number, list or a day as text; None for nothing."""
    for pointer in column.ours:
        found = scene.values(pointer)
        if found:
            return _value(column, pointer, found, scene)
    if column.via:
        return _coded(column, WAYS[column.via].there(scene), scene)
    return _reason(column, scene)


def _value(column: Column, pointer: str, found: Any, scene: Scene) -> Any:
    if pointer.startswith("/localData/"):
        return _kept(column, pointer, found[0], scene)
    if column.form == "date":
        day = day_of(found[0])
        return day.isoformat() if day else None
    if pointer.endswith("/*"):
        if len(found) > 1:
            scene.say("RET-012", scene.place(pointer))
        found = found[:1]
    return _coded(column, found[0], scene)


def _kept(column: Column, pointer: str, value: Any, scene: Scene) -> Any:
    """Take what was kept in the return's own words, if it is one of its codes."""
    if not column.codes or value in codes(column.codes, column.code_list).written:
        return value
    scene.say("RET-001", scene.place(pointer))
    return None


def _reason(column: Column, scene: Scene) -> Any:
    """Return the code for a value that is missing with a reason."""
    if not column.missing:
        return None
    known = codes(column.missing, "absence-reason").there
    for pointer in column.ours:
        said = scene.reason(pointer)
        if said and said in known:
            return known[said].code
    return None


def _coded(column: Column, value: Any, scene: Scene) -> Any:
    if value is None or not column.codes:
        return value
    place = scene.place(column.ours[0] if column.ours else column.covers[0])
    if isinstance(value, list):
        found = [_one(column, each, place, scene) for each in value]
        return [each for each in found if each is not None] or None
    return _one(column, value, place, scene)


def _one(column: Column, value: str, place: str, scene: Scene) -> str | None:
    known = codes(column.codes, column.code_list)
    theirs = known.there.get(value)
    if theirs is None:
        scene.say("RET-001", place)
        return None
    if not theirs.exact:
        scene.say("RET-004", place)
    if theirs.system != known.official:
        scene.say("RET-005", place)
    return theirs.code


def answers(column: Column, record: Mapping[str, Any], scene: Scene) -> Any:
    """Return what a record that answers another says for a column."""
    for pointer in column.joined:
        if pointer in WORDS:
            return WORDS[pointer](record)
        if found := scene.values(pointer):
            return _one(column, found[0], scene.place(pointer), scene)
    return None
