"""A table read from right to left: what one resource says of one item of the record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

from eh_interop.core.pointer import Steps
from eh_interop.formats.fhir.compile import field_at
from eh_interop.formats.fhir.compiled import (
    Entry,
    Facts,
    FieldRule,
    ListRule,
    Path,
    Ready,
    Rules,
    Step,
    get,
    put,
)
from eh_interop.formats.fhir.normalise import Source, Sources
from eh_interop.formats.fhir.record_tree import Leaf, Node, node_of
from eh_interop.standard.code_lists import titles
from eh_interop.standard.fields import Field, Kind
from eh_interop.standard.kinds import fitted

NOT_RECORDED: Final = {"display": "Not recorded"}
"""What stands where FHIR asks for a reference and the record names nobody."""
_WORDING: Final = frozenset({"display", "title"})


@dataclass(frozen=True, slots=True)
class Spot:
    """A value in a resource, where it stands, and what told that it is the one."""

    value: Any
    steps: Steps = ()
    signs: tuple[Steps, ...] = ()


@dataclass(frozen=True, slots=True)
class _Found:
    """One reading of a field."""

    rule: FieldRule
    spot: Spot
    value: Any
    weak: bool


def tells(value: Any, facts: Any) -> bool:
    """Tell whether a value says all of the facts. Codes count, not the words beside them."""
    if isinstance(facts, Mapping):
        names = facts.keys() - _WORDING if "code" in facts else facts.keys()
        return isinstance(value, Mapping) and all(
            name in value and tells(value[name], facts[name]) for name in names
        )
    if isinstance(facts, list):
        return isinstance(value, list) and all(
            any(tells(each, fact) for each in value) for fact in facts
        )
    return bool(value == facts)


def look(spot: Spot, path: Path) -> Spot | None:
    """Return what stands at a path; None if nothing does."""
    for step in path:
        if not isinstance(spot.value, Mapping) or step.element not in spot.value:
            return None
        spot = Spot(spot.value[step.element], (*spot.steps, step.element), spot.signs)
        if step.entry is not None:
            chosen = next(entries(spot, step.entry), None)
            if chosen is None:
                return None
            spot = chosen
    return spot


def entries(spot: Spot, entry: Entry) -> Iterator[Spot]:
    """Yield the entries of a list that a step means."""
    for number, value in enumerate(spot.value if isinstance(spot.value, list) else ()):
        meant = not entry.facts or tells(value, entry.facts)
        if number == entry.index or (entry.index is None and meant):
            steps = (*spot.steps, number)
            # What told the slice is read with the first value of the entry.
            signs = tuple((*steps, name) for name in entry.facts)
            yield Spot(value, steps, (*spot.signs, *signs))


def _spots(whole: Spot, path: Path, *, any_position: bool) -> Iterator[Spot]:
    """Yield what a path means. Who is first of several may depend on who is known at all."""
    found = look(whole, path)
    if found is not None:
        yield found
    last = path[-1].entry if path else None
    if any_position and last is not None and last.index is not None:
        listed = look(whole, (*path[:-1], Step(path[-1].element)))
        if listed is not None:
            yield from entries(listed, Entry())


class Backwards:
    """Reads tables of one record type from right to left.

    It is the scene of the values, too: it knows what the references of a Bundle lead to.
    """

    def __init__(self, root: Field, sources: Sources) -> None:
        self._root, self._sources = root, sources
        self._source: Source | None = None
        # What each code would say, by the rule. Rules are made once and kept.
        self._said: dict[int, list[Any]] = {}

    def url(self, lists: tuple[str, ...], local_id: str) -> str | None:
        """Return nothing: a Bundle that is read needs no URLs."""
        del lists, local_id
        return None

    def local_id(self, lists: tuple[str, ...], reference: str) -> str | None:
        """Return the local id of what a reference leads to, if it is in one of these lists."""
        found = self._sources.named(reference, self._source) if self._source else None
        return id_in(found, lists)

    def explains(self, ready: Ready, source: Source) -> int:
        """Count the elements of a resource that a table reads."""
        trial = replace(source, read=set())
        self.read(ready, trial)
        return len(trial.read)

    def read(self, ready: Ready, source: Source, spot: Spot | None = None) -> Node:
        """Return what a resource says, or an extension at ``spot``; what was read is marked."""
        self._source = source
        item = field_at(self._root, _item(self._root, ready.each)) or self._root
        whole = spot or Spot(source.resource)
        return self._node(ready.rules, whole, item, source, _always(ready.rules))

    def says(self, ready: Ready, source: Source) -> bool:
        """Tell whether a resource says all without which ours would not have been made."""
        self._source = source
        item = field_at(self._root, _item(self._root, ready.each)) or self._root
        whole = Spot(source.resource)
        return all(
            self._found(rule, whole, item, {}) is not None
            for rule in ready.rules.fields
            if rule.required and not rule.word
        )

    def _node(
        self, rules: Rules, whole: Spot, item: Field, source: Source, always: Mapping[str, Any]
    ) -> Node:
        node = Node(source.at(whole.steps))
        taken = self._taken(rules, whole, item, always)
        for names, readings in taken.items():
            best = max(readings, key=lambda reading: self._support(reading, rules, whole))
            for reading in readings:
                self._mark(source, reading.spot)
            node.set(names, _member(best, source))
        for rule in rules.lists:
            found = list(self._list(rule, rules, whole, item, source))
            if found:
                node.set(rule.ours, found)
        for word in rules.fields:
            spot = look(whole, word.theirs) if word.word or word.up else None
            if spot is not None and self._is_told(word, spot):
                self._mark(source, spot)
        self._mark_constants(rules, whole, source)
        return node

    def _is_told(self, rule: FieldRule, spot: Spot) -> bool:
        """Tell whether another element, or another resource, tells what a word refers to."""
        if rule.word == "@author":
            documents = (each for each in self._sources.all if each.type == "Composition")
            return any(tells(document.resource, {"author": [spot.value]}) for document in documents)
        return rule.word != "@relation"

    def _mark_constants(self, rules: Rules, whole: Spot, source: Source) -> None:
        """Note what ours always says: it is no news."""
        for path, constant in rules.constants:
            spot = look(whole, path)
            if spot is not None and isinstance(constant, list):
                for entry in entries(spot, Entry()):
                    if any(tells(entry.value, fact) for fact in constant):
                        self._mark(source, entry)
            elif spot is not None and tells(spot.value, constant):
                self._mark(source, spot)

    def _taken(
        self, rules: Rules, whole: Spot, item: Field, always: Mapping[str, Any]
    ) -> dict[tuple[str, ...], list[_Found]]:
        """Return the readings of each field. Of fields that share an element one is read."""
        by_place: dict[Steps, list[_Found]] = {}
        for rule in rules.fields:
            found = self._found(rule, whole, item, always)
            if found is not None:
                by_place.setdefault(found.spot.steps, []).append(found)
        taken: dict[tuple[str, ...], list[_Found]] = {}
        for readings in by_place.values():
            # A moment is more than its day.
            best = max(readings, key=lambda reading: reading.value == reading.spot.value)
            shared = sum(field.theirs == best.rule.theirs for field in rules.fields) > 1
            found = _Found(best.rule, best.spot, best.value, best.weak or shared)
            taken.setdefault(best.rule.ours, []).append(found)
        return taken

    def _found(
        self, rule: FieldRule, whole: Spot, item: Field, always: Mapping[str, Any]
    ) -> _Found | None:
        field = field_at(item, rule.ours)
        if rule.word or rule.up or field is None:
            return None
        filler = get(always, rule.theirs) if rule.theirs else None
        for spot in _spots(whole, rule.theirs, any_position=bool(field.refers_to)):
            value = None if filler == spot.value else self._back(rule, spot.value, field)
            if value is not None:
                break
        else:
            return None
        weak = filler is not None or self._is_vague(rule, field, spot.value)
        return _Found(rule, spot, value, weak)

    def _is_vague(self, rule: FieldRule, field: Field, theirs: Any) -> bool:
        """Tell whether several codes of ours would all be said in the same way."""
        if field.kind is not Kind.CODE:
            return False
        if id(rule) not in self._said:
            codes = titles(field.code_list)
            self._said[id(rule)] = [rule.pair.there(code, self) for code in codes]
        return self._said[id(rule)].count(theirs) > 1

    def _back(self, rule: FieldRule, value: Any, field: Field) -> Any:
        try:
            ours = rule.pair.back(value, self)
        except (AttributeError, KeyError, TypeError, ValueError):
            # A pair may rely on the kind that FHIR says. What is of another is not read,
            # and listed like everything that is not read.
            return None
        if ours is None and field.kind is Kind.CODE:
            ours = by_words(value, field.code_list)
        if isinstance(ours, list) and field.repeats:
            return ours if ours and all(fitted(our, field) == our for our in ours) else None
        return None if ours is None else fitted(ours, field)

    def _support(self, found: _Found, rules: Rules, whole: Spot) -> int:
        """Count the elements that would say what they say if this reading is the right one."""
        count = 0 if found.weak else len(rules.fields)
        for rule in rules.fields:
            if rule.ours == found.rule.ours and not rule.word:
                theirs, spot = rule.pair.there(found.value, self), look(whole, rule.theirs)
                count += theirs is not None and spot is not None and tells(spot.value, theirs)
        return count

    def _list(
        self, rule: ListRule, rules: Rules, whole: Spot, item: Field, source: Source
    ) -> Iterator[Any]:
        holder, inner = look(whole, rule.holder), field_at(item, rule.ours)
        if holder is None or inner is None or not isinstance(holder.value, Mapping):
            return
        spot = Spot(holder.value.get(rule.element), (*holder.steps, rule.element), holder.signs)
        others = _slices(rules, rule)
        for entry in entries(spot, rule.entry):
            if any(tells(entry.value, facts) for facts in others):
                continue
            said = self._entry(rule.each, entry, inner, source)
            if said is not None:
                yield said

    def _entry(self, rules: Rules, spot: Spot, field: Field, source: Source) -> Any:
        if len(rules.fields) == 1 and not rules.fields[0].ours:
            found = self._found(rules.fields[0], spot, field, {})
            if found is None:
                return None
            self._mark(source, found.spot)
            self._mark_constants(rules, spot, source)
            return _member(found, source)
        node = self._node(rules, spot, field, source, {})
        # What only says something vague may be said of the whole, and of no entry.
        return node if any(not _is_weak(member) for member in node.members.values()) else None

    def _mark(self, source: Source, spot: Spot) -> None:
        for steps in (spot.steps, *spot.signs):
            source.mark(steps)


def _item(root: Field, each: tuple[str, ...]) -> Iterable[str]:
    """Return the path of the item's field: a star more, if ``each`` ends in a list."""
    found = field_at(root, each)
    return (*each, "*") if each and found is not None and found.repeats else each


def _always(rules: Rules) -> dict[str, Any]:
    """Return what a resource of the table says even if the record says nothing."""
    said: dict[str, Any] = {}
    for path, value in rules.constants:
        put(said, path, value)
    return said


def _member(found: _Found, source: Source) -> Any:
    steps = source.at(found.spot.steps)
    if isinstance(found.value, list):
        return [node_of(each, steps) for each in found.value]
    if isinstance(found.value, Mapping):
        return node_of(found.value, steps)
    return Leaf(found.value, steps, found.weak)


def _slices(rules: Rules, rule: ListRule) -> list[Facts]:
    """Return the slices of a list that other rows mean, if a row means every entry of it."""
    if rule.entry.facts or rule.entry.index is not None:
        return []
    at = len(rule.holder)
    steps = [
        field.theirs[at]
        for field in rules.fields
        if len(field.theirs) > at + 1 and field.theirs[:at] == rule.holder
    ]
    listed = [
        list_.entry
        for list_ in rules.lists
        if (list_.holder, list_.element) == (rule.holder, rule.element)
    ]
    named = [step.entry for step in steps if step.element == rule.element and step.entry]
    return [each.facts for each in (*listed, *named) if each.facts]


def _is_weak(member: Any) -> bool:
    return isinstance(member, Leaf) and member.weak


@cache
def _codes_by_title(code_list: str) -> Mapping[str, str]:
    return {title.casefold(): code for code, title in titles(code_list).items()}


def by_words(value: Any, code_list: str) -> str | None:
    """Return the code whose title is what a concept without a code that we know says."""
    if not isinstance(value, Mapping) or value.keys() & {"reference", "identifier"}:
        return None
    codings = value.get("coding")
    said = [value.get("text"), value.get("display")]
    listed = codings if isinstance(codings, list) else []
    said += [each.get("display") for each in listed if isinstance(each, Mapping)]
    known = _codes_by_title(code_list)
    found = (known.get(each.strip().casefold()) for each in said if isinstance(each, str))
    return next((code for code in found if code), None)


def id_in(source: Source | None, lists: tuple[str, ...]) -> str | None:
    """Return the local id of the item that a resource becomes, if it is in one of these lists."""
    if source is None or source.node is None or not source.place or source.place[0] not in lists:
        return None
    found = source.node.value("id")
    return found if isinstance(found, str) else None
