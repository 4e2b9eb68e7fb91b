"""From the values of one record to the record: parts, constants, links, local data, the id."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

import orjson

from eh_interop.core.pointer import Steps
from eh_interop.formats.partners.holder import Holder
from eh_interop.formats.partners.paths import Step
from eh_interop.formats.partners.places import PartnerFinding, Where, finding_at
from eh_interop.formats.partners.plan import Plan, ReadyLink, ReadyRow
from eh_interop.formats.partners.values.cells import Absent, MisreadError, has_strays, text_of
from eh_interop.formats.partners.values.doubts import doubt_of
from eh_interop.reading.partner_faults import PartnerFault

_LOCAL_ID = re.compile(r"[A-Za-z0-9.-]{1,64}")
_LONGEST_NAME: Final = 200
_HASH_DIGITS: Final = 32
"""128 bits: two records never share an id by accident."""
_DOUBTS: Final = {
    PartnerFault.LINE_BREAK: "A line break stood here. A space was put in its place.",
    PartnerFault.ZERO_LOST: "This number seems to have lost its leading zero. It was not changed.",
}
_KEPT: Final = " What stands there is kept as local data."


class Builder:
    """Builds one record."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._top = Holder()
        self._parts: list[dict[Any, Holder]] = [{} for _ in plan.parts]
        self._local: dict[str, tuple[Any, Where]] = {}
        self.findings: list[PartnerFinding] = []

    def number_of(self, part: int, key: Any) -> int:
        """Return the number of the entry for a key, such as the texts of the ``by`` columns."""
        entries = self._parts[part]
        if key not in entries:
            entries[key] = Holder(len(entries) + 1)
        return entries[key].number

    def value(self, row: ReadyRow, key: Any, cell: Any, where: Where) -> None:
        """Take one cell.

        Args:
            row: the row of the mapping that reads it.
            key: which entry of its part; not used for the record itself.
            cell: what stands in the cell.
            where: where it stood.
        """
        if has_strays(cell):
            message = "Control characters stood here. They were left out."
            self.findings.append(finding_at(PartnerFault.STRAY_CHARACTERS, message, where))
        for piece in self._pieces(row, cell):
            try:
                value = row.read(piece)
            except MisreadError as error:
                self._misread(row, key, error, cell, where)
                continue
            if value is not None:
                self._doubt(row, key, cell, value, where)
                self._keep(row, key, value, where)

    def _doubt(self, row: ReadyRow, key: Any, cell: Any, value: Any, where: Where) -> None:
        """Say what somebody should know of a value that was read all the same."""
        fault = doubt_of(row, cell, value)
        if fault is not None:
            message = _DOUBTS[fault]
            self.findings.append(finding_at(fault, message, where, self._steps(row, key)))

    def _pieces(self, row: ReadyRow, cell: Any) -> Iterable[Any]:
        if row.row.split and isinstance(cell, str):
            return (part.strip() for part in cell.split(row.row.split))
        return (cell,)

    def _keep(self, row: ReadyRow, key: Any, value: Any, where: Where) -> None:
        holder = self._holder(row.part, key)
        target = row.target
        if isinstance(value, Absent):
            if not target.leaf.required and not target.adds:
                holder.absents.append((target, value.code, where))
            return
        if row.part < 0 and target.leaf.name == "recordId" and not target.steps:
            value = self._record_id(value, where)
        if value is None:
            return
        if target.adds:
            for each in value if row.several else (value,):
                holder.add(target, each, where)
            return
        before = holder.put(target, value, where)
        if before is not None:
            self._conflict(row, key, before, where)

    def _holder(self, part: int, key: Any) -> Holder:
        if part < 0:
            return self._top
        entries = self._parts[part]
        holder = entries.get(key)
        if holder is None:
            number = key if isinstance(key, int) else len(entries) + 1
            holder = entries[key] = Holder(number)
        return holder

    def _record_id(self, value: str, where: Where) -> str | None:
        if _LOCAL_ID.fullmatch(value):
            return value
        message = "An id has at most 64 letters, digits, dots and hyphens. Another one was made."
        self.findings.append(finding_at(PartnerFault.NOT_UNDERSTOOD, message, where, ("recordId",)))
        self.local(where, value)
        return None

    def _misread(
        self, row: ReadyRow, key: Any, error: MisreadError, cell: Any, where: Where
    ) -> None:
        kept = error.fault is not PartnerFault.ERROR_CELL
        message = error.message + (_KEPT if kept else "")
        steps = self._steps(row, key)
        self.findings.append(finding_at(error.fault, message, where, steps))
        if kept:
            self.local(where, cell)

    def _conflict(self, row: ReadyRow, key: Any, before: Where, where: Where) -> None:
        if before.row != where.row:
            fault = PartnerFault.ROWS_DISAGREE
            message = f"This row and row {before.row} say different things. The first was kept."
        else:
            fault = PartnerFault.SEVERAL_VALUES
            message = "There are several values here for a field that holds one. The first is kept."
        self.findings.append(finding_at(fault, message, where, self._steps(row, key)))

    def _steps(self, row: ReadyRow, key: Any) -> Steps:
        """Return where a value would stand, as far as that is known before the record is whole."""
        if row.part < 0:
            return self._top.place_of(row.target)
        entries = self._parts[row.part]
        listed = self._plan.parts[row.part].listed
        known = entries.get(key)
        earlier = sum(
            1
            for entry in entries.values()
            if entry is not known and entry.values and known and entry.number < known.number
        )
        inner = (known or Holder()).place_of(row.target)
        return (listed, len(self._top.values.get(listed, ())) + earlier, *inner)

    def local(self, where: Where, cell: Any) -> None:
        """Keep what has no other place."""
        if isinstance(cell, bool | int) or (isinstance(cell, float) and not cell.is_integer()):
            value: Any = cell
        else:
            try:
                value = text_of(cell)
            except MisreadError as error:
                self.findings.append(finding_at(error.fault, error.message, where))
                return
        if value == "":
            return
        column = where.column
        name = column.heading or where.path or f"Column {column.letter}"
        name = " ".join(name.replace(".", " ").split())[:_LONGEST_NAME] or f"Column {column.letter}"
        free, number = name, 1
        while free in self._local and self._local[free][0] != value:
            number += 1
            free = f"{name[: _LONGEST_NAME - 20]} ({number})"
        self._local.setdefault(free, (value, where))

    @property
    def is_empty(self) -> bool:
        """Whether no field of the mapping has got a value."""
        return not self._top.values and not any(
            entry.values for entries in self._parts for entry in entries.values()
        )

    def record(self, identity: Sequence[str]) -> tuple[dict[str, Any], dict[Steps, Where]]:
        """Put the record together.

        Args:
            identity: the texts from which its id is made, if it has none of its own.
        """
        top = self._top
        for constant in self._plan.constants:
            top.put(constant.target, constant.value, None)
        ids = self._assemble()
        self._link(top, self._plan.links, ids, 0)
        top.settle_absents()
        return self._finish(identity)

    def _assemble(self) -> dict[str, dict[int, str]]:
        """Put the entries of the parts in their lists; return their ids by list and number."""
        ids: dict[str, dict[int, str]] = {}
        kept: list[list[Holder]] = []
        for part, entries in zip(self._plan.parts, self._parts, strict=True):
            live = [entry for entry in entries.values() if entry.values]
            kept.append(sorted(live, key=lambda each: each.number))
            named = ids.setdefault(part.listed, {})
            named.update({each.number: f"{part.name}-{each.number}" for each in kept[-1]})
        for part, holders in zip(self._plan.parts, kept, strict=True):
            for holder in holders:
                for constant in part.constants:
                    holder.put(constant.target, constant.value, None)
                self._link(holder, part.links, ids, holder.number)
                holder.settle_absents()
                own = {"id": f"{part.name}-{holder.number}"} if part.has_id else {}
                entries = self._top.values.setdefault(part.listed, [])
                entries.append({**own, **holder.values})
                prefix: Steps = (part.listed, len(entries) - 1)
                for steps, where in holder.origins.items():
                    self._top.origins[prefix + steps] = where
        return ids

    def _link(
        self, holder: Holder, links: Sequence[ReadyLink], ids: dict[str, dict[int, str]], own: int
    ) -> None:
        found = [(link, self._led_to(link, ids, own)) for link in links]
        known: dict[tuple[Step, ...], set[str]] = {}
        for link, led in found:
            if led:
                known.setdefault(link.target.steps, set()).add(link.target.leaf.name)
        for link, led in found:
            steps = link.target.steps
            if led and (holder.holds(steps) or _is_whole(steps, known[steps])):
                at, _ = holder.open(steps)
                at.setdefault(link.target.leaf.name, led if link.target.adds else led[0])

    def _led_to(self, link: ReadyLink, ids: dict[str, dict[int, str]], own: int) -> list[str]:
        """Return the ids of the entries to which a link leads; none if they are not there."""
        if link.entry:
            index = self._top.has(link.listed, link.entry)
            return [] if index is None else [self._top.values[link.listed][index]["id"]]
        number = link.number or (0 if link.target.adds else own)
        return [each for at, each in ids.get(link.listed, {}).items() if number in {0, at}]

    def _finish(self, identity: Sequence[str]) -> tuple[dict[str, Any], dict[Steps, Where]]:
        table = self._plan.table
        record: dict[str, Any] = {"recordType": table.record, "standardVersion": table.version}
        values = self._top.values
        record["recordId"] = values.pop("recordId", None) or made_id(table.mapping, identity)
        if self._plan.area is not None:
            record["area"] = self._plan.area.key
        record.update(values)
        if self._local:
            space = self._plan.namespace
            record["localData"] = {space: {name: each for name, (each, _) in self._local.items()}}
            for name, (_, where) in self._local.items():
                self._top.origins["localData", space, name] = where
        return record, self._top.origins


def _is_whole(steps: tuple[Step, ...], linked: set[str]) -> bool:
    """Tell whether an entry that has only links says all that the standard requires of it."""
    if not steps:
        return True
    said = {"id", *steps[-1].says, *linked}
    return all(field.name in said for field in steps[-1].field.fields if field.required)


def made_id(mapping: str, identity: Sequence[str]) -> str:
    """Return an id that is the same for the same texts, and shows none of them.

    SHA-256 over the mapping's name and the texts. Somebody who knows the name of the
    mapping and can try all values of the columns can find out which were used: choose
    several columns for ``id``, not an NHS number alone.
    """
    digest = hashlib.sha256(orjson.dumps([mapping, *identity])).hexdigest()
    return f"{mapping[:31]}-{digest[:_HASH_DIGITS]}"
