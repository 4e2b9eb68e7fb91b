"""Draft a mapping for XML or JSON: what stands in a record several times, and who that is.

Entries of one name beside one another, such as *Subject*, become children and people by the role
that each of them has. Entries that are nobody, such as *Concern*, belong to the record itself.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from eh_interop.formats.partners.draft_dates import order_of
from eh_interop.formats.partners.draft_grammar import is_of_another, meanings, plain
from eh_interop.formats.partners.draft_matching import ColumnEvidence, best
from eh_interop.formats.partners.draft_writing import SURE, DraftColumn, MappingSketch, quoted
from eh_interop.formats.partners.mapping_table import MappingTable
from eh_interop.standard.quotable import known_path

_ROLE = re.compile(
    r"^(role|type|kind|involvement|relationship|relationship to (the )?(child|subject)"
    r"|(person|subject|nominal|member) (role|type))$"
)
_CHILD = re.compile(r"\b(child|children|pupils?|students?|yp|young (person|people)|baby|infant)\b")
_ADULT = re.compile(r"\b(parents?|contacts?|adults?|carers?|guardians?|household|family)\b")
_NOBODY = re.compile(
    r"\b(concerns?|incidents?|events?|notes?|address(es)?|reasons?|actions?|consents?|needs?"
    r"|categor(y|ies)|documents?|attachments?|outcomes?|services?|risks?)\b"
)
_WORKER = re.compile(
    r"\b(professionals?|practitioners?|agenc(y|ies)|workers?|staff|officers?|referrers?"
    r"|organisations?|schools?|teachers?|gps?)\b"
)
_WORD = re.compile(r"[A-Za-z][A-Za-z _/-]{0,40}")
"""What a role may look like: a path may hold it, since it names nobody."""
_ALONE: Final = frozenset({"", "/children", "/people", "/relationships"})
"""What the record itself may fill, where no list of it does: it has one child, or one parent."""
_IDENTIFIES: Final = frozenset({"name", "family-name", "given-name", "dob"})
_PART_OF_NAME = re.compile(r"^(first|last|given|family|middle|full|preferred)$")
_SAYS_NOTHING: Final = frozenset({"value", "text", "display", "label", "content"})


@dataclass
class Branch:
    """The entries of one path that stand in a record several times, or the record itself.

    ``roles``: for each path that may hold the role of an entry, how often each word stands there.
    ``facts``: paths of the record that are in entries which are nobody, such as a concern.
    """

    path: str
    columns: dict[str, ColumnEvidence] = field(default_factory=dict)
    roles: dict[str, Counter[str]] = field(default_factory=dict)
    facts: set[str] = field(default_factory=set)

    def add(self, path: str, name: str, value: Any) -> None:
        """Look at one value; ``name``: the last step of its path."""
        self.columns.setdefault(path, ColumnEvidence()).add(value)
        is_word = self.path and isinstance(value, str) and _WORD.fullmatch(value)
        if is_word and _ROLE.search(plain(name)):
            self.roles.setdefault(path, Counter())[str(value)] += 1


def sketch_tree(table: MappingTable, branches: Sequence[Branch]) -> MappingSketch:
    """Sketch a mapping for what stands in the records of a tree."""
    evidence = [column for branch in branches for column in branch.columns.values()]
    order, seen = order_of(evidence)
    sketch = MappingSketch(replace(table, dates=order), by_likeness=True, dates_seen=seen)
    root = next(branch for branch in branches if not branch.path)
    listed = [branch for branch in branches if branch.path and _is_listed(branch)]
    joint = "" if table.format == "json" else "/"
    step = "/*" if table.format == "json" else ""
    for branch in branches:
        if branch.path and branch not in listed:
            for name, column in branch.columns.items():
                whole = f"{branch.path}{step}{joint}{name}"
                root.columns[whole] = column
                root.facts.add(whole)
    for branch in (*listed, root):
        for entries in _parts(branch):
            _match(sketch, branch, entries)
    return sketch


@dataclass(frozen=True, slots=True)
class _Entries:
    """What a list of the record is filled with; ``words``: further words of the part."""

    part: str
    theirs: str
    subject: str
    words: tuple[str, ...] = ()
    role: str = ""


def _is_listed(branch: Branch) -> bool:
    """Return whether the entries of a branch are persons."""
    path = _words(branch.path)
    if _CHILD.search(path) or _ADULT.search(path) or _WORKER.search(path):
        return True
    headings = [f"child: {heading_of(name)}" for name in branch.columns]
    read = {one.attribute for one in meanings(headings) if one is not None}
    return bool(read & _IDENTIFIES) and not _NOBODY.search(path)


def _words(path: str) -> str:
    """Return the last step of a path as words."""
    return plain(path.replace("/*", "").rpartition("/")[2])


def _parts(branch: Branch) -> Iterator[_Entries]:
    """Yield the lists of a record that a branch fills."""
    if not branch.path:
        yield _Entries("", "", "")
        return
    for role, values in branch.roles.items():
        children = [value for value in values if _CHILD.search(plain(value))]
        if children:
            rest = len(children) < len(values)
            yield from _by_role(branch.path, role, children, rest=rest)
            return
    path = _words(branch.path)
    if _CHILD.search(path):
        yield _Entries("/children", branch.path, "child")
    elif _WORKER.search(path) or is_of_another(path):
        yield _Entries("", branch.path, "nobody")
    elif _ADULT.search(path):
        yield from _people(branch.path, next(iter(branch.roles), ""))
    else:
        yield _Entries("/children", branch.path, "child")


def _by_role(path: str, role: str, children: Sequence[str], *, rest: bool) -> Iterator[_Entries]:
    listed = f"{{ {quoted(role)} = [{', '.join(map(quoted, children))}] }}"
    yield _Entries("/children", path, "child", (f"where = {listed}",))
    if rest:
        yield from _people(path, role, (f"where-not = {listed}",))


def _people(path: str, role: str, words: tuple[str, ...] = ()) -> Iterator[_Entries]:
    yield _Entries("/people", path, "parent", words, role)
    if role:
        yield _Entries("/relationships", path, "parent", words, role)


def heading_of(path: str) -> str:
    """Return a path as a heading: what it is in before a colon, and the name in one piece."""
    steps = [step.removeprefix("@") for step in path.split("/") if step not in {"", "*"}]
    last = plain(steps[-1]) if steps else ""
    if len(steps) > 1 and last in _SAYS_NOTHING:
        steps.pop()
    elif len(steps) > 1 and _PART_OF_NAME.search(last) and "name" in plain(steps[-2]):
        steps[-2:] = [f"{last} name"]
    return ": ".join(steps)


def _match(sketch: MappingSketch, branch: Branch, entries: _Entries) -> None:
    names = list(branch.columns)
    texts = [heading_of(name) for name in names]
    headings = [f"{entries.subject}: {text}" if entries.subject else text for text in texts]
    if entries.part == "/relationships":
        names, texts, headings = [entries.role], ["role"], ["Parent relationship"]
    own_parts = {entries.part} if entries.part else set(_ALONE - set(sketch.part_paths))
    if entries.subject == "nobody":
        own_parts = set()
    if entries.part:
        sketch.part_paths[entries.part] = entries.theirs
        sketch.part_words[entries.part] = list(entries.words)
    chosen: dict[str, DraftColumn] = {}
    for name, text, heading, meaning in zip(
        names, texts, headings, meanings(headings), strict=True
    ):
        evidence = branch.columns[name]
        match = best(sketch.table.record, heading, evidence, meaning)
        label, shown = f"{branch.path}/{name.removeprefix('/')}".lstrip("/"), name
        if match is None or match.score < SURE:  # or else its words are those of headings
            label, shown = known_path(label), known_path(name)
        column = DraftColumn(text, label, shown, evidence, match, name)
        is_fact = name in branch.facts
        if match is None or match.known.part not in ({""} if is_fact else own_parts):
            sketch.unmatched += [column] if name != entries.role else []
            continue
        place = match.known.place + (name if match.known.ours.endswith("/*") else "")
        before = chosen.setdefault(place, column)
        if column.is_surer_than(before):
            chosen[place], column = column, before
        if column not in chosen.values():
            sketch.unmatched.append(column)
    sketch.columns += chosen.values()
