"""What a return does not carry: every field of a record is in it, or is listed with the reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from eh_interop.convert.returns.tables import Return


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


def losses(whole: Return, held: Mapping[str, AbstractSet[str]]) -> Iterator[Loss]:
    """Yield the fields that some records hold and a return does not carry.

    Args:
        whole: the return.
        held: for each record type, the pointers of the values that there are.
    """
    for record, pointers in sorted(held.items()):
        for pointer in sorted(pointers - carried(whole, record)):
            yield Loss(record, pointer, why_lost(whole, pointer))
