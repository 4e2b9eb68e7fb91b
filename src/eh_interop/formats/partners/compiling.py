"""Looks a mapping up against the record type and collects everything that is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from eh_interop.core.errors import MappingError
from eh_interop.core.suggestions import did_you_mean
from eh_interop.formats.partners.converters import converters
from eh_interop.formats.partners.converters.pair import Pair
from eh_interop.formats.partners.paths import PathError, Target, entry_of, field_below, resolve
from eh_interop.formats.partners.plan import (
    Plan,
    Problem,
    ReadyConstant,
    ReadyLink,
    ReadyPart,
    ReadyRow,
)
from eh_interop.formats.partners.tables import ConstantRow, FieldRow, LinkRow, PartRow, Table
from eh_interop.formats.partners.values.readers import reader_for
from eh_interop.formats.partners.values.words import map_of
from eh_interop.standard.areas import Area, area_names, load_area
from eh_interop.standard.code_lists import titles
from eh_interop.standard.fields import Field, Kind, fields_of
from eh_interop.standard.schemas import load_standard, versions

NUMBER: Final = "{n}"
"""In a heading: the number of the entry."""

_TYPES: Final = {
    Kind.BOOLEAN: bool,
    Kind.INTEGER: int,
    Kind.DECIMAL: (int, float),
}
_SINGULAR: Final = {"children": "child", "people": "person", "parentalResponsibility": "holder"}


def compile_table(table: Table, area: Area | None = None) -> tuple[Plan | None, list[Problem]]:
    """Make a plan of a mapping.

    Args:
        table: the mapping.
        area: the area of the records, instead of the one that the mapping names.

    Returns:
        The plan, which holds what is right; None if there is no such record type. And what
        is wrong, in the order of the file.
    """
    root, problems = _root(table)
    if root is None:
        return None, problems
    compiler = _Compiler(table, area or _area(table, problems), root, problems)
    return compiler.plan(), sorted(compiler.problems)


def _root(table: Table) -> tuple[Field | None, list[Problem]]:
    if table.version not in versions():
        near = did_you_mean(table.version, versions()) or "."
        return None, [Problem(0, f"version: there is no version {table.version}{near}")]
    known = load_standard(table.version).record_types
    if table.record not in known:
        near = did_you_mean(table.record, known) or "."
        return None, [Problem(0, f"record: there is no record type {table.record}{near}")]
    return fields_of(table.record, table.version), []


def _area(table: Table, problems: list[Problem]) -> Area | None:
    if not table.area:
        return None
    if table.area not in area_names():
        near = did_you_mean(table.area, area_names()) or "."
        problems.append(Problem(0, f"area: there is no area {table.area}{near}"))
        return None
    return load_area(table.area)


class _Compiler:
    """Holds what is known while a mapping is looked up."""

    def __init__(
        self, table: Table, area: Area | None, root: Field, problems: list[Problem]
    ) -> None:
        self.table, self.area, self.root, self.problems = table, area, root, problems
        self._filled: set[tuple[int, str]] = set()

    def plan(self) -> Plan:
        self._check_zone()
        rows = list(self._rows(self.table.fields, self.root, -1))
        parts = [
            ready
            for number, part in enumerate(self.table.parts)
            if (ready := self._part(part, number, rows)) is not None
        ]
        constants = self._constants(self.table.constants, self.root, -1)
        links = self._links(self.table.links, self.root, -1)
        return Plan(
            table=self.table,
            area=self.area,
            root=self.root,
            rows=tuple(rows),
            parts=tuple(parts),
            constants=constants,
            links=links,
        )

    def problem(self, line: int, message: str) -> None:
        self.problems.append(Problem(line, message))

    def _check_zone(self) -> None:
        try:
            ZoneInfo(self.table.zone)
        except (ZoneInfoNotFoundError, ValueError):
            self.problem(0, "zone: there is no such time zone. Europe/London is one.")

    def _part(self, part: PartRow, number: int, rows: list[ReadyRow]) -> ReadyPart | None:
        try:
            listed, entry = entry_of(self.root, part.each, {})
        except PathError as error:
            self.problem(part.line, f"each {part.each}: {error}")
            return None
        if entry:
            self.problem(part.line, f"each {part.each}: it is a list: leave out the brackets.")
            return None
        held = field_below(self.root, listed)
        rows.extend(self._rows(part.fields, held, number))
        return ReadyPart(
            row=part,
            listed=listed,
            name=part.name or _SINGULAR.get(listed, listed.lower().removesuffix("s")),
            has_id=any(field.name == "id" for field in held.fields),
            constants=self._constants(part.constants, held, number),
            links=self._links(part.links, held, number),
        )

    def _rows(self, rows: Iterable[FieldRow], root: Field, part: int) -> Iterable[ReadyRow]:
        for row in rows:
            target = self._target(row.ours, root, row.line)
            if target is None:
                continue
            before = len(self.problems)
            pair = self._pair(row, target)
            self._check_words(row, target, pair, part)
            fills = pair.fields if pair and target.leaf.kind is Kind.GROUP else ()
            self._fill(row.line, part, target, fills)
            if len(self.problems) > before:
                continue
            read = reader_for(row, target, self.table, self.area)
            several = pair.several if pair else False
            yield ReadyRow(row, target, read, part, several=several, fills=fills)

    def _target(self, ours: str, root: Field, line: int) -> Target | None:
        try:
            return resolve(root, ours, self.table.slices)
        except PathError as error:
            self.problem(line, f"ours {ours}: {error}")
            return None

    def _fill(self, line: int, part: int, target: Target, fills: tuple[str, ...] = ()) -> None:
        """Note that a field is filled, and say if it is filled twice."""
        if target.adds:
            return
        keys = [f"{target.key}/{name}" for name in fills] or [target.key]
        for key in keys:
            if (part, key) in self._filled:
                self.problem(line, f"ours {key}: it is mapped twice.")
            self._filled.add((part, key))

    def _pair(self, row: FieldRow, target: Target) -> Pair | None:
        if not row.via:
            if target.leaf.kind is Kind.GROUP:
                inner = ", ".join(field.name for field in target.leaf.fields[:6])
                self.problem(row.line, f"ours {row.ours}: it is a group. Name a field: {inner}.")
            return None
        pair = converters().get(row.via)
        if pair is None:
            near = did_you_mean(row.via, converters()) or "."
            self.problem(row.line, f"via {row.via}: there is no such converter{near}")
            return None
        known = {field.name for field in target.leaf.fields}
        if (target.leaf.kind is Kind.GROUP) != bool(pair.fields) or set(pair.fields) - known:
            self.problem(row.line, f"via {row.via}: it does not fit the field {row.ours}.")
        elif pair.several and not target.adds:
            self.problem(row.line, f"via {row.via}: it makes a list, and {row.ours} is none.")
        return pair

    def _check_words(self, row: FieldRow, target: Target, pair: Pair | None, part: int) -> None:
        if row.codes:
            self._check_codes(row, target)
        if row.dates and target.leaf.kind not in {Kind.DATE, Kind.DATE_TIME}:
            self.problem(row.line, f"dates: {row.ours} is no date.")
        if row.split and not target.adds:
            self.problem(row.line, f"split: {row.ours} holds one value.")
        if row.split and pair and pair.several:
            self.problem(row.line, "split: the converter makes a list already.")
        if row.pattern:
            try:
                re.compile(row.pattern)
            except re.error:
                self.problem(row.line, "pattern: it is no regular expression.")
        if any(NUMBER in each for each in (row.theirs, *row.also)):
            if part < 0 or not self.table.tabular:
                self.problem(row.line, "theirs: {n} is for the fields of a part, in headings.")
            elif self.table.parts[part].by:
                self.problem(row.line, "theirs: {n} cannot be used in a part with by.")

    def _check_codes(self, row: FieldRow, target: Target) -> None:
        try:
            words = map_of(row.codes, self.table.codes)
        except MappingError:
            near = did_you_mean(row.codes, self.table.codes) or "."
            self.problem(row.line, f"codes {row.codes}: there is no such code map{near}")
            return
        if target.leaf.kind is Kind.CODE:
            known = titles(target.leaf.code_list, self.table.version)
            for code in sorted(set(words.values()) - set(known)):
                near = did_you_mean(code, known) or "."
                self.problem(
                    row.line,
                    f"codes {row.codes}: {code} is not in the list {target.leaf.code_list}{near}",
                )

    def _constants(
        self, rows: Iterable[ConstantRow], root: Field, part: int
    ) -> tuple[ReadyConstant, ...]:
        found: list[ReadyConstant] = []
        for row in rows:
            target = self._target(row.ours, root, row.line)
            if target is None:
                continue
            if wrong := misfit(target.leaf, row.value, self.table.version):
                self.problem(row.line, f"value of {row.ours}: {wrong}")
                continue
            found.append(ReadyConstant(target, row.value))
            self._note(part, target)
        return tuple(found)

    def _note(self, part: int, target: Target) -> None:
        # A field may say better than a constant, so both may be there.
        self._filled.add((part, f"{target.key} always"))

    def _links(self, rows: Iterable[LinkRow], root: Field, part: int) -> tuple[ReadyLink, ...]:
        found: list[ReadyLink] = []
        for row in rows:
            target = self._target(row.ours, root, row.line)
            link = self._link(row, target, part) if target else None
            if target and link:
                self._fill(row.line, part, target)
                found.append(link)
        return tuple(found)

    def _link(self, row: LinkRow, target: Target, part: int) -> ReadyLink | None:
        try:
            listed, entry = entry_of(self.root, row.to, self.table.slices)
        except PathError as error:
            self.problem(row.line, f"to {row.to}: {error}")
            return None
        if listed not in target.leaf.refers_to:
            goes = " or ".join(target.leaf.refers_to) or "nothing"
            self.problem(row.line, f"to {row.to}: {row.ours} refers to {goes}.")
            return None
        if not entry and not target.adds and not row.number and not self._alike(listed, part):
            self.problem(
                row.line, f"to {row.to}: say number, since {row.ours} refers to one entry only."
            )
            return None
        if not self._is_made(listed, entry):
            self.problem(row.line, f"to {row.to}: no row of the mapping makes this entry.")
            return None
        return ReadyLink(target, listed, entry, row.number)

    def _alike(self, listed: str, part: int) -> bool:
        """Tell whether a part numbers its entries as the part that makes a list does."""
        own = self.table.parts[part] if part >= 0 else None
        others = [each for each in self.table.parts if each.each == f"/{listed}"]
        if own is None or len(others) != 1:
            return False
        return _numbering(own) == _numbering(others[0])

    def _is_made(self, listed: str, entry: str) -> bool:
        if not entry:
            return any(part.each == f"/{listed}" for part in self.table.parts)
        begins = f"/{listed}[{entry}]/"
        return any(field.ours.startswith(begins) for field in self.table.fields)


def _numbering(part: PartRow) -> tuple[str, tuple[str, ...], bool]:
    return part.theirs, part.by, any(NUMBER in field.theirs for field in part.fields)


def misfit(leaf: Field, value: Any, version: str) -> str:
    """Say why a field cannot hold a value that a mapping states; nothing if it can."""
    if leaf.kind is Kind.CODE:
        known = titles(leaf.code_list, version)
        if value in known:
            return ""
        return f"it is not in the list {leaf.code_list}{did_you_mean(str(value), known) or '.'}"
    wanted: Any = _TYPES.get(leaf.kind, str)
    if not isinstance(value, wanted) or (isinstance(value, bool) and wanted is not bool):
        return f"it has to be of the kind {leaf.kind.value}."
    return "" if leaf.kind is not Kind.GROUP else "it is a group."
