"""Build a record from its values: parts, constants, links, local data, the id."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

import orjson

from eh_interop.checks.subject import AT_RISK
from eh_interop.core.findings import Finding
from eh_interop.core.pointer import Steps, join
from eh_interop.formats._shared.cells import (
    AbsenceReason,
    MisreadError,
    Partly,
    cell_text,
    has_strays,
    text_or_blank,
)
from eh_interop.formats._shared.signals import (
    About,
    is_dangerous,
    is_only_a_signal,
    number_of,
    of_heading,
    of_text,
    speaks_of_place,
)
from eh_interop.formats.partners.cell_readers import plausibility_fault
from eh_interop.formats.partners.compiled import CompiledField, CompiledLink, CompiledMapping
from eh_interop.formats.partners.entry_values import EntryValues, ValueSource
from eh_interop.formats.partners.protecting import (
    Sighting,
    complete_people,
    described,
    protect,
)
from eh_interop.formats.partners.record_paths import FieldStep
from eh_interop.reading.faults import PartnerFault
from eh_interop.standard.fields import Kind
from eh_interop.standard.finding_codes import FindingName

_LOCAL_ID = re.compile(r"[A-Za-z0-9.-]{1,64}")
_LONGEST_NAME: Final = 200
_HASH_DIGITS: Final = 32
"""128 bits: two records never share an id by accident."""
WHOLE_NAME: Final = "full"
"""The field of a name that holds all of it: who cannot take a name apart keeps it there."""
_DOUBTFUL: Final = {
    PartnerFault.LINE_BREAK: "A line break stood here. A space was put in its place.",
    PartnerFault.ZERO_LOST: "This number seems to have lost its leading zero. It was not changed.",
    PartnerFault.ZERO_RESTORED: "This telephone number had lost its leading zero: it was put back.",
}
_PROTECTIVE: Final = frozenset({About.ADDRESS, About.CONTACT})
_AS_WRITTEN: Final = " It was kept as it was written."
_KEPT: Final = " The original text was kept as local data."


class RecordBuilder:
    """Builds one record.

    Attributes:
        watchful: its cells may speak of risk or protection; a row in which no such word stands
            need not be looked through cell by cell.
    """

    def __init__(self, mapping: CompiledMapping) -> None:
        self._mapping = mapping
        self._top = EntryValues()
        self._parts: list[dict[Any, EntryValues]] = [{} for _ in mapping.parts]
        self._local: dict[str, tuple[Any, ValueSource]] = {}
        self._sightings: list[Sighting] = []
        self.findings: list[Finding] = []
        self.watchful = True

    def report(
        self, fault: FindingName, message: str, source: ValueSource, place: Steps = ()
    ) -> None:
        """Note a finding. ``message`` must never hold a value."""
        self.findings.append(fault.finding(message, source.origin, join(place)))

    def open_entry(self, part: int, key: Any) -> EntryValues:
        """Return the entry for a key, such as the texts of the ``by`` columns, or a number."""
        if part < 0:
            return self._top
        entries = self._parts[part]
        entry = entries.get(key)
        if entry is None:
            number = key if isinstance(key, int) else len(entries) + 1
            entry = entries[key] = EntryValues(number)
        return entry

    def take(self, field: CompiledField, key: Any, cell: Any, source: ValueSource) -> None:
        """Take one cell.

        Args:
            field: the row of the mapping that reads it.
            key: which entry of its part; not used for the record itself.
            cell: what stands in the cell.
            source: where it stood.
        """
        is_text = isinstance(cell, str)
        if is_text and has_strays(cell):
            message = "Control characters stood here. They were left out."
            self.report(PartnerFault.STRAY_CHARACTERS, message, source)
        if (field.protects or (self.watchful and is_text)) and self._is_protection(
            field, key, cell, source
        ):
            return
        for piece in _pieces(field, cell) if field.row.split else (cell,):
            try:
                value = field.read(piece)
            except MisreadError as error:
                self._misread(field, key, error, cell, source)
                continue
            if isinstance(value, Partly):
                self.keep_local(source, cell)
                value = value.value
            if value is not None:
                fault = plausibility_fault(field.row, field.target, cell, value)
                if fault is not None:
                    self.report(fault, _DOUBTFUL[fault], source, self._place(field, key))
                self._keep(field, key, value, source)

    def _is_protection(
        self, field: CompiledField, key: Any, cell: Any, source: ValueSource
    ) -> bool:
        """Note what a cell says of risk and protection. Return whether it says nothing else."""
        expected = _expected(field)
        text = text_or_blank(cell)
        asked = expected in _PROTECTIVE and is_dangerous(text, "yes")
        if expected is not None and asked:
            self._notice(expected, text, source, field, key, expected=True)
        if isinstance(cell, str):
            for about in of_text(cell, in_address=field.in_address):
                if not asked or about is not expected:
                    own = about is expected is About.RISK
                    self._notice(about, cell, source, field, key, expected=own)
        if expected is About.ADDRESS and asked:
            self.open_entry(field.part, key).put(field.target, value=True, source=source)
        if expected is not None:
            return asked or expected is About.CONTACT
        return isinstance(cell, str) and field.in_address and is_only_a_signal(cell)

    def _notice(
        self,
        about: About,
        text: str,
        source: ValueSource,
        field: CompiledField | None = None,
        key: Any = 0,
        *,
        expected: bool = False,
    ) -> None:
        heading, person = source.column.heading, ""
        if field is not None and field.part >= 0:
            part = self._mapping.parts[field.part]
            is_one = bool(part.row.by or part.row.theirs or number_of(heading))
            if part.list_name != "children" or is_one:  # or else it is about all children
                person = f"{part.name}-{self.open_entry(field.part, key).number}"
        elif field is not None and field.target.steps:
            person = field.target.steps[0].entry
        words = described(heading, text)
        self._sightings.append(
            Sighting(about, words, source, person, number_of(heading), expected=expected)
        )

    def _look_beside(self, source: ValueSource, cell: Any) -> None:
        """Note what a cell that the mapping does not read says of risk and protection."""
        heading = source.column.heading or source.path
        signal = of_heading(heading)
        if signal is None and not self.watchful:
            return
        text = text_or_blank(cell)
        asked = signal is not None and is_dangerous(text, signal.dangerous)
        seen = [signal.about] if signal is not None and asked else []
        if self.watchful:
            seen += of_text(text, in_address=speaks_of_place(heading))
        for about in dict.fromkeys(seen):
            self._notice(about, text, source)

    def _keep(self, field: CompiledField, key: Any, value: Any, source: ValueSource) -> None:
        entry = self.open_entry(field.part, key)
        target = field.target
        if isinstance(value, AbsenceReason):
            if not target.leaf.required:
                entry.absences.append((target, value.code, source))
            return
        if field.part < 0 and target.leaf.name == "recordId" and not target.steps:
            value = self._record_id(value, source)
        if value is None:
            return
        if target.adds:
            for item in value if field.makes_list else (value,):
                entry.add(target, item, source)
            return
        before = entry.put(target, value, source)
        if before is not None:
            if _is_risk(field):
                self._dangerous(entry, value)
            self._conflict(field, key, before, source)

    def _record_id(self, value: str, source: ValueSource) -> str | None:
        if _LOCAL_ID.fullmatch(value):
            return value
        message = "An id has at most 64 letters, digits, dots and hyphens. Another one was made."
        self.report(PartnerFault.NOT_UNDERSTOOD, message, source, ("recordId",))
        self.keep_local(source, value)
        return None

    def _misread(
        self, field: CompiledField, key: Any, error: MisreadError, cell: Any, source: ValueSource
    ) -> None:
        place = self._place(field, key)
        if error.fault is PartnerFault.ERROR_CELL:
            self.report(error.fault, error.message, source, place)
        elif error.fault is not PartnerFault.DIGITS_LOST and self._keep_as_written(
            field, key, cell, source
        ):
            self.report(error.fault, error.message + _AS_WRITTEN, source, place)
        else:
            self.report(error.fault, error.message + _KEPT, source, place)
            self.keep_local(source, cell)

    def _keep_as_written(
        self, field: CompiledField, key: Any, cell: Any, source: ValueSource
    ) -> bool:
        """Keep a text in the place of the value that it should be; a check says what is wrong.

        Return whether that was possible: a group has no place for a text, and a place that holds
        a value already keeps it.
        """
        target = field.target
        whole = WHOLE_NAME if WHOLE_NAME in {held.name for held in target.leaf.fields} else ""
        if (target.leaf.kind is Kind.GROUP and not whole) or target.leaf.name == "recordId":
            return False
        try:
            text = cell_text(cell)
        except MisreadError:
            return False
        entry = self.open_entry(field.part, key)
        if target.adds:
            entry.add(target, text, source)
            return True
        before = entry.put(target, {whole: text} if whole else text, source)
        if before is not None and _is_risk(field):
            self._dangerous(entry, text)
        return before is None

    def _dangerous(self, entry: EntryValues, value: Any) -> None:
        """Of two answers about immediate risk let the more dangerous one count (G-063)."""
        if entry.values.get(AT_RISK) is False:
            entry.values[AT_RISK] = value

    def _conflict(
        self, field: CompiledField, key: Any, before: ValueSource, source: ValueSource
    ) -> None:
        if before.row != source.row:
            fault = PartnerFault.ROWS_DISAGREE
            message = f"This row and row {before.row} say different things. The first was kept."
        else:
            fault = PartnerFault.SEVERAL_VALUES
            message = "There are several values here for a field that holds one. The first is kept."
        self.report(fault, message, source, self._place(field, key))

    def _place(self, field: CompiledField, key: Any) -> Steps:
        """Return where a value would stand, as far as that is known before the record is whole."""
        if field.part < 0:
            return self._top.place_of(field.target)
        entries = self._parts[field.part]
        list_name = self._mapping.parts[field.part].list_name
        own = entries.get(key)
        earlier = sum(
            1
            for entry in entries.values()
            if entry is not own and entry.values and own and entry.number < own.number
        )
        inner = (own or EntryValues()).place_of(field.target)
        return (list_name, len(self._top.values.get(list_name, ())) + earlier, *inner)

    def keep_local(self, source: ValueSource, cell: Any) -> None:
        """Keep what has no other place as local data."""
        self._look_beside(source, cell)
        self._put_local(source, cell)

    def _put_local(self, source: ValueSource, cell: Any) -> None:
        if isinstance(cell, bool | int) or (isinstance(cell, float) and not cell.is_integer()):
            value: Any = cell
        else:
            try:
                value = cell_text(cell)
            except MisreadError as error:
                self.report(error.fault, error.message, source)
                return
        if value == "":
            return
        column = source.column
        by_letter = f"Column {column.letter}"
        name = column.heading or source.path or by_letter
        name = " ".join(name.replace(".", " ").split())[:_LONGEST_NAME] or by_letter
        free, number = name, 1
        while free in self._local and self._local[free][0] != value:
            number += 1
            free = f"{name[: _LONGEST_NAME - 20]} ({number})"
        self._local.setdefault(free, (value, source))

    @property
    def is_empty(self) -> bool:
        """Whether no field of the mapping has got a value, and nothing speaks of danger."""
        return (
            not self._sightings
            and not self._top.values
            and not any(entry.values for entries in self._parts for entry in entries.values())
        )

    def build(self, identity: Sequence[str]) -> tuple[dict[str, Any], dict[Steps, ValueSource]]:
        """Put the record together.

        Args:
            identity: the texts from which its id is made, if it has none of its own.

        Returns:
            The record, and where each of its values stood.
        """
        top = self._top
        for constant in self._mapping.constants:
            top.put_constant(constant.target, constant.value)
        ids = self._assemble()
        self._link(top, self._mapping.links, ids, 0)
        top.settle_absences()
        answer, source = top.values.get(AT_RISK), top.sources.get((AT_RISK,))
        self.findings += protect(top.values, top.sources, self._sightings, self._mapping.root)
        if source is not None and isinstance(answer, str) and top.values[AT_RISK] is True:
            self._put_local(source, answer)  # what could not be read gave way to a plain yes
        return self._finish(identity)

    def _assemble(self) -> dict[str, dict[int, str]]:
        """Put the entries of the parts in their lists; return their ids by list and number."""
        ids: dict[str, dict[int, str]] = {}
        filled: list[list[EntryValues]] = []
        for part, entries in zip(self._mapping.parts, self._parts, strict=True):
            with_values = [entry for entry in entries.values() if entry.values]
            filled.append(sorted(with_values, key=lambda entry: entry.number))
            ids.setdefault(part.list_name, {}).update(
                (entry.number, f"{part.name}-{entry.number}") for entry in filled[-1]
            )
        for part, part_entries in zip(self._mapping.parts, filled, strict=True):
            for entry in part_entries:
                for constant in part.constants:
                    entry.put_constant(constant.target, constant.value)
                self._link(entry, part.links, ids, entry.number)
                entry.settle_absences()
                own = {"id": f"{part.name}-{entry.number}"} if part.has_id else {}
                listed = self._top.values.setdefault(part.list_name, [])
                listed.append({**own, **entry.values})
                prefix: Steps = (part.list_name, len(listed) - 1)
                for steps, source in entry.sources.items():
                    self._top.sources[prefix + steps] = source
        return ids

    def _link(
        self,
        entry: EntryValues,
        links: Sequence[CompiledLink],
        ids: dict[str, dict[int, str]],
        own: int,
    ) -> None:
        led = [(link, ids_) for link in links if (ids_ := self._led_to(link, ids, own))]
        linked: dict[tuple[FieldStep, ...], set[str]] = {}
        for link, _ in led:
            linked.setdefault(link.target.steps, set()).add(link.target.leaf.name)
        for link, entry_ids in led:
            steps = link.target.steps
            if entry.has_entries(steps) or _is_whole(steps, linked[steps]):
                group, _ = entry.open(steps)
                value = entry_ids if link.target.adds else entry_ids[0]
                group.setdefault(link.target.leaf.name, value)

    def _led_to(self, link: CompiledLink, ids: dict[str, dict[int, str]], own: int) -> list[str]:
        """Return the ids of the entries to which a link leads; none if they are not there."""
        if link.entry:
            index = self._top.index_of(link.list_name, link.entry)
            return [] if index is None else [self._top.values[link.list_name][index]["id"]]
        wanted = link.number or (0 if link.target.adds else own)
        by_number = ids.get(link.list_name, {})
        return [local_id for number, local_id in by_number.items() if wanted in {0, number}]

    def _finish(self, identity: Sequence[str]) -> tuple[dict[str, Any], dict[Steps, ValueSource]]:
        table = self._mapping.table
        values, sources = self._top.values, self._top.sources
        record: dict[str, Any] = {"recordType": table.record, "standardVersion": table.version}
        record["recordId"] = values.pop("recordId", None) or made_id(table.mapping, identity)
        if self._mapping.area is not None:
            record["area"] = self._mapping.area.key
        record.update(values)
        complete_people(record, sources)
        if self._local:
            space = table.local_namespace
            record["localData"] = {space: {name: value for name, (value, _) in self._local.items()}}
            for name, (_, source) in self._local.items():
                sources["localData", space, name] = source
        return record, sources


def _expected(field: CompiledField) -> About | None:
    """Return what the answers of a field are about, if that is risk or protection."""
    if _is_risk(field):
        return About.RISK
    if field.target.leaf.name == "confidential":
        return About.ADDRESS
    return About.CONTACT if field.row.via == "warning" else None


def _is_risk(field: CompiledField) -> bool:
    return field.part < 0 and not field.target.steps and field.target.leaf.name == AT_RISK


def _pieces(field: CompiledField, cell: Any) -> Iterable[Any]:
    if field.row.split and isinstance(cell, str):
        return (piece.strip() for piece in cell.split(field.row.split))
    return (cell,)


def _is_whole(steps: tuple[FieldStep, ...], linked: set[str]) -> bool:
    """Return whether an entry that has only links says all that the standard requires of it."""
    if not steps:
        return True
    says = {"id", *steps[-1].says, *linked}
    return all(field.name in says for field in steps[-1].field.fields if field.required)


def made_id(mapping: str, identity: Sequence[str]) -> str:
    """Return an id that is the same for the same texts, and shows none of them.

    SHA-256 over the mapping's name and the texts. Somebody who knows the name of the
    mapping and can try all values of the columns can find out which were used: choose
    several columns for ``id``, not an NHS number alone.
    """
    digest = hashlib.sha256(orjson.dumps([mapping, *identity])).hexdigest()
    return f"{mapping[:31]}-{digest[:_HASH_DIGITS]}"
