"""A mapping, looked up against the record type once: what is done for each record."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from eh_interop.core.findings import Severity
from eh_interop.formats.partners.paths import Target
from eh_interop.formats.partners.tables import FieldRow, PartRow, Table
from eh_interop.formats.partners.values.readers import ReadValue
from eh_interop.standard.areas import Area
from eh_interop.standard.fields import Field


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something that is wrong with a mapping.

    Attributes:
        line: the line of the mapping on which the row begins; 0 for the whole file.
        message: what is wrong, and the nearest right name.
        severity: an error stops the mapping from being used.
    """

    line: int
    message: str
    severity: Severity = Severity.ERROR


@dataclass(frozen=True, slots=True)
class ReadyRow:
    """A row of the mapping, ready to be used.

    Attributes:
        row: as the mapping says it.
        target: the field.
        read: reads a cell.
        part: the number of its part; -1 for the record itself.
        several: ``read`` gives a list, of which each entry is added.
        fills: the fields that ``read`` fills, if it gives a group.
    """

    row: FieldRow
    target: Target
    read: ReadValue
    part: int = -1
    several: bool = False
    fills: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadyLink:
    """A reference to an entry.

    Attributes:
        target: the field that refers.
        listed: the list of the record.
        entry: the entry of it; empty for an entry of a part.
        number: which entry of a part; 0 for the one with the same number.
    """

    target: Target
    listed: str
    entry: str
    number: int


@dataclass(frozen=True, slots=True)
class ReadyConstant:
    """A value that is always so."""

    target: Target
    value: Any


@dataclass(frozen=True, slots=True)
class ReadyPart:
    """A list of the record that gets an entry for each number, row or element."""

    row: PartRow
    listed: str
    name: str
    has_id: bool
    constants: tuple[ReadyConstant, ...] = ()
    links: tuple[ReadyLink, ...] = ()


@dataclass(frozen=True, eq=False)
class Plan:
    """A whole mapping, ready to be used."""

    table: Table
    area: Area | None
    root: Field = field(repr=False)
    rows: tuple[ReadyRow, ...] = ()
    parts: tuple[ReadyPart, ...] = ()
    constants: tuple[ReadyConstant, ...] = ()
    links: tuple[ReadyLink, ...] = ()

    @property
    def namespace(self) -> str:
        """The name under ``localData`` for what has no other place."""
        return self.table.namespace or self.table.mapping
