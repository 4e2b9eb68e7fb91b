"""Column contexts and record drafts: what converters read from, and what they fill."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from eh_interop.core.findings import Finding, Origin
from eh_interop.core.pointer import Steps, join, split
from eh_interop.core.uk_time import uk_day_of
from eh_interop.reading.dates import read_day_first
from eh_interop.reading.source_record import SourceRecord
from eh_interop.standard.finding_codes import finding_code
from eh_interop.standard.schemas import CURRENT

_CHILD: Final = "/children/*"
"""The beginning of pointers into the child."""
_LINE: Final = 500
"""Characters that one line of text may have."""


Cell = tuple[Origin, str]
"""A row of a table and a heading in it, or an element of a census and the path of one in it."""


@dataclass(frozen=True, slots=True)
class ColumnContext:
    """A record and one of its children, as the columns of a return look at them.

    Attributes:
        as_of: the day on which ages are given.
        key: makes pseudonyms that nobody else can work out; empty for none.
        report: takes the code of a finding, and the place that it is about.
    """

    record: Mapping[str, Any]
    child_index: int
    as_of: date
    key: bytes
    report: Callable[[str, str], None]

    @property
    def child(self) -> Mapping[str, Any]:
        """The child whom the row is about."""
        child: Mapping[str, Any] = self.record["children"][self.child_index]
        return child

    @property
    def child_id(self) -> str:
        """The child's local id; its position from 1, if the record gives it none."""
        return str(self.child.get("id") or self.child_index + 1)

    def place(self, pointer: str) -> str:
        """Return where a pointer of a return leads in this record."""
        place = pointer.removesuffix("/*")
        return place.replace(_CHILD, f"/children/{self.child_index}", 1)

    def values(self, pointer: str) -> Sequence[Any]:
        """Return the values at a pointer: every entry for one that ends with ``*``."""
        value: Any = self.record
        for step in split(self.place(pointer)):
            value = _inside(value, step)
        if value is None:
            return ()
        return value if pointer.endswith("/*") and isinstance(value, list) else (value,)

    def day(self, pointers: Sequence[str]) -> date | None:
        """Return the day of the first date or date-time at one of some pointers, the best first."""
        for pointer in pointers:
            if values := self.values(pointer):
                return date.fromisoformat(uk_day_of(values[0]))
        return None

    def reason_missing(self, pointer: str) -> str | None:
        """Return why there is no value at a pointer, if the record says so."""
        *above, name = split(self.place(pointer))
        holder: Any = self.record
        for step in above:
            holder = _inside(holder, step)
        reason = holder.get("absent", {}).get(name) if isinstance(holder, Mapping) else None
        return str(reason) if reason else None


def _inside(value: Any, step: str) -> Any:
    if isinstance(value, list):
        return value[int(step)] if step.isdigit() and int(step) < len(value) else None
    return value.get(step) if isinstance(value, Mapping) else None


@dataclass(slots=True)
class RecordDraft:
    """A record about one child that grows as the cells of a row are read.

    Attributes:
        namespace: the member of its local data that holds what has no field.
        cell: the cell that is being read: its row, and the heading of its column.
        cells: the cell of each place in the record.
    """

    record: dict[str, Any]
    namespace: str
    row: Origin
    cell: Cell = (Origin(), "")
    cells: dict[str, Cell] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @classmethod
    def begin(cls, record_type: str, return_name: str, table: str, row: Origin) -> RecordDraft:
        """Begin a record from a row of a table of a return."""
        number = row.row or row.line
        record = {
            "recordType": record_type,
            "standardVersion": CURRENT,
            "recordId": f"{return_name}-{table}-{number}".replace("_", "-"),
            "children": [{"id": "c1"}],
        }
        return cls(record, return_name, row)

    @property
    def child(self) -> dict[str, Any]:
        """The child."""
        child: dict[str, Any] = self.record["children"][0]
        return child

    def filled(self, place: str) -> None:
        """Note that the cell that is being read filled a place."""
        self.cells[place] = self.cell

    def set(self, pointer: str, value: Any) -> None:
        """Put a value at a pointer of a return; a list grows. What is there stays."""
        place = pointer.replace(_CHILD, "/children/0", 1)
        *above, last = split(place)
        holder: Any = self.record
        for at, step in enumerate(above):
            if isinstance(holder, list):
                holder = holder[int(step)]
            elif at == len(above) - 1 and last == "*":
                holder = holder.setdefault(step, [])
            else:
                holder = holder.setdefault(step, {})
        if last == "*":
            holder.append(value)
            place = f"{place.removesuffix('*')}{len(holder) - 1}"
        else:
            holder.setdefault(last, value)
        self.filled(place)

    def set_line(self, pointer: str, text: str) -> None:
        """Put one line of text into the record; keep what is too long for a line."""
        plain = " ".join(text.split())
        if len(plain) <= _LINE:
            self.set(pointer, plain)
        else:
            self.keep_as_local_data(text)

    def set_day(self, pointer: str, value: Any) -> None:
        """Put a day into the record; keep what cannot be read as one."""
        if day := read_day_first(value):
            self.set(pointer, day.isoformat())
        else:
            self.keep_as_local_data(value, "RET-023")

    def add_identifier(self, **identifier: str) -> None:
        """Give the child an identifier, once."""
        identifiers = self.child.setdefault("identifiers", [])
        if identifier not in identifiers:
            identifiers.append(identifier)
            self.filled(f"/children/0/identifiers/{len(identifiers) - 1}")

    def lead_practitioner(self) -> dict[str, Any]:
        """Return the practitioner who leads the plan."""
        self.record.setdefault("leads", [{"practitioner": "w1"}])
        lead: dict[str, Any] = self.record.setdefault("practitioners", [{"id": "w1"}])[0]
        return lead

    def keep_as_local_data(self, value: Any, code: str = "RET-028") -> None:
        """Keep a cell as local data, in the words of the file, and report it."""
        local = self.record.setdefault("localData", {}).setdefault(self.namespace, {})
        name = self.cell[1].replace(".", " ")[:200]
        local.setdefault(name, value.isoformat() if isinstance(value, date) else str(value))
        place = join(("localData", self.namespace, name))
        self.filled(place)
        self.findings.append(finding_code(code).at(place, origin=_origin(self.cell)))

    def finish(self, findings: Iterable[Finding]) -> SourceRecord:
        """Return the record; ``findings`` are those of its row, besides those of its cells."""
        if self.record["recordType"] == "plan":
            # The return leaves the end blank while the help goes on.
            self.record["status"] = "closed" if "on" in self.record.get("closure", {}) else "open"
        if "expectedDateOfBirth" in self.child and "dateOfBirth" not in self.child:
            self.child["unborn"] = True
        return SourceRecord(
            source=self.row.file,
            position=self.row,
            document=self.record,
            findings=(*findings, *self.findings),
            locator=ReturnCellLocator(self.row, self.cells),
        )


@dataclass(frozen=True, slots=True)
class ReturnCellLocator:
    """Finds the cells that values were read from; the row for a value that no cell gave."""

    row: Origin
    cells: Mapping[str, Cell] = field(repr=False)

    def values(self, places: Iterable[Steps]) -> Mapping[Steps, Origin]:
        """Return the cell of each place, or of what it is part of."""
        return {steps: self._cell_origin(steps) for steps in places}

    names = values
    """A name stands in no cell of its own."""

    def _cell_origin(self, steps: Steps) -> Origin:
        parts = (join(steps[:end]) for end in range(len(steps), 0, -1))
        cell = next((self.cells[part] for part in parts if part in self.cells), None)
        return _origin(cell) if cell else self.row


def _origin(cell: Cell) -> Origin:
    row, heading = cell
    return replace(row, heading=heading) if row.row else replace(row, path=heading)
