"""Draft a mapping for XML: which element is a record, which stand in it several times, and what.

Elements of one name below one another, such as *Subject*, become children and people by the
role that each of them has.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from lxml import etree

from eh_interop.formats.partners.draft_grammar import meanings, plain
from eh_interop.formats.partners.draft_matching import ColumnEvidence, best, order_of
from eh_interop.formats.partners.draft_writing import DraftColumn, MappingSketch
from eh_interop.formats.partners.mapping_table import MappingTable
from eh_interop.reading.faults import PartnerFault
from eh_interop.reading.streams import MIB, RefusedError
from eh_interop.reading.xml import safe_parse

_LARGEST: Final = 64 * MIB
_SAMPLE: Final = 1_000
_ROLES: Final = ("role", "type", "kind", "relationship", "personType", "subjectType")
_CHILD = re.compile(r"\b(child|children|pupil|student|yp|young person|baby|infant)\b")
_ADULT = re.compile(r"\b(parent|contact|adult|carer|guardian|household)")
_WORD = re.compile(r"[A-Za-z][A-Za-z _/-]{0,40}")
"""What a role may look like: a path may hold it, since it names nobody."""


@dataclass
class _Branch:
    """The elements of one path that stand in a record several times, or the record itself."""

    path: str
    columns: dict[str, ColumnEvidence] = field(default_factory=dict)
    roles: dict[str, Counter[str]] = field(default_factory=dict)


def sketch_xml(path: Path, table: MappingTable) -> MappingSketch:
    """Sketch a mapping for an XML file.

    Raises:
        RefusedError: it cannot be read, is too large for a draft, or holds no records.
    """
    if path.stat().st_size > _LARGEST:
        message = (
            f"A draft looks at XML of up to {_LARGEST // MIB} MiB. Give it a part of the file."
        )
        raise RefusedError(PartnerFault.TOO_LARGE, message)
    root = safe_parse(path.read_bytes())
    record_at, records = _records(root)
    branches = _branches(records[:_SAMPLE])
    evidence = [column for branch in branches for column in branch.columns.values()]
    declared = MappingTable(
        mapping=table.mapping,
        title=table.title,
        record=table.record,
        format="xml",
        origin="",
        record_at=record_at,
        dates=order_of(evidence),
    )
    sketch = MappingSketch(declared, by_likeness=True)
    for branch in branches:
        for part, theirs, subject in _parts(branch):
            if part:
                sketch.part_paths[part] = theirs
            _match(sketch, branch, part, subject)
    return sketch


def _records(root: Any) -> tuple[str, list[Any]]:
    """Return the path of the elements that are records: the first that stand there repeatedly."""
    path, element = f"/{_name(root)}", root
    while True:
        children = [child for child in element if isinstance(child.tag, str)]
        names = Counter(map(_name, children))
        if not names:
            raise RefusedError(PartnerFault.NO_HEADINGS, "There are no records in this XML.")
        name, times = names.most_common(1)[0]
        same = [child for child in children if _name(child) == name]
        if times > 1 or not any(len(child) for child in children):
            return (f"{path}/{name}", same) if times > 1 else (path, [element])
        wide = max((child for child in children), key=lambda child: sum(1 for _ in child.iter()))
        path, element = f"{path}/{_name(wide)}", wide


def _name(element: Any) -> str:
    return str(etree.QName(element).localname)


def _branches(records: list[Any]) -> list[_Branch]:
    """Return the record itself, and what stands in a record several times."""
    repeated = {
        path
        for record in records
        for path, times in Counter(_paths(record)).items()
        if times > 1 and path
    }
    branches: dict[str, _Branch] = {}
    for record in records:
        _collect(record, "", branches.setdefault("", _Branch("")), repeated, branches)
    return list(branches.values())


def _paths(element: Any, path: str = "") -> Iterator[str]:
    for child in element:
        if isinstance(child.tag, str):
            own = f"{path}/{_name(child)}".lstrip("/")
            if len(child):
                yield own
            yield from _paths(child, own)


def _collect(
    element: Any, path: str, branch: _Branch, repeated: set[str], branches: dict[str, _Branch]
) -> None:
    below = path.removeprefix(branch.path).lstrip("/")
    for key, value in element.items():
        if not str(key).startswith("{"):
            own = f"{below}/@{key}".lstrip("/")
            branch.columns.setdefault(own, ColumnEvidence()).add(value)
            _note_role(branch, own, str(key), value)
    for child in element:
        if not isinstance(child.tag, str):
            continue
        inner = f"{path}/{_name(child)}".lstrip("/")
        if len(child) or child.items():
            own_branch = branches.setdefault(inner, _Branch(inner)) if inner in repeated else branch
            _collect(child, inner, own_branch, repeated, branches)
        if not len(child):
            name = inner.removeprefix(branch.path).lstrip("/")
            branch.columns.setdefault(name, ColumnEvidence()).add(child.text or "")
            _note_role(branch, name, name, child.text or "")


def _note_role(branch: _Branch, path: str, name: str, value: str) -> None:
    if branch.path and name in _ROLES and _WORD.fullmatch(value):
        branch.roles.setdefault(path, Counter())[value] += 1


def _parts(branch: _Branch) -> Iterator[tuple[str, str, str]]:
    """Yield the lists of a record that a branch fills: part, path, and whose it is."""
    if not branch.path:
        yield "", "", ""
        return
    for role, values in branch.roles.items():
        children = [value for value in values if _CHILD.search(plain(value))]
        if children:
            wanted = " or ".join(f"{role}='{value}'" for value in children)
            yield "/children", f"{branch.path}[{wanted}]", "child"
            if len(children) < len(values):
                yield "/people", f"{branch.path}[not({wanted})]", "parent"
            return
    is_adult = _ADULT.search(plain(branch.path.rpartition("/")[2]))
    yield ("/people", branch.path, "parent") if is_adult else ("/children", branch.path, "child")


def _match(sketch: MappingSketch, branch: _Branch, part: str, subject: str) -> None:
    names = list(branch.columns)
    texts = [name.replace("@", "").replace("/", ": ") for name in names]
    headings = [f"{subject}: {text}" if subject else text for text in texts]
    taken: set[str] = set()
    for name, text, heading, meaning in zip(
        names, texts, headings, meanings(headings), strict=True
    ):
        evidence = branch.columns[name]
        match = best(sketch.table.record, heading, evidence, meaning)
        label = f"{branch.path}/{name}".lstrip("/")
        column = DraftColumn(text, label, name, evidence, match, name)
        fits = match is not None and match.known.part in {part, ""} and match.known.ours
        is_own = match is not None and match.known.part == part
        if match is None or not fits or not is_own or match.known.place in taken:
            sketch.unmatched.append(column)
            continue
        if not match.known.ours.endswith("/*"):
            taken.add(match.known.place)
        sketch.columns.append(column)
