"""Variables of the mapping tables (``@subject``), and what references of one record resolve to.

A variable is what a table can name that is not a field of the item. It is a function that returns a
value of FHIR, or None if there is nothing to say, registered by :func:`variable`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from eh_interop.formats.fhir.compiled import CompiledTable
from eh_interop.formats.fhir.names import NOT_RECORDED, code_system, resource_id
from eh_interop.formats.fhir.tables import field_at
from eh_interop.formats.fhir.values import concept
from eh_interop.standard.fields import fields_of

Resource = dict[str, Any]

_PRACTITIONER: Final = "practitioner-practitioner"
_TEAM: Final = "team-careteam"
_MEMBERS: Final = {
    "practitioner": ("practitioners",),
    "person": ("children", "people"),
    "organisation": ("organisations",),
}
"""What a member of the team is named by, and the lists that hold it."""


@dataclass(frozen=True, slots=True)
class MappedItem:
    """One thing in the record that a table makes a resource of.

    ``around``: the objects that it stands in, the nearest first; the record is the last.
    """

    value: Mapping[str, Any]
    place: tuple[str | int, ...]
    around: tuple[Mapping[str, Any], ...] = ()


class ReferenceResolver:
    """The resources of one record by the items that they stand for, and who it is about."""

    def __init__(self, record: Mapping[str, Any], tables: tuple[CompiledTable, ...]) -> None:
        self.record = record
        self.key = str(record["recordId"])
        self._urls: dict[str, dict[str, str]] = {}
        self._items: dict[tuple[str, ...], list[MappedItem]] = {}
        self._without_id: dict[tuple[str | int, ...], str] = {}
        for table in tables:
            if table.table.main:
                self._name_items(table)
        self.form = f"urn:uuid:{self.own_id('form')}"
        self.children = list(self._urls.get("children", {}).values())
        self.subject = self._subject()

    def _name_items(self, table: CompiledTable) -> None:
        """Name the resource of every item that others can refer to."""
        for item in self.items(table.items):
            # The record, or an object that it has once, needs no id.
            once = not item.place or isinstance(item.place[-1], str)
            local_id = item.value.get("id", "" if once else None)
            url = f"urn:uuid:{self.id_of(table.table.key, item)}"
            if local_id is None:
                self._without_id[item.place] = url
            else:
                self._urls.setdefault(next(iter(table.items), ""), {}).setdefault(local_id, url)

    def items(self, path: tuple[str, ...]) -> list[MappedItem]:
        """Return every item of the record at a path in which ``*`` means each entry."""
        if path not in self._items:
            items = [MappedItem(self.record, ())]
            for part in "/".join(path).split("/*/") if path else ():
                items = [inner for item in items for inner in _inside(item, part.split("/"))]
            self._items[path] = items
        return self._items[path]

    def id_of(self, key: str, item: MappedItem, child: str = "") -> str:
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

    def main(self, item: MappedItem) -> str | None:
        """Return the URL of the main resource of an item; the record itself is one, too."""
        if not item.place:
            return self.url(("",), "")
        by_id = self.url((str(item.place[0]),), item.value.get("id", ""))
        return by_id or self._without_id.get(item.place)

    def local_id(self, lists: tuple[str, ...], reference: str) -> str | None:
        """Return the local id of what a reference leads to, if it is in one of these lists."""
        for name in lists:
            for local_id, url in self._urls.get(name, {}).items():
                if url == reference:
                    return local_id
        return None


def _inside(item: MappedItem, names: list[str]) -> Iterator[MappedItem]:
    value: Any = item.value
    for name in names:
        value = value.get(name)
        if value is None:
            return
    around = (item.value, *item.around)
    if isinstance(value, list):
        for number, entry in enumerate(value):
            yield MappedItem(entry, (*item.place, *names, number), around)
    else:
        yield MappedItem(value, (*item.place, *names), around)


@dataclass(frozen=True, slots=True)
class ProjectionContext:
    """Where the projection is: the item, the record around it, and the child if it is for one."""

    item: MappedItem
    resolver: ReferenceResolver
    child: str = ""


Variable = Callable[[ProjectionContext], Any]

VARIABLES: Final[dict[str, Variable]] = {}
"""Every variable by the name that tables use."""


def variable(name: str) -> Callable[[Variable], Variable]:
    """Register a function as a variable."""

    def register(function: Variable) -> Variable:
        VARIABLES[name] = function
        return function

    return register


def _reference(url: str | None) -> dict[str, str] | None:
    return {"reference": url} if url else None


@variable("@subject")
def _subject(at: ProjectionContext) -> Any:
    """Whom the record is about: the child, or the Group of the children."""
    return _reference(at.resolver.subject)


@variable("@child")
def _child(at: ProjectionContext) -> Any:
    """Return the child for whom this resource is made, where there is one for each child."""
    return _reference(at.child)


@variable("@form")
def _form(at: ProjectionContext) -> Any:
    """Return the QuestionnaireResponse that holds the whole record."""
    return _reference(at.resolver.form)


@variable("@item")
def _item(at: ProjectionContext) -> Any:
    """Return the main resource of the item itself, for a second table of the same item."""
    return _reference(at.resolver.main(at.item))


@variable("@around")
def _around(at: ProjectionContext) -> Any:
    """Return the main resource of what the item stands in."""
    nearest = at.item.around[0]
    place = () if nearest is at.resolver.record else _outer(at.item.place)
    return _reference(at.resolver.main(MappedItem(nearest, place)))


def _outer(place: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """Return the place of the list entry in which something stands that is at a place."""
    numbers = [at for at, step in enumerate(place[:-1]) if isinstance(step, int)]
    return place[: numbers[-1] + 1] if numbers else place


@variable("@field")
def _field(at: ProjectionContext) -> Any:
    """Return which field of the record the item stands in, as a CodeableConcept.

    It tells apart the resources of a table that serves several fields.
    """
    link = ".".join(step for step in at.item.place if isinstance(step, str))
    field = field_at(fields_of(str(at.resolver.record["recordType"])), link.split("."))
    if field is None:
        return None
    return {"coding": [{"system": code_system("field"), "code": link, "display": field.title}]}


@variable("@team")
def _team(at: ProjectionContext) -> Any:
    """Return the CareTeam of the record, if somebody is in it."""
    resolver, record = at.resolver, at.resolver.record
    members = [*record.get("leads", ()), record.get("lead", {}), *record.get("team", ())]
    named = any(
        resolver.url(lists, member.get(name, ""))
        for member in members
        for name, lists in _MEMBERS.items()
    )
    return (
        _reference(f"urn:uuid:{resolver.id_of(_TEAM, MappedItem(record, ()))}") if named else None
    )


@variable("@goals")
def _goals(at: ProjectionContext) -> Any:
    """Return the Goals of the record, each of which has a resource of its own."""
    return list(_members("goals", at.resolver)) or None


@variable("@actions")
def _actions(at: ProjectionContext) -> Any:
    """Return the Tasks of the record's actions, as the activities of a CarePlan."""
    names = ("actions", "outstandingActions")
    tasks = [task for name in names for task in _members(name, at.resolver)]
    return [{"reference": task} for task in tasks] or None


def _members(name: str, resolver: ReferenceResolver) -> Iterator[dict[str, str]]:
    """Yield a reference to every member of a list; to those of one id, which is a mistake, once."""
    members = resolver.record.get(name, ())
    urls = dict.fromkeys(resolver.url((name,), member.get("id", "")) for member in members)
    yield from ({"reference": url} for url in urls if url)


@variable("@author")
def _author(at: ProjectionContext) -> Any:
    """Return who wrote the record."""
    return author(at.resolver)


def author(resolver: ReferenceResolver) -> dict[str, str]:
    """Return who wrote a record; FHIR asks for somebody, so it says if that is not recorded."""
    url = resolver.url(("practitioners",), resolver.record.get("createdBy", ""))
    return _reference(url) or dict(NOT_RECORDED)


@variable("@practitioner")
def _practitioner(at: ProjectionContext) -> Any:
    """Return the Practitioner who fills the post that is the item's PractitionerRole."""
    return _reference(f"urn:uuid:{at.resolver.id_of(_PRACTITIONER, at.item)}")


@variable("@patient")
def _patient(at: ProjectionContext) -> Any:
    """Return the child to whom a person is first said to be related; else the first child.

    FHIR asks for somebody, so it says if the record names no child.
    """
    related = _relationship(at)
    url = at.resolver.url(("children",), related["relatedTo"]) if related else None
    return _reference(url or next(iter(at.resolver.children), None)) or dict(NOT_RECORDED)


@variable("@relation")
def _relation(at: ProjectionContext) -> Any:
    """How the person is related to that child, as a CodeableConcept."""
    related = _relationship(at)
    kind = related.get("type") if related else None
    return concept("relationship-type", "relationship-type")(kind) if kind else None


def _relationship(at: ProjectionContext) -> Mapping[str, Any] | None:
    person = at.item.value.get("id")
    for relationship in at.resolver.record.get("relationships", ()):
        # Either may be missing: a record whose shape is not sound is written as far as it goes.
        child = relationship.get("relatedTo")
        if child and relationship.get("person") == person and at.resolver.url(("children",), child):
            return dict(relationship)
    return None
