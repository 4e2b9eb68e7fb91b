"""Rows of one case in a draft: they share a number, and each is about one person with a role."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from eh_interop.formats.partners.draft_grammar import plain
from eh_interop.formats.partners.draft_matching import HeadingMatch, is_possible
from eh_interop.formats.partners.draft_writing import (
    DraftColumn,
    MappingSketch,
    is_reference,
    quoted,
)

_CHILD = re.compile(r"\b(child|children|pupil|student|yp|young person|baby|infant)\b")
_ROLE = re.compile(r"\b(role|relationship|involvement|subject type|person type|nominal type)\b")
_TELLS_APART: Final = ("/name/", "/dateOfBirth", "/identifiers[")
_MOST_ROLES: Final = 12


def bring_rows_together(sketch: MappingSketch, columns: Sequence[DraftColumn]) -> None:
    """Let rows that share a number be one record, and each row a child or another person."""
    key = next((column for column in columns if _is_shared(column)), None)
    children = [column for column in sketch.columns if column.part == "/children"]
    by = [column.theirs for column in children if _tells_apart(column)]
    if key is None or not by or any("{n}" in column.theirs for column in sketch.columns):
        return
    sketch.table = replace(sketch.table, key=(key.heading,))
    words = [f"by = [{', '.join(map(quoted, by))}]"]
    sketch.part_words["/children"] = words
    role = next((column for column in columns if _is_role(column)), None)
    if role is None:
        return
    stated = sorted(word for word in role.evidence.words if _CHILD.search(plain(word)))
    listed = f"{{ {quoted(role.heading)} = [{', '.join(map(quoted, stated))}] }}"
    sketch.part_words["/children"] = [*words, f"where = {listed}"]
    for part in ("/people", "/relationships"):
        sketch.part_words[part] = [*words, f"where-not = {listed}"]
    for column in children:
        if column.match is not None:
            _add(sketch, column, column.match, "/people", column.match.known.ours)
    if role in sketch.unmatched:
        sketch.unmatched.remove(role)
    sketch.columns = [column for column in sketch.columns if column is not role]
    match = next(column.match for column in children if column.match is not None)
    _add(
        sketch,
        role,
        replace(match, why="each row has a role", others=()),
        "/relationships",
        "/type",
    )


def _add(
    sketch: MappingSketch, column: DraftColumn, match: HeadingMatch, part: str, ours: str
) -> None:
    via = match.known.via if part == "/people" else ""
    if is_possible(sketch.table.record, part, ours, via):
        known = replace(match.known, part=part, ours=ours, via=via)
        sketch.columns.append(replace(column, match=replace(match, known=known)))


def _tells_apart(column: DraftColumn) -> bool:
    return column.match is not None and column.match.known.ours.startswith(_TELLS_APART)


def _is_shared(column: DraftColumn) -> bool:
    """Return whether a column holds numbers of cases, some of them in several rows below."""
    is_person = column.part in {"/children", "/people"}
    return bool(column.evidence.repeats) and is_reference(column) and not is_person


def _is_role(column: DraftColumn) -> bool:
    words = column.evidence.words
    children = [word for word in words if _CHILD.search(plain(word))]
    return bool(
        _ROLE.search(plain(column.heading)) and 0 < len(children) < len(words) <= _MOST_ROLES
    )
