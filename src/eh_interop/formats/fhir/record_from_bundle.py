"""A record from typed resources alone: what somebody else's Bundle says, as far as it goes.

Each resource goes to the table whose constants it states; the table is read from
right to left. What no table reads is listed, so that nothing is lost in silence.
What the record then lacks is for the checks to say.
"""
# DOC unread: What of a Bundle no table read: whole resources, and elements of those that were read.

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from eh_interop.core.pointer import Steps
from eh_interop.formats.fhir.compile import ready_tables
from eh_interop.formats.fhir.compiled import Entry, Ready
from eh_interop.formats.fhir.focus import centre_of, in_envelope
from eh_interop.formats.fhir.names import structure
from eh_interop.formats.fhir.normalise import Source, Sources, settle
from eh_interop.formats.fhir.record_tree import Leaf, Node, merge, places, plain
from eh_interop.formats.fhir.resource_reader import (
    NOT_RECORDED,
    Backwards,
    Spot,
    by_words,
    entries,
    id_in,
    look,
)
from eh_interop.formats.fhir.table_matching import Placing, Way, composition_tables, rule_of
from eh_interop.formats.fhir.values import concept_back
from eh_interop.standard.fields import fields_of
from eh_interop.standard.kinds import is_partial

_DAY_ONLY: Final = "T00:00:00Z"
"""How a moment ends that our own documents made of a day, since FHIR asks for a moment."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a Bundle of somebody else's says.

    Attributes:
        record: a record; it may lack much, and its shape may not be sound.
        paths: where in the FHIR each place of the record was read.
        unread: the resources and elements that no table reads.
    """

    record: dict[str, Any] = field(repr=False)
    paths: Mapping[Steps, Steps]
    unread: tuple[Unread, ...]


def gather(document: Mapping[str, Any], record_type: str) -> Gathered:
    """Make a record of the typed resources of a Bundle, or of one resource.

    Raises:
        MappingError: a mapping table of this installation is broken.
        StandardError: there is no such record type.
    """
    return _Gathering(document, record_type).result()


class _Gathering:
    """Reads one Bundle."""

    def __init__(self, document: Mapping[str, Any], record_type: str) -> None:
        self._document, self._type = document, record_type
        self._all = Sources(document)
        self._reader = Backwards(fields_of(record_type), self._all)
        self._placing = Placing(record_type, self._all, self._reader)
        self._record = self._placing.record

    def result(self) -> Gathered:
        """Place each resource, then read them all: by then every reference leads somewhere."""
        for each in self._all.all:
            settle(each)
        self._placing.place_all(centre_of(self._all, self._is_centre))
        placed = [(each, each.ready, each.node) for each in self._all.all]
        read = [(each, ready, node) for each, ready, node in placed if ready and node is not None]
        for each, ready, node in read:
            self._read(each, ready, node)
        self._read_inner([(each, ready) for each, ready, _ in read])
        self._read_composition()
        for each, ready, node in read:
            self._read_extensions(each, node)
            self._read_relation(each, ready, node)
        self._mark_groups()
        record = in_envelope(plain(self._record), self._type, self._document, self._all)
        return Gathered(record, dict(places(self._record)), tuple(unread(self._all.all)))

    def _is_centre(self, source: Source) -> bool:
        best = None if source.is_void else self._placing.best(source)
        return best is not None and best.table.main and not best.each

    # Reading.

    def _read(self, source: Source, ready: Ready, node: Node) -> None:
        merge(node, self._reader.read(ready, source))
        if ready.table.per and ready.each:
            child = id_in(self._placing.referred(source, ready, "@child"), ("children",))
            if child:
                merge(node, Node(members={ready.table.per: [Leaf(child, source.steps)]}))
        # One person may have several posts, and each is a practitioner of ours.
        person = self._placing.referred(source, ready, "@practitioner")
        if person is not None and person.ready is not None and person.node is not node:
            merge(node, self._reader.read(person.ready, person))

    def _read_inner(self, read: list[tuple[Source, Ready]]) -> None:
        """Put what stands in other items there, all of one table at once."""
        together: dict[tuple[int, str], list[tuple[Source, Ready]]] = {}
        for each, ready in read:
            if self._placing.way(ready) is Way.INNER:
                key = id(each.holder), ready.table.key + "/".join(ready.each)
                together.setdefault(key, []).append((each, ready))
        for group in together.values():
            first, ready = group[0]
            holder = first.holder
            # What is said once for each child is one item.
            nodes = list(dict.fromkeys(each.node for each, _ in group if each.node))
            if holder is None:
                continue
            names = self._placing.names_of(ready)
            if self._placing.is_list(ready):
                holder.set(names, nodes)
            else:
                for node in nodes:
                    holder.set(names, node)

    def _read_composition(self) -> None:
        """Read the document's own Composition: all of its tables do."""
        first = next((each for each in self._all.all if each.type == "Composition"), None)
        if first is None or first.is_void:
            return
        for ready in composition_tables(self._type):
            said = self._reader.read(ready, first)
            for name, leaf in list(said.members.items()):
                if isinstance(leaf, Leaf) and self._only_fills(leaf, first):
                    del said.members[name]
            merge(self._record, said)
        sections = look(Spot(first.resource), ())
        self._mark_sections(first, sections)

    def _only_fills(self, leaf: Leaf, composition: Source) -> bool:
        """Tell whether R4 asks for what a Composition says, and the record need not say it."""
        if leaf.steps == (*composition.steps, "title"):
            return bool(leaf.value == fields_of(self._type).title)
        return str(leaf.value).endswith(_DAY_ONLY)

    def _mark_sections(self, source: Source, whole: Spot | None) -> None:
        """Note the frame of each section: its text is news, its frame is none."""
        given = whole.value.get("section") if whole else None
        for section in entries(Spot(given, ("section",)), Entry()):
            for name in ("title", "code", "entry"):
                source.mark((*section.steps, name))

    def _read_extensions(self, source: Source, node: Node) -> None:
        """Read items that are extensions of the resource of a person or an organisation."""
        spot = Spot(source.resource.get("extension"), ("extension",))
        for ready in ready_tables(self._type):
            if not ready.onto or source.holder is not None:
                continue
            for entry in entries(spot, Entry(facts={"url": structure(ready.table.name)})):
                said = self._reader.read(ready, source, entry)
                if said.members and node.value("id"):
                    said.members[ready.onto] = Leaf(node.value("id"), said.steps)
                    source.mark((*entry.steps, "url"))
                    self._record.members.setdefault(ready.each[0], []).append(said)

    def _read_relation(self, source: Source, ready: Ready, node: Node) -> None:
        """Read how a person is related to a child, if no extension has told it."""
        rule = rule_of(ready, "@relation")
        spot = look(Spot(source.resource), rule.theirs) if rule else None
        child = id_in(self._placing.referred(source, ready, "@patient"), ("children",))
        if spot is None or child is None:
            return
        kind = "relationship-type"
        code = concept_back(kind, kind, spot.value) or by_words(spot.value, kind)
        if code is None:
            return
        source.mark(spot.steps)
        steps = source.at(spot.steps)
        known = self._record.members.setdefault("relationships", [])
        person = node.value("id")
        if any(
            (each.value("person"), each.value("relatedTo")) == (person, child) for each in known
        ):
            return
        facts = {"person": person, "relatedTo": child, "type": code}
        known.append(Node(steps, {name: Leaf(value, steps) for name, value in facts.items()}))

    def _mark_groups(self) -> None:
        """Note that a Group of the children says nothing beyond who they are."""
        for each in self._all.all:
            if each.type == "Group" and all(self._is_child(each, one) for one in _members(each)):
                each.read |= {(name,) for name in each.given}

    def _is_child(self, source: Source, member: Any) -> bool:
        entity = member.get("entity") if isinstance(member, Mapping) else None
        return id_in(self._all.lookup(entity, source), ("children",)) is not None


def _members(group: Source) -> Iterator[Any]:
    given = group.resource.get("member")
    yield from given if isinstance(given, list) else [None]


_SAYS_NOTHING: Final = frozenset({"resourceType", "id", "meta", "text", "language", "contained"})
"""Elements of every resource that say nothing of a family: ``text`` is made from the others."""
_FRAME: Final = {
    "Composition": frozenset({"status", "type", "subject", "title", "confidentiality"}),
    # What the rest was made from.
    "Provenance": frozenset({"target", "entity"}),
}
"""What a document always says of itself."""


@dataclass(frozen=True, slots=True)
class Unread:
    """Something that was not read.

    Attributes:
        kind: ``resource``, ``void`` (a resource entered in error), ``element`` or
            ``date`` (a year or month, where a day is wanted).
        steps: where it stands in the document.
    """

    kind: str
    steps: Steps


def unread(sources: Iterable[Source]) -> Iterator[Unread]:
    """Yield what was not read, each at the highest place of which nothing was."""
    for source in sources:
        if source.is_void:
            yield Unread("void", source.steps)
        elif not source.read:
            yield Unread("resource", source.steps)
        else:
            yield from _elements(source)


def _elements(source: Source) -> Iterator[Unread]:
    # A prefix of what was read is read in part.
    begun = {steps[:length] for steps in source.read for length in range(len(steps))}
    frame = _FRAME.get(source.type, frozenset())
    for name, value in source.given.items():
        if name not in _SAYS_NOTHING and name not in frame:
            yield from _walk(value, (name,), source, begun)


def _walk(value: Any, steps: Steps, source: Source, begun: set[Steps]) -> Iterator[Unread]:
    if steps in source.read or value == NOT_RECORDED:
        return
    if steps in begun and isinstance(value, dict):
        for name, inner in value.items():
            if name != "id":
                yield from _walk(inner, (*steps, name), source, begun)
    elif steps in begun and isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _walk(inner, (*steps, number), source, begun)
    else:
        kind = "date" if is_partial(value) and "T" not in value else "element"
        yield Unread(kind, (*source.steps, *steps))
