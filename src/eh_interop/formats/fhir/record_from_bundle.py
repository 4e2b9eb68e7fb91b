"""A record from typed resources alone: what somebody else's Bundle says, as far as it goes.

Three passes: :func:`~.normalise.normalise` brings the resources into the form of the tables,
:func:`~.table_matching.match_tables` gives each its table, and :func:`read_assignments` reads each
by it, from right to left. What no table reads is listed, so that nothing is lost in silence.
What the record then lacks is for the checks to say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from eh_interop.core.pointer import Steps
from eh_interop.formats.fhir.compile import compiled_tables
from eh_interop.formats.fhir.compiled import ElementMatch, EntrySelector, entries_at, find_at
from eh_interop.formats.fhir.focus import in_envelope
from eh_interop.formats.fhir.names import NOT_RECORDED, structure
from eh_interop.formats.fhir.normalise import InputResource, InputResources, normalise
from eh_interop.formats.fhir.record_tree import (
    RecordItem,
    RecordLeaf,
    RecordNode,
    merge,
    places,
    plain,
)
from eh_interop.formats.fhir.resource_reader import ReadItem, ResourceReader
from eh_interop.formats.fhir.table_matching import (
    Assignment,
    Assignments,
    Placement,
    composition_tables,
    is_list,
    match_tables,
    referred,
)
from eh_interop.formats.fhir.tables import field_at
from eh_interop.formats.fhir.values import code_by_title, code_of_concept
from eh_interop.standard.fields import fields_of, is_partial

_DAY_ONLY: Final = "T00:00:00Z"
"""How a date and time ends that our own documents made of a day, since FHIR asks for both."""
_SAYS_NOTHING: Final = frozenset({"resourceType", "id", "meta", "text", "language", "contained"})
"""Elements of every resource that say nothing of a family: ``text`` is made from the others."""
_FRAME: Final = {
    "Composition": frozenset({"status", "type", "subject", "title", "confidentiality"}),
    # What the rest was made from.
    "Provenance": frozenset({"target", "entity"}),
}
"""What a document always says of itself."""


@dataclass(frozen=True, slots=True)
class Unmapped:
    """Something that was not read.

    Attributes:
        kind: ``resource``, ``entered-in-error`` (a resource), ``element`` or
            ``date`` (a year or month, where a day is wanted).
    """

    kind: str
    steps: Steps = field(repr=False)


@dataclass(frozen=True, slots=True)
class RecordReading:
    """What resources say, read by their tables."""

    tree: RecordNode = field(repr=False)
    unmapped: tuple[Unmapped, ...]


@dataclass(frozen=True, slots=True)
class ImportedRecord:
    """What a Bundle of somebody else's says.

    Attributes:
        record: a record; it may lack much, and its shape may not be valid.
        paths: where in the FHIR each place of the record was read.
    """

    record: dict[str, Any] = field(repr=False)
    paths: Mapping[Steps, Steps] = field(repr=False)
    unmapped: tuple[Unmapped, ...]

    def steps_of(self, steps: Steps) -> Steps:
        """Return where in the FHIR a place of the record was read, or the nearest above it."""
        while steps and steps not in self.paths:
            steps = steps[:-1]
        return self.paths.get(steps, ())


def record_from_bundle(document: Mapping[str, Any], record_type: str) -> ImportedRecord:
    """Make a record of the typed resources of a Bundle, or of one resource.

    Raises:
        MappingError: a mapping table of this installation is broken.
        StandardError: there is no such record type.
    """
    return record_from_resources(normalise(document), document, record_type)


def record_from_resources(
    resources: InputResources, document: Mapping[str, Any], record_type: str
) -> ImportedRecord:
    """Make a record of the resources of a document that have been normalised already."""
    read = read_assignments(match_tables(resources, record_type))
    record = in_envelope(plain(read.tree), record_type, document, resources)
    return ImportedRecord(record, dict(places(read.tree)), read.unmapped)


def read_assignments(assignments: Assignments) -> RecordReading:
    """Read each resource by its table. By now every reference leads somewhere.

    Raises:
        MappingError: a mapping table of this installation is broken.
    """
    return _RecordReader(assignments).result()


class _RecordReader:
    """Reads the resources of one Bundle into one tree."""

    def __init__(self, assignments: Assignments) -> None:
        self._type, self._resources = assignments.record_type, assignments.resources
        self._assigned, self._item_of = assignments.by_resource, assignments.item_of
        self._root = fields_of(self._type)
        self._reader = ResourceReader(self._root, self._resources, self._item_of)
        self._record = RecordNode()
        self._nodes: dict[RecordItem, RecordNode] = {}
        self._read_places: dict[InputResource, set[Steps]] = {}
        for item in assignments.items:
            self._nodes[item] = self._new_node(item)

    def result(self) -> RecordReading:
        assigned = list(self._assigned.values())
        for assignment in assigned:
            self._read_resource(assignment)
        self._put_inner(
            [
                unmapped_elements
                for unmapped_elements in assigned
                if unmapped_elements.placement is Placement.INNER
            ]
        )
        self._read_composition()
        for assignment in assigned:
            self._read_extensions(assignment)
            self._read_relation(assignment)
        self._mark_groups()
        unmapped_elements = tuple(
            unmapped
            for resource in self._resources.all
            for unmapped in unmapped_in(resource, self._read_places.get(resource, set()))
        )
        return RecordReading(self._record, unmapped_elements)

    def _new_node(self, item: RecordItem) -> RecordNode:
        """Put an item into the tree."""
        names = [step for step in item.place if isinstance(step, str)]
        holder, node = self._record, RecordNode(item.steps)
        for name in names[:-1]:
            holder = holder.members.setdefault(name, RecordNode(item.steps))
        if not isinstance(item.place[-1], int):
            there: RecordNode = holder.members.setdefault(names[-1], node)
            return there
        holder.members.setdefault(names[-1], []).append(node)
        if field_at(self._root, (*names, "id")):
            node.members["id"] = RecordLeaf(item.local_id, item.steps)
        return node

    def _node(self, item: RecordItem) -> RecordNode:
        if not item.place and not item.inner:
            return self._record
        return self._nodes.setdefault(item, RecordNode(item.steps))

    def _mark(self, resource: InputResource, *places: Steps) -> None:
        read = self._read_places.setdefault(resource, set())
        read.update(resource.original_steps(steps) for steps in places)

    def _kept(self, resource: InputResource, read: ReadItem) -> RecordNode:
        """Keep what was read of a resource, and return what it says."""
        self._read_places.setdefault(resource, set()).update(read.read)
        return read.node

    def _referred(self, assignment: Assignment, variable: str) -> InputResource | None:
        return referred(self._resources, assignment.resource, assignment.table, variable)

    def _child(self, assignment: Assignment, variable: str) -> str | None:
        """Return the local id of the child that a resource names."""
        target = self._referred(assignment, variable)
        item = self._item_of.get(target) if target else None
        return item.id_in(("children",)) if item else None

    def _read_resource(self, assignment: Assignment) -> None:
        resource, table, node = assignment.resource, assignment.table, self._node(assignment.item)
        merge(node, self._kept(resource, self._reader.read(table, resource)))
        per = table.table.per
        if per and table.items:
            child = self._child(assignment, "@child")
            if child:
                merge(node, RecordNode(members={per: [RecordLeaf(child, resource.steps)]}))
        # One person may have several posts, and each is a practitioner of ours.
        person = self._referred(assignment, "@practitioner")
        of_person = self._assigned.get(person) if person else None
        if of_person is not None and self._node(of_person.item) is not node:
            person = of_person.resource
            merge(node, self._kept(person, self._reader.read(of_person.table, person)))

    def _put_inner(self, assigned: list[Assignment]) -> None:
        """Put what stands in other items there, all of one table at once."""
        together: dict[tuple[RecordItem | None, str], list[Assignment]] = {}
        for assignment in assigned:
            key = assignment.holder, assignment.table.table.key + "/".join(assignment.table.items)
            together.setdefault(key, []).append(assignment)
        for (holder_item, _), group in together.items():
            if holder_item is None:
                continue
            holder, table = self._node(holder_item), group[0].table
            # What is said once for each child is one item.
            nodes = list(dict.fromkeys(self._node(assignment.item) for assignment in group))
            names = tuple("/".join(table.items).rsplit("/*/", 1)[-1].split("/"))
            if is_list(table, self._root):
                holder.set(names, nodes)
            else:
                for node in nodes:
                    holder.set(names, node)

    def _read_composition(self) -> None:
        """Read the document's own Composition: all of its tables do."""
        first = next(self._resources.of_type("Composition"), None)
        if first is None or first.entered_in_error:
            return
        for table in composition_tables(self._type):
            node = self._kept(first, self._reader.read(table, first))
            for name, leaf in list(node.members.items()):
                if isinstance(leaf, RecordLeaf) and self._only_fills(leaf, first):
                    del node.members[name]
            merge(self._record, node)
        # The frame of a section is no news; its text is.
        for section in entries_at(
            ElementMatch(first.resource.get("section"), ("section",)), EntrySelector()
        ):
            self._mark(first, *((*section.steps, name) for name in ("title", "code", "entry")))

    def _only_fills(self, leaf: RecordLeaf, composition: InputResource) -> bool:
        """Return whether R4 asks for what a Composition says, and the record need not say it."""
        if leaf.steps == (*composition.steps, "title"):
            return bool(leaf.value == self._root.title)
        return str(leaf.value).endswith(_DAY_ONLY)

    def _read_extensions(self, assignment: Assignment) -> None:
        """Read items that are extensions of the resource of a person or an organisation."""
        if assignment.holder is not None:
            return
        resource, local_id = assignment.resource, assignment.item.local_id
        extensions = ElementMatch(resource.resource.get("extension"), ("extension",))
        for table in (table for table in compiled_tables(self._type) if table.onto):
            url = EntrySelector(facts={"url": structure(table.table.name)})
            for entry in entries_at(extensions, url):
                node = self._kept(resource, self._reader.read(table, resource, entry))
                if node.members and local_id:
                    node.members[table.onto] = RecordLeaf(local_id, node.steps)
                    self._mark(resource, (*entry.steps, "url"))
                    self._record.members.setdefault(table.items[0], []).append(node)

    def _read_relation(self, assignment: Assignment) -> None:
        """Read how a person is related to a child, if no extension has said it."""
        resource, row = assignment.resource, assignment.table.variable("@relation")
        match = find_at(ElementMatch(resource.resource), row.theirs) if row else None
        child = self._child(assignment, "@patient")
        if match is None or child is None:
            return
        kind = "relationship-type"
        code = code_of_concept(match.value, kind, kind) or code_by_title(match.value, kind)
        if code is None:
            return
        self._mark(resource, match.steps)
        steps, person = resource.at(match.steps), assignment.item.local_id or None
        relationships = self._record.members.setdefault("relationships", [])
        if any(
            (known.value("person"), known.value("relatedTo")) == (person, child)
            for known in relationships
        ):
            return
        facts = {"person": person, "relatedTo": child, "type": code}
        leaves = {name: RecordLeaf(value, steps) for name, value in facts.items()}
        relationships.append(RecordNode(steps, leaves))

    def _mark_groups(self) -> None:
        """Note that a Group of the children says nothing beyond who they are."""
        for group in self._resources.of_type("Group"):
            given = group.resource.get("member")
            members = given if isinstance(given, list) else [None]
            if all(self._is_child(group, member) for member in members):
                self._mark(group, *((name,) for name in group.original))

    def _is_child(self, group: InputResource, member: Any) -> bool:
        entity = member.get("entity") if isinstance(member, Mapping) else None
        target = self._resources.lookup(entity, group)
        item = self._item_of.get(target) if target else None
        return item is not None and item.id_in(("children",)) is not None


def unmapped_in(resource: InputResource, read: set[Steps]) -> Iterator[Unmapped]:
    """Yield what was not read of a resource, each at the highest place of which nothing was."""
    if resource.entered_in_error:
        yield Unmapped("entered-in-error", resource.steps)
    elif not read:
        yield Unmapped("resource", resource.steps)
    else:
        # A prefix of what was read is read in part.
        begun = {steps[:length] for steps in read for length in range(len(steps))}
        frame = _SAYS_NOTHING | _FRAME.get(resource.type, frozenset())
        for name, value in resource.original.items():
            if name not in frame:
                for kind, steps in _unread(value, (name,), read, begun):
                    yield Unmapped(kind, (*resource.steps, *steps))


def _unread(
    value: Any, steps: Steps, read: set[Steps], begun: set[Steps]
) -> Iterator[tuple[str, Steps]]:
    if steps in read or value == NOT_RECORDED:
        return
    if steps in begun and isinstance(value, dict):
        for name, inner in value.items():
            if name != "id":
                yield from _unread(inner, (*steps, name), read, begun)
    elif steps in begun and isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _unread(inner, (*steps, number), read, begun)
    else:
        yield "date" if is_partial(value) and "T" not in value else "element", steps
