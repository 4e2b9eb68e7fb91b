"""Compile a mapping: look it up against the record type once, and collect what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from eh_interop.core.errors import MappingError
from eh_interop.core.findings import Severity
from eh_interop.core.suggestions import did_you_mean
from eh_interop.formats._shared.cells import code_words
from eh_interop.formats.partners.cell_readers import reader_for
from eh_interop.formats.partners.compiled import (
    CompiledConstant,
    CompiledField,
    CompiledLink,
    CompiledMapping,
    CompiledPart,
    MappingProblem,
)
from eh_interop.formats.partners.converters import CellConverter, converters
from eh_interop.formats.partners.mapping_table import (
    MappedConstant,
    MappedField,
    MappedLink,
    MappedPart,
    MappingTable,
)
from eh_interop.formats.partners.record_paths import (
    FieldPathError,
    FieldTarget,
    constant_problem,
    entry_of,
    field_below,
    resolve,
)
from eh_interop.standard.areas import Area, area_names, load_area
from eh_interop.standard.code_lists import titles
from eh_interop.standard.fields import Field, Kind, fields_of
from eh_interop.standard.schemas import load_standard, versions

NUMBER: Final = "{n}"
"""In a heading: the number of the entry."""

ADDRESS_PLACES: Final = frozenset({"addresses", "address"})
"""Names of what holds an address."""
_SINGULAR: Final = {"children": "child", "people": "person", "parentalResponsibility": "holder"}


def look_up(
    table: MappingTable, area: Area | None = None
) -> tuple[CompiledMapping | None, list[MappingProblem]]:
    """Look a mapping up against its record type.

    Args:
        table: the mapping.
        area: the area of the records, instead of the one that the mapping names.

    Returns:
        The compiled mapping, which holds what is right; None if there is no such record type.
        And what is wrong.
    """
    problems: list[MappingProblem] = []
    root = _root(table, problems)
    if root is None:
        return None, problems
    compiler = _Compiler(table, area or _area(table, problems), root, problems)
    compiled = compiler.compile()
    for name in sorted(set(table.codes) - compiler.used_codes):
        message = f"codes.{name}: no row uses it. Say codes in the row that it is for."
        problems.append(MappingProblem(0, message, Severity.WARNING))
    return compiled, problems


def _root(table: MappingTable, problems: list[MappingProblem]) -> Field | None:
    if not _exists("version", "version", table.version, versions(), problems):
        return None
    types = load_standard(table.version).record_types
    if not _exists("record", "record type", table.record, types, problems):
        return None
    return fields_of(table.record, table.version)


def _exists(
    word: str, noun: str, name: str, known: Iterable[str], problems: list[MappingProblem]
) -> bool:
    """Return whether a name is known; if not, note it with the nearest right one."""
    if name in known:
        return True
    near = did_you_mean(name, known) or "."
    problems.append(MappingProblem(0, f"{word}: there is no {noun} {name}{near}"))
    return False


def _area(table: MappingTable, problems: list[MappingProblem]) -> Area | None:
    if table.area and _exists("area", "area", table.area, area_names(), problems):
        return load_area(table.area)
    return None


class _Compiler:
    """Looks the rows of one mapping up, one after the other."""

    def __init__(
        self, table: MappingTable, area: Area | None, root: Field, problems: list[MappingProblem]
    ) -> None:
        self.table, self.area, self.root, self.problems = table, area, root, problems
        self.used_codes: set[str] = set()
        self._filled: set[tuple[int, str]] = set()

    def compile(self) -> CompiledMapping:
        self._check_zone()
        fields = list(self._fields(self.table.fields, self.root, -1))
        parts = [
            compiled
            for number, part in enumerate(self.table.parts)
            if (compiled := self._part(part, number, fields)) is not None
        ]
        return CompiledMapping(
            table=self.table,
            area=self.area,
            root=self.root,
            fields=tuple(fields),
            parts=tuple(parts),
            constants=self._constants(self.table.constants, self.root),
            links=self._links(self.table.links, self.root, -1),
        )

    def problem(self, line: int, message: str) -> None:
        self.problems.append(MappingProblem(line, message))

    def _check_zone(self) -> None:
        try:
            ZoneInfo(self.table.zone)
        except (ZoneInfoNotFoundError, ValueError):
            self.problem(0, "zone: there is no such time zone. Europe/London is one.")

    def _part(
        self, part: MappedPart, number: int, fields: list[CompiledField]
    ) -> CompiledPart | None:
        try:
            list_name, entry = entry_of(self.root, part.items, {})
        except FieldPathError as error:
            self.problem(part.line, f"each {part.items}: {error}")
            return None
        if entry:
            self.problem(part.line, f"each {part.items}: it is a list: leave out the brackets.")
            return None
        held = field_below(self.root, list_name)
        fields.extend(self._fields(part.fields, held, number))
        return CompiledPart(
            row=part,
            number=number,
            list_name=list_name,
            name=part.name or _SINGULAR.get(list_name, list_name.lower().removesuffix("s")),
            has_id=any(field.name == "id" for field in held.fields),
            constants=self._constants(part.constants, held),
            links=self._links(part.links, held, number),
        )

    def _fields(
        self, rows: Iterable[MappedField], root: Field, part: int
    ) -> Iterable[CompiledField]:
        for row in rows:
            target = self._target(row.ours, root, row.line)
            if target is None:
                continue
            before = len(self.problems)
            converter = self._converter(row, target)
            self._check_words(row, target, converter, part)
            fills = converter.fields if converter and target.leaf.kind is Kind.GROUP else ()
            self._fill(row.line, part, target, fills)
            if len(self.problems) > before:
                continue
            read = reader_for(row, target, self.table, self.area)
            makes_list = converter is not None and converter.makes_list
            yield CompiledField(
                row,
                target,
                read,
                part,
                makes_list=makes_list,
                fills=fills,
                protects=row.via == "warning" or target.leaf.name == "confidential",
                in_address=not ADDRESS_PLACES.isdisjoint(step.name for step in target.steps),
            )

    def _target(self, ours: str, root: Field, line: int) -> FieldTarget | None:
        try:
            return resolve(root, ours, self.table.slices)
        except FieldPathError as error:
            self.problem(line, f"ours {ours}: {error}")
            return None

    def _fill(self, line: int, part: int, target: FieldTarget, fills: tuple[str, ...] = ()) -> None:
        """Note that a field is filled, and say if it is filled twice."""
        if target.adds:
            return
        keys = [f"{target.key}/{name}" for name in fills] or [target.key]
        for key in keys:
            if (part, key) in self._filled:
                self.problem(line, f"ours {key}: it is mapped twice.")
            self._filled.add((part, key))

    def _converter(self, row: MappedField, target: FieldTarget) -> CellConverter | None:
        if not row.via:
            if target.leaf.kind is Kind.GROUP:
                inner = ", ".join(field.name for field in target.leaf.fields[:6])
                self.problem(row.line, f"ours {row.ours}: it is a group. Name a field: {inner}.")
            return None
        converter = converters().get(row.via)
        if converter is None:
            near = did_you_mean(row.via, converters()) or "."
            self.problem(row.line, f"via {row.via}: there is no such converter{near}")
            return None
        names = {field.name for field in target.leaf.fields}
        is_group = target.leaf.kind is Kind.GROUP
        if is_group != bool(converter.fields) or set(converter.fields) - names:
            self.problem(row.line, f"via {row.via}: it does not fit the field {row.ours}.")
        elif converter.makes_list and not target.adds:
            self.problem(row.line, f"via {row.via}: it makes a list, and {row.ours} is not a list.")
        return converter

    def _check_words(
        self, row: MappedField, target: FieldTarget, converter: CellConverter | None, part: int
    ) -> None:
        own_list = target.leaf.code_list in self.table.codes
        if name := row.codes or (target.leaf.code_list if own_list else ""):
            self._check_codes(name, row, target)
        problem = constant_problem(target.leaf, row.ticked, self.table.version)
        if row.ticked and problem:
            self.problem(row.line, f"ticked {row.ticked}: {problem}")
        self._check_numbers(row, part)
        if row.dates and target.leaf.kind not in {Kind.DATE, Kind.DATE_TIME}:
            self.problem(row.line, f"dates: {row.ours} is not a date.")
        if row.split and not target.adds:
            self.problem(row.line, f"split: {row.ours} holds one value.")
        if row.split and converter and converter.makes_list:
            self.problem(row.line, "split: the converter makes a list already.")
        if row.pattern:
            try:
                re.compile(row.pattern)
            except re.error:
                self.problem(row.line, "pattern: it is not a regular expression.")

    def _check_numbers(self, row: MappedField, part: int) -> None:
        if any(NUMBER in heading for heading in (row.theirs, *row.also)):
            if part < 0 or not self.table.tabular:
                self.problem(row.line, "theirs: {n} is for the fields of a part, in headings.")
            elif self.table.parts[part].by:
                self.problem(row.line, "theirs: {n} cannot be used in a part with by.")

    def _check_codes(self, name: str, row: MappedField, target: FieldTarget) -> None:
        self.used_codes.add(name)
        try:
            words = code_words(name, self.table.codes)
        except MappingError:
            near = did_you_mean(name, self.table.codes) or "."
            self.problem(row.line, f"codes {name}: there is no such code map{near}")
            return
        if target.leaf.kind is Kind.CODE:
            codes = titles(target.leaf.code_list, self.table.version)
            for code in sorted(set(words.values()) - set(codes)):
                near = did_you_mean(code, codes) or "."
                self.problem(
                    row.line,
                    f"codes {name}: {code} is not in the list {target.leaf.code_list}{near}",
                )

    def _constants(
        self, rows: Iterable[MappedConstant], root: Field
    ) -> tuple[CompiledConstant, ...]:
        constants: list[CompiledConstant] = []
        for row in rows:
            target = self._target(row.ours, root, row.line)
            if target is None:
                continue
            if problem := constant_problem(target.leaf, row.value, self.table.version):
                self.problem(row.line, f"value of {row.ours}: {problem}")
                continue
            # A field may say better than a constant, so both may be there.
            constants.append(CompiledConstant(target, row.value))
        return tuple(constants)

    def _links(
        self, rows: Iterable[MappedLink], root: Field, part: int
    ) -> tuple[CompiledLink, ...]:
        links: list[CompiledLink] = []
        for row in rows:
            target = self._target(row.ours, root, row.line)
            link = self._link(row, target, part) if target else None
            if target and link:
                self._fill(row.line, part, target)
                links.append(link)
        return tuple(links)

    def _link(self, row: MappedLink, target: FieldTarget, part: int) -> CompiledLink | None:
        try:
            list_name, entry = entry_of(self.root, row.to, self.table.slices)
        except FieldPathError as error:
            self.problem(row.line, f"to {row.to}: {error}")
            return None
        if list_name not in target.leaf.refers_to:
            goes = " or ".join(target.leaf.refers_to) or "nothing"
            self.problem(row.line, f"to {row.to}: {row.ours} refers to {goes}.")
            return None
        if not entry and not target.adds and not row.number and not self._alike(list_name, part):
            self.problem(
                row.line, f"to {row.to}: say number, since {row.ours} refers to one entry only."
            )
            return None
        if not self._is_made(list_name, entry):
            self.problem(row.line, f"to {row.to}: no row of the mapping makes this entry.")
            return None
        return CompiledLink(target, list_name, entry, row.number)

    def _alike(self, list_name: str, part: int) -> bool:
        """Return whether a part numbers its entries as the part that makes a list does."""
        own = self.table.parts[part] if part >= 0 else None
        others = [other for other in self.table.parts if other.items == f"/{list_name}"]
        if own is None or len(others) != 1:
            return False
        return _numbering(own) == _numbering(others[0])

    def _is_made(self, list_name: str, entry: str) -> bool:
        if not entry:
            return any(part.items == f"/{list_name}" for part in self.table.parts)
        begins = f"/{list_name}[{entry}]/"
        return any(field.ours.startswith(begins) for field in self.table.fields)


def _numbering(part: MappedPart) -> tuple[str, tuple[str, ...], bool]:
    return part.theirs, part.by, any(NUMBER in field.theirs for field in part.fields)
