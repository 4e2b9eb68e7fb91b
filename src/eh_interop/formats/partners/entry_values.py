"""The values of a record, or of one entry of it, and where in the source each of them stood."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from eh_interop.core.findings import Origin
from eh_interop.core.pointer import Steps
from eh_interop.formats.partners.record_paths import FieldStep, FieldTarget
from eh_interop.reading.source_record import SourceRecord
from eh_interop.standard.quotable import known_path, quoted_or


@dataclass(frozen=True, slots=True)
class SourceColumn:
    """What the values of one column have in common; in XML and JSON, of one path.

    Attributes:
        heading: its heading, as the partner wrote it; the path in XML and JSON.
        mapping_line: the line of the mapping on which the row for these values begins; 0 if
            no row reads them.
    """

    file: str
    sheet: str = ""
    letter: str = ""
    heading: str = ""
    mapping: str = ""
    mapping_line: int = 0


class ValueSource(NamedTuple):
    """Where a value stood, kept small: there is one for each value.

    Attributes:
        row: the row as a spreadsheet counts it; 0 in XML and JSON.
        line: the line of XML or NDJSON, from 1; 0 if not known.
    """

    column: SourceColumn
    row: int = 0
    line: int = 0
    path: str = ""

    @property
    def origin(self) -> Origin:
        """The same as an origin: by row and heading, or else by line and path."""
        column, path, heading = self.column, self.path, self.column.heading
        if not column.mapping_line:  # no mapping knows these names: they may be values themselves
            path, heading = known_path(path), quoted_or(heading, "")
        return Origin(
            file=column.file,
            sheet=column.sheet,
            row=self.row,
            heading="" if path else heading or column.letter,
            line=self.line,
            path=path,
        )

    def __str__(self) -> str:
        """Say for people where it stood, and which line of the mapping read it."""
        column = self.column
        line = f", {column.mapping} line {column.mapping_line}" if column.mapping_line else ""
        return f"{self.origin}{line}"


class ValueLocator:
    """Finds where the values of a record stood.

    Attributes:
        sources: where each value stood, by its place in the record.
    """

    __slots__ = ("_position", "sources")

    def __init__(self, sources: Mapping[Steps, ValueSource], position: Origin) -> None:
        self.sources, self._position = sources, position

    def values(self, places: Iterable[Steps]) -> Mapping[Steps, Origin]:
        """Return where values stood; for what is missing, the row or element of its neighbours."""
        return {steps: self._origin(steps) for steps in places}

    def names(self, places: Iterable[Steps]) -> Mapping[Steps, Origin]:
        """Return where values stood: their names are those of the standard."""
        return self.values(places)

    def _origin(self, steps: Steps) -> Origin:
        source = self.sources.get(steps)
        if source is not None:
            return source.origin
        for length in range(len(steps), 0, -1):
            for place, neighbour in self.sources.items():
                if place[:length] == steps[:length] and neighbour.row:
                    return replace(neighbour.origin, heading="")
        return self._position


def lineage(record: SourceRecord) -> Mapping[Steps, ValueSource]:
    """Return where each value of a partner's record stood, and which line of the mapping read it.

    ``str`` of each says it for people.
    """
    return record.locator.sources if isinstance(record.locator, ValueLocator) else {}


@dataclass
class FileSummary:
    """What is known of a file; whole once all of it has been read.

    Attributes:
        headings: as the partner wrote them; empty for XML and JSON.
        unmapped: headings or paths that the mapping does not read.
        records: how many records were made.
        rows: how many rows of data, elements or members there were.
    """

    file: str
    sheet: str = ""
    encoding: str = ""
    delimiter: str = ""
    headings: tuple[str, ...] = ()
    unmapped: tuple[str, ...] = ()
    records: int = 0
    rows: int = 0
    blank_rows: int = 0
    complete: bool = False


class EntryValues:
    """The values of a record, or of one entry of a part, while they arrive.

    Attributes:
        sources: where each value stood; steps are relative to the entry.
        absences: fields of which the source says why they have no value.
    """

    __slots__ = ("_slots", "absences", "number", "sources", "values")

    def __init__(self, number: int = 1) -> None:
        self.number = number
        self.values: dict[str, Any] = {}
        self.sources: dict[Steps, ValueSource] = {}
        self.absences: list[tuple[FieldTarget, str, ValueSource]] = []
        self._slots: dict[tuple[Steps, str, str], tuple[dict[str, Any], int]] = {}

    def open(self, steps: tuple[FieldStep, ...]) -> tuple[dict[str, Any], Steps]:
        """Return the group at the end of ``steps``, made if it is not there, and its place."""
        group: dict[str, Any] = self.values
        place: Steps = ()
        for step in steps:
            if not step.entry:
                group = group.setdefault(step.name, {})
                place = (*place, step.name)
                continue
            key = (place, step.name, step.entry)
            slot = self._slots.get(key)
            if slot is None:
                entries = group.setdefault(step.name, [])
                entries.append(_copied(step.says))
                slot = self._slots[key] = (entries[-1], len(entries) - 1)
            group = slot[0]
            place = (*place, step.name, slot[1])
        return group, place

    def index_of(self, name: str, entry: str) -> int | None:
        """Return the index of a top-level entry; None if it is not there."""
        slot = self._slots.get(((), name, entry))
        return slot[1] if slot else None

    def has_entries(self, steps: tuple[FieldStep, ...]) -> bool:
        """Return whether every entry on the way is there already."""
        place: Steps = ()
        for step in steps:
            slot = self._slots.get((place, step.name, step.entry))
            if step.entry and slot is None:
                return False
            place = (*place, step.name, slot[1]) if slot else (*place, step.name)
        return True

    def place_of(self, target: FieldTarget) -> Steps:
        """Return where a value stands or would stand, without making anything.

        An entry that is not there yet gets the index that it would have.
        """
        place: Steps = ()
        for step in target.steps:
            place = (*place, step.name)
            if step.entry:
                slot = self._slots.get((place[:-1], step.name, step.entry))
                place = (*place, slot[1] if slot else self._count_entries(place))
        return (*place, target.leaf.name)

    def _count_entries(self, place: Steps) -> int:
        at: Any = self.values
        for step in place:
            try:
                at = at[step]
            except (LookupError, TypeError):
                return 0
        return len(at)

    def add(self, target: FieldTarget, value: Any, source: ValueSource) -> None:
        """Add a value to a list, unless it is there already."""
        group, place = self.open(target.steps)
        entries = group.setdefault(target.leaf.name, [])
        if value not in entries:
            entries.append(value)
            self.sources[(*place, target.leaf.name, len(entries) - 1)] = source

    def put_constant(self, target: FieldTarget, value: Any) -> None:
        """Put a value where there is none; a constant never replaces anything."""
        group, _ = self.open(target.steps)
        group.setdefault(target.leaf.name, [value] if target.adds else value)

    def put(self, target: FieldTarget, value: Any, source: ValueSource) -> ValueSource | None:
        """Put a value in its place.

        Args:
            target: the field.
            value: the value; of a group, its fields.
            source: where it stood.

        Returns:
            Where another value stood that is there already; None if all is well.
        """
        group, steps = self.open(target.steps)
        name = target.leaf.name
        place = (*steps, name)
        before = self.sources.get(place)
        if before is not None:
            return before if group[name] != value else None
        if isinstance(value, dict):
            group.setdefault(name, {}).update(value)
            self.sources.update({(*place, key): source for key in value})
        else:
            group[name] = value
        self.sources[place] = source
        return None

    def settle_absences(self) -> None:
        """Say why values are missing, where there is none after all."""
        for target, code, source in self.absences:
            group, place = self.open(target.steps)
            name = target.leaf.name
            if name not in group:
                group.setdefault("absent", {})[name] = code
                self.sources[(*place, "absent", name)] = source


def _copied(says: Mapping[str, Any]) -> dict[str, Any]:
    return {name: list(fact) if isinstance(fact, list) else fact for name, fact in says.items()}
