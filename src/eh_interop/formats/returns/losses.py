"""What a return does not carry: every field of a record is in it, or is listed with the reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from eh_interop.core.pointer import join
from eh_interop.formats.returns.tables import Return

_WHOLE = frozenset({"absent", "localData"})
"""Their names are values themselves, so they are not looked into."""


@dataclass(frozen=True, slots=True, order=True)
class Loss:
    """A field that a return does not carry.

    Attributes:
        record: the record type.
        pointer: where it stands, ``*`` for each entry of a list.
        why: why it has no place in the return.
    """

    record: str
    pointer: str
    why: str


@dataclass(slots=True)
class Held:
    """Which fields some records have, as a tree: one node for each field, however many values."""

    below: dict[str, Self] = field(default_factory=dict)
    itself: bool = False

    def add(self, value: Any) -> None:
        """Remember the fields of a value. What stands below ``absent`` and local data is one."""
        if isinstance(value, dict):
            for name, inner in value.items():
                known = self._at(name)
                known.add(None if name in _WHOLE else inner)
        elif isinstance(value, list):
            known = self._at("*")
            for inner in value:
                known.add(inner)
        else:
            self.itself = True

    def _at(self, name: str) -> Self:
        known = self.below.get(name)
        if known is None:
            known = self.below[name] = type(self)()
        return known

    def pointers(self, above: tuple[str, ...] = ()) -> Iterator[str]:
        """Yield the pointer of every field that has a value, ``*`` for each entry of a list."""
        if self.itself:
            yield join(above)
        for name, inner in self.below.items():
            yield from inner.pointers((*above, name))


def carried(whole: Return, record: str) -> frozenset[str]:
    """Return the pointers of a record type whose values a return carries."""
    found: set[str] = {"/recordType"}
    for table in whole.tables:
        for event in table.events:
            if event.record != record:
                continue
            for column in table.columns:
                found.update(column.ours, column.covers)
            found.update(event.on, event.until)
    if whole.join and whole.join.record == record:
        found.update(whole.join.covers)
    return frozenset(found)


def why_lost(whole: Return, pointer: str) -> str:
    """Return why a return does not carry a field. Every return has a reason for ``/``."""
    fitting = [each for each in whole.lost if f"{pointer}/".startswith(f"{each.rstrip('/')}/")]
    return whole.lost[max(fitting, key=len)]


def losses(whole: Return, held: Mapping[str, Held]) -> Iterator[Loss]:
    """Yield the fields that some records hold and a return does not carry.

    Args:
        whole: the return.
        held: for each record type, the fields that there are.
    """
    for record, fields in sorted(held.items()):
        for pointer in sorted(set(fields.pointers()) - carried(whole, record)):
            yield Loss(record, pointer, why_lost(whole, pointer))
