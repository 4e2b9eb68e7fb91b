"""Which table reads a resource of somebody else's, and which item of the record it becomes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any, Final

import orjson

from eh_interop.core.errors import MappingError
from eh_interop.core.pointer import Steps
from eh_interop.formats.fhir.compile import field_at, ready_tables
from eh_interop.formats.fhir.compiled import FieldRule, Path, Ready
from eh_interop.formats.fhir.names import code_system
from eh_interop.formats.fhir.normalise import Source, Sources
from eh_interop.formats.fhir.record_tree import Leaf, Node
from eh_interop.formats.fhir.resource_reader import Backwards, Spot, look, tells
from eh_interop.standard.fields import fields_of

_PER: Final = frozenset({"id", "patient", "subject"})
"""What tells apart the resources that our own Bundles have for each child."""


class Way(Enum):
    """How a table's resources come into the record."""

    ITEM = "an item of its own, or the record itself"
    MORE = "more words on an item that another resource is"
    INNER = "part of another item, to which nothing refers"


class Placing:
    """Gives each resource of a Bundle its table and its place in the record."""

    def __init__(self, record_type: str, sources: Sources, reader: Backwards) -> None:
        self._tables = ready_tables(record_type)
        self._root = fields_of(record_type)
        self._all, self._reader = sources, reader
        self._ours = any(_is_ours(each) for each in sources.all)
        self._twins: dict[tuple[str, bytes], Source] = {}
        self._found: dict[tuple[str, ...], tuple[list[Source], dict[int, Source]]] = {}
        self._signed: dict[str, bool] = {}
        self.record = Node()

    def place_all(self, centre: Source | None) -> None:
        """Place items first, then what stands in them or says more of them.

        Args:
            centre: the one resource that is the record itself, of several that could be.
        """
        waiting: list[tuple[Source, list[Ready]]] = []
        for each in self._all.all:
            fitting = [] if each.is_void or each.type == "Composition" else self.fitting(each)
            best = fitting[0] if fitting else None
            if best is None or self.way(best) is not Way.ITEM:
                waiting.append((each, fitting))
            else:
                items = (ready for ready in fitting if self.way(ready) is Way.ITEM)
                chosen = next((ready for ready in items if self._may(ready, each, centre)), None)
                if chosen is not None:
                    self._place(each, chosen)
        while waiting:
            late = [pair for pair in waiting if not self._place_late(*pair)]
            if len(late) == len(waiting):
                break
            waiting = late
        for each, fitting in waiting:
            # What says more of something unknown may still be something of its own.
            alone = (ready for ready in fitting if ready.each and self.way(ready) is Way.ITEM)
            if (chosen := next(alone, None)) is not None:
                self._place(each, chosen)

    def _may(self, ready: Ready, source: Source, centre: Source | None) -> bool:
        """Tell whether a table may read a resource: what the record is, is one resource only.

        Our own Bundles have that once for each child.
        """
        if ready.each or not ready.table.main or source is centre:
            return True
        return bool(ready.table.per) and self._ours

    def best(self, source: Source) -> Ready | None:
        """Return the table that fits a resource best."""
        return next(iter(self.fitting(source)), None)

    def fitting(self, source: Source) -> list[Ready]:
        """Return the tables that could read a resource, the best first."""
        found = [
            ready
            for ready in self._tables
            if ready.table.type == source.type
            and (_has_signs(source, ready) or self._stands_in(ready))
            and _names_field(ready, source)
            and self._reader.says(ready, source)
        ]
        return sorted(found, key=lambda each: _rank(each, source), reverse=True)

    def _stands_in(self, ready: Ready) -> bool:
        """Tell whether a table for the record itself may read what has not its signs.

        Other people do not know our signs. If a resource has them, it alone is meant.
        """
        if ready.each or not ready.table.main:
            return False
        if ready.table.key not in self._signed:
            same = (each for each in self._all.all if each.type == ready.table.type)
            self._signed[ready.table.key] = any(_has_signs(each, ready) for each in same)
        return not self._signed[ready.table.key]

    def way(self, ready: Ready) -> Way:
        """Tell how a table's resources come into the record."""
        if rule_of(ready, "@item"):
            return Way.MORE
        if ready.table.main or not ready.each:
            return Way.ITEM
        mains = (table for table in self._tables if table.table.main and table.each == ready.each)
        return Way.MORE if any(mains) else Way.INNER

    def referred(self, source: Source, ready: Ready, word: str) -> Source | None:
        """Return what a resource names where its table has a word."""
        rule = rule_of(ready, word)
        spot = look(Spot(source.resource), rule.theirs) if rule else None
        return self._all.lookup(spot.value, source) if spot else None

    def names_of(self, ready: Ready) -> tuple[str, ...]:
        """Return the names from the item around to the items of a table."""
        return tuple("/".join(ready.each).rsplit("/*/", 1)[-1].split("/"))

    def is_list(self, ready: Ready) -> bool:
        """Tell whether the items of a table are the entries of a list."""
        field = field_at(self._root, ready.each)
        if field is None:
            raise MappingError("A table leads to a field that the record type does not have.")
        return field.repeats

    def _place(self, source: Source, ready: Ready) -> None:
        source.ready = ready
        if not ready.each:
            source.node = self.record
            return
        twin = self._twin(source, ready)
        if twin is not source:
            source.node, source.place = twin.node, twin.place
            return
        holder = self.record
        for name in ready.each[:-1]:
            holder = holder.members.setdefault(name, Node(source.steps))
        last, node = ready.each[-1], Node(source.steps)
        if not self.is_list(ready):
            source.node, source.place = holder.members.setdefault(last, node), ready.each
            return
        members = holder.members.setdefault(last, [])
        members.append(node)
        node.members["id"] = Leaf(f"{last}-{len(members)}", source.steps)
        source.node, source.place = node, (*ready.each, len(members) - 1)

    def _twin(self, source: Source, ready: Ready) -> Source:
        """Return the first resource that says the same of another child, in our own Bundles.

        They say it once for each child, and it is one item.
        """
        if not (ready.table.per and self._ours):
            return source
        said = {key: each for key, each in source.resource.items() if key not in _PER}
        key = ready.table.key, orjson.dumps(said, option=orjson.OPT_SORT_KEYS)
        return self._twins.setdefault(key, source)

    def _place_late(self, source: Source, fitting: list[Ready]) -> bool:
        """Place a resource in the item to which it refers, by the table that explains most."""
        known = [ready for ready in fitting if self._holder(source, ready) is not None]
        for ready in sorted(known, key=lambda each: self._key(each, source), reverse=True):
            holder = self._holder(source, ready)
            if holder is None:
                continue
            source.ready, source.place = ready, holder[1]
            twin = self._twin(source, ready)
            if self.way(ready) is Way.MORE:
                source.node = holder[0]
            else:
                source.node = Node(source.steps) if twin is source else twin.node
            source.holder = holder[0]
            return True
        return False

    def _key(self, ready: Ready, source: Source) -> tuple[int, int]:
        return len(ready.signs), self._reader.explains(ready, source)

    def _holder(self, source: Source, ready: Ready) -> tuple[Node, Steps] | None:
        """Return the item of which a resource says more, or in which it stands."""
        if self.way(ready) is Way.INNER and "*" not in ready.each:
            return self.record, ()
        word = "@item" if rule_of(ready, "@item") else "@around"
        if rule_of(ready, word) is None:
            return self._beside(source, ready)
        found = self.referred(source, ready, word)
        if found is None or found.node is None:
            alone = not ready.each and all(each.ready is not ready for each in self._all.all)
            return (self.record, ()) if alone and not _has(source, ready, word) else None
        return (found.node, found.place) if found.place[:1] == ready.each[:1] else None

    def _mains(self, each: tuple[str, ...]) -> tuple[list[Source], dict[int, Source]]:
        """Return the items of a list, and each by the resource that it names beside it.

        It is asked for when all items have been placed.
        """
        if each not in self._found:
            mains = [
                source
                for source in self._all.all
                if source.ready and source.ready.table.main and source.ready.each == each
            ]
            named: dict[int, Source] = {}
            for main in mains:
                beside = self.referred(main, main.ready, "@practitioner") if main.ready else None
                if beside is not None:
                    named.setdefault(id(beside), main)
            self._found[each] = mains, named
        return self._found[each]

    def _beside(self, source: Source, ready: Ready) -> tuple[Node, Steps] | None:
        """Return the item whose main resource names this one, or that is the only one."""
        mains, named = self._mains(ready.each)
        if id(source) in named:
            each = named[id(source)]
            return (each.node, each.place) if each.node is not None else None
        if ready.table.always:
            self._place(source, ready)
        elif len(mains) == 1:
            source.node, source.place = mains[0].node, mains[0].place
        return (source.node, source.place) if source.node is not None else None


def rule_of(ready: Ready, word: str) -> FieldRule | None:
    """Return the row of a table that has a word."""
    return next((field for field in ready.rules.fields if field.word == word), None)


def states(resource: Mapping[str, Any], path: Path, value: Any) -> bool:
    """Tell whether a resource says something at a path."""
    spot = look(Spot(resource), path)
    return spot is not None and tells(spot.value, value)


def _has_signs(source: Source, ready: Ready) -> bool:
    return all(states(source.resource, path, value) for path, value in ready.signs)


def _has(source: Source, ready: Ready, word: str) -> bool:
    rule = rule_of(ready, word)
    return rule is not None and look(Spot(source.resource), rule.theirs) is not None


def _names_field(ready: Ready, source: Source) -> bool:
    """Tell whether a resource names the field for which the table is, if the table does."""
    rule = rule_of(ready, "@field")
    named = {"coding": [{"system": code_system("field"), "code": ".".join(ready.each)}]}
    return rule is None or states(source.resource, rule.theirs, named)


def _rank(ready: Ready, source: Source) -> tuple[int, bool, bool, int, bool, bool]:
    signs = len(ready.signs) if _has_signs(source, ready) else 0
    required = sum(field.required and not field.word for field in ready.rules.fields)
    names_field = rule_of(ready, "@field") is not None
    names_item = _has(source, ready, "@item")
    main = ready.table.main
    return signs + required, names_field, names_item, required, main, main and not ready.each


def _is_ours(source: Source) -> bool:
    coding = {"system": code_system("record-type")}
    return source.type == "Composition" and tells(source.resource, {"type": {"coding": [coding]}})


def composition_tables(record_type: str) -> Iterator[Ready]:
    """Yield the tables that read the Composition of a document: all of them do."""
    for ready in ready_tables(record_type):
        if ready.table.type == "Composition" and not ready.each:
            yield ready
