"""A compiled mapping: looked up against the record type once, and what is done for each record."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from eh_interop.core.findings import Severity
from eh_interop.formats.partners.cell_readers import ReadValue
from eh_interop.formats.partners.mapping_table import MappedField, MappedPart, MappingTable
from eh_interop.formats.partners.record_paths import FieldTarget
from eh_interop.standard.areas import Area
from eh_interop.standard.fields import Field


@dataclass(frozen=True, slots=True, order=True)
class MappingProblem:
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
class CompiledField:
    """A row of the mapping, ready to be used.

    Attributes:
        part: the number of its part; -1 for the record itself.
        makes_list: ``read`` gives a list, of which each entry is added.
        fills: the fields that ``read`` fills, if it gives a group.
        protects: it reads what protects somebody: nothing else may be done with its cells.
        in_address: an address, or a part of one, is expected there.
    """

    row: MappedField
    target: FieldTarget
    read: ReadValue
    part: int = -1
    makes_list: bool = False
    fills: tuple[str, ...] = ()
    in_address: bool = False
    protects: bool = False


@dataclass(frozen=True, slots=True)
class CompiledLink:
    """A reference to an entry.

    Attributes:
        entry: the entry of it; empty for an entry of a part.
        number: which entry of a part; 0 for the one with the same number.
    """

    target: FieldTarget
    list_name: str
    entry: str
    number: int


@dataclass(frozen=True, slots=True)
class CompiledConstant:
    """A value that is always so."""

    target: FieldTarget
    value: Any


@dataclass(frozen=True, slots=True)
class CompiledPart:
    """A list of the record that gets an entry for each number, row or element.

    ``number``: which part of the mapping it is, from 0.
    """

    row: MappedPart
    number: int
    list_name: str
    name: str
    has_id: bool
    constants: tuple[CompiledConstant, ...] = ()
    links: tuple[CompiledLink, ...] = ()


@dataclass(frozen=True, eq=False)
class CompiledMapping:
    """A whole mapping, ready to be used."""

    table: MappingTable
    area: Area | None
    root: Field = field(repr=False)
    fields: tuple[CompiledField, ...] = ()
    parts: tuple[CompiledPart, ...] = ()
    constants: tuple[CompiledConstant, ...] = ()
    links: tuple[CompiledLink, ...] = ()
