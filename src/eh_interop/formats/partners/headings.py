"""Headings: which column of a file is meant by which row of a mapping."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from eh_interop.core.findings import Severity
from eh_interop.core.suggestions import did_you_mean
from eh_interop.formats.partners.compiled import CompiledField, CompiledMapping, MappingProblem
from eh_interop.formats.partners.compiling import NUMBER
from eh_interop.standard.quotable import quoted_or

_SPACES = re.compile(r"\s+")
_DECORATION: Final = " :*?."
_LOOKS_LIKE_DATA = re.compile(
    r"\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}|\d(?:[ -]?\d){5,}|@"
    r"|\b[A-Za-z]{1,2}\d[\dA-Za-z]? ?\d[A-Za-z]{2}\b"
)


@dataclass(frozen=True, slots=True)
class BoundColumn:
    """A row of the mapping and the column of the file that it reads.

    ``number``: of the entry, in a part with numbered columns; 1 in others.
    """

    field: CompiledField
    index: int
    number: int = 1


@dataclass(frozen=True, slots=True)
class HeadingBinding:
    """The columns of a file.

    Attributes:
        bound: those that the mapping reads.
        missing: rows of the mapping for which there is none.
        unmapped: the indexes of columns that no row reads, and that are not given up.
        duplicates: the indexes of columns that have the heading of an earlier one.
    """

    bound: tuple[BoundColumn, ...]
    missing: tuple[CompiledField, ...]
    unmapped: tuple[int, ...]
    duplicates: tuple[int, ...]


def fold(heading: str) -> str:
    """Return a heading as it is compared: no capitals, single spaces, nothing around it."""
    text = unicodedata.normalize("NFKC", heading).casefold()
    return _SPACES.sub(" ", text).strip(_DECORATION)


def one_line(heading: str) -> str:
    """Return a heading in one line, as it is written otherwise."""
    return _SPACES.sub(" ", heading).strip()


def shown(heading: str) -> str:
    """Return a heading as it may be shown: empty if it looks like data and not like a heading."""
    text = one_line(heading)
    return "" if _LOOKS_LIKE_DATA.search(text) else text[:100]


def quotable(heading: str) -> str:
    """Return a heading as a message may quote it: empty if it may be a value of a record."""
    return quoted_or(shown(heading), "")


def heading_counter(mapping: CompiledMapping) -> Callable[[Sequence[str]], int]:
    """Return a function that counts the headings of a row that a mapping knows."""
    names = [name for field in mapping.fields for name in (field.row.theirs, *field.row.also)]
    plain = frozenset(fold(name) for name in names if NUMBER not in name)
    numbered = [_template(name) for name in names if NUMBER in name]
    patterns = [_pattern(field) for field in mapping.fields if field.row.pattern]

    def is_known(heading: str) -> bool:
        text = fold(heading)
        return bool(text) and (
            text in plain
            or any(template.fullmatch(text) for template in numbered)
            or any(pattern.fullmatch(one_line(heading)) for pattern in patterns)
        )

    return lambda headings: sum(map(is_known, headings))


def bind(mapping: CompiledMapping, headings: Sequence[str]) -> HeadingBinding:
    """Find the column of each row: by heading first, then by pattern."""
    folded = [fold(heading) for heading in headings]
    first: dict[str, int] = {}
    duplicates: list[int] = []
    for index, text in enumerate(folded):
        if text and first.setdefault(text, index) != index:
            duplicates.append(index)
    by_heading = [(field, _by_heading(field, first)) for field in mapping.fields]
    bound = [column for _, columns in by_heading for column in columns]
    taken = {column.index for column in bound}
    missing: list[CompiledField] = []
    for field in (field for field, columns in by_heading if not columns):
        columns = _by_pattern(field, first, headings, taken) if field.row.pattern else []
        bound += columns
        if not columns:
            missing.append(field)
    dropped = {fold(row.theirs) for row in mapping.table.lost}
    used = {column.index for column in bound}
    unmapped = tuple(
        index for index, text in enumerate(folded) if index not in used and text not in dropped
    )
    return HeadingBinding(tuple(bound), tuple(missing), unmapped, tuple(duplicates))


def _by_heading(field: CompiledField, first: dict[str, int]) -> list[BoundColumn]:
    columns: list[BoundColumn] = []
    for name in (field.row.theirs, *field.row.also):
        if NUMBER not in name:
            index = first.get(fold(name))
            if index is not None:
                columns.append(BoundColumn(field, index))
        else:
            columns += _numbered(field, _template(name), first)
        if columns and field.part < 0:
            break
    unique = {column.number: column for column in reversed(columns)}
    return sorted(unique.values(), key=lambda column: column.number)


def _template(name: str) -> re.Pattern[str]:
    """Return what matches the folded headings of numbered columns."""
    before, _, after = name.partition(NUMBER)
    # Folded as a whole, so that a number at the end is not cut off.
    head, tail = (re.escape(part) for part in fold(f"{before}0{after}").split("0", 1))
    return re.compile(f"{head}0*(?P<n>[1-9][0-9]{{0,2}}){tail}")


def _numbered(
    field: CompiledField, pattern: re.Pattern[str], first: dict[str, int]
) -> list[BoundColumn]:
    matches = ((pattern.fullmatch(text), index) for text, index in first.items())
    return [BoundColumn(field, index, int(match["n"])) for match, index in matches if match]


def _pattern(field: CompiledField) -> re.Pattern[str]:
    return re.compile(field.row.pattern, re.IGNORECASE)


def _by_pattern(
    field: CompiledField, first: dict[str, int], headings: Sequence[str], taken: set[int]
) -> list[BoundColumn]:
    pattern = _pattern(field)
    columns: list[BoundColumn] = []
    for index in first.values():
        match = pattern.fullmatch(one_line(headings[index]))
        if match is None or index in taken:
            continue
        number = match.groupdict().get("n") if field.part >= 0 else None
        columns.append(BoundColumn(field, index, int(number) if number else 1))
        if number is None:
            break
    return columns


def heading_problems(mapping: CompiledMapping, headings: Sequence[str]) -> Iterator[MappingProblem]:
    """Yield the headings of a mapping that a file does not have."""
    table = mapping.table
    folded = {fold(heading): heading for heading in headings}
    for field in bind(mapping, headings).missing:
        near = did_you_mean(fold(field.row.theirs.replace(NUMBER, "1")), folded) or "."
        severity = Severity.ERROR if field.row.required else Severity.WARNING
        message = f"theirs {field.row.theirs}: the file has no such heading{near}"
        yield MappingProblem(field.row.line, message, severity)
    names = {*table.key, *table.id}
    for part in table.parts:
        names |= {*part.by, *part.where, *part.where_not}
    for name in sorted(names):
        if fold(name) not in folded:
            near = did_you_mean(fold(name), folded) or "."
            yield MappingProblem(0, f"key, id or by: the file has no heading {name}{near}")
