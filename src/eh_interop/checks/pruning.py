"""What of a record has the form of the standard, and a place in the record for what has not.

Formats with typed fields can hold only valid values. A value that is not valid is taken out of its
place and kept, as it was written, in the record's local data; whoever reads the record back puts
it in its place again. So nothing that was there is lost, and a check says what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from functools import cache
from itertools import pairwise
from typing import Any, Final

import orjson

from eh_interop.checks.engine import CompiledEngine, Violation
from eh_interop.checks.subject import AT_RISK
from eh_interop.core.pointer import Steps, join, resolve, steps_of
from eh_interop.standard.schemas import load_standard

AS_WRITTEN: Final = "as-written"
"""The name in local data under which values are kept that are not valid in their own place."""
_LOCAL: Final = "localData"
_Removed = dict[Steps, list[int]]
"""Which entries of a list were taken out, by the list's place."""


@cache
def _engine(record_type: str, version: str) -> CompiledEngine:
    return CompiledEngine(load_standard(version), record_type, ())


def pruned(record: Mapping[str, Any]) -> tuple[Mapping[str, Any], tuple[Steps, ...]]:
    """Return what of a record fits the standard, and the places of what does not.

    A field that is missing is no reason to leave anything out. A sound record is
    returned as it is.

    Args:
        record: it says its type and a version that this toolkit has.

    Returns:
        The rest of the record, and places in the record as it was given, the outermost only.
    """
    engine = _engine(str(record["recordType"]), str(record["standardVersion"]))
    dropped: set[Steps] = set()
    removed: _Removed = {}
    rest: Any = record
    while places := _misfits(engine, rest):
        if not dropped:
            rest = deepcopy(dict(record))
        originals = {steps: _as_given(steps, removed) for steps in places}
        for steps in places:
            if _remove(rest, steps) and isinstance(steps[-1], int):
                *parents, index = originals[steps]
                removed.setdefault(tuple(parents), []).append(int(index))
        dropped |= set(originals.values())
    outermost = (steps for steps in dropped if not _is_inside(steps, dropped))
    return rest, tuple(sorted(outermost, key=_sortable))


def keep_as_written(record: Mapping[str, Any]) -> tuple[Mapping[str, Any], tuple[Steps, ...]]:
    """Return a valid record with everything that is not valid kept in its local data.

    An answer about immediate risk that cannot be read stands as yes until somebody has looked
    (G-063).

    Args:
        record: see :func:`pruned`.

    Returns:
        The valid record, and the places of what was moved.
    """
    valid, dropped = pruned(record)
    if not dropped:
        return record, ()
    moved = {
        f"value-{number}": orjson.dumps(
            {"place": join(steps), "value": resolve(record, steps)}
        ).decode()
        for number, steps in enumerate(dropped, 1)
    }
    kept = dict(valid)
    kept[_LOCAL] = {**kept.get(_LOCAL, {}), AS_WRITTEN: moved}
    if (AT_RISK,) in dropped:
        kept[AT_RISK] = True
    return kept, dropped


def restore_as_written(record: dict[str, Any]) -> dict[str, Any]:
    """Put values that were kept as they were written back in their places.

    What does not tell its place stays in the local data.
    """
    local = record.get(_LOCAL)
    moved = local.get(AS_WRITTEN) if isinstance(local, dict) else None
    if not isinstance(moved, dict):
        return record
    restored = deepcopy(record)
    places = sorted(_moved_values(moved), key=lambda entry: _sortable(entry[1]))
    for name, steps, value in places:
        if _put(restored, steps, value):
            del restored[_LOCAL][AS_WRITTEN][name]
    if not restored[_LOCAL][AS_WRITTEN]:
        del restored[_LOCAL][AS_WRITTEN]
    if not restored[_LOCAL]:
        del restored[_LOCAL]
    return restored


def _moved_values(moved: Mapping[str, Any]) -> Iterator[tuple[str, Steps, Any]]:
    for name, text in moved.items():
        try:
            entry = orjson.loads(text)
            yield name, steps_of(entry["place"]), entry["value"]
        except (ValueError, TypeError, KeyError):
            continue


def _put(record: dict[str, Any], steps: Steps, value: Any) -> bool:
    """Put a value at its place; into a list at its old number. Return whether that was possible."""
    holder: Any = record
    try:
        for step, following in pairwise(steps):
            if isinstance(holder, dict):
                holder = holder.setdefault(step, [] if isinstance(following, int) else {})
            else:
                holder = holder[step]
    except (LookupError, TypeError):
        return False
    if isinstance(holder, list) and isinstance(steps[-1], int):
        holder.insert(steps[-1], value)
    elif isinstance(holder, dict) and steps[:1] != (_LOCAL, AS_WRITTEN):
        holder[steps[-1]] = value
    else:
        return False
    return True


def _misfits(engine: CompiledEngine, record: Mapping[str, Any]) -> list[Steps]:
    """Return the places of what does not fit, the last entries of a list first."""
    places = {steps for violation in engine.violations(record) for steps in _places(violation)}
    return sorted(places, key=_sortable, reverse=True)


def _places(violation: Violation) -> Iterator[Steps]:
    if violation.keyword == "required":
        return
    if violation.names:
        yield from ((*violation.steps, name) for name in violation.names)
    elif violation.steps:
        yield violation.steps


def _as_given(steps: Steps, removed: _Removed) -> Steps:
    """Return a place of the rest as it was in the record before entries were taken out."""
    place: Steps = ()
    for step in steps:
        if isinstance(step, int):
            for index in sorted(removed.get(place, ())):
                step += index <= step  # noqa: PLW2901 (each entry before it moves it by one)
        place = (*place, step)
    return place


def _is_inside(steps: Steps, places: set[Steps]) -> bool:
    return any(steps[:length] in places for length in range(1, len(steps)))


def _sortable(steps: Steps) -> tuple[tuple[int, int | str], ...]:
    return tuple((0, step) if isinstance(step, int) else (1, step) for step in steps)


def _remove(record: Any, steps: Steps) -> bool:
    try:
        holder = resolve(record, steps[:-1])
        del holder[steps[-1]]
    except LookupError:
        return False  # what it stood in was removed already
    return True
