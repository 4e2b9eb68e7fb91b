"""Reading what may be half filled in: only what is there in the right form counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

Record = Mapping[str, Any]


def entries(record: Record, name: str) -> Iterator[Record]:
    """Yield the objects of a list; nothing if there is no such list."""
    found = record.get(name)
    yield from (each for each in found if isinstance(each, dict)) if isinstance(found, list) else ()


def inner(record: Record, name: str) -> Record:
    """Return the object called ``name``; an empty one if there is none."""
    found = record.get(name)
    return found if isinstance(found, dict) else {}


def text(record: Record, name: str) -> str:
    """Return the text called ``name``; empty if there is none."""
    found = record.get(name)
    return found.strip() if isinstance(found, str) else ""


def texts(record: Record, name: str) -> tuple[str, ...]:
    """Return the texts of a list, each once, in their order."""
    found = record.get(name)
    kept = [each for each in found if isinstance(each, str)] if isinstance(found, list) else []
    return tuple(dict.fromkeys(kept))


def day(record: Record, name: str) -> date | None:
    """Return a day, also that of a date and time; None if there is none."""
    try:
        return date.fromisoformat(text(record, name)[:10])
    except ValueError:
        return None
