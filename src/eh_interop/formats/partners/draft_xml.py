"""Draft a mapping for XML: which element is a record, and which stand in it several times."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from lxml import etree

from eh_interop.formats.partners.draft_trees import Branch, sketch_tree
from eh_interop.formats.partners.draft_writing import MappingSketch
from eh_interop.formats.partners.mapping_table import MappingTable
from eh_interop.reading.faults import PartnerFault
from eh_interop.reading.streams import MIB, RefusedError
from eh_interop.reading.xml import safe_parse

_LARGEST: Final = 64 * MIB
_SAMPLE: Final = 1_000


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
    return sketch_tree(replace(table, record_at=record_at), _branches(records[:_SAMPLE]))


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


def _branches(records: list[Any]) -> list[Branch]:
    """Return the record itself, and what stands in a record several times."""
    repeated = {
        path
        for record in records
        for path, times in Counter(_paths(record)).items()
        if times > 1 and path
    }
    branches: dict[str, Branch] = {"": Branch("")}
    for record in records:
        _collect(record, "", branches[""], repeated, branches)
    return list(branches.values())


def _paths(element: Any, path: str = "") -> Iterator[str]:
    for child in element:
        if isinstance(child.tag, str):
            own = f"{path}/{_name(child)}".lstrip("/")
            if len(child):
                yield own
            yield from _paths(child, own)


def _collect(
    element: Any, path: str, branch: Branch, repeated: set[str], branches: dict[str, Branch]
) -> None:
    below = path.removeprefix(branch.path).lstrip("/")
    for key, value in element.items():
        if not str(key).startswith("{"):
            branch.add(f"{below}/@{key}".lstrip("/"), str(key), value)
    for child in element:
        if not isinstance(child.tag, str):
            continue
        inner = f"{path}/{_name(child)}".lstrip("/")
        if len(child) or child.items():
            own_branch = branches.setdefault(inner, Branch(inner)) if inner in repeated else branch
            _collect(child, inner, own_branch, repeated, branches)
        if not len(child):
            name = inner.removeprefix(branch.path).lstrip("/")
            branch.add(name, _name(child), child.text or "")
