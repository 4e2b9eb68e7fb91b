"""A record from typed resources alone: what somebody else's Bundle says, as far as it goes.

Each resource goes to the table whose constants it states; the table is read from
right to left. What no table reads is listed, so that nothing is lost in silence.
What the record then lacks is for the checks to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from eh_interop.errors import MappingError
from eh_interop.fhir.compile import FieldRule, ListRule, Ready, Rules, field_at, ready_tables
from eh_interop.fhir.fields import Field, fields_of
from eh_interop.fhir.names import RECORD_IDENTIFIER, code_system, resource_id
from eh_interop.fhir.paths import Entry, Path, says
from eh_interop.fhir.sources import Source, Sources
from eh_interop.fhir.values import concept_back
from eh_interop.pointer import Steps
from eh_interop.standard import CURRENT, load_standard

_LOCAL_ID: Final = re.compile(r"[A-Za-z0-9.-]{1,64}")
_EVERYWHERE: Final = frozenset({"resourceType", "id", "meta", "text", "language", "contained"})
_CENTRES: Final = (
    ("ServiceRequest", "marf"),
    ("CarePlan", "plan"),
    ("Consent", "consent-record"),
    ("Observation", "early-help-assessment"),
)
"""Which record a Bundle without a Composition of ours is, by what it turns on."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a Bundle of somebody else's says.

    Attributes:
        record: a record; it may lack much, and its shape may not be sound.
        paths: the FHIRPath of what each place of the record was read from.
        unread: FHIRPaths of resources and elements that no table reads.
    """

    record: dict[str, Any] = field(repr=False)
    paths: Mapping[Steps, str]
    unread: tuple[str, ...]


def record_type_of(bundle: Mapping[str, Any]) -> str | None:
    """Say which record type a Bundle is: by its Composition, else by what it turns on."""
    sources = Sources(bundle).all
    system = code_system("record-type")
    for each in sources:
        if each.type == "Composition":
            for coding in (each.resource.get("type") or {}).get("coding", ()):
                if coding.get("system") == system and coding.get("code") in _record_types():
                    return str(coding["code"])
    types = {each.type for each in sources}
    return next((record_type for centre, record_type in _CENTRES if centre in types), None)


def _record_types() -> tuple[str, ...]:
    return load_standard().record_types


def gather(bundle: Mapping[str, Any], record_type: str) -> Gathered:
    """Make a record of the typed resources of a Bundle, or of one resource.

    Raises:
        MappingError: a mapping table of this installation is broken.
    """
    return _Gathering(bundle, record_type).result()


class _Gathering:
    """Reads one Bundle."""

    def __init__(self, bundle: Mapping[str, Any], record_type: str) -> None:
        self._type = record_type
        self._tables = ready_tables(record_type)
        self._all = Sources(bundle)
        self._record: dict[str, Any] = {}
        self._paths: dict[Steps, str] = {}
        self._reading: Source | None = None
        self._ids: dict[tuple[str, str], Source] = {}

    def result(self) -> Gathered:
        known = [(each, ready) for each in self._all.all if (ready := self._table_for(each))]
        # What stands in an item, or says more of one, comes after the items.
        for each, ready in sorted(known, key=lambda pair: _belongs(pair[1])):
            each.ready = ready
            self._place(each, ready)
        for each, ready in known:
            if each.item is not None:
                self._reading = each
                self._fill(ready.rules, each.resource, each.item, each.steps, each)
                self._words(each, ready, each.item)
        self._name_record()
        return Gathered(self._tidy(), self._paths, tuple(self._unread()))

    # Scene: what references mean in this Bundle.

    def url(self, lists: tuple[str, ...], local_id: str) -> str | None:
        """Return nothing: a Bundle that is read needs no URLs."""
        del lists, local_id
        return None

    def local_id(self, lists: tuple[str, ...], reference: str) -> str | None:
        """Return the local id of what a reference leads to, if it is in one of these lists."""
        found = self._all.lookup(reference, self._reading) if self._reading else None
        if found is None or found.item is None or not found.steps:
            return None
        return found.item.get("id") if found.steps[0] in lists else None

    # Which table, which item.

    def _table_for(self, source: Source) -> Ready | None:
        fitting = [
            ready
            for ready in self._tables
            if ready.table.type == source.type
            and all(_states(source.resource, path, value) for path, value in ready.signs)
        ]
        return max(fitting, key=lambda each: (len(each.signs), each.table.main), default=None)

    def _place(self, source: Source, ready: Ready) -> None:
        """Find or make the item that a resource becomes. One without a place is not read."""
        word = "@item" if _rule(ready, "@item") else "@around"
        if not ready.each:
            source.item = self._record
            return
        if not _belongs(ready):
            source.item, source.steps = self._new_item(self._record, ready.each, ())
        else:
            holder = self._referred(source, ready, word)
            if holder is None or holder.item is None:
                return
            source.item, source.steps = holder.item, holder.steps
            if word == "@around":
                last = "/".join(ready.each).rsplit("/*/", 1)[-1].split("/")
                source.item, source.steps = self._new_item(holder.item, tuple(last), holder.steps)
        self._paths.setdefault(source.steps, source.path)

    def _referred(self, source: Source, ready: Ready, word: str) -> Source | None:
        rule = _rule(ready, word)
        value = _read(source.resource, rule.theirs) if rule else None
        reference = value.get("reference") if isinstance(value, Mapping) else None
        return self._all.lookup(reference, source) if isinstance(reference, str) else None

    def _new_item(
        self, holder: dict[str, Any], names: tuple[str, ...], above: Steps
    ) -> tuple[dict[str, Any], Steps]:
        field_ = self._field((*above, *names))
        for name in names[:-1]:
            holder = holder.setdefault(name, {})
        if not field_.repeats:
            item: dict[str, Any] = holder.setdefault(names[-1], {})
            return item, (*above, *names)
        members: list[dict[str, Any]] = holder.setdefault(names[-1], [])
        item = {}
        members.append(item)
        if any(each.name == "id" for each in field_.fields):
            item["id"] = f"{names[-1]}-{len(members)}"
        return item, (*above, *names, len(members) - 1)

    def _field(self, steps: Steps) -> Field:
        names = [step for step in steps if isinstance(step, str)]
        found = field_at(fields_of(self._type), names)
        if found is None:
            raise MappingError("A table leads to a field that the record type does not have.")
        return found

    # Reading a table from right to left.

    def _fill(
        self,
        rules: Rules,
        theirs: Any,
        item: dict[str, Any],
        steps: Steps,
        source: Source,
    ) -> None:
        for rule in rules.fields:
            if rule.word or rule.up:
                continue
            value = _read(theirs, rule.theirs)
            ours = None if value is None else self._back(rule, value)
            if ours is not None:
                _set(item, rule.ours, ours)
                self._paths[(*steps, *rule.ours)] = _path(source.path, rule.theirs)
        for each in rules.lists:
            self._fill_list(each, theirs, item, steps, source)

    def _back(self, rule: FieldRule, value: Any) -> Any:
        try:
            return rule.pair.back(value, self)
        except (AttributeError, KeyError, LookupError, TypeError, ValueError):
            # It is not what FHIR says it is. The element is listed as not read.
            return None

    def _fill_list(
        self, rule: ListRule, theirs: Any, item: dict[str, Any], steps: Steps, source: Source
    ) -> None:
        holder = _read(theirs, rule.holder) if rule.holder else theirs
        entries = holder.get(rule.element) if isinstance(holder, Mapping) else None
        if not isinstance(entries, list):
            return
        found: list[Any] = []
        for entry in entries:
            if rule.entry.facts and not says(entry, rule.entry.facts):
                continue
            value = self._entry(rule.each, entry, (*steps, *rule.ours, len(found)), source)
            if value not in (None, {}, ""):
                found.append(value)
        if found:
            _set(item, rule.ours, found)

    def _entry(self, rules: Rules, entry: Any, steps: Steps, source: Source) -> Any:
        if len(rules.fields) == 1 and not rules.fields[0].ours:
            rule = rules.fields[0]
            value = _read(entry, rule.theirs)
            return None if value is None else self._back(rule, value)
        item: dict[str, Any] = {}
        self._fill(rules, entry, item, steps, source)
        return item

    def _words(self, source: Source, ready: Ready, item: dict[str, Any]) -> None:
        """Read what words of the vocabulary wrote: whose child, and which relationship."""
        if ready.table.per and ready.each:
            child = self._id_of(source, ready, "@child", ("children",))
            if child:
                item[ready.table.per] = [child]
        relation = _rule(ready, "@relation")
        if relation is not None:
            child = self._id_of(source, ready, "@patient", ("children",))
            value = _read(source.resource, relation.theirs)
            code = concept_back("relationship-type", "relationship-type", value)
            if child and code:
                relationships = self._record.setdefault("relationships", [])
                relationships.append({"person": item.get("id"), "relatedTo": child, "type": code})

    def _id_of(self, source: Source, ready: Ready, word: str, lists: tuple[str, ...]) -> str | None:
        found = self._referred(source, ready, word)
        if found is None or found.item is None or not found.steps or found.steps[0] not in lists:
            return None
        return found.item.get("id")

    # The record itself.

    def _name_record(self) -> None:
        record = self._record
        record["recordType"], record["standardVersion"] = self._type, CURRENT
        if "recordId" not in record:
            record["recordId"] = self._record_id()

    def _record_id(self) -> str:
        """Take the sender's own identifier, if it has the form of an id; else make one of it."""
        given = "/".join(name for each in self._all.all for name in each.names[:1])
        for each in self._all.all:
            identifier = each.resource.get("identifier")
            first = identifier[0] if isinstance(identifier, list) and identifier else identifier
            value = first.get("value") if isinstance(first, Mapping) else None
            if (
                each.type in {"Composition", "ServiceRequest", "CarePlan"}
                and isinstance(value, str)
                and _LOCAL_ID.fullmatch(value)
            ):
                return value
        return resource_id(f"{RECORD_IDENTIFIER}/{given}")

    def _tidy(self) -> dict[str, Any]:
        """Drop items of which nothing but an id was said, and lists that are then empty."""
        return {name: value for name, value in self._record.items() if value not in ([], {})}

    def _unread(self) -> Iterator[str]:
        for each in self._all.all:
            if each.ready is None or each.item is None:
                yield each.path
                continue
            known = {*_EVERYWHERE, *_elements(each.ready)}
            for name in each.resource:
                if name.lstrip("_") not in known:
                    yield f"{each.path}.{name}"


def _elements(ready: Ready) -> Iterable[str]:
    rules = ready.rules
    yield from (path[0].element for path, _ in rules.constants)
    yield from (rule.theirs[0].element for rule in rules.fields if rule.theirs)
    yield from ((rule.holder[0].element if rule.holder else rule.element) for rule in rules.lists)


def _belongs(ready: Ready) -> bool:
    """Tell whether a resource only says more of an item, or stands in one."""
    return _rule(ready, "@item") is not None or "*" in ready.each


def _rule(ready: Ready, word: str) -> FieldRule | None:
    return next((each for each in ready.rules.fields if each.word == word), None)


def _read(source: Any, path: Path) -> Any:
    """Return what stands at a path. An entry that does not deny the slice's facts will do."""
    for step in path:
        if not isinstance(source, Mapping):
            return None
        source = source.get(step.element)
        if step.entry is not None:
            source = _one(source, step.entry) if isinstance(source, list) else None
    return source


def _one(entries: list[Any], entry: Entry) -> Any:
    found = entry.find(entries)
    if found is None and entry.index is None and "use" in entry.facts:
        silent = (each for each in entries if isinstance(each, Mapping) and "use" not in each)
        found = next(silent, None)
    return found


def _states(resource: Mapping[str, Any], path: Path, value: Any) -> bool:
    stated = _read(resource, path)
    return stated is not None and says(stated, value)


def _set(item: dict[str, Any], steps: tuple[str, ...], value: Any) -> None:
    for step in steps[:-1]:
        item = item.setdefault(step, {})
    item[steps[-1]] = value


def _path(base: str, path: Path) -> str:
    return ".".join((base, *(step.element for step in path)))
