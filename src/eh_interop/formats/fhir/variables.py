"""One record on its way to FHIR: its items, the ids of their resources, and who it is about."""
# DOC words: The words of the mapping vocabulary: what a table can name that is no field of the item.
# 
# Each function here is a word: ``subject`` is written ``@subject`` in a table. It
# returns a value of FHIR, or None if there is nothing to say. A new function is
# found by itself.
# 

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from inspect import isfunction
from typing import Any, Final

from eh_interop.formats.fhir.compile import field_at
from eh_interop.formats.fhir.compiled import Ready
from eh_interop.formats.fhir.names import code_system, resource_id
from eh_interop.formats.fhir.values import concept
from eh_interop.standard.fields import fields_of

Resource = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Item:
    """One thing in the record that a table makes a resource of.

    Attributes:
        value: the object in the record.
        place: its steps in the record.
        around: the objects that it stands in, the nearest first; the record is the last.
    """

    value: Mapping[str, Any]
    place: tuple[str | int, ...]
    around: tuple[Mapping[str, Any], ...] = ()


def items(record: Mapping[str, Any], each: tuple[str, ...]) -> Iterator[Item]:
    """Yield every item of a record at a path in which ``*`` means each entry."""
    found = [Item(record, ())]
    if each:
        parts = "/".join(each).split("/*/")
        for part in parts:
            found = [inner for item in found for inner in _inside(item, part.split("/"))]
    yield from found


def _inside(item: Item, names: list[str]) -> Iterator[Item]:
    value: Any = item.value
    for name in names:
        value = value.get(name)
        if value is None:
            return
    around = (item.value, *item.around)
    if isinstance(value, list):
        for number, each in enumerate(value):
            yield Item(each, (*item.place, *names, number), around)
    else:
        yield Item(value, (*item.place, *names), around)


class RecordScene:
    """The resources of one record by the items that they stand for."""

    def __init__(self, record: Mapping[str, Any], tables: tuple[Ready, ...]) -> None:
        """Name the resource of every item that others can refer to."""
        self.record = record
        self.key = str(record["recordId"])
        self._urls: dict[str, dict[str, str]] = {}
        self._items: dict[tuple[str, ...], list[Item]] = {}
        for ready in tables:
            if ready.table.main:
                for item in self.items(ready.each):
                    # The record, or an object that it has once, needs no id.
                    once = not item.place or isinstance(item.place[-1], str)
                    local_id = item.value.get("id", "" if once else None)
                    if local_id is not None:
                        url = self.id_of(ready.table.key, item)
                        named = self._urls.setdefault(next(iter(ready.each), ""), {})
                        named.setdefault(local_id, f"urn:uuid:{url}")
        self.form = f"urn:uuid:{self.own_id('form')}"
        self.children = list(self._urls.get("children", {}).values())
        self.subject = self._subject()

    def items(self, each: tuple[str, ...]) -> list[Item]:
        """Return every item of the record at a path."""
        known = self._items.get(each)
        if known is None:
            known = self._items[each] = list(items(self.record, each))
        return known

    def id_of(self, key: str, item: Item, child: str = "") -> str:
        """Return the id of the resource that a table makes of an item (and a child)."""
        place = "/".join(map(str, item.place))
        return resource_id(f"{self.key}/{key}/{place}/{child}")

    def own_id(self, key: str) -> str:
        """Return the id of a resource that the record has once, such as its Composition."""
        return resource_id(f"{self.key}/{key}")

    def _subject(self) -> str | None:
        """Return the child, or the Group of the children; None for a record about nobody."""
        if len(self.children) < 2:  # noqa: PLR2004 (one child is a Patient)
            return self.children[0] if self.children else None
        return f"urn:uuid:{self.own_id('children')}"

    def url(self, lists: tuple[str, ...], local_id: str) -> str | None:
        """Return the URL of the resource that stands for a member of one of these lists."""
        for name in lists:
            url = self._urls.get(name, {}).get(local_id)
            if url is not None:
                return url
        return None

    def main(self, item: Item) -> str | None:
        """Return the URL of the main resource of an item; the record itself is one, too."""
        if not item.place:
            return self.url(("",), "")
        return self.url((str(item.place[0]),), item.value.get("id", ""))

    def local_id(self, lists: tuple[str, ...], reference: str) -> str | None:
        """Return the local id of what a reference leads to, if it is in one of these lists."""
        for name in lists:
            for local_id, url in self._urls.get(name, {}).items():
                if url == reference:
                    return local_id
        return None


Word = Callable[[Item, RecordScene, str], Any]

_NOT_RECORDED: Final = {"display": "Not recorded"}
_PRACTITIONER: Final = "practitioner-practitioner"
_TEAM: Final = "team-careteam"
_MEMBERS: Final = {
    "practitioner": ("practitioners",),
    "person": ("children", "people"),
    "organisation": ("organisations",),
}
"""What a member of the team is named by, and the lists that hold it."""


@cache
def words() -> Mapping[str, Word]:
    """Return every word by the name that tables use."""
    module = sys.modules[__name__]
    return {
        f"@{name.removesuffix('_')}": value
        for name, value in vars(module).items()
        if isfunction(value) and value.__module__ == __name__ and not name.startswith("_")
        if name != "words"
    }


def _reference(url: str | None) -> dict[str, str] | None:
    return {"reference": url} if url else None


def subject(item: Item, scene: RecordScene, child: str) -> Any:
    """Whom the record is about: the child, or the Group of the children."""
    del item, child
    return _reference(scene.subject)


def child_(item: Item, scene: RecordScene, child: str) -> Any:
    """Return the child for whom this resource is made, where there is one for each child."""
    del item, scene
    return _reference(child)


def form(item: Item, scene: RecordScene, child: str) -> Any:
    """Return the QuestionnaireResponse that holds the whole record."""
    del item, child
    return _reference(scene.form)


def item_(item: Item, scene: RecordScene, child: str) -> Any:
    """Return the main resource of the item itself, for a second table of the same item."""
    del child
    return _reference(scene.main(item))


def around(item: Item, scene: RecordScene, child: str) -> Any:
    """Return the main resource of what the item stands in."""
    del child
    nearest = item.around[0]
    place = () if nearest is scene.record else item.place
    return _reference(scene.main(Item(nearest, place)))


def field(item: Item, scene: RecordScene, child: str) -> Any:
    """Return which field of the record the item stands in, as a CodeableConcept.

    It tells apart the resources of a table that serves several fields.
    """
    del child
    link = ".".join(each for each in item.place if isinstance(each, str))
    known = field_at(fields_of(str(scene.record["recordType"])), link.split("."))
    if known is None:
        return None
    return {"coding": [{"system": code_system("field"), "code": link, "display": known.title}]}


def team(item: Item, scene: RecordScene, child: str) -> Any:
    """Return the CareTeam of the record, if somebody is in it."""
    del item, child
    leads = [*scene.record.get("leads", ()), scene.record.get("lead", {})]
    members = [*leads, *scene.record.get("team", ())]
    named = any(
        scene.url(lists, member.get(name, ""))
        for member in members
        for name, lists in _MEMBERS.items()
    )
    return _reference(f"urn:uuid:{scene.id_of(_TEAM, Item(scene.record, ()))}") if named else None


def goals(item: Item, scene: RecordScene, child: str) -> Any:
    """Return the Goals of the record, each of which tells of itself."""
    del item, child
    return list(_all("goals", scene)) or None


def actions(item: Item, scene: RecordScene, child: str) -> Any:
    """Return the Tasks of the record's actions, as the activities of a CarePlan."""
    del item, child
    names = ("actions", "outstandingActions")
    return [{"reference": each} for name in names for each in _all(name, scene)] or None


def _all(name: str, scene: RecordScene) -> Iterator[dict[str, str]]:
    """Yield a reference to every member of a list; to those of one id, which is a mistake, once."""
    urls = dict.fromkeys(
        scene.url((name,), each.get("id", "")) for each in scene.record.get(name, ())
    )
    yield from ({"reference": url} for url in urls if url)


def author(item: Item, scene: RecordScene, child: str) -> Any:
    """Who wrote the record; FHIR asks for somebody, so it says if that is not recorded."""
    del item, child
    url = scene.url(("practitioners",), scene.record.get("createdBy", ""))
    return _reference(url) or dict(_NOT_RECORDED)


def practitioner(item: Item, scene: RecordScene, child: str) -> Any:
    """Return the Practitioner who fills the post that is the item's PractitionerRole."""
    del child
    return _reference(f"urn:uuid:{scene.id_of(_PRACTITIONER, item)}")


def patient(item: Item, scene: RecordScene, child: str) -> Any:
    """Return the child to whom a person is first said to be related; else the first child.

    FHIR asks for somebody, so it says if the record names no child.
    """
    del child
    relation = _relation(item, scene)
    url = scene.url(("children",), relation["relatedTo"]) if relation else None
    return _reference(url or next(iter(scene.children), None)) or dict(_NOT_RECORDED)


def relation(item: Item, scene: RecordScene, child: str) -> Any:
    """How the person is related to that child, as a CodeableConcept."""
    del child
    known = _relation(item, scene)
    return concept("relationship-type", "relationship-type")(known["type"]) if known else None


def _relation(item: Item, scene: RecordScene) -> Mapping[str, Any] | None:
    person = item.value.get("id")
    for relationship in scene.record.get("relationships", ()):
        if relationship["person"] == person and scene.url(("children",), relationship["relatedTo"]):
            return dict(relationship)
    return None
