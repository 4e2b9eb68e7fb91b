"""What of a Bundle no table read: whole resources, and elements of those that were read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from eh_interop.core.pointer import Steps
from eh_interop.formats.fhir.backwards import NOT_RECORDED
from eh_interop.formats.fhir.sources import Source
from eh_interop.standard.fields import is_partial

_SAYS_NOTHING: Final = frozenset({"resourceType", "id", "meta", "text", "language", "contained"})
"""Elements of every resource that say nothing of a family: ``text`` is made from the others."""
_FRAME: Final = {
    "Composition": frozenset({"status", "type", "subject", "title", "confidentiality"}),
    # What the rest was made from.
    "Provenance": frozenset({"target", "entity"}),
}
"""What a document always says of itself."""


@dataclass(frozen=True, slots=True)
class Unread:
    """Something that was not read.

    Attributes:
        kind: ``resource``, ``void`` (a resource entered in error), ``element`` or
            ``date`` (a year or month, where a day is wanted).
        steps: where it stands in the document.
    """

    kind: str
    steps: Steps


def unread(sources: Iterable[Source]) -> Iterator[Unread]:
    """Yield what was not read, each at the highest place of which nothing was."""
    for source in sources:
        if source.is_void:
            yield Unread("void", source.steps)
        elif not source.read:
            yield Unread("resource", source.steps)
        else:
            yield from _elements(source)


def _elements(source: Source) -> Iterator[Unread]:
    # A prefix of what was read is read in part.
    begun = {steps[:length] for steps in source.read for length in range(len(steps))}
    frame = _FRAME.get(source.type, frozenset())
    for name, value in source.given.items():
        if name not in _SAYS_NOTHING and name not in frame:
            yield from _walk(value, (name,), source, begun)


def _walk(value: Any, steps: Steps, source: Source, begun: set[Steps]) -> Iterator[Unread]:
    if steps in source.read or value == NOT_RECORDED:
        return
    if steps in begun and isinstance(value, dict):
        for name, inner in value.items():
            if name != "id":
                yield from _walk(inner, (*steps, name), source, begun)
    elif steps in begun and isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _walk(inner, (*steps, number), source, begun)
    else:
        kind = "date" if is_partial(value) and "T" not in value else "element"
        yield Unread(kind, (*source.steps, *steps))
