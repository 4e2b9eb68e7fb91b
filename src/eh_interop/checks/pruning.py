"""What of a record has the form of the standard: only that can be carried over to another format.

A record with faults is never held back. What does not fit is left out and named;
the rest goes on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from functools import cache
from typing import Any

from eh_interop.checks.engine import CompiledEngine, Violation
from eh_interop.core.pointer import Steps, resolve
from eh_interop.standard.schemas import load_standard


@cache
def _engine(record_type: str, version: str) -> CompiledEngine:
    return CompiledEngine(load_standard(version), record_type, ())


def pruned(record: Mapping[str, Any]) -> tuple[Mapping[str, Any], tuple[Steps, ...]]:
    """Return what of a record fits the standard, and the places of what does not.

    A field that is missing is no reason to leave anything out. A sound record is
    returned as it is.

    Args:
        record: it says its type and a version that this toolkit has.
    """
    engine = _engine(str(record["recordType"]), str(record["standardVersion"]))
    dropped: list[Steps] = []
    while places := _misfits(engine, record):
        if not dropped:
            record = deepcopy(dict(record))
        for steps in places:
            _remove(record, steps)
        dropped += places
    return record, tuple(sorted(dropped, key=_sortable))


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


def _sortable(steps: Steps) -> tuple[tuple[int, int | str], ...]:
    return tuple((0, step) if isinstance(step, int) else (1, step) for step in steps)


def _remove(record: Any, steps: Steps) -> None:
    try:
        holder = resolve(record, steps[:-1])
        del holder[steps[-1]]
    except LookupError:
        return  # what it stood in was removed already
