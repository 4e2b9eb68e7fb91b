"""Access to JSON that may be half filled in: what is not there in the right form is passed over.

For drawings, letters and packs, which work on whatever a check can read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from eh_interop.core.uk_time import uk_day_of

Record = Mapping[str, Any]


def items(value: object) -> list[Any]:
    """Return a list; an empty one if the value is not a list."""
    return value if isinstance(value, list) else []


def objects(record: Record, name: str) -> Iterator[dict[str, Any]]:
    """Yield the objects of the list called ``name``; nothing if there is no such list."""
    return (entry for entry in items(record.get(name)) if isinstance(entry, dict))


def inner(record: Record, name: str) -> Record:
    """Return the object called ``name``; an empty one if there is none."""
    value = record.get(name)
    return value if isinstance(value, dict) else {}


def text(record: Record, name: str) -> str:
    """Return the text called ``name`` without blanks around it; empty if there is none."""
    value = record.get(name)
    return value.strip() if isinstance(value, str) else ""


def texts(record: Record, name: str) -> tuple[str, ...]:
    """Return the texts of the list called ``name``, each once, in their order."""
    return tuple(
        dict.fromkeys(entry for entry in items(record.get(name)) if isinstance(entry, str))
    )


def day(record: Record, name: str) -> date | None:
    """Return the day called ``name``, also that of a date and time; None if there is none."""
    try:
        return date.fromisoformat(uk_day_of(text(record, name)))
    except ValueError:
        return None


def by_id(record: Record, name: str, local_id: object) -> Record:
    """Return the object of the list called ``name`` that has a local id; empty if none has."""
    if local_id is None:
        return {}
    return next((entry for entry in objects(record, name) if entry.get("id") == local_id), {})
